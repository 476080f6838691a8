"""From the round of 2567 on an analysis says which item it answers, and speaks of the topics that are asked for."""

from __future__ import annotations

import io
from fractions import Fraction
from functools import cache

import openpyxl
import pytest

from ita_xl import pipeline
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.tree import Kind
from ita_xl.engines.package.engine import Package
from ita_xl.layout import TOPICS
from ita_xl.new import new
from ita_xl.reading.score_file import ScoreEntry
from ita_xl.report import making
from ita_xl.report.description import Block, Document, Heading, Paragraph, Table, Title, plain
from ita_xl.report.official import analysis
from ita_xl.report.results import results
from ita_xl.report.source import Source, source_of
from tests.worked_in import ran


@cache
def known_by_indicators(year: int, last: bool = True) -> Source:
    """A workbook with the scores of the indicators alone. The seventh is weak."""
    tree = profiles.profile(year).tree
    codes = tree.codes(Kind.INDICATOR)
    scores = {code: Fraction(70 if code == "7" else 90 + place) for place, code in enumerate(codes)}
    entries = [ScoreEntry(code, y, s) for code, s in scores.items() for y in ([year - 1] if last else []) + [year]]
    port = Package(new(profiles.profile(year), {"agency": "อบต. ตัวอย่าง"}, entries).to_bytes(), "x.xlsx")
    pipeline.run(port)
    return source_of(port)


def blocks(document: Document) -> list[Block]:
    return [block for section in document.sections for block in section.blocks]


def topics(document: Document) -> list[list[str]]:
    found = [b for b in blocks(document) if isinstance(b, Table) and b.summary.startswith("ประเด็นการวิเคราะห์")]
    return [[plain(cell.text) for cell in row.cells] for table in found for row in table.rows]


ITEMS = [(2566, "O34", 2567), (2567, "O27", 2568), (2568, "O25", 2569)]


@pytest.mark.parametrize(("year", "item", "published"), ITEMS)
def test_the_title_names_the_item_that_the_document_answers(year: int, item: str, published: int) -> None:
    title = next(b for b in blocks(analysis(known_by_indicators(year))) if isinstance(b, Title))
    assert title.lines[-1] == f"เอกสารประกอบการเปิดเผยข้อมูลสาธารณะข้อ {item} ปีงบประมาณ พ.ศ. {published}"


REPORTS = [(2566, "O28", 2568), (2567, "O26", 2569), (2568, "O26", 2570)]


@pytest.mark.parametrize(("year", "item", "published"), REPORTS)
def test_the_report_of_results_names_the_item_that_asks_for_last_years_measures(
    year: int, item: str, published: int
) -> None:
    title = next(b for b in blocks(results(known_by_indicators(year))) if isinstance(b, Title))
    assert f"ข้อ {item} " in title.lines[-1] and str(published) in title.lines[-1]


def test_until_2566_it_is_the_item_of_the_measures_own_year() -> None:
    title = next(b for b in blocks(results(source_of(Package(ran(), "x.xlsx")))) if isinstance(b, Title))
    assert "ข้อ O43 " in title.lines[-1] and "2566" in title.lines[-1]


def test_before_that_an_item_is_named_but_no_topics_are_asked_for() -> None:
    document = analysis(source_of(Package(ran(), "x.xlsx")))
    title = next(b for b in blocks(document) if isinstance(b, Title))
    assert "ข้อ O42 " in title.lines[-1] and "2566" in title.lines[-1]
    assert not topics(document)


@pytest.mark.parametrize("year", [2566, 2567, 2568])
def test_seven_topics_tell_of_every_indicator(year: int) -> None:
    source = known_by_indicators(year)
    rows = topics(analysis(source))
    assert len(rows) == 7
    for code in source.outcome.tree.codes(Kind.INDICATOR):
        assert any(f"{code} {source.outcome.tree[code].name} ({source.score(code)})" in row[1] for row in rows), (
            code
        )


def test_a_topic_names_what_is_to_be_mended_and_the_measures_for_it() -> None:
    source = known_by_indicators(2567)
    rows = topics(analysis(source))
    weak = [row for row in rows if "(70.00)" in row[1]]
    assert len(weak) == 1
    (name, _, issue, measures) = weak[0]
    assert name.startswith("3.") and source.outcome.tree["7"].name in issue
    planned = [f"{one.number} {one.name}" for one in source.outcome.plan if "7" in one.codes.split(", ")]
    assert planned and measures == "\n".join(planned)
    assert not any(source.outcome.tree["7"].name in row[2] for row in rows if row is not weak[0])


@pytest.mark.parametrize("year", [2566, 2567, 2568])
def test_that_they_are_not_proven_is_said_once_and_not_in_the_document(year: int) -> None:
    port = known_port(year)
    found = making.papers(port, making.Wishes(("analysis", "measures", "results"), (making.DOCX,)))
    said = [finding for finding in found.of_papers if finding.code == Code.TOPICS_NOT_VERIFIED]
    assert len(said) == 1 and said[0].values["year"] == year + 1


def known_port(year: int) -> Package:
    profile = profiles.profile(year)
    entries = [ScoreEntry(code, year, Fraction(90)) for code in profile.tree.codes(Kind.INDICATOR)]
    return Package(new(profile, {"agency": "อบต. ตัวอย่าง"}, entries).to_bytes(), "x.xlsx")


def test_where_only_indicators_are_known_their_scores_stand_in_the_place_of_the_questions() -> None:
    source = known_by_indicators(2568)
    document = analysis(source)
    said = [plain(b.text) for b in blocks(document) if isinstance(b, Paragraph)]
    assert not any("ยังไม่ทราบคะแนนรายข้อ จึง" in text or "แต่ยังไม่ทราบคะแนนรายข้อ" in text for text in said)
    shown = [b for b in blocks(document) if isinstance(b, Table) and b.summary.startswith("คะแนนรายตัวชี้วัดของ")]
    codes = [plain(row.cells[0].text).split()[0] for table in shown for row in table.rows]
    assert codes == source.outcome.tree.codes(Kind.INDICATOR)


def test_parts_without_any_score_are_not_compared() -> None:
    table = next(
        b
        for b in blocks(analysis(known_by_indicators(2568)))
        if isinstance(b, Table) and "พร้อมข้อคำถามและจำนวนข้อ" in b.summary
    )
    assert not any(plain(row.cells[-1].text) == "-" for row in table.rows if not row.group)


@pytest.mark.parametrize("year", [2566, 2567, 2568])
def test_without_last_year_there_is_no_comparison(year: int) -> None:
    document = analysis(known_by_indicators(year, last=False))
    headings = [b.text for b in blocks(document) if isinstance(b, Heading)]
    assert not any("เทียบกับ" in text for text in headings)


# ---- the sheet ----


def sheet_rows(content: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content))[TOPICS.title]
    first = TOPICS.block("topics").first_row
    return [[cell.value for cell in row[:8]] for row in sheet.iter_rows(min_row=first, max_row=first + 6)]


def state(content: bytes) -> str:
    return str(openpyxl.load_workbook(io.BytesIO(content))[TOPICS.title].sheet_state)


def ran_of(year: int) -> bytes:
    port = known_port(year)
    pipeline.run(port)
    return port.to_bytes()


def test_the_sheet_shows_itself_only_where_topics_are_asked_for() -> None:
    assert state(ran_of(2567)) == "visible" and state(ran()) == "hidden"


def test_the_sheet_puts_questions_scores_issues_and_measures_under_their_topic() -> None:
    rows = sheet_rows(ran_of(2567))
    assert [row[0] for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert rows[2][2:4] == ["7, 9.1", "E4-E6, O1-O6"]
    assert rows[2][4] == "7 ประสิทธิภาพการสื่อสาร (90.00)\n9 การเปิดเผยข้อมูล (90.00)"
    assert all(row[5] or "ยังไม่มีประเด็น" in str(row[7]) for row in rows)


def test_a_corrected_mapping_counts_in_sheet_and_document_and_stays() -> None:
    book = openpyxl.load_workbook(io.BytesIO(ran_of(2567)))
    block = TOPICS.block("topics")
    book[TOPICS.title].cell(block.first_row + 2, block.column_number("codes")).value = "7, 8"
    out = io.BytesIO()
    book.save(out)
    port = Package(out.getvalue(), "x.xlsx")
    pipeline.run(port)
    pipeline.run(port)
    row = sheet_rows(port.to_bytes())[2]
    assert row[2] == "7, 8" and "8 การปรับปรุงการทำงาน (90.00)" in str(row[4])
    assert "8 การปรับปรุงการทำงาน" in topics(analysis(source_of(port)))[2][1]


def test_a_second_run_changes_no_byte() -> None:
    content = ran_of(2568)
    port = Package(content, "x.xlsx")
    pipeline.run(port)
    assert port.to_bytes() == content
