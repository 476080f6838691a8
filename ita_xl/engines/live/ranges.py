"""The cells of a sheet that is open in Excel: read once and whole, written in whole blocks.

What is given to Excel is taken as if it were typed: "9.1" becomes a number, "กันยายน 2566" a date where Windows
speaks Thai, "=1+1" a formula. In a cell whose format is text (@) nothing is taken so; everywhere else a text that
could be is given with the apostrophe that a person would type before it, which Excel keeps apart from the text.
So the cell's format stays as it is. Which cells are of format text is not asked before, but seen from what
they hold after all is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, TypeVar

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.live import blocks
from ita_xl.engines.live.excel import patiently
from ita_xl.engines.live.merges import Excels, Merged
from ita_xl.engines.moves import RowChange
from ita_xl.engines.percentage import shows_percentage
from ita_xl.engines.port import CellError, Formula, Grid, Value, changed
from ita_xl.layout import SIMULATION, WRITTEN, address
from ita_xl.layout.address import MAX_COLUMNS, MAX_ROWS, Area, area

if TYPE_CHECKING:
    from xlwings import Range, Sheet

V = TypeVar("V")
At = address.At

Content = None | str | bool | int | float | Decimal | dt.datetime | Formula
"""What a cell holds, or is to hold: a str is a text; a Formula is taken as typed, be it one or an error's name."""

_TEXT = "@"
_GENERAL = "General"


@dataclass(frozen=True, eq=False)
class Held:
    """What a sheet holds. contents: what to put into each cell so that it holds the same again. linked: gives the
    rows of cells with links, one for each; None where that is not known."""

    grid: Grid
    contents: Mapping[At, Content]
    linked: Callable[[], Sequence[int] | None] = lambda: None

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


def read(sheet: Sheet, title: str, file: str, engine: Any, excels: Excels | None = None) -> Held:
    """Read a sheet. file: the workbook's name, for messages. engine: as of `blocks.engine_of`. excels: what other
    sheets showed of this Excel.

    Raises `Unusable`.
    """
    used = patiently(lambda: sheet.used_range)
    whole = area(patiently(lambda: used.address))
    if whole is None or whole.bottom > MAX_ROWS or whole.right > MAX_COLUMNS:
        raise Unusable(Finding(Code.SHEET_UNSAFE, title, values={"file": file}))
    columns = whole.right - whole.left + 1
    values = blocks.values(used, columns, engine)
    texts = blocks.in_lines(patiently(lambda: used.formula), columns)
    errors = _errors(used, values, engine)
    cells: dict[At, Value] = {}
    contents: dict[At, Content] = {}
    formulas: set[At] = set()
    for down, (line, typed) in enumerate(zip(values, texts, strict=True)):
        for across, (value, text) in enumerate(zip(line, typed, strict=True)):
            at = (whole.top + down, whole.left + across)
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
    percent = _percent(sheet, title, cells)
    merged = Merged(sheet, used, whole, excels or Excels())
    return Held(Grid(cells, merged, frozenset(formulas), percent), contents, lambda: merged.linked)


_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_NEW_ERRORS = range(-2146826288, -2146826188)
"""Error values that xlwings has no name for, such as #SPILL!; a number of a cell always comes as a float."""


def _errors(used: Range, values: list[list[Any]], engine: Any) -> set[At]:
    """Places (from 0) of error values, which are told apart from texts that look like them by a second read; one
    that has no name gets the name "#?"."""
    alike = [(d, a) for d, line in enumerate(values) for a, value in enumerate(line) if _like_error(value)]
    if not alike:
        return set()
    plain = blocks.values(used, len(values[0]), engine, named_errors=False)
    for down, across in alike:
        if isinstance(values[down][across], int):
            values[down][across], plain[down][across] = "#?", None
    return {(down, across) for down, across in alike if plain[down][across] is None}


def _like_error(value: object) -> bool:
    return value in _ERRORS if isinstance(value, str) else type(value) is int and value in _NEW_ERRORS


_WITHOUT_TYPED_NUMBERS = {sheet.title for sheet in WRITTEN if sheet is not SIMULATION}


def _percent(sheet: Sheet, title: str, cells: Mapping[At, Value]) -> frozenset[At]:
    """The cells that show their number as a percentage, among those where it makes a difference: numbers up to 1 on
    a sheet where people type numbers."""
    if title in _WITHOUT_TYPED_NUMBERS:
        return frozenset()
    suspects = [at for at, value in cells.items() if isinstance(value, float) and 0 < value <= 1]
    return frozenset(at for at, code in _formats(sheet, suspects) if shows_percentage(code))


def _formats(sheet: Sheet, cells: Sequence[At]) -> Iterator[tuple[At, str]]:
    """Each of some cells with its number format. Excel says what is common to an area: as long as it is none, the
    columns are looked at one by one, and the rows parted where they are farthest from each other."""
    if not cells:
        return
    whole = _around(cells)
    if (code := _format(sheet, whole)) is not None or len(cells) == 1:
        yield from ((at, code or "") for at in cells)
        return
    if whole.left < whole.right:
        for column in sorted({at[1] for at in cells}):
            yield from _formats(sheet, [at for at in cells if at[1] == column])
        return
    rows = sorted(at[0] for at in cells)
    last, _ = max(pairwise(rows), key=lambda two: (two[1] - two[0], -abs(sum(two) - rows[0] - rows[-1])))
    yield from _formats(sheet, [at for at in cells if at[0] <= last])
    yield from _formats(sheet, [at for at in cells if at[0] > last])


def _around(cells: Iterable[At]) -> Area:
    """The area that holds some cells."""
    (top, bottom), (left, right) = ((min(ends), max(ends)) for ends in zip(*cells, strict=True))
    return Area(top, left, bottom, right)


def _format(sheet: Sheet, whole: Area) -> str | None:
    """The number format of an area; None if its cells differ."""
    cells = blocks.ranged(sheet, str(whole))
    return patiently(lambda: cells.number_format)


_NO_DAY = dt.date(1899, 12, 30)


def _value(value: Any) -> Value:
    """An Excel value in the port's terms: money is a number, a moment of no day is a time."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.datetime) and value.date() == _NO_DAY:
        return value.time()
    found: Value = value
    return found


# ---- writing ----


_LONGEST = 8_203
"""Letters; an array with a longer text is refused whole, while the text alone is taken."""


def write(sheet: Sheet, row: int, column: int, lines: Sequence[Sequence[Content]], engine: Any) -> None:
    """Put a block of contents with its upper left corner at a cell, in one write; `settle` is to follow."""
    typed = [[_typed(content) for content in line] for line in lines]
    long = {at: given for at, given in places(row, column, typed) if len(str(given)) > _LONGEST}
    for at in long:
        typed[at[0] - row][at[1] - column] = None
    block = Area(row, column, row + len(lines) - 1, column + len(lines[0]) - 1)
    blocks.put(blocks.ranged(sheet, str(block)), typed, engine)
    for at, given in long.items():
        _put(sheet, at, given, engine)


def settle(sheet: Sheet, wanted: Mapping[At, Content], undo: list[Callable[[], object]], engine: Any) -> None:
    """See that cells hold what was put into them, and put it again into those of format text, where Excel makes a
    text of numbers, formulas and apostrophes. undo: gets what puts back a format that had to change."""
    whole = _around(wanted)
    held = blocks.values(blocks.ranged(sheet, str(whole)), whole.right - whole.left + 1, engine)
    other = [at for at, what in wanted.items() if not _became(what, held[at[0] - whole.top][at[1] - whole.left])]
    of_text = (at for at, code in _formats(sheet, other) if code == _TEXT)
    for cells in _runs(of_text, lambda at: isinstance(wanted[at], str)):
        texts = isinstance(wanted[cells[0]], str)
        here = blocks.ranged(sheet, str(_around(cells)))
        if not texts:
            undo.append(partial(setattr, here, "number_format", _TEXT))
            patiently(partial(setattr, here, "number_format", _GENERAL))
        blocks.put(here, [[wanted[at] if texts else _typed(wanted[at])] for at in cells], engine)


def _runs(cells: Iterable[At], kind: Callable[[At], bool]) -> Iterator[list[At]]:
    """Cells of one kind that lie below each other."""
    ordered = enumerate(sorted(cells, key=lambda at: (at[1], at[0])))
    for _, group in groupby(ordered, lambda one: (one[1][1], one[1][0] - one[0], kind(one[1]))):
        yield [at for _, at in group]


def put_back(sheet: Sheet, row: int, column: int, lines: Sequence[Sequence[Content]], engine: Any) -> None:
    """Put what a block held before, for good."""
    write(sheet, row, column, lines, engine)
    settle(sheet, dict(places(row, column, lines)), [], engine)


def places(row: int, column: int, lines: Iterable[Sequence[V]]) -> Iterator[tuple[At, V]]:
    """The cells of a block with its upper left corner at a cell, with what is in them."""
    for down, line in enumerate(lines):
        for across, content in enumerate(line):
            yield (row + down, column + across), content


def _put(sheet: Sheet, at: At, given: object, engine: Any) -> None:
    blocks.put(blocks.ranged(sheet, address.address(*at)), [[given]], engine)


def _became(content: Content, value: Any) -> bool:
    """Whether a cell shows what was put into it; a formula may show anything but itself."""
    if content is None:
        return True
    if isinstance(content, Formula):
        return bool(value != content.text)
    return isinstance(value, str) is isinstance(content, str) and bool(value == content)


def _typed(content: Content) -> object:
    """What to give to Excel for a content, in a cell of any format but text."""
    if isinstance(content, Formula):
        return content.text
    if isinstance(content, str) and _could_be_taken(content):
        return f"'{content}"
    return content


_LONGEST_DATE = 60
"""Characters; no date, time or sum of money that begins with a letter is longer."""


def _could_be_taken(text: str) -> bool:
    """Whether Excel could take a text for something else, whatever language Windows speaks: formulas, errors and
    numbers begin with no letter, dates and sums of money are short and hold a digit. Doubt counts as yes."""
    plain = text[:1].isalpha() and (len(text) > _LONGEST_DATE or not any(one.isnumeric() for one in text))
    return not plain or text.upper() in ("TRUE", "FALSE")
