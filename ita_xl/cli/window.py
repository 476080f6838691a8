"""The command that opens the window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from ita_xl import log
from ita_xl.cli.common import FILE, LANG, Command, Exit
from ita_xl.data import catalogue, say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable


@click.command(cls=Command)
@click.argument("given", type=FILE, nargs=-1, metavar="[FILE.xlsx]", help="A workbook to begin with.")
@LANG
def window(given: tuple[Path, ...], lang: str) -> Exit:
    """Open a window with buttons for all of this."""
    try:
        _opened(given)
    except Unusable as error:
        _boxed(error.findings[0], lang)
        raise
    except Exception as error:
        _boxed(Finding(Code.PROGRAM_FAILED_WORKBOOK_UNCHANGED, values={"log": log.write(error, "window")}), lang)
        raise
    return Exit.CLEAN


def _opened(given: tuple[Path, ...]) -> None:
    """Stay until the window is closed. Raises `Unusable` where there can be none."""
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


def _boxed(finding: Finding, lang: str) -> None:
    """Say it in a box of Windows where the program was started by a double click and has nowhere else to say it."""
    if sys.stderr is None:
        text = f"{catalogue.message(finding, lang)}\n\n{catalogue.hint(finding, lang)}"
        from ita_xl.engines.live import box

        box.show(text, say("live.title", lang))
