"""What we say now, as rows of a table that people may edit, and the marks by which it is known again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from msgspec.structs import replace

from ita_xl.data import say
from ita_xl.domain.contents import Value
from ita_xl.domain.merge import Last, Merged, mark_of
from ita_xl.domain.rows import Cell, Origin, Owner, Row
from ita_xl.engines.port import Formula
from ita_xl.layout import Block
from ita_xl.layout.keys import ColumnKey
from ita_xl.views.content import Values


def proposed_rows(block: Block, lines: Iterable[Values]) -> Iterator[Row]:
    """What we say now, as rows. A key that no column of the block has is an error."""
    assert block.row_key is not None
    columns = [(column.key, column.owner) for column in block.columns if column.owner is not Owner.USER]
    lines = list(lines)
    block.check_keys(lines)
    for line in lines:
        assert not any(isinstance(value, Formula) for value in line.values()), "people may edit these tables"
        plain = cast("Mapping[ColumnKey, Value]", line)
        yield Row(str(line[block.row_key]), {key: Cell(plain.get(key), owner) for key, owner in columns})


def retired(block: Block, row: Row) -> Row:
    """A row that we no longer propose says so."""
    if row.origin is not Origin.RETIRED or block.mark is None:
        return row
    return replace(row, cells={**row.cells, block.mark: Cell(say("words.not_proposed"))})


def marks_of(
    block: Block, proposed: Iterable[Row], what: Mapping[tuple[str, str], Merged], last: Last
) -> Iterator[tuple[tuple[str, str], str]]:
    """The marks of what we suggest. Of a text that a person keeps, that of the suggestion which they have seen.

    So it stays theirs, and a note that we would now say something else stays as well.
    """
    for row in proposed:
        for column in block.owned(Owner.SUGGEST):
            place = row.key, column.key
            refreshed = what.get(place, Merged.REFRESHED) is Merged.REFRESHED
            mark = mark_of(row.text(column.key)) if refreshed else last.marks.get(place, "")
            if mark:
                yield place, mark
