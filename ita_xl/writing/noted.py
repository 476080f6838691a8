"""What is said of a table once it is merged with what a person wrote: what differs, what is theirs, what has no
room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.domain.merge import Merged
from ita_xl.domain.rows import Cell, Origin, Owner, Row
from ita_xl.engines.port import Grid
from ita_xl.layout import RECHECK, Block
from ita_xl.reading.places import in_place


def notes(
    block: Block,
    title: str,
    rows: list[Row],
    what: Mapping[tuple[str, str], Merged],
    proposed: Mapping[str, Row],
) -> Iterator[Finding]:
    """Where our suggestion differs from a person's text, and what stays although we no longer propose it."""
    for row in rows:
        for column in block.owned(Owner.SUGGEST) if not row.own else ():
            if what.get((row.key, column.key)) is Merged.KEPT_DIFFERS:
                values = {"row": row.key, "suggestion": proposed[row.key].text(column.key)}
                yield Finding(Code.EDIT_DIFFERS, title, block.cell_of(row, column.key), values=values)
        if row.origin is Origin.RETIRED:
            assert block.mark is not None
            cell = block.cell_of(row, block.mark)
            yield Finding(Code.ROW_NOT_PROPOSED, title, cell, values={"row": row.key})


def own_texts(
    block: Block, title: str, rows: list[Row], proposed: Mapping[str, Row]
) -> Iterator[tuple[tuple[str, str], str]]:
    """What a person wrote into a table, by sheet and cell: own rows, edited suggestions, own columns."""
    open_to_them = [column for column in block.columns if column.owner is not Owner.TOOL]
    for row in rows:
        for column in block.columns if row.own else open_to_them:
            cell = row.cells.get(column.key, Cell())
            theirs = row.own or cell.whose is not Owner.TOOL
            suggestion = proposed[row.key].text(column.key) if row.key in proposed and not row.own else ""
            if theirs and isinstance(cell.content, str) and cell.content not in ("", suggestion):
                yield (title, block.cell_of(row, column.key)), cell.content


def without_room(title: str, grid: Grid) -> Finding | None:
    """A finding where the recheck sheet has no room for our results, be it that its columns or rows moved or that
    there are formulas: those we never write over."""
    block = RECHECK.block("program")
    at = block.column_number("program")
    mine = ((row, at) for row in range(block.first_row, block.last_row + 1))
    if in_place(RECHECK, ("nodes", "program"), grid) and grid.formulas.isdisjoint(mine):
        return None
    return Finding(Code.RECHECK_MOVED, title, block.address("program", block.header_row))
