"""What the tool suggested last time, kept on the very hidden sheet, and what a person made of it since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ita_xl.domain.contents import shown
from ita_xl.domain.merge import Last, mark_of
from ita_xl.domain.rows import Owner
from ita_xl.engines.port import Port, Written
from ita_xl.layout import MEMORY, OUTPUTS
from ita_xl.layout.address import address
from ita_xl.layout.keys import SheetKey
from ita_xl.reading.places import standing_sheet
from ita_xl.reading.standing import editable_blocks, standing_rows

Key = tuple[str, str, str, str]
"""A suggestion's place: sheet, block, row and column key."""

_STOOD, _REMOVED, _OTHERS = ".stood", ".removed", ".others"
"""In place of a column: the keys of a table's rows, one a line, instead of a mark."""


@dataclass(frozen=True)
class Memory:
    """What is remembered of the last run: of each table, by sheet and block key. Empty before the first run."""

    lasts: Mapping[tuple[str, str], Last] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(last.order or last.marks for last in self.lasts.values())

    def last(self, sheet: str, block: str) -> Last:
        return self.lasts.get((sheet, block), Last())


def recall(port: Port, titles: Mapping[SheetKey, str]) -> Memory:
    """What was remembered last time. Version 0.1.0 kept only marks, in the order of its rows."""
    if MEMORY.key not in titles:
        return Memory()
    marks: dict[Key, str] = {}
    keys: dict[tuple[str, str], dict[str, list[str]]] = {}
    for sheet, block, row, column, kept in _lines(port, titles[MEMORY.key]):
        if column in (_STOOD, _REMOVED, _OTHERS):
            keys.setdefault((sheet, block), {})[column] = kept.split("\n") if kept else []
        elif sheet:
            marks[sheet, block, row, column] = kept
    lasts = {}
    for table in dict.fromkeys([*keys, *((sheet, block) for sheet, block, _, _ in marks)]):
        mine = {(row, column): mark for (*of, row, column), mark in marks.items() if tuple(of) == table}
        held = keys.get(table, {_STOOD: list(dict.fromkeys(row for row, _ in mine))})
        lasts[table] = Last(mine, *(held.get(kind, []) for kind in (_STOOD, _REMOVED, _OTHERS)))
    return Memory(lasts)


def _lines(port: Port, title: str) -> Iterator[tuple[str, ...]]:
    grid = port.read(title)
    for row in range(MEMORY.block("memory").first_row, grid.last_row + 1):
        yield tuple(shown(grid.at(row, number)) for number in range(1, 6))


def remember(port: Port, title: str, memory: Memory) -> None:
    """Keep what is to be remembered, over all that was kept before."""
    block = MEMORY.block("memory")
    lines: list[tuple[str, ...]] = []
    for (sheet, table), last in memory.lasts.items():
        lists = {_STOOD: last.order, _REMOVED: last.removed, _OTHERS: last.others}
        lines += [
            (sheet, table, "", kind, "\n".join(held)) for kind, held in lists.items() if held or kind == _STOOD
        ]
        lines += [(sheet, table, *place, mark) for place, mark in last.marks.items()]
    if list(_lines(port, title)) == lines:
        return
    values: list[list[Written]] = [[part or None for part in line] for line in lines]
    stale = port.read(title).last_row - block.header_row - len(lines)
    values += [[None] * len(block.columns)] * max(stale, 0)
    if values:
        port.write(title, block.first_row, block.first_column, values)


def edited(port: Port, titles: Mapping[SheetKey, str]) -> Iterator[tuple[str, str]]:
    """Sheet and cell of every suggested text that a person changed, cleared or wrote, and of own rows."""
    remembered = recall(port, titles)
    for layout in (sheet for sheet in OUTPUTS if sheet.key in titles):
        title = titles[layout.key]
        sheet = standing_sheet(port, layout, title)
        for block in editable_blocks(sheet):
            marks = remembered.last(sheet.key, block.key).marks
            columns: dict[str, int] = {column.key: block.column_number(column.key) for column in block.columns}
            for row in standing_rows(block, port.read(title), port.ties(title)):
                for column, cell in row.cells.items():
                    assert row.stands is not None
                    last = marks.get((row.key, column), "")
                    suggestion = cell.whose is Owner.SUGGEST and (mark_of(cell.text) != last or not row.key)
                    if suggestion or (cell.whose is Owner.USER and cell.text):
                        at = columns.get(column)
                        yield title, address(row.stands, at) if at else f"{column}{row.stands}"
