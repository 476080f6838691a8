"""Forms for the offices: what is handed out, and what becomes of the answers that come back."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from ita_xl import jobs
from ita_xl.domain.answers import Fate
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.package.engine import Package
from ita_xl.forms import collect, split
from ita_xl.layout import ANSWERS, FOLLOW, FORM_MARKS, HOME, MEASURES, MEMORY, RESULTS, TRACKING
from ita_xl.layout.keys import QUARTER_KEYS
from tests.forms_at_hand import (
    FINANCE,
    HEALTH,
    OFFICE,
    PEOPLE,
    PLANNING,
    SIX,
    TABLE,
    WORKS,
    doing,
    done,
    fill,
    parent,
    rows,
    saved,
)

NOVEMBER, FEBRUARY = dt.date(2022, 11, 15), dt.date(2023, 2, 1)
JOURNAL = ANSWERS.block("answers")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return parent(tmp_path)


@pytest.fixture
def handed(book: Path) -> dict[str, Path]:
    """The forms that were handed out in November, by office."""
    made = split.hand_out(book, book.parent / "แบบ", NOVEMBER)
    return {form.office: path for form, path in zip(made.forms, made.files, strict=True)}


def collected(book: Path, *forms: Path, on: dt.date = FEBRUARY, accept: str = "") -> collect.Preview:
    return collect.store(book, forms, on, {accept})[0]


def shown(book: Path, *forms: Path, accept: str = "") -> collect.Preview:
    return collect.beside(Package.open(book), forms, {accept})


def fates(found: collect.Preview) -> list[Fate]:
    return [entry.fate for entry in found.entries]


def codes(findings: list[Finding]) -> list[Code]:
    return [finding.code for finding in findings]


def journal(book: Path) -> list[dict[str, object]]:
    page = openpyxl.load_workbook(book)[ANSWERS.title]
    keys = [column.key for column in JOURNAL.columns]
    lines = page.iter_rows(min_row=JOURNAL.first_row, max_col=len(keys), values_only=True)
    return [dict(zip(keys, line, strict=True)) for line in lines if line[0] is not None]


def everything(book: Path, *but: str) -> dict[str, object]:
    """All cells of a workbook but those of some sheets."""
    held = openpyxl.load_workbook(book)
    return {
        f"{page.title}!{cell.coordinate}": cell.value
        for page in held
        if page.title not in but
        for row in page.iter_rows()
        for cell in row
        if cell.value is not None
    }


# ---- handing out ----


def test_each_office_gets_its_own_steps_and_no_others(book: Path, handed: dict[str, Path]) -> None:
    plan = split.plan_of(Package.open(book))
    assert list(handed) == list(SIX)
    for office, path in handed.items():
        expected = [step.no for step in plan.steps if office in step.offices]
        assert [*rows(openpyxl.load_workbook(path).worksheets[0])] == expected


def test_a_step_of_two_offices_is_in_both_forms(handed: dict[str, Path]) -> None:
    for office in (PLANNING, FINANCE):
        assert "1.1 (1)" in rows(openpyxl.load_workbook(handed[office]).worksheets[0])


def test_a_step_without_an_office_goes_to_the_coordinating_one_and_a_finding_says_so(book: Path) -> None:
    held = openpyxl.load_workbook(book)
    block, page = MEASURES.block("measures"), held[MEASURES.title]
    for row in range(block.first_row, page.max_row + 1):
        if page.cell(row, block.column_number("due")).value:
            page.cell(row, block.column_number("responsible")).value = None
    held[HOME.title][HOME.field("paper_section").cell] = "กลุ่มงานจริยธรรม"
    book.write_bytes(saved(held))
    made = split.hand_out(book, book.parent / "แบบ", NOVEMBER)
    assert [form.office for form in made.forms] == ["กลุ่มงานจริยธรรม"]
    assert codes(made.findings) == [Code.STEPS_WITHOUT_OFFICE]


def test_this_quarter_is_in_front_and_only_the_cells_to_fill_are_open(handed: dict[str, Path]) -> None:
    held = openpyxl.load_workbook(handed[FINANCE])
    assert held.active is held.worksheets[0] and len(held.worksheets) == 5
    assert held[FORM_MARKS].sheet_state == "veryHidden"
    ours = {TABLE.column_number(c.key) for c in TABLE.columns if c.owner != "user"}
    for page in held.worksheets[:4]:
        assert page.protection.sheet and page.page_setup.paperSize == 9
        for row in rows(page).values():
            assert {n for n in range(1, 14) if page.cell(row, n).protection.locked} == ours
        assert page.data_validations.dataValidation, "the status is chosen from a list"


def test_the_quarter_follows_the_day() -> None:
    days = {(2565, 10): 1, (2565, 12): 1, (2566, 1): 2, (2566, 6): 3, (2566, 9): 4, (2565, 9): 1, (2567, 1): 4}
    for (year, month), quarter in days.items():
        assert split.quarter_on(dt.date(year - 543, month, 1), 2566) == quarter


def test_handing_out_again_makes_the_same_files_and_leaves_the_workbook_alone(
    book: Path, handed: dict[str, Path]
) -> None:
    before = {path: path.read_bytes() for path in (book, *handed.values())}
    split.hand_out(book, book.parent / "แบบ", NOVEMBER)
    assert {path: path.read_bytes() for path in before} == before


def test_a_form_that_an_office_filled_in_is_never_replaced(book: Path, handed: dict[str, Path]) -> None:
    fill(handed[WORKS], {"2.1 (1)": done()})
    handed[PEOPLE].unlink()
    with pytest.raises(Unusable) as refused:
        split.hand_out(book, book.parent / "แบบ", NOVEMBER)
    assert refused.value.findings[0].code == Code.DOCUMENT_EDITED
    assert not handed[PEOPLE].exists(), "either all or none"


def test_a_workbook_without_a_plan_and_an_office_without_steps_are_named(book: Path, samples: Path) -> None:
    with pytest.raises(Unusable) as refused:
        split.hand_out(samples / "unfilled-2565.xlsx", book.parent / "แบบ", NOVEMBER)
    assert refused.value.findings[0].code == Code.NO_TASKS
    with pytest.raises(Unusable) as refused:
        split.hand_out(book, book.parent / "แบบ", NOVEMBER, only=["กองเล็ก"])
    assert refused.value.findings[0].code == Code.OFFICE_UNKNOWN


# ---- answers come back ----


def test_answers_stand_in_the_journal_as_they_were_typed(book: Path, handed: dict[str, Path]) -> None:
    told = done("  ทำ  แล้ว\nสองบรรทัด ", obstacle="-", link="https://a.go.th/ก ข", person="นาง ก", day="๑ ธ.ค. ๖๕")
    fill(handed[WORKS], {"2.1 (1)": told})
    collected(book, handed[WORKS])
    (line,) = journal(book)
    for key, value in told.items():
        assert line[key] == value
    assert (line["office"], line["quarter"], line["no"], line["state"]) == (WORKS, 1, "2.1 (1)", "ใช้อยู่")


def test_an_answer_is_seen_on_the_sheets_for_quarters_and_results(book: Path, handed: dict[str, Path]) -> None:
    fill(handed[WORKS], {"2.1 (1)": done("ซ่อมทะเบียนทรัพย์สิน", link="https://a.go.th")})
    collected(book, handed[WORKS])
    for sheet in (TRACKING, RESULTS):
        assert any("ซ่อมทะเบียนทรัพย์สิน" in str(v) for v in everything(book).values() if v), sheet.title


def test_a_run_before_and_after_collecting_changes_nothing_else(book: Path, handed: dict[str, Path]) -> None:
    before = everything(book, ANSWERS.title, FOLLOW.title, TRACKING.title, RESULTS.title)
    fill(handed[WORKS], {"2.1 (1)": done(), "1.2 (1)": doing()})
    collected(book, handed[WORKS])
    after = everything(book, ANSWERS.title, FOLLOW.title, TRACKING.title, RESULTS.title)
    changed = {place for place in {*before, *after} if before.get(place) != after.get(place)}
    assert {place.split("!")[0] for place in changed} <= {MEMORY.title}
    content = book.read_bytes()
    jobs.run(book)
    assert book.read_bytes() == content


def test_answers_that_came_already_change_nothing(book: Path, handed: dict[str, Path]) -> None:
    fill(handed[WORKS], {"2.1 (1)": done()})
    collected(book, handed[WORKS])
    content = book.read_bytes()
    found = collected(book, handed[WORKS])
    assert fates(found) == [Fate.SAME]
    assert book.read_bytes() == content


def test_what_a_person_typed_on_the_quarterly_sheet_stays(book: Path, handed: dict[str, Path]) -> None:
    held = openpyxl.load_workbook(book)
    table, page = TRACKING.block("tracking"), held[TRACKING.title]
    cell = page.cell(table.first_row, table.column_number(QUARTER_KEYS[0]))
    cell.value = "ข้อความของผู้ประสานงาน"
    book.write_bytes(saved(held))
    fill(handed[FINANCE], {"1.1 (1)": done(), "1.1 (2)": done()})
    collected(book, handed[FINANCE])
    assert openpyxl.load_workbook(book)[TRACKING.title][cell.coordinate].value == "ข้อความของผู้ประสานงาน"


def test_two_offices_of_one_step_are_kept_apart(book: Path, handed: dict[str, Path]) -> None:
    fill(handed[PLANNING], {"1.1 (1)": done("ของกองแผน")})
    fill(handed[FINANCE], {"1.1 (1)": doing("ของกองคลัง")})
    found = collected(book, handed[PLANNING], handed[FINANCE])
    assert fates(found) == [Fate.NEW, Fate.NEW]
    assert {(line["office"], line["done"]) for line in journal(book)} == {
        (PLANNING, "ของกองแผน"),
        (FINANCE, "ของกองคลัง"),
    }


def test_rows_that_were_moved_and_sheets_that_were_renamed_are_known_by_their_keys(
    book: Path, handed: dict[str, Path]
) -> None:
    def mixed_up(held: Workbook) -> None:
        page = held.worksheets[0]
        lines = [
            [cell.value for cell in row] for row in page.iter_rows(TABLE.first_row, TABLE.first_row + 3, max_col=13)
        ]
        for at, line in enumerate(reversed(lines)):
            for n, value in enumerate(line, 1):
                page.cell(TABLE.first_row + 6 + at, n).value = value
        for row in range(TABLE.first_row, TABLE.first_row + 4):
            for n in range(1, 14):
                page.cell(row, n).value = None
        page.title = "ต.ค.-ธ.ค."
        held.move_sheet(page, 3)

    fill(handed[FINANCE], {"1.1 (2)": done("ย้ายแถวแล้ว"), "3.1 (4)": doing()}, change=mixed_up)
    found = collected(book, handed[FINANCE])
    assert sorted(entry.answer.no for entry in found.entries) == ["1.1 (2)", "3.1 (4)"]
    assert {entry.answer.quarter for entry in found.entries} == {1} and not found.findings


def test_where_the_keys_are_gone_the_visible_text_tells_the_step(book: Path, handed: dict[str, Path]) -> None:
    def without_keys(held: Workbook) -> None:
        for page in held.worksheets[:4]:
            page.delete_cols(TABLE.column_number("key"))

    fill(handed[FINANCE], {"1.1 (2)": done("ไม่มีรหัสแถว")}, change=without_keys)
    (entry,) = collected(book, handed[FINANCE]).entries
    assert (entry.answer.no, entry.answer.quarter) == ("1.1 (2)", 1)


def test_a_row_whose_key_and_text_are_of_two_steps_is_told_and_not_taken(
    book: Path, handed: dict[str, Path]
) -> None:
    def swapped(held: Workbook) -> None:
        page, at = held.worksheets[0], rows(held.worksheets[0])
        one, other = (page.cell(at[no], TABLE.column_number("key")) for no in ("1.1 (2)", "3.1 (4)"))
        one.value, other.value = other.value, one.value

    fill(handed[FINANCE], {"1.1 (2)": done("แถวสลับ")}, change=swapped)
    found = shown(book, handed[FINANCE])
    assert not found.entries
    assert {Code.FORM_ROW_UNKNOWN} == {*codes(found.findings)}
    assert any("แถวสลับ" in str(finding.values["value"]) for finding in found.findings)


# ---- which of two answers holds ----


def test_a_newer_answer_takes_the_place_of_the_one_that_it_was_made_from(
    book: Path, handed: dict[str, Path]
) -> None:
    fill(handed[WORKS], {"2.1 (1)": doing("ครั้งแรก")})
    collected(book, handed[WORKS])
    again = split.hand_out(book, book.parent / "รอบสอง", FEBRUARY, only=[WORKS]).files[0]
    fill(again, {"2.1 (1)": done("ครั้งที่สอง")})
    assert fates(collected(book, again)) == [Fate.REPLACES]
    assert [(line["done"], line["state"]) for line in journal(book)] == [
        ("ครั้งแรก", "มีฉบับใหม่แทน"),
        ("ครั้งที่สอง", "ใช้อยู่"),
    ]
    assert fates(collected(book, handed[WORKS])) == [Fate.OLDER], "the first form again is known as the older one"


def test_a_form_that_counts_further_replaces_what_it_said_before(book: Path, handed: dict[str, Path]) -> None:
    fill(handed[WORKS], {"2.1 (1)": doing()})
    collected(book, handed[WORKS])
    fill(handed[WORKS], {"2.1 (1)": done()}, counter=2)
    assert fates(collected(book, handed[WORKS])) == [Fate.REPLACES]


def test_two_answers_of_which_none_is_the_other_s_ancestor_wait_for_a_person(
    book: Path, handed: dict[str, Path]
) -> None:
    other = book.parent / "สำเนา.xlsx"
    other.write_bytes(handed[WORKS].read_bytes())
    fill(handed[WORKS], {"2.1 (1)": done("คนที่หนึ่ง")})
    fill(other, {"2.1 (1)": doing("คนที่สอง")})
    found, outcome = collect.store(book, [handed[WORKS], other], FEBRUARY)
    assert fates(found) == [Fate.NEW, Fate.CONFLICT]
    assert Code.ANSWERS_DIFFER in codes(outcome.findings)
    choose(book, "คนที่สอง")
    assert Code.ANSWERS_DIFFER not in codes(jobs.run(book).findings)
    assert [(line["done"], line["state"]) for line in journal(book)] == [
        ("คนที่หนึ่ง", "มีฉบับใหม่แทน"),
        ("คนที่สอง", "ใช้อยู่"),
    ]
    later = split.hand_out(book, book.parent / "รอบสอง", FEBRUARY, only=[WORKS]).files[0]
    fill(later, {"2.1 (1)": done("ตกลงกันแล้ว")})
    collected(book, later)
    assert [(line["use"], line["state"]) for line in journal(book)][-2:] == [
        (None, "มีฉบับใหม่แทน"),
        (None, "ใช้อยู่"),
    ]


def choose(book: Path, text: str) -> None:
    """Choose an answer in the journal."""
    held = openpyxl.load_workbook(book)
    page = held[ANSWERS.title]
    for row in range(JOURNAL.first_row, page.max_row + 1):
        if page.cell(row, JOURNAL.column_number("done")).value == text:
            page.cell(row, JOURNAL.column_number("use")).value = "ใช้"
    book.write_bytes(saved(held))


@pytest.mark.parametrize("names", [("ก.xlsx", "ข.xlsx"), ("ข.xlsx", "ก.xlsx")])
def test_of_one_form_sent_twice_the_counter_tells_the_later_one_whatever_the_files_are_called(
    book: Path, handed: dict[str, Path], names: tuple[str, str]
) -> None:
    first, second = (book.parent / name for name in names)
    for path, text, counter in ((first, "ฉบับแรก", 1), (second, "ฉบับหลัง", 2)):
        path.write_bytes(handed[WORKS].read_bytes())
        fill(path, {"2.1 (1)": doing(text)}, counter=counter)
    collected(book, *sorted((first, second)))
    assert [line["done"] for line in journal(book) if line["state"] == "ใช้อยู่"] == ["ฉบับหลัง"]


def test_an_emptied_answer_is_kept_and_told(book: Path, handed: dict[str, Path]) -> None:
    fill(handed[WORKS], {"2.1 (1)": done("เคยส่ง")})
    collected(book, handed[WORKS])
    fill(handed[WORKS], {"2.1 (1)": dict.fromkeys(("status", "percent", "done"))}, counter=2)
    found = collected(book, handed[WORKS])
    assert fates(found) == [Fate.EMPTIED] and codes(found.findings) == [Code.ANSWER_EMPTIED]
    assert [line["done"] for line in journal(book)] == ["เคยส่ง"]


def test_a_form_that_says_nothing_yet_is_no_answer(book: Path, handed: dict[str, Path]) -> None:
    assert not shown(book, *handed.values()).entries


# ---- forms that are not what they should be ----


def test_a_form_of_another_agency_or_year_is_named_and_the_others_are_taken(
    book: Path, handed: dict[str, Path], tmp_path: Path
) -> None:
    for field, value in (("agency", "เทศบาลตำบลอื่น"), ("year", 2564)):
        other = parent(tmp_path)
        held = openpyxl.load_workbook(other)
        held[HOME.title][HOME.field(field).cell] = value  # type: ignore[arg-type]
        other = tmp_path / "อื่น.xlsx"
        other.write_bytes(saved(held))
        if field == "year":
            continue  # its structure is another's; the marks are changed below
        foreign = split.hand_out(other, tmp_path / "อื่น", NOVEMBER, only=[WORKS]).files[0]
        fill(foreign, {"2.1 (1)": done()})
        fill(handed[PEOPLE], {"2.1 (2)": done()})
        found = shown(book, foreign, handed[PEOPLE])
        assert codes(found.findings) == [Code.FORM_OF_ANOTHER] and fates(found) == [Fate.NEW]

    def last_year(held: Workbook) -> None:
        held[FORM_MARKS]["B3"] = 2565

    found = shown(book, fill(handed[WORKS], {"2.1 (1)": done()}, change=last_year))
    assert codes(found.findings) == [Code.FORM_OF_ANOTHER] and found.findings[0].values["year"] == 2565


def test_a_form_of_an_earlier_plan_is_named_and_its_answers_go_with_their_steps(
    book: Path, handed: dict[str, Path]
) -> None:
    held = openpyxl.load_workbook(book)
    block, page = MEASURES.block("measures"), held[MEASURES.title]
    for row in range(block.first_row, page.max_row + 1):
        if page.cell(row, block.column_number("responsible")).value == HEALTH:
            page.cell(row, block.column_number("responsible")).value = OFFICE
    book.write_bytes(saved(held))
    jobs.run(book)
    fill(handed[HEALTH], {"1.2 (4)": done("ของหน่วยงานเดิม")})
    found = collected(book, handed[HEALTH])
    assert codes(found.findings) == [Code.FORM_OF_OTHER_PLAN, Code.OFFICE_NOT_IN_PLAN]
    assert [line["done"] for line in journal(book)] == ["ของหน่วยงานเดิม"]


def test_answers_on_a_step_that_was_taken_out_are_kept_and_counted(book: Path, handed: dict[str, Path]) -> None:
    fill(handed[WORKS], {"2.1 (1)": done("ขั้นตอนที่ถูกถอน"), "1.2 (1)": done()})
    collected(book, handed[WORKS])
    held = openpyxl.load_workbook(book)
    block, page = MEASURES.block("measures"), held[MEASURES.title]
    row = next(r for r in range(block.first_row, page.max_row + 1) if page.cell(r, 11).value == "assets/I20/1")
    page.delete_rows(row)
    book.write_bytes(saved(held))
    outcome = jobs.run(book)
    (told,) = [finding for finding in outcome.findings if finding.code == Code.ANSWERS_WITHOUT_STEP]
    assert told.values["items"] == 1
    assert "ขั้นตอนที่ถูกถอน" in {line["done"] for line in journal(book)}


def test_a_form_with_macros_is_refused_with_the_reason(book: Path, handed: dict[str, Path]) -> None:
    with zipfile.ZipFile(handed[WORKS], "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")
    assert codes(shown(book, handed[WORKS]).findings) == [Code.FORM_WITH_MACROS]


@pytest.mark.parametrize("name", ["reference-2565.xlsx", "scores-2565.csv"])
def test_what_is_no_form_is_named(book: Path, samples: Path, name: str) -> None:
    found = shown(book, samples / name, book.parent / "ไม่มี.xlsx")
    assert len(found.findings) == 2 and not found.forms


def test_a_folder_without_forms_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable) as refused:
        collect.forms_in([tmp_path])
    assert refused.value.findings[0].code == Code.NO_FORM


def test_without_its_marks_a_form_is_matched_by_what_it_shows_once_a_person_confirms(
    book: Path, handed: dict[str, Path]
) -> None:
    def without_marks(held: Workbook) -> None:
        del held[FORM_MARKS]

    path = fill(handed[WORKS], {"2.1 (1)": done("ไม่มีแผ่นงานซ่อน")}, change=without_marks)
    found = shown(book, path)
    assert codes(found.findings) == [Code.FORM_UNMARKED] and not found.entries
    assert found.findings[0].values["office"] == WORKS
    assert fates(collected(book, path, accept=path.name)) == [Fate.NEW]
    fill(path, {"2.1 (1)": doing("แก้แล้ว")}, counter=2)
    assert fates(shown(book, path, accept=path.name)) == [Fate.CONFLICT], "nobody knows what it was made from"


def test_what_was_written_outside_the_cells_is_told(book: Path, handed: dict[str, Path]) -> None:
    def scribbled(held: Workbook) -> None:
        page = held.worksheets[0]
        page["P3"], page["C30"], page["P8"] = "โทรกลับด้วย", "ขอเพิ่มขั้นตอน", "ดูหน้า 2"
        page["H8"].comment = Comment("รอผู้อำนวยการ", "x")
        page.cell(rows(page)["2.1 (1)"], TABLE.column_number("due")).value = "มีนาคม 2566"
        held.create_sheet("บันทึก")["A1"] = "ข้อความในแผ่นงานใหม่"

    found = shown(book, fill(handed[WORKS], {"2.1 (1)": done()}, change=scribbled))
    told = " ".join(str(finding.values["value"]) for finding in found.findings)
    for text in ("โทรกลับด้วย", "ขอเพิ่มขั้นตอน", "ดูหน้า 2", "รอผู้อำนวยการ", "มีนาคม 2566", "ข้อความในแผ่นงานใหม่"):
        assert text in told
    assert fates(found) == [Fate.NEW]


@pytest.mark.parametrize("percent", [101, -1, "ครึ่งหนึ่ง", "120%"])
def test_a_percentage_that_is_none_is_kept_as_typed_and_told(
    book: Path, handed: dict[str, Path], percent: object
) -> None:
    found = collected(book, fill(handed[WORKS], {"2.1 (1)": {"percent": percent}}))
    assert Code.PERCENT_UNUSABLE in codes(found.findings)
    assert str(journal(book)[0]["percent"]) == str(percent)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(dt.date(2022, 12, 1), "1 ธ.ค. 2565"), ("1/12/2565", "1/12/2565"), ("1/12/2022", "1/12/2022")],
)
def test_days_of_both_calendars_are_read_and_kept_as_typed(
    book: Path, handed: dict[str, Path], typed: object, kept: str
) -> None:
    found = collected(book, fill(handed[WORKS], {"2.1 (1)": done(day=typed)}))
    assert not found.findings and journal(book)[0]["day"] == kept
    assert any(value == "1 ธันวาคม 2565" for value in everything(book).values())


def test_a_day_that_is_none_is_told(book: Path, handed: dict[str, Path]) -> None:
    found = shown(book, fill(handed[WORKS], {"2.1 (1)": done(day="เมื่อวาน")}))
    assert codes(found.findings) == [Code.ANSWER_DAY_UNUSABLE]


def test_a_text_that_would_be_a_formula_stays_a_text(book: Path, handed: dict[str, Path]) -> None:
    def formula(held: Workbook) -> None:
        page = held.worksheets[0]
        cell = page.cell(rows(page)["2.1 (1)"], TABLE.column_number("done"))
        cell.value, cell.data_type = "=HYPERLINK(0)", "s"

    collected(book, fill(handed[WORKS], {"2.1 (1)": {"status": "แล้วเสร็จ"}}, change=formula))
    page = openpyxl.load_workbook(book)[ANSWERS.title]
    cell = page.cell(JOURNAL.first_row, JOURNAL.column_number("done"))
    assert (cell.value, cell.data_type) == ("=HYPERLINK(0)", "s")
    assert not any(one.hyperlink for row in page.iter_rows(min_row=JOURNAL.first_row) for one in row)
