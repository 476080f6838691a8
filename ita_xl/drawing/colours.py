"""Lines and colours of tables. All of it conditional, so that a run need not paint.

Every rule draws the lines as well: LibreOffice applies only the first rule that holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from openpyxl.formatting.rule import Rule
from openpyxl.worksheet.worksheet import Worksheet

from ita_xl.data import say
from ita_xl.domain.answers import Status
from ita_xl.domain.tree import INSTRUMENTS, TOTAL
from ita_xl.drawing import looks
from ita_xl.drawing.formulas import TOLERANCE
from ita_xl.layout import INPUTS, OUTPUTS, Block, Column, Kind, Owner, Sheet, labels
from ita_xl.layout.traits import Emphasis, Paint

WEAK, LEVELS = "ITA_WeakBelow", "ITA_Levels"
"""Defined names that conditional formats use: they reach other sheets in every Excel since 2007."""


def colour(page: Worksheet, sheet: Sheet, block: Block) -> None:
    """The rules of one table, the most particular ones first."""

    def add(cells: str, rule: Rule) -> None:
        page.conditional_formatting.add(cells, rule)

    for column in block.columns:
        for rule in _painted(column, block.address(column.key, block.first_row)):
            add(block.range(column.key, absolute=False), rule)
    if block.emphasis is Emphasis.THEMES:
        for rule in _themes(block):
            add(block.cells, rule)
    if sheet in OUTPUTS:
        for column in (c for c in block.columns if c.owner is not Owner.TOOL or (c.free and c.accepts)):
            # Where a person may write is yellow, but only in rows that are in use: the rest is blank paper.
            add(block.range(column.key, absolute=False), looks.when(_filled(block), fill=looks.INPUT))
    if block.emphasis is Emphasis.MAIN:
        add(block.cells, _main(block, "" if sheet in INPUTS else looks.PALE_BLUE))
    add(block.cells, looks.when(_filled(block)))


def level_colours(cell: str) -> list[Rule]:
    """The level's grade: the best, the next two, the lower ones, the last."""
    place, last = f"MATCH({cell},{LEVELS},0)", f"COUNTA({LEVELS})"
    rules = (("best", "=1"), ("last", f"={last}"), ("good", "<=3"), ("low", ">3"))
    graded = [(looks.GRADES[grade], f"IFERROR({place}{rule},FALSE)") for grade, rule in rules]
    return [looks.when(formula, text=text, fill=fill) for (text, fill), formula in graded]


def _painted(column: Column, cell: str) -> list[Rule]:
    """A column's own rules. cell: its first one, relative, so that each cell asks for itself."""
    if column.kind is Kind.CHANGE:
        return _sign(cell)
    return _PAINTS[column.paint](cell) if column.paint else []


def _sign(cell: str) -> list[Rule]:
    return [
        looks.when(f"AND(ISNUMBER({cell}),{cell}<0)", text=looks.RED),
        looks.when(f"AND(ISNUMBER({cell}),{cell}>0)", text=looks.GREEN),
    ]


def _threshold(cell: str) -> list[Rule]:
    weak, full = (f"AND(ISNUMBER({cell}),ROUND({cell},2){limit})" for limit in (f"<{WEAK}", ">=100"))
    return [
        looks.when(weak, text=looks.RED, fill=looks.PALE_RED),
        looks.when(full, text=looks.GREEN, fill=looks.PALE_GREEN),
    ]


def _difference(cell: str) -> list[Rule]:
    return [looks.when(f"ABS(N({cell}))>{TOLERANCE}", text=looks.RED, fill=looks.PALE_RED)]


def _remark(cell: str) -> list[Rule]:
    return [looks.when(f"LEN({cell})>0", text=looks.AMBER, fill=looks.PALE_AMBER)]


def _severity(cell: str) -> list[Rule]:
    grave = (
        ("error", looks.RED, looks.PALE_RED),
        ("warning", looks.AMBER, looks.PALE_AMBER),
        ("note", looks.BLUE, looks.PALE_BLUE),
    )
    return [looks.when(f'{cell}="{say(f"severities.{name}")}"', text=text, fill=fill) for name, text, fill in grave]


def _late(cell: str) -> list[Rule]:
    return [looks.when(f"N({cell})>0", text=looks.RED, fill=looks.PALE_RED)]


def _status(cell: str) -> list[Rule]:
    words = dict(zip(Status, labels.choice_list("step_status"), strict=True))
    shades = (
        (Status.DONE, looks.GREEN, looks.PALE_GREEN),
        (Status.DOING, looks.NAVY, looks.PALE_BLUE),
        (Status.UNABLE, looks.RED, looks.PALE_RED),
    )
    return [looks.when(f'{cell}="{words[status]}"', text=text, fill=fill) for status, text, fill in shades]


_PAINTS: Mapping[Paint, Callable[[str], list[Rule]]] = {
    Paint.THRESHOLD: _threshold,
    Paint.DIFFERENCE: _difference,
    Paint.REMARK: _remark,
    Paint.SEVERITY: _severity,
    Paint.LEVEL: level_colours,
    Paint.LATE: _late,
    Paint.STATUS: _status,
}


def _themes(block: Block) -> Iterator[Rule]:
    """Themes are numbered 1, their measures 1.2 and steps (3)."""
    number = f"${block.address('no', block.first_row)}"
    theme = f'AND(LEN({number})>0,ISERROR(FIND(".",{number})),ISERROR(FIND("(",{number})))'
    yield looks.when(theme, bold=True, fill=looks.PALE_BLUE)
    yield looks.when(f'ISNUMBER(FIND(".",{number}))', bold=True)


def _main(block: Block, fill: str) -> Rule:
    code = f"${block.address('code', block.first_row)}"
    main = ",".join(f'{code}="{shown}"' for shown in (*INSTRUMENTS, labels.shown_code(TOTAL)))
    return looks.when(f"OR({main})", bold=True, fill=fill)


def _filled(block: Block) -> str:
    """Whether a row holds anything."""
    first, last = (f"${at}{block.first_row}" for at in block.letters)
    return f"SUMPRODUCT(--(LEN({first}:{last})>0))>0"
