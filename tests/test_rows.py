"""What stands between, below and beside the rows of a table: what would lose a score is an error, all else is left
alone."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from ita_xl.data import catalogue
from ita_xl.domain.codes import Code
from ita_xl.engines.port import CellError, Uncomputed, Value, is_number
from ita_xl.layout import COMMENTS, GUIDANCE, INPUTS, SCORES, SIMULATION, STATED, STRUCTURE, Owner, Sheet
from ita_xl.layout.address import cell as place
from ita_xl.layout.keys import ColumnKey
from tests.conftest import sure
from tests.memory_port import Memory, typed
from tests.test_reading import at, port, run

__all__ = ["port"]

IIT = SCORES["IIT"]
CODES = (Code.SCORE_WITHOUT_CODE, Code.CODE_UNKNOWN, Code.CODE_AMBIGUOUS, Code.CODE_TWICE)
LAST = 35
"""The row of I30, the last one of the table."""


def fill(port: Memory, sheet: Sheet, **cells: str) -> None:
    for cell, text in cells.items():
        port.put(sheet.title, *sure(place(cell)), typed(text))


@pytest.mark.parametrize(
    "cells",
    [
        {"G36": "(ลงชื่อ)............ผู้กรอกข้อมูล"},
        {"G42": "(ลงชื่อ)............ผู้กรอกข้อมูล", "G43": "(นายสมชาย ใจดี)", "G44": "วันที่ 30 กันยายน 2565"},
        {"G36": "\u00a0"},
        {"G36": "\u200b"},
        {"A36": "\u200b", "G36": " "},
        {"A36": "หมายเหตุ", "G36": "คะแนนตามประกาศ"},
        {"A36": "หมายเหตุ: ข้อมูลปี 2565", "G36": "90"},
        {"A36": "ค่าเฉลี่ย", "G36": "93.34"},
        {"B36": "คะแนนเฉลี่ย IIT", "E36": "88", "F36": "90", "G36": "93.34"},
        {"B36": "รวม", "G36": "2700"},
        {"A36": "Average", "G36": "93.34"},
        {"G36": "=AVERAGE(G6:G35)"},
        {"A36": "รวม 30 ข้อ", "G36": "2700"},
        {"B40": "จำนวนผู้ตอบ", "G40": "120"},
        {"G38": "93.34"},
        {"B36": "ลงชื่อ", "G36": "#N/A"},
        {"K36": "ตรวจแล้ว", "G36": "93.34"},
    ],
    ids=lambda cells: " ".join(cells.values())[:40],
)
def test_what_closes_a_table_of_scores_is_left_alone(port: Memory, cells: dict[str, str]) -> None:
    fill(port, IIT, **cells)
    assert [f.code for f in run(port).findings] == [Code.LAST_YEAR_UNKNOWN]


def test_a_date_below_the_scores_is_left_alone(port: Memory) -> None:
    port.put(IIT.title, LAST + 1, 7, dt.datetime(2022, 9, 30))  # noqa: DTZ001
    assert at(run(port), *CODES) == []


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"G36": "90"}, Code.SCORE_WITHOUT_CODE),
        ({"A36": "\u200b", "G36": "90"}, Code.SCORE_WITHOUT_CODE),
        ({"G36": "๙๐ คะแนน"}, Code.SCORE_WITHOUT_CODE),
        ({"A36": "I31", "G36": "90"}, Code.CODE_UNKNOWN),
        ({"A40": "ข้อ 31", "G40": "90"}, Code.CODE_UNKNOWN),
        ({"A36": "I99", "B36": "หัวข้อ", "G36": "ดี"}, Code.CODE_UNKNOWN),
        ({"A36": "1" * 5000, "G36": "90"}, Code.CODE_UNKNOWN),
        ({"A36": "I" + "1" * 5000, "G36": "90"}, Code.CODE_UNKNOWN),
    ],
    ids=lambda cells: " ".join(cells.values())[:20] if isinstance(cells, dict) else "",
)
def test_a_score_that_would_be_lost_below_the_table_is_an_error(
    port: Memory, cells: dict[str, str], code: Code
) -> None:
    fill(port, IIT, **cells)
    assert at(run(port), *CODES) == [(code, f"A{next(iter(cells))[1:]}")]


@pytest.mark.parametrize("row", [6, 20, LAST])
def test_a_row_that_lost_its_code_is_an_error_wherever_it_stands(port: Memory, row: int) -> None:
    fill(port, IIT, **{f"A{row}": "(empty)"})
    assert at(run(port), *CODES) == [(Code.SCORE_WITHOUT_CODE, f"A{row}")]


def test_several_rows_of_bare_scores_below_the_table_are_errors(port: Memory) -> None:
    fill(port, IIT, G36="90", G37="91")
    assert at(run(port), *CODES) == [(Code.SCORE_WITHOUT_CODE, "A36"), (Code.SCORE_WITHOUT_CODE, "A37")]


def test_without_any_code_every_score_is_an_error(port: Memory) -> None:
    fill(port, IIT, **{f"A{row}": "(empty)" for row in range(6, LAST + 1)})
    assert len(at(run(port), *CODES)) == 30


def test_a_mean_between_the_rows_of_a_table_is_left_alone(port: Memory) -> None:
    page = port.pages[IIT.title]
    port.pages[IIT.title] = {(row + (row > 11), column): value for (row, column), value in page.items()}
    fill(port, IIT, B12="คะแนนเฉลี่ยตัวชี้วัดที่ 1", G12="90")
    assert [f.code for f in run(port).findings] == [Code.LAST_YEAR_UNKNOWN]


def test_a_row_with_words_and_a_score_between_others_lost_its_code(port: Memory) -> None:
    fill(port, IIT, A20="(empty)", B20="หัวข้อที่แก้ไขแล้ว")
    assert at(run(port), *CODES) == [(Code.SCORE_WITHOUT_CODE, "A20")]


def test_merged_cells_of_a_signature_are_no_merged_cells_of_the_table(port: Memory) -> None:
    port.merged[IIT.title] = ["G40:I40"]
    fill(port, IIT, G40="(ลงชื่อ)")
    assert at(run(port), Code.CELLS_MERGED) == []


def test_a_signature_below_the_published_figures_is_left_alone(port: Memory) -> None:
    fill(port, STATED, E60="(ลงชื่อ)............", E61="(นายสมชาย ใจดี)", B62="เฉลี่ย", D62="80")
    assert [f.code for f in run(port).findings] == [Code.LAST_YEAR_UNKNOWN]


def test_a_note_below_the_targets_is_left_alone_and_a_target_without_a_code_is_not(port: Memory) -> None:
    leaves = SIMULATION.block("leaves")
    for number, (code, target) in enumerate((("I1", "95"), (None, "หมายเหตุ"), (None, None), ("I99", "90"))):
        row, column = leaves.first_row + number, leaves.column_number("target")
        port.put(SIMULATION.title, row, 1, code)
        port.put(SIMULATION.title, row, column, target and typed(target))
    assert at(run(port), *CODES) == [(Code.CODE_UNKNOWN, f"A{leaves.first_row + 3}")]


def test_a_signature_below_the_comments_is_left_alone_and_a_comment_without_a_code_is_not(port: Memory) -> None:
    fill(
        port,
        COMMENTS,
        A6="E11",
        B6="ควรเผยแพร่",
        B7="ควรแก้ไข",
        B9="(ลงชื่อ)............",
        A10="หมายเหตุ",
        B10="ตามหนังสือ",
    )
    assert at(run(port), Code.COMMENT_WITHOUT_CODE) == [(Code.COMMENT_WITHOUT_CODE, "A7")]


def test_a_note_below_the_own_texts_is_left_alone(port: Memory) -> None:
    block = GUIDANCE.block("guidance")
    port.put(GUIDANCE.title, block.last_row + 3, block.column_number("own_problem"), "หมายเหตุ: ตรวจแล้ว")
    assert at(run(port), Code.OWN_TEXT_WITHOUT_CODE) == []


def test_a_note_below_the_structure_or_its_levels_is_left_alone(port: Memory) -> None:
    nodes, levels = STRUCTURE.block("nodes"), STRUCTURE.block("levels")
    filled = max(row for row, column in port.pages[STRUCTURE.title] if column == 1)
    port.put(STRUCTURE.title, filled + 2, nodes.column_number("code"), "หมายเหตุ: น้ำหนักตามคู่มือการประเมิน")
    port.put(STRUCTURE.title, filled + 3, nodes.column_number("code"), "ตรวจสอบกับคู่มือการประเมินแล้วทุกรายการ")
    port.put(STRUCTURE.title, levels.last_row, levels.column_number("level"), "ที่มา: คู่มือ")
    assert [f.code for f in run(port).findings] == [Code.LAST_YEAR_UNKNOWN]


@pytest.mark.parametrize("code", ["I" + "1" * 5000, "1" * 5000], ids=["letter", "digits"])
def test_a_code_of_thousands_of_digits_in_the_structure_is_a_finding(port: Memory, code: str) -> None:
    nodes = STRUCTURE.block("nodes")
    row = next(row for (row, column), value in port.pages[STRUCTURE.title].items() if column == 1 and value == "I7")
    port.put(STRUCTURE.title, row, 1, code)
    port.put(STRUCTURE.title, row + 1, nodes.column_number("parent"), code)
    found = [f for f in run(port).findings if f.sheet == STRUCTURE.title]
    assert [(f.code, f.cell) for f in found] == [
        (Code.CODE_UNKNOWN, f"A{row}"),
        (Code.PARENT_UNKNOWN, f"D{row + 1}"),
    ]
    assert all(len(str(value)) < 100 for f in found for value in f.values.values())


# ---- codes that cannot be read ----


@pytest.mark.parametrize(("raw", "code"), [('="I"&1', Code.FORMULA_WITHOUT_RESULT), ("#REF!", Code.CELL_HAS_ERROR)])
def test_a_code_that_is_a_formula_without_a_result_is_named_where_it_stands(
    port: Memory, raw: str, code: Code
) -> None:
    fill(port, IIT, A6=raw)
    assert at(run(port), Code.FORMULA_WITHOUT_RESULT, Code.CELL_HAS_ERROR, *CODES) == [(code, "A6")]


@pytest.mark.parametrize("cell", ["A6", "B6"])
def test_a_comment_or_its_code_that_is_a_formula_without_a_result_is_named(port: Memory, cell: str) -> None:
    fill(port, COMMENTS, A6="E11", B6="ควรเผยแพร่")
    fill(port, COMMENTS, **{cell: '="E"&11'})
    assert at(run(port), Code.FORMULA_WITHOUT_RESULT, Code.COMMENT_WITHOUT_CODE) == [
        (Code.FORMULA_WITHOUT_RESULT, cell)
    ]


@pytest.mark.parametrize(
    ("sheet", "cell"),
    [(IIT, "C6"), (IIT, "H6"), (IIT, "I6"), (SCORES["OIT"], "J6"), (SCORES["OIT"], "K6"), (STATED, "E7")],
)
def test_no_text_of_a_clerk_vanishes_because_its_formula_has_no_result(
    port: Memory, sheet: Sheet, cell: str
) -> None:
    fill(port, sheet, **{cell: '="ก"&"ข"'})
    assert at(run(port), Code.FORMULA_WITHOUT_RESULT) == [(Code.FORMULA_WITHOUT_RESULT, cell)]


@pytest.mark.parametrize("key", ["code", "name", "parent"])
def test_the_structures_own_texts_are_named_too(port: Memory, key: ColumnKey) -> None:
    port.fill_in(STRUCTURE, STRUCTURE.block("nodes"), f'| at | {key} |\n| I7 | ="I"&7 |')
    row = next(r for (r, c), v in port.pages[STRUCTURE.title].items() if c == 1 and v == "I8") - 1
    cell = STRUCTURE.block("nodes").address(key, row)
    assert at(run(port), Code.FORMULA_WITHOUT_RESULT) == [(Code.FORMULA_WITHOUT_RESULT, cell)]


# ---- whatever a cell holds ----

ODD = [
    *(CellError("#N/A"), Uncomputed("=1+1"), True, 2566.0, 0.5, float("inf"), 10**400, dt.time(8, 30)),
    *(dt.datetime(2023, 9, 30), dt.timedelta(hours=30), "1" * 5000, "I" + "1" * 5000, "ก" * 40_000),  # noqa: DTZ001
    *("\u200b", "700/0", "รวม", "ระดับ", "(ลงชื่อ)....", "ก\nข\r\nค", "\ud800"),
]
OF_PYTHON = re.compile(r"CellError|Uncomputed|datetime|\bTrue\b|\bNone\b|Fraction\(|\d\.0\b|\binf\b|\bnan\b")


@pytest.mark.parametrize("percentage", [False, True], ids=["", "percentage"])
@pytest.mark.parametrize("value", ODD, ids=lambda value: type(value).__name__)
def test_whatever_a_cell_holds_is_at_most_a_finding_in_a_persons_words(
    port: Memory, value: Value, percentage: bool
) -> None:
    for sheet in (*INPUTS, GUIDANCE, SIMULATION):
        places = [field.at for field in sheet.fields if field.owner is Owner.USER and field.key != "year"]
        for block in sheet.blocks:
            places += [(block.first_row + 2, block.column_number(column.key)) for column in block.owned(Owner.USER)]
        before = port.pages[sheet.title]
        port.pages[sheet.title] = before | dict.fromkeys(places, value)
        port.percent[sheet.title] = set(places) if percentage and is_number(value) else set()
        for finding in run(port).findings:
            said = catalogue.message(finding) + catalogue.hint(finding)
            assert not OF_PYTHON.search(said) and len(said) < 1000, said
        port.pages[sheet.title], port.percent[sheet.title] = before, set()
