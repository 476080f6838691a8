"""Merging what the tool suggests with what a person made of it: one text, then a whole table.

Three ways: what we said last time, what stands there now, what we would say now. A person's text is never
lost and never moves to another key, and what a person took out stays out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct, field
from msgspec.structs import replace

from ita_xl.domain.rows import Cell, Origin, Owner, Row

Marks = Mapping[tuple[str, str], str]
"""The mark of each suggestion, by key of the row and column."""


class Merged(StrEnum):
    """What became of a cell that the tool may suggest and a person may edit."""

    REFRESHED = "refreshed"
    KEPT = "kept"
    """a person's text stays"""
    KEPT_DIFFERS = "kept, and we would now say something else"
    CLEARED = "cleared"
    """a person emptied it; it stays empty"""


@lru_cache(maxsize=4096)
def mark_of(text: str) -> str:
    """A short mark that only this text has: of what was suggested, only marks are remembered. None for no text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() if text else ""


def merge(remembered: str, standing: Cell, suggested: str) -> tuple[Cell, Merged]:
    """The cell as it is to stand, and what happened.

    remembered: the mark of the last suggestion, empty if there is none on record (then whatever stands there counts
    as a person's). An untouched text is refreshed, an edited one stays, a cleared one stays cleared.
    """
    current = standing.text
    if not standing.typed and mark_of(current) == remembered:
        return Cell(suggested, Owner.SUGGEST), Merged.REFRESHED
    kept = standing._replace(whose=Owner.USER)
    if not current and not standing.typed:
        return kept, Merged.CLEARED
    agrees = suggested == current or mark_of(suggested) == remembered
    return kept, Merged.KEPT if agrees else Merged.KEPT_DIFFERS


class Last(Struct, frozen=True):
    """What is remembered of a table. marks: of the suggestions. order: the keys of our rows that stood in it, in
    our order. removed: those that a person took out. others: the keys that all other rows ever had."""

    marks: Marks = field(default_factory=dict)
    order: Sequence[str] = ()
    removed: Collection[str] = ()
    others: Sequence[str] = ()

    def without(self, keys: Collection[str]) -> Last:
        """The same as if rows had never stood there: they may come back."""
        if not keys:
            return self
        return replace(
            self,
            order=[key for key in self.order if key not in keys],
            removed=[key for key in self.removed if key not in keys],
        )


class MergedTable(Struct, frozen=True):
    """rows: from the top, one for each. what: by key and column, what became of each suggestion. removed: the
    keys of rows that a person took out, now or before."""

    rows: list[Row]
    what: Mapping[tuple[str, str], Merged]
    removed: list[str]

    def remembered(self, marks: Marks, last: Last, proposed: Iterable[Row]) -> Last:
        """What is to be remembered of it. last: what was."""
        ours = {row.key for row in self.rows if row.origin is Origin.PROPOSED}
        others = [row.key for row in self.rows if row.key and row.key not in ours]
        order = [row.key for row in proposed if row.key in ours]
        return Last(marks, order, self.removed, list(dict.fromkeys([*last.others, *others])))


def merge_table(standing: Sequence[Row], last: Last, proposed: Sequence[Row]) -> MergedTable:
    """The rows as they are to stand.

    standing: the rows as they are, from the top, without empty ones unless they cannot be moved. They come in our
    order, a person's own rows below the row that they stood below; where a person changed the order, or a row
    cannot be moved, in theirs, and a new row comes below the one that precedes it in ours.
    """
    table = _Table(last, {row.key: row for row in proposed}, [row.key for row in standing if row.key])
    kept = [row for row in map(table.kept, standing) if row is not None]
    removed = [key for key in table.removed() if key in table.proposed or key in last.removed]
    new = [row for row in proposed if row.key not in table.seen and row.key not in removed]
    order = [row.key for row in proposed]
    if not table.arranged and not any(row.rooted for row in standing):
        kept = _in_order(kept, order)
    return MergedTable(_with_new(kept, new, order), table.what, removed)


class _Table:
    """Goes through the rows that stand. proposed: by key. keys: of all rows that stand, copies included. known:
    those that were ever ours. seen: those that were met so far. what: as of `MergedTable`."""

    def __init__(self, last: Last, proposed: Mapping[str, Row], keys: list[str]) -> None:
        self.last, self.proposed, self.keys = last, proposed, keys
        self.known = {*last.order, *last.removed, *last.others, *(key for key, _ in last.marks)}
        self.seen: set[str] = set()
        self.what: dict[tuple[str, str], Merged] = {}
        self.cleared: list[str] = []

    @property
    def arranged(self) -> bool:
        """Whether a person changed the order, or copied a row: then only the order tells which one is ours."""
        place = {key: number for number, key in enumerate(self.last.order or self.proposed)}
        known = [place[key] for key in self.keys if key in place]
        return known != sorted(known) or len(set(self.keys)) < len(self.keys)

    def kept(self, row: Row) -> Row | None:
        """What becomes of a row; None if it goes."""
        if row.key and row.key not in self.seen and self.wiped(row):
            self.cleared.append(row.key)
            self.seen.add(row.key)
            return _emptied(row)
        if row.empty and not row.own:
            return row.as_own() if row.rooted else None
        # A copy of a row is a person's row too: its key stands only once.
        if not row.key or row.key in self.seen:
            return replace(row, key="").as_own()
        self.seen.add(row.key)
        if row.key in self.proposed:
            return _merged(row, self.last.marks, self.proposed[row.key], self.what)
        if row.own:
            return row.as_own()
        if row.key not in self.known:
            return replace(row, key="").as_own()
        if self.keys.count(row.key) > 1 or touched(row, self.last.marks):
            return replace(row, origin=Origin.RETIRED)
        return _emptied(row)

    def wiped(self, row: Row) -> bool:
        """Whether a person emptied all cells but the one with the key, of those in which we put something."""
        rest = [cell for cell in row.cells.values() if cell.text != row.key or cell.formula]
        empty = len(rest) < len(row.cells) and all(cell.content is None and not cell.formula for cell in rest)
        marked = any(key == row.key and mark for (key, _), mark in self.last.marks.items()) if empty else False
        ours = marked or row.key in self.last.order
        if row.held or not empty or not ours or self.keys.count(row.key) > 1:
            return False
        proposed = self.proposed.get(row.key)
        said = [c.text for c in proposed.cells.values() if c.text != row.key] if proposed else []
        return any(said) or marked

    def removed(self) -> Iterator[str]:
        """The keys of rows that stood here and were taken out, by deleting or by clearing all their cells."""
        gone = [*self.last.removed, *(key for key in self.last.order if key not in self.seen), *self.cleared]
        standing = self.seen.difference(self.cleared)
        yield from dict.fromkeys(key for key in gone if key not in standing)


def _emptied(row: Row) -> Row | None:
    """What is left of a row that goes: nothing, unless it cannot be moved away."""
    return replace(row, key="", cells=dict.fromkeys(row.cells, Cell()), origin=Origin.OWN) if row.rooted else None


def touched(row: Row, remembered: Marks) -> bool:
    """Whether a person wrote in a row, or hung something on it."""
    return row.held or any(
        cell.whose is Owner.USER and (cell.formula or cell.content is not None)
        if cell.whose is not Owner.SUGGEST
        else cell.typed or (cell.text and mark_of(cell.text) != remembered.get((row.key, column)))
        for column, cell in row.cells.items()
    )


def _in_order(rows: Sequence[Row], order: Sequence[str]) -> list[Row]:
    """Our rows in our order; rows that are not proposed stay below the one that they stood below."""
    place = {key: number for number, key in enumerate(order)}
    groups: list[tuple[int, list[Row]]] = [(-1, [])]
    for row in rows:
        if row.origin is Origin.PROPOSED and row.key in place:
            groups.append((place[row.key], []))
        groups[-1][1].append(row)
    return [row for _, group in sorted(groups, key=lambda group: group[0]) for row in group]


def _with_new(rows: Sequence[Row], new: Sequence[Row], order: Sequence[str]) -> list[Row]:
    """The rows with new ones below those that precede them in our order, and below what stands below these."""
    if not rows:
        return list(new)
    place = {key: number for number, key in enumerate(order)}
    made = list(rows)
    for row in new:
        before = [
            at for at, one in enumerate(made) if one.proposed and place.get(one.key, len(place)) < place[row.key]
        ]
        if before:
            at = _below(made, max(before, key=lambda at: place[made[at].key]) + 1, place)
        else:
            at = next((at for at, one in enumerate(made) if one.key in place), len(made))
        # What takes several rows is not to be torn.
        while 0 < at < len(made) and made[at - 1].rooted and made[at].rooted:
            at = _below(made, at + 1, place)
        made.insert(at, row)
    return made


def _below(rows: Sequence[Row], at: int, ours: Collection[str]) -> int:
    """A place, or that below the rows of a person's that follow it. ours: the keys of our rows."""
    while at < len(rows) and rows[at].key not in ours:
        at += 1
    return at


def _merged(standing: Row, remembered: Marks, proposed: Row, what: dict[tuple[str, str], Merged]) -> Row:
    """The row as it stands with our cells as they are now."""
    cells = dict(standing.cells)
    for column, cell in proposed.cells.items():
        if cell.whose is Owner.SUGGEST:
            now = standing.cells.get(column, Cell(whose=Owner.SUGGEST))
            last = remembered.get((proposed.key, column), "")
            cells[column], what[proposed.key, column] = merge(last, now, cell.text)
        elif cell.whose is Owner.TOOL:
            cells[column] = cell
    return standing.with_cells(cells, Origin.PROPOSED)
