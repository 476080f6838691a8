"""What came of a task, as lines that a window shows and that can be copied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ita_xl.data import catalogue, say
from ita_xl.domain.findings import Severity, grouped, ordered
from ita_xl.window.tasks import Done

Kind = Literal["headline", "closing", "counts", "error", "warning", "note", "place", "message", "hint"]
"""What a line is; error, warning and note are the headings of the findings below them."""


@dataclass(frozen=True)
class Line:
    kind: Kind
    text: str


_HEADINGS: dict[Severity, Kind] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def lines(done: Done) -> Iterator[Line]:
    """First what was done, then the findings by severity, each with its place and what to do about it."""
    if done.outcome and done.outcome.years:
        yield Line("headline", done.outcome.headline())
    if done.closing:
        yield Line("closing", done.closing)
    if done.outcome:
        counts = {s.value: sum(f.severity is s for f in done.findings) for s in Severity}
        yield Line("counts", say("cli.counts", **counts))
        if not done.findings:
            yield Line("closing", say("window.nothing_found"))
    heading = None
    for group in grouped(ordered(done.findings)):
        severity = group.first.severity
        if severity is not heading:
            heading = severity
            number = sum(f.severity is severity for f in done.findings)
            name = say(f"severities.{severity.value}")
            yield Line(_HEADINGS[severity], say("window.heading", name=name, number=number))
        place = " ".join(filter(None, (group.place(), f"({group.first.code})")))
        yield Line("place", place)
        yield Line("message", catalogue.together(group))
        yield Line("hint", catalogue.hint(group.first))


def as_text(done: Done) -> str:
    """The same to be copied into a message to somebody who helps."""
    indent = {"place": "- ", "message": "  ", "hint": "  → "}
    return "\n".join(indent.get(line.kind, "") + line.text for line in lines(done))
