"""Reading the target scores that the agency tries out."""

from __future__ import annotations

from fractions import Fraction

from ita_xl.domain.tree import Tree
from ita_xl.reading.page import Page, locate
from ita_xl.reading.rows import coded_rows


def read_targets(page: Page, tree: Tree, year: int) -> dict[str, Fraction]:
    """Targets in points by node code; unusable ones are reported."""
    table = locate(page, page.sheet.block("leaves"), year)
    if table is None:
        return {}
    names = {code: node.name for code, node in tree.nodes.items()}
    cells = {table.cell("target", row): code for row, code in coded_rows(page, table, names, figures=["target"])}
    return {cells[cell]: points for cell, points in page.column(cells).items()}
