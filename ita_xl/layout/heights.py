"""How high a row must be for its wrapped Thai text: a program that opens the file need not know how."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from math import ceil

LINE_HEIGHT = 24.0
"""Points of a single line of TH Sarabun New 16."""

WRAPPED_LINE_HEIGHT = 26.5
"""Points of each line of a wrapped text: programs differ, and a Thai vowel below must not be cut."""

MAX_HEIGHT = 409.0
"""The highest row that the file format allows; a longer text is read in the cell itself."""

_MARGIN = 4.0
"""Characters that a line loses at its end, because Thai breaks between words and not anywhere."""
_FITTED = 0.15
"""So far the heights that programs give to the same text lie apart."""
_NARROW = set("iljtfI.,:;|!'()[] ")
_WIDE = set("mwMW@%—")


@lru_cache(maxsize=4096)
def text_width(text: str) -> float:
    """Width in digits of the same font; vowels and tone marks above and below take no room."""
    width = 0.0
    for one in text:
        if unicodedata.category(one) in ("Mn", "Cf"):
            continue
        width += 0.6 if one in _NARROW else 1.5 if one in _WIDE else 1.0
    return width


@lru_cache(maxsize=8192)
def line_count(text: str, width: float) -> int:
    """Lines that a text takes in a column of that many digits."""
    room = max(width - _MARGIN, 4.0)
    return sum(max(1, ceil(text_width(line) / room)) for line in text.split("\n"))


def is_persons(height: float, fitting: float) -> bool:
    """Whether a height that is marked as set is a person's. Some programs mark every row, and fit it a bit higher
    or lower than we do. fitting: what we would give to the row."""
    return abs(height - fitting) > fitting * _FITTED


def row_height(cells: Iterable[tuple[object, float]]) -> float:
    """Points for a row of (value, column width); numbers never wrap."""
    lines = max((line_count(value, width) for value, width in cells if isinstance(value, str)), default=1)
    return LINE_HEIGHT if lines == 1 else min(WRAPPED_LINE_HEIGHT * lines, MAX_HEIGHT)
