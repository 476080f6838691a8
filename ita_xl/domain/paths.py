"""The way to a better level: the fewest questions that, brought to a full 100, would reach it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from ita_xl.domain.levels import Level
from ita_xl.domain.numbers import FULL, rounded
from ita_xl.domain.scoring import Scores, Source
from ita_xl.domain.tree import TOTAL, Tree
from ita_xl.domain.whatif import Leaf, known_leaves, moved, what_if


class PathStep(Struct, frozen=True):
    """Points of the total gained when this node (a question where known) reaches 100."""

    code: str
    gain: Fraction


class NextLevel(Struct, frozen=True):
    """gap: points of the total still missing (0 where only an instrument's minimum is); path: the steps, none
    where the known scores cannot reach the level; tied: codes that would do as well as the last step; blocked:
    what the level asks a minimum of and no known score moves; total_after: the total at full precision and
    level_after: the level once the steps are done, None where it cannot be told."""

    level: Level
    gap: Decimal
    path: tuple[PathStep, ...]
    total_after: Fraction
    tied: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    level_after: Level | None = None


def next_level(tree: Tree, scores: Scores, levels: Sequence[Level], reached: Level) -> NextLevel | None:
    """The level above the one reached, with the fewest steps to it; None at the top."""
    return next(_better_levels(tree, scores, levels, reached), None)


def nearest_level(tree: Tree, scores: Scores, levels: Sequence[Level], reached: Level) -> NextLevel | None:
    """The first better level that the known scores can reach; None if there is none."""
    return next((way for way in _better_levels(tree, scores, levels, reached) if way.path), None)


def _better_levels(tree: Tree, scores: Scores, levels: Sequence[Level], reached: Level) -> Iterator[NextLevel]:
    """The ways to all better levels, the next one first."""
    total = scores[TOTAL].shown
    better = levels[: list(levels).index(reached)]
    if total is None or not better:
        return
    known = known_leaves(tree, scores)
    full = moved(tree, scores, {leaf.code: FULL - leaf.score for leaf in known})
    for target in reversed(better):
        gap = max(Decimal(0), target.min_total - rounded(total))
        blocked = _blocked(full, target)
        steps, tied = ((), ()) if blocked else _fewest(tree, scores, target, known)
        after = what_if(tree, scores, levels, dict.fromkeys((step.code for step in steps), FULL))
        yield NextLevel(
            target,
            gap,
            steps,
            after.total if after else total,
            tied,
            blocked,
            after.level if after else reached,
        )


def _blocked(full: Scores, target: Level) -> tuple[str, ...]:
    """What the level asks for and does not get, even with all that is known at 100."""
    points = {code: full[code].points if code in full else None for code in target.needs}
    return tuple(code for code, least in target.needs.items() if (shown := points[code]) is None or shown < least)


def _fewest(
    tree: Tree, scores: Scores, target: Level, known: Sequence[Leaf]
) -> tuple[tuple[PathStep, ...], tuple[str, ...]]:
    """The largest gains first: within each instrument up to its minimum, then anywhere up to the total.

    Fewest, because any other choice of as many questions gains no more in any instrument or in all.
    Returns the steps, and the codes that would do as well as the last of them.
    """
    left = sorted((leaf for leaf in known if leaf.left > 0), key=lambda leaf: -leaf.left)
    above = {leaf.code: {node.code for node in tree.up(leaf.code)} for leaf in left}
    moves: Mapping[str, Fraction] = {}
    steps: list[PathStep] = []
    tied: tuple[str, ...] = ()
    for needed, least in [*target.minimums.items(), (TOTAL, target.min_total)]:
        # Levels are judged on what is shown, so the way starts there too.
        start = scores[needed].shown
        assert start is not None
        for leaf in [leaf for leaf in left if needed in above[leaf.code]]:
            if rounded(start + moves.get(needed, 0)) >= least:
                break
            after = _with_full(tree, scores, moves, leaf)
            if after[needed] == moves.get(needed, 0):
                continue
            steps.append(PathStep(leaf.code, after[TOTAL] - moves.get(TOTAL, 0)))
            moves = after
            left.remove(leaf)
            tied = tuple(o.code for o in left if o.left == leaf.left and needed in above[o.code])
    return tuple(steps), tied


def _with_full(tree: Tree, scores: Scores, moves: Mapping[str, Fraction], leaf: Leaf) -> dict[str, Fraction]:
    """By how many points of its own each node has moved, once a leaf is at 100 too."""
    after = dict(moves)
    step = FULL - leaf.score
    for node in tree.up(leaf.code):
        score, before = scores[node.code], moves.get(node.code, Fraction(0))
        after[node.code] = before + step
        if score.source is Source.HELD and score.stated is not None:
            # What is below a held score may gain more than this has to its full 100.
            room = FULL - score.stated
            step = min(before + step, room) - min(before, room)
        step *= tree.shares[node.code]
    return after
