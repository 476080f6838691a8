"""Results come in from what an agency has: shown first, written only when wanted, and never over another value."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pytest
from openpyxl.worksheet.properties import PageSetupProperties

from ita_xl import jobs, pipeline
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.domain.tree import INSTRUMENTS, Kind
from ita_xl.engines.package.engine import Package
from ita_xl.importing import job, readers
from ita_xl.importing.compare import Entry, Status
from ita_xl.importing.source import Source
from ita_xl.layout import COMMENTS, IMPORTED, SCORES, STATED
from ita_xl.new import new
from tests.conftest import Ita

AGENCY = "องค์การบริหารส่วนตำบลบ้านตัวอย่าง"
DAY = "1 ตุลาคม 2565"
NAME_OF_I1 = profiles.profile(2565).tree["I1"].name


@cache
def empty(year: int) -> bytes:
    return new(profiles.profile(year), {"agency": AGENCY}).to_bytes()


def found(
    text: str | bytes, year: int = 2565, name: str = "ผล.txt", wishes: job.Wishes | None = None
) -> job.Preview:
    content = text.encode() if isinstance(text, str) else text
    return job.preview(empty(year), "x.xlsx", [readers.read_content(content, name)], wishes or job.Wishes())


def values(preview: job.Preview) -> dict[tuple[str, int], float | str]:
    """What would be written, by code and year."""
    entries = [entry for entry in preview.entries if entry.status is Status.NEW]
    return {(e.fact.code, e.fact.year): _plain(e.fact.value) for e in entries}


def _plain(value: Fraction | str) -> float | str:
    return value if isinstance(value, str) else float(value)


def of(preview: job.Preview, code: str, year: int = 2565) -> Entry:
    return next(entry for entry in preview.entries if (entry.fact.code, entry.fact.year) == (code, year))


def refused(content: bytes, name: str = "ผล.txt", year: int = 2565) -> list[Code]:
    with pytest.raises(Unusable) as error:
        found(content, year, name)
    return [finding.code for finding in error.value.findings]


# ---- what is recognised ----

NAMES = {
    "1": "การปฏิบัติหน้าที่",
    "2": "การใช้งบประมาณ",
    "3": "การใช้อ\u0e4d\u0e32นาจ",
    "4": "การใช้ทรัพย์สินของราชการ",
    "5": "การแก้ไขปัญหาการทุจริต",
    "6": "คุณภาพการดำเนินงาน",
    "7": "ประสิทธิภาพการสื่อสาร",
    "8": "ปรับปรุงระบบการทำงาน",
    "9": "การเปิดเผยข้อมูล",
    "10": "การป้องกันการทุจริต",
}
SCORES_65 = {code: 80 + place for place, code in enumerate(NAMES)}


def test_indicators_in_any_order_are_known_by_their_names_in_many_spellings() -> None:
    rows = [f"{rank}\t{NAMES[code]}\t{SCORES_65[code]}.25" for rank, code in enumerate(reversed(NAMES), 1)]
    got = values(found("อันดับ\tตัวชี้วัด\tคะแนน\n" + "\n".join(rows)))
    assert got == {(code, 2565): score + 0.25 for code, score in SCORES_65.items()}


CODES = ["I1", "i1", "ข้อ I 1", "I-1", "I๑", "ข้อที่ I1"]


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_known_as_people_write_it(code: str) -> None:
    assert values(found(f"รหัส\tคะแนน\n{code}\t93.68")) == {("I1", 2565): 93.68}


def test_codes_that_lost_their_letter_are_known_inside_the_part_of_their_instrument() -> None:
    lines = ["แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)", "ประเด็นการประเมิน\tคะแนนที่ได้"]
    lines += [f"1{number} บุคลากรในหน่วยงานข้อ {number}\t{60 + number}" for number in range(1, 13)]
    lines += [
        "แบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT)",
        "ประเด็นการประเมิน\t",
        "042 มาตรการส่งเสริม\t100",
        "043 การดำเนินการ\t0",
    ]
    got = values(found("\n".join(lines)))
    assert got == {(f"I{n}", 2565): 60.0 + n for n in range(1, 13)} | {("O42", 2565): 100, ("O43", 2565): 0}


@pytest.mark.parametrize(
    "head",
    ["ปี 2564\tปี 2565", "พ.ศ. 2564\tพ.ศ. 2565", "64\t65", "ปี ๒๕๖๔\tปี ๒๕๖๕", "2564\t2565", "คะแนน ปี 64\tคะแนน ปี 65"],
)
def test_years_stand_in_the_heads_of_columns(head: str) -> None:
    got = values(found(f"ตัวชี้วัด\t{head}\nการปฏิบัติหน้าที่\t94.27\t96.13"))
    assert got == {("1", 2564): 94.27, ("1", 2565): 96.13}


def test_where_heads_are_joined_the_last_columns_are_the_years() -> None:
    text = "ตัวชี้วัด\tข้อคำถาม\t\tคะแนน\t\t\n\tที่\tจำนวน\tปี 2564\tปี 2565\n1\tการปฏิบัติหน้าที่\tI1-6\t6\t94.27\t96.13"
    text += "\n\t- ข้อมูลพื้นฐาน\tO1-9\t9\t700\t900\n\t- มาตรการภายใน\tO42-43\t2\t0\t200\nรวม\t\t\t88\t81.39\t96.99"
    preview = found(text)
    assert values(preview) == {
        ("1", 2564): 94.27,
        ("1", 2565): 96.13,
        ("9.1", 2564): 700,
        ("9.1", 2565): 900,
        ("10.2", 2564): 0,
        ("10.2", 2565): 200,
        ("total", 2564): 81.39,
        ("total", 2565): 96.99,
    }
    block = STATED.block("stated")
    assert of(preview, "10.2", 2564).cell.startswith(block.letter("p1")), "points, not a score"


def test_points_may_name_their_items() -> None:
    preview = found("ตัวชี้วัด\tปี 2565\nข้อมูลพื้นฐาน\t900 / 9\nการบริหารงาน\t800 คะแนน\nมาตรการภายในเพื่อป้องกันการทุจริต\t๒๐๐")
    assert values(preview) == {("9.1", 2565): 900, ("9.2", 2565): 800, ("10.2", 2565): 200}


def test_running_text_tells_totals_years_and_levels() -> None:
    text = (
        "จากผลการประเมิน ITA ในปีงบประมาณ พ.ศ.2565 ของหน่วยงาน พบว่ามีผลคะแนน 96.99 คะแนน อยู่ในระดับ AA ดังนี้\n"
        "เมื่อเทียบกับปี 2564 หน่วยงานได้คะแนน 81.39 คะแนน และในปี 2563 มีคะแนนรวม 88.98 คะแนน อยู่ในระดับ A\n"
        "ผลการประเมิน OIT จากทั้งหมด 43 ข้อ ได้คะแนน 100 คะแนน และเป้าหมายปี 2565 คะแนนรวม 85 คะแนนขึ้นไป"
    )
    assert values(found(text)) == {
        ("total", 2565): 96.99,
        ("level", 2565): "AA",
        ("total", 2564): 81.39,
        ("total", 2563): 88.98,
        ("level", 2563): "A",
    }


def test_a_table_pasted_cell_by_cell_is_put_together() -> None:
    assert values(found("I1\n93.68\nI2\n88.43\n")) == {("I1", 2565): 93.68, ("I2", 2565): 88.43}
    text = "ผลการประเมิน\nรหัส\nประเด็น\nปี 2564\nปี 2565\n1\nการปฏิบัติหน้าที่\n94.27\n96.13\n2\nการใช้งบประมาณ\n90.69\n95.31"
    got = values(found(text))
    assert got == {("1", 2564): 94.27, ("1", 2565): 96.13, ("2", 2564): 90.69, ("2", 2565): 95.31}


def test_a_line_about_several_things_gives_each_its_own_figure() -> None:
    got = values(found("IIT 93.34 คะแนน EIT 96.63 คะแนน OIT 100 คะแนน รวม 96.99 คะแนน\n"))
    assert got == {("IIT", 2565): 93.34, ("EIT", 2565): 96.63, ("OIT", 2565): 100, ("total", 2565): 96.99}


def test_of_a_line_with_two_figures_and_one_name_nothing_is_guessed() -> None:
    assert refused("การใช้อำนาจ เดิม 90.11 ปัจจุบัน 91.38\n".encode()) == [Code.NOTHING_RECOGNISED]


def test_our_own_score_file_is_read_too(samples: Path) -> None:
    got = values(found((samples / "scores-2565.csv").read_bytes()))
    codes = {code for code, _ in got}
    assert {"I1", "E15", "O43", "1", "10", "total", "level"} <= codes
    assert (got["9.1", 2564], got["1", 2564], got["total", 2563], got["level", 2563]) == (700, 94.27, 88.98, "A")


def test_a_bare_number_is_an_indicator_only_in_a_column_of_codes() -> None:
    assert values(found("รหัส\tคะแนน\n3\t91.38\n9.1\t900")) == {("3", 2565): 91.38, ("9.1", 2565): 900}
    assert values(found("อันดับ\tคะแนน\n3\t91.38\n9.1\t900")) == {("9.1", 2565): 900}


LEVELS = [
    "ระดับผลการประเมิน ผ่านดี คะแนนรวม 90.12",
    "คะแนนรวม\t90.12\nระดับ\tผ่านดี",
    "รายการ\tปี 2567\tปี 2568\nคะแนนรวม\t\t90.12\nระดับผลการประเมิน\t\tผ่านดี",
    "ปีงบประมาณ พ.ศ. 2568 หน่วยงานได้คะแนนรวม 90.12 คะแนน อยู่ในระดับ ผ่านดี",
]


@pytest.mark.parametrize("text", LEVELS)
def test_the_level_is_known_where_pages_put_it(text: str) -> None:
    assert values(found(text, 2568)) == {("total", 2568): 90.12, ("level", 2568): "ผ่านดี"}


def test_contributions_and_ranks_are_no_scores() -> None:
    text = "ลำดับ\tเครื่องมือ\tน้ำหนัก\tคะแนน\tคะแนนถ่วงน้ำหนัก\n1\tIIT\t30\t93.34\t28.00\n"
    text += "2\tEIT\t30\t96.63\t28.99\n3\tOIT\t40\t100\t40"
    assert values(found(text)) == {("IIT", 2565): 93.34, ("EIT", 2565): 96.63, ("OIT", 2565): 100}


def test_a_dash_is_no_score() -> None:
    assert values(found("ตัวชี้วัด\tปี 2564\tปี 2565\nการใช้อำนาจ\t-\t91.38")) == {("3", 2565): 91.38}


def test_comments_of_the_authority_come_by_code() -> None:
    comment = "หน่วยงานควรนำเสนอผลงานที่แสดงให้เห็นถึงการปรับปรุงคุณภาพการดำเนินงานอย่างต่อเนื่อง"
    text = f"ข้อเสนอแนะเพิ่มเติม จากสำนักงาน ป.ป.ช.\tแนวทางการพัฒนา\nE 14 {comment}\tจัดประชุม"
    (entry,) = found(text).entries
    assert (entry.fact.code, entry.fact.value, entry.sheet) == ("E14", comment, COMMENTS.title)


@pytest.mark.parametrize(
    "name", ["รวม", "คะแนนรวม", "คะแนนรวม ITA", "ผลคะแนน ITA", "คะแนนเฉลี่ยรวม", "ค่าคะแนนรวม", "ITA"]
)
def test_a_total_is_known_under_many_names(name: str) -> None:
    assert values(found(f"รายการ\tปี 2565\n{name}\t96.99")) == {("total", 2565): 96.99}


WIDE = "หน่วยงาน\tIIT\tEIT\tOIT\tคะแนนรวม\tระดับ\nอบต. อื่น\t80\t81\t82\t81.3\tB\n" + f"{AGENCY}\t90\t91\t92\t91.1\tA"


def test_of_a_table_of_several_agencies_the_own_row_counts() -> None:
    got = values(found(WIDE))
    assert got == {
        ("IIT", 2565): 90,
        ("EIT", 2565): 91,
        ("OIT", 2565): 92,
        ("total", 2565): 91.1,
        ("level", 2565): "A",
    }
    other = found(WIDE, wishes=job.Wishes(agency="อบต. อื่น"))
    assert values(other)["total", 2565] == 81.3


def test_where_none_of_them_is_the_own_one_names_are_asked_for() -> None:
    assert refused(WIDE.replace(AGENCY, "เทศบาล").encode()) == [Code.SEVERAL_AGENCIES]


def test_two_figures_for_one_thing_are_both_named_and_neither_is_taken() -> None:
    preview = found("ตัวชี้วัด\tคะแนน\nการใช้งบประมาณ\t95.31\nการใช้อำนาจ\t91.38\n\nตัวชี้วัด\tคะแนน\nการใช้งบประมาณ\t95.13")
    assert values(preview) == {("3", 2565): 91.38}
    (said,) = [finding for finding in preview.findings if finding.code == Code.IMPORT_SAYS_TWO]
    assert said.values["value"] == "95.31" and "95.13" in str(said.values["others"])


def test_a_row_of_which_nothing_is_known_is_named() -> None:
    preview = found("ตัวชี้วัด\tคะแนน\nการใช้อำนาจ\t91.38\nการบริการอาหารกลางวัน\t77.10")
    (said,) = [finding for finding in preview.findings if finding.code == Code.IMPORT_NOT_UNDERSTOOD]
    assert "77.10" in str(said.values["value"]) and said.values["place"] == "บรรทัด 3"


def test_of_a_year_without_questions_they_come_with_their_indicators() -> None:
    lines = ["รหัส\tประเด็น\tคะแนน ปี 2569"]
    for number, code in enumerate(("1", "2", "3", "4", "5")):
        lines += [f"{code}\t{NAMES[code]}\t"]
        lines += [f"I{number * 3 + n}\tหัวข้อ {number * 3 + n}\t{80 + n}" for n in (1, 2, 3)]
    port = Package(empty(2569), "x.xlsx")
    preview = job.preview(port.to_bytes(), "x.xlsx", [readers.read_content("\n".join(lines).encode(), "ผล.txt")])
    assert len(values(preview)) == 15
    from ita_xl.importing.writing import write

    write(port, preview.inputs, preview.entries, DAY)
    outcome = pipeline.run(port)
    assert f"{outcome.points(2569, 'IIT'):.2f}" == "82.00"
    assert outcome.tree["I15"].parent == "5" and outcome.tree["I15"].name == "หัวข้อ 15"


# ---- kinds of files ----


def table() -> list[list[str]]:
    """Everything of 2565, as a page of results might have it."""
    rows = [["ตัวชี้วัด", "ประเด็น", "ปี 2564", "ปี 2565"]]
    tree = profiles.profile(2565).tree
    for instrument in INSTRUMENTS:
        rows.append([tree[instrument].name + f" ({instrument})", "", "", "90.5"])
        for indicator in tree.below(instrument, Kind.INDICATOR):
            rows.append([indicator, NAMES[indicator], "88.25", "89.75"])
            rows += [[code, f"ข้อคำถาม {code[1:]}", "", "77.5"] for code in tree.below(indicator, Kind.QUESTION)]
    return rows


def wanted() -> dict[tuple[str, int], float | str]:
    tree = profiles.profile(2565).tree
    got: dict[tuple[str, int], float | str] = {(i, 2565): 90.5 for i in INSTRUMENTS}
    got |= {(code, 2565): 89.75 for code in NAMES} | {(code, 2564): 88.25 for code in NAMES}
    return got | {(code, 2565): 77.5 for code in tree.codes(Kind.QUESTION)}


def spreadsheet(*, offset: int = 0) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "คำอธิบาย"  # type: ignore[union-attr]
    sheet = book.create_sheet("ผลคะแนน")
    for number, row in enumerate(table(), 1 + offset):
        for at, text in enumerate(row, 1 + offset):
            figure = text.replace(".", "").isdigit() and at > offset + 2
            sheet.cell(number, at).value = float(text) if figure else text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_html(encoding: str = "utf-8") -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in table())
    page = f"<html><head><meta charset='{encoding}'><script>var x='I1 55';</script></head>"
    page += "<body><p>ผลการประเมิน</p><div>"
    return (page + f"<table>{rows}</table></div></body></html>").encode(encoding, errors="replace")


def as_word() -> bytes:
    document = docx.Document()
    document.add_paragraph("ผลการประเมินคุณธรรมและความโปร่งใส ปีงบประมาณ พ.ศ. 2565")
    made = document.add_table(rows=0, cols=4)
    for row in table():
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def delimited(mark: str, encoding: str) -> bytes:
    return "\n".join(mark.join(row) for row in table()).encode(encoding)


FORMS: dict[str, Callable[[], bytes]] = {
    "tabs": lambda: delimited("\t", "utf-8"),
    "utf-8 with mark": lambda: delimited(",", "utf-8-sig"),
    "cp874": lambda: delimited(";", "cp874"),
    "utf-16": lambda: delimited("\t", "utf-16"),
    "xlsx": spreadsheet,
    "xlsx elsewhere": lambda: spreadsheet(offset=6),
    "html": as_html,
    "html of an old Windows": lambda: as_html("cp874"),
    "docx": as_word,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_kind_of_file_gives_the_same(form: str) -> None:
    assert values(found(FORMS[form](), name="ผล")) == wanted()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("ending", ["xls", "ods", "html", "pdf", "csv"])
def test_so_do_files_that_another_program_saved(tmp_path: Path, ending: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet()))
    del book["คำอธิบาย"]
    sheet = book.active
    assert sheet is not None
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 60, 40
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.save(tmp_path / "ผล.xlsx")
    kind = {"html": "html:HTML (StarCalc)", "csv": "csv:Text - txt - csv (StarCalc):44,34,76"}.get(ending, ending)
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'p').as_uri()}", "--headless", "--convert-to", kind]
    subprocess.run(
        [*command, "--outdir", tmp_path, tmp_path / "ผล.xlsx"], check=True, capture_output=True, timeout=120
    )
    preview = job.preview(empty(2565), "x.xlsx", [readers.read(tmp_path / f"ผล.{ending}")])
    assert values(preview) == wanted()


# ---- what is not read ----


def pdf(*, encrypted: bool = False) -> bytes:
    """A page without any text, as a scanner makes it."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    out = io.BytesIO()
    document.save(out, encryption=pikepdf.Encryption(owner="a", user="b") if encrypted else False)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 500_000_000)
    return out.getvalue()


LOGIN = "<html><body><form><input name='u'><input type='password'></form></body></html>"
BAD: dict[str, tuple[bytes | Callable[[], bytes], Code]] = {
    "scanned": (pdf, Code.SOURCE_IS_A_PICTURE),
    "encrypted": (lambda: pdf(encrypted=True), Code.SOURCE_ENCRYPTED),
    "login": (LOGIN.encode, Code.SOURCE_ASKS_TO_LOG_IN),
    "bomb": (bomb, Code.SOURCE_TOO_LARGE),
    "broken": (lambda: spreadsheet()[:3000], Code.SOURCE_NOT_READABLE),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, Code.SOURCE_NOT_READABLE),
    "nothing": (b"", Code.NOTHING_RECOGNISED),
    "prose": ("ประกาศรับสมัครพนักงานจ้าง ตำแหน่งละ 1 อัตรา".encode, Code.NOTHING_RECOGNISED),
    "dates": ("รายการ\tวันที่\nI1\t2022-10-01\nI2\t2022-10-02".encode, Code.NOTHING_RECOGNISED),
    "shares": ("รหัส\tคะแนน\nI1\t0.93\nI2\t0.88\nI3\t0.95\nI4\t1".encode, Code.SHARES_IN_SOURCE),
    "school": ("ผลการประเมิน ITA Online ของสถานศึกษา\nรหัส\tคะแนน\nI1\t93".encode, Code.SOURCE_OF_OTHER_KIND),
    "rows": (("I1\t90\n" * 25_000).encode, Code.SOURCE_TOO_LARGE),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_cannot_be_used_is_refused_with_the_reason(bad: str) -> None:
    make, code = BAD[bad]
    assert refused(make() if callable(make) else make) == [code]


# ---- the workbook ----


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "อบต.xlsx"
    path.write_bytes(empty(2565))
    return path


@pytest.fixture
def result(tmp_path: Path) -> Path:
    path = tmp_path / "ผล.txt"
    path.write_text("รหัส\tคะแนน ปี 2565\nI1\t93.68\nI2\t88.43\nรวม\t96.99", encoding="utf-8")
    return path


def test_without_yes_it_only_shows(book: Path, result: Path, ita: Ita) -> None:
    before = book.read_bytes()
    said = ita("import", result, "--into", book)
    assert said.code == 0 and "93.68" in said.out and "คะแนน IIT G6" in said.out
    assert ita("import", result, "--into", book, "--yes", "--dry-run").code == 0
    assert book.read_bytes() == before


def test_with_yes_it_fills_the_cells_and_keeps_the_old_workbook(book: Path, result: Path, ita: Ita) -> None:
    assert ita("import", result, "--into", book, "--yes").code == 0
    sheet = openpyxl.load_workbook(book)[SCORES["IIT"].title]
    assert (sheet["G6"].value, sheet["G7"].value) == (93.68, 88.43)
    assert (book.parent / "อบต.backup-001.xlsx").read_bytes() == empty(2565)
    after = book.read_bytes()
    said = ita("import", result, "--into", book, "--yes", "--json")
    assert json.loads(said.out)["written"] == 0 and book.read_bytes() == after, "nothing is imported twice"


def test_another_value_stays_and_is_named_unless_it_is_to_be_replaced(book: Path, result: Path, ita: Ita) -> None:
    file = openpyxl.load_workbook(book)
    file[SCORES["IIT"].title]["G6"] = 50
    file.save(book)
    said = json.loads(ita("import", result, "--into", book, "--yes", "--json").out)
    assert [f["code"] for f in said["findings"]] == ["W451"] and said["findings"][0]["cell"] == "G6"
    assert openpyxl.load_workbook(book)[SCORES["IIT"].title]["G6"].value == 50
    ita("import", result, "--into", book, "--yes", "--replace", "I1")
    assert openpyxl.load_workbook(book)[SCORES["IIT"].title]["G6"].value == 93.68


def test_a_figure_keeps_its_source_and_a_later_check_names_it(book: Path, result: Path, ita: Ita) -> None:
    ita("import", result, "--into", book, "--yes")
    jobs.run(book)
    assert not [f for f in jobs.check(book).findings if f.code == Code.IMPORT_CHANGED]
    file = openpyxl.load_workbook(book)
    rows = [[cell.value for cell in row[:6]] for row in file[IMPORTED.title].iter_rows(min_row=5, max_row=7)]
    assert ["I1", 2565, "คะแนน", "93.68", "ผล.txt", "บรรทัด 2"] in rows
    file[SCORES["IIT"].title]["G6"] = 94
    file.save(book)
    (said,) = [f for f in jobs.check(book).findings if f.code == Code.IMPORT_CHANGED]
    assert (said.cell, said.values["source"], said.values["place"]) == ("G6", "ผล.txt", "บรรทัด 2")


def test_the_preview_is_a_sheet_too(book: Path, result: Path, ita: Ita) -> None:
    out = book.parent / "ตัวอย่าง.xlsx"
    ita("import", result, "--into", book, "--preview", out)
    rows = list(openpyxl.load_workbook(out).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0][0] == "สถานะ" and rows[1][:3] == ("ใหม่", f"คะแนน I1 {NAME_OF_I1} ปี 2565", "93.68")


def test_pasted_text_is_read_from_standard_input(
    book: Path, result: Path, monkeypatch: pytest.MonkeyPatch, ita: Ita
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(result.read_bytes())))
    said = ita("import", "-", "--into", book, "--json")
    assert "ข้อความที่วาง บรรทัด 2" in said.out


def test_a_year_that_the_workbook_has_not_has_no_place() -> None:
    preview = found("ตัวชี้วัด\tปี 2561\tปี 2565\nการใช้อำนาจ\t80\t91.38")
    assert [e.status for e in preview.entries] == [Status.NO_PLACE, Status.NEW]


def test_sources_are_put_together_and_may_contradict_each_other() -> None:
    sources: list[Source] = [
        readers.read_content(text.encode(), name)
        for name, text in (("ก.txt", "รหัส\tคะแนน\nI1\t93.68"), ("ข.txt", "รหัส\tคะแนน\nI1\t93.86\nI2\t88.43"))
    ]
    preview = job.preview(empty(2565), "x.xlsx", sources)
    assert {entry.fact.code: entry.status for entry in preview.entries} == {"I1": Status.TWICE, "I2": Status.NEW}
