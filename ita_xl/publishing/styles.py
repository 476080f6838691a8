"""The looks of a workbook without the colour of cells to fill in: in a copy nobody fills in anything."""

from __future__ import annotations

from lxml import etree

from ita_xl.drawing.palette import INPUT
from ita_xl.engines.package.book import drop, elements, local, parse_xml, serialised


def without_entry_colour(styles: bytes) -> tuple[bytes, set[str]]:
    """The styles part, and the numbers of the conditional looks that had the colour."""
    root = parse_xml(styles)
    for fill in (fill for group in _groups(root, "fills") for fill in elements(group) if _is_entry(fill)):
        for pattern in elements(fill):
            pattern.clear()
            pattern.set("patternType", "none")
    coloured = set()
    looks = [look for group in _groups(root, "dxfs") for look in elements(group)]
    for number, look in enumerate(looks):
        for fill in filter(_is_entry, _groups(look, "fill")):
            coloured.add(str(number))
            drop(fill)
    return serialised(root), coloured


def _groups(parent: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in elements(parent) if local(child) == name]


def _is_entry(fill: etree._Element) -> bool:
    colours = [
        e.get("rgb", "") for e in fill.iter() if isinstance(e.tag, str) and local(e) in ("fgColor", "bgColor")
    ]
    return any(colour.upper().endswith(INPUT) for colour in colours)
