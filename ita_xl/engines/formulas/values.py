"""What formulas compute with, and how it is taken for a number or a text and compared, as Excel does it."""

from __future__ import annotations

import datetime as dt
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from types import NoneType
from typing import Any, TypeAlias

from msgspec import Struct

from ita_xl.domain.contents import CellError, Value

Scalar = None | bool | float | str | CellError
"""None: an empty cell."""

DIV0, NA, REF, VALUE = map(CellError, ("#DIV/0!", "#N/A", "#REF!", "#VALUE!"))

_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?\s*")
_DAY_ZERO = dt.date(1899, 12, 30)
_FIRST_SURE_DAY = 61
"""Excel counts a 29 February 1900."""


class Unknown(Exception):
    """The result is not known: something is not understood, or programs may differ on it."""


UNKNOWN = Unknown()
"""Stands for a result that is not known."""


class Array(Struct, frozen=True, eq=False, dict=True):
    """Values in rows and columns, row by row."""

    items: Sequence[Scalar]
    height: int
    width: int

    @cached_property
    def folded(self) -> Sequence[Scalar]:
        """The same with texts as they are compared."""
        return [item.lower() if isinstance(item, str) else item for item in self.items]

    @cached_property
    def places(self) -> Mapping[tuple[type, Scalar], list[int]]:
        """Where each value stands, from 0; empty cells left out. Texts in small letters."""
        found: dict[tuple[type, Scalar], list[int]] = {}
        for place, item in enumerate(self.folded):
            if item is not None:
                found.setdefault((type(item), item), []).append(place)
        return found

    @cached_property
    def at_least_0(self) -> frozenset[int]:
        """The places of numbers that are not negative."""
        return frozenset(place for place, item in enumerate(self.items) if type(item) is float and item >= 0)

    @cached_property
    def texts(self) -> frozenset[str]:
        """What its texts are, in small letters."""
        return frozenset(value for kind, value in self.places if kind is str)  # type: ignore[misc]  # its kind says so

    @cached_property
    def kinds(self) -> frozenset[type]:
        """The types that there are."""
        return frozenset(map(type, self.items))

    @cached_property
    def as_numbers(self) -> Array:
        """Each taken for a number. Raises `Unknown`."""
        if self.is_plain:
            return self.like([float(item) for item in self.items])  # type: ignore[arg-type]  # truths and numbers
        return self.like([number(item) for item in self.items])

    @cached_property
    def _equal(self) -> dict[str, Array]:
        return {}

    def equal(self, wanted: str) -> Array:
        """Of each whether it is this text."""
        key = wanted.lower()
        if key not in self._equal:
            cells = self.folded
            if NoneType in self.kinds or CellError in self.kinds:
                found = [c if type(c) is CellError else c == key or (c is None and not key) for c in cells]
            else:
                found = [cell == key for cell in cells]
            self._equal[key] = self.like(found)
        return self._equal[key]

    @cached_property
    def filled(self) -> Array:
        """Of each whether anything is seen in it; of an error, nothing."""
        return self.like([not (c is None or c == "" or type(c) is CellError) for c in self.items])

    @property
    def is_plain(self) -> bool:
        """Only truths and numbers are in it."""
        return self.kinds <= _PLAIN

    def like(self, items: Sequence[Scalar]) -> Array:
        return Array(items, self.height, self.width)


Held: TypeAlias = Scalar | Array

_PLAIN = frozenset((float, bool))


def scalar(value: Value) -> Scalar:
    """A cell's stored value. Raises `Unknown` for what has none, and for times."""
    if value is None or isinstance(value, str | bool | CellError):
        if isinstance(value, CellError) and not value.text.startswith("#"):
            raise Unknown
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    days = (value - _DAY_ZERO).days if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else 0
    if days < _FIRST_SURE_DAY:
        raise Unknown
    return float(days)


def number(value: Scalar) -> float | CellError:
    """Raises `Unknown` for a text that some programs, or in some countries, take for a number or a date."""
    if isinstance(value, float | CellError):
        return value
    if value is None or isinstance(value, bool):
        return float(value or 0)
    if _NUMBER.fullmatch(value):
        return float(value)
    if any(letter.isdecimal() for letter in value):
        raise Unknown
    return VALUE


def text(value: Scalar) -> str | CellError:
    """Raises `Unknown` for a number that is not written in plain digits."""
    if isinstance(value, str | CellError):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if value and not 1e-4 <= abs(value) < 1e11:
        raise Unknown
    return f"{value or 0:.15g}"


def truth(value: Scalar) -> bool | CellError:
    if isinstance(value, bool | CellError):
        return value
    if isinstance(value, str):
        raise Unknown
    return bool(value)


def finite(value: float) -> float:
    if not math.isfinite(value):
        raise Unknown
    return value


def rounded(value: float, digits: int) -> float:
    """Half away from zero, by the 15 digits that Excel shows: what floating numbers lose decides nothing."""
    if value.is_integer() and abs(value) < 1e15:
        return value
    return float(Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def same_number(one: float, other: float) -> bool:
    """Two numbers are equal if 15 digits are."""
    # Digits are written only where so little is between the two that they may be the same.
    return one == other or (abs(one - other) < 2e-14 * abs(one) and f"{one:.15g}" == f"{other:.15g}")


_KINDS: Mapping[type, int] = {float: 0, str: 1, bool: 2}
_OF_EMPTY: Mapping[type, Scalar] = {float: 0.0, str: "", bool: False}
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def compared(sign: str, one: Scalar, other: Scalar) -> Scalar:
    """What a comparison gives. Raises `Unknown` for the order of two texts."""
    if isinstance(one, CellError):
        return one
    if isinstance(other, CellError):
        return other
    if one is None:
        one = _OF_EMPTY[type(other)] if other is not None else 0.0
    if other is None:
        other = _OF_EMPTY[type(one)]
    if isinstance(one, str) and isinstance(other, str):
        same = one.lower() == other.lower()
    elif type(one) is float and type(other) is float:
        same = same_number(one, other)
    else:
        same = type(one) is type(other) and one == other
    if sign in ("=", "<>"):
        return same is (sign == "=")
    if isinstance(one, str) and isinstance(other, str) and not same:
        raise Unknown
    if same:
        return sign in ("<=", ">=")
    order = _ORDERS[sign]
    kinds = _KINDS[type(one)], _KINDS[type(other)]
    return order(one, other) if kinds[0] == kinds[1] else order(*kinds)


def calculated(sign: str, one: Scalar, other: Scalar) -> Scalar:
    """What an operator with two values gives."""
    if sign == "&":
        left, right = text(one), text(other)
        if isinstance(left, CellError):
            return left
        return right if isinstance(right, CellError) else left + right
    first, second = number(one), number(other)
    if isinstance(first, CellError):
        return first
    if isinstance(second, CellError):
        return second
    if sign == "+":
        return finite(first + second)
    if sign == "-":
        made = first - second
        # What floating numbers lose is taken for nothing.
        return 0.0 if same_number(first, second) else finite(made)
    if sign == "*":
        return finite(first * second)
    return finite(first / second) if second else DIV0
