"""Drawing what every sheet has: widths, titles, sentences, tables, drop-downs, colours, print set-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from openpyxl.styles import Font
from openpyxl.styles.styleable import StyleableObject
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ita_xl.data import say
from ita_xl.drawing import looks
from ita_xl.drawing.colours import LEVELS, WEAK, colour
from ita_xl.layout import (
    GUIDANCE,
    HOME,
    INPUTS,
    MEMORY,
    OUTPUTS,
    STRUCTURE,
    Block,
    Column,
    Field,
    Kind,
    Owner,
    Sheet,
    Show,
    labels,
)
from ita_xl.layout.address import letter
from ita_xl.layout.expert import PLAN_MONTHS
from ita_xl.layout.heights import LINE_HEIGHT
from ita_xl.layout.traits import Accepts, Choices, Limits, Offered, OwnOffices, PlanMonths, Role

_STATES: Mapping[Show, Literal["visible", "hidden", "veryHidden"]] = {
    Show.START: "visible",
    Show.RUN: "hidden",
    Show.EXPERT: "hidden",
    Show.NEEDED: "hidden",
    Show.NEVER: "veryHidden",
}


def draw_names(book: Workbook) -> None:
    levels = STRUCTURE.block("levels")
    cell = HOME.field("weak_below").cell
    for name, where in (
        (WEAK, HOME.ref(f"${cell[0]}${cell[1:]}")),
        (LEVELS, STRUCTURE.ref(levels.range("level"))),
    ):
        book.defined_names[name] = DefinedName(name, attr_text=where)


def draw_sheet(book: Workbook, sheet: Sheet) -> Worksheet:
    """A new sheet with everything that follows from its schema."""
    page: Worksheet = book.create_sheet(sheet.title)
    page.sheet_format.defaultRowHeight = LINE_HEIGHT
    page.sheet_view.showGridLines = False
    for column, width in enumerate(sheet.widths, 1):
        page.column_dimensions[letter(column)].width = width
    for field in sheet.fields:
        _draw_field(page, sheet, field)
    for block in sheet.blocks:
        _draw_block(page, sheet, block)
        colour(page, sheet, block)
        _fold(page, block)
    if sheet.show is not Show.NEVER:
        if not sheet.one_page:
            _freeze(page, sheet)
        _print_setup(page, sheet)
    kind = "input" if sheet in INPUTS else "output"
    page.sheet_properties.tabColor = looks.TABS["expert" if sheet.show is Show.EXPERT else kind]
    page.sheet_state = _STATES[sheet.show]
    return page


def link_to(page: Worksheet, cell: str, sheet: Sheet) -> None:
    """Make a cell a link to another sheet of this workbook."""
    page[cell].hyperlink = Hyperlink(ref=cell, location=sheet.ref("A1"))
    page[cell].font = looks.font(colour=looks.BLUE, underline=True)


def draw_labels(page: Worksheet, sheet: Sheet) -> None:
    """The words beside the fields of a sheet that a person fills in."""
    for field in (field for field in sheet.fields if field.label):
        label = page[field.label]
        label.value = say(f"{sheet.key}.labels.{field.key}")
        label.font = looks.font(bold=True)


def _draw_field(page: Worksheet, sheet: Sheet, field: Field) -> None:
    if field.until:
        page.merge_cells(f"{field.cell}:{field.until}")
    match field.role:
        case Role.TITLE:
            _draw_words(page, field, looks.font(22, bold=True, colour=looks.NAVY), 34)
        case Role.HEADING:
            close = sheet in OUTPUTS and any(other.row == field.row - 1 for other in sheet.fields)
            _draw_words(page, field, looks.font(18, bold=True, colour=looks.NAVY), 48 if close else 30)
        case Role.WARNING:
            _draw_words(page, field, looks.font(bold=True, colour=looks.RED), 2 * LINE_HEIGHT)
            page[field.cell].alignment = looks.SENTENCE
        case Role.BACK:
            page[field.cell].value = say("looks.back")
            link_to(page, field.cell, HOME)
        case Role.WHERE:
            page[field.cell].value = say("looks.where", sheet=GUIDANCE.title)
            page[field.cell].font = looks.font(colour=looks.NAVY)
        case _ if field.owner is Owner.USER:
            _draw_input(page, field)
        case _:
            _draw_output(page, field)


def _draw_words(page: Worksheet, field: Field, font: Font, height: float) -> None:
    page[field.cell].font = font
    page.row_dimensions[field.row].height = height


def _draw_input(page: Worksheet, field: Field) -> None:
    cell = page[field.cell]
    cell.font = looks.font()
    cell.fill = looks.solid(looks.INPUT)
    cell.border = looks.box()
    cell.number_format = looks.FORMATS[field.kind]
    cell.alignment = looks.ENTRY
    _validate(page, field.accepts, [field.cell])


def _draw_output(page: Worksheet, field: Field) -> None:
    cell = page[field.cell]
    cell.font = looks.font()
    cell.number_format = looks.FORMATS[field.kind]
    cell.alignment = looks.alignment(field.kind)
    if field.until:
        cell.alignment = looks.CENTRE if field.kind is Kind.CHOICE else looks.SENTENCE


def _draw_block(page: Worksheet, sheet: Sheet, block: Block) -> None:
    page.row_dimensions[block.header_row].height = LINE_HEIGHT * 2
    for column in block.columns:
        _draw_heading(page.cell(block.header_row, block.column_number(column.key)))
        filled_in = column.owner is Owner.USER and sheet not in OUTPUTS
        for row in block.dressed_rows:
            cell = page.cell(row, block.column_number(column.key))
            cell.font = looks.font()
            cell.number_format = looks.FORMATS[column.kind]
            cell.alignment = looks.alignment(column.kind)
            if filled_in:
                cell.fill = looks.solid(looks.INPUT)
        _validate(page, column.accepts, _validated(block, column))


def _fold(page: Worksheet, block: Block) -> None:
    """Fold away what only some agencies need: the sign that unfolds it stands over the column after it."""
    folded = [n for n, column in zip(block.numbers, block.columns, strict=True) if column.folded]
    for number in folded:
        column = page.column_dimensions[letter(number)]
        column.outlineLevel, column.hidden = 1, True
    if folded:
        page.column_dimensions[letter(folded[-1] + 1)].collapsed = True


def _draw_heading(head: StyleableObject) -> None:
    head.font = looks.font(bold=True, colour=looks.WHITE)
    head.fill = looks.solid(looks.NAVY)
    head.alignment = looks.HEADING
    head.border = looks.box(looks.WHITE)


def _validated(block: Block, column: Column) -> list[str]:
    """The cells of a column that its rule is for: no year's figure is a number where figures are words, but a
    choice is one in every row."""
    whole = block.range(column.key, absolute=False)
    if not block.worded or column.year is None or isinstance(column.accepts, Choices):
        return [whole]
    last = whole.partition(":")[2]
    return [block.address(column.key, block.worded - 1), f"{block.address(column.key, block.worded + 1)}:{last}"]


def _validate(page: Worksheet, accepts: Accepts | None, cells: Iterable[str]) -> None:
    """Help while typing. It can be pasted over, so the check on every run decides."""
    match accepts:
        case None:
            return
        case Offered():
            rule = _listing(f'"{",".join(labels.choice_list(accepts.list))}"')
        case OwnOffices():
            rule = _listing(HOME.ref(HOME.block("offices").range("office")))
        case PlanMonths():
            rule = _listing(MEMORY.ref(PLAN_MONTHS))
        case Choices():
            rule = _refusing(_drop_down(accepts), "choice")
        case Limits():
            rule = _refusing(_between(accepts), accepts.message)
    page.add_data_validation(rule)
    for area in cells:
        rule.add(area)


def _refusing(rule: DataValidation, message: str) -> DataValidation:
    """The rule with what is said of anything else."""
    rule.showErrorMessage = True
    rule.errorTitle, rule.error = say(f"looks.{message}_title"), say(f"looks.{message}_message")
    return rule


def _listing(source: str) -> DataValidation:
    """A list that refuses nothing. source: its entries, or the cells that hold them."""
    return DataValidation("list", formula1=source, allow_blank=True, errorStyle="stop", showErrorMessage=False)


def _drop_down(choices: Choices) -> DataValidation:
    offered = ",".join(labels.choice_list(choices.list))
    style: Literal["stop", "information"] = "stop" if choices.only else "information"
    return DataValidation("list", formula1=f'"{offered}"', allow_blank=True, errorStyle=style)


def _between(limits: Limits) -> DataValidation:
    low, high = str(limits.low), str(limits.high)
    kind: Literal["whole", "decimal"] = "whole" if limits.whole else "decimal"
    return DataValidation(kind, operator="between", formula1=low, formula2=high, allow_blank=True)


def _freeze(page: Worksheet, sheet: Sheet) -> None:
    """A single table keeps its heading in view; a sheet of several keeps its title."""
    tables = [block for block in sheet.blocks if block.hides]
    page.freeze_panes = f"B{tables[0].first_row}" if len(tables) == 1 else "A4"


def _print_setup(page: Worksheet, sheet: Sheet) -> None:
    page.page_setup.paperSize = 9  # A4
    page.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, int(sheet.one_page)
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.5
    page.page_margins.top, page.page_margins.bottom = 0.6, 0.7
    assert page.oddFooter is not None and page.oddFooter.center is not None
    page.oddFooter.center.text = say("looks.page")
    page.oddFooter.center.font = f"{looks.FONT},Regular"
    page.oddFooter.center.size = 14
    # Unused rows are hidden and hidden rows do not print, so the area always ends with the filled rows.
    page.print_area = f"A1:{letter(sheet.printed)}{sheet.last_row}"
    tables = [block for block in sheet.blocks if block.hides]
    if sheet.repeat:
        page.print_title_rows = f"{sheet.repeat}:{sheet.repeat}"
    elif len(tables) == 1:
        page.print_title_rows = f"{tables[0].header_row}:{tables[0].header_row}"
    elif tables:
        # The headings of one of several tables would stand above the others too: the title repeats.
        page.print_title_rows = "1:2"
    for row in sheet.breaks:
        page.row_breaks.append(Break(row))
