"""Operators between two values, as functions of a sheet and a row, and between arrays in their usual cases.

What formulas ask most often has its own short way; all else goes through `values.compared` and `values.calculated`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import repeat
from math import isfinite
from typing import Any

from ita_xl.domain.contents import CellError
from ita_xl.engines.formulas.pages import Formula, Page
from ita_xl.engines.formulas.values import Array, Held, Scalar, Unknown, calculated, compared, number, same_number

COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")


def function_of(sign: str) -> Callable[[Scalar, Scalar], Scalar]:
    """What an operator makes of two values."""
    return partial(compared if sign in COMPARISONS else calculated, sign)


def operation(sign: str, left: Formula, right: Formula) -> Formula:
    function = function_of(sign)
    if sign == "&":
        return _joined(left, right, function)
    return lambda page, row: function(left(page, row), right(page, row))


def with_constant(sign: str, of: Formula, wanted: Scalar) -> Formula:
    """An operation whose right side always is the same."""
    if sign in ("=", "<>") and isinstance(wanted, str):
        return _is_text(of, wanted, told=sign == "=") if wanted else _is_empty(of, told=sign == "=")
    function = function_of(sign)
    return lambda page, row: function(of(page, row), wanted)


def _is_empty(of: Formula, *, told: bool) -> Formula:
    def made(page: Page, row: int) -> Scalar:
        value = of(page, row)
        if value is None or value == "":
            return told
        return value if type(value) is CellError else not told

    return made


def _is_text(of: Formula, wanted: str, *, told: bool) -> Formula:
    small = wanted.lower()

    def made(page: Page, row: int) -> Scalar:
        value = of(page, row)
        if type(value) is str:
            return told if value == wanted or value.lower() == small else not told
        return value if type(value) is CellError else not told

    return made


def _joined(left: Formula, right: Formula, function: Callable[[Scalar, Scalar], Scalar]) -> Formula:
    def made(page: Page, row: int) -> Scalar:
        one, other = left(page, row), right(page, row)
        return one + other if type(one) is str and type(other) is str else function(one, other)

    return made


def _equal(one: Held, other: Held) -> Held | None:
    return one.equal(other) if isinstance(one, Array) and isinstance(other, str) else None


def _reckoned(function: Callable[[float, float], float]) -> Callable[[Held, Held], Held | None]:
    """An operator between arrays of one size, or a number and an array, with nothing but truths and numbers."""

    def quick(one: Held, other: Held) -> Held | None:
        size = one if isinstance(one, Array) else other
        if not isinstance(size, Array):
            return None
        sides: list[Iterable[Any]] = []
        for side in (one, other):
            if isinstance(side, Array):
                if not side.is_plain or (side.height, side.width) != (size.height, size.width):
                    return None
                sides.append(side.items)
            elif isinstance(side, float):
                sides.append(repeat(side))
            else:
                return None
        made = [*map(float, map(function, *sides))]
        if not all(map(isfinite, made)):
            raise Unknown
        return size.like(made)

    return quick


def _less(one: float, other: float) -> float:
    return 0.0 if same_number(one, other) else one - other


QUICK: Mapping[str, Callable[[Held, Held], Held | None]] = {
    "=": _equal,
    "+": _reckoned(operator.add),
    "-": _reckoned(_less),
    "*": _reckoned(operator.mul),
}
"""Operators between arrays in their usual cases; None for any other."""


def negative(value: Scalar) -> Scalar:
    made = number(value)
    return made if isinstance(made, CellError) else 0.0 - made
