"""The command that takes results from what an agency has."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ita_xl import files
from ita_xl.cli.common import (
    FILE,
    JSON,
    LANG,
    Command,
    Exit,
    ask,
    check_name,
    exit_for,
    listed,
    print_json,
    report,
    tell,
)
from ita_xl.data import say
from ita_xl.importing.source import Source

_SHOWN = 200


@click.command("import", cls=Command)
@click.argument(
    "sources", type=FILE, nargs=-1, required=True, metavar="SOURCE...", help="What to take results from."
)
@click.option("--into", "into", type=FILE, required=True, metavar="FILE.xlsx", help="The workbook.")
@click.option("--year", type=int, default=0, help="Of figures whose source names no year.")
@click.option("--agency", default="", help="Whose row counts in a table of several.")
@click.option("--replace", multiple=True, metavar="CODE|SHEET", help="Replace another value there.")
@click.option("--preview", type=FILE, metavar="OUT.xlsx", help="The table as a workbook too.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Only show.")
@JSON
@LANG
def imports(
    sources: tuple[Path, ...],
    into: Path,
    year: int,
    agency: str,
    replace: tuple[str, ...],
    preview: Path | None,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    lang: str,
) -> Exit:
    """Take scores, levels and comments from a result page, a file or last year's report.

    SOURCE is a text, CSV, spreadsheet, saved web page, Word or PDF file; "-" reads what is pasted. It is shown
    first; an empty cell is filled, another value in the workbook stays and is listed.
    """
    from ita_xl.domain.days import in_words
    from ita_xl.importing import job, show

    if preview:
        check_name(preview, (".xlsx",), lang)
        if any(files.same(preview, one) for one in (into, *sources)):
            raise click.UsageError(say("cli.same_file", lang))
    wishes = job.Wishes(year, agency, replace)
    read = [_read(path) for path in sources]
    found = job.preview(files.read_package(into), into.name, read, wishes)
    if preview:
        files.replace(preview, show.sheet(found), files.standing(preview))
    entries = [dict(zip(show.KEYS, line, strict=True)) for line in show.lines(found)]
    if not as_json:
        _tell(list(show.lines(found)), show.heads())
        report(found.findings, lang)
    written = 0
    if found.waiting and not dry_run:
        if not yes and sys.stdin.isatty():
            ask(say("imports.ask", lang, items=found.waiting, file=into), yes, lang)
            yes = True
        if yes:
            _, written = job.store(into, read, in_words(dt.datetime.now().astimezone().date()), wishes)
    if as_json:
        print_json(
            {
                "entries": entries,
                **listed(found.findings, lang),
                "written": written,
                "output": str(into) if written else None,
            }
        )
    elif written:
        tell(say("imports.written", lang, items=written, file=into))
    else:
        tell(say("imports.nothing_written" if found.waiting else "imports.nothing_new", lang))
    return exit_for(found.findings)


def _read(path: Path) -> Source:
    from ita_xl.importing import readers

    if str(path) == "-":
        return readers.read_content(sys.stdin.buffer.read(), say("imports.pasted"))
    return readers.read(path)


def _tell(lines: Sequence[Sequence[str]], heads: Sequence[str]) -> None:
    """The table, one row a line."""
    click.echo(" | ".join(heads))
    for line in lines[:_SHOWN]:
        click.echo(" | ".join(line))
    if len(lines) > _SHOWN:
        click.echo(f"… +{len(lines) - _SHOWN}")
