"""รายงานผลการดำเนินการตามมาตรการ: of each measure what was planned, what was done, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ita_xl.data import say
from ita_xl.domain.answers import Answer
from ita_xl.domain.codes import Code
from ita_xl.domain.days import in_words
from ita_xl.domain.findings import Finding, has_errors
from ita_xl.domain.follow import Task, by_office, tally
from ita_xl.domain.numbers import exact, show
from ita_xl.domain.rows import Row as TableRow
from ita_xl.domain.thai import tidy
from ita_xl.layout import FOLLOW, RESULTS
from ita_xl.report import movement
from ita_xl.report.description import (
    Block,
    Bold,
    Cell,
    Document,
    Heading,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    Title,
)
from ita_xl.report.letters import signed_by_chief
from ita_xl.report.movement import After
from ita_xl.report.pieces import group, head, heading, row, table
from ita_xl.report.source import Source
from ita_xl.report.told import HALF, WHOLE, Period, Planned, Told, as_of, told
from ita_xl.report.topics import answers
from ita_xl.views.topics import results_item

_STEPS = (22, 14, 10, 12, 19, 11, 12)
_COUNTS = ("planned", "done_steps", "late_steps", "unheard_steps")
_NONE = "-"


@dataclass(frozen=True)
class Asked:
    """months: 6 or 12, from October. after: the next year's workbook, if the movement of scores is to be shown."""

    months: int = WHOLE
    after: After | None = None

    @property
    def unsettled(self) -> bool:
        """Whether the next year's workbook has errors, so that its scores may still change."""
        return self.after is not None and has_errors(self.after.outcome.findings)


def results(source: Source, asked: Asked = Asked()) -> Document:
    """The report on the plan that follows from the workbook's result."""
    period = Period(source.outcome.year + 1, asked.months)
    lines = (say("report.results.title"), source.agency, say("report.of_year", year=period.year))
    return Document(
        title=" ".join((*lines, _in_words(period))),
        author=source.agency,
        subject=say("report.subject"),
        sections=(Section(tuple(_blocks(source, period, asked.after, lines)), landscape=True),),
    )


def findings(source: Source, asked: Asked) -> Iterator[Finding]:
    """What is to be known before the report is signed."""
    period, titles = Period(source.outcome.year + 1, asked.months), source.outcome.inputs.titles
    listed = told(source, period)
    if source.outcome.inputs.answers and as_of(source) is None and FOLLOW.key in titles:
        yield Finding(Code.FOLLOW_WITHOUT_DAY, titles[FOLLOW.key], FOLLOW.field("as_of").cell)
    typed = sum(any(one.typed.values()) for one in listed)
    if asked.months == HALF and typed:
        yield Finding(Code.TYPED_FOR_WHOLE_YEAR, titles[RESULTS.key], values={"items": typed})
    if asked.after:
        yield from movement.findings(source.outcome, asked.after, listed)


def _in_words(period: Period) -> str:
    days = {"first": in_words(period.first), "last": in_words(period.last)}
    return say("report.results.period", months=period.months, **days)


def _blocks(source: Source, period: Period, after: After | None, lines: Sequence[str]) -> Iterator[Block]:
    listed = told(source, period)
    item = answers(results_item(source.outcome.year))
    yield Title(tuple(line for line in (*lines, _in_words(period), item) if line))
    words = {"agency": source.agency, "year": period.year, "period": _in_words(period), "measures": len(listed)}
    yield Paragraph(say("report.results.intro" if listed else "report.results.intro_none", **words))
    if listed:
        yield from _summary(source, listed)
        yield Heading(say("report.results.by_measure"))
        yield _details(listed, period)
    if after:
        yield from movement.movements(source.outcome, after, listed)
    yield from _last(source)
    yield signed_by_chief(source)


# ---- the summary ----


def _summary(source: Source, listed: Sequence[Told]) -> Iterator[Block]:
    day, tasks = as_of(source), [task for one in listed for task in one.tasks]
    yield Heading(say("report.results.summary_head"))
    counted = say("report.results.counted", day=in_words(day)) if day else say("report.results.counted_no_day")
    yield Paragraph(counted, with_next=True)
    rows = [
        row(f"{one.no} {one.name}".strip(), *_counts(one.tasks, day), _achieved(one) or _NONE) for one in listed
    ]
    whole = (Cell(text, bold=True) for text in (say("report.sum"), *_counts(tasks, day), ""))
    header = [head("measure", *_COUNTS, "achieved")]
    summary = say("report.results.summary")
    yield table((38, 11, 11, 11, 13, 16), header, [*rows, row(*whole)], summary, centred=(1, 2, 3, 4, 5))
    if offices := by_office(tasks):
        yield Paragraph(say("report.results.by_office"), with_next=True)
        of_each = [row(office, *_counts(of_it, day)) for office, of_it in offices.items()]
        summary = say("report.results.by_office_summary")
        yield table((46, 13, 13, 13, 15), [head("office", *_COUNTS)], of_each, summary, centred=(1, 2, 3, 4))


def _counts(tasks: Sequence[Task], day: dt.date | None) -> tuple[str, ...]:
    """Steps planned, done, late, unheard; a dash for what is late where no day is known."""
    counted = tally(tasks, day or dt.date.min)
    late = str(counted.overdue) if day else _NONE
    return str(counted.steps), str(counted.done), late, str(counted.unheard)


def _achieved(one: Told) -> str:
    """Whether the measure reached its aim: in a person's word, else as it follows from the steps."""
    if "achieved" in one.typed:
        return one.typed["achieved"]
    return say("report.results.by_steps", achieved=one.achieved) if one.achieved else ""


# ---- each measure ----


def _details(listed: Sequence[Told], period: Period) -> Table:
    """A measure over its steps; a step beside all its offices."""
    rows: list[Row] = []
    for one in listed:
        name = (
            say("report.measure", no=one.no, name=one.name, codes=one.codes)
            if one.codes
            else f"{one.no} {one.name}"
        )
        rows.append(group(name.strip(), len(_STEPS)))
        rows.append(row(Cell(_about(one), len(_STEPS))))
        for planned in one.steps:
            step = Cell(_step(planned), rows=len(planned.tasks))
            for place, task in enumerate(planned.tasks):
                cells = _task(one, planned, task, period)
                rows.append(row(*cells) if place else row(step, *cells))
    header = [head("step", "office", "due", "status", "done_of_step", "obstacle", "evidence")]
    return table(_STEPS, header, rows, say("report.results.by_measure_summary"), centred=(2, 3))


def _about(one: Told) -> Text:
    """What a measure is to reach, and what is said of it as a whole."""
    said = [(_label("success"), one.success), (_label("goal"), one.goal)]
    said += [(_label("quarter", number=number), text) for number, text in one.quarters.items()]
    reached = _achieved(one) or say("report.results.not_said")
    said.append((_label("result"), one.typed.get("result", "")))
    said.append((_label("against_success" if one.success else "achieved"), reached))
    said += [(_label(key), one.typed.get(key, "")) for key in ("evidence", "link")]
    said.append((_label("remark"), one.remark or ""))
    parts: list[str | Bold] = [one.aim] if one.aim else []
    for label, text in said:
        if text:
            parts += ["\n"] if parts else []
            parts += [Bold(label), f" {text}"]
    return tuple(parts)


def _label(key: str, **values: object) -> str:
    return say(f"report.results.label.{key}", **values)


def _step(one: Planned) -> str:
    lines = [f"{one.step.no} {one.step.text}".strip()]
    for key, text in (("success", one.success), ("goal", one.goal)):
        lines += [f"{_label(key)} {text}"] if text else []
    return "\n".join(lines)


def _task(measure: Told, planned: Planned, task: Task, period: Period) -> tuple[str, ...]:
    """Office, month, status, what was done, obstacles and evidence of a step in one office's hands. Where a
    person's words stand for these in the measure as a whole, they are not said twice."""
    said = planned.answers.get(task.office, ())
    by_quarter = [(one.quarter, one.told.done.strip()) for one in said if one.told.done.strip()]
    done = [say("report.results.in_quarter", number=q, text=text) for q, text in by_quarter if not measure.said(q)]
    if not done and (by_quarter or (not said and any(measure.typed.values()))):
        done = [say("report.results.above_all")]
    obstacles = [] if measure.remark is not None else [one.told.obstacle.strip() for one in said]
    links = [] if "link" in measure.typed else [tidy(one.told.link) for one in said]
    shown = task.done and "evidence" not in measure.typed
    evidence = [planned.step.report if shown else "", *links]
    cells = (task.office, planned.step.due, _status(task, period), *map(_lines, (done, obstacles, evidence)))
    return tuple(cells)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(filter(None, texts))) or _NONE


def _status(task: Task, period: Period) -> str:
    """What the office said last in the period, or that it was not heard; and whether the step is late."""
    lines = [_last_said(task.answer) if task.answer else say("report.results.unheard")]
    if task.late:
        lines.append(say("follow.late", days=task.late))
    elif not task.done and task.due and task.due > period.last:
        lines.append(say("report.results.not_due"))
    return _lines(lines)


def _last_said(answer: Answer) -> str:
    status, share = tidy(answer.told.status), tidy(answer.told.percent).rstrip("%")
    if status and share:
        return say("follow.said_share", status=status, share=share)
    return status or (say("report.results.share", share=share) if share else "")


# ---- last year's measures ----


def _last(source: Source) -> Iterator[Block]:
    """The measures of the plan before this one beside the scores, as the sheet of results shows them."""
    listed = [one for one in source.rows(RESULTS, "last") if one.text("measure")]
    if not listed:
        return
    yield Heading(say("report.results.last", year=source.outcome.year))
    if sentence := source.said(RESULTS, "last_sentence"):
        yield Paragraph(sentence)
    yield Paragraph(say("report.results.caution"), with_next=True)
    rows = [
        row(
            f"{one.text('no')} {one.text('measure')}".strip(),
            *(one.text(key) for key in ("codes", "done")),
            *(_score(one, key) for key in ("before", "after")),
            one.text("worked"),
        )
        for one in listed
    ]
    years = (heading("year", year=source.outcome.year - back) for back in (1, 0))
    header = [Row((*head("measure", "codes", "carried_out").cells, *years, *head("worked").cells))]
    yield table((23, 10, 21, 9, 9, 28), header, rows, say("report.results.last_summary"), centred=(1, 3, 4))


def _score(one: TableRow, key: str) -> str:
    """A mean as it is printed; as it is typed where it is no number."""
    content = one.cells[key].content if key in one.cells else None
    if isinstance(content, int | float) and not isinstance(content, bool):
        return show(exact(content))
    return one.text(key) or _NONE
