"""Reading the structure sheet: nodes, weights and levels as the workbook itself states them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from ita_xl.domain.codes import Code
from ita_xl.domain.contents import brief
from ita_xl.domain.findings import Finding, Severity
from ita_xl.domain.levels import Level, level_problems
from ita_xl.domain.numbers import as_decimal
from ita_xl.domain.thai import arabic_digits, closes, same_text
from ita_xl.domain.tree import INSTRUMENTS, OPEN_DATA, TOTAL, Kind, Node, Problem, Tree
from ita_xl.engines.port import Grid
from ita_xl.layout import ANALYSIS, STRUCTURE, SUMMARY, YEARS, labels
from ita_xl.layout.keys import MINIMUM_KEYS, ColumnKey
from ita_xl.layout.traits import FISCAL_YEARS
from ita_xl.reading.learning import former_of
from ita_xl.reading.page import FoundTable, Page, locate

_MAX_WEIGHT = 1_000_000
_LONGEST_CODE = 20


class Structure(Struct):
    """What the structure sheet says. tree: None with findings at the cells that are wrong.

    cells: where each node's parent and weight stand, by code and column key. places: how many rows below the
    heading each node stands; learnt: the same of rows that a run put there for what a score
    sheet says, and where the question was before. at: the
    columns of the table, by key, and the row of its heading; None if it is not found.
    """

    confirmed: bool = False
    tree: Tree | None = None
    levels: tuple[Level, ...] = ()
    cells: dict[tuple[str, ColumnKey], str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    learnt: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    at: tuple[Mapping[ColumnKey, int], int] | None = None
    findings: list[Finding] = field(default_factory=list)


@lru_cache(maxsize=16)
def read_structure(title: str, grid: Grid, expected: int) -> Structure:
    """Read once for all workbooks that hold the same structure. expected: the workbook's year."""
    found = Structure()
    page = Page(STRUCTURE, title, grid, found.findings)
    cell = page.sheet.field("year").cell
    year = page.figure(cell, low=FISCAL_YEARS.low, high=FISCAL_YEARS.high)
    if year != expected:
        page.note(Code.STRUCTURE_OF_OTHER_YEAR, cell, structure="-" if year is None else int(year), year=expected)
    found.confirmed = page.words(page.sheet.field("confirmed").cell) == labels.yes_no(True)
    found.tree = _read_tree(page, expected, found)
    found.levels = read_levels(page, expected)
    return found


def _read_tree(page: Page, year: int, found: Structure) -> Tree | None:
    table = locate(page, page.sheet.block("nodes"), year)
    if table is None:
        return None
    found.at = table.columns, table.header_row
    nodes: list[Node] = []
    rows: list[int] = []
    for row in range(table.header_row + 1, page.grid.last_row + 1):
        code = _code(page, table, "code", row)
        if not code or _is_note(page, table, row, code):
            continue
        if len(code) > _LONGEST_CODE:
            page.note(Code.CODE_UNKNOWN, table.cell("code", row), value=code)
            continue
        place = row - table.header_row
        node = _node(page, table, row, code)
        learnt, former = former_of(page.words(table.cell("source", row)))
        if learnt:
            found.learnt[code] = place, former
            if former is None:
                continue
            node = replace(node, parent=former or None)
        nodes.append(node)
        rows.append(row)
        found.cells.update({(code, key): table.cell(key, row) for key in ("parent", "weight")})
        found.places[code] = place
    if not nodes:
        page.note(Code.NOT_ONE_TOTAL, table.cell("code", table.header_row + 1))
        return None
    tree, problems = Tree.of(nodes)
    columns: dict[str, ColumnKey] = {
        Code.PARENT_UNKNOWN: "parent",
        Code.PARENT_OUT_OF_ORDER: "parent",
        Code.WEIGHT_NOT_POSITIVE: "weight",
        Code.WEIGHTS_INCOMPLETE: "weight",
    }
    for problem in problems:
        _report(page, problem, table.cell(columns.get(problem.code, "code"), rows[problem.index]))
    if tree is not None and (crowded := list(crowded_layers(tree))):
        for layer, most in crowded:
            page.note(
                Code.STRUCTURE_TOO_LARGE, table.cell("layer", rows[0]), layer=labels.layer_name(layer), most=most
            )
        return None
    return tree


def crowded_layers(tree: Tree) -> Iterator[tuple[Kind, int]]:
    """The layers of which a structure has more than the output sheets have rows for."""
    groups = tree.below(OPEN_DATA, Kind.SUB_INDICATOR) if OPEN_DATA in tree else []
    upper = [code for code, node in tree.nodes.items() if node.kind is not Kind.QUESTION]
    for layer, block, count in (
        (Kind.QUESTION, ANALYSIS[OPEN_DATA].block("all"), max(len(tree.questions(i)) for i in INSTRUMENTS)),
        (Kind.INDICATOR, SUMMARY.block("ranking"), len(tree.codes(Kind.INDICATOR))),
        (Kind.SUB_INDICATOR, ANALYSIS[OPEN_DATA].block("groups"), len(groups)),
        (Kind.SUB_INDICATOR, YEARS.block("years"), len(upper)),
    ):
        if count > (most := block.older or block.capacity):
            yield layer, most


def read_levels(page: Page, year: int) -> tuple[Level, ...]:
    """The levels in order; faulty ones are reported and none is used then."""
    table = locate(page, page.sheet.block("levels"), year)
    if table is None:
        return ()
    levels: list[Level] = []
    rows: list[int] = []
    before = len(page.findings)
    below = range(table.header_row + 1, table.header_row + page.sheet.block("levels").capacity + 1)
    named = {row: name for row in below if (name := page.words(table.cell("level", row))) and not closes(name)}
    minimums_in = {key for key in table.columns if key.startswith("min_")}
    points = {key: page.column({table.cell(key, row): "" for row in named}) for key in minimums_in}
    if any(finding.code == Code.SHARES_NOT_POINTS for finding in page.findings[before:]):
        return ()
    for row, name in named.items():
        least = {key: points[key].get(table.cell(key, row)) for key in points}
        if least["min_total"] is None:
            page.note(Code.LEVEL_WITHOUT_MINIMUM, table.cell("min_total", row), level=brief(name))
            continue
        minimums = {i: as_decimal(value) for i in INSTRUMENTS if (value := least[MINIMUM_KEYS[i]]) is not None}
        levels.append(Level(name, as_decimal(least["min_total"]), minimums))
        rows.append(row)
    for problem in level_problems(levels):
        _report(page, problem, table.cell("level", rows[problem.index]))
    faulty = any(finding.severity is Severity.ERROR for finding in page.findings[before:])
    return () if faulty else tuple(levels)


def _node(page: Page, table: FoundTable, row: int, code: str) -> Node:
    kind = _layer(page, table, row, code)
    parent = _code(page, table, "parent", row) or None
    weight = page.figure(table.cell("weight", row), code, 0, _MAX_WEIGHT)
    name = page.words(table.cell("name", row), code)
    return Node(code, kind, name or code, parent, weight)


def _code(page: Page, table: FoundTable, key: ColumnKey, row: int) -> str:
    cell = table.cell(key, row)
    return labels.meant_code(arabic_digits(page.text(page.usable(page.points(cell), cell))))


def _is_note(page: Page, table: FoundTable, row: int, code: str) -> bool:
    """Whether a text in the column of codes is a note or signature, with nothing of a node beside it."""
    beside = any(page.value(table.cell(key, row)) is not None for key in ("layer", "parent", "weight"))
    return not beside and (closes(code) or len(code) > _LONGEST_CODE)


def _layer(page: Page, table: FoundTable, row: int, code: str) -> Kind:
    """The layer as chosen; left blank, it follows from the shape of the code."""
    typed = page.words(table.cell("layer", row), code)
    for name, kind in labels.layers().items():
        if same_text(typed, name):
            return kind
    if typed:
        page.note(
            Code.CHOICE_UNKNOWN, table.cell("layer", row), code, value=typed, choices=", ".join(labels.layers())
        )
    if code == TOTAL:
        return Kind.TOTAL
    if code in INSTRUMENTS:
        return Kind.INSTRUMENT
    if re.fullmatch(r"[IEO]\d+", code):
        return Kind.QUESTION
    return Kind.SUB_INDICATOR if "." in code else Kind.INDICATOR


def _report(page: Page, problem: Problem, cell: str) -> None:
    values = {key: brief(value) if isinstance(value, str) else value for key, value in problem.values.items()}
    page.findings.append(Finding(problem.code, page.title, cell, values=values))
