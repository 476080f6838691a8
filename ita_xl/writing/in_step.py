"""Findings on tables whose columns no longer belong together, and on keys that were typed over."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.in_step import edited_keys, key_moved, moved_columns
from ita_xl.domain.merge import Last
from ita_xl.domain.rows import Owner, Row
from ita_xl.layout import Block, Sheet, labels


def sorted_alone(
    block: Block, title: str, standing: Sequence[Row], last: Last, proposed: Sequence[Row]
) -> set[str]:
    """The columns with texts of ours that were sorted without the others. standing, proposed: the rows of a table.

    Raises `Unusable` where it is the keys that no longer fit: then nobody can say whose a person's text is.
    """
    if not last.order:
        return set()
    ours = {row.key: row for row in proposed}
    moved = list(moved_columns(standing, last, ours))
    assert block.row_key is not None
    if key_moved(moved, ours, block.row_key):
        cells = block.range(block.row_key, absolute=False)
        where = block.address(block.row_key, block.first_row)
        raise Unusable(Finding(Code.KEYS_OUT_OF_STEP, title, where, values={"cells": cells}))
    return {column.key for column in block.owned(Owner.SUGGEST) if column.key in moved}


def findings(
    sheet: Sheet,
    block: Block,
    title: str,
    rows: Sequence[Row],
    torn: Collection[str],
    removed: Sequence[str],
    proposed: Mapping[str, Row],
) -> Iterator[Finding]:
    """What is to be said of a table. block: where it will stand; rows: as they will. torn: of `sorted_alone`.
    removed: the keys that a person took out."""
    assert block.row_key is not None
    placed = [row for row in rows if row.goes is not None]
    for column in (column for column in block.columns if column.key in torn):
        first, last = (block.cell_of(row, column.key) for row in (placed[0], placed[-1]))
        said = {"heading": labels.heading(sheet, block, column, 0), "cells": f"{first}:{last}"}
        yield Finding(Code.COLUMN_SORTED_ALONE, title, first, values=said)
    coded = [row for row in placed if row.own and row.text(block.row_key)]
    if proposed and coded and {*proposed} <= {*removed}:
        first, last = (block.cell_of(row, block.row_key) for row in (placed[0], placed[-1]))
        yield Finding(Code.ROWS_PASTED_OVER, title, first, values={"cells": f"{first}:{last}"})
    for row, key in edited_keys(rows, [key for key in removed if key in proposed], proposed):
        typed = row.text(block.row_key) or "-"
        where = block.cell_of(row, block.row_key)
        yield Finding(Code.KEY_TYPED_OVER, title, where, values={"row": key, "value": typed})
