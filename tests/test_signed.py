"""What was signed is kept in the workbook, and whatever differs from it later is named."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from ita_xl import carry, jobs
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.moves import Shift
from ita_xl.engines.package.engine import Package
from ita_xl.layout import HOME, ISSUES, MEASURES, MEMORY, SCORES, SIGNED, SUMMARY
from ita_xl.report import making, official
from ita_xl.report.changes import changes
from ita_xl.report.description import Paragraph, Table, plain
from ita_xl.report.source import source_of
from tests.conftest import Ita
from tests.worked_in import ran

OLDER = Path(__file__).parent / "older"
DAY = "1 ตุลาคม 2565"
CHANGED = {
    Code.SIGNED_FIGURE_DIFFERS,
    Code.SIGNED_TEXT_DIFFERS,
    Code.SIGNED_ROW_ADDED,
    Code.SIGNED_ROW_GONE,
    Code.SIGNED_COPY_CHANGED,
}


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """A workbook that was run and signed."""
    path = tmp_path / "อบจ.xlsx"
    path.write_bytes(ran())
    jobs.sign(path, "1/10/2565", "นายสมชาย ใจดี")
    return path


def edited(path: Path, edit: Callable[[Workbook], None]) -> Path:
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return path


def told(path: Path) -> list[Finding]:
    return [finding for finding in jobs.check(path).findings if finding.code in CHANGED]


def cell_with(book: Workbook, title: str, text: str) -> str:
    """The first cell of a sheet whose text begins so."""
    return next(
        cell.coordinate
        for row in book[title].iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith(text)
    )


def ours(book: Workbook) -> list[int]:
    """The rows of the measures that have a key."""
    sheet, block = book[MEASURES.title], MEASURES.block("measures")
    key = block.column_number("key")
    return [row for row in range(block.first_row, sheet.max_row + 1) if sheet.cell(row, key).value]


def counted(path: Path) -> str:
    """What the very hidden sheet says of the differences."""
    return str(openpyxl.load_workbook(path)[MEMORY.title][MEMORY.field("differing").cell].value or "")


# ---- signing ----


def test_signing_keeps_who_and_when_and_says_that_nothing_differs(signed: Path) -> None:
    findings = jobs.check(signed).findings
    ours = next(finding for finding in findings if finding.code == Code.SIGNED)
    assert ours.values == {"day": DAY, "person": "นายสมชาย ใจดี"}
    assert not told(signed)
    book = openpyxl.load_workbook(signed)
    assert book[HOME.title][HOME.field("signed_on").cell].value == DAY
    assert book[SIGNED.title].sheet_state == "hidden"


def test_a_run_after_signing_changes_no_byte(signed: Path) -> None:
    before = signed.read_bytes()
    jobs.run(signed)
    assert signed.read_bytes() == before


def test_the_old_workbook_is_kept_as_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(ran())
    jobs.sign(path, DAY, "ก")
    assert (tmp_path / "x.backup-001.xlsx").read_bytes() == ran()


def test_day_and_person_come_from_the_first_sheet_where_they_stand(tmp_path: Path, ita: Ita) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(ran())
    assert ita("sign", str(path)).code == 3

    def fill(book: Workbook) -> None:
        sheet = book[HOME.title]
        sheet[HOME.field("signed_on").cell] = "๑ ต.ค. ๖๕"
        sheet[HOME.field("chief_name").cell] = "นางสาวสมหญิง ใจดี"

    edited(path, fill)
    assert ita("sign", str(path)).code == 0
    found = next(f for f in jobs.check(path).findings if f.code == Code.SIGNED)
    assert found.values == {"day": DAY, "person": "นางสาวสมหญิง ใจดี"}


@pytest.mark.parametrize("day", ["พรุ่งนี้", "31 กุมภาพันธ์ 2565", "2565"])
def test_what_is_no_day_is_refused_and_nothing_is_written(tmp_path: Path, day: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(ran())
    with pytest.raises(Unusable) as refused:
        jobs.sign(path, day, "ก")
    assert [finding.code for finding in refused.value.findings] == [Code.DAY_UNUSABLE]
    assert path.read_bytes() == ran() and len(list(tmp_path.iterdir())) == 1


def test_a_workbook_with_errors_cannot_be_signed(tmp_path: Path, samples: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes((samples / "mistakes-2565.xlsx").read_bytes())
    before = path.read_bytes()
    with pytest.raises(Unusable) as refused:
        jobs.sign(path, DAY, "ก")
    first, *errors = refused.value.findings
    assert first.code == Code.NOT_READY_TO_SIGN
    assert errors and all(finding.code.startswith("E") for finding in errors)
    assert path.read_bytes() == before


def test_what_is_signed_is_not_signed_again(signed: Path) -> None:
    before = signed.read_bytes()
    with pytest.raises(Unusable) as refused:
        jobs.sign(signed, DAY, "ข")
    assert refused.value.findings[0].code == Code.SIGNED_ALREADY
    assert signed.read_bytes() == before


def test_a_workbook_of_an_earlier_version_can_be_signed(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes((OLDER / "half-filled-0.1.0.xlsx").read_bytes())
    jobs.sign(path, DAY, "ก")
    assert not told(path)
    assert any(finding.code == Code.SIGNED for finding in jobs.check(path).findings)


# ---- what differs ----


def test_a_changed_score_is_named_with_what_was_signed_and_what_stands_now(signed: Path) -> None:
    scores = SCORES["EIT"].title

    def score(book: Workbook) -> None:
        book[scores]["G7"] = 90.5

    findings = told(edited(signed, score))
    figure = next(f for f in findings if (f.sheet, f.cell) == (scores, "G7"))
    assert figure.code == Code.SIGNED_FIGURE_DIFFERS
    assert (figure.values["signed"], figure.values["now"]) == ("96.81", "90.50")
    assert "E2" in str(figure.values["part"])


def test_a_changed_text_is_named_once_though_several_sheets_show_it(signed: Path) -> None:
    def text(book: Workbook) -> None:
        cell = cell_with(book, ISSUES.title, "การแสดงขั้นตอน")
        book[ISSUES.title][cell] = "เจ้าหน้าที่ไม่พอ"

    findings = told(edited(signed, text))
    ours = [finding for finding in findings if finding.values["now"] == "เจ้าหน้าที่ไม่พอ"]
    assert [finding.code for finding in ours] == [Code.SIGNED_TEXT_DIFFERS]
    assert ours[0].sheet == ISSUES.title
    assert str(ours[0].values["signed"]).startswith("การแสดงขั้นตอน")


def test_a_deleted_step_and_an_added_one_are_named(signed: Path) -> None:
    def steps(book: Workbook) -> None:
        sheet, rows = book[MEASURES.title], ours(book)
        for cell in sheet[rows[-1]]:
            cell.value = None
        sheet.cell(rows[-1] + 1, MEASURES.block("measures").column_number("method")).value = "อบรมเจ้าหน้าที่ทุกคน"

    found = [finding for finding in told(edited(signed, steps)) if finding.sheet == MEASURES.title]
    assert [finding.code for finding in found] == [Code.SIGNED_ROW_ADDED, Code.SIGNED_ROW_GONE]
    assert "อบรมเจ้าหน้าที่ทุกคน" in str(found[0].values["part"])


def test_the_first_sheet_counts_what_differs_after_a_run(signed: Path) -> None:
    assert counted(signed) == ""

    def chief(book: Workbook) -> None:
        book[HOME.title][HOME.field("chief_name").cell] = "นายอื่น"

    edited(signed, chief)
    outcome = jobs.run(signed)
    assert counted(signed) == "ข้อความ 1 แห่ง"
    assert [finding.cell for finding in outcome.findings if finding.code in CHANGED] == ["B15"]


def test_moving_rows_is_no_difference(signed: Path) -> None:
    port = Package.open(signed)
    for title in (SUMMARY.title, MEASURES.title, SIGNED.title):
        port.change_rows(Shift(title, inserted={3: 2}))
    signed.write_bytes(port.to_bytes())
    assert not told(signed)


def test_a_copy_that_somebody_changed_proves_nothing(signed: Path) -> None:
    def tamper(book: Workbook) -> None:
        sheet = book[SIGNED.title]
        block = SIGNED.block("signed")
        row = next(r for r in range(block.first_row, sheet.max_row) if sheet.cell(r, 3).value == "96.99")
        sheet.cell(row, 3).value = "99.99"

    codes = {finding.code for finding in told(edited(signed, tamper))}
    assert codes == {Code.SIGNED_COPY_CHANGED, Code.SIGNED_FIGURE_DIFFERS}


def test_many_differences_are_listed_up_to_a_number_and_counted_beyond(signed: Path) -> None:
    def all_texts(book: Workbook) -> None:
        for row in ours(book):
            for cell in book[MEASURES.title][row][3:6]:
                if isinstance(cell.value, str):
                    cell.value += " แก้ไข"

    edited(signed, all_texts)
    outcome = jobs.check(signed)
    assert len([f for f in outcome.findings if f.code in CHANGED]) == 30
    more = next(f for f in outcome.findings if f.code == Code.SIGNED_MORE_DIFFERS)
    listed = next(b for b in changes(source_of(Package.open(signed))).sections[0].blocks if isinstance(b, Table))
    assert more.values["items"] == len(listed.rows) - 30


# ---- taking it back ----


def test_taking_a_signature_back_needs_a_reason_and_leaves_it_in_the_workbook(signed: Path, ita: Ita) -> None:
    assert ita("unsign", str(signed)).code == 2
    assert ita("unsign", str(signed), "--reason", " ").code == 2
    assert ita("unsign", str(signed), "--reason", "แก้คำผิด").code == 0
    sheet = openpyxl.load_workbook(signed)[SIGNED.title]
    first = SIGNED.block("history").first_row
    acts = [[sheet.cell(row, at).value for at in (1, 4)] for row in (first, first + 1)]
    assert acts == [["ลงนาม", None], ["ยกเลิกการลงนาม", "แก้คำผิด"]]
    codes = {finding.code for finding in jobs.check(signed).findings}
    assert Code.SIGNED not in codes and not codes & CHANGED


def test_what_was_taken_back_can_be_signed_anew_and_the_list_keeps_growing(signed: Path) -> None:
    for number in range(5):
        jobs.unsign(signed, dt.date(2022, 10, 2), f"ครั้งที่ {number}")
        jobs.sign(signed, DAY, f"ผู้ลงนาม {number}")
    assert not told(signed)
    sheet = openpyxl.load_workbook(signed)[SIGNED.title]
    people = [str(cell.value) for cell in sheet["C"] if cell.value and "ผู้ลงนาม " in str(cell.value)]
    assert people == [f"ผู้ลงนาม {number}" for number in range(5)]


def test_a_signature_that_is_not_there_cannot_be_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(ran())
    with pytest.raises(Unusable) as refused:
        jobs.unsign(path, dt.date(2022, 10, 2), "ก")
    assert refused.value.findings[0].code == Code.NOT_SIGNED


# ---- documents ----


def test_a_document_of_a_changed_workbook_says_so_and_lists_what(signed: Path) -> None:
    as_signed = official.analysis(source_of(Package.open(signed)))
    assert "ลงนาม" not in as_signed.footer

    def chief(book: Workbook) -> None:
        book[HOME.title][HOME.field("chief_name").cell] = "นายอื่น"

    edited(signed, chief)
    document = official.analysis(source_of(Package.open(signed)))
    assert DAY in document.footer
    assert len(document.sections) == len(as_signed.sections) + 1
    listed = next(block for block in document.sections[-1].blocks if isinstance(block, Table))
    assert [plain(cell.text) for cell in listed.rows[0].cells[1:]] == ["(ไม่มี)", "นายอื่น"]


def test_the_paper_of_changes_says_when_nothing_has_changed(signed: Path) -> None:
    document = changes(source_of(Package.open(signed)))
    words = next(block for block in document.sections[0].blocks if isinstance(block, Paragraph))
    assert "ตรงกับฉบับที่ลงนามทุกรายการ" in plain(words.text)
    made, _ = making.make(signed, None, making.Wishes(("changes",)))
    assert [path.suffix for path in made] == [".docx", ".pdf"]


def test_there_is_no_paper_of_changes_before_signing(tmp_path: Path, ita: Ita) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(ran())
    said = ita("report", str(path), "--kind", "changes", "--json")
    assert [finding["code"] for finding in json.loads(said.out)["findings"]] == ["E179"]
    assert len(list(tmp_path.iterdir())) == 1


# ---- the next year ----


def test_next_years_workbook_knows_what_was_signed(signed: Path) -> None:
    carried = carry.carry(carry.open_last_year(signed), profiles.profile(2566))
    assert [f.code for f in carried.findings if "424" in f.code] == [Code.LAST_YEAR_SIGNED]
    name, content, _ = jobs.next_year(Package.open(signed), signed.name)
    sheet = openpyxl.load_workbook(io.BytesIO(content))[SIGNED.title]
    first = SIGNED.block("history").first_row
    assert [sheet.cell(first, at).value for at in (1, 2, 3)] == ["ลงนามในแฟ้มปี 2565", DAY, "นายสมชาย ใจดี"]
    assert not any(f.code in CHANGED | {Code.SIGNED} for f in jobs.check(_saved(signed, name, content)).findings)


def test_next_years_workbook_knows_that_it_was_changed_after_signing(signed: Path) -> None:
    def chief(book: Workbook) -> None:
        book[HOME.title][HOME.field("chief_name").cell] = "นายอื่น"

    carried = carry.carry(carry.open_last_year(edited(signed, chief)), profiles.profile(2566))
    found = next(f for f in carried.findings if "424" in f.code)
    assert (found.code, found.values["what"]) == (Code.CHANGED_SINCE_SIGNED, "ข้อความ 1 แห่ง")


def _saved(beside: Path, name: str, content: bytes) -> Path:
    path = beside.parent / name
    path.write_bytes(content)
    return path
