"""Workbooks of earlier versions keep working: whoever has filled one half does not lose it to a newer program.

`tests/older` holds them as that version left them: an empty one, and one that was run and then worked in.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ita_xl import jobs, pipeline
from ita_xl.data import catalogue
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Severity, has_errors
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Port
from ita_xl.layout import ISSUES, MEASURES, RESULTS, STATED, TRACKING, Sheet, labels
from ita_xl.layout.keys import BlockKey, ColumnKey
from ita_xl.reading.places import standing_sheet
from ita_xl.reading.standing import standing_rows

OLDER = sorted((Path(__file__).parent / "older").glob("*.xlsx"))
Place = tuple[Sheet, BlockKey, str, ColumnKey]
"""Sheet, block, key of the row, and column."""

TYPED: tuple[tuple[Place, str | float | None], ...] = (
    ((TRACKING, "tracking", "service-improve", "quarter1"), "ประชุมคณะทำงานแล้ว 2 ครั้ง"),
    ((TRACKING, "tracking", "performance", "quarter1"), 80.0),
    ((TRACKING, "tracking", "performance", "remark"), "รอคำสั่งแต่งตั้ง"),
    ((RESULTS, "results", "assets", "evidence"), "บันทึกข้อความ"),
    ((MEASURES, "measures", "service-improve/E11/1", "method"), "อบรมเจ้าหน้าที่ผู้ให้บริการทุกคน"),
    ((MEASURES, "measures", "service-improve/E11/1", "responsible"), "กองยุทธศาสตร์และงบประมาณ"),
    ((MEASURES, "measures", "performance/I14/1", "due"), None),
    ((ISSUES, "issues", "I13", "problem"), "บุคลากรเห็นว่างานหนักเบาไม่เท่ากัน"),
    ((ISSUES, "issues", "I14", "in_place"), None),
    ((MEASURES, "measures", "own-1", "method"), "ตรวจสอบการใช้รถราชการทุกเดือน"),
)
"""What was typed into the half-filled one: by sheet, block, key and column; None was emptied."""


def held(port: Port, place: Place) -> object:
    sheet, block, key, column = place
    table = standing_sheet(port, sheet, sheet.title).block(block)
    rows = standing_rows(table, port.read(sheet.title), port.ties(sheet.title))
    return next(row.cells[column].content for row in rows if row.key == key)


@pytest.mark.parametrize("older", OLDER, ids=lambda path: path.stem)
def test_a_workbook_of_an_earlier_version_runs(older: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(older, tmp_path))
    assert not has_errors(jobs.check(path).findings) or "unfilled" in older.stem
    jobs.run(path)
    first = path.read_bytes()
    jobs.run(path)
    assert path.read_bytes() == first


@pytest.mark.parametrize("older", [p for p in OLDER if p.stem.startswith("half")], ids=lambda path: path.stem)
def test_a_workbook_of_an_earlier_version_can_be_decided_on_once_the_column_has_a_heading(
    older: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(older, tmp_path))
    port, block = Package.open(path), STATED.block("stated")
    at = block.first_row, block.column_number("y0")
    port.write(STATED.title, *at, [[96.77]])
    (error,) = [f for f in pipeline.check(port).findings if f.severity is Severity.ERROR]
    assert (error.code, "J5" in catalogue.hint(error), "J6" in catalogue.hint(error)) == (
        Code.STATED_UNDECIDED,
        True,
        True,
    )
    heading = labels.heading(STATED, block, block.columns[-1], 2565)
    port.write(STATED.title, block.header_row, 10, [[heading], [next(iter(labels.hold_choices()))]])
    outcome = pipeline.run(port)
    assert (outcome.as_json()["total"], has_errors(outcome.findings)) == (96.77, False)


@pytest.mark.parametrize("older", [p for p in OLDER if p.stem.startswith("half")], ids=lambda path: path.stem)
def test_what_was_typed_with_an_earlier_version_stays(older: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(older, tmp_path))
    jobs.run(path)
    port = Package.open(path)
    assert [held(port, place) for place, _ in TYPED] == [typed for _, typed in TYPED]


@pytest.mark.parametrize("older", OLDER, ids=lambda path: path.stem)
def test_nothing_of_an_earlier_form_is_taken_for_a_persons_change(older: Path) -> None:
    found = {finding.code for finding in pipeline.run(Package(older.read_bytes(), older.name)).findings}
    assert found.isdisjoint({Code.RECHECK_MOVED, Code.TABLE_MOVED, Code.HEADING_MOVED, Code.HEADING_MISSING})
