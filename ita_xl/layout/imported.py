"""Where figures came from: what was imported, from which file and which place in it."""

from __future__ import annotations

from ita_xl.layout.parts import Block, Column, Sheet, back, fixed, title
from ita_xl.layout.traits import Kind, Show

_ROWS = 3

IMPORTED = Sheet(
    "imported",
    "ที่มาของคะแนน",
    Show.NEEDED,
    (14, 12, 14, 50, 50, 34, 22),
    fields=(title("F1"), fixed("howto", "A2", "F2"), back("H1")),
    blocks=(
        Block(
            "imported",
            4,
            _ROWS,
            (
                Column("code", Kind.CODE),
                Column("year", Kind.COUNT),
                Column("kind"),
                Column("text", Kind.LONG),
                Column("source", Kind.LONG),
                Column("place"),
                Column("day"),
            ),
            row_key="code",
            older=_ROWS,
            hides=False,
        ),
    ),
    landscape=True,
    repeat=1,
    last_row=4 + _ROWS,
)
