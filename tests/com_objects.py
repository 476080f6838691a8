"""Excel's objects as they are below COM: what each has by Excel's own names, over the workbooks of `fake_excel`.

Nothing here knows how a call comes: `com_boundary` brings it, through the real pywin32 where there is one. A class
says what Excel's type library says: a property of the class is a property, anything else that can be called a
method; `_value_` is the default member, `_items_` what a collection is gone through by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from tests import excel_own, excel_range, fake_excel
from tests.excel_cells import REFUSED, ComError

UNKNOWN_NAME, NO_MEMBER = -2147352570, -2147352573
"""What IDispatch answers for a name that an object does not have, and for a use that the name does not allow."""

CALCULATION = {"automatic": -4105, "manual": -4135, "semiautomatic": 2}
MIXED = None
"""What a property of a range says where its cells differ."""


class Desk(fake_excel.Excel):
    """The stand-in whose calls are counted where COM would carry them: `calls` and `trap` see nothing else."""

    def called(self, what: str) -> None:
        """Within Excel nothing is carried."""

    def carried(self, what: str) -> None:
        super().called(what)


class Served:
    """An object of Excel. model: what it stands for."""

    def __init__(self, desk: Desk, model: Any) -> None:
        self.desk, self.model = desk, model

    @property
    def kind(self) -> str:
        return type(self).__name__

    def has(self, name: str) -> bool:
        return hasattr(type(self), name)

    def is_method(self, name: str) -> bool:
        return not isinstance(getattr(type(self), name), property)

    def member(self, name: str, args: Sequence[Any], *, put: bool) -> Any:
        """Do what a call asks for. Raises `ComError`."""
        if not self.has(name):
            raise ComError(NO_MEMBER)
        self.desk.carried(f"{self.kind}.{name}{'=' if put else ''}")
        if put:
            return setattr(self, name, *args)
        found = getattr(self, name)
        return found(*args) if self.is_method(name) else found


class Collection(Served):
    """Objects that are counted from 1, or asked for by name."""

    def _items_(self) -> list[Any]:
        return list(self.model)

    Count = property(lambda self: len(self._items_()))

    def _value_(self, key: Any) -> Any:
        items = self._items_()
        named = [item for item in items if getattr(item, "Name", None) == key]
        if isinstance(key, str):
            return named[0] if named else _refuse()
        return items[int(key) - 1] if 0 < int(key) <= len(items) else _refuse()

    Item = _value_


def _refuse() -> Any:
    raise ComError(REFUSED)


class Plain(Served):
    """An object of which a test says all: what the model has, it has."""

    def has(self, name: str) -> bool:
        return hasattr(self.model, name)

    def is_method(self, name: str) -> bool:
        return callable(getattr(self.model, name))

    def member(self, name: str, args: Sequence[Any], *, put: bool) -> Any:
        if not self.has(name):
            raise ComError(NO_MEMBER)
        self.desk.carried(f"{self.kind}.{name}{'=' if put else ''}")
        if put:
            return setattr(self.model, name, *args)
        found = getattr(self.model, name)
        return served(self.desk, found(*args) if callable(found) else found)


def served(desk: Desk, found: Any) -> Any:
    """What a test put into a model, as Excel would give it."""
    if isinstance(found, list | set):
        return Collection(desk, [served(desk, one) for one in found])
    if isinstance(found, SimpleNamespace | excel_own.Link):
        return Plain(desk, found)
    return found


def _setting(name: str) -> property:
    return property(
        lambda self: self.model.settings[name], lambda self, value: self.model.settings.__setitem__(name, value)
    )


class App(Served):
    model: fake_excel.App
    ScreenUpdating, DisplayAlerts = _setting("screen_updating"), _setting("display_alerts")
    EnableEvents, StatusBar = _setting("enable_events"), _setting("status_bar")
    Application = property(lambda self: self)
    Hwnd = property(lambda self: self.model.hwnd)
    Workbooks = property(lambda self: Books(self.desk, self.model))
    ActiveProtectedViewWindow = property(lambda self: served(self.desk, self.model.own.ActiveProtectedViewWindow))

    @property
    def Calculation(self) -> int:
        return CALCULATION[self.model.settings["calculation"]]

    @Calculation.setter
    def Calculation(self, value: int) -> None:
        self.model.settings["calculation"] = next(name for name, one in CALCULATION.items() if one == value)

    @property
    def ActiveWorkbook(self) -> Book | None:
        active = self.model.books.active
        return None if active.api is None else Book(self.desk, active)

    def Calculate(self) -> None:
        self.model.calculate()


class Books(Collection):
    model: fake_excel.App
    Application = property(lambda self: App(self.desk, self.model))

    def _items_(self) -> list[Any]:
        return [Book(self.desk, book) for book in self.model.opened]

    def Open(self, name: str, links: Any = None, read_only: Any = None, *others: Any) -> Book:
        return Book(self.desk, self.model.books.open(name, links, read_only))


class Book(Served):
    model: fake_excel.Book
    Name = property(lambda self: self.model.title)
    Application = property(lambda self: App(self.desk, self.model.owner))
    Worksheets = property(lambda self: Sheets(self.desk, self.model))
    Names = property(lambda self: Names(self.desk, self.model))
    ActiveSheet = property(lambda self: Sheet(self.desk, self.model.sheets.active))
    FullName = property(lambda self: self.model.own.FullName)
    ReadOnly = property(lambda self: self.model.own.ReadOnly)
    Saved = property(lambda self: self.model.own.Saved)
    ProtectStructure = property(lambda self: self.model.own.ProtectStructure)

    def has(self, name: str) -> bool:
        """A test takes from an Excel what others do not have."""
        given = ("FullName", "ReadOnly", "Saved", "ProtectStructure", "SaveCopyAs")
        return super().has(name) and (name not in given or hasattr(self.model.own, name))

    def PivotCaches(self) -> Collection:
        return Collection(self.desk, [])

    def Activate(self) -> None:
        self.model.activate()

    def SaveCopyAs(self, path: str) -> None:
        self.model.own.SaveCopyAs(path)

    def Close(self, SaveChanges: Any = None) -> None:
        self.model.close()


class Names(Collection):
    model: fake_excel.Book

    def _items_(self) -> list[Any]:
        return [Name(self.desk, name) for _, name in self.model.names.snapshot()]

    def Add(self, name: str, refers_to: str) -> Name:
        return Name(self.desk, self.model.names.add(name, refers_to))


class Name(Served):
    model: fake_excel.Name
    Name = property(lambda self: self.model.called_)
    RefersTo = property(
        lambda self: self.model.refers_to, lambda self, cells: setattr(self.model, "refers_to", cells)
    )
    Visible = property(lambda self: self.model.Visible, lambda self, value: setattr(self.model, "Visible", value))

    def Delete(self) -> None:
        self.model.delete()


class Sheets(Collection):
    model: fake_excel.Book
    Parent = property(lambda self: Book(self.desk, self.model))

    def _items_(self) -> list[Any]:
        return [Sheet(self.desk, sheet) for sheet in self.model.sheets]


class Sheet(Served):
    model: fake_excel.Sheet
    Name = property(lambda self: self.model.page.title)
    Index = property(lambda self: self.model.index)
    Parent = property(lambda self: Book(self.desk, self.model.owner))
    UsedRange = property(lambda self: Range(self.desk, self.model.used_range))
    Visible = property(lambda self: self.model.api.Visible, lambda self, value: self._show(value))
    ProtectContents = property(lambda self: self.model.api.ProtectContents)
    ProtectionMode = property(lambda self: self.model.api.ProtectionMode)
    AutoFilterMode = property(lambda self: self.model.api.AutoFilterMode)
    AutoFilter = property(lambda self: served(self.desk, self.model.api.AutoFilter))
    Comments = property(lambda self: served(self.desk, self.model.api.Comments))
    Hyperlinks = property(lambda self: served(self.desk, self.model.api.Hyperlinks))
    Shapes = property(lambda self: served(self.desk, self.model.api.Shapes))
    ListObjects = property(lambda self: served(self.desk, self.model.api.ListObjects))

    def _show(self, value: int) -> None:
        self.model.api.Visible = -1 if value is True else int(value)

    def PivotTables(self) -> Collection:
        return Collection(self.desk, [])

    def Range(self, first: Any, second: Any = None) -> Range:
        if isinstance(first, str):
            return Range(self.desk, self.model.range(first))
        return Range(self.desk, self.model.range(first.model, second.model))

    def Cells(self, row: int, column: int) -> Served:
        return Range(self.desk, self.model.range((row, column)))

    def Activate(self) -> None:
        self.model.activate()

    def Delete(self) -> None:
        self.model.delete()

    def Copy(self, Before: Any = None, After: Any = None) -> None:
        self.model.copy(None, After.model)


class Range(Served):
    model: excel_range.Range
    Row = property(lambda self: self.model.box[0])
    Column = property(lambda self: self.model.box[1])
    Rows = property(lambda self: Range(self.desk, self.model))
    EntireRow = property(lambda self: Range(self.desk, self.model.whole_rows()))
    Count = property(lambda self: self.model.shape[0])
    Columns = property(lambda self: Columns(self.desk, self.model))
    Worksheet = property(lambda self: Sheet(self.desk, self.model.sheet))
    Address = property(lambda self: self.model.address)
    MergeCells = property(lambda self: self.model.merge_cells)
    MergeArea = property(lambda self: Range(self.desk, self.model.merge_area))
    HasArray = property(lambda self: self.model.HasArray)
    HasSpill = property(lambda self: False)
    Value = property(
        lambda self: self.model.raw_value, lambda self, value: setattr(self.model, "raw_value", typed(value))
    )
    Formula = property(lambda self: self.model.formula)
    CurrentArray = property(lambda self: served(self.desk, self.model.CurrentArray))
    NumberFormat = property(
        lambda self: self.model.number_format, lambda self, code: setattr(self.model, "number_format", code)
    )
    Hidden = property(
        lambda self: self.model.row_hidden, lambda self, value: setattr(self.model, "row_hidden", bool(value))
    )
    RowHeight = property(
        lambda self: self.model.row_height, lambda self, value: setattr(self.model, "row_height", value)
    )

    def Item(self, number: int) -> Range:
        return Range(self.desk, self.model.row_of(number))

    def _value_(self, row: int, column: int) -> Range:
        return Range(self.desk, self.model(row, column))

    def GetValue(self, kind: int) -> str:
        return self.model.GetValue(kind)

    def AutoFit(self) -> None:
        self.model.autofit("r")

    def Insert(self) -> None:
        self.model.Insert()

    def Delete(self) -> None:
        self.model.Delete()

    def ClearContents(self) -> None:
        self.model.ClearContents()

    def ClearFormats(self) -> None:
        self.model.ClearFormats()

    def Cut(self, target: Range) -> None:
        self.model.Cut(target.model)

    def Copy(self, target: Range) -> None:
        self.model.Copy(target.model)


class Columns(Served):
    model: excel_range.Range
    Count = property(lambda self: self.model.shape[1])


def typed(value: Any) -> Any:
    """What arrives is as a VARIANT carries it: moments have a zone, which Excel does not know."""
    if isinstance(value, list | tuple):
        return tuple(typed(one) for one in value)
    return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value
