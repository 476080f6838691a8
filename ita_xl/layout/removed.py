"""What we proposed and a person took out, to be brought back."""

from __future__ import annotations

from ita_xl.layout.parts import Block, Column, Sheet, back, chosen, fixed, title
from ita_xl.layout.traits import Kind, Show

_ROWS = 3

REMOVED = Sheet(
    "removed",
    "ข้อเสนอที่นำออก",
    Show.NEEDED,
    (30, 110, 16, 40),
    fields=(title("C1"), fixed("howto", "A2", "C2"), back("E1")),
    blocks=(
        Block(
            "removed",
            4,
            _ROWS,
            (
                Column("sheet"),
                Column("proposal", Kind.LONG),
                chosen("bring_back", "bring_back"),
                Column("key", Kind.CODE),
            ),
            row_key="key",
            mark="proposal",
            older=_ROWS,
        ),
    ),
    landscape=True,
    last_row=4 + _ROWS,
)
