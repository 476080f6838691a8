"""The portfolio as a workbook: one sheet per table, for the screen and for A4 paper."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from copy import deepcopy
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from ita_xl.batch.portfolio import overview
from ita_xl.batch.portfolio.agencies import changed
from ita_xl.batch.portfolio.sheets import Portfolio
from ita_xl.batch.portfolio.styles import DEFAULTS, Styles, number, place, set_up
from ita_xl.batch.portfolio.tables import SheetColumn, SheetTable
from ita_xl.files import FORMULA_LIKE
from ita_xl.layout import Kind
from ita_xl.layout.heights import LINE_HEIGHT, row_height

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MAX_ROWS = 2**20 - 10
"""Rows of a table: what a sheet can have, less title, sentences and heading."""

_EMPTY = 120.0
"""Width of a sheet that holds nothing but its sentence."""

MAX_LINKS = 65_000
"""A little less than the links that Excel takes on a sheet."""

MAX_PATH = 600
"""Letters of a result's path that is linked: escaped they still are an address that Excel takes."""

_IN_ADDRESSES = re.compile(r'[\x00-\x20"#%<>?\[\\\]^`{|}]')


def make(portfolio: Portfolio, results: str) -> bytes:
    """The workbook's bytes; equal records give equal bytes. results: the path from where the
    workbook will be to the folder of the records' outputs."""
    from xlsxwriter import Workbook

    content = io.BytesIO()
    # Texts stay texts, whatever they look like.
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with Workbook(content, {"in_memory": True, **plain, **deepcopy(DEFAULTS)}) as book:
        created = changed(max((record.modified for record in portfolio.records), default=0))
        book.set_properties({"title": portfolio.phrase("title"), "created": created})
        styles = Styles(book)
        tables = portfolio.tables()
        first = book.add_worksheet(portfolio.phrase("sheets.overview"))
        pages = [book.add_worksheet(portfolio.phrase(f"sheets.{table.key}")) for table in tables]
        overview.draw(book, first, styles, portfolio, tables)
        for page, table in zip(pages, tables, strict=True):
            _Sheet(page, styles, portfolio, table).draw(results)
    return content.getvalue()


class _Sheet:
    """One table on its page."""

    def __init__(self, page: Worksheet, styles: Styles, portfolio: Portfolio, table: SheetTable) -> None:
        self.page, self.styles, self.portfolio, self.table = page, styles, portfolio, table

    def draw(self, results: str) -> None:
        page, table = self.page, self.table
        rows = min(len(table.frame), MAX_ROWS)
        sentence = table.sentence
        if rows < len(table.frame):
            sentence += self.portfolio.phrase("cut", shown=rows, rows=len(table.frame))
        set_up(page, self.portfolio.phrase("page"))
        page.write_string(0, 0, self.portfolio.phrase(f"{table.key}.title"), self.styles.text("title"))
        page.set_row(0, 34)
        widths = [column.width for column in table.columns if column.printed] if rows else [_EMPTY]
        page.set_column(0, 0, widths[0])
        texts = [("sentence", sentence), *([("note", table.note)] if rows and table.note else [])]
        for row, (kind, text) in enumerate(texts, 1):
            page.set_row(row, row_height([(text, sum(widths))]))
            if rows:
                page.merge_range(row, 0, row, len(widths) - 1, text, self.styles.text(kind))
            else:
                page.write_string(row, 0, text, self.styles.text(kind))
        back = place(self.portfolio.phrase("sheets.overview"))
        aside = len(table.columns) if rows else 1
        page.write_url(0, aside, back, self.styles.text("link"), self.portfolio.phrase("back"))
        top = len(texts) + 1
        page.print_area(0, 0, top + rows if rows else top, len(widths) - 1)
        if rows:
            self._table(top, rows, results)

    def _table(self, top: int, rows: int, results: str) -> None:
        page, table = self.page, self.table
        self._heading(top)
        for at, column in enumerate(table.columns):
            page.set_column(at, at, column.width)
            self._column(top + 1, at, column, results)
        self._heights(top + 1, rows)
        page.freeze_panes(top + 1, table.frozen)
        page.autofilter(top, 0, top + rows, len(table.columns) - 1)
        page.repeat_rows(top)

    def _heading(self, row: int) -> None:
        columns = self.table.columns
        for at, column in enumerate(columns):
            self.page.write_string(row, at, column.heading, self.styles.text("heading"))
        self.page.set_row(row, row_height((column.heading, column.width) for column in columns))

    def _column(self, first: int, at: int, column: SheetColumn, results: str) -> None:
        """Cells of one column; an unknown one is blank and keeps its lines."""
        page, cell = self.page, self.styles.cell
        values = _values(self.table, column.key)
        grades = self.table.grades.get(column.key) or [""] * len(values)
        for row, (value, grade) in enumerate(zip(values, grades, strict=True), first):
            if row - first >= MAX_ROWS:
                break
            if value is None or value == "":
                page.write_blank(row, at, None, cell(column.kind, grade))
            elif not isinstance(value, str):
                page.write_number(row, at, number(value), cell(column.kind, grade))
            elif column.kind is Kind.LINK and row - first < MAX_LINKS and len(value) < MAX_PATH:
                address = f"external:{_IN_ADDRESSES.sub(_escaped, f'{results}/{value}')}"
                page.write_url(row, at, address, cell(column.kind), PurePath(value).name)
            else:
                page.write_string(row, at, value, cell(column.kind, grade, value.startswith(FORMULA_LIKE)))

    def _heights(self, first: int, rows: int) -> None:
        """Rows are as high as the wrapped texts on paper need; what stands aside is cut off."""
        wrapped = [
            (_values(self.table, column.key), column.width)
            for column in self.table.columns
            if column.kind in (Kind.TEXT, Kind.CHOICE) and column.printed
        ]
        for row in range(rows):
            needed = row_height((values[row], width) for values, width in wrapped)
            if needed != LINE_HEIGHT:
                self.page.set_row(first + row, needed)


def _values(table: SheetTable, key: str) -> Sequence[Any]:
    """A column's cells as plain values, None where unknown."""
    column = table.frame[key].astype("object")
    return column.where(column.notna(), None).tolist()


def _escaped(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02x}"
