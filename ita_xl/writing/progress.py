"""What the first sheet's formulas cannot know of the work: how many of our texts a person has
changed, and what since it was signed."""

from __future__ import annotations

from collections.abc import Iterator

from ita_xl.domain.rows import Cell, Origin, Owner
from ita_xl.engines.port import Port
from ita_xl.layout import MEMORY, RESULTS, TRACKING
from ita_xl.layout.keys import FieldKey
from ita_xl.writing.blocks import write_field
from ita_xl.writing.compose import Composed


def note_progress(port: Port, title: str, composed: Composed) -> None:
    """Write it onto the very hidden sheet, unless it stands there. title: as it is called."""
    texts = list(_texts(composed))
    known: dict[FieldKey, int | str | None] = {
        "suggested": len(texts),
        "edited": sum(cell.whose is Owner.USER for cell in texts),
        "differing": (composed.since.counts() or None) if composed.since else None,
    }
    grid = port.read(title)
    for key, value in known.items():
        field = MEMORY.field(key)
        if grid.at(*field.at) != value:
            write_field(port, title, MEMORY, field, value)


def _texts(composed: Composed) -> Iterator[Cell]:
    """The cells of rows that we propose in which a text of ours stands, or what a person made of it: of the plan,
    not of what became of it."""
    for one in (one for one in composed.sheets if one.sheet.key not in (TRACKING.key, RESULTS.key)):
        for key, rows in one.tables.items():
            columns = [column.key for column in one.sheet.block(key).owned(Owner.SUGGEST)]
            for row in rows:
                for column in columns if row.origin is Origin.PROPOSED else ():
                    cell = row.cells[column]
                    if cell.text or cell.whose is Owner.USER:
                        yield cell
