"""How the scores moved that a measure of last year was meant for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ita_xl.case.inputs import Commitment
from ita_xl.case.outcome import Outcome
from ita_xl.domain.effect import Effect, effect, mean


@dataclass(frozen=True, slots=True)
class Moved:
    """A measure of last year with its scores. same: its codes that mean the same in both years. scored: those of
    them with a score in both, and this year's points. complete: no code that had a score lacks one now. before,
    after: means at two decimals over the same codes; None where they cannot be compared."""

    same: Sequence[str]
    scored: Mapping[str, Decimal]
    complete: bool
    before: Decimal | None
    after: Decimal | None
    effect: Effect


def moved(outcome: Outcome, measure: Commitment) -> Moved:
    """Means are compared over the same codes only: those that mean the same in both years and had a score."""
    then = outcome.year - 1
    same = [code for code in measure.codes if outcome.means_same(then, code)]
    before = {code: points for code in same if (points := outcome.points(then, code)) is not None}
    after = {code: points for code in before if (points := outcome.points(outcome.year, code)) is not None}
    complete = len(after) == len(before)
    was, now = (mean(before.values()), mean(after.values())) if complete else (None, None)
    return Moved(same, after, complete, was, now, effect(measure.progress, was, now))
