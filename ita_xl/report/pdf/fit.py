"""How high a text comes out, rather too high than too low: what may be higher than a page must be free to break."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ita_xl.report.description import Cell, Row, Table, Text, plain

_LETTER = 0.66 * 0.58
"""Mean width of a Thai or Latin letter as a part of the size said for TH Sarabun New."""
_WASTE = 5
"""Letters at the end of a line that stay free, because the next word does not fit."""
BODY, SMALL = 16, 14
_PITCH = {BODY: 20, SMALL: 17}
_PADDING = 6
_AROUND_CELL = 8


@dataclass(frozen=True, slots=True)
class Space:
    """Between the margins of a page, in points."""

    width: float
    height: float


PORTRAIT, LANDSCAPE = Space(453, 710), Space(728, 464)


def height(text: Text, width: float, size: int = BODY) -> float:
    """Points that a text needs in lines of this width."""
    across = max(width / (size * _LETTER), 1)
    across = max(across - _WASTE, across / 2)
    return _PITCH[size] * sum(math.ceil(max(_letters(line), 1) / across) for line in plain(text).split("\n"))


def _letters(line: str) -> int:
    """Those that take width: vowels and tones above and below do not."""
    return sum(unicodedata.category(letter) != "Mn" for letter in line)


@dataclass(frozen=True, slots=True)
class RowHeight:
    """own: of the cells that end with the row. beyond: what cells over several rows need below these rows; the last
    of them is given it."""

    own: float
    beyond: float = 0


def row_heights(
    table: Table, rows: Sequence[Row], starts: Sequence[Sequence[int]], space: Space
) -> list[RowHeight]:
    """Of each row. starts: in which column each cell begins."""
    own = [float(_PADDING)] * len(rows)
    spanning: list[tuple[int, int, float]] = []
    for number, (row, begun) in enumerate(zip(rows, starts, strict=True)):
        for cell, at in zip(row.cells, begun, strict=True):
            needed = height(cell.text, cell_width(table, cell, at, space), SMALL) + _PADDING
            if cell.rows == 1:
                own[number] = max(own[number], needed)
            else:
                spanning.append((number, min(number + cell.rows, len(rows)), needed))
    heights = [RowHeight(one) for one in own]
    for first, end, needed in spanning:
        missing = needed - sum(one.own + one.beyond for one in heights[first:end])
        if missing > 0:
            heights[end - 1] = replace(heights[end - 1], beyond=heights[end - 1].beyond + missing)
    return heights


def cell_width(table: Table, cell: Cell, at: int, space: Space) -> float:
    """Points for the text of a cell that begins in this column."""
    whole = sum(column.width for column in table.columns)
    share = sum(column.width for column in table.columns[at : at + cell.columns]) / whole
    return share * space.width - _AROUND_CELL


def places(rows: Sequence[Row], columns: int) -> list[list[int]]:
    """In which column each cell of each row begins."""
    covered = [0] * columns
    starts = []
    for row in rows:
        starts.append(_begun(row.cells, covered))
        covered = [max(0, left - 1) for left in covered]
    return starts


def _begun(cells: Sequence[Cell], covered: list[int]) -> list[int]:
    starts, at = [], 0
    for cell in cells:
        while covered[at]:
            at += 1
        starts.append(at)
        covered[at : at + cell.columns] = [cell.rows] * cell.columns
        at += cell.columns
    return starts


def letters_across(width: float, size: int = BODY) -> int:
    """How many letters of a word a line of this width surely holds, at least two."""
    return max(int(width / (size * _LETTER)), 2)


ROOM = 30
"""Letters that stand in a line wherever no narrow column is."""
_UNBROKEN = re.compile(r"[^\s\u0e00-\u0e7f]{3,}|(\S)\1{5,}")
_LONG = 18
_PART = re.compile(r"[^/?&=._:;,-]+[/?&=._:;,-]*|[/?&=._:;,-]+")


def pieces(text: str, room: int = ROOM) -> list[str]:
    """A text cut where a line may break besides between words: an address or a row of dots has no place of its own
    and would run out of its column. room: letters that stand in its lines."""
    cut = [""]
    at = 0
    for run in _UNBROKEN.finditer(text):
        first, *rest = _cut(run[0], room)
        cut[-1] += text[at : run.start()] + first
        cut += rest
        at = run.end()
    cut[-1] += text[at:]
    return cut


def _cut(run: str, room: int) -> list[str]:
    if len(run) <= min(room, _LONG):
        return [run]
    step = max(room * 2 // 3, 1)
    parts = (part[0] for part in _PART.finditer(run))
    return [
        part[at : at + step] if len(part) > room else part
        for part in parts
        for at in range(0, len(part), step if len(part) > room else len(part))
    ]
