"""Single cells and tables as people leave them: what a cell means, where a table's heading row went."""

from __future__ import annotations

from collections.abc import Mapping, Set
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

from ita_xl.domain.codes import Code
from ita_xl.domain.contents import brief, shown
from ita_xl.domain.findings import Finding
from ita_xl.domain.numbers import are_shares, as_points
from ita_xl.domain.thai import Typed, parse_number, same_text, tidy
from ita_xl.engines.port import CellError, Grid, Uncomputed, Value
from ita_xl.layout import Block, Column, Sheet, address, labels
from ita_xl.layout.address import At, letter
from ita_xl.layout.keys import ColumnKey

_SEARCH_ROWS, _SEARCH_COLUMNS = 60, 40


class Notes:
    """A source of cells, a sheet or a score file, and the findings on it so far."""

    def __init__(self, title: str, findings: list[Finding]) -> None:
        self.title, self.findings = title, findings

    def note(self, code: Code, cell: str = "", question: str = "", **values: object) -> None:
        """Add a finding. values: the slots of its sentence; one called value quotes a cell and is kept short."""
        if isinstance(value := values.get("value"), str):
            values["value"] = brief(value)
        self.findings.append(Finding(code, self.title, cell, question, values))

    def text(self, value: Value) -> str:
        """A cell's content as a person sees it, tidy; errors and formulas without a result as nothing."""
        return "" if isinstance(value, CellError | Uncomputed) else tidy(shown(value))

    def lines(self, value: Value) -> str:
        """A longer text with its lines kept, each of them tidy; empty ones are left out."""
        if not isinstance(value, str):
            return self.text(value)
        return "\n".join(line for part in value.split("\n") if (line := self.text(part)))

    def usable(self, value: Value, cell: str, question: str = "") -> Value:
        """The content, or None with a finding where it is an error or a formula without a result."""
        if isinstance(value, Uncomputed):
            self.note(Code.FORMULA_WITHOUT_RESULT, cell, question, value=value.formula)
        elif isinstance(value, CellError):
            self.note(Code.CELL_HAS_ERROR, cell, question, value=value.text)
        else:
            return value
        return None

    def typed(self, value: Value, cell: str) -> Typed | None:
        """The number in a cell; None if it is not a number at all."""
        return parse_number(value)

    def seen(self, value: Value, cell: str) -> str:
        """What a cell shows, for a message."""
        return shown(value)

    def number(
        self, value: Value, cell: str, question: str = "", low: Fraction | int = 0, high: Fraction | int = 100
    ) -> Fraction | None:
        """The number in a cell, with a finding for everything that had to be understood or refused."""
        value = self.usable(value, cell, question)
        typed = self.typed(value, cell)
        if typed is None:
            self.note(Code.NOT_A_NUMBER, cell, question, value=self.seen(value, cell))
            return None
        number = typed.value
        if number is None:
            if typed.readings:
                self.note(Code.COUNTS_AS_UNKNOWN, cell, question, value=self.seen(value, cell))
            return None
        if not low <= number <= high:
            self.note(Code.NUMBER_OUT_OF_RANGE, cell, question, value=self.seen(value, cell), low=low, high=high)
            return None
        if typed.readings:
            seen = self.seen(value, cell)
            self.note(Code.NUMBER_UNDERSTOOD, cell, question, value=seen, number=float(number))
        return number

    def shares(self, points: Mapping[str, Fraction]) -> bool:
        """Whether the points of a column are all shares of one, which is reported. A single share among points is
        only worth a look. points: by cell, from the top."""
        low = [cell for cell, value in points.items() if 0 < value.numerator <= value.denominator]
        shares = bool(low) and are_shares(points.values())
        code, found = (Code.SHARES_NOT_POINTS, low[:1]) if shares else (Code.SCORE_BELOW_ONE, low)
        cells = list(points)
        for cell in found:
            value = points[cell]
            self.note(code, cell, cells=f"{cells[0]}:{cells[-1]}", value=float(value), number=float(value * 100))
        return shares


class Page(Notes):
    """A sheet being read. title: as it is called in this workbook."""

    def __init__(self, sheet: Sheet, title: str, grid: Grid, findings: list[Finding]) -> None:
        super().__init__(title, findings)
        self.sheet, self.grid = sheet, grid
        self._noted: set[int] = set()
        """Columns of which it was said that they hold percentages."""

    def value(self, cell: str) -> Value:
        """The value at an address such as "B10"."""
        return self.grid.cells.get(_at(cell))

    def words(self, cell: str, question: str = "") -> str:
        """The text at an address, tidy and in one line; a finding where there is none to be read."""
        return self.text(self.usable(self.value(cell), cell, question))

    def figure(
        self, cell: str, question: str = "", low: Fraction | int = 0, high: Fraction | int = 100
    ) -> Fraction | None:
        """The number at an address, as `number` reads it."""
        return self.number(self.value(cell), cell, question, low, high)

    def column(self, cells: Mapping[str, str]) -> dict[str, Fraction]:
        """The points in some cells of one column, by cell; none where they are shares of one.

        cells: each with the code that it is about, which may be empty.
        """
        points = {cell: value for cell, code in cells.items() if (value := self.figure(cell, code)) is not None}
        return {} if self.shares(points) else points

    def points(self, cell: str) -> Value:
        """The value at an address; a percentage in points of 100: what shows as 93.68% is 93.68."""
        value = self.value(cell)
        return as_points(value) if self._percentage(cell) and isinstance(value, int | float) else value

    def typed(self, value: Value, cell: str) -> Typed | None:
        if not self._percentage(cell):
            return parse_number(value)
        typed = parse_number(self.points(cell))
        column = _at(cell)[1]
        if typed and typed.value is not None and column not in self._noted:
            self._noted.add(column)
            self.note(Code.PERCENTAGE_READ, cell, value=self.seen(value, cell), number=self.points(cell))
        return typed

    def seen(self, value: Value, cell: str) -> str:
        return f"{shown(self.points(cell))}%" if self._percentage(cell) else shown(value)

    def _percentage(self, cell: str) -> bool:
        return bool(self.grid.percent) and _at(cell) in self.grid.percent


@lru_cache(maxsize=1 << 16)
def _at(cell: str) -> At:
    at = address.cell(cell)
    assert at is not None, cell
    return at


class FoundTable(Struct, frozen=True):
    """Where a block really stands: its heading row and its columns, as found."""

    header_row: int
    columns: Mapping[ColumnKey, int]

    def cell(self, key: ColumnKey, row: int) -> str:
        return f"{letter(self.columns[key])}{row}"


def locate(page: Page, block: Block, year: int) -> FoundTable | None:
    """Find a block by its headings.

    A block that moved is read where it stands, with a note. A heading that was reworded is taken for what
    stood there, unless it holds figures of a year: guessing those would put scores into wrong places. An optional
    column is one only under its own heading, wherever that stands.
    """
    wanted = {c.key: labels.heading(page.sheet, block, c, year) for c in block.columns}
    usual = {c.key: block.column_number(c.key) for c in block.columns}
    optional = {c.key for c in block.columns if c.optional}
    rows = [block.header_row, *(row for row in range(1, _SEARCH_ROWS) if row != block.header_row)]
    found = next((t for row in rows if (t := _headings(page, row, wanted, usual, optional))), None)
    if found is None:
        found = FoundTable(block.header_row, {})
    columns = dict(found.columns)
    needed = columns.keys() - optional
    in_place = found.header_row == block.header_row and all(columns[key] == usual[key] for key in needed)
    for column in block.columns:
        if column.key in columns or column.optional:
            continue
        at = usual[column.key]
        cell, text = f"{letter(at)}{found.header_row}", page.text(page.grid.at(found.header_row, at))
        if other := _other_year(column, text, year):
            page.note(Code.HEADING_OF_OTHER_YEAR, cell, year=year, found=other)
            return None
        free = in_place and at not in columns.values()
        if not free or not _may_head(column, text):
            page.note(Code.HEADING_MISSING, cell, heading=wanted[column.key])
            return None
        columns[column.key] = at
    if not in_place:
        moved = next((c.key for c in block.columns if columns[c.key] != usual[c.key]), block.columns[0].key)
        here = f"{letter(columns[moved])}{found.header_row}"
        page.note(Code.HEADING_MOVED, here, expected=block.address(moved, block.header_row))
    return FoundTable(found.header_row, columns)


def _other_year(column: Column, heading: str, year: int) -> int | None:
    """The year that the heading of a year's figures names, where it is another one. year: the workbook's."""
    named = labels.heading_year(heading)
    return named if column.year is not None and named != year + column.year else None


def _may_head(column: Column, heading: str) -> bool:
    """Whether words that are not ours may be a column's heading: one for figures of a year must name it."""
    return bool(heading) and (column.year is None or labels.heading_year(heading) is not None)


def _headings(
    page: Page,
    row: int,
    wanted: Mapping[ColumnKey, str],
    usual: Mapping[ColumnKey, int],
    optional: Set[ColumnKey],
) -> FoundTable | None:
    """The columns of a row that bear our headings, their usual place first; None if most do not."""
    found = {
        key: usual[key] for key, text in wanted.items() if same_text(page.text(page.grid.at(row, usual[key])), text)
    }
    if len(found) < len(wanted):
        for column in range(1, _SEARCH_COLUMNS):
            text = page.text(page.grid.at(row, column)) if column not in found.values() else ""
            key = next((k for k, h in wanted.items() if k not in found and text and same_text(text, h)), None)
            if key:
                found[key] = column
    return FoundTable(row, found) if len(found.keys() - optional) * 2 > len(wanted.keys() - optional) else None


def merged_in(page: Page, table: FoundTable, last_row: int) -> None:
    """Report merged cells inside a table: all but their first cell read as empty."""
    for text in page.grid.merged:
        area = address.area(text)
        if area and table.header_row < area.top <= last_row and area.left <= max(table.columns.values()):
            page.note(Code.CELLS_MERGED, address.address(*area.first), area=str(area))
