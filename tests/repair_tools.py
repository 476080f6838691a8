"""What the rules of `repair` look with."""

from __future__ import annotations

from lxml import etree

from ita_xl.engines.package.book import local
from ita_xl.layout.address import Area, areas

ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def tree(parts: dict[str, bytes], name: str) -> etree._Element:
    return etree.fromstring(parts[name])


def kids(element: etree._Element, name: str = "") -> list[etree._Element]:
    """Its children, or those of one name."""
    found = [child for child in element if isinstance(child.tag, str)]
    return [child for child in found if local(child) == name] if name else found


def held(element: etree._Element, name: str) -> list[etree._Element]:
    """The children of a child."""
    return [child for one in kids(element, name) for child in kids(one)]


def out_of_order(element: etree._Element, order: list[str]) -> list[str]:
    """The children's names, if they do not stand in an order or are not in it."""
    names = [local(child) for child in kids(element)]
    places = [order.index(name) if name in order else -1 for name in names]
    return names if -1 in places or places != sorted(places) else []


def overlapping(found: list[Area]) -> list[Area]:
    """Those that share a cell with one before."""
    return [
        one
        for place, one in enumerate(found)
        if any(
            one.left <= o.right and o.left <= one.right and one.top <= o.bottom and o.top <= one.bottom
            for o in found[:place]
        )
    ]


def places(text: str | None) -> list[Area] | None:
    """The areas of a list; None if one is none, or there is none."""
    found = areas(text or "")
    return found if text and len(found) == len(text.split()) else None
