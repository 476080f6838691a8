"""Whether the columns of a table still belong together: sorting one of them alone tears every row apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ita_xl.domain.merge import Last, mark_of
from ita_xl.domain.rows import Owner, Row, is_own

_FEWEST = 3
"""Texts that a person exchanged between two rows are an edit."""


def moved_columns(standing: Sequence[Row], last: Last, proposed: Mapping[str, Row]) -> Iterator[str]:
    """The columns in which most texts of ours stand in the rows of others. standing: the rows, each with its key.

    What we suggested is known by its marks, what only we write by what we would write now.
    """
    rows: dict[str, Row] = {}
    for row in standing:
        if row.key in proposed and not is_own(row.key):
            rows.setdefault(row.key, row)
    columns = {column: cell.whose for row in proposed.values() for column, cell in row.cells.items()}
    for column, whose in columns.items():
        if whose is Owner.SUGGEST:
            marks = last.marks.get
            pairs = [(marks((key, column), ""), mark_of(row.text(column))) for key, row in rows.items()]
        elif sum(row.content(column) != proposed[key].content(column) for key, row in rows.items()) < _FEWEST:
            continue
        else:
            pairs = [(proposed[key].text(column), row.text(column)) for key, row in rows.items()]
        if exchanged(pairs):
            yield column


def exchanged(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether texts changed places among each other: at least half of those that there are. pairs: of each row,
    what was expected and what was found."""
    elsewhere = [pair for pair in pairs if pair[0] != pair[1]]
    if len(elsewhere) < _FEWEST:
        return False
    lacking, surplus = (Counter(filter(None, each)) for each in zip(*elsewhere, strict=True))
    return (lacking & surplus).total() >= max(_FEWEST, sum(bool(found) for _, found in pairs) / 2)


def key_moved(moved: Sequence[str], proposed: Mapping[str, Row], key: str) -> bool:
    """Whether the key itself went out of step: then all columns did that tell rows from each other."""
    if not moved:
        return False
    texts: dict[str, set[str]] = {}
    for row in proposed.values():
        for column, cell in row.cells.items():
            if column != key:
                texts.setdefault(column, set()).add(cell.text)
    telling = [column for column, held in texts.items() if len(held - {""}) >= max(_FEWEST, len(proposed) / 2)]
    return bool(telling) and {*telling} <= {*moved}


def edited_keys(
    rows: Sequence[Row], removed: Sequence[str], proposed: Mapping[str, Row]
) -> Iterator[tuple[Row, str]]:
    """A person's rows that say what we would say of a key that is gone, each with that key. Perhaps it was typed
    over."""
    for row in (row for row in rows if row.own and not is_own(row.key)):
        for key in removed:
            ours = {c: cell.text for c, cell in proposed[key].cells.items() if cell.text and cell.text != key}
            same = [column for column, text in ours.items() if row.text(column) == text]
            if ours and len(same) * 2 > len(ours):
                yield row, key
                break
