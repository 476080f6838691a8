"""What an agency asked its own people: points and answers per question, apart from all published figures."""

from __future__ import annotations

from collections.abc import Mapping

from ita_xl.layout.address import Area
from ita_xl.layout.keys import STEP_KEYS, SURVEY_SHEETS, ColumnKey
from ita_xl.layout.parts import (
    MAX_QUESTIONS,
    TOLD_YEAR_COLUMNS,
    Block,
    Column,
    Field,
    Sheet,
    back,
    fixed,
    heading,
    title,
)
from ita_xl.layout.traits import Kind, Show

STEP_FROM: Mapping[ColumnKey, int] = dict(zip(STEP_KEYS, (0, 20, 40, 60, 80, 100), strict=True))
"""The fewest points of an answer that is counted in a column. So every scale of the assessment has a column for
each of its answers, and the same column, and colour, means as good an answer on all of them."""

SURVEY_CHART = Area(6, 1, 30, 15)
"""The cells under the chart; nothing else stands there."""

_TABLE_AT = 32
_TEXTS_AT = _TABLE_AT + MAX_QUESTIONS + 4
_TEXT_ROWS = 3
_PUBLISHED = tuple(column for column in TOLD_YEAR_COLUMNS if column.key in ("y1", "y0"))
_TITLES = {"IIT": "ผลสำรวจ IIT", "EIT": "ผลสำรวจ EIT"}


def _survey(instrument: str) -> Sheet:
    return Sheet(
        SURVEY_SHEETS[instrument],
        _TITLES[instrument],
        Show.NEEDED,
        (8, 46, 10, 10, 14, 14, 14, 22, *(10 for _ in STEP_KEYS), 26),
        fields=(
            title("O1"),
            fixed("howto", "A2", "O2"),
            back("Q1"),
            Field("headline", "A4", until="O4"),
            heading("heading_comments", f"A{_TEXTS_AT - 2}", f"O{_TEXTS_AT - 2}"),
            Field("comments_sentence", f"A{_TEXTS_AT - 1}", until=f"O{_TEXTS_AT - 1}"),
        ),
        blocks=(
            Block(
                "survey",
                _TABLE_AT,
                MAX_QUESTIONS,
                (
                    Column("code", Kind.CODE),
                    Column("topic", Kind.LONG),
                    Column("people", Kind.COUNT),
                    Column("unanswered", Kind.COUNT),
                    Column("surveyed", Kind.SCORE),
                    *_PUBLISHED,
                    Column("scale"),
                    *(Column(key, Kind.COUNT) for key in STEP_KEYS),
                    Column("note", Kind.LONG),
                ),
            ),
            Block(
                "texts",
                _TEXTS_AT,
                _TEXT_ROWS,
                (Column("no", Kind.COUNT), Column("text", Kind.LONG)),
                older=_TEXT_ROWS,
            ),
        ),
        landscape=True,
        instrument=instrument,
        repeat=1,
        breaks=(_TABLE_AT - 1,),
        last_row=_TEXTS_AT + _TEXT_ROWS,
        shared="survey",
    )


SURVEYS = {instrument: _survey(instrument) for instrument in SURVEY_SHEETS}
"""By the instrument whose questions were asked."""
