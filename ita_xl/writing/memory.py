"""What the tool suggested last time, kept on the very hidden sheet, and what a person made of it since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct, field

from ita_xl.domain.contents import shown
from ita_xl.domain.merge import Last, Marks, mark_of
from ita_xl.domain.rows import Owner
from ita_xl.engines.port import Grid, Port, Written
from ita_xl.layout import MEMORY, OUTPUTS
from ita_xl.layout.address import address
from ita_xl.layout.keys import SheetKey
from ita_xl.reading.places import standing_sheet
from ita_xl.reading.standing import editable_blocks, standing_rows

_STOOD, _REMOVED, _OTHERS = ".stood", ".removed", ".others"
"""In place of a column: the keys of a table's rows, one a line, instead of a mark."""
_MARKS = ".marks"
"""In place of a column: all marks of a table, a row of it in each line: its key, then columns and marks in turn.
One by one, as they were kept before, they were a quarter of all cells of a workbook."""
_BETWEEN = "\t"
_LONGEST = 30_000
"""Characters of a cell; Excel allows 32,767."""


class Memory(Struct, frozen=True):
    """What is remembered of the last run: of each table, by sheet and block key. Empty before the first run."""

    lasts: Mapping[tuple[str, str], Last] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(last.order or last.marks for last in self.lasts.values())

    def last(self, sheet: str, block: str) -> Last:
        return self.lasts.get((sheet, block), Last())


def recall(port: Port, titles: Mapping[SheetKey, str]) -> Memory:
    """What was remembered last time. Version 0.1.0 kept only marks, in the order of its rows."""
    return _recalled(port.read(titles[MEMORY.key])) if MEMORY.key in titles else Memory()


@lru_cache(maxsize=2)
def _recalled(grid: Grid) -> Memory:
    marks: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
    keys: dict[tuple[str, str], dict[str, list[str]]] = {}
    for sheet, block, row, column, kept in _lines(grid):
        if column in (_STOOD, _REMOVED, _OTHERS):
            keys.setdefault((sheet, block), {})[column] = kept.split("\n") if kept else []
        elif column == _MARKS:
            held = marks.setdefault((sheet, block), {})
            for key, *parts in (line.split(_BETWEEN) for line in kept.split("\n")):
                held.update(((key, at), mark) for at, mark in zip(parts[::2], parts[1::2], strict=False))
        elif sheet:
            marks.setdefault((sheet, block), {})[row, column] = kept
    lasts = {}
    for table in dict.fromkeys([*keys, *marks]):
        mine = marks.get(table, {})
        lists = keys.get(table, {_STOOD: list(dict.fromkeys(row for row, _ in mine))})
        lasts[table] = Last(mine, *(lists.get(kind, []) for kind in (_STOOD, _REMOVED, _OTHERS)))
    return Memory(lasts)


def _lines(grid: Grid) -> Iterator[tuple[str, ...]]:
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
        together = {place: mark for place, mark in last.marks.items() if _fits(place[0])}
        lines += [(sheet, table, "", _MARKS, text) for text in _together(together)]
        lines += [(sheet, table, *place, mark) for place, mark in last.marks.items() if place not in together]
    grid = port.read(title)
    if list(_lines(grid)) == lines:
        return
    values: list[list[Written]] = [[part or None for part in line] for line in lines]
    stale = grid.last_row - block.header_row - len(lines)
    values += [[None] * len(block.columns)] * max(stale, 0)
    if values:
        port.write(title, block.first_row, block.first_column, values)


def _fits(key: str) -> bool:
    return "\n" not in key and _BETWEEN not in key


def _together(marks: Marks) -> Iterator[str]:
    """The marks of a table as texts that cells can hold."""
    rows: dict[str, list[str]] = {}
    for (row, column), mark in marks.items():
        rows.setdefault(row, [row]).extend((column, mark))
    text = ""
    for line in map(_BETWEEN.join, rows.values()):
        if text and len(text) + len(line) >= _LONGEST:
            yield text
            text = ""
        text += ("\n" if text else "") + line
    if text:
        yield text


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
