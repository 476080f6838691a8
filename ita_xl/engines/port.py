"""The port: all that reading, judging and writing asks of a workbook, whatever holds it.

Engines: `by_openpyxl`, `package` (a file's own parts), `live` (Excel). Rows and columns count from 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from ita_xl.domain.contents import CellError, Uncomputed, Value
from ita_xl.engines.moves import RowChange
from ita_xl.layout import address
from ita_xl.layout.address import Area, At

__all__ = [
    "OUR_NAMES",
    "CellError",
    "Formula",
    "Grid",
    "Names",
    "Port",
    "Ties",
    "Uncomputed",
    "Value",
    "Written",
    "changed",
    "is_number",
    "overlaid",
    "same_content",
]


class Formula(Struct, frozen=True):
    """A formula to write, beginning with "=", and the text that it shows."""

    text: str
    shown: str = ""


Names = Mapping[str, tuple[str, Area]]
"""Names of a workbook for cells: the sheet and the cells of each."""

OUR_NAMES = "_ita."
"""With it begin the names that are ours, hidden from people."""

Written = None | str | int | float | Formula


class Grid(Struct, frozen=True, eq=False, dict=True):
    """What a sheet holds: values by (row, column), empty cells left out; merged ranges like "A1:C2".

    formulas: the cells among them that hold a formula. percent: the cells that show their number as a percentage.
    heights: rows whose height was set by hand, in points. widths: of columns, in characters, where they are told.
    The same object stands for the same content.
    """

    cells: Mapping[At, Value]
    merged: Sequence[str] = ()
    formulas: frozenset[At] = frozenset()
    percent: frozenset[At] = frozenset()
    heights: Mapping[int, float] = field(default_factory=dict)
    widths: Mapping[int, float] = field(default_factory=dict)

    def at(self, row: int, column: int) -> Value:
        return self.cells.get((row, column))

    def within(self, area: Area) -> Iterator[tuple[At, Value]]:
        """The cells of an area that hold anything, row by row. However large the area is, no more is gone through
        than the sheet holds."""
        few = area.size <= len(self.cells)
        places = area.cells() if few else filter(area.__contains__, sorted(self.cells))
        return ((at, self.cells[at]) for at in places if at in self.cells)

    @cached_property
    def said(self) -> tuple[object, ...]:
        """All that it says, to be compared; the truth TRUE is not the number 1."""
        kinds = list(map(type, self.cells.values()))
        return self.cells, kinds, self.merged, self.formulas, self.percent, self.heights, self.widths

    @cached_property
    def rows(self) -> frozenset[int]:
        """The rows that hold anything, be it a formula that shows nothing."""
        return frozenset(row for row, _ in (*self.cells, *self.formulas))

    @cached_property
    def _columns(self) -> Mapping[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row, column in {**self.cells, **dict.fromkeys(self.formulas)}:
            found.setdefault(row, []).append(column)
        return found

    def columns_of(self, row: int) -> list[int]:
        """The columns that hold anything in a row."""
        return self._columns.get(row, [])

    @cached_property
    def last_row(self) -> int:
        return max(self.rows, default=0)


class Ties(Struct, frozen=True):
    """What keeps rows of a sheet from being plain cells.

    held: rows on which something hangs that is no cell's content: a note, a link, a picture. rooted: rows that
    cannot be moved with all that hangs on them. filtered: those among them that a filter shows or hides.
    """

    held: Set[int] = frozenset()
    rooted: Set[int] = frozenset()
    filtered: Set[int] = frozenset()


def changed(grid: Grid, change: RowChange) -> Grid:
    """A sheet once its rows have changed."""

    def places(held: Iterable[At]) -> Iterator[tuple[At, At]]:
        return ((old, new) for old in held if (new := change.at(old)))

    areas = (change.areas([area]) if (area := address.area(text)) else [] for text in grid.merged)
    return replace(
        grid,
        cells={new: grid.cells[old] for old, new in places(grid.cells)},
        merged=tuple(str(area) for parts in areas for area in parts),
        formulas=frozenset(new for _, new in places(grid.formulas)),
        percent=frozenset(new for _, new in places(grid.percent)),
        heights={new: height for row, height in grid.heights.items() if (new := change.row(row))}
        | {new: grid.heights[row] for new, row in change.clones.items() if row in grid.heights},
    )


def is_number(value: Value) -> bool:
    """Truth values are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def overlaid(grid: Grid, written: Iterable[tuple[At, Written]]) -> Grid:
    """A sheet with cells that were written and not saved yet, as a later read will give them."""
    cells, formulas = dict(grid.cells), set(grid.formulas)
    for at, value in written:
        cells.pop(at, None)
        formulas.discard(at)
        if isinstance(value, Formula):
            cells[at] = value.shown
        elif value is not None:
            cells[at] = float(value) if isinstance(value, int) else value
    return replace(grid, cells=cells, formulas=frozenset(formulas))


def same_content(left: Grid, right: Grid) -> bool:
    """Whether two sheets hold the same, but for what formulas show; programs may round a stored number in its last
    digits."""
    formulas = left.formulas | right.formulas

    def alike(one: Value, other: Value) -> bool:
        if isinstance(one, float) and isinstance(other, float):
            return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
        return one == other

    return left.cells.keys() == right.cells.keys() and all(
        at in formulas or alike(value, right.cells[at]) for at, value in left.cells.items()
    )


class Port(Protocol):
    """A workbook that can be read, and written in blocks of cells and row visibility. Nothing reaches the
    file or the open workbook before the engine's owner says so (`save`, `to_bytes`, `commit`)."""

    def sheets(self) -> list[str]:
        """Titles of all sheets, in order."""

    def read(self, title: str) -> Grid:
        """All cells of a sheet."""

    def ties(self, title: str) -> Ties:
        """What hangs on the rows of a sheet, and which of them cannot be moved."""

    def names(self) -> Names:
        """The names of ours (`OUR_NAMES`) that the workbook has for cells that are still there."""

    def set_names(self, names: Names) -> None:
        """Give cells names of ours, or give those names to other cells."""

    def links(self, title: str) -> Mapping[str, str]:
        """The cells of a sheet with a link to a sheet of the workbook, and the title that each names, be it there
        or not."""

    def set_links(self, title: str, links: Mapping[str, str]) -> None:
        """Have links of some cells lead to other sheets, as named by their title; before any row is changed."""

    def named_rows(self, title: str) -> frozenset[int]:
        """The rows of a sheet of which a formula names cells of that row alone: if it went, the formula would
        fail."""

    def change_rows(self, change: RowChange) -> None:
        """Move, insert or delete whole rows of a sheet, with all that hangs on them.

        Everybody who names one of their cells names it where it is then."""

    def write(self, title: str, row: int, column: int, values: Sequence[Sequence[Written]]) -> None:
        """Put a block of values with its upper left corner at a cell. None empties a cell; a str is
        always text, also when it begins with "=" or looks like a number."""

    def copy_down(self, title: str, row: int, last: int) -> None:
        """Have the rows below one, as far as the last, look like it and go on with its formulas. What stands in
        them stays."""

    def restore(self, title: str, state: str) -> bool:
        """Bring a sheet of ours that is missing from the shipped template ("visible", "hidden" or
        "veryHidden"); False where the engine cannot."""

    def show_rows(self, title: str, first: int, last: int, heights: Sequence[float | None]) -> None:
        """Of the rows first..last show as many as there are heights (points; None leaves a row's height
        alone) and hide the rest."""

    def show_sheet(self, title: str) -> None:
        """Make a hidden sheet visible."""
