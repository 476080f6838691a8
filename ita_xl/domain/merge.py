"""Merging what the tool suggests with what a person made of it: one text, then a whole table.

Three ways: what we said last time, what stands there now, what we would say now. A person's text is never
lost and never moves to another key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Merged(StrEnum):
    """What became of a cell that the tool may suggest and a person may edit."""

    REFRESHED = "refreshed"
    KEPT = "kept"
    """a person's text stays"""
    KEPT_DIFFERS = "kept, and we would now say something else"
    CLEARED = "cleared"
    """a person emptied it; it stays empty"""


def merge(remembered: str | None, current: str, suggested: str) -> tuple[str, Merged]:
    """The text to write and what happened.

    remembered: the last suggestion, None if nothing is on record (then every non-blank text counts as
    a person's). Untouched text is refreshed, an edited one stays, a cleared one stays cleared.
    """
    if remembered is None:
        if not current:
            return suggested, Merged.REFRESHED
        return current, Merged.KEPT if current == suggested else Merged.KEPT_DIFFERS
    if current == remembered:
        return suggested, Merged.REFRESHED
    if not current:
        return "", Merged.CLEARED
    return current, Merged.KEPT if suggested in (current, remembered) else Merged.KEPT_DIFFERS


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table with suggestions. key: what it is about; "" for a row that a person added.
    texts: the suggest cells by column key. user: filled cells that belong to the person. told: what stands
    in the tool's own cells."""

    key: str
    texts: Mapping[str, str] = field(default_factory=dict)
    user: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MergedLine:
    """A row to write. own: a person's row, to be left as it stands. proposed: False for a row that we no
    longer propose and that stays because a person wrote in it; told: what its other cells said."""

    key: str
    texts: Mapping[str, str]
    what: Mapping[str, Merged]
    own: bool = False
    proposed: bool = True
    user: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)


def merge_table(
    standing: Sequence[Line | None], remembered: Mapping[tuple[str, str], str], proposed: Sequence[Line]
) -> list[MergedLine | None]:
    """The rows to write, by position; None for an empty one.

    standing: the rows as they are, None for an empty one. remembered: last suggestions by key and
    column. A person's own rows keep their position, the others fill the rest: in our order, unless a
    person changed it, then in theirs with new rows at the end.
    """
    ours = {line.key: line for line in proposed}
    keys = [line.key for line in standing if line and line.key]
    seen: dict[str, Line] = {}
    kept: list[MergedLine] = []
    fixed: dict[int, MergedLine] = {}
    for position, line in enumerate(standing):
        if line is None:
            continue
        if not line.key or line.key in seen:
            # A copy of a row is a person's row too: its key stands only once.
            fixed[position] = MergedLine(line.key, line.texts, {}, own=True)
            continue
        seen[line.key] = line
        if line.key in ours:
            kept.append(_merged(line, remembered, ours[line.key]))
        elif keys.count(line.key) > 1 or _touched(line, remembered):
            kept.append(MergedLine(line.key, line.texts, {}, proposed=False, user=line.user, told=line.told))
    new = [_merged(None, remembered, line) for line in proposed if line.key not in seen]
    rows = [*kept, *new]
    if len(set(keys)) == len(keys):
        # Among copies only their order tells which one is ours, so there nothing is sorted.
        rows = _in_order(rows, [line.key for line in proposed], [line.key for line in kept])
    merged: list[MergedLine | None] = []
    while rows or any(position >= len(merged) for position in fixed):
        own = fixed.get(len(merged))
        merged.append(own if own else rows.pop(0) if rows else None)
    return merged


def _touched(line: Line, remembered: Mapping[tuple[str, str], str]) -> bool:
    """Whether a person wrote in a row."""
    changed = (text and text != remembered.get((line.key, column)) for column, text in line.texts.items())
    return bool(line.user) or any(changed)


def _in_order(rows: list[MergedLine], ours: list[str], standing: list[str]) -> list[MergedLine]:
    """Our order, with what we no longer propose at the end; a person's order where there is one."""
    place = {key: number for number, key in enumerate(ours)}
    common = [place[key] for key in standing if key in place]
    if common != sorted(common):
        return rows
    return sorted(rows, key=lambda line: place.get(line.key, len(place)))


def _merged(standing: Line | None, remembered: Mapping[tuple[str, str], str], proposed: Line) -> MergedLine:
    texts, what = {}, {}
    for column, suggested in proposed.texts.items():
        if standing is None:
            texts[column], what[column] = suggested, Merged.REFRESHED
        else:
            last = remembered.get((proposed.key, column))
            texts[column], what[column] = merge(last, standing.texts.get(column, ""), suggested)
    return MergedLine(proposed.key, texts, what, user=standing.user if standing else {})
