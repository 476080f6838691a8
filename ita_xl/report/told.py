"""What is known of each measure in a period: its steps, what the offices answered, what a person typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from ita_xl.data import say
from ita_xl.domain.answers import QUARTERS, Answer, in_use
from ita_xl.domain.days import parse_day
from ita_xl.domain.follow import Stand, Task
from ita_xl.domain.plan import PlannedStep
from ita_xl.domain.rows import Owner, Row
from ita_xl.domain.thai import folded
from ita_xl.layout import MEASURES, RESULTS, TRACKING, Sheet
from ita_xl.layout.keys import QUARTER_KEYS, BlockKey
from ita_xl.report.source import Source
from ita_xl.views.follow import standing
from ita_xl.views.heard import Heard
from ita_xl.writing.own import Part, part_of

_BUDDHIST = 543
HALF, WHOLE = 6, 12
"""The periods on which agencies report, in months from October."""
_MONTHS_OF_QUARTER = 3

REPORTED = ("result", "achieved", "evidence", "link")
"""The cells of the sheet of results."""


class Period(Struct, frozen=True):
    """A part of a fiscal year from its beginning. year: the Buddhist fiscal year of the plan."""

    year: int
    months: int = WHOLE

    @property
    def quarters(self) -> tuple[int, ...]:
        return QUARTERS[: self.months // _MONTHS_OF_QUARTER]

    @property
    def first(self) -> dt.date:
        return dt.date(self.year - _BUDDHIST - 1, 10, 1)

    @property
    def last(self) -> dt.date:
        month, day = (3, 31) if self.months == HALF else (9, 30)
        return dt.date(self.year - _BUDDHIST, month, day)


class Planned(Struct, frozen=True):
    """A step: with each of its offices how it stands, and what each of them answered in the period by quarter.
    success, goal: the indicator of success and its goal, as typed."""

    step: PlannedStep
    tasks: Sequence[Task]
    answers: Mapping[str, Sequence[Answer]]
    success: str = ""
    goal: str = ""


class Told(Struct, frozen=True):
    """A measure. aim: what it is to reach, empty for a person's own. typed: what a person wrote on the sheet of
    results, by column; quarters: on the sheet of follow-up, by quarter of the period; remark: there on obstacles,
    None if nothing was typed over ours. achieved: what follows from the steps."""

    no: str
    name: str
    codes: str
    key: str = ""
    aim: str = ""
    success: str = ""
    goal: str = ""
    steps: Sequence[Planned] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    quarters: Mapping[int, str] = field(default_factory=dict)
    remark: str | None = None
    achieved: str = ""

    @property
    def tasks(self) -> list[Task]:
        return [task for one in self.steps for task in one.tasks]

    def said(self, quarter: int) -> bool:
        """Whether a person's words stand for what the offices answered about a quarter."""
        return "result" in self.typed or quarter in self.quarters


def as_of(source: Source) -> dt.date | None:
    """The day for which is counted what is late; None if the workbook names none."""
    return parse_day(source.outcome.inputs.as_of)


def told(source: Source, period: Period) -> list[Told]:
    """The measures in the order of the plan; below them steps without a measure, and what a person reports on
    without planning it."""
    rows = source.rows(MEASURES, "measures")
    steps = source.outcome.steps
    answers = in_use(one for one in source.outcome.inputs.answers if one.quarter in period.quarters)
    heard = Heard(steps, answers)
    by_step: dict[str, list[Task]] = {}
    for task in standing(steps, answers.values(), as_of(source) or dt.date.min):
        by_step.setdefault(task.step.key, []).append(_within(task, period))
    beside = {row.key: row for row in rows}
    codes = {one.key: one.codes for one in source.outcome.plan}
    reported, followed = _by_key(source, RESULTS, "results"), _by_key(source, TRACKING, "tracking")

    def planned(step: PlannedStep) -> Planned:
        row = beside[step.key]
        tasks = by_step.get(step.key, [])
        said = {
            task.office: [
                answer
                for quarter in period.quarters
                if (answer := answers.get((step.key, folded(task.office), quarter))) and not answer.told.empty
            ]
            for task in tasks
        }
        own = step.key != step.measure  # else its measure shows them
        return Planned(step, tasks, said, row.text("success") if own else "", row.text("goal") if own else "")

    found = [
        Told(
            row.text("no"),
            row.text("measure"),
            codes.get(row.key, row.text("codes")),
            row.key,
            "" if row.own else row.text("method"),
            row.text("success"),
            row.text("goal"),
            [planned(step) for step in steps if step.measure == row.key],
            _typed(reported.get(row.key), REPORTED),
            _quarters(source, followed.get(row.key), period),
            _typed(followed.get(row.key), ("remark",)).get("remark"),
            str(heard.result(row.key)["achieved"]),
        )
        for row in rows
        if part_of(row) is Part.MEASURE
    ]
    known = {one.key for one in found}
    if loose := [planned(step) for step in steps if step.measure not in known]:
        found.append(Told("", say("report.results.no_measure"), "", steps=loose))
    return [*found, *_unplanned(source, period, known)]


def _within(task: Task, period: Period) -> Task:
    """What is due after the period is not late in it."""
    if task.stand is Stand.LATE and task.due and task.due > period.last:
        return replace(task, stand=Stand.OPEN, late=0)
    return task


def _by_key(source: Source, sheet: Sheet, block: BlockKey) -> dict[str, Row]:
    return {row.key: row for row in source.rows(sheet, block) if row.key}


def _typed(row: Row | None, columns: Sequence[str]) -> dict[str, str]:
    """What a person wrote over what is ours, or emptied."""
    cells = {column: row.cells[column] for column in columns if column in row.cells} if row else {}
    return {
        column: cell.text
        for column, cell in cells.items()
        if cell.whose is Owner.USER and (cell.text or not (row and row.own))
    }


def _quarters(source: Source, row: Row | None, period: Period) -> dict[int, str]:
    """By quarter what a person typed about it. The sheet may begin with a later one; what comes after the fourth
    belongs to the next fiscal year."""
    typed = _typed(row, QUARTER_KEYS)
    start = source.outcome.inputs.start_quarter
    numbers = {start + place: key for place, key in enumerate(QUARTER_KEYS)}
    return {number: typed[key] for number in period.quarters if (key := numbers.get(number)) and key in typed}


def _unplanned(source: Source, period: Period, known: Collection[str]) -> Iterator[Told]:
    """Rows of a person's own on the sheets of results and follow-up whose measure is not in the plan."""
    found: dict[str, Told] = {}
    for row in (*source.rows(RESULTS, "results"), *source.rows(TRACKING, "tracking")):
        if not row.own or row.key in known:
            continue
        name = row.text("measure")
        one = found.get(folded(name)) or Told(row.text("no"), name, row.text("codes"))
        found[folded(name)] = replace(
            one,
            typed={**one.typed, **_typed(row, REPORTED)},
            quarters={**one.quarters, **_quarters(source, row, period)},
            remark=_typed(row, ("remark",)).get("remark", one.remark),
        )
    yield from found.values()
