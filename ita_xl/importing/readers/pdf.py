"""A PDF with a text layer. Of a scanned one, which has none, that is said: we read no pictures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import pypdfium2
from pypdfium2 import PdfiumError

from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import arabic_digits, tidy
from ita_xl.importing.readers.plain import cells_of
from ita_xl.importing.source import RUNNING, Row

_MOST_PAGES = 400
_PASSWORD = "password"
_SPACE = 0.8
"""Of a letter's height: a wider gap parts two cells."""
_LARGE = 2.5
_EDGE = 2
_PAGES = 3
_HANGING = " \u0e33"
"""A space, and sara am, which is drawn in two parts: they belong to what is before them wherever they lie."""


def rows(content: bytes, name: str) -> list[Row]:
    """Raises `Unusable` for one that is encrypted, damaged, scanned, or a whole book."""
    try:
        document = pypdfium2.PdfDocument(content)
    except PdfiumError as error:
        encrypted = _PASSWORD in str(error).lower()
        code = Code.SOURCE_ENCRYPTED if encrypted else Code.SOURCE_NOT_READABLE
        raise Unusable(Finding(code, values={"file": name})) from error
    try:
        if len(document) > _MOST_PAGES:
            raise Unusable(Finding(Code.SOURCE_TOO_LARGE, values={"file": name}))
        pages = [list(_lines(one.get_textpage())) for one in document]
    finally:
        document.close()
    if not any(pages):
        raise Unusable(Finding(Code.SOURCE_IS_A_PICTURE, values={"file": name}))
    numbered = _numbering(pages)
    return [
        Row(cells, say("imports.page_line", page=page, number=number), RUNNING)
        for page, lines in enumerate(pages, 1)
        for number, cells in enumerate(lines, 1)
        if _without_digits(cells) not in numbered
    ]


def _numbering(pages: list[list[tuple[str, ...]]]) -> set[str]:
    """Lines at the edge of several pages that differ only in a number, which is that of the page."""
    found: dict[str, dict[int, set[int]]] = {}
    for page, lines in enumerate(pages):
        for cells in (*lines[:_EDGE], *lines[-_EDGE:]):
            offsets = {int(number) - page for number in re.findall(r"\d{1,3}", arabic_digits(" ".join(cells)))}
            found.setdefault(_without_digits(cells), {}).setdefault(page, set()).update(offsets)
    return {text for text, of in found.items() if len(of) >= _PAGES and set.intersection(*of.values())}


def _without_digits(cells: tuple[str, ...]) -> str:
    return "".join(letter for cell in cells for letter in cell if not letter.isdigit())


@dataclass
class _Piece:
    """Letters that stand side by side. low, high: of a plain letter of it."""

    text: str
    left: float
    right: float
    low: float
    high: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


def _lines(page: pypdfium2.PdfTextPage) -> Iterator[tuple[str, ...]]:
    """The lines of a page from the top, each in its pieces from the left: the cells, where there is a table."""
    lines: list[list[_Piece]] = []
    pieces = list(_pieces(page))
    usual = median(piece.high - piece.low for piece in pieces) if pieces else 0
    # What is far larger than the rest lies across the page, as the mark of a draft does.
    pieces = [piece for piece in pieces if piece.high - piece.low < _LARGE * usual]
    for piece in sorted(pieces, key=lambda one: -one.middle):
        if lines and lines[-1][0].middle - piece.middle < usual / 2:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    for line in lines:
        cells = tuple(text for piece in sorted(line, key=lambda one: one.left) if (text := tidy(piece.text)))
        if cells:
            yield cells_of(cells[0]) if len(cells) == 1 else cells


def _pieces(page: pypdfium2.PdfTextPage) -> Iterator[_Piece]:
    """In the order in which they were drawn, which keeps the vowels and marks of Thai with their letters."""
    piece: _Piece | None = None
    for at in range(page.count_chars()):
        letter = page.get_text_range(at, 1)
        if not letter or letter in "\r\n\0":
            continue
        left, low, right, high = page.get_charbox(at, loose=True)
        if piece and (letter in _HANGING or unicodedata.category(letter) == "Mn"):
            piece.text += letter
            piece.right = max(piece.right, min(right, piece.right + _SPACE * (piece.high - piece.low)))
            continue
        gap = _SPACE * (high - low)
        if piece and piece.low <= (low + high) / 2 <= piece.high and -gap < left - piece.right < gap:
            piece.text += letter
            piece.right = max(piece.right, right)
            continue
        if piece:
            yield piece
        piece = _Piece(letter, left, right, low, high)
    if piece:
        yield piece
