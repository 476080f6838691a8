"""A workbook in memory, for tests: the port without any file or library, and tables written in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

from ita_xl.data.profiles import Profile, profile
from ita_xl.engines.moves import RowChange
from ita_xl.engines.port import CellError, Formula, Grid, Names, Ties, Uncomputed, Value, Written
from ita_xl.layout import HOME, OUTPUTS, SHEETS, Block, Sheet
from ita_xl.layout.address import Area, At
from ita_xl.layout.keys import BlockKey, ColumnKey, FieldKey
from ita_xl.layout.labels import shown_code
from ita_xl.reading.places import named_parts, standing_sheet
from ita_xl.writing.setup import fill

V = TypeVar("V")


class Memory:
    """Satisfies `Port`. A formula that is written has no result, as in a file that was never opened."""

    def __init__(self) -> None:
        self.pages: dict[str, dict[tuple[int, int], Value]] = {sheet.title: {} for sheet in SHEETS}
        self.merged: dict[str, list[str]] = {}
        self.formulas: dict[str, set[tuple[int, int]]] = {}
        self.percent: dict[str, set[tuple[int, int]]] = {}
        self.hidden: dict[str, set[int]] = {}
        self.shown: list[str] = []
        self.named: dict[str, tuple[str, Area]] = {}
        self.writes: list[tuple[str, int, int, int, int]] = []

    def sheets(self) -> list[str]:
        return list(self.pages)

    def read(self, title: str) -> Grid:
        formulas, percent = (frozenset(of.get(title, ())) for of in (self.formulas, self.percent))
        return Grid(dict(self.pages[title]), tuple(self.merged.get(title, ())), formulas, percent)

    def write(self, title: str, row: int, column: int, values: Sequence[Sequence[Written]]) -> None:
        self.writes.append((title, row, column, len(values), len(values[0])))
        for down, line in enumerate(values):
            for across, value in enumerate(line):
                self.put(title, row + down, column + across, value)

    def put(self, title: str, row: int, column: int, value: Written | Value) -> None:
        at = (row, column)
        self.formulas.setdefault(title, set()).discard(at)
        self.percent.setdefault(title, set()).discard(at)
        if value is None:
            self.pages[title].pop(at, None)
        elif isinstance(value, Formula):
            self.pages[title][at] = Uncomputed(value.text)
            self.formulas[title].add(at)
        else:
            self.pages[title][at] = value

    def ties(self, title: str) -> Ties:
        return Ties()

    def names(self) -> Names:
        return self.named

    def set_names(self, names: Names) -> None:
        self.named |= names

    def links(self, title: str) -> Mapping[str, str]:
        return {}

    def set_links(self, title: str, links: Mapping[str, str]) -> None:
        assert not links

    def named_rows(self, title: str) -> frozenset[int]:
        return frozenset()

    def change_rows(self, change: RowChange) -> None:
        def places(old: Iterable[At]) -> dict[At, At]:
            return {at: new for at in old if (new := change.at(at))}

        title, page = change.title, self.pages[change.title]
        self.pages[title] = {new: page[old] for old, new in places(page).items()}
        self.formulas[title] = set(places(self.formulas.get(title, ())).values())
        self.hidden[title] = {row for one in self.hidden.get(title, ()) if (row := change.row(one))}
        for name, (where, area) in self.named.items():
            if where == title and (new := change.area(area)):
                self.named[name] = (title, new)

    def copy_down(self, title: str, row: int, last: int) -> None:
        columns = {column for line, column in self.formulas.get(title, ()) if line == row}
        self.formulas.setdefault(title, set()).update((n, c) for n in range(row + 1, last + 1) for c in columns)

    def restore(self, title: str, state: str) -> bool:
        return False

    def show_rows(self, title: str, first: int, last: int, heights: Sequence[float | None]) -> None:
        hidden = self.hidden.setdefault(title, set())
        hidden.difference_update(range(first, last + 1))
        hidden.update(range(first + len(heights), last + 1))

    def show_sheet(self, title: str) -> None:
        self.shown.append(title)

    # ---- what tests say ----

    def rename(self, old: str, new: str) -> None:
        """As a program does that moves names along."""
        self.pages = {new if title == old else title: page for title, page in self.pages.items()}
        self.named = {name: (new if title == old else title, area) for name, (title, area) in self.named.items()}

    def set(self, sheet: Sheet, cell: str, value: Written | Value) -> None:
        field = next(f for f in (*sheet.fields,) if f.cell == cell or f.key == cell)
        self.put(sheet.title, field.row, field.column, value)

    def put_percentage(self, title: str, row: int, column: int, points: float) -> None:
        """What a person makes by typing "93.68%": 0.9368, shown as a percentage."""
        self.put(title, row, column, points / 100)
        self.percent[title].add((row, column))

    def here(self, sheet: Sheet) -> Sheet:
        """A sheet with its parts where they stand; one that no run writes into stands as it was drawn."""
        return standing_sheet(self, sheet, sheet.title) if sheet in OUTPUTS else sheet

    def fill_in(self, sheet: Sheet, block: Block, table: str) -> None:
        """Put the cells of a Markdown table into a block. The first column names the row by the code that
        stands in it (or by its number, from 1); the headings are column keys; an empty cell changes nothing."""
        block = self.here(sheet).block(block.key)
        for row, cells in parse(table):
            at = self._row(sheet, block, row)
            for key, text in cells.items():
                if text:
                    self.put(sheet.title, at, block.column_number(key), typed(text))

    def rows(self, sheet: Sheet, key: BlockKey) -> list[dict[ColumnKey, Any]]:
        """The rows of a block that hold anything, by column key; a test knows which cell holds what."""
        block = self.here(sheet).block(key)
        page = self.pages[sheet.title]
        found = []
        for row in range(block.first_row, block.last_row + 1):
            values = {c.key: page.get((row, block.column_number(c.key))) for c in block.columns}
            if any(value is not None for value in values.values()):
                found.append(values)
        return found

    def column(self, sheet: Sheet, block: BlockKey, key: ColumnKey) -> list[Any]:
        return [row[key] for row in self.rows(sheet, block)]

    def text(self, sheet: Sheet, field: FieldKey) -> str:
        at = self.here(sheet).field(field)
        return str(self.pages[sheet.title].get((at.row, at.column), ""))

    def _row(self, sheet: Sheet, block: Block, name: str) -> int:
        if name.isdigit() and not block.row_key:
            return block.first_row + int(name) - 1
        assert block.row_key is not None
        at = block.column_number(block.row_key)
        for row in range(block.first_row, block.last_row + 1):
            if self.pages[sheet.title].get((row, at)) == shown_code(name):
                return row
        if name.startswith("+"):
            return block.first_row + int(name[1:]) - 1
        raise KeyError(name)


def columns(cells: Mapping[str, V]) -> dict[ColumnKey, V]:
    """What a test says by the names of columns; a layout that has no such column says so."""
    return cast(dict[ColumnKey, V], cells)


def parse(table: str) -> list[tuple[str, dict[ColumnKey, str]]]:
    """Rows of a Markdown table: first cell, then the others by heading."""
    lines = [line.strip() for line in table.strip().splitlines()]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line]
    heading = cells[0]
    return [(row[0], columns(dict(zip(heading[1:], row[1:], strict=True)))) for row in cells[1:]]


def typed(text: str) -> Written | CellError:
    """A Markdown cell as a workbook would hold it: "..." is text, #N/A an error, = a formula, (empty) nothing."""
    if text == "(empty)":
        return None
    if text.startswith('"') and text.endswith('"'):
        return text[1:-1]
    if text.startswith("#"):
        return CellError(text)
    if text.startswith("="):
        return Formula(text)
    try:
        return float(text) if text.isascii() else text
    except ValueError:
        return text


def workbook(year: int = 2565, agency: str = "เทศบาลตำบลตัวอย่าง", profile_: Profile | None = None) -> Memory:
    """A new workbook of a year, with no scores."""
    port = Memory()
    fill(port, profile_ or profile(year))
    for sheet in OUTPUTS:
        port.set_names(named_parts(sheet, sheet.title))
    port.set(HOME, "agency", agency)
    return port
