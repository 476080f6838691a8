"""Which rows of a sheet in Excel show, and how high they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from ita_xl.engines.live import blocks
from ita_xl.engines.live.excel import patiently

if TYPE_CHECKING:
    from xlwings import Range, Sheet

Look = tuple[bool, float | None]
"""Whether a row is shown, and its height in points (None: as it is)."""

K = TypeVar("K")


def show(
    sheet: Sheet, rows: Mapping[int, Look], merged: Callable[[], Collection[int]], undo: list[Callable[[], object]]
) -> None:
    """Show rows as they are to look. merged: gives the rows with merged cells. undo: gets what shows all again."""
    for lines, shown in _alike(sheet, {row: shown for row, (shown, _) in rows.items()}):
        undo.append(partial(setattr, lines.rows, "hidden", False))
        patiently(partial(setattr, lines.rows, "hidden", not shown))
    # Excel measures text better than we do, but not in merged cells; and a row that it has fitted grows when a
    # person writes more into it.
    heights = {row: height for row, (_, height) in rows.items() if height}
    own = {row: height for row, height in heights.items() if row in merged()} if heights else {}
    for lines, height in _alike(sheet, own):
        patiently(partial(setattr, lines, "row_height", height))
    # Of several areas only the first would be fitted.
    for address, _ in _stretches(dict.fromkeys({*heights} - {*own}, True)):
        patiently(blocks.ranged(sheet, address).rows.autofit)


def _alike(sheet: Sheet, rows: Mapping[int, K]) -> Iterator[tuple[Range, K]]:
    """Ranges of all rows with the same value, be they apart."""
    stretches = list(_stretches(rows))
    for value in dict.fromkeys(rows.values()):
        for group in blocks.together(address for address, of in stretches if of == value):
            yield blocks.ranged(sheet, ",".join(group)), value


def _stretches(rows: Mapping[int, K]) -> Iterator[tuple[str, K]]:
    """Addresses of neighbouring rows with the same value."""
    numbered = enumerate(sorted(rows.items()))
    for (_, value), group in groupby(numbered, lambda entry: (entry[1][0] - entry[0], entry[1][1])):
        numbers = [row for _, (row, _) in group]
        yield f"{numbers[0]}:{numbers[-1]}", value
