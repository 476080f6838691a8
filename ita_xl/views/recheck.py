"""ตรวจทานการคำนวณ: the program's own results, beside the formulas that compute the same."""

from __future__ import annotations

from ita_xl.case.outcome import Outcome
from ita_xl.layout import RECHECK
from ita_xl.views.content import Content, Values


def recheck(outcome: Outcome) -> Content:
    """Every node's score at full precision, in points, each in the row in which the structure sheet has it."""
    block = RECHECK.block("program")
    rows: list[Values] = [{} for _ in range(block.capacity)]
    for code, place in outcome.inputs.structure_places.items():
        score = outcome.exact(code)
        if score is not None and place <= block.capacity:
            rows[place - 1] = {"program": float(score)}
    return Content(blocks={"program": rows})
