"""Rows of a sheet moved inside a package, with all that hangs on them: formulas, notes, links, rules, pictures."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from html import escape, unescape

from lxml import etree

from ita_xl.engines.moves import Moves, translated
from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book, local, parse_xml, rels_of, serialised
from ita_xl.engines.package.sheetxml import SheetXml, XmlRow, parse
from ita_xl.engines.port import Ties
from ita_xl.layout import address
from ita_xl.layout.address import Area, At

_FORMULA = re.compile(rb"(<(?:\w+:)?f\b[^>]*>)([^<]+)(</(?:\w+:)?f\s*>)")
_CELL_REF = re.compile(rb'(<(?:\w+:)?c\b[^>]*?\sr=")([A-Z]+)\d+(")')
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]+\d+)"[^>]*(?<!/)>(.*?)</(?:\w+:)?c\s*>', re.DOTALL)
_SHARED = re.compile(rb"<((?:\w+:)?f)\b([^>]*\bt=\"shared\"[^>]*?)(?:/>|>([^<]*)</(?:\w+:)?f\s*>)")
_OWN_AREA = re.compile(rb'(<(?:\w+:)?f\b[^>]*?\sref=")([A-Z]+\d+(?::[A-Z]+\d+)?)(")')
_SHARE = re.compile(rb'\bsi="(\d+)"')
_ANY_FORMULA = re.compile(rb"(<((?:\w+:)?(?:f|formula|formula1|formula2|definedName))\b[^>]*>)([^<]+)(</\2\s*>)")
_NOTE_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>", re.DOTALL)
_NOTE_ROW = re.compile(rb"(<x:Row>\s*)(\d+)(\s*</x:Row>)")
_NOTE_ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)(</x:Anchor>)")

_LISTED = {"hyperlink": "ref", "ignoredError": "sqref", "protectedRange": "sqref", "cellWatch": "r"}
"""Elements of a sheet that name cells in an attribute and hold no formula of theirs."""
_RULES = {"conditionalFormatting", "dataValidation"}
_FORMULAS = {"formula", "formula1", "formula2", "f"}
_ANCHORS = {"oneCellAnchor", "twoCellAnchor"}


# ---- what hangs on rows ----


def ties(archive: Archive, book: Book, title: str) -> Ties:
    """What keeps the rows of a sheet from being plain cells. Cheap for a sheet on which nothing hangs."""
    part = book.parts[title]
    xml = archive.read(part)
    sheet = parse(xml)
    rooted = {row for area in _merged(sheet.after) if area.top < area.bottom for row in _rows(area)}
    if b"<f" in xml or b":f" in xml:
        areas = (_area(found[2]) for found in _OWN_AREA.finditer(xml) if b"shared" not in found[1])
        rooted |= {row for area in areas if area and area.top < area.bottom for row in _rows(area)}
    held: set[int] = set()
    for kind, target in _related(archive, book, part):
        if kind == "drawing" or kind == "comments" or kind == "threadedComment":
            held |= set(_named_rows(kind, parse_xml(archive.read(target))))
    if b"<hyperlink" in sheet.after or b":hyperlink" in sheet.after or b"sparkline" in sheet.after:
        held |= set(_named_rows("worksheet", _tail(sheet)))
    if b"control" in sheet.after:
        rooted |= {row for anchor in _found(_tail(sheet), {"from"}) for row in _anchor_rows(anchor)}
    return Ties(frozenset(held), frozenset(rooted), _filtered(archive, book, part, sheet))


def _named_rows(kind: str, root: etree._Element) -> Iterator[int]:
    if kind == "drawing":
        for anchor in _found(root, _ANCHORS):
            yield from (row for start in anchor if local(start) == "from" for row in _anchor_rows(start))
    wanted = {"hyperlink", "sparkline"} if kind == "worksheet" else {"comment", "threadedComment"}
    for element in _found(root, wanted):
        named = element.get("ref") or "".join(e.text or "" for e in element if local(e) == "sqref")
        yield from (row for area in address.areas(named) if area.top == area.bottom for row in (area.top,))


def _anchor_rows(start: etree._Element) -> Iterator[int]:
    return (int(e.text or "0") + 1 for e in start if local(e) == "row")


def _filtered(archive: Archive, book: Book, part: str, sheet: SheetXml) -> range:
    """The rows below the heading of a filter that hides some."""
    roots = [_tail(sheet)] if b"filterColumn" in sheet.after else []
    if b"tablePart" in sheet.after:
        tables = [target for kind, target in _related(archive, book, part) if kind == "table"]
        roots += [root for root in map(parse_xml, map(archive.read, tables)) if _found(root, {"filterColumn"})]
    for root in roots:
        for found in _found(root, {"autoFilter"}):
            area = address.area(found.get("ref", ""))
            if area and len(found):
                return range(area.top + 1, area.bottom + 1)
    return range(0)


# ---- moving them ----


def move(archive: Archive, book: Book, moves: Moves) -> None:
    """Put rows of a sheet into other places. Raises `UnreadableSheet` or `BrokenPackage`."""
    part = book.parts[moves.title]
    xml = archive.read(part)
    sheet = parse(xml)
    rows = dict(_own_formulas(sheet.rows) if b'"shared"' in xml else sheet.rows.items())
    moved = {moves.row(row): _moved(held, row, moves) for row, held in rows.items()}
    after = _moved_tail(sheet, moves)
    archive.write(part, replace(sheet, rows=moved, after=after).rewritten({}, {}))
    for kind, target in _related(archive, book, part):
        if kind in _SATELLITES and target in archive:
            archive.write(target, _SATELLITES[kind](archive.read(target), moves))
    _follow(archive, book, part, moves)


def _moved(row: XmlRow, number: int, moves: Moves) -> XmlRow:
    """A row at its new place; what its formulas mean stays."""
    body, new = row.body, moves.row(number)
    if b"<f" in body or b":f" in body:
        body = _FORMULA.sub(lambda f: f[1] + _new_formula(f[2], moves, moves.title) + f[3], body)
        body = _OWN_AREA.sub(lambda f: f[1] + _new_areas(f[2].decode(), moves).encode() + f[3], body)
    if new != number:
        body = _CELL_REF.sub(lambda cell: cell[1] + cell[2] + str(new).encode() + cell[3], body)
    if new == number and body == row.body:
        return row
    return row.at(new, body)


def _own_formulas(rows: Mapping[int, XmlRow]) -> Iterator[tuple[int, XmlRow]]:
    """The rows, each cell of a shared formula with a formula of its own: apart from each other they stay whole."""
    first: dict[bytes, tuple[At, str]] = {}
    for row in rows.values():
        for cell in _CELL.finditer(row.body) if b'"shared"' in row.body else ():
            shared = _SHARED.search(cell[2])
            at = address.cell(cell[1].decode())
            if shared and shared[3] and at and (share := _SHARE.search(shared[2])):
                first[share[1]] = at, unescape(shared[3].decode())

    def own(cell: re.Match[bytes]) -> bytes:
        shared = _SHARED.search(cell[0])
        at = address.cell(cell[1].decode())
        share = _SHARE.search(shared[2]) if shared else None
        if shared is None or at is None or share is None or share[1] not in first:
            return cell[0]
        text = escape(translated(first[share[1]][1], first[share[1]][0], at), quote=False).encode()
        plain = b"<" + shared[1] + b">" + text + b"</" + shared[1] + b">"
        return cell[0].replace(shared[0], plain, 1)

    for number, row in rows.items():
        yield number, row.at(number, _CELL.sub(own, row.body)) if b'"shared"' in row.body else row


def _moved_tail(sheet: SheetXml, moves: Moves) -> bytes:
    """What follows the rows: merged cells, rules, links and the like, each where its cell is now."""
    root = _tail(sheet)
    if not len(root):
        return sheet.after
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        kind = local(element)
        if kind == "mergeCell":
            element.set("ref", _new_areas(element.get("ref", ""), moves))
        elif kind in _LISTED and (named := element.get(_LISTED[kind])):
            element.set(_LISTED[kind], _new_areas(named, moves))
        elif kind in _RULES:
            _move_rule(element, moves)
        elif kind == "sparkline":
            _move_sparkline(element, moves)
    return _tail_bytes(sheet, root)


def _move_rule(rule: etree._Element, moves: Moves) -> None:
    """A conditional format or a validation: the cells for which it is meant, and the formulas that it holds."""
    named = next((e for e in rule if isinstance(e.tag, str) and local(e) == "sqref"), None)
    old = address.areas(rule.get("sqref") or (named.text if named is not None else "") or "")
    if not old:
        return
    new = moves.areas(old)
    for formula in _found(rule, _FORMULAS):
        if not formula.text or (local(formula) == "f" and len(formula)):
            continue
        if new == old:
            formula.text = moves.formula(formula.text, moves.title, only_fixed=True)
        elif all(area.top == area.bottom == old[0].top for area in old):
            formula.text = moves.formula(formula.text, moves.title)
        else:
            here = translated(formula.text, old[0].first, new[0].first)
            formula.text = moves.formula(here, moves.title, only_fixed=True)
    text = " ".join(map(str, new))
    if named is not None:
        named.text = text
    else:
        rule.set("sqref", text)


def _move_sparkline(sparkline: etree._Element, moves: Moves) -> None:
    for element in sparkline:
        if local(element) == "sqref":
            element.text = _new_areas(element.text or "", moves)
        elif local(element) == "f" and element.text:
            element.text = moves.formula(element.text, moves.title)


def _moved_notes(xml: bytes, moves: Moves) -> bytes:
    root = parse_xml(xml)
    for note in _found(root, {"comment", "threadedComment"}):
        note.set("ref", moves.cell(note.get("ref", "")))
    return serialised(root)


def _moved_shapes(xml: bytes, moves: Moves) -> bytes:
    """The boxes of notes, in a dialect that is not always well-formed."""

    def shape(found: re.Match[bytes]) -> bytes:
        row = _NOTE_ROW.search(found[0])
        if row is None:
            return found[0]
        old = int(row[2]) + 1
        delta = moves.row(old) - old

        def anchor(place: re.Match[bytes]) -> bytes:
            numbers = place[2].split(b",")
            for index in (2, 6):
                if len(numbers) > index and numbers[index].strip().isdigit():
                    numbers[index] = str(max(int(numbers[index]) + delta, 0)).encode()
            return place[1] + b",".join(numbers) + place[3]

        text = _NOTE_ROW.sub(lambda r: r[1] + str(int(r[2]) + delta).encode() + r[3], found[0])
        return _NOTE_ANCHOR.sub(anchor, text)

    return _NOTE_SHAPE.sub(shape, xml)


def _moved_drawing(xml: bytes, moves: Moves) -> bytes:
    """Pictures and shapes move with the row in which they begin, unless they are fixed to the page."""
    root = parse_xml(xml)
    for anchor in _found(root, _ANCHORS):
        ends = [e for e in anchor.iter() if isinstance(e.tag, str) and local(e) == "row"]
        if not ends or anchor.get("editAs") == "absolute":
            continue
        old = int(ends[0].text or "0") + 1
        for end in ends:
            end.text = str(int(end.text or "0") + moves.row(old) - old)
    return serialised(root)


_SATELLITES: dict[str, Callable[[bytes, Moves], bytes]] = {
    "comments": _moved_notes,
    "threadedComment": _moved_notes,
    "vmlDrawing": _moved_shapes,
    "drawing": _moved_drawing,
}


def _follow(archive: Archive, book: Book, moved: str, moves: Moves) -> None:
    """Everybody else who names a cell that moved: formulas and rules of other sheets, names, charts."""
    title = escape(moves.title, quote=False).encode()
    for name, part in book.parts.items():
        xml = archive.read(part)
        if part == moved or title not in xml:
            continue
        if b'"shared"' in xml:
            sheet = parse(xml)
            xml = replace(sheet, rows=dict(_own_formulas(sheet.rows))).rewritten({}, {})
        archive.write(part, _named_anew(xml, title, moves, name))
    for part in [book.part, *(n for n in archive.names if n.startswith("xl/charts/"))]:
        if title in (xml := archive.read(part)):
            archive.write(part, _named_anew(xml, title, moves, ""))


def _named_anew(xml: bytes, title: bytes, moves: Moves, home: str) -> bytes:
    def formula(found: re.Match[bytes]) -> bytes:
        return found[1] + _new_formula(found[3], moves, home) + found[4] if title in found[3] else found[0]

    return _ANY_FORMULA.sub(formula, xml)


def _new_formula(text: bytes, moves: Moves, home: str) -> bytes:
    old = unescape(text.decode())
    new = moves.formula(old, home)
    return text if new == old else escape(new, quote=False).encode()


def _new_areas(text: str, moves: Moves) -> str:
    return " ".join(map(str, moves.areas(address.areas(text)))) or text


# ---- parts and elements ----


def _related(archive: Archive, book: Book, part: str) -> list[tuple[str, str]]:
    """Kind and part of all that a sheet relates to inside the package."""
    rels = rels_of(part)
    if rels not in archive:
        return []
    found = book.targets(rels, posixpath.dirname(part))
    return [(kind, target) for kind, _, target in found if target in archive]


def _merged(after: bytes) -> Iterator[Area]:
    for found in re.finditer(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([^"]*)"', after):
        if area := _area(found[1]):
            yield area


def _area(text: bytes) -> Area | None:
    return address.area(text.decode())


def _rows(area: Area) -> range:
    inside = area.clamped()
    return range(inside.top, inside.bottom + 1) if inside else range(0)


def _tail(sheet: SheetXml) -> etree._Element:
    """What follows the rows, as a tree: the sheet without them."""
    p = sheet.prefix.encode()
    opened = re.search(rb"<" + p + rb"worksheet\b[^>]*>", sheet.before)
    assert opened is not None
    return parse_xml(opened[0] + sheet.after)


def _tail_bytes(sheet: SheetXml, root: etree._Element) -> bytes:
    """The reverse of `_tail`."""
    xml = etree.tostring(root, encoding="unicode").encode()
    end = xml.index(b">") + 1
    return bytes(xml[end:])


def _found(root: etree._Element, kinds: Iterable[str]) -> list[etree._Element]:
    return [e for e in root.iter() if isinstance(e.tag, str) and local(e) in kinds]
