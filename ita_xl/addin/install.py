"""Put the add-in into a user's own folders, and take it out again without a trace. Needs no administrator."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable, Iterator
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
    missing = [folder for folder in _folders(desk) if not folder.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        files.write_whole(target, build(str(desk.windowless)))
        with contextlib.suppress(Unusable):  # then empty folders are left one day
            _note(desk, missing)
    except OSError as error:
        raise _refused(target, error) from error
    except Unusable as error:
        _remove_empty(missing)
        if isinstance(error.__cause__, PermissionError) and target.exists():
            raise _refused(target, error.__cause__) from error
        raise
    with contextlib.suppress(OSError):
        desk.mark_of_the_web.unlink()
    findings = list(_make_shortcuts(desk))
    if not target.exists():
        findings.append(Finding(Code.ADDIN_TAKEN_AWAY, values={"file": str(target)}))
    return findings


def uninstall(desk: Desk) -> bool:
    """Remove all that `install` and the buttons wrote, and empty folders that were not there before us.
    True if there was anything.

    Raises `Unusable` when Excel holds the add-in open.
    """
    logs = desk.logs.glob("ita_xl*.log")
    made = _noted(desk)
    ours = (desk.addin, desk.mark_of_the_web, *desk.shortcuts, desk.note, *logs)
    found = [path for path in ours if path.exists()]
    for path in found:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _refused(path, error) from error
    if desk.generated.exists():
        shutil.rmtree(desk.generated, ignore_errors=True)
    _remove_empty([*made, *(path.parent for path in desk.shortcuts), desk.note.parent, desk.logs, desk.logs.parent])
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


def _note(desk: Desk, made: Iterable[Path]) -> None:
    """Remember which folders of Excel were not there before us."""
    if made := list(dict.fromkeys([*_noted(desk), *made])):
        files.make_folder(desk.note.parent)
        files.write_whole(desk.note, "\n".join(map(str, made)).encode())


def _noted(desk: Desk) -> list[Path]:
    """Those folders, the deepest first. Only folders above our files count, whatever somebody wrote there."""
    try:
        named = {Path(line) for line in desk.note.read_text(encoding="utf-8").splitlines()}
    except (OSError, ValueError):
        return []
    return [folder for folder in _folders(desk) if folder in named]


def _folders(desk: Desk) -> list[Path]:
    """All above the add-in and the entries of the Start menu, the deepest first of each."""
    entries = list(desk.shortcuts)[:1]
    return list(dict.fromkeys(folder for path in (*entries, desk.addin) for folder in path.parents))


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):  # not empty, or not there
            folder.rmdir()


def _refused(target: Path, error: OSError) -> Unusable:
    """A file that is there and may not be touched is one that Excel has open."""
    in_use = isinstance(error, PermissionError) and target.exists()
    values = {"file": target.name, "detail": error.strerror or str(error)}
    return Unusable(Finding(Code.ADDIN_FILE_LOCKED if in_use else Code.FILE_UNWRITABLE, values=values))
