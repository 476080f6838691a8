"""What all commands share: exit codes, options, and how findings are told."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any

import click

from ita_xl.cli import language
from ita_xl.cli.helping import Helped
from ita_xl.data import LANGUAGES, catalogue, say
from ita_xl.domain.codes import Code
from ita_xl.domain.days import parse_day
from ita_xl.domain.findings import Finding, Severity, Unusable, grouped, has_errors, ordered
from ita_xl.domain.findings import Group as Told

_MANY = 8
"""From more lines of one severity on, sheets are told apart."""


class Exit(IntEnum):
    """Exit codes that scripts rely on."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    UNUSABLE = 3
    DELIVERY = 4
    BUG = 70


_LANG: dict[str, Any] = {"type": click.Choice(LANGUAGES), "help": "Language of messages and help."}
LANG = click.option("--lang", **_LANG, default=language.current)
GROUP_LANG = click.option("--lang", **_LANG, expose_value=False)
"""May stand anywhere on the line: the language was settled before."""
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")


class _File(click.Path):
    """A path that names something: what a script left empty would mean the folder in which it runs."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not os.fspath(value):
            self.fail(say("cli.no_name", language.current()), param, ctx)
        return Path(value)  # what is wrong with it is told by those who open it


FILE = _File(path_type=Path)


class Number(click.FloatRange):
    """A number within bounds; "nan" and "inf" are none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value!r}", param, ctx)
        return found


class Day(click.ParamType[dt.date]):
    """A day as people type it, Thai or ISO."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = value if isinstance(value, dt.date) else parse_day(value)
        if found is None:
            self.fail(say("cli.no_day", language.current()), param, ctx)
        return found


ON = click.option(
    "--on", type=Day(), metavar="DAY", help="Late as of this day, such as 2026-01-31  [default: today]."
)


class Command(Helped):
    """A command whose function gives the exit code. What keeps it from going on is told in the language that was
    asked for, as one document where `--json` asks for one."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            code = super().invoke(ctx)
        except Unusable as error:
            lang = ctx.params["lang"]
            if ctx.params.get("as_json"):
                print_json(failed(error, lang))
            else:
                report(error.findings, lang)
            code = exit_for(error.findings)
        ctx.exit(code)


class Group(Helped, click.Group):
    """A group of such commands."""

    command_class = Command


@contextmanager
def stoppable() -> Iterator[list[Finding]]:
    """Work of which what is done stays done: gives a list that will hold why it stopped early, if it did."""
    stopped: list[Finding] = []
    try:
        yield stopped
    except Unusable as error:
        stopped += error.findings
    except KeyboardInterrupt:
        stopped.append(Finding(Code.STOPPED))


def check_name(path: Path, kinds: Iterable[str], lang: str) -> None:
    """A workbook under a wrong ending does not open."""
    if path.suffix.lower() not in kinds and not os.path.isdir(path):
        raise click.UsageError(say("cli.wrong_ending", lang, file=path.name, kinds=", ".join(kinds)))


def exit_for(findings: Iterable[Finding]) -> Exit:
    listed = list(findings)
    if any(finding.code.startswith("E9") for finding in listed):
        return Exit.BUG
    if any(finding.undelivered for finding in listed):
        return Exit.DELIVERY
    if any(finding.unusable for finding in listed):
        return Exit.UNUSABLE
    return Exit.FINDINGS if has_errors(listed) else Exit.CLEAN


def bug(error: Exception) -> Finding:
    """What is said of a mistake of ours. Raises the error itself where `--debug` asks for its traceback."""
    if "--debug" in sys.argv:
        raise error
    return Finding(Code.PROGRAM_FAILED, values={"detail": f"{type(error).__name__}: {error}"})


def failed(error: Unusable, lang: str) -> dict[str, Any]:
    return {**listed(error.findings, lang), "output": None}


def listed(findings: Iterable[Finding], lang: str) -> dict[str, Any]:
    from ita_xl.case.outcome import finding_json

    return {"findings": [finding_json(finding, lang) for finding in findings]}


def report(findings: Iterable[Finding], lang: str) -> None:
    """The findings as lines, what must be mended first: code, place, message, and what to do below it. Many of a
    kind in a column are told as one, and many at all by sheet."""
    listed = ordered(findings)
    told = {severity: grouped(f for f in listed if f.severity is severity) for severity in Severity}
    counts = {severity.value: sum(group.number for group in groups) for severity, groups in told.items()}
    several = sum(map(bool, told.values())) > 1
    for severity, groups in told.items():
        if groups and several:
            tell(say(f"cli.found.{severity.value}", lang, number=counts[severity.value]))
        for sheet, here in _by_sheet(groups):
            if sheet:
                tell(say("cli.found.sheet", lang, sheet=sheet, number=sum(group.number for group in here)))
            _tell_groups(here, lang)
    if listed:
        tell(say("cli.counts", lang, **counts))


def _by_sheet(groups: Sequence[Told]) -> Iterable[tuple[str, Sequence[Told]]]:
    """Many findings by the sheets in which they stand; few, and those of no sheet, under no name."""
    if len(groups) <= _MANY:
        return [("", groups)]
    found: dict[str, list[Told]] = {"": []}
    for group in groups:
        found.setdefault(group.first.sheet, []).append(group)
    return found.items()


def _tell_groups(groups: Sequence[Told], lang: str) -> None:
    """Lines one below the other; what to do is said once where the next ones ask for the same."""
    hints = [catalogue.hint(group.first, lang) for group in groups]
    for number, (group, hint) in enumerate(zip(groups, hints, strict=True), 1):
        place = group.place()
        tell(f"{group.first.code} {place + ': ' if place else ''}{catalogue.together(group, lang)}")
        if hints[number : number + 1] != [hint]:
            tell(say("cli.hint", lang, hint=hint))


def tell(line: str) -> None:
    click.echo(line, err=True)


def print_json(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def ask(question: str, yes: bool, lang: str) -> None:
    """Go on only if a person says so."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(say("mail.needs_yes", lang))
    if not _agreed(question, lang):
        tell(say("mail.not_done", lang))
        raise click.Abort


def _agreed(question: str, lang: str) -> bool:
    """The answer to a question; nothing means no. The English words are understood in Thai too."""
    shown = f"{question} {say('cli.yes_or_no', lang)}"
    while True:
        typed = str(click.prompt(shown, default="", show_default=False, err=True)).strip().casefold()
        if typed in say("cli.words_for_yes", lang).split():
            return True
        if not typed or typed in say("cli.words_for_no", lang).split():
            return False
        tell(say("cli.yes_or_no_only", lang))


@contextmanager
def progress(total: int, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Lines on standard error, above a bar with rate and time left where that is a terminal."""
    from tqdm import tqdm

    with tqdm(total=total, unit="file", file=sys.stderr, disable=None if not quiet else True) as bar:

        def told(line: str) -> None:
            if line and not quiet:
                bar.write(line, file=sys.stderr)
            bar.update()

        yield told
