"""Sheets that the clerk fills in."""

from __future__ import annotations

from dataclasses import replace

from ita_xl.domain.rows import Owner
from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.layout.keys import HOLD_KEYS, POINT_KEYS, SCORE_SHEETS, FieldKey
from ita_xl.layout.parts import (
    MAX_QUESTIONS,
    YEAR_COLUMNS,
    Block,
    Column,
    Field,
    Sheet,
    back,
    chosen,
    fixed,
    heading,
    title,
    user,
)
from ita_xl.layout.traits import (
    COUNTS,
    FISCAL_YEARS,
    SCORE_LIMITS,
    YES_NO,
    Choices,
    Emphasis,
    Kind,
    Limits,
    Role,
    Show,
)


def _asked(
    row: int, key: FieldKey, kind: Kind = Kind.TEXT, accepts: Choices | Limits | None = None, at: str = "AB"
) -> Field:
    """What an agency says of itself, right of the words that ask for it. at: the columns of both."""
    return Field(key, f"{at[1]}{row}", kind, Owner.USER, label=f"{at[0]}{row}", accepts=accepts)


HOME = Sheet(
    "home",
    "หน้าแรก",
    Show.START,
    (30, 46, 3, 38, 30),
    fields=(
        title("E1"),
        fixed("subtitle", "A2", "E2"),
        Field("draft", "A3", until="E3", role=Role.WARNING),
        heading("steps", "A4", "E4"),
        fixed("step1", "A5", "E5"),
        fixed("step2", "A6", "E6"),
        fixed("step3", "A7", "E7"),
        heading("about", "A9", "B9"),
        heading("live", "D9", "E9"),
        _asked(10, "agency"),
        _asked(11, "agency_type", Kind.CHOICE, Choices("agency_type", only=False)),
        _asked(12, "district"),
        _asked(13, "province"),
        _asked(14, "year", Kind.COUNT, FISCAL_YEARS),
        _asked(15, "chief_name"),
        _asked(16, "chief_title"),
        _asked(17, "chief_acting", Kind.CHOICE, Choices("chief_acting")),
        _asked(18, "mail_to"),
        _asked(19, "mail_cc"),
        _asked(20, "mail_reply"),
        _asked(21, "thai_digits", Kind.CHOICE, YES_NO),
        Field("live_total", "E10", Kind.SCORE, label="D10"),
        Field("live_level", "E11", label="D11"),
        Field("live_iit", "E12", Kind.SCORE, label="D12"),
        Field("live_eit", "E13", Kind.SCORE, label="D13"),
        Field("live_oit", "E14", Kind.SCORE, label="D14"),
        Field("live_missing", "E15", Kind.COUNT, label="D15"),
        heading("options", "D17", "E17"),
        _asked(18, "weak_below", Kind.SCORE, SCORE_LIMITS, "DE"),
        _asked(19, "urgent_ranks", Kind.COUNT, COUNTS, "DE"),
        _asked(20, "best_count", Kind.COUNT, COUNTS, "DE"),
        _asked(21, "lowest_if_none_weak", Kind.CHOICE, YES_NO, "DE"),
        _asked(22, "fell_by", Kind.SCORE, SCORE_LIMITS, "DE"),
    ),
    blocks=(
        Block("offices", 24, 10, (user("office"), user("head")), hides=False),
        Block("routing", 24, 10, (user("position"), user("person")), first_column=4, hides=False),
    ),
    last_row=60,
    one_page=True,
)
INDEX_ROW = 37
"""Where the list of sheets begins on the first sheet."""

_LEVEL_ROW = 7
"""The row of stated figures that holds the published level: a word among numbers."""

STATED = Sheet(
    "stated",
    "คะแนนที่ประกาศ",
    Show.START,
    (10, 46, 13, 13, 13, 15, 15, 15, 11, 17, 17, 17),
    fields=(title("L1"), fixed("howto", "A2", "L2"), back("A3")),
    blocks=(
        Block(
            "stated",
            5,
            MAX_QUESTIONS,
            (
                user("code", Kind.CODE),
                user("name"),
                *YEAR_COLUMNS,
                *(Column(key, Kind.POINTS, Owner.USER, year) for key, year in POINT_KEYS.items()),
                user("items", Kind.COUNT),
                *(replace(chosen(key, "hold"), year=year, optional=True) for key, year in HOLD_KEYS.items()),
            ),
            row_key="code",
            worded=_LEVEL_ROW,
            emphasis=Emphasis.MAIN,
        ),
    ),
    landscape=True,
    last_row=65,
)


def _score_sheet(instrument: str) -> Sheet:
    extra = (user("office"), user("link")) if instrument == "OIT" else ()
    return Sheet(
        SCORE_SHEETS[instrument],
        f"คะแนน {instrument}",
        Show.START,
        (9, 52, 40, 12, 12, 12, 12, 18, 34, *((24, 34) if extra else ())),
        fields=(title("I1"), fixed("howto", "A2", "I2"), back("A3")),
        blocks=(
            Block(
                "scores",
                5,
                MAX_QUESTIONS,
                (
                    user("code", Kind.CODE),
                    user("topic", Kind.LONG),
                    user("question", Kind.LONG),
                    user("indicator", Kind.CODE),
                    *YEAR_COLUMNS,
                    chosen("raise", "raise"),
                    user("reason", Kind.LONG),
                    *extra,
                ),
                row_key="code",
                least=15,
            ),
        ),
        landscape=True,
        instrument=instrument,
        last_row=65,
        shared="scores",
    )


SCORES = {instrument: _score_sheet(instrument) for instrument in INSTRUMENTS}

COMMENTS = Sheet(
    "comments",
    "ข้อเสนอแนะ ป.ป.ช.",
    Show.START,
    (12, 110),
    fields=(title("B1"), fixed("howto", "A2", "B2"), back("A3")),
    blocks=(
        Block("comments", 5, 40, (user("code", Kind.CODE), user("comment", Kind.LONG)), row_key="code", spare=15),
    ),
    landscape=True,
    last_row=45,
)
