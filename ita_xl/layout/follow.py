"""Through the year: what the offices answered, how every step stands, and the form that they fill in."""

from __future__ import annotations

from msgspec.structs import replace

from ita_xl.domain.answers import QUARTERS
from ita_xl.domain.rows import Owner
from ita_xl.layout.parts import Block, Column, Field, Sheet, back, chosen, fixed, heading, title, user, worded
from ita_xl.layout.traits import PERCENT, Choices, Kind, Paint, Role, Show

_ROWS = 3
_MEASURES = 6 + _ROWS + 3
_STEPS = _MEASURES + _ROWS + 3
"""The headings of the second table and the third."""

_COUNTED = (
    Column("steps", Kind.COUNT),
    Column("steps_due", Kind.COUNT),
    Column("steps_done", Kind.COUNT),
    Column("unheard", Kind.COUNT),
    Column("overdue", Kind.COUNT, paint=Paint.LATE),
    Column("days_late", Kind.COUNT, paint=Paint.LATE),
)

FOLLOW = Sheet(
    "follow",
    "ความก้าวหน้ารายหน่วยงาน",
    Show.NEEDED,
    (10, 58, 30, 18, 20, 11, 14, 18, 16, 24),
    fields=(
        title("I1"),
        Field("agency", "A2", until="I2"),
        back("K1"),
        worded("intro", "A3", "I3"),
        Field("as_of", "D4", Kind.CHOICE, Owner.USER, label="C4"),
        heading("heading_offices", "A5", "I5"),
        heading("heading_measures", f"A{_MEASURES - 1}", f"I{_MEASURES - 1}"),
        heading("heading_steps", f"A{_STEPS - 1}", f"I{_STEPS - 1}"),
    ),
    blocks=(
        Block(
            "by_office",
            6,
            _ROWS,
            (Column("office", Kind.LONG), *_COUNTED),
            first_column=2,
            row_key="office",
            older=_ROWS,
        ),
        Block(
            "by_measure",
            _MEASURES,
            _ROWS,
            (Column("measure", Kind.LONG), *_COUNTED),
            first_column=2,
            row_key="measure",
            older=_ROWS,
        ),
        Block(
            "by_step",
            _STEPS,
            _ROWS,
            (
                Column("no", Kind.CODE),
                Column("method", Kind.LONG),
                Column("office", Kind.LONG),
                Column("due", Kind.CHOICE),
                Column("status", Kind.CHOICE, paint=Paint.STATUS),
                Column("percent", Kind.COUNT),
                Column("days_late", Kind.COUNT, paint=Paint.LATE),
                Column("quarter", Kind.CHOICE),
                Column("day", Kind.CHOICE),
                Column("key", Kind.CODE),
            ),
            row_key="key",
            older=_ROWS,
        ),
    ),
    landscape=True,
    last_row=_STEPS + _ROWS,
    breaks=(_STEPS - 2,),
    repeat=_STEPS,
)
"""As of the day that stands on it: a run on another day says the same."""

_ANSWERED = (
    Column("status", Kind.CHOICE),
    Column("percent", Kind.COUNT),
    Column("done", Kind.LONG),
    Column("obstacle", Kind.LONG),
    Column("link", Kind.LONG),
    Column("person", Kind.LONG),
    Column("day", Kind.CHOICE),
)
_ABOUT = (Column("no", Kind.CODE), Column("method", Kind.LONG))

ANSWERS = Sheet(
    "answers",
    "คำตอบจากหน่วยงาน",
    Show.NEEDED,
    (10, 48, 26, 9, 20, 10, 48, 34, 34, 22, 16, 30, 12, 14, 10, 10, 24),
    fields=(title("N1"), fixed("howto", "A2", "N2"), back("R1")),
    blocks=(
        Block(
            "answers",
            4,
            _ROWS,
            (
                *(
                    replace(column, free=True)
                    for column in (
                        *_ABOUT,
                        Column("office", Kind.LONG),
                        Column("quarter", Kind.COUNT),
                        *_ANSWERED,
                        Column("file", Kind.LONG),
                        Column("use", Kind.CHOICE, accepts=Choices("use")),
                    )
                ),
                Column("state", Kind.CHOICE),
                *(
                    replace(column, free=True)
                    for column in (Column("form", Kind.CODE), Column("counter", Kind.COUNT))
                ),
                Column("key", Kind.CODE, free=True),
            ),
            row_key="key",
            older=_ROWS,
            hides=False,
            journal=True,
        ),
    ),
    landscape=True,
    repeat=4,
    last_row=4 + _ROWS,
)
"""A journal: answers come in at its end and never go. A run writes what each counts for, and nothing else."""

FORM_SHEET = Sheet(
    "form",
    "ไตรมาสที่",
    Show.START,
    (9, 28, 38, 14, 28, 16, 9, 38, 26, 26, 18, 14, 24),
    fields=(
        title("L1"),
        Field("agency", "A2", until="L2"),
        Field("quarter", "A3", until="L3", role=Role.HEADING),
        Field("form_office", "B4", until="E4", label="A4"),
        Field("counter", "H4", Kind.CHOICE, Owner.USER, label="G4"),
        Field("return_to", "B5", until="L5", label="A5"),
        fixed("howto", "A6", "L6"),
    ),
    blocks=(
        Block(
            "form",
            7,
            _ROWS,
            (
                Column("no", Kind.CODE),
                Column("measure", Kind.LONG),
                Column("method", Kind.LONG),
                Column("due", Kind.CHOICE),
                Column("report", Kind.LONG),
                chosen("status", "step_status"),
                replace(user("percent", Kind.COUNT), accepts=PERCENT),
                user("done", Kind.LONG),
                user("obstacle", Kind.LONG),
                user("link", Kind.LONG),
                user("person", Kind.LONG),
                user("day", Kind.CHOICE),
                Column("key", Kind.CODE),
            ),
            row_key="key",
            older=_ROWS,
        ),
    ),
    landscape=True,
    repeat=7,
    last_row=7 + _ROWS,
)
"""A quarter's sheet of the form for an office, which is a workbook of its own; all four are drawn alike."""

FORM_SHEETS = tuple(replace(FORM_SHEET, title=f"{FORM_SHEET.title} {quarter}") for quarter in QUARTERS)

FORM_MARKS = "_ita_form"
"""The very hidden sheet of a form: whose it is, and what stood in its cells when it was handed out."""
