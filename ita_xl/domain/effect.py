"""Whether a measure of last year worked: how far it got beside how the scores that it was meant for moved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

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


class Movement(Struct, frozen=True):
    """How the scores of some codes moved, in points at two decimals. before: of those that had a score; after: of
    those that have one in both years."""

    before: Mapping[str, Decimal]
    after: Mapping[str, Decimal]

    @property
    def complete(self) -> bool:
        """Whether each code that had a score still has one; otherwise there are no means over the same codes."""
        return len(self.after) == len(self.before)

    @property
    def was(self) -> Decimal | None:
        return mean(self.before.values()) if self.complete else None

    @property
    def now(self) -> Decimal | None:
        return mean(self.after.values()) if self.complete else None


def movement(
    codes: Iterable[str], before: Callable[[str], Decimal | None], after: Callable[[str], Decimal | None]
) -> Movement:
    """Means are compared over the same codes only: those that had a score. codes: that mean the same in both years.
    before, after: the score of a code, None where unknown."""
    had = {code: points for code in codes if (points := before(code)) is not None}
    return Movement(had, {code: points for code in had if (points := after(code)) is not None})
