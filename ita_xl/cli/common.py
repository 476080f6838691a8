"""What all commands share: exit codes, options, and how findings are told."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any

import click

from ita_xl.data import LANGUAGES, catalogue, say
from ita_xl.domain.findings import Finding, Severity, Unusable, grouped, has_errors, ordered


class Exit(IntEnum):
    """Exit codes that scripts rely on."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    UNUSABLE = 3
    DELIVERY = 4
    BUG = 70


LANG = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="th", help="Language of messages (ภาษาของข้อความ)."
)
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
FILE = click.Path(path_type=Path)


def same_file(left: Path, right: Path) -> bool:
    """Whether two names mean one file, also by a link."""
    return left.resolve() == right.resolve() or (left.exists() and right.exists() and left.samefile(right))


def check_name(path: Path, kinds: Iterable[str], lang: str) -> None:
    """A workbook under a wrong ending does not open."""
    if path.suffix.lower() not in kinds and not path.is_dir():
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


def failed(error: Unusable, lang: str) -> dict[str, Any]:
    return {**listed(error.findings, lang), "output": None}


def listed(findings: Iterable[Finding], lang: str) -> dict[str, Any]:
    from ita_xl.case.outcome import finding_json

    return {"findings": [finding_json(finding, lang) for finding in findings]}


def report(findings: Iterable[Finding], lang: str) -> None:
    """The findings as lines: code, place, message, and what to do below it; many of a kind in a column as one."""
    listed = ordered(findings)
    for group in grouped(listed):
        place = group.place()
        tell(f"{group.first.code} {place + ': ' if place else ''}{catalogue.together(group, lang)}")
        tell(say("cli.hint", lang, hint=catalogue.hint(group.first, lang)))
    counts = {s.value: sum(f.severity is s for f in listed) for s in Severity}
    if listed:
        tell(say("cli.counts", lang, **counts))


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
    if not click.confirm(question, err=True):
        tell(say("mail.not_done", lang))
        raise click.Abort


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
