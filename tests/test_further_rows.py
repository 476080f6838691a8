"""A workbook is drawn for the structures that ship; where one is longer, formulas and looks go on with it."""

from __future__ import annotations

import io

import openpyxl
import pytest

from ita_xl import pipeline
from ita_xl.drawing import looks
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.engines.package.engine import Package
from ita_xl.layout import RECHECK, STRUCTURE
from ita_xl.layout.keys import ColumnKey
from tests.recomputed import stored
from tests.test_engines import ENGINES
from tests.test_learning import run, saved, workbook

NODES = RECHECK.block("nodes")
LAST = NODES.dressed_rows[-1]


@pytest.fixture(scope="module", name="longer")
def longer_structure() -> bytes:
    """A workbook with 20 questions more than the year has."""
    more = [(f"I{number}", f"ประเด็นเพิ่มเติม {number}", "1", 80) for number in range(31, 51)]
    book = openpyxl.load_workbook(io.BytesIO(workbook(2565, {"IIT": more})))
    page, block = book[STRUCTURE.title], STRUCTURE.block("nodes")
    free = next(row for row in range(block.first_row, 400) if page.cell(row, 1).value is None)
    for row, (code, name, parent, _) in enumerate(more, free):
        cells: dict[ColumnKey, str | None] = {"code": code, "layer": "ข้อคำถาม", "name": name, "parent": parent}
        for key, value in cells.items():
            page.cell(row, block.column_number(key), value)
    return saved(book)


@pytest.mark.parametrize("engine", [name for name in ENGINES if not name.startswith("live")])
def test_every_node_of_a_longer_structure_is_computed_by_formulas(longer: bytes, engine: str) -> None:
    port = ENGINES[engine](longer)
    outcome = pipeline.run(port)
    content = port.to_bytes()
    places = outcome.inputs.structure_places
    assert max(places.values()) > len(NODES.dressed_rows)
    results = stored(content)
    for code in ("I31", "I50"):
        row = NODES.header_row + places[code]
        assert row > LAST or code == "I31"
        assert results[RECHECK.title, NODES.address("code", row)] == code
        assert results[RECHECK.title, NODES.address("layer5", row)] == 80
    rows = openpyxl.load_workbook(io.BytesIO(content))[RECHECK.title].row_dimensions
    assert not any(rows[row].hidden for row in range(LAST, NODES.header_row + max(places.values()) + 1))


def test_a_second_run_changes_nothing_more(longer: bytes) -> None:
    once = run(longer)[1]
    assert run(once)[1] == once


def test_a_structure_that_ships_gets_no_further_rows() -> None:
    content = run(workbook(2565, {"IIT": []}))[1]
    page = openpyxl.load_workbook(io.BytesIO(content))[RECHECK.title]
    assert all(page.cell(LAST + 1, column).value is None for column in range(1, page.max_column + 1))


def drawn() -> openpyxl.Workbook:
    """Formulas of several kinds in one row, and below it a cell that somebody filled."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "แผ่น"
    page["A1"], page["B1"], page["C1"], page["D1"] = 3, "=A1*2+$A$1", "=SUM(A$1:A1)", "=B1&C$1"
    page["B1"].number_format = "0.000"
    page["C3"] = "ของคน"
    return book


def opened(engine: str) -> OpenpyxlBook | Package:
    buffer = io.BytesIO()
    drawn().save(buffer)
    return (
        Package(buffer.getvalue(), "x.xlsx") if engine == "package" else OpenpyxlBook(buffer.getvalue(), "x.xlsx")
    )


@pytest.mark.parametrize("engine", ["package", "openpyxl"])
def test_rows_go_on_with_looks_and_formulas_but_not_with_contents(engine: str) -> None:
    port = opened(engine)
    port.copy_down("แผ่น", 1, 4)
    assert (4, 2) in port.read("แผ่น").formulas
    page = openpyxl.load_workbook(io.BytesIO(port.to_bytes()))["แผ่น"]
    assert [page.cell(row, 1).value for row in range(1, 5)] == [3, None, None, None]
    assert [page.cell(row, 2).value for row in range(2, 5)] == ["=A2*2+$A$1", "=A3*2+$A$1", "=A4*2+$A$1"]
    assert [page.cell(row, 3).value for row in range(2, 5)] == ["=SUM(A$1:A2)", "ของคน", "=SUM(A$1:A4)"]
    assert page["D4"].value == "=B4&C$1" and page["B4"].number_format == "0.000"


def test_what_is_written_afterwards_stands_beside_what_was_copied() -> None:
    port = opened("package")
    port.copy_down("แผ่น", 1, 2)
    port.write("แผ่น", 2, 1, [[5]])
    page = openpyxl.load_workbook(io.BytesIO(port.to_bytes()))["แผ่น"]
    assert (page["A2"].value, page["B2"].value) == (5, "=A2*2+$A$1")


def test_the_structure_sheet_itself_is_drawn_in_all_its_rows() -> None:
    page = openpyxl.load_workbook(io.BytesIO(workbook(2565, {"IIT": []})))[STRUCTURE.title]
    block = STRUCTURE.block("nodes")
    assert page.cell(block.last_row, block.column_number("code")).fill.fgColor.rgb == f"00{looks.INPUT}"


@pytest.mark.parametrize("engine", [name for name in ENGINES if name.startswith("live")])
def test_in_excel_too(longer: bytes, engine: str) -> None:
    port = ENGINES[engine](longer)
    outcome = pipeline.run(port)
    row = NODES.header_row + outcome.inputs.structure_places["I50"]
    page = openpyxl.load_workbook(io.BytesIO(port.to_bytes()))[RECHECK.title]
    assert str(page[NODES.address("code", row)].value).startswith("=IFERROR(IF(INDEX(")
    assert f"$V{row}" in str(page[NODES.address("code", row)].value)
