"""Exact scores of answers, question by question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import folded
from ita_xl.survey.answers import Answers
from ita_xl.survey.matching import Matching
from ita_xl.survey.scales import Understood, no_answers, understood

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 3
_LONGEST = 30


@dataclass
class Scored:
    """A question. people: who answered any of what it asks. unanswered: answers that are missing, of all people.
    mean: of all its answers; None for too few people. counts: answers by their points. steps: the points of its
    scale. turned: of how many of its columns much, or yes, is bad. unknown: how often texts were given whose points
    nobody knows. several: answers that name more than one step. numbered: numbers were taken for steps."""

    code: str
    columns: int
    people: int = 0
    unanswered: int = 0
    mean: Fraction | None = None
    counts: Counter[Fraction] = field(default_factory=Counter)
    steps: tuple[Fraction, ...] = ()
    turned: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    several: int = 0
    numbered: bool = False


@dataclass
class Scores:
    """people: whose answers count. twice: sets of answers that do not, because somebody answered again."""

    people: int
    twice: int
    questions: list[Scored]


def scored(answers: Answers, matching: Matching) -> Scores:
    """Raises `Unusable` for a table of figures, for answers that are mostly on no scale, and for too few people."""
    once = _once(answers.table, matching)
    twice = len(answers.table) - len(once)
    texts = once[[at for code in matching.codes for at, _ in matching.of(code)]]
    # Tools also export those who opened the form and left.
    texts = texts[(~texts.map(lambda text: not text or folded(text) in no_answers())).any(axis=1)]
    questions = [_question(code, texts, answers, matching) for code in matching.codes]
    if len(texts) < matching.minimum:
        values = {"file": answers.name, "people": len(texts), "minimum": matching.minimum}
        raise Unusable(Finding(Code.SURVEY_TOO_SMALL, values=values))
    return Scores(len(texts), twice, questions)


def _once(table: pd.DataFrame, matching: Matching) -> pd.DataFrame:
    """The table with each person once, as far as an address or the like tells; a row that is the same to the second
    was only sent twice."""
    if matching.doubles == "all":
        return table
    keep: Literal["first", "last"] = "first" if matching.doubles == "first" else "last"
    if matching.used_as("time"):
        table = table[~table.duplicated(keep=keep)]
    for at in matching.used_as("person"):
        person = table[at].map(lambda text: "" if folded(text) in no_answers() else folded(text))
        table = table[~((person != "") & person.duplicated(keep=keep))]
    return table


def _question(code: str, texts: pd.DataFrame, answers: Answers, matching: Matching) -> Scored:
    asked = matching.of(code)
    one = Scored(code, len(asked), turned=sum(column.reversed for _, column in asked))
    answered = None
    for at, column in asked:
        scale = matching.scales[column.scale]
        given = texts[at].value_counts()
        told = understood(given.index, scale, turned=column.reversed)
        often = {str(text): int(times) for text, times in given.items()}
        _refuse(often, told, answers.name, column.heading, matching.year)
        for text, points in told.points.items():
            one.counts[points] += often[text]
        one.unknown.update({text: often[text] for text in (*told.unknown, *told.figures)})
        one.several += sum(often[text] for text in told.several)
        one.numbered = one.numbered or told.numbered
        one.steps = tuple(sorted({*one.steps, *(step.points for step in scale.steps)}))
        here = texts[at].isin(list(told.points))
        answered = here if answered is None else answered | here
    one.people = 0 if answered is None else int(answered.sum())
    one.unanswered = len(texts) * len(asked) - one.counts.total()
    if one.people >= matching.minimum:
        one.mean = sum((points * times for points, times in one.counts.items()), Fraction(0)) / one.counts.total()
    return one


def _refuse(often: dict[str, int], told: Understood, name: str, heading: str, year: int) -> None:
    """A column that is mostly something else than answers: then none of the file is to be trusted. Raises
    `Unusable`."""
    figures, unknown = (sum(often[text] for text in texts) for texts in (told.figures, told.unknown))
    good = sum(often[text] for text in (*told.points, *told.several))
    if figures + unknown <= good:
        return
    code = Code.SURVEY_OF_FIGURES if figures > unknown else Code.SURVEY_WORDS_UNKNOWN
    worst = told.figures if figures > unknown else told.unknown
    shown = ", ".join(f"“{text[:_LONGEST]}”" for text in sorted(worst, key=lambda text: -often[text])[:_SHOWN])
    values = {"file": name, "column": heading[: 2 * _LONGEST], "value": shown, "year": year}
    raise Unusable(Finding(code, values=values))


def findings(scores: Scores, matching: Matching, parts: dict[str, int]) -> Iterator[Finding]:
    """What a person should know of the scores. parts: how many things each question asks for."""
    if scores.twice:
        yield Finding(Code.SURVEY_ANSWERED_TWICE, values={"items": scores.twice, "which": matching.doubles})
    for one in scores.questions:
        about: dict[str, object] = {"code": one.code, "people": one.people, "minimum": matching.minimum}
        if one.mean is None:
            yield Finding(Code.SURVEY_QUESTION_TOO_SMALL, question=one.code, values=about)
        if one.unknown:
            text, _ = one.unknown.most_common(1)[0]
            values = {"code": one.code, "items": one.unknown.total(), "value": f"“{text[:_LONGEST]}”"}
            yield Finding(Code.SURVEY_WORDS_LEFT_OUT, question=one.code, values=values)
        if one.several:
            yield Finding(
                Code.SURVEY_TWO_IN_ONE, question=one.code, values={"code": one.code, "items": one.several}
            )
        if one.numbered:
            yield Finding(Code.SURVEY_NUMBERS, question=one.code, values={"code": one.code})
        if one.columns != parts.get(one.code, one.columns):
            values = {"code": one.code, "found": one.columns, "expected": parts[one.code]}
            yield Finding(Code.SURVEY_PARTS_DIFFER, question=one.code, values=values)
