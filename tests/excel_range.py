"""A range of the stand-in for Excel, and how its objects are watched."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula
from xlwings import base_classes

from tests import excel_cells
from tests.excel_cells import REFUSED, ComError

if TYPE_CHECKING:
    from tests.fake_excel import Excel, Sheet


class Watched:
    """An object of Excel; each use of its methods and properties is a call that `Excel.trap` sees."""

    excel: Excel

    def __init_subclass__(cls) -> None:
        for name, member in list(vars(cls).items()):
            if isinstance(member, property):
                setattr(cls, name, property(*(_seen(cls, name, part) for part in (member.fget, member.fset))))
            elif callable(member) and (not name.startswith("_") or name in ("__call__", "__len__")):
                setattr(cls, name, _seen(cls, name, member))


_OTHERWISE = {"raw_value": "Value", "autofit": "AutoFit", "row_hidden": "Hidden"}
"""What Excel does not call as xlwings does."""


def excels(name: str) -> str:
    """Excel's name for what xlwings calls so."""
    return _OTHERWISE.get(name) or "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def _seen(cls: type, name: str, function: Any) -> Any:
    if function is None:
        return None
    known = name if name.startswith("_") else excels(name)

    @functools.wraps(function)
    def called(self: Watched, *args: Any, **options: Any) -> Any:
        setting = name != "__call__" and len(args) == 1 and not options and isinstance(vars(cls)[name], property)
        self.excel.called(f"{cls.__name__}.{known}{'=' if setting else ''}")
        return function(self, *args, **options)

    return called


class Range(Watched, base_classes.Range):
    """A rectangle of cells; whole rows are as wide as the sheet."""

    max_cells_per_read = max_cells_per_write = None
    has_array = False

    def __init__(self, sheet: Sheet, top: int, left: int, bottom: int, right: int) -> None:
        self.excel, self._sheet = sheet.excel, sheet
        self.box = (top, left, bottom, right)

    sheet = property(lambda self: self._sheet)
    api = property(lambda self: self)
    address = property(lambda self: self._address())
    row = property(lambda self: self.box[0])
    column = property(lambda self: self.box[1])
    shape = property(lambda self: (self.box[2] - self.box[0] + 1, self.box[3] - self.box[1] + 1))

    def whole_rows(self) -> Range:
        return Range(self._sheet, self.box[0], 1, self.box[2], excel_cells.LAST_COLUMN)

    def row_of(self, number: int) -> Range:
        at = self.box[0] + number - 1
        return Range(self._sheet, at, self.box[1], at, self.box[3])

    def __len__(self) -> int:
        return (self.box[2] - self.box[0] + 1) * (self.box[3] - self.box[1] + 1)

    def __call__(self, row: Any, column: Any = None) -> Range:
        at = self.box[0] + row - 1, self.box[1] + column - 1
        return Range(self._sheet, *at, *at)

    def _address(self) -> str:
        ends = [f"${get_column_letter(self.box[i + 1])}${self.box[i]}" for i in (0, 2)]
        return ":".join(ends if len(set(ends)) > 1 else ends[:1])

    def _cells(self) -> list[list[Any]]:
        top, left, bottom, right = self.box
        page = self._sheet.page
        return [[page.cell(row, column) for column in range(left, right + 1)] for row in range(top, bottom + 1)]

    def _rows(self) -> Iterator[int]:
        return iter(range(self.box[0], self.box[2] + 1))

    def _refuse_if_protected(self) -> None:
        if self._sheet.page.title in self._sheet.owner.protected:
            raise ComError(REFUSED)

    @property
    def raw_value(self) -> Any:
        owner, title = self._sheet.owner, self._sheet.page.title
        lines = tuple(
            tuple(excel_cells.given(cell, owner.results, title) for cell in line) for line in self._cells()
        )
        return lines if lines != ((lines[0][0],),) else lines[0][0]

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        self._refuse_if_protected()
        lines = value if isinstance(value, list | tuple) else [[value]]
        assert (len(lines), len(lines[0])) == self.shape
        longest = excel_cells.MOST_LETTERS if self.shape == (1, 1) else excel_cells.MOST_IN_ARRAY
        if any(isinstance(one, str) and len(one) > longest for line in lines for one in line):
            raise ComError(REFUSED)
        taken = [
            [excel_cells.taken(new, cell.number_format == "@") for new, cell in zip(line, cells, strict=True)]
            for line, cells in zip(lines, self._cells(), strict=True)
        ]
        for line, cells in zip(taken, self._cells(), strict=True):
            for (kind, new), cell in zip(line, cells, strict=True):
                self._sheet.owner.results.pop((self._sheet.page.title, cell.row, cell.column), None)
                if not isinstance(cell, openpyxl.cell.cell.MergedCell):
                    cell.value = new
                    cell.data_type = kind or cell.data_type

    @property  # type: ignore[misc] # xlwings names a setter of its own
    def formula(self) -> Any:
        tables = excel_cells.data_tables(self._sheet.page)
        lines = tuple(tuple(excel_cells.as_formula(cell, tables) for cell in line) for line in self._cells())
        return lines if lines != ((lines[0][0],),) else lines[0][0]

    @property
    def number_format(self) -> str | None:
        codes = {cell.number_format for line in self._cells() for cell in line}
        return codes.pop() if len(codes) == 1 else None

    @number_format.setter
    def number_format(self, code: str) -> None:
        for line in self._cells():
            for cell in line:
                cell.number_format = code

    @property
    def HasArray(self) -> bool:  # noqa: N802 (Excel's name)
        return isinstance(self._cells()[0][0].value, ArrayFormula)

    HasSpill = False

    @property
    def Formula(self) -> str:  # noqa: N802 (Excel's name)
        return excel_cells.as_formula(self._cells()[0][0], excel_cells.data_tables(self._sheet.page))

    @property
    def CurrentArray(self) -> Any:  # noqa: N802 (Excel's name)
        top, _, bottom, _ = excel_cells.box(self._cells()[0][0].value.ref)
        return SimpleNamespace(Row=top, Rows=SimpleNamespace(Count=bottom - top + 1))

    def Cut(self, target: Range) -> None:  # noqa: N802 (Excel's name)
        """Whole rows only: all that hangs on them comes along, and whoever named their cells names them there."""
        self._refuse_if_protected()
        old, new = self.box[0], target.box[0]
        assert self.shape == target.shape and self.shape[0] == 1 and self.box[1] == 1, "one whole row"
        excel_cells.move_row(self._sheet.owner, self._sheet.page, old, new)

    def Insert(self) -> None:  # noqa: N802 (Excel's name)
        self._refuse_if_protected()
        excel_cells.insert_rows(self._sheet.owner, self._sheet.page, self.box[0], self.box[2])

    def Copy(self, target: Range) -> None:  # noqa: N802 (Excel's name)
        """A whole row, which holds nothing or is emptied where it is copied to: its looks."""
        for row in target._rows():
            excel_cells.copy_looks(self._sheet.page, self.box[0], row)

    def ClearContents(self) -> None:  # noqa: N802 (Excel's name)
        for cell in self._held():
            cell.value = None

    def _held(self) -> list[Any]:
        """The cells that are there: a whole row has 16,384 columns."""
        rows = range(self.box[0], self.box[2] + 1)
        return [cell for (row, _), cell in self._sheet.page._cells.items() if row in rows]

    def Delete(self) -> None:  # noqa: N802 (Excel's name)
        self._refuse_if_protected()
        excel_cells.delete_rows(self._sheet.owner, self._sheet.page, self.box[0], self.box[2])

    def ClearFormats(self) -> None:  # noqa: N802 (Excel's name)
        for cell in self._held():
            cell.style = "Normal"

    def _merges(self) -> list[tuple[int, int, int, int]]:
        top, left, bottom, right = self.box
        boxes = [excel_cells.box(str(area)) for area in self._sheet.page.merged_cells.ranges]
        return [b for b in boxes if b[0] <= bottom and b[2] >= top and b[1] <= right and b[3] >= left]

    @property
    def merge_cells(self) -> bool | None:
        if not self._merges():
            return False
        inside = sum(
            (min(b[2], self.box[2]) - max(b[0], self.box[0]) + 1)
            * (min(b[3], self.box[3]) - max(b[1], self.box[1]) + 1)
            for b in self._merges()
        )
        return True if inside == self.shape[0] * self.shape[1] else None

    def GetValue(self, kind: int) -> str:  # noqa: N802 (Excel's name)
        assert kind == 11, "as XML"
        return excel_cells.as_xml(self._cells(), self._merges())

    @property
    def merge_area(self) -> Range:
        cell = Range(self._sheet, *self.box[:2], *self.box[:2])
        return Range(self._sheet, *cell._merges()[0]) if cell._merges() else cell

    @property
    def row_hidden(self) -> bool | None:
        states = {bool(self._sheet.page.row_dimensions[row].hidden) for row in self._rows()}
        return states.pop() if len(states) == 1 else None

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self._refuse_if_protected()
        for row in self._rows():
            self._sheet.page.row_dimensions[row].hidden = value

    @property
    def row_height(self) -> float | None:
        heights = {self._sheet.page.row_dimensions[row].height for row in self._rows()}
        return heights.pop() if len(heights) == 1 else None

    @row_height.setter
    def row_height(self, value: float) -> None:
        for row in self._rows():
            self._sheet.page.row_dimensions[row].height = value

    def autofit(self, axis: str | None = None) -> None:
        assert axis == "r", "the widths of columns are the agency's"
        for row in self._rows():
            self._sheet.page.row_dimensions[row].height = None
            self._sheet.owner.fitted.add((self._sheet.page.title, row))


class Areas(Watched, base_classes.Range):
    """A range of several areas, as far as it can be used as one."""

    def __init__(self, parts: list[Range]) -> None:
        self.excel, self.parts = parts[0].excel, parts

    address = property(lambda self: ",".join(part._address() for part in self.parts)[:255])
    merge_cells = property(lambda self: self._common([part.merge_cells for part in self.parts]))
    row_hidden = property(lambda self: None, lambda self, value: self._set("row_hidden", value))
    row_height = property(lambda self: None, lambda self, value: self._set("row_height", value))

    def whole_rows(self) -> Areas:
        return Areas([part.whole_rows() for part in self.parts])

    def _set(self, name: str, value: Any) -> None:
        for part in self.parts:
            setattr(part, name, value)

    def _common(self, found: list[Any]) -> Any:
        return found[0] if len({*found}) == 1 else None
