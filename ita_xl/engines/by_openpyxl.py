"""The openpyxl engine: reference implementation of the port, and the way new workbooks are made.

openpyxl rewrites a whole workbook and drops what it does not know (`losses`), so it never saves a
clerk's workbook that holds such things.
"""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.dimensions import RowDimension

from ita_xl import files
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.moves import RowChange
from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book
from ita_xl.engines.package.engine import Package
from ita_xl.engines.package.plain import recoded
from ita_xl.engines.package.stored import MERGED
from ita_xl.engines.percentage import shows_percentage
from ita_xl.engines.port import (
    OUR_NAMES,
    CellError,
    Formula,
    Grid,
    Names,
    Ties,
    Uncomputed,
    Value,
    Written,
    is_number,
)
from ita_xl.engines.references import cells_named, leading_to, named_cells, sheet_of_link, translated
from ita_xl.engines.spelling import marked_twice, meant, spelt
from ita_xl.layout.address import MAX_COLUMNS, MAX_ROWS, At, area


class OpenpyxlBook:
    """A workbook held by openpyxl. Satisfies `Port`."""

    _written = False
    """Whether it holds what its bytes do not."""

    def __init__(self, content: bytes, name: str) -> None:
        """name: for messages. Raises `Unusable` when the bytes cannot be read as a workbook."""
        self._name = name
        self._content: bytes | None = _usable(content, name)
        self.book = _load(self._content, name)

    @cached_property
    def book(self) -> Workbook:
        """The workbook; after its rows have moved it is read again when somebody asks for it."""
        assert self._content is not None
        return _load(self._content, self._name)

    @classmethod
    def holding(cls, book: Workbook) -> OpenpyxlBook:
        """The engine of a workbook that was drawn and never saved."""
        port = cls.__new__(cls)
        port.book, port._name, port._content = book, "", None
        return port

    @classmethod
    def open(cls, path: Path) -> OpenpyxlBook:
        """Read a file. Raises `Unusable` when it cannot be read as a workbook."""
        return cls(files.read_package(path), path.name)

    @cached_property
    def _results(self) -> Workbook | None:
        """The same file with stored results in place of formulas; opened only if there are any."""
        return None if self._content is None else _quiet_load(self._content, data_only=True, read_only=True)

    @cached_property
    def _package(self) -> Package | None:
        """The same file held as its package, which knows what openpyxl does not tell."""
        return None if self._content is None else Package(self._content, self._name)

    def _results_of(self, title: str) -> dict[At, Value]:
        """The stored results of a sheet by row and column; None for an empty text."""
        if self._results is None or title not in self._results.sheetnames:
            return {}
        page = self._results[title]
        page.reset_dimensions()  # what it claims of its size need not be so
        with _quiet():
            # An empty text is a result, an empty number is none.
            held: list[Any] = [c for row in page.iter_rows() for c in row]
            return {(c.row, c.column): _value(c) for c in held if c.value is not None or c.data_type == "str"}

    def sheets(self) -> list[str]:
        return [sheet.title for sheet in self.book.worksheets]

    def read(self, title: str) -> Grid:
        """Raises `Unusable` for a sheet that is too large to be read as a table."""
        sheet = self.book[title]
        if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
            raise Unusable(Finding(Code.SHEET_UNSAFE, title, values={"file": self._name}))
        cells: dict[tuple[int, int], Value] = {}
        formulas: dict[tuple[int, int], str] = {}
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, MergedCell):
                    continue
                if cell.data_type == "f":
                    # Where many cells are filled at once, an object holds the formula; a data table has none.
                    text = cell.value if isinstance(cell.value, str) else getattr(cell.value, "text", None)
                    formulas[cell.row, cell.column] = text or "="
                elif cell.value is not None:
                    cells[cell.row, cell.column] = _value(cell)
        if formulas:
            stored = self._results_of(title)
            results = ((at, stored.get(at, Uncomputed(text))) for at, text in formulas.items())
            cells.update({at: result for at, result in results if result is not None})
        merged = tuple(str(area) for area in sheet.merged_cells.ranges)
        numbers = (at for at, value in cells.items() if is_number(value))
        percent = frozenset(at for at in numbers if shows_percentage(sheet.cell(*at).number_format))
        told = self._package.read(title) if self._package else Grid({})
        return Grid(cells, merged, frozenset(formulas), percent, told.heights, told.widths)

    def ties(self, title: str) -> Ties:
        return self._package.ties(title) if self._package else Ties()

    def names(self) -> Names:
        held = [(name, one) for sheet in self.book.worksheets for name, one in sheet.defined_names.items()]
        held += self.book.defined_names.items()  # which count before those of a copied sheet
        return named_cells((name, one.attr_text or "") for name, one in held if name.startswith(OUR_NAMES))

    def set_names(self, names: Names) -> None:
        self._written = True
        for name, at in names.items():
            self.book.defined_names[name] = DefinedName(name, attr_text=cells_named(*at), hidden=True)

    def _linked(self, title: str) -> Iterator[tuple[str, Any]]:
        """The cells of a sheet with a link to a place in the workbook."""
        for line in self.book[title].iter_rows():
            for cell in line:
                if (held := cell.hyperlink) is not None and held.location and not (held.target or held.id):
                    yield cell.coordinate, held

    def links(self, title: str) -> Mapping[str, str]:
        found = ((cell, sheet_of_link(link.location)) for cell, link in self._linked(title))
        return {cell: where for cell, where in found if where}

    def set_links(self, title: str, links: Mapping[str, str]) -> None:
        self._written = True
        for cell, link in self._linked(title):
            if cell in links:
                link.location = leading_to(links[cell], link.location)

    def named_rows(self, title: str) -> frozenset[int]:
        return self._package.named_rows(title) if self._package else frozenset()

    def change_rows(self, change: RowChange) -> None:
        """openpyxl moves no more of a row than its cells, so the package does it."""
        package = None if self._written else self._package
        package = package or Package(self._saved(), self._name)
        package.change_rows(change)
        self._content, self._written = package.to_bytes(), False
        for known in ("book", "_package", "_results"):
            self.__dict__.pop(known, None)

    def write(self, title: str, row: int, column: int, values: Sequence[Sequence[Written]]) -> None:
        sheet, self._written = self.book[title], True
        for down, row_values in enumerate(values):
            for across, value in enumerate(row_values):
                cell = sheet.cell(row + down, column + across)
                if isinstance(cell, MergedCell):
                    continue  # covered by its neighbour; the writer has said so
                if isinstance(value, Formula):
                    cell.value = value.text
                elif isinstance(value, str):
                    cell.value = spelt(value)
                    cell.data_type = "s"
                else:
                    cell.value = value

    def copy_down(self, title: str, row: int, last: int) -> None:
        sheet, self._written = self.book[title], True
        for column, source in enumerate(list(sheet[row]), 1):
            for below in range(row + 1, last + 1):
                cell: Any = sheet.cell(below, column)
                if cell.value is not None or isinstance(cell, MergedCell):
                    continue
                cell._style = copy(source._style)  # type: ignore[union-attr]  # openpyxl's own way to copy a look
                if isinstance(source.value, str) and source.data_type == "f":
                    formula = translated(source.value.removeprefix("="), (row, column), (below, column))
                    cell.value = f"={formula}"

    def restore(self, title: str, state: str) -> bool:
        return False  # openpyxl copies no sheet from one workbook to another

    def show_rows(self, title: str, first: int, last: int, heights: Sequence[float | None]) -> None:
        sheet, self._written = self.book[title], True
        for row in range(first, last + 1):
            shown = row < first + len(heights)
            height = heights[row - first] if shown else None
            if height is None:
                sheet.row_dimensions[row].hidden = not shown
            else:
                sheet.row_dimensions[row] = _FittedRow(sheet, index=row, ht=height)

    def show_sheet(self, title: str) -> None:
        self.book[title].sheet_state, self._written = "visible", True

    def save(self, target: Path) -> None:
        files.write_whole(target, self.to_bytes())

    def to_bytes(self) -> bytes:
        """The workbook as the bytes of a file. Raises `Unusable`."""
        return Package(self._saved(), self._name).finished()

    def _saved(self) -> bytes:
        """The workbook as openpyxl writes it."""
        # Whatever is stored, the spreadsheet program is to compute everything itself.
        self.book.calculation.fullCalcOnLoad = True
        for page in self.book.worksheets:
            # openpyxl writes how deep columns are folded before it counts it; uncounted, nothing unfolds them.
            page.column_dimensions.to_tree()
        if self.book.worksheets and not any(page.sheet_view.tabSelected for page in self.book.worksheets):
            self.book.worksheets[0].sheet_view.tabSelected = True
        buffer = io.BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()


_MOST_MERGED = 100_000
"""Cells of a merged area, each of which openpyxl holds as an object; an area may be as large as somebody wrote."""


def _usable(content: bytes, name: str) -> bytes:
    """The package with the slashes and the spelling that openpyxl wants, once its merged areas are known not to be
    too large."""
    try:
        archive = Archive(content)
        book = Book(archive)
        spelling = [part for part in (*book.parts.values(), *_texts(archive)) if b"x005F_" in archive.read(part)]
        for part in spelling:
            archive.write(part, marked_twice(archive.read(part)))
        for title, part in book.parts.items():
            merged = (area(text.decode()) for text in MERGED.findall(recoded(archive.read(part))))
            if any(one and one.size > _MOST_MERGED for one in merged):
                raise Unusable(Finding(Code.SHEET_UNSAFE, title, values={"file": name}))
        return archive.packed() if archive.renamed or spelling else content
    except _BROKEN as error:
        raise _damaged(error, name) from error


def _texts(archive: Archive) -> list[str]:
    """The parts that hold the texts of all sheets."""
    return [name for name in archive.names if name.casefold().endswith("sharedstrings.xml")]


def _value(cell: Any) -> Value:
    """An openpyxl cell's value in the port's terms."""
    if cell.data_type == "e":
        return CellError(str(cell.value))
    value: Value = str(cell.value) if isinstance(cell.value, CellRichText) else cell.value
    return meant(value) if isinstance(value, str) else value


class _FittedRow(RowDimension):
    """A row whose height we estimated. It is not marked as a person's choice, so a spreadsheet program
    fits it anew when somebody edits the row."""

    customHeight = False  # noqa: N815 (openpyxl's name)


# openpyxl has no exception of its own for a broken package; an XML error is a SyntaxError.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    RuntimeError,
    ValueError,
    TypeError,
    AttributeError,
    StopIteration,
    OSError,
    SyntaxError,
)


@contextmanager
def _quiet() -> Iterator[None]:
    """openpyxl warns on standard error of what it will drop; `losses` says so to the user instead."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _quiet_load(content: bytes, **options: bool) -> Workbook:
    with _quiet():
        return openpyxl.load_workbook(io.BytesIO(content), **options)


def _load(content: bytes, name: str) -> Workbook:
    try:
        return _quiet_load(content, rich_text=True)
    except _BROKEN as error:
        raise _damaged(error, name) from error


def _damaged(error: Exception, name: str) -> Unusable:
    return Unusable(Finding(Code.FILE_DAMAGED, values={"file": name, "detail": str(error)}))
