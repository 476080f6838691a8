"""What of a published sheet has content: what has none stays out, with the headings that lead to it.

Nothing moves, so charts, colours and what people wrote stay where they are. Rows and columns in which nothing is
left are hidden; where a table has an empty column that other tables of its sheet need, what stands before it takes
its room.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from ita_xl.data import say, texts
from ita_xl.domain.contents import shown
from ita_xl.domain.rows import Owner
from ita_xl.layout import Block, Column, Field, Kind, Sheet
from ita_xl.layout.address import Area, At, areas
from ita_xl.layout.address import cell as place
from ita_xl.layout.traits import Role
from ita_xl.publishing.visible import Visible

_NOT_KNOWN = ("analysis.unknown", "summary.causes_none")
"""Sentences that stand in the place of a table of which nothing is known."""
_TO_BE_SIGNED = ".."
"""What a line has on which nobody has signed."""


def leave_out(sheet: Sheet, sight: Visible, objects: Collection[Area]) -> bool:
    """Take out of sight what has no content; False if no table is left, so that there is nothing to publish.

    sheet: as it stands. objects: the cells under charts, pictures and shapes."""
    return _Leaving(sheet, sight, objects).done()


@dataclass(frozen=True)
class _Table:
    """A table with the rows and columns in which it says something below its headings."""

    block: Block
    rows: list[int]
    columns: list[int]

    @property
    def stays(self) -> bool:
        """Whether it has rows, and what it is there for: figures, or what people report."""
        wanted = [n for n, c in zip(self.block.numbers, self.block.columns, strict=True) if _reports(c)]
        wanted = wanted or [n for n, c in zip(self.block.numbers, self.block.columns, strict=True) if _tells(c)]
        asks = any(_reports(c) or c.kind is Kind.SCORE for c in self.block.columns)
        return bool(self.rows) and (not asks or any(number in self.columns for number in wanted))


@dataclass(frozen=True)
class _Leaving:
    sheet: Sheet
    sight: Visible
    objects: Collection[Area]
    tables: list[_Table] = field(default_factory=list)

    def done(self) -> bool:
        for block in self.sheet.blocks:
            if not block.aside:
                table = self._table(block)
                shown_rows = (block.header_row, *table.rows) if table.stays else ()
                self._hide(row for row in range(block.header_row, block.last_row + 1) if row not in shown_rows)
                if table.stays:
                    self.tables.append(table)
        self._leave_out_parts()
        self._leave_out_fields()
        self._leave_out_columns()
        self._find_breaks()
        return bool(self.tables)

    def _hide(self, rows: Iterable[int]) -> None:
        self.sight.hidden_rows.update(rows)

    def _table(self, block: Block) -> _Table:
        """Own columns of people, right of ours, are taken for a part of it."""
        below = range(block.first_row, block.last_row + 1)
        rows = [[*self._said(row)] for row in below]
        said = [at for row in rows if not self._is_open(row) for at in row]
        return _Table(block, sorted({row for row, _ in said}), sorted({column for _, column in said}))

    def _is_open(self, row: Iterable[At]) -> bool:
        """Whether a row only says that nothing is known."""
        return any(shown(self.sight.grid.at(*at)) == say("words.no_score") for at in row)

    def _said(self, row: int) -> Iterator[At]:
        """The cells of a row in which something is printed."""
        columns = sorted(n for n in self.sight.grid.columns_of(row) if n <= self.sight.right)
        return ((row, n) for n in columns if self.sight.says((row, n)))

    # ---- parts: a heading, its sentence and its tables ----

    def _leave_out_parts(self) -> None:
        starts = sorted(f.row for f in self.sheet.fields if f.role is Role.HEADING)
        for start, after in zip([0, *starts], [*starts, self.sight.grid.last_row + 1], strict=True):
            there = range(start, after)
            tables = [b for b in self.sheet.blocks if not b.aside and b.header_row in there]
            fields = [f for f in self.sheet.fields if f.row in there and f.sentence]
            if not tables or any(table.block in tables for table in self.tables):
                continue
            if not start:  # title and agency are not a part's own
                self._hide(f.row for f in fields if f.owner is Owner.SUGGEST)
            elif not any(self._tells_something(one) for one in fields):
                self._hide(row for row in there if self._ours(row))

    def _tells_something(self, one: Field) -> bool:
        text = shown(self.sight.grid.at(*one.at)) if self.sight.says(one.at) else ""
        return bool(text) and not any(_said_by(key, text) for key in _NOT_KNOWN)

    def _ours(self, row: int) -> bool:
        """Whether a row holds nothing that a person wrote beside what is ours."""
        ours = {(f.row, f.column) for f in self.sheet.fields}
        return all(at in ours for at in self._said(row))

    # ---- single cells ----

    def _leave_out_fields(self) -> None:
        """Figures that are not known go with their names, options of the clerk with theirs, and the lines for a
        signature where nobody signed."""
        for one in self.sheet.fields:
            unknown = one.role is Role.FIGURE and not self.sight.says(one.at)
            if unknown or one.owner is Owner.USER:
                cells = [at for at in (one.at, place(one.label)) if at]
                self.sight.blanks.extend(Area(*at, *at) for at in cells)
                self._hide(row for row, _ in cells if not any(self._said(row)))
        lines = [f for f in self.sheet.fields if f.role is Role.SIGNATURE]
        rows = {line.row for line in lines}
        signed = any(row in range(o.top, o.bottom + 1) for row in rows for o in self.objects)
        if not signed and any(_TO_BE_SIGNED in shown(self.sight.grid.at(*line.at)) for line in lines):
            self._hide(rows)

    # ---- columns ----

    def _leave_out_columns(self) -> None:
        headings = {table.block.header_row for table in self.tables}
        rows = self.sight.grid.rows - headings
        used = {column for row in rows for _, column in self._said(row)}
        used |= {area.left for area in self.objects}
        ours = {n for b in self.sheet.blocks if not b.aside for n in b.numbers if n <= self.sight.right}
        self.sight.room.update(ours - used - self.sight.hidden_columns)
        self.sight.hidden_columns.update(self.sight.room)
        for table in self.tables:
            self._close(table)

    def _close(self, table: _Table) -> None:
        """Leave out the columns of a table that other tables need and this one does not."""
        top, bottom = table.block.header_row, table.block.last_row
        first, last = table.columns[0], table.columns[-1]
        sides = (table.block.numbers[0], first - 1), (last + 1, self.sight.right)
        self.sight.beyond.extend(Area(top, left, bottom, right) for left, right in sides if left <= right)
        inner = range(first, last)
        empty = [n for n in inner if n not in table.columns and n not in self.sight.hidden_columns]
        self.sight.blanks.extend(Area(top, n, bottom, n) for n in empty)
        for left in table.columns:
            after = left
            while after + 1 < last and (after + 1 in empty or after + 1 in self.sight.hidden_columns):
                after += 1
            if any(n in empty for n in range(left + 1, after + 1)):
                self.sight.joined.extend(self._apart(Area(row, left, row, after) for row in (top, *table.rows)))

    def _apart(self, wanted: Iterable[Area]) -> Iterator[Area]:
        """Those that meet no cells which a person has merged."""
        merged = [area for text in self.sight.grid.merged for area in areas(text)]
        return (one for one in wanted if not any(_meet(one, other) for other in merged))

    # ---- pages ----

    def _find_breaks(self) -> None:
        """A page that ends before any table or object would be nearly empty."""
        tops = sorted([*(table.block.header_row for table in self.tables), *(area.top for area in self.objects)])
        if tops:
            self.sight.breaks.update(range(tops[0], tops[-1]))


def _reports(column: Column) -> bool:
    """Whether people are to report in it, or sign."""
    return column.free or column.reported or (column.owner is Owner.USER and not column.optional)


def _tells(column: Column) -> bool:
    return column.kind in (Kind.SCORE, Kind.CHANGE) or column.owner is Owner.SUGGEST


def _said_by(key: str, text: str) -> bool:
    """Whether a text is one of ours, whatever stands in its slots."""
    return bool(re.fullmatch(re.sub(r"\\\{\w+\\\}", ".*", re.escape(texts("th")[key])), text))


def _meet(one: Area, other: Area) -> bool:
    across = one.left <= other.right and other.left <= one.right
    return across and one.top <= other.bottom and other.top <= one.bottom
