"""Keeping in the workbook where figures came from."""

from __future__ import annotations

from collections.abc import Sequence

from ita_xl.case.inputs import Inputs
from ita_xl.data import say
from ita_xl.engines.port import Port
from ita_xl.layout import IMPORTED
from ita_xl.reading.imported import Imported, imported
from ita_xl.reading.places import named_parts
from ita_xl.views.content import Content, Values
from ita_xl.writing.blocks import write_sheet
from ita_xl.writing.compose import composed_list
from ita_xl.writing.setup import write_words


def note_imported(port: Port, inputs: Inputs, new: Sequence[Imported]) -> None:
    """Add to what is known; of two imports of one thing the later counts. A workbook without the sheet gets it."""
    known = {one.about: one for one in (*imported(port, inputs), *new)}
    title = inputs.titles.get(IMPORTED.key, IMPORTED.title)
    if IMPORTED.key not in inputs.titles and port.restore(IMPORTED.title, "hidden"):
        write_words(port, IMPORTED, inputs.year, inputs.tree)
    rows: list[Values] = [
        {
            "code": one.code,
            "year": one.year or None,
            "kind": say(f"imports.kinds.{one.kind}"),
            "text": one.text,
            "source": one.source,
            "place": one.place,
            "day": one.day,
        }
        for one in known.values()
    ]
    made = composed_list(port, IMPORTED, title, Content({}, {"imported": rows}))
    for change in made.changes:
        port.change_rows(change)
    write_sheet(port, made)
    port.set_names(named_parts(made.sheet, title))
