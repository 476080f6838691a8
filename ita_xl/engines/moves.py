"""Where the rows of a sheet go, and what that means for everything that names a cell.

As when cells are cut and pasted: a formula that moves still means the cells that it meant, and whoever means a
cell that moved means it at its new place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ita_xl.layout import address
from ita_xl.layout.address import LAST_COLUMN, LAST_ROW, Area, At

_LETTER = r"""[^\s!'"(),;:+\-*/^&=<>{}\[\]%#@]"""
_PIECE = re.compile(
    r'"(?:[^"]|"")*"'
    rf"|(?P<sheet>(?:'(?:[^']|'')+'|(?:\[[^\[\]]*\])?{_LETTER}++(?::{_LETTER}++)?)!)?"
    rf"(?P<reference>{_LETTER}++(?!\()(?::{_LETTER}++(?!\())?)"
    r"|\[(?:[^\[\]]|\[[^\[\]]*\])*\]"
)
"""A piece of a formula: a text, a reference with or without its sheet, or the brackets of a table; between them
stand operators, and names of functions. Our own, because the parsers of libraries refuse newer operators (D8#)."""
_END = re.compile(r"(?=[$\w])(?:(\$?)([A-Za-z]{1,3}))?(?:(\$?)(\d{1,7}))?")
"""An end of a reference: column and row, or one of them, each after its dollar sign."""


@dataclass(frozen=True)
class Moves:
    """Rows of one sheet that change places. title: the sheet's. places: the new row of each by its old one; what
    leaves a row makes room for another, so both name the same rows. given_up: rows that will hold nothing any more.
    """

    title: str
    places: Mapping[int, int]
    given_up: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        assert set(self.places) == set(self.places.values()), "a row would be lost"

    def row(self, row: int) -> int:
        return self.places.get(row, row)

    def at(self, at: At) -> At:
        return self.row(at[0]), at[1]

    def cell(self, cell: str) -> str:
        """The address of a cell once the rows have moved."""
        at = address.cell(cell)
        return address.address(*self.at(at)) if at else cell

    def areas(self, areas: Iterable[Area]) -> list[Area]:
        """Where the cells of these areas go; one area may become several."""
        return [part for area in areas for part in self._parts(area)]

    def area(self, area: Area) -> Area:
        """An area that must stay one, such as that of a formula: from where its first row is now to where its last
        one is, as when these are cut and pasted. A row that comes in between is taken in."""
        if self._leaving(area) is None:
            return area
        top, bottom = area.top, area.bottom
        while top < bottom and top in self.given_up:
            top += 1
        while top < bottom and bottom in self.given_up:
            bottom -= 1
        top, bottom = sorted((self.row(top), self.row(bottom)))
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

    def formula(self, formula: str, home: str, *, only_fixed: bool = False) -> str:
        """A formula, without its "=", that means the same cells. home: title of the sheet on which it stands.

        only_fixed: it is one of many cells at once (a conditional format), where only $8 names a row of its own.
        """
        ours = self.title.casefold()
        if home.casefold() != ours and ours.replace("'", "''") not in formula.casefold():
            return formula

        def moved(sheet: str, reference: str) -> str:
            title = sheet.removesuffix("!").strip("'").replace("''", "'") or home
            area = _area(reference) if title.casefold() == ours else None
            if area is None:
                return reference
            new = self.area(area)
            rows = {area.top: new.top, area.bottom: new.bottom}

            def end(found: re.Match[str]) -> str:
                row = found[4]
                if row is None or (only_fixed and not found[3]):
                    return found[0]
                return f"{found[0][: -len(row)]}{rows[int(row)]}"

            return reference if new == area else _END.sub(end, reference)

        return _mapped(formula, moved)


def translated(formula: str, old: At, new: At) -> str:
    """A formula as it would be filled from one cell into another: what is not fixed by $ goes along."""

    def shifted(_: str, reference: str) -> str:
        return _END.sub(end, reference) if _area(reference) else reference

    def end(found: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, row = found.groups("")
        column = address.number(letters) + (0 if fixed_column else new[1] - old[1])
        line = int(row or 0) + (0 if fixed_row else new[0] - old[0])
        if (letters and column < 1) or (row and line < 1):
            return "#REF!"
        return fixed_column + (address.letter(column) if letters else "") + fixed_row + (str(line) if row else "")

    return _mapped(formula, shifted)


def _area(reference: str) -> Area | None:
    """The cells of a reference; None for a name that only looks like one, such as XYZ1."""
    area = address.area(reference.upper())
    return area if area and area.right <= LAST_COLUMN and area.bottom <= LAST_ROW else None


def _mapped(formula: str, change: Callable[[str, str], str]) -> str:
    """The formula with each reference as `change(sheet, reference)` gives it; sheet: with its "!", or empty."""

    def piece(found: re.Match[str]) -> str:
        sheet, reference = found["sheet"] or "", found["reference"]
        return sheet + change(sheet, reference) if reference else found[0]

    return _PIECE.sub(piece, formula)
