"""What Windows does otherwise with files: names it keeps for devices, paths that are too long for it, and files
that nobody may replace while a program has them open."""

from __future__ import annotations

import ntpath
import os
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_DENIED, _SHARING, _LOCKED = 5, 32, 33
"""What Windows answers for a file that another program has open. It also denies what a person has no right to."""

_IMPOSSIBLE = {123, 206}
"""What Windows answers for a name that no file can have, and for one that is too long; Python takes the one for a
wrong argument and the other for a file that is not there."""

PATIENCE = 2.0
"""Seconds in which a virus scanner or OneDrive lets go of a file; who has it open in Excel does not."""

_PAUSE = 0.1

_NUMBERED = [f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³"]
_DEVICES = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", *_NUMBERED}
_FORBIDDEN = set('<>:"|?*') | {chr(number) for number in range(32)}

_LONG = 200
"""Letters of a path from which on it is named in the way that knows no limit of 260: names of unfinished files and
of backups are longer than the workbook's."""


def held(error: OSError, replacing: Path | str | None = None) -> bool:
    """Whether another program has a file open, by what Windows answered. replacing: a file that was to be replaced
    or removed: where that is there, a refusal means the same, because a new file beside it could be made."""
    number = getattr(error, "winerror", None)
    return number in (_SHARING, _LOCKED) or (
        number == _DENIED and replacing is not None and os.path.exists(replacing)
    )


def impossible(error: OSError) -> bool:
    """Whether Windows refused a name for itself, however free its place is."""
    return getattr(error, "winerror", None) in _IMPOSSIBLE


def step_in(new: str, place: str, at_last: Callable[[], None]) -> None:
    """Put a finished file in its place, as soon as nobody holds the one that stands there, for `PATIENCE` seconds.

    at_last: called before every try. Raises `OSError`, and whatever at_last raises.
    """
    until = time.monotonic() + PATIENCE
    while True:
        at_last()
        try:
            os.replace(new, place)
            return
        except OSError as error:
            if not held(error, replacing=place) or time.monotonic() > until:
                raise
        time.sleep(_PAUSE)


def remove(path: Path | str) -> None:
    """Take a file of ours away, if it is there; also one that is as read-only as the file it was made beside, which
    Windows would keep. Raises `OSError`."""
    with suppress(OSError):
        if os.name == "nt":
            os.chmod(path, stat.S_IWRITE)
    Path(path).unlink(missing_ok=True)


def reserved(name: str) -> bool:
    """Whether a file of this name would be a device, a hidden stream of another file, or none at all."""
    stem = name.partition(".")[0].rstrip(" ").upper()
    return (
        stem in _DEVICES or bool(set(name) & _FORBIDDEN) or (name != name.rstrip(" .") and name not in (".", ".."))
    )


def unlimited(path: str) -> str:
    """A whole path of Windows as it is written where it may be longer than 260 letters."""
    if len(path) < _LONG or path.startswith("\\\\?\\"):
        return path
    return "\\\\?\\UNC" + path[1:] if path.startswith("\\\\") else "\\\\?\\" + path


def reachable(path: Path | str) -> str:
    """A path as it has to be given to this system. Raises `ValueError` for a name that Windows would not take."""
    given = os.fspath(path)
    if os.name != "nt":
        return given
    if reserved(ntpath.basename(given)):
        raise ValueError(given)
    return unlimited(os.path.abspath(given)) if given else given
