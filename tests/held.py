"""A file that another program has open, as Windows has it: it may be read, but not replaced or removed."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DENIED = 5
"""What Windows answers (ERROR_ACCESS_DENIED); 32 is a sharing violation."""


class Held(PermissionError):
    """What Python raises on Windows, where only there an error has a number of the system's own."""

    winerror = DENIED


def under_wine() -> bool:
    """Whether this Windows is Wine, which does not do all that it says it did."""
    return sys.platform == "win32" and hasattr(ctypes.windll.ntdll, "wine_get_version")


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another program has the file open: really on Windows, elsewhere by what it would answer."""
    if os.name == "nt":
        with path.open("rb"):
            yield
        return
    replace = os.replace

    def refuse(source: str, target: str) -> None:
        if os.path.realpath(target) == os.path.realpath(path):
            raise Held(13, "Permission denied")
        replace(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        yield
