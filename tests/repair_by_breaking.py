"""Breaches of the rules of `repair`: a part of a run sample, what in it becomes what, and what is said of it."""

from __future__ import annotations

_SHEET, _BOOK, _STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
_TYPES, _RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"

BREACHES: dict[str, tuple[str, bytes, bytes, str]] = {
    "not XML": (_SHEET, rb"</sheetData>", b"</sheetDatum>", "sheet1"),
    "control character": (_SHEET, rb"<t xml:space=\"preserve\">|<t>", rb"\g<0>&#1;", "sheet1"),
    "no content type": (_TYPES, rb'<Default [^>]*Extension="rels"[^>]*>', b"", "no content"),
    "type of nothing": (_TYPES, rb"</Types>", rb'<Override PartName="/x" ContentType="a/b"/>\g<0>', "x: a content"),
    "relation twice": (_RELATIONS, rb"<Relationship [^>]*>", rb"\g<0>\g<0>", "twice"),
    "target missing": (_RELATIONS, rb"sheets/sheet1.xml", b"sheets/sheet0.xml", "missing"),
    "sheets alike": (_BOOK, 'name="สรุปผล"'.encode(), 'name="หน้าแรก"'.encode(), "alike"),
    "a long title": (_BOOK, 'name="สรุปผล"'.encode(), f'name="{"ก" * 32}"'.encode(), "sheet name"),
    "an odd title": (_BOOK, 'name="สรุปผล"'.encode(), 'name="สรุป/ผล"'.encode(), "sheet name"),
    "hidden and active": (_BOOK, rb'activeTab="0"|<workbookView', rb'<workbookView activeTab="28"', "workbook"),
    "name twice": (_BOOK, rb"<definedName .*?</definedName>", rb"\g<0>\g<0>", "twice"),
    "name for nothing": (_BOOK, rb"(<definedName [^>]*>)[^<]*", rb"\1#REF!", "REF"),
    "wrong count": (_STYLES, rb'<cellXfs count="\d+"', b'<cellXfs count="3"', "cellXfs counts"),
    "no such font": (_STYLES, rb'(<cellXfs[^>]*><xf [^>]*)fontId="\d+"', rb'\1fontId="9999"', "fontId"),
    "no such format": (_STYLES, rb'(<cellXfs[^>]*><xf [^>]*)numFmtId="\d+"', rb'\1numFmtId="999"', "number format"),
    "wrong order": (_SHEET, rb"(<sheetData>.*</sheetData>)(.*?<pageMargins[^>]*>)", rb"\2\1", "order"),
    "columns overlap": (_SHEET, rb"<col [^>]*>", rb"\g<0>\g<0>", "column"),
    "a row twice": (_SHEET, rb"<row .*?</row>", rb"\g<0>\g<0>", "row"),
    "a cell twice": (_SHEET, rb'<c r="A1"[^>]*>.*?</c>', rb"\g<0>\g<0>", "cell A1"),
    "no such style": (_SHEET, rb'<c r="A1" s="\d+"', b'<c r="A1" s="99999"', "A1: style"),
    "no number": (_SHEET, rb'<c r="E15"([^>]*)>(.*?)<v>\d+</v>', rb'<c r="E15"\1>\2<v>x</v>', "E15: n"),
    "no truth": (_SHEET, rb'<c r="E10"', b'<c t="b" r="E10"', "E10: b"),
    "formula with =": (_SHEET, rb"<f>", b"<f>=", "formula"),
    "brackets": (_SHEET, rb"<f>", b"<f>(", "brackets"),
    "a long text in a formula": (_SHEET, rb"<f>", b'<f>"' + b"x" * 256 + b'"&amp;', "long text"),
    "merged areas overlap": (_SHEET, rb"<mergeCell ref=\"[^\"]*\"/>", rb"\g<0>\g<0>", "merge"),
    "rule without look": (_SHEET, rb'dxfId="\d+"', b'dxfId="999"', "look"),
    "rule with =": (_SHEET, rb"(<cfRule [^>]*><formula>)", rb"\1=", "rule ="),
    "priority twice": (
        _SHEET,
        rb'(<cfRule [^>]*priority=)"(\d+)"(.*?<cfRule [^>]*priority=)"\d+"',
        rb'\1"\2"\3"\2"',
        "prio",
    ),
    "validations overlap": (_SHEET, rb"<dataValidation .*?</dataValidation>", rb"\g<0>\g<0>", "validation|counts"),
    "a long prompt": (
        _SHEET,
        rb"<dataValidation ",
        b'<dataValidation prompt="' + b"x" * 256 + b'" ',
        "prompt|sheet1",
    ),
    "link to nowhere": (_SHEET, b"location=\"'[^']*'!", b"location=\"'x'!", "link"),
    "a long header": (_SHEET, rb"(<odd\w+>)", rb"\1" + b"x" * 256, "header"),
    "selection elsewhere": (
        _SHEET,
        rb"<selection [^>]*/>",
        b'<selection activeCell="Z99" sqref="A1"/>',
        "selection",
    ),
    "two sheets selected": (
        "xl/worksheets/sheet2.xml",
        rb"<sheetView ",
        b'<sheetView tabSelected="1" ',
        "selected|sheet2",
    ),
}
