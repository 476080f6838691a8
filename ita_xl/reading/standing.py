"""The rows of a table that people may edit, as they stand."""

from __future__ import annotations

from collections.abc import Iterator

from ita_xl.domain.rows import Cell, Owner, Row
from ita_xl.engines.port import Grid, Ties
from ita_xl.layout import Block, Sheet
from ita_xl.layout.address import letter


def editable_blocks(sheet: Sheet) -> list[Block]:
    """The tables of a sheet in which a person may write: cells that we suggest, or the person's own."""
    return [block for block in sheet.blocks if any(column.owner is not Owner.TOOL for column in block.columns)]


def standing_rows(block: Block, grid: Grid, ties: Ties) -> list[Row | None]:
    """The rows of a table by position; None for an empty one, on which nothing hangs either.

    A person's cells beside our columns belong to the row, under their column's letters.
    """
    used = grid.rows | ties.held | ties.rooted
    numbers = range(block.first_row, block.last_row + 1)
    return [_row(block, grid, ties, number) if number in used else None for number in numbers]


def _row(block: Block, grid: Grid, ties: Ties, number: int) -> Row | None:
    held, rooted = number in ties.held, number in ties.rooted
    columns = range(block.first_column, block.first_column + len(block.columns))
    value, formulas = grid.cells.get, grid.formulas
    cells: dict[str, Cell] = {
        column.key: Cell(value((number, at)), column.owner, (number, at) in formulas)
        for at, column in enumerate(block.columns, block.first_column)
    }
    cells.update(_beside(columns, grid, number))
    assert block.row_key is not None
    row = Row(cells[block.row_key].text, cells, number, held=held, rooted=rooted)
    return None if row.empty and not rooted else row


def _beside(columns: range, grid: Grid, number: int) -> Iterator[tuple[str, Cell]]:
    """What a person wrote left or right of a table."""
    for at in grid.columns_of(number):
        if at not in columns:
            yield letter(at), Cell(grid.at(number, at), Owner.USER, (number, at) in grid.formulas)
