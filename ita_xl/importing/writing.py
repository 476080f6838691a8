"""What was understood, written into the cells that are free for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ita_xl.case.inputs import Inputs
from ita_xl.domain.ranking import Raise
from ita_xl.engines.port import Port, Written
from ita_xl.importing.compare import Entry, Places, Status
from ita_xl.importing.found import Fact, Kind
from ita_xl.layout import COMMENTS, labels
from ita_xl.layout.keys import ColumnKey
from ita_xl.reading.imported import Imported
from ita_xl.reading.page import Page, locate
from ita_xl.reading.places import as_it_stands
from ita_xl.writing.imported import note_imported

WRITTEN = (Status.NEW, Status.REPLACES)


def write(port: Port, inputs: Inputs, entries: Sequence[Entry], day: str) -> int:
    """Write what is new, or replaces something, and where it comes from; the caller saves. day: in words.
    Returns how many cells were filled."""
    places = Places(port, inputs)
    done = [entry for entry in entries if entry.status in WRITTEN]
    for entry in done:
        if entry.fact.kind is Kind.COMMENT:
            _write_comment(port, inputs, entry)
            continue
        if entry.added:
            _write_row(port, places, entry)
        port.write(entry.sheet, *entry.at, [[_value(entry.fact, places)]])
    if done:
        note_imported(port, inputs, [_source(entry, day) for entry in done])
    return len(done)


def _value(fact: Fact, places: Places) -> Written:
    if isinstance(fact.value, str):
        return fact.value
    number: Written = int(fact.value) if fact.value.denominator == 1 else float(fact.value)
    if fact.kind is Kind.POINTS and fact.items and fact.items != _counted(fact, places):
        return f"{number}/{fact.items}"
    return number


def _counted(fact: Fact, places: Places) -> int:
    from ita_xl.domain.tree import Kind as Layer

    return len(places.tree.below(fact.code, Layer.QUESTION)) if fact.code in places.tree else 0


def _write_row(port: Port, places: Places, entry: Entry) -> None:
    """The row of a question that the sheet has not yet: its code, its words and its indicator."""
    table = next(t for t in places.questions.values() if t and t.page.title == entry.sheet)
    row, fact = entry.at[0], entry.fact
    automatic = next(name for name, choice in labels.raise_choices().items() if choice is Raise.AUTO)
    parent = fact.parent or (places.tree[fact.code].parent if fact.code in places.tree else "") or ""
    cells: dict[ColumnKey, str] = {"code": fact.code, "topic": fact.name, "indicator": parent, "raise": automatic}
    for key, text in cells.items():
        if text and key in table.found.columns:
            port.write(entry.sheet, row, table.found.columns[key], [[text]])
    port.show_rows(entry.sheet, row, row, [None])


def _write_comment(port: Port, inputs: Inputs, entry: Entry) -> None:
    title = inputs.titles[COMMENTS.key]
    page = Page(as_it_stands(port, COMMENTS, title), title, port.read(title), [])
    found = locate(page, page.sheet.blocks[0], inputs.year)
    assert found is not None
    port.write(title, entry.at[0], found.columns["code"], [[entry.fact.code]])
    port.write(title, *entry.at, [[str(entry.fact.value)]])
    port.show_rows(title, entry.at[0], entry.at[0], [None])


def _source(entry: Entry, day: str) -> Imported:
    fact = entry.fact
    value = fact.value if isinstance(fact.value, str) else f"{float(fact.value):.2f}"
    return Imported(fact.kind.value, fact.code, fact.year, value, fact.source, fact.place, day)


def total_of(entries: Iterable[Entry]) -> dict[str, int]:
    """How many entries there are of each status."""
    listed = list(entries)
    return {status.value: sum(entry.status is status for entry in listed) for status in Status}


def shown_value(value: Fraction | str) -> str:
    """A value as a person reads it."""
    return value if isinstance(value, str) else f"{float(value):.2f}"
