"""What went wrong, in a file of the user's own that messages name: for a person who helps, not for the clerk."""

from __future__ import annotations

import datetime as dt
import platform
import traceback
from pathlib import Path

from ita_xl import __version__

_MOST_BYTES = 500_000


def folder() -> Path:
    """Where this system keeps the logs of a user's programs; nothing but logs lies in it."""
    from platformdirs import user_log_path

    return user_log_path("ita_xl", appauthor=False)


def generated() -> Path:
    """Where pywin32 keeps what it writes about Excel on our behalf; beside the logs, and only on Windows."""
    return folder().parent / "gen_py"


def write(error: BaseException, doing: str) -> str:
    """Append an error with its traceback. Gives the file's name for the message, "-" where none can be written."""
    path = folder() / "ita_xl.log"
    moment = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    lines = traceback.format_exception(error)
    entry = f"{moment} ita_xl {__version__} {platform.platform()} Python {platform.python_version()}: {doing}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > _MOST_BYTES:
            path.replace(path.with_suffix(".old.log"))
        with path.open("a", encoding="utf-8") as stream:
            stream.write(entry + "".join(lines) + "\n")
    except OSError:
        return "-"
    return str(path)
