"""A stand-in for Excel behind the real xlwings objects, for tests: an engine over openpyxl workbooks.

It does what is known of Excel where that matters here, and is as unkind: what is put into a cell is taken as if
typed (a number, a date, also in Thai, a formula, an error), a cell of format text makes texts of numbers, errors
come as numbers of their own, protected sheets refuse, a sheet copied from another workbook brings names that refer
back to it. It does not compute: a formula keeps the result that the file holds, or has none.

Every call can be counted and made to fail: `Excel.trap`.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.workbook import Workbook
from xlwings import base_classes

from ita_xl.engines.live.engine import Live
from ita_xl.layout import address
from tests import excel_cells
from tests.excel_cells import NAMES, REFUSED, ComError
from tests.excel_own import VISIBLE, Many, OwnSheet
from tests.excel_range import Areas, Range, Watched, excels

LONGEST_ADDRESS = 255


class Excel:
    """All Excels of a desk, and the engine that xlwings talks to. calls: how often each was used by Excel's own
    name for it, setting a property as "Range.Value=". trap: called before each with its name and number; what it
    raises, Excel raises.
    """

    name, type = "excel", "desktop"

    def __init__(self) -> None:
        self.apps = Apps(self)
        self.calls: Counter[str] = Counter()
        self.trap: Callable[[str, int], None] | None = None
        self.alerts: list[str] = []
        self.answer = "yes"

    def called(self, what: str) -> None:
        self.calls[what] += 1
        if self.trap:
            self.trap(what, self.calls.total())

    @property
    def engine(self) -> Any:
        """What xlwings is to talk to."""
        return self

    def start(self) -> xw.App:
        app = App(self, len(self.apps.running) + 1)
        self.apps.running.append(app)
        return xw.App(impl=self.given(app))

    def given(self, model: Any) -> Any:
        """What xlwings gets of an Excel or a workbook of this desk."""
        return model

    @staticmethod
    def clean_value_data(
        data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool
    ) -> list[list[Any]]:
        def clean(value: Any) -> Any:
            if value in ("", None):
                return empty_as
            if isinstance(value, int) and not isinstance(value, bool) and value in NAMES:
                return NAMES[value] if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        return "" if value is None else value


class Apps(base_classes.Apps):
    def __init__(self, excel: Excel) -> None:
        self.excel = excel
        self.running: list[App] = []

    def keys(self) -> list[int]:
        return [app._pid for app in self.running]

    def __iter__(self) -> Iterator[App]:
        return iter(self.running)

    def __len__(self) -> int:
        return len(self.running)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self.running if app._pid == pid)

    def add(self, *options: Any, **more: Any) -> App:
        raise AssertionError("no Excel is to be started")


class Setting:
    """A property of the application that can be read and set."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, app: App, owner: type) -> Any:
        app.excel.called(f"App.{excels(self.name)}")
        return app.settings[self.name]

    def __set__(self, app: App, value: Any) -> None:
        app.excel.called(f"App.{excels(self.name)}=")
        app.settings[self.name] = value


class App(Watched, base_classes.App):
    screen_updating, display_alerts, enable_events = Setting(), Setting(), Setting()
    calculation, status_bar = Setting(), Setting()

    def __init__(self, excel: Excel, pid: int) -> None:
        self.excel, self._pid = excel, pid
        self.window = 1000 + pid
        self.opened: list[Any] = []
        self.settings: dict[str, Any] = {
            "screen_updating": True,
            "display_alerts": True,
            "enable_events": True,
            "calculation": "automatic",
            "status_bar": False,
        }
        self.calculated = 0
        self.own = SimpleNamespace(ActiveProtectedViewWindow=None)

    engine = property(lambda self: self.excel)
    pid = property(lambda self: self._pid)
    hwnd = property(lambda self: self.window)
    api = property(lambda self: self.own)
    books = property(lambda self: Books(self))
    visible = property(lambda self: True)

    def activate(self, steal_focus: bool = False) -> None:
        assert not steal_focus

    def calculate(self) -> None:
        self.calculated += 1

    def alert(self, prompt: str, title: str, buttons: str, mode: str, callback: str) -> str:
        self.excel.alerts.append(prompt)
        if buttons == "yes_no":
            return self.excel.answer
        return "ok"

    def quit(self) -> None:
        raise AssertionError("no Excel is to be ended")

    kill = quit


class Books(Watched, base_classes.Books):
    def __init__(self, app: App) -> None:
        self.excel, self.app = app.excel, app

    @property
    def active(self) -> Any:
        shown = [book for book in self.app.opened if not book.in_background]
        return shown[-1] if shown else SimpleNamespace(api=None)

    def __call__(self, key: Any) -> Book:
        found: list[Book] = [b for i, b in enumerate(self.app.opened, 1) if key in (i, b.title)]
        if not found:
            raise KeyError(key)
        return found[0]

    def __len__(self) -> int:
        return len(self.app.opened)

    def __iter__(self) -> Iterator[Book]:
        return iter(self.app.opened)

    def open(self, fullname: str, update_links: Any = None, read_only: Any = None, *others: Any) -> Book:
        path = Path(fullname)
        assert path.name not in [book.title for book in self.app.opened], "Excel refuses two of one name"
        book = Book(self.app, path.read_bytes(), path.name, fullname)
        book.own.ReadOnly = bool(read_only)
        self.app.opened.append(book)
        return book


class Book(Watched, base_classes.Book):
    """title: its name. address: what Excel says of its place. in_background: open without a window."""

    def __init__(self, app: App, content: bytes, title: str, address: str | None = None) -> None:
        self.excel, self.owner, self.title = app.excel, app, title
        self.pages: Workbook = openpyxl.load_workbook(io.BytesIO(content))
        self.results = excel_cells.results(content)
        self.in_background = False
        self.fitted: set[tuple[str, int]] = set()
        self.protected: set[str] = set()
        self.own = SimpleNamespace(
            FullName=address or title,
            ReadOnly=False,
            Saved=True,
            ProtectStructure=False,
            SaveCopyAs=self.save_copy,
            PivotCaches=Many,
        )

    app = property(lambda self: self.owner)
    name = property(lambda self: self.title)
    api = property(lambda self: self.own)
    sheets = property(lambda self: Sheets(self))
    names = property(lambda self: Names(self))

    @property
    def fullname(self) -> str:
        assert "://" not in self.own.FullName, "xlwings fails on addresses"
        return str(self.own.FullName)

    def close(self) -> None:
        self.owner.opened.remove(self)

    def activate(self) -> None:
        pass

    def save_copy(self, path: str) -> None:
        Path(path).write_bytes(self.content())

    def content(self) -> bytes:
        """The workbook as a file's bytes; no call."""
        for page in self.pages.worksheets:
            page.column_dimensions.to_tree()  # as in `by_openpyxl`
        buffer = io.BytesIO()
        self.pages.save(buffer)
        return buffer.getvalue()


class Names(Watched, base_classes.Names):
    def __init__(self, book: Book) -> None:
        self.excel, self.book = book.excel, book

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name, Name(self.book, name)) for name in self.book.pages.defined_names]

    def __call__(self, key: Any) -> Name:
        return Name(self.book, list(self.book.pages.defined_names)[key - 1] if isinstance(key, int) else key)

    def __len__(self) -> int:
        return len(self.book.pages.defined_names)

    def contains(self, name: str) -> bool:
        return name in self.book.pages.defined_names

    def add(self, name: str, refers_to: str) -> Name:
        self.book.pages.defined_names[name] = DefinedName(name, attr_text=refers_to.removeprefix("="))
        return Name(self.book, name)


class Name(Watched, base_classes.Name):
    def __init__(self, book: Book, name: str) -> None:
        self.excel, self.book, self.called_ = book.excel, book, name

    name = property(lambda self: self.called_)
    api = property(lambda self: self)

    @property
    def Visible(self) -> bool:  # noqa: N802 (Excel's name)
        return not self.book.pages.defined_names[self.called_].hidden

    @Visible.setter
    def Visible(self, value: bool) -> None:  # noqa: N802 (Excel's name)
        self.book.pages.defined_names[self.called_].hidden = not value

    @property
    def refers_to(self) -> str:
        return f"={self.book.pages.defined_names[self.called_].attr_text}"

    @refers_to.setter
    def refers_to(self, cells: str) -> None:
        self.book.pages.defined_names[self.called_].attr_text = cells.removeprefix("=")

    def delete(self) -> None:
        del self.book.pages.defined_names[self.called_]


class Sheets(Watched, base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.excel, self.book = book.excel, book

    active = property(lambda self: Sheet(self.book, self.book.pages.active))

    def __call__(self, key: Any) -> Sheet:
        pages = self.book.pages
        return Sheet(self.book, pages.worksheets[key - 1] if isinstance(key, int) else pages[key])

    def __len__(self) -> int:
        return len(self.book.pages.worksheets)

    def __iter__(self) -> Iterator[Sheet]:
        return iter([Sheet(self.book, page) for page in self.book.pages.worksheets])


class Sheet(Watched, base_classes.Sheet):
    def __init__(self, book: Book, page: Any) -> None:
        self.excel, self.owner, self.page = book.excel, book, page

    api = property(OwnSheet)
    book = property(lambda self: self.owner)
    name = property(lambda self: self.page.title)
    index = property(lambda self: self.owner.pages.index(self.page) + 1)
    visible = property(
        lambda self: VISIBLE[self.page.sheet_state],
        lambda self, value: setattr(self.page, "sheet_state", "visible" if value else "hidden"),
    )

    def cells(self) -> list[Any]:
        return list(self.page._cells.values())

    used_range = property(lambda self: Range(self, *excel_cells.box(self.page.calculate_dimension())))

    def range(self, first: Any, second: Any = None) -> Any:
        if isinstance(first, str):
            if len(first) > LONGEST_ADDRESS:
                raise ComError(REFUSED)
            parts = [Range(self, *self._box(part)) for part in first.split(",")]
            return parts[0] if len(parts) == 1 else Areas(parts)
        if isinstance(first, Range):
            return Range(self, *first.box[:2], *second.box[2:])
        if len(first) == 4:
            return Range(self, first[0], first[1], first[0] + first[2] - 1, first[1] + first[3] - 1)
        return Range(self, *first, *(second or first))

    def _box(self, text: str) -> tuple[int, int, int, int]:
        """Of an address, or of a name for cells of this sheet."""
        if address.area(text):
            return excel_cells.box(text)
        named = self.owner.pages.defined_names.get(text)
        title, areas = address.sheet_and_areas(named.attr_text) if named else ("", [])
        if title != self.page.title or len(areas) != 1:
            raise ComError(REFUSED)
        return excel_cells.box(str(areas[0]))

    def activate(self) -> None:
        self.owner.pages.active = self.page

    def delete(self) -> None:
        self.owner.pages.remove(self.page)
        self.owner.pages.active = 0

    def copy(self, before: Sheet | None, after: Sheet) -> None:
        if self.page.sheet_state == "veryHidden":
            raise ComError(REFUSED)
        target = after.owner
        taken = {title.casefold() for title in target.pages.sheetnames}
        title = self.page.title if self.page.title.casefold() not in taken else f"{self.page.title[:27]} (2)"
        excel_cells.copy_page(self.page, target.pages.create_sheet(title))
        for name, meant in self.owner.pages.defined_names.items():
            if name not in target.pages.defined_names:
                target.pages.defined_names[name] = DefinedName(
                    name, attr_text=f"[{self.owner.title}]{meant.attr_text}"
                )
        target.pages.active = target.pages[title]


def model(found: xw.App | xw.Book) -> Any:
    """The stand-in's own object behind one of xlwings."""
    return getattr(found.impl, "behind", found.impl)


def book(content: bytes, name: str = "x.xlsx", address: str | None = None, app: xw.App | None = None) -> xw.Book:
    """A workbook that is open in an Excel; in one of its own if none is given."""
    owner = model(app or Excel().start())
    opened = Book(owner, content, name, address)
    owner.opened.append(opened)
    return xw.Book(impl=owner.excel.given(opened))


class Desk(Live):
    """The live engine on a workbook of this Excel, which can be looked at as a file."""

    excel: type[Excel] = Excel

    def __init__(self, content: bytes) -> None:
        super().__init__(book(content, app=self.excel().start()))

    def to_bytes(self) -> bytes:
        self.commit()
        return bytes(model(self.book).content())
