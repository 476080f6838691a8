"""The report of results: what was planned, done and reached in a period, and the next result beside it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import docx
import pikepdf
import pytest
from click.testing import CliRunner, Result
from msgspec import structs

from ita_xl import carry, pipeline
from ita_xl.cli import cli
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.engines.moves import Shift
from ita_xl.engines.package.engine import Package
from ita_xl.layout import ANSWERS, FOLLOW, HOME, MEASURES, RESULTS, SCORES, STATED, TRACKING, Sheet
from ita_xl.layout.keys import BlockKey, FieldKey
from ita_xl.new import new
from ita_xl.reading import score_file
from ita_xl.reading.places import standing_sheet
from ita_xl.report import making
from ita_xl.report.description import Document, Heading, Paragraph, Table, Title, plain
from ita_xl.report.movement import read_after
from ita_xl.report.official import finished
from ita_xl.report.pdf.content import as_data
from ita_xl.report.results import Asked, findings, results
from ita_xl.report.source import source_of
from tests.test_report import blocks, cells, tables
from tests.worked_in import SAMPLE, Worked, ran, row_of

SAMPLES = SAMPLE.parent
STEP, OTHER = "service-improve/E11/1", "assets/I20/2"
CAUTION = "การเปลี่ยนแปลงของคะแนนมิใช่ข้อพิสูจน์"

Answered = Mapping[str, str | int]


def answer(step: str, office: str, quarter: int, status: str, **told: str | int) -> Answered:
    return {"key": step, "office": office, "quarter": quarter, "status": status, **told}


TRAINED = (
    answer(STEP, "กองการเจ้าหน้าที่", 1, "อยู่ระหว่างดำเนินการ", percent=40, done="จัดทำหลักสูตร", obstacle="ยังไม่มีวิทยากร"),
    answer(STEP, "กองการเจ้าหน้าที่", 2, "แล้วเสร็จ", done="อบรม 45 คน", link="https://example.go.th/a.pdf"),
    answer(OTHER, "กองคลัง", 3, "แล้วเสร็จ", done="เปิดระบบยืม"),
)


def put(port: Package, sheet: Sheet, block: BlockKey, key: str, **typed: str) -> None:
    """Type into the row with a key."""
    table = standing_sheet(port, sheet, sheet.title).block(block)
    row = row_of(port, sheet, key, table)
    for column, text in typed.items():
        port.write(sheet.title, row, table.column_number(column), [[text]])  # type: ignore[arg-type]


def book(answers: Sequence[Answered] = TRAINED, day: str = "20 เมษายน 2566") -> Package:
    """The sample, run, with answers of offices."""
    port = Package(ran(), "x.xlsx")
    table = standing_sheet(port, ANSWERS, ANSWERS.title).block("answers")
    for row, one in enumerate(answers, table.first_row):
        for column, content in one.items():
            port.write(ANSWERS.title, row, table.column_number(column), [[content]])  # type: ignore[arg-type]
    port.write(FOLLOW.title, *FOLLOW.field("as_of").at, [[day]])
    return port


def reported(port: Package, months: int = 12, after: bytes | None = None) -> Document:
    source = source_of(port)
    next_year = read_after(after, "next.xlsx", source.outcome) if after else None
    return results(source, Asked(months, next_year))


def whole(document: Document) -> str:
    """Everything that it says."""
    said: list[str] = []
    for block in blocks(document):
        match block:
            case Table(header=header, rows=rows):
                said += (plain(cell.text) for row in (*header, *rows) for cell in row.cells)
            case Paragraph(text=text) | Heading(text=text):
                said.append(plain(text))
            case Title(lines=lines):
                said += lines
    return "\n".join(said)


def counted(document: Document) -> dict[str, list[str]]:
    """The first table: by the number of the measure."""
    table = next(block for block in blocks(document) if isinstance(block, Table))
    return {row[0].split()[0]: row[1:] for row in cells(table)}


def step(document: Document, number: str) -> list[str]:
    """The row of a step."""
    return next(row for table in tables(document).values() for row in cells(table) if row[0].startswith(number))


def about(document: Document, name: str) -> str:
    """What is said of a measure as a whole."""
    table = next(one for one in tables(document).values() if any(row.group for row in one.rows))
    place = next(at for at, row in enumerate(cells(table)) if row[0].startswith(name))
    return cells(table)[place + 1][0]


# ---- periods ----


def test_half_a_year_is_october_to_march_of_the_plans_year_and_says_so() -> None:
    half, year = whole(reported(book(), 6)), whole(reported(book()))
    assert "รอบ 6 เดือน (วันที่ 1 ตุลาคม 2565 ถึงวันที่ 31 มีนาคม 2566)" in half
    assert "รอบ 12 เดือน (วันที่ 1 ตุลาคม 2565 ถึงวันที่ 30 กันยายน 2566)" in year
    assert "เปิดระบบยืม" in year and "เปิดระบบยืม" not in half


def test_a_step_shows_what_each_quarter_of_the_period_brought_and_its_last_status() -> None:
    row = step(reported(book(), 6), "1.2 (1)")
    assert row[1:4] == ["กองการเจ้าหน้าที่", "มีนาคม 2566", "แล้วเสร็จ"]
    assert row[4] == "ไตรมาสที่ 1: จัดทำหลักสูตร\nไตรมาสที่ 2: อบรม 45 คน"
    assert row[5] == "ยังไม่มีวิทยากร"
    assert row[6].endswith("\nhttps://example.go.th/a.pdf")


def test_what_is_due_after_the_period_is_not_late_in_it() -> None:
    port = book(day="31 สิงหาคม 2566")
    assert "เกินกำหนด" not in step(reported(port, 6), "1.2 (6)")[3]  # due in May
    assert "เกินกำหนด 92 วัน" in step(reported(port), "1.2 (6)")[3]


def test_steps_are_counted_by_measure_and_by_office() -> None:
    half, year = counted(reported(book(), 6)), counted(reported(book()))
    # planned, done, late on 20 April, not heard of
    assert half["1.2"][:4] == ["6", "1", "3", "5"]
    assert half["2.1"][:4] == ["2", "0", "1", "2"]
    assert year["2.1"][:4] == ["2", "1", "1", "1"]
    assert year["รวม"][:4] == ["16", "2", "8", "14"]
    (offices,) = (
        cells(one)
        for one in tables(reported(book())).values()
        if len(one.columns) == 5 and "แต่ละหน่วยงาน" in one.summary
    )
    assert ["กองคลัง", "2", "1", "1", "1"] in offices


def test_a_step_of_several_offices_has_a_row_for_each() -> None:
    port = book()
    put(port, MEASURES, "measures", STEP, responsible="กองการเจ้าหน้าที่, กองคลัง")
    rows = next(cells(one) for one in tables(reported(port)).values() if any(row.group for row in one.rows))
    at = next(place for place, row in enumerate(rows) if row[0].startswith("1.2 (1)"))
    assert (rows[at][1], rows[at + 1][0]) == ("กองการเจ้าหน้าที่", "กองคลัง")
    assert "ยังไม่ได้รับรายงาน" in rows[at + 1][2]


def test_a_step_of_which_nothing_was_heard_says_so() -> None:
    row = step(reported(book(), 6), "1.1 (2)")
    assert row[3:] == ["ยังไม่ได้รับรายงาน\n(ครบกำหนดหลังรอบรายงานนี้)", "-", "-", "-"]


def test_without_a_day_nothing_is_counted_as_late_and_a_note_names_the_cell() -> None:
    source = source_of(book(day=""))
    assert counted(results(source))["รวม"][2] == "-"
    (found,) = findings(source, Asked())
    assert (found.code, found.cell) == (Code.FOLLOW_WITHOUT_DAY, FOLLOW.field("as_of").cell)


# ---- a person's words ----


def test_what_a_person_typed_stands_for_what_the_offices_answered() -> None:
    port = book()
    put(port, RESULTS, "results", "service-improve", result="อบรมแล้ว  45 คน (แก้ไข)", achieved="บรรลุบางส่วน")
    said = whole(reported(port))
    assert "ผลการดำเนินการ: อบรมแล้ว  45 คน (แก้ไข)" in said
    assert "อบรม 45 คน" not in said
    assert "การบรรลุผล: บรรลุบางส่วน" in about(reported(port), "1.2 ")
    assert step(reported(port), "1.2 (1)")[4] == "รายงานไว้ในผลของมาตรการข้างต้น"


def test_a_quarter_that_a_person_typed_stands_for_the_answers_of_that_quarter_alone() -> None:
    port = book()
    put(port, TRACKING, "tracking", "service-improve", quarter1="ทำหลักสูตรเสร็จ", quarter3="ขยายผล")
    half, year = reported(port, 6), reported(port)
    assert "ไตรมาสที่ 1: ทำหลักสูตรเสร็จ" in about(half, "1.2 ") and "ขยายผล" not in whole(half)
    assert "ไตรมาสที่ 3: ขยายผล" in about(year, "1.2 ")
    assert step(half, "1.2 (1)")[4] == "ไตรมาสที่ 2: อบรม 45 คน"


def test_typed_obstacles_and_links_stand_for_those_of_the_steps() -> None:
    port = book()
    put(port, TRACKING, "tracking", "service-improve", remark="ขาดงบประมาณ")
    put(port, RESULTS, "results", "service-improve", link="https://example.go.th/b")
    document = reported(port)
    assert "ปัญหา อุปสรรค และข้อเสนอแนะ: ขาดงบประมาณ" in about(document, "1.2 ")
    assert "ลิงก์หลักฐาน: https://example.go.th/b" in about(document, "1.2 ")
    assert "ยังไม่มีวิทยากร" not in whole(document) and "a.pdf" not in whole(document)


def test_what_was_typed_about_no_period_is_noted_in_the_report_on_half_a_year() -> None:
    port = book()
    put(port, RESULTS, "results", "assets", result="ครบถ้วน")
    source = source_of(port)
    assert [one.code for one in findings(source, Asked(6))] == [Code.TYPED_FOR_WHOLE_YEAR]
    assert not list(findings(source, Asked(12)))


def test_the_result_stands_beside_the_indicator_of_success() -> None:
    port = book()
    put(port, MEASURES, "measures", "service-improve", success="ผู้ผ่านการอบรม", goal="ร้อยละ 80")
    said = about(reported(port), "1.2 ")
    assert "ตัวชี้วัดความสำเร็จ: ผู้ผ่านการอบรม\nค่าเป้าหมาย: ร้อยละ 80" in said
    assert "ผลเทียบกับตัวชี้วัดความสำเร็จ: บรรลุบางส่วน (สรุปจากสถานะของขั้นตอน)" in said
    assert "การบรรลุผล: ยังไม่ได้รายงาน" in about(reported(port), "1.1 ")


def test_a_report_on_what_is_not_in_the_plan_is_not_lost() -> None:
    port = Package(ran(), "x.xlsx")
    table = standing_sheet(port, RESULTS, RESULTS.title).block("results")
    row = row_of(port, RESULTS, "ita-action", table) + 1
    port.change_rows(Shift(RESULTS.title, {row: 1}))
    for column, text in (("measure", "กิจกรรมพิเศษ"), ("result", "จัดแล้ว")):
        port.write(RESULTS.title, row, table.column_number(column), [[text]])  # type: ignore[arg-type]
    assert "ผลการดำเนินการ: จัดแล้ว" in about(reported(port), "กิจกรรมพิเศษ")


# ---- the next result beside it ----


def _of(year: int, **scores: float) -> Package:
    """A workbook of the sample's agency with the figures of 2565 as those of a year, some of them others; run."""
    entries, _ = score_file.read(SAMPLES / "scores-2565.csv", profiles.profile(2565).tree, 2565)
    about: dict[FieldKey, str] = {"agency": "องค์การบริหารส่วนจังหวัดพิษณุโลก"}
    port = Package(
        new(
            profiles.profile(year), about, [structs.replace(e, year=year) for e in entries if e.year == 2565]
        ).to_bytes(),
        "y.xlsx",
    )
    content = Worked(port.to_bytes()).scored(**scores) if scores else port.to_bytes()
    port = Package(content, "y.xlsx")
    pipeline.run(port)
    return port


@cache
def earlier() -> bytes:
    return _of(2564).to_bytes()


@cache
def later() -> bytes:
    """Of the year after it, in which I13 rose from 84.05 to 90.00."""
    return Worked(SAMPLE.read_bytes()).scored(I13=90.0)


def moved(document: Document) -> list[list[str]]:
    (table,) = (one for one in tables(document).values() if "ผลต่าง" in one.summary)
    return [row[-4:] for row in cells(table)]


def test_the_movement_of_a_measures_codes_is_exact_at_two_decimals() -> None:
    rows = moved(reported(Package(earlier(), "x.xlsx"), after=later()))
    assert [row[1:] for row in rows if row[0].startswith("I13 ")] == [["84.05", "90.00", "+5.95"]]
    assert [row[1:] for row in rows if row[0].startswith("I14 ")] == [["79.65", "79.65", "0.00"]]
    # (84.05 + 79.65) / 2 = 81.85; (90.00 + 79.65) / 2 = 84.825, half up 84.83
    assert ["ค่าเฉลี่ย", "81.85", "84.83", "+2.98"] in rows
    assert [row[1:] for row in rows if row[0].startswith("E1 ")] == [["93.06", "93.06", "0.00"]]


def test_the_sheet_of_last_years_measures_says_the_same_and_its_movement_is_in_that_years_own_report() -> None:
    last = carry.last_year(Package(earlier(), "x.xlsx"), "x.xlsx")
    found = carry.carry(last, profiles.profile(2565))
    entries, _ = score_file.read(SAMPLES / "scores-2565.csv", profiles.profile(2565).tree, 2565)
    port = new(profiles.profile(2565), {}, [*found.entries, *(e for e in entries if e.year == 2565)], found.kept)
    following = Package(Worked(port.to_bytes()).scored(I13=90.0), "n.xlsx")
    pipeline.run(following)
    document = reported(following)
    (table,) = (one for one in tables(document).values() if "ปีที่ผ่านมา" in one.summary)
    row = next(row for row in cells(table) if row[1] == "I13, I14")
    assert row[3:5] == ["81.85", "84.83"]
    assert CAUTION in whole(document)
    ours = reported(Package(earlier(), "x.xlsx"), after=following.to_bytes())
    assert ["ค่าเฉลี่ย", "81.85", "84.83", "+2.98"] in moved(ours)


def test_the_caution_stands_wherever_movement_is_shown_and_nowhere_else() -> None:
    assert CAUTION in whole(reported(Package(earlier(), "x.xlsx"), after=later()))
    assert CAUTION not in whole(reported(Package(earlier(), "x.xlsx")))


def test_codes_that_mean_something_else_next_year_are_named_and_their_indicator_is_shown() -> None:
    source = source_of(Package(ran(), "x.xlsx"))
    next_year = Package(new(profiles.profile(2566), {"agency": source.agency}).to_bytes(), "n.xlsx")
    _stated(next_year, {"3": 92.0})
    after = read_after(next_year.to_bytes(), "n.xlsx", source.outcome)
    asked = Asked(after=after)
    (foreign,) = (one for one in findings(source, asked) if one.code is Code.AFTER_CODES_FOREIGN)
    assert "I13" in str(foreign.values["codes"])
    rows = moved(results(source, asked))
    assert ["91.38", "92.00", "+0.62"] in [row[1:] for row in rows if "ตัวชี้วัดที่ครอบคลุม: 3 " in row[0]]


def _stated(port: Package, scores: Mapping[str, float]) -> None:
    table, grid = STATED.block("stated"), port.read(STATED.title)
    for row in range(table.first_row, table.last_row + 1):
        code = str(grid.at(row, table.column_number("code")))
        if code in scores:
            port.write(STATED.title, row, table.column_number("y0"), [[scores[code]]])


def test_scores_that_are_missing_or_that_both_workbooks_tell_otherwise_are_named() -> None:
    source = source_of(Package(earlier(), "x.xlsx"))
    port = Package(Worked(SAMPLE.read_bytes()).scored(I14=None), "n.xlsx")
    table, grid = SCORES["IIT"].block("scores"), port.read(SCORES["IIT"].title)
    row = next(
        r for r in range(table.first_row, table.last_row + 1) if grid.at(r, table.column_number("code")) == "I13"
    )
    port.write(SCORES["IIT"].title, row, table.column_number("y1"), [[84.06]])
    asked = Asked(after=read_after(port.to_bytes(), "n.xlsx", source.outcome))
    found = {one.code: one.values.get("codes") for one in findings(source, asked)}
    assert found[Code.AFTER_WITHOUT_SCORES] == "I14"
    assert found[Code.AFTER_SAYS_OTHERWISE] == "I13"
    assert [row[2] for row in moved(results(source, asked)) if row[0].startswith("I14 ")] == ["-"]


def refused(before: bytes, after: bytes) -> Code:
    with pytest.raises(Unusable) as caught:
        read_after(after, "n.xlsx", source_of(Package(before, "x.xlsx")).outcome)
    return caught.value.findings[0].code


def test_only_the_next_years_workbook_of_the_same_agency_is_taken() -> None:
    assert refused(ran(), ran()) is Code.AFTER_OF_OTHER_YEAR
    assert refused(ran(), earlier()) is Code.AFTER_OF_OTHER_YEAR
    port = Package(later(), "n.xlsx")
    port.write(HOME.title, *HOME.field("agency").at, [["เทศบาลเมืองอื่น"]])
    assert refused(earlier(), port.to_bytes()) is Code.AFTER_OF_OTHER_AGENCY
    port.write(HOME.title, *HOME.field("year").at, [[None]])
    assert refused(earlier(), port.to_bytes()) is Code.AFTER_UNUSABLE
    assert refused(earlier(), b"no workbook at all").startswith("E1")


# ---- both formats, and the command ----


def asked(*words: object) -> Result:
    return CliRunner().invoke(cli, ["report", *map(str, words)])


def squeezed(text: str) -> str:
    """Letters and digits: neither format keeps where lines end."""
    return re.sub(r"[\s\u200b]+", "", text)


def test_word_and_pdf_say_the_same() -> None:
    port = book()
    document = reported(port, 6)
    word, pdf = (paper.content for paper in making.papers(port, making.Wishes(("results",), months=6)).made)
    body = docx.Document(io.BytesIO(word)).element.body
    in_word = squeezed("".join(t.text or "" for t in body.iter("{*}t")))
    drawn = squeezed(str(as_data(document)))  # what the PDF is drawn from; bold parts stand by themselves there
    assert "อบรม 45 คน" in whole(document)
    for line in whole(document).split("\n"):
        assert squeezed(line) in in_word
        assert all(squeezed(part) in drawn for part in line.split(": ") if not part.startswith("https"))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert all(float(page.mediabox[2]) > float(page.mediabox[3]) for page in opened.pages)


def test_all_numbers_may_be_in_thai_digits() -> None:
    document = finished(reported(book(), 6), thai_digits=True, draft=False)
    said = re.sub(r"https://\S+|[IEO]\d+", "", whole(document))
    assert "รอบ ๖ เดือน" in said and not re.search("[0-9]", said)


def test_the_name_of_the_file_says_the_period(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(ran())
    for months in ((), ("--months", 6), ("--months", 12)):
        assert asked(path, "--kind", "results", "--docx", *months).exit_code == 0
    names = sorted(one.stem.rpartition(" ")[0] for one in tmp_path.glob("*.docx"))
    assert names == ["รายงานผลการดำเนินการตามมาตรการ 2565", "รายงานผลการดำเนินการตามมาตรการ รอบ 6 เดือน 2565"]


def test_the_options_of_the_report_of_results_are_refused_without_it(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(ran())
    for options in (("--months", 6), ("--after", path)):
        refused = asked(path, *options)
        assert refused.exit_code == 2 and f"{options[0]} ใช้กับรายงานผล" in refused.output
    both = asked(path, "--kind", "analysis", "--kind", "results", "--docx", "--months", 6)
    assert both.exit_code == 0
    assert asked(path, "--kind", "results", "--months", 9).exit_code == 2


def test_another_agencys_or_years_workbook_makes_no_document(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(ran())
    result = asked(path, "--kind", "results", "--after", path)
    assert result.exit_code == 1 and Code.AFTER_OF_OTHER_YEAR in result.output
    assert [one.name for one in tmp_path.iterdir()] == ["x.xlsx"]
    assert asked(path, "--kind", "results", "--after", tmp_path / "none.xlsx").exit_code == 3


def test_a_draft_is_marked_and_so_is_a_report_whose_next_result_has_errors() -> None:
    def marked(wishes: making.Wishes) -> bool:
        (paper,) = making.papers(Package(earlier(), "x.xlsx"), wishes).made
        parts = zipfile.ZipFile(io.BytesIO(paper.content))
        return any("ร่าง" in parts.read(name).decode() for name in parts.namelist() if "header" in name)

    plain_one = making.Wishes(("results",), (making.DOCX,), after=SAMPLE.read_bytes(), after_name="n.xlsx")
    broken = Worked(SAMPLE.read_bytes()).scored(I1=777.0)
    assert not marked(plain_one)
    assert marked(replace(plain_one, draft=True))
    assert marked(replace(plain_one, after=broken))


@pytest.mark.parametrize("months", [6, 12])
@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_every_sample_makes_it_without_empty_tables_or_placeholders(sample: Path, months: int) -> None:
    port = Package(sample.read_bytes(), sample.name)
    pipeline.run(port)
    document = reported(port, months)
    assert all(table.rows for table in tables(document).values())
    assert "{" not in whole(document) and "None" not in whole(document)
