"""How high a row must be for its wrapped Thai text: a program that opens the file need not know how."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from math import ceil

LINE_HEIGHT = 24.0
"""Points of a single line of TH Sarabun New 16."""

_FURTHER_LINE = 23.0
"""Points that every further line adds: Excel's lines lie 22.5 apart, those of LibreOffice 21."""

MAX_HEIGHT = 409.0
"""The highest row that the file format allows; a longer text is read in the cell itself."""

_USED, _EDGES = 0.95, 1.0
"""The share of a column that its lines can be sure of, because programs space letters differently, and the digits
that its edges take."""
_LOST = 4.0
"""Digits that a line loses at its end, because Thai breaks between words; the last line does not."""
BOLD = 1.05
"""So much wider is a text in bold letters."""
_FITTED = 0.15
"""So far the heights that programs give to the same text lie apart."""

_WIDTHS = {
    letter: width
    for width, letters in {
        0.4: "!'I,.:;ij|",
        0.5: "()[]",
        0.6: ' -"`flr{}เๅ',
        0.7: "/Jtโใไ",
        0.8: "*?sง",
        0.9: "cgkvxyzฐธรวาำ",
        1.0: "$0123456789BEFKLPRSTY_aeขจฉชถยฤฮะแ–“”",
        1.1: "#+<=>ACV^bdhnopqu~กฃคฅฆซดตผฝมลศสอฯ฿ๆ",
        1.3: "OQUฑ…",
        1.5: "wฌญ@Mฒณ%",
        1.7: "Wm",
        2.0: "—",
    }.items()
    for letter in letters
}
"""Letters of TH Sarabun New in digits of it."""


class _Widths(dict[str, float]):
    """The width of any letter, kept once it was asked for; vowels and tone marks above and below take no room."""

    def __missing__(self, letter: str) -> float:
        width = self[letter] = 0.0 if unicodedata.category(letter) in ("Mn", "Cf") else _OTHERS
        return width


_OTHERS = 1.2
_OF_LETTERS = _Widths(_WIDTHS)


@lru_cache(maxsize=4096)
def text_width(text: str) -> float:
    """Width in digits of the same font."""
    return sum(map(_OF_LETTERS.__getitem__, text))


@lru_cache(maxsize=8192)
def line_count(text: str, width: float) -> int:
    """Lines that a text takes in a column of that many digits."""
    room = max(width * _USED - _EDGES - _LOST, 4.0)
    return sum(max(1, ceil((text_width(line) - _LOST) / room)) for line in text.split("\n"))


def is_persons(height: float, fitting: float) -> bool:
    """Whether a height that is marked as set is a person's. Some programs mark every row, and fit it a bit higher
    or lower than we do. fitting: what we would give to the row."""
    return abs(height - fitting) > fitting * _FITTED


def row_height(cells: Iterable[tuple[object, float]]) -> float:
    """Points for a row of (value, column width); numbers never wrap."""
    lines = max((line_count(value, width) for value, width in cells if isinstance(value, str)), default=1)
    return min(LINE_HEIGHT + _FURTHER_LINE * (lines - 1), MAX_HEIGHT)
