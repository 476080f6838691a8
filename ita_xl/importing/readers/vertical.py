"""A table that was pasted cell by cell: each cell stands on a line of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from ita_xl.domain.thai import parse_number
from ita_xl.importing.source import RUNNING, Row
from ita_xl.importing.subjects import years_in

_LEAST = 2
"""So many texts with figures below them, and it is a table."""
_LONGEST = 300


@dataclass
class _Record:
    """The lines of one row: texts, then figures."""

    texts: list[Row] = field(default_factory=list)
    figures: list[Row] = field(default_factory=list)


def upright(rows: Sequence[Row]) -> list[Row]:
    """The rows with such tables as tables. Lines between which others stand stay as they are."""
    found: list[Row] = []
    table = max((row.table for row in rows), default=RUNNING)
    run: list[Row] = []
    for row in (*rows, None):
        if row is not None and row.table == RUNNING and len(row.cells) == 1 and len(row.cells[0]) <= _LONGEST:
            run.append(row)
            continue
        made = list(_table(run, table + 1))
        table += bool(made)
        found += made or run
        run = []
        if row is not None:
            found.append(row)
    return found


def _table(run: Sequence[Row], table: int) -> Iterator[Row]:
    records = _records(run)
    if len(records) < _LEAST:
        return
    usual = Counter(len(one.texts) for one in records[1:]).most_common(1)[0][0]
    first = records[0].texts
    # What stands above the texts of the first row are titles, and the heads of the columns just above them.
    columns = usual + max(len(one.figures) for one in records)
    above, first[:] = first[:-usual], first[-usual:]
    heads = above[-columns:] if len(above) >= columns else above
    yield from above[: len(above) - len(heads)]
    if heads:
        cells = tuple(one.cells[0] for one in heads)
        yield replace(heads[0], cells=("",) * (columns - len(cells)) + cells, table=table)
    for one in records:
        lines = [*one.texts, *one.figures]
        yield replace(lines[0], cells=tuple(line.cells[0] for line in lines), table=table)


def _is_figure(row: Row) -> bool:
    return parse_number(row.cells[0]) is not None and not years_in(row.cells[0])


def _records(run: Sequence[Row]) -> list[_Record]:
    """A number that only counts the rows on belongs to the texts, and so does a year."""
    records = [_Record()]
    number = 1
    for row, following in zip_longest(run, run[1:]):
        cell = row.cells[0]
        counts = cell == str(number) and following is not None and not _is_figure(following)
        number += counts
        if _is_figure(row) and not counts:
            records[-1].figures.append(row)
        elif records[-1].figures:
            records.append(_Record([row]))
        else:
            records[-1].texts.append(row)
    return [one for one in records if one.texts and one.figures]
