"""The links of cells to sheets of the workbook, in the bytes of a sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

from ita_xl.engines.references import leading_to, sheet_of_link

_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b[^>]*>")
_CELL = re.compile(rb'\bref="([^"]*)"')
_PLACE = re.compile(rb'\blocation="([^"]*)"')
_OUTSIDE = b":id="


def leading(xml: bytes) -> dict[str, str]:
    """The title that each cell's link names."""
    found = {}
    for link in _LINK.findall(xml):
        cell, place = _CELL.search(link), _PLACE.search(link)
        title = sheet_of_link(unescape(place[1].decode())) if place and _OUTSIDE not in link else ""
        if cell and title:
            found[cell[1].decode()] = title
    return found


def led(xml: bytes, links: Mapping[str, str]) -> bytes:
    """The sheet with the links of some cells leading to sheets of these titles."""

    def anew(link: re.Match[bytes]) -> bytes:
        cell = _CELL.search(link[0])
        title = links.get(cell[1].decode()) if cell else None
        if title is None or _OUTSIDE in link[0]:
            return link[0]

        def place(held: re.Match[bytes]) -> bytes:
            return b'location="%b"' % escape(leading_to(title, unescape(held[1].decode()))).encode()

        return _PLACE.sub(place, link[0])

    return _LINK.sub(anew, xml)
