"""What the tool suggested last time, kept on the very hidden sheet, and what a person made of it since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ita_xl.domain.contents import shown
from ita_xl.domain.merge import mark_of
from ita_xl.domain.rows import Owner
from ita_xl.engines.port import Port, Written
from ita_xl.layout import MEMORY, OUTPUTS
from ita_xl.layout.address import address
from ita_xl.layout.keys import SheetKey
from ita_xl.reading.standing import editable_blocks, standing_rows

Key = tuple[str, str, str, str]
"""A suggestion's place: sheet, block, row and column key."""


def recall(port: Port, titles: Mapping[SheetKey, str]) -> dict[Key, str]:
    """The marks of what the tool suggested last time, by key; empty before the first run."""
    if MEMORY.key not in titles:
        return {}
    block = MEMORY.block("memory")
    grid = port.read(titles[MEMORY.key])
    known: dict[Key, str] = {}
    for row in range(block.first_row, grid.last_row + 1):
        sheet, table, line, column, mark = (shown(grid.at(row, number)) for number in range(1, 6))
        if sheet:
            known[sheet, table, line, column] = mark
    return known


def remember(port: Port, title: str, marks: Mapping[Key, str]) -> None:
    """Keep the marks of what was suggested, over all that was kept before."""
    block = MEMORY.block("memory")
    if list(recall(port, {MEMORY.key: title}).items()) == list(marks.items()):
        return
    lines: list[list[Written]] = [[*key, mark] for key, mark in marks.items()]
    stale = port.read(title).last_row - block.header_row - len(lines)
    lines += [[None] * len(block.columns)] * max(stale, 0)
    if lines:
        port.write(title, block.first_row, block.first_column, lines)


def edited(port: Port, titles: Mapping[SheetKey, str]) -> Iterator[tuple[str, str]]:
    """Sheet and cell of every suggested text that a person changed, cleared or wrote, and of own rows."""
    remembered = recall(port, titles)
    for sheet in OUTPUTS:
        for block in editable_blocks(sheet) if sheet.key in titles else ():
            title = titles[sheet.key]
            columns: dict[str, int] = {column.key: block.column_number(column.key) for column in block.columns}
            for row in standing_rows(block, port.read(title), port.ties(title)):
                for column, cell in row.cells.items() if row else ():
                    assert row is not None and row.stands is not None
                    last = remembered.get((sheet.key, block.key, row.key, column), "")
                    suggestion = cell.whose is Owner.SUGGEST and (mark_of(cell.text) != last or not row.key)
                    if suggestion or (cell.whose is Owner.USER and cell.text):
                        at = columns.get(column)
                        yield title, address(row.stands, at) if at else f"{column}{row.stands}"
