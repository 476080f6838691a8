"""Single cells and tables as people leave them: what a cell means, where a table's heading row went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ita_xl.domain.findings import Finding
from ita_xl.domain.thai import parse_number, same_text, tidy
from ita_xl.workbook import labels
from ita_xl.workbook.port import CellError, Grid, Uncomputed, Value
from ita_xl.workbook.schema import Block, Sheet, letter, number

_SEARCH_ROWS, _SEARCH_COLUMNS = 60, 40


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: the sheet's actual title and the address."""

    sheet: str
    cell: str


@dataclass
class Page:
    """A sheet being read: its grid, its actual title and the findings so far."""

    sheet: Sheet
    title: str
    grid: Grid
    findings: list[Finding] = field(default_factory=list)

    def note(self, code: str, cell: str = "", question: str = "", **values: object) -> None:
        self.findings.append(Finding(code, self.title, cell, question, values))

    def value(self, cell: str) -> Value:
        """The value at an address such as "B10"."""
        letters = cell.rstrip("0123456789")
        return self.grid.at(int(cell[len(letters) :]), number(letters))

    def text(self, value: Value) -> str:
        """A cell's content as tidy text; numbers as a person would write them, errors as nothing."""
        if value is None or isinstance(value, CellError | Uncomputed):
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return tidy(value) if isinstance(value, str) else str(value)

    def number(
        self, value: Value, cell: str, question: str = "", low: Fraction | int = 0, high: Fraction | int = 100
    ) -> Fraction | None:
        """The number in a cell, with a finding for everything that had to be understood or refused."""
        if isinstance(value, Uncomputed):
            self.note("E210", cell, question, value=value.formula)
        elif isinstance(value, CellError):
            self.note("E211", cell, question, value=value.text)
        elif isinstance(value, dt.date | dt.time | dt.timedelta):
            self.note("E202", cell, question, value=str(value))
        else:
            typed = parse_number(value)
            shown = value if isinstance(value, str) else self.text(value)
            if typed is None:
                self.note("E202", cell, question, value=shown)
            elif typed.value is None:
                if typed.readings:
                    self.note("I205", cell, question, value=shown)
            elif not low <= typed.value <= high:
                self.note("E203", cell, question, value=shown, low=low, high=high)
            else:
                if typed.readings:
                    self.note("I204", cell, question, value=shown, number=float(typed.value))
                return typed.value
        return None


@dataclass(frozen=True, slots=True)
class Table:
    """Where a block really stands: its heading row and its columns, as found."""

    header_row: int
    columns: Mapping[str, int]

    def cell(self, key: str, row: int) -> str:
        return f"{letter(self.columns[key])}{row}"


def locate(page: Page, block: Block, year: int) -> Table | None:
    """Find a block by its headings. A block that moved is read where it stands, with a note; one whose
    headings are gone is an error, because guessing columns would put scores into wrong places."""
    wanted = {c.key: labels.heading(page.sheet, block, c, year) for c in block.columns}
    expected = {c.key: block.column_number(c.key) for c in block.columns}
    at_home = (page.text(page.grid.at(block.header_row, expected[key])) for key in wanted)
    if all(same_text(text, heading) for text, heading in zip(at_home, wanted.values(), strict=True)):
        return Table(block.header_row, expected)
    anchor = block.columns[0].key
    rows = [block.header_row, *range(1, _SEARCH_ROWS)]
    for row in rows:
        found: dict[str, int] = {}
        for column in range(1, _SEARCH_COLUMNS):
            text = page.text(page.grid.at(row, column))
            key = next((k for k, h in wanted.items() if k not in found and text and same_text(text, h)), None)
            if key:
                found[key] = column
        if anchor in found and len(found) * 2 > len(wanted):
            break
    else:
        years = _years_only_differ(page, block, year)
        if years:
            page.note("E305", block.address(years[0], block.header_row), year=year, found=years[1])
        else:
            page.note("E214", block.address(anchor, block.header_row), heading=wanted[anchor])
        return None
    lost = [key for key in wanted if key not in found]
    if lost:
        other = labels.heading_year(page.grid.at(row, expected[lost[0]]))
        cell = f"{letter(expected[lost[0]])}{row}"
        if other:
            page.note("E305", cell, year=year, found=other)
        else:
            page.note("E214", cell, heading=wanted[lost[0]])
        return None
    page.note("I213", f"{letter(found[anchor])}{row}", expected=block.address(anchor, block.header_row))
    return Table(row, found)


def _years_only_differ(page: Page, block: Block, year: int) -> tuple[str, int] | None:
    """The first year column whose heading, at its usual place, names another year."""
    for column in block.columns:
        if column.year is not None:
            value = page.grid.at(block.header_row, block.column_number(column.key))
            other = labels.heading_year(page.text(value))
            if other and other != year + column.year:
                return column.key, other
    return None


def merged_in(page: Page, table: Table, last_row: int) -> None:
    """Report merged cells inside a table: all but their first cell read as empty."""
    for area in page.grid.merged:
        first, _, last = area.partition(":")
        row = int(first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        column = number(first.rstrip("0123456789"))
        if table.header_row < row <= last_row and column <= max(table.columns.values()):
            page.note("W212", first, area=f"{first}:{last}")
