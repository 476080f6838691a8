"""What changed between two years, and exactly how much each part added to or took from the total."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from ita_xl.domain.scoring import Scores, Source
from ita_xl.domain.tree import TOTAL, Tree

REST = "rest"
"""The contribution line of what is not known in both years: the total moved by it, its parts are unknown."""

HELD = "held"
"""The contribution line of decisions: by how much more published figures that hold lie beyond their parts."""

STRUCTURE = "structure"
"""The contribution line of changed weights: what the total would have moved had no score changed."""


class Contribution(Struct, frozen=True):
    """Points of the total that one node added (+) or took (-). score_change: points of the node itself."""

    code: str
    points: Fraction
    score_change: Fraction


class Change(Struct, frozen=True):
    """The change of the total from an earlier year.

    shown: difference of the two printed totals. exact: difference at full precision; the contributions
    add up to it exactly. The two differ by what rounding the totals hides.
    """

    since: int
    until: int
    shown: Decimal
    exact: Fraction
    contributions: tuple[Contribution, ...]

    @property
    def largest_first(self) -> list[Contribution]:
        """By size, whatever the sign; equal ones in the order of the structure."""
        return sorted(self.contributions, key=lambda c: -abs(c.points))

    @property
    def moved(self) -> list[Contribution]:
        """The parts that changed the total at all, largest first."""
        return [part for part in self.largest_first if part.points]

    @property
    def only_total(self) -> bool:
        """True where no part of the total is known in both years."""
        return [c.code for c in self.contributions] == [TOTAL]


class Year(Struct, frozen=True):
    """A year's scores in that year's structure."""

    year: int
    tree: Tree
    scores: Scores


def change(then: Year, now: Year, corresponds: Callable[[str], bool] = lambda code: True) -> Change | None:
    """The change of the total with its parts at the deepest level known in both years.

    What is unknown in either year is one line, so that the lines always add up. corresponds: whether a
    node code means the same in both years. Returns None if a total is unknown.
    """
    old, new = then.scores[TOTAL], now.scores[TOTAL]
    if old.exact is None or new.exact is None or old.points is None or new.points is None:
        return None
    known, complete = _common_parts(then, now, corresponds, TOTAL)
    parts: list[Contribution] = []
    weighting = Fraction(0)
    for code in known:
        before, after = then.scores[code].exact, now.scores[code].exact
        assert before is not None and after is not None
        old_weight, new_weight = then.tree.effective_weights[code], now.tree.effective_weights[code]
        parts.append(Contribution(code, old_weight * (after - before), after - before))
        weighting += (new_weight - old_weight) * after
    exact = new.exact - old.exact
    if held := _beyond_parts(now, known) - _beyond_parts(then, known):
        parts.append(Contribution(HELD, held, Fraction(0)))
    if weighting:
        parts.append(Contribution(STRUCTURE, weighting, Fraction(0)))
    if not complete:
        rest = exact - sum((part.points for part in parts), Fraction(0))
        parts.append(Contribution(REST, rest, Fraction(0)))
    return Change(then.year, now.year, new.points - old.points, exact, tuple(parts))


def _beyond_parts(year: Year, parts: Sequence[str]) -> Fraction:
    """Points of the total by which scores that a person holds to lie beyond those parts that are below them."""
    held = [code for code, score in year.scores.items() if score.source is Source.HELD and code not in parts]
    above = {node.code for part in parts for node in year.tree.up(part)} if held else set()
    worths = year.tree.effective_weights
    return sum((worths[c] * year.scores[c].gap for c in held if c in above), Fraction(0))


def _common_parts(then: Year, now: Year, corresponds: Callable[[str], bool], code: str) -> tuple[list[str], bool]:
    """The deepest nodes below a node that both years know; False where something below stays unknown."""
    children = now.tree.children(code)
    if set(children) == set(then.tree.children(code)) and all(corresponds(child) for child in children):
        below = [_common_parts(then, now, corresponds, child) for child in children]
        parts = [part for found, _ in below for part in found]
        if parts:
            return parts, all(complete for _, complete in below)
    known = then.scores[code].exact is not None and now.scores[code].exact is not None
    return ([code], True) if known else ([], False)
