"""Which rows of a table count: those with a code, and those that lost it; signatures, notes and means do not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from ita_xl.domain.codes import Code
from ita_xl.domain.contents import shown
from ita_xl.domain.thai import TypedCode, folded, like_a_code, parse_code, parse_number, sums_up, tidy
from ita_xl.engines.port import CellError, Uncomputed, Value
from ita_xl.layout import labels
from ita_xl.layout.keys import POINT_KEYS, YEAR_KEYS, ColumnKey
from ita_xl.reading.page import FoundTable, Page

_WIDEST = 40
"""Columns from the left in which the label of a row is looked for."""


class _Line(Struct, frozen=True):
    """A row below a heading. said: its code as typed, tidy; typed: what that means, None where nothing is said."""

    row: int
    raw: Value
    said: str
    typed: TypedCode | None

    @property
    def code(self) -> str | None:
        return self.typed.code if self.typed else None


def coded_rows(
    page: Page,
    table: FoundTable,
    known: Mapping[str, str],
    letter: str = "",
    figures: Collection[ColumnKey] = (*YEAR_KEYS, *POINT_KEYS),
) -> list[tuple[int, str]]:
    """The rows whose code is understood and comes first, with it; rows that would lose a figure are reported.

    known: names by code. letter: the letter of the sheet's questions, if they share one. figures: the columns that
    make a row count.
    """
    columns = [table.columns[key] for key in figures if key in table.columns]
    lines = list(_lines(page, table, known, letter))
    coded = {line.code for line in lines if line.code}
    judge = _Judge(
        page,
        columns,
        max((line.row for line in lines if line.code), default=page.grid.last_row + 1),
        {folded(name) for code, name in known.items() if code not in coded and name},
    )
    rows: list[tuple[int, str]] = []
    seen: dict[str, str] = {}
    for line in lines:
        cell = table.cell("code", line.row)
        if line.code is None:
            if judge.loses(line):
                _report(page, line, cell)
        elif line.code in seen:
            page.note(Code.CODE_TWICE, cell, line.code, first=seen[line.code])
        else:
            if line.typed and line.typed.odd:
                page.note(Code.CODE_UNDERSTOOD, cell, line.code, value=line.said)
            seen[line.code] = cell
            rows.append((line.row, line.code))
    return rows


def last_of(rows: Sequence[tuple[int, str]], page: Page) -> int:
    """The last row of a table; of the sheet where no row has a code."""
    return max((row for row, _ in rows), default=page.grid.last_row)


def without_code(page: Page, cell: str, finding: Code, **values: str) -> None:
    """Report a row without a code: what its cell holds instead, or else the finding that is given."""
    value = page.value(cell)
    if value is None or page.usable(value, cell) is not None:
        page.note(finding, cell, **values)


def _lines(page: Page, table: FoundTable, known: Collection[str], letter: str) -> Iterator[_Line]:
    codes, previous = set(known), None
    seen: set[str] = set()
    for row in range(table.header_row + 1, page.grid.last_row + 1):
        raw = page.points(table.cell("code", row))
        said = page.text(raw)
        typed = parse_code(labels.meant_code(raw) if isinstance(raw, str) else raw, codes, letter, previous)
        yield _Line(row, raw, said, typed if said else None)
        if said and typed.code and typed.code not in seen:
            seen.add(typed.code)
            previous = typed.code


def _report(page: Page, line: _Line, cell: str) -> None:
    if line.typed is None:
        without_code(page, cell, Code.SCORE_WITHOUT_CODE)
    elif line.typed.candidates:
        page.note(Code.CODE_AMBIGUOUS, cell, value=line.said, candidates=", ".join(line.typed.candidates))
    else:
        page.note(Code.CODE_UNKNOWN, cell, value=line.said)


class _Judge:
    """Tells rows that lost their code from what people write between and below the rows of a table.

    columns: of figures. end: the last row with a code. names: of what has no row.
    """

    def __init__(self, page: Page, columns: Collection[int], end: int, names: Collection[str]) -> None:
        self.page, self.columns, self.names = page, columns, names
        self.end = self.edge = end

    def loses(self, line: _Line) -> bool:
        """Whether a row without a code of ours holds a figure that would be lost."""
        values = [self.page.grid.at(line.row, column) for column in self.columns]
        values = [value for value in values if value is not None and tidy(shown(value))]
        if not values:
            return False
        if isinstance(line.raw, CellError | Uncomputed) or like_a_code(line.said):
            return True
        texts = list(self._texts(line.row))
        if any(folded(text) in self.names for text in texts):
            return True
        if not any(map(_is_figure, values)) or any(map(sums_up, texts)):
            return False
        if line.row < self.end:
            return True
        return not texts and self._continues(line.row)

    def _continues(self, row: int) -> bool:
        """Whether a row of bare figures goes on right below the last one; those of formulas sum it up."""
        typed = any(
            self.page.grid.at(row, c) is not None and (row, c) not in self.page.grid.formulas for c in self.columns
        )
        if not typed or row != self.edge + 1:
            return False
        self.edge = row
        return True

    def _texts(self, row: int) -> Iterator[str]:
        """The words of a row, wherever they stand; figures are none."""
        for column in range(1, _WIDEST + 1):
            value = self.page.grid.at(row, column)
            if isinstance(value, str) and not _is_figure(value) and (text := self.page.text(value)):
                yield text


def _is_figure(value: Value) -> bool:
    """Whether a cell holds a number, or what was meant to give one."""
    typed = parse_number(value)
    return isinstance(value, CellError | Uncomputed) or (typed is not None and typed.value is not None)
