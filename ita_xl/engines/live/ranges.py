"""The cells of a sheet that is open in Excel: read once and whole, written in whole blocks.

What is given to Excel is taken as if it were typed: "9.1" becomes a number, "กันยายน 2566" a date where Windows
speaks Thai, "=1+1" a formula. In a cell whose format is text (@) nothing is taken so; everywhere else a text that
could be is given with the apostrophe that a person would type before it, which Excel keeps apart from the text.
So the cell's format stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.live.excel import patiently
from ita_xl.engines.moves import RowChange
from ita_xl.engines.percentage import shows_percentage
from ita_xl.engines.port import CellError, Formula, Grid, Value, changed
from ita_xl.layout import SIMULATION, WRITTEN, address
from ita_xl.layout.address import MAX_COLUMNS, MAX_ROWS, Area, area

if TYPE_CHECKING:
    from xlwings import Range, Sheet

At = address.At

Content = None | str | bool | int | float | Decimal | dt.datetime | Formula
"""What a cell holds, or is to hold: a str is a text; a Formula is taken as typed, be it one or an error's name."""

_TEXT = "@"
_GENERAL = "General"


@dataclass(frozen=True, eq=False)
class Held:
    """What a sheet holds. contents: what to put into each cell so that it holds the same again."""

    grid: Grid
    contents: Mapping[At, Content]

    def changed(self, change: RowChange) -> Held:
        """The same once rows have changed."""
        places = ((new, content) for at, content in self.contents.items() if (new := change.at(at)))
        return Held(changed(self.grid, change), {at: _changed(content, change) for at, content in places})

    @cached_property
    def _areas(self) -> list[Area]:
        found = (area(text) for text in self.grid.merged)
        return [near for one in found if one and (near := one.clamped())]

    @cached_property
    def covered(self) -> frozenset[At]:
        """Cells that lie under the first one of a merged area."""
        return frozenset(at for area in self._areas for at in area.cells() if at != area.first)

    @cached_property
    def merged_rows(self) -> frozenset[int]:
        """Rows that a merged area touches: Excel does not fit their height."""
        return frozenset(row for area in self._areas for row in range(area.top, area.bottom + 1))


def _changed(content: Content, change: RowChange) -> Content:
    """What to put into a cell of the sheet so that it holds the same again once rows have changed."""
    if isinstance(content, Formula) and content.text.startswith("="):
        return Formula(f"={change.formula(content.text[1:], change.title)}")
    return content


# ---- reading ----


def read(sheet: Sheet, file: str) -> Held:
    """Read a sheet. file: the workbook's name, for messages. Raises `Unusable`."""
    used = patiently(lambda: sheet.used_range)
    top, left = patiently(lambda: (used.row, used.column))
    rows, columns = patiently(lambda: used.shape)
    whole = Area(top, left, top + rows - 1, left + columns - 1)
    if whole.bottom > MAX_ROWS or whole.right > MAX_COLUMNS:
        raise Unusable(Finding(Code.SHEET_UNSAFE, patiently(lambda: sheet.name), values={"file": file}))
    values = patiently(lambda: used.options(ndim=2, err_to_str=True).value)
    texts = _lines(patiently(lambda: used.formula), columns)
    errors = _errors(used, values)
    cells: dict[At, Value] = {}
    contents: dict[At, Content] = {}
    formulas: set[At] = set()
    for down, (line, typed) in enumerate(zip(values, texts, strict=True)):
        for across, (value, text) in enumerate(zip(line, typed, strict=True)):
            at = (top + down, left + across)
            # The formula of a text that begins with "=" is that text.
            formula = isinstance(text, str) and text.startswith("=") and text != value
            if formula:
                formulas.add(at)
            if value is not None:
                cells[at] = CellError(value) if (down, across) in errors else _value(value)
            if formula or (down, across) in errors:
                contents[at] = Formula(text)
            elif value is not None:
                contents[at] = value
    merged = tuple(map(str, sorted(_merged(sheet, whole))))
    return Held(Grid(cells, merged, frozenset(formulas), _percent(sheet, cells)), contents)


def _lines(raw: Any, columns: int) -> list[list[Any]]:
    """Rows of a property that comes as one value, as a row or as rows, by the size of its range."""
    if not isinstance(raw, list | tuple):
        return [[raw]]
    if not isinstance(raw[0], list | tuple):
        return [list(raw[first : first + columns]) for first in range(0, len(raw), columns)]
    return [list(line) for line in raw]


_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_NEW_ERRORS = range(-2146826288, -2146826188)
"""Error values that xlwings has no name for, such as #SPILL!; a number of a cell always comes as a float."""


def _errors(used: Range, values: list[list[Any]]) -> set[At]:
    """Places (from 0) of error values, which are told apart from texts that look like them by a second read; one
    that has no name gets the name "#?"."""
    alike = [(d, a) for d, line in enumerate(values) for a, value in enumerate(line) if _like_error(value)]
    if not alike:
        return set()
    plain = patiently(lambda: used.options(ndim=2).value)
    for down, across in alike:
        if isinstance(values[down][across], int):
            values[down][across], plain[down][across] = "#?", None
    return {(down, across) for down, across in alike if plain[down][across] is None}


def _like_error(value: object) -> bool:
    return value in _ERRORS if isinstance(value, str) else type(value) is int and value in _NEW_ERRORS


_WITHOUT_TYPED_NUMBERS = {sheet.title for sheet in WRITTEN if sheet is not SIMULATION}


def _percent(sheet: Sheet, cells: Mapping[At, Value]) -> frozenset[At]:
    """The cells that show their number as a percentage, among those where it makes a difference: numbers up to 1 on
    a sheet where people type numbers. Asked column by column."""
    suspects: dict[int, list[int]] = {}
    for (row, column), value in cells.items():
        if isinstance(value, float) and 0 < value <= 1:
            suspects.setdefault(column, []).append(row)
    if not suspects or patiently(lambda: sheet.name) in _WITHOUT_TYPED_NUMBERS:
        return frozenset()
    found: set[At] = set()
    for column, rows in suspects.items():
        code = _format(sheet, Area(rows[0], column, rows[-1], column))
        alone = ((row, code or _format(sheet, Area(row, column, row, column)) or "") for row in rows)
        found.update((row, column) for row, shown in alone if shows_percentage(shown))
    return frozenset(found)


_NO_DAY = dt.date(1899, 12, 30)


def _value(value: Any) -> Value:
    """An Excel value in the port's terms: money is a number, a moment of no day is a time."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.datetime) and value.date() == _NO_DAY:
        return value.time()
    found: Value = value
    return found


def _merged(sheet: Sheet, part: Area) -> set[Area]:
    """The merged areas that touch an area: rows are halved for as long as Excel says that they hold some, then
    each row is gone through."""
    cells = _range(sheet, part)
    if patiently(lambda: cells.merge_cells) is False:
        return set()
    if part.top < part.bottom:
        middle = (part.top + part.bottom) // 2
        return _merged(sheet, part._replace(bottom=middle)) | _merged(sheet, part._replace(top=middle + 1))
    first = _range(sheet, Area(*part.first, *part.first))
    whole = area(patiently(lambda: first.merge_area.address))
    if whole is None:
        return set()
    found = {whole} if whole.size > 1 else set()
    return found | (_merged(sheet, part._replace(left=whole.right + 1)) if whole.right < part.right else set())


# ---- writing ----


def write(
    sheet: Sheet, row: int, column: int, lines: Sequence[Sequence[Content]], undo: list[Callable[[], object]]
) -> None:
    """Put a block of contents with its upper left corner at a cell, in one write. undo: gets what puts back a
    format that had to change, because Excel makes a text of every number and formula in a cell of format text."""
    texts = _of_text_format(sheet, row, column, lines)
    for at in texts:
        if not isinstance(lines[at[0] - row][at[1] - column], str):
            cell = _range(sheet, Area(*at, *at))
            undo.append(partial(setattr, cell, "number_format", _TEXT))
            patiently(partial(setattr, cell, "number_format", _GENERAL))
    typed = [
        [_typed(content, text=(row + down, column + across) in texts) for across, content in enumerate(line)]
        for down, line in enumerate(lines)
    ]
    block = _range(sheet, Area(row, column, row + len(lines) - 1, column + len(lines[0]) - 1))
    patiently(partial(setattr, block, "value", typed))


def _typed(content: Content, *, text: bool) -> object:
    """What to give to Excel for a content. text: in a cell of format text."""
    if isinstance(content, Formula):
        return content.text
    if isinstance(content, str) and not text and _could_be_taken(content):
        return f"'{content}"
    return content


_LONGEST_DATE = 60
"""Characters; no date, time or sum of money that begins with a letter is longer."""


def _could_be_taken(text: str) -> bool:
    """Whether Excel could take a text for something else, whatever language Windows speaks: formulas, errors and
    numbers begin with no letter, dates and sums of money are short and hold a digit. Doubt counts as yes."""
    plain = text[:1].isalpha() and (len(text) > _LONGEST_DATE or not any(one.isnumeric() for one in text))
    return not plain or text.upper() in ("TRUE", "FALSE")


def _of_text_format(sheet: Sheet, row: int, column: int, lines: Sequence[Sequence[Content]]) -> set[At]:
    """The cells of format text among those of a block that are to hold something; asked column by column."""
    found: set[At] = set()
    last = row + len(lines) - 1
    for across in range(len(lines[0])):
        here = column + across
        filled = [(row + down, here) for down, line in enumerate(lines) if line[across] is not None]
        if filled:
            code = _format(sheet, Area(row, here, last, here))
            found.update(
                at for at in filled if code == _TEXT or (code is None and _format(sheet, Area(*at, *at)) == _TEXT)
            )
    return found


def _format(sheet: Sheet, whole: Area) -> str | None:
    """The number format of an area; None if its cells differ."""
    cells = _range(sheet, whole)
    return patiently(lambda: cells.number_format)


# ---- places ----


def _range(sheet: Sheet, whole: Area) -> Range:
    return patiently(lambda: sheet.range(str(whole)))
