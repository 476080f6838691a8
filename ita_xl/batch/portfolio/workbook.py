"""The portfolio as a workbook: one sheet per table, for the screen and for A4 paper."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ita_xl.batch.portfolio import overview, streamed
from ita_xl.batch.portfolio.agencies import changed
from ita_xl.batch.portfolio.sheets import Portfolio
from ita_xl.batch.portfolio.styles import DEFAULTS, Styles, place, set_up
from ita_xl.batch.portfolio.tables import SheetColumn, SheetTable, length
from ita_xl.files import FORMULA_LIKE
from ita_xl.layout import Kind
from ita_xl.layout.heights import LINE_HEIGHT, row_height

if TYPE_CHECKING:
    from xlsxwriter import Workbook
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
    workbook will be to the folder of the records' outputs. Raises `OSError` without room for what is in the making.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    content = io.BytesIO()
    # Texts stay texts, whatever they look like.
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with TemporaryDirectory(prefix="ita_xl-") as spare:  # a country's sheets would fill the memory
        book = Workbook(content, {"tmpdir": spare, **plain, **deepcopy(DEFAULTS)})
        created = changed(max((record.modified for record in portfolio.records), default=0))
        book.set_properties({"title": portfolio.phrase("title"), "created": created})
        _draw(book, portfolio, results)
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0].with_traceback(None) from None  # which holds the half-made package open
    return content.getvalue()


def _draw(book: Workbook, portfolio: Portfolio, results: str) -> None:
    styles, tables = Styles(book), portfolio.tables()
    first = book.add_worksheet(portfolio.phrase("sheets.overview"))
    pages = [book.add_worksheet(portfolio.phrase(f"sheets.{table.key}"), streamed.page_class()) for table in tables]
    overview.draw(book, first, styles, portfolio, tables)

    @cache
    def cell(value: str | float | None, kind: Kind, grade: str = "") -> str:
        quoted = isinstance(value, str) and value.startswith(FORMULA_LIKE)
        return streamed.cell(first, value, styles.cell(kind, grade, quoted))

    for page, table in zip(pages, tables, strict=True):
        _Sheet(page, styles, portfolio, table, cell).draw(results)


class _Sheet:
    """One table on its page."""

    def __init__(
        self, page: Worksheet, styles: Styles, portfolio: Portfolio, table: SheetTable, cell: Callable[..., str]
    ) -> None:
        """cell: a value of a kind of column and with a grade, as `streamed` has it."""
        self.page, self.styles, self.portfolio, self.table, self.cell = page, styles, portfolio, table, cell

    def draw(self, results: str) -> None:
        page, table = self.page, self.table
        all_rows = length(table.table)
        rows = min(all_rows, MAX_ROWS)
        sentence = table.sentence
        if rows < all_rows:
            sentence += self.portfolio.phrase("cut", shown=rows, rows=all_rows)
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
        cells = [self._column(top + 1, at, column, rows, results) for at, column in enumerate(table.columns)]
        self._heights(top + 1, rows)
        page.put(top + 1, cells)
        page.freeze_panes(top + 1, table.frozen)
        page.autofilter(top, 0, top + rows, len(table.columns) - 1)
        page.repeat_rows(top)

    def _heading(self, row: int) -> None:
        columns = self.table.columns
        for at, column in enumerate(columns):
            self.page.write_string(row, at, column.heading, self.styles.text("heading"))
        self.page.set_row(row, row_height((column.heading, column.width) for column in columns))

    def _column(self, first: int, at: int, column: SheetColumn, rows: int, results: str) -> list[str]:
        """Cells of one column; an unknown one is blank and keeps its lines."""
        kind, cell = column.kind, self.cell
        values = [None if value == "" else value for value in self.table.table[column.key][:rows]]
        if kind is Kind.LINK:
            values = [self._linked(row, at, value, results) for row, value in enumerate(values, first)]
        if grades := self.table.grades.get(column.key):
            return [cell(value, kind, grade) for value, grade in zip(values, grades[:rows], strict=True)]
        return [cell(value, kind) for value in values]

    def _linked(self, row: int, at: int, value: str | None, results: str) -> str | None:
        """What a cell shows of a result's place; it leads there as far as Excel takes it."""
        if value is None or self.page.hlink_count > MAX_LINKS or len(value) >= MAX_PATH:
            return value
        address = f"external:{_IN_ADDRESSES.sub(_escaped, f'{results}/{value}')}"
        name = PurePath(value).name
        self.page.write_url(row, at, address, self.styles.cell(Kind.LINK), name)
        del self.page.table[row]  # it is among the cells of the table
        return name

    def _heights(self, first: int, rows: int) -> None:
        """Rows are as high as the wrapped texts on paper need; what stands aside is cut off."""
        wrapped = [
            (self.table.table[column.key], column.width)
            for column in self.table.columns
            if column.kind in (Kind.TEXT, Kind.CHOICE) and column.printed
        ]
        for row in range(rows):
            needed = row_height((values[row], width) for values, width in wrapped)
            if needed != LINE_HEIGHT:
                self.page.set_row(first + row, needed)


def _escaped(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02x}"
