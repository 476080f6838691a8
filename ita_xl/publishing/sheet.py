"""One sheet reduced to what it prints: values in visible cells of its print area, their looks, charts and pictures.

Everything that stays is listed by name; what a program may put into a sheet besides does not come along.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from lxml import etree

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.engines.package.book import local
from ita_xl.layout import Sheet
from ita_xl.layout.address import letter, number

Box = tuple[int, int, int, int]
"""First row, first column, last row, last column."""

_STAYING = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData mergeCells conditionalFormatting printOptions "
    "pageMargins pageSetup headerFooter rowBreaks colBreaks drawing"
).split()
_STAYING_IN = {
    "sheetPr": ["tabColor", "outlinePr", "pageSetUpPr"],
    "sheetView": ["pane", "selection"],
    "is": ["t", "r"],
}
_NOT_COPIED = {"sheetPr": ["codeName"], "sheetView": ["tabSelected"], "c": ["cm", "vm", "ph"], "row": ["spans"]}
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True)
class Visible:
    """What of a sheet is shown. title: its own. areas: what it prints. hidden: rows and columns that it hides.
    findings: formulas without a result."""

    title: str
    areas: list[Box]
    figures: list[Box]
    findings: list[Finding] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def shows(self, row: int, column: int) -> bool:
        """Whether a cell is printed, or holds a figure that a chart of ours draws."""
        visible = row not in self.hidden_rows and column not in self.hidden_columns
        return visible and any(_within(box, row, column) for box in (*self.areas, *self.figures))

    def covers(self, row: int, column: int) -> bool:
        return any(_within(box, row, column) for box in self.areas)


def boxes(reference: str) -> list[Box]:
    """The areas of a reference such as 'A'!$A$1:$C$9,'A'!$E$1:$E$9; empty for one that is not that plain."""
    found = []
    for part in reference.split(",") if reference else ():
        area = _AREA.fullmatch(part.rpartition("!")[2])
        if area is None:
            return []
        last_column, last_row = area[3] or area[1], area[4] or area[2]
        found.append((int(area[2]), number(area[1]), int(last_row), number(last_column)))
    return found


def cells(box: Box) -> Iterator[tuple[int, int]]:
    """The cells of an area, row by row."""
    top, left, bottom, right = box
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def drawn_area(sheet: Sheet) -> list[Box]:
    """The print area of a sheet as we draw it."""
    return [(1, 1, sheet.last_row, sheet.printed)]


def chart_figures(sheet: Sheet) -> list[Box]:
    """Where figures stand, beside what is printed, that our charts draw."""
    aside = [block for block in sheet.blocks if block.aside]
    last = {block.key: block.first_column + len(block.columns) - 1 for block in aside}
    return [(b.header_row, b.first_column, b.last_row, last[b.key]) for b in aside]


def reference(areas: Collection[Box]) -> list[str]:
    """Areas as absolute addresses without the sheet."""
    return [f"${letter(left)}${top}:${letter(right)}${bottom}" for top, left, bottom, right in areas]


def reduce(root: etree._Element, shown: Visible, shared: Callable[[int], etree._Element]) -> None:
    """Take out of a sheet's tree all that is not to be shown. shared: gives a shared text by its number."""
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    _leave(root, _STAYING)
    for column in _found(root, "col"):
        if column.get("hidden") in ("1", "true"):
            shown.hidden_columns.update(range(int(column.get("min", "1")), int(column.get("max", "1")) + 1))
    _reduce_rows(root, shown, shared)
    for element in root.iter():
        _strip(element)
    for merged in _found(root, "mergeCell"):
        if not all(shown.covers(top, left) for top, left, _, _ in boxes(merged.get("ref", ""))):
            _drop(merged)
    for group in _found(root, "mergeCells"):
        group.set("count", str(len(group)))
        if not len(group):
            _drop(group)


def _reduce_rows(root: etree._Element, shown: Visible, shared: Callable[[int], etree._Element]) -> None:
    row_number = 0
    for row in _found(root, "row"):
        row_number = int(row.get("r", row_number + 1))
        if row.get("hidden") in ("1", "true"):
            shown.hidden_rows.add(row_number)
        column = 0
        for cell in _elements(row):
            at = re.sub(r"\d", "", cell.get("r", ""))
            column = number(at) if at else column + 1
            if not shown.shows(row_number, column):
                row.remove(cell)
            else:
                _make_value(cell, shown, f"{letter(column)}{row_number}", shared)


def _make_value(cell: etree._Element, shown: Visible, at: str, shared: Callable[[int], etree._Element]) -> None:
    """A formula becomes its result, and a text that many sheets share one of the cell's own."""
    formula, stored = _child(cell, "f"), _child(cell, "v")
    kind = cell.get("t", "n")
    value = (stored.text or "") if stored is not None else ""
    if formula is not None and not value and kind != "str":
        shown.findings.append(Finding(Code.PUBLISHED_FORMULA_WITHOUT_RESULT, shown.title, at))
    _leave(cell, ["is"] if kind in ("s", "str") else ["v", "is"])
    if kind == "s" and value:
        _put_text(cell, copy.deepcopy(shared(int(value))))
    elif kind == "str" and value:
        text = etree.Element(_same_space(cell, "si"))
        line = etree.SubElement(text, _same_space(cell, "t"))
        line.text = value
        line.set(_XML_SPACE, "preserve")
        _put_text(cell, text)
    elif kind in ("s", "str"):
        cell.attrib.pop("t", None)


def _put_text(cell: etree._Element, text: etree._Element) -> None:
    text.tag = _same_space(cell, "is")
    _leave(text, _STAYING_IN["is"])
    cell.set("t", "inlineStr")
    cell.append(text)


def keep_rules(root: etree._Element, names: Collection[str], known: Collection[str]) -> None:
    """Leave out conditional formats that need another sheet or a name that does not come along.
    names: all names of the workbook. known: those of them that do."""
    lost = [
        re.compile(rf"(?<![\w.\\]){re.escape(name)}(?![\w.\\(])", re.IGNORECASE) for name in {*names} - {*known}
    ]
    for rule in _found(root, "cfRule"):
        words = " ".join(formula.text or "" for formula in _found(rule, "formula"))
        if "!" in words or "[" in words or any(name.search(words) for name in lost):
            _drop(rule)
    for group in _found(root, "conditionalFormatting"):
        if not len(group):
            _drop(group)


def _strip(element: etree._Element) -> None:
    """Take out attributes and children that say more than what is printed."""
    kind = local(element)
    for name in list(element.attrib):
        foreign = name.startswith("{") and name != _XML_SPACE and kind != "drawing"
        if foreign or name in _NOT_COPIED.get(kind, ()):
            del element.attrib[name]
    if kind in _STAYING_IN:
        _leave(element, _STAYING_IN[kind])
    for child in _elements(element):
        if local(child) == "extLst":
            element.remove(child)


def _leave(element: etree._Element, names: Collection[str]) -> None:
    for child in _elements(element):
        if local(child) not in names:
            element.remove(child)


def _within(box: Box, row: int, column: int) -> bool:
    return box[0] <= row <= box[2] and box[1] <= column <= box[3]


def _elements(parent: etree._Element) -> list[etree._Element]:
    return [child for child in parent if isinstance(child.tag, str)]


def _found(root: etree._Element, name: str) -> list[etree._Element]:
    return list(root.iter(_same_space(root, name)))


def _child(parent: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in _elements(parent) if local(child) == name), None)


def _same_space(element: etree._Element, name: str) -> str:
    return f"{{{etree.QName(element).namespace}}}{name}"


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
