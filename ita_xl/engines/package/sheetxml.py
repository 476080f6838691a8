"""One sheet's XML as rows and cells, so that some of them can be replaced and all else stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from html import escape

from msgspec import Struct

from ita_xl.engines.port import Formula, Written
from ita_xl.engines.spelling import spelt
from ita_xl.layout.address import letter, number

_ROOT = re.compile(rb"<(\w+:)?worksheet\b")
_REF = re.compile(rb'\br="([A-Z]+)(\d+)"')
_ROW_NUMBER = re.compile(rb'\br="(\d+)"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_DROPPED = re.compile(rb'\s(?:r|spans)="[^"]*"')
_HEIGHT = re.compile(rb'\sht="[^"]*"|\scustomHeight="[^"]*"')
_HIDDEN = re.compile(rb'\shidden="[^"]*"')
_FIRST_ROW = re.compile(rb'<c r="[A-Z]+(\d+)" s=')
_BLANK_CELL = re.compile(rb'<c r="([A-Z]+)#" s="(\d+)"/>')
_FILLED = re.compile(rb"<(?:\w+:)?(?:v|is|f)\b")

Values = Mapping[int, Mapping[int, Written]]
"""What to write: values by row and column."""


class UnreadableSheet(ValueError):
    """The XML is not what any spreadsheet program writes."""


class XmlCell(Struct, frozen=True):
    """style: its number, empty for none. filled: it holds a value or formula."""

    raw: bytes
    style: bytes
    filled: bool


class Look(Struct, frozen=True):
    """What a run changes about a row: hidden or not, and the height that its text needs."""

    hidden: bool
    height: float | None = None


class XmlRow(Struct, frozen=True, dict=True):
    """attributes: all but the number, as they stand. body: its cells. Most rows of a form stay as they are,
    so their cells are not looked at before somebody asks for one."""

    attributes: bytes
    body: bytes
    raw: bytes
    prefix: bytes

    @cached_property
    def cells(self) -> Mapping[int, XmlCell]:
        """By column number."""
        if self.blank and (first := _FIRST_ROW.match(self.body)):
            number = first[1]
            if alike := _blank_cells(self.body.replace(number + b'" s=', _ANY_ROW + b'" s=')):
                return {c: XmlCell(raw.replace(_ANY_ROW, number), style, False) for c, raw, style in alike}
        return dict(_cells(self.body, self.prefix))

    def at(self, number: int, body: bytes) -> XmlRow:
        """The row under another number; body: its cells, which bear that number."""
        name = self.prefix + b"row"
        start = b"<" + name + b' r="%d"' % number + self.attributes
        raw = start + b">" + body + b"</" + name + b">" if body else start + b"/>"
        return XmlRow(self.attributes, body, raw, self.prefix)

    def blanked(self, number: int) -> XmlRow:
        """A row that looks like it, under another number, and holds nothing."""
        return self.at(number, self._looks.replace(_ANY_ROW, b"%d" % number))

    @cached_property
    def _looks(self) -> bytes:
        """Cells that look like its own, of any row."""
        start = b"<" + self.prefix + b'c r="'
        return b"".join(
            start + letter(column).encode() + _ANY_ROW + b'" s="' + cell.style + b'"/>'
            for column, cell in self.cells.items()
            if cell.style
        )

    @cached_property
    def blank(self) -> bool:
        """No cell of it holds anything."""
        return not _FILLED.search(self.body)

    def stays(self, values: Mapping[int, Written], look: Look | None) -> bool:
        """Whether a change leaves the row as it is: most rows of a form are empty, hidden and remain so."""
        if look and (look.height is not None or look.hidden != (b' hidden="1"' in self.attributes)):
            return False
        return not values or (self.blank and set(values.values()) == _NO_VALUE)


class SheetXml(Struct, frozen=True, dict=True):
    """prefix: of the element names ("x:" where the file uses one). before, after: all around the rows. body: the
    rows as they were read, in which nobody may look; changed: what they are now, if it is anything else."""

    prefix: str
    before: bytes
    body: bytes
    after: bytes
    changed: Mapping[int, XmlRow] | None = None

    @cached_property
    def rows(self) -> Mapping[int, XmlRow]:
        """By number. Raises `UnreadableSheet`."""
        return dict(_rows(self.body, self.prefix.encode())) if self.changed is None else self.changed

    def rewritten(self, values: Values, looks: Mapping[int, Look]) -> bytes:
        """The sheet with some cells' values and some rows' looks replaced; styles stay."""
        parts = [self.before, f"<{self.prefix}sheetData>".encode()]
        for row in sorted({*self.rows, *values, *looks}):
            old = self.rows.get(row, _EMPTY)
            held, look = values.get(row, _NOTHING), looks.get(row)
            parts.append(old.raw if old.stays(held, look) else self._row(row, old, held, look))
        parts += [f"</{self.prefix}sheetData>".encode(), self.after]
        return b"".join(parts)

    def _row(self, row: int, old: XmlRow, values: Mapping[int, Written], look: Look | None) -> bytes:
        attributes = old.attributes
        if look:
            attributes = _HIDDEN.sub(b"", attributes)
            if look.height is not None:
                attributes = _HEIGHT.sub(b"", attributes) + f' ht="{look.height:g}"'.encode()
            if look.hidden:
                attributes += b' hidden="1"'
        body = self._exchanged(row, old, values) if len(values) <= _FEW else None
        if body is None:
            cells = (
                self._cell(row, column, old.cells.get(column), values[column])
                if column in values
                else old.cells[column].raw
                for column in sorted({*old.cells, *values})
            )
            body = b"".join(cells)
        name = f"{self.prefix}row"
        start = f'<{name} r="{row}"'.encode() + attributes
        return start + b">" + body + f"</{name}>".encode() if body else start + b"/>"

    def _exchanged(self, row: int, old: XmlRow, values: Mapping[int, Written]) -> bytes | None:
        """The cells of a row with a few of them replaced, the others not looked at; None where it lacks one."""
        body = old.body
        for column, value in values.items():
            start = body.find(b'<c r="%s%d"' % (letter(column).encode(), row))
            found = next(_cells(body, old.prefix, start), None) if start >= 0 else None
            if found is None:
                return None
            cell = found[1]
            body = body[:start] + self._cell(row, column, cell, value) + body[start + len(cell.raw) :]
        return body

    def _cell(self, row: int, column: int, old: XmlCell | None, value: Written) -> bytes:
        if value is None and old and not old.filled:
            return old.raw
        p = self.prefix
        style = f' s="{old.style.decode()}"' if old and old.style else ""
        start = f'<{p}c r="{letter(column)}{row}"{style}'
        if value is None:
            return f"{start}/>".encode() if style else b""
        if isinstance(value, Formula):
            shown = f"<{p}v>{_text(value.shown)}</{p}v>"
            return f'{start} t="str"><{p}f>{_text(value.text[1:])}</{p}f>{shown}</{p}c>'.encode()
        if isinstance(value, str):
            text = f'<{p}is><{p}t xml:space="preserve">{_text(value)}</{p}t></{p}is>'
            return f'{start} t="inlineStr">{text}</{p}c>'.encode()
        if isinstance(value, bool):
            return f'{start} t="b"><{p}v>{value:d}</{p}v></{p}c>'.encode()
        return f"{start}><{p}v>{value!r}</{p}v></{p}c>".encode()


_ANY_ROW = b"#"
_FEW = 3
"""Cells for which a row is not taken apart."""
_NO_VALUE: set[Written] = {None}
_EMPTY = XmlRow(b"", b"", b"", b"")
_NOTHING: Mapping[int, Written] = {}


@lru_cache(maxsize=8192)
def _text(text: str) -> str:
    return escape(spelt(text), quote=False)


def readable(xml: bytes) -> bytes:
    """The same sheet. Raises `UnreadableSheet` where it is not in the encoding that it names."""
    try:
        xml.decode()
    except UnicodeDecodeError as error:
        raise UnreadableSheet("UTF-8") from error
    return xml


@lru_cache(maxsize=64)
def parse(xml: bytes) -> SheetXml:
    """Split a plain sheet. Cached, because many workbooks share one empty form. Raises `UnreadableSheet`."""
    root = _ROOT.search(readable(xml))
    if root is None:
        raise UnreadableSheet
    prefix = root[1] or b""
    data = re.search(rb"<" + prefix + rb"sheetData\s*(/>|>)", xml)
    if data is None:
        raise UnreadableSheet
    if data[1] == b"/>":
        return SheetXml(prefix.decode(), xml[: data.start()], b"", xml[data.end() :])
    end = xml.find(b"</" + prefix + b"sheetData", data.end())
    if end < 0:
        raise UnreadableSheet
    after = xml.index(b">", end) + 1
    return SheetXml(prefix.decode(), xml[: data.start()], xml[data.end() : end], xml[after:])


def _rows(body: bytes, prefix: bytes) -> Iterator[tuple[int, XmlRow]]:
    """Rows by number; a row or cell without its number follows the one before it."""
    last = at = 0
    start, closing = _row_start(prefix), b"</" + prefix + b"row"
    while match := start.search(body, at):
        at, inside = match.end(), b""
        if not match[2]:
            end = body.find(closing, at)
            if end < 0:
                raise UnreadableSheet("row")
            inside, at = body[at:end], body.index(b">", end) + 1
        numbered = _ROW_NUMBER.search(match[1])
        last = int(numbered[1]) if numbered else last + 1
        # The spans are a hint that our cells may make wrong; programs work them out again.
        attributes = _DROPPED.sub(b"", match[1]).rstrip()
        yield last, XmlRow(attributes, inside, body[match.start() : at], prefix)


@lru_cache(maxsize=512)
def _blank_cells(body: bytes) -> Sequence[tuple[int, bytes, bytes]]:
    """Column, element and style of cells that hold nothing, of any row; empty for such as are written in a way of
    their own. Kept, because the rows of a table look alike."""
    cells = [(number(at[1].decode()), at[0], at[2]) for at in _BLANK_CELL.finditer(body)]
    return cells if b"".join(cell[1] for cell in cells) == body else ()


def _cells(body: bytes, prefix: bytes, start: int = 0) -> Iterator[tuple[int, XmlCell]]:
    """Cells by column. start: of the first one."""
    column = 0
    for match in _cell_pattern(prefix).finditer(body, start):
        ref, style, others, content = match.groups()
        if not ref and (found := _REF.search(others)):
            ref = found[1]
        if not style and (found := _STYLE.search(others)):
            style = found[1]
        column = number(ref.decode()) if ref else column + 1
        yield column, XmlCell(match[0], style or b"", bool(content))


@lru_cache(maxsize=8)
def _row_start(prefix: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<" + prefix + rb"row\b([^>]*?)(/?)>")


@lru_cache(maxsize=8)
def _cell_pattern(prefix: bytes) -> re.Pattern[bytes]:
    # Nearly always address and style come first, and need not be looked for.
    start = rb"<" + prefix + rb'c\b(?: r="([A-Z]+)\d+")?(?: s="(\d+)")?([^>]*?)'
    return re.compile(start + rb"(?:/>|>(.*?)</" + prefix + rb"c\s*>)", re.DOTALL)
