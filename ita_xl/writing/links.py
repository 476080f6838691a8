"""The links between our sheets once a sheet is called otherwise: not every program carries them along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ita_xl.data import say
from ita_xl.domain.contents import shown
from ita_xl.engines.port import Grid, Port
from ita_xl.layout import HOME, SHEETS, Sheet
from ita_xl.layout.address import address, cell
from ita_xl.layout.index import FIRST, GROUPS, STEP_LINKS
from ita_xl.layout.keys import SheetKey
from ita_xl.layout.traits import Role
from ita_xl.reading.places import as_it_stands


def mend_links(port: Port, titles: Mapping[SheetKey, str]) -> None:
    """Have those links of ours that lead nowhere lead to their sheets again. titles: the actual ones.

    Nothing is looked at where every sheet is called as it was made.
    """
    usual = {sheet.title: sheet.key for sheet in SHEETS}
    if all(titles[key] == title for title, key in usual.items() if key in titles):
        return
    present = {*port.sheets()}
    for sheet in SHEETS:
        if (title := titles.get(sheet.key)) is None:
            continue
        lost = {at: to for at, to in port.links(title).items() if to not in present}
        meant = dict(_drawn(as_it_stands(port, sheet, title), port.read(title))) if lost else {}
        mended = {
            at: titles[key] for at, to in lost.items() if (key := usual.get(to, meant.get(at))) and key in titles
        }
        if mended:
            port.set_links(title, mended)


def _drawn(sheet: Sheet, grid: Grid) -> Iterator[tuple[str, SheetKey]]:
    """The cells that were drawn as links, and where to. On the first sheet, which earlier versions laid out
    otherwise, only those that still say so."""
    if sheet.key != HOME.key:
        yield from ((field.cell, HOME.key) for field in sheet.fields if field.role is Role.BACK)
        return
    said = [(at, to, to.title) for at, to in FIRST.items()]
    said += [(HOME.field(key).label, to, say(f"home.labels.{key}")) for key, to in STEP_LINKS.items()]
    for group in GROUPS:
        said += [(address(row, group.column), to, to.title) for row, to in enumerate(group.sheets, group.row + 1)]
    for at, to, words in said:
        if (place := cell(at)) and shown(grid.at(*place)) == words:
            yield at, to.key
