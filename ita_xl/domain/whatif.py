"""What the total would be if single scores were others: what each one is worth, and a level judged anew.

Only the deepest known nodes move (questions where they are known); everything above them follows. A moved
score starts from the shown one, on which the level was judged, so that nothing but the change counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from msgspec import Struct

from ita_xl.domain.levels import Level, judge
from ita_xl.domain.numbers import FULL
from ita_xl.domain.scoring import NodeScore, Scores, Source, leaves
from ita_xl.domain.tree import TOTAL, Tree


class Leaf(Struct, frozen=True, dict=True):
    """One of the deepest known nodes. score: points; worth: points of the total per point of it."""

    code: str
    score: Fraction
    worth: Fraction

    @cached_property
    def left(self) -> Fraction:
        """Points of the total still to gain."""
        return self.worth * (FULL - self.score)


class WhatIf(Struct, frozen=True):
    """total: points at full precision. level: None where it cannot be told. effects: the points of the total
    that each target gains or costs, by code."""

    total: Fraction
    level: Level | None
    effects: Mapping[str, Fraction]


def known_leaves(tree: Tree, scores: Scores) -> list[Leaf]:
    """The deepest known nodes in order, their worths adding up to 1; none if the total is unknown."""
    found = []
    for code in leaves(tree, scores):
        score = scores[code].exact
        assert score is not None
        found.append(Leaf(code, score, tree.effective_weights[code]))
    return found


def what_if(tree: Tree, scores: Scores, levels: Sequence[Level], targets: Mapping[str, Fraction]) -> WhatIf | None:
    """The total and level with the targets instead of the scores; None if no target is on a known leaf.

    targets: points by node code; those of other nodes than the deepest known ones do not count.
    """
    tried = [leaf for leaf in known_leaves(tree, scores) if leaf.code in targets]
    if not tried:
        return None
    after = moved(tree, scores, {leaf.code: targets[leaf.code] - leaf.score for leaf in tried})
    total = after[TOTAL].shown
    assert total is not None
    effects = {leaf.code: leaf.worth * (targets[leaf.code] - leaf.score) for leaf in tried}
    return WhatIf(total, judge(levels, after).level, effects)


def moved(tree: Tree, scores: Scores, leaves: Mapping[str, Fraction]) -> Scores:
    """The scores once some of the deepest known nodes have moved. leaves: by how many points of their own, by
    code."""
    moves = dict(leaves)
    after = dict(scores)
    for code in tree.bottom_up:
        below = [tree.shares[child] * moves[child] for child in tree.children(code) if child in moves]
        move = sum(below, Fraction(0)) if below else moves.get(code)
        if move:
            score, value = scores[code], _value(scores[code], move)
            # What is above a held score is made of it, so it moves only as far as that one can.
            moves[code] = value - score.exact if score.source is Source.HELD and score.exact is not None else move
            after[code] = NodeScore(None, value, Fraction(0), Source.COMPUTED)
    return after


def _value(score: NodeScore, move: Fraction) -> Fraction:
    """The shown score, moved. Where all below is at the end of the scale, so is the node itself, however
    its published figure was rounded."""
    assert score.shown is not None
    parts = score.shown if score.computed is None else score.computed
    return parts + move if parts + move in (0, FULL) else min(max(score.shown + move, Fraction(0)), FULL)
