"""The openpyxl adapter: reference implementation of the port, and the way new workbooks are made.

openpyxl rewrites a whole workbook and drops what it does not know (`fidelity`), so it never saves a
clerk's workbook that holds such things.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.formula import ArrayFormula

from ita_xl import files
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.workbook.port import CellError, Formula, Grid, Uncomputed, Value, Written


class Headless:
    """A workbook held by openpyxl. Satisfies `Port`."""

    def __init__(self, book: Workbook, content: bytes | None = None) -> None:
        self.book = book
        self._content = content

    @classmethod
    def open(cls, path: Path) -> Headless:
        """Read a file. Raises `Unusable` when it cannot be read as a workbook."""
        return cls.from_bytes(files.read_package(path), path.name)

    @classmethod
    def from_bytes(cls, content: bytes, name: str) -> Headless:
        """Read a file's bytes; the name is for messages. Raises `Unusable`."""
        return cls(_load(content, name), content)

    @cached_property
    def _results(self) -> Workbook | None:
        """The same workbook with stored results in place of formulas; loaded only if there are any."""
        if self._content is None:
            return None
        return openpyxl.load_workbook(io.BytesIO(self._content), data_only=True)

    def sheets(self) -> list[str]:
        return [sheet.title for sheet in self.book.worksheets]

    def read(self, title: str) -> Grid:
        sheet = self.book[title]
        cells: dict[tuple[int, int], Value] = {}
        formulas: set[tuple[int, int]] = set()
        for cells_of_row in sheet.iter_rows():
            for cell in cells_of_row:
                value = cell.value
                if value is None:
                    continue
                at = (cell.row, cell.column)
                if cell.data_type == "f":
                    formulas.add(at)
                    cells[at] = self._result(title, at, value)
                elif cell.data_type == "e":
                    cells[at] = CellError(str(value))
                else:
                    cells[at] = str(value) if isinstance(value, CellRichText) else value
        merged = tuple(str(area) for area in sheet.merged_cells.ranges)
        return Grid(cells, merged, frozenset(formulas))

    def _result(self, title: str, at: tuple[int, int], formula: Any) -> Value:
        text = formula.text if isinstance(formula, ArrayFormula) else str(formula)
        if self._results is None:
            return Uncomputed(text)
        cell = self._results[title].cell(*at)
        if cell.value is None:
            return Uncomputed(text)
        return CellError(str(cell.value)) if cell.data_type == "e" else cell.value

    def write(self, title: str, row: int, column: int, values: Sequence[Sequence[Written]]) -> None:
        sheet = self.book[title]
        for down, row_values in enumerate(values):
            for across, value in enumerate(row_values):
                cell = sheet.cell(row + down, column + across)
                if isinstance(value, Formula):
                    cell.value = value.text
                elif isinstance(value, str):
                    cell.value = files.without_control_characters(value)
                    cell.data_type = "s"
                else:
                    cell.value = value

    def show_rows(self, title: str, first: int, last: int, heights: Sequence[float | None]) -> None:
        sheet = self.book[title]
        for row in range(first, last + 1):
            shown = row < first + len(heights)
            height = heights[row - first] if shown else None
            if height is None:
                sheet.row_dimensions[row].hidden = not shown
            else:
                sheet.row_dimensions[row] = _FittedRow(sheet, index=row, ht=height)

    def show_sheet(self, title: str) -> None:
        self.book[title].sheet_state = "visible"

    def save(self, target: Path) -> None:
        files.write_whole(target, self.to_bytes())

    def to_bytes(self) -> bytes:
        """The workbook as the bytes of a file."""
        # Results of formulas are not stored by openpyxl: ask the spreadsheet program to compute them.
        self.book.calculation.fullCalcOnLoad = True
        buffer = io.BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()


class _FittedRow(RowDimension):
    """A row whose height we estimated. It is not marked as a person's choice, so a spreadsheet program
    fits it anew when somebody edits the row."""

    customHeight = False  # noqa: N815 (openpyxl's name)


def _load(content: bytes, name: str) -> Workbook:
    try:
        return openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError, SyntaxError) as error:
        # openpyxl has no exception of its own for a broken package; an XML error is a SyntaxError.
        raise Unusable(Finding("E104", values={"file": name, "detail": str(error)})) from error
