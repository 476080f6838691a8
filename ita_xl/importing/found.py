"""What was understood of a source: figures, levels and comments, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction


class Kind(Enum):
    """What a fact is about."""

    SCORE = "score"
    POINTS = "points"
    LEVEL = "level"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Fact:
    """code: of a node, or of a question that the structure does not know yet. year: 0 for a comment. value: points
    0-100 of a score, the sum of a sub-indicator's points, the name of a level, a comment. items: of how many items
    the points are, 0 if that is not said. name, parent: of a question that is not known yet, as the source has it.
    source, place: where it stands."""

    kind: Kind
    code: str
    year: int
    value: Fraction | str
    source: str
    place: str
    items: int = 0
    name: str = ""
    parent: str = ""

    @property
    def key(self) -> tuple[str, int, str]:
        """What it is about; facts of one key must not differ."""
        return self.code, self.year, str(self.value) if self.kind is Kind.COMMENT else self.kind.value


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A row with a figure of which it is not known what it is about."""

    text: str
    source: str
    place: str


@dataclass
class Recognised:
    """facts: in the order of the source. unclear: rows that were not understood. agencies: the names in a table of
    several, of which none was the one that is wanted. shares: places of columns with shares of one."""

    facts: list[Fact] = field(default_factory=list)
    unclear: list[NotUnderstood] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    shares: list[str] = field(default_factory=list)


def by_key(facts: Iterable[Fact]) -> dict[tuple[str, int, str], list[Fact]]:
    """Facts about one thing together, without those that say the same again."""
    found: dict[tuple[str, int, str], list[Fact]] = {}
    for fact in facts:
        same = found.setdefault(fact.key, [])
        if all(fact.value != other.value for other in same):
            same.append(fact)
    return found
