"""How the steps of a plan stand on a day: what is done, what is late, of what nothing was heard."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum, auto

from msgspec import Struct

from ita_xl.domain.answers import QUARTERS, Answer, Slot, furthest
from ita_xl.domain.plan import PlannedStep, parse_due
from ita_xl.domain.thai import folded, tidy

_BUDDHIST = 543
SOON = 30
"""So many days before a step is due it counts as due soon."""

_BETWEEN = re.compile(r"[\n,;/]|ร่วมกับ")
_AND = re.compile(r"\s*และ\s*")


class Stand(StrEnum):
    """How a step stands with an office."""

    DONE = auto()
    LATE = auto()
    SOON = auto()
    OPEN = auto()
    NO_DAY = auto()
    """it is not done, and nobody knows when it is due"""


class Task(Struct, frozen=True):
    """A step in one office's hands. answer: the office's latest on how far it got; done: whether that says that the
    step is done. due: the last day. late: days since then, 0 if it is not late."""

    step: PlannedStep
    office: str
    answer: Answer | None
    done: bool
    due: dt.date | None
    late: int
    stand: Stand


def offices_in(text: str, known: Collection[str]) -> list[str]:
    """The offices that a cell names, one or more. known: offices that there are for certain: only between two of
    them does และ part two names, because it also stands inside of names."""
    names = {folded(name) for name in known}
    found: list[str] = []
    for part in map(tidy, _BETWEEN.split(text)):
        parted = [tidy(name) for name in _AND.split(part)]
        several = len(parted) > 1 and folded(part) not in names and all(folded(name) in names for name in parted)
        found += parted if several else [part]
    return list({folded(name): name for name in reversed(found) if name}.values())[::-1]


def alone(texts: Iterable[str]) -> list[str]:
    """The offices that a cell names alone, and beyond doubt."""
    return [text for text in texts if not _AND.search(text) and len(offices_in(text, ())) == 1]


def last_day(due: str) -> dt.date | None:
    """The last day of the month that a text names; None if it names none."""
    month = parse_due(due)
    if month is None or not dt.MINYEAR <= month.year - _BUDDHIST <= dt.MAXYEAR:
        return None
    year = month.year - _BUDDHIST
    return dt.date(year, month.month, calendar.monthrange(year, month.month)[1])


def tasks(
    steps: Iterable[PlannedStep], answers: Mapping[Slot, Answer], on: dt.date, is_done: Collection[str]
) -> Iterator[Task]:
    """Every step with each of its offices. answers: those that hold. on: the day that is asked about. is_done: the
    words that say that a step is done, evened out."""
    for step in steps:
        for office in step.offices:
            of_it = [answers[slot] for q in QUARTERS if (slot := (step.key, folded(office), q)) in answers]
            told = [answer for answer in of_it if not answer.told.empty]
            latest = furthest(told)
            done = latest is not None and folded(latest.told.status) in is_done
            due = last_day(step.due)
            late = max((on - due).days, 0) if due and not done else 0
            yield Task(step, office, latest, done, due, late, _stand(done=done, due=due, on=on))


def _stand(*, done: bool, due: dt.date | None, on: dt.date) -> Stand:
    if done:
        return Stand.DONE
    if due is None:
        return Stand.NO_DAY
    if due < on:
        return Stand.LATE
    return Stand.SOON if (due - on).days <= SOON else Stand.OPEN


class Tally(Struct, frozen=True):
    """What is counted of some tasks. due: so many should be done. unheard: of so many nothing was heard. late: days
    of the one that is longest overdue."""

    steps: int
    due: int
    done: int
    overdue: int
    unheard: int
    late: int


def tally(listed: Sequence[Task], on: dt.date) -> Tally:
    return Tally(
        len(listed),
        sum(task.due is not None and task.due <= on for task in listed),
        sum(task.done for task in listed),
        sum(task.stand is Stand.LATE for task in listed),
        sum(task.answer is None for task in listed),
        max((task.late for task in listed), default=0),
    )


def by_office(listed: Iterable[Task]) -> dict[str, list[Task]]:
    """The tasks of each office, in the order of the plan; an office under the spelling that comes first."""
    return _by((task.office, task) for task in listed)


def by_measure(listed: Iterable[Task]) -> dict[str, list[Task]]:
    """The same for the names of measures."""
    return _by((task.step.name, task) for task in listed)


def _by(named: Iterable[tuple[str, Task]]) -> dict[str, list[Task]]:
    found: dict[str, tuple[str, list[Task]]] = {}
    for name, task in named:
        found.setdefault(folded(name), (name, []))[1].append(task)
    return dict(found.values())
