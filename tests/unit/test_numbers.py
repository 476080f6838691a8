from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_xl.domain.numbers import exact, rounded, show


@pytest.mark.parametrize(
    ("value", "shown"),
    [("98.625", "98.63"), ("98.6249999", "98.62"), ("94.995", "95.00"), ("0.005", "0.01"), ("100", "100.00")],
)
def test_scores_are_rounded_half_up_as_published_tables_are(value: str, shown: str) -> None:
    assert show(Fraction(value)) == shown


def test_a_typed_number_is_exact_and_a_spreadsheets_noise_is_not_a_figure() -> None:
    assert exact(93.68) == Fraction(9368, 100)
    assert exact(93.68000000000001) == Fraction(9368, 100)
    assert exact("97.45") == Fraction(9745, 100)


def test_a_negative_change_is_rounded_away_from_zero() -> None:
    assert rounded(Fraction("-0.125")) == Decimal("-0.13")


@given(st.fractions(min_value=-200, max_value=200, max_denominator=10_000))
def test_rounding_agrees_with_decimal_arithmetic(value: Fraction) -> None:
    # 10 000 is no problem for a decimal of 40 digits except for thirds and the like, which never tie.
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    assert rounded(value) == decimal.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
