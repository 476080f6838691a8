"""Whatever stands in a workbook, a document is made or a sentence says why not; nothing is half-written."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from ita_xl import pipeline
from ita_xl.data import profiles
from ita_xl.domain.findings import Unusable
from ita_xl.engines.package.engine import Package
from ita_xl.layout import HOME, ISSUES
from ita_xl.new import new
from ita_xl.reading.places import standing_sheet
from ita_xl.report import making
from tests.conftest import Ita, sure
from tests.worked_in import ran
from tools import generate


def with_issues(count: int, text: Callable[[int], str]) -> bytes:
    """The sample with issues of a person's own below ours."""
    block = standing_sheet(Package(ran(), "x.xlsx"), ISSUES, ISSUES.title).block("issues")
    book = openpyxl.load_workbook(io.BytesIO(ran()))
    sheet, key = book[ISSUES.title], block.column_number(sure(block.row_key))
    last = max(row for row in range(block.first_row, sheet.max_row + 1) if sheet.cell(row, key).value)
    for number in range(count):
        for column in ("issue", "problem"):
            sheet.cell(last + 1 + number, block.column_number(column)).value = text(number)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def made(content: bytes, *kinds: str) -> list[making.Paper]:
    return making.papers(Package(content, "x.xlsx"), making.Wishes(kinds or ("analysis",))).made


def words(paper: making.Paper) -> str:
    """All that a Word document says in its tables and paragraphs."""
    body = docx.Document(io.BytesIO(paper.content)).element.body
    return "\n".join("".join(t.text or "" for t in p.iter("{*}t")) for p in body.iter("{*}p"))


HOSTILE = [
    "*หนา* _เอน_ #let x = 1 $a^2$ @อ้าง <ป้าย> \\ `รหัส`",
    "<w:p>&amp; <script>alert(1)</script> ]]>",
    '#import "x.typ"; [[{{}}]] %{year}',
    "-- หัวข้อ // ทับ /* กลาง */ ~",
    "=1+1 ตามสูตร",
    "😀 อีโมจิ 🏛 👩‍👩‍👧",
]


def test_what_looks_like_markup_or_a_formula_comes_out_as_it_was_typed() -> None:
    first, second = made(with_issues(len(HOSTILE), lambda number: f"ข้อ {number}: {HOSTILE[number]}"))
    said = words(first)
    for text in HOSTILE:
        assert text in said
    assert second.content.startswith(b"%PDF-")


def test_five_hundred_issues_are_all_there() -> None:
    first, second = made(with_issues(500, lambda number: f"ประเด็นที่ {number} ของหน่วยงาน"))
    said = words(first)
    assert all(f"ประเด็นที่ {number} ของหน่วยงาน" in said for number in range(500))
    assert second.content.startswith(b"%PDF-")


@pytest.mark.parametrize("text", ["ก" * 10_000, "คำ ไทย " * 1_600, "\n".join(["บรรทัด"] * 800)])
def test_a_text_of_ten_thousand_letters_is_whole(text: str) -> None:
    first, second = made(with_issues(1, lambda _: text))
    flat = "".join(words(first).split())
    assert "".join(text.split()) in flat
    assert second.content.startswith(b"%PDF-")


def test_without_agency_and_chief_there_is_a_place_to_write_them() -> None:
    book = openpyxl.load_workbook(io.BytesIO(ran()))
    for key in ("agency", "chief_name", "chief_title"):
        book[HOME.title][HOME.field(key).cell] = None
    papers = made(saved(book), "analysis", "memo", "announcement", "brief")
    assert len(papers) == 8
    assert "(ชื่อหน่วยงาน)" in words(papers[0])


@pytest.mark.parametrize("year", profiles.years())
def test_a_workbook_without_any_score_makes_drafts_without_empty_parts(year: int) -> None:
    content = new(profiles.profile(year), {"agency": "อบต. ตัวอย่าง"}).to_bytes()
    papers = made(content, "analysis", "memo", "announcement", "brief", "results")
    assert len(papers) == 10
    said = words(papers[0])
    assert "- คะแนน" not in said and "None" not in said


@pytest.mark.parametrize("output", ["out.xlsx", "out.txt", "เอกสาร.doc"])
def test_an_output_of_another_kind_is_refused(tmp_path: Path, ita: Ita, output: str) -> None:
    (tmp_path / "x.xlsx").write_bytes(ran())
    assert ita("report", tmp_path / "x.xlsx", "-o", tmp_path / output).code == 2
    assert len(list(tmp_path.iterdir())) == 1


def test_where_no_folder_can_be_nothing_is_written(tmp_path: Path, ita: Ita) -> None:
    (tmp_path / "x.xlsx").write_bytes(ran())
    (tmp_path / "แฟ้ม").write_text("ไม่ใช่โฟลเดอร์", encoding="utf-8")
    said = ita("report", tmp_path / "x.xlsx", "-o", tmp_path / "แฟ้ม" / "ใน")
    assert said.code == 3
    assert len(list(tmp_path.iterdir())) == 2


def test_every_generated_workbook_that_can_be_read_makes_both_files() -> None:
    made_both = 0
    for one in generate.workbooks(12, seed=5, mix=generate.Mix(mistakes=0.5, damaged=0.2, run=0.3)):
        try:
            port = Package(one.content or b"", one.path)
            if not pipeline.check(port).years:
                continue
        except Unusable:
            continue
        found = making.papers(port)
        assert [paper.content[:2] for paper in found.made] == [b"PK", b"%P"]
        made_both += 1
    assert made_both >= 6
