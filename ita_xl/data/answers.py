"""How a year's questionnaires are answered: the words of each scale, their points, and which questions use it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from msgspec import Struct, field

YES_NO = "yes_no"
PART = re.compile(r"([IE]\d+)(?:\.(\d+))?")
"""A question, or one of the things that it asks for."""


class Step(Struct, frozen=True):
    """One answer of a scale. words: in which people give it."""

    points: Fraction
    words: tuple[str, ...]


class Scale(Struct, frozen=True):
    """steps: from the fewest points to the most."""

    name: str
    steps: tuple[Step, ...]


class Answers(Struct, frozen=True):
    """usual: the scale of every question that is not named in `yes_no`. reversed: questions, or parts like I11.2,
    in which much, or yes, is bad. parts: how many things a question asks for, where it is more than one."""

    scales: Mapping[str, Scale]
    usual: str
    yes_no: frozenset[str] = frozenset()
    reversed: frozenset[str] = frozenset()
    parts: Mapping[str, int] = field(default_factory=dict)

    def scale_of(self, code: str) -> str:
        return YES_NO if code in self.yes_no else self.usual

    def is_reversed(self, code: str, part: int) -> bool:
        return code in self.reversed or f"{code}.{part}" in self.reversed

    def problems(self, questions: Iterable[str]) -> Iterator[str]:
        """What does not fit together. questions: of the year."""
        known = set(questions)
        for name in (self.usual, YES_NO):
            if name not in self.scales:
                yield f"there is no scale {name}"
        for scale in self.scales.values():
            points = [step.points for step in scale.steps]
            if len(points) < 2 or points != sorted(set(points)) or points[0] < 0 or points[-1] > 100:
                yield f"scale {scale.name}: points must rise from 0 to 100"
        for code in sorted({*self.yes_no, *self.reversed, *self.parts}):
            match = PART.fullmatch(code)
            if not match or match[1] not in known or int(match[2] or 1) > self.parts.get(match[1], 1):
                yield f"{code} is no question of this year"
