"""The commands by which a workbook counts as signed, or no longer does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ita_xl.cli.common import FILE, JSON, LANG, Command, Exit, exit_for, print_json, report, tell
from ita_xl.data import say

if TYPE_CHECKING:
    from ita_xl.case.outcome import Outcome


@click.command(cls=Command)
@click.argument("file", type=FILE, metavar="FILE.xlsx", help="The workbook.")
@click.option("--on", "day", default="", metavar="DATE", help='Such as "1 ตุลาคม 2565"; else as on the first sheet.')
@click.option("--by", "person", default="", metavar="NAME", help="Who signed; else as on the first sheet.")
@JSON
@LANG
def sign(file: Path, day: str, person: str, as_json: bool, lang: str) -> Exit:
    """Keep in the workbook what was signed.

    It is computed once more, and its figures and texts are kept inside it. From then on check, the first sheet and
    every document say what differs from them.
    """
    from ita_xl import jobs

    return _told(jobs.sign(file, day.strip(), person.strip()), file, "signed", as_json=as_json, lang=lang)


@click.command(cls=Command)
@click.argument("file", type=FILE, metavar="FILE.xlsx", help="The workbook.")
@click.option("--reason", required=True, help="Why; it stays in the workbook.")
@JSON
@LANG
def unsign(file: Path, reason: str, as_json: bool, lang: str) -> Exit:
    """Take the signature back, so that the workbook can be changed and signed anew."""
    from ita_xl import jobs

    if not reason.strip():
        raise click.UsageError(say("cli.needs_reason", lang))
    today = dt.datetime.now().astimezone().date()
    return _told(jobs.unsign(file, today, reason.strip()), file, "unsigned", as_json=as_json, lang=lang)


def _told(outcome: Outcome, file: Path, done: str, *, as_json: bool, lang: str) -> Exit:
    if as_json:
        print_json(outcome.as_json(lang, str(file)))
    else:
        report(outcome.findings, lang)
        tell(say(f"cli.{done}", lang, file=file))
    return exit_for(outcome.findings)
