"""The journal of answers in a run: what each of them counts for, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.answers import Answer, by_slot, undecided
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import brief
from ita_xl.domain.findings import Finding
from ita_xl.domain.plan import PlannedStep
from ita_xl.domain.rows import Row
from ita_xl.domain.thai import tidy
from ita_xl.engines.port import Grid
from ita_xl.layout import Block, Sheet, labels
from ita_xl.reading.answers import answers_on
from ita_xl.views import answer_states
from ita_xl.views.content import Content, Values
from ita_xl.views.heard import meaning
from ita_xl.writing.own import steps_of


def plan_steps(rows: Sequence[Row], outcome: Outcome) -> list[PlannedStep]:
    """The steps of a plan as it stands, each with its offices."""
    inputs = outcome.inputs
    return steps_of(rows, inputs.offices, inputs.about.get("paper_section") or say("form.coordinator"))


def counted(sheet: Sheet, grid: Grid) -> Content:
    """What each answer of the journal counts for. sheet: with its parts where they stand."""
    listed = dict(answers_on(sheet, grid))
    states = dict(zip(listed, answer_states(list(listed.values())), strict=True))
    first, last = sheet.block("answers").first_row, max(listed, default=0)
    rows: list[Values] = [
        {"state": say(f"answers.states.{states[row]}") if row in states else None} for row in range(first, last + 1)
    ]
    return Content({}, {"answers": rows})


def findings(sheet: Sheet, title: str, grid: Grid, steps: Sequence[PlannedStep]) -> Iterator[Finding]:
    """On answers that contradict each other, that are of no use, and whose step is gone."""
    block, listed = sheet.block("answers"), dict(answers_on(sheet, grid))
    rows = {id(answer): row for row, answer in listed.items()}
    for known in by_slot(listed.values()).values():
        if open_ := undecided(known):
            yield _differ(block, title, open_, rows)
    for row, answer in listed.items():
        if tidy(answer.told.percent) and answer.share is None:
            yield Finding(
                Code.PERCENT_UNUSABLE, title, block.address("percent", row), values={"value": answer.told.percent}
            )
        if tidy(answer.told.status) and meaning(answer.told.status) is None:
            yield status_unknown(title, block.address("status", row), answer.told.status)
    keys = {step.key for step in steps}
    gone = [row for row, answer in listed.items() if answer.step not in keys]
    if gone:
        yield Finding(Code.ANSWERS_WITHOUT_STEP, title, block.address("no", gone[0]), values={"items": len(gone)})


def status_unknown(where: str, cell: str, status: str) -> Finding:
    """That a status is none of those among which an office is to choose."""
    values = {"value": brief(status), "choices": ", ".join(labels.choice_list("step_status"))}
    return Finding(Code.STATUS_UNKNOWN, where, cell, values=values)


def _differ(block: Block, title: str, open_: Sequence[Answer], rows: Mapping[int, int]) -> Finding:
    one = open_[0]
    cells = ", ".join(block.address("use", rows[id(answer)]) for answer in open_)
    values = {"office": one.office, "no": one.no, "quarter": one.quarter, "cells": cells}
    return Finding(Code.ANSWERS_DIFFER, title, block.address("use", rows[id(open_[-1])]), values=values)
