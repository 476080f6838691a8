"""A year from the plan to the signed results: six offices, of which one is late, one answers twice, one wrongly."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pytest

from ita_xl.layout import ANSWERS, HOME, RESULTS, TRACKING
from tests.conftest import Ita
from tests.forms_at_hand import (
    FINANCE,
    HEALTH,
    OFFICE,
    PEOPLE,
    PLANNING,
    SIX,
    WORKS,
    doing,
    done,
    fill,
    parent,
    rows,
    saved,
)
from tests.office_hand import worked
from tests.post_office import Place, a_place  # noqa: F401

FIRST, SECOND = "31 ธันวาคม 2565", "31 มีนาคม 2566"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return parent(tmp_path)


def form(folder: Path, office: str) -> Path:
    return folder / f"แบบรายงาน {office} ปี 2566.xlsx"


def said(book: Path, title: str) -> list[str]:
    """All texts of a sheet."""
    page = openpyxl.load_workbook(book)[title]
    return [str(value) for row in page.iter_rows(values_only=True) for value in row if value is not None]


def finished(path: Path, quarter: int) -> Path:
    """An office says of all its steps that they are done."""
    page = openpyxl.load_workbook(path).worksheets[0]
    return fill(path, {number: done(f"เสร็จสิ้น {number}") for number in rows(page)}, quarter)


def test_a_year_from_the_plan_to_the_signed_results(book: Path, tmp_path: Path, ita: Ita) -> None:
    """Every quarter forms go out, come back, and the workbook says how things stand."""
    out = tmp_path / "ไตรมาส 1"
    assert ita("forms", "split", book, "-o", out, "--quarter", 1).code == 0
    assert sorted(path.name for path in out.iterdir()) == sorted(form(out, office).name for office in SIX)

    # The first quarter: one office answers wrongly, one twice, one not at all.
    finished(form(out, PLANNING), 1)
    fill(form(out, FINANCE), {"1.1 (1)": doing("เริ่มแล้ว")})
    fill(form(out, WORKS), {"2.1 (1)": doing("ตั้งแต่ ต.ค.", percent=150, day="ต้นเดือน")})
    fill(form(out, PEOPLE), {"4.1 (2)": doing("ฉบับของเลขานุการ")})
    twice = out / "ส่งซ้ำ.xlsx"
    twice.write_bytes(form(tmp_path / "ไตรมาส 1", PEOPLE).read_bytes())
    fill(twice, {"4.1 (2)": done("ฉบับของหัวหน้า")}, counter=2)
    fill(form(out, OFFICE), {"3.1 (1)": done("ประชุมแล้ว", link="https://example.go.th/1")})
    preview = ita("forms", "collect", book, out, "--dry-run", "--on", FIRST)
    assert preview.code == 0 and "W470" in preview.err and "W475" in preview.err
    assert "150" in preview.out and "ตั้งแต่ ต.ค." in preview.out
    assert ita("forms", "collect", book, out, "--yes", "--on", FIRST).code == 0
    journal = said(book, ANSWERS.title)
    assert "ฉบับของเลขานุการ" in journal and "ฉบับของหัวหน้า" in journal and "มีฉบับใหม่แทน" in journal

    told = ita("forms", "status", book, "--on", FIRST, "--json").json
    by_office = {each["office"]: each for each in told["offices"]}
    assert by_office[HEALTH]["unheard"] == by_office[HEALTH]["steps"] == 2
    assert by_office[PLANNING]["done"] == 3 and by_office[PLANNING]["overdue"] == 0
    late = {(task["office"], task["no"], task["days_late"]) for task in told["steps"] if task["days_late"]}
    assert late == {(WORKS, "4.1 (1)", 31)}, "due in November, and it is the last of December"

    # The second quarter: the office that was late is reminded, and answers.
    drafts = tmp_path / "ร่าง"
    assert ita("mail", book, "--remind", "--on", SECOND, "--draft", drafts, "--yes").code == 0
    letter = message_from_bytes((drafts / f"แจ้ง {HEALTH}.eml").read_bytes(), policy=policy.default)
    assert isinstance(letter, EmailMessage)
    assert "1.2 (4)" in body(letter).split("ครบกำหนด")[1], "that step is due on this very day, so it is not late"
    (attachment,) = letter.iter_attachments()
    returned = tmp_path / "ตอบกลับ.xlsx"
    returned.write_bytes(attachment.get_content())
    finished(returned, 2)
    assert ita("forms", "collect", book, returned, "--yes", "--on", SECOND).code == 0

    # The year's end: everybody is done, and the report is signed.
    out = tmp_path / "ไตรมาส 4"
    assert ita("forms", "split", book, "-o", out, "--quarter", 4).code == 0
    for path in out.iterdir():
        finished(path, 4)
    assert ita("forms", "collect", book, out, "--yes", "--on", "30 กันยายน 2566").code == 0
    told = ita("forms", "status", book, "--on", "30 กันยายน 2566", "--json").json
    assert told["whole"]["done"] == told["whole"]["steps"] == 17 and not told["whole"]["overdue"]
    assert any("เสร็จสิ้น" in text for text in said(book, TRACKING.title))
    assert any("เสร็จสิ้น" in text for text in said(book, RESULTS.title))
    assert ita("report", book, "--kind", "results", "--docx", "-o", tmp_path).code == 0
    (paper,) = tmp_path.glob("*.docx")
    words = [cell.text for table in docx.Document(str(paper)).tables for row in table.rows for cell in row.cells]
    assert any("เสร็จสิ้น 2.1 (1)" in text for text in words)
    assert ita("sign", book, "--on", "30 กันยายน 2566", "--by", "นาง ก").code == 0


def body(letter: EmailMessage) -> str:
    part = letter.get_body()
    assert part is not None
    return str(part.get_content())


# ---- reminders ----


def letters(folder: Path) -> dict[str, EmailMessage]:
    found = {}
    for path in folder.glob("*.eml"):
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(letter, EmailMessage)
        found[path.stem.removeprefix("แจ้ง ")] = letter
    return found


def test_a_reminder_names_what_is_late_and_soon_and_carries_the_form(book: Path, tmp_path: Path, ita: Ita) -> None:
    assert ita("mail", book, "--remind", "--on", "2023-02-01", "--draft", tmp_path / "ร่าง", "--yes").code == 0
    drafts = letters(tmp_path / "ร่าง")
    assert {*drafts} == {*SIX}
    text = body(drafts[PLANNING])
    assert "3.1 (3)" in text and "เกินกำหนด 93 วัน" in text and "1.1 (1)" in text and "เกินกำหนด 1 วัน" in text
    assert "1.2 (5)" in text.split("ครบกำหนด")[1], "due within February"
    assert [each.get_filename() for each in drafts[PLANNING].iter_attachments()] == [form(tmp_path, PLANNING).name]


def test_an_office_that_is_done_gets_no_reminder(book: Path, tmp_path: Path, ita: Ita) -> None:
    ita("forms", "split", book, "-o", tmp_path / "แบบ")
    ita("forms", "collect", book, finished(form(tmp_path / "แบบ", HEALTH), 1), "--yes")
    ita("mail", book, "--remind", "--on", FIRST, "--draft", tmp_path / "ร่าง", "--yes")
    assert {*letters(tmp_path / "ร่าง")} == {*SIX} - {HEALTH}


def test_addresses_stand_beside_the_offices_or_in_a_list(book: Path, tmp_path: Path, ita: Ita) -> None:
    held = openpyxl.load_workbook(book)
    table = HOME.block("offices")
    held[HOME.title].cell(table.first_row, table.column_number("office")).value = WORKS
    held[HOME.title].cell(table.first_row, table.column_number("head")).value = "นาย ช่าง <works@example.go.th>"
    book.write_bytes(saved(held))
    listed = tmp_path / "อีเมล.csv"
    listed.write_text(f"หน่วยงาน,อีเมล\n{FINANCE},money@example.go.th\n", encoding="utf-8-sig")
    ita("mail", book, "--remind", "--offices", listed, "--draft", tmp_path / "ร่าง", "--yes")
    drafts = letters(tmp_path / "ร่าง")
    assert "works@example.go.th" in drafts[WORKS]["To"] and "นาย ช่าง" in body(drafts[WORKS])
    assert drafts[FINANCE]["To"] == "money@example.go.th"
    assert drafts[HEALTH]["To"] is None, "a person adds who gets it"


def test_reminders_are_sent_only_where_there_is_an_address(
    book: Path, tmp_path: Path, ita: Ita, place: Place
) -> None:
    listed = tmp_path / "อีเมล.csv"
    listed.write_text(f"office,email\n{FINANCE},money@example.go.th\n", encoding="utf-8")
    with place.opened() as clerk:
        result = ita("mail", book, "--remind", "--offices", listed, "--send", "--yes")
    assert result.code == 3 and "กองแผนงาน: ยังไม่ได้ระบุผู้รับ จึงส่งไม่ได้" in result.err
    assert [envelope.rcpt_tos for envelope in clerk.received] == [["money@example.go.th"]]


@pytest.mark.parametrize(
    "words",
    [
        ("--remind", "--to", "a@example.go.th"),
        ("--remind", "--outlook"),
        ("--offices", "x.csv"),
        ("--on", "2023-01-01"),
    ],
)
def test_options_that_do_not_go_together_are_named(book: Path, ita: Ita, words: tuple[str, ...]) -> None:
    assert ita("mail", book, *words).code == 2


# ---- by hand ----


@pytest.mark.libreoffice
def test_a_form_filled_in_and_sorted_in_libreoffice_comes_back(book: Path, tmp_path: Path, ita: Ita) -> None:
    ita("forms", "split", book, "-o", tmp_path / "แบบ", "--quarter", 1)
    path = form(tmp_path / "แบบ", FINANCE)
    acts = [
        ("type", "ไตรมาสที่ 1", "F9", "แล้วเสร็จ"),
        ("type", "ไตรมาสที่ 1", "G9", "100"),
        ("type", "ไตรมาสที่ 1", "H9", "ทำใน LibreOffice"),
        ("type", "ไตรมาสที่ 1", "L9", "1/12/2565"),
        ("rename", "ไตรมาสที่ 1", "A1", "ต.ค. ถึง ธ.ค."),
    ]
    path.write_bytes(worked(path.read_bytes(), acts, tmp_path))
    told = ita("forms", "collect", book, path, "--yes", "--json").json
    assert told["written"] and not told["findings"]
    (entry,) = told["entries"]
    assert (entry["office"], entry["no"]) == (FINANCE, "1.1 (2)") and "ทำใน LibreOffice" in entry["told"]
