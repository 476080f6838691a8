"""Sheets whose formulas are computed when somebody asks for their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from ita_xl.domain.contents import Value
from ita_xl.engines.formulas.values import REF, UNKNOWN, Array, Scalar, Unknown, scalar
from ita_xl.layout.address import Area, At

Formula = Callable[["Page", int], Scalar]
"""A formula made ready: it is given its sheet and row."""

_LARGEST = 100_000
"""Cells of a range that is computed with."""


class Page:
    """One sheet. cells: its stored values; empty: whether a cell that has none holds an empty text; formulas: those
    to be computed, by row and column; all else counts as it is stored. find: another sheet by its title."""

    def __init__(
        self,
        cells: Mapping[At, Value],
        formulas: Mapping[At, Formula | None],
        empty: Callable[[At], bool],
        find: Callable[[str], Page],
    ) -> None:
        self._cells = cells
        self._formulas = formulas
        self._empty = empty
        self._find = find
        self._known: dict[At, Scalar | Unknown] = {}
        self._arrays: dict[Area, Array] = {}

    def sheet(self, title: str) -> Page:
        return self._find(title) if title else self

    def value(self, row: int, column: int) -> Scalar:
        """What a cell shows. Raises `Unknown`, also for a formula that needs itself."""
        value = self._known.get((row, column))
        if value is None:
            value = self._computed((row, column))
        if isinstance(value, Unknown):
            raise Unknown
        return value

    def _computed(self, at: At) -> Scalar | Unknown:
        value: Scalar | Unknown = UNKNOWN
        self._known[at] = value
        with suppress(Unknown, RecursionError):
            if at not in self._formulas:
                value = scalar(self._cells.get(at))
            elif formula := self._formulas[at]:
                value = formula(self, at[0])
                value = 0.0 if value is None else value
        self._known[at] = value
        return value

    def array(self, area: Area) -> Array:
        """The values of some cells. Raises `Unknown`."""
        if area not in self._arrays:
            if area.size > _LARGEST:
                raise Unknown
            width = area.right - area.left + 1
            self._arrays[area] = Array([self.value(*at) for at in area.cells()], area.size // width, width)
        return self._arrays[area]

    def one(self, area: Area, place: int) -> Scalar:
        """The value at a place of one column or row, from 1."""
        if not 1 <= place <= area.size:
            return REF
        down = area.left == area.right
        return self.value(area.top + (place - 1) * down, area.left + (place - 1) * (not down))

    def filled(self, area: Area) -> int:
        """How many cells hold anything, be it an empty text."""
        if area.size > _LARGEST:
            raise Unknown
        return sum(self.value(*at) is not None or self._empty(at) for at in area.cells())

    def results(self) -> Iterator[tuple[At, Scalar | Unknown]]:
        """What every formula comes to."""
        for at in self._formulas:
            try:
                yield at, self.value(*at)
            except Unknown:
                yield at, UNKNOWN
