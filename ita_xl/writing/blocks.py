"""Putting content into a sheet through the port: fields, blocks, rows, and which rows show."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ita_xl.engines.port import Grid, Port, Value, Written
from ita_xl.layout import Block, Field, Sheet
from ita_xl.layout.heights import row_height
from ita_xl.views.content import Content, Own, Row


def write_content(port: Port, title: str, sheet: Sheet, content: Content, grid: Grid) -> None:
    """Write a sheet's own fields and every row of its blocks; rows that are not needed are emptied and hidden.

    Fields and blocks that the content does not name are left alone. grid: what stands there.
    """
    for field in sheet.fields:
        if field.key in content.fields:
            write_field(port, title, sheet, field, content.fields[field.key])
    for block in sheet.blocks:
        if block.key in content.merged:
            write_rows(port, title, sheet, block, content.merged[block.key], grid)
        elif block.key in content.blocks:
            write_block(port, title, sheet, block, content.blocks[block.key], grid)


def write_field(port: Port, title: str, sheet: Sheet, field: Field, value: Written) -> None:
    """Write one field; the row of a sentence gets the height that the sentence needs."""
    port.write(title, field.row, field.column, [[_empty(value)]])
    if field.sentence and isinstance(value, str):
        port.show_rows(title, field.row, field.row, [row_height([(value, sheet.width_of(field))])])


def write_block(
    port: Port, title: str, sheet: Sheet, block: Block, rows: list[Row], grid: Grid | None = None
) -> None:
    """Write a block over its whole capacity; an empty row among the others is hidden. Rows beyond the capacity are
    the caller's mistake. grid: what stands there; a block that says the same already is left alone."""
    assert len(rows) <= block.capacity, f"{block.key}: {len(rows)} rows"
    empty: list[Written] = [None] * len(block.columns)
    values = [*(_values(block, row) for row in rows), *[empty] * (block.capacity - len(rows))]
    if grid and rows and values == _standing_values(block, grid):
        return
    port.write(title, block.first_row, block.first_column, values)
    if block.hides:
        # An empty table hides its heading row too; the sentence above it says that there is nothing.
        shown = max(min(len(rows) + block.spare, block.capacity), block.least)
        heading = [None] * (block.above + 1) if shown else []
        port.show_rows(title, block.header_row - block.above, block.header_row, heading)
        gaps = {place for place, row in enumerate(rows) if not row}
        for seen, group in groupby(range(block.capacity), lambda place: place < shown and place not in gaps):
            places = list(group)
            heights = [_height(sheet, block, values[place]) for place in places] if seen else []
            port.show_rows(title, block.first_row + places[0], block.first_row + places[-1], heights)


def _standing_values(block: Block, grid: Grid) -> list[list[Value]] | None:
    """A block's values as they stand; None where a formula stands among them, which says them only for now."""
    rows = range(block.first_row, block.last_row + 1)
    columns = range(block.first_column, block.first_column + len(block.columns))
    if any(row in rows and column in columns for row, column in grid.formulas):
        return None
    return [[grid.at(row, column) for column in columns] for row in rows]


def write_rows(
    port: Port, title: str, sheet: Sheet, block: Block, rows: list[Row | Own | None], grid: Grid
) -> None:
    """Write a block row by row: a person's own rows are left as they stand, None empties one and hides it,
    but for a few below the table in which a person may write. Rows that say the same already are left alone."""
    columns = range(block.first_column, block.first_column + len(block.columns))
    padded = [*rows, *[None] * (block.capacity - len(rows))]
    spare = range(block.first_row + len(rows), block.first_row + len(rows) + block.spare)
    for number, row in enumerate(padded, block.first_row):
        if row is None and number not in grid.rows and number not in spare:
            continue
        if isinstance(row, Own):
            port.show_rows(title, number, number, [None])
            continue
        line = _values(block, row or {})
        if line == [grid.at(number, column) for column in columns] and (row or number not in spare):
            continue
        for first, last in _stretches(block, row or {}):
            port.write(title, number, block.first_column + first, [line[first : last + 1]])
        port.show_rows(title, number, number, [_height(sheet, block, line)] if row or number in spare else [])
    heading = any(rows) or bool(block.spare)
    port.show_rows(title, block.header_row, block.header_row, [None] if heading else [])


def _stretches(block: Block, row: Row) -> Iterator[tuple[int, int]]:
    """First and last column of each stretch of a row that is ours to write: a person's formula stays."""
    kept = [isinstance(row.get(column.key), Own) for column in block.columns]
    for keep, group in groupby(range(len(kept)), kept.__getitem__):
        numbers = list(group)
        if not keep:
            yield numbers[0], numbers[-1]


def _values(block: Block, row: Row) -> list[Written]:
    values = (row.get(column.key) for column in block.columns)
    return [_empty(value.shown if isinstance(value, Own) else value) for value in values]


def _height(sheet: Sheet, block: Block, line: list[Written]) -> float:
    return row_height(zip(line, sheet.widths[block.first_column - 1 :], strict=False))


def _empty(value: Written) -> Written:
    """No text is no cell: an empty string would count as filled."""
    return None if value == "" else value
