"""Which sheet of a workbook is which of ours: by its names, else by its title, else by its headings."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from ita_xl.data import say, texts
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import shown
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import folded, same_text
from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.engines.naming import titles_by_name
from ita_xl.engines.port import Grid, Port
from ita_xl.layout import INPUTS, MEMORY, OUTPUTS, SHEETS, Sheet, Show
from ita_xl.layout.keys import SheetKey
from ita_xl.reading.places import headings_in

_MIN_LIKENESS = 0.75
_SOME = 0.5
"""With this share of our headings a sheet of our title is ours, and another one may be."""
_FEW = 3
"""With fewer headings than these a sheet is known only if it also bears our title in its first cell."""


def find_sheets(port: Port) -> tuple[dict[SheetKey, str], list[Finding]]:
    """Our sheets by schema key with their actual titles; missing ones are reported, with what may be meant."""
    present = port.sheets()
    named = titles_by_name(port.names(), present)
    found = {**_titled([title for title in present if title not in named.values()]), **named}
    spare = [title for title in present if title not in found.values()]
    findings: list[Finding] = []
    if spare:
        _follow(port, found, [sheet for sheet in SHEETS if sheet.key not in named], spare, findings)
    missing = [sheet for sheet in SHEETS if sheet.key not in found and sheet.show is not Show.NEEDED]
    reported = {finding.sheet for finding in findings}
    findings.extend(Finding(_missing(sheet), sheet.title) for sheet in missing if sheet.title not in reported)
    return {sheet.key: found[sheet.key] for sheet in SHEETS if sheet.key in found}, findings


def _titled(present: Sequence[str]) -> dict[SheetKey, str]:
    """The sheets that are called as ours, or as a program calls what it made of them."""
    alike = {folded(exported_from(title)): title for title in reversed(present)}
    alike |= {folded(title): title for title in reversed(present)}
    alike |= {folded(sheet.title): sheet.title for sheet in SHEETS if sheet.title in present}
    return {sheet.key: alike[name] for sheet in SHEETS if (name := folded(sheet.title)) in alike}


def _missing(sheet: Sheet) -> Code:
    if sheet in INPUTS:
        return Code.SHEET_MISSING
    return Code.OUTPUT_SHEET_MISSING if sheet in OUTPUTS else Code.INNER_SHEET_MISSING


_EXPORTED = re.compile(r"\s*[-–—]\s*(ตาราง|table)\s*[\d-]*$", re.IGNORECASE)
"""The number may be cut off: a title has 31 letters at most."""


def exported_from(title: str) -> str:
    """The title of the sheet from which a program made one for its table: "คะแนน IIT - ตาราง 1" of "คะแนน IIT"."""
    return _EXPORTED.sub("", title)


def _follow(
    port: Port, found: dict[SheetKey, str], unnamed: Sequence[Sheet], spare: list[str], findings: list[Finding]
) -> None:
    """Find renamed sheets by their headings. unnamed: ours without a name. spare: titles of sheets that are none of
    ours so far. A sheet of our title is ours unless its headings are gone, and stand elsewhere."""
    grids: dict[str, Grid] = {}
    for sheet in unnamed:
        title = found.get(sheet.key)
        if not spare or sheet is MEMORY or (title and _headed(sheet, port.read(title)) >= _SOME):
            continue
        for one in spare:
            if one not in grids:
                grids[one] = _read(port, one)
        like = {one: _headed(sheet, grids[one]) for one in spare}
        whole = [one for one in spare if like[one] == 1]
        if len(whole) == 1:
            found[sheet.key] = whole[0]
            spare.remove(whole[0])
            findings.append(Finding(Code.SHEET_FOLLOWED, sheet.title, values={"found": whole[0]}))
        elif not title and (alike := whole or _alike(sheet, like, grids)):
            findings.append(Finding(Code.SHEET_RENAMED, sheet.title, values={"found": "”, “".join(alike)}))


def _read(port: Port, title: str) -> Grid:
    """A sheet that is perhaps not ours; one that cannot be read is not."""
    try:
        return port.read(title)
    except Unusable:
        return Grid({})


def _alike(sheet: Sheet, like: Mapping[str, float], grids: Mapping[str, Grid]) -> list[str]:
    """Sheets with some of the headings and our title, be it only similar. A similar title alone says nothing."""
    some = [title for title, share in like.items() if share >= _SOME]
    titled = difflib.get_close_matches(sheet.title, some, len(some), _MIN_LIKENESS) if some else []
    return [title for title in some if title in titled or _bears_title(sheet, grids[title])]


def _headed(sheet: Sheet, grid: Grid) -> float:
    """Which share of our headings a sheet has, in the table with the fewest; 0 for one of another instrument."""
    if not grid.cells or (sheet.instrument and not _is_of(sheet, grid)):
        return 0
    if sum(len(list(block.needed)) for block in sheet.blocks) < _FEW and not _bears_title(sheet, grid):
        return 0
    return min(headings_in(sheet, grid), default=0)


def _bears_title(sheet: Sheet, grid: Grid) -> bool:
    key = f"{sheet.family}.title"
    return key in texts("th") and not sheet.instrument and same_text(shown(grid.at(1, 1)), say(key, year="{year}"))


def _is_of(sheet: Sheet, grid: Grid) -> bool:
    """Whether a sheet is about an instrument: its title says so, or else its codes."""
    said = shown(grid.at(1, 1))
    if named := [one for one in INSTRUMENTS if one in said]:
        return sheet.instrument in named
    codes = (text for _, value in sorted(grid.cells.items()) if (text := shown(value))[1:].isdecimal())
    return next((text[0] for text in codes if text[0] in "IEO"), "") == sheet.instrument[0]
