"""Charts store the values that they plot; those that plot our sheets get the new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from ita_xl.workbook.package.archive import Archive
from ita_xl.workbook.package.book import local, parse_xml, serialised
from ita_xl.workbook.port import Grid, Value
from ita_xl.workbook.schema import number

_CHART = re.compile(r"xl/charts/chart[^/]*\.xml$")
_AREA = re.compile(r"^'?((?:[^']|'')+?)'?!\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?$")


def refreshed(archive: Archive, grids: Mapping[str, Grid]) -> dict[str, bytes]:
    """The chart parts whose stored values come from one of the sheets, with the values of these grids."""
    changed = {}
    titles = [title.encode() for title in grids]
    for name in archive.names:
        if not _CHART.match(name):
            continue
        content = archive.read(name)
        if b"Cache" not in content or not (b"&#" in content or any(title in content for title in titles)):
            continue
        root = parse_xml(content)
        if sum(_refresh(reference, grids) for reference in _references(root)):
            changed[name] = serialised(root)
    return changed


def _references(root: etree._Element) -> Iterator[etree._Element]:
    return (e for e in root.iter() if isinstance(e.tag, str) and local(e) in ("numRef", "strRef"))


def _refresh(reference: etree._Element, grids: Mapping[str, Grid]) -> bool:
    parts = {local(child): child for child in reference if isinstance(child.tag, str)}
    area = _AREA.match(parts["f"].text or "") if "f" in parts else None
    cache = next((parts[key] for key in ("numCache", "strCache") if key in parts), None)
    title = area[1].replace("''", "'") if area else ""
    if area is None or cache is None or title not in grids:
        return False
    values = _values(grids[title], area)
    for point in [p for p in cache if isinstance(p.tag, str) and local(p) == "pt"]:
        cache.remove(point)
    space = f"{{{etree.QName(cache).namespace}}}"
    count = next((e for e in cache if isinstance(e.tag, str) and local(e) == "ptCount"), None)
    if count is None:
        count = etree.SubElement(cache, f"{space}ptCount")
    count.set("val", str(len(values)))
    position = list(cache).index(count) + 1
    for index, value in enumerate(values):
        if value is not None:
            point = etree.Element(f"{space}pt", idx=str(index))
            etree.SubElement(point, f"{space}v").text = f"{value:g}" if isinstance(value, float) else str(value)
            cache.insert(position, point)
            position += 1
    return True


def _values(grid: Grid, area: re.Match[str]) -> list[Value]:
    first, last = int(area[3]), int(area[5] or area[3])
    columns = range(number(area[2]), number(area[4] or area[2]) + 1)
    return [grid.at(row, column) for column in columns for row in range(first, last + 1)]
