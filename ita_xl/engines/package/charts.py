"""Charts store the values that they plot; those that plot our sheets get the new ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cache

from lxml import etree

from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import elements, local, parse_xml, serialised
from ita_xl.engines.port import CellError, Grid, Value
from ita_xl.engines.spelling import spelt
from ita_xl.layout.address import Area, sheet_and_areas

_CHART = re.compile(r"xl/charts/chart[^/]*\.xml$", re.IGNORECASE)


def refresh(archive: Archive, titles: Container[str], read: Callable[[str], Grid], *, store: bool = False) -> None:
    """Give charts with stored values from one of these sheets what the sheets now hold. store: those without stored
    values get them too, for programs that show a chart without reading its cells."""
    held = cache(read)
    for name in archive.names:
        if _CHART.match(name) and (store or b"Cache" in archive.read(name)):
            root = parse_xml(archive.read(name))
            for reference in _references(root) if store else ():
                _make_store(reference)
            if sum(_refresh(reference, titles, held) for reference in _references(root)):
                archive.write(name, serialised(root))


def _references(root: etree._Element) -> Iterator[etree._Element]:
    return (e for e in root.iter() if isinstance(e.tag, str) and local(e) in ("numRef", "strRef"))


def _make_store(reference: etree._Element) -> None:
    """Room for the values of what is plotted, right after the formula that names it."""
    kind = local(reference).replace("Ref", "Cache")
    formula = next((child for child in elements(reference) if local(child) == "f"), None)
    if formula is not None and not any(local(child) == kind for child in elements(reference)):
        formula.addnext(etree.Element(f"{{{etree.QName(reference).namespace}}}{kind}"))


def _refresh(reference: etree._Element, titles: Container[str], read: Callable[[str], Grid]) -> bool:
    parts = {local(child): child for child in elements(reference)}
    stored = next((parts[key] for key in ("numCache", "strCache") if key in parts), None)
    title, areas = sheet_and_areas(parts["f"].text or "") if "f" in parts else ("", [])
    if not areas or stored is None or title not in titles:
        return False
    count, points = _plotted(read(title), areas, numbers=local(stored) == "numCache")
    for old in elements(stored):
        if local(old) in ("pt", "ptCount"):
            stored.remove(old)
    space = f"{{{etree.QName(stored).namespace}}}"
    made = [etree.Element(f"{space}ptCount", val=str(count))]
    for index, text in sorted(points.items()):
        made.append(etree.Element(f"{space}pt", idx=str(index)))
        etree.SubElement(made[-1], f"{space}v").text = text
    # A format comes before the points, an extension after them.
    first = sum(local(child) == "formatCode" for child in elements(stored))
    stored[first:first] = made
    return True


def _plotted(grid: Grid, areas: Iterable[Area], *, numbers: bool) -> tuple[int, dict[int, str]]:
    """How many points areas have, column by column, and the texts of those that there are. numbers: whether only
    numbers can be plotted."""
    count = 0
    points: dict[int, str] = {}
    for area in areas:
        near = area.clamped()
        if near:
            rows = near.bottom - near.top + 1
            for (row, column), value in grid.within(near):
                text = _told(value, numbers=numbers)
                if text is not None:
                    points[count + (column - near.left) * rows + row - near.top] = text
            count += near.size
    return count, points


def _told(value: Value, *, numbers: bool) -> str | None:
    """A value as a chart stores it; None for what it has to ask the cell for, such as a date's look."""
    if isinstance(value, CellError):
        return value.text
    if isinstance(value, bool):
        return None if numbers else str(value).upper()
    if isinstance(value, int | float):
        return f"{value:.15g}"
    return spelt(value) if isinstance(value, str) and not numbers else None
