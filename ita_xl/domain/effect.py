"""Whether a measure of last year worked: how far it got beside how the scores that it was meant for moved."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from ita_xl.domain.numbers import FULL, rounded


class Progress(StrEnum):
    """How far a measure got; the first three are the clerk's choices, in their order."""

    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"
    UNREPORTED = "unreported"
    UNMARKED = "unmarked"
    """something was reported, but not how far it got"""


class Effect(StrEnum):
    """What may be said of a measure; only one that was carried out can have worked."""

    WORKED = "worked"
    KEPT = "kept"
    """a full score stayed full"""
    NOT_WORKED = "not_worked"
    UNPROVEN = "unproven"
    """the score rose, but whether the measure was carried out is not said"""
    PENDING = "pending"
    """not carried out, and the score did not rise"""
    UNKNOWN = "unknown"
    """the scores cannot be compared"""


def effect(progress: Progress, before: Decimal | None, after: Decimal | None) -> Effect:
    """What came of a measure. before, after: points at two decimals, over the same codes; None where unknown."""
    if before is None or after is None:
        return Effect.UNKNOWN
    carried_out = progress in (Progress.DONE, Progress.PARTLY)
    if after > before:
        return Effect.WORKED if carried_out else Effect.UNPROVEN
    if after == before == FULL:
        return Effect.KEPT
    return Effect.NOT_WORKED if carried_out else Effect.PENDING


def mean(points: Collection[Decimal]) -> Decimal | None:
    """The plain mean at two decimals; None of nothing."""
    return rounded(sum(map(Fraction, points), Fraction(0)) / len(points)) if points else None
