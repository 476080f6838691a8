"""What makes Excel offer to repair a workbook, as far as it is known from public reports: rules on its parts.

No Excel was asked. `causes` names each breach with the part or sheet in which it is.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from ita_xl.engines.package.book import local
from ita_xl.layout.address import area
from tests import repair_sheets
from tests.crafted import members
from tests.repair_tools import ID, held, kids, out_of_order, tree

TYPES = "[Content_Types].xml"
MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable"
BOOK_ORDER = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences "
    "definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing "
    "fileRecoveryPr webPublishObjects extLst"
).split()
STYLE_ORDER = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst".split()
_CONTROLS = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:x0*(?:[0-8BCEFbcef]|1[0-9A-Fa-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]));"
)


def causes(content: bytes) -> list[str]:
    """All breaches of the rules in a package."""
    parts = members(content)
    broken = [*_packaging(parts)]
    return broken if broken else [*_workbook(parts), *_styles(parts), *_sheets(parts)]


# ---- the package ----


def _packaging(parts: dict[str, bytes]) -> Iterator[str]:
    folded = Counter(name.lower() for name in parts)
    yield from (f"{name}: twice" for name, count in folded.items() if count > 1)
    for name, part in parts.items():
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        try:
            root = etree.fromstring(part)
        except etree.XMLSyntaxError as error:
            yield f"{name}: {error}"
            continue
        yield from (f"{name}: {p} is not declared" for p in root.get(MARKUP, "").split() if p not in root.nsmap)
        if _CONTROLS.search(part):
            yield f"{name}: control characters"
    yield from _types(parts)
    for name in parts:
        if name.endswith(".rels"):
            yield from _relations(parts, name)


def _types(parts: dict[str, bytes]) -> Iterator[str]:
    entries = kids(tree(parts, TYPES))
    named = [entry.get("PartName", "").lstrip("/") for entry in entries if local(entry) == "Override"]
    usual = [entry.get("Extension", "").lower() for entry in entries if local(entry) == "Default"]
    yield from (f"{name}: two content types" for name, count in Counter(named + usual).items() if count > 1)
    yield from (f"{name}: a content type, but no such part" for name in named if name not in parts)
    for name in parts:
        if name != TYPES and name not in named and name.rpartition(".")[2].lower() not in usual:
            yield f"{name}: no content type"


def _relations(parts: dict[str, bytes], name: str) -> Iterator[str]:
    folder = posixpath.dirname(posixpath.dirname(name))
    relations = kids(tree(parts, name))
    ids = Counter(relation.get("Id") for relation in relations)
    yield from (f"{name}: {id_} twice" for id_, count in ids.items() if count > 1)
    for relation in relations:
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        if relation.get("TargetMode") != "External" and target not in parts:
            yield f"{name}: {target} is missing"


# ---- the workbook ----


def _workbook(parts: dict[str, bytes]) -> Iterator[str]:
    root = tree(parts, "xl/workbook.xml")
    if names := out_of_order(root, BOOK_ORDER):
        yield f"workbook: order {names}"
    sheets = held(root, "sheets")
    titles = [sheet.get("name", "") for sheet in sheets]
    for title in titles:
        wide = len(title.encode("utf-16-le")) // 2
        if not 0 < wide <= 31 or re.search(r"[\[\]:*?/\\]|^'|'$", title) or title.lower() == "history":
            yield f"workbook: sheet name {title!r}"
    if len({title.lower() for title in titles}) < len(titles):
        yield "workbook: sheet names alike"
    if len({sheet.get("sheetId") for sheet in sheets}) < len(sheets):
        yield "workbook: sheetId twice"
    for view in held(root, "bookViews"):
        active = int(view.get("activeTab", "0"))
        if active >= len(sheets) or sheets[active].get("state", "visible") != "visible":
            yield f"workbook: the active sheet {active} does not show"
    yield from _names(held(root, "definedNames"), len(sheets))


def _names(names: list[etree._Element], sheets: int) -> Iterator[str]:
    counted = Counter((name.get("name", "").lower(), name.get("localSheetId")) for name in names)
    yield from (f"workbook: name {name} twice" for name, count in counted.items() if count > 1)
    for name in names:
        called, text = name.get("name", ""), name.text or ""
        if int(name.get("localSheetId", "0")) >= sheets:
            yield f"workbook: name {called} on no sheet"
        if "#REF!" in text or not text or len(text) > 8192:
            yield f"workbook: name {called} for {text[:40]!r}"
        if called == "_xlnm.Print_Titles" and any(area(one.rpartition("!")[2]) is None for one in text.split(",")):
            yield f"workbook: print titles {text}"


# ---- styles ----


def _styles(parts: dict[str, bytes]) -> Iterator[str]:
    root = tree(parts, "xl/styles.xml")
    if names := out_of_order(root, STYLE_ORDER):
        yield f"styles: order {names}"
    sizes = {local(one): len(kids(one)) for one in kids(root)}
    for one in kids(root):
        if one.get("count") and int(one.get("count", "")) != sizes[local(one)]:
            yield f"styles: {local(one)} counts {one.get('count')}"
    formats = {int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in held(root, "numFmts")}
    yield from (f"styles: number format {n}" for n, code in formats.items() if n < 164 or not 0 < len(code) <= 255)
    used = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
    for table, more in (("cellStyleXfs", {}), ("cellXfs", {"xfId": "cellStyleXfs"})):
        for place, style in enumerate(held(root, table)):
            for key, list_ in {**used, **more}.items():
                if int(style.get(key, "0")) >= sizes.get(list_, 0):
                    yield f"styles: {table} {place} has no {key}"
            number = int(style.get("numFmtId", "0"))
            if number >= 164 and number not in formats:
                yield f"styles: {table} {place} has no number format"
            if out_of_order(style, ["alignment", "protection", "extLst"]):
                yield f"styles: {table} {place} order"
    named = held(root, "cellStyles")
    if len({style.get("name") for style in named}) < len(named):
        yield "styles: names twice"
    yield from (f"styles: {s.get('name')}" for s in named if int(s.get("xfId", "0")) >= sizes["cellStyleXfs"])


# ---- sheets ----


def _sheets(parts: dict[str, bytes]) -> Iterator[str]:
    root = tree(parts, "xl/workbook.xml")
    where = {r.get("Id"): r.get("Target", "") for r in kids(tree(parts, "xl/_rels/workbook.xml.rels"))}
    titles = [sheet.get("name", "") for sheet in held(root, "sheets")]
    styles = tree(parts, "xl/styles.xml")
    texts = "xl/sharedStrings.xml"
    known = repair_sheets.Known(
        titles={title.lower() for title in titles},
        styles=len(held(styles, "cellXfs")),
        looks=len(held(styles, "dxfs")),
        texts=len(kids(tree(parts, texts), "si")) if texts in parts else 0,
    )
    selected = []
    for sheet in held(root, "sheets"):
        name = posixpath.normpath(posixpath.join("/xl", where[sheet.get(ID)])).lstrip("/")
        page = tree(parts, name)
        if local(page) == "worksheet":
            yield from (f"{sheet.get('name')}: {cause}" for cause in repair_sheets.causes(page, known))
        selected += [v for v in held(page, "sheetViews") if v.get("tabSelected") in ("1", "true")]
    if len(selected) != 1:
        yield f"workbook: {len(selected)} sheets are selected"
