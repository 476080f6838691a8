"""Blocks of cells in Excel, read and written in one call each.

xlwings' `Range.value` asks for size, sheet, workbook and application of a range at each use. Where the caller knows
the size, `raw_value` and the functions with which xlwings cleans values do the same in one call. On a Mac, where
values come without errors and in parts, its own way is taken.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ita_xl.engines.live.excel import native, patiently

if TYPE_CHECKING:
    from xlwings import Book, Range, Sheet

_MAC = sys.platform == "darwin"


def engine_of(book: Book) -> Any:
    """What cleans values for the Excel of a workbook."""
    return patiently(lambda: book.app.engine.impl)


def values(cells: Range, columns: int, engine: Any, *, named_errors: bool = True) -> list[list[Any]]:
    """What cells show, row by row. named_errors: errors by their names, else as None."""
    if _MAC:
        return patiently(lambda: cells.options(ndim=2, err_to_str=named_errors).value)
    raw = in_lines(patiently(lambda: cells.raw_value), columns)
    found: list[list[Any]] = engine.clean_value_data(raw, dt.datetime, None, None, named_errors)
    return found


def put(cells: Range, lines: Sequence[Sequence[object]], engine: Any) -> None:
    """Put values into cells, which are as many."""
    if _MAC:
        patiently(partial(setattr, cells, "value", lines))
        return
    given = tuple(tuple(engine.prepare_xl_data_element(one, None) for one in line) for line in lines)
    patiently(partial(setattr, cells, "raw_value", given))


def in_lines(raw: Any, columns: int) -> list[list[Any]]:
    """Rows of a property that comes as one value, as a row or as rows, by the size of its range."""
    if not isinstance(raw, list | tuple):
        return [[raw]]
    if not isinstance(raw[0], list | tuple):
        return [list(raw[first : first + columns]) for first in range(0, len(raw), columns)]
    return [list(line) for line in raw]


def ranged(sheet: Sheet, address: str) -> Range:
    return patiently(lambda: sheet.range(address))


_LONGEST = 1 if _MAC else 255
"""Letters in which Excel takes an address of several areas; a Mac takes none of several."""


def together(parts: Iterable[str]) -> Iterator[list[str]]:
    """Addresses or names in groups that one range can have, separated by commas."""
    group: list[str] = []
    for part in parts:
        if group and len(",".join([*group, part])) > _LONGEST:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


_XML_SPREADSHEET = 11


def as_xml(cells: Range) -> str | None:
    """A range as "XML Spreadsheet"; None where there is no such thing."""
    return native(lambda: str(cells.api.GetValue(_XML_SPREADSHEET)), lambda: None)
