"""Files and folders given to the program that a system has for them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def open_it(path: Path) -> None:
    """Open a file, or show a folder. Raises `OSError` where the system has no program for it."""
    if sys.platform == "win32":
        os.startfile(path)
        return
    program = "open" if sys.platform == "darwin" else "xdg-open"
    subprocess.Popen(
        [program, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
