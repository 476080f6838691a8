"""What the formulas of a workbook hold, and what formulon, which follows Excel's rules, makes of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import Literal

import formulon

from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book
from ita_xl.engines.package.plain import plain
from ita_xl.layout.address import address
from tests.crafted import sheets_changed
from tools.parts import without_results

PROFILES: tuple[Literal["win-365-en_US"], Literal["win-365-th_TH"]] = ("win-365-en_US", "win-365-th_TH")
Result = object
"""A number, a text or a truth; None for none."""
At = tuple[str, str]
"""Title and address."""


def stored(content: bytes) -> dict[At, Result]:
    """The stored result of every formula of a workbook; an empty text is one."""
    archive = Archive(content)
    found: dict[At, Result] = {}
    for title, part in Book(archive).parts.items():
        for at, attributes, value in _FORMULA.findall(plain(archive.read(part))):
            kind = re.search(rb't="(\w+)"', attributes)
            found[title, at.decode()] = _READ[kind[1] if kind else b"n"](unescape(value.decode()) if value else "")
    return found


_FORMULA = re.compile(
    rb'<c r="([A-Z]+\d+)"([^>]*)><f\b(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v[^>]*>([^<]*)</v>|<v/>)?</c>'
)
_READ: Mapping[bytes, Callable[[str], Result]] = {
    b"n": lambda text: float(text) if text else None,
    b"b": lambda text: text == "1",
    b"str": str,
    b"e": str,
}


def by_formulon(content: bytes) -> Iterator[tuple[str, dict[At, Result]]]:
    """The results for each kind of Excel, computed from a workbook without any."""
    with formulon.Workbook.load(sheets_changed(content, without_results)) as book:
        for profile in PROFILES:
            book.set_excel_profile_id(profile)
            book.recalc()
            yield (
                profile,
                {
                    (book.sheet_name(sheet), address(cell.row + 1, cell.col + 1)): cell.value.to_python()
                    for sheet in range(book.sheet_count())
                    for cell in book.iter_cells(sheet)
                    if cell.formula
                },
            )


def differing(ours: Mapping[At, Result], theirs: Mapping[At, Result]) -> list[tuple[At, Result, Result]]:
    """Where results differ; numbers in no more than what floating numbers lose."""
    return [(at, one, theirs.get(at)) for at, one in ours.items() if not _same(one, theirs.get(at))]


def _same(one: Result, other: Result) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int) and not isinstance(one, bool):
        return abs(one - other) <= 1e-12 * max(1, abs(one))
    return (one or None) == (other or None) if isinstance(one, str) else one == other
