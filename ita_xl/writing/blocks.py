"""Putting content into a sheet through the port: fields, blocks, rows, and which rows show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from ita_xl.domain.contents import Value, shown
from ita_xl.domain.rows import Cell, Owner, Row
from ita_xl.domain.thai import same_text
from ita_xl.engines.port import Grid, Port, Written
from ita_xl.layout import GUIDANCE, Block, Field, Sheet, labels
from ita_xl.layout.heights import BOLD, is_persons, row_height
from ita_xl.layout.keys import OWN_KEYS, ColumnKey
from ita_xl.views.content import Values
from ita_xl.writing.compose import Composition
from ita_xl.writing.shared import Home


def write_sheet(port: Port, one: Composition) -> None:
    """Write a sheet's fields and every row of its blocks; of rows that are not needed only those at the end of a
    table are left, empty.

    Fields and blocks that the content does not name are left alone; one that it names and the sheet has not raises
    `KeyError`. Rows stand where they are to stand already.
    """
    grid = port.read(one.title)
    for key, value in one.content.fields.items():
        field = one.sheet.field(key)
        write_field(port, one.title, one.sheet, field, value, high=_by_hand(one.sheet, field, value, grid))
    for table in one.tables:
        _write_rows(port, one, one.sheet.block(table), grid)
    for table, rows in one.content.blocks.items():
        if table not in one.tables:
            write_block(port, one.title, one.sheet, one.sheet.block(table), rows, grid)


def write_field(port: Port, title: str, sheet: Sheet, field: Field, value: Written, *, high: bool = False) -> None:
    """Write one field; the row of a sentence gets the height that it needs. One that says nothing is hidden with
    the heading above it. high: a person set the height of its row."""
    port.write(title, field.row, field.column, [[_empty(value)]])
    if field.sentence and isinstance(value, str):
        height = None if high else row_height([(value, sheet.width_of(field))])
        port.show_rows(title, field.row, field.row, [height] if value else [])
        if heading := sheet.heading_of(field):
            port.show_rows(title, heading.row, heading.row, [None] if value else [])


def _by_hand(sheet: Sheet, field: Field, value: Written, grid: Grid) -> bool:
    """Whether the height of a sentence's row is to stay: a person set it, or it is set and the text stays too."""
    height, former = grid.heights.get(field.row), grid.at(*field.at)
    if height is None:
        return False
    return former == value or is_persons(height, row_height([(former, sheet.width_of(field))]))


def write_block(
    port: Port, title: str, sheet: Sheet, block: Block, rows: list[Values], grid: Grid | None = None
) -> None:
    """Write a block over its whole capacity; an empty row among the others is hidden. Rows beyond the capacity are
    the caller's mistake. grid: what stands there; a block that says the same already is left alone."""
    assert len(rows) <= block.capacity, f"{block.key}: {len(rows)} rows"
    if grid:
        _clear_former(port, title, sheet, block, grid)
        _clear_lines(port, title, block, grid)
    block = block.written
    block.check_keys(rows)
    empty: list[Written] = [None] * len(block.columns)
    values = [*(_values(block, row) for row in rows), *[empty] * (block.capacity - len(rows))]
    stands = bool(grid and rows and values == _standing_values(block, grid))
    for at, part in _side_by_side(block.numbers) if not stands else ():
        port.write(title, block.first_row, at, [line[part] for line in values])
    if block.hides:
        # An empty table hides its heading row too; the sentence above it says that there is nothing.
        shown = max(min(len(rows) + block.spare, block.capacity), block.least)
        heading = [None] * (block.above + 1) if shown else []
        port.show_rows(title, block.header_row - block.above, block.header_row, heading)
        gaps, fit = {place for place, row in enumerate(rows) if not row}, _Fit.of(sheet, block)
        for seen, group in groupby(range(block.capacity), lambda place: place < shown and place not in gaps):
            places = list(group)
            heights = [None if stands else fit.fitted(place, values, grid) for place in places if seen]
            port.show_rows(title, block.first_row + places[0], block.first_row + places[-1], heights)


def write_homes(port: Port, title: str, columns: Mapping[ColumnKey, int], homes: Sequence[Home]) -> None:
    """Put an agency's own texts on the library sheet; a code that has no row there gets one below all others.
    columns: where they stand on it."""
    grid = port.read(title)
    widths = GUIDANCE.as_wide(grid.widths).widths
    below, rows, texts = grid.last_row, dict[str, int](), dict[int, dict[int, object]]()
    for home in homes:
        number = home.row or rows.get(home.code, 0)
        if not number:
            number = rows[home.code] = below = below + 1
            port.write(title, number, columns["code"], [[home.code]])
        at = columns[OWN_KEYS[home.key]]
        port.write(title, number, at, [[home.text]])
        row = texts.setdefault(number, {one: grid.at(number, one) for one in grid.columns_of(number)})
        row[at] = home.text
        needed = row_height((text, widths[min(one, len(widths)) - 1]) for one, text in row.items())
        port.show_rows(title, number, number, [max(needed, grid.heights.get(number, 0.0))])


def _clear_former(port: Port, title: str, sheet: Sheet, block: Block, grid: Grid) -> None:
    """Empty the columns that an earlier version wrote right of a block, where their headings still stand."""
    for at, key in enumerate(block.former, block.first_column + len(block.columns)):
        if same_text(shown(grid.at(block.header_row, at)), labels.former_heading(sheet, block, key)):
            port.write(title, block.header_row, at, [[None]] * (block.capacity + 1))


_LINE = re.compile(r"[./… ]*\.{4}[./… ]*(\n|$)")
"""Dots to write on, alone or above a name."""


def _clear_lines(port: Port, title: str, block: Block, grid: Grid) -> None:
    """Empty the cells with the dotted lines that earlier versions put into columns that are left free today."""
    free = [n for n, column in zip(block.numbers, block.columns, strict=True) if column.free]
    for row in range(block.first_row, block.last_row + 1):
        for at in free:
            if isinstance(held := grid.at(row, at), str) and _LINE.match(held):
                port.write(title, row, at, [[None]])


def _side_by_side(numbers: Sequence[int]) -> Iterator[tuple[int, slice]]:
    """Columns that are neighbours: the number of the first, and their places among all."""
    for _, group in groupby(enumerate(numbers), lambda entry: entry[1] - entry[0]):
        members = list(group)
        yield members[0][1], slice(members[0][0], members[-1][0] + 1)


def _values(block: Block, row: Values) -> list[Written]:
    return [_empty(row.get(column.key)) for column in block.columns]


def _standing_values(block: Block, grid: Grid) -> list[list[Value]] | None:
    """A block's values as they stand; None where a formula stands among them, which says them only for now."""
    rows = range(block.first_row, block.last_row + 1)
    if not grid.formulas.isdisjoint((row, column) for row in rows for column in block.numbers):
        return None
    held = grid.cells.get
    return [[held((row, column)) for column in block.numbers] for row in rows]


# ---- tables that people may edit ----


def _write_rows(port: Port, one: Composition, block: Block, grid: Grid) -> None:
    """Write what is ours of a table, cell by cell. What says the same already, or is a person's, is left alone.

    The empty rows at its end show as many as a person may write in.
    """
    rows, fit = one.tables[block.key], _Fit.of(one.sheet, block)
    for number, row in enumerate(rows, block.first_row):
        changed = _changed(block, number, row.cells, grid)
        for at, values in _stretches(changed):
            port.write(one.title, number, at, [values])
        if number in one.ties.filtered and row.stands is not None:
            continue  # whether it shows is the filter's to say
        if row.own:
            if not row.empty:
                port.show_rows(one.title, number, number, [None])
        elif changed:
            port.show_rows(one.title, number, number, [fit.fitting(number, row, grid)])
    for number in range(block.first_row + len(rows), block.last_row + 1):
        for at, values in _stretches(_changed(block, number, {}, grid)):
            port.write(one.title, number, at, [values])  # what was proposed here is no longer
        spare = number < block.first_row + len(rows) + block.spare
        port.show_rows(one.title, number, number, [row_height([])] if spare else [])
    heading = [None] * (block.above + 1) if any(rows) or block.spare else []
    port.show_rows(one.title, block.header_row - block.above, block.header_row, heading)


_NOTHING = Cell()


def _changed(block: Block, number: int, cells: Mapping[str, Cell], grid: Grid) -> dict[int, Written]:
    """What is to be written into a row, by column: cells that are ours and say something else than what stands."""
    changed: dict[int, Written] = {}
    stands, formulas = grid.cells.get, grid.formulas
    for at, column in zip(block.numbers, block.columns, strict=True):
        content, whose, formula = cells.get(column.key, _NOTHING)
        if content == "":
            content = None
        place = number, at
        if whose is not Owner.USER and (content != stands(place) or formula != (place in formulas)):
            assert content is None or isinstance(content, str | int | float), "we write nothing else"
            changed[at] = content
    return changed


def _stretches(changed: dict[int, Written]) -> Iterator[tuple[int, list[Written]]]:
    """Neighbouring cells together: the first column, and the contents."""
    for _, group in groupby(enumerate(changed.items()), lambda entry: entry[1][0] - entry[0]):
        cells = [cell for _, cell in group]
        yield cells[0][0], [content for _, content in cells]


class _Fit(NamedTuple):
    """How high the rows of a table are to be. widths: of the columns that are printed, in digits, each with its
    place among all; the key at the end is for the program."""

    block: Block
    widths: Sequence[tuple[int, float]]

    @classmethod
    def of(cls, sheet: Sheet, block: Block) -> _Fit:
        spread = BOLD if block.emphasis else 1.0  # rules make some rows bold
        widths, last = sheet.widths, block.printed
        printed = (
            (place, widths[min(n, len(widths)) - 1] / spread) for place, n in enumerate(block.numbers) if n <= last
        )
        return cls(block, list(printed))

    def fitting(self, number: int, row: Row, grid: Grid) -> float | None:
        """The height that a row's text needs; None where a person set one. A height that is about what we would
        have given to the row's former text is no person's, whatever the program that saved it says."""
        if row.stands is not None and self._set_by_hand(number, grid):
            return None
        return self._height([row.text(column.key) or None for column in self.block.columns])

    def fitted(self, place: int, values: Sequence[Sequence[Written]], grid: Grid | None) -> float | None:
        """The same for a row of a table that is only ours. place: of the row, from 0."""
        if grid and self._set_by_hand(self.block.first_row + place, grid):
            return None
        return self._height(values[place])

    def _set_by_hand(self, number: int, grid: Grid) -> bool:
        height = grid.heights.get(number)
        if height is None:
            return False
        return is_persons(height, self._height([grid.at(number, column) for column in self.block.numbers]))

    def _height(self, line: Sequence[object]) -> float:
        return row_height((line[place], width) for place, width in self.widths)


def _empty(value: Written) -> Written:
    """No text is no cell: an empty string would count as filled."""
    return None if value == "" else value
