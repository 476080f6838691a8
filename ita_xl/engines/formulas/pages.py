"""Sheets whose formulas are computed when somebody asks for their cells.

A page is its columns by number, a column its values by row: `page[3][10]` is what C10 shows. Dictionaries work out
what they lack, so a value that is known costs no call; formulas ask for values by the hundred thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain

from ita_xl.domain.contents import Value
from ita_xl.engines.formulas.values import Array, Held, Scalar, Unknown, scalar
from ita_xl.layout.address import Area, At

Formula = Callable[["Page", int], Scalar]
"""A formula made ready: it is given its sheet and row. Raises `Unknown`."""

_NONE: Mapping[int, Formula | None] = {}
_LARGEST = 100_000
"""Cells of a range that is computed with."""


class Column(dict[int, Scalar]):
    """What the cells of one column show, by row. Raises `Unknown`, also for a formula that needs itself."""

    def __init__(self, page: Page, number: int) -> None:
        self._page = page
        self._number = number
        self._formulas = page.formulas.get(number, _NONE)
        self._unknown: set[int] = set()

    def __missing__(self, row: int) -> Scalar:
        self.work_out((row,))
        return self[row]

    def work_out(self, rows: Iterable[int]) -> None:
        """Work out the cells of some rows: for many at once, that costs a fraction."""
        page, number, formulas = self._page, self._number, self._formulas
        cells, silent, unknown = page.cells, page.silent, self._unknown
        for row in rows:
            if row in self:
                continue
            if row not in formulas:
                value = cells.get((row, number))
                if value is None:
                    self[row] = "" if (row, number) in silent else None
                else:
                    self[row] = value if type(value) is str or type(value) is float else scalar(value)
                continue
            formula = formulas[row]
            if formula is None or row in unknown:
                raise Unknown
            unknown.add(row)  # as long as it is not known
            try:
                result = formula(page, row)
            except RecursionError:
                raise Unknown from None
            unknown.remove(row)
            self[row] = 0.0 if result is None else result


class Page(dict[int, Column]):
    """One sheet. cells: its stored values; silent: the cells of formulas, which show an empty text where no value
    is stored; empty: whether a cell that has no value holds an empty text; formulas: those to be computed, by
    column and row, None for one that is not understood; all else counts as it is stored. pages: all, by title."""

    def __init__(
        self,
        cells: Mapping[At, Value],
        formulas: Mapping[int, Mapping[int, Formula | None]],
        empty: Callable[[At], bool],
        pages: Mapping[str, Page],
        silent: Collection[At] = frozenset(),
    ) -> None:
        self.cells = cells
        self.formulas = formulas
        self.silent = silent
        self.pages = pages
        self._empty = empty
        self._arrays: dict[Area, Array] = {}
        self.ranges: dict[object, Array] = {}
        """Of any sheet, by who asked for them."""
        self.worked: dict[object, Held] = {}
        """What formulas have worked out that is the same in every row, by who did it."""

    def __missing__(self, number: int) -> Column:
        column = self[number] = Column(self, number)
        return column

    def array(self, area: Area) -> Array:
        """The values of some cells. Raises `Unknown`."""
        found = self._arrays.get(area)
        if found is None:
            if area.size > _LARGEST:
                raise Unknown
            rows = range(area.top, area.bottom + 1)
            columns = [self._items(number, rows) for number in range(area.left, area.right + 1)]
            items = columns[0] if len(columns) == 1 else list(chain(*zip(*columns, strict=True)))
            found = self._arrays[area] = Array(items, len(rows), len(columns))
        return found

    def _items(self, number: int, rows: range) -> list[Scalar]:
        column = self[number]
        column.work_out(rows)
        return [column[row] for row in rows]

    def filled(self, area: Area) -> int:
        """How many cells hold anything, be it an empty text."""
        if area.size > _LARGEST:
            raise Unknown
        return sum(self[column][row] is not None or self._empty((row, column)) for row, column in area.cells())
