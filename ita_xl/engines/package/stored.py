"""What the cells of a sheet hold: their stored values, which calamine reads, and what it reads as empty.

A sheet that calamine refuses, be it for a single cell, is given to it alone, in a package made of it, with the cell
as it can take it.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import TYPE_CHECKING

from lxml import etree

from ita_xl.engines.package.book import elements, local, serialised
from ita_xl.engines.package.plain import cleaned, recoded
from ita_xl.engines.package.sheetxml import parse
from ita_xl.engines.port import CellError, Uncomputed, Value
from ita_xl.layout.address import At, at, cell

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_SPECIAL = re.compile(rb"<c\b([^>]*)>\s*(<f\b[^>]*?(?:/>|>([^<]*)</f\s*>))?\s*(<v\b[^>]*?(?:/>|>([^<]*)</))?")
"""A cell's attributes, its formula, the formula's text, the element with the stored result and the result."""
_COMPUTED = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*><f[^>]*(?:/>|>[^<]*</f>)<v>[^<]')
_COMPUTED_EMPTY = re.compile(rb'<c r="([A-Z]+\d+)"[^>]* t="str"><f[^>]*(?:/>|>[^<]*</f>)<v></v>')
"""Formulas with a stored result, as nearly all programs write them. An empty text is one, an empty number none."""
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*[\"']([^\"']+)")
"""The address of a merged area, however it is written."""
_HIGH = re.compile(rb'<row [^>]*customHeight="(?:1|true)"[^>]*>')
_HIGH_PREFIXED = re.compile(rb'<\w+:row [^>]*customHeight="(?:1|true)"[^>]*>')
_ROW_NUMBER = re.compile(rb'\sr="(\d{1,7})"')
_HEIGHT = re.compile(rb'\sht="(\d{1,4}(?:\.\d{1,15})?)"')
_COLUMNS = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_SPAN = re.compile(rb'\s(min|max|width)="(\d{1,5}(?:\.\d{1,15})?)"')
_MOST_COLUMNS = 100
"""Further right stands nothing of ours."""
_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si\b")


class NotRead(ValueError):
    """calamine refuses a sheet."""


UNKNOWN = "#?"
"""The name of an error value that says no name."""

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ONLY = "only"
_PLACES = {
    "worksheet": "xl/worksheets/sheet1.xml",
    "sharedStrings": "xl/sharedStrings.xml",
    "styles": "xl/styles.xml",
}


def opened(content: bytes) -> CalamineWorkbook | None:
    """A workbook as calamine has it; None for one that it refuses."""
    from python_calamine import CalamineError, CalamineWorkbook  # seldom needed, and slow to import

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, OSError, ValueError, LookupError):
        return None


def values(book: CalamineWorkbook, title: str) -> dict[At, Value]:
    """The stored values of a sheet; an empty text is an empty cell. Raises `NotRead`."""
    from python_calamine import CalamineError

    try:
        rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise NotRead(str(error)) from error
    return {
        (down, across): value
        for down, row in enumerate(rows, 1)
        for across, value in enumerate(row, 1)
        if value != ""
    }


def special(xml: bytes) -> Iterator[tuple[At, bool, Value]]:
    """What calamine reads as empty in a plain sheet: errors, and formulas without a stored result. With each cell
    whether it holds a formula. Raises `UnreadableSheet`."""
    end = max(xml.rfind(b"sheetData"), 0)
    count, errors = xml.count(b"<f", 0, end), xml.find(b't="e"', 0, end) >= 0
    if not count and not errors:
        return
    found = [*_COMPUTED.findall(xml, 0, end), *_COMPUTED_EMPTY.findall(xml, 0, end)] if not errors else []
    if count and count == len(found):
        yield from ((at(one), True, None) for one in found)
        return
    for place, (start, formula, text, result, stored) in _suspects(xml):
        if b't="e"' in start:
            yield place, bool(formula), CellError(unescape(stored.decode()) if stored else UNKNOWN)
        elif formula:
            # An empty text is a result, an empty number is none.
            known = stored or (result and b't="str"' in start)
            yield place, True, None if known else Uncomputed(f"={unescape((text or b'').decode())}")


def _suspects(xml: bytes) -> Iterator[tuple[At, Sequence[bytes]]]:
    """The cells of a sheet that may hold a formula or an error: row and column, and the groups of `_SPECIAL`."""
    for line, held in parse(xml).rows.items():
        for across, found in held.cells.items():
            if found.filled and (match := _SPECIAL.match(found.raw)):
                yield (line, across), match.groups()


def alone(xml: bytes, common: Mapping[str, bytes], *, since_1904: bool) -> dict[At, Value]:
    """The stored values of a plain sheet, read apart from its workbook. What calamine knows no error or type for
    does not matter then: an error is empty here (`special` tells which), and a number that is none is a text.

    common: the workbook's shared texts and styles by kind. Raises `NotRead`, and lxml's error.
    """
    root = cleaned(xml)
    parts = {kind: recoded(part) for kind, part in common.items()}
    shared = len(_SHARED_TEXT.findall(parts.get("sharedStrings", b"")))
    lost: dict[At, Value] = {}
    for part in elements(root):
        if local(part) != "sheetData":
            root.remove(part)
    for held in (held for data in elements(root) for row in elements(data) for held in elements(row)):
        if not _tamed(held, shared) and (place := cell(held.get("r", ""))):
            lost[place] = CellError(UNKNOWN)
    parts["worksheet"] = serialised(root)
    if (book := opened(_package(parts, since_1904))) is None:
        raise NotRead
    return values(book, _ONLY) | lost


def _tamed(held: etree._Element, shared: int) -> bool:
    """Make a cell one that calamine takes. False for one whose text is lost. shared: so many texts are shared."""
    kind = held.get("t", "n")
    for part in elements(held):
        if local(part) not in ("v", "is") or kind == "e":
            held.remove(part)
    text = str(held.findtext("{*}v") or "")
    if kind == "s" and not (text.isdecimal() and int(text) < shared):
        held.set("t", "e")
        for part in elements(held):
            held.remove(part)
        return False
    if kind not in ("b", "d", "e", "inlineStr", "n", "s", "str") or (kind == "n" and text and not _is_number(text)):
        held.set("t", "str")
    return True


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _package(parts: Mapping[str, bytes], since_1904: bool) -> bytes:
    """A workbook of one sheet. parts: by kind."""
    relations = [f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="/{_PLACES[kind]}"/>' for kind in parts]
    held: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">'
        f'<Relationship Id="w" Type="{_OFFICE}/officeDocument" Target="/xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{since_1904:d}"/>'
        f'<sheets><sheet name="{_ONLY}" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{"".join(relations)}</Relationships>',
        **{_PLACES[kind]: part for kind, part in parts.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in held.items():
            package.writestr(name, content)
    return buffer.getvalue()


def set_heights(xml: bytes, end: int) -> Iterator[tuple[int, float]]:
    """Rows whose height is marked as set by a person, and that height, in points. end: of the rows."""
    if xml.find(b"customHeight", 0, end) >= 0:
        for row in (_HIGH_PREFIXED if xml.find(b":row ") >= 0 else _HIGH).finditer(xml, 0, end):
            at, height = _ROW_NUMBER.search(row[0]), _HEIGHT.search(row[0])
            if at and height:
                yield int(at[1]), float(height[1])


def set_widths(xml: bytes) -> Iterator[tuple[int, float]]:
    """Columns whose width is told, and that width, in characters."""
    for column in _COLUMNS.finditer(xml, 0, max(xml.find(b"sheetData"), 0)):
        told = {key: float(value) for key, value in _SPAN.findall(column[0])}
        if told.keys() >= {b"min", b"max", b"width"}:
            for at in range(int(told[b"min"]), min(int(told[b"max"]), _MOST_COLUMNS) + 1):
                yield at, told[b"width"]
