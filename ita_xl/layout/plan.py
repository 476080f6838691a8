"""From scores to action: issues, what is done about them, next year's measures, and how they went."""

from __future__ import annotations

from msgspec.structs import replace

from ita_xl.domain.rows import Owner
from ita_xl.layout.keys import OWN_KEYS, QUARTER_KEYS, ColumnKey, TextKey
from ita_xl.layout.parts import (
    MAX_QUESTIONS,
    Block,
    Column,
    Field,
    Sheet,
    back,
    chosen,
    fixed,
    folded,
    heading,
    offered,
    title,
    user,
    where,
    worded,
)
from ita_xl.layout.traits import Accepts, Choices, Emphasis, Kind, OwnOffices, Paint, PlanMonths, Role, Show

_ROWS = 3
"""Rows that a table which grows is drawn with."""

_OLD_ISSUES = 3 * MAX_QUESTIONS + 20


def _suggest(key: ColumnKey, *shows: TextKey, kind: Kind = Kind.LONG, accepts: Accepts | None = None) -> Column:
    return Column(key, kind, Owner.SUGGEST, accepts=accepts, shows=shows)


def _reported(key: ColumnKey, kind: Kind = Kind.LONG, accepts: Accepts | None = None) -> Column:
    return Column(key, kind, Owner.SUGGEST, accepts=accepts, reported=True)


ISSUES = Sheet(
    "issues",
    "ประเด็นที่ต้องแก้ไข",
    Show.RUN,
    (8, 28, 36, 46, 46, 50),
    fields=(
        title("F1"),
        Field("agency", "A2", until="F2"),
        back("H1"),
        where("H2"),
        worded("intro", "A4", "F4"),
    ),
    blocks=(
        Block(
            "issues",
            5,
            _ROWS,
            (
                Column("code", Kind.CODE),
                Column("indicator", Kind.LONG),
                Column("issue", Kind.LONG),
                _suggest("problem", "problem"),
                _suggest("in_place", "in_place"),
                _suggest("approach", "approach"),
            ),
            row_key="code",
            mark="issue",
            spare=1,
            older=_OLD_ISSUES,
        ),
    ),
    landscape=True,
    last_row=5 + _ROWS,
)

ACTIONS = Sheet(
    "actions",
    "แนวทางนำผลสู่การปฏิบัติ",
    Show.RUN,
    (9, 5, 8, 58, 76),
    fields=(
        title("E1"),
        Field("agency", "A2", until="E2"),
        back("G1"),
        where("G2"),
        worded("intro", "A4", "E4"),
    ),
    blocks=(
        Block(
            "actions",
            5,
            _ROWS,
            (
                Column("instrument", Kind.CODE),
                Column("no", Kind.COUNT),
                Column("code", Kind.CODE),
                _suggest("issue", "problem"),
                _suggest("action", "approach", "steps"),
            ),
            row_key="code",
            mark="instrument",
            spare=1,
            older=_OLD_ISSUES,
        ),
    ),
    last_row=5 + _ROWS,
)

_END = 6 + _ROWS

MEASURES = Sheet(
    "measures",
    "มาตรการปีถัดไป",
    Show.RUN,
    (8, 38, 14, 58, 28, 18, 42, 16, 34, 24, 34, *(12 for _ in "LMNOP")),
    fields=(
        title("G1"),
        Field("agency", "A2", until="G2"),
        back("M1"),
        where("M2"),
        worded("intro", "A4", "G4"),
        # Right of what is printed, where the sign stands that unfolds the columns.
        fixed("folded", "K5", "P5"),
        Field("sign", f"D{_END + 3}", Kind.CHOICE, until=f"E{_END + 3}", role=Role.SIGNATURE),
        Field("chief", f"D{_END + 4}", Kind.CHOICE, until=f"E{_END + 4}", role=Role.SIGNATURE),
        Field("chief_title", f"D{_END + 5}", Kind.CHOICE, until=f"E{_END + 5}", role=Role.SIGNATURE),
        heading("heading_routing", f"D{_END + 6}", f"F{_END + 6}"),
    ),
    blocks=(
        Block(
            "measures",
            6,
            _ROWS,
            (
                Column("no", Kind.CODE),
                _suggest("measure"),
                Column("codes", Kind.CODE),
                _suggest("method", "steps"),
                _suggest("responsible", "unit", accepts=OwnOffices()),
                _suggest("due", "due", kind=Kind.MONTH, accepts=PlanMonths()),
                _suggest("report", "report"),
                folded("budget", Kind.MONEY),
                folded("success"),
                folded("goal"),
                Column("key", Kind.CODE),
            ),
            row_key="key",
            mark="codes",
            spare=3,
            older=400,
            owned_by_people=True,
            emphasis=Emphasis.THEMES,
        ),
        Block(
            "routing",
            _END + 7,
            _ROWS,
            (Column("signatory"), Column("signature", free=True), Column("date", Kind.CHOICE, free=True)),
            first_column=4,
            older=10,
            above=1,
        ),
    ),
    landscape=True,
    last_row=_END + 7 + _ROWS,
    repeat=6,
)

_OLD_MEASURES = 60

TRACKING = Sheet(
    "tracking",
    "ติดตามรายไตรมาส",
    Show.RUN,
    (8, 44, 16, 32, 32, 32, 32, 28, 22),
    fields=(
        title("H1"),
        Field("agency", "A2", until="H2"),
        back("K1"),
        worded("intro", "A3", "H3"),
        Field("start_quarter", "C4", Kind.CHOICE, Owner.USER, label="B4", accepts=Choices("start_quarter")),
        # The run writes which quarters these are over the headings of the table.
        *(Field(key, f"{at}6", Kind.CODE) for key, at in zip(QUARTER_KEYS, "DEFG", strict=True)),
    ),
    blocks=(
        Block(
            "tracking",
            6,
            _ROWS,
            (
                Column("no", Kind.CODE),
                Column("measure", Kind.LONG),
                Column("codes", Kind.CODE),
                *(_reported(key) for key in QUARTER_KEYS),
                _reported("remark"),
                Column("key", Kind.CODE),
            ),
            row_key="key",
            mark="codes",
            spare=3,
            older=_OLD_MEASURES,
        ),
    ),
    landscape=True,
    last_row=6 + _ROWS,
)

_AFTER = 6 + _ROWS

RESULTS = Sheet(
    "results",
    "รายงานผลมาตรการ",
    Show.RUN,
    (8, 44, 16, 56, 18, 26, 58, 22),
    fields=(
        title("G1"),
        Field("agency", "A2", until="G2"),
        back("J1"),
        worded("intro", "A4", "G4"),
        heading("heading_last", f"A{_AFTER + 2}", f"G{_AFTER + 2}"),
        worded("last_sentence", f"A{_AFTER + 3}", f"G{_AFTER + 3}"),
    ),
    blocks=(
        Block(
            "results",
            6,
            _ROWS,
            (
                Column("no", Kind.CODE),
                Column("measure", Kind.LONG),
                Column("codes", Kind.CODE),
                _reported("result"),
                _reported("achieved", Kind.CHOICE, Choices("achieved")),
                _reported("evidence"),
                _reported("link"),
                Column("key", Kind.CODE),
            ),
            row_key="key",
            mark="codes",
            spare=3,
            older=_OLD_MEASURES,
        ),
        Block(
            "last",
            _AFTER + 4,
            _ROWS,
            (
                user("no", Kind.CODE),
                user("measure", Kind.LONG),
                user("codes", Kind.CODE),
                user("done", Kind.LONG),
                user("before", Kind.SCORE, Paint.THRESHOLD),
                Column("after", Kind.SCORE, paint=Paint.THRESHOLD),
                Column("worked", Kind.LONG),
                Column("key", Kind.CODE),
            ),
            row_key="key",
            mark="worked",
            older=_OLD_MEASURES,
        ),
    ),
    landscape=True,
    last_row=_AFTER + 4 + _ROWS,
)


def _own(key: ColumnKey) -> Column:
    """A column for the agency's own text."""
    if key == OWN_KEYS["unit"]:
        return offered(key, OwnOffices(), Kind.LONG)
    return offered(key, PlanMonths(), Kind.MONTH) if key == OWN_KEYS["due"] else user(key, Kind.LONG)


_LIBRARY = 110
"""More rows than the library has entries for a year."""

GUIDANCE = Sheet(
    "guidance",
    "คลังข้อความแนวทาง",
    Show.EXPERT,
    (8, 34, 30, 12, 44, 44, 44, 44, 50, 40, 24, 18, 44, 44, 44, 50, 40, 24, 18, 14),
    fields=(title("L1"), fixed("howto", "A2", "L2"), back("A3")),
    blocks=(
        Block(
            "guidance",
            5,
            _LIBRARY,
            (
                Column("code", Kind.CODE),
                Column("topic", Kind.LONG),
                Column("measure", Kind.LONG),
                chosen("wording", "wording"),
                *(Column(key, Kind.LONG) for key in ("problem", "in_place", "approach", "keep", "steps", "report")),
                Column("unit", Kind.LONG),
                Column("due", Kind.CHOICE),
                *(_own(key) for key in OWN_KEYS.values()),
                replace(user("same_as", Kind.CODE), optional=True),
            ),
            row_key="code",
            mark="topic",
            older=_OLD_ISSUES,
        ),
    ),
    landscape=True,
    last_row=5 + _LIBRARY,
)
"""Our texts and, beside them, the agency's own, which win."""
