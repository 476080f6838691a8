"""How the plan of a workbook stands on a day, by office and by measure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from ita_xl.domain.follow import Task, by_measure, by_office, tally
from ita_xl.forms.split import Plan
from ita_xl.views.follow import standing


def late(plan: Plan, on: dt.date) -> dict[str, list[Task]]:
    """The tasks of each office that are late on a day; offices in the order of the plan, also those without any."""
    return {office: [task for task in listed if task.late] for office, listed in _offices(plan, on).items()}


def document(plan: Plan, on: dt.date) -> dict[str, Any]:
    """All of it as plain values; days late count from the end of the month in which a step is due."""
    listed = list(standing(plan.steps, plan.answers.values(), on))
    return {
        "agency": plan.agency,
        "year": plan.year,
        "day": on.isoformat(),
        "whole": _counts(listed, on),
        "offices": [{"office": name, **_counts(part, on)} for name, part in by_office(listed).items()],
        "measures": [{"measure": name, **_counts(part, on)} for name, part in by_measure(listed).items()],
        "steps": list(map(_step, listed)),
    }


def _offices(plan: Plan, on: dt.date) -> dict[str, list[Task]]:
    return by_office(standing(plan.steps, plan.answers.values(), on))


def _counts(listed: Sequence[Task], on: dt.date) -> dict[str, int]:
    counted = tally(listed, on)
    return {
        "steps": counted.steps,
        "due": counted.due,
        "done": counted.done,
        "overdue": counted.overdue,
        "unheard": counted.unheard,
        "days_late": counted.late,
    }


def _step(task: Task) -> dict[str, Any]:
    answer = task.answer
    return {
        "key": task.step.key,
        "no": task.step.no,
        "measure": task.step.name,
        "step": task.step.text,
        "office": task.office,
        "due": task.due.isoformat() if task.due else None,
        "stand": task.stand.value,
        "days_late": task.late,
        "quarter": answer.quarter if answer else None,
        "status": answer.told.status if answer else None,
        "percent": answer.share if answer else None,
    }


def told(plan: Plan, on: dt.date) -> Iterator[tuple[str, dict[str, object]]]:
    """The same in sentences: the key of each, and what goes into it."""
    for office, listed in _offices(plan, on).items():
        yield "collect.status_office", {"office": office, **_counts(listed, on)}
        for task in (task for task in listed if task.late):
            yield "collect.status_late", {"no": task.step.no, "days": task.late, "text": task.step.text}
