"""How high a text comes out, rather too high than too low: what may be higher than a page must be free to break."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

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


def row_heights(table: Table, rows: Sequence[Row], starts: Sequence[Sequence[int]], space: Space) -> list[float]:
    """Of each row. starts: in which column each cell begins. What a cell over several rows needs beyond these is
    given to the last of them."""
    whole = sum(column.width for column in table.columns)
    heights = [float(_PADDING)] * len(rows)
    spanning: list[tuple[int, int, float]] = []
    for number, (row, places) in enumerate(zip(rows, starts, strict=True)):
        for cell, at in zip(row.cells, places, strict=True):
            share = sum(column.width for column in table.columns[at : at + cell.columns]) / whole
            needed = height(cell.text, share * space.width - _AROUND_CELL, SMALL) + _PADDING
            if cell.rows == 1:
                heights[number] = max(heights[number], needed)
            else:
                spanning.append((number, min(number + cell.rows, len(rows)), needed))
    for first, end, needed in spanning:
        heights[end - 1] += max(0.0, needed - sum(heights[first:end]))
    return heights


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


_UNBROKEN = re.compile(r"[^\s\u0e00-\u0e7f]{18,}|(\S)\1{11,}")
_PIECE = re.compile(r"[^/?&=._:;,-]{1,8}[/?&=._:;,-]{0,4}|[/?&=._:;,-]{1,8}")


def pieces(text: str) -> list[str]:
    """A text cut where a line may break besides between words: an address or a row of dots has no place of its own
    and would run out of its column."""
    cut = [""]
    at = 0
    for run in _UNBROKEN.finditer(text):
        first, *rest = (piece[0] for piece in _PIECE.finditer(run[0]))
        cut[-1] += text[at : run.start()] + first
        cut += rest
        at = run.end()
    cut[-1] += text[at:]
    return cut
