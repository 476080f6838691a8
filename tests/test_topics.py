"""From the round of 2567 on an analysis says which item it answers, and speaks of the topics that are asked for."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest

from ita_xl import pipeline
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.tree import Kind
from ita_xl.engines.package.engine import Package
from ita_xl.new import new
from ita_xl.reading.score_file import ScoreEntry
from ita_xl.report import making
from ita_xl.report.description import Block, Document, Heading, Paragraph, Table, Title, plain
from ita_xl.report.letters import results
from ita_xl.report.official import analysis
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
    assert title.lines[-1] == f"เอกสารประกอบข้อ {item} การเปิดเผยข้อมูลสาธารณะ ปีงบประมาณ พ.ศ. {published}"


@pytest.mark.parametrize(("year", "item", "published"), ITEMS)
def test_the_report_of_results_names_the_next_item(year: int, item: str, published: int) -> None:
    title = next(b for b in blocks(results(known_by_indicators(year))) if isinstance(b, Title))
    assert f"ข้อ O{int(item[1:]) + 1} " in title.lines[-1] and str(published) in title.lines[-1]


def test_before_that_nothing_is_said_of_an_item_or_of_topics() -> None:
    document = analysis(source_of(Package(ran(), "x.xlsx")))
    title = next(b for b in blocks(document) if isinstance(b, Title))
    assert len(title.lines) == 3 and not topics(document)


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
