"""What happens to the rows of a sheet, and what that means for everything that names a cell.

Rows change places as when they are cut and pasted, come in and go as when they are inserted and deleted: a formula
still means the cells that it meant, and whoever means a cell means it where it is now.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct, field

from ita_xl.engines.references import renamed
from ita_xl.layout import address
from ita_xl.layout.address import LAST_ROW, Area, At


class RowChange(Struct, frozen=True):
    """title: the sheet's."""

    title: str

    def row(self, row: int) -> int | None:
        """Where a row is afterwards; None if it is gone."""
        raise NotImplementedError

    def areas(self, areas: Iterable[Area], *, joined: bool = False) -> list[Area]:
        """Where the cells of these areas are; one area may become several, or none.

        joined: with rows that come in at their edges and are to look like theirs."""
        raise NotImplementedError

    def area(self, area: Area) -> Area | None:
        """An area that must stay one, such as that of a formula; None if it is gone."""
        raise NotImplementedError

    @property
    def clones(self) -> Mapping[int, int]:
        """Rows that come in: their number, and the present number of the row that each is to look like."""
        return {}

    def at(self, at: At) -> At | None:
        row = self.row(at[0])
        return (row, at[1]) if row else None

    def cell(self, cell: str) -> str:
        """The address of a cell afterwards; empty if it is gone."""
        at = address.cell(cell)
        if at is None:
            return cell
        new = self.at(at)
        return address.address(*new) if new else ""

    def formula(self, formula: str, home: str, *, only_fixed: bool = False) -> str:
        """A formula, without its "=", that means the same cells. home: title of the sheet on which it stands.

        only_fixed: it is one of many cells at once (a conditional format), where only $8 names a row of its own.
        """
        ours = self.title.casefold()
        if home.casefold() != ours and ours.replace("'", "''") not in formula.casefold():
            return formula

        def new(sheet: str, area: Area) -> Area | None:
            return self.area(area) if (sheet or home).casefold() == ours else area

        return renamed(formula, new, only_fixed=only_fixed)


class Moves(RowChange, frozen=True):
    """Rows that change places. places: the new row of each by its old one; what leaves a row makes room for
    another, so both name the same rows."""

    places: Mapping[int, int]

    def __post_init__(self) -> None:
        assert set(self.places) == set(self.places.values()), "a row would be lost"

    def row(self, row: int) -> int:
        return self.places.get(row, row)

    def areas(self, areas: Iterable[Area], *, joined: bool = False) -> list[Area]:
        return [part for area in areas for part in self._parts(area)]

    def area(self, area: Area) -> Area:
        """From where its first row is now to where its last one is, as when these are cut and pasted. A row that
        comes in between is taken in."""
        if self._leaving(area) is None:
            return area
        top, bottom = sorted((self.row(area.top), self.row(area.bottom)))
        return area._replace(top=top, bottom=bottom)

    def _leaving(self, area: Area) -> set[int] | None:
        """The rows of an area that go elsewhere; None if its rows stay the same ones."""
        leaving = {old for old in self.places if area.top <= old <= area.bottom}
        return None if leaving == {self.places[old] for old in leaving} else leaving

    def _parts(self, area: Area) -> list[Area]:
        leaving = self._leaving(area)
        if leaving is None:
            return [area]
        starts = [area.top, *(row + 1 for row in sorted(leaving))]
        ends = [*(row - 1 for row in sorted(leaving)), area.bottom]
        runs = [(top, bottom) for top, bottom in zip(starts, ends, strict=True) if top <= bottom]
        joined: list[tuple[int, int]] = []
        for top, bottom in sorted([*runs, *((self.places[row],) * 2 for row in leaving)]):
            if joined and joined[-1][1] + 1 == top:
                joined[-1] = joined[-1][0], bottom
            else:
                joined.append((top, bottom))
        return [area._replace(top=top, bottom=bottom) for top, bottom in joined]


class Shift(RowChange, frozen=True, dict=True):
    """Rows that come in and rows that go; the others keep their order. inserted: how many come in before a row, by
    its number. deleted: rows that go. like: the number of the row that those coming in before a row are to look
    like.
    """

    inserted: Mapping[int, int] = field(default_factory=dict)
    deleted: frozenset[int] = frozenset()
    like: Mapping[int, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.inserted or self.deleted)

    @cached_property
    def _gone(self) -> list[int]:
        return sorted(self.deleted)

    @cached_property
    def _before(self) -> tuple[list[int], list[int]]:
        """The rows before which others come in, and how many have come in by then."""
        rows = sorted(self.inserted)
        sums = [0]
        for row in rows:
            sums.append(sums[-1] + self.inserted[row])
        return rows, sums

    def after(self, row: int) -> int:
        """Where a row is, or would be if it were not deleted."""
        rows, sums = self._before
        new = row + sums[bisect_right(rows, row)] - bisect_left(self._gone, row)
        return min(new, LAST_ROW)

    def row(self, row: int) -> int | None:
        return None if row in self.deleted else self.after(row)

    @property
    def clones(self) -> Mapping[int, int]:
        return {
            new: self.like[row]
            for row, count in self.inserted.items()
            if row in self.like
            for new in range(self.after(row) - count, self.after(row))
        }

    def areas(self, areas: Iterable[Area], *, joined: bool = False) -> list[Area]:
        return [new for area in areas if (new := self._area(area, joined=joined))]

    def area(self, area: Area) -> Area | None:
        return self._area(area, joined=True)

    def _area(self, area: Area, *, joined: bool) -> Area | None:
        """With the rows that come in inside it, or at its edge if they are to look like one of its rows; without
        those that go."""
        if area.bottom >= LAST_ROW:
            # Whole columns stay so.
            return area if area.top == 1 else area._replace(top=self.after(area.top))
        below = area.bottom + 1
        joining = (self._joining(area, row) if joined else 0 for row in (area.top, below))
        top = self.after(area.top) - next(joining)
        bottom = self.after(below) - 1 - self.inserted.get(below, 0) + next(joining)
        return area._replace(top=top, bottom=bottom) if top <= bottom else None

    def _joining(self, area: Area, row: int) -> int:
        """How many rows that come in before a row at the edge of an area, which has several, belong to it."""
        alike = area.top < area.bottom and area.top <= self.like.get(row, 0) <= area.bottom
        return self.inserted.get(row, 0) if alike else 0
