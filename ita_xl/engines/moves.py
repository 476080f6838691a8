"""Where the rows of a sheet go, and what that means for everything that names a cell.

As when cells are cut and pasted: a formula that moves still means the cells that it meant, and whoever means a
cell that moved means it at its new place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ita_xl.layout import address
from ita_xl.layout.address import MAX_ROWS, Area, At

_LETTER = r"""[^\s!'"(),;:+\-*/^&=<>{}\[\]%#@]"""
_PIECE = re.compile(
    r'"(?:[^"]|"")*"'
    rf"|(?P<sheet>(?:'(?:[^']|'')+'|(?:\[[^\[\]]*\])?{_LETTER}++(?::{_LETTER}++)?)!)?"
    rf"(?P<reference>{_LETTER}++(?!\()(?::{_LETTER}++(?!\())?)"
    r"|\[(?:[^\[\]]|\[[^\[\]]*\])*\]"
)
"""A piece of a formula: a text, a reference with or without its sheet, or the brackets of a table; between them
stand operators, and names of functions. Our own, because the parsers of libraries refuse newer operators (D8#)."""
_END = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})|(\$?)(\d{1,7})")


@dataclass(frozen=True)
class Moves:
    """Rows of one sheet that change places. title: the sheet's. places: the new row of each by its old one; what
    leaves a row makes room for another, so both name the same rows."""

    title: str
    places: Mapping[int, int]

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

    def _parts(self, area: Area) -> list[Area]:
        rows = self._rows(area)
        if rows is None:
            return [area]
        starts = [row for row in rows if row - 1 not in rows]
        ends = [row for row in rows if row + 1 not in rows]
        return [
            Area(top, area.left, bottom, area.right)
            for top, bottom in zip(sorted(starts), sorted(ends), strict=True)
        ]

    def _rows(self, area: Area) -> set[int] | None:
        """The rows to which those of an area go; None if they stay the same ones."""
        leaving = {old for old in self.places if area.top <= old <= area.bottom}
        arriving = {self.places[old] for old in leaving}
        if leaving == arriving or area.bottom - area.top > MAX_ROWS:
            return None
        return ({*range(area.top, area.bottom + 1)} - leaving) | arriving

    def formula(self, formula: str, home: str, *, only_fixed: bool = False) -> str:
        """A formula, without its "=", that means the same cells. home: title of the sheet on which it stands.

        only_fixed: it is one of many cells at once (a conditional format), where only $8 names a row of its own.
        """

        def moved(sheet: str, reference: str) -> str:
            title = sheet.removesuffix("!").strip("'").replace("''", "'") or home
            area = address.area(reference.upper())
            if area is None or title.casefold() != self.title.casefold():
                return reference
            ends = _END.findall(reference)
            parts = self._parts(area)
            if parts == [area] or len(parts) > 1 or (only_fixed and not all(end[2] or end[4] for end in ends)):
                return reference
            rows = iter((parts[0].top, parts[0].bottom))
            return _END.sub(lambda end: f"{end[0][: -len(end[4] or end[6])]}{next(rows)}", reference)

        return _mapped(formula, moved)


def translated(formula: str, old: At, new: At) -> str:
    """A formula as it would be filled from one cell into another: what is not fixed by $ goes along."""

    def shifted(_: str, reference: str) -> str:
        area = address.area(reference.upper())
        return _END.sub(end, reference) if area else reference

    def end(found: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, row, fixed, whole = found.groups()
        if whole:
            return found[0] if fixed else str(int(whole) + new[0] - old[0])
        column = address.number(letters) + (0 if fixed_column else new[1] - old[1])
        line = int(row) + (0 if fixed_row else new[0] - old[0])
        return f"{fixed_column}{address.letter(column)}{fixed_row}{line}" if min(column, line) > 0 else "#REF!"

    return _mapped(formula, shifted)


def _mapped(formula: str, change: Callable[[str, str], str]) -> str:
    """The formula with each reference as `change(sheet, reference)` gives it; sheet: with its "!", or empty."""

    def piece(found: re.Match[str]) -> str:
        sheet, reference = found["sheet"] or "", found["reference"]
        return sheet + change(sheet, reference) if reference else found[0]

    return _PIECE.sub(piece, formula)
