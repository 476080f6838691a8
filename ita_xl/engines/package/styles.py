"""The table of styles, as far as it says what a cell's number means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import lru_cache

from lxml import etree

from ita_xl.engines.package.book import local, parse_xml
from ita_xl.engines.package.sheetxml import parse
from ita_xl.engines.percentage import shows_percentage
from ita_xl.layout.address import At, number

_BUILT_IN = {"9", "10"}
"""0% and 0.00%, which a file names without their codes."""
_SUSPECT = re.compile(rb"""%|\bnumFmtId\s*=\s*["'](?:9|10)["']""")


@lru_cache(maxsize=8)
def percentages(part: bytes) -> frozenset[bytes]:
    """The numbers of the cell styles that show a percentage. part: the table of styles. Raises `ValueError` or
    `etree.XMLSyntaxError` for one that cannot be read."""
    if not _SUSPECT.search(part):
        return frozenset()
    root = parse_xml(part)
    formats = {e.get("numFmtId") for e in _within(root, "numFmts") if shows_percentage(e.get("formatCode", ""))}
    styles = enumerate(_within(root, "cellXfs"))
    return frozenset(str(place).encode() for place, style in styles if style.get("numFmtId") in formats | _BUILT_IN)


_NO_DATE = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]|General', re.IGNORECASE)
"""What stands in a format for itself."""
_DATE = re.compile("[dmyhsebg]|am/pm", re.IGNORECASE)
_DATES_BUILT_IN = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(67, 82)}


@lru_cache(maxsize=8)
def may_be_dates(part: bytes) -> frozenset[bytes]:
    """The numbers of the cell styles that may show a date, or hours: rather too many of them. Raises as above."""
    root = parse_xml(part)
    dates = {str(one) for one in _DATES_BUILT_IN}
    dates |= {
        e.get("numFmtId", "")
        for e in _within(root, "numFmts")
        if _DATE.search(_NO_DATE.sub("", e.get("formatCode", "")))
    }
    styles = enumerate(_within(root, "cellXfs"))
    return frozenset(str(place).encode() for place, style in styles if style.get("numFmtId") in dates)


def _within(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements of one of the table's lists."""
    lists = (e for e in root if isinstance(e.tag, str) and local(e) == name)
    return (e for found in lists for e in found if isinstance(e.tag, str))


def cells_styled(xml: bytes, end: int, styles: Set[bytes]) -> Iterator[At]:
    """The cells of a sheet that have one of some styles. end: of the rows. Raises `UnreadableSheet`."""
    marks = [b' s="%s"' % style for style in styles]
    count = sum(xml.count(mark, 0, end) for mark in marks)
    if not count:
        return
    plain = re.compile(rb'<c r="([A-Z]+)(\d+)"(?=[^>]*(?:' + b"|".join(marks) + rb"))")
    found = [match.groups() for match in plain.finditer(xml, 0, end)]
    if len(found) == count:
        yield from ((int(row), number(column.decode())) for column, row in found)
        return
    for row, held in parse(xml).rows.items():
        yield from ((row, column) for column, cell in held.cells.items() if cell.style in styles)
