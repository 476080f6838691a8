"""What hangs on the rows of a sheet in Excel: notes, links, pictures, tables, filters, formulas that fill several
rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ita_xl.engines.live import excel

if TYPE_CHECKING:
    from xlwings import Book, Sheet

_NOTE_BOX, _OF_SHAPE = 4, 1
"""The kind of shape in which Excel shows a note, beside its cell, and the kind of link that belongs to a shape."""


def _each(collection: Any) -> list[Any]:
    """Excel's objects of a collection. Most are empty: it is asked how many there are before it is gone through."""
    return [collection.Item(number) for number in range(1, int(collection.Count) + 1)]


def rows_with_objects(sheet: Sheet, linked: Callable[[], Sequence[int] | None]) -> set[int]:
    """Rows on which a note, a comment, a link or a picture hangs. linked: gives the rows of cells with links, one
    for each, which are believed if there are as many links; None where that is not known."""

    def rows(name: str, row_of: Callable[[Any], int], unknown: Collection[int] = ()) -> set[int]:
        return excel.native(lambda: {row_of(one) for one in _each(getattr(sheet.api, name))}, lambda: {*unknown})

    note = -1  # instead of the row of a note's box, which may stand above its cell
    boxes = rows("Shapes", lambda shape: note if shape.Type == _NOTE_BOX else int(shape.TopLeftCell.Row), [note])
    found = boxes - {note}
    if note in boxes:
        found |= rows("Comments", lambda comment: int(comment.Parent.Row))
    found |= rows("CommentsThreaded", lambda comment: int(comment.Parent.Row))

    def with_links() -> set[int]:
        held = sheet.api.Hyperlinks
        number = int(held.Count)
        told = linked() if number else ()
        if told is not None and len(told) == number:
            return {*told}
        links = (held.Item(place) for place in range(1, number + 1))
        return {int(link.Range.Row) for link in links if link.Type != _OF_SHAPE}

    return found | excel.native(with_links, set)


def links(sheet: Sheet) -> dict[tuple[int, int], Any]:
    """Excel's objects for the links of cells to places in the workbook; none where a change would be refused."""

    def inside() -> dict[tuple[int, int], Any]:
        held = [link for link in _each(sheet.api.Hyperlinks) if link.Type != _OF_SHAPE and link.SubAddress]
        return {(int(link.Range.Row), int(link.Range.Column)): link for link in held if not link.Address}

    return {} if excel.protected(sheet) else excel.native(inside, dict)


def spread_rows(sheet: Sheet, formulas: Collection[tuple[int, int]]) -> set[int]:
    """Rows of formulas that fill several rows at once. formulas: the cells that hold any."""

    def rows(at: tuple[int, int]) -> range:
        cell = sheet.range(at).api
        if str(cell.Formula).startswith("=TABLE("):
            return range(at[0] - 1, at[0] + 1)  # what fills a data table stands above it, too
        area = cell.CurrentArray if cell.HasArray else cell.SpillingToRange if cell.HasSpill else cell
        return _rows_of(area)

    found = [excel.native(partial(rows, at), partial(range, 0)) for at in formulas]
    return {row for area in found if len(area) > 1 for row in area}


def tables(sheet: Sheet) -> list[Any]:
    """Excel's objects for the tables of a sheet."""
    return excel.native(lambda: _each(sheet.api.ListObjects), list)


def with_pivots(book: Book) -> bool:
    """Whether a pivot table can be anywhere in a workbook: each has a store of what it summarizes."""
    return excel.native(lambda: bool(book.api.PivotCaches().Count), lambda: True)


def pivot_rows(sheet: Sheet) -> set[int]:
    """Rows of pivot tables, whose cells hold together only where they are."""

    def rows() -> set[int]:
        return {row for one in _each(sheet.api.PivotTables()) for row in _rows_of(one.TableRange2)}

    return excel.native(rows, set)


def table_rows(held: Iterable[Any]) -> set[int]:
    """Rows of tables, whose cells hold together only where they are, too."""
    return excel.patiently(lambda: {row for table in held for row in _rows_of(table.Range)})


def _rows_of(area: Any) -> range:
    """The rows of a range of Excel's own."""
    return range(int(area.Row), int(area.Row) + int(area.Rows.Count))


def filtered_rows(sheet: Sheet, held: Iterable[Any]) -> set[int]:
    """The rows under filters that hide some of them. held: the tables of the sheet."""

    def rows() -> set[int]:
        filters = [sheet.api.AutoFilter] if sheet.api.AutoFilterMode else []
        filters += [table.AutoFilter for table in held]
        return {row for one in filters if one is not None and one.FilterMode for row in _rows_of(one.Range)[1:]}

    return excel.native(rows, set)
