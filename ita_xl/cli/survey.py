"""The command that scores an agency's own survey."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable
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


@click.command(cls=Command)
@click.argument("answers", type=FILE, metavar="ANSWERS.(csv|xlsx)", help="What the survey exported.")
@click.option("--into", "into", type=FILE, required=True, metavar="FILE.xlsx", help="The workbook.")
@click.option("-o", "--output", type=FILE, metavar="OUT.xlsx", help="Write a copy instead.")
@click.option("--year", type=int, default=0, help="The answers are of this year, whatever they say.")
@click.option("--texts", is_flag=True, help="Put what people wrote there too.")
@click.option("--save-mapping", is_flag=True, help="Only save the mapping, to correct it.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Only show.")
@JSON
@LANG
def survey(
    answers: Path,
    into: Path,
    output: Path | None,
    year: int,
    texts: bool,
    save_mapping: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    lang: str,
) -> Exit:
    """Score a survey of your own, as Google Forms, Microsoft Forms or LimeSurvey export it.

    Which column answers which question is shown, and kept in ANSWERS.mapping.toml, where you may correct it. The
    points go onto sheets of their own; nobody's name, address or time of answering does.
    """
    from ita_xl.domain.days import in_words
    from ita_xl.survey import answers as reading
    from ita_xl.survey import job, mapping, show

    if output:
        check_name(output, (into.suffix.lower(),), lang)
        if files.same(output, into):
            raise click.UsageError(say("cli.same_file", lang))
    kept = mapping.beside(answers)
    given = (content, kept.name) if (content := files.standing(kept)) is not None else None
    wishes = job.Wishes(year, texts, given)
    read = reading.read(answers)
    book = files.read_package(into)
    matching = job.match(book, into.name, read, wishes)
    if not as_json:
        _table(show.columns(matching))
    if save_mapping:
        if given is None and not dry_run:
            files.replace(kept, mapping.written(matching).encode(), None)
        tell(say("survey.mapping_kept", lang, file=kept))
        return Exit.CLEAN
    found = job.preview(book, into.name, read, wishes)
    if not as_json:
        click.echo()
        click.echo(say("survey.people", lang, people=found.scores.people))
        _table(show.questions(found.scores))
        report(found.findings, lang)
    items, target = len(found.scores.questions), output or into
    if not yes and not dry_run and sys.stdin.isatty():
        ask(say("survey.ask", lang, items=items, file=target), yes, lang)
        yes = True
    write = yes and not dry_run
    if write:
        job.store(into, output, read, in_words(dt.datetime.now().astimezone().date()), wishes)
        if given is None:
            files.replace(kept, mapping.written(matching).encode(), None)
    if as_json:
        print_json(
            {
                "columns": show.columns_as_json(matching),
                "people": found.scores.people,
                "questions": show.as_json(found.scores),
                **listed(found.findings, lang),
                "output": str(target) if write else None,
            }
        )
    elif write:
        tell(say("survey.written", lang, items=items, file=target))
        tell(say("survey.mapping_kept", lang, file=kept))
    else:
        tell(say("survey.only_shown", lang))
    return exit_for(found.findings)


def _table(lines: Iterable[list[str]]) -> None:
    for line in lines:
        click.echo(" | ".join(line))
