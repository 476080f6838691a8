"""What is read from a file before anything is understood: rows of cells, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

RUNNING = 0
"""The table of rows that stand in none."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of text, or a row of a table. cells: as a person sees them, tidy; one that another cell covers is
    empty. table: which one of the source, from 1. where: in words for a message. refs: the address of each
    cell, where cells have one."""

    cells: tuple[str, ...]
    where: str
    table: int = RUNNING
    refs: tuple[str, ...] = ()

    def place(self, at: int) -> str:
        """Where a cell stands."""
        return self.refs[at] if at < len(self.refs) else self.where


@dataclass(frozen=True)
class Source:
    """name: of the file, for messages."""

    name: str
    rows: Sequence[Row] = field(default_factory=tuple)
