"""The way to the next level: the fewest questions that, brought to a full 100, would reach it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ita_xl.domain.levels import Level
from ita_xl.domain.numbers import FULL, rounded
from ita_xl.domain.scoring import Scores, leaves
from ita_xl.domain.tree import TOTAL, Tree


@dataclass(frozen=True, slots=True)
class Step:
    """Points of the total gained when this node (a question where known) reaches 100."""

    code: str
    gain: Fraction


@dataclass(frozen=True, slots=True)
class NextLevel:
    """gap: points of the total still missing (0 where only an instrument's minimum is); path: the steps;
    total_after: the total at full precision once they are done."""

    level: Level
    gap: Decimal
    path: tuple[Step, ...]
    total_after: Fraction


def next_level(tree: Tree, scores: Scores, levels: Sequence[Level], reached: Level) -> NextLevel | None:
    """The level above the one reached, with the fewest steps to it; None at the top."""
    position = list(levels).index(reached)
    total = scores[TOTAL].shown
    if position == 0 or total is None:
        return None
    target = levels[position - 1]
    steps = _fewest(tree, scores, target)
    gap = max(Decimal(0), target.min_total - rounded(total))
    return NextLevel(target, gap, steps, total + sum((s.gain for s in steps), Fraction(0)))


def _fewest(tree: Tree, scores: Scores, target: Level) -> tuple[Step, ...]:
    """The largest gains first: within each instrument up to its minimum, then anywhere up to the total.

    Fewest, because any other choice of as many questions gains no more in any instrument or in all.
    """
    left: list[tuple[Step, frozenset[str]]] = []
    for code in leaves(tree, scores):
        value = scores[code].exact
        assert value is not None
        gain = tree.effective_weights[code] * (FULL - value)
        if gain > 0:
            left.append((Step(code, gain), frozenset(node.code for node in tree.up(code))))
    left.sort(key=lambda entry: -entry[0].gain)
    chosen: list[tuple[Step, frozenset[str]]] = []
    for needed, least in [*target.minimums.items(), (TOTAL, target.min_total)]:
        # Levels are judged on what is shown, so the way starts there too.
        start = scores[needed].shown if needed in scores else None
        if start is None:
            continue
        worth = tree.effective_weights[needed]
        reached = start + sum(step.gain for step, above in chosen if needed in above) / worth
        for entry in [entry for entry in left if needed in entry[1]]:
            if rounded(reached) >= least:
                break
            reached += entry[0].gain / worth
            chosen.append(entry)
            left.remove(entry)
    return tuple(step for step, _ in chosen)
