"""วิเคราะห์ 7 ประเด็น: what an analysis has to speak of, and what there is to say of each topic."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from ita_xl.case.outcome import Outcome
from ita_xl.data import library, profiles, say
from ita_xl.data.profiles import Profile
from ita_xl.domain.numbers import show
from ita_xl.domain.plan import PlannedMeasure
from ita_xl.domain.tree import Kind
from ita_xl.layout.labels import named
from ita_xl.reading.plan import split_codes
from ita_xl.views.content import Content, Values, agency_line, digits, ranges

_PLAN, _RESULTS = "O42", "O43"
"""The library's names of the open-data items for which analysis and plan are published, and the report on them."""

Issue = tuple[str, str]
"""The code of an issue, empty for one without, and its text."""


def asking(year: int) -> Profile:
    """The year in which the analysis of a year's result is published; the last one that ships, if that is later."""
    first, *_, last = profiles.years()
    return profiles.profile(min(max(year + 1, first), last))


class Item(Struct, frozen=True):
    """An open-data item for which a document is published. code: empty where it is not known. year: of the
    round."""

    code: str
    year: int

    def __str__(self) -> str:
        return say("topics.item", code=self.code, year=self.year) if self.code else ""


def plan_item(year: int) -> Item:
    """The item that the analysis of a year's result and the plan that follows from it answer."""
    return Item(library.code_of(asking(year).year, _PLAN), year + 1)


def results_item(year: int) -> Item:
    """The item that the report on that plan answers. Until 2566 it asks for the measures of its own year, from the
    rounds on that ask for topics for those of the year before (domain notes, not confirmed by a manual)."""
    later = year + 1 if asking(year).topics else year
    return Item(library.code_of(asking(later).year, _RESULTS), later + 1)


def topics(outcome: Outcome, plan: Sequence[PlannedMeasure], issues: Sequence[Issue]) -> Content | None:
    """A row for each topic; None for a year of which none is known. issues: those that stand."""
    asked = asking(outcome.year)
    if not asked.topics:
        return None
    say_it = digits(outcome)
    rows: list[Values] = []
    for number, topic in enumerate(asked.topics, 1):
        key = str(number)
        codes = outcome.inputs.topic_codes.get(key) or ", ".join(topic.nodes)
        told = _told(outcome, codes, plan, issues)
        rows.append({"no": number, "topic": topic.name, "codes": codes, "key": key, **told})
    words = {"items": len(asked.topics), "item": plan_item(outcome.year)}
    return Content(
        {"agency": agency_line(outcome), "intro": say_it(say("topics.intro", **words))}, {"topics": rows}
    )


def _told(outcome: Outcome, codes: str, plan: Sequence[PlannedMeasure], issues: Sequence[Issue]) -> Values:
    tree = outcome.tree
    given = split_codes(codes)
    nodes = {code if code in tree else _above(code) for code in given}

    def about(code: str) -> bool:
        return code in tree and any(node.code in nodes for node in tree.up(code))

    questions = [q for q in tree.codes(Kind.QUESTION) if about(q)]
    told = dict.fromkeys(code if _known(outcome, code) else _above(code) for code in given)
    scores = [_scored(outcome, code) for code in told if code in tree]
    found = [text for code, text in issues if about(code)]
    measures = [f"{one.number} {one.name}" for one in plan if any(about(code) for code in split_codes(one.codes))]
    lacking = [say(f"topics.{key}") for key, there in (("no_issue", found), ("no_measure", measures)) if not there]
    return {
        "range": ranges(questions) or None,
        "text": "\n".join(scores) or None,
        "issue": "\n".join(found) or None,
        "measure": "\n".join(measures) or None,
        "note": "\n".join(lacking) or None,
    }


def _scored(outcome: Outcome, code: str) -> str:
    points = outcome.points(outcome.year, code)
    return say("topics.score", name=named(outcome.tree, code), score="-" if points is None else show(points))


def _known(outcome: Outcome, code: str) -> bool:
    return outcome.points(outcome.year, code) is not None


def _above(code: str) -> str:
    """The indicator of a sub-indicator, which tells in its place where the year has none, or no score of it."""
    return code.partition(".")[0]
