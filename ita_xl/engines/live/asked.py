"""Rows that are asked for when they are looked at: most runs move none, and need not know what hangs on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from functools import cached_property
from typing import Any


class Asked(Set[int]):
    """Numbers of rows. ask: gives them; it is called once, or never."""

    def __init__(self, ask: Callable[[], Iterable[int]]) -> None:
        self._ask = ask

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> Set[Any]:
        """What is made of these rows and others is known."""
        return frozenset(it)

    @cached_property
    def _found(self) -> frozenset[int]:
        return frozenset(self._ask())

    def __contains__(self, row: object) -> bool:
        return row in self._found

    def __iter__(self) -> Iterator[int]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
