"""The results of our own formulas, stored beside them: in Protected View, on phones, in previews nobody computes.

A stored result is what a recalculation gives from what the workbook then holds. Where it is not known, none is
stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape

from ita_xl.domain.contents import CellError, Value
from ita_xl.engines.formulas.pages import Formula, Page
from ita_xl.engines.formulas.ready import ready
from ita_xl.engines.formulas.syntax import HERE, is_marked_alone, with_mark
from ita_xl.engines.formulas.values import Scalar, Unknown
from ita_xl.engines.package.sheetxml import parse
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

_CELL = re.compile(
    rb'<c r="([A-Z]+)(\d+)"([^>]*)>\s*(<f\b([^>]*?)(?:/>|>([^<]*)</f\s*>))\s*'
    rb"(?:<v\b[^>]*?(?:/>|>([^<]*)</v\s*>))?\s*</c>"
)
"""A cell with a formula: column, row, attributes; the formula's element, its attributes and text; the result."""
_KIND = re.compile(rb'\st="(\w+)"')
_SHARED = re.compile(rb'\bsi="(\d+)"')


@dataclass(frozen=True, slots=True)
class _Held:
    """A cell with a formula, where it lies in its sheet's XML."""

    at: At
    found: re.Match[bytes]
    formula: Formula | None


class _Sheet:
    """xml: in the plain form. ours: which of its formulas are."""

    def __init__(self, xml: bytes, ours: Callable[[At, bytes], bool]) -> None:
        self.xml = xml
        self.held = list(_formulas(xml, ours))

    def empty(self, at: At) -> bool:
        """Whether a cell without a value holds an empty text."""
        row = parse(self.xml).rows.get(at[0])
        return row is not None and (cell := row.cells.get(at[1])) is not None and cell.filled

    def with_results(self, results: Mapping[At, Scalar | Unknown]) -> bytes:
        parts, last = [], 0
        for held in self.held:
            if (made := _cell(held.found, results[held.at])) is not None:
                parts += [self.xml[last : held.found.start()], made]
                last = held.found.end()
        return b"".join([*parts, self.xml[last:]]) if parts else self.xml


def stored(
    titles: Mapping[SheetKey, str], part: Callable[[str], bytes], read: Callable[[str], Grid], present: list[str]
) -> Iterator[tuple[str, bytes]]:
    """The sheets in which stored results change, each with its XML as it should be.

    titles: of our sheets. part: a sheet's XML in the plain form. read: what a sheet holds. present: all titles.
    """
    keys = {titles.get(sheet.key, sheet.title): sheet.key for sheet in COMPUTED}
    sheets: dict[str, _Sheet] = {}
    pages: dict[str, Page] = {}
    actual = {title.casefold(): title for title in present}

    def sheet(title: str) -> _Sheet:
        if title not in sheets:
            sheets[title] = _Sheet(part(title), _ours(keys.get(title)))
        return sheets[title]

    def page(title: str) -> Page:
        if title not in pages:
            real = actual.get(title.casefold())
            if real is None:
                raise Unknown
            if real != title:
                return page(real)
            formulas = {held.at: held.formula for held in sheet(title).held} if title in keys else {}
            pages[title] = Page(_cells(read(title)), formulas, lambda at: sheet(title).empty(at), page)
        return pages[title]

    for title in keys:
        if title in actual.values():
            results = dict(page(title).results())
            made = sheet(title).with_results(results)
            if made is not sheet(title).xml:
                yield title, made


def _cells(grid: Grid) -> Mapping[At, Value]:
    """A formula that shows nothing shows an empty text."""
    silent = grid.formulas - grid.cells.keys()
    return {**grid.cells, **dict.fromkeys(silent, "")} if silent else grid.cells


def _ours(key: SheetKey | None) -> Callable[[At, bytes], bool]:
    """Which formulas of a sheet are ours; a person may have others there."""
    if key == HOME.key:
        return lambda at, _: address(*at) in FORMULA_CELLS
    if key == MEMORY.key:
        return lambda at, _: at in _MONTHS
    if key == FINDINGS.key:
        return lambda _, formula: formula.startswith(b"HYPERLINK(")
    return lambda at, _: key is not None


def _formulas(xml: bytes, ours: Callable[[At, bytes], bool]) -> Iterator[_Held]:
    shared: dict[bytes, tuple[str, At, Formula | None]] = {}
    alike: dict[bytes, tuple[list[str], Formula | None]] = {}
    for found in _CELL.finditer(xml):
        column, row, _, _, attributes, raw, _ = found.groups()
        at = int(row), number(column.decode())
        if not ours(at, raw or b""):
            continue
        formula, kind = (raw or b"").decode(), _KIND.search(attributes) if attributes else None
        if kind and kind[1] == b"shared" and (group := _SHARED.search(attributes)):
            if raw:
                key = with_mark(formula, row.decode())
                made = ready(unescape(key)) if is_marked_alone(key) else None
                shared[group[1]] = unescape(formula), at, made
            elif group[1] in shared:
                first, there, made = shared[group[1]]
                if made and there[1] == at[1]:
                    yield _Held(at, found, made)
                    continue
                formula = escape(translated(first, there, at), quote=False)
        elif kind:
            yield _Held(at, found, None)  # an array, or a table of data
            continue
        # Nearly always a formula is the one above it, a row further down.
        parts, made = alike.get(column, ([], None))
        if not parts or row.decode().join(parts) != formula:
            key = with_mark(formula, row.decode())
            made = ready(unescape(key)) or (ready(unescape(formula)) if HERE in key else None)
            parts = key.split(HERE)
            alike[column] = parts, made
        yield _Held(at, found, made)


def _cell(found: re.Match[bytes], result: Scalar | Unknown) -> bytes | None:
    """A cell with a result; None where it stands there already."""
    column, row, attributes, formula, _, _, stored = found.groups()
    known = _KIND.search(attributes)
    kind = known[1].decode() if known else ""
    if isinstance(result, Unknown):
        if stored is None and not kind:
            return None
        return b'<c r="%s%s"%s>%s</c>' % (column, row, _KIND.sub(b"", attributes), formula)
    told, text = _told(result)
    if kind == told and _same(stored, text, is_number=not kind, is_text=kind == "str", found=found):
        return None
    start = b'<c r="%s%s"%s' % (column, row, _KIND.sub(b"", attributes))
    space = b' xml:space="preserve"' if text != text.strip() else b""
    kind_told = f' t="{told}"'.encode() if told else b""
    return b"%s%s>%s<v%s>%s</v></c>" % (start, kind_told, formula, space, text.encode())


def _told(result: Scalar) -> tuple[str, str]:
    """Type and text of a result as a sheet has them."""
    if isinstance(result, bool):
        return "b", f"{result:d}"
    if isinstance(result, CellError):
        return "e", escape(result.text, quote=False)
    if isinstance(result, str):
        return "str", escape(spelt(result), quote=False)
    value = result or 0.0
    return "", repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _same(stored: bytes | None, text: str, *, is_number: bool, is_text: bool, found: re.Match[bytes]) -> bool:
    if stored is None:
        return is_text and not text and b"<v" in found[0]
    if is_number:
        try:
            return float(stored) == float(text)
        except ValueError:
            return False
    return unescape(stored.decode()) == unescape(text)
