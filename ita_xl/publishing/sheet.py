"""One sheet reduced to what it prints: values in visible cells of its print area, their looks, charts and pictures.

Everything that stays is listed by name; what a program may put into a sheet besides does not come along.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Sequence
from itertools import groupby

from lxml import etree

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.engines.package.book import drop, elements, local
from ita_xl.engines.package.stored import UNKNOWN
from ita_xl.layout import Sheet
from ita_xl.layout.address import LAST_COLUMN, LAST_ROW, Area, address, area, areas
from ita_xl.layout.address import cell as place
from ita_xl.publishing.visible import Visible

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
    "sheetView": ["tabSelected", "topLeftCell", "view", "showFormulas", "zoomScale", "zoomScaleNormal"],
    "sheetFormatPr": ["outlineLevelCol"],
    "col": ["outlineLevel", "collapsed"],
    "row": ["spans"],
    "c": ["cm", "vm", "ph"],
}
_WIDEST = 255.0
"""Characters of a column, at most."""
_TRUE = ("1", "true")
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def drawn_area(sheet: Sheet) -> list[Area]:
    """The print area of a sheet as we draw it."""
    return [Area(1, 1, max(block.last_row for block in sheet.blocks), sheet.printed)]


def chart_figures(sheet: Sheet) -> list[Area]:
    """Where figures stand, beside what is printed, that our charts draw."""
    aside = [block for block in sheet.blocks if block.aside]
    last = {block.key: block.first_column + len(block.columns) - 1 for block in aside}
    return [Area(b.header_row, b.first_column, b.last_row, last[b.key]) for b in aside]


def look_hidden(root: etree._Element, sight: Visible) -> None:
    """Find the rows and columns that a plain sheet's tree hides."""
    for column in _found(root, "col"):
        if column.get("hidden") in _TRUE:
            columns = Area(1, int(column.get("min", "1")), LAST_ROW, int(column.get("max", "1"))).clamped()
            sight.hidden_columns.update(range(columns.left, columns.right + 1) if columns else ())
    sight.hidden_rows.update(int(row.get("r", "")) for row in _found(root, "row") if row.get("hidden") in _TRUE)


def reduce(root: etree._Element, sight: Visible, shared: Sequence[etree._Element], *, first: bool) -> None:
    """Take out of a plain sheet's tree all that is not to be shown. shared: the texts that sheets share. first:
    whether it is the sheet that is seen when the copy is opened."""
    _leave(root, _STAYING)
    _hide(root, sight)
    for figure in sight.figures:
        _gather(root, figure, sight.filled_rows(figure))
    _reduce_rows(root, sight, shared)
    for element in root.iter():
        _strip(element)
    for view in _found(root, "sheetView"):
        _to_the_beginning(view, first=first)
    _merge(root, sight)
    for end in (end for group in _found(root, "rowBreaks") for end in elements(group)):
        if int(end.get("id", "0")) not in sight.breaks:
            drop(end)
    _count(root, "rowBreaks")
    for rules in _found(root, "conditionalFormatting"):
        _cut(rules, sight.beyond)


def _to_the_beginning(view: etree._Element, *, first: bool) -> None:
    """Show a sheet from its first cell on, wherever somebody left it."""
    if first:
        view.set("tabSelected", "1")
    for child in elements(view):
        if local(child) == "selection":
            view.remove(child)
        elif child.get("state", "").startswith("frozen"):
            down, right = (int(float(child.get(name, "0"))) for name in ("ySplit", "xSplit"))
            child.set("topLeftCell", address(down + 1, right + 1))
        else:
            view.remove(child)


def _gather(root: etree._Element, figures: Area, rows: Sequence[int]) -> None:
    """Put the filled rows of a table of figures right below its heading: a chart that also plots what is hidden
    would leave room for the empty ones."""
    places = {int(row.get("r", "")): row for row in _found(root, "row")}
    for target, source in enumerate(rows, figures.top + 1):
        if target == source:
            continue
        for cell in elements(places[target]) if target in places else ():
            if figures.__contains__(place(cell.get("r", ""))):
                places[target].remove(cell)
        for cell in elements(places[source]):
            at = place(cell.get("r", ""))
            if at and figures.__contains__(at):
                cell.set("r", address(target, at[1]))
                places[target].append(cell)


def _merge(root: etree._Element, sight: Visible) -> None:
    for merged in _found(root, "mergeCell"):
        whole = area(merged.get("ref", ""))
        if whole is None or not sight.shows(whole.first):
            drop(merged)
    if sight.joined and not _found(root, "mergeCells"):
        _found(root, "sheetData")[0].addnext(etree.Element(_same_space(root, "mergeCells")))
    for group in _found(root, "mergeCells"):
        for joined in sight.joined:
            etree.SubElement(group, _same_space(group, "mergeCell"), ref=str(joined))
    _count(root, "mergeCells")


def _count(root: etree._Element, name: str) -> None:
    """Say how many members a group has; one that has none goes."""
    for group in _found(root, name):
        for attribute in {"count", "manualBreakCount"}.intersection(group.attrib):
            group.set(attribute, str(len(group)))
        if not len(group):
            drop(group)


def _cut(rules: etree._Element, beyond: Sequence[Area]) -> None:
    """End the colours of a table where it ends."""
    kept = []
    for one in areas(rules.get("sqref", "")):
        left, right = one.left, one.right
        for out in (out for out in beyond if out.top <= one.top and one.bottom <= out.bottom):
            if out.left <= left:
                left = max(left, out.right + 1)
            else:
                right = min(right, out.left - 1)
        if left <= right:
            kept.append(one._replace(left=left, right=right))
    rules.set("sqref", " ".join(map(str, kept)))
    if not kept:
        drop(rules)


def _hide(root: etree._Element, sight: Visible) -> None:
    """Hide columns. The room of those that are left out goes to the widest others, so that the sheet prints as
    large as before; what is said of several columns together is said of each side apart."""
    columns = [
        (column, int(column.get("min", "1")), min(int(column.get("max", "1")), LAST_COLUMN))
        for column in _found(root, "col")
    ]
    widths = {
        n: _width(column) for column, first, last in columns for n in range(first, min(last, sight.right) + 1)
    }
    kept = {n: width for n, width in widths.items() if n not in sight.hidden_columns}
    widest = {n for n, width in kept.items() if width * 2 >= max(kept.values())}
    freed = sum(widths.get(number, 0.0) for number in sight.room)
    grown = 1 + freed / (sum(kept[n] for n in widest) or 1.0)
    aside = {n for area in sight.figures for n in range(area.left, area.right + 1)}
    hidden = sight.hidden_columns | aside
    for column, first, last in columns:
        for (is_hidden, grows), group in groupby(range(first, last + 1), lambda n: (n in hidden, n in widest)):
            members = list(group)
            part = copy.deepcopy(column)
            part.set("min", str(members[0]))
            part.set("max", str(members[-1]))
            if is_hidden:
                part.set("hidden", "1")
            if grows and freed:
                part.set("width", f"{min(_width(column) * grown, _WIDEST):.15g}")
                part.set("customWidth", "1")
            column.addprevious(part)
        drop(column)


def _width(column: etree._Element) -> float:
    return float(column.get("width", "0"))


def _reduce_rows(root: etree._Element, sight: Visible, shared: Sequence[etree._Element]) -> None:
    plotted = [one for one in map(sight.gathered, sight.figures) if one.top < one.bottom]
    for row in _found(root, "row"):
        number = int(row.get("r", ""))
        if number in sight.hidden_rows:
            row.set("hidden", "1")
        for cell in elements(row):
            at = place(cell.get("r", ""))
            if at and (sight.shows(at) or any(one.__contains__(at) for one in plotted)):
                _make_value(cell, sight, address(*at), shared)
            else:
                row.remove(cell)


def _make_value(cell: etree._Element, sight: Visible, at: str, shared: Sequence[etree._Element]) -> None:
    """A formula becomes its result, and a text that many sheets share one of the cell's own. A cell that cannot be
    shown is emptied, and named."""
    kind, value = cell.get("t", "n"), _text(cell, "v")
    if kind == "s" and value and not (value.isdecimal() and int(value) < len(shared)):
        kind, value = "e", UNKNOWN
    if trouble := _trouble(cell, kind, value):
        sight.findings.append(Finding(trouble, sight.title, at, values={"value": value}))
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


def keep_rules(
    root: etree._Element, names: Collection[str], known: Collection[str], unwanted: Collection[str]
) -> None:
    """Leave out conditional formats that need another sheet or a name that does not come along.
    names: all names of the workbook. known: those of them that do. unwanted: the numbers of looks that go too."""
    lost = [
        re.compile(rf"(?<![\w.\\]){re.escape(name)}(?![\w.\\(])", re.IGNORECASE) for name in {*names} - {*known}
    ]
    for rule in _found(root, "cfRule"):
        words = " ".join(formula.text or "" for formula in _found(rule, "formula"))
        needs_more = "!" in words or "[" in words
        if needs_more or rule.get("dxfId") in unwanted or any(name.search(words) for name in lost):
            drop(rule)
    for group in _found(root, "conditionalFormatting"):
        if not len(group):
            drop(group)


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
