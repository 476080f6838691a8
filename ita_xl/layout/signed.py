"""What was signed: who signed when, and a small copy of the figures and texts as they stood then."""

from __future__ import annotations

from ita_xl.layout.outputs import ANALYSIS, SUMMARY, YEARS
from ita_xl.layout.parts import Block, Column, Sheet, back, fixed, title
from ita_xl.layout.plan import ACTIONS, ISSUES, MEASURES
from ita_xl.layout.topics import TOPICS
from ita_xl.layout.traits import Kind, Show

_ROWS = 3

SIGNED = Sheet(
    "signed",
    "ฉบับลงนาม",
    Show.NEEDED,
    (30, 40, 110, 40, 40),
    fields=(title("D1"), fixed("howto", "A2", "D2"), back("F1")),
    blocks=(
        Block(
            "history",
            4,
            _ROWS,
            (
                Column("act"),
                Column("day"),
                Column("person", Kind.LONG),
                Column("reason", Kind.LONG),
                Column("key", Kind.CODE),
            ),
            row_key="key",
            older=_ROWS,
            hides=False,
        ),
        Block(
            "signed",
            9,
            _ROWS,
            (Column("sheet"), Column("part"), Column("text", Kind.LONG), Column("key", Kind.CODE)),
            row_key="key",
            older=_ROWS,
            hides=False,
        ),
    ),
    landscape=True,
    repeat=1,
    last_row=9 + _ROWS,
)
"""The key of a signature is a digest of what was signed."""

SIGNED_SHEETS = (SUMMARY, YEARS, ISSUES, *ANALYSIS.values(), ACTIONS, TOPICS, MEASURES)
"""What the signed document is made from. Follow-up and results are written after it was signed."""
