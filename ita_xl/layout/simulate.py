"""What each score is worth, and what the total would be with others."""

from __future__ import annotations

from ita_xl.layout.parts import MAX_NODES, Block, Column, Field, Sheet, back, fixed, heading, title, user
from ita_xl.layout.traits import Kind, Paint, Show

_CASES = 5
_LEAVES = 5 + _CASES + 4

SIMULATION = Sheet(
    "simulation",
    "จำลองคะแนน",
    Show.EXPERT,
    (9, 56, 10, 14, 14, 9, 12, 12),
    fields=(
        title("H1"),
        Field("agency", "A2", until="H2"),
        back("J1"),
        heading("heading_cases", "A4", "H4"),
        heading("heading_leaves", f"A{_LEAVES - 2}", f"H{_LEAVES - 2}"),
        fixed("howto", f"A{_LEAVES - 1}", f"H{_LEAVES - 1}"),
    ),
    blocks=(
        Block(
            "cases",
            5,
            _CASES,
            (
                Column("no", Kind.COUNT),
                Column("case", Kind.LONG),
                Column("total", Kind.SCORE),
                Column("change", Kind.CHANGE),
                Column("level", Kind.CODE, paint=Paint.LEVEL),
            ),
        ),
        Block(
            "leaves",
            _LEAVES,
            3,
            (
                Column("code", Kind.CODE),
                Column("name", Kind.LONG),
                Column("score", Kind.SCORE),
                Column("worth", Kind.WORTH),
                Column("left", Kind.SCORE),
                Column("rank", Kind.COUNT),
                user("target", Kind.SCORE),
                Column("effect", Kind.CHANGE),
            ),
            row_key="code",
            mark="name",
            older=MAX_NODES,
        ),
    ),
    last_row=_LEAVES + 3,
    repeat=_LEAVES,
)
