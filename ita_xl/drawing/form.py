"""The form that an office fills in: a workbook with a sheet for each quarter, in which only its cells are open."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from openpyxl import Workbook
from openpyxl.styles import Protection
from openpyxl.worksheet.worksheet import Worksheet

from ita_xl import files
from ita_xl.drawing import looks
from ita_xl.drawing.tables import draw_labels, draw_sheet
from ita_xl.drawing.template import normal_font
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.layout import FORM_MARKS, FORM_SHEETS, Owner, Sheet
from ita_xl.writing.setup import write_words

_OPEN = Protection(locked=False)


@lru_cache(maxsize=4)
def form(quarter: int) -> bytes:
    """An empty form, opened on the sheet of a quarter (1-4)."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "ita_xl"
    book.properties.created = dt.datetime(2022, 8, 1)  # noqa: DTZ001 (openpyxl wants it naive)
    normal_font(book)
    for sheet in FORM_SHEETS:
        _draw(draw_sheet(book, sheet), sheet)
    marks: Worksheet = book.create_sheet(FORM_MARKS)
    marks.sheet_state = "veryHidden"
    book.active = quarter - 1
    port = OpenpyxlBook.holding(book)
    for sheet in FORM_SHEETS:
        write_words(port, sheet, 0, None)
    return files.reproducible(port.to_bytes())


def _draw(page: Worksheet, sheet: Sheet) -> None:
    draw_labels(page, sheet)
    page.sheet_properties.tabColor = looks.TABS["input"]
    block = sheet.block("form")
    for column in block.owned(Owner.USER):
        for row in range(block.first_row, block.last_row + 1):
            page.cell(row, block.column_number(column.key)).protection = _OPEN
    for field in sheet.fields:
        if field.owner is Owner.USER:
            page[field.cell].protection = _OPEN
    page.column_dimensions[block.letter("key")].hidden = True
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False
