"""What a batch keeps of an agency's plan, and of last year's measures: plain values, and nothing that hangs on the
day on which they are looked at."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from sys import intern
from typing import Any

from ita_xl.case.moved import moved
from ita_xl.case.outcome import Outcome
from ita_xl.domain.chain import codes_in
from ita_xl.domain.effect import Effect, Progress
from ita_xl.domain.follow import Task
from ita_xl.domain.thai import tidy
from ita_xl.domain.tree import Kind
from ita_xl.views.follow import standing

Measure = Mapping[str, Any]
"""Of the plan: name, codes, indicators (of its codes) and tasks. Of last year: name, codes, progress and effect
(words of `domain.effect`), before and after (mean points of the codes, None where they cannot be compared)."""


def plan_of(outcome: Outcome) -> list[Measure]:
    """The measures in their order. tasks: for each office and last day of a measure the steps that it has (a step
    of two offices counts for both), how many of them are done, and of how many nothing was heard:
    (office, day in ISO or empty where it names no month, steps, done, unheard)."""
    tasks: dict[str, list[Task]] = defaultdict(list)
    for task in standing(outcome.steps, outcome.inputs.answers, dt.date.min):
        tasks[task.step.measure].append(task)
    measures = [_measure(outcome, one.name, one.codes, tasks.pop(one.key, ())) for one in outcome.plan]
    # Steps above the first measure belong to none.
    return measures + [_measure(outcome, left[0].step.name, left[0].step.codes, left) for left in tasks.values()]


def _measure(outcome: Outcome, name: str, codes: str, tasks: Iterable[Task]) -> Measure:
    listed = list(codes_in(codes))
    tree = outcome.tree
    above = (tree.ancestor(code, Kind.INDICATOR) for code in listed if code in tree)
    steps: Counter[tuple[str, str]] = Counter()
    done, unheard = steps.copy(), steps.copy()
    for task in tasks:
        key = (tidy(task.office), task.due.isoformat() if task.due else "")
        steps[key] += 1
        done[key] += task.done
        unheard[key] += task.answer is None
    return {
        "name": tidy(name),
        "codes": tuple(listed),
        "indicators": tuple(dict.fromkeys(code for code in above if code)),
        "tasks": [(*key, number, done[key], unheard[key]) for key, number in steps.items()],
    }


def last_of(outcome: Outcome) -> list[Measure]:
    """Last year's measures with how far they got and how the scores of their codes moved."""
    found: list[Measure] = []
    for one in outcome.inputs.commitments:
        seen = moved(outcome, one)
        found.append(
            {
                "name": tidy(one.name),
                "codes": tuple(one.codes),
                "progress": one.progress.value,
                "effect": seen.effect.value,
                "before": _points(seen.scores.was),
                "after": _points(seen.scores.now),
            }
        )
    return found


def _points(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def read_plan(document: Sequence[Mapping[str, Any]] | None) -> list[Measure] | None:
    """What `plan_of` gave, after a way through JSON; None, where an earlier version kept nothing, stays None.
    Raises `ValueError`, `TypeError` or `KeyError` for anything else: a journal may come from anywhere."""
    if document is None:
        return None
    return [
        {
            "name": text(one["name"]),
            "codes": _codes(*one["codes"]),
            "indicators": _codes(*one["indicators"]),
            "tasks": [_task(*task) for task in one["tasks"]],
        }
        for one in document
    ]


@lru_cache(maxsize=2**14)
def _task(office: str, due: str, steps: int, done: int, unheard: int) -> tuple[str, str, int, int, int]:
    """One for all agencies that have the same."""
    if due:
        dt.date.fromisoformat(due)
    steps, done, unheard = int(steps), int(done), int(unheard)
    if min(steps, done, unheard) < 0 or done + unheard > steps:
        raise ValueError(steps, done, unheard)
    return text(office), text(due), steps, done, unheard


@lru_cache(maxsize=2**14)
def _codes(*codes: str) -> tuple[str, ...]:
    return tuple(map(text, codes))


def read_last(document: Sequence[Mapping[str, Any]] | None) -> list[Measure] | None:
    """What `last_of` gave, as `read_plan`."""
    if document is None:
        return None
    return [
        {
            "name": text(one["name"]),
            "codes": _codes(*one["codes"]),
            "progress": Progress(one["progress"]).value,
            "effect": Effect(one["effect"]).value,
            "before": points(one["before"]),
            "after": points(one["after"]),
        }
        for one in document
    ]


def text(value: str) -> str:
    """The same text once in memory, however many agencies have it. Raises `TypeError` for what is none."""
    return intern(value)


@lru_cache(maxsize=2**14)
def points(value: float | None) -> float | None:
    """The same number once in memory: there are not many of two decimals; None for what is no number to JSON.
    Raises `TypeError` or `ValueError`."""
    return None if value is None or value != value else float(value)
