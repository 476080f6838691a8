"""Excel on the desk: which workbook is meant, patience with a busy Excel, settings put back, and the little that
xlwings' public API lacks.

The only module that imports xlwings, and only inside `library`. Nothing of its PRO parts is used, and no Excel is
started or ended here.
"""

from __future__ import annotations

import atexit
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.live import box

if TYPE_CHECKING:
    from xlwings import App, Book, Sheet

T = TypeVar("T")


# ---- the library ----


def library() -> Any:
    """xlwings with an Excel that it can talk to. Raises `Unusable` on a machine that cannot have one."""
    try:
        box.generate_among_our_files()
        with _without(_UNUSED):
            import xlwings
    except ImportError as error:
        raise Unusable(Finding(Code.EXCEL_NOT_POSSIBLE)) from error
    _tame(sys.modules.get("xlwings._xlwindows"))
    if xlwings.engines.active is None:
        raise Unusable(Finding(Code.EXCEL_NOT_POSSIBLE))
    return xlwings


_UNUSED = ("matplotlib", "numpy", "pandas", "PIL", "plotly", "polars")
"""What xlwings imports where it finds it, to convert what nobody gives it here: most of the time until a button's
process can speak to Excel."""


@contextmanager
def _without(names: Iterable[str]) -> Iterator[None]:
    """Meanwhile modules that are not imported yet cannot be."""
    barred = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(barred))  # type: ignore[arg-type] # None is how Python is told so
    try:
        yield
    finally:
        for name in barred:
            del sys.modules[name]


_ATTEMPTS = 1000
"""How often xlwings repeats one call that Excel rejects; it would go on for ever."""


def _tame(windows: Any) -> None:
    """On Windows a mere import makes xlwings end, when Python exits, every Excel that shows no workbook."""
    if windows is not None:
        atexit.unregister(windows.cleanup)
        windows.N_COM_ATTEMPTS = _ATTEMPTS


# ---- patience ----

PATIENCE = 10.0
"""Seconds for which an action is tried again while Excel is busy."""

_PAUSE = 0.25
_BUSY = {-2147418111, -2147417846, -2146777998}
"""Call rejected by callee; retry later; ignored, because a cell is being edited."""


def patiently(action: Callable[[], T]) -> T:
    """What an action gives, tried again while Excel is busy: only for what may be done twice.

    Raises `Unusable`: E134 if Excel stays busy, E139 if it refuses.
    """
    return _tried(action, PATIENCE)


def once(action: Callable[[], T]) -> T:
    """As `patiently`, for what must not be done twice."""
    return _tried(action, 0)


def _tried(action: Callable[[], T], seconds: float) -> T:
    until = time.monotonic() + seconds
    while True:
        try:
            return action()
        except Unusable:
            raise
        except Exception as error:
            if not _busy(error):
                raise Unusable(Finding(Code.EXCEL_REFUSED)) from error
            if time.monotonic() >= until:
                raise Unusable(Finding(Code.EXCEL_BUSY)) from error
        time.sleep(_PAUSE)


def _busy(error: Exception) -> bool:
    inner = getattr(error, "excepinfo", None) or ()
    return type(error).__name__ == "ExcelBusyError" or bool({getattr(error, "hresult", None), *inner} & _BUSY)


# ---- settings ----

_QUIET = {"display_alerts": False, "enable_events": False, "calculation": "manual", "screen_updating": False}


@contextmanager
def quiet(app: App, status: str) -> Iterator[list[str]]:
    """Excel without flicker, questions and recalculation, and with a text in its status bar; afterwards all is as
    before, whatever happened. Gives the list that then names the settings that could not be put back."""
    lost: list[str] = []

    def put_back(name: str, value: object) -> None:
        try:
            (once if lost else patiently)(partial(setattr, app, name, value))
        except Unusable:
            lost.append(name)

    with ExitStack() as stack:
        for name, value in {**_QUIET, "status_bar": status}.items():
            stack.callback(put_back, name, patiently(partial(getattr, app, name)))
            patiently(partial(setattr, app, name, value))
        yield lost


def calculated(app: App) -> None:
    """Let formulas have their results where a person has switched calculation to manual."""
    if patiently(lambda: app.calculation) == "manual":
        patiently(app.calculate)


def alert(book: Book | None, text: str, title: str) -> bool:
    """Show a text over the workbook's Excel, else over any, else by Windows itself. Gives whether it was seen."""
    with suppress(Exception):
        (book.app if book else library().apps.active).alert(text, title=title)
        return True
    return box.show(text, title)


def agreed(book: Book, text: str, title: str, *, unasked: bool = False) -> bool:
    """Ask over the workbook's Excel. Gives whether the answer was yes. unasked: what it is where nobody could be
    asked."""
    with suppress(Exception):
        return str(app_of(book).alert(text, title=title, buttons="yes_no")) == "yes"
    return unasked


# ---- which workbook ----


def asked_by_excel(words: Sequence[str]) -> tuple[str, int | None]:
    """The workbook's name and the window's number from a command line that VBA made (`--wb=`, `--hwnd=`).

    xlwings would cut a name at an equals sign.
    """
    given = dict(word.removeprefix("--").split("=", 1) for word in words if word.startswith("--") and "=" in word)
    window = given.get("hwnd", "").strip()
    return given.get("wb", "").strip(), int(window) if window.isdigit() else None


def candidates(name: str = "", window: int | None = None) -> list[Book]:
    """The open workbooks that may be meant: those of that name, else the one in front of each Excel.

    window: of the Excel that asks, if it is known. Raises `Unusable` if there is none.
    """
    xlwings = library()
    if not name and window is None and (caller := _caller(xlwings)):
        return [caller]
    apps: list[App] = patiently(lambda: list(xlwings.apps))
    if not apps:
        raise Unusable(Finding(Code.NO_EXCEL))
    if not name:
        return _in_front(apps)
    found = _of_name(apps, name)
    if len(found) > 1 and window is not None:
        asking = _process_of(xlwings, window)
        return [book for book in found if _process(book) == asking] or found
    return found


def _of_name(apps: Iterable[App], name: str) -> list[Book]:
    every = [book for app in apps for book in _books(app)]
    found = [book for book in every if name_of(book).casefold() == name.casefold()]
    if not found:
        names = ", ".join(name_of(book) for book in every)
        raise Unusable(Finding(Code.NO_SUCH_OPEN_WORKBOOK, values={"file": name, "open": names or "-"}))
    return found


def _in_front(apps: Sequence[App]) -> list[Book]:
    if any(_in_protected_view(app) for app in apps):
        raise Unusable(Finding(Code.PROTECTED_VIEW))
    in_front = [book for app in apps if _books(app) and (book := _active(app))]
    if not in_front:
        raise Unusable(Finding(Code.NO_OPEN_WORKBOOK))
    return in_front


def _books(app: App) -> list[Book]:
    return patiently(lambda: list(app.books))


def _process(book: Book) -> int:
    return patiently(lambda: book.app.pid)


def sheets(book: Book, titles: Sequence[str]) -> dict[str, Sheet]:
    """The sheets of a workbook by title. titles: that are expected; where they are all that there are, no sheet is
    asked for its own."""
    held = patiently(lambda: book.sheets)
    if patiently(lambda: len(held)) == len(titles):
        try:
            return {title: patiently(partial(held.__call__, title)) for title in titles}
        except Unusable as error:
            if error.findings[0].code != Code.EXCEL_REFUSED:
                raise
    return patiently(lambda: {sheet.name: sheet for sheet in held})


def name_of(book: Book) -> str:
    return patiently(lambda: book.name)


def app_of(book: Book) -> App:
    return patiently(lambda: book.app)


# ---- Excel's own objects ----
#
# The one place that goes behind xlwings' public API (`.api`, `xlwings._xlwindows`), for what that API lacks: what
# is protected, read-only or in Protected View; a workbook's address without asking OneDrive's settings; copying it
# as it stands; hiding a sheet so that no menu shows it; which Excel called. `moving` does so for whole rows,
# `hanging` for what hangs on them.
# Names are those of Excel for Windows. Where an object has no such name (Mac), each says what is taken instead.


def native(question: Callable[[], T], otherwise: Callable[[], T]) -> T:
    """What Excel's own object says; where it has no such name, what is taken instead."""

    def asked() -> T:
        try:
            return question()
        except Exception as error:
            if not isinstance(error, AttributeError) and getattr(error, "hresult", None) not in _UNKNOWN:
                raise
            return otherwise()

    return patiently(asked)


_UNKNOWN = {-2147352573, -2147352570}
"""Member not found; unknown name: what an older Excel answers for a name that came later."""


def location(book: Book) -> str:
    """Where a workbook is saved: a path, an address with "://", or just its name if it never was.

    xlwings' own `fullname` fails on addresses that it cannot map to a folder.
    """
    return native(lambda: str(book.api.FullName), lambda: str(book.fullname))


def read_only(book: Book) -> bool:
    return native(lambda: bool(book.api.ReadOnly), lambda: False)


def saved(book: Book) -> bool:
    """Whether the open workbook is as it was saved; taken to be so where Excel does not tell."""
    return native(lambda: bool(book.api.Saved), lambda: True)


def protected(sheet: Sheet) -> bool:
    """Whether a sheet's cells are protected, also from programs."""
    return native(lambda: bool(sheet.api.ProtectContents and not sheet.api.ProtectionMode), lambda: False)


def structure_protected(book: Book) -> bool:
    """Whether sheets can be neither added nor shown."""
    return native(lambda: bool(book.api.ProtectStructure), lambda: False)


def hide_for_good(sheet: Sheet) -> None:
    """Hide a sheet so that a person cannot show it by the menu ("very hidden")."""

    def deeply() -> None:
        sheet.api.Visible = 2

    native(deeply, lambda: setattr(sheet, "visible", False))


def hide_name(book: Book, name: str) -> None:
    """Keep a name of ours out of Excel's list of names; where Excel has no such thing, it shows there."""
    native(lambda: setattr(book.names[name].api, "Visible", False), lambda: None)


def copy_as_it_stands(book: Book, path: Path) -> bool:
    """Save a copy of an open workbook, with what is not saved yet; False where Excel offers no such thing."""

    def saved() -> bool:
        book.api.SaveCopyAs(str(path))
        return True

    return native(saved, lambda: False)


def _in_protected_view(app: App) -> bool:
    return native(lambda: app.api.ActiveProtectedViewWindow is not None, lambda: False)


def _active(app: App) -> Book | None:
    """The workbook in front; none if only hidden ones are open."""
    book = patiently(lambda: app.books.active)
    return None if book.api is None else book


def _caller(xlwings: Any) -> Book | None:
    """The workbook that called through xlwings' own RunPython without a command line, or a stand-in in tests."""
    with suppress(Exception):
        caller: Book = xlwings.Book.caller()
        return caller
    return None


def _process_of(xlwings: Any, window: int) -> int:
    """The process of the Excel with a window of that number."""
    windows = sys.modules.get("xlwings._xlwindows")
    if windows is not None:
        return patiently(lambda: int(xlwings.App(impl=windows.App(xl=window)).pid))
    return patiently(lambda: next((app.pid for app in xlwings.apps if app.hwnd == window), 0))
