"""Drawing what every sheet has: widths, titles, sentences, tables, drop-downs, colours, print set-up."""

from __future__ import annotations

from openpyxl.formatting.rule import Rule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ita_xl.data import say
from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.drawing import looks
from ita_xl.drawing.formulas import TOLERANCE
from ita_xl.layout import (
    HOME,
    INPUTS,
    LEVEL_ROW,
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
from ita_xl.layout.heights import LINE_HEIGHT

WEAK, LEVELS = "ITA_WeakBelow", "ITA_Levels"
"""Defined names that conditional formats use: they reach other sheets in every Excel since 2007."""


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
    page = book.create_sheet(sheet.title)
    page.sheet_format.defaultRowHeight = LINE_HEIGHT
    page.sheet_view.showGridLines = False
    for column, width in enumerate(sheet.widths, 1):
        page.column_dimensions[letter(column)].width = width
    for field in sheet.fields:
        _draw_field(page, sheet, field)
    for block in sheet.blocks:
        _draw_block(page, sheet, block)
        _colour(page, sheet, block)
    if sheet is not HOME and sheet.show is not Show.NEVER:
        _freeze(page, sheet)
    if sheet.show is not Show.NEVER:
        _print_setup(page, sheet)
    kind = "input" if sheet in INPUTS else "output"
    page.sheet_properties.tabColor = looks.TABS["expert" if sheet.show is Show.EXPERT else kind]
    states = {Show.START: "visible", Show.RUN: "hidden", Show.EXPERT: "hidden", Show.NEVER: "veryHidden"}
    page.sheet_state = states[sheet.show]
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
    cell = page[field.cell]
    if field.until:
        page.merge_cells(f"{field.cell}:{field.until}")
    if field.key == "title":
        cell.font = looks.font(22, bold=True, colour=looks.NAVY)
        page.row_dimensions[field.row].height = 34
    elif field.key == "back":
        cell.value = say("looks.back")
        link_to(page, field.cell, HOME)
    elif field.key == "draft":
        cell.font = looks.font(bold=True, colour=looks.RED)
        cell.alignment = looks.SENTENCE
        page.row_dimensions[field.row].height = 2 * LINE_HEIGHT
    elif field.heading:
        cell.font = looks.font(18, bold=True, colour=looks.NAVY)
        page.row_dimensions[field.row].height = 30
    elif field.owner is Owner.USER:
        _draw_input(page, field.cell, field.kind, field.key)
    else:
        cell.font = looks.font()
        cell.number_format = looks.FORMATS[field.kind]
        cell.alignment = looks.alignment(field.kind)
        if field.until:
            cell.alignment = looks.CENTRE if field.kind is Kind.CHOICE else looks.SENTENCE


def _draw_input(page: Worksheet, cell: str, kind: Kind, key: str) -> None:
    page[cell].font = looks.font()
    page[cell].fill = looks.solid(looks.INPUT)
    page[cell].border = looks.box()
    page[cell].number_format = looks.FORMATS[kind]
    page[cell].alignment = looks.ENTRY
    validation = _validation(key, kind)
    if validation:
        page.add_data_validation(validation)
        validation.add(cell)


def _draw_block(page: Worksheet, sheet: Sheet, block: Block) -> None:
    page.row_dimensions[block.header_row].height = LINE_HEIGHT * 2
    for column in block.columns:
        at = block.column_number(column.key)
        head = page.cell(block.header_row, at)
        head.font = looks.font(bold=True, colour=looks.WHITE)
        head.fill = looks.solid(looks.NAVY)
        head.alignment = looks.HEADING
        head.border = looks.box(looks.WHITE)
        input_cell = column.owner is Owner.USER and sheet not in OUTPUTS
        for row in range(block.first_row, block.last_row + 1):
            cell = page.cell(row, at)
            cell.font = looks.font()
            cell.number_format = looks.FORMATS[column.kind]
            cell.alignment = looks.alignment(column.kind)
            if input_cell:
                cell.fill = looks.solid(looks.INPUT)
        validation = _validation(column.key, column.kind) if column.owner is Owner.USER else None
        if validation:
            page.add_data_validation(validation)
            for area in _validated(block, column):
                validation.add(area)


def _validated(block: Block, column: Column) -> list[str]:
    """The cells of a column that its rule is for: the published level is a word among the stated scores."""
    whole = block.range(column.key, absolute=False)
    if block.key != "stated" or column.year is None:
        return [whole]
    last = whole.partition(":")[2]
    return [block.address(column.key, LEVEL_ROW - 1), f"{block.address(column.key, LEVEL_ROW + 1)}:{last}"]


def _validation(key: str, kind: Kind) -> DataValidation | None:
    """Help while typing. It can be pasted over, so the check on every run decides."""
    if kind is Kind.CHOICE:
        strict = key != "agency_type"
        rule = DataValidation("list", formula1='"{}"'.format(",".join(labels.choice_list(key))), allow_blank=True)
        rule.errorStyle = "stop" if strict else "information"
        title, text = "choice_title", "choice_message"
    elif kind is Kind.SCORE:
        rule = DataValidation("decimal", operator="between", formula1="0", formula2="100", allow_blank=True)
        title, text = "score_title", "score_message"
    elif kind is Kind.COUNT and key == "year":
        rule = DataValidation("whole", operator="between", formula1="2561", formula2="2700", allow_blank=True)
        title, text = "year_title", "year_message"
    elif kind is Kind.COUNT and key in ("urgent_ranks", "best_count"):
        rule = DataValidation("whole", operator="between", formula1="1", formula2="20", allow_blank=True)
        title, text = "count_title", "count_message"
    else:
        return None
    rule.showErrorMessage = True
    rule.errorTitle, rule.error = say(f"looks.{title}"), say(f"looks.{text}")
    return rule


def _colour(page: Worksheet, sheet: Sheet, block: Block) -> None:
    """Lines on filled rows, colours by value. All of it conditional, so that a run need not paint.

    Every rule draws the lines: LibreOffice applies only the first rule that holds."""
    first, last = letter(block.first_column), letter(block.first_column + len(block.columns) - 1)
    area = f"{first}{block.first_row}:{last}{block.last_row}"
    filled = f"SUMPRODUCT(--(LEN(${first}{block.first_row}:${last}{block.first_row})>0))>0"
    code = next((c for c in block.columns if c.key == "code"), None)

    def add(column: Column, *rules: Rule) -> None:
        for rule in rules:
            page.conditional_formatting.add(block.range(column.key, absolute=False), rule)

    for column in block.columns:
        at = block.address(column.key, block.first_row)
        score = column.key in ("y2", "y1", "y0", "score", "before", "after")
        if score and sheet.show is not Show.EXPERT:
            weak, full = f"AND(ISNUMBER({at}),ROUND({at},2)<{WEAK})", f"AND(ISNUMBER({at}),ROUND({at},2)>=100)"
            add(column, looks.when(weak, text=looks.RED, fill=looks.PALE_RED))
            add(column, looks.when(full, text=looks.GREEN, fill=looks.PALE_GREEN))
        if column.kind is Kind.CHANGE:
            add(column, looks.when(f"AND(ISNUMBER({at}),{at}<0)", text=looks.RED))
            add(column, looks.when(f"AND(ISNUMBER({at}),{at}>0)", text=looks.GREEN))
        if column.key == "difference":
            add(column, looks.when(f"ABS(N({at}))>{TOLERANCE}", text=looks.RED, fill=looks.PALE_RED))
        if column.key == "note" and sheet.show is Show.EXPERT:
            add(column, looks.when(f"LEN({at})>0", text=looks.AMBER, fill=looks.PALE_AMBER))
        if column.key == "severity":
            for name, text, fill in (
                ("error", looks.RED, looks.PALE_RED),
                ("warning", looks.AMBER, looks.PALE_AMBER),
                ("note", looks.BLUE, looks.PALE_BLUE),
            ):
                add(column, looks.when(f'{at}="{say(f"severities.{name}")}"', text=text, fill=fill))
        if column.key in ("from_level", "to_level", "level") and sheet.key != "recheck":
            add(column, *level_colours(at))
    if sheet.key == "measures" and block.key == "measures":
        number = f"${block.letter('no')}{block.first_row}"
        theme = f'AND(LEN({number})>0,ISERROR(FIND(".",{number})),ISERROR(FIND("(",{number})))'
        page.conditional_formatting.add(area, looks.when(theme, bold=True, fill=looks.PALE_BLUE))
        page.conditional_formatting.add(area, looks.when(f'ISNUMBER(FIND(".",{number}))', bold=True))
    if sheet in OUTPUTS:
        for column in [c for c in block.columns if c.owner is not Owner.TOOL]:
            # Where a person may write is yellow, but only in rows that are in use: the rest is blank paper.
            page.conditional_formatting.add(
                block.range(column.key, absolute=False), looks.when(filled, fill=looks.INPUT)
            )
    if code and sheet.key in ("stated", "years", "structure", "summary"):
        main = ",".join(f'${block.letter("code")}{block.first_row}="{c}"' for c in _main_codes())
        rule = looks.when(f"OR({main})", bold=True, fill="" if sheet in INPUTS else looks.PALE_BLUE)
        page.conditional_formatting.add(area, rule)
    page.conditional_formatting.add(area, looks.when(filled))


def level_colours(cell: str) -> list[Rule]:
    """The level's grade: the best, the next two, the lower ones, the last."""
    place, last = f"MATCH({cell},{LEVELS},0)", f"COUNTA({LEVELS})"
    rules = (("best", "=1"), ("last", f"={last}"), ("good", "<=3"), ("low", ">3"))
    graded = [(looks.GRADES[grade], f"IFERROR({place}{rule},FALSE)") for grade, rule in rules]
    return [looks.when(formula, text=text, fill=fill) for (text, fill), formula in graded]


def _main_codes() -> list[str]:
    return [*INSTRUMENTS, labels.shown_code("total")]


def _freeze(page: Worksheet, sheet: Sheet) -> None:
    """A single table keeps its heading in view; a sheet of several keeps its title."""
    tables = [block for block in sheet.blocks if block.hides]
    page.freeze_panes = f"B{tables[0].first_row}" if len(tables) == 1 else "A4"


def _print_setup(page: Worksheet, sheet: Sheet) -> None:
    page.page_setup.paperSize = 9  # A4
    page.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, int(sheet is HOME)
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.5
    page.page_margins.top, page.page_margins.bottom = 0.6, 0.7
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
