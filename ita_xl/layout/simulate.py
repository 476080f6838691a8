"""What each score is worth, and what the total would be with others."""

from __future__ import annotations

from ita_xl.layout.parts import MAX_NODES, Block, Column, Field, Kind, Sheet, Show, user

_CASES = 5
_LEAVES = 5 + _CASES + 4

SIMULATION = Sheet(
    "simulation",
    "จำลองคะแนน",
    Show.EXPERT,
    (9, 80, 13, 21, 21, 10, 19, 17),
    fields=(
        Field("title", "A1", until="H1"),
        Field("agency", "A2", until="H2"),
        Field("back", "J1"),
        Field("heading_cases", "A4", until="H4"),
        Field("heading_leaves", f"A{_LEAVES - 2}", until=f"H{_LEAVES - 2}"),
        Field("howto", f"A{_LEAVES - 1}", until=f"H{_LEAVES - 1}"),
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
                Column("level", Kind.CODE),
            ),
        ),
        Block(
            "leaves",
            _LEAVES,
            MAX_NODES,
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
        ),
    ),
    landscape=True,
    last_row=_LEAVES + MAX_NODES,
    repeat=_LEAVES,
)
