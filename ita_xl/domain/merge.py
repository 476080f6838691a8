"""Merging what the tool suggests with what a person made of it: one text, then a whole table.

Three ways: what we said last time, what stands there now, what we would say now. A person's text is never
lost and never moves to another key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b

from ita_xl.domain.rows import Cell, Origin, Owner, Row


class Merged(StrEnum):
    """What became of a cell that the tool may suggest and a person may edit."""

    REFRESHED = "refreshed"
    KEPT = "kept"
    """a person's text stays"""
    KEPT_DIFFERS = "kept, and we would now say something else"
    CLEARED = "cleared"
    """a person emptied it; it stays empty"""


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


@dataclass(frozen=True)
class MergedTable:
    """rows: by position, None for an empty one. what: by key and column, what became of each suggestion."""

    rows: list[Row | None]
    what: Mapping[tuple[str, str], Merged]


def merge_table(
    standing: Sequence[Row | None], remembered: Mapping[tuple[str, str], str], proposed: Sequence[Row]
) -> MergedTable:
    """The rows as they are to stand.

    standing: the rows as they are, by position, None for an empty one. remembered: marks of the last suggestions by
    key and column. A person's own rows, and rows that cannot be moved, even empty ones, keep their position; the
    others fill the rest: in our order, unless a person changed it, then in theirs with new rows at the end.
    """
    ours = {row.key: row for row in proposed}
    keys = [row.key for row in standing if row and row.key]
    what: dict[tuple[str, str], Merged] = {}
    seen: set[str] = set()
    flowing: list[Row] = []
    fixed: dict[int, Row | None] = {}
    for position, row in enumerate(standing):
        if row is None:
            continue
        kept: Row | None = None
        if (not row.key or row.key in seen) and not row.empty:
            # A copy of a row is a person's row too: its key stands only once.
            kept = replace(row, origin=Origin.OWN)
        elif row.key in ours:
            kept = _merged(row, remembered, ours[row.key], what)
        elif keys.count(row.key) > 1 or touched(row, remembered):
            kept = replace(row, origin=Origin.RETIRED)
        seen.add(row.key)
        if row.rooted or (kept and kept.own):
            fixed[position] = kept
        elif kept:
            flowing.append(kept)
    new = [row for row in proposed if row.key not in seen]
    rows = [*flowing, *new]
    if len(set(keys)) == len(keys):
        # Among copies only their order tells which one is ours, so there nothing is sorted.
        rows = _in_order(rows, [row.key for row in proposed], [row.key for row in flowing])
    last = max((position for position, row in fixed.items() if row), default=-1)
    merged: list[Row | None] = []
    while rows or len(merged) <= last:
        here = len(merged)
        merged.append(fixed[here] if here in fixed else rows.pop(0) if rows else None)
    return MergedTable(merged, what)


def touched(row: Row, remembered: Mapping[tuple[str, str], str]) -> bool:
    """Whether a person wrote in a row, or hung something on it."""
    return row.held or any(
        cell.whose is Owner.USER and (cell.formula or cell.content is not None)
        if cell.whose is not Owner.SUGGEST
        else cell.typed or (cell.text and mark_of(cell.text) != remembered.get((row.key, column)))
        for column, cell in row.cells.items()
    )


def _in_order(rows: list[Row], ours: list[str], standing: list[str]) -> list[Row]:
    """Our order, with what we no longer propose at the end; a person's order where there is one."""
    place = {key: number for number, key in enumerate(ours)}
    common = [place[key] for key in standing if key in place]
    if common != sorted(common):
        return rows
    return sorted(rows, key=lambda row: place.get(row.key, len(place)))


def _merged(
    standing: Row, remembered: Mapping[tuple[str, str], str], proposed: Row, what: dict[tuple[str, str], Merged]
) -> Row:
    """The row as it stands with our cells as they are now."""
    cells = dict(standing.cells)
    for column, cell in proposed.cells.items():
        if cell.whose is Owner.SUGGEST:
            now = standing.cells.get(column, Cell(whose=Owner.SUGGEST))
            last = remembered.get((proposed.key, column), "")
            cells[column], what[proposed.key, column] = merge(last, now, cell.text)
        elif cell.whose is Owner.TOOL:
            cells[column] = cell
    return replace(standing, cells=cells)
