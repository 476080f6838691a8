"""Reading the target scores that the agency tries out."""

from __future__ import annotations

from fractions import Fraction

from ita_xl.domain.tree import Tree
from ita_xl.reading.page import Page, locate
from ita_xl.reading.scores import coded_rows


def read_targets(page: Page, tree: Tree, year: int) -> dict[str, Fraction]:
    """Targets in points by node code; unusable ones are reported."""
    table = locate(page, page.sheet.block("leaves"), year)
    if table is None:
        return {}
    targets: dict[str, Fraction] = {}
    for row, code in coded_rows(page, table, tree.nodes.keys(), figures=["target"]):
        target = page.number(page.grid.at(row, table.columns["target"]), table.cell("target", row), code)
        if target is not None:
            targets[code] = target
    return targets
