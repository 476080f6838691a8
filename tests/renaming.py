"""What people do with whole sheets of a workbook, as Excel leaves it: rename one, copy it, delete it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from ita_xl.layout import Sheet
from tests.worked_in import Worked

_BOOK = "xl/workbook.xml"
_SHEET_TYPE = "vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def renamed(content: bytes, titles: Mapping[str, str]) -> bytes:
    """Sheets called otherwise: names, formulas and charts follow, links do not."""
    work = Worked(content)
    for name, part in work.parts.items():
        if not name.endswith(".xml") or name.startswith("docProps"):
            continue
        links = re.findall(rb"<hyperlink\b[^>]*>", part)
        bare = re.sub(rb"<hyperlink\b[^>]*>", b"<hyperlink-kept/>", part)
        for old, new in titles.items():
            bare = bare.replace(f"'{old}'!".encode(), f"'{escape(new)}'!".encode())
            if name == _BOOK:
                bare = bare.replace(f'name="{old}"'.encode(), f'name="{escape(new)}"'.encode())
        kept = iter(links)
        work.parts[name] = re.sub(rb"<hyperlink-kept/>", lambda _: next(kept), bare)  # noqa: B023
    return work.content


def copied(content: bytes, sheet: Sheet, title: str, *, named: bool = True) -> bytes:
    """A sheet copied behind all others. named: it gets names of its own, as Excel gives them."""
    work = Worked(content)
    part = work.parts[work.of(sheet)]
    part = re.sub(rb"<(drawing|legacyDrawing)\b[^>]*/>|<hyperlinks>.*?</hyperlinks>", b"", part, flags=re.DOTALL)
    work.part("xl/worksheets/copy.xml", part.decode(), _SHEET_TYPE, _BOOK, "rIdCopy worksheet")
    book = work.parts[_BOOK]
    entry = f'<sheet xmlns:r="{_relations()}" name="{title}" sheetId="99" r:id="rIdCopy"/></sheets>'
    place = len(re.findall(rb"<sheet\b", book))
    book = book.replace(b"</sheets>", entry.encode())
    if named:
        ours = re.findall(rf'<definedName name="(_ita\.{sheet.key}\b[^"]*)"[^>]*>([^<]*)<'.encode(), book)
        ours = ours or re.findall(
            rf'<definedName [^>]*?name="(_ita\.{sheet.key}\b[^"]*)"[^>]*>([^<]*)<'.encode(), book
        )
        assert ours
        own = b"".join(
            b'<definedName name="%b" localSheetId="%d" hidden="1">%b</definedName>'
            % (name, place, where.replace(sheet.title.encode(), title.encode()))
            for name, where in ours
        )
        book = book.replace(b"</definedNames>", own + b"</definedNames>")
    work.parts[_BOOK] = book
    return work.content


def deleted(content: bytes, sheet: Sheet) -> bytes:
    """A sheet that is gone; what named its cells is an error."""
    work = Worked(content)
    book = work.parts[_BOOK]
    book = re.sub(rf'<sheet [^>]*name="{sheet.title}"[^>]*/>'.encode(), b"", book)
    book = re.sub(rf">'{sheet.title}'![^<]*<".encode(), b">#REF!<", book)
    work.parts[_BOOK] = book
    return work.content


def without_names(content: bytes) -> bytes:
    """A workbook of an earlier version, or one whose names are gone."""
    work = Worked(content)
    book = work.parts[_BOOK]
    work.parts[_BOOK] = re.sub(rb'<definedName [^>]*name="_ita\.[^>]*>[^<]*</definedName>', b"", book)
    return work.content


def _relations() -> str:
    return "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
