"""Which sheet of a workbook is which of ours by the names that it has for cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from ita_xl.engines.port import OUR_NAMES, Names
from ita_xl.layout import MEMORY, SHEETS, WRITTEN, Block, Field, Sheet
from ita_xl.layout.address import Area
from ita_xl.layout.keys import SheetKey


def sheet_name(sheet: Sheet) -> str:
    """The workbook's name for a sheet: programs carry it along when the sheet is called otherwise."""
    return f"{OUR_NAMES}{sheet.key}"


def name_of(sheet: Sheet, part: Block | Field) -> str:
    """The workbook's name for a table with its headings, or for a cell."""
    return f"{OUR_NAMES}{sheet.key}.{part.key}"


def all_names(sheet: Sheet) -> list[str]:
    """All names that a workbook may have for a sheet, its own first; the program's memory has no others."""
    tables = [name_of(sheet, block) for block in sheet.blocks]
    cells = [name_of(sheet, field) for field in sheet.fields if not field.fixed]
    return [sheet_name(sheet), *(tables + cells if sheet in WRITTEN and sheet is not MEMORY else [])]


def sheet_names(sheet: Sheet, title: str) -> Names:
    """The name of a sheet for its top down to the first headings, so that it outlives rows that are deleted."""
    top = min((block.header_row for block in sheet.blocks), default=1)
    return {sheet_name(sheet): (title, Area(1, 1, top, len(sheet.widths)))}


def titles_by_name(names: Names, present: Collection[str]) -> dict[SheetKey, str]:
    """Our sheets with the title to which most of their names lead. present: the titles that there are."""
    votes: dict[str, Counter[str]] = {}
    for name, (title, _) in names.items():
        key = name.removeprefix(OUR_NAMES).partition(".")[0]
        if title in present:
            votes.setdefault(key, Counter())[title] += 1
    titles: dict[SheetKey, str] = {}
    for sheet in SHEETS:
        counted = votes.get(sheet.key, Counter())
        free = [title for title in counted if title not in titles.values()]
        if free:
            titles[sheet.key] = max(free, key=lambda title: (counted[title], title == sheet.title))
    return titles
