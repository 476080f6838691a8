"""Questions that the score sheets add to the structure, made visible on the structure sheet.

A row says in its column of sources that it follows a score sheet, so that the next run knows it for what it is, and
takes it away when its row there is gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ita_xl.case.outcome import Outcome
from ita_xl.data import profiles
from ita_xl.domain.tree import Kind
from ita_xl.engines.port import Port, Written
from ita_xl.layout import RECHECK, STRUCTURE, labels
from ita_xl.layout.keys import ColumnKey
from ita_xl.reading.learning import source_of
from ita_xl.writing.noted import without_room

Line = Mapping[ColumnKey, Written]


def recheck_further(port: Port, outcome: Outcome) -> None:
    """Let the formulas of the recheck sheet reach as far down as the structure does: a new workbook has them for
    the structures that ship."""
    title = outcome.inputs.titles.get(RECHECK.key)
    if title is None or without_room(title, grid := port.read(title)):
        return
    block = RECHECK.block("nodes")
    codes = block.column_number("code")
    last = max((row for row, column in grid.formulas if column == codes and row <= block.last_row), default=0)
    needed = min(block.header_row + max(outcome.inputs.structure_places.values(), default=0), block.last_row)
    if 0 < last < needed:
        port.copy_down(title, last, needed)
        port.show_rows(title, block.first_row, needed, [None] * (needed - block.header_row))


def write_learnt(port: Port, outcome: Outcome) -> None:
    """Write the rows that differ from what stands there, and let their formulas on the recheck sheet show."""
    inputs = outcome.inputs
    if inputs.structure_at is None or not {*inputs.learnt, *inputs.learnt_before}:
        return
    columns, heading = inputs.structure_at
    title, grid = inputs.titles[STRUCTURE.key], port.read(inputs.titles[STRUCTURE.key])
    for place, line in _lines(outcome):
        row = heading + place
        changed = {at: value for key, value in line.items() if grid.at(row, at := columns[key]) != value}
        for at, value in changed.items():
            port.write(title, row, at, [[value]])
        if changed:
            port.show_rows(title, row, row, [None])
            if recheck := inputs.titles.get(RECHECK.key):
                there = RECHECK.block("nodes").header_row + place
                port.show_rows(recheck, there, there, [None])


def _lines(outcome: Outcome) -> Iterator[tuple[int, Line]]:
    """The rows that are to be other than before: how far below the heading, and what of them."""
    inputs = outcome.inputs
    for code, one in inputs.learnt.items():
        place, said = inputs.structure_places[code], source_of(one)
        layer, no = labels.layer_name(Kind.QUESTION), labels.yes_no(False)
        line: Line = {"parent": one.parent, "source": said, "verified": no}
        yield place, line if one.former is not None else {"code": code, "layer": layer, "name": one.name, **line}
    profile = profiles.profile(outcome.year) if outcome.year in profiles.years() else None
    for code, (place, former) in inputs.learnt_before.items():
        if code in inputs.learnt:
            continue
        if former is None:
            yield place, dict.fromkeys(("code", "layer", "name", "parent", "source", "verified"))
        else:
            mark = profile.marks.get(code) if profile else None
            yield place, {"parent": former or None, "source": mark.source if mark else None}
