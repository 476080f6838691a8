"""The letter: an agency's own template or ours, filled with what is known about the workbook.

The first line is the subject. Slots are Thai words in braces; a line that names something unknown is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Formatter

from ita_xl.case.outcome import Outcome
from ita_xl.data import fill, say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Severity, Unusable
from ita_xl.domain.numbers import show
from ita_xl.domain.tree import TOTAL
from ita_xl.files import read_text
from ita_xl.layout import labels
from ita_xl.mail.addresses import Address, one_line
from ita_xl.views.content import joined, unknown_scores
from ita_xl.views.topics import plan_item

SLOTS = (
    *("agency", "province", "year", "total", "level", "issues", "errors", "warnings", "item"),
    *("recipients", "attached", "chief", "chief_title"),
)
"""Keys of what a template may name; their Thai names are texts."""


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


def slot(key: str) -> str:
    """The name of a slot in templates."""
    return say(f"letter.slots.{key}")


def template(path: Path | None = None) -> str:
    """The text of a template file, or of ours. Raises `Unusable` for a file that cannot be read as text."""
    if path is None:
        return files("ita_xl.data").joinpath("mail/letter.th.txt").read_text(encoding="utf-8")
    try:
        text, guessed = read_text(path)
    except ValueError:
        text, guessed = "", [Finding(Code.LETTER_NOT_UTF8)]
    if guessed:  # what goes out under the agency's name is not guessed
        raise Unusable(Finding(Code.LETTER_NOT_UTF8, values={"file": path.name}))
    return text


def facts(outcome: Outcome, to: Iterable[Address], attached: Iterable[str], *, inside: bool) -> dict[str, str]:
    """What is known, by the slots' names. inside: the letter stays among those who mend the workbook, so it may
    say how many findings there are."""
    about = outcome.inputs.about
    total = outcome.points(outcome.year, TOTAL) if outcome.years else None
    counts = {s: sum(f.severity is s for f in outcome.findings) for s in Severity}
    names = list(attached)
    known = {
        "agency": about.get("agency", ""),
        "province": about.get("province", ""),
        "year": str(outcome.year or ""),
        "total": show(total) if total is not None else "",
        "level": outcome.level_name,
        "issues": _issues(outcome) if outcome.years else "",
        "errors": str(counts[Severity.ERROR]) if inside else "",
        "warnings": str(counts[Severity.WARNING]) if inside else "",
        "recipients": joined([a.name for a in to if a.name])
        or say(f"letter.{'recipients' if inside else 'readers'}"),
        "attached": say("letter.attached", files=joined(names), number=len(names)) if names else "",
        "item": str(plan_item(outcome.year)) if outcome.years else "",
        "chief": about.get("chief_name", ""),
        "chief_title": labels.chief_title(about, say("measures.no_title")),
    }
    return {slot(key): one_line(known[key]) for key in SLOTS}


def _issues(outcome: Outcome) -> str:
    """How many issues there are; that there is none is known only where every question's score is."""
    return "" if not outcome.issues and unknown_scores(outcome) else str(len(outcome.issues))


def compose(text: str, known: Mapping[str, str], findings: list[Finding]) -> Letter:
    """Fill a template. What is wrong with it becomes findings E805 to E807; then the letter is not to be used."""
    first, *rest = text.strip().splitlines() or [""]
    if not first.strip():
        findings.append(Finding(Code.LETTER_WITHOUT_SUBJECT))
    lines = [line for line in rest if _complete(line, known, findings)]
    body = re.sub(r"\n{3,}", "\n\n", fill_lines(lines, known)).strip("\n")
    subject = fill(first, known) if _complete(first, known, findings) else say("letter.subject")
    return Letter(one_line(subject), body + "\n")


def fill_lines(lines: Iterable[str], known: Mapping[str, str]) -> str:
    return "\n".join(fill(line.rstrip(), known) for line in lines)


def _complete(line: str, known: Mapping[str, str], findings: list[Finding]) -> bool:
    """Whether all that a line names is known."""
    try:
        named = [part[1:] for part in Formatter().parse(line) if part[1] is not None]
    except ValueError:
        findings.append(Finding(Code.LETTER_BRACE, values={"line": line.strip()}))
        return False
    for name, form, conversion in named:
        if name not in known or form or conversion:
            values = {"slot": name, "slots": " ".join(f"{{{each}}}" for each in known)}
            findings.append(Finding(Code.LETTER_SLOT_UNKNOWN, values=values))
    return all(known.get(name or "") for name, _, _ in named)
