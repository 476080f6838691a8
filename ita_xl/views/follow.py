"""ความก้าวหน้ารายหน่วยงาน, as of the day that stands on it; and what each answer in the journal counts for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.answers import Answer, State, Status, by_slot, in_use, states
from ita_xl.domain.days import as_official, in_words, parse_day
from ita_xl.domain.follow import Tally, Task, by_measure, by_office, tally, tasks
from ita_xl.domain.plan import PlannedStep
from ita_xl.domain.thai import folded, tidy
from ita_xl.layout import labels
from ita_xl.layout.keys import ColumnKey
from ita_xl.views.content import Content, Values, agency_line


def follow(outcome: Outcome, steps: Sequence[PlannedStep]) -> Content:
    """The tables; nothing before anything was answered or a day was set."""
    day = parse_day(outcome.inputs.as_of)
    if not outcome.inputs.answers and not outcome.inputs.as_of:
        return Content({}, {"by_office": [], "by_measure": [], "by_step": []})
    listed = list(standing(steps, outcome.inputs.answers, day or dt.date.min))
    whole = tally(listed, day or dt.date.min)
    words = {"steps": whole.steps, "done": whole.done, "overdue": whole.overdue, "unheard": whole.unheard}
    sentence = say("follow.intro", day=in_words(day), **words) if day else say("follow.intro_no_day")

    def counted(parts: Mapping[str, Sequence[Task]], key: ColumnKey) -> list[Values]:
        return [{key: name, **_counted(tally(part, day or dt.date.min))} for name, part in parts.items()]

    return Content(
        {"agency": agency_line(outcome, outcome.year + 1), "intro": sentence},
        {
            "by_office": counted(by_office(listed), "office"),
            "by_measure": counted(by_measure(listed), "measure"),
            "by_step": [_step(task) for task in listed],
        },
    )


def standing(steps: Iterable[PlannedStep], answers: Iterable[Answer], day: dt.date) -> Iterator[Task]:
    """How every step stands on a day with each of its offices."""
    done = labels.choice_list("step_status")[list(Status).index(Status.DONE)]
    return tasks(steps, in_use(answers), day, {folded(done)})


def answer_states(listed: Sequence[Answer]) -> list[State]:
    """What each answer of the journal counts for, in its order."""
    found = {
        id(answer): state
        for known in by_slot(listed).values()
        for answer, state in zip(known, states(known), strict=True)
    }
    return [found[id(answer)] for answer in listed]


def _counted(counted: Tally) -> Values:
    return {
        "steps": counted.steps,
        "steps_due": counted.due,
        "steps_done": counted.done,
        "unheard": counted.unheard,
        "overdue": counted.overdue,
        "days_late": counted.late or None,
    }


def _step(task: Task) -> Values:
    answer, step = task.answer, task.step
    return {
        "no": step.no,
        "method": "\n".join(dict.fromkeys(filter(None, (step.name, step.text)))),
        "office": task.office,
        "due": step.due,
        "status": tidy(answer.told.status) if answer else say("follow.by_office.unheard"),
        "percent": answer.share if answer else None,
        "days_late": task.late or None,
        "quarter": say("follow.quarter", number=answer.quarter) if answer else None,
        "day": as_official(answer.told.day) if answer else None,
        "key": f"{step.key}@{folded(task.office)}",
    }
