"""The program's results beside the formulas of ตรวจทานการคำนวณ: where they are put, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from ita_xl import jobs, pipeline
from ita_xl.domain.codes import Code
from ita_xl.engines.port import Formula
from ita_xl.layout import MAX_NODES, RECHECK, STRUCTURE
from tests.conftest import sure
from tests.memory_port import Memory, workbook
from tests.test_scheme import fill_scores, rewrite_structure, scheme
from tools.parts import without_results

PROGRAM = RECHECK.block("program")
COLUMN = PROGRAM.column_number("program")
NODES = STRUCTURE.block("nodes")


def results(port: Memory) -> dict[int, object]:
    """The program's column by row."""
    return {row: value for (row, column), value in port.pages[RECHECK.title].items() if column == COLUMN}


def rows_of(port: Memory) -> dict[str, int]:
    """The row of each node in the structure sheet by its code there."""
    codes = NODES.column_number("code")
    found = {port.pages[STRUCTURE.title].get((row, codes)): row for row in range(NODES.first_row, 400)}
    return {str(code): row for code, row in found.items() if code}


def test_every_node_has_its_result_at_full_precision_in_its_own_row(port: Memory) -> None:
    outcome = pipeline.run(port)
    held, rows = results(port), rows_of(port)
    assert len(held) == 1 + len(outcome.tree.nodes), "the heading and every node"
    assert held[rows["7"]] == float(Fraction("97.444"))
    assert held[rows["รวม"]] == float(sure(outcome.scores["total"].exact)) == 96.9909
    assert held[rows["O43"]] == 100


def test_any_structure_will_do(port: Memory) -> None:
    rewrite_structure(port, scheme())
    fill_scores(port, {"I1": 80, "E1": 90, "E2": 70} | {f"O{n}": 0 if n == 3 else 100 for n in range(1, 38)})
    pipeline.run(port)
    assert results(port)[rows_of(port)["OIT"]] == float(Fraction(3600, 37))


def test_what_is_not_known_stays_empty_and_an_old_result_goes(port: Memory) -> None:
    pipeline.run(port)
    fill_scores(port, {"I1": 80})
    pipeline.run(port)
    rows = rows_of(port)
    assert results(port).keys() >= {rows["I1"], rows["1"]}
    assert results(port).keys().isdisjoint({rows["I2"], rows["O1"]})


def test_a_question_without_a_place_has_its_own_score() -> None:
    port = workbook(2569)
    port.put("คะแนน OIT", 6, 7, 100)
    pipeline.run(port)
    assert results(port)[rows_of(port)["O1"]] == 100


def test_where_rows_were_inserted_above_the_structure_the_formulas_keep_their_rows(port: Memory) -> None:
    page = port.pages[STRUCTURE.title]
    pipeline.run(port)
    before = results(port)
    port.pages[STRUCTURE.title] = {(row + 2 * (row > 4), column): value for (row, column), value in page.items()}
    assert Code.HEADING_MOVED in [f.code for f in pipeline.run(port).findings]
    assert results(port) == before


def test_only_that_column_is_written(port: Memory) -> None:
    port.writes.clear()
    pipeline.run(port)
    assert [write for write in port.writes if write[0] == RECHECK.title] == [
        (RECHECK.title, PROGRAM.first_row, COLUMN, MAX_NODES, 1)
    ]


def test_a_sheet_that_was_deleted_is_reported_and_the_run_goes_on(port: Memory) -> None:
    del port.pages[RECHECK.title]
    outcome = pipeline.run(port)
    assert [f.code for f in outcome.findings if f.sheet == RECHECK.title] == [Code.INNER_SHEET_MISSING]


def moved(down: int, right: int) -> Callable[[Memory], None]:
    def move(port: Memory) -> None:
        page = port.pages[RECHECK.title]
        port.pages[RECHECK.title] = {
            (row + down, column + right * (column > 2)): value for (row, column), value in page.items()
        }

    return move


def with_a_formula(port: Memory) -> None:
    port.put(RECHECK.title, PROGRAM.first_row + 3, COLUMN, Formula("=1+1"))


@pytest.mark.parametrize("change", [moved(1, 0), moved(0, 1), with_a_formula])
def test_nothing_is_written_over_what_stands_where_our_results_should(
    port: Memory, change: Callable[[Memory], None]
) -> None:
    change(port)
    before = dict(port.pages[RECHECK.title])
    outcome = pipeline.run(port)
    assert [(f.code, f.cell) for f in outcome.findings if f.sheet == RECHECK.title] == [(Code.RECHECK_MOVED, "N8")]
    assert port.pages[RECHECK.title] == before


def test_the_formulas_stay_as_they_are(samples: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(samples / "reference-2565.xlsx")
    before = {
        cell.coordinate: cell.value
        for row in book[RECHECK.title].iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    jobs.run(samples / "reference-2565.xlsx", tmp_path / "out.xlsx")
    after = openpyxl.load_workbook(tmp_path / "out.xlsx")[RECHECK.title]
    assert len(before) > 10 * MAX_NODES
    assert {at: after[at].value for at in before} == before


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        (b'<c r="A1"><f>1+1</f><v>2</v></c>', b'<c r="A1"><f>1+1</f></c>'),
        (b'<c r="A1" s="3" t="str"><f>A2</f><v>x</v></c>', b'<c r="A1" s="3"><f>A2</f></c>'),
        (b'<c r="A1" t="e"><f t="shared" si="0"/><v>#N/A</v></c>', b'<c r="A1"><f t="shared" si="0"/></c>'),
        (b'<x:c r="A1"><x:f>1</x:f><x:v>1</x:v></x:c>', b'<x:c r="A1"><x:f>1</x:f></x:c>'),
        (b'<c r="A1"><v>2</v></c><c r="B1"><f>1</f></c>', b'<c r="A1"><v>2</v></c><c r="B1"><f>1</f></c>'),
    ],
)
def test_tests_can_compare_sheets_without_what_their_formulas_came_to(cell: bytes, left: bytes) -> None:
    assert without_results(cell) == left
