"""What collecting would do, as a table: lines for a terminal, and a sheet."""

from __future__ import annotations

from collections.abc import Iterator

from ita_xl.data import say
from ita_xl.domain.answers import Answer, Fate
from ita_xl.domain.thai import tidy
from ita_xl.drawing.preview import table
from ita_xl.forms.collect import Preview

Line = tuple[str, str, str, str, str, str, str]
KEYS = ("fate", "office", "quarter", "no", "told", "now", "file")
_WIDTHS = (20, 28, 12, 12, 56, 56, 40)


def lines(found: Preview) -> Iterator[Line]:
    """What becomes of each answer, whose it is, on what, what it says, what holds so far, and where it stands."""
    for entry in found.entries:
        answer = entry.answer
        yield (
            say(f"collect.fates.{entry.fate}"),
            answer.office,
            say("collect.quarter", number=answer.quarter),
            answer.no,
            _said(answer),
            _said(entry.now) if entry.now else "",
            f"{answer.file} {entry.place}",
        )


def heads() -> Line:
    fate, office, quarter, no, told, now, file = (say(f"collect.heads.{key}") for key in KEYS)
    return fate, office, quarter, no, told, now, file


def sheet(found: Preview) -> bytes:
    """The same as a workbook of one sheet."""
    settled = {say(f"collect.fates.{fate}") for fate in (Fate.NEW, Fate.REPLACES, Fate.SAME)}
    return table(say("collect.title"), heads(), lines(found), _WIDTHS, settled)


def counts(found: Preview) -> dict[str, int]:
    """How many answers come to what, how many forms were taken, and how many findings there are."""
    number = {fate.value: sum(entry.fate is fate for entry in found.entries) for fate in Fate}
    return {**number, "forms": found.forms, "findings": len(found.findings)}


def _said(answer: Answer) -> str:
    return " | ".join(filter(None, map(tidy, answer.told)))
