"""How scores are put together is data: a made-up scheme in the structure sheet, no code changed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ita_xl import pipeline
from ita_xl.layout import SCORES, STRUCTURE
from ita_xl.layout.keys import ColumnKey
from tests.memory_port import Memory, workbook

Line = tuple[str | None, str | None, str | None, int | None]


def rewrite_structure(port: Memory, rows: list[Line]) -> None:
    """Replace the structure by rows of code, layer, parent, weight."""
    block = STRUCTURE.block("nodes")
    for row in range(block.first_row, block.last_row + 1):
        place = row - block.first_row
        code, layer, parent, weight = rows[place] if place < len(rows) else (None, None, None, None)
        cells: dict[ColumnKey, str | int | None] = {"code": code, "layer": layer, "name": code}
        cells |= {"parent": parent, "weight": weight}
        for key, value in cells.items():
            port.put(STRUCTURE.title, row, block.column_number(key), value)


def scheme() -> list[Line]:
    """IIT 20, EIT 30, OIT 50; OIT is one flat list of 37 items; in EIT the first indicator counts three times."""
    rows: list[Line] = [("รวม", "คะแนนรวม", None, None)]
    rows += [("IIT", "เครื่องมือ", "รวม", 20), ("EIT", "เครื่องมือ", "รวม", 30), ("OIT", "เครื่องมือ", "รวม", 50)]
    rows += [("1", "ตัวชี้วัด", "IIT", None), ("2", "ตัวชี้วัด", "EIT", 3), ("3", "ตัวชี้วัด", "EIT", 1)]
    rows += [("I1", "ข้อคำถาม", "1", None), ("E1", "ข้อคำถาม", "2", None), ("E2", "ข้อคำถาม", "3", None)]
    rows += [(f"O{n}", "ข้อคำถาม", "OIT", None) for n in range(1, 38)]
    return rows


def fill_scores(port: Memory, scores: Mapping[str, float]) -> None:
    for sheet in SCORES.values():
        block = sheet.block("scores")
        mine = [code for code in scores if code[0] == sheet.instrument[0]]
        for row in range(block.first_row, block.last_row + 1):
            code = mine[row - block.first_row] if row - block.first_row < len(mine) else None
            port.put(sheet.title, row, block.column_number("code"), code)
            port.put(sheet.title, row, block.column_number("y0"), scores[code] if code else None)


def test_a_made_up_scheme_is_scored_rightly() -> None:
    port = workbook(2565)
    rewrite_structure(port, scheme())
    missing = {3, 4, 5, 30}
    fill_scores(
        port,
        {"I1": 80, "E1": 90, "E2": 70} | {f"O{n}": 0 if n in missing else 100 for n in range(1, 38)},
    )
    found = pipeline.run(port)
    assert [f for f in found.findings if f.code[0] == "E"] == []
    assert found.scores["OIT"].exact == Fraction(3300, 37)
    assert found.scores["EIT"].exact == 85
    assert found.scores["total"].exact == Fraction(80 * 20 + 85 * 30, 100) + Fraction(3300, 37) / 2
    assert found.missing_items() == ["O3", "O4", "O5", "O30"]


def test_moving_an_item_to_another_group_changes_the_score_as_it_should() -> None:
    port = workbook(2568)
    block = STRUCTURE.block("nodes")
    fill = {f"O{n}": 0 if n == 25 else 100 for n in range(1, 29)}
    fill_scores(port, fill)
    before = pipeline.analyse(port).scores["OIT"].exact
    port.fill_in(STRUCTURE, block, "| at | parent |\n| O25 | 10.1 |")
    after = pipeline.analyse(port).scores["OIT"].exact
    assert before == Fraction("93.75"), "10.2 has O25 to O28, one of four is missing"
    assert after == 95, "10.1 has O21 to O25, one of five is missing"
