"""Sheets behind the scenes: the structure, the recheck by formulas, and what we suggested last time."""

from __future__ import annotations

from ita_xl.domain.rows import Owner
from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.layout.keys import AT_KEYS, LAYER_KEYS, MINIMUM_KEYS
from ita_xl.layout.parts import MAX_NODES, Block, Column, Field, Sheet, back, chosen, fixed, title, user
from ita_xl.layout.traits import FISCAL_YEARS, YES_NO, Emphasis, Kind, Paint, Show

_DRESSED = 120
"""The rows of the largest structure that ships, and some more."""

STRUCTURE = Sheet(
    "structure",
    "โครงสร้างตัวชี้วัด",
    Show.EXPERT,
    (10, 16, 62, 13, 11, 96, 12, 3, 26, 15, 12, 12, 12, 86, 12),
    fields=(
        title("G1"),
        fixed("howto", "A2", "G2"),
        back("A3"),
        Field("year", "C4", Kind.COUNT, Owner.USER, label="A4", accepts=FISCAL_YEARS),
        Field("status", "C5", until="G5", label="A5"),
        Field("confirmed", "C6", Kind.CHOICE, Owner.USER, label="A6", accepts=YES_NO),
    ),
    blocks=(
        Block(
            "nodes",
            8,
            MAX_NODES,
            (
                user("code", Kind.CODE),
                chosen("layer", "layer"),
                user("name", Kind.LONG),
                user("parent", Kind.CODE),
                user("weight", Kind.WEIGHT),
                user("source", Kind.LONG),
                user("verified"),
            ),
            row_key="code",
            spare=10,
            emphasis=Emphasis.MAIN,
        ),
        Block(
            "levels",
            8,
            12,
            (
                user("level", paint=Paint.LEVEL),
                user("min_total", Kind.SCORE),
                *(user(MINIMUM_KEYS[i], Kind.SCORE) for i in INSTRUMENTS),
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

_LAYERS = tuple(Column(key, Kind.SCORE) for key in LAYER_KEYS)
_HELPERS: tuple[Column, ...] = (
    Column("nth", Kind.COUNT),
    Column("upper", Kind.COUNT),
    Column("weights", Kind.WEIGHT),
    *(Column(key, Kind.COUNT) for key in AT_KEYS.values()),
    Column("at_stated", Kind.COUNT),
)

RECHECK = Sheet(
    "recheck",
    "ตรวจทานการคำนวณ",
    Show.EXPERT,
    (10, 62, 16, 11, 11, 15, 16, 16, *(13 for _ in _LAYERS), 20, 25, 34, 3, 26, 11, 3, 16, *(13 for _ in _HELPERS)),
    fields=(
        title("P1"),
        fixed("howto", "A2", "P2"),
        back("A3"),
        Field("verdict", "A4", until="P4"),
        Field("largest", "C5", Kind.EXACT, label="B5"),
        Field("one_sided", "C6", Kind.COUNT, label="B6"),
        Field("unreadable", "C7", Kind.COUNT, label="B7"),
    ),
    blocks=(
        Block(
            "nodes",
            8,
            MAX_NODES,
            (
                Column("code", Kind.CODE),
                Column("name"),
                Column("layer", Kind.CODE),
                Column("parent", Kind.CODE),
                Column("weight", Kind.WEIGHT),
                Column("children", Kind.COUNT),
                Column("typed"),
                Column("stated", Kind.SCORE),
                *_LAYERS,
            ),
            dressed=_DRESSED,
        ),
        Block(
            "program",
            8,
            MAX_NODES,
            (Column("program", Kind.EXACT),),
            first_column=14,
            hides=False,
            dressed=_DRESSED,
        ),
        Block(
            "check",
            8,
            MAX_NODES,
            (Column("difference", Kind.EXACT, paint=Paint.DIFFERENCE), Column("note", paint=Paint.REMARK)),
            15,
            hides=False,
            dressed=_DRESSED,
        ),
        Block("levels", 8, 12, (Column("level"), Column("reached", Kind.COUNT)), first_column=18, hides=False),
        Block(
            "holds", 8, MAX_NODES, (Column("hold", optional=True),), first_column=21, hides=False, dressed=_DRESSED
        ),
        Block("helpers", 8, MAX_NODES, _HELPERS, first_column=22, hides=False, aside=True, dressed=_DRESSED),
    ),
    landscape=True,
    last_row=8 + MAX_NODES,
)
"""All of it formulas, but for the column of the program's own results."""

FORM, FORM_NEEDS = 2, "0.2.0"
"""The form of the workbooks that this program makes, and the first version of it that knows the form. One without a
number is of form 1, that of 0.1.0. A form gets the next number when a program that does not know it could read
or write a wrong cell."""

MEMORY = Sheet(
    "memory",
    "_ita_xl",
    Show.NEVER,
    (14, 20, 20, 20, 24, 3, 70),
    fields=(
        Field("seal", "G1"),
        Field("suggested", "G2", Kind.COUNT),
        Field("edited", "G3", Kind.COUNT),
        Field("form", "G4", Kind.COUNT),
        Field("needs", "G5"),
        Field("differing", "G6"),
    ),
    blocks=(
        Block(
            "memory",
            1,
            1,
            (Column("sheet"), Column("block"), Column("row"), Column("column"), Column("mark", Kind.CODE)),
            hides=False,
        ),
    ),
)

PLAN_MONTHS = "$H$1:$S$1"
"""On the very hidden sheet: the months of the plan's fiscal year, as formulas. They follow the first sheet."""
