"""The topics that an analysis has to speak of, each with the figures, issues and measures that belong to it."""

from __future__ import annotations

from ita_xl.domain.rows import Owner
from ita_xl.layout.parts import Block, Column, Field, Sheet, back, title, worded
from ita_xl.layout.traits import Kind, Show

_ROWS = 3

TOPICS = Sheet(
    "topics",
    "วิเคราะห์ 7 ประเด็น",
    Show.NEEDED,
    (6, 40, 20, 26, 40, 46, 46, 30),
    fields=(title("H1"), Field("agency", "A2", until="H2"), back("J1"), worded("intro", "A4", "H4")),
    blocks=(
        Block(
            "topics",
            6,
            _ROWS,
            (
                Column("no", Kind.COUNT),
                Column("topic", Kind.LONG, Owner.SUGGEST),
                Column("codes", Kind.LONG, Owner.SUGGEST),
                Column("range", Kind.LONG),
                Column("text", Kind.LONG),
                Column("issue", Kind.LONG),
                Column("measure", Kind.LONG),
                Column("note", Kind.LONG),
                Column("key", Kind.CODE),
            ),
            row_key="key",
            mark="note",
            older=_ROWS,
        ),
    ),
    landscape=True,
    last_row=6 + _ROWS,
)
