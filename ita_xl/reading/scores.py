"""Reading scores: questions from the three score sheets, stated figures and open-data points."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction

from ita_xl.case.inputs import Figures, Place, Points
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.domain.numbers import FULL, HALF_UNIT, show
from ita_xl.domain.ranking import Choice, Raise
from ita_xl.domain.scoring import Given, slack_of
from ita_xl.domain.thai import arabic_digits, parse_code, same_text
from ita_xl.domain.tree import OPEN_DATA, QUESTION_LETTERS, Kind, Tree
from ita_xl.layout import labels
from ita_xl.layout.keys import POINT_KEYS, YEAR_KEYS, ColumnKey
from ita_xl.layout.labels import LEVEL
from ita_xl.reading.page import Page, Table, locate, merged_in


@dataclass(frozen=True, slots=True)
class Scope:
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
    merged_in(page, table, page.grid.last_row)
    instrument = page.sheet.instrument
    known = scope.tree.questions(instrument)
    ignored: dict[int, str] = {}
    cells: dict[str, str] = {}
    for row, code in coded_rows(page, table, known, QUESTION_LETTERS[instrument]):
        cells[code] = table.cell("y0", row)
        for key, back in YEAR_KEYS.items():
            year, cell = scope.year + back, table.cell(key, row)
            figures.places.setdefault((year, code), Place(page.title, cell))
            value = page.number(page.grid.at(row, table.columns[key]), cell, code)
            if value is None:
                continue
            if not scope.takes(year, Kind.QUESTION):
                ignored.setdefault(year, cell)
                continue
            if instrument == OPEN_DATA and value not in (0, FULL):
                page.note(Code.ITEM_NEITHER_0_NOR_100, cell, code, value=show(value))
            figures.add(year, code, Given(value, slack_of(scope.tree, code, value)), Place(page.title, cell))
        _read_choice(page, table, row, code, figures)
    for year, cell in ignored.items():
        page.note(Code.EARLIER_SCORES_NOT_USED, cell, year=year, this=scope.year)
    _report_missing(page, table, scope, cells, figures)


def _read_choice(page: Page, table: Table, row: int, code: str, figures: Figures) -> None:
    def text(key: ColumnKey) -> str:
        return page.text(page.grid.at(row, table.columns[key])) if key in table.columns else ""

    typed = text("raise")
    choice = next((c for name, c in labels.raise_choices().items() if same_text(typed, name)), None)
    if typed and choice is None:
        page.note(
            Code.CHOICE_UNKNOWN,
            table.cell("raise", row),
            code,
            value=typed,
            choices=", ".join(labels.raise_choices()),
        )
    figures.choices[code] = Choice(choice or Raise.AUTO, text("reason"))
    if question := page.lines(page.grid.at(row, table.columns["question"])):
        figures.full_texts[code] = question
    for kept, said in ((figures.offices, text("office")), (figures.links, text("link"))):
        if said:
            kept[code] = said


def _report_missing(page: Page, table: Table, scope: Scope, cells: dict[str, str], figures: Figures) -> None:
    """Questions without a score this year; cells: where the score of each listed question stands."""
    known = scope.tree.questions(page.sheet.instrument)
    have = figures.given.get(scope.year, {})
    missing = [code for code in known if code not in have]
    first = table.cell("y0", table.header_row + 1)
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


def coded_rows(
    page: Page,
    table: Table,
    known: Collection[str],
    letter: str = "",
    figures: Collection[ColumnKey] = (*YEAR_KEYS, *POINT_KEYS),
) -> Iterator[tuple[int, str]]:
    """The rows whose code is understood and comes first; everything else is reported.

    letter: the letter of the sheet's questions, if they share one. figures: the columns that make a row
    count.
    """
    seen: dict[str, str] = {}
    previous: str | None = None
    codes = set(known)
    for row in range(table.header_row + 1, page.grid.last_row + 1):
        raw = page.grid.at(row, table.columns["code"])
        cell = table.cell("code", row)
        keys = [key for key in figures if key in table.columns]
        filled = any(page.grid.at(row, table.columns[key]) is not None for key in keys)
        if page.text(raw) == "":
            if filled:
                page.note(Code.SCORE_WITHOUT_CODE, cell)
            continue
        meant = labels.meant_code(raw) if isinstance(raw, str) else raw
        typed = parse_code(meant, codes, letter, previous)
        if typed.code is None:
            if not filled:
                continue
            if typed.candidates:
                page.note(Code.CODE_AMBIGUOUS, cell, value=page.text(raw), candidates=", ".join(typed.candidates))
            else:
                page.note(Code.CODE_UNKNOWN, cell, value=page.text(raw))
            continue
        if typed.code in seen:
            page.note(Code.CODE_TWICE, cell, typed.code, first=seen[typed.code])
            continue
        if typed.odd:
            page.note(Code.CODE_UNDERSTOOD, cell, typed.code, value=page.text(raw))
        seen[typed.code] = cell
        previous = typed.code
        yield row, typed.code


def read_stated(page: Page, scope: Scope, figures: Figures) -> None:
    """The sheet of published figures into `figures`."""
    block = page.sheet.block("stated")
    table = locate(page, block, scope.year)
    if table is None:
        return
    merged_in(page, table, page.grid.last_row)
    tree = scope.tree
    known = [code for code, node in tree.nodes.items() if node.kind is not Kind.QUESTION] + [LEVEL]
    ignored: dict[int, str] = {}
    for row, code in coded_rows(page, table, known):
        for key, back in YEAR_KEYS.items():
            year, cell = scope.year + back, table.cell(key, row)
            raw = page.grid.at(row, table.columns[key])
            figures.places.setdefault((year, code), Place(page.title, cell))
            if code == LEVEL:
                if page.text(raw):
                    figures.stated_levels[year] = page.text(raw)
                continue
            value = page.number(raw, cell, code)
            if value is None:
                continue
            if not scope.takes(year, tree[code].kind):
                ignored.setdefault(year, cell)
                continue
            figures.add(year, code, Given(value, HALF_UNIT), Place(page.title, cell))
        if code != LEVEL:
            _read_points(page, table, row, code, scope, figures, ignored)
    for year, cell in ignored.items():
        page.note(Code.EARLIER_SCORES_NOT_USED, cell, year=year, this=scope.year)


def _read_points(
    page: Page, table: Table, row: int, code: str, scope: Scope, figures: Figures, ignored: dict[int, str]
) -> None:
    """Points such as 700 (of the row's number of items) or "700/9" give the sub-indicator's exact score."""
    counted = len(scope.tree.below(code, Kind.QUESTION))
    typed_items = page.number(page.grid.at(row, table.columns["items"]), table.cell("items", row), code, 0, 1000)
    for key, back in POINT_KEYS.items():
        year, cell = scope.year + back, table.cell(key, row)
        raw = page.grid.at(row, table.columns[key])
        parsed = split_points(page.text(raw)) if isinstance(raw, str) else None
        if parsed:
            points, items = parsed
        else:
            value = page.number(raw, cell, code, 0, 100_000)
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
        stated = figures.given.get(year, {}).get(code)
        if stated and abs(stated.value - score) > stated.slack:
            place = figures.places[year, code]
            node = labels.named(scope.tree, code)
            values = {"node": node, "year": year, "stated": show(stated.value), "computed": show(score)}
            page.findings.append(Finding(Code.STATED_DISAGREES, place.sheet, place.cell, code, values))
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
