"""The workbook's names for cells, of a workbook that is open in Excel.

Excel hands out names one by one, with a call for each name and another for its cells. Those of ours are known, so
the names of a sheet are asked for together, as one range of several areas; where Excel has no such range, because a
name is missing or leads elsewhere, each name is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.engines.live import blocks, excel
from ita_xl.engines.live.excel import once, patiently
from ita_xl.engines.naming import all_names
from ita_xl.engines.port import OUR_NAMES, Names
from ita_xl.engines.references import cells_named, named_cells
from ita_xl.layout import SHEETS
from ita_xl.layout.address import Area, area

if TYPE_CHECKING:
    from xlwings import Book, Sheet

_MOST = 9
"""Names that are asked for together: the address of so many areas always fits."""


def read(book: Book, sheets: Mapping[str, Sheet]) -> dict[str, tuple[str, Area]]:
    """Our names with the cells that each is for. sheets: of the workbook, by title."""
    if any(layout.title not in sheets for layout in SHEETS):
        return _gone_through(book)
    found: dict[str, tuple[str, Area]] = {}
    for layout in SHEETS:
        for names in _groups(all_names(layout)):
            areas = _areas(sheets[layout.title], names)
            found |= {name: (layout.title, one) for name, one in areas.items()} or _looked_up(book, names)
    return found


def _groups(names: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(names), _MOST):
        yield from blocks.together(names[first : first + _MOST])


def _areas(sheet: Sheet, names: list[str]) -> dict[str, Area]:
    """The cells of names if all of them are for single areas of a sheet; else nothing."""
    try:
        text = patiently(lambda: sheet.range(",".join(names)).address)
    except Unusable as error:
        if error.findings[0].code != Code.EXCEL_REFUSED:
            raise
        return {}
    areas = [one for part in text.split(",") if (one := area(part))]
    return dict(zip(names, areas, strict=True)) if len(areas) == len(names) else {}


def _looked_up(book: Book, names: Iterable[str]) -> Names:
    held = patiently(lambda: book.names)
    there = [name for name in names if patiently(partial(held.contains, name))]
    return named_cells((name, patiently(partial(_refers_to, book, name))) for name in there)


def _gone_through(book: Book) -> dict[str, tuple[str, Area]]:
    """A sheet is missing or called otherwise: all names that there are. One of a copied sheet is called
    "title!name"; it counts only once what it was copied from is gone."""
    held = patiently(lambda: [(name.name, name.refers_to or "") for name in book.names])
    held = [(name.rpartition("!")[2], where) for name, where in sorted(held, key=lambda entry: "!" not in entry[0])]
    return named_cells((name, where) for name, where in held if name.startswith(OUR_NAMES))


def _refers_to(book: Book, name: str) -> str:
    return book.names[name].refers_to or ""


# ---- giving names ----


def give(book: Book, name: str, at: tuple[str, Area], undo: list[Callable[[], object]]) -> None:
    """Let a name of ours be for some cells. undo: gets what takes it back."""
    if patiently(partial(known, book, name)):
        undo.append(partial(_again, book, name, patiently(partial(_refers_to, book, name))))
        patiently(partial(_again, book, name, "=" + cells_named(*at)))
    else:
        add(book, name, "=" + cells_named(*at), undo)
        excel.hide_name(book, name)


def add(book: Book, name: str, refers_to: str, undo: list[Callable[[], object]]) -> None:
    """Add a name. undo: gets what takes it out again."""
    undo.append(partial(_drop, book, name))
    once(lambda: book.names.add(name, refers_to))


def known(book: Book, name: str) -> bool:
    return name in book.names


def _again(book: Book, name: str, refers_to: str) -> None:
    book.names[name].refers_to = refers_to


def _drop(book: Book, name: str) -> None:
    if known(book, name):
        del book.names[name]
