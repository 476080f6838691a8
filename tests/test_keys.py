"""Parts of the layout are named by keys that are types: what has no such key is an error, never a blank cell.

The comments that silence the type checker are part of each test: it reports them as unused once it lets a key pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest

from ita_xl.engines.port import Ties
from ita_xl.layout import FORM_SHEETS, OUTPUTS, SHEETS, SUMMARY, YEARS
from ita_xl.layout.keys import BlockKey, ColumnKey, FieldKey, SheetKey
from ita_xl.reading.standing import editable_blocks
from ita_xl.views.content import Content, Values
from ita_xl.writing.blocks import write_sheet
from ita_xl.writing.compose import Composition
from ita_xl.writing.proposed import proposed_rows
from tests.memory_port import Memory


def listed(keys: object) -> Iterator[str]:
    """The keys of a type, whatever it is made of."""
    for key in get_args(keys):
        if isinstance(key, str):
            yield key
        else:
            yield from listed(key)


def test_a_table_cell_or_column_that_a_sheet_has_not_is_named() -> None:
    with pytest.raises(KeyError, match="summary: rankng"):
        SUMMARY.block("rankng")  # type: ignore[arg-type]
    with pytest.raises(KeyError, match="summary: live_total"):
        SUMMARY.field("live_total")
    with pytest.raises(KeyError, match="ranking: weight"):
        SUMMARY.block("ranking").letter("weight")


def test_a_row_with_a_key_that_its_table_has_not_is_refused() -> None:
    wrong: Values = {"rank": 1, "scor": 90.5}  # type: ignore[dict-item]
    with pytest.raises(KeyError, match="ranking: scor"):
        SUMMARY.block("ranking").check_keys([wrong])
    with pytest.raises(KeyError, match="years: score"):
        list(proposed_rows(YEARS.block("years"), [{"code": "1", "score": 90.5}]))


@pytest.mark.parametrize(
    "content", [Content({"intro": "ไม่มีที่ให้เขียน"}), Content(blocks={"urgent": [{"code": "I1"}]})]
)
def test_a_sentence_or_table_without_a_place_on_its_sheet_is_never_dropped_silently(
    port: Memory, content: Content
) -> None:
    title = SUMMARY.title
    one = Composition(SUMMARY, title, content, port.read(title), Ties())
    with pytest.raises(KeyError, match=r"summary: (intro|urgent)"):
        write_sheet(port, one)


def test_the_types_list_the_keys_of_the_layout_and_no_others() -> None:
    sheets = (*SHEETS, FORM_SHEETS[0])
    blocks = [block for sheet in sheets for block in sheet.blocks]
    assert set(listed(SheetKey)) == {sheet.key for sheet in sheets}
    assert set(listed(BlockKey)) == {block.key for block in blocks}
    assert set(listed(FieldKey)) == {field.key for sheet in sheets for field in sheet.fields}
    assert set(listed(ColumnKey)) == {column.key for block in blocks for column in block.columns}


def test_every_table_that_people_may_edit_says_what_names_its_rows_and_where_it_says_that_one_is_over() -> None:
    for block in (block for sheet in OUTPUTS for block in editable_blocks(sheet)):
        keys = {column.key for column in block.columns}
        assert {block.row_key, block.mark} <= keys, block.key
