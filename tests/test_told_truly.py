"""What the sheets say where little is known, and in which words an agency's published copy speaks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from ita_xl import pipeline
from ita_xl.data import profiles
from ita_xl.domain.advice import Rule, advise
from ita_xl.domain.codes import Code
from ita_xl.domain.ranking import Rules
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Port
from ita_xl.layout import (
    ANALYSIS,
    COMMENTS,
    HOME,
    ISSUES,
    MEASURES,
    PUBLISHED,
    RESULTS,
    SCORES,
    STATED,
    SUMMARY,
    TRACKING,
    Sheet,
)
from ita_xl.mail import letter
from tests.memory_port import Memory, workbook

INDICATORS = {"1": 96, "2": 95, "3": 84.38, "4": 91, "5": 92, "6": 95, "7": 97, "8": 96, "9": 100, "10": 100}


def stated(scores: Mapping[str, float], year: int = 2565, last: Mapping[str, float] | None = None) -> Memory:
    """A workbook of which only published scores are known, by code; last: last year's."""
    port = workbook(year)
    for column, known in (("y0", scores), ("y1", last or {})):
        for code, score in known.items():
            port.fill_in(STATED, STATED.block("stated"), f"| at | {column} |\n| {code} | {score} |")
    return port


def score(port: Memory, instrument: str, table: str) -> None:
    port.fill_in(SCORES[instrument], SCORES[instrument].block("scores"), table)


def published(port: Port) -> str:
    """All that stands in the printed columns of the published sheets, as far as its row shows."""
    hidden = port.hidden if isinstance(port, Memory) else {}
    return "\n".join(
        str(value)
        for sheet in PUBLISHED
        for (row, column), value in port.read(sheet.title).cells.items()
        if column <= sheet.printed and row not in hidden.get(sheet.title, ())
    )


def issues(port: Memory) -> dict[str, list[Rule]]:
    return {issue.code: [reason.rule for reason in issue.reasons] for issue in pipeline.run(port).issues}


# ---- little is known ----


@pytest.mark.parametrize("year", [2565, 2568, 2569])
def test_with_indicators_only_nothing_is_concluded_about_questions(year: int) -> None:
    port = stated(INDICATORS, year)
    pipeline.run(port)
    told = published(port)
    assert "ไม่มีประเด็นที่ต้องแก้ไข" not in told and "ไม่พบ" not in told
    assert not re.search(r"(?<!\d)0 ข้อ", told)
    assert "ไม่มีข้อคำถาม" not in told and "ไม่มีรายการ" not in told
    for sheet in ANALYSIS.values():
        assert "แต่ยังไม่ทราบคะแนนรายข้อ" in port.text(sheet, "intro")
        assert port.rows(sheet, "all") == []
    assert {row["complete"] for row in port.rows(ANALYSIS["OIT"], "groups")} == {None}
    assert 0 not in port.column(ANALYSIS["OIT"], "groups", "items")
    assert "ยังไม่ทราบคะแนนรายข้อของ IIT, EIT และ OIT" in port.text(ISSUES, "intro")


def test_an_indicator_below_the_threshold_is_an_issue_of_its_own_where_its_questions_are_not_known() -> None:
    port = stated(INDICATORS)
    assert issues(port) == {"3": [Rule.INDICATOR]}
    row = next(row for row in port.rows(ISSUES, "issues") if row["code"] == "3")
    assert row["issue"].endswith("ยังไม่ทราบคะแนนรายข้อครบถ้วน จึงยังระบุข้อที่เป็นสาเหตุไม่ได้")


def test_a_known_question_that_passes_is_not_blamed_for_the_others_of_its_indicator() -> None:
    port = stated(INDICATORS)
    score(port, "IIT", "| at | y0 |\n| I13 | 90 |\n| I14 | 95 |")
    assert Rule.INDICATOR not in issues(port).get("I13", [])
    assert issues(port)["3"] == [Rule.INDICATOR]


def test_a_known_weak_question_that_does_not_account_for_its_indicator_leaves_that_an_issue() -> None:
    port = stated(INDICATORS | {"3": 60})
    score(port, "IIT", "| at | y0 |\n| I13 | 84 |")
    assert {"I13": [Rule.WEAK], "3": [Rule.INDICATOR]}.items() <= issues(port).items()


def test_points_that_an_open_data_node_lacks_are_an_issue_also_beside_known_full_items() -> None:
    port = stated(INDICATORS | {"9": 95.56})
    port.fill_in(STATED, STATED.block("stated"), "| at | y0 |\n| 9.1 | 77.78 |")
    score(port, "OIT", "| at | y0 |\n| O1 | 100 |")
    assert issues(port)["9.1"] == [Rule.MISSING]
    assert "ตัวชี้วัดย่อยที่ 9.1 ข้อมูลพื้นฐาน (77.78 คะแนน) ยังไม่ได้คะแนนเต็ม" in port.text(ANALYSIS["OIT"], "missing_sentence")
    assert "9.1" in port.column(ANALYSIS["OIT"], "missing", "code")


def test_missing_points_that_known_items_account_for_are_told_once() -> None:
    port = stated(INDICATORS | {"9": 97.5, "9.2": 87.5})
    score(port, "OIT", "| at | y0 |\n| O10 | 0 |\n| O11 | 100 |")
    found = issues(port)
    assert found["O10"] == [Rule.MISSING]
    assert not {"9", "9.2", "OIT"} & found.keys()


def test_with_instruments_only_each_weak_one_and_each_lost_point_is_an_issue() -> None:
    port = stated({"IIT": 90, "EIT": 80, "OIT": 95})
    assert issues(port) == {"EIT": [Rule.INDICATOR], "OIT": [Rule.MISSING]}
    rows = {row["code"]: row for row in port.rows(ISSUES, "issues")}
    assert rows["EIT"]["indicator"].startswith("EIT ")
    assert rows["1"]["issue"] == "ยังไม่ทราบคะแนน"


def test_a_fall_is_an_issue_at_the_deepest_level_known_in_both_years() -> None:
    last = INDICATORS | {"9": 100, "4": 97}
    port = stated(INDICATORS | {"9": 95.56, "9.1": 77.78}, last=last | {"9.1": 100})
    found = issues(port)
    assert found["9.1"] == [Rule.MISSING, Rule.FELL]
    assert found["4"] == [Rule.FELL], "of its questions nothing is known"
    assert "9" not in found


def test_an_item_without_a_place_in_the_structure_that_scored_nothing_is_missing_as_well() -> None:
    port = stated(INDICATORS, 2569)
    score(port, "OIT", "| at | y0 |\n| O1 | 0 |\n| O2 | 100 |")
    assert issues(port)["O1"] == [Rule.MISSING]
    assert "พิจารณาเฉพาะข้อที่ทราบคะแนน 2 ข้อ จากทั้งหมด 26 ข้อ" in port.text(ANALYSIS["OIT"], "missing_sentence")


def test_lists_from_some_questions_say_of_how_many() -> None:
    port = stated(INDICATORS)
    score(port, "IIT", "| at | y0 |\n| I1 | 96 |\n| I2 | 97 |")
    pipeline.run(port)
    for field in ("best_sentence", "urgent_sentence"):
        assert port.text(ANALYSIS["IIT"], field).endswith("พิจารณาเฉพาะข้อที่ทราบคะแนน 2 ข้อ จากทั้งหมด 30 ข้อ")
    row = next(row for row in port.rows(ISSUES, "issues") if row["code"] == "I1")
    assert "ในจำนวนข้อที่ทราบคะแนน ไม่มีข้อใด" in row["issue"]


def test_where_everything_is_full_it_is_said_of_questions_and_indicators() -> None:
    port = workbook()
    for instrument, sheet in SCORES.items():
        for row in port.rows(sheet, "scores"):
            score(port, instrument, f"| at | y0 |\n| {row['code']} | 100 |")
    pipeline.run(port)
    assert "ตัวชี้วัดที่ทราบคะแนนทั้ง 10 ตัวชี้วัดได้คะแนนเท่ากัน คือ 100.00 คะแนน" in port.text(SUMMARY, "meaning")
    assert "ข้อคำถามได้คะแนนเต็ม 100 คะแนนทุกข้อ" in port.text(ANALYSIS["IIT"], "best_sentence")
    assert "ไม่มีประเด็นที่ต้องแก้ไข" in port.text(ISSUES, "intro")


def test_an_unknown_total_of_this_year_is_not_blamed_on_last_years() -> None:
    port = stated({"1": 90}, last=INDICATORS)
    pipeline.run(port)
    assert "คะแนนรวมของปี 2565" in port.text(SUMMARY, "causes_sentence")


def heading_rows(port: Memory, sheet: Sheet) -> set[int]:
    """The rows of the heading and the sentence above the comments."""
    here = port.here(sheet)
    return {here.field("heading_comments").row, here.field("comments_sentence").row}


def test_what_the_authority_advised_is_left_out_with_its_heading_where_nothing_is_known_of_it(port: Memory) -> None:
    pipeline.run(port)
    sheet = ANALYSIS["IIT"]
    rows = heading_rows(port, sheet)
    assert rows <= port.hidden[sheet.title]
    port.fill_in(COMMENTS, COMMENTS.block("comments"), "| at | code | comment |\n| +1 | E2 | ควรเท่าเทียม |")
    pipeline.run(port)
    assert port.text(sheet, "comments_sentence") == "สำนักงาน ป.ป.ช. ไม่มีข้อเสนอแนะเพิ่มเติม"
    assert heading_rows(port, sheet).isdisjoint(port.hidden[sheet.title])


def test_a_letter_does_not_say_that_there_are_no_issues_where_the_questions_are_not_known() -> None:
    outcome = pipeline.analyse(stated(INDICATORS | {"3": 90}))
    assert not letter.facts(outcome, [], [], inside=True)[letter.slot("issues")]


def test_a_letter_has_an_addressee_by_kind_and_is_signed_with_name_office_and_agency(port: Memory) -> None:
    port.set(HOME, "chief_name", "นายตัวอย่าง ใจดี")
    port.set(HOME, "chief_title", "นายกองค์การบริหารส่วนจังหวัด")
    outcome = pipeline.analyse(port)
    inside, outside = (letter.facts(outcome, [], ["a.xlsx"], inside=kind) for kind in (True, False))
    body = letter.compose(letter.template(), inside, []).body
    assert body.split("ขอแสดงความนับถือ")[1].split() == [
        "(นายตัวอย่าง",
        "ใจดี)",
        "นายกองค์การบริหารส่วนจังหวัด",
        "อบจ.ตัวอย่าง",
    ]
    assert inside[letter.slot("recipients")] != outside[letter.slot("recipients")]


# ---- what a person decided ----


def test_not_to_raise_a_question_needs_a_reason(port: Memory) -> None:
    score(port, "IIT", "| at | raise |\n| I20 | ไม่ยกเป็นประเด็น |")
    (found,) = [f for f in pipeline.analyse(port).findings if f.code is Code.DROPPED_WITHOUT_REASON]
    block = SCORES["IIT"].block("scores")
    row = next(r for r in range(block.first_row, block.last_row) if port.pages[SCORES["IIT"].title][r, 1] == "I20")
    assert (found.sheet, found.cell, found.question) == (SCORES["IIT"].title, block.address("reason", row), "I20")
    score(port, "IIT", "| at | reason |\n| I20 | แก้ไขแล้ว |")
    assert Code.DROPPED_WITHOUT_REASON not in [f.code for f in pipeline.analyse(port).findings]


def test_an_indicator_of_which_a_question_was_left_out_says_so(port: Memory) -> None:
    score(port, "IIT", "| at | raise | reason |\n| I20 | ไม่ยกเป็นประเด็น | แก้ไขแล้ว |")
    pipeline.run(port)
    row = next(row for row in port.rows(ISSUES, "issues") if row["code"] == "4")
    assert "ไม่ยกข้อ I20 (แก้ไขแล้ว) เป็นประเด็น" in row["problem"]


def test_a_heading_that_stands_where_it_stood_is_not_said_to_have_moved(port: Memory) -> None:
    page, block = port.pages[SCORES["IIT"].title], SCORES["IIT"].block("scores")
    one, other = block.column_number("raise"), block.column_number("reason")
    at = block.header_row
    page[at, one], page[at, other] = page[at, other], page[at, one]
    (found,) = [f for f in pipeline.analyse(port).findings if f.code is Code.HEADING_MOVED]
    assert found.cell != found.values["expected"]


# ---- the words of the published copy ----

NOT_PUBLISHED = (
    "แฟ้ม",
    "โปรแกรม",
    "แผ่นงาน",
    "เซลล์",
    "ประมวลผล",
    "กรอก",
    "ระบบเติม",
    "คำนวณได้",
    "ที่มา",
    "ใช้แนวทางเดียวกับ",
)
"""Words of the tool and instructions to its user."""


def test_no_word_of_the_tool_is_published_where_little_is_known() -> None:
    port = stated(INDICATORS)
    pipeline.run(port)
    assert [word for word in NOT_PUBLISHED if word in published(port)] == []


@pytest.mark.parametrize("name", ["reference-2565", "mistakes-2565", "unfilled-2565"])
def test_no_word_of_the_tool_is_published_of_the_samples(name: str, samples: Path) -> None:
    port = Package.open(samples / f"{name}.xlsx")
    pipeline.run(port)
    told = published(port)
    assert [word for word in NOT_PUBLISHED if word in told.replace("ที่ผ่านมา", "")] == []
    assert not re.search(r"[+][0-9]", told), "a change is told in words"


def test_figures_have_their_unit_and_names_no_stray_spaces(port: Memory) -> None:
    pipeline.run(port)
    assert "ซึ่งอบจ.ตัวอย่างได้คะแนน 96.99 คะแนน อยู่ในระดับ AA" in port.text(MEASURES, "intro")
    assert port.text(SUMMARY, "headline").startswith("อบจ.ตัวอย่างมีผลการประเมิน")
    goals = [row["method"] for row in port.rows(MEASURES, "measures") if str(row["method"]).startswith("เป้าหมาย")]
    assert goals and all(re.search(r"\(\d+\.\d\d คะแนน\)$", goal) for goal in goals)
    for sheet in (TRACKING, RESULTS):
        assert re.search("จำนวน 5 มาตรการ( ใช้ประกอบ|$)", port.text(sheet, "intro"))


def test_a_level_with_a_thai_name_is_written_on() -> None:
    port = stated(INDICATORS, 2568)
    pipeline.run(port)
    assert port.text(SUMMARY, "headline").endswith("อยู่ในระดับผ่านดี")
    assert "IIT, EIT และ OIT ได้คะแนนไม่น้อยกว่า 95 คะแนน" in port.text(SUMMARY, "meaning")


def test_former_columns_and_their_figures_leave_workbooks_of_earlier_versions(port: Memory) -> None:
    block = SUMMARY.block("instruments")
    at = block.first_column + len(block.columns)
    port.put(SUMMARY.title, block.header_row, at, "คำนวณได้")
    port.put(SUMMARY.title, block.first_row, at, 93.34)
    port.put(SUMMARY.title, block.header_row, at + 1, "หมายเหตุของเรา")
    port.put(SUMMARY.title, block.first_row, at + 1, "ตรวจแล้ว")
    pipeline.run(port)
    page = port.pages[SUMMARY.title]
    assert (block.header_row, at) not in page and (block.first_row, at) not in page
    assert page[block.first_row, at + 1] == "ตรวจแล้ว", "a person's own column stays"


def test_a_weak_indicator_whose_questions_are_known_is_raised_with_the_lowest_of_them() -> None:
    tree = profiles.profile(2565).tree
    now = {code: Decimal(90) for code in tree.questions("IIT")} | {"I14": Decimal(86), "3": Decimal(84)}
    (found,) = advise(tree, now, {}, {}, Rules())
    assert (found.code, found.reasons[0].node) == ("I14", "3")
