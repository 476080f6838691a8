"""Pieces of which the builders of documents make tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ita_xl.data import say
from ita_xl.report.description import Align, Cell, Column, Row, Table, Text

CENTRE = Align.CENTRE


def head(*keys: str) -> Row:
    """A row of headings, by their keys in the texts."""
    return Row(tuple(heading(key) for key in keys))


def heading(key: str, columns: int = 1, rows: int = 1, **values: object) -> Cell:
    return Cell(say(f"report.head.{key}", **values), columns, rows, bold=True, align=CENTRE)


def group(text: str, columns: int) -> Row:
    """A heading of the rows below, over the whole width."""
    return Row((Cell(text, columns, bold=True),), group=True)


def table(
    widths: Sequence[float], header: Iterable[Row], rows: Iterable[Row], summary: str, centred: Iterable[int] = ()
) -> Table:
    """widths: shares, one for each column. centred: the places of columns whose texts stand in the middle."""
    middle = {*centred}
    columns = tuple(Column(width, CENTRE if at in middle else Align.LEFT) for at, width in enumerate(widths))
    return Table(columns, tuple(header), tuple(rows), summary)


def row(*texts: Text | Cell) -> Row:
    return Row(tuple(text if isinstance(text, Cell) else Cell(text) for text in texts))
