"""Sheets behind the scenes: the structure, the recheck by formulas, and what we suggested last time."""

from __future__ import annotations

from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.workbook.schema.parts import (
    MAX_NODES,
    Block,
    Column,
    Field,
    Kind,
    Owner,
    Sheet,
    Show,
    user,
)

STRUCTURE = Sheet(
    "structure",
    "โครงสร้างตัวชี้วัด",
    Show.EXPERT,
    (10, 16, 62, 13, 11, 96, 12, 3, 26, 15, 12, 12, 12, 60, 12),
    fields=(
        Field("title", "A1", until="G1"),
        Field("howto", "A2", until="G2"),
        Field("back", "A3"),
        Field("year", "C4", Kind.COUNT, Owner.USER, label="A4"),
        Field("status", "C5", until="G5", label="A5"),
        Field("confirmed", "C6", Kind.CHOICE, Owner.USER, label="A6"),
    ),
    blocks=(
        Block(
            "nodes",
            8,
            MAX_NODES,
            (
                user("code", Kind.CODE),
                user("layer", Kind.CHOICE),
                user("name", Kind.LONG),
                user("parent", Kind.CODE),
                user("weight", Kind.WEIGHT),
                user("source", Kind.LONG),
                user("verified"),
            ),
            row_key="code",
            spare=10,
        ),
        Block(
            "levels",
            8,
            12,
            (
                user("level"),
                user("min_total", Kind.SCORE),
                *(user(f"min_{i.lower()}", Kind.SCORE) for i in INSTRUMENTS),
                user("source", Kind.LONG),
                user("verified"),
            ),
            first_column=9,
            row_key="level",
            hides=False,
        ),
    ),
    landscape=True,
    last_row=8 + MAX_NODES,
)

RECHECK = Sheet(
    "recheck",
    "ตรวจทานการคำนวณ",
    Show.EXPERT,
    (10, 60, 13, 11, 12, 13, 13, 13, 13, 13, 13, 3, 26, 11),
    fields=(Field("title", "A1", until="I1"), Field("howto", "A2", until="I2"), Field("back", "A3")),
    blocks=(
        Block(
            "nodes",
            8,
            MAX_NODES,
            (
                Column("code", Kind.CODE),
                Column("name"),
                Column("parent", Kind.CODE),
                Column("weight", Kind.WEIGHT),
                Column("children", Kind.COUNT),
                Column("stated", Kind.SCORE),
                *(Column(f"layer{n}", Kind.SCORE) for n in range(1, 6)),
            ),
        ),
        Block("levels", 8, 12, (Column("level"), Column("reached", Kind.COUNT)), first_column=13, hides=False),
    ),
    landscape=True,
    last_row=8 + MAX_NODES,
)

MEMORY = Sheet(
    "memory",
    "_ita_xl",
    Show.NEVER,
    (14, 20, 20, 20, 24, 3, 70),
    fields=(Field("seal", "G1"),),
    blocks=(
        Block(
            "memory",
            1,
            400,
            (Column("sheet"), Column("block"), Column("row"), Column("column"), Column("mark", Kind.CODE)),
            hides=False,
        ),
    ),
)
