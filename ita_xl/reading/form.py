"""Which form a workbook has: the number that a run keeps on the very hidden sheet."""

from __future__ import annotations

from collections.abc import Mapping

from ita_xl.domain.codes import Code
from ita_xl.domain.contents import shown
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.port import Port
from ita_xl.layout import FORM, MEMORY
from ita_xl.layout.keys import SheetKey


def form_of(port: Port, titles: Mapping[SheetKey, str]) -> int:
    """The form of a workbook; 1 for one that does not say.

    Raises `Unusable` for one that is newer than this program: its cells may mean something else, so it is neither
    read nor written.
    """
    if MEMORY.key not in titles:
        return 1
    grid = port.read(titles[MEMORY.key])
    form = grid.at(*MEMORY.field("form").at)
    if not isinstance(form, int | float):
        return 1
    if form > FORM:
        needs = shown(grid.at(*MEMORY.field("needs").at)) or "-"
        raise Unusable(Finding(Code.FORM_NEWER, values={"form": shown(form), "known": FORM, "needs": needs}))
    return int(form)
