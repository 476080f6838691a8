"""Tables as columns, and what a sheet of the portfolio with one table is."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ita_xl.layout import Kind

_Group = TypeVar("_Group", bound=Hashable)

Table = dict[str, list[Any]]
"""Columns by name, all equally long; what is not known is None. The libraries for data frames would take longer to
begin than all columns of a country take to be made, and half of the memory that is to be had."""


def length(table: Table) -> int:
    """Number of rows."""
    return len(next(iter(table.values()), ()))


def picked(table: Table, rows: Sequence[int]) -> Table:
    """Some rows of a table, by their places."""
    return {name: [column[at] for at in rows] for name, column in table.items()}


def of_rows(names: Iterable[str], rows: Iterable[Sequence[Any]]) -> Table:
    """A table of its rows."""
    found: Table = {name: [] for name in names}
    joined(found, rows)
    return found


def joined(table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Add rows below."""
    for row in rows:
        for column, value in zip(table.values(), row, strict=True):
            column.append(value)


def grouped(keys: Iterable[_Group]) -> dict[_Group, list[int]]:
    """The places of each key, in the order in which the keys first stand."""
    found: dict[_Group, list[int]] = {}
    for at, key in enumerate(keys):
        found.setdefault(key, []).append(at)
    return found


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a table as it is drawn. width: in digits. printed: whether it lies within the printed area."""

    key: str
    kind: Kind
    width: float
    heading: str
    printed: bool = True


@dataclass(frozen=True)
class SheetTable:
    """A sheet with one table. sentence: what it comes to; without rows it is all that the sheet says. note: how to
    read it. grades: for some columns the grade of each cell. frozen: columns that stay in view."""

    key: str
    table: Table
    columns: Sequence[SheetColumn]
    sentence: str
    note: str = ""
    grades: Mapping[str, Sequence[str]] = field(default_factory=dict)
    frozen: int = 0
