"""The results of our own formulas, stored beside them: in Protected View, on phones, in previews nobody computes.

A stored result is what a recalculation gives from what the workbook then holds. Where it is not known, none is
stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from html import escape, unescape
from typing import NamedTuple

from ita_xl.domain.contents import CellError
from ita_xl.engines.formulas.pages import Formula, Page
from ita_xl.engines.formulas.ready import ready
from ita_xl.engines.formulas.syntax import HERE, is_marked_alone, with_mark
from ita_xl.engines.formulas.values import Scalar, Unknown
from ita_xl.engines.package.sheetxml import parse, readable
from ita_xl.engines.port import Grid
from ita_xl.engines.references import translated
from ita_xl.engines.spelling import spelt
from ita_xl.layout import FINDINGS, HOME, MEMORY, RECHECK
from ita_xl.layout.address import At, address, area, number
from ita_xl.layout.expert import PLAN_MONTHS
from ita_xl.layout.home import FORMULA_CELLS
from ita_xl.layout.keys import SheetKey

COMPUTED = (HOME, RECHECK, MEMORY, FINDINGS)
"""The sheets on which formulas of ours stand."""

_MONTHS = frozenset(one.cells() if (one := area(PLAN_MONTHS.replace("$", ""))) else ())
"""Our formulas on the very hidden sheet."""

_BEFORE = re.compile(rb'([A-Z]+)(\d+)"([^>]*)>\s*(<f\b([^>]*?)(?:/>|>([^<]*)</f\s*>))\s*')
"""A cell with a formula, from its address to its result: column, row, attributes; the formula's element, its
attributes and text."""
_AFTER = re.compile(rb"(?:(<v\b)[^>]*?(?:/>|>([^<]*)</v\s*>))?\s*</c>")
"""The rest of it: the result."""
_KIND = re.compile(rb'\st="(\w+)"')
_SHARED = re.compile(rb'\bsi="(\d+)"')
_CELL, _RESULT, _CLOSED = b'<c r="', b"<v>", b"</v></c>"
"""With this every cell begins in the plain form, and nearly every result begins and ends."""


class _Start(NamedTuple):
    """A cell with a formula up to its result. size: its length; bare: without the result's type, up to the formula;
    kind: the type; element: the formula's; group: of those that share a formula; text: it, as it is written; made:
    what it computes by itself, None for what is not understood."""

    at: At
    size: int
    bare: bytes
    kind: bytes
    element: bytes
    group: bytes
    text: str
    made: Formula | None


@lru_cache(maxsize=8192)
def _start(cell: bytes) -> _Start | None:
    """How a cell begins; None for one without a formula. Cached, because most workbooks share all but results."""
    found = _BEFORE.match(cell)
    if found is None:
        return None
    column, row, attributes, element, of_formula, raw = found.groups(b"")
    at, text, made = (int(row), number(column.decode())), raw.decode(), None
    kind, told = _KIND.search(attributes), _KIND.search(of_formula) if of_formula else None
    group = _SHARED.search(of_formula) if told and told[1] == b"shared" else None
    # Of others that have a kind, arrays and tables of data, nothing is known.
    if text and (group or not told):
        made = _of_text(text, at[0], alone=group is not None)
    bare = column + row + b'"' + (_KIND.sub(b"", attributes) if kind else attributes)
    return _Start(at, found.end(), bare, kind[1] if kind else b"", element, group[1] if group else b"", text, made)


def _of_text(text: str, row: int, *, alone: bool = False) -> Formula | None:
    """What a formula computes that stands in a row. alone: only if it does so wherever in its column it stands."""
    key = with_mark(text, str(row))
    if alone and not is_marked_alone(key):
        return None
    return ready(unescape(key)) or (ready(unescape(text)) if HERE in key and not alone else None)


class _Sheet:
    """xml: in the plain form. ours: which of its formulas are. formulas: those, by column and row. Raises
    `UnreadableSheet`."""

    def __init__(self, xml: bytes, ours: Callable[[_Start], bool]) -> None:
        self.xml = readable(xml)
        self._end = xml.rfind(b"</sheetData")
        self._cells = xml[: self._end].split(_CELL)
        self._held: list[tuple[int, _Start, bytes]] = []
        """The place of each among the cells, how it begins, and what comes after that."""
        self.formulas: dict[int, dict[int, Formula | None]] = {}
        shared: dict[bytes, _Start] = {}
        for place, cell in enumerate(self._cells):
            before, _, after = cell.partition(_RESULT)
            if b"<f" not in before or (start := _start(before)) is None or not ours(start):
                continue
            self._held.append((place, start, after))
            row, column = start.at
            formula = start.made
            if start.group:
                if start.text:
                    shared[start.group] = start
                first = shared.get(start.group)
                if formula is None and first:
                    formula = first.made if first.made and first.at[1] == column else _of_other(first, start.at)
            if column not in self.formulas:
                self.formulas[column] = {}
            self.formulas[column][row] = formula

    def with_results(self, page: Page) -> bytes:
        """The XML with what the formulas come to; the same object if that is stored already."""
        for across, formulas in self.formulas.items():
            with suppress(Unknown):
                page[across].work_out(formulas)
        made: dict[int, bytes] = {}
        for place, start, after in self._held:
            row, column = start.at
            try:
                result = kind, text = _told(page[column][row])
            except Unknown:
                result = None
            else:
                if kind == start.kind and after.startswith(text):
                    continue
            cell = self._cells[place]
            if (found := _AFTER.match(cell, start.size)) and (anew := _cell(start, found, result)) is not None:
                made[place] = anew + cell[found.end() :]
        if not made:
            return self.xml
        cells = [made.get(place, cell) for place, cell in enumerate(self._cells)]
        return _CELL.join(cells) + self.xml[self._end :]


def stored(
    titles: Mapping[SheetKey, str], part: Callable[[str], bytes], read: Callable[[str], Grid], present: list[str]
) -> Iterator[tuple[str, bytes]]:
    """The sheets in which stored results change, each with its XML as it should be.

    titles: of our sheets. part: a sheet's XML in the plain form. read: what a sheet holds. present: all titles.
    """
    keys = {titles.get(sheet.key, sheet.title): sheet.key for sheet in COMPUTED}
    pages = _Pages(keys, part, read, present)
    for title in keys:
        if title in present:
            page, sheet = pages[title], pages.sheets[title]
            made = sheet.with_results(page)
            if made is not sheet.xml:
                yield title, made


class _Pages(dict[str, Page]):
    """All sheets by title, read when a formula asks for them. keys: of those with formulas of ours, by title; the
    rest as `stored` has it. Raises `Unknown` for a title that there is not."""

    def __init__(
        self,
        keys: Mapping[str, SheetKey],
        part: Callable[[str], bytes],
        read: Callable[[str], Grid],
        present: list[str],
    ) -> None:
        self.sheets: dict[str, _Sheet] = {}
        self._keys = keys
        self._part = part
        self._read = read
        self._actual = {title.casefold(): title for title in present}

    def __missing__(self, title: str) -> Page:
        real = self._actual.get(title.casefold())
        if real is None:
            raise Unknown
        self[title] = page = self._page(real) if real == title else self[real]
        return page

    def _page(self, title: str) -> Page:
        formulas: Mapping[int, Mapping[int, Formula | None]] = {}
        if title in self._keys:
            sheet = self.sheets[title] = _Sheet(self._part(title), _ours(self._keys[title]))
            formulas = sheet.formulas
        grid = self._read(title)
        return Page(grid.cells, formulas, lambda at: self._empty(title, at), self, grid.formulas)

    def _empty(self, title: str, at: At) -> bool:
        """Whether a cell without a value holds an empty text."""
        row = parse(self._part(title)).rows.get(at[0])
        return row is not None and (cell := row.cells.get(at[1])) is not None and cell.filled


def _ours(key: SheetKey) -> Callable[[_Start], bool]:
    """Which formulas of a sheet are ours; a person may have others there."""
    if key == HOME.key:
        return lambda start: address(*start.at) in FORMULA_CELLS
    if key == MEMORY.key:
        return lambda start: start.at in _MONTHS
    if key == FINDINGS.key:
        return lambda start: b">HYPERLINK(" in start.element
    return lambda start: True


def _of_other(first: _Start, at: At) -> Formula | None:
    """What a cell computes that shares a formula. first: where it is written."""
    return _of_text(escape(translated(unescape(first.text), first.at, at), quote=False), at[0])


def _cell(start: _Start, found: re.Match[bytes], result: tuple[bytes, bytes] | None) -> bytes | None:
    """A cell with its result; None where it stands there already, if spelt differently. found: of `_AFTER`."""
    stored = (found[2] or b"") if found[1] else None
    if result is None:
        unchanged = stored is None and not start.kind
        return None if unchanged else start.bare + b">" + start.element + b"</c>"
    kind, closed = result
    text = closed.removesuffix(_CLOSED)
    if kind == start.kind and stored is not None and _same(stored, text, is_number=not kind):
        return None
    space = b' xml:space="preserve"' if text != text.strip() else b""
    kind_told = b' t="%s"' % kind if kind else b""
    return b"%s%s>%s<v%s>%s" % (start.bare, kind_told, start.element, space, closed)


@lru_cache(maxsize=4096, typed=True)
def _told(result: Scalar) -> tuple[bytes, bytes]:
    """Type and text of a result as a sheet has them, the text with the end of its cell."""
    if isinstance(result, bool):
        return b"b", b"%d" % result + _CLOSED
    if isinstance(result, CellError):
        return b"e", escape(result.text, quote=False).encode() + _CLOSED
    if isinstance(result, str):
        return b"str", escape(spelt(result), quote=False).encode() + _CLOSED
    value = result or 0.0
    return b"", repr(int(value) if value.is_integer() and abs(value) < 1e15 else value).encode() + _CLOSED


def _same(stored: bytes, text: bytes, *, is_number: bool) -> bool:
    """Whether a stored result is the one that is told, be it written in another way."""
    if is_number:
        try:
            return float(stored) == float(text)
        except ValueError:
            return False
    return unescape(stored.decode()) == unescape(text.decode())
