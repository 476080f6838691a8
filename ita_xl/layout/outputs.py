"""Sheets that a run writes; their suggest columns may be edited."""

from __future__ import annotations

from collections.abc import Mapping

from ita_xl.domain.rows import Owner
from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.layout.address import Area
from ita_xl.layout.keys import ANALYSIS_SHEETS, ChartKey, ColumnKey
from ita_xl.layout.parts import (
    MAX_QUESTIONS,
    TOLD_YEAR_COLUMNS,
    Block,
    Column,
    Field,
    Kind,
    Sheet,
    Show,
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

MOST_CAUSES = 12
"""Causes of a change that are named one by one. Below them stand, at rows of their own, the rest in one line,
what rounding leaves and the total; the chart plots the rows down to the rest, so far as they are shown."""
_CAUSES_CHART_AT, _CAUSES_AT = 103, 120

SUMMARY = Sheet(
    "summary",
    "สรุปผล",
    Show.RUN,
    (6, 13, 46, 14, 14, 14, 16, 18, 3, 20, 3, 60, 14, 14),
    fields=(
        Field("title", "A1", until="H1"),
        Field("agency", "A2", until="H2"),
        Field("back", "J1"),
        Field("headline", "A4", until="H4"),
        Field("meaning", "A5", until="H5"),
        Field("kpi_total", "C8", Kind.SCORE, label="C7"),
        Field("kpi_level", "D8", label="D7"),
        Field("kpi_iit", "E8", Kind.SCORE, label="E7"),
        Field("kpi_eit", "F8", Kind.SCORE, label="F7"),
        Field("kpi_oit", "G8", Kind.SCORE, label="G7"),
        Field("kpi_change", "H8", Kind.CHANGE, label="H7"),
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
                *TOLD_YEAR_COLUMNS,
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
            mark="to_level",
        ),
        Block(
            "causes",
            _CAUSES_AT,
            MOST_CAUSES + 3,
            (
                Column("no", Kind.COUNT),
                Column("code", Kind.CODE),
                Column("name"),
                Column("before", Kind.SCORE),
                Column("after", Kind.SCORE),
                Column("change", Kind.CHANGE),
                Column("effect", Kind.CHANGE),
            ),
            above=_CAUSES_AT - _CAUSES_CHART_AT,
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
    breaks=(68,),
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
                *TOLD_YEAR_COLUMNS,
                Column("change", Kind.CHANGE),
                Column("p1", Kind.POINTS, Owner.TOOL, -1),
                Column("p0", Kind.POINTS, Owner.TOOL, 0),
                Column("explanation", Kind.LONG, Owner.SUGGEST),
            ),
            row_key="code",
            mark="name",
        ),
    ),
    landscape=True,
    last_row=65,
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
    approach = Column("approach", Kind.LONG, Owner.SUGGEST)
    return tuple(approach if column.key == "indicator" else column for column in _list_columns(first, last))


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
        missing = Block("missing", 87, MAX_QUESTIONS, _issue_columns("no", "office"), row_key="code", mark="office")
        blocks, comments_at = (every, groups, missing), 150
    else:
        heads += [Field("heading_best", "A69", until="I69"), Field("best_sentence", "A70", until="I70")]
        heads += [Field("heading_urgent", "A94", until="I94")]
        heads += [Field("urgent_sentence", "A95", until="I95")]
        best = Block("best", 71, 20, _issue_columns("rank", "note"), row_key="code", mark="note")
        urgent = Block("urgent", 96, MAX_QUESTIONS, _issue_columns("rank", "note"), row_key="code", mark="note")
        blocks, comments_at = (every, best, urgent), 159
    heads += [Field("heading_comments", f"A{comments_at}", until=f"I{comments_at}")]
    heads += [Field("comments_sentence", f"A{comments_at + 1}", until=f"I{comments_at + 1}")]
    answers = Block(
        "comments",
        comments_at + 2,
        40,
        (
            Column("no", Kind.COUNT),
            Column("code", Kind.CODE),
            Column("comment", Kind.LONG),
            Column("answer", Kind.LONG, Owner.SUGGEST),
        ),
        row_key="code",
        mark="comment",
    )
    return Sheet(
        ANALYSIS_SHEETS[instrument],
        f"วิเคราะห์ {instrument}",
        Show.RUN,
        (8, 10, 56, 58, 12, 12, 12, 13, 26),
        fields=tuple(heads),
        blocks=(*blocks, answers),
        landscape=True,
        instrument=instrument,
        last_row=comments_at + 42,
        breaks=() if instrument == "EIT" else (68,),
    )


ANALYSIS = {instrument: _analysis_sheet(instrument) for instrument in INSTRUMENTS}
