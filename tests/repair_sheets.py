"""The rules of `repair` for a single sheet."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ita_xl.engines.package.book import local
from ita_xl.engines.references import sheet_of_link
from ita_xl.layout.address import LAST_COLUMN, LAST_ROW, area, cell
from tests.repair_tools import ID, held, kids, out_of_order, overlapping, places

ORDER = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges "
    "scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting "
    "dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks "
    "customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture "
    "oleObjects controls webPublishItems tableParts extLst"
).split()
HIGHEST, WIDEST, LONGEST = 409.5, 255.0, 32767
"""Points of a row, characters of a column, characters of a text."""
PROMPTS = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 225}
INSIDE = {"b": r"[01]", "e": r"#[\w/]+[!?]?", "s": r"\d+", "n": r"[-+.\dEe]+"}
"""What a result looks like, by type of cell."""


@dataclass(frozen=True)
class Known:
    """What the other parts have: titles of sheets in small letters, cell styles, looks of rules, shared texts."""

    titles: set[str]
    styles: int
    looks: int
    texts: int


def causes(page: etree._Element, known: Known) -> Iterator[str]:
    if names := out_of_order(page, ORDER):
        yield f"order {names}"
    counted = Counter(local(child) for child in kids(page))
    yield from (f"{name} twice" for name, n in counted.items() if n > 1 and name != "conditionalFormatting")
    for table in kids(page):
        if table.get("count") and int(table.get("count", "")) != len(kids(table)):
            yield f"{local(table)} counts {table.get('count')}"
        if local(table) in ("cols", "mergeCells", "dataValidations", "hyperlinks") and not len(table):
            yield f"{local(table)} is empty"
    yield from _columns(page)
    yield from _rows(page, known)
    yield from _areas(page)
    yield from _rules(page, known)
    yield from _validations(page)
    yield from _around(page, known)
    yield from _views(page)


def _columns(page: etree._Element) -> Iterator[str]:
    last = 0
    for column in held(page, "cols"):
        first, end = int(column.get("min", "0")), int(column.get("max", "0"))
        if not last < first <= end <= LAST_COLUMN or float(column.get("width", "9")) > WIDEST:
            yield f"column {dict(column.attrib)}"
        last = end


def _rows(page: etree._Element, known: Known) -> Iterator[str]:
    last = 0
    for row in held(page, "sheetData"):
        number, column = int(row.get("r", "0")), 0
        if not last < number <= LAST_ROW or float(row.get("ht", "1")) > HIGHEST:
            yield f"row {dict(row.attrib)}"
        if int(row.get("s", "0")) >= known.styles:
            yield f"row {number}: style"
        last = number
        for one in kids(row):
            at = cell(one.get("r", ""))
            if at is None or at[0] != number or not column < at[1] <= LAST_COLUMN:
                yield f"cell {one.get('r')} in row {number}"
            column = at[1] if at else column
            yield from (f"{one.get('r')}: {cause}" for cause in _cell(one, known))


def _cell(one: etree._Element, known: Known) -> Iterator[str]:
    kind = one.get("t", "n")
    inside = [local(child) for child in kids(one)]
    if inside not in ([], ["v"], ["f"], ["f", "v"], ["is"]) or (kind == "inlineStr") != (inside == ["is"]):
        yield f"holds {inside} as {kind}"
    if int(one.get("s", "0")) >= known.styles:
        yield "style"
    text = "".join(str(value.text or "") for value in kids(one, "v"))
    if kind not in ("b", "e", "inlineStr", "n", "s", "str", "d"):
        yield f"type {kind}"
    if "v" in inside and kind in INSIDE:
        told = re.fullmatch(INSIDE[kind], text) is not None
        told = told and (kind != "n" or math.isfinite(float(text))) and (kind != "s" or int(text) < known.texts)
        yield from () if told else [f"{kind} {text!r}"]
    if len("".join(map(str, one.itertext())).encode("utf-16-le")) // 2 > LONGEST:
        yield "long text"
    for formula in kids(one, "f"):
        yield from _formula(formula)


def _formula(formula: etree._Element) -> Iterator[str]:
    text = formula.text or ""
    if text.startswith("=") or len(text) > 8192 or (formula.get("t") == "array" and not formula.get("ref")):
        yield f"formula {text[:40]}"
    if any(len(said) > 255 for said in re.findall(r'"((?:[^"]|"")*)"', text)):
        yield "formula with a long text"
    depth = deepest = 0
    for sign in re.sub(r'"[^"]*"', "", text):
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    if deepest > 64 or depth:
        yield "formula's brackets"


def _areas(page: etree._Element) -> Iterator[str]:
    merged = [area(one.get("ref", "")) for one in held(page, "mergeCells")]
    sure = [one for one in merged if one and one.size > 1]
    if len(sure) < len(merged) or overlapping(sure):
        yield f"merged areas {overlapping(sure)}"


def _rules(page: etree._Element, known: Known) -> Iterator[str]:
    priorities: Counter[str] = Counter()
    for group in kids(page, "conditionalFormatting"):
        if places(group.get("sqref")) is None:
            yield f"rules for {group.get('sqref')}"
        for rule in kids(group, "cfRule"):
            priorities[rule.get("priority", "0")] += 1
            if int(rule.get("dxfId", "0")) >= max(known.looks, 1):
                yield f"rule with look {rule.get('dxfId')}"
            for formula in kids(rule, "formula"):
                if not formula.text or formula.text.startswith("=") or "{" in formula.text:
                    yield f"rule {formula.text}"
    yield from (f"priority {one}" for one, count in priorities.items() if count > 1 or int(one) < 1)


def _validations(page: etree._Element) -> Iterator[str]:
    found = []
    for one in held(page, "dataValidations"):
        yield from (f"{k} of {len(one.get(k, ''))}" for k, most in PROMPTS.items() if len(one.get(k, "")) > most)
        for formula in kids(one):
            if len(formula.text or "") > 255 or (formula.text or "").startswith("="):
                yield f"validation {(formula.text or '')[:40]}"
        areas = places(one.get("sqref"))
        if areas is None:
            yield f"validation for {one.get('sqref')}"
        found += areas or []
    yield from (f"validations overlap at {one}" for one in overlapping(found))


def _around(page: etree._Element, known: Known) -> Iterator[str]:
    for link in held(page, "hyperlinks"):
        where = link.get("location", "")
        sheet = sheet_of_link(where).lower()
        if len(where) > 255 or (sheet and not link.get(ID) and sheet not in known.titles):
            yield f"link to {where}"
    for text in held(page, "headerFooter"):
        if len(text.text or "") > 255:
            yield "long header"
    for kind, last in (("rowBreaks", LAST_ROW), ("colBreaks", LAST_COLUMN)):
        breaks = [int(one.get("id", "0")) for one in held(page, kind)]
        if breaks != sorted(set(breaks)) or any(not 0 < one <= last for one in breaks):
            yield f"{kind} {breaks}"


def _views(page: etree._Element) -> Iterator[str]:
    for view in held(page, "sheetViews"):
        if not 10 <= int(view.get("zoomScale", "100")) <= 400:
            yield "zoom"
        for selection in kids(view, "selection"):
            at = cell(selection.get("activeCell", "A1"))
            areas = places(selection.get("sqref", "A1")) or []
            if at is None or not any(area_.__contains__(at) for area_ in areas):
                yield f"selection {dict(selection.attrib)}"
