"""Sheets in the plain form in which nearly all programs write them; all that reads or rewrites one relies on it.

Plain is: UTF-8; names without a prefix; no comments, processing instructions or CDATA sections; every row and cell
begins with its address; double quotes.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

from ita_xl.engines.package.book import elements, local, parse_xml, serialised
from ita_xl.engines.package.sheetxml import UnreadableSheet
from ita_xl.layout.address import address, cell

_MOST = 16 * 2**20
"""Bytes of a sheet that is brought into the plain form, for which its tree takes ten times as much memory."""

_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)
_IN_UTF8 = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*(?:<\?xml(?:(?!encoding)[^>])*(?:encoding\s*=\s*["']utf-?8["'][^>]*)?\?>)?\s*<\w""",
    re.IGNORECASE,
)
_FAR_OR_NO_ADDRESS = re.compile(
    rb'<(?:c r="(?![A-Z]{1,2}(?:[1-9]\d{0,3}|1\d{4})")|row r="(?!(?:[1-9]\d{0,3}|1\d{4})"))'
)
"""A cell or row beyond those in which we look (`MAX_ROWS`, `MAX_COLUMNS`), or with an address that is none."""
_ODD_CELL = re.compile(rb"<c [^<>]*='")
_LIKE_CELLS = (b"<color", b"<charset", b"<condense")
"""What begins like a cell, inside a formatted text."""


class UnsafeSheet(ValueError):
    """A cell is so far out that reading the sheet as a table would take all memory, or there is a document type."""


@lru_cache(maxsize=64)
def plain(xml: bytes) -> bytes:
    """The sheet in the plain form, the same bytes if it is so already. Cached, because many workbooks share sheets.

    Raises `UnsafeSheet`, and `UnreadableSheet` or lxml's error for what is no sheet.
    """
    if _is_plain(xml):
        return xml
    if len(xml) > _MOST or b"<!DOCTYPE" in xml:
        raise UnsafeSheet
    made = serialised(_addressed(_without_prefix(cleaned(xml))))
    if _FAR_OR_NO_ADDRESS.search(made):
        raise UnsafeSheet
    return made


def in_utf8(xml: bytes) -> bool:
    """Whether a part is in UTF-8 by what it says of itself."""
    return _IN_UTF8.match(xml) is not None


@lru_cache(maxsize=64)
def is_whole(xml: bytes) -> bool:
    """Whether a part is in UTF-8, and its texts are not cut by comments, CDATA sections or instructions."""
    return in_utf8(xml) and b"<!" not in xml and xml.find(b"<?", 2) < 0


@lru_cache(maxsize=4)
def recoded(xml: bytes) -> bytes:
    """A part in UTF-8. Raises as `cleaned`."""
    return xml if in_utf8(xml) else serialised(cleaned(xml))


def cleaned(xml: bytes) -> etree._Element:
    """A part's tree without comments, processing instructions and CDATA sections. Raises lxml's error."""
    return parse_xml(xml, _PARSER)


def _is_plain(xml: bytes) -> bool:
    if not is_whole(xml):
        return False
    start, end = max(xml.find(b"<sheetData"), 0), max(xml.rfind(b"sheetData"), 0)

    def count(what: bytes) -> int:
        return xml.count(what, start, end)

    others = count(b"<c") - count(b'<c r="')
    if others and others != sum(map(count, _LIKE_CELLS)):
        return False
    if count(b"<row") != count(b'<row r="') or count(b":row") or _FAR_OR_NO_ADDRESS.search(xml, start, end):
        return False
    return b"='" not in xml or not _ODD_CELL.search(xml, start, end)


def _without_prefix(root: etree._Element) -> etree._Element:
    """The same tree, its own names in the namespace that needs no prefix."""
    if root.prefix is None:
        return root
    own = etree.QName(root).namespace
    spaces: dict[str | None, str] = {None: own or ""}
    spaces.update((prefix, space) for prefix, space in root.nsmap.items() if prefix and space != own)
    bare = etree.Element(root.tag, dict(root.attrib), nsmap=spaces)
    bare.extend(list(root))
    return bare


def _addressed(root: etree._Element) -> etree._Element:
    """The same tree; a row or cell without a usable address follows the one before it."""
    data = next((element for element in elements(root) if local(element) == "sheetData"), None)
    if data is None:
        raise UnreadableSheet
    row = 0
    for line in elements(data):
        typed = line.get("r", "")
        row = int(typed) if re.fullmatch("[1-9][0-9]*", typed) else row + 1
        _begin_with(line, str(row))
        column = 0
        for held in elements(line):
            at = cell(held.get("r", ""))
            column = at[1] if at else column + 1
            _begin_with(held, address(row, column))
    return root


def _begin_with(element: etree._Element, at: str) -> None:
    others = {name: value for name, value in element.attrib.items() if name != "r"}
    element.attrib.clear()
    element.set("r", at)
    element.attrib.update(others)
