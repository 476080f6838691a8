"""From a workbook to inputs: everything a clerk typed, understood or reported, nothing judged yet."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from ita_xl.data import profiles
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.levels import Level
from ita_xl.domain.ranking import Rules
from ita_xl.domain.thai import parse_code, parse_number, same_text
from ita_xl.domain.tree import Kind, Tree
from ita_xl.workbook import labels
from ita_xl.workbook.cells import Page, locate
from ita_xl.workbook.port import CellError, Grid, Port, Uncomputed
from ita_xl.workbook.reader_plan import Commitment, Entry, read_commitments, read_guidance, read_rows
from ita_xl.workbook.reader_scores import Figures, Scope, read_questions, read_stated
from ita_xl.workbook.reader_structure import read_levels, read_tree
from ita_xl.workbook.schema import (
    COMMENTS,
    GUIDANCE,
    HOME,
    INPUTS,
    OUTPUTS,
    RESULTS,
    SCORES,
    SHEETS,
    STATED,
    STRUCTURE,
    TRACKING,
    Owner,
    Sheet,
)

FIRST_YEAR, LAST_YEAR = 2561, 2700
_MAX_COUNT = 20
_MIN_LIKENESS = 0.75


@dataclass
class Inputs:
    """A workbook's content. tree is None when the structure is unusable (the findings say why).

    about: the fields of the first sheet by schema key. confirmed: the agency vouches for the structure.
    structure_cells: where a node's parent and weight stand, by code and column key. structure_places: how many
    rows below the heading a node stands.
    titles: the actual title of each of our sheets that is there, by schema key.
    """

    about: dict[str, str] = field(default_factory=dict)
    year: int = 0
    rules: Rules = field(default_factory=Rules)
    tree: Tree | None = None
    levels: tuple[Level, ...] = ()
    confirmed: bool = False
    structure_cells: Mapping[tuple[str, str], str] = field(default_factory=dict)
    structure_places: Mapping[str, int] = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)
    comments: list[tuple[str, str]] = field(default_factory=list)
    guidance: dict[str, Entry] = field(default_factory=dict)
    offices: list[str] = field(default_factory=list)
    routing: list[tuple[str, str]] = field(default_factory=list)
    start_quarter: int = 1
    commitments: list[Commitment] = field(default_factory=list)
    titles: Mapping[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read(port: Port) -> Inputs:
    """Read all input sheets. Raises `Unusable` for a workbook that is not ours at all."""
    titles, findings = find_sheets(port)
    if HOME.key not in titles and not any(sheet.key in titles for sheet in SCORES.values()):
        raise Unusable(Finding("E110"))
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
    return inputs


def find_sheets(port: Port) -> tuple[dict[str, str], list[Finding]]:
    """Our sheets by schema key with their actual titles; missing ones are reported with a guess."""
    present = port.sheets()
    titles: dict[str, str] = {}
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
            findings.append(Finding("E215", sheet.title, values={"found": like[0]}))
        else:
            code = "E216" if sheet in INPUTS else "W217" if sheet in OUTPUTS else "W226"
            findings.append(Finding(code, sheet.title))
    return titles, findings


def _read_home(page: Page, inputs: Inputs) -> None:
    for field_ in page.sheet.fields:
        if field_.owner is Owner.USER:
            value = page.value(field_.cell)
            inputs.about[field_.key] = page.text(value)
            if isinstance(value, Uncomputed):
                page.note("E210", field_.cell, value=value.formula)
            elif isinstance(value, CellError):
                page.note("E211", field_.cell, value=value.text)
    inputs.offices = [row[0] for row in read_rows(page, "offices") if row[0]]
    inputs.routing = [(row[0], row[1]) for row in read_rows(page, "routing")]
    cell = page.sheet.field("year").cell
    raw = page.value(cell)
    typed = parse_number(raw) if not isinstance(raw, Uncomputed | CellError) else None
    year = typed.value if typed else None
    if year is None or year.denominator != 1 or not FIRST_YEAR <= year <= LAST_YEAR:
        page.note("E219", cell, value=page.text(raw))
    else:
        inputs.year = int(year)
    inputs.rules = _read_rules(page)
    if page.value(page.sheet.field("agency").cell) is None:
        page.note("W220", page.sheet.field("agency").cell)


def _read_rules(page: Page) -> Rules:
    """The selection options; an unusable one is reported and its default used."""
    default = Rules()

    def count(key: str, otherwise: int) -> int:
        cell = page.sheet.field(key).cell
        raw = page.value(cell)
        typed = parse_number(raw)
        if typed and typed.value and typed.value.denominator == 1 and 1 <= typed.value <= _MAX_COUNT:
            return int(typed.value)
        page.note("W221", cell, value=page.text(raw), default=otherwise)
        return otherwise

    def points(key: str, otherwise: Decimal) -> Decimal:
        cell = page.sheet.field(key).cell
        typed = parse_number(page.value(cell))
        if typed and typed.value is not None and 0 < typed.value <= 100:
            return Decimal(typed.value.numerator) / Decimal(typed.value.denominator)
        page.note("W221", cell, value=page.text(page.value(cell)), default=otherwise)
        return otherwise

    lowest_cell = page.sheet.field("lowest_if_none_weak").cell
    lowest = page.text(page.value(lowest_cell))
    if lowest not in (labels.yes_no(True), labels.yes_no(False)):
        page.note("W221", lowest_cell, value=lowest, default=labels.yes_no(default.lowest_if_none_weak))
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
    cells: Mapping[tuple[str, str], str]
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
        page.note("E304", cell, structure="-" if year is None else int(year), year=expected)
    confirmed = page.text(page.value(page.sheet.field("confirmed").cell)) == labels.yes_no(True)
    cells: dict[tuple[str, str], str] = {}
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
                page.note("W222", table.cell("code", row), value=page.text(raw))
            elif comment:
                inputs.comments.append((typed.code, comment))
        elif comment:
            page.note("W222", table.cell("code", row), value="")
