"""A whole plan of an agency of its own, typed over ours as a clerk would: three measures, as in the reference."""

from __future__ import annotations

import pytest

from ita_xl import pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.domain.codes import Code
from ita_xl.domain.rows import is_own
from ita_xl.engines.moves import Shift
from ita_xl.engines.port import Value
from ita_xl.layout import ACTIONS, ISSUES, MEASURES, RESULTS, TRACKING, Block, Sheet
from ita_xl.layout.keys import BlockKey, ColumnKey
from ita_xl.reading.places import standing_sheet
from tests.worked_in import ENGINES, Held, ran

Line = dict[ColumnKey, str]

PLAN: list[Line] = [
    {"no": "1", "measure": "การปฏิบัติราชการแบบมุ่งผลสัมฤทธิ์"},
    {"measure": "วัฒนธรรมองค์กรที่มุ่งผลสัมฤทธิ์", "codes": "I14, I15"},
    {"method": "ออกคำสั่งมอบหมายงาน", "responsible": "ทุกส่วนราชการ", "due": "กันยายน 2566", "report": "คำสั่ง"},
    {"method": "จัดทำแบบประเมินผลงาน", "responsible": "ทุกส่วนราชการ", "due": "กันยายน 2566", "report": "แบบประเมิน"},
    {"measure": "การบริหารพัสดุตามระเบียบ", "codes": "I20"},
    {"method": "เผยแพร่คู่มือการใช้ทรัพย์สิน", "responsible": "สำนักปลัดฯ", "due": "กันยายน 2566", "report": "คู่มือ"},
    {"measure": "เครื่องมือให้บริการอย่างทั่วถึง", "codes": "E1, E11, E12, E14"},
    {"method": "ลดขั้นตอนการให้บริการ", "responsible": "สำนักปลัดฯ", "due": "กันยายน 2566", "report": "ประกาศ"},
    {"method": "เปรียบเทียบผลสำรวจสองปี", "responsible": "สำนักปลัดฯ", "due": "กันยายน 2566", "report": "รายงาน"},
]


class Clerk:
    """A clerk at a workbook that was run."""

    def __init__(self, engine: str) -> None:
        self.port: Held = ENGINES[engine](ran())

    def block(self, sheet: Sheet, key: BlockKey) -> Block:
        return standing_sheet(self.port, sheet, sheet.title).block(key)

    def rows(self, sheet: Sheet, key: BlockKey) -> list[dict[ColumnKey, Value]]:
        block, grid = self.block(sheet, key), self.port.read(sheet.title)
        numbers = (n for n in range(block.first_row, block.last_row + 1) if n in grid.rows)
        return [{c.key: grid.at(n, block.column_number(c.key)) for c in block.columns} for n in numbers]

    def empty_the_plan(self) -> None:
        block = self.block(MEASURES, "measures")
        gone = range(block.first_row, block.first_row + len(self.rows(MEASURES, "measures")))
        self.port.change_rows(Shift(MEASURES.title, deleted=frozenset(gone)))

    def type_the_plan(self) -> None:
        block = self.block(MEASURES, "measures")
        self.port.change_rows(
            Shift(MEASURES.title, {block.first_row: len(PLAN)}, like={block.first_row: block.first_row})
        )
        for number, line in enumerate(PLAN, block.first_row):
            for column, text in line.items():
                self.port.write(MEASURES.title, number, block.column_number(column), [[text]])

    def add(self, sheet: Sheet, key: BlockKey, **cells: str) -> int:
        """Insert a row below those of a table; its number."""
        block = self.block(sheet, key)
        row = block.first_row + len(self.rows(sheet, key))
        self.port.change_rows(Shift(sheet.title, {row: 1}))
        for column in block.columns:
            if column.key in cells:
                self.port.write(sheet.title, row, block.column_number(column.key), [[cells[column.key]]])
        return row

    def report(self, number: int, **cells: str) -> None:
        block = self.block(RESULTS, "results")
        for column in block.columns:
            if column.key in cells:
                at = block.column_number(column.key)
                self.port.write(RESULTS.title, block.first_row + number, at, [[cells[column.key]]])

    def run(self) -> Outcome:
        return pipeline.run(self.port)

    def everything(self) -> dict[str, object]:
        return {title: self.port.read(title).cells for title in self.port.sheets()}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_reference_reports_own_plan_is_typed_over_ours_and_two_runs_change_none_of_it(engine: str) -> None:
    clerk = Clerk(engine)
    clerk.empty_the_plan()
    clerk.type_the_plan()
    outcome = clerk.run()
    found = outcome.findings
    told = [(one["number"], one["codes"], one["own"]) for one in outcome.as_json()["measures"]]
    assert told == [
        ("1.1", ("I14", "I15"), True),
        ("1.2", ("I20",), True),
        ("1.3", ("E1", "E11", "E12", "E14"), True),
    ]
    plan = clerk.rows(MEASURES, "measures")
    assert [{k: v for k, v in row.items() if k in line} for row, line in zip(plan, PLAN, strict=True)] == PLAN
    assert all(is_own(str(row["key"])) for row in plan)
    assert [row["no"] for row in plan] == ["1", "1.1", "(1)", "(2)", "1.2", "(1)", "1.3", "(1)", "(2)"]
    clerk.report(0, result="ออกคำสั่งแล้วทุกกอง", achieved="บรรลุ")
    clerk.run()
    after = clerk.everything()
    clerk.run()
    assert clerk.everything() == after
    for sheet, key in followed():
        names = [row["measure"] for row in clerk.rows(sheet, key)]
        assert names == [line["measure"] for line in PLAN if "codes" in line]
    assert clerk.rows(RESULTS, "results")[0]["result"] == "ออกคำสั่งแล้วทุกกอง"
    texts = [str(value) for value in clerk.port.read(MEASURES.title).cells.values()]
    assert any("จำนวน 3 มาตรการ" in text for text in texts)
    without = {f.question for f in found if f.code == Code.ISSUE_WITHOUT_MEASURE}
    assert without.isdisjoint({"I14", "I15", "I20", "E1", "E11", "E12", "E14"})
    assert "E15" in without, "the report raises it and has no measure for it"


def test_an_issue_of_ones_own_is_counted_and_may_be_what_a_measure_is_for() -> None:
    clerk = Clerk("package")
    row = clerk.add(ISSUES, "issues", issue="การให้บริการนอกเวลา (E5)", approach="จัดเวรให้บริการ")
    clerk.add(ACTIONS, "actions", issue="E5 การให้บริการนอกเวลา", action="จัดเวรให้บริการ")
    lonely = clerk.run().findings
    assert any("9 ประเด็น" in str(text) for text in clerk.port.read(ISSUES.title).cells.values())
    assert any("9 ประเด็น" in str(text) for text in clerk.port.read(ACTIONS.title).cells.values())
    at = clerk.block(ISSUES, "issues").address("issue", row)
    gaps = [(f.sheet, f.cell) for f in lonely if f.code == Code.ISSUE_WITHOUT_MEASURE and f.question == "E5"]
    assert gaps == [(ISSUES.title, at)]
    clerk.add(MEASURES, "measures", measure="จัดเวรให้บริการนอกเวลา", codes="E5")
    found = {(f.code, f.question) for f in clerk.run().findings}
    assert not {(Code.ISSUE_WITHOUT_MEASURE, "E5"), (Code.MEASURE_WITHOUT_ISSUE, "E5")} & found


def followed() -> list[tuple[Sheet, BlockKey]]:
    return [(TRACKING, "tracking"), (RESULTS, "results")]
