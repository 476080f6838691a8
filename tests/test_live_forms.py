"""The ribbon's buttons for the forms of offices, on a stand-in for Excel."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from ita_xl import live_jobs
from ita_xl.domain.codes import Code
from ita_xl.layout import ANSWERS, FOLLOW, FORM_MARKS, TRACKING
from tests.fake_excel import Excel, model
from tests.forms_at_hand import FINANCE, HEALTH, SIX, WORKS, doing, done, fill, parent
from tests.live_desk import Opened, a_desk, a_home, codes  # noqa: F401

pytestmark = pytest.mark.usefixtures("home")

JOURNAL = ANSWERS.block("answers")
STEP = "2.1 (1)"
"""Of the office for works."""


@pytest.fixture
def opened(desk: Excel, tmp_path: Path) -> Opened:
    """The workbook of the six offices, open in Excel."""
    kept = tmp_path / "ต้นฉบับ"
    kept.mkdir()
    parent(kept).rename(kept / "reference-2565.xlsx")
    (tmp_path / "งาน").mkdir()
    return Opened(kept, tmp_path / "งาน", desk.start())


@pytest.fixture
def forms(opened: Opened) -> dict[str, Path]:
    """The forms that the button made, by office."""
    live_jobs.hand_out()
    found = {path.stem.split(" ")[1]: path for path in opened.path.parent.rglob("แบบรายงาน*.xlsx")}
    assert {*found} == {*SIX}
    return found


def journal(opened: Opened) -> list[tuple[str, str]]:
    """What was done, and what it counts for."""
    page, rows = opened.pages[ANSWERS.title], range(JOURNAL.first_row, JOURNAL.first_row + 9)
    lines = [[page.cell(row, JOURNAL.column_number(key)).value for key in ("done", "state")] for row in rows]
    return [(str(said), str(state)) for said, state in lines if said]


def front(opened: Opened) -> list[str]:
    """Put away the tables that were shown, as a clerk does; gives their names."""
    names = [book.name for book in opened.book.app.books][1:]
    del model(opened.book.app).opened[1:]
    return names


def without_marks(held: Workbook) -> None:
    del held[FORM_MARKS]


def test_forms_are_made_beside_the_workbook_which_is_left_alone(desk: Excel, opened: Opened) -> None:
    before, settings = opened.path.read_bytes(), dict(model(opened.book.app).settings)
    said = live_jobs.hand_out()
    assert "6 แบบ" in said.text() and desk.alerts == [said.text()]
    assert len([*opened.path.parent.glob("แบบรายงานหน่วยงาน 2566/ไตรมาสที่ */*.xlsx")]) == 6
    assert opened.path.read_bytes() == before and not opened.copies()
    assert model(opened.book.app).settings == settings
    assert not codes(live_jobs.hand_out()), "a second click makes the same"


def test_a_second_click_never_replaces_a_form_that_an_office_filled_in(
    forms: dict[str, Path], opened: Opened
) -> None:
    filled = fill(forms[WORKS], {STEP: done()}).read_bytes()
    assert codes(live_jobs.hand_out()) == [Code.DOCUMENT_EDITED]
    assert forms[WORKS].read_bytes() == filled


def test_a_yes_takes_the_answers_into_the_open_workbook(
    desk: Excel, forms: dict[str, Path], opened: Opened
) -> None:
    saved = opened.path.read_bytes()
    fill(forms[WORKS], {STEP: done("ซ่อมแล้ว")})
    fill(forms[FINANCE], {"1.1 (1)": doing("เริ่มแล้ว", percent=150)})
    said = live_jobs.collect()
    assert {*journal(opened)} == {("ซ่อมแล้ว", "ใช้อยู่"), ("เริ่มแล้ว", "ใช้อยู่")}
    assert "คำตอบใหม่ 2 รายการ" in desk.alerts[-2] and Code.PERCENT_UNUSABLE in codes(said)
    assert opened.path.read_bytes() == saved and [copy.read_bytes() for copy in opened.copies()] == [saved]
    assert opened.pages[ANSWERS.title].sheet_state == opened.pages[FOLLOW.title].sheet_state == "visible"
    assert any("ซ่อมแล้ว" in str(cell.value) for row in opened.pages[TRACKING.title].iter_rows() for cell in row)
    front(opened)
    again = live_jobs.collect()
    assert "ไม่มีคำตอบใหม่" in again.text() and len(opened.copies()) == 1


def test_a_newer_and_a_contradicting_answer_over_excel(forms: dict[str, Path], opened: Opened) -> None:
    fill(forms[WORKS], {STEP: doing("ครั้งแรก")})
    live_jobs.collect()
    front(opened)
    other = forms[WORKS].with_name("ของอีกคน.xlsx")
    other.write_bytes(forms[WORKS].read_bytes())
    fill(other, {STEP: doing("ของอีกคน")})
    fill(forms[WORKS], {STEP: done("ครั้งที่สอง")}, counter=2)
    assert Code.ANSWERS_DIFFER in codes(live_jobs.collect())
    assert {*journal(opened)} == {
        ("ครั้งแรก", "มีฉบับใหม่แทน"),
        ("ของอีกคน", "รอเลือก"),
        ("ครั้งที่สอง", "ใช้อยู่"),
    }


def test_each_table_that_is_shown_is_the_one_of_the_question(
    forms: dict[str, Path], opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["-c", f"--wb={opened.path.name}", "--hwnd=1001"])
    for number in (1, 2):
        fill(forms[WORKS], {STEP: doing(f"ครั้งที่ {number}")}, counter=number)
        live_jobs.collect()
    assert len({*front(opened)}) == 2, "Excel opens no second workbook of one name"


def test_a_no_leaves_the_workbook_alone(desk: Excel, forms: dict[str, Path], opened: Opened) -> None:
    fill(forms[WORKS], {STEP: done()})
    desk.answer = "no"
    said = live_jobs.collect()
    assert "ไม่เปลี่ยนแปลง" in said.text()
    assert not journal(opened) and not opened.copies()


def test_a_form_without_its_marks_is_asked_about_first(desk: Excel, forms: dict[str, Path], opened: Opened) -> None:
    fill(forms[WORKS], {STEP: done("ไม่มีข้อมูลกำกับ")}, change=without_marks)
    desk.answer = "no"
    said = live_jobs.collect()
    assert codes(said) == [Code.FORM_UNMARKED] and "ไม่มีคำตอบใหม่" in said.text()
    assert forms[WORKS].name in desk.alerts[-2] and not journal(opened)
    front(opened)
    desk.answer = "yes"
    live_jobs.collect()
    assert journal(opened) == [("ไม่มีข้อมูลกำกับ", "ใช้อยู่")]


def test_without_forms_it_is_said_where_they_are_looked_for(opened: Opened) -> None:
    assert codes(live_jobs.collect()) in ([Code.NO_FORM], [Code.FILE_MISSING])


def test_a_damaged_form_costs_only_itself(forms: dict[str, Path], opened: Opened) -> None:
    forms[HEALTH].write_bytes(forms[HEALTH].read_bytes()[:3000])
    fill(forms[WORKS], {STEP: done("ซ่อมแล้ว")})
    assert Code.FILE_DAMAGED in codes(live_jobs.collect())
    assert journal(opened) == [("ซ่อมแล้ว", "ใช้อยู่")]
