"""The document that is signed: everything that the workbook says, in the order of the published report."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ita_xl.cli import cli
from ita_xl.domain.codes import Code
from ita_xl.domain.tree import INSTRUMENTS, Kind
from ita_xl.engines.moves import Shift
from ita_xl.engines.package.engine import Package
from ita_xl.layout import HOME, ISSUES, RESULTS, SCORES, STATED, SUMMARY
from ita_xl.report import making
from ita_xl.report.description import (
    Block,
    Document,
    Heading,
    Labelled,
    Listing,
    Paragraph,
    Routing,
    Signature,
    Table,
    plain,
)
from ita_xl.report.official import analysis, finished, plan
from ita_xl.report.seal import sealed, untouched
from ita_xl.report.source import source_of
from tests.test_one_text import APPROACH, CAUSE, METHOD, Desk, Spot, step
from tests.worked_in import ran, run

SAMPLES = Path(__file__).parent.parent / "samples"


def described(content: bytes) -> Document:
    return analysis(source_of(Package(content, "x.xlsx")))


def blocks(document: Document) -> list[Block]:
    return [block for section in document.sections for block in section.blocks]


def texts(document: Document) -> Iterator[str]:
    """Everything that it says."""
    for block in blocks(document):
        match block:
            case Table(header=header, rows=rows):
                yield from (plain(cell.text) for row in (*header, *rows) for cell in row.cells)
            case Paragraph(text=text) | Heading(text=text):
                yield plain(text)


def tables(document: Document) -> dict[str, Table]:
    return {block.summary: block for block in blocks(document) if isinstance(block, Table)}


def cells(table: Table) -> list[list[str]]:
    return [[plain(cell.text) for cell in row.cells] for row in table.rows]


REPORT = described(ran())


def test_its_parts_stand_in_the_order_and_numbering_of_the_published_report() -> None:
    headings = [(block.level, block.text) for block in blocks(REPORT) if isinstance(block, Heading)]
    assert [level for level, _ in headings] == [1, 1, 1, 2, 3, 3, 3, 2]
    assert [name for level, name in headings if level == 3] == [
        "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)",
        "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT)",
        "แบบวัดการเปิดเผยข้อมูลสาธารณะ (OIT)",
    ]
    assert [section.landscape for section in REPORT.sections] == [False, True]


def test_every_score_of_the_year_and_every_indicator_of_both_years_is_in_it() -> None:
    source = source_of(Package(ran(), "x.xlsx"))
    outcome = source.outcome
    said = " ".join(texts(REPORT))
    for code in outcome.tree.nodes:
        if outcome.tree[code].kind is Kind.QUESTION:
            assert any(row[0].startswith(f"{code} ") and row[1] == source.score(code) for row in all_rows()), code
    for code in outcome.tree.codes(Kind.INDICATOR):
        assert source.score(code) in said and source.score(code, 2564) in said
    for figure in ("96.99", "81.39", "+15.60", "93.34", "96.63", "100.00"):
        assert figure in said


def test_the_figures_stand_in_the_order_of_the_published_report() -> None:
    source = source_of(Package(ran(), "x.xlsx"))
    tree, score = source.outcome.tree, source.score
    indicators = tree.codes(Kind.INDICATOR)
    wanted = ["96.99", "AA", *(score(one.code) for one in source.outcome.ranking)]
    for code in indicators:
        wanted += [score(code, 2564), score(code)]
        wanted += [points for part in tree.children(code) for points in POINTS.get(part, ())]
    wanted += ["81.39", "96.99", *(score(code) for i in INSTRUMENTS for code in tree.questions(i))]
    said = iter(" ".join(texts(REPORT)).split())
    for figure in wanted:
        assert any(word.strip("()") == figure for word in said), figure


POINTS = {
    "9.1": ("700", "900"),
    "9.2": ("700", "800"),
    "9.3": ("700", "700"),
    "9.4": ("400", "400"),
    "9.5": ("400", "500"),
    "10.1": ("800", "800"),
    "10.2": ("0", "200"),
}
"""Of 2564 and 2565, as published."""


def all_rows() -> list[list[str]]:
    return [row for name, table in tables(REPORT).items() if "คะแนนรายข้อ" in name for row in cells(table)]


def test_parts_of_the_open_data_show_their_points() -> None:
    (table,) = (table for name, table in tables(REPORT).items() if "จำนวนข้อ" in name)
    parts = [row[2:] for row in cells(table) if row[0] == "" and len(row) == 7]
    assert parts[0] == ["O1-O9", "9", "700", "900", "+22.22"]
    assert parts[-1] == ["O42-O43", "2", "0", "200", "+100.00"]


def test_a_persons_words_come_before_ours_and_no_run_is_needed_for_it() -> None:
    desk = Desk()
    desk.type(CAUSE, "ระบบจองคิวขัดข้อง")
    desk.type(APPROACH, "จัดช่องทางออนไลน์")
    desk.type(METHOD, "ประชุมทุกเดือน", step(1))
    port = desk.port
    assert isinstance(port, Package)
    title, row, column = SUMMARY.title, *SUMMARY.field("headline").at
    port.write(title, row, column, [["ผลการประเมินของเรา"]])
    said = list(texts(described(port.to_bytes())))
    assert "ผลการประเมินของเรา" in said
    assert any("สภาพปัญหา: ระบบจองคิวขัดข้อง" in text for text in said)
    assert sum("จัดช่องทางออนไลน์" in text for text in said) >= 3
    assert any(text.endswith("ประชุมทุกเดือน") for text in said)


def test_a_measure_stands_beside_all_its_steps_under_its_theme_and_is_signed() -> None:
    table = tables(REPORT)["มาตรการ วิธีการดำเนินการ ผู้รับผิดชอบ กำหนดแล้วเสร็จ และการรายงานผล"]
    themes = [plain(row.cells[0].text) for row in table.rows if row.group]
    assert themes[0].startswith("1. ")
    spans = [row.cells[0].rows for row in table.rows if len(row.cells) == 5]
    assert sum(spans) == len(table.rows) - len(themes)
    last = [type(block) for block in REPORT.sections[-1].blocks[-2:]]
    assert last == [Signature, Routing]


def test_without_last_year_nothing_is_compared_and_no_empty_part_is_left() -> None:
    port = Package(ran(), "x.xlsx")
    for sheet in SCORES.values():
        block = sheet.block("scores")
        empty = [[None, None]] * block.capacity
        port.write(sheet.title, block.first_row, block.column_number("y2"), empty)
    stated = STATED.block("stated")
    port.write(STATED.title, stated.first_row, stated.column_number("y2"), [[None, None]] * stated.capacity)
    port.write(STATED.title, stated.first_row, stated.column_number("p2"), [[None, None]] * stated.capacity)
    document = described(run(port.to_bytes())[0])
    headings = [block.text for block in blocks(document) if isinstance(block, Heading)]
    assert not any("เทียบกับ" in text for text in headings)
    assert all(table.rows for table in tables(document).values())


def test_thai_digits_reach_every_number_but_those_of_codes() -> None:
    document = finished(REPORT, thai_digits=True, draft=False)
    said = re.sub(r"[IEO]\d+", "", " ".join(texts(document)))
    assert document.thai_digits and "๙๖.๙๙" in said
    assert not any(digit in said for digit in "0123456789")


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_every_sample_makes_both_files_and_one_with_mistakes_is_a_draft(sample: Path) -> None:
    found = making.papers(Package(run(sample.read_bytes())[0], sample.name))
    assert [Path(paper.name).suffix for paper in found.made] == [".docx", ".pdf"]
    assert all(untouched(paper.content) for paper in found.made)
    again = making.papers(Package(run(sample.read_bytes())[0], sample.name))
    assert [paper.content for paper in again.made] == [paper.content for paper in found.made]


# ---- the command ----


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "ITA.xlsx"
    path.write_bytes(ran())
    return path


def asked(*words: object) -> Result:
    return CliRunner().invoke(cli, ["report", *map(str, words)])


def test_both_files_stand_beside_the_workbook_which_stays_as_it_is(book: Path) -> None:
    before = book.read_bytes()
    assert asked(book).exit_code == 0
    made = sorted(path.suffix for path in book.parent.iterdir() if path != book)
    assert made == [".docx", ".pdf"]
    assert book.read_bytes() == before
    assert all("2565" in path.name for path in book.parent.iterdir() if path != book)


def test_a_second_time_the_same_files_are_left_alone_and_after_a_change_made_anew(book: Path) -> None:
    out = book.with_name("a.docx")
    asked(book, "-o", out)
    first = out.stat().st_mtime_ns
    asked(book, "-o", out)
    assert out.stat().st_mtime_ns == first
    desk = Desk()
    desk.type(CAUSE, "สาเหตุใหม่")
    assert isinstance(desk.port, Package)
    book.write_bytes(desk.port.to_bytes())
    assert asked(book, "-o", out).exit_code == 0
    assert "สาเหตุใหม่" in zipfile.ZipFile(out).read("word/document.xml").decode()


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_a_document_that_somebody_changed_is_never_replaced(book: Path, kind: str) -> None:
    out = book.with_name(f"a.{kind}")
    asked(book, "-o", out)
    edited = out.read_bytes().replace(b"startxref", b"startxref ") if kind == "pdf" else resaved(out)
    out.write_bytes(edited)
    result = asked(book, "-o", out)
    assert result.exit_code == 3
    assert Code.DOCUMENT_EDITED in result.output
    assert out.read_bytes() == edited


def resaved(path: Path) -> bytes:
    """A Word file as another program saves it: the same parts in another package."""
    copy = path.with_name("copy.docx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    content = copy.read_bytes()
    copy.unlink()
    return content


def test_a_document_that_is_open_in_word_is_not_replaced(book: Path) -> None:
    out = book.with_name("รายงาน.docx")
    asked(book, "-o", out)
    book.with_name("~$" + out.name[2:]).write_bytes(b"")
    before = out.read_bytes()
    out.touch()
    desk = Desk()
    desk.type(CAUSE, "สาเหตุใหม่")
    assert isinstance(desk.port, Package)
    book.write_bytes(desk.port.to_bytes())
    assert asked(book, "-o", out).exit_code == 3
    assert out.read_bytes() == before


def test_of_several_kinds_a_folder_takes_all_and_one_file_none(book: Path) -> None:
    folder = book.parent / "out"
    assert asked(book, "-o", folder, "--pdf", "--kind", "analysis", "--kind", "measures").exit_code == 0
    assert len(list(folder.iterdir())) == 2
    assert asked(book, "-o", folder / "x.pdf", "--kind", "analysis", "--kind", "measures").exit_code == 2
    assert asked(book, "-o", folder / "x.pdf", "--docx").exit_code == 2
    assert asked(book, "-o", folder / "x.txt").exit_code == 2


def test_of_a_workbook_with_errors_the_document_is_a_draft(tmp_path: Path) -> None:
    path = Path(shutil.copy(SAMPLES / "mistakes-2565.xlsx", tmp_path / "x.xlsx"))
    result = asked(path, "--docx", "--json")
    (made,) = json.loads(result.stdout)["output"]
    parts = zipfile.ZipFile(made)
    assert any("ร่าง" in parts.read(name).decode() for name in parts.namelist() if "header" in name)


def test_a_long_name_fits_and_what_no_disk_takes_is_left_out(book: Path) -> None:
    port = Package(ran(), "x.xlsx")
    port.write(HOME.title, *HOME.field("agency").at, [["เทศบาล/ตำบล:" + "ก" * 120]])
    book.write_bytes(port.to_bytes())
    assert asked(book, "--docx").exit_code == 0
    (made,) = book.parent.glob("*.docx")
    assert len(made.name.encode()) <= 240 and "/" not in made.name


def test_a_seal_holds_only_for_the_very_bytes() -> None:
    for content in (b"%PDF-1.7\nx\nstartxref\n9\n%%EOF\n", b"PK\x05\x06" + bytes(18)):
        mark = sealed(content)
        assert untouched(mark) and not untouched(content) and not untouched(mark + b"\n")


def test_the_plan_alone_is_a_document_too() -> None:
    document = plan(source_of(Package(ran(), "x.xlsx")))
    assert [section.landscape for section in document.sections] == [True]


def test_an_own_issue_without_a_code_stands_among_other_issues() -> None:
    desk = Desk()
    title, row, _ = desk.at(APPROACH, "E12")
    desk.port.change_rows(Shift(title, {row: 1}))
    block = ISSUES.block("issues")
    desk.port.write(title, row, block.column_number("issue"), [["ประเด็นของเรา"]])
    assert isinstance(desk.port, Package)
    table = tables(described(desk.port.to_bytes()))
    (found,) = (row for one in table.values() for row in cells(one) if row[-1].startswith("ประเด็นของเรา"))
    assert found[0] == "ประเด็นอื่น"


# ---- the other papers ----


@pytest.mark.parametrize("kind", [kind for kind in making.KINDS if kind not in ("analysis", "measures", "changes")])
@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_every_paper_can_be_made_of_every_sample_with_no_placeholder_left(kind: str, sample: Path) -> None:
    source = source_of(Package(run(sample.read_bytes())[0], sample.name))
    document = making.KINDS[kind](source)
    said = " ".join(texts(document))
    assert "{" not in said and "None" not in said
    assert all(table.rows for table in tables(document).values())


def test_the_page_for_the_chief_says_what_costs_most_and_fits_on_a_page() -> None:
    source = source_of(Package(ran(), "x.xlsx"))
    document = making.KINDS["brief"](source)
    lists = [block for block in blocks(document) if isinstance(block, Listing)]
    assert [len(block.items) for block in lists] == [5, 3]
    pdf = making.papers(Package(ran(), "x.xlsx"), making.Wishes(("brief",), (making.PDF,))).made[0].content
    assert pdf.count(b"/Type/Page\n") + pdf.count(b"/Type /Page\n") <= 1


def test_the_announcement_lists_the_measures_that_stand_in_the_plan() -> None:
    source = source_of(Package(ran(), "x.xlsx"))
    (table,) = tables(making.KINDS["announcement"](source)).values()
    assert [row[0] for row in cells(table)] == ["1.1", "1.2", "2.1", "3.1", "4.1"]


def with_papers(**typed: str) -> Package:
    """The sample with what the first sheet asks for memo and announcement."""
    port = Package(ran(), "x.xlsx")
    for key, text in typed.items():
        field = next(field for field in HOME.fields if field.key == key)
        port.write(HOME.title, field.row, field.column, [[text]])
    return port


def test_memo_and_announcement_say_what_the_first_sheet_does() -> None:
    port = with_papers(
        paper_section="กองยุทธศาสตร์และงบประมาณ",
        paper_phone="0 5525 0000",
        memo_number="พล 51003/12",
        memo_date="3/10/2565",
        writer_name="นางสาวใจดี มีสุข",
        writer_title="นักวิเคราะห์นโยบายและแผน",
        announced_on="๑๐ ต.ค. ๖๕",
    )
    made = making.papers(port, making.Wishes(("memo", "announcement"), (making.DOCX,)))
    assert not made.of_papers
    source = source_of(port)
    memo = blocks(making.KINDS["memo"](source))
    (head,) = (block for block in memo if isinstance(block, Labelled))
    assert dict(head.lines)["ส่วนราชการ"].startswith("กองยุทธศาสตร์และงบประมาณ องค์การบริหารส่วนจังหวัดพิษณุโลก โทร. 0 5525")
    assert dict(head.lines)["ที่"] == "พล 51003/12"
    assert dict(head.lines)["วันที่"] == "3 ตุลาคม 2565"
    assert Signature("นางสาวใจดี มีสุข", ("นักวิเคราะห์นโยบายและแผน",)) in memo
    assert "ประกาศ ณ วันที่ 10 ตุลาคม พ.ศ. 2565" in list(texts(making.KINDS["announcement"](source)))


@pytest.mark.parametrize(("kind", "cell"), [("memo", "B52"), ("announcement", "E53")])
def test_what_the_first_sheet_leaves_out_is_dots_and_a_note_names_the_cell(kind: str, cell: str) -> None:
    made = making.papers(with_papers(), making.Wishes((kind,), (making.DOCX,)))
    assert [(finding.code, finding.cell) for finding in made.of_papers] == [(Code.FILLED_IN_BY_HAND, cell)]


def test_a_workbook_of_an_earlier_version_that_does_not_ask_gets_dots_as_well() -> None:
    older = Path(__file__).parent / "older"
    for path in sorted(older.glob("*.xlsx")):
        made = making.papers(Package(path.read_bytes(), path.name), making.Wishes(("memo",), (making.DOCX,)))
        assert [(finding.code, finding.cell) for finding in made.of_papers] == [(Code.FILLED_IN_BY_HAND, "")]


def test_what_was_reported_of_a_measure_is_in_the_report_of_results() -> None:
    desk = Desk()
    results: Spot = (RESULTS, "results", "result")
    desk.type(results, "อบรมครบทุกกองแล้ว", "service-improve")
    assert isinstance(desk.port, Package)
    document = making.KINDS["results"](source_of(Package(desk.port.to_bytes(), "x.xlsx")))
    assert any("อบรมครบทุกกองแล้ว" in text for text in texts(document))


# ---- many of them ----


def test_a_batch_makes_the_document_of_every_result_and_leaves_a_changed_one_alone(tmp_path: Path) -> None:
    given, out = tmp_path / "in", tmp_path / "out"
    given.mkdir()
    for name in ("a.xlsx", "b.xlsx"):
        shutil.copy(SAMPLES / "reference-2565.xlsx", given / name)
    words = ["batch", str(given), "-o", str(out), "--jobs", "1", "--report", "docx"]
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert sorted(path.name for path in out.glob("*.docx")) == ["a.docx", "b.docx"]
    assert all(untouched(path.read_bytes()) for path in out.glob("*.docx"))
    edited = resaved(out / "a.docx")
    (out / "a.docx").write_bytes(edited)
    again = CliRunner().invoke(cli, words)
    assert again.exit_code == 3 and "a.docx" in again.output
    assert (out / "a.docx").read_bytes() == edited
