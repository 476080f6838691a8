"""Addresses of cells and areas, to and from A1 notation. The only place that takes them apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

At = tuple[int, int]
"""Row and column, from 1."""

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The last ones that the file format knows."""

MAX_ROWS, MAX_COLUMNS = 20_000, 26 + 26**2
"""How far out we look. Beyond, a table would take all memory, and nobody types there."""


class Area(NamedTuple):
    """A rectangle of cells, its ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, at: object) -> bool:
        return isinstance(at, tuple) and self.top <= at[0] <= self.bottom and self.left <= at[1] <= self.right

    def cells(self) -> Iterator[At]:
        """Row by row."""
        columns = range(self.left, self.right + 1)
        return ((row, column) for row in range(self.top, self.bottom + 1) for column in columns)

    def clamped(self) -> Area | None:
        """What of it lies where we look; None if nothing does. Whatever goes through an area cell by cell goes
        through this first, because an area may be as large as somebody wrote."""
        if self.top > MAX_ROWS or self.left > MAX_COLUMNS:
            return None
        return self._replace(bottom=min(self.bottom, MAX_ROWS), right=min(self.right, MAX_COLUMNS))

    @property
    def ties_rows(self) -> bool:
        """Whether it ties some rows to each other. One that goes down to the end holds whatever stands there."""
        return self.top < self.bottom <= MAX_ROWS

    @property
    def first(self) -> At:
        return self.top, self.left

    @property
    def size(self) -> int:
        """How many cells it has."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def __str__(self) -> str:
        first, last = address(self.top, self.left), address(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"

    def absolute(self) -> str:
        """With dollar signs, always as two ends: $A$1:$C$9, and whole columns or rows as $A:$C or $1:$9."""
        if (self.top, self.bottom) == (1, LAST_ROW):
            return f"${letter(self.left)}:${letter(self.right)}"
        if (self.left, self.right) == (1, LAST_COLUMN):
            return f"${self.top}:${self.bottom}"
        return f"${letter(self.left)}${self.top}:${letter(self.right)}${self.bottom}"


_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
_ENDS = re.compile(
    r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?"
    r"|\$?([A-Z]{1,3}):\$?([A-Z]{1,3})|\$?([1-9]\d{0,6}):\$?([1-9]\d{0,6})"
)


@cache
def letter(column: int) -> str:
    """1 -> A, 27 -> AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@lru_cache(maxsize=20_000)
def at(text: bytes) -> At:
    """Row and column of an address as a sheet's XML has it. Kept, because workbooks have them in common. Raises
    `ValueError` for anything else."""
    found = cell(text.decode())
    if found is None:
        raise ValueError(text)
    return found


@lru_cache(maxsize=1024)
def number(letters: str) -> int:
    """A -> 1, AA -> 27."""
    value = 0
    for one in letters.upper():
        value = value * 26 + ord(one) - 64
    return value


def address(row: int, column: int) -> str:
    return f"{letter(column)}{row}"


def cell(text: str) -> At | None:
    """Row and column of an address such as B10 or $B$10; None for anything else."""
    found = _CELL.fullmatch(text)
    return (int(found[2]), number(found[1])) if found else None


@lru_cache(maxsize=4096)
def area(text: str) -> Area | None:
    """The area of A1, A1:C9, A:C or 1:9, with or without dollar signs; None for anything else.

    Whole columns and rows reach to the last one of the file format.
    """
    found = _ENDS.fullmatch(text)
    if found is None:
        return None
    left, top, right, bottom, first, last, upper, lower = found.groups()
    if first:
        columns = sorted((number(first), number(last)))
        return Area(1, columns[0], LAST_ROW, columns[1])
    if upper:
        rows = sorted((int(upper), int(lower)))
        return Area(rows[0], 1, rows[1], LAST_COLUMN)
    rows = sorted((int(top), int(bottom or top)))
    columns = sorted((number(left), number(right or left)))
    return Area(rows[0], columns[0], rows[1], columns[1])


def areas(text: str) -> list[Area]:
    """The areas of a list such as "A1:C2 E5", as a `sqref` has it; what is none is left out."""
    return [found for part in text.split() if (found := area(part))]


def sheet_and_areas(reference: str) -> tuple[str, list[Area]]:
    """Title and areas of 'ก ข'!$A$1:$C$9,'ก ข'!$E$1; no areas for a reference that is not that plain."""
    title = ""
    found: list[Area] = []
    for part in _parts(reference):
        before, mark, at = part.rpartition("!")
        here = before[1:-1].replace("''", "'") if before.startswith("'") and before.endswith("'") else before
        one = area(at)
        if one is None or not mark or (found and here != title):
            return "", []
        title = here
        found.append(one)
    return title, found


def _parts(reference: str) -> list[str]:
    """Split at commas that stand in no quoted title."""
    return re.findall(r"(?:'(?:[^']|'')*'|[^,'])+", reference)
