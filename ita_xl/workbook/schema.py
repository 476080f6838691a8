"""Where everything stands in the workbook. The only place with addresses: reader, writer and drawer use it.

A sheet has fields (single cells) and blocks (tables). A block's unused rows are hidden, so one layout
serves an agency with 15 questions and one with 60.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from ita_xl.domain.tree import INSTRUMENTS

MAX_QUESTIONS = 60
MAX_NODES = 260


class Owner(StrEnum):
    """Who writes a column or field: the tool on every run, the tool as a suggestion, or only the user."""

    TOOL = "tool"
    SUGGEST = "suggest"
    USER = "user"


class Show(Enum):
    """When a sheet is visible."""

    START = "from the start"
    RUN = "from the first run"
    EXPERT = "hidden until somebody wants it"
    NEVER = "very hidden"


class Kind(StrEnum):
    """What a cell holds; the drawer gives each kind its look."""

    TEXT = "text"
    LONG = "long text"
    CODE = "code"
    SCORE = "score"
    COUNT = "count"
    POINTS = "points"
    CHANGE = "change"
    WEIGHT = "weight"
    CHOICE = "choice"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a block. heading: key of its text; year: offset from the fiscal year, for headings."""

    key: str
    kind: Kind = Kind.TEXT
    owner: Owner = Owner.TOOL
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A table: a heading row, then rows for as many entries as it can take."""

    key: str
    header_row: int
    capacity: int
    columns: tuple[Column, ...]
    first_column: int = 1
    row_key: str = ""
    spare: int = 0
    hides: bool = True

    @property
    def first_row(self) -> int:
        return self.header_row + 1

    @property
    def last_row(self) -> int:
        return self.header_row + self.capacity

    def column_number(self, key: str) -> int:
        return self.first_column + [c.key for c in self.columns].index(key)

    def letter(self, key: str) -> str:
        return letter(self.column_number(key))

    def address(self, key: str, row: int) -> str:
        return f"{self.letter(key)}{row}"

    def range(self, key: str, *, absolute: bool = True) -> str:
        """The column's data cells, e.g. $G$6:$G$65."""
        mark = "$" if absolute else ""
        at = self.letter(key)
        return f"{mark}{at}{mark}{self.first_row}:{mark}{at}{mark}{self.last_row}"

    def owned(self, owner: Owner) -> Iterator[Column]:
        return (column for column in self.columns if column.owner is owner)


@dataclass(frozen=True, slots=True)
class Field:
    """A single cell; `until` makes it a merged stretch, for a title, a heading or a sentence."""

    key: str
    cell: str
    kind: Kind = Kind.TEXT
    owner: Owner = Owner.TOOL
    until: str = ""

    @property
    def sentence(self) -> bool:
        """Whether it holds running text, whose row is as high as the text needs."""
        return bool(self.until) and self.key != "title" and not self.heading

    @property
    def heading(self) -> bool:
        return bool(self.until) and self.key.startswith(("heading", "steps", "about", "live", "options"))

    @property
    def row(self) -> int:
        return int(re.sub(r"\D", "", self.cell))

    @property
    def column(self) -> int:
        return number(re.sub(r"\d", "", self.cell))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of ours. widths: column widths in characters, from column A on. last_row and breaks: where
    the printed area ends, and after which rows a new page begins."""

    key: str
    title: str
    show: Show
    widths: tuple[float, ...]
    fields: tuple[Field, ...] = ()
    blocks: tuple[Block, ...] = ()
    landscape: bool = False
    instrument: str = ""
    last_row: int = 0
    breaks: tuple[int, ...] = ()

    def block(self, key: str) -> Block:
        return next(block for block in self.blocks if block.key == key)

    def field(self, key: str) -> Field:
        return next(field for field in self.fields if field.key == key)

    def width_of(self, field: Field) -> float:
        """The width of a field with its merged neighbours, in characters."""
        last = number(re.sub(r"\d", "", field.until or field.cell))
        return sum(self.widths[field.column - 1 : last])

    def ref(self, cell: str) -> str:
        """A cell or range as formulas elsewhere name it."""
        return f"'{self.title}'!{cell}"


def letter(column: int) -> str:
    """1 -> A, 27 -> AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def number(letters: str) -> int:
    """A -> 1, AA -> 27."""
    value = 0
    for one in letters.upper():
        value = value * 26 + ord(one) - 64
    return value


_YEARS = tuple(Column(f"y{back}", Kind.SCORE, Owner.USER, -back) for back in (2, 1, 0))
_TOLD_YEARS = tuple(replace(column, owner=Owner.TOOL) for column in _YEARS)


def _user(key: str, kind: Kind = Kind.TEXT) -> Column:
    return Column(key, kind, Owner.USER)


HOME = Sheet(
    "home",
    "หน้าแรก",
    Show.START,
    (30, 46, 3, 38, 30),
    fields=(
        Field("title", "A1", until="E1"),
        Field("subtitle", "A2", until="E2"),
        Field("steps", "A4", until="E4"),
        Field("step1", "A5", until="E5"),
        Field("step2", "A6", until="E6"),
        Field("step3", "A7", until="E7"),
        Field("about", "A9", until="B9"),
        Field("live", "D9", until="E9"),
        *(
            Field(key, f"B{row}", kind, Owner.USER)
            for row, (key, kind) in enumerate(
                (
                    ("agency", Kind.TEXT),
                    ("agency_type", Kind.CHOICE),
                    ("district", Kind.TEXT),
                    ("province", Kind.TEXT),
                    ("year", Kind.COUNT),
                    ("chief_name", Kind.TEXT),
                    ("chief_title", Kind.TEXT),
                    ("chief_acting", Kind.CHOICE),
                    ("mail_to", Kind.TEXT),
                    ("mail_cc", Kind.TEXT),
                    ("mail_reply", Kind.TEXT),
                ),
                10,
            )
        ),
        Field("live_total", "E10", Kind.SCORE),
        Field("live_level", "E11"),
        Field("live_iit", "E12", Kind.SCORE),
        Field("live_eit", "E13", Kind.SCORE),
        Field("live_oit", "E14", Kind.SCORE),
        Field("live_missing", "E15", Kind.COUNT),
        Field("options", "D17", until="E17"),
        Field("weak_below", "E18", Kind.SCORE, Owner.USER),
        Field("urgent_ranks", "E19", Kind.COUNT, Owner.USER),
        Field("best_count", "E20", Kind.COUNT, Owner.USER),
        Field("lowest_if_none_weak", "E21", Kind.CHOICE, Owner.USER),
    ),
    blocks=(
        Block("offices", 23, 10, (_user("office"), _user("head")), hides=False),
        Block("routing", 23, 10, (_user("position"), _user("person")), first_column=4, hides=False),
    ),
    landscape=True,
    last_row=60,
)
INDEX_ROW = 36
"""Where the list of sheets begins on the first sheet."""

STATED = Sheet(
    "stated",
    "คะแนนที่ประกาศ",
    Show.START,
    (10, 46, 13, 13, 13, 15, 15, 15, 11),
    fields=(Field("title", "A1", until="I1"), Field("howto", "A2", until="I2"), Field("back", "A3")),
    blocks=(
        Block(
            "stated",
            5,
            MAX_QUESTIONS,
            (
                _user("code", Kind.CODE),
                _user("name"),
                *_YEARS,
                *(Column(f"p{back}", Kind.POINTS, Owner.USER, -back) for back in (2, 1, 0)),
                _user("items", Kind.COUNT),
            ),
            row_key="code",
        ),
    ),
    landscape=True,
    last_row=65,
)


def _score_sheet(instrument: str) -> Sheet:
    extra = (_user("office"), _user("link")) if instrument == "OIT" else ()
    return Sheet(
        f"scores_{instrument.lower()}",
        f"คะแนน {instrument}",
        Show.START,
        (9, 52, 40, 12, 12, 12, 12, 18, 34, *((24, 34) if extra else ())),
        fields=(Field("title", "A1", until="I1"), Field("howto", "A2", until="I2"), Field("back", "A3")),
        blocks=(
            Block(
                "scores",
                5,
                MAX_QUESTIONS,
                (
                    _user("code", Kind.CODE),
                    _user("topic", Kind.LONG),
                    _user("question", Kind.LONG),
                    _user("indicator", Kind.CODE),
                    *_YEARS,
                    _user("raise", Kind.CHOICE),
                    _user("reason", Kind.LONG),
                    *extra,
                ),
                row_key="code",
            ),
        ),
        landscape=True,
        instrument=instrument,
        last_row=65,
    )


SCORES = {instrument: _score_sheet(instrument) for instrument in INSTRUMENTS}

COMMENTS = Sheet(
    "comments",
    "ข้อเสนอแนะ ป.ป.ช.",
    Show.START,
    (12, 110),
    fields=(Field("title", "A1", until="B1"), Field("howto", "A2", until="B2"), Field("back", "A3")),
    blocks=(
        Block("comments", 5, 40, (_user("code", Kind.CODE), _user("comment", Kind.LONG)), row_key="code", spare=15),
    ),
    landscape=True,
    last_row=45,
)

FINDINGS = Sheet(
    "findings",
    "รายการที่ต้องตรวจแก้",
    Show.START,
    (6, 14, 9, 24, 10, 10, 62, 62),
    fields=(Field("title", "A1", until="H1"), Field("count", "A2", until="H2"), Field("back", "A3")),
    blocks=(
        Block(
            "findings",
            5,
            300,
            (
                Column("no", Kind.COUNT),
                Column("severity", Kind.CODE),
                Column("finding", Kind.CODE),
                Column("sheet"),
                Column("cell", Kind.LINK),
                Column("code", Kind.CODE),
                Column("message", Kind.LONG),
                Column("hint", Kind.LONG),
            ),
        ),
    ),
    landscape=True,
    last_row=305,
)

_MAX_INDICATORS = 20

SUMMARY = Sheet(
    "summary",
    "สรุปผล",
    Show.RUN,
    (6, 13, 46, 14, 14, 14, 16, 18),
    fields=(
        Field("title", "A1", until="H1"),
        Field("agency", "A2", until="H2"),
        Field("back", "J1"),
        Field("headline", "A4", until="H4"),
        Field("meaning", "A5", until="H5"),
        *(
            Field(key, f"{at}8", kind)
            for at, key, kind in (
                ("C", "kpi_total", Kind.SCORE),
                ("D", "kpi_level", Kind.TEXT),
                ("E", "kpi_iit", Kind.SCORE),
                ("F", "kpi_eit", Kind.SCORE),
                ("G", "kpi_oit", Kind.SCORE),
                ("H", "kpi_change", Kind.CHANGE),
            )
        ),
        Field("heading_instruments", "A35", until="H35"),
        Field("heading_ranking", "A46", until="H46"),
        Field("heading_indicators", "A69", until="H69"),
        Field("heading_changes", "A92", until="H92"),
        Field("heading_causes", "A101", until="H101"),
        Field("causes_sentence", "A102", until="H102"),
    ),
    blocks=(
        Block(
            "instruments",
            36,
            8,
            (
                Column("no", Kind.COUNT),
                Column("code", Kind.CODE),
                Column("name"),
                Column("score", Kind.SCORE),
                Column("weight", Kind.WEIGHT),
                Column("weighted", Kind.SCORE),
                Column("computed", Kind.SCORE),
                Column("source", Kind.CODE),
            ),
        ),
        Block(
            "ranking",
            47,
            _MAX_INDICATORS,
            (
                Column("rank", Kind.COUNT),
                Column("code", Kind.CODE),
                Column("name"),
                Column("score", Kind.SCORE),
                Column("computed", Kind.SCORE),
                Column("source", Kind.CODE),
            ),
        ),
        Block(
            "indicators",
            70,
            _MAX_INDICATORS,
            (
                Column("no", Kind.COUNT),
                Column("code", Kind.CODE),
                Column("name"),
                *_TOLD_YEARS,
                Column("change", Kind.CHANGE),
            ),
        ),
        Block(
            "changes",
            93,
            6,
            (
                Column("no", Kind.COUNT),
                Column("span", Kind.CODE),
                Column("explanation", Kind.LONG, Owner.SUGGEST),
                Column("from_total", Kind.SCORE),
                Column("to_total", Kind.SCORE),
                Column("change", Kind.CHANGE),
                Column("from_level", Kind.CODE),
                Column("to_level", Kind.CODE),
            ),
            row_key="span",
        ),
        Block(
            "causes",
            103,
            16,
            (
                Column("no", Kind.COUNT),
                Column("code", Kind.CODE),
                Column("name"),
                Column("before", Kind.SCORE),
                Column("after", Kind.SCORE),
                Column("change", Kind.CHANGE),
                Column("effect", Kind.CHANGE),
            ),
        ),
    ),
    last_row=119,
    breaks=(68,),
)
CHART_BANDS = ((10, 21), (22, 33))
"""First and last rows of the two bands of charts on the summary; nothing else stands there."""

YEARS = Sheet(
    "years",
    "เปรียบเทียบปี",
    Show.RUN,
    (6, 52, 13, 9, 12, 12, 12, 13, 13, 13, 46),
    fields=(
        Field("title", "A1", until="K1"),
        Field("agency", "A2", until="K2"),
        Field("back", "M1"),
        Field("note", "A4", until="K4"),
    ),
    blocks=(
        Block(
            "years",
            5,
            MAX_QUESTIONS,
            (
                Column("code", Kind.CODE),
                Column("name"),
                Column("range", Kind.CODE),
                Column("items", Kind.COUNT),
                *_TOLD_YEARS,
                Column("change", Kind.CHANGE),
                Column("p1", Kind.POINTS, Owner.TOOL, -1),
                Column("p0", Kind.POINTS, Owner.TOOL, 0),
                Column("explanation", Kind.LONG, Owner.SUGGEST),
            ),
            row_key="code",
        ),
    ),
    landscape=True,
    last_row=65,
)


def _list_columns(first: str, last: str) -> tuple[Column, ...]:
    return (
        Column(first, Kind.COUNT),
        Column("code", Kind.CODE),
        Column("question", Kind.LONG),
        Column("indicator"),
        *_TOLD_YEARS,
        Column("change", Kind.CHANGE),
        Column(last, Kind.LONG),
    )


def _analysis_sheet(instrument: str) -> Sheet:
    """Three tables of questions below each other; for OIT sub-indicators and missing items instead."""
    heads = [Field("title", "A1", until="I1"), Field("agency", "A2", until="I2"), Field("back", "K1")]
    heads += [Field("intro", "A4", until="I4"), Field("heading_all", "A6", until="I6")]
    every = Block("all", 7, MAX_QUESTIONS, _list_columns("no", "status"))
    if instrument == "OIT":
        heads += [Field("heading_groups", "A69", until="I69"), Field("heading_missing", "A85", until="I85")]
        heads += [Field("missing_sentence", "A86", until="I86")]
        groups = Block(
            "groups",
            70,
            14,
            (
                Column("no", Kind.COUNT),
                Column("code", Kind.CODE),
                Column("name"),
                Column("missing_codes", Kind.LONG),
                Column("items", Kind.COUNT),
                Column("complete", Kind.COUNT),
                Column("score", Kind.SCORE),
            ),
        )
        missing = Block("missing", 87, MAX_QUESTIONS, _list_columns("no", "office"))
        blocks, last = (every, groups, missing), 147
    else:
        heads += [Field("heading_best", "A69", until="I69"), Field("best_sentence", "A70", until="I70")]
        heads += [Field("heading_urgent", "A94", until="I94")]
        heads += [Field("urgent_sentence", "A95", until="I95")]
        best = Block("best", 71, 20, _list_columns("rank", "note"))
        urgent = Block("urgent", 96, MAX_QUESTIONS, _list_columns("rank", "note"))
        blocks, last = (every, best, urgent), 156
    return Sheet(
        f"analysis_{instrument.lower()}",
        f"วิเคราะห์ {instrument}",
        Show.RUN,
        (8, 10, 60, 42, 12, 12, 12, 13, 26),
        fields=tuple(heads),
        blocks=blocks,
        landscape=True,
        instrument=instrument,
        last_row=last,
        breaks=() if instrument == "EIT" else (68,),
    )


ANALYSIS = {instrument: _analysis_sheet(instrument) for instrument in INSTRUMENTS}

STRUCTURE = Sheet(
    "structure",
    "โครงสร้างตัวชี้วัด",
    Show.EXPERT,
    (10, 16, 62, 13, 11, 96, 12, 3, 26, 15, 12, 12, 12, 60, 12),
    fields=(
        Field("title", "A1", until="G1"),
        Field("howto", "A2", until="G2"),
        Field("back", "A3"),
        Field("year", "C4", Kind.COUNT, Owner.USER),
        Field("status", "C5", until="G5"),
        Field("confirmed", "C6", Kind.CHOICE, Owner.USER),
    ),
    blocks=(
        Block(
            "nodes",
            8,
            MAX_NODES,
            (
                _user("code", Kind.CODE),
                _user("layer", Kind.CHOICE),
                _user("name", Kind.LONG),
                _user("parent", Kind.CODE),
                _user("weight", Kind.WEIGHT),
                _user("source", Kind.LONG),
                _user("verified"),
            ),
            row_key="code",
            spare=10,
        ),
        Block(
            "levels",
            8,
            12,
            (
                _user("level"),
                _user("min_total", Kind.SCORE),
                *(_user(f"min_{i.lower()}", Kind.SCORE) for i in INSTRUMENTS),
                _user("source", Kind.LONG),
                _user("verified"),
            ),
            first_column=9,
            row_key="level",
            hides=False,
        ),
    ),
    landscape=True,
    last_row=8 + MAX_NODES,
)

RECHECK = Sheet(
    "recheck",
    "ตรวจทานการคำนวณ",
    Show.EXPERT,
    (10, 60, 13, 11, 12, 13, 13, 13, 13, 13, 13, 3, 26, 11),
    fields=(Field("title", "A1", until="I1"), Field("howto", "A2", until="I2"), Field("back", "A3")),
    blocks=(
        Block(
            "nodes",
            8,
            MAX_NODES,
            (
                Column("code", Kind.CODE),
                Column("name"),
                Column("parent", Kind.CODE),
                Column("weight", Kind.WEIGHT),
                Column("children", Kind.COUNT),
                Column("stated", Kind.SCORE),
                *(Column(f"layer{n}", Kind.SCORE) for n in range(1, 6)),
            ),
        ),
        Block("levels", 8, 12, (Column("level"), Column("reached", Kind.COUNT)), first_column=13, hides=False),
    ),
    landscape=True,
    last_row=8 + MAX_NODES,
)

MEMORY = Sheet(
    "memory",
    "_ita_xl",
    Show.NEVER,
    (14, 20, 20, 20, 80),
    blocks=(
        Block(
            "memory",
            1,
            400,
            (Column("sheet"), Column("block"), Column("row"), Column("column"), Column("text", Kind.LONG)),
            hides=False,
        ),
    ),
)

SHEETS = (
    HOME,
    STATED,
    *SCORES.values(),
    COMMENTS,
    FINDINGS,
    SUMMARY,
    YEARS,
    *ANALYSIS.values(),
    STRUCTURE,
    RECHECK,
    MEMORY,
)
INPUTS = (HOME, STATED, *SCORES.values(), COMMENTS, STRUCTURE)
OUTPUTS = (SUMMARY, YEARS, *ANALYSIS.values(), FINDINGS)
