"""How the rows of a table come to stand where they are to: which come in, which go, which change places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from ita_xl.domain.rows import Row
from ita_xl.engines.moves import Moves, RowChange, Shift
from ita_xl.engines.port import Grid, Port, Ties
from ita_xl.layout import Block, Sheet
from ita_xl.layout.keys import BlockKey


class Room(Struct):
    """The rows of a sheet as they are to be. Tables are told one by one; then `changes` says what happens to the
    rows, and `sheet` where everything stands afterwards."""

    title: str
    inserted: dict[int, int] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    like: dict[int, int] = field(default_factory=dict)
    _order: dict[BlockKey, list[int | None]] = field(default_factory=dict)
    """Of a table whose rows change their order: the present number of each, None for one that comes in."""
    _sizes: dict[BlockKey, int] = field(default_factory=dict)

    def arrange(self, block: Block, rows: Sequence[Row]) -> None:
        """Make room for the rows of a table that people may edit, and for empty ones at its end.

        New rows at the end take empty ones first, and others come in before the last of these: so they are inside
        of whatever is meant for the table.
        """
        kept = [row.stands for row in rows if row.stands is not None]
        last = max(kept, default=0)
        inside = kept == sorted(kept)
        at_end = len(rows) - len(kept)
        for row, before in _with_next(rows) if inside else ():
            if row.stands is None and before is not None:
                self._insert(block, before, 1)
                at_end -= 1
        if not inside:
            self._order[block.key] = [row.stands for row in rows]
        spared = max(block.spared, block.least_rows - len(rows))
        free = [number for number in _numbers(block) if number not in {*kept}]
        empty = [number for number in free if number > last]
        self.deleted.update({*free} - {*empty}, empty[at_end : max(len(empty) - spared, at_end)])
        more = at_end + spared - len(empty)
        self._insert(block, empty[-1] if empty else block.last_row + 1, more)
        self._sizes[block.key] = len(rows) + spared

    def fit(self, block: Block, count: int, grid: Grid, ties: Ties) -> None:
        """Make room for so many rows of a table that is only ours.

        A row beside which a person wrote stays, and so does the last one: it shows what others are to look like."""
        needed = max(count + block.spared, block.least_rows)
        surplus = [
            number
            for number in _numbers(block)[needed - 1 : -1]
            if {*grid.columns_of(number)} <= {*block.written.numbers}
            and not (number in ties.held or number in ties.rooted)
        ]
        self.deleted.update(surplus)
        more = max(needed - block.capacity, 0)
        self._insert(block, block.last_row if block.capacity else block.first_row, more)
        self._sizes[block.key] = block.capacity + more - len(surplus)

    def lengthen(self, block: Block, filled: int, more: int) -> None:
        """Make room for so many further rows below those of a journal that are filled, all of which stay."""
        needed = max(filled + more + block.spared - block.capacity, 0)
        self._insert(block, block.last_row + (filled >= block.capacity), needed)
        self._sizes[block.key] = block.capacity + needed

    def _insert(self, block: Block, before: int, count: int) -> None:
        if count > 0:
            self.inserted[before] = self.inserted.get(before, 0) + count
            if block.capacity:
                self.like[before] = block.last_row

    @property
    def shift(self) -> Shift:
        return Shift(self.title, self.inserted, frozenset(self.deleted), self.like)

    def changes(self, sheet: Sheet) -> list[RowChange]:
        """What happens to the rows, one after the other. sheet: as it stands."""
        shift = self.shift
        moves = Moves(self.title, dict(self._places(sheet, shift)))
        return [change for change, does in ((shift, bool(shift)), (moves, bool(moves.places))) if does]

    def _places(self, sheet: Sheet, shift: Shift) -> Iterator[tuple[int, int]]:
        for block in sheet.blocks:
            order = self._order.get(block.key, [])
            first = shift.after(block.header_row) + 1
            stood = {shift.row(number): number for number in order if number is not None}
            new = (at for at in range(first, first + len(order)) if at not in stood)
            for place, number in enumerate(order, first):
                at = next(new) if number is None else shift.row(number)
                if at is not None and at != place:
                    yield at, place

    def sheet(self, sheet: Sheet) -> Sheet:
        """The sheet with its parts where they are afterwards."""
        shift = self.shift
        if not shift:
            return sheet
        blocks = (
            replace(b, header_row=shift.after(b.header_row), capacity=self._sizes.get(b.key, b.capacity))
            for b in sheet.blocks
        )
        fields = (one.moved(shift.after(one.row) - one.row, 0) for one in sheet.fields)
        return replace(sheet, fields=tuple(fields), blocks=tuple(blocks))


def with_room(port: Port, sheet: Sheet, key: BlockKey, count: int) -> Sheet:
    """A sheet as drawn, with room for so many rows of a table; nothing is written to it yet."""
    room = Room(sheet.title)
    if count + sheet.block(key).spared > sheet.block(key).capacity:
        room.fit(sheet.block(key), count, Grid({}), Ties())
    for change in room.changes(sheet):
        port.change_rows(change)
    return room.sheet(sheet)


def _numbers(block: Block) -> range:
    return range(block.first_row, block.last_row + 1)


def _with_next(rows: Sequence[Row]) -> Iterator[tuple[Row, int | None]]:
    """Each row, and where the next one stands that does."""
    following: int | None = None
    found = []
    for row in reversed(rows):
        found.append((row, following))
        following = row.stands or following
    return reversed(found)
