"""Rows of a sheet moved, inserted and deleted inside a package, with all that hangs on them: formulas, notes,
links, rules, pictures."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from html import unescape
from typing import TypeVar

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from ita_xl.engines.moves import RowChange
from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book, local, parse_xml, serialised
from ita_xl.engines.package.hanging import ANCHORS, NOTE_ROW, NOTE_SHAPE, SHAPE_ANCHOR, found, related, tail
from ita_xl.engines.package.naming import escaped, named_anew, naming, new_formula, spelt_out
from ita_xl.engines.package.plain import plain
from ita_xl.engines.package.sheetxml import SheetXml, XmlRow, parse
from ita_xl.engines.references import single_rows, translated
from ita_xl.layout import address
from ita_xl.layout.address import Area, At

T = TypeVar("T")

_FORMULA = re.compile(rb"(<(?:\w+:)?f\b[^>]*>)([^<]*)")
_FILLED = re.compile(rb'(\s(?:ref|r1|r2)=")([A-Z]+\d+(?::[A-Z]+\d+)?)(?=")')
"""What a formula fills, and what a data table puts into its formula."""
_CELL_REF = re.compile(rb'(<(?:\w+:)?c\b[^>]*?\sr="[A-Z]+)\d+(?=")')
_SHARED = re.compile(
    rb'<((?:\w+:)?f)\b(?=[^>]*\st="shared")(?=[^>]*\ssi="(\d+)")[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f\s*>)'
)
_NAMED_ELSEWHERE = re.compile(
    rb'(<((?:\w+:)?(?:f|definedName))\b(?![^>]*\sname="_(?:ita|xlnm)\.)[^>]*>)([^<]+)(?=</\2\s*>)'
)
"""Cells that a chart plots and that a person's name is for."""
_LISTED = {
    "hyperlink": "ref",
    "mergeCell": "ref",
    "ignoredError": "sqref",
    "protectedRange": "sqref",
    "cellWatch": "r",
}
"""Elements of a sheet that name cells in an attribute, and that attribute."""
_FORMULAS = {"formula", "formula1", "formula2", "f"}
_LISTS = {"mergeCells", "hyperlinks", "dataValidations", "ignoredErrors", "protectedRanges", "cellWatches"}


class Moved(Struct, frozen=True):
    """A change of which the parts of its own sheet know, and all others not yet. parts: those that do."""

    change: RowChange
    parts: Collection[str]


def move(archive: Archive, book: Book, change: RowChange) -> Moved:
    """Change the rows of a sheet; whoever else names its cells still has to `follow`. Raises `UnreadableSheet` or
    `BrokenPackage`."""
    part = book.parts[change.title]
    satellites = {name: _SATELLITES[kind] for kind, name in related(archive, book, part) if kind in _SATELLITES}
    for name, moved in ({part: _moved_sheet} | satellites).items():
        _rewrite(archive, name, moved, change)
    return Moved(change, {part, *satellites})


def follow(archive: Archive, book: Book, moved: Sequence[Moved]) -> None:
    """Let the other parts name cells where they are after such changes, the earliest first. Raises as `move`."""
    names = {one.change.title: naming(one.change) for one in moved}
    for name in archive.names if moved else ():
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        xml = archive.read(name)
        if b"!" not in xml and b"worksheetSource" not in xml:
            continue  # it names no cell of another sheet
        xml = spelt_out(xml)
        named = {title for title, said in names.items() if said in xml}
        mine = [one.change for one in moved if name not in one.parts and one.change.title in named]
        if mine:
            follows = _followed_sheet if name in book.parts.values() else named_anew
            _rewrite(archive, name, follows, mine)


def _rewrite(archive: Archive, name: str, rewritten: Callable[[bytes, T], bytes], change: T) -> None:
    old = spelt_out(archive.read(name))
    if (new := rewritten(old, change)) != old:
        archive.write(name, new)


def _moved_sheet(xml: bytes, change: RowChange) -> bytes:
    sheet = parse(plain(xml))
    rows = {
        new: _moved(row, number, new, change)
        for number, row in _own_formulas(sheet.rows)
        if (new := change.row(number))
    }
    rows |= {new: sheet.rows[like].blanked(new) for new, like in change.clones.items() if like in sheet.rows}
    return replace(sheet, changed=rows, after=_moved_tail(sheet, change)).rewritten({}, {})


def _followed_sheet(xml: bytes, changes: Sequence[RowChange]) -> bytes:
    """Another sheet, whose formulas and rules name cells that moved."""
    for change in changes if b"shared" in xml else ():
        sheet = parse(plain(xml))
        xml = replace(sheet, changed=dict(_own_formulas(sheet.rows, naming(change)))).rewritten({}, {})
    return named_anew(xml, changes)


def named_rows(archive: Archive, book: Book, title: str) -> Iterator[int]:
    """The rows of a sheet of which some formula, name or chart names cells of one row. Raises `BrokenPackage`."""
    naming = escaped(title.replace("'", "''"))
    for name in archive.names:
        home = title if name == book.parts[title] else ""
        if name.endswith(".xml") and (home or naming in (xml := spelt_out(archive.read(name)))):
            sheet = plain(archive.read(name)) if home else xml
            for _, row in _own_formulas(parse(sheet).rows) if home or name in book.parts.values() else ():
                for formula in _FORMULA.findall(row.body):
                    yield from single_rows(unescape(formula[1].decode()), home, title)
            for _, _, formula in _NAMED_ELSEWHERE.findall(sheet) if name not in book.parts.values() else ():
                yield from single_rows(unescape(formula.decode()), home, title)


def copied_down(xml: bytes, row: int, last: int) -> tuple[bytes, dict[At, str]]:
    """A plain sheet in which the rows below one, as far as the last, look like it and go on with its formulas, and
    these by their cell. What stands in them stays."""
    sheet = parse(xml)
    source = dict(_own_formulas(sheet.rows)).get(row)
    if source is None:
        return xml, {}
    rows, formulas = dict(sheet.rows), dict[At, str]()
    for number in range(row + 1, last + 1):
        old = rows.get(number) or source.at(number, b"")
        cells = {column: cell.raw for column, cell in old.cells.items()}
        for column, cell in source.cells.items():
            formula = _FORMULA.search(cell.raw)
            if column in old.cells and (old.cells[column].filled or not formula):
                continue
            style = b' s="' + cell.style + b'"' if cell.style else b""
            start = f'<c r="{address.address(number, column)}"'.encode() + style
            if not formula or b" t=" in formula[1]:
                cells[column] = start + b"/>"
                continue
            text = translated(unescape(formula[2].decode()), (row, column), (number, column))
            cells[column] = start + b"><f>" + escaped(text) + b"</f></c>"
            formulas[number, column] = text
        rows[number] = old.at(number, b"".join(cells[column] for column in sorted(cells)))
    return replace(sheet, changed=rows).rewritten({}, {}), formulas


# ---- rows ----


def _moved(row: XmlRow, number: int, new: int, change: RowChange) -> XmlRow:
    """A row at its new place; what its formulas mean stays."""
    body = row.body

    def formula(one: re.Match[bytes]) -> bytes:
        start = _FILLED.sub(lambda area: area[1] + _new_areas(area[2].decode(), change).encode(), one[1])
        return start + new_formula(one[2], change, change.title)

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
        text = escaped(translated(first[shared[2]][1], first[shared[2]][0], at))
        return b"<" + shared[1] + b">" + text + b"</" + shared[1] + b">"

    return _SHARED.sub(own, cell, count=1)


# ---- what follows the rows ----


def _moved_tail(sheet: SheetXml, change: RowChange) -> bytes:
    """Merged cells, rules, links and the like, each where its cell is now."""
    root = tail(sheet)
    before = etree.tostring(root)
    for element in [*root.iter(etree.Element)]:
        match local(element):
            case kind if kind in _LISTED:
                _move_listed(element, _LISTED[kind], change)
            case "controlPr" | "objectPr":
                _move_anchor(element, change)
            case "brk":
                _move_break(element, change)
            case "autoFilter" | "sortState" | "sortCondition":
                element.set("ref", change.formula(element.get("ref", ""), change.title))
            case "conditionalFormatting" | "dataValidation":
                _move_rule(element, change)
            case "sparklineGroup":
                _move_sparklines(element, change)
    if etree.tostring(root) == before:
        return sheet.after
    xml = etree.tostring(root, encoding="unicode").encode()
    return bytes(xml[xml.index(b">") + 1 :])


def _move_sparklines(group: etree._Element, change: RowChange) -> None:
    for element in found(group, {"f", "sqref"}):
        text = element.text or ""
        element.text = change.formula(text, change.title) if local(element) == "f" else _new_areas(text, change)


def _move_listed(element: etree._Element, name: str, change: RowChange) -> None:
    areas = change.areas(address.areas(element.get(name, "")))
    if local(element) == "hyperlink":
        if not any(etree.QName(key).localname == "id" for key in element.attrib) and element.get("location"):
            element.set("location", change.formula(element.get("location", ""), change.title))
        for area in areas[1:]:
            more = copy.deepcopy(element)
            more.set(name, str(area))
            element.addnext(more)
        areas = areas[:1]
    if areas:
        element.set(name, " ".join(map(str, areas)))
    else:
        _drop(element)


def _drop(element: etree._Element) -> None:
    """Take out an element whose cells are gone, and the list that holds no other."""
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)
    if len(parent):
        if "count" in parent.attrib:
            parent.set("count", str(len(parent)))
    elif parent.getparent() is not None and local(parent) in _LISTS:
        _drop(parent)


def _move_break(element: etree._Element, change: RowChange) -> None:
    """A new page begins below a row; if that is gone, below the one before it."""
    parent = element.getparent()
    if parent is None or local(parent) != "rowBreaks":
        return
    row = int(element.get("id", "0"))
    while row and change.row(row) is None:
        row -= 1
    element.set("id", str(change.row(row) if row else 0))


def _move_rule(rule: etree._Element, change: RowChange) -> None:
    """A conditional format or a validation: the cells for which it is meant, and the formulas that it holds."""
    named = next((e for e in rule if isinstance(e.tag, str) and local(e) == "sqref"), None)
    old = address.areas(rule.get("sqref") or (named.text if named is not None else "") or "")
    if not old:
        return
    new = change.areas(old, joined=True)
    if not new:
        _drop(rule)
        return
    in_one_row = {row for area in old for row in (area.top, area.bottom)} == {old[0].top}

    def meant(formula: str) -> str:
        here = formula if in_one_row else translated(formula, _corner(old), _corner(new))
        return change.formula(here, change.title, only_fixed=not in_one_row)

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


def _new_areas(text: str, change: RowChange) -> str:
    return " ".join(map(str, change.areas(address.areas(text)))) or text


# ---- parts around the sheet ----


def _moved_notes(xml: bytes, change: RowChange) -> bytes:
    root = parse_xml(xml)
    moved = [note for note in found(root, {"comment", "threadedComment"}) if _move_note(note, change)]
    return serialised(root) if moved else xml


def _move_note(note: etree._Element, change: RowChange) -> bool:
    old = str(note.get("ref", ""))
    note.set("ref", change.cell(old))
    return change.cell(old) != old


def _moved_shapes(xml: bytes, change: RowChange) -> bytes:
    """The boxes of notes, in a dialect that is not always well-formed."""

    def shape(box: re.Match[bytes]) -> bytes:
        first = _first_row(box[0])
        delta = (change.row(first) or first) - first

        def anchor(place: re.Match[bytes]) -> bytes:
            numbers = place[2].split(b",")
            for index in (2, 6):
                if len(numbers) > index and numbers[index].strip().isdigit():
                    numbers[index] = str(max(int(numbers[index]) + delta, 0)).encode()
            return place[1] + b",".join(numbers) + place[3]

        text = NOTE_ROW.sub(lambda r: r[1] + str(int(r[2]) + delta).encode() + r[3], box[0])
        return SHAPE_ANCHOR.sub(anchor, text) if delta else box[0]

    return named_anew(NOTE_SHAPE.sub(shape, xml), [change], change.title)


def _first_row(box: bytes) -> int:
    """The row of a note's cell, or on which another box begins."""
    if row := NOTE_ROW.search(box):
        return int(row[2]) + 1
    place = SHAPE_ANCHOR.search(box)
    numbers = re.findall(rb"\d+", place[2]) if place else []
    return int(numbers[2]) + 1 if len(numbers) == 8 else 1


def _moved_table(xml: bytes, change: RowChange) -> bytes:
    """A table or pivot table: its cells stay together."""
    root = parse_xml(xml)
    for element in found(root, {"table", "autoFilter", "sortState", "sortCondition", "location"}):
        if element.get("ref"):
            element.set("ref", change.formula(element.get("ref", ""), change.title))
    return named_anew(serialised(root), [change], change.title)


def _moved_drawing(xml: bytes, change: RowChange) -> bytes:
    """Pictures and shapes move with the row in which they begin, unless they are fixed to the page."""
    root = parse_xml(xml)
    moved = [anchor for anchor in found(root, ANCHORS) if _move_anchor(anchor, change)]
    return named_anew(serialised(root) if moved else xml, [change], change.title)


def _move_anchor(anchor: etree._Element, change: RowChange) -> bool:
    ends = found(anchor, {"row"})
    if not ends or anchor.get("editAs") == "absolute":
        return False
    first = int(ends[0].text or "0") + 1
    for end in ends:
        end.text = str(int(end.text or "0") + (change.row(first) or first) - first)
    return change.row(first) != first


def _moved_control(xml: bytes, change: RowChange) -> bytes:
    return named_anew(xml, [change], change.title)


_SATELLITES: dict[str, Callable[[bytes, RowChange], bytes]] = {
    "comments": _moved_notes,
    "threadedComment": _moved_notes,
    "vmlDrawing": _moved_shapes,
    "drawing": _moved_drawing,
    "table": _moved_table,
    "pivotTable": _moved_table,
    "ctrlProp": _moved_control,
}
