"""What a form carries on its very hidden sheet: whose it is, of which plan, and what stood in it at first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from msgspec import Struct, field

from ita_xl import files
from ita_xl.domain.answers import QUARTERS, Slot
from ita_xl.domain.contents import Value, shown
from ita_xl.domain.plan import PlannedStep
from ita_xl.domain.thai import folded
from ita_xl.engines.port import Grid, Port, Written
from ita_xl.layout import FORM_MARKS

_NUMBER = re.compile(r"\d{1,6}")
_KIND = "ita_xl form"
_VERSION = 1
_FIRST = 10
"""The row from which steps and answers are listed."""
_STEPS, _BASES = 1, 8
"""The columns in which the list of steps, and that of answers, begins."""


class Marks(Struct, frozen=True):
    """plan: the version of the plan. form: the form's own number. counter: how often it was sent when handed out.
    steps: as they were printed. bases: the digest of every answer that stood in it."""

    agency: str
    year: int
    office: str
    plan: str
    form: str
    counter: int
    steps: Sequence[PlannedStep] = ()
    bases: Mapping[Slot, str] = field(default_factory=dict)


def plan_version(steps: Iterable[PlannedStep]) -> str:
    """A short mark that changes with what is to be done, by whom, until when."""
    return _digest(f"{one.key}|{one.text}|{'/'.join(one.offices)}|{one.due}|{one.report}" for one in steps)


def form_number(agency: str, year: int, office: str, plan: str, counter: int, bases: Mapping[Slot, str]) -> str:
    """The same for equal forms, so that a form handed out again is known again."""
    answered = sorted(f"{step}|{quarter}|{digest}" for (step, _, quarter), digest in bases.items())
    return _digest([agency, str(year), folded(office), plan, str(counter), *answered])


def _digest(lines: Iterable[str]) -> str:
    return blake2b("\x1f".join(lines).encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()


def write_marks(port: Port, marks: Marks) -> None:
    """Put them onto the very hidden sheet of an empty form."""
    head: list[list[Written]] = [
        [_KIND, _VERSION],
        ["agency", marks.agency],
        ["year", marks.year],
        ["office", marks.office],
        ["plan", marks.plan],
        ["form", marks.form],
        ["counter", marks.counter],
    ]
    port.write(FORM_MARKS, 1, 1, head)
    steps: list[list[Written]] = [[s.key, s.no, s.name, s.text, s.due, s.report] for s in marks.steps]
    if steps:
        port.write(FORM_MARKS, _FIRST, _STEPS, steps)
    bases: list[list[Written]] = [[step, quarter, digest] for (step, _, quarter), digest in marks.bases.items()]
    if bases:
        port.write(FORM_MARKS, _FIRST, _BASES, bases)


def are_marks(grid: Grid) -> bool:
    """Whether a sheet is the one with the marks, whatever it is called."""
    return grid.at(1, 1) == _KIND


def read_marks(port: Port) -> Marks | None:
    """The marks of a form; None for a workbook without them, or whose marks were spoilt."""
    grid = next(filter(are_marks, map(port.read, port.sheets())), None)
    if grid is None:
        return None
    head = {plain(grid.at(row, 1)): plain(grid.at(row, 2)) for row in range(2, _FIRST)}
    if not head.get("office") or not all(_NUMBER.fullmatch(head.get(key, "")) for key in ("year", "counter")):
        return None
    office = head["office"]
    return Marks(
        head.get("agency", ""),
        int(head["year"]),
        office,
        head.get("plan", ""),
        head.get("form", ""),
        int(head["counter"]),
        [_step(line, office) for line in _lines(grid, _STEPS, 6)],
        {
            (key, folded(office), int(quarter)): digest
            for key, quarter, digest in _lines(grid, _BASES, 3)
            if _NUMBER.fullmatch(quarter) and int(quarter) in QUARTERS
        },
    )


def plain(value: Value) -> str:
    """What a cell of a form says, without characters that no cell can hold: some programs spell them."""
    return files.without_control_characters(shown(value))


def _step(line: Sequence[str], office: str) -> PlannedStep:
    key, no, name, text, due, report = line
    return PlannedStep(key, no, "", name, "", text, (office,), due, report)


def _lines(grid: Grid, first: int, width: int) -> list[list[str]]:
    """The filled rows of a list from its first row on."""
    rows = range(_FIRST, grid.last_row + 1)
    lines = [[plain(grid.at(row, first + place)) for place in range(width)] for row in rows]
    return [line for line in lines if line[0]]
