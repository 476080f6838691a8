"""The rows of a table that people may edit, as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ita_xl.domain.rows import Cell, Origin, Owner, Row, is_own
from ita_xl.engines.port import Grid, Ties
from ita_xl.layout import Block, Sheet
from ita_xl.layout.address import letter


def editable_blocks(sheet: Sheet) -> list[Block]:
    """The tables of a sheet in which a person may write: cells that we suggest, or the person's own."""
    return [block for block in sheet.blocks if any(column.owner is not Owner.TOOL for column in block.columns)]


def standing_rows(block: Block, grid: Grid, ties: Ties) -> list[Row]:
    """The rows of a table from the top, without empty ones on which nothing hangs either.

    A person's cells beside our columns belong to the row, under their column's letters.
    """
    used = grid.rows | ties.held | ties.rooted
    rows = (_row(block, grid, ties, n) for n in range(block.first_row, block.last_row + 1) if n in used)
    return [row for row in rows if row.rooted or not row.empty]


def _row(block: Block, grid: Grid, ties: Ties, number: int) -> Row:
    held, rooted = number in ties.held, number in ties.rooted
    value, formulas = grid.cells.get, grid.formulas
    cells: dict[str, Cell] = {
        column.key: Cell(value((number, at)), column.owner, (number, at) in formulas)
        for at, column in zip(block.numbers, block.columns, strict=True)
    }
    cells.update(_beside(block.numbers, grid, number))
    assert block.row_key is not None
    key = cells[block.row_key].text
    origin = Origin.OWN if block.owned_by_people and is_own(key) else Origin.PROPOSED
    return Row(key, cells, number, origin=origin, held=held, rooted=rooted)


def _beside(columns: Sequence[int], grid: Grid, number: int) -> Iterator[tuple[str, Cell]]:
    """What a person wrote left or right of a table."""
    for at in grid.columns_of(number):
        if at not in columns:
            yield letter(at), Cell(grid.at(number, at), Owner.USER, (number, at) in grid.formulas)
