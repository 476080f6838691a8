"""The sheets of results as they stand, and the rows of the tables in them that people may edit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.rows import Cell, Origin, Owner, Row, is_own
from ita_xl.engines.port import Grid, Port, Ties
from ita_xl.layout import Block, Sheet
from ita_xl.layout.address import letter
from ita_xl.layout.keys import BlockKey
from ita_xl.reading.places import Lost, standing_sheet


class Stands:
    """Our sheets in a workbook, each looked up once."""

    def __init__(self, port: Port) -> None:
        self.port = port
        self._sheets: dict[str, Sheet] = {}
        self._ties: dict[str, Ties] = {}
        self._rows: dict[tuple[str, BlockKey], list[Row]] = {}

    def sheet(self, layout: Sheet, title: str) -> Sheet:
        """A sheet with its parts where they are. Raises `Unusable` if the headings of a table are gone."""
        if title not in self._sheets:
            try:
                self._sheets[title] = standing_sheet(self.port, layout, title)
            except Lost as error:
                finding = Finding(Code.TABLE_MOVED, title, error.cell, values={"heading": error.heading})
                raise Unusable(finding) from error
        return self._sheets[title]

    def ties(self, title: str) -> Ties:
        if title not in self._ties:
            self._ties[title] = self.port.ties(title)
        return self._ties[title]

    def rows(self, sheet: Sheet, block: Block, title: str) -> list[Row]:
        """The rows of a table that people may edit."""
        if (title, block.key) not in self._rows:
            ties = self.ties(title) if any(one.grows for one in sheet.blocks) else Ties()
            self._rows[title, block.key] = standing_rows(block, self.port.read(title), ties)
        return self._rows[title, block.key]


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
