"""How the scores moved that a measure of last year was meant for."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from ita_xl.case.inputs import Commitment
from ita_xl.case.outcome import Outcome
from ita_xl.domain.effect import Effect, Movement, effect, movement


class Moved(Struct, frozen=True):
    """A measure of last year. same: its codes that mean the same in both years. scores: those of these codes."""

    same: Sequence[str]
    scores: Movement
    effect: Effect


def moved(outcome: Outcome, measure: Commitment) -> Moved:
    """Last year's scores of a measure's codes beside this year's."""
    then, year = outcome.year - 1, outcome.year
    same = [code for code in measure.codes if outcome.means_same(then, code)]
    scores = movement(same, lambda code: outcome.points(then, code), lambda code: outcome.points(year, code))
    return Moved(same, scores, effect(measure.progress, scores.was, scores.now))
