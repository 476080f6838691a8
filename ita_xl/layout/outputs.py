"""Sheets that a run writes; their suggest columns may be edited."""

from __future__ import annotations

from collections.abc import Mapping

from ita_xl.domain.rows import Owner
from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.layout.address import Area
from ita_xl.layout.keys import ANALYSIS_SHEETS, BlockKey, ChartKey, ColumnKey, FieldKey
from ita_xl.layout.parts import (
    MAX_QUESTIONS,
    TOLD_YEAR_COLUMNS,
    Block,
    Column,
    Field,
    Sheet,
    back,
    heading,
    title,
    where,
    worded,
)
from ita_xl.layout.traits import Emphasis, Kind, Paint, Role, Show

MOST_FINDINGS = 300
"""Findings that are listed one by one; the last row says how many more there are."""

FINDINGS = Sheet(
    "findings",
    "รายการที่ต้องตรวจแก้",
    Show.START,
    (6, 14, 9, 24, 10, 10, 62, 62),
    fields=(title("H1"), Field("count", "A2", until="H2"), back("A3")),
    blocks=(
        Block(
            "findings",
            5,
            3,
            (
                Column("no", Kind.COUNT),
                Column("severity", Kind.CODE, paint=Paint.SEVERITY),
                Column("finding", Kind.CODE),
                Column("sheet"),
                Column("cell", Kind.LINK),
                Column("code", Kind.CODE),
                Column("message", Kind.LONG),
                Column("hint", Kind.LONG),
            ),
            older=MOST_FINDINGS,
        ),
    ),
    landscape=True,
    last_row=8,
)

_MAX_INDICATORS = 20

MOST_CAUSES = 12
"""Causes of a change that are named one by one. Below them stand, at rows of their own, the rest in one line,
what rounding leaves and the total; the chart plots the rows down to the rest, so far as they are shown."""
_RANKING_AT, _CAUSES_CHART_AT, _CAUSES_AT = 46, 103, 120


def _figure(key: FieldKey, column: str, kind: Kind = Kind.SCORE) -> Field:
    """A large figure of the summary, under its name."""
    return Field(key, f"{column}8", kind, label=f"{column}7", role=Role.FIGURE)


SUMMARY = Sheet(
    "summary",
    "สรุปผล",
    Show.RUN,
    (6, 13, 46, 14, 14, 14, 16, 18, 3, 20, 3, 60, 14, 14),
    fields=(
        title("H1"),
        Field("agency", "A2", until="H2"),
        back("J1"),
        worded("headline", "A4", "H4"),
        worded("meaning", "A5", "H5"),
        _figure("kpi_total", "C"),
        _figure("kpi_level", "D", Kind.TEXT),
        _figure("kpi_iit", "E"),
        _figure("kpi_eit", "F"),
        _figure("kpi_oit", "G"),
        _figure("kpi_change", "H", Kind.CHANGE),
        heading("heading_instruments", "A35", "H35"),
        heading("heading_ranking", f"A{_RANKING_AT}", f"H{_RANKING_AT}"),
        heading("heading_indicators", "A69", "H69"),
        heading("heading_changes", "A92", "H92"),
        heading("heading_causes", "A101", "H101"),
        worded("causes_sentence", "A102", "H102"),
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
                Column("score", Kind.SCORE, paint=Paint.THRESHOLD),
                Column("weight", Kind.WEIGHT),
                Column("weighted", Kind.SCORE),
            ),
            former=("computed", "source"),
            emphasis=Emphasis.MAIN,
        ),
        Block(
            "ranking",
            _RANKING_AT + 1,
            _MAX_INDICATORS,
            (
                Column("rank", Kind.COUNT),
                Column("code", Kind.CODE),
                Column("name"),
                Column("score", Kind.SCORE, paint=Paint.THRESHOLD),
            ),
            former=("computed", "source"),
            above=1,
            emphasis=Emphasis.MAIN,
        ),
        Block(
            "indicators",
            70,
            _MAX_INDICATORS,
            (
                Column("no", Kind.COUNT),
                Column("code", Kind.CODE),
                Column("name"),
                *TOLD_YEAR_COLUMNS,
                Column("change", Kind.CHANGE),
            ),
            above=1,
            emphasis=Emphasis.MAIN,
        ),
        Block(
            "changes",
            93,
            4,
            (
                Column("no", Kind.COUNT),
                Column("span", Kind.CODE),
                Column("explanation", Kind.LONG, Owner.SUGGEST),
                Column("from_total", Kind.SCORE),
                Column("to_total", Kind.SCORE),
                Column("change", Kind.CHANGE),
                Column("from_level", Kind.CODE, paint=Paint.LEVEL),
                Column("to_level", Kind.CODE, paint=Paint.LEVEL),
            ),
            row_key="span",
            mark="to_level",
            above=1,
            older=6,
        ),
        Block(
            "causes",
            _CAUSES_AT,
            MOST_CAUSES + 3,
            (
                Column("no", Kind.COUNT),
                Column("code", Kind.CODE),
                Column("name"),
                Column("before", Kind.SCORE, paint=Paint.THRESHOLD),
                Column("after", Kind.SCORE, paint=Paint.THRESHOLD),
                Column("change", Kind.CHANGE),
                Column("effect", Kind.CHANGE),
            ),
            above=_CAUSES_AT - _CAUSES_CHART_AT,
            emphasis=Emphasis.MAIN,
        ),
        Block(
            "bars",
            _CAUSES_AT,
            MOST_CAUSES + 1,
            (Column("bar"), Column("up", Kind.CHANGE), Column("down", Kind.CHANGE)),
            first_column=12,
            hides=False,
            aside=True,
        ),
    ),
    last_row=_CAUSES_AT + MOST_CAUSES + 3,
    breaks=(_RANKING_AT - 1, _CAUSES_CHART_AT - 3),
)
CHARTS: Mapping[ChartKey, Area] = {
    "ranking": Area(10, 1, 21, 8),
    "radar": Area(22, 1, 33, 3),
    "years": Area(22, 4, 33, 8),
    "causes": Area(_CAUSES_CHART_AT, 1, _CAUSES_AT - 2, 8),
}
"""The cells under each chart of the summary; nothing else stands there."""

YEARS = Sheet(
    "years",
    "เปรียบเทียบปี",
    Show.RUN,
    (6, 52, 13, 9, 12, 12, 12, 13, 13, 13, 46),
    fields=(
        title("K1"),
        Field("agency", "A2", until="K2"),
        back("M1"),
        Field("note", "A4", until="K4"),
    ),
    blocks=(
        Block(
            "years",
            5,
            3,
            (
                Column("code", Kind.CODE),
                Column("name"),
                Column("range", Kind.CODE),
                Column("items", Kind.COUNT),
                *TOLD_YEAR_COLUMNS,
                Column("change", Kind.CHANGE),
                Column("p1", Kind.POINTS, Owner.TOOL, -1),
                Column("p0", Kind.POINTS, Owner.TOOL, 0),
                Column("explanation", Kind.LONG, Owner.SUGGEST),
            ),
            row_key="code",
            mark="name",
            older=MAX_QUESTIONS,
            emphasis=Emphasis.MAIN,
        ),
    ),
    landscape=True,
    last_row=8,
)


def _list_columns(first: ColumnKey, last: ColumnKey) -> tuple[Column, ...]:
    return (
        Column(first, Kind.COUNT),
        Column("code", Kind.CODE),
        Column("question", Kind.LONG),
        Column("indicator"),
        *TOLD_YEAR_COLUMNS,
        Column("change", Kind.CHANGE),
        Column(last, Kind.LONG),
    )


def _issue_columns(first: ColumnKey, last: ColumnKey) -> tuple[Column, ...]:
    """As `_list_columns`, with what to do in the place of the indicator."""
    approach = Column("approach", Kind.LONG, Owner.SUGGEST, shows=("approach",))
    return tuple(approach if column.key == "indicator" else column for column in _list_columns(first, last))


_ROWS = 3
"""Rows that a table of an analysis is drawn with."""

_NEW_PAGES = {"IIT": (11,), "EIT": (18,), "OIT": ()}
"""After which rows a page ends: the questions fill one, or share it with the best of them, or fill more."""


def _analysis_sheet(instrument: str) -> Sheet:
    """Three tables of questions below each other; for OIT sub-indicators and missing items instead."""
    heads = [title("I1"), Field("agency", "A2", until="I2"), back("K1"), where("K2")]
    heads += [worded("intro", "A4", "I4"), heading("heading_all", "A6", "I6")]
    every = Block("all", 7, _ROWS, _list_columns("no", "status"), above=1, older=MAX_QUESTIONS)
    if instrument == "OIT":
        heads += [heading("heading_groups", "A12", "I12"), heading("heading_missing", "A18", "I18")]
        heads += [worded("missing_sentence", "A19", "I19")]
        groups = Block(
            "groups",
            13,
            _ROWS,
            (
                Column("no", Kind.COUNT),
                Column("code", Kind.CODE),
                Column("name"),
                Column("missing_codes", Kind.LONG),
                Column("items", Kind.COUNT),
                Column("complete", Kind.COUNT),
                Column("score", Kind.SCORE, paint=Paint.THRESHOLD),
            ),
            older=14,
        )
        missing = _issues_block("missing", 20, _issue_columns("no", "office"), "office", MAX_QUESTIONS)
        blocks, comments_at = (every, groups, missing), 25
    else:
        heads += [heading("heading_best", "A12", "I12"), worded("best_sentence", "A13", "I13")]
        heads += [heading("heading_urgent", "A19", "I19"), worded("urgent_sentence", "A20", "I20")]
        best = _issues_block("best", 14, _issue_columns("rank", "note"), "note", 20)
        urgent = _issues_block("urgent", 21, _issue_columns("rank", "note"), "note", MAX_QUESTIONS)
        blocks, comments_at = (every, best, urgent), 26
    heads += [heading("heading_comments", f"A{comments_at}", f"I{comments_at}")]
    heads += [worded("comments_sentence", f"A{comments_at + 1}", f"I{comments_at + 1}")]
    answers = _issues_block(
        "comments",
        comments_at + 2,
        (
            Column("no", Kind.COUNT),
            Column("code", Kind.CODE),
            Column("comment", Kind.LONG),
            Column("answer", Kind.LONG, Owner.SUGGEST, shows=("approach",)),
        ),
        "comment",
        40,
    )
    return Sheet(
        ANALYSIS_SHEETS[instrument],
        f"วิเคราะห์ {instrument}",
        Show.RUN,
        (6, 8, 42, 44, 9, 9, 9, 11, 16),
        fields=tuple(heads),
        blocks=(*blocks, answers),
        instrument=instrument,
        shared="analysis",
        last_row=comments_at + 2 + _ROWS,
        breaks=_NEW_PAGES[instrument],
    )


def _issues_block(
    key: BlockKey, header_row: int, columns: tuple[Column, ...], mark: ColumnKey, older: int
) -> Block:
    return Block(key, header_row, _ROWS, columns, row_key="code", mark=mark, older=older)


ANALYSIS = {instrument: _analysis_sheet(instrument) for instrument in INSTRUMENTS}
