"""A structure learns from the score sheets: a question typed there with its indicator is part of the workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable

import openpyxl
import pytest

from ita_xl import pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.naming import node_meant
from ita_xl.domain.tree import Kind
from ita_xl.engines.package.engine import Package
from ita_xl.layout import RECHECK, SCORES, STRUCTURE
from ita_xl.layout.keys import ColumnKey
from ita_xl.new import new
from tests.worked_in import ran

Row = tuple[str, str | None, str | None, int]
"""Code, topic, indicator and score of a question as a person types them."""


def workbook(year: int, rows: dict[str, Iterable[Row]]) -> bytes:
    """A new workbook in which rows were typed below those that are there, or into those of the same code."""
    book = openpyxl.load_workbook(io.BytesIO(new(profiles.profile(year), {"agency": "อบต. ตัวอย่าง"}).to_bytes()))
    for instrument, typed in rows.items():
        fill(book, instrument, typed)
    return saved(book)


def fill(book: openpyxl.Workbook, instrument: str, typed: Iterable[Row]) -> None:
    sheet, block = book[SCORES[instrument].title], SCORES[instrument].block("scores")
    code_at = block.column_number("code")
    rows = {str(sheet.cell(r, code_at).value or ""): r for r in range(block.first_row, block.last_row + 1)}
    free = max([block.first_row - 1, *(row for code, row in rows.items() if code)]) + 1
    for code, topic, indicator, score in typed:
        row = rows.get(code, free)
        free += row == free
        cells: dict[ColumnKey, str | int | None] = {
            "code": code,
            "topic": topic,
            "indicator": indicator,
            "y0": score,
        }
        for key, value in cells.items():
            if value is not None:
                sheet.cell(row, block.column_number(key), value)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def run(content: bytes) -> tuple[Outcome, bytes]:
    port = Package(content, "x.xlsx")
    outcome = pipeline.run(port)
    return outcome, port.to_bytes()


def structure(content: bytes) -> dict[str, list[object]]:
    """The rows of the structure sheet by code: layer, name, parent, weight, source, verified."""
    sheet, block = openpyxl.load_workbook(io.BytesIO(content))[STRUCTURE.title], STRUCTURE.block("nodes")
    rows = sheet.iter_rows(min_row=block.first_row, max_row=block.last_row, max_col=7, values_only=True)
    return {str(row[0]): list(row[1:]) for row in rows if row[0]}


IIT = [(f"I{n}", f"หัวข้อ {n}", str((n + 2) // 3), 80 + n) for n in range(1, 16)]
EIT = [(f"E{n}", f"หัวข้อ {n}", str((n + 2) // 3 + 5), 85) for n in range(1, 10)]
OIT = [(f"O{n}", None, "9" if n < 20 else "10", 100) for n in range(1, 27)]


def test_questions_of_a_year_without_any_make_a_total_when_each_names_its_indicator() -> None:
    outcome, content = run(workbook(2569, {"IIT": IIT, "EIT": EIT, "OIT": OIT}))
    assert outcome.points(2569, "1") is not None
    assert f"{outcome.points(2569, '1'):.2f}" == "82.00"
    assert f"{outcome.points(2569, 'total'):.2f}" == "91.90"
    codes = [finding.code for finding in outcome.findings]
    assert codes.count(Code.STRUCTURE_LEARNT) == 3
    assert Code.YEAR_NOT_VERIFIED in codes and Code.CODE_UNKNOWN not in codes
    rows = structure(content)
    assert rows["I4"] == ["ข้อคำถาม", "หัวข้อ 4", "2", None, "ตามแผ่นงาน คะแนน IIT", "ไม่ใช่"]
    assert rows["O20"][2:5] == ["10", None, "ตามแผ่นงาน คะแนน OIT (เดิมอยู่ที่ ไม่ระบุ)"]


def test_a_second_run_changes_no_byte() -> None:
    _, once = run(workbook(2569, {"IIT": IIT, "EIT": EIT, "OIT": OIT}))
    outcome, twice = run(once)
    assert twice == once
    assert sum(finding.code == Code.STRUCTURE_LEARNT for finding in outcome.findings) == 3


def test_a_check_before_any_run_knows_it_too() -> None:
    outcome = pipeline.check(Package(workbook(2569, {"IIT": IIT}), "x.xlsx"))
    assert f"{outcome.points(2569, 'IIT'):.2f}" == "88.00"


def test_the_rows_of_the_recheck_sheet_show_what_was_learnt() -> None:
    outcome, content = run(workbook(2569, {"IIT": IIT}))
    sheet = openpyxl.load_workbook(io.BytesIO(content))[RECHECK.title]
    block = RECHECK.block("nodes")
    for code in ("I1", "I15"):
        row = block.header_row + outcome.inputs.structure_places[code]
        assert not sheet.row_dimensions[row].hidden
        assert sheet.cell(row, RECHECK.block("program").column_number("program")).value == outcome.points(
            2569, code
        )


def test_what_was_learnt_is_undone_by_taking_the_row_away() -> None:
    _, content = run(workbook(2569, {"IIT": IIT, "OIT": OIT}))
    book = openpyxl.load_workbook(io.BytesIO(content))
    block = SCORES["IIT"].block("scores")
    for cell in book[SCORES["IIT"].title][block.first_row + 14]:
        cell.value = None
    fill(book, "OIT", [("O26", None, None, 100)])
    sheet, oit = book[SCORES["OIT"].title], SCORES["OIT"].block("scores")
    sheet.cell(oit.first_row + 25, oit.column_number("indicator")).value = None
    outcome, content = run(saved(book))
    rows = structure(content)
    assert "I15" not in rows and "I15" not in outcome.tree and "I14" in rows
    assert rows["O26"][2] is None and "หน้า ITA" in str(rows["O26"][4])
    assert run(content)[1] == content


def test_a_code_without_an_indicator_asks_for_just_that_at_its_cell() -> None:
    typed = [(code, topic, None if code in ("I2", "I3") else indicator, s) for code, topic, indicator, s in IIT]
    outcome, _ = run(workbook(2569, {"IIT": typed}))
    asked = [finding for finding in outcome.findings if finding.code == Code.INDICATOR_NEEDED]
    block = SCORES["IIT"].block("scores")
    cells = [block.address("indicator", block.first_row + place) for place in (1, 2)]
    assert [(finding.question, finding.cell) for finding in asked] == [("I2", cells[0]), ("I3", cells[1])]
    assert not any(finding.code == Code.CODE_UNKNOWN for finding in outcome.findings)
    assert "I2" not in outcome.tree and "I4" in outcome.tree


@pytest.mark.parametrize("said", ["99", "ไม่ทราบ", "การใช้", "6"])
def test_an_indicator_that_is_none_of_the_instrument_is_asked_for_again(said: str) -> None:
    outcome, _ = run(workbook(2569, {"IIT": [("I1", "หัวข้อ", said, 80)]}))
    assert [f.values["value"] for f in outcome.findings if f.code == Code.INDICATOR_NEEDED] == [said]


def test_of_a_proven_year_an_unknown_code_stays_a_slip() -> None:
    outcome, _ = run(workbook(2565, {"IIT": [("I31", "หัวข้อ", "5", 80)]}))
    codes = [finding.code for finding in outcome.findings]
    assert Code.CODE_UNKNOWN in codes and Code.STRUCTURE_LEARNT not in codes
    assert "I31" not in outcome.tree


def test_a_question_that_the_sheet_places_elsewhere_moves_and_comes_back() -> None:
    outcome, content = run(workbook(2568, {"IIT": [("I3", None, "2", 80)]}))
    assert outcome.tree["I3"].parent == "2"
    assert "เดิมอยู่ที่ 1" in str(structure(content)["I3"][4])
    book = openpyxl.load_workbook(io.BytesIO(content))
    fill(book, "IIT", [("I3", None, "1", 80)])
    outcome, content = run(saved(book))
    assert outcome.tree["I3"].parent == "1"
    assert structure(content)["I3"][2] == "1" and "ตามแผ่นงาน" not in str(structure(content)["I3"][4])


def test_where_the_structure_sheet_was_corrected_it_wins() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(2568, {"IIT": [("I3", None, "1", 80)]})))
    sheet, block = book[STRUCTURE.title], STRUCTURE.block("nodes")
    row = next(r for r in range(block.first_row, block.last_row) if sheet.cell(r, 1).value == "I3")
    sheet.cell(row, block.column_number("parent")).value = "4"
    outcome, _ = run(saved(book))
    assert outcome.tree["I3"].parent == "4"


def test_given_weights_are_not_mixed_with_none() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(2568, {"IIT": [("I16", "ใหม่", "1", 80)]})))
    sheet, block = book[STRUCTURE.title], STRUCTURE.block("nodes")
    for row in range(block.first_row, block.last_row):
        if sheet.cell(row, block.column_number("parent")).value == "1":
            sheet.cell(row, block.column_number("weight")).value = 1
    outcome, _ = run(saved(book))
    assert any(finding.code == Code.STRUCTURE_NOT_LEARNT for finding in outcome.findings)
    assert "I16" not in outcome.tree


def test_a_run_of_a_proven_year_leaves_the_structure_sheet_alone() -> None:
    assert run(ran())[1] == ran()


TREE = profiles.profile(2568).tree
MEANT = {
    "7": "7",
    "ตัวชี้วัดที่ ๗": "7",
    "7. ประสิทธิภาพการสื่อสาร": "7",
    "ประสิทธิภาพการสื่อสาร": "7",
    "การใช้อ\u0e4d\u0e32นาจ": "3",
    "ปรับปรุงการทำงาน": "8",
    "การปรับปรุงระบบการทำงาน": "8",
    "ตัวชี้วัด 10 การป้องกันการทุจริต": "10",
    "3 การใช้งบประมาณ": None,
    "การทุจริต": None,
    "": None,
}


@pytest.mark.parametrize(("text", "code"), MEANT.items())
def test_an_indicator_is_known_by_number_or_name_as_people_write_them(text: str, code: str | None) -> None:
    assert node_meant(text, TREE, TREE.codes(Kind.INDICATOR)) == code
