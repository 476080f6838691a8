"""Workbooks as other programs leave them: our sample with the parts that Excel files hold, made by hand."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any
from unittest import mock

from lxml import etree

from tools.generate.saved import shared_strings

CLERKS = {
    "xl/media/logo.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "xl/media/background.jpeg": b"\xff\xd8\xff" + bytes(range(200)),
    "xl/drawings/drawing90.xml": b'<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheet'
    b'Drawing"><xdr:sp/><xdr:grpSp/><xdr:pic/></xdr:wsDr>',
    "xl/drawings/vmlDrawing1.vml": b'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape/></xml>',
    "xl/comments90.xml": b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
    "xl/threadedComments/threadedComment1.xml": b"<ThreadedComments/>",
    "xl/persons/person.xml": b"<personList/>",
    "xl/printerSettings/printerSettings1.bin": bytes(64),
    "xl/ctrlProps/ctrlProp1.xml": b"<formControlPr/>",
    "xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0",
    "xl/diagrams/data1.xml": b"<dgm:dataModel xmlns:dgm='d'/>",
    "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
    "xl/pivotTables/pivotTable1.xml": b"<pivotTableDefinition/>",
    "xl/pivotCache/pivotCacheDefinition1.xml": b"<pivotCacheDefinition/>",
    "xl/slicers/slicer1.xml": b"<slicers/>",
    "xl/featurePropertyBag/featurePropertyBag.xml": b"<FeaturePropertyBags/>",
    "xl/charts/style1.xml": b"<cs:chartStyle xmlns:cs='c'/>",
    "xl/vbaProject.bin": bytes(range(128)),
    "customXml/item1.xml": "<ข้อมูล>ของหน่วยงาน</ข้อมูล>".encode(),
    "customUI/customUI14.xml": b"<customUI/>",
    "docProps/custom.xml": b"<Properties/>",
    "xl/calcChain.xml": b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
}
"""Parts of a clerk's workbook, by what a program that does not know them would drop."""

STALE = (
    b'<c:numCache><c:formatCode>0.00</c:formatCode><c:ptCount val="1"/>'
    b'<c:pt idx="0"><c:v>1.5</c:v></c:pt></c:numCache>'
)

EXTENSIONS = (
    b'<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" uri="{x}">'
    b"<x14:conditionalFormattings/><x14:sparklineGroups/><x14:dataValidations/></ext></extLst></worksheet>"
)
"""What newer Excels write at the end of a sheet, ours included."""


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return buffer.getvalue()


def edited(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A package with every part passed through a function."""
    return packed({name: change(name, part) for name, part in members(content).items()})


def patched(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A package with one place of one part replaced, which must be there."""
    parts = members(content)
    assert old in parts[name], f"{old!r} in {name}"
    return packed(parts | {name: parts[name].replace(old, new, 1)})


def style_of(content: bytes, name: str, cell: str) -> bytes:
    """The attribute by which a cell of a part has its look, such as s="19"."""
    found = re.search(rf'<c r="{cell}" (s="\d+")'.encode(), members(content)[name])
    assert found, f"{cell} in {name}"
    return found[1]


def sheets_changed(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A package with the parts of its sheets passed through a function."""
    return edited(content, lambda name, part: change(part) if name.startswith("xl/worksheets/sheet") else part)


def in_encoding(encoding: str) -> Callable[[bytes], bytes]:
    """Sheets, texts and styles in another encoding than UTF-8; what it lacks stands as a number."""

    def change(name: str, part: bytes) -> bytes:
        if not name.endswith(".xml") or not name.startswith(("xl/worksheets/", "xl/sharedStrings", "xl/styles")):
            return part
        return etree.tostring(etree.fromstring(part), encoding=encoding, xml_declaration=True)

    return lambda content: edited(shared_strings(content), change)


def commented(content: bytes) -> bytes:
    """Comments, processing instructions and CDATA sections in the sheets, some with what looks like cells."""
    like = b'<!-- <sheetData><row r="1"><c r="A1"><v>9</v></c></row></sheetData> made by X -->'

    def change(part: bytes) -> bytes:
        part = re.sub(rb"(<row r=\"\d*7\"[^>]*>)", rb"\1<!-- x -->", part)
        part = re.sub(rb"<v>(\d)", rb"<v><!-- <v>1</v> -->\1<!-- x -->", part)
        part = re.sub(rb"<t([^>]*)>([^<&]+)", rb"<t\1><![CDATA[\2]]>", part)
        return part.replace(b"<sheetData>", like + b"<sheetData><?made by?>")

    return sheets_changed(content, change)


def rich(content: bytes) -> bytes:
    """The sample with everything that a clerk's workbook may hold, on our sheets too."""
    parts = members(content)
    for name in [n for n in parts if n.startswith("xl/worksheets/sheet")]:
        parts[name] = parts[name].replace(b"</worksheet>", EXTENSIONS)
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    chain = b'<Relationship Id="rIdC" Type="%s"' % kind
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", chain + b' Target="calcChain.xml"/></Relationships>')
    types = "[Content_Types].xml"
    override = b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    parts[types] = parts[types].replace(b"</Types>", override + b'spreadsheetml.calcChain+xml"/></Types>')
    for name in [n for n in parts if n.startswith("xl/charts/chart")]:
        # Excel keeps the values that it last drew; these are long out of date.
        parts[name] = parts[name].replace(b"</c:f></c:numRef>", b"</c:f>" + STALE + b"</c:numRef>")
    return packed(parts | CLERKS)


def prefixed(content: bytes) -> bytes:
    """Element names with a prefix, as some libraries write them."""

    def change(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        part = re.sub(rb"<(/?)(?![?!])([A-Za-z])", rb"<\1x:\2", part)
        return part.replace(b" xmlns=", b" xmlns:x=", 1)

    return edited(content, change)


def strict(content: bytes) -> bytes:
    """The strict variant of the format: other namespaces, everything else alike."""
    swaps = (
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )

    def change(name: str, part: bytes) -> bytes:
        if name.endswith((".xml", ".rels")):
            for old, new in swaps:
                part = part.replace(old, new)
        return part

    return edited(content, change)


def without_references(content: bytes) -> bytes:
    """Cells without their addresses, which the format leaves optional where every cell of a row is there."""

    def change(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet3.xml":
            return part
        head, rows = part.split(b'<row r="6"', 1)
        return head + b'<row r="6"' + re.sub(rb'<c r="[A-Z]*\d+"', b"<c", rows)

    return edited(content, change)


def single_quotes(content: bytes) -> bytes:
    """Attributes in the quotes that XML allows as well."""

    def change(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        return re.sub(rb"""(\s[\w:]+)="([^"'<>]*)\"""", rb"\1='\2'", part)

    return edited(content, change)


def streamed(content: bytes) -> bytes:
    """Sizes behind the data instead of before it, as programs write that pack while they send."""

    class OneWay(io.RawIOBase):
        def __init__(self) -> None:
            self.held = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.held += data
            return len(data)

    out = OneWay()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in members(content).items():
            package.writestr(name, part)
    return bytes(out.held)


def zip64(content: bytes) -> bytes:
    """Sizes and places in the long form, as programs write that do not know beforehand how much will come."""
    with mock.patch.object(zipfile, "ZIP64_LIMIT", 0):
        return packed(members(content))


VARIANTS: dict[str, Callable[[bytes], bytes]] = {
    "rich": rich,
    "prefixed": prefixed,
    "strict": strict,
    "without references": without_references,
    "shared strings": shared_strings,
    "streamed": streamed,
    "zip64": zip64,
    "single quotes": single_quotes,
    "us-ascii": in_encoding("us-ascii"),
    "utf-16": in_encoding("utf-16"),
    "windows-874": in_encoding("windows-874"),
    "comments": commented,
    "stored": lambda content: packed(members(content), zipfile.ZIP_STORED),
    "1904": lambda content: edited(
        content, lambda _, part: re.sub(rb"<workbookPr\b(?! date1904)", b'<workbookPr date1904="1"', part)
    ),
}
