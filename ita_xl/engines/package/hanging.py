"""What hangs on the rows of a sheet inside a package, and which rows cannot be moved with all of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from lxml import etree

from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book, local, parse_xml, rels_of
from ita_xl.engines.package.plain import plain
from ita_xl.engines.package.sheetxml import SheetXml, parse
from ita_xl.engines.port import Ties
from ita_xl.layout import address
from ita_xl.layout.address import Area

ANCHORS = {"oneCellAnchor", "twoCellAnchor"}
NOTE_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>", re.DOTALL)
NOTE_ROW = re.compile(rb"(<x:Row>\s*)(\d+)(\s*</x:Row>)")
SHAPE_ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)(</x:Anchor>)")

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\sref="([^"]*)"')
_LINKED = re.compile(rb'<(?:\w+:)?hyperlink\b[^>]*?\sref="([^"]*)"')
_SPREAD = re.compile(rb'<(?:\w+:)?f\b(?=[^>]*\st="(array|dataTable)")[^>]*\sref="([^"]*)"')
_NOTES = {"comments", "threadedComment"}
_WHOLE = {"table": "table", "pivotTable": "location"}
"""Parts whose cells only hold together at one place, and the element that names them."""


def ties(archive: Archive, book: Book, title: str) -> Ties:
    """What keeps the rows of a sheet from being plain cells. Cheap for a sheet on which nothing hangs."""
    part = book.parts[title]
    xml = plain(archive.read(part))
    sheet = parse(xml)
    held = set(_single_rows(_areas(_LINKED.findall(sheet.after))))
    rooted = set(_rows(area for area in _areas(_MERGED.findall(sheet.after)) if area.ties_rows))
    if b'"array"' in xml or b'"dataTable"' in xml:
        rooted |= set(_rows(map(_spread, _SPREAD.findall(xml))))
    filters = [tail(sheet)] if b"filterColumn" in sheet.after else []
    if b"sparkline" in sheet.after:
        held |= set(_single_rows(_sparkline_areas(tail(sheet))))
    for kind, name in related(archive, book, part):
        if kind == "vmlDrawing":
            rooted |= set(_rows(_controls(archive.read(name))))
        elif kind in _NOTES or kind == "drawing":
            held |= set(_noted(kind, parse_xml(archive.read(name))))
        elif kind in _WHOLE:
            root = parse_xml(archive.read(name))
            rooted |= set(_rows(a for e in found(root, {_WHOLE[kind]}) for a in address.areas(e.get("ref", ""))))
            filters.append(root)
    filtered = {row for root in filters for row in _filtered(root)}
    return Ties(frozenset(held), frozenset(rooted | filtered), frozenset(filtered))


def related(archive: Archive, book: Book, part: str) -> list[tuple[str, str]]:
    """Kind and part of all that a sheet relates to inside the package."""
    rels = rels_of(part)
    if rels not in archive:
        return []
    targets = book.targets(rels, posixpath.dirname(part))
    return [(kind, target) for kind, _, target in targets if target in archive]


def tail(sheet: SheetXml) -> etree._Element:
    """What follows the rows, as a tree: the sheet without them."""
    opened = re.search(rb"<" + sheet.prefix.encode() + rb"worksheet\b[^>]*>", sheet.before)
    assert opened is not None
    return parse_xml(opened[0] + sheet.after)


def found(root: etree._Element, kinds: Iterable[str]) -> list[etree._Element]:
    return [e for e in root.iter() if isinstance(e.tag, str) and local(e) in kinds]


def _spread(formula: tuple[bytes, bytes]) -> Area:
    """The cells that a formula fills, if they take several rows. What fills a data table stands above it, too."""
    kind, ref = formula
    area = address.area(ref.decode())
    if area is None or (kind == b"array" and area.top == area.bottom):
        return _NOWHERE
    return area._replace(top=max(area.top - (kind == b"dataTable"), 1))


_NOWHERE = Area(1, 1, 0, 0)


def _controls(vml: bytes) -> Iterator[Area]:
    """Where buttons, tick boxes and the like lie; a note has its row, and moves with it."""
    for shape in NOTE_SHAPE.findall(vml):
        place = SHAPE_ANCHOR.search(shape)
        numbers = re.findall(rb"\d+", place[2]) if place and not NOTE_ROW.search(shape) else []
        if len(numbers) == 8:
            yield Area(int(numbers[2]) + 1, 1, int(numbers[6]) + 1, 1)


def _sparkline_areas(root: etree._Element) -> Iterator[Area]:
    for sparkline in found(root, {"sparkline"}):
        yield from (a for e in found(sparkline, {"sqref"}) for a in address.areas(e.text or ""))


def _noted(kind: str, root: etree._Element) -> Iterator[int]:
    """Rows with a note, or in which a picture begins that moves with its cells."""
    if kind == "drawing":
        for anchor in found(root, ANCHORS):
            rows = found(anchor, {"row"})
            if rows and anchor.get("editAs") != "absolute":
                yield int(rows[0].text or "0") + 1
    for note in found(root, ("comment", "threadedComment")):
        yield from _single_rows(address.areas(note.get("ref", "")))


def _filtered(root: etree._Element) -> Iterator[int]:
    """The rows below the heading of a filter that hides some."""
    for one in found(root, {"autoFilter"}):
        if len(one):
            yield from _rows(a._replace(top=a.top + 1) for a in address.areas(one.get("ref", "")))


def _areas(texts: Iterable[bytes]) -> Iterator[Area]:
    return (area for text in texts for area in address.areas(text.decode()))


def _single_rows(areas: Iterable[Area]) -> Iterator[int]:
    """What hangs on several rows at once hangs on none of them."""
    return (area.top for area in areas if area.top == area.bottom)


def _rows(areas: Iterable[Area]) -> Iterator[int]:
    for area in areas:
        inside = area.clamped()
        yield from range(inside.top, inside.bottom + 1) if inside else ()
