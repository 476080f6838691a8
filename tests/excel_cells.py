"""How the stand-in for Excel gives and takes the values of cells, on openpyxl's cells."""

from __future__ import annotations

import copy
import datetime as dt
import io
import re
import zipfile
from typing import Any
from xml.sax.saxutils import quoteattr

import openpyxl
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from ita_xl.engines.moves import Moves, RowChange, Shift
from ita_xl.layout.address import areas

ERRORS = {"#DIV/0!": -2146826281, "#N/A": -2146826246, "#NAME?": -2146826259, "#REF!": -2146826265}
NAMES = {code: text for text, code in ERRORS.items()}
NEW_ERROR = ("#SPILL!", -2146826243)
MONTHS = "มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม"
MOST_LETTERS, MOST_IN_ARRAY = 32_767, 8_203
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
BUSY, REFUSED, EDITING = -2147418111, -2147352567, -2146777998


class ComError(Exception):
    """What pywin32 raises."""

    def __init__(self, hresult: int, scode: int = 0) -> None:
        super().__init__(hresult)
        self.hresult = hresult
        self.excepinfo = (0, "Microsoft Excel", "text of Excel", None, 0, scode)


def results(content: bytes) -> dict[tuple[str, Any, Any], Any]:
    """The stored results of formulas, by sheet, row and column; most files of tests have none."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if not any(re.search(rb"</f><v>[^<]", package.read(n)) for n in package.namelist() if "/sheet" in n):
            return {}
    pages = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets
    return {(page.title, cell.row, cell.column): cell.value for page in pages for row in page for cell in row}


def box(address: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(address.replace("$", ""))
    return top or 1, left or 1, bottom or LAST_ROW, right or LAST_COLUMN


def given(cell: Any, results: dict[tuple[str, int, int], Any], title: str) -> Any:
    """A cell's value as COM gives it."""
    value = results.get((title, cell.row, cell.column)) if cell.data_type == "f" else cell.value
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        is_error = cell.data_type in ("e", "f") and value in (*ERRORS, NEW_ERROR[0])
        return {**ERRORS, NEW_ERROR[0]: NEW_ERROR[1]}[value] if is_error else value
    if isinstance(value, dt.time):
        return dt.datetime.combine(dt.date(1899, 12, 30), value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    return value if isinstance(value, dt.datetime) else float(value)


def as_xml(lines: list[list[Any]], merges: list[tuple[int, int, int, int]]) -> str:
    """Cells as "XML Spreadsheet", as far as it tells of merged areas, links and where cells are."""
    first = lines[0][0]
    firsts = {merge[:2]: merge for merge in merges}
    rows = []
    for line in lines:
        cells = []
        for cell in line:
            top, left, bottom, right = firsts.get((cell.row, cell.column), (0, 0, 0, 0))
            merged = f' ss:MergeAcross="{right - left}" ss:MergeDown="{bottom - top}"' if top else ""
            link = f" ss:HRef={quoteattr(cell.hyperlink.target or '#')}" if cell.hyperlink else ""
            if merged or link or cell.value is not None:
                cells.append(f'<Cell ss:Index="{cell.column - first.column + 1}"{merged}{link}/>')
        if cells:
            rows.append(f'<Row ss:Index="{line[0].row - first.row + 1}">{"".join(cells)}</Row>')
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    table = f'<Worksheet ss:Name="1"><Table>{"".join(rows)}</Table></Worksheet>'
    return f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{table}</Workbook>'


def data_tables(page: Any) -> dict[tuple[int, int], str]:
    """The cells that data tables fill, each with the formula that Excel shows there."""
    found = [cell.value for cell in page._cells.values() if isinstance(cell.value, DataTableFormula)]
    return {at: f"=TABLE(,{one.r1})" for one in found for area in areas(one.ref) for at in area.cells()}


def as_formula(cell: Any, tables: dict[tuple[int, int], str]) -> str:
    if (cell.row, cell.column) in tables:
        return tables[cell.row, cell.column]
    value = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def taken(value: Any, text_format: bool) -> tuple[str | None, Any]:
    """What a cell holds after a value was put into it: openpyxl's kind, if it must be told, and the value."""
    if value in (None, ""):
        return "n", None
    if text_format:
        return "s", value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
    if not isinstance(value, str):
        return None, value
    if value.startswith("'"):
        return "s", value[1:]
    if value.startswith("="):
        return "f", value
    if value in ERRORS:
        return "e", value
    if value.upper() in ("TRUE", "FALSE"):
        return "b", value.upper() == "TRUE"
    plain = value.strip().translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789"))
    if re.fullmatch(r"[+-]?[\d,]*\.?\d+([eE][+-]?\d+)?%?", plain):
        return "n", float(plain.rstrip("%").replace(",", ""))
    if re.fullmatch(rf"\d+[/-]\d+([/-]\d+)?|(\d+ )?({MONTHS}) \d{{4}}", plain):
        return "d", dt.datetime(2023, 9, 1)  # noqa: DTZ001 (as Excel)
    if value[0] in "@+-" and len(value) > 1:
        raise ComError(REFUSED)
    return "s", value


def copy_page(source: Any, target: Any) -> None:
    for row in source.iter_rows():
        for cell in row:
            new = target.cell(cell.row, cell.column)
            new.value = cell.value
            for part in ("font", "fill", "border", "alignment", "protection"):
                setattr(new, part, copy.copy(getattr(cell, part)))
            new.number_format = cell.number_format
    for area in source.merged_cells.ranges:
        target.merge_cells(str(area))
    for number, row in source.row_dimensions.items():
        target.row_dimensions[number].height, target.row_dimensions[number].hidden = row.height, row.hidden
    for column in range(1, source.max_column + 1):
        name = get_column_letter(column)
        target.column_dimensions[name].width = source.column_dimensions[name].width
    target.sheet_state = source.sheet_state


def move_row(book: Any, page: Any, old: int, new: int) -> None:
    """Put a row over another that is empty, as Excel does when it is cut and pasted."""
    moves = Moves(page.title, {old: new, new: old})
    for column in range(1, page.max_column + 1):
        page._cells.pop((new, column), None)
        cell = page._cells.pop((old, column), None)
        if cell is not None:
            page._cells[new, column], cell.row = cell, new
            if cell.hyperlink:
                cell.hyperlink.ref = cell.coordinate
        result = book.results.pop((page.title, old, column), None)
        if result is not None:
            book.results[page.title, new, column] = result
    _follow(book, page, moves)


def insert_rows(book: Any, page: Any, first: int, last: int) -> None:
    """Insert whole rows; they look like the one above."""
    _shift(book, page, Shift(page.title, {first: last - first + 1}))
    for row in range(first, last + 1):
        copy_looks(page, first - 1, row)


def delete_rows(book: Any, page: Any, first: int, last: int) -> None:
    _shift(book, page, Shift(page.title, deleted=frozenset(range(first, last + 1))))


def copy_looks(page: Any, source: int, target: int) -> None:
    for at, column in list(page._cells):
        if at == source:
            page.cell(target, column)._style = copy.copy(page._cells[at, column]._style)


def _shift(book: Any, page: Any, shift: Shift) -> None:
    cells, page._cells = dict(page._cells), {}
    for (row, column), cell in cells.items():
        if (new := shift.row(row)) is not None:
            page._cells[new, column], cell.row = cell, new
            if cell.hyperlink:
                cell.hyperlink.ref = cell.coordinate
    for title, row, column in [at for at in book.results if at[0] == page.title]:
        result = book.results.pop((title, row, column))
        if (new := shift.row(row)) is not None:
            book.results[title, -new, column] = result
    for title, row, column in [at for at in book.results if at[1] < 0]:
        book.results[title, -row, column] = book.results.pop((title, row, column))
    rows = {number: (one.height, one.hidden) for number, one in page.row_dimensions.items()}
    page.row_dimensions.clear()
    for number, (height, hidden) in rows.items():
        if (new := shift.row(number)) is not None:
            page.row_dimensions[new].height, page.row_dimensions[new].hidden = height, hidden
    merged = [str(area) for area in page.merged_cells.ranges]
    page.merged_cells = MultiCellRange(" ".join(filter(None, (_areas(area, shift) for area in merged))))
    _follow(book, page, shift)


def _follow(book: Any, page: Any, change: RowChange) -> None:
    """Whoever named cells of the page names them where they are now."""
    for sheet in book.pages.worksheets:
        for cell in [cell for cell in sheet._cells.values() if cell.data_type == "f"]:
            if sheet is not page and isinstance(cell.value, str) and page.title not in cell.value:
                continue
            if isinstance(cell.value, ArrayFormula):
                cell.value.ref = _areas(cell.value.ref, change)
                cell.value.text = "=" + change.formula(str(cell.value.text).removeprefix("="), sheet.title)
            elif isinstance(cell.value, str):
                cell.value = "=" + change.formula(cell.value.removeprefix("="), sheet.title)
    for drawn in (*page._images, *page._charts):
        first = drawn.anchor._from.row + 1
        down = (change.row(first) or first) - first
        drawn.anchor._from.row, drawn.anchor.to.row = drawn.anchor._from.row + down, drawn.anchor.to.row + down
    for name in book.pages.defined_names.values():
        name.attr_text = change.formula(name.attr_text, "")
    for rule in page.data_validations.dataValidation:
        rule.sqref = MultiCellRange(_areas(str(rule.sqref), change))
    formats, page.conditional_formatting = page.conditional_formatting, ConditionalFormattingList()
    for one in formats:
        for rule in one.rules:
            page.conditional_formatting.add(_areas(str(one.sqref), change), rule)


def _areas(text: str, change: RowChange) -> str:
    return " ".join(map(str, change.areas(areas(text))))
