"""Exact numbers. Scores are fractions inside and are rounded once, half up, where a person sees them.

Unit everywhere: points from 0 to 100, unless a name says ``share`` or ``weight`` (a fraction of one).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

HALF_UNIT = Fraction(1, 200)
"""What rounding to two decimals may hide: half of 0.01 point."""

FULL = Fraction(100)

_NOISE_DECIMALS = 10


def exact(value: int | float | str | Decimal | Fraction) -> Fraction:
    """The number a person typed, as a fraction: 93.68 means 9368/100, not the nearest binary number.

    A float is read at ten decimals, so that the noise of a spreadsheet's own arithmetic
    (93.68000000000001) does not become a figure of its own.
    """
    if isinstance(value, float):
        return Fraction(Decimal(repr(round(value, _NOISE_DECIMALS))))
    return Fraction(value)


def as_points(share: float) -> float:
    """A share of one in points of 100, without the noise of binary numbers: 0.9368 -> 93.68."""
    return round(share * 100, _NOISE_DECIMALS - 2)


def as_decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def are_shares(values: Iterable[Fraction]) -> bool:
    """Whether figures that should be points are shares of one: none above 1, and not all 0."""
    return 0 < max(values, default=Fraction(0)) <= 1


def rounded(value: Fraction) -> Decimal:
    """Two decimals, half up: 98.625 -> 98.63 (half-even would give 98.62; published tables do not)."""
    # For negative numbers half up means away from zero, as a reader of a change expects (-0.125 -> -0.13).
    top, bottom = abs(value.numerator), value.denominator
    hundredths = (200 * top + bottom) // (2 * bottom)
    return Decimal(hundredths if value >= 0 else -hundredths).scaleb(-2)


def show(value: Fraction | Decimal) -> str:
    """A score as it is printed: always two decimals."""
    number = rounded(value) if isinstance(value, Fraction) else value
    return f"{number:.2f}"
