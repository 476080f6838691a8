"""The commands for the year in which a plan is carried out."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from ita_xl import files
from ita_xl.cli.common import (
    FILE,
    GROUP_LANG,
    JSON,
    LANG,
    ON,
    Exit,
    Group,
    ask,
    check_name,
    exit_for,
    listed,
    print_json,
    report,
    tell,
)
from ita_xl.data import say


@click.group(cls=Group)
@GROUP_LANG
def forms() -> None:
    """Forms for the offices that carry out the plan."""


@forms.command("split")
@click.argument("file", type=FILE, metavar="FILE.xlsx", help="The workbook.")
@click.option("-o", "--output", type=FILE, required=True, metavar="DIR", help="Put them here.")
@click.option("--quarter", type=click.IntRange(1, 4), default=None, help="Shown first.")
@click.option("--office", "offices", multiple=True, metavar="NAME", help="Only this one's.")
@JSON
@LANG
def split(
    file: Path, output: Path, quarter: int | None, offices: tuple[str, ...], as_json: bool, lang: str
) -> Exit:
    """Make a workbook for each office with its measures and steps to report on.

    FILE.xlsx is only read. A form that somebody changed is never replaced.
    """
    from ita_xl.forms.split import hand_out

    made = hand_out(file, output, _today(), quarter or 0, offices)
    if as_json:
        of_each = [
            {"office": form.office, "steps": form.steps, "file": str(path)}
            for form, path in zip(made.forms, made.files, strict=True)
        ]
        print_json({"forms": of_each, **listed(made.findings, lang), "output": str(output)})
    else:
        report(made.findings, lang)
        tell(say("collect.handed_out", lang, items=len(made.forms), folder=output))
    return exit_for(made.findings)


@forms.command("collect")
@click.argument("file", type=FILE, metavar="FILE.xlsx", help="The workbook.")
@click.argument(
    "given",
    type=FILE,
    nargs=-1,
    required=True,
    metavar="FORM_OR_DIR...",
    help="Returned forms, or folders that hold them.",
)
@click.option("--accept", multiple=True, metavar="FORM", help="It is right, though without marks.")
@click.option("--preview", type=FILE, metavar="OUT.xlsx", help="The table as a workbook too.")
@ON
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Only show.")
@JSON
@LANG
def collect(
    file: Path,
    given: tuple[Path, ...],
    accept: tuple[str, ...],
    preview: Path | None,
    on: dt.date | None,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    lang: str,
) -> Exit:
    """Take the answers of returned forms into the workbook and run it.

    They are shown first. An answer takes the place of an earlier one only if it was made from it; otherwise both
    stay, and you choose.
    """
    from ita_xl.engines.package.engine import Package
    from ita_xl.forms import collect as job
    from ita_xl.forms import show

    day, accepted = on or _today(), {Path(name).name for name in accept}
    paths = job.forms_in(given)
    if preview:
        check_name(preview, (".xlsx",), lang)
        if any(files.same(preview, read) for read in (file, *paths)):
            raise click.UsageError(say("cli.same_file", lang))
    found = job.beside(Package(files.read_package(file), file.name), paths, accepted)
    if preview:
        files.replace(preview, show.sheet(found), files.standing(preview))
    entries = [dict(zip(show.KEYS, line, strict=True)) for line in show.lines(found)]
    if not as_json:
        for line in (show.heads(), *show.lines(found)):
            click.echo(" | ".join(line))
        report(found.findings, lang)
    items, written = len(found.waiting), False
    if items and not dry_run:
        if not yes and sys.stdin.isatty():
            ask(say("collect.ask", lang, items=items, forms=found.forms, file=file), yes, lang)
            yes = True
        if yes:
            waiting = job.to_choose(job.store(file, paths, day, accepted, found.entries)[1])
            found.findings += waiting
            if not as_json:
                report(waiting, lang)
            written = True
    if as_json:
        output = str(file) if written else None
        print_json({"entries": entries, **listed(found.findings, lang), "written": written, "output": output})
    else:
        outcome = "written" if written else "nothing_written" if items else "nothing_new"
        tell(say(f"collect.{outcome}", lang, items=items, forms=found.forms, file=file))
    return exit_for(found.findings)


@forms.command("status")
@click.argument("file", type=FILE, metavar="FILE.xlsx", help="The workbook.")
@ON
@JSON
@LANG
def status(file: Path, on: dt.date | None, as_json: bool, lang: str) -> Exit:
    """Say what is done, late and not reported, by office. Nothing is written."""
    from ita_xl.domain.days import in_words
    from ita_xl.engines.package.engine import Package
    from ita_xl.forms import status as standing
    from ita_xl.forms.split import plan_of

    day = on or _today()
    plan = plan_of(Package.open(file))
    if as_json:
        print_json({**standing.document(plan, day), "findings": []})
        return Exit.CLEAN
    click.echo(say("collect.status_day", lang, day=in_words(day) if lang == "th" else day.isoformat()))
    for key, values in standing.told(plan, day):
        click.echo(say(key, lang, **values))
    return Exit.CLEAN


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()
