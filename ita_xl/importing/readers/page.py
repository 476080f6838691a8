"""A saved web page: its tables and the text between them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree, html

from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import tidy
from ita_xl.importing.readers.plain import cells_of, decoded
from ita_xl.importing.source import RUNNING, Row

_WIDEST = 60
_LEFT_OUT = ("script", "style", "noscript", "template", "select", "svg")
_BLOCKS = {
    "p",
    "div",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "td",
    "section",
    "span",
    "body",
    "dd",
    "dt",
    "article",
}


def rows(content: bytes, name: str) -> list[Row]:
    """Raises `Unusable` for a page without anything to read, and for one that only asks to log in."""
    try:
        root = html.fromstring(_text(content, name), parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unusable(Finding(Code.SOURCE_NOT_READABLE, values={"file": name})) from error
    if not root.xpath("//table") and root.xpath("//input[@type='password']"):
        raise Unusable(Finding(Code.SOURCE_ASKS_TO_LOG_IN, values={"file": name}))
    etree.strip_elements(root, *_LEFT_OUT, with_tail=False)
    return list(_rows(root))


def _text(content: bytes, name: str) -> bytes:
    """In UTF-8, whatever it was: a page saved on a Thai Windows often says one encoding and has another."""
    return decoded(content, name).encode("utf-8")


def _rows(root: html.HtmlElement) -> Iterator[Row]:
    table, line = 0, 0
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "table":
            if element.find(".//table") is None:
                table += 1
                yield from _table(element, table)
        elif element.tag in _BLOCKS and not _within_table(element):
            text = tidy(" ".join(_own_text(element)))
            if text:
                line += 1
                yield Row(cells_of(text), say("imports.paragraph", number=line), RUNNING)


def _within_table(element: html.HtmlElement) -> bool:
    inner = next(element.iterancestors("table"), None)
    return inner is not None and inner.find(".//table") is None


def _own_text(element: html.HtmlElement) -> Iterator[str]:
    """The text of a block without that of the blocks in it."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _BLOCKS | {"table", "ul", "ol"}:
            yield child.text_content()
        yield child.tail or ""


def _table(element: html.HtmlElement, table: int) -> Iterator[Row]:
    """Rows with every cell in its column: one that covers others leaves those empty."""
    covered: dict[int, int] = {}
    for number, row in enumerate(element.iter("tr"), 1):
        cells: list[str] = []
        at = 0
        for cell in row.iterchildren("td", "th"):
            while covered.get(at, 0):
                covered[at] -= 1
                cells.append("")
                at += 1
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            cells += [tidy(cell.text_content()), *[""] * (wide - 1)]
            for place in range(at, at + wide):
                covered[place] = high - 1
            at += wide
        for place in range(at, max(covered, default=-1) + 1):
            if covered.get(place, 0):
                covered[place] -= 1
                cells.append("")
        yield Row(tuple(cells[:_WIDEST]), say("imports.table_row", table=table, row=number), table)


def _span(cell: html.HtmlElement, key: str) -> int:
    said = cell.get(key, "1")
    return min(max(int(said), 1), _WIDEST) if said.isascii() and said.isdigit() else 1
