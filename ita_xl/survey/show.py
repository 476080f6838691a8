"""A survey as lines for a terminal and for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ita_xl.data import say
from ita_xl.domain.numbers import show
from ita_xl.survey.matching import Asked, Matching
from ita_xl.survey.scoring import Scored, Scores

_COLUMNS = ("heading", "code", "scale", "reversed", "how")
_QUESTIONS = ("code", "people", "unanswered", "points", "answers")
_LONGEST = 60


def columns(matching: Matching) -> Iterator[list[str]]:
    """How each column was matched, under its headings."""
    yield [say(f"survey.heads.{key}") for key in _COLUMNS]
    for column in matching.columns:
        code = f"{column.code}.{column.part}" if len(matching.of(column.code)) > 1 and column.code else column.code
        turned = say("survey.reversed") if column.reversed else ""
        how = say(f"survey.how.{_how(column)}")
        yield [column.heading[:_LONGEST], code, column.scale, turned, how]


def _how(column: Asked) -> str:
    """What told the question of a column, or what else it is for."""
    return column.how or column.use or "none"


def questions(scores: Scores) -> Iterator[list[str]]:
    """What came of each question, under headings."""
    yield [say(f"survey.heads.{key}") for key in _QUESTIONS]
    for one in scores.questions:
        points = "" if one.mean is None else show(one.mean)
        yield [one.code, str(one.people), str(one.unanswered), points, ", ".join(_counted(one))]


def _counted(one: Scored) -> Iterator[str]:
    """Nothing where so few answered that it might tell who answered what."""
    for points in one.steps if one.mean is not None else ():
        yield f"{_plain(points)}:{one.counts[points]}"


def _plain(points: Fraction) -> str:
    return show(points).removesuffix(".00")


def columns_as_json(matching: Matching) -> list[dict[str, Any]]:
    return [
        {
            "heading": column.heading,
            "code": column.code or None,
            "part": column.part,
            "scale": column.scale or None,
            "reversed": column.reversed,
            "how": _how(column),
        }
        for column in matching.columns
    ]


def as_json(scores: Scores) -> list[dict[str, Any]]:
    return [
        {
            "code": one.code,
            "people": one.people,
            "unanswered": one.unanswered,
            "points": None if one.mean is None else show(one.mean),
            "exact": None if one.mean is None else str(one.mean),
            "answers": {} if one.mean is None else {_plain(p): one.counts[p] for p in one.steps},
        }
        for one in scores.questions
    ]
