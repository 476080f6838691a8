"""Charts store the values that they plot; those that plot our sheets get the new ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from functools import cache

from lxml import etree

from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import local, parse_xml, serialised
from ita_xl.engines.port import Grid, Value
from ita_xl.layout.address import number

_CHART = re.compile(r"xl/charts/chart[^/]*\.xml$")
_AREA = re.compile(r"^'?((?:[^']|'')+?)'?!\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?$")


def refresh(archive: Archive, titles: Container[str], read: Callable[[str], Grid]) -> None:
    """Give charts with stored values from one of these sheets what the sheets now hold."""
    held = cache(read)
    for name in archive.names:
        if _CHART.match(name) and b"Cache" in (content := archive.read(name)):
            root = parse_xml(content)
            if sum(_refresh(reference, titles, held) for reference in _references(root)):
                archive.write(name, serialised(root))


def plotted_sheet(formula: str) -> str:
    """The title of the one sheet that a chart's formula plots from, empty for a formula that is not that plain."""
    area = _AREA.match(formula)
    return area[1].replace("''", "'") if area else ""


def _references(root: etree._Element) -> Iterator[etree._Element]:
    return (e for e in root.iter() if isinstance(e.tag, str) and local(e) in ("numRef", "strRef"))


def _refresh(reference: etree._Element, titles: Container[str], read: Callable[[str], Grid]) -> bool:
    parts = {local(child): child for child in reference if isinstance(child.tag, str)}
    area = _AREA.match(parts["f"].text or "") if "f" in parts else None
    stored = next((parts[key] for key in ("numCache", "strCache") if key in parts), None)
    title = plotted_sheet(area[0]) if area else ""
    if area is None or stored is None or title not in titles:
        return False
    values = _values(read(title), area)
    for point in [p for p in stored if isinstance(p.tag, str) and local(p) == "pt"]:
        stored.remove(point)
    space = f"{{{etree.QName(stored).namespace}}}"
    count = next((e for e in stored if isinstance(e.tag, str) and local(e) == "ptCount"), None)
    if count is None:
        count = etree.SubElement(stored, f"{space}ptCount")
    count.set("val", str(len(values)))
    position = list(stored).index(count) + 1
    for index, value in enumerate(values):
        if value is not None:
            point = etree.Element(f"{space}pt", idx=str(index))
            etree.SubElement(point, f"{space}v").text = f"{value:g}" if isinstance(value, float) else str(value)
            stored.insert(position, point)
            position += 1
    return True


def _values(grid: Grid, area: re.Match[str]) -> list[Value]:
    first, last = int(area[3]), int(area[5] or area[3])
    columns = range(number(area[2]), number(area[4] or area[2]) + 1)
    return [grid.at(row, column) for column in columns for row in range(first, last + 1)]
