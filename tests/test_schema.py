"""The layout holds together: nothing overlaps, headings exist, and the largest year fits."""

from __future__ import annotations

from itertools import combinations

import pytest

from ita_xl.data import profiles
from ita_xl.domain.tree import INSTRUMENTS, Kind
from ita_xl.layout import (
    MAX_NODES,
    MAX_QUESTIONS,
    SHEETS,
    Sheet,
    Show,
    labels,
)
from ita_xl.layout.address import letter, number


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_blocks_and_fields_of_a_sheet_do_not_overlap(sheet: Sheet) -> None:
    boxes: list[tuple[str, range, range]] = [
        (
            block.key,
            range(block.header_row, block.last_row + 1),
            range(block.first_column, block.first_column + len(block.columns)),
        )
        for block in sheet.blocks
    ]
    boxes += [
        (
            field.key,
            range(field.row, field.row + 1),
            range(field.column, number(field.until.rstrip("0123456789") or letter(field.column)) + 1),
        )
        for field in sheet.fields
        # A field named as a column writes that column's heading.
        if field.key not in {column.key for block in sheet.blocks for column in block.columns}
    ]
    for (one, rows, columns), (other, more_rows, more_columns) in combinations(boxes, 2):
        assert not (set(rows) & set(more_rows) and set(columns) & set(more_columns)), (one, other)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_blocks_that_hide_rows_share_no_row_with_another(sheet: Sheet) -> None:
    for one, other in combinations(sheet.blocks, 2):
        if one.hides and other.hides:
            assert one.last_row < other.header_row or other.last_row < one.header_row


@pytest.mark.parametrize("sheet", [s for s in SHEETS if s.show is not Show.NEVER], ids=lambda sheet: sheet.key)
def test_every_column_has_a_heading_and_no_two_of_a_block_are_alike(sheet: Sheet) -> None:
    for block in sheet.blocks:
        headings = [labels.heading(sheet, block, column, 2565) for column in block.columns]
        assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("year", profiles.years())
def test_every_year_fits_into_the_layout(year: int) -> None:
    tree = profiles.profile(year).tree
    assert len(tree.nodes) <= MAX_NODES
    assert all(len(tree.questions(i)) <= MAX_QUESTIONS for i in INSTRUMENTS)
    assert len(tree.codes(Kind.INDICATOR)) <= 20


def test_columns_are_named_as_spreadsheets_name_them() -> None:
    assert [letter(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(number(letter(n)) == n for n in range(1, 1000))
