"""Scores of the whole tree from what is given: question scores, stated scores, or both.

A published figure was rounded from data that nobody outside the authority has. So a stated score that
lies within what rounding allows is shown as published; outside of it the computed one is used and the
caller reports both, until a person decides which of them holds. A node whose children are incomplete takes its
stated score; without one it is not computable, and is never averaged over what happens to be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from functools import cached_property

from msgspec import Struct

from ita_xl.domain.numbers import FULL, HALF_UNIT, rounded
from ita_xl.domain.tree import OPEN_DATA, TOTAL, Kind, Tree


class Source(StrEnum):
    """Where the shown score of a node comes from."""

    GIVEN = "given"
    """a question's own score"""
    COMPUTED = "computed"
    """weighted mean of the children; nothing was stated"""
    CONFIRMED = "confirmed"
    """stated, and the computed score agrees within rounding"""
    STATED = "stated"
    """stated; the children are unknown or incomplete"""
    DISAGREES = "disagrees"
    """computed; the stated score lies outside what rounding allows, and nobody has decided"""
    HELD = "held"
    """stated; a person decided that it holds, whatever the children come to"""
    UNKNOWN = "unknown"


class Hold(Enum):
    """A person's decision between a stated figure and what its parts come to."""

    PUBLISHED = "published"
    COMPUTED = "computed"
    OPEN = "open"


class Given(Struct, frozen=True):
    """A figure from outside, in points, with what its rounding may hide (half a unit of its last place)."""

    value: Fraction
    slack: Fraction = HALF_UNIT


class NodeScore(Struct, frozen=True, dict=True):
    """One node's score in points 0-100; None where unknown.

    slack: what rounding may hide in `exact`. tolerance: how far rounding may take stated and computed apart.
    """

    stated: Fraction | None
    computed: Fraction | None
    slack: Fraction
    source: Source
    tolerance: Fraction = Fraction(0)

    @property
    def exact(self) -> Fraction | None:
        """At full precision, for further arithmetic: computed where possible, unless a person decided otherwise."""
        return self.stated if self.computed is None or self.source is Source.HELD else self.computed

    @property
    def gap(self) -> Fraction:
        """By how much the stated score lies above (+) or below (-) the computed one; 0 unless both are known."""
        return Fraction(0) if self.stated is None or self.computed is None else self.stated - self.computed

    @property
    def apart(self) -> bool:
        """Whether the gap is wider than rounding explains: one of the two scores rests on a mistake."""
        return self.computed is not None and abs(self.gap) > self.tolerance

    @property
    def shown(self) -> Fraction | None:
        """What the table prints and the level is judged on."""
        if self.source in (Source.COMPUTED, Source.DISAGREES):
            return self.computed
        return self.stated

    @cached_property
    def points(self) -> Decimal | None:
        """The shown score at two decimals."""
        return None if self.shown is None else rounded(self.shown)


UNKNOWN = NodeScore(None, None, Fraction(0), Source.UNKNOWN)

Scores = Mapping[str, NodeScore]


def slack_of(tree: Tree, code: str, value: Fraction) -> Fraction:
    """Half a unit of the last place; none for an open-data item, which is exactly met or not met."""
    if tree[code].kind is Kind.QUESTION and tree.instrument_of(code) == OPEN_DATA and value in (0, FULL):
        return Fraction(0)
    return HALF_UNIT


def score_tree(
    tree: Tree, given: Mapping[str, Given], holds: Mapping[str, Hold] | None = None
) -> dict[str, NodeScore]:
    """Score every placed node.

    given: by node code; a question's score or an upper node's stated score. holds: what a person decided, by node
    code; it counts where the node has both a stated score and a computed one. Returns a score for every
    placed code, `UNKNOWN` where neither children nor a stated figure decide it.
    """
    decided = holds or {}
    scores: dict[str, NodeScore] = {}
    for code in tree.bottom_up:
        scores[code] = _score(tree, code, scores, given.get(code), decided.get(code, Hold.OPEN))
    return scores


_DECIDED = {Hold.PUBLISHED: Source.HELD, Hold.COMPUTED: Source.COMPUTED}


def _score(tree: Tree, code: str, scores: Mapping[str, NodeScore], given: Given | None, hold: Hold) -> NodeScore:
    children = tree.children(code)
    computed, slack = _mean(tree, children, scores) if children else (None, Fraction(0))
    if computed is None:
        if given is None:
            return UNKNOWN
        leaf = tree[code].kind is Kind.QUESTION
        return NodeScore(given.value, None, given.slack, Source.GIVEN if leaf else Source.STATED)
    if given is None:
        return NodeScore(None, computed, slack, Source.COMPUTED)
    tolerance = slack + given.slack
    agrees = abs(given.value - computed) <= tolerance
    source = _DECIDED.get(hold) or (Source.CONFIRMED if agrees else Source.DISAGREES)
    return NodeScore(given.value, computed, given.slack if source is Source.HELD else slack, source, tolerance)


def _mean(
    tree: Tree, children: tuple[str, ...], scores: Mapping[str, NodeScore]
) -> tuple[Fraction | None, Fraction]:
    mean = slack = Fraction(0)
    for child in children:
        value = scores[child].exact
        if value is None:
            return None, Fraction(0)
        mean += tree.shares[child] * value
        slack += tree.shares[child] * scores[child].slack
    return mean, slack


def leaves(tree: Tree, scores: Scores) -> list[str]:
    """The deepest known nodes that together make up the total, in order; empty if the total is unknown."""

    def descend(code: str) -> list[str]:
        if scores[code].computed is None:
            return [code]
        return [leaf for child in tree.children(code) for leaf in descend(child)]

    return descend(TOTAL) if scores[TOTAL].exact is not None else []
