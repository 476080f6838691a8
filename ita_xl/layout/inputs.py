"""Sheets that the clerk fills in."""

from __future__ import annotations

from msgspec.structs import replace

from ita_xl.domain.rows import Owner
from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.layout.keys import HOLD_KEYS, POINT_KEYS, SCORE_SHEETS
from ita_xl.layout.parts import (
    MAX_QUESTIONS,
    YEAR_COLUMNS,
    Block,
    Column,
    Sheet,
    back,
    chosen,
    fixed,
    offered,
    title,
    user,
)
from ita_xl.layout.traits import (
    Emphasis,
    Kind,
    OwnOffices,
    Show,
)

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
    extra = (offered("office", OwnOffices()), user("link")) if instrument == "OIT" else ()
    return Sheet(
        SCORE_SHEETS[instrument],
        f"คะแนน {instrument}",
        Show.START,
        (9, 46, 28, 9, 10, 10, 10, 15, 24, *((24, 34) if extra else ())),
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
        landscape=bool(extra),
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
