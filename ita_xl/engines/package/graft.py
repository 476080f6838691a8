"""Bringing one sheet of the shipped template into a package that lacks it, with its looks and charts.

Styles are appended and never renumbered, so nothing that is already in the workbook changes its look.
"""

from __future__ import annotations

import copy
import posixpath
import re
from collections.abc import Callable

from lxml import etree

from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book, elements, local, parse_xml, rels_of, serialised
from ita_xl.engines.package.plain import cleaned

_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_NO_STYLES = (
    '<styleSheet xmlns="{}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf/></cellXfs></styleSheet>'
)
"""The styles of a workbook that names none, as programs take them."""
_CELL_STYLE = re.compile(rb'(<(?:c|row|col)\b[^>]*?\s(?:s|style)=")(\d+)(")')
_FORMAT = re.compile(rb'(\bdxfId=")(\d+)(")')
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_FIRST_OWN_NUMBER_FORMAT = 164
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMES = [
    (b"http://schemas.openxmlformats.org/" + usual, _STRICT + strict)
    for usual, strict in (
        (b"spreadsheetml/2006/", b"spreadsheetml/"),
        (b"drawingml/2006/", b"drawingml/"),
        (b"officeDocument/2006/relationships", b"officeDocument/relationships"),
    )
]
"""What namespaces and kinds of relationships are called in the strict variant of the format."""


def graft(source: Archive, target: Archive, title: str, state: str) -> None:
    """Add the source's sheet of that title to the target, behind its other sheets.

    state: "visible", "hidden" or "veryHidden". Raises `BrokenPackage` or `ValueError` where the target's
    own parts cannot be read.
    """
    theirs, ours = Book(source), Book(target)
    if _STRICT in target.read(ours.part):
        _make_strict(source)
    part = theirs.parts[title]
    sheet = source.read(part)
    sheet = _restyled(sheet, source.read(theirs.around["styles"]), target, _styles(target, ours))
    new = _free_name(target, "xl/worksheets/sheet{}.xml")
    _copy_with_relations(source, target, part, new, lambda _: sheet)
    _list_sheet(target, ours, new, title, state)
    _copy_names(theirs, target, Book(target), title)


def _make_strict(source: Archive) -> None:
    """Both variants in one package would be read by no program."""
    for name in source.names:
        if name.endswith((".xml", ".rels")):
            content = source.read(name)
            for usual, strict in _STRICT_NAMES:
                content = content.replace(usual, strict)
            source.write(name, content)


def _free_name(target: Archive, pattern: str) -> str:
    """A name that no part has; names that differ only in case are the same one."""
    taken = {name.casefold() for name in target.names}
    number = 1
    while pattern.format(number).casefold() in taken:
        number += 1
    return pattern.format(number)


def _copy_with_relations(
    source: Archive, target: Archive, old: str, new: str, change: Callable[[bytes], bytes]
) -> None:
    """Copy a part, and all that it refers to, under free names; content types come along."""
    target.write(new, change(source.read(old)))
    _declare(target, new, _content_type(source, old))
    rels = rels_of(old)
    if rels not in source:
        return
    root = parse_xml(source.read(rels))
    for relation in root:
        if relation.get("TargetMode") == "External":
            continue
        there = posixpath.normpath(posixpath.join("/", posixpath.dirname(old), relation.get("Target", ""))).lstrip(
            "/"
        )
        name = _free_name(target, re.sub(r"\d*(\.\w+)$", r"{}\1", there))
        _copy_with_relations(source, target, there, name, lambda content: content)
        relation.set("Target", f"/{name}")
    target.write(rels_of(new), serialised(root))


def _content_type(source: Archive, part: str) -> str:
    for entry in parse_xml(source.read("[Content_Types].xml")):
        if entry.get("PartName") == f"/{part}":
            return str(entry.get("ContentType"))
    return ""


def _declare(target: Archive, part: str, kind: str) -> None:
    root = parse_xml(target.read("[Content_Types].xml"))
    if kind and f"/{part}" not in {entry.get("PartName") for entry in elements(root)}:
        space = etree.QName(root).namespace
        etree.SubElement(root, f"{{{space}}}Override", PartName=f"/{part}", ContentType=kind)
        target.write("[Content_Types].xml", serialised(root))


def _relate(target: Archive, book: Book, kind: str, part: str) -> str:
    """Relate the workbook to a new part; the id of the relation."""
    rels = parse_xml(target.read(book.rels))
    taken = {relation.get("Id") for relation in elements(rels)}
    identity = next(name for number in range(1, 10_000) if (name := f"rIdIta{number}") not in taken)
    space, relations = etree.QName(rels).namespace, _kinds(rels)
    new = etree.SubElement(rels, f"{{{space}}}Relationship", Id=identity, Target=f"/{part}")
    new.set("Type", f"{relations}/{kind}")
    target.write(book.rels, serialised(rels))
    return identity


def _kinds(rels: etree._Element) -> str:
    """The namespace of all kinds of relations, another one in the strict variant of the format."""
    kinds = (relation.get("Type", "") for relation in elements(rels))
    return str(next(kind for kind in kinds if kind.endswith("/worksheet"))).rpartition("/")[0]


def _list_sheet(target: Archive, book: Book, part: str, title: str, state: str) -> None:
    """Name the new part in the workbook and its relationships."""
    identity = _relate(target, book, "worksheet", part)
    root = parse_xml(target.read(book.part))
    sheets = next(element for element in elements(root) if local(element) == "sheets")
    numbers = [int(sheet.get("sheetId", "0")) for sheet in elements(sheets)]
    entry = etree.SubElement(sheets, f"{{{etree.QName(root).namespace}}}sheet", name=title)
    entry.set("sheetId", str(max(numbers, default=0) + 1))
    if state != "visible":
        entry.set("state", state)
    entry.set(f"{{{_kinds(parse_xml(target.read(book.rels)))}}}id", identity)
    target.write(book.part, serialised(root))


def _copy_names(theirs: Book, target: Archive, ours: Book, title: str) -> None:
    """The sheet's own names (print area, repeated rows), and names of the whole workbook that it uses."""
    names = [n for n in theirs.defined_names() if _about(n, list(theirs.parts).index(title))]
    root = parse_xml(target.read(ours.part))
    space = f"{{{etree.QName(root).namespace}}}"
    parts = {local(element): element for element in elements(root)}
    held = parts.get("definedNames")
    if held is None:
        held = etree.Element(f"{space}definedNames")
        last = next(name for name in ("externalReferences", "functionGroups", "sheets") if name in parts)
        parts[last].addnext(held)
    known = {(name.get("name"), name.get("localSheetId")) for name in held}
    place = str(len(elements(parts["sheets"])) - 1)  # counts chart sheets too, which are none of our parts
    for name in names:
        scope = place if name.get("localSheetId") is not None else None
        if (name.get("name"), scope) not in known:
            new = etree.SubElement(held, f"{space}definedName", name=name.get("name", ""))
            new.text = name.text
            if scope is not None:
                new.set("localSheetId", scope)
    target.write(ours.part, serialised(root))


def _about(name: etree._Element, index: int) -> bool:
    scope = name.get("localSheetId")
    return bool(scope == str(index)) if scope is not None else str(name.get("name", "")).startswith("ITA_")


def _styles(target: Archive, book: Book) -> str:
    """The target's part of styles; made where there is none."""
    part = book.around.get("styles")
    if part is None:
        related = book.targets(book.rels, posixpath.dirname(book.part))
        named = (part for kind, _, part in related if kind == "styles")
        part = next(named, "") or _relate(target, book, "styles", _free_name(target, "xl/styles{}.xml"))
        target.write(part, _NO_STYLES.format(book.namespace).encode())
        _declare(target, part, _STYLES_TYPE)
    return part


def _restyled(sheet: bytes, styles: bytes, target: Archive, part: str) -> bytes:
    """The sheet with its style numbers as they are in the target, to whose part its styles are appended."""
    # Comments among the entries of a table would count as entries, and writing one alone ends Python.
    old, new = parse_xml(styles), cleaned(target.read(part))
    cells: dict[bytes, bytes] = {}
    formats: dict[bytes, bytes] = {}

    def cell(match: re.Match[bytes]) -> bytes:
        if match[2] not in cells:
            cells[match[2]] = str(_append_cell_style(old, new, int(match[2]))).encode()
        return match[1] + cells[match[2]] + match[3]

    def conditional(match: re.Match[bytes]) -> bytes:
        if match[2] not in formats:
            style = copy.deepcopy(_table(old, "dxfs")[int(match[2])])
            formats[match[2]] = str(_append(_table(new, "dxfs"), style)).encode()
        return match[1] + formats[match[2]] + match[3]

    sheet = _FORMAT.sub(conditional, _CELL_STYLE.sub(cell, sheet))
    target.write(part, serialised(new))
    return sheet


def _append_cell_style(old: etree._Element, new: etree._Element, number: int) -> int:
    """Append one cell format with its font, fill, border and number format; its number in the target."""
    style = copy.deepcopy(_table(old, "cellXfs")[number])
    for key, table in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
        part = copy.deepcopy(_table(old, table)[int(style.get(key, "0"))])
        style.set(key, str(_append(_table(new, table), part)))
    own = int(style.get("numFmtId", "0"))
    if own >= _FIRST_OWN_NUMBER_FORMAT:
        entry = next(e for e in _table(old, "numFmts") if e.get("numFmtId") == str(own))
        style.set("numFmtId", _number_format(new, entry.get("formatCode", "")))
    style.set("xfId", "0")
    return _append(_table(new, "cellXfs"), style)


def _number_format(new: etree._Element, code: str) -> str:
    table = _table(new, "numFmts")
    for entry in table:
        if entry.get("formatCode") == code:
            return str(entry.get("numFmtId"))
    number = max([_FIRST_OWN_NUMBER_FORMAT - 1, *(int(e.get("numFmtId", "0")) for e in table)]) + 1
    entry = etree.Element(f"{{{etree.QName(new).namespace}}}numFmt", numFmtId=str(number), formatCode=code)
    _append(table, entry)
    return str(number)


_ORDER = ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"]


def _table(styles: etree._Element, name: str) -> etree._Element:
    """A table of the style sheet; made, at its place, where there is none."""
    for element in styles:
        if isinstance(element.tag, str) and local(element) == name:
            return element
    made = etree.Element(f"{{{etree.QName(styles).namespace}}}{name}", count="0")
    before = _ORDER[: _ORDER.index(name)]
    place = sum(1 for element in styles if isinstance(element.tag, str) and local(element) in before)
    styles.insert(place, made)
    return made


def _append(table: etree._Element, entry: etree._Element) -> int:
    """Append an entry unless an equal one is there; its number."""
    wanted = etree.tostring(entry, method="c14n")
    for number, present in enumerate(table):
        if etree.tostring(present, method="c14n") == wanted:
            return number
    table.append(entry)
    table.set("count", str(len(table)))
    return len(table) - 1
