"""Put the add-in into a user's own folders, and take it out again without a trace. Needs no administrator."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from ita_xl import files
from ita_xl.addin.build import build
from ita_xl.addin.desk import WINDOWS, Desk
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable

_STORE = ("windowsapps", "pythonsoftwarefoundation")


def install(desk: Desk) -> list[Finding]:
    """Write the add-in and the Start menu's entries; returns what did not go as wished. Installing again renews.

    Raises `Unusable` when the add-in itself cannot be installed; then nothing has changed.
    """
    target = desk.addin
    wrong = list(interpreter_findings(desk))
    if wrong:
        raise Unusable(*wrong)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        files.write_whole(target, build(str(desk.windowless)))
    except OSError as error:
        raise _refused(target, error) from error
    except Unusable as error:
        _remove_empty(target.parent, desk.home)
        if isinstance(error.__cause__, PermissionError) and target.exists():
            raise _refused(target, error.__cause__) from error
        raise
    with contextlib.suppress(OSError):
        desk.mark_of_the_web.unlink()
    return list(_make_shortcuts(desk))


def uninstall(desk: Desk) -> bool:
    """Remove all that `install` wrote and the buttons logged, and folders that are empty then. True if there was
    anything.

    Raises `Unusable` when Excel holds the add-in open.
    """
    logs = desk.logs.glob("ita_xl*.log")
    found = [path for path in (desk.addin, desk.mark_of_the_web, *desk.shortcuts, *logs) if path.exists()]
    for path in found:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _refused(path, error) from error
    for path in (desk.addin, *desk.shortcuts):
        _remove_empty(path.parent, desk.home)
    _remove_empty(desk.logs, desk.logs.parent.parent)
    return bool(found)


def interpreter_findings(desk: Desk) -> Iterator[Finding]:
    """Why the buttons could not start this Python."""
    places = f"{desk.python}|{desk.base}".casefold()
    if desk.system == WINDOWS and any(word in places for word in _STORE):
        yield Finding(Code.STORE_PYTHON, values={"path": str(desk.python)})
    elif not desk.windowless.exists():
        yield Finding(Code.PYTHON_GONE, values={"path": str(desk.windowless)})


def _make_shortcuts(desk: Desk) -> Iterator[Finding]:
    """The add-in works without them, so a failure is a warning."""
    try:
        for path, shortcut in desk.shortcuts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write_whole(path, desk.link(shortcut))
    except Exception as error:  # whatever COM and the disk may raise
        yield Finding(Code.START_MENU_INCOMPLETE, values={"detail": str(error)})


def _remove_empty(folder: Path, top: Path) -> None:
    with contextlib.suppress(OSError):  # not empty, or not there
        while folder != top:
            folder.rmdir()
            folder = folder.parent


def _refused(target: Path, error: OSError) -> Unusable:
    """A file that is there and may not be touched is one that Excel has open."""
    in_use = isinstance(error, PermissionError) and target.exists()
    values = {"file": target.name, "detail": error.strerror or str(error)}
    return Unusable(Finding(Code.ADDIN_FILE_LOCKED if in_use else Code.FILE_UNWRITABLE, values=values))
