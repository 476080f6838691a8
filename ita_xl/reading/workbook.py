"""From a workbook to inputs: everything a clerk typed, understood or reported, nothing judged yet."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ita_xl.case.inputs import Inputs
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.levels import Level
from ita_xl.domain.ranking import Rules
from ita_xl.domain.thai import parse_code, parse_number, same_text
from ita_xl.domain.tree import Kind, Tree
from ita_xl.engines.port import CellError, Grid, Port, Uncomputed
from ita_xl.layout import (
    COMMENTS,
    GUIDANCE,
    HOME,
    INPUTS,
    OUTPUTS,
    RESULTS,
    SCORES,
    SHEETS,
    SIMULATION,
    STATED,
    STRUCTURE,
    TRACKING,
    Owner,
    Sheet,
    labels,
)
from ita_xl.layout.keys import ColumnKey, FieldKey, SheetKey
from ita_xl.layout.traits import COUNTS, FISCAL_YEARS
from ita_xl.reading.page import Page, locate
from ita_xl.reading.plan import read_commitments, read_guidance, read_rows
from ita_xl.reading.scores import Scope, read_questions, read_stated
from ita_xl.reading.structure import read_levels, read_tree
from ita_xl.reading.targets import read_targets

FIRST_YEAR, LAST_YEAR = FISCAL_YEARS.low, FISCAL_YEARS.high
_MAX_COUNT = COUNTS.high
_MIN_LIKENESS = 0.75


def read_inputs(port: Port) -> Inputs:
    """Read all input sheets. Raises `Unusable` for a workbook that is not ours at all."""
    titles, findings = find_sheets(port)
    if HOME.key not in titles and not any(sheet.key in titles for sheet in SCORES.values()):
        raise Unusable(Finding(Code.NOT_AN_ITA_WORKBOOK))
    inputs = Inputs(titles=titles, findings=findings)

    def page(sheet: Sheet) -> Page | None:
        title = titles.get(sheet.key)
        return Page(sheet, title, port.read(title), findings) if title else None

    home, structure = page(HOME), page(STRUCTURE)
    if home:
        _read_home(home, inputs)
    if structure and inputs.year:
        found = _structure(structure.title, structure.grid, inputs.year)
        inputs.confirmed, inputs.tree, inputs.levels = found.confirmed, found.tree, found.levels
        inputs.structure_cells, inputs.structure_places = found.cells, found.places
        findings.extend(found.findings)
    if inputs.tree is None:
        return inputs
    scope = Scope(
        inputs.year,
        inputs.tree,
        {inputs.year - back: profiles.corresponding(inputs.year - back, inputs.year) for back in (1, 2)},
    )
    for sheet in SCORES.values():
        if scores := page(sheet):
            read_questions(scores, scope, inputs.figures)
    if stated := page(STATED):
        read_stated(stated, scope, inputs.figures)
    if comments := page(COMMENTS):
        _read_comments(comments, inputs)
    if guidance := page(GUIDANCE):
        inputs.guidance = read_guidance(guidance, inputs.tree, inputs.year)
    if tracking := page(TRACKING):
        quarter = parse_number(tracking.value(TRACKING.field("start_quarter").cell))
        inputs.start_quarter = int(quarter.value) if quarter and quarter.value in (1, 2, 3, 4) else 1
    if results := page(RESULTS):
        inputs.commitments = read_commitments(results)
    if simulation := page(SIMULATION):
        inputs.targets = read_targets(simulation, inputs.tree, inputs.year)
    return inputs


def find_sheets(port: Port) -> tuple[dict[SheetKey, str], list[Finding]]:
    """Our sheets by schema key with their actual titles; missing ones are reported with a guess."""
    present = port.sheets()
    titles: dict[SheetKey, str] = {}
    for sheet in SHEETS:
        exact_match = sheet.title if sheet.title in present else None
        found = exact_match or next((title for title in present if same_text(title, sheet.title)), None)
        if found:
            titles[sheet.key] = found
    spare = [title for title in present if title not in titles.values()]
    findings = []
    for sheet in SHEETS:
        if sheet.key in titles:
            continue
        like = difflib.get_close_matches(sheet.title, spare, 1, _MIN_LIKENESS)
        if like:
            findings.append(Finding(Code.SHEET_RENAMED, sheet.title, values={"found": like[0]}))
        else:
            code = (
                Code.SHEET_MISSING
                if sheet in INPUTS
                else Code.OUTPUT_SHEET_MISSING
                if sheet in OUTPUTS
                else Code.INNER_SHEET_MISSING
            )
            findings.append(Finding(code, sheet.title))
    return titles, findings


def _read_home(page: Page, inputs: Inputs) -> None:
    for field_ in page.sheet.fields:
        if field_.owner is Owner.USER:
            value = page.value(field_.cell)
            inputs.about[field_.key] = page.text(value)
            if isinstance(value, Uncomputed):
                page.note(Code.FORMULA_WITHOUT_RESULT, field_.cell, value=value.formula)
            elif isinstance(value, CellError):
                page.note(Code.CELL_HAS_ERROR, field_.cell, value=value.text)
    inputs.offices = [row[0] for row in read_rows(page, "offices") if row[0]]
    inputs.routing = [(row[0], row[1]) for row in read_rows(page, "routing")]
    cell = page.sheet.field("year").cell
    raw = page.value(cell)
    typed = parse_number(raw) if not isinstance(raw, Uncomputed | CellError) else None
    year = typed.value if typed else None
    if year is None or year.denominator != 1 or not FIRST_YEAR <= year <= LAST_YEAR:
        page.note(Code.YEAR_UNUSABLE, cell, value=page.text(raw))
    else:
        inputs.year = int(year)
    inputs.rules = _read_rules(page)
    if page.value(page.sheet.field("agency").cell) is None:
        page.note(Code.AGENCY_MISSING, page.sheet.field("agency").cell)


def _read_rules(page: Page) -> Rules:
    """The selection options; an unusable one is reported and its default used."""
    default = Rules()

    def count(key: FieldKey, otherwise: int) -> int:
        cell = page.sheet.field(key).cell
        raw = page.value(cell)
        typed = parse_number(raw)
        if typed and typed.value and typed.value.denominator == 1 and 1 <= typed.value <= _MAX_COUNT:
            return int(typed.value)
        page.note(Code.OPTION_UNUSABLE, cell, value=page.text(raw), default=otherwise)
        return otherwise

    def points(key: FieldKey, otherwise: Decimal) -> Decimal:
        cell = page.sheet.field(key).cell
        typed = parse_number(page.value(cell))
        if typed and typed.value is not None and 0 < typed.value <= 100:
            return Decimal(typed.value.numerator) / Decimal(typed.value.denominator)
        page.note(Code.OPTION_UNUSABLE, cell, value=page.text(page.value(cell)), default=otherwise)
        return otherwise

    lowest_cell = page.sheet.field("lowest_if_none_weak").cell
    lowest = page.text(page.value(lowest_cell))
    if lowest not in (labels.yes_no(True), labels.yes_no(False)):
        page.note(
            Code.OPTION_UNUSABLE, lowest_cell, value=lowest, default=labels.yes_no(default.lowest_if_none_weak)
        )
    return Rules(
        weak_below=points("weak_below", default.weak_below),
        fell_by=points("fell_by", default.fell_by),
        urgent_ranks=count("urgent_ranks", default.urgent_ranks),
        best_count=count("best_count", default.best_count),
        lowest_if_none_weak=lowest != labels.yes_no(False),
    )


@dataclass(frozen=True)
class _Structure:
    """What the structure sheet says."""

    confirmed: bool
    tree: Tree | None
    cells: Mapping[tuple[str, ColumnKey], str]
    places: Mapping[str, int]
    levels: tuple[Level, ...]
    findings: list[Finding]


@lru_cache(maxsize=16)
def _structure(title: str, grid: Grid, expected: int) -> _Structure:
    """Read once for all workbooks that hold the same structure. expected: the workbook's year."""
    page = Page(STRUCTURE, title, grid, [])
    cell = page.sheet.field("year").cell
    year = page.number(page.value(cell), cell, low=FIRST_YEAR, high=LAST_YEAR)
    if year != expected:
        page.note(Code.STRUCTURE_OF_OTHER_YEAR, cell, structure="-" if year is None else int(year), year=expected)
    confirmed = page.text(page.value(page.sheet.field("confirmed").cell)) == labels.yes_no(True)
    cells: dict[tuple[str, ColumnKey], str] = {}
    places: dict[str, int] = {}
    tree = read_tree(page, expected, cells, places)
    return _Structure(confirmed, tree, cells, places, read_levels(page, expected), page.findings)


def _read_comments(page: Page, inputs: Inputs) -> None:
    assert inputs.tree is not None
    table = locate(page, page.sheet.block("comments"), inputs.year)
    if table is None:
        return
    known = set(inputs.tree.codes(Kind.QUESTION)) | set(inputs.tree.codes(Kind.INDICATOR))
    for row in range(table.header_row + 1, page.grid.last_row + 1):
        raw = page.grid.at(row, table.columns["code"])
        comment = page.text(page.grid.at(row, table.columns["comment"]))
        if page.text(raw):
            typed = parse_code(raw, known)
            if typed.code is None:
                page.note(Code.COMMENT_WITHOUT_CODE, table.cell("code", row), value=page.text(raw))
            elif comment:
                inputs.comments.append((typed.code, comment))
        elif comment:
            page.note(Code.COMMENT_WITHOUT_CODE, table.cell("code", row), value="")
