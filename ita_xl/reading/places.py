"""Where the parts of an output sheet stand in a workbook in which people moved rows and columns.

A table is where the name that the workbook has for it says, which spreadsheet programs move along; without one,
where its headings are. A single cell goes with its name, or with the table below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from msgspec import Struct
from msgspec.structs import replace

from ita_xl.domain.contents import shown
from ita_xl.domain.thai import arabic_digits, folded, same_text
from ita_xl.engines.naming import name_of
from ita_xl.engines.port import Grid, Names, Port
from ita_xl.layout import OUTPUTS, SHEETS, Block, Field, Sheet, Show, labels
from ita_xl.layout.address import Area
from ita_xl.layout.keys import BlockKey, ColumnKey

_NEAR = 5
"""So many rows above the headings of a table stand the cells that belong to it."""
_SEARCHED_COLUMNS = 60


class Lost(Exception):
    """Headings of a table are gone. heading: their words. cell: where they should be."""

    def __init__(self, heading: str, cell: str) -> None:
        super().__init__(heading)
        self.heading, self.cell = heading, cell


class _Heading(Struct, frozen=True):
    """A row with the headings of a table. numbers: the column of each, None for one that is not there. found: how
    many stand there in our words."""

    row: int
    numbers: tuple[int | None, ...]
    found: int


def named_parts(sheet: Sheet, title: str) -> Names:
    """The names that a workbook is to have for a sheet as it stands."""
    tables = {
        name_of(sheet, block): Area(block.header_row, min(block.numbers), block.last_row, max(block.numbers))
        for block in sheet.blocks
    }
    cells = {name_of(sheet, f): Area(f.row, f.column, f.row, f.last_column) for f in sheet.fields if not f.fixed}
    return {name: (title, area) for name, area in (tables | cells).items()}


def standing_sheet(port: Port, sheet: Sheet, title: str) -> Sheet:
    """A sheet of ours with its parts where they stand in a workbook, and as wide. Raises `Lost`."""
    names = {name: area for name, (where, area) in port.names().items() if where == title}
    grid = port.read(title)
    return placed(sheet.as_wide(grid.widths), grid, names)


def as_it_stands(port: Port, sheet: Sheet, title: str) -> Sheet:
    """The same for whoever only reads: as it was drawn if headings are gone, or if it is no sheet of results."""
    try:
        return standing_sheet(port, sheet, title) if sheet in OUTPUTS else sheet
    except Lost:
        return sheet


def in_place(sheet: Sheet, keys: Sequence[BlockKey], grid: Grid) -> bool:
    """Whether some tables of a sheet have at least half of their headings where they were drawn."""

    def right(block: Block) -> int:
        numbers = _heading(sheet, block, grid, block.header_row).numbers
        return sum(number == usual for number, usual in zip(numbers, block.numbers, strict=True))

    return all(right(block) * 2 >= len(block.columns) for block in map(sheet.block, keys))


def placed(sheet: Sheet, grid: Grid, names: Mapping[str, Area]) -> Sheet:
    """The sheet with its parts where they stand. names: those that are for cells of this sheet.

    Raises `Lost` if the headings of a table are not to be found. A column of ours that is gone is left out.
    """
    if _as_drawn(sheet, grid, names):
        return sheet
    headings = _headings_of(sheet, grid, names)
    fields = tuple(_placed_field(sheet, one, headings, names.get(name_of(sheet, one))) for one in sheet.fields)
    drawn = {block.key: block.header_row for block in sheet.blocks}
    blocks = []
    for place, block in enumerate(sheet.blocks):
        rows = {key: heading.row for key, heading in headings.items()}
        below = min(_tops(sheet, fields, rows, place), default=None)
        area = names.get(name_of(sheet, block))
        if below and area is None:
            # Between the tables of the form stand empty rows.
            below -= min(_tops(sheet, sheet.fields, drawn, place)) - block.last_row - 1
        blocks.append(_placed_block(block, headings[block.key], grid, area, below))
    return replace(sheet, fields=fields, blocks=tuple(blocks))


def _as_drawn(sheet: Sheet, grid: Grid, names: Mapping[str, Area]) -> bool:
    """Whether everything is where the layout has it, in a sheet that nobody worked in: a quick look."""
    wanted = named_parts(sheet, "")
    if any(names.get(name) != area for name, (_, area) in wanted.items()):
        return False
    return all(_heading(sheet, block, grid, block.header_row).found == len(block.columns) for block in sheet.blocks)


# ---- headings ----


def _headings_of(sheet: Sheet, grid: Grid, names: Mapping[str, Area]) -> dict[BlockKey, _Heading]:
    """The headings of every table, from the top down. Raises `Lost`."""
    found: dict[BlockKey, _Heading] = {}
    for block in sheet.blocks:
        area = names.get(name_of(sheet, block))
        if area and (named := _heading(sheet, block, grid, area.top)).found:
            others = (_heading(sheet, one, grid, area.top).found for one in sheet.blocks if one is not block)
            # With more headings of another table it was pasted over.
            if named.found == len(block.columns) or named.found >= max(others, default=0):
                found[block.key] = named
    last = 0
    for block in sheet.blocks:
        if block.key not in found:
            beside = next((o for o in sheet.blocks if o.key in found and o.header_row == block.header_row), None)
            taken = {heading.row for heading in found.values()}
            rows = sorted({row for row, _ in grid.cells if row > last} - taken)
            row = found[beside.key].row if beside else _searched(sheet, block, grid, rows)
            found[block.key] = _heading(sheet, block, grid, row)
        if not found[block.key].found:
            raise _lost(sheet, block, grid, found[block.key].row)
        last = max(last, found[block.key].row)
        if block.row_key and found[block.key].numbers[_index(block, block.row_key)] is None:
            raise _lost(sheet, block, grid, found[block.key].row)
    return found


def _index(block: Block, key: ColumnKey) -> int:
    return [column.key for column in block.columns].index(key)


def _lost(sheet: Sheet, block: Block, grid: Grid, row: int) -> Lost:
    """row: where most of the headings are; where there are none, they belong where the table was drawn."""
    texts = [_plain(shown(grid.at(row, column))) for column in grid.columns_of(row)]
    words = headings()[sheet.key, block.key]
    missing = [one[0].strip() for one in words if not any(same(text, one) for text in texts)] or [words[0][0]]
    row = row if len(missing) < len(words) else block.header_row
    return Lost(", ".join(missing), block.address(block.columns[0].key, row))


def _searched(sheet: Sheet, block: Block, grid: Grid, rows: Sequence[int]) -> int:
    """The first of some rows that bears at least half of a table's headings, and no more of another's; the one
    where it was drawn, if it does. Raises `Lost`."""
    usual = [block.header_row] if block.header_row in rows else []
    for row in (*usual, *rows):
        found = {one.key: _heading(sheet, one, grid, row).found for one in sheet.blocks}
        if found[block.key] * 2 >= len(block.columns) and found[block.key] >= max(found.values()):
            return row
    near = max(rows, key=lambda row: _heading(sheet, block, grid, row).found, default=block.header_row)
    raise _lost(sheet, block, grid, near)


def _heading(sheet: Sheet, block: Block, grid: Grid, row: int) -> _Heading:
    """The columns of a table in a row, each at its usual place or wherever it is; one that was worded anew between
    others that were not is taken for what stood there."""
    wanted = headings()[sheet.key, block.key]
    texts = {n: _plain(shown(grid.at(row, n))) for n in grid.columns_of(row) if n <= _SEARCHED_COLUMNS}
    usual = [block.first_column + place for place in range(len(wanted))]
    numbers = [n if same(texts.get(n, ""), words) else None for n, words in zip(usual, wanted, strict=True)]
    for place, words in enumerate(wanted):
        if numbers[place] is None:
            numbers[place] = next((n for n, t in texts.items() if n not in numbers and same(t, words)), None)
    found = sum(number is not None for number in numbers)
    for place, column in enumerate(block.columns) if found else ():
        if numbers[place] is None and not column.optional:
            numbers[place] = next((n for n in _near(numbers, place) if n > 0 and n not in numbers), None)
    return _Heading(row, tuple(numbers), found)


def _near(numbers: Sequence[int | None], place: int) -> Iterator[int]:
    """Where a heading stood, by those before and after it."""
    for other in (place - 1, place + 1):
        if 0 <= other < len(numbers) and (number := numbers[other]):
            yield number + place - other


def same(text: str, words: Sequence[str]) -> bool:
    """Whether a cell says what may head a column."""
    return bool(text) and (text in words or any(same_text(text, one) for one in words))


def headings_in(sheet: Sheet, grid: Grid) -> Iterator[float]:
    """Of every table of a sheet: which share of the headings that every version has stands in one row of a grid."""
    rows: dict[str, set[int]] = {}
    for (row, _), value in grid.cells.items():
        if isinstance(value, str):
            rows.setdefault(folded(_plain(value)), set()).add(row)
    # Some fields are headings that a run words anew.
    written = {field.key for field in sheet.fields}
    for block in sheet.blocks:
        words = [
            words
            for words, column in zip(headings()[sheet.key, block.key], block.columns, strict=True)
            if not column.optional and column.key not in written
        ]
        if words:
            near = {row for said in words for one in said for row in rows.get(folded(one), ())}
            yield max((_said(words, grid, row) for row in near), default=0) / len(words)


def _said(headings: Sequence[Sequence[str]], grid: Grid, row: int) -> int:
    """How many headings a row bears."""
    texts = [_plain(shown(grid.at(row, column))) for column in grid.columns_of(row)]
    found = 0
    for words in headings:
        if (text := next((text for text in texts if same(text, words)), None)) is not None:
            texts.remove(text)
            found += 1
    return found


@cache
def headings() -> Mapping[tuple[str, str], list[tuple[str, ...]]]:
    """Of every table, by sheet and block key: what may stand over each column, without years.

    Today's words come first, then former ones."""
    return {
        (sheet.key, block.key): [
            (
                _plain(labels.heading(sheet, block, column, 0)),
                *filter(None, [labels.former_heading(sheet, block, column.key)]),
            )
            for column in block.columns
        ]
        for sheet in SHEETS
        if sheet.show is not Show.NEVER
        for block in sheet.blocks
    }


@lru_cache(maxsize=1024)
def _plain(heading: str) -> str:
    return re.sub(r"-?\d+", "", arabic_digits(heading))


# ---- places ----


def _placed_field(sheet: Sheet, field: Field, headings: Mapping[BlockKey, _Heading], area: Area | None) -> Field:
    """A cell where its name is, or as far above the headings below it as it was drawn."""
    if area is not None:
        return field.moved(area.top - field.row, area.left - field.column)
    below = [block for block in sheet.blocks if 0 <= block.header_row - field.row <= _NEAR]
    down = headings[below[0].key].row - below[0].header_row if below else 0
    return field.moved(down, 0) if field.row + down > 0 else field


def _tops(sheet: Sheet, fields: Sequence[Field], headings: Mapping[BlockKey, int], place: int) -> Iterator[int]:
    """The rows below a table at which something else of ours begins. headings: the rows of all headings."""
    mine = headings[sheet.blocks[place].key]
    for block in sheet.blocks:
        if (top := headings[block.key] - block.above) > mine:
            yield top
    yield from (field.row for field in fields if field.row > mine)


def _placed_block(block: Block, heading: _Heading, grid: Grid, area: Area | None, below: int | None) -> Block:
    """A table from its headings down to where its name ends or it was drawn, and further as long as rows are
    filled.

    below: the row in which something else begins.
    """
    kept = [(c, n) for c, n in zip(block.columns, heading.numbers, strict=True) if n is not None]
    numbers = tuple(number for _, number in kept)
    drawn = heading.row + (block.older or block.capacity)
    last = area.bottom if area and area.top == heading.row else drawn
    last = min(last, below - 1) if below else last
    if block.grows:
        while (not below or last + 1 < below) and any(grid.at(last + 1, number) is not None for number in numbers):
            last += 1
    beside = numbers == tuple(range(numbers[0], numbers[0] + len(numbers)))
    return replace(
        block,
        header_row=heading.row,
        capacity=last - heading.row,
        drawn=block.least_rows,
        columns=tuple(column for column, _ in kept),
        first_column=numbers[0],
        at=() if beside else numbers,
        gone=tuple(c.key for c, n in zip(block.columns, heading.numbers, strict=True) if n is None),
    )
