"""One text for one thing: changed where it is shown, it becomes the text wherever it is shown."""

from __future__ import annotations

import pytest

from ita_xl import pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.domain.codes import Code
from ita_xl.engines.moves import Shift
from ita_xl.layout import ACTIONS, ANALYSIS, GUIDANCE, ISSUES, MEASURES, OUTPUTS, Sheet
from ita_xl.layout.address import address
from ita_xl.layout.keys import BlockKey, ColumnKey
from ita_xl.reading.places import standing_sheet
from tests.worked_in import ENGINES, Held, ran

Spot = tuple[Sheet, BlockKey, ColumnKey]

CODE = "E12"
"""An urgent question of the sample, with steps in the measures."""


class Desk:
    """A workbook that was run, at which a person changes texts by the key of their row."""

    def __init__(self, engine: str = "package", content: bytes | None = None) -> None:
        self.engine = engine
        self.port: Held = ENGINES[engine](content or ran())

    def at(self, spot: Spot, key: str) -> tuple[str, int, int]:
        sheet, name, column = spot
        block = sheet.block(name)
        if sheet in OUTPUTS:
            block = standing_sheet(self.port, sheet, sheet.title).block(name)
        assert block.row_key
        grid, keys = self.port.read(sheet.title), block.column_number(block.row_key)
        row = next(row for row in range(block.first_row, grid.last_row + 1) if grid.at(row, keys) == key)
        return sheet.title, row, block.column_number(column)

    def text(self, spot: Spot, key: str = CODE) -> str:
        title, row, column = self.at(spot, key)
        return str(self.port.read(title).at(row, column) or "")

    def type(self, spot: Spot, text: str, key: str = CODE) -> None:
        title, row, column = self.at(spot, key)
        self.port.write(title, row, column, [[text]])

    def run(self) -> Outcome:
        return pipeline.run(self.port)

    def everything(self) -> dict[str, object]:
        return {title: self.port.read(title).cells for title in self.port.sheets()}

    def home(self, key: ColumnKey, code: str = CODE) -> str:
        return self.text((GUIDANCE, "guidance", key), code)


def step(number: int) -> str:
    """The key of a step of the question."""
    port = ENGINES["package"](ran())
    block = standing_sheet(port, MEASURES, MEASURES.title).block("measures")
    grid, at = port.read(MEASURES.title), block.column_number("key")
    keys = [str(grid.at(row, at)) for row in range(block.first_row, block.last_row + 1)]
    return next(key for key in keys if key.endswith(f"/{CODE}/{number}"))


URGENT: Spot = (ANALYSIS["EIT"], "urgent", "approach")
CAUSE: Spot = (ISSUES, "issues", "problem")
DONE: Spot = (ISSUES, "issues", "in_place")
APPROACH: Spot = (ISSUES, "issues", "approach")
ISSUE: Spot = (ACTIONS, "actions", "issue")
ACTION: Spot = (ACTIONS, "actions", "action")
METHOD: Spot = (MEASURES, "measures", "method")
REPORT: Spot = (MEASURES, "measures", "report")
OFFICE: Spot = (MEASURES, "measures", "responsible")
DUE: Spot = (MEASURES, "measures", "due")


@pytest.mark.parametrize("engine", ENGINES)
def test_an_edited_approach_becomes_the_text_in_the_analysis_the_issues_and_the_actions(engine: str) -> None:
    desk = Desk(engine)
    desk.type(URGENT, "จัดช่องทางรับบริการออนไลน์ทุกงาน")
    found = desk.run()
    assert desk.text(APPROACH) == desk.text(URGENT) == "จัดช่องทางรับบริการออนไลน์ทุกงาน"
    assert desk.text(ACTION).startswith("จัดช่องทางรับบริการออนไลน์ทุกงาน โดยดำเนินการ ดังนี้ (1) ")
    assert desk.home("own_approach") == "จัดช่องทางรับบริการออนไลน์ทุกงาน"
    assert Code.TEXTS_DIFFER not in {f.code for f in found.findings}
    assert Code.EDIT_DIFFERS not in {f.code for f in found.findings}
    after = desk.everything()
    desk.run()
    assert desk.everything() == after


@pytest.mark.parametrize(
    ("spot", "text", "home"),
    [
        (CAUSE, "ระบบจองคิวขัดข้อง", "own_problem"),
        (DONE, "เปิดสายด่วนแล้ว", "own_in_place"),
        (APPROACH, "ก", "own_approach"),
    ],
)
def test_every_text_about_an_issue_goes_home_and_stays(spot: Spot, text: str, home: ColumnKey) -> None:
    desk = Desk()
    desk.type(spot, text)
    desk.run()
    desk.run()
    assert desk.home(home) == desk.text(spot) == text


def test_a_cause_edited_beside_the_action_is_the_cause_in_the_issues_and_its_first_line_stays_ours() -> None:
    desk = Desk()
    head, cause, comment = desk.text(ISSUE).split("\n")
    assert cause == desk.text(CAUSE)
    desk.type(ISSUE, f"{head}\nประชาชนไม่ทราบขั้นตอน\n{comment}")
    desk.run()
    assert desk.text(CAUSE) == "ประชาชนไม่ทราบขั้นตอน"
    assert desk.text(ISSUE) == f"{head}\nประชาชนไม่ทราบขั้นตอน\n{comment}"
    desk.type(CAUSE, "ไม่มีแผนผังขั้นตอน")
    desk.run()
    assert desk.text(ISSUE) == f"{head}\nไม่มีแผนผังขั้นตอน\n{comment}"


def test_what_else_a_person_changed_in_a_cell_of_several_texts_stays_there() -> None:
    desk = Desk()
    desk.type(ISSUE, f"{CODE} ขั้นตอนการให้บริการ\nประชาชนไม่ทราบขั้นตอน")
    desk.run()
    desk.run()
    assert desk.text(CAUSE) == "ประชาชนไม่ทราบขั้นตอน"
    assert desk.text(ISSUE) == f"{CODE} ขั้นตอนการให้บริการ\nประชาชนไม่ทราบขั้นตอน"


def test_a_step_edited_in_the_measures_is_the_step_in_the_actions_and_the_other_way_round() -> None:
    desk = Desk()
    desk.type(METHOD, "ประชุมหัวหน้างานทุกเดือน", step(2))
    desk.run()
    assert "(2) ประชุมหัวหน้างานทุกเดือน" in desk.text(ACTION)
    desk.type(ACTION, desk.text(ACTION).replace("ประชุมหัวหน้างานทุกเดือน", "ประชุมทุกไตรมาส"))
    desk.run()
    assert desk.text(METHOD, step(2)) == "ประชุมทุกไตรมาส"
    assert desk.home("own_steps").split("\n")[1] == "2) ประชุมทุกไตรมาส"


def test_a_step_taken_out_of_the_measures_is_out_of_the_actions_too() -> None:
    desk = Desk()
    gone = desk.text(METHOD, step(1))
    assert gone in desk.text(ACTION)
    title, row, _ = desk.at(METHOD, step(1))
    desk.port.change_rows(Shift(title, deleted=frozenset({row})))
    desk.run()
    assert gone not in desk.text(ACTION)
    assert desk.text(METHOD, step(2)) in desk.text(ACTION)


@pytest.mark.parametrize(
    ("spot", "text", "home"),
    [(OFFICE, "กองช่าง", "own_unit"), (DUE, "สิงหาคม 2566", "own_due"), (REPORT, "ภาพถ่าย", "own_report")],
)
def test_what_is_said_of_one_step_stays_with_that_step(spot: Spot, text: str, home: ColumnKey) -> None:
    desk = Desk()
    others = desk.text(spot, step(1))
    desk.type(spot, text, step(2))
    desk.run()
    assert f"2) {text}" in desk.home(home).split("\n")
    assert (desk.text(spot, step(1)), desk.text(spot, step(2))) == (others, text)


@pytest.mark.parametrize("second", [APPROACH, ACTION])
def test_two_different_edits_both_stay_and_one_finding_names_both_cells(second: Spot) -> None:
    desk = Desk()
    desk.type(URGENT, "แนวทางที่หนึ่ง")
    desk.type(second, "แนวทางที่สอง")
    (found,) = [f for f in desk.run().findings if f.code == Code.TEXTS_DIFFER]
    assert (desk.text(URGENT), desk.text(second), desk.home("own_approach")) == ("แนวทางที่หนึ่ง", "แนวทางที่สอง", "")
    cells = {(found.sheet, found.cell), (found.values["other_sheet"], found.values["other"])}
    places = [desk.at(spot, CODE) for spot in (URGENT, second)]
    assert cells == {(title, address(row, column)) for title, row, column in places}
    again = [f for f in desk.run().findings if f.code == Code.TEXTS_DIFFER]
    assert again == [found]
    desk.type(second, "แนวทางที่หนึ่ง")
    assert Code.TEXTS_DIFFER not in {f.code for f in desk.run().findings}
    assert desk.text(APPROACH) == desk.home("own_approach") == "แนวทางที่หนึ่ง"


def test_a_text_changed_at_home_and_where_it_is_shown_is_asked_about() -> None:
    desk = Desk()
    desk.type((GUIDANCE, "guidance", "own_approach"), "ที่คลัง")
    desk.run()
    assert desk.text(URGENT) == "ที่คลัง"
    desk.type((GUIDANCE, "guidance", "own_approach"), "ที่คลัง แก้ใหม่")
    desk.type(APPROACH, "ที่ประเด็น")
    (found,) = [f for f in desk.run().findings if f.code == Code.TEXTS_DIFFER]
    assert found.values["other_sheet"] == GUIDANCE.title
    assert (desk.home("own_approach"), desk.text(APPROACH)) == ("ที่คลัง แก้ใหม่", "ที่ประเด็น")


def test_a_later_edit_of_a_shown_text_replaces_an_earlier_one_at_home() -> None:
    desk = Desk()
    for text, spot in (("ครั้งแรก", URGENT), ("ครั้งที่สอง", APPROACH), ("ครั้งที่สาม", URGENT)):
        desk.type(spot, text)
        found = desk.run().findings
        assert Code.TEXTS_DIFFER not in {f.code for f in found}
        assert desk.home("own_approach") == desk.text(URGENT) == desk.text(APPROACH) == text


def test_a_text_cleared_at_home_is_ours_again_everywhere() -> None:
    desk = Desk()
    before = {spot: desk.text(spot) for spot in (URGENT, APPROACH, ACTION)}
    desk.type(APPROACH, "ของหน่วยงาน")
    desk.run()
    desk.type((GUIDANCE, "guidance", "own_approach"), "")
    desk.run()
    assert {spot: desk.text(spot) for spot in before} == before


def test_a_run_that_follows_an_edit_changes_that_text_and_nothing_else() -> None:
    desk = Desk()
    before = desk.everything()
    desk.type(DONE, "ติดตั้งตู้รับความคิดเห็นแล้ว")
    desk.run()
    after = desk.everything()
    for title, cells in after.items():
        was = before[title]
        assert isinstance(cells, dict) and isinstance(was, dict)
        changed = {at for at in {*cells, *was} if cells.get(at) != was.get(at)}
        texts = {str(cells.get(at)) for at in changed}
        if title in (ISSUES.title, GUIDANCE.title):
            assert texts == {"ติดตั้งตู้รับความคิดเห็นแล้ว"}
        else:
            assert not changed or title.startswith("_") or "รายการ" in title or title == "เริ่มต้น", (title, texts)


def test_questions_that_share_a_text_show_it_everywhere_and_have_their_steps_once() -> None:
    desk = Desk()
    other = "E15"
    desk.type((GUIDANCE, "guidance", "same_as"), CODE, other)
    found = desk.run()
    assert desk.text(APPROACH, other) == desk.text(APPROACH)
    assert desk.text(ACTION, other) == desk.text(ACTION)
    assert desk.text((MEASURES, "measures", "codes"), step(1)) == f"{CODE}, {other}"
    with pytest.raises(StopIteration):
        desk.at(METHOD, step(1).replace(CODE, other))
    assert not [f for f in found.findings if f.code in (Code.ISSUE_WITHOUT_MEASURE, Code.MEASURE_WITHOUT_ISSUE)]
    desk.type(APPROACH, "แนวทางร่วมของทั้งสองข้อ", other)
    desk.run()
    assert {desk.text(spot, code) for spot in (APPROACH, URGENT) for code in (CODE, other)} == {
        "แนวทางร่วมของทั้งสองข้อ"
    }
    assert desk.home("own_approach") == "แนวทางร่วมของทั้งสองข้อ"


def test_a_question_that_shares_with_what_is_not_there_keeps_its_own_texts() -> None:
    desk = Desk()
    before = desk.text(APPROACH)
    desk.type((GUIDANCE, "guidance", "same_as"), "E99")
    assert Code.SHARES_WITH_UNKNOWN in {f.code for f in desk.run().findings}
    assert desk.text(APPROACH) == before


def test_questions_that_share_with_each_other_in_a_ring_are_no_endless_matter() -> None:
    desk = Desk()
    desk.type((GUIDANCE, "guidance", "same_as"), "E15")
    desk.type((GUIDANCE, "guidance", "same_as"), CODE, "E15")
    desk.run()
    assert desk.text(APPROACH)
