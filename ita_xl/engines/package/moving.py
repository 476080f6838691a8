"""Rows of a sheet moved inside a package, with all that hangs on them: formulas, notes, links, rules, pictures."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from html import escape, unescape

from lxml import etree

from ita_xl.engines.moves import Moves, translated
from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book, local, parse_xml, serialised
from ita_xl.engines.package.hanging import ANCHORS, NOTE_ROW, NOTE_SHAPE, SHAPE_ANCHOR, found, related, tail
from ita_xl.engines.package.plain import plain
from ita_xl.engines.package.sheetxml import SheetXml, XmlRow, parse
from ita_xl.layout import address
from ita_xl.layout.address import Area, At

_FORMULA = re.compile(rb"(<(?:\w+:)?f\b[^>]*>)([^<]*)")
_FILLED = re.compile(rb'(\s(?:ref|r1|r2)=")([A-Z]+\d+(?::[A-Z]+\d+)?)(?=")')
"""What a formula fills, and what a data table puts into its formula."""
_CELL_REF = re.compile(rb'(<(?:\w+:)?c\b[^>]*?\sr="[A-Z]+)\d+(?=")')
_SHARED = re.compile(
    rb'<((?:\w+:)?f)\b(?=[^>]*\st="shared")(?=[^>]*\ssi="(\d+)")[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f\s*>)'
)
_NAMING_TEXT = re.compile(
    rb"(<((?:\w+:)?(?:f|formula\d?|definedName|calculatedColumnFormula|totalsRowFormula|Fmla\w+))\b[^>]*>)"
    rb"([^<]+)(?=</\2\s*>)"
)
_NAMING_TAG = re.compile(rb"<(?:\w+:)?(hyperlink|sp|formControlPr|cfvo|worksheetSource|Relationship)\b[^>]*>")
_NAMED = re.compile(rb"""(\s(?:location|textlink|fmla\w+|val|ref)=(["'])#?|\sTarget=(["'])#)(.*?)(?=\2|\3)""")
"""Where the parts of a package name cells: in the texts of elements, and in attributes."""

_LISTED = {
    "hyperlink": "ref",
    "mergeCell": "ref",
    "ignoredError": "sqref",
    "protectedRange": "sqref",
    "cellWatch": "r",
}
"""Elements of a sheet that name cells in an attribute, and that attribute."""
_RULES = {"conditionalFormatting", "dataValidation"}
_FORMULAS = {"formula", "formula1", "formula2", "f"}


def move(archive: Archive, book: Book, moves: Moves) -> None:
    """Put rows of a sheet into other places. Raises `UnreadableSheet` or `BrokenPackage`."""
    part = book.parts[moves.title]
    satellites = {name: _SATELLITES[kind] for kind, name in related(archive, book, part) if kind in _SATELLITES}
    for name in archive.names:
        if name == part:
            _change(archive, name, _moved_sheet, moves)
        elif name in satellites:
            _change(archive, name, satellites[name], moves)
        elif name.endswith((".xml", ".rels", ".vml")) and _naming(moves) in archive.read(name):
            _change(archive, name, _followed_sheet if name in book.parts.values() else _named_anew, moves)


def _change(archive: Archive, name: str, change: Callable[[bytes, Moves], bytes], moves: Moves) -> None:
    old = archive.read(name)
    if (new := change(old, moves)) != old:
        archive.write(name, new)


def _moved_sheet(xml: bytes, moves: Moves) -> bytes:
    sheet = parse(plain(xml))
    rows = {moves.row(number): _moved(row, number, moves) for number, row in _own_formulas(sheet.rows)}
    return replace(sheet, rows=rows, after=_moved_tail(sheet, moves)).rewritten({}, {})


def _followed_sheet(xml: bytes, moves: Moves) -> bytes:
    """Another sheet, whose formulas and rules name cells that moved."""
    if b"shared" in xml:
        sheet = parse(plain(xml))
        xml = replace(sheet, rows=dict(_own_formulas(sheet.rows, _naming(moves)))).rewritten({}, {})
    return _named_anew(xml, moves)


# ---- rows ----


def _moved(row: XmlRow, number: int, moves: Moves) -> XmlRow:
    """A row at its new place; what its formulas mean stays."""
    body, new = row.body, moves.row(number)

    def formula(one: re.Match[bytes]) -> bytes:
        start = _FILLED.sub(lambda area: area[1] + _new_formula(area[2], moves, moves.title), one[1])
        return start + _new_formula(one[2], moves, moves.title)

    if b"<f" in body or b":f" in body:
        body = _FORMULA.sub(formula, body)
    if new != number:
        body = _CELL_REF.sub(lambda cell: cell[1] + str(new).encode(), body)
    numbered = b' r="' in row.raw.partition(b">")[0]
    return row if new == number and body == row.body and numbered else row.at(new, body)


def _own_formulas(rows: Mapping[int, XmlRow], naming: bytes = b"") -> Iterator[tuple[int, XmlRow]]:
    """The rows, each cell of a shared formula with a formula of its own: apart from each other they stay whole.

    naming: what the formula says, if not all are meant.
    """
    sharing = {number for number, row in rows.items() if b'"shared"' in row.body}
    first: dict[bytes, tuple[At, str]] = {}
    for number in sharing:
        for column, cell in rows[number].cells.items():
            shared = _SHARED.search(cell.raw)
            if shared and shared[3] and naming in shared[3]:
                first[shared[2]] = (number, column), unescape(shared[3].decode())
    for number, row in rows.items():
        yield number, _own_formulas_of(row, number, first) if number in sharing else row


def _own_formulas_of(row: XmlRow, number: int, first: Mapping[bytes, tuple[At, str]]) -> XmlRow:
    cells = (_own_formula(cell.raw, (number, column), first) for column, cell in row.cells.items())
    body = b"".join(cells)
    return row if body == row.body else row.at(number, body)


def _own_formula(cell: bytes, at: At, first: Mapping[bytes, tuple[At, str]]) -> bytes:
    def own(shared: re.Match[bytes]) -> bytes:
        if shared[2] not in first:
            return shared[0]
        text = _escaped(translated(first[shared[2]][1], first[shared[2]][0], at))
        return b"<" + shared[1] + b">" + text + b"</" + shared[1] + b">"

    return _SHARED.sub(own, cell, count=1)


# ---- what follows the rows ----


def _moved_tail(sheet: SheetXml, moves: Moves) -> bytes:
    """Merged cells, rules, links and the like, each where its cell is now."""
    root = tail(sheet)
    before = etree.tostring(root)
    for element in found(root, _LISTED):
        _move_listed(element, _LISTED[local(element)], moves)
    for element in found(root, {"autoFilter", "sortState", "sortCondition"}):
        element.set("ref", moves.formula(element.get("ref", ""), moves.title))
    for element in found(root, _RULES):
        _move_rule(element, moves)
    for group in found(root, {"sparklineGroup"}):
        for element in found(group, {"f", "sqref"}):
            text = element.text or ""
            element.text = moves.formula(text, moves.title) if local(element) == "f" else _new_areas(text, moves)
    if etree.tostring(root) == before:
        return sheet.after
    xml = etree.tostring(root, encoding="unicode").encode()
    return bytes(xml[xml.index(b">") + 1 :])


def _move_listed(element: etree._Element, name: str, moves: Moves) -> None:
    areas = moves.areas(address.areas(element.get(name, "")))
    if local(element) == "hyperlink":
        if not any(etree.QName(key).localname == "id" for key in element.attrib) and element.get("location"):
            element.set("location", moves.formula(element.get("location", ""), moves.title))
        for area in areas[1:]:
            more = copy.deepcopy(element)
            more.set(name, str(area))
            element.addnext(more)
        areas = areas[:1]
    if areas:
        element.set(name, " ".join(map(str, areas)))


def _move_rule(rule: etree._Element, moves: Moves) -> None:
    """A conditional format or a validation: the cells for which it is meant, and the formulas that it holds."""
    named = next((e for e in rule if isinstance(e.tag, str) and local(e) == "sqref"), None)
    old = address.areas(rule.get("sqref") or (named.text if named is not None else "") or "")
    if not old:
        return
    new = moves.areas(old)
    in_one_row = {row for area in old for row in (area.top, area.bottom)} == {old[0].top}

    def meant(formula: str) -> str:
        here = formula if in_one_row else translated(formula, _corner(old), _corner(new))
        return moves.formula(here, moves.title, only_fixed=not in_one_row)

    for element in found(rule, _FORMULAS):
        if element.text and not len(element):
            element.text = meant(element.text)
    for element in found(rule, {"cfvo"}):
        if "val" in element.attrib:
            element.set("val", meant(element.get("val", "")))
    if new != old:
        text = " ".join(map(str, new))
        if named is not None:
            named.text = text
        else:
            rule.set("sqref", text)


def _corner(areas: list[Area]) -> At:
    """The cell for which the formulas of a rule are written."""
    return min(area.top for area in areas), min(area.left for area in areas)


def _new_areas(text: str, moves: Moves) -> str:
    return " ".join(map(str, moves.areas(address.areas(text)))) or text


# ---- parts around the sheet ----


def _moved_notes(xml: bytes, moves: Moves) -> bytes:
    root = parse_xml(xml)
    moved = [note for note in found(root, {"comment", "threadedComment"}) if _move_note(note, moves)]
    return serialised(root) if moved else xml


def _move_note(note: etree._Element, moves: Moves) -> bool:
    old = str(note.get("ref", ""))
    note.set("ref", moves.cell(old))
    return moves.cell(old) != old


def _moved_shapes(xml: bytes, moves: Moves) -> bytes:
    """The boxes of notes, in a dialect that is not always well-formed."""

    def shape(box: re.Match[bytes]) -> bytes:
        row = NOTE_ROW.search(box[0])
        if row is None:
            return box[0]
        delta = moves.row(int(row[2]) + 1) - int(row[2]) - 1

        def anchor(place: re.Match[bytes]) -> bytes:
            numbers = place[2].split(b",")
            for index in (2, 6):
                if len(numbers) > index and numbers[index].strip().isdigit():
                    numbers[index] = str(max(int(numbers[index]) + delta, 0)).encode()
            return place[1] + b",".join(numbers) + place[3]

        text = NOTE_ROW.sub(lambda r: r[1] + str(int(r[2]) + delta).encode() + r[3], box[0])
        return SHAPE_ANCHOR.sub(anchor, text) if delta else box[0]

    return _named_anew(NOTE_SHAPE.sub(shape, xml), moves, moves.title)


def _moved_drawing(xml: bytes, moves: Moves) -> bytes:
    """Pictures and shapes move with the row in which they begin, unless they are fixed to the page."""
    root = parse_xml(xml)
    moved = [anchor for anchor in found(root, ANCHORS) if _move_anchor(anchor, moves)]
    return _named_anew(serialised(root) if moved else xml, moves, moves.title)


def _move_anchor(anchor: etree._Element, moves: Moves) -> bool:
    ends = found(anchor, {"row"})
    if not ends or anchor.get("editAs") == "absolute":
        return False
    first = int(ends[0].text or "0") + 1
    for end in ends:
        end.text = str(int(end.text or "0") + moves.row(first) - first)
    return first in moves.places


_SATELLITES: dict[str, Callable[[bytes, Moves], bytes]] = {
    "comments": _moved_notes,
    "threadedComment": _moved_notes,
    "vmlDrawing": _moved_shapes,
    "drawing": _moved_drawing,
    "ctrlProp": lambda xml, moves: _named_anew(xml, moves, moves.title),
}


# ---- whoever names a cell ----


def _naming(moves: Moves) -> bytes:
    """How others name the sheet."""
    return _escaped(moves.title.replace("'", "''"))


def _named_anew(xml: bytes, moves: Moves, home: str = "") -> bytes:
    """A part with the cells that moved named at their new place. home: the sheet whose cells it names without its
    title."""
    naming = _naming(moves)

    def new(text: bytes, here: str = home) -> bytes:
        return _new_formula(text, moves, here) if here or naming in text else text

    def tag(one: re.Match[bytes]) -> bytes:
        outside = one[1] == b"hyperlink" and b":id=" in one[0]
        here = moves.title if one[1] == b"worksheetSource" and naming in one[0] else home
        return one[0] if outside else _NAMED.sub(lambda part: part[1] + new(part[4], here), one[0])

    xml = _NAMING_TEXT.sub(lambda element: element[1] + new(element[3]), xml)
    return _NAMING_TAG.sub(tag, xml)


def _new_formula(text: bytes, moves: Moves, home: str) -> bytes:
    old = unescape(text.decode())
    new = moves.formula(old, home)
    return text if new == old else _escaped(new).replace(b'"', b"&quot;")


def _escaped(text: str) -> bytes:
    return escape(text, quote=False).encode()
