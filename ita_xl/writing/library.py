"""Our texts on the library sheet, where somebody wants to see them in all wordings before choosing one."""

from __future__ import annotations

from ita_xl.case.outcome import Outcome
from ita_xl.domain.tree import Kind
from ita_xl.engines.port import Port
from ita_xl.layout import GUIDANCE
from ita_xl.layout.heights import row_height
from ita_xl.views.wordings import every_wording


def show_wordings(port: Port, outcome: Outcome) -> None:
    """Write all wordings of the questions for which they are asked, unless they stand there."""
    if not outcome.years:
        return
    columns = outcome.inputs.guidance_columns
    tree, asked = outcome.tree, {code: own.row for code, own in outcome.inputs.guidance.items() if own.every}
    for code, row in asked.items():
        if tree[code].kind is not Kind.QUESTION:
            continue
        title = outcome.inputs.titles[GUIDANCE.key]
        grid, texts = port.read(title), every_wording(tree, outcome.year, code)
        new = {columns[key]: text for key, text in texts.items() if text and text != grid.at(row, columns[key])}
        for at, text in new.items():
            port.write(title, row, at, [[text]])
        if new:
            widths = GUIDANCE.as_wide(grid.widths).widths
            needed = row_height((text, widths[at - 1]) for at, text in new.items())
            port.show_rows(title, row, row, [max(needed, grid.heights.get(row, 0.0))])
