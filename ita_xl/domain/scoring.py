"""Scores of the whole tree from what is given: question scores, stated scores, or both.

A published figure was rounded from data that nobody outside the authority has. So a stated score that
lies within what rounding allows is shown as published; outside of it the computed one is used and the
caller reports both. A node whose children are incomplete takes its stated score; without one it is
not computable, and is never averaged over what happens to be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

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
    """computed; the stated score lies outside what rounding allows"""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Given:
    """A figure from outside, in points, with what its rounding may hide (half a unit of its last place)."""

    value: Fraction
    slack: Fraction = HALF_UNIT


@dataclass(frozen=True)
class NodeScore:
    """One node's score in points 0-100; None where unknown."""

    stated: Fraction | None
    computed: Fraction | None
    slack: Fraction
    source: Source

    @property
    def exact(self) -> Fraction | None:
        """At full precision, for further arithmetic: computed where possible."""
        return self.stated if self.computed is None else self.computed

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


def score_tree(tree: Tree, given: Mapping[str, Given]) -> dict[str, NodeScore]:
    """Score every placed node.

    given: by node code; a question's score or an upper node's stated score. Returns a score for every
    placed code, `UNKNOWN` where neither children nor a stated figure decide it.
    """
    scores: dict[str, NodeScore] = {}
    for code in tree.bottom_up:
        scores[code] = _score(tree, code, scores, given.get(code))
    return scores


def _score(tree: Tree, code: str, scores: Mapping[str, NodeScore], given: Given | None) -> NodeScore:
    children = tree.children(code)
    computed, slack = _mean(tree, children, scores) if children else (None, Fraction(0))
    if computed is None:
        if given is None:
            return UNKNOWN
        leaf = tree[code].kind is Kind.QUESTION
        return NodeScore(given.value, None, given.slack, Source.GIVEN if leaf else Source.STATED)
    if given is None:
        return NodeScore(None, computed, slack, Source.COMPUTED)
    agrees = abs(given.value - computed) <= slack + given.slack
    return NodeScore(given.value, computed, slack, Source.CONFIRMED if agrees else Source.DISAGREES)


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
