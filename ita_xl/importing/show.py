"""What an import would do, as a table: lines for a terminal, and a sheet."""

from __future__ import annotations

from collections.abc import Iterator

from ita_xl.data import say
from ita_xl.drawing.preview import table
from ita_xl.importing.compare import Status
from ita_xl.importing.job import Preview, what
from ita_xl.importing.writing import shown_value

Line = tuple[str, str, str, str, str, str]
KEYS = ("status", "what", "value", "now", "cell", "source")
_WIDTHS = (18, 50, 44, 16, 26, 50)


def lines(found: Preview) -> Iterator[Line]:
    """Status, what it is, the value found, what stands in the workbook, where, and where it comes from."""
    for entry in found.entries:
        fact = entry.fact
        values = [shown_value(one.value) for one in (fact, *entry.others)]
        places = [f"{one.source} {one.place}" for one in (fact, *entry.others)]
        cell = f"{entry.sheet} {entry.cell}".strip()
        status = say(f"imports.status.{entry.status.value}")
        yield status, what(fact, found.inputs.tree), " / ".join(values), entry.now, cell, " / ".join(places)
    for one in found.unclear:
        yield say("imports.status.unclear"), one.text, "", "", "", f"{one.source} {one.place}"


def heads() -> Line:
    status, about, value, now, cell, source = (say(f"imports.heads.{key}") for key in KEYS)
    return status, about, value, now, cell, source


def sheet(found: Preview) -> bytes:
    """The same as a workbook of one sheet, for whoever wants to read it at leisure."""
    settled = {say(f"imports.status.{status.value}") for status in (Status.NEW, Status.SAME, Status.REPLACES)}
    return table(say("imports.title"), heads(), lines(found), _WIDTHS, settled)
