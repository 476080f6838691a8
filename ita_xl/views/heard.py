"""What the offices answered, as the follow-up by quarter and the report of results say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ita_xl.data import say
from ita_xl.domain.answers import QUARTERS, Answer, Slot, Status, furthest
from ita_xl.domain.contents import fitting
from ita_xl.domain.plan import PlannedStep
from ita_xl.domain.thai import folded, tidy
from ita_xl.layout import labels
from ita_xl.layout.keys import QuarterKey
from ita_xl.views.content import Values


def meaning(status: str) -> Status | None:
    """What the word for a status means; None for any other word."""
    words = zip(Status, labels.choice_list("step_status"), strict=True)
    return next((one for one, word in words if folded(word) == folded(status)), None)


class Heard:
    """steps: of the plan. answers: those that hold."""

    def __init__(self, steps: Sequence[PlannedStep], answers: Mapping[Slot, Answer]) -> None:
        self._steps = {step.key: step for step in steps}
        self._places = {step.key: place for place, step in enumerate(steps)}
        self._answers: dict[str, list[Answer]] = {}
        for answer in answers.values():
            if (step := self._steps.get(answer.step)) and not answer.told.empty:
                self._answers.setdefault(step.measure, []).append(answer)

    def quarters(self, measure: str, numbers: Mapping[QuarterKey, int]) -> Values:
        """What was done for a measure, by quarter, and what stood in the way. numbers: which quarter each is."""
        told: Values = {key: self._lines(measure, self._progress, number) for key, number in numbers.items()}
        return {**told, "remark": self._lines(measure, self._obstacle)}

    def result(self, measure: str) -> Values:
        """What became of a measure in all."""
        return {
            "result": self._lines(measure, self._progress),
            "achieved": self._achieved(measure),
            "evidence": _joined(self._furthest(measure), self._evidence),
            "link": self._lines(measure, lambda answer: tidy(answer.told.link)),
        }

    def _lines(self, measure: str, line: Callable[[Answer], str], quarter: int = 0) -> str:
        """A line for each answer that says something, in the order of the plan: those of one quarter, else the
        latest of each step and office. No more than a cell holds; the journal has the whole."""
        chosen = self._of(measure, quarter) if quarter else self._latest(measure)
        return _joined(chosen, line)

    def _of(self, measure: str, quarter: int) -> list[Answer]:
        told = [answer for answer in self._answers.get(measure, []) if answer.quarter == quarter]
        return sorted(told, key=lambda answer: self._places[answer.step])

    def _latest(self, measure: str) -> list[Answer]:
        latest = {answer.slot[:2]: answer for quarter in QUARTERS for answer in self._of(measure, quarter)}
        return sorted(latest.values(), key=lambda answer: self._places[answer.step])

    def _furthest(self, measure: str) -> list[Answer]:
        """Of each step and office the answer that says how far it has got."""
        told: dict[tuple[str, str], list[Answer]] = {}
        for answer in (answer for quarter in QUARTERS for answer in self._of(measure, quarter)):
            told.setdefault(answer.slot[:2], []).append(answer)
        found = filter(None, map(furthest, told.values()))
        return sorted(found, key=lambda answer: self._places[answer.step])

    def _progress(self, answer: Answer) -> str:
        status, share = tidy(answer.told.status), tidy(answer.told.percent)
        said = (
            say("follow.said_share", status=status, share=share.rstrip("%"))
            if status and share
            else status or share
        )
        said = " ".join(filter(None, (said, answer.told.done.strip())))
        return (
            say("follow.progress", no=self._steps[answer.step].no, office=answer.office, said=said) if said else ""
        )

    def _obstacle(self, answer: Answer) -> str:
        words = {
            "no": self._steps[answer.step].no,
            "office": answer.office,
            "obstacle": answer.told.obstacle.strip(),
        }
        return say("follow.obstacle", **words) if answer.told.obstacle.strip() else ""

    def _evidence(self, answer: Answer) -> str:
        """What the plan asks for as evidence, of a step of which an office says that it is done."""
        step = self._steps[answer.step]
        shown = meaning(answer.told.status) is Status.DONE and step.report
        return say("follow.evidence", no=step.no, report=step.report) if shown else ""

    def _achieved(self, measure: str) -> str:
        """Achieved is a measure whose every step is done in every office; nothing is said before anything was
        heard."""
        told = self._furthest(measure)
        if not told:
            return ""
        done = {answer.slot[:2] for answer in told if meaning(answer.told.status) is Status.DONE}
        wanted = {
            (step.key, folded(office))
            for step in self._steps.values()
            if step.measure == measure
            for office in step.offices
        }
        all_, some, none = labels.choice_list("achieved")
        begun = any(meaning(answer.told.status) is Status.DOING for answer in told)
        return all_ if wanted <= done else some if done or begun else none


def _joined(answers: Iterable[Answer], line: Callable[[Answer], str]) -> str:
    """The lines that say something, each once."""
    return fitting("\n".join(dict.fromkeys(text for answer in answers if (text := line(answer)))))
