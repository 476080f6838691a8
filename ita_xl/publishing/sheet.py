"""One sheet reduced to what it prints: values in visible cells of its print area, their looks, charts and pictures.

Everything that stays is listed by name; what a program may put into a sheet besides does not come along.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.engines.package.book import elements, local
from ita_xl.engines.package.stored import UNKNOWN
from ita_xl.engines.port import Grid
from ita_xl.layout import Sheet
from ita_xl.layout.address import LAST_ROW, Area, At, address, area
from ita_xl.layout.address import cell as place

_STAYING = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData mergeCells conditionalFormatting printOptions "
    "pageMargins pageSetup headerFooter rowBreaks colBreaks drawing"
).split()
_STAYING_IN = {
    "sheetPr": ["tabColor", "outlinePr", "pageSetUpPr"],
    "sheetView": ["pane", "selection"],
    "is": ["t", "r"],
}
_NOT_COPIED = {
    "sheetPr": ["codeName"],
    "sheetView": ["tabSelected"],
    "sheetFormatPr": ["outlineLevelCol"],
    "col": ["outlineLevel", "collapsed"],
    "row": ["spans"],
    "c": ["cm", "vm", "ph"],
}
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True)
class Visible:
    """What of a sheet is shown. title: its own. areas: what it prints. hidden: rows and columns that it hides.
    findings: cells that cannot be shown as they are."""

    title: str
    areas: list[Area]
    figures: list[Area]
    findings: list[Finding] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def shows(self, at: At) -> bool:
        """Whether a cell is printed, or holds a figure that a chart of ours draws."""
        visible = at[0] not in self.hidden_rows and at[1] not in self.hidden_columns
        return visible and any(one.__contains__(at) for one in (*self.areas, *self.figures))

    def covers(self, at: At) -> bool:
        return any(one.__contains__(at) for one in self.areas)


def drawn_area(sheet: Sheet) -> list[Area]:
    """The print area of a sheet as we draw it."""
    return [Area(1, 1, max(block.last_row for block in sheet.blocks), sheet.printed)]


def unused_columns(sheet: Sheet, grid: Grid) -> set[int]:
    """The columns of a sheet that only some agencies need, where nothing stands in them."""
    return {
        number
        for block in sheet.blocks
        for number, column in zip(block.numbers, block.columns, strict=True)
        if column.folded and all(grid.at(row, number) is None for row in range(block.first_row, block.last_row + 1))
    }


def chart_figures(sheet: Sheet) -> list[Area]:
    """Where figures stand, beside what is printed, that our charts draw."""
    aside = [block for block in sheet.blocks if block.aside]
    last = {block.key: block.first_column + len(block.columns) - 1 for block in aside}
    return [Area(b.header_row, b.first_column, b.last_row, last[b.key]) for b in aside]


def reduce(root: etree._Element, shown: Visible, shared: Sequence[etree._Element]) -> None:
    """Take out of a plain sheet's tree all that is not to be shown. shared: the texts that sheets share."""
    _leave(root, _STAYING)
    _hide(root, shown.hidden_columns)
    for column in _found(root, "col"):
        if column.get("hidden") in ("1", "true"):
            columns = Area(1, int(column.get("min", "1")), LAST_ROW, int(column.get("max", "1"))).clamped()
            shown.hidden_columns.update(range(columns.left, columns.right + 1) if columns else ())
    _reduce_rows(root, shown, shared)
    for element in root.iter():
        _strip(element)
    for merged in _found(root, "mergeCell"):
        whole = area(merged.get("ref", ""))
        if whole is None or not shown.covers(whole.first):
            _drop(merged)
    for group in _found(root, "mergeCells"):
        group.set("count", str(len(group)))
        if not len(group):
            _drop(group)


def _hide(root: etree._Element, numbers: Collection[int]) -> None:
    """Hide columns by their numbers; what is said of several columns together is said of each side apart."""
    for column in _found(root, "col") if numbers else ():
        spanned = range(int(column.get("min", "1")), int(column.get("max", "1")) + 1)
        for hidden, group in groupby(spanned, key=numbers.__contains__):
            members = list(group)
            part = copy.deepcopy(column)
            part.set("min", str(members[0]))
            part.set("max", str(members[-1]))
            if hidden:
                part.set("hidden", "1")
            column.addprevious(part)
        _drop(column)


def _reduce_rows(root: etree._Element, shown: Visible, shared: Sequence[etree._Element]) -> None:
    for row in _found(root, "row"):
        if row.get("hidden") in ("1", "true"):
            shown.hidden_rows.add(int(row.get("r", "")))
        for cell in elements(row):
            at = place(cell.get("r", ""))
            if at and shown.shows(at):
                _make_value(cell, shown, address(*at), shared)
            else:
                row.remove(cell)


def _make_value(cell: etree._Element, shown: Visible, at: str, shared: Sequence[etree._Element]) -> None:
    """A formula becomes its result, and a text that many sheets share one of the cell's own. A cell that cannot be
    shown is emptied, and named."""
    kind, value = cell.get("t", "n"), _text(cell, "v")
    if kind == "s" and value and not (value.isdecimal() and int(value) < len(shared)):
        kind, value = "e", UNKNOWN
    if trouble := _trouble(cell, kind, value):
        shown.findings.append(Finding(trouble, shown.title, at, values={"value": value}))
        kind = value = ""
    _leave(cell, ["v", "is"] if kind not in ("", "s", "str") else ["is"])
    if kind == "s" and value:
        _put_text(cell, copy.deepcopy(shared[int(value)]))
    elif kind == "str" and value:
        text = etree.Element(_same_space(cell, "si"))
        line = etree.SubElement(text, _same_space(cell, "t"))
        line.text = value
        line.set(_XML_SPACE, "preserve")
        _put_text(cell, text)
    elif kind in ("", "s", "str"):
        cell.attrib.pop("t", None)


def _trouble(cell: etree._Element, kind: str, value: str) -> Code | None:
    """Why a cell cannot be shown as it is. Beside a picture in a cell stands an error for programs that do not know
    such pictures; one program has a function for it."""
    if (kind == "e" and cell.get("vm")) or "DISPIMG(" in _text(cell, "f"):
        return Code.PUBLISHED_CELL_HAS_PICTURE
    if _child(cell, "f") is not None and not value and kind != "str":
        return Code.PUBLISHED_FORMULA_WITHOUT_RESULT
    return Code.PUBLISHED_CELL_HAS_ERROR if kind == "e" and value else None


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
    for child in elements(element):
        if local(child) == "extLst":
            element.remove(child)


def _leave(element: etree._Element, names: Collection[str]) -> None:
    for child in elements(element):
        if local(child) not in names:
            element.remove(child)


def _found(root: etree._Element, name: str) -> list[etree._Element]:
    return list(root.iter(_same_space(root, name)))


def _child(parent: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in elements(parent) if local(child) == name), None)


def _text(parent: etree._Element, name: str) -> str:
    child = _child(parent, name)
    return "" if child is None else child.text or ""


def _same_space(element: etree._Element, name: str) -> str:
    return f"{{{etree.QName(element).namespace}}}{name}"


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
