"""What an answer is worth: words and numbers as people and survey tools give them, on a scale."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

from ita_xl.data import say
from ita_xl.data.answers import YES_NO, Scale
from ita_xl.domain.thai import arabic_digits, folded, parse_number

_SEVERAL = re.compile(r"[;,|]+")
_NUMBERED = re.compile(r"^[(\[]?\d{1,2}\s*[.):=\]–-]\s*(.+)$|^(.+?)\s*[(\[]\d{1,2}[)\]]$")
_TOOL_CODE = re.compile(r"^ao?0*(\d{1,2})$", re.IGNORECASE)
"""The answers' codes of LimeSurvey, numbered from the first."""


@dataclass
class Understood:
    """points: of each text. several: texts that name more than one step. figures: numbers that are no answers.
    unknown: all other texts that are none. numbered: numbers were taken for steps, 1 for the least."""

    points: dict[str, Fraction] = field(default_factory=dict)
    several: set[str] = field(default_factory=set)
    figures: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    numbered: bool = False


def understood(texts: Iterable[str], scale: Scale, *, turned: bool) -> Understood:
    """The different texts of a column, on its scale. turned: much, or yes, is bad. What is no answer at all is left
    out."""
    found = Understood()
    words = {folded(word): place for place, step in enumerate(scale.steps) for word in step.words}
    rest: dict[str, Fraction] = {}
    worth = [step.points for step in scale.steps]
    worth = worth[::-1] if turned else worth
    for text in texts:
        if not text or folded(text) in no_answers():
            continue
        place = _place(text, words)
        number = parse_number(text)
        if place is not None:
            found.points[text] = worth[place]
        elif (tool := _TOOL_CODE.match(text)) and 0 < int(tool[1]) <= len(worth):
            found.points[text], found.numbered = worth[int(tool[1]) - 1], True
        elif number and number.value is not None:
            rest[text] = Fraction(-1) if "%" in text else number.value
        elif len({_place(piece, words) for piece in _SEVERAL.split(text)} - {None}) > 1:
            found.several.add(text)
        else:
            found.unknown.add(text)
    places = _steps(rest, scale)
    are_points = {*rest.values()} <= {step.points for step in scale.steps}
    found.numbered = found.numbered or (bool(places) and not are_points)
    found.points |= {text: worth[place] for text, place in places.items()}
    found.figures = {*rest} - {*places}
    return found


def _place(text: str, words: Mapping[str, int]) -> int | None:
    """Which step a text names, perhaps with the number that a form puts before or behind it."""
    plain = text.strip(" ;")  # forms that would take several answers end each with a mark
    if (exact := words.get(folded(plain))) is not None:
        return exact
    numbered = _NUMBERED.match(arabic_digits(plain))
    return words.get(folded(numbered[1] or numbered[2])) if numbered else None


def _steps(numbers: Mapping[str, Fraction], scale: Scale) -> dict[str, int]:
    """Which steps numbers mean: as points, else counted from 1; yes and no also as 1 and 0. None where they fit
    neither way."""
    by_points = {step.points: place for place, step in enumerate(scale.steps)}
    counted = {Fraction(place + 1): place for place in range(len(scale.steps))}
    ways = [by_points, {Fraction(0): 0, Fraction(1): 1} if scale.name == YES_NO else counted]
    for way in ways:
        if {*numbers.values()} <= {*way}:
            return {text: way[number] for text, number in numbers.items()}
    return {}


@cache
def no_answers() -> frozenset[str]:
    """What people, and tools, put where nothing is answered."""
    return frozenset(folded(word) for word in say("survey.words.no_answer").split("|"))
