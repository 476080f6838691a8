"""What the ribbon's buttons and `ita-xl attach` do with the workbook that is open; on a stand-in for Excel."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from click.testing import CliRunner, Result

from ita_xl import cli, jobs, live_jobs
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.engines.live import box
from ita_xl.layout import FINDINGS, HOME, SCORES, STATED, SUMMARY
from tests import fake_excel
from tests.excel_cells import REFUSED, ComError
from tests.fake_excel import Excel, model
from tests.live_desk import NAME, Opened, a_desk, a_home, an_opened, codes, failing, foreign, two  # noqa: F401
from tests.test_live_failures import refusing

pytestmark = pytest.mark.usefixtures("home")


# ---- the jobs ----


def test_compute_writes_the_open_workbook_and_keeps_a_copy_of_the_saved_one(desk: Excel, opened: Opened) -> None:
    saved, before = opened.path.read_bytes(), dict(model(opened.book.app).settings)
    opened.pages[HOME.title][HOME.field("agency").cell] = "ชื่อที่ยังไม่บันทึก"
    said = live_jobs.compute()
    assert opened.total() == 96.99
    assert opened.path.read_bytes() == saved
    assert [copy.read_bytes() for copy in opened.copies()] == [saved]
    assert opened.copies()[0].name in said.text()
    assert "ชื่อที่ยังไม่บันทึก" in said.lines()[0]
    assert model(opened.book.app).settings == before
    assert desk.alerts[-1] == said.text()


def test_before_the_first_run_and_only_then_it_is_said_that_nothing_can_be_undone(
    desk: Excel, opened: Opened
) -> None:
    desk.answer = "no"
    said = live_jobs.compute()
    question, told = desk.alerts
    assert "Ctrl+Z" in question and NAME in question and told == said.text()
    assert opened.total() is None and opened.copies() == []
    desk.answer = "yes"
    live_jobs.compute()
    live_jobs.compute()
    assert opened.total() == 96.99
    assert [text == question for text in desk.alerts[2:]] == [True, False, False]


def test_what_a_script_computes_is_not_asked_about(desk: Excel, opened: Opened) -> None:
    assert live_jobs.attach("compute").outcome
    assert desk.alerts == []


def test_a_run_leaves_the_view_of_a_person_alone(desk: Excel, opened: Opened) -> None:
    page = opened.pages[SCORES["IIT"].title]
    opened.pages.active = page
    view = page.sheet_view
    view.zoomScale, view.topLeftCell, view.selection[0].sqref = 85, "A40", "G41"
    page.auto_filter.ref = "A5:I65"
    page.auto_filter.add_filter_column(3, ["x"])
    before = (view.zoomScale, view.topLeftCell, view.selection[0].sqref, page.auto_filter.ref)
    assert live_jobs.compute().outcome
    assert before == (view.zoomScale, view.topLeftCell, view.selection[0].sqref, page.auto_filter.ref)
    assert opened.pages.active is page
    assert not [call for call in desk.calls if call.endswith((".Activate", ".Select", ".Goto"))]


def test_compute_again_changes_nothing_and_keeps_no_further_copy(opened: Opened) -> None:
    live_jobs.compute()
    assert codes(live_jobs.compute()) == [Code.DRAFT_NOT_CONFIRMED]
    assert len(opened.copies()) == 1


def test_a_compute_that_excel_refuses_keeps_no_copy(opened: Opened) -> None:
    """Nothing was replaced; and a copy of every failing try would push out those that are worth something."""
    desk = opened.impl.excel
    for number in range(2):
        opened.path.write_bytes(opened.path.read_bytes() + bytes([number]))  # saved in between, with other content
        desk.trap = refusing("Range.Value=", 1)
        assert Code.EXCEL_REFUSED in codes(live_jobs.compute())
    assert opened.copies() == []
    desk.trap = None
    live_jobs.compute()
    assert len(opened.copies()) == 1


def test_where_excel_does_not_take_back_what_it_did_the_copy_stays(opened: Opened) -> None:
    calls: list[str] = []

    def trap(what: str, _: int) -> None:
        calls.append(what)
        failing(ComError(REFUSED), calls.count("Range.Value=") > 1)  # and from then on every call

    opened.impl.excel.trap = trap
    said = live_jobs.compute()
    opened.impl.excel.trap = None
    assert codes(said) == [Code.EXCEL_NOT_TAKEN_BACK]
    assert [copy.read_bytes() for copy in opened.copies()] == [opened.path.read_bytes()]


def test_without_an_open_excel_windows_itself_shows_what_is_to_be_said(
    desk: Excel, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes: list[str] = []

    def show(text: str, title: str) -> bool:
        boxes.append(text)
        return True

    monkeypatch.setattr(box, "show", show)
    done = live_jobs.attach("compute", show=True)
    assert codes(done) == [Code.NO_EXCEL] and done.shown
    assert boxes == [done.text()] and "เปิด" in boxes[0]


def test_the_result_is_that_of_a_run_on_the_file(opened: Opened) -> None:
    outcome = jobs.run(opened.path)
    said = live_jobs.compute()
    assert said.outcome and said.outcome.as_json() == outcome.as_json()
    file = openpyxl.load_workbook(opened.path)
    for page in file.worksheets:
        for row in page.iter_rows():
            for cell in row:
                assert opened.pages[page.title][cell.coordinate].value == cell.value


def test_what_a_person_wrote_stays(opened: Opened) -> None:
    live_jobs.compute()
    block = SUMMARY.block("changes")
    cell = opened.pages[SUMMARY.title][block.address("explanation", block.first_row)]
    cell.value = "ข้อความของหน่วยงาน"
    live_jobs.compute()
    assert cell.value == "ข้อความของหน่วยงาน"


def test_validate_says_what_to_mend_and_writes_nothing(desk: Excel, opened: Opened) -> None:
    opened.pages[STATED.title]["E6"] = 150
    said = live_jobs.validate()
    assert Code.NUMBER_OUT_OF_RANGE in codes(said)
    assert f"{STATED.title} E6" in said.text()
    assert opened.total() is None
    assert not [call for call in desk.calls if call.startswith("App.") and call.endswith("=")]


def test_a_long_list_of_findings_is_cut_and_counted(opened: Opened) -> None:
    for row in range(6, 26):
        opened.pages[STATED.title][f"E{row}"] = "ไม่ทราบแน่"
    for sheet in SCORES.values():
        for column in "EFG":
            opened.pages[sheet.title][f"{column}8"] = 150
    text = live_jobs.validate().text()
    assert len(text.splitlines()) < 20
    assert FINDINGS.title in text


def test_many_findings_of_one_kind_in_a_column_are_one_in_a_message(opened: Opened) -> None:
    for row in range(8, 13):
        opened.pages[SCORES["IIT"].title][f"G{row}"] = "ไม่ทราบแน่"
    told = [line for line in live_jobs.validate().text().splitlines() if "ไม่ทราบแน่" in line]
    assert told == [f"{SCORES['IIT'].title} G8:G12: “ไม่ทราบแน่” ไม่ใช่ตัวเลข (รวม 5 รายการในลักษณะเดียวกัน)"]


# ---- which workbook ----


def test_the_button_names_the_workbook_even_with_an_equals_sign(
    desk: Excel, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_excel.book(opened.path.read_bytes(), "อบจ. ปี", "C:\\อบจ. ปี", opened.book.app)
    monkeypatch.setattr("sys.argv", ["-c", f"--wb={NAME}", "--from_xl=1", "--app=C:\\EXCEL.EXE", "--hwnd=1001"])
    assert live_jobs.compute().outcome
    assert opened.total() == 96.99


def test_of_two_excels_with_the_same_file_the_asking_one_is_meant(
    desk: Excel, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (Opened(samples, tmp_path, desk.start()) for _ in range(2))
    monkeypatch.setattr("sys.argv", ["-c", f"--wb={NAME}", "--from_xl=1", "--hwnd=1002"])
    live_jobs.compute()
    assert (one.total(), other.total()) == (None, 96.99)


def test_of_two_excels_the_one_with_an_ita_workbook_is_meant(desk: Excel, opened: Opened) -> None:
    fake_excel.book(foreign(), "อื่น.xlsx", "/อื่น.xlsx", desk.start())
    assert live_jobs.compute().outcome
    assert opened.total() == 96.99


def test_of_two_excels_without_one_the_front_one_is_named(desk: Excel) -> None:
    for name in ("หนึ่ง.xlsx", "สอง.xlsx"):
        fake_excel.book(foreign(), name, f"/{name}", desk.start())
    assert [(f.code, f.values["file"]) for f in live_jobs.compute().findings] == [
        (Code.FRONT_WORKBOOK_FOREIGN, "หนึ่ง.xlsx")
    ]


def test_the_workbook_that_calls_by_xlwings_itself_is_meant(
    desk: Excel, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_excel.book(foreign(), "อื่น.xlsx", "/อื่น.xlsx", opened.book.app)
    assert codes(live_jobs.validate()) == [Code.FRONT_WORKBOOK_FOREIGN]
    monkeypatch.setattr(xw.Book, "_mock_caller", opened.book, raising=False)
    assert live_jobs.validate().outcome


# ---- a workbook in the cloud ----


def test_of_a_workbook_in_the_cloud_a_copy_is_kept_among_the_users_documents(opened: Opened, home: Path) -> None:
    opened.own.FullName = f"https://contoso.sharepoint.com/งาน/{NAME}"
    said = live_jobs.compute()
    kept = list((home / "Documents" / "สำเนาสมุดงาน ITA").iterdir())
    assert opened.total() == 96.99
    assert len(kept) == 1 and str(kept[0]) in said.text()
    assert openpyxl.load_workbook(kept[0])[SUMMARY.title]["C8"].value is None


def test_where_no_copy_can_be_made_in_the_cloud_it_is_said(opened: Opened) -> None:
    opened.own.FullName = f"https://contoso.sharepoint.com/งาน/{NAME}"
    del opened.own.SaveCopyAs
    assert Code.CLOUD_WITHOUT_COPY in codes(live_jobs.compute())


def test_a_file_that_cannot_be_read_is_copied_by_excel(opened: Opened) -> None:
    opened.path.unlink()
    assert live_jobs.compute().outcome
    assert len(opened.copies()) == 1


# ---- files made from the open workbook ----


def test_the_draft_lies_beside_and_carries_the_saved_workbook(opened: Opened) -> None:
    said = live_jobs.draft_mail()
    made = opened.path.with_suffix(".eml")
    assert str(made) in said.text()
    mail = message_from_bytes(made.read_bytes(), policy=policy.default)
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == NAME
    assert attached.get_content() == opened.path.read_bytes()
    assert codes(live_jobs.draft_mail()) == [Code.FILE_EXISTS]


def test_with_unsaved_changes_no_mail_is_drafted(opened: Opened) -> None:
    opened.own.Saved = False
    assert codes(live_jobs.draft_mail()) == [Code.UNSAVED_CHANGES]
    assert not opened.path.with_suffix(".eml").exists()


def test_where_excel_does_not_tell_whether_it_is_saved_the_file_is_taken(opened: Opened) -> None:
    del opened.own.Saved
    live_jobs.draft_mail()
    assert opened.path.with_suffix(".eml").exists()


def test_a_workbook_in_the_cloud_is_attached_as_it_stands(opened: Opened, home: Path) -> None:
    opened.own.FullName = f"https://contoso.sharepoint.com/งาน/{NAME}"
    (home / "Documents").mkdir(parents=True)
    live_jobs.draft_mail()
    assert (home / "Documents" / NAME).with_suffix(".eml").exists()


def test_a_workbook_with_findings_to_mend_is_not_drafted(opened: Opened, samples: Path) -> None:
    opened.path.write_bytes((samples / "mistakes-2565.xlsx").read_bytes())
    assert codes(live_jobs.draft_mail())[0] == Code.MAIL_HELD_BACK


def test_the_signed_document_is_made_beside_the_open_workbook_which_stays_as_it_is(opened: Opened) -> None:
    before = opened.path.read_bytes()
    said = live_jobs.report()
    made = sorted(path.suffix for path in opened.path.parent.iterdir() if path.suffix in (".docx", ".pdf"))
    assert made == [".docx", ".pdf"]
    assert all(path.name in said.text() for path in opened.path.parent.glob("*.docx"))
    assert opened.path.read_bytes() == before
    again = live_jobs.report()
    assert Code.DOCUMENT_EDITED not in codes(again)


def test_next_years_workbook_is_made_beside_and_opened(opened: Opened) -> None:
    made = opened.path.with_name("ITA-2566.xlsx")
    said = live_jobs.next_year()
    assert str(made) in said.text()
    assert Code.SCORES_NOT_CARRIED in codes(said), "what cannot be carried over is named"
    last = openpyxl.load_workbook(made)[STATED.title]
    assert (last["A6"].value, last["D6"].value) == ("รวม", 96.99)
    assert made.name in [book.name for book in opened.book.app.books]
    model(opened.book.app).opened.pop()
    assert codes(live_jobs.next_year()) == [Code.FILE_EXISTS]


def test_a_year_that_nobody_knows_yet_is_refused(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "years", lambda: (2564, 2565))
    assert codes(live_jobs.next_year()) == [Code.YEAR_UNKNOWN]


# ---- the command line ----


def attach(*words: str) -> Result:
    return CliRunner().invoke(cli.cli, ["attach", *words])


def test_attach_does_the_same_and_tells_by_its_exit_code(opened: Opened, desk: Excel) -> None:
    done = attach("compute", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "96.99" in done.output and "then save" in done.output
    assert desk.alerts == []
    opened.pages[STATED.title]["E6"] = 150
    assert attach("validate").exit_code == 1
    assert attach("draft-mail").exit_code == 0
    assert attach("draft-mail").exit_code == 3
    desk.apps.running.clear()
    done = attach("compute", "--alert")
    assert done.exit_code == 3
    assert Code.NO_EXCEL in done.output


def test_a_button_learns_whether_its_clerk_has_seen_a_message(opened: Opened, desk: Excel) -> None:
    opened.pages[STATED.title]["E6"] = 150
    assert attach("validate", "--alert").exit_code == 0, "it was told, however bad"
    desk.trap = lambda what, number: failing(ComError(REFUSED), what == "App.Alert")
    assert attach("validate", "--alert").exit_code == 1


def test_attach_takes_the_workbook_that_is_named(desk: Excel, opened: Opened) -> None:
    two(desk, opened)
    assert attach("compute").exit_code == 3
    assert attach("compute", "--book", NAME, "--hwnd", "1001", "--alert").exit_code == 0
    assert opened.total() == 96.99
    assert len(desk.alerts) == 2, "the question before the first run, and what was done"
    done = attach("compute", "--book", "ไม่มี.xlsx")
    assert done.exit_code == 3
    assert NAME in done.output


def test_an_error_of_ours_has_its_own_exit_code(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ita_xl.pipeline.run", lambda port: 1 / 0)
    assert attach("compute").exit_code == 70


# ---- results from the clipboard ----

COPIED = "รหัส\tคะแนน ปี 2565\nI1\t93.68\nI2\t50.00\nการใช้อำนาจ\t91.38"


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch, opened: Opened) -> Opened:
    """A workbook without some of the scores, and a copied table with them."""
    for cell in ("G6", "G7"):
        opened.pages[SCORES["IIT"].title][cell] = None
    opened.pages[SCORES["IIT"].title]["G7"] = 88.43
    monkeypatch.setattr("pyperclip.paste", lambda: COPIED)
    return opened


def test_a_copied_table_is_shown_and_a_yes_takes_it_into_the_open_workbook(desk: Excel, copied: Opened) -> None:
    said = live_jobs.imports()
    page = copied.pages[SCORES["IIT"].title]
    assert (page["G6"].value, page["G7"].value) == (93.68, 88.43), "another value stays"
    assert Code.IMPORT_DIFFERS in codes(said)
    assert "พบรายการใหม่ 1 รายการ" in desk.alerts[0] and len(copied.copies()) == 1


def test_a_no_leaves_the_workbook_alone(desk: Excel, copied: Opened) -> None:
    desk.answer = "no"
    said = live_jobs.imports()
    assert copied.pages[SCORES["IIT"].title]["G6"].value is None
    assert "ไม่เปลี่ยนแปลง" in said.text() and not copied.copies()


def test_an_empty_clipboard_says_what_to_do(copied: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyperclip.paste", lambda: " ")
    assert codes(live_jobs.imports()) == [Code.CLIPBOARD_EMPTY]
