"""Who has a workbook open, by the file that Excel or LibreOffice keeps beside it meanwhile.

A program that crashed leaves that file behind. Only people can tell, so messages say who opened the workbook, when,
and which file is in the way.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from msgspec import Struct

from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.files import shown
from ita_xl.files.windows import reachable

_BUDDHIST = 543
_MOST_BYTES = 1000
"""Of a lock; Excel's have 165."""

_EXCEL_NAME = 55
"""Where Excel's lock holds the user's name: its length in two bytes, then UTF-16."""


class Lock(Struct, frozen=True):
    """names: of the files that say so. owner: who opened the workbook, empty if they do not tell. since: when,
    seconds since 1970."""

    names: tuple[str, ...]
    owner: str
    since: float


def lock_of(path: Path) -> Lock | None:
    """The lock of a workbook that is open somewhere, or was when its program crashed; None for any other."""
    try:
        folder, name = os.path.split(reachable(path))
    except ValueError:
        return None
    paths = [os.path.join(folder, lock) for lock in (f"~${name}", f"~${name[2:]}", f".~lock.{name}#")]
    found = [lock for lock in paths if name and os.path.isfile(lock)]
    if not found:
        return None
    owners = [owner for lock in found if (owner := _owner(lock))]
    return Lock(tuple(map(os.path.basename, found)), next(iter(owners), ""), _changed(found[0]))


def refuse_open(path: Path) -> None:
    """Raises `Unusable` for a file that is open elsewhere, because it is to be replaced."""
    if lock := lock_of(path):
        raise Unusable(_finding(Code.FILE_OPEN_ELSEWHERE, path, lock))


def noted(path: Path) -> list[Finding]:
    """A note on a file that is open elsewhere: what is not saved there is not read."""
    lock = lock_of(path)
    return [_finding(Code.FILE_OPEN_READ_ANYWAY, path, lock)] if lock else []


def _finding(code: Code, path: Path, lock: Lock) -> Finding:
    moment = time.localtime(lock.since)
    told = {"file": shown(path), "locks": ", ".join(lock.names)}
    told |= {"owner": lock.owner or say("locks.unknown"), "owner_en": lock.owner or say("locks.unknown", "en")}
    told["since"] = time.strftime(f"%d/%m/{moment.tm_year + _BUDDHIST} %H:%M", moment)
    told["since_en"] = time.strftime("%Y-%m-%d %H:%M", moment)
    return Finding(code, values=told)


def _owner(lock: str) -> str:
    """The name in a lock; empty if there is none that can be read."""
    try:
        with open(lock, "rb") as stream:
            content = stream.read(_MOST_BYTES)
    except OSError:
        return ""
    if os.path.basename(lock).startswith("~$"):
        start, length = _EXCEL_NAME + 2, int.from_bytes(content[_EXCEL_NAME : _EXCEL_NAME + 2], "little")
        return _tidy(content[start : start + 2 * length].decode("utf-16-le", "replace"))
    # LibreOffice: its user's name, the system's, computer, time, profile, with a backslash before commas in them.
    name, login, *_ = [*re.split(r"(?<!\\),", content.decode("utf-8", "replace")), "", ""]
    return _tidy(name.replace("\\,", ",")) or _tidy(login)


def _tidy(name: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())


def _changed(lock: str) -> float:
    try:
        return os.path.getmtime(lock)
    except OSError:  # it went away meanwhile
        return time.time()
