"""The recheck sheet: the whole score tree as plain formulas, one column per layer.

Each layer's column reads only the column before it, so nothing refers to itself and every formula can
be followed by hand. Row n of this sheet stands for row n of the structure sheet.
"""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.worksheet.worksheet import Worksheet

from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.workbook.schema import HOME, RECHECK, SCORES, STATED, STRUCTURE


def draw_recheck(page: Worksheet) -> None:
    nodes, levels = RECHECK.block("nodes"), RECHECK.block("levels")
    for row in range(nodes.first_row, nodes.last_row + 1):
        for key, formula in _node_row(row):
            page[nodes.address(key, row)] = formula
    for row in range(levels.first_row, levels.last_row + 1):
        name, reached = _level_row(row)
        page[levels.address("level", row)] = name
        page[levels.address("reached", row)] = reached


def _node_row(row: int) -> Iterator[tuple[str, str]]:
    source = STRUCTURE.block("nodes")
    nodes = RECHECK.block("nodes")
    code, children = f"${nodes.letter('code')}{row}", f"${nodes.letter('children')}{row}"
    below = f"({nodes.range('parent')}={code})"
    for key in ("code", "name", "parent"):
        there = STRUCTURE.ref(f"${source.letter(key)}{row}")
        yield key, f'=IF({there}="","",{there})'
    weight = STRUCTURE.ref(f"${source.letter('weight')}{row}")
    yield "weight", f'=IF({code}="","",IF({weight}="",1,{weight}))'
    yield "children", f'=IF({code}="","",SUMPRODUCT(--{below}))'
    yield "stated", f'=IF({code}="","",{_stated(code)})'
    layer = STRUCTURE.ref(f"${source.letter('layer')}{row}")
    own, before = _question(code), '""'
    for number in range(1, 6):
        key = f"layer{number}"
        here = f"{nodes.letter(key)}${nodes.header_row}"
        yield key, f'=IF({code}="","",IF({layer}={here},{own},{before}))'
        values, weights = nodes.range(key), nodes.range("weight")
        complete = f"AND({children}>0,SUMPRODUCT({below}*ISNUMBER({values}))={children})"
        mean = f"SUMPRODUCT(--{below},{weights},{values})/SUMPRODUCT(--{below},{weights})"
        own, before = f"IF({complete},{mean},${nodes.letter('stated')}{row})", nodes.address(key, row)


def _question(code: str) -> str:
    """The score of a question, wherever it stands among the three score sheets; empty if it has none."""
    found, value = [], []
    for sheet in SCORES.values():
        block = sheet.block("scores")
        codes, scores = sheet.ref(block.range("code")), sheet.ref(block.range("y0"))
        found.append(f"SUMPRODUCT(({codes}={code})*ISNUMBER({scores}))")
        value.append(f"SUMPRODUCT(--({codes}={code}),{scores})")
    return f'IF({"+".join(found)}=1,{"+".join(value)},"")'


def _stated(code: str) -> str:
    """The published score, for open data from its points; empty if there is none."""
    block = STATED.block("stated")
    codes = STATED.ref(block.range("code"))

    def have(key: str) -> str:
        return f"SUMPRODUCT(({codes}={code})*ISNUMBER({STATED.ref(block.range(key))}))=1"

    def value(key: str) -> str:
        return f"SUMPRODUCT(--({codes}={code}),{STATED.ref(block.range(key))})"

    score = f'IF({have("y0")},{value("y0")},"")'
    return f'IF({have("p0")},IFERROR({value("p0")}/{value("items")},""),{score})'


def _level_row(row: int) -> tuple[str, str]:
    """A level's name, and 1 where the live scores of the first sheet meet all its minimums."""
    source, levels = STRUCTURE.block("levels"), RECHECK.block("levels")
    name = STRUCTURE.ref(f"${source.letter('level')}{row}")
    here = f"${levels.letter('level')}{row}"
    needs = []
    for key, live in (
        ("min_total", "live_total"),
        *((f"min_{i.lower()}", f"live_{i.lower()}") for i in INSTRUMENTS),
    ):
        least, score = STRUCTURE.ref(f"${source.letter(key)}{row}"), HOME.ref(HOME.field(live).cell)
        needs.append(f'OR({least}="",AND(ISNUMBER({score}),N({score})>=N({least})))')
    total = HOME.ref(HOME.field("live_total").cell)
    return f'=IF({name}="","",{name})', f'=IF({here}="","",IF(AND(ISNUMBER({total}),{",".join(needs)}),1,0))'
