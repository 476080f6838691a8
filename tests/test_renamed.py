"""A sheet is ours by its names or its headings, whatever it is called."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from ita_xl import carry, jobs, pipeline
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.engines.package.engine import Package
from ita_xl.layout import (
    COMMENTS,
    FINDINGS,
    HOME,
    ISSUES,
    MEASURES,
    MEMORY,
    SCORES,
    SHEETS,
    STATED,
    SUMMARY,
    Sheet,
)
from ita_xl.layout.index import FIRST
from ita_xl.publishing.workbook import published
from ita_xl.reading.places import standing_sheet
from ita_xl.reading.titles import find_sheets
from tests.renaming import copied, deleted, renamed, without_names
from tests.worked_in import ENGINES, Held, ran, run

IIT = SCORES["IIT"]
OTHERWISE = {sheet.title: f"{number} ของ ‘เรา’ & เอง" for number, sheet in enumerate(SHEETS) if sheet is not MEMORY}
TYPED = "ข้อความของหน่วยงานที่พิมพ์ไว้"


def edited(content: bytes, sheet: Sheet = MEASURES, column: str = "method") -> bytes:
    """With a text that a person typed into a table."""
    port = Package(content, "x.xlsx")
    block = standing_sheet(port, sheet, sheet.title).blocks[0]
    port.write(sheet.title, block.first_row + 2, block.column_number(column), [[TYPED]])  # type: ignore[arg-type]
    return port.to_bytes()


def texts(port: Held, title: str) -> list[object]:
    return [value for value in port.read(title).cells.values() if value == TYPED]


@pytest.mark.parametrize("engine", ENGINES)
def test_renamed_sheets_are_read_and_written_under_their_titles(engine: str) -> None:
    usual = pipeline.check(Package(edited(ran()), "x.xlsx"))
    called = {t: OTHERWISE[t] for t in (HOME.title, IIT.title, MEASURES.title, ISSUES.title, "ตรวจทานการคำนวณ")}
    made, outcome = run(renamed(edited(ran()), called), engine)
    port = Package(made, "x.xlsx")
    assert port.sheets() == [called.get(sheet.title, sheet.title) for sheet in SHEETS], "none is added"
    assert outcome.as_json()["total"] == usual.as_json()["total"]
    assert texts(port, called[MEASURES.title]) == [TYPED]
    assert not {Code.SHEET_RENAMED, Code.SHEET_FOLLOWED, Code.SHEET_RESTORED} & {f.code for f in outcome.findings}
    assert {f.sheet for f in outcome.findings} <= {"", *port.sheets()}


def test_a_workbook_in_which_every_sheet_is_renamed_runs_and_a_further_run_changes_not_a_byte() -> None:
    made, outcome = run(renamed(ran(), OTHERWISE))
    assert outcome.as_json()["total"] == pipeline.analyse(Package(ran(), "x.xlsx")).as_json()["total"]
    assert run(made)[0] == made
    assert len(Package(made, "x.xlsx").sheets()) == len(SHEETS)


# ---- without names ----


@pytest.mark.parametrize("engine", ENGINES)
def test_without_names_renamed_sheets_are_known_by_their_headings_and_named(engine: str) -> None:
    content = renamed(without_names(edited(ran())), OTHERWISE)
    titles, findings = find_sheets(ENGINES[engine](content))
    assert titles == {sheet.key: OTHERWISE.get(sheet.title, sheet.title) for sheet in SHEETS}
    assert {(f.code, f.sheet, f.values["found"]) for f in findings} == {
        (Code.SHEET_FOLLOWED, old, new) for old, new in OTHERWISE.items()
    }


def test_a_sheet_that_was_followed_by_its_headings_is_followed_by_its_name_from_then_on() -> None:
    made, outcome = run(renamed(without_names(edited(ran())), {MEASURES.title: "แผนของเรา"}))
    assert [f.sheet for f in outcome.findings if f.code == Code.SHEET_FOLLOWED] == [MEASURES.title]
    assert "มาตรการปีถัดไป" not in Package(made, "x.xlsx").sheets()
    assert texts(Package(made, "x.xlsx"), "แผนของเรา") == [TYPED]
    again, outcome = run(made)
    assert not [f for f in outcome.findings if f.code == Code.SHEET_FOLLOWED]
    assert run(again)[0] == again


def test_a_similar_title_over_other_headings_is_nobody_of_ours() -> None:
    port = Package(renamed(without_names(ran()), {COMMENTS.title: "ข้อเสนอแนะ ป.ป.ช. ปี 64"}), "x.xlsx")
    port.write("ข้อเสนอแนะ ป.ป.ช. ปี 64", 1, 1, [["บันทึกของกองคลัง"]])
    port.write("ข้อเสนอแนะ ป.ป.ช. ปี 64", 5, 1, [["วันที่", "เรื่อง"]])
    titles, findings = find_sheets(Package(port.to_bytes(), "x.xlsx"))
    assert COMMENTS.key not in titles
    assert [(f.code, f.sheet) for f in findings] == [(Code.SHEET_MISSING, COMMENTS.title)]


def test_the_analysis_of_another_instrument_is_not_taken_for_a_deleted_one() -> None:
    content = copied(without_names(ran()), SCORES["EIT"], "สำรอง", named=False)
    titles, findings = find_sheets(Package(deleted(content, IIT), "x.xlsx"))
    assert IIT.key not in titles
    assert [(f.code, f.sheet) for f in findings] == [(Code.SHEET_MISSING, IIT.title)]


# ---- copies ----


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("title", [IIT.title, "คะแนนของเรา"])
def test_a_copy_that_a_person_made_is_not_taken_for_ours(engine: str, title: str) -> None:
    content = renamed(copied(ran(), IIT, "คะแนน IIT (2)"), {IIT.title: title})
    assert find_sheets(ENGINES[engine](content))[0][IIT.key] == title


def test_a_copy_of_an_output_sheet_stays_as_it_is() -> None:
    content = renamed(copied(edited(ran()), MEASURES, "มาตรการปีถัดไป (2)"), {MEASURES.title: "แผน 2566"})
    before = Package(content, "x.xlsx").read("มาตรการปีถัดไป (2)").cells
    port = Package(run(content)[0], "x.xlsx")
    assert port.read("มาตรการปีถัดไป (2)").cells == before
    assert texts(port, "แผน 2566") == [TYPED]
    assert MEASURES.title not in port.sheets()


def test_a_copy_is_ours_once_the_sheet_that_it_was_made_of_is_deleted() -> None:
    content = deleted(copied(edited(ran()), MEASURES, "แผนฉบับใหม่"), MEASURES)
    made, outcome = run(content)
    port = Package(made, "x.xlsx")
    assert (outcome.inputs.titles[MEASURES.key], MEASURES.title in port.sheets()) == ("แผนฉบับใหม่", False)
    assert texts(port, "แผนฉบับใหม่") == [TYPED]


def test_where_nothing_tells_which_of_two_sheets_is_ours_both_are_named_and_no_third_is_added() -> None:
    content = copied(without_names(edited(ran())), MEASURES, "แผน ข", named=False)
    made, outcome = run(renamed(content, {MEASURES.title: "แผน ก"}))
    (finding,) = [f for f in outcome.findings if f.code == Code.SHEET_RENAMED]
    assert (finding.sheet, finding.values["found"]) == (MEASURES.title, "แผน ก”, “แผน ข")
    port = Package(made, "x.xlsx")
    assert MEASURES.title not in port.sheets()
    before = Package(content, "x.xlsx").read("แผน ข").cells
    assert port.read("แผน ก").cells == port.read("แผน ข").cells == before


def test_a_sheet_of_a_persons_own_under_our_old_title_is_left_alone() -> None:
    content = renamed(edited(ran()), {MEASURES.title: "แผนของเรา"})
    work = copied(content, FINDINGS, MEASURES.title, named=False)
    own = Package(work, "x.xlsx").read(MEASURES.title).cells
    made, outcome = run(work)
    assert outcome.inputs.titles[MEASURES.key] == "แผนของเรา"
    assert Package(made, "x.xlsx").read(MEASURES.title).cells == own


# ---- links ----


def leads(content: bytes, title: str, cell: str) -> str:
    return Package(content, "x.xlsx").links(title)[cell]


@pytest.mark.parametrize("engine", ENGINES)
def test_links_lead_to_renamed_sheets_again(engine: str) -> None:
    called = {HOME.title: "เริ่มที่นี่", IIT.title: "IIT ของเรา"}
    made, _ = run(renamed(ran(), called), engine)
    (cell,) = [cell for cell, sheet in FIRST.items() if sheet is IIT]
    assert leads(made, "เริ่มที่นี่", cell) == "IIT ของเรา"
    assert leads(made, ISSUES.title, ISSUES.field("back").cell) == "เริ่มที่นี่"
    assert leads(made, STATED.title, STATED.field("back").cell) == "เริ่มที่นี่"
    again, _ = run(renamed(made, {"IIT ของเรา": "IIT ใหม่", "เริ่มที่นี่": "หน้า 1"}), engine)
    assert leads(again, "หน้า 1", cell) == "IIT ใหม่"
    assert leads(again, ISSUES.title, ISSUES.field("back").cell) == "หน้า 1"


def test_a_persons_link_that_leads_elsewhere_stays() -> None:
    made, _ = run(renamed(ran(), {IIT.title: "IIT ใหม่"}))
    other = {at: to for at, to in Package(made, "x.xlsx").links(HOME.title).items() if to != "IIT ใหม่"}
    assert other == {at: to for at, to in Package(ran(), "").links(HOME.title).items() if to != IIT.title}


def test_findings_lead_to_the_cells_of_a_renamed_sheet() -> None:
    made, outcome = run(renamed((Path("samples") / "mistakes-2565.xlsx").read_bytes(), {IIT.title: "IIT ใหม่"}))
    assert IIT.title not in {f.sheet for f in outcome.findings}
    page = openpyxl.load_workbook(io.BytesIO(made))[FINDINGS.title]
    formulas = [str(cell.value) for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert [f for f in formulas if "#'IIT ใหม่'!" in f]
    assert not [f for f in formulas if f"#'{IIT.title}'!" in f]


# ---- what else reads a workbook ----


def test_the_published_copy_has_renamed_sheets_under_their_titles() -> None:
    content = renamed(ran(), {SUMMARY.title: "ผลของเรา", HOME.title: "เริ่มที่นี่"})
    usual, called = (Package(published(each, "x.xlsx")[0], "x.xlsx") for each in (ran(), content))
    assert called.sheets() == [{SUMMARY.title: "ผลของเรา"}.get(title, title) for title in usual.sheets()]
    assert called.read("ผลของเรา").cells == usual.read(SUMMARY.title).cells


def test_next_years_workbook_takes_over_from_renamed_sheets() -> None:
    usual, called = (
        carry.carry(carry.last_year(Package(each, "x.xlsx"), "x.xlsx"), profiles.profile(2566))
        for each in (edited(ran()), renamed(edited(ran()), OTHERWISE))
    )
    assert (called.kept, called.entries) == (usual.kept, usual.entries)


def test_mail_and_batch_take_a_workbook_with_renamed_sheets() -> None:
    port = Package(ran(), "x.xlsx")
    port.write(HOME.title, *HOME.field("mail_to").at, [["a@example.go.th"]])
    content = renamed(port.to_bytes(), OTHERWISE)
    assert b"a@example.go.th" in jobs.draft_mail(content, "x.xlsx")[1]
    outcome, made = jobs.convert(content, "x.xlsx", seal=True)
    assert outcome.inputs.about["mail_to"] == "a@example.go.th"
    jobs.refuse_replacing(made, "x.xlsx")


def test_a_deleted_sheet_comes_back_and_speaks_of_the_renamed_first_one() -> None:
    made, outcome = run(renamed(deleted(ran(), MEASURES), {HOME.title: "เริ่มที่นี่"}))
    assert Code.SHEET_RESTORED in {f.code for f in outcome.findings}
    assert leads(made, MEASURES.title, MEASURES.field("back").cell) == "เริ่มที่นี่"
    page = openpyxl.load_workbook(io.BytesIO(made))[MEASURES.title]
    offers = [str(one.formula1) for one in page.data_validations.dataValidation]
    assert "'เริ่มที่นี่'!$A$25:$A$34" in offers
