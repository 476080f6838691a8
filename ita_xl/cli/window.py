"""The command that opens the window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from ita_xl.cli.common import FILE, LANG, Command, Exit
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable


@click.command(cls=Command)
@click.argument("given", type=FILE, nargs=-1, metavar="[FILE.xlsx]")
@LANG
def window(given: tuple[Path, ...], lang: str) -> Exit:
    """Open a window with buttons for all of this. (เปิดหน้าต่างโปรแกรม)"""
    try:
        import tkinter
    except ImportError as error:
        raise Unusable(Finding(Code.NO_WINDOW, values={"detail": str(error)})) from error
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        raise Unusable(Finding(Code.NO_WINDOW, values={"detail": "DISPLAY"}))
    from ita_xl.window import view

    try:
        view.start(given)
    except tkinter.TclError as error:
        raise Unusable(Finding(Code.NO_WINDOW, values={"detail": str(error)})) from error
    return Exit.CLEAN
