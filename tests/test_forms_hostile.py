"""Forms, workbooks and commands as hurried people and hostile senders make them."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from ita_xl.domain.answers import Fate
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.engines.package.engine import Package
from ita_xl.forms import collect, split
from ita_xl.layout import ANSWERS, FORM_MARKS, HOME, MEASURES
from tests.conftest import Ita
from tests.forms_at_hand import COUNTER, FINANCE, PLANNING, SIX, WORKS, doing, done, fill, parent, rows, saved
from tests.office_hand import worked

NOVEMBER, FEBRUARY = dt.date(2022, 11, 15), dt.date(2023, 2, 1)
STEP = "2.1 (1)"
"""Of the office for works."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return parent(tmp_path)


@pytest.fixture
def form(book: Path) -> Path:
    """The form of the office for works."""
    return split.hand_out(book, book.parent / "แบบ", NOVEMBER, only=[WORKS]).files[0]


def seen(book: Path, *forms: Path, accept: str = "") -> collect.Preview:
    return collect.beside(Package.open(book), forms, {accept})


def taken(book: Path, *forms: Path, accept: str = "") -> collect.Preview:
    return collect.store(book, forms, FEBRUARY, {accept})[0]


def fates(found: collect.Preview) -> list[Fate]:
    return [entry.fate for entry in found.entries]


def codes(found: collect.Preview) -> list[Code]:
    return [finding.code for finding in found.findings]


# ---- commands ----


def test_the_preview_never_takes_the_place_of_what_is_read(book: Path, form: Path, ita: Ita) -> None:
    before = {path: path.read_bytes() for path in (book, fill(form, {STEP: done()}))}
    for target in before:
        assert ita("forms", "collect", book, form.parent, "--preview", target, "--dry-run").code == 2
        assert ita("import", form, "--into", book, "--preview", target, "--dry-run").code == 2
    assert {path: path.read_bytes() for path in before} == before


# ---- offices ----


def with_offices(book: Path, *offices: str) -> Path:
    """The plan's steps in the hands of other offices, by turns."""
    held = openpyxl.load_workbook(book)
    block, page = MEASURES.block("measures"), held[MEASURES.title]
    rows = range(block.first_row, page.max_row + 1)
    steps = [row for row in rows if page.cell(row, block.column_number("due")).value]
    for number, row in enumerate(steps):
        page.cell(row, block.column_number("responsible")).value = offices[number % len(offices)]
    book.write_bytes(saved(held))
    return book


def test_offices_whose_files_would_be_called_alike_get_a_file_each(book: Path, tmp_path: Path, ita: Ita) -> None:
    offices = ["กอง:คลัง", "กอง*คลัง", "กองช่าง"]
    made = split.hand_out(with_offices(book, *offices), tmp_path / "แบบ", NOVEMBER)
    assert [form.office for form in made.forms] == offices
    assert len({*made.files}) == 3 and made.files[2].name == "แบบรายงาน กองช่าง ปี 2566.xlsx"
    for form, path in zip(made.forms, made.files, strict=True):
        assert path.read_bytes() == form.content
    alone = split.hand_out(book, tmp_path / "เดี่ยว", NOVEMBER, only=offices[:1])
    assert alone.files[0].name == made.files[0].name, "whichever offices are asked for"
    assert ita("mail", book, "--remind", "--draft", tmp_path / "ร่าง", "--yes").code == 0
    assert len([*(tmp_path / "ร่าง").glob("*.eml")]) == 3


# ---- files ----


def with_part(form: Path, name: str, content: bytes) -> Path:
    """A copy of a form with one more part."""
    path = form.with_name("แปลก.xlsx")
    path.write_bytes(form.read_bytes())
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(name, content)
    return path


@pytest.mark.parametrize("content", [b"", b"<broken", b'<!DOCTYPE a [<!ENTITY b "c">]><comments>&b;</comments>'])
def test_a_form_with_broken_notes_is_named_and_the_others_are_taken(book: Path, form: Path, content: bytes) -> None:
    broken = with_part(fill(form, {STEP: done()}), "xl/comments9.xml", content)
    found = seen(book, broken, form)
    assert codes(found) == [Code.FILE_DAMAGED] and fates(found) == [Fate.NEW]


@pytest.mark.parametrize("cell", ["B3", "B7", "I10"])
def test_marks_with_endless_numbers_are_spoilt_marks(book: Path, form: Path, cell: str) -> None:
    def spoil(held: Workbook) -> None:
        marks = held[FORM_MARKS]
        marks["H10"], marks["I10"], marks["J10"] = "assets/I20/1", 1, "x"
        marks[cell] = "9" * 5000

    found = seen(book, fill(form, {STEP: done()}, change=spoil))
    assert codes(found) == ([] if cell == "I10" else [Code.FORM_UNMARKED])


# ---- cells ----


def packed(form: Path, mark: str, text: str) -> Path:
    """A form in whose parts a text stands for a mark, as no spreadsheet program would write it."""
    with zipfile.ZipFile(form) as package:
        parts = {name: package.read(name).replace(mark.encode(), text.encode()) for name in package.namelist()}
    with zipfile.ZipFile(form, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return form


def texts(book: Path) -> list[str]:
    held = openpyxl.load_workbook(book)
    return [cell.value for page in held for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]


def test_characters_that_no_cell_can_hold_are_left_out_so_that_a_form_is_known_again(
    book: Path, form: Path, ita: Ita
) -> None:
    packed(fill(form, {STEP: done("MARK")}), "MARK", "เริ่ม_x001B_[31m_x0007_จบ")
    shown = ita("forms", "collect", book, form, "--dry-run")
    assert "\x1b" not in shown.out and "\x07" not in shown.out
    assert fates(taken(book, form)) == [Fate.NEW]
    assert fates(taken(book, form)) == [Fate.SAME]
    assert "เริ่ม[31mจบ" in texts(book)


def test_no_cell_gets_more_than_it_can_hold_and_what_is_beyond_is_told(book: Path, tmp_path: Path) -> None:
    forms = dict(zip(SIX, split.hand_out(book, tmp_path / "แบบ", NOVEMBER).files, strict=True))
    for office, letter in ((PLANNING, "ก"), (FINANCE, "😀")):
        packed(fill(forms[office], {"1.1 (1)": doing("MARK")}), "MARK", letter * 40_000)
    found = taken(book, forms[PLANNING], forms[FINANCE])
    assert fates(found) == [Fate.NEW, Fate.NEW]
    assert codes(found) == [Code.WRITTEN_OUTSIDE, Code.WRITTEN_OUTSIDE]
    assert max(len(text.encode("utf-16-le")) // 2 for text in texts(book)) == 32_767
    assert {*fates(taken(book, forms[PLANNING], forms[FINANCE]))} == {Fate.SAME}


# ---- which answer holds ----


def test_an_office_may_take_back_what_it_said_since(book: Path, form: Path) -> None:
    fill(form, {STEP: doing("ครึ่งทาง")})
    taken(book, form)
    fill(form, {STEP: done("กรอกผิด")}, counter=2)
    taken(book, form)
    fill(form, {STEP: doing("ครึ่งทาง")}, counter=3)
    assert fates(taken(book, form)) == [Fate.REPLACES]
    assert fates(taken(book, form)) == [Fate.SAME]
    again = split.hand_out(book, book.parent / "รอบสอง", FEBRUARY, only=[WORKS]).files[0]
    fill(again, {STEP: done("กรอกผิด")})
    assert fates(taken(book, again)) == [Fate.REPLACES], "also in a form that was handed out with what holds"
    assert fates(taken(book, form)) == [Fate.OLDER], "and the former form again is known as the older one"
    assert fates(taken(book, again)) == [Fate.SAME]


def test_a_blank_copy_of_a_form_takes_nothing_back(book: Path, form: Path) -> None:
    blank = form.with_name("ฉบับเปล่า.xlsx")
    blank.write_bytes(form.read_bytes())
    fill(form, {STEP: done()})
    for _ in range(2):
        assert taken(book, form, blank).findings == []


# ---- the journal as people leave it ----


def change(book: Path, act: Callable[[Workbook], object]) -> None:
    held = openpyxl.load_workbook(book)
    act(held)
    book.write_bytes(saved(held))


@pytest.mark.libreoffice
def test_a_column_before_the_journal_moves_the_answers_along(book: Path, form: Path, tmp_path: Path) -> None:
    taken(book, fill(form, {STEP: doing("ครั้งแรก")}))
    book.write_bytes(worked(book.read_bytes(), [("insert column", ANSWERS.title, "A3", "")], tmp_path))
    assert fates(taken(book, fill(form, {STEP: done("ครั้งที่สอง")}, counter=2))) == [Fate.REPLACES]
    page, block = openpyxl.load_workbook(book)[ANSWERS.title], ANSWERS.block("answers")
    at = block.column_number("done") + 1
    assert [page.cell(block.first_row + row, at).value for row in (0, 1)] == ["ครั้งแรก", "ครั้งที่สอง"]


# ---- the sheets of a form ----


def test_rows_above_and_columns_before_the_table_move_the_cells_of_the_form_along(book: Path, form: Path) -> None:
    taken(book, fill(form, {STEP: doing()}))

    def stamped(held: Workbook) -> None:
        page = held.worksheets[0]
        page[COUNTER] = 2
        page.insert_rows(1, 2)
        page.insert_cols(1)
        page["C1"] = "รับแล้ว"
        held[FORM_MARKS].title = "เดิม"

    found = seen(book, fill(form, {STEP: done()}, change=stamped))
    assert fates(found) == [Fate.REPLACES]
    assert [finding.values["value"] for finding in found.findings] == ["รับแล้ว"]


def test_answers_under_headings_that_are_gone_are_told(book: Path, form: Path) -> None:
    told = done("แถวนี้ไม่มีหัวตาราง")
    found = seen(book, fill(form, {STEP: told}, change=lambda held: held.worksheets[0].delete_rows(7)))
    assert not found.entries
    (row,) = [finding for finding in found.findings if finding.code == Code.FORM_ROW_UNKNOWN]
    assert row.values["value"] == "แล้วเสร็จ | 100 | แถวนี้ไม่มีหัวตาราง"


def test_a_status_that_is_none_of_the_list_is_told_and_does_not_count_as_done(book: Path, form: Path) -> None:
    fill(form, {STEP: {"status": "เสร็จสิ้น 100%"}, "1.2 (1)": {"status": " แล้ว เสร็จ "}})
    found, outcome = collect.store(book, [form], FEBRUARY)
    assert codes(found) == [Code.STATUS_UNKNOWN]
    (told,) = [finding for finding in outcome.findings if finding.code == Code.STATUS_UNKNOWN]
    assert told.sheet == ANSWERS.title and "เสร็จสิ้น 100%" in texts(book)


def test_what_changed_after_the_preview_is_not_written(book: Path, form: Path, ita: Ita) -> None:
    shown = seen(book, fill(form, {STEP: doing("ที่แสดง")}))
    before = fill(form, {STEP: done("ที่แก้ระหว่างถาม")}) and book.read_bytes()
    with pytest.raises(Unusable) as refused:
        collect.store(book, [form], FEBRUARY, agreed=shown.entries)
    assert refused.value.findings[0].code == Code.FORMS_CHANGED_MEANWHILE and book.read_bytes() == before


def test_who_collects_is_told_what_to_choose(book: Path, form: Path, ita: Ita) -> None:
    other = form.with_name("ของอีกคน.xlsx")
    other.write_bytes(form.read_bytes())
    fill(form, {STEP: done("คนหนึ่ง")}), fill(other, {STEP: doing("อีกคน")})
    result = ita("forms", "collect", book, form, other, "--yes")
    assert result.code == 0 and "W472" in result.err and "เลือก “ใช้” ในแถวที่ถูกต้อง" in result.err


def test_forms_of_an_agency_that_was_renamed_are_taken_once_a_person_names_them(book: Path, form: Path) -> None:
    fill(form, {STEP: done()})
    change(book, lambda held: held[HOME.title].__setitem__(HOME.field("agency").cell, "เทศบาลเมืองพิษณุโลก"))
    found = seen(book, form)
    assert codes(found) == [Code.FORM_OF_ANOTHER] and not found.entries
    assert fates(taken(book, form, accept=form.name)) == [Fate.NEW]
    last_year = fill(form, {}, change=lambda held: held[FORM_MARKS].__setitem__("B3", 2565))
    assert codes(seen(book, last_year, accept=form.name)) == [Code.FORM_OF_ANOTHER], "a year is never accepted"


def test_a_step_stays_done_when_a_later_quarter_only_adds_to_it(book: Path, form: Path, ita: Ita) -> None:
    everything = list(rows(openpyxl.load_workbook(form).worksheets[0]))
    fill(form, {number: done() for number in everything})
    fill(form, {number: {"person": "นาง ก", "link": "https://a.go.th"} for number in everything}, quarter=2)
    taken(book, form)
    told = ita("forms", "status", book, "--on", "30 กันยายน 2566", "--json").json
    (works,) = [each for each in told["offices"] if each["office"] == WORKS]
    assert works["done"] == works["steps"] and not works["overdue"]
