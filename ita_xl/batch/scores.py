"""Scores of one agency, in a quarter of the memory of a dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from ita_xl.batch.planned import points, text


class Scores(Mapping[str, float | None]):
    """Points by code, None where unknown. Agencies with the same codes share what says where each one stands."""

    __slots__ = ("_places", "_points")

    def __init__(self, given: Mapping[str, float | None]) -> None:
        """Raises `TypeError` or `ValueError` for what are no scores."""
        self._places = _places(*given)
        self._points = tuple(map(points, given.values()))

    def __getitem__(self, code: str) -> float | None:
        return self._points[self._places[code]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._points)

    def get(self, code: str, default: Any = None) -> Any:
        """As any mapping has it, without an error on the way: most of the portfolio's questions are asked here."""
        at = self._places.get(code)
        return default if at is None else self._points[at]

    def __repr__(self) -> str:
        return repr(dict(self))


@lru_cache(maxsize=2**10)
def _places(*codes: str) -> dict[str, int]:
    return {text(code): at for at, code in enumerate(codes)}
