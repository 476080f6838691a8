"""From scores to action: issues with reasons, approaches, actions and next year's measures."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from ita_xl import pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.data import library, profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import Value
from ita_xl.layout import (
    ACTIONS,
    ANALYSIS,
    COMMENTS,
    GUIDANCE,
    HOME,
    ISSUES,
    MEASURES,
    RESULTS,
    SCORES,
    STRUCTURE,
    TRACKING,
    Sheet,
)
from ita_xl.layout.keys import BlockKey, ColumnKey
from ita_xl.new import put_scores
from ita_xl.reading import score_file
from tests.memory_port import Memory, columns, workbook

STEPS = MEASURES.block("measures")


@pytest.fixture
def port(samples: Path) -> Memory:
    """The reference case in memory, with its scores."""
    made = workbook(agency="อบจ.ตัวอย่าง")
    profile = profiles.profile(2565)
    entries, _ = score_file.read(samples / "scores-2565.csv", profile.tree, 2565)
    put_scores(made, profile, entries)
    return made


def codes(outcome: Outcome, finding: str) -> list[tuple[str, str]]:
    return [(f.question, f.cell) for f in outcome.findings if f.code == finding]


def by_key(port: Memory, key: ColumnKey = "key") -> dict[Any, dict[ColumnKey, Any]]:
    return {row[key]: row for row in port.rows(MEASURES, "measures")}


def write(port: Memory, key: str, column: ColumnKey, value: Value) -> str:
    """A person writes into a row of the measures. Returns the cell."""
    block = port.here(MEASURES).block("measures")
    row = next(
        r
        for r in range(block.first_row, block.last_row + 1)
        if port.pages[MEASURES.title].get((r, block.column_number("key"))) == key
    )
    port.put(MEASURES.title, row, block.column_number(column), value)
    return block.address(column, row)


# ---- issues ----


def test_the_reference_case_raises_what_its_lists_show(port: Memory) -> None:
    outcome = pipeline.run(port)
    assert [issue.code for issue in outcome.issues] == ["I13", "I14", "I20", "E1", "E11", "E12", "E14", "E15"]
    rows = {row["code"]: row for row in port.rows(ISSUES, "issues")}
    assert rows["I14"]["indicator"] == "3 การใช้อำนาจ\n(91.38 คะแนน)"
    assert rows["I14"]["issue"].endswith("(79.65 คะแนน)\nได้คะแนนต่ำกว่า 85 คะแนน อยู่ในอันดับที่ 1 จากคะแนนต่ำสุด")
    assert "ไม่มีข้อใดได้คะแนนต่ำกว่า 85 คะแนน" in rows["E1"]["issue"]
    assert all(rows[i]["issue"] == "ไม่มีประเด็นที่ต้องแก้ไข" for i in ("1", "2", "5", "7", "9", "10"))
    assert all(row[column] for row in rows.values() for column in ("problem", "in_place", "approach"))


def test_a_comment_and_a_person_raise_an_issue_and_a_person_drops_one(port: Memory) -> None:
    port.fill_in(COMMENTS, COMMENTS.block("comments"), "| at | code | comment |\n| +1 | E2 | ควรเท่าเทียม |")
    port.fill_in(
        SCORES["IIT"],
        SCORES["IIT"].block("scores"),
        "| at | raise | reason |\n| I15 | ยกเป็นประเด็น | มีผู้ร้องขอ |\n| I20 | ไม่ยกเป็นประเด็น | แก้แล้ว |",
    )
    found = [issue.code for issue in pipeline.run(port).issues]
    assert {"E2", "I15"} <= set(found)
    assert "I20" not in found
    rows = {row["code"]: row for row in port.rows(ISSUES, "issues")}
    assert rows["I15"]["issue"].endswith("หน่วยงานยกเป็นประเด็น มีผู้ร้องขอ")
    assert rows["E2"]["issue"].endswith("สำนักงาน ป.ป.ช. มีข้อเสนอแนะ")
    (answer,) = port.rows(ANALYSIS["EIT"], "comments")
    assert (answer["code"], answer["comment"]) == ("E2", "ควรเท่าเทียม")
    assert answer["answer"]
    assert "ข้อเสนอแนะของสำนักงาน ป.ป.ช.: ควรเท่าเทียม" in next(
        row["issue"] for row in port.rows(ACTIONS, "actions") if row["code"] == "E2"
    )


def test_the_approach_to_a_question_is_the_same_on_every_sheet_also_for_questions_that_share_a_rank(
    port: Memory,
) -> None:
    pipeline.run(port)
    listed = {row["code"]: row["approach"] for row in port.rows(ANALYSIS["EIT"], "urgent")}
    raised = {row["code"]: row["approach"] for row in port.rows(ISSUES, "issues")}
    assert {"E11", "E12", "E15"} <= listed.keys()
    assert listed == {code: raised[code] for code in listed}


def test_the_best_questions_get_a_text_that_keeps_them_up(port: Memory) -> None:
    pipeline.run(port)
    (first, *_) = port.rows(ANALYSIS["IIT"], "best")
    assert first["code"] == "I10"
    assert first["approach"] in library.entry("I10").keep


# ---- actions and measures ----


def test_actions_are_numbered_anew_in_every_instrument(port: Memory) -> None:
    pipeline.run(port)
    rows = port.rows(ACTIONS, "actions")
    assert [(r["instrument"], r["no"]) for r in rows] == [
        *(("IIT", n) for n in (1, 2, 3)),
        *(("EIT", n) for n in (1, 2, 3, 4, 5)),
    ]


def test_measures_stand_under_themes_and_hold_the_steps_of_their_issues(port: Memory) -> None:
    pipeline.run(port)
    rows = port.rows(MEASURES, "measures")
    assert [r["no"] for r in rows if r["no"][0] != "("] == ["1", "1.1", "1.2", "2", "2.1", "3", "3.1", "4", "4.1"]
    measures = {r["key"]: r for r in rows}
    assert measures["performance"]["codes"] == "I13, I14"
    assert "ข้อ I14 การประเมินผลการปฏิบัติงานตามคุณภาพของผลงาน (79.65 คะแนน)" in measures["performance"]["method"]
    steps = [r for r in rows if r["no"][0] == "("]
    assert all(r["method"] and r["responsible"] and r["report"] and r["due"] for r in steps)
    assert {r["key"].split("/")[1] for r in steps} == {"I13", "I14", "I20", "E1", "E11", "E12", "E14", "E15"}


def test_an_agency_without_issues_still_publishes_a_measure(port: Memory) -> None:
    port.set(HOME, "weak_below", 1)
    port.set(HOME, "lowest_if_none_weak", "ไม่ใช่")
    outcome = pipeline.run(port)
    assert outcome.issues == ()
    assert [r["key"] for r in port.rows(MEASURES, "measures")][:3] == [
        "integrity-theme",
        "ita-action",
        "ita-action/1",
    ]
    assert not [
        f
        for f in outcome.findings
        if f.code
        in (
            Code.ISSUE_WITHOUT_APPROACH,
            Code.ISSUE_WITHOUT_ACTION,
            Code.ISSUE_WITHOUT_MEASURE,
            Code.MEASURE_WITHOUT_ISSUE,
        )
    ]


def test_nothing_is_planned_for_a_workbook_without_scores() -> None:
    port = workbook()
    pipeline.run(port)
    assert port.rows(MEASURES, "measures") == port.rows(ACTIONS, "actions") == []
    assert port.text(MEASURES, "intro").startswith("ยังไม่ทราบคะแนนเพียงพอ")


def test_offices_of_the_agency_do_what_belongs_to_them(port: Memory) -> None:
    port.put(HOME.title, HOME.block("offices").first_row, 1, "กองคลังและพัสดุ")
    pipeline.run(port)
    assert by_key(port)["assets/I20/1"]["responsible"] == "กองคลังและพัสดุ"


def test_thai_digits_are_an_option_and_codes_keep_theirs(port: Memory) -> None:
    port.set(HOME, "thai_digits", "ใช่")
    pipeline.run(port)
    rows = by_key(port)
    assert rows["performance"]["no"] == "๓.๑"
    assert rows["performance"]["codes"] == "I13, I14"
    assert rows["performance/I14/1"]["due"] == "ตุลาคม ๒๕๖๕"
    assert "พ.ศ. ๒๕๖๖" in port.text(MEASURES, "title")


def test_the_plan_fits_even_when_everything_is_weak() -> None:
    port = workbook()
    for sheet in SCORES.values():
        block = sheet.block("scores")
        for row in range(block.first_row, block.last_row + 1):
            if (row, 1) in port.pages[sheet.title]:
                port.put(sheet.title, row, block.column_number("y0"), 0.0)
    outcome = pipeline.run(port)
    assert len(outcome.issues) == 88
    assert len(port.rows(ISSUES, "issues")) == 88
    assert {r["key"].split("/")[1] for r in port.rows(MEASURES, "measures") if "/" in r["key"]} == {
        issue.code for issue in outcome.issues
    }


# ---- what a person writes ----


def test_edits_survive_every_run_and_a_cleared_cell_stays_cleared(port: Memory) -> None:
    pipeline.run(port)
    write(port, "performance", "measure", "ชื่อที่หน่วยงานตั้งเอง")
    write(port, "performance/I14/1", "method", "วิธีของหน่วยงาน")
    write(port, "performance/I14/2", "report", None)
    for _ in range(2):
        pipeline.run(port)
        rows = by_key(port)
        assert rows["performance"]["measure"] == "ชื่อที่หน่วยงานตั้งเอง"
        assert rows["performance/I14/1"]["method"] == "วิธีของหน่วยงาน"
        assert rows["performance/I14/2"]["report"] is None


def test_progress_and_results_belong_to_the_agency_and_follow_their_measure(port: Memory) -> None:
    pipeline.run(port)
    theirs: tuple[tuple[Sheet, BlockKey, ColumnKey], ...] = (
        (TRACKING, "tracking", "quarter1"),
        (RESULTS, "results", "result"),
    )
    for sheet, block, column in theirs:
        table = sheet.block(block)
        at = [row["key"] for row in port.rows(sheet, block)].index("performance") + table.first_row
        port.put(sheet.title, at, table.column_number(column), "ดำเนินการแล้ว 50%")
    # A measure is added before it: O7 is missing now.
    port.fill_in(SCORES["OIT"], SCORES["OIT"].block("scores"), "| at | y0 |\n| O7 | 0 |")
    pipeline.run(port)
    for sheet, block, column in theirs:
        rows = {row["key"]: row for row in port.rows(sheet, block)}
        assert "disclosure" in rows
        assert {key for key, row in rows.items() if row[column]} == {"performance"}
    # And it stays when nothing of it is proposed any more.
    port.fill_in(
        SCORES["IIT"], SCORES["IIT"].block("scores"), "| at | y0 |\n| I13 | 90 |\n| I14 | 90 |\n| I20 | 80 |"
    )
    outcome = pipeline.run(port)
    kept = next(row for row in port.rows(TRACKING, "tracking") if row["key"] == "performance")
    assert (kept["quarter1"], kept["codes"]) == ("ดำเนินการแล้ว 50%", "ไม่อยู่ในผลแล้ว")
    assert Code.ROW_NOT_PROPOSED in [f.code for f in outcome.findings]


def test_the_quarters_begin_where_the_agency_says(port: Memory) -> None:
    port.put(TRACKING.title, 4, 3, 2)
    pipeline.run(port)
    assert port.text(TRACKING, "quarter1") == "ไตรมาสที่ 2 (ม.ค. - มี.ค. 2566)"
    assert port.text(TRACKING, "quarter4") == "ไตรมาสที่ 1 (ต.ค. - ธ.ค. 2566)"
    assert port.pages[TRACKING.title][4, 3] == 2, "the agency's own cell is not written"


def own_guidance(port: Memory, **texts: Value) -> None:
    block = GUIDANCE.block("guidance")
    row = next(
        r for r in range(block.first_row, block.last_row + 1) if port.pages[GUIDANCE.title].get((r, 1)) == "I14"
    )
    for key, text in columns(texts).items():
        port.put(GUIDANCE.title, row, block.column_number(key), text)


def test_the_agencys_own_guidance_wins(port: Memory) -> None:
    own_guidance(
        port,
        own_problem="ปัญหาของเรา",
        own_approach="แนวทางของเรา",
        own_steps="1) ขั้นแรก\n2) ขั้นที่สอง\n3) ขั้นที่สาม",
        own_unit="กองกลาง",
        own_due="มีนาคม 2566",
    )
    pipeline.run(port)
    issue = next(row for row in port.rows(ISSUES, "issues") if row["code"] == "I14")
    assert (issue["problem"], issue["approach"]) == ("ปัญหาของเรา", "แนวทางของเรา")
    rows = by_key(port)
    assert [rows[f"performance/I14/{n}"]["method"] for n in (1, 2, 3)] == ["ขั้นแรก", "ขั้นที่สอง", "ขั้นที่สาม"]
    assert (rows["performance/I14/1"]["responsible"], rows["performance/I14/1"]["due"]) == ("กองกลาง", "มีนาคม 2566")


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("30 วันก่อนสิ้นไตรมาส รายงานผล", "30 วันก่อนสิ้นไตรมาส รายงานผล"),
        ("๓ หน่วยงานร่วมกันทบทวน", "๓ หน่วยงานร่วมกันทบทวน"),
        ("(30 วัน) รายงานผล", "(30 วัน) รายงานผล"),
        ("10.30 น. ประชุมชี้แจง", "10.30 น. ประชุมชี้แจง"),
        ("1. จัดอบรม", "จัดอบรม"),
        ("1) จัดอบรม", "จัดอบรม"),
        ("(๑) จัดอบรม", "จัดอบรม"),
        ("1.จัดอบรม 2 รุ่น", "จัดอบรม 2 รุ่น"),
        ("1. 30 วันก่อนสิ้นไตรมาส รายงานผล", "30 วันก่อนสิ้นไตรมาส รายงานผล"),
    ],
)
def test_of_an_own_step_or_its_evidence_only_the_numbering_is_left_out(port: Memory, typed: str, step: str) -> None:
    own_guidance(port, own_steps=typed, own_report=typed)
    pipeline.run(port)
    row = by_key(port)["performance/I14/1"]
    assert (row["method"], row["report"]) == (step, step)


def test_a_question_that_means_something_else_in_the_workbooks_structure_gets_no_text_of_ours(port: Memory) -> None:
    port.fill_in(STRUCTURE, STRUCTURE.block("nodes"), "| at | name |\n| I14 | การจัดเก็บเอกสาร |")
    pipeline.run(port)
    issue = next(row for row in port.rows(ISSUES, "issues") if row["code"] == "I14")
    assert issue["problem"] not in library.entry("I14").problem
    assert "การจัดเก็บเอกสาร" in issue["problem"]


def test_a_chosen_wording_is_used(port: Memory) -> None:
    for number in (1, 2, 3):
        own_guidance(port, wording=number)
        pipeline.run(port)
        issue = next(row for row in port.rows(ISSUES, "issues") if row["code"] == "I14")
        assert issue["problem"] == library.entry("I14").problem[number - 1]


# ---- the chain ----


def test_a_step_that_was_cleared_leaves_an_issue_without_a_measure(port: Memory) -> None:
    pipeline.run(port)
    for number in (1, 2):
        write(port, f"performance/I13/{number}", "method", None)
    assert [code for code, _ in codes(pipeline.run(port), Code.ISSUE_WITHOUT_MEASURE)] == ["I13"]


def test_an_own_measure_for_what_was_never_raised_is_pointed_out(port: Memory) -> None:
    pipeline.run(port)
    row = STEPS.first_row + len(port.rows(MEASURES, "measures"))
    port.put(MEASURES.title, row, STEPS.column_number("measure"), "การสร้างวัฒนธรรมองค์กร (I14, I15) และ I77")
    outcome = pipeline.run(port)
    assert codes(outcome, Code.MEASURE_WITHOUT_ISSUE) == [("I15", f"B{row}"), ("I77", f"B{row}")]
    assert codes(outcome, Code.TEXT_NAMES_UNKNOWN_CODE) == [("", f"B{row}")]


def test_our_draft_of_what_has_been_done_is_pointed_out_until_it_is_edited(port: Memory) -> None:
    assert len(codes(pipeline.run(port), Code.DRAFT_NOT_CONFIRMED)) == 1
    block = ISSUES.block("issues")
    for number, row in enumerate(port.rows(ISSUES, "issues"), block.first_row):
        if row["code"][0] in "IE":
            port.put(ISSUES.title, number, block.column_number("in_place"), "ข้อเท็จจริงของหน่วยงาน")
    assert codes(pipeline.run(port), Code.DRAFT_NOT_CONFIRMED) == []


# ---- wrong input ----


@pytest.mark.parametrize(
    ("column", "text", "finding"),
    [
        ("due", "ตุลาคม 2564", Code.DUE_TOO_EARLY),
        ("due", "30 Sep 2023", Code.DUE_NOT_A_MONTH),
        ("due", "30/9/2023", Code.DUE_GREGORIAN),
        ("due", dt.date(2021, 3, 1), Code.DUE_TOO_EARLY),
        ("due", "เร็ว ๆ นี้", Code.DUE_NOT_A_MONTH),
        ("method", "ย" * 10_000, Code.TEXT_TOO_LONG),
    ],
)
def test_an_unusable_cell_of_a_measure_is_reported_and_kept(
    port: Memory, column: ColumnKey, text: Value, finding: str
) -> None:
    pipeline.run(port)
    cell = write(port, "performance/I14/1", column, text)
    outcome = pipeline.run(port)
    assert finding in [f.code for f in outcome.findings if f.cell == cell]
    assert by_key(port)["performance/I14/1"][column] == text


@pytest.mark.parametrize(
    ("column", "text", "finding"),
    [
        ("own_due", "กันยายน 2560", Code.DUE_TOO_EARLY),
        ("own_due", "?", Code.DUE_NOT_A_MONTH),
        ("own_problem", "ก" * 10_000, Code.TEXT_TOO_LONG),
    ],
)
def test_an_unusable_cell_of_the_guidance_is_reported(port: Memory, column: str, text: str, finding: str) -> None:
    own_guidance(port, **{column: text})
    assert finding in [f.code for f in pipeline.run(port).findings]


def test_guidance_for_an_unknown_code_is_reported_and_kept(port: Memory) -> None:
    block = GUIDANCE.block("guidance")
    row = block.first_row + 100
    port.put(GUIDANCE.title, row, 1, "I99")
    port.put(GUIDANCE.title, row, block.column_number("own_approach"), "แนวทาง")
    outcome = pipeline.run(port)
    assert [f.cell for f in outcome.findings if f.code == Code.OWN_TEXT_WITHOUT_CODE] == [f"A{row}"]
    assert port.pages[GUIDANCE.title][row, 1] == "I99"


def test_a_check_sees_the_plan_as_it_stands_and_writes_nothing(port: Memory) -> None:
    assert codes(pipeline.check(port), Code.DRAFT_NOT_CONFIRMED) == [], "nothing has been proposed yet"
    pipeline.run(port)
    write(port, "performance/I13/1", "method", None)
    write(port, "performance/I13/2", "method", None)
    port.writes.clear()
    assert [code for code, _ in codes(pipeline.check(port), Code.ISSUE_WITHOUT_MEASURE)] == ["I13"]
    assert port.writes == []
