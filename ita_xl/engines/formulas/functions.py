"""Functions that take single values; of an array they are computed for each of its values."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from ita_xl.domain.contents import CellError
from ita_xl.engines.formulas.values import VALUE, Array, Scalar, Unknown, finite, number, rounded, text, truth

_WILD = re.compile("[*?~]")
_MANY_SPACES = re.compile(" +")
_LONGEST = 32767
"""Characters of a cell."""


def first_error(values: Iterable[Scalar]) -> CellError | None:
    """Raises `Unknown` where there are different errors: which of them shows, programs decide."""
    errors = {value for value in values if type(value) is CellError}
    if len(errors) > 1:
        raise Unknown
    return next(iter(errors), None)


def _abs(value: Scalar) -> Scalar:
    made = number(value)
    return made if isinstance(made, CellError) else abs(made)


def _find(wanted: Scalar, value: Scalar) -> Scalar:
    sought, within = text(wanted), text(value)
    if isinstance(sought, CellError) or isinstance(within, CellError):
        return first_error((sought, within))
    place = within.find(sought)
    return VALUE if place < 0 else float(place + 1)


def _left(value: Scalar, count: Scalar) -> Scalar:
    return _mid(value, 1.0, count)


def _len(value: Scalar) -> Scalar:
    made = text(value)
    return made if isinstance(made, CellError) else float(len(_plain(made)))


def _mid(value: Scalar, start: Scalar, count: Scalar) -> Scalar:
    made, first, size = text(value), number(start), number(count)
    if isinstance(made, CellError) or isinstance(first, CellError) or isinstance(size, CellError):
        return first_error((made, first, size))
    if first < 1 or size < 0:
        return VALUE
    return _plain(made)[int(first) - 1 : int(first) - 1 + int(size)]


def _n(value: Scalar) -> Scalar:
    return value if isinstance(value, CellError) else 0.0 if isinstance(value, str) else number(value)


def _not(value: Scalar) -> Scalar:
    made = truth(value)
    return made if isinstance(made, CellError) else not made


def _round(value: Scalar, digits: Scalar) -> Scalar:
    made, places = number(value), number(digits)
    if isinstance(made, CellError) or isinstance(places, CellError):
        return first_error((made, places))
    if not 0 <= places <= 15 or places % 1:
        raise Unknown
    return rounded(made, int(places))


def _trim(value: Scalar) -> Scalar:
    made = text(value)
    return made if isinstance(made, CellError) else _MANY_SPACES.sub(" ", made.strip(" "))


def _plain(made: str) -> str:
    """Raises `Unknown` for a text of which programs count the characters differently."""
    if made and max(made) > "\uffff":
        raise Unknown
    return made


def _is_error(value: Scalar) -> Scalar:
    return isinstance(value, CellError)


def _is_number(value: Scalar) -> Scalar:
    return type(value) is float


SINGLE: Mapping[str, tuple[int, Callable[..., Scalar]]] = {
    "ABS": (1, _abs),
    "FIND": (2, _find),
    "ISERROR": (1, _is_error),
    "ISNUMBER": (1, _is_number),
    "LEFT": (2, _left),
    "LEN": (1, _len),
    "MID": (3, _mid),
    "N": (1, _n),
    "NOT": (1, _not),
    "ROUND": (2, _round),
    "TRIM": (1, _trim),
}
"""By name: how many values each takes, and the function."""


def numbers(values: Iterable[Scalar]) -> list[float]:
    return [value for value in values if isinstance(value, float)]


def _sure_number(value: Scalar) -> float:
    """Raises `Unknown` for anything else: each function takes it in its own way."""
    if type(value) is not float:
        raise Unknown
    return value


def _sure_truth(value: Scalar) -> bool | CellError:
    if value is None:
        raise Unknown
    return truth(value)


TAKEN: Mapping[type, Callable[[Scalar], Scalar]] = {bool: _sure_truth, float: _sure_number}
"""How the values of a function in `OVER` are taken for what it computes with. Raise `Unknown`."""


def _any(values: Iterable[Any]) -> Scalar:
    return any([*values])


def _max(values: Iterable[Any]) -> Scalar:
    return max(values, default=0.0)


def _min(values: Iterable[Any]) -> Scalar:
    return min(values, default=0.0)


def _median(values: Iterable[Any]) -> Scalar:
    ranked = sorted(values)
    middle, odd = divmod(len(ranked), 2)
    if not ranked:
        raise Unknown
    return ranked[middle] if odd else finite((ranked[middle - 1] + ranked[middle]) / 2)


OVER: Mapping[str, tuple[type, Callable[[Iterable[Any]], Scalar]]] = {
    "AND": (bool, all),
    "MAX": (float, _max),
    "MEDIAN": (float, _median),
    "MIN": (float, _min),
    "OR": (bool, _any),
}
"""Functions over any number of values, without errors among them: what they compute with, and the function."""


def meeting(array: Array, wanted: Scalar) -> Collection[int]:
    """The places of cells that meet a criterion. Raises `Unknown` where more than a plain text, a whole number,
    or what is not below 0 is asked for."""
    if wanted == ">=0":
        return array.at_least_0
    if type(wanted) is float:
        # A text that looks like the number would meet it too.
        if wanted % 1 or not array.texts <= _EMPTY:
            raise Unknown
        return array.places.get((float, wanted), ())
    if not isinstance(wanted, str) or not plain_text(wanted) or wanted[0] in "<>=" or _like_number(wanted):
        raise Unknown
    return array.places.get((str, wanted.lower()), ())


_EMPTY = frozenset(("",))


def plain_text(wanted: str) -> bool:
    """Whether a text is looked for as it stands: no signs for other characters, and not too long."""
    return 0 < len(wanted) <= 255 and not _WILD.search(wanted)


def _like_number(wanted: str) -> bool:
    return wanted.lower() in ("true", "false") or all(
        letter.isdecimal() or letter in " .,%-+/:" for letter in wanted
    )
