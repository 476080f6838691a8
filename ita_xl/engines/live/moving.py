"""Rows of a sheet in Excel moved, inserted and deleted by its own means, which take along what hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from ita_xl.engines.live import excel, ranges
from ita_xl.engines.live.excel import once, patiently
from ita_xl.engines.moves import Moves, RowChange, Shift

if TYPE_CHECKING:
    from xlwings import Range, Sheet


def change(sheet: Sheet, what: RowChange, file: str, undo: list[Callable[[], object]], engine: Any) -> None:
    """Change the rows of a sheet. file: the workbook's name, for messages. undo: gets what takes it back. engine:
    as of `blocks.engine_of`."""
    if isinstance(what, Moves):
        _move(sheet, what, undo)
    elif isinstance(what, Shift):
        _shift(sheet, what, file, undo, engine)


def _move(sheet: Sheet, moves: Moves, undo: list[Callable[[], object]]) -> None:
    """Cut rows and paste them at their new places, each cycle of them by way of a row below all that are used,
    be it only that they look like something: what leaves a row takes its looks along."""
    used = patiently(lambda: sheet.used_range)
    spare = patiently(lambda: used.row + used.shape[0]) + 1
    before = {row: new for new, row in moves.places.items()}
    left = set(moves.places)
    while left:
        start = left.pop()
        steps, at = [(start, spare)], start
        while (source := before[at]) != start:
            steps.append((source, at))
            left.discard(source)
            at = source
        for old, new in [*steps, (spare, at)]:
            _move_row(sheet, old, new, undo)
    _show_fitted(sheet, spare)


def _shift(sheet: Sheet, shift: Shift, file: str, undo: list[Callable[[], object]], engine: Any) -> None:
    """Insert and delete rows from the bottom up, so that those above keep their numbers meanwhile."""
    gone = shift.deleted
    for row in sorted({*shift.inserted, *gone}, reverse=True):
        if row in gone and (row in shift.inserted or row - 1 not in gone):
            count = next(n for n in range(1, len(gone) + 2) if row + n not in gone or row + n in shift.inserted)
            held = ranges.read(sheet, shift.title, file, engine).contents
            width = max((column for _, column in held), default=1)
            old = [[held.get((at, n)) for n in range(1, width + 1)] for at in range(row, row + count)]
            undo.append(partial(ranges.put_back, sheet, row, 1, old, engine))
            _delete(sheet, row, count, undo)
        if row in shift.inserted:
            _insert(sheet, row, shift.inserted[row], undo, like=shift.like.get(row))


def movable(sheet: Sheet) -> bool:
    """Whether rows can be cut and pasted with all that hangs on them; taken not to be so where Excel has no such
    name."""
    return _own_can_cut(patiently(lambda: sheet.range("1:1")))


def _move_row(sheet: Sheet, old: int, new: int, undo: list[Callable[[], object]]) -> None:
    """Cut a whole row and paste it over another, with its height and whether it shows; the row that it left keeps
    both. undo: gets what puts it back."""
    source, target = (patiently(partial(sheet.range, f"{row}:{row}")) for row in (old, new))
    hidden = patiently(lambda: bool(source.rows.hidden))
    patiently(partial(setattr, source.rows, "hidden", False))  # a hidden row has no height
    height = patiently(lambda: source.row_height)
    once(lambda: _own_cut(source, target))
    undo.append(partial(_move_row, sheet, new, old, []))
    _show_fitted(sheet, new)
    if height and patiently(lambda: target.row_height) != height:
        patiently(partial(setattr, target, "row_height", height))
    patiently(partial(setattr, target.rows, "hidden", hidden))


def _insert(sheet: Sheet, row: int, count: int, undo: list[Callable[[], object]], *, like: int | None) -> None:
    """Insert whole rows before a row. like: the row that they are to look like, None for none. undo: gets what
    takes them out again."""
    lines = patiently(partial(sheet.range, f"{row}:{row + count - 1}"))
    once(lambda: _own_insert(lines))
    undo.append(partial(_take_out, sheet, row, count))
    new = patiently(partial(sheet.range, f"{row}:{row + count - 1}"))
    if like is None:
        once(lambda: _own_clear_looks(new))
    else:
        at = like + count if like >= row else like
        pattern = patiently(partial(sheet.range, f"{at}:{at}"))
        once(lambda: _own_copy(pattern, new))
        once(lambda: _own_clear(new))
    patiently(partial(setattr, new.rows, "hidden", False))


def _delete(sheet: Sheet, row: int, count: int, undo: list[Callable[[], object]]) -> None:
    """Delete whole rows. undo: gets what brings such rows back, without what they held."""
    _take_out(sheet, row, count)
    undo.append(partial(_insert, sheet, row, count, [], like=row))


def _take_out(sheet: Sheet, row: int, count: int) -> None:
    lines = patiently(partial(sheet.range, f"{row}:{row + count - 1}"))
    once(lambda: _own_delete(lines))


def look_alike(sheet: Sheet, row: int, last: int, undo: list[Callable[[], object]]) -> None:
    """Let the empty rows below one, as far as the last, look like it. undo: gets what empties them again."""
    pattern = patiently(partial(sheet.range, f"{row}:{row}"))
    below = patiently(partial(sheet.range, f"{row + 1}:{last}"))
    undo.append(lambda: once(lambda: _own_clear(below)))
    once(lambda: _own_copy(pattern, below))
    once(lambda: _own_clear(below))


def _show_fitted(sheet: Sheet, row: int) -> None:
    """Show a row as high as its text."""
    rows = patiently(lambda: sheet.range(f"{row}:{row}").rows)
    patiently(partial(setattr, rows, "hidden", False))
    patiently(rows.autofit)


# ---- Excel's own means ----


def _own_can_cut(rows: Range) -> bool:
    """Whether rows can be cut and pasted with all that hangs on them; taken not to be so without such a name."""
    return excel.native(lambda: callable(rows.api.Cut), lambda: False)


def _own_cut(rows: Range, target: Range) -> None:
    rows.api.Cut(target.api)


def _own_copy(rows: Range, target: Range) -> None:
    rows.api.Copy(target.api)


def _own_insert(rows: Range) -> None:
    """Insert as many whole rows above these as they are."""
    rows.api.Insert()


def _own_delete(rows: Range) -> None:
    rows.api.Delete()


def _own_clear(rows: Range) -> None:
    """Take out what cells hold; their looks stay."""
    rows.api.ClearContents()


def _own_clear_looks(rows: Range) -> None:
    rows.api.ClearFormats()
