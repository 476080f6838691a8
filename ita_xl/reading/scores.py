"""Reading scores: questions from the three score sheets, stated figures and open-data points."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import count
from typing import TypeVar

from msgspec import Struct

from ita_xl.case.inputs import Deciding, Figures, Place, Points, Rivals
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import shown
from ita_xl.domain.in_step import exchanged
from ita_xl.domain.numbers import FULL, HALF_UNIT, show
from ita_xl.domain.ranking import Choice, Raise
from ita_xl.domain.scoring import Given, Hold, slack_of
from ita_xl.domain.thai import arabic_digits, same_text
from ita_xl.domain.tree import OPEN_DATA, QUESTION_LETTERS, Kind, Tree
from ita_xl.layout import labels
from ita_xl.layout.address import address, letter
from ita_xl.layout.keys import HOLD_KEYS, POINT_KEYS, YEAR_KEYS, ColumnKey
from ita_xl.layout.labels import LEVEL
from ita_xl.reading.page import FoundTable, Page, locate, merged_in
from ita_xl.reading.rows import coded_rows, last_of

T = TypeVar("T")


class Scope(Struct, frozen=True):
    """The workbook's year and structure. comparable: for an earlier year, the deepest layer at which its
    figures may stand in this structure; None if no code of it means the same."""

    year: int
    tree: Tree
    comparable: dict[int, Kind | None]

    def takes(self, year: int, kind: Kind) -> bool:
        deepest = self.comparable.get(year, Kind.QUESTION)
        return kind is Kind.TOTAL or (deepest is not None and kind >= deepest)


def read_questions(page: Page, scope: Scope, figures: Figures) -> None:
    """One score sheet into `figures`."""
    block = page.sheet.block("scores")
    table = locate(page, block, scope.year)
    if table is None:
        return
    instrument, tree = page.sheet.instrument, scope.tree
    known = {code: tree[code].name for code in tree.questions(instrument)}
    rows = coded_rows(page, table, known, QUESTION_LETTERS[instrument])
    merged_in(page, table, last_of(rows, page))
    _report_torn(page, table, rows, known)
    for key, back in YEAR_KEYS.items():
        year = scope.year + back
        cells = {table.cell(key, row): code for row, code in rows}
        _place(page, figures, year, cells)
        points = page.column(cells)
        if points and not scope.takes(year, Kind.QUESTION):
            page.note(Code.EARLIER_SCORES_NOT_USED, next(iter(points)), year=year, this=scope.year)
            continue
        for cell, value in points.items():
            if instrument == OPEN_DATA and 1 < value < FULL:
                page.note(Code.ITEM_NEITHER_0_NOR_100, cell, cells[cell], value=show(value))
            given = Given(value, slack_of(tree, cells[cell], value))
            figures.add(year, cells[cell], given, Place(page.title, cell))
    for row, code in rows:
        _read_texts(page, table, row, code, figures)
    _report_missing(page, table, scope, {code: table.cell("y0", row) for row, code in rows}, figures)


def _report_torn(page: Page, table: FoundTable, rows: Sequence[tuple[int, str]], known: Mapping[str, str]) -> None:
    """Whether codes and topics were sorted apart. known: the topics by code."""
    topics = {code: shown(page.grid.at(row, table.columns["topic"])) for row, code in rows if code in known}
    if exchanged([(known[code], topic) for code, topic in topics.items()]):
        cells = [table.cell("code", row) for row, _ in rows]
        page.note(Code.CODES_OUT_OF_STEP, cells[0], cells=f"{cells[0]}:{cells[-1]}")


def _place(page: Page, figures: Figures, year: int, cells: Mapping[str, str]) -> None:
    """Where the figures of a year stand, or are still missing."""
    for cell, code in cells.items():
        figures.places.setdefault((year, code), Place(page.title, cell))


def _read_texts(page: Page, table: FoundTable, row: int, code: str, figures: Figures) -> None:
    """A person's choice for a question, and what is written beside its score."""

    def text(key: ColumnKey) -> str:
        return page.words(table.cell(key, row), code) if key in table.columns else ""

    choice = _chosen(page, table, "raise", row, code, labels.raise_choices())
    figures.choices[code] = Choice(choice or Raise.AUTO, text("reason"))
    if choice is Raise.NO and not figures.choices[code].reason:
        page.note(Code.DROPPED_WITHOUT_REASON, table.cell("reason", row), code)
    cell = table.cell("question", row)
    if question := page.lines(page.usable(page.value(cell), cell, code)):
        figures.full_texts[code] = question
    for kept, words in ((figures.offices, text("office")), (figures.links, text("link"))):
        if words:
            kept[code] = words


def _chosen(
    page: Page, table: FoundTable, key: ColumnKey, row: int, code: str, choices: Mapping[str, T]
) -> T | None:
    """What the words in a cell stand for; None where there are none, or with a finding where they are unknown."""
    typed = page.words(table.cell(key, row), code) if key in table.columns else ""
    choice = next((choice for name, choice in choices.items() if same_text(typed, name)), None)
    if typed and choice is None:
        page.note(Code.CHOICE_UNKNOWN, table.cell(key, row), code, value=typed, choices=", ".join(choices))
    return choice


def _report_missing(page: Page, table: FoundTable, scope: Scope, cells: dict[str, str], figures: Figures) -> None:
    """Questions without a score this year; cells: where the score of each listed question stands."""
    known = scope.tree.questions(page.sheet.instrument)
    have = figures.given.get(scope.year, {})
    missing = [code for code in known if code not in have]
    first = table.cell("y0", table.header_row + 1)
    if any(f.code == Code.SHARES_NOT_POINTS and (f.sheet, f.cell) == (page.title, first) for f in page.findings):
        return
    if missing and len(missing) == len(known):
        page.note(Code.NO_SCORES_YET, first, items=len(known))
        return
    refused = {
        f.question
        for f in page.findings
        if f.code in (Code.NOT_A_NUMBER, Code.NUMBER_OUT_OF_RANGE, Code.FORMULA_WITHOUT_RESULT, Code.CELL_HAS_ERROR)
    }
    for code in missing:
        if code not in refused:
            page.note(Code.SCORE_MISSING, cells.get(code, ""), code)


def read_stated(page: Page, scope: Scope, figures: Figures) -> None:
    """The sheet of published figures into `figures`."""
    block = page.sheet.block("stated")
    table = locate(page, block, scope.year)
    if table is None:
        return
    tree = scope.tree
    names = {code: node.name for code, node in tree.nodes.items() if node.kind is not Kind.QUESTION}
    rows = coded_rows(page, table, {**names, LEVEL: ""})
    merged_in(page, table, last_of(rows, page))
    nodes = [(row, code) for row, code in rows if code != LEVEL]
    ignored: dict[int, str] = {}
    figures.deciding = _deciding(page, table)
    for key, back in YEAR_KEYS.items():
        year = scope.year + back
        _place(page, figures, year, {table.cell(key, row): code for row, code in rows})
        cells = {table.cell(key, row): code for row, code in nodes}
        for cell, value in page.column(cells).items():
            if not scope.takes(year, tree[cells[cell]].kind):
                ignored.setdefault(year, cell)
            else:
                figures.add(year, cells[cell], Given(value, HALF_UNIT), Place(page.title, cell))
        for row, code in rows:
            if code == LEVEL and (level := page.words(table.cell(key, row))):
                figures.stated_levels[year] = level
    for key, back in HOLD_KEYS.items():
        for row, code in rows:
            if hold := _chosen(page, table, key, row, code, labels.hold_choices()):
                figures.holds.setdefault(scope.year + back, {})[code] = hold
    for row, code in nodes:
        _read_points(page, table, row, code, scope, figures, ignored)
    for year, cell in ignored.items():
        page.note(Code.EARLIER_SCORES_NOT_USED, cell, year=year, this=scope.year)


def _deciding(page: Page, table: FoundTable) -> Deciding:
    """Where this year's decisions stand, or where there is room for them."""
    if "hold0" in table.columns:
        return Deciding(letter(table.columns["hold0"]))
    taken = {column for _, column in page.grid.cells}
    free = next(column for column in count(max(table.columns.values()) + 1) if column not in taken)
    return Deciding(letter(free), address(table.header_row, free))


def _read_points(
    page: Page, table: FoundTable, row: int, code: str, scope: Scope, figures: Figures, ignored: dict[int, str]
) -> None:
    """Points such as 700 (of the row's number of items) or "700/9" give the sub-indicator's exact score."""
    counted = len(scope.tree.below(code, Kind.QUESTION))
    typed_items = page.figure(table.cell("items", row), code, 0, 1000)
    for key, back in POINT_KEYS.items():
        year, cell = scope.year + back, table.cell(key, row)
        raw = page.value(cell)
        parsed = split_points(page.text(raw)) if isinstance(raw, str) else None
        if parsed:
            points, items = parsed
        else:
            value = page.figure(cell, code, 0, 100_000)
            if value is None:
                continue
            points, items = value, int(typed_items or counted)
        if not scope.takes(year, scope.tree[code].kind):
            ignored.setdefault(year, cell)
            continue
        if not counts_items(scope.tree, code):
            page.note(Code.POINTS_MISPLACED, cell, code, points=show_points(points))
            continue
        if items < 1 or points > 100 * items or points % 100:
            page.note(Code.POINTS_IMPOSSIBLE, cell, code, points=show_points(points), items=items)
            continue
        if scope.takes(year, Kind.QUESTION) and counted and items != counted:
            page.note(Code.ITEM_COUNT_DIFFERS, cell, code, items=items, counted=counted)
        score = points / items
        if stated := figures.given.get(year, {}).get(code):
            figures.rivals[year, code] = Rivals(stated, score, figures.places[year, code])
            if figures.hold(year, code) is Hold.PUBLISHED:
                continue
        figures.points.setdefault(year, {})[code] = Points(points, items)
        figures.add(year, code, Given(score, Fraction(0)), Place(page.title, cell))


def counts_items(tree: Tree, code: str) -> bool:
    """Whether a node's score is the plain mean of open-data items; a mean of groups is not."""
    kinds = {tree[child].kind for child in tree.children(code)}
    return tree.instrument_of(code) == OPEN_DATA and kinds <= {Kind.QUESTION}


def split_points(text: str) -> tuple[Fraction, int] | None:
    """ "700/9" -> 700 points of 9 items; None for anything else."""
    match = re.fullmatch(r"(\d{1,6})\s*/\s*(\d{1,3})", arabic_digits(text))
    return (Fraction(int(match[1])), int(match[2])) if match else None


def show_points(points: Fraction) -> str:
    return str(points.numerator) if points.denominator == 1 else show(points)
