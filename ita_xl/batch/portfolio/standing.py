"""How the steps of an agency's plan stand on a day, counted from what a record keeps of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ita_xl.batch.record import Record
from ita_xl.domain.days import in_words


@dataclass(frozen=True, slots=True)
class Standing:
    """What is counted of some steps, a step of two offices for both. due: so many should be done by the day.
    overdue: so many should have been done before it and are not. no_day: so many are not done and name no month.
    unheard: of so many nothing was heard. late: days of the one that is longest overdue. oldest: its last day."""

    steps: int = 0
    due: int = 0
    done: int = 0
    overdue: int = 0
    no_day: int = 0
    unheard: int = 0
    late: int = 0
    oldest: dt.date | None = None


def standing(tasks: Iterable[Sequence[Any]], on: dt.date) -> Standing:
    """tasks: as a record keeps them (`batch.planned`)."""
    today, oldest = on.isoformat(), ""
    steps = due = done = overdue = no_day = unheard = 0
    for _, day, number, finished, silent in tasks:
        steps, done, unheard = steps + number, done + finished, unheard + silent
        left = number - finished
        if not day:
            no_day += left
        elif day <= today:
            due += number
            if left and day < today:
                overdue += left
                oldest = min(oldest or day, day)
    first = dt.date.fromisoformat(oldest) if oldest else None
    return Standing(steps, due, done, overdue, no_day, unheard, (on - first).days if first else 0, first)


def of_record(record: Record, on: dt.date) -> Standing | None:
    """Of the whole plan; None where it is not known."""
    if record.plan is None:
        return None
    return standing((task for measure in record.plan for task in measure["tasks"]), on)


def by_office(record: Record, on: dt.date) -> Iterator[tuple[str, str, Standing]]:
    """Name of measure, office and their steps, in the order of the plan."""
    for measure in record.plan or ():
        offices: dict[str, list[Sequence[Any]]] = {}
        for task in measure["tasks"]:
            offices.setdefault(task[0], []).append(task)
        for office, tasks in offices.items():
            yield measure["name"], office, standing(tasks, on)


def day_said(day: dt.date, lang: str) -> str:
    """A day as official papers name it; in ISO for those who do not read Thai."""
    return in_words(day) if lang == "th" else day.isoformat()
