"""The form that takes the one weakest indicator, made where it is asked for."""

from __future__ import annotations

from ita_xl.engines.package.engine import Package
from ita_xl.report.description import Document, Paragraph, Signature, Table, Title, plain
from ita_xl.report.source import Source, source_of
from ita_xl.report.weakest import weakest
from tests.worked_in import ran


def source() -> Source:
    return source_of(Package(ran(), "x.xlsx"))


def tables(document: Document) -> list[list[list[str]]]:
    found = [block for block in document.sections[0].blocks if isinstance(block, Table)]
    return [[[plain(cell.text) for cell in row.cells] for row in table.rows] for table in found]


def test_the_indicator_with_the_lowest_score_is_chosen_and_says_so() -> None:
    said = [plain(b.text) for b in weakest(source()).sections[0].blocks if isinstance(b, Paragraph)]
    assert said == ["หน่วยงานเลือกตัวชี้วัดที่ 3 การใช้อำนาจ ซึ่งได้คะแนนต่ำสุด คือ 91.38 คะแนน มากำหนดมาตรการเชิงป้องกัน"]


def test_its_issues_stand_with_cause_and_approach_and_no_others() -> None:
    issues, _ = tables(weakest(source()))
    assert len(issues) == 2, "I13 and I14"
    assert all(cell for row in issues for cell in row)


def test_only_steps_of_its_measures_stand_there_each_with_office_and_month() -> None:
    _, steps = tables(weakest(source()))
    assert steps and all(row[0] and row[1] and row[3] for row in steps)
    assert not any("(I20)" in cell for row in steps for cell in row), "a question of another indicator"


def test_it_is_signed_and_names_the_item() -> None:
    blocks = weakest(source()).sections[0].blocks
    title = next(block for block in blocks if isinstance(block, Title))
    assert "ข้อ O42" in title.lines[-1] and isinstance(blocks[-1], Signature)
