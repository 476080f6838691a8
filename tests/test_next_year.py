"""The workbook of the next year: what `new --from` takes over, and what becomes of last year's measures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from ita_xl import carry, pipeline
from ita_xl.carry import Carried
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import Value
from ita_xl.domain.findings import Unusable
from ita_xl.engines.moves import Shift
from ita_xl.layout import (
    COMMENTS,
    GUIDANCE,
    HOME,
    MEASURES,
    OUTPUTS,
    RESULTS,
    SCORES,
    STATED,
    STRUCTURE,
    Sheet,
)
from ita_xl.layout.keys import BlockKey, ColumnKey
from ita_xl.new import put_scores
from ita_xl.reading import score_file
from ita_xl.writing.setup import fill
from tests.conftest import sure
from tests.memory_port import Memory, columns, workbook

LAST = RESULTS.block("last")


def scored(year: int, samples: Path) -> Memory:
    """A workbook of a year with the reference case's figures of 2565 as this year's, and no earlier ones."""
    port = workbook(year, agency="อบจ.ตัวอย่าง")
    entries, _ = score_file.read(samples / "scores-2565.csv", profiles.profile(2565).tree, 2565)
    put_scores(port, profiles.profile(year), [replace(e, year=year) for e in entries if e.year == 2565])
    return port


@pytest.fixture
def reference(samples: Path) -> Memory:
    """The reference case of 2565 with its earlier years, run."""
    port = workbook(2565, agency="อบจ.ตัวอย่าง")
    entries, _ = score_file.read(samples / "scores-2565.csv", profiles.profile(2565).tree, 2565)
    put_scores(port, profiles.profile(2565), entries)
    pipeline.run(port)
    return port


@pytest.fixture
def alike(samples: Path) -> Memory:
    """A workbook of 2564, whose questions are those of 2565, run."""
    port = scored(2564, samples)
    pipeline.run(port)
    return port


def carried(old: Memory, year: int) -> Carried:
    return carry.carry(carry.last_year(old, "ปีก่อน.xlsx"), profiles.profile(year))


def following(old: Memory, year: int) -> Memory:
    """The workbook of the next year, as `new --from` makes it."""
    port, found = Memory(), carried(old, year)
    fill(port, profiles.profile(year), found.kept)
    put_scores(port, profiles.profile(year), found.entries)
    return port


def notes(old: Memory, year: int) -> dict[str, str]:
    """What the console says was not carried over as it stands: everything that a finding names, by code."""
    found: dict[str, str] = {}
    for finding in carried(old, year).findings:
        found[finding.code] = " | ".join(map(str, (found.get(finding.code, ""), *finding.values.values())))
    return found


def put(port: Memory, sheet: Sheet, block: BlockKey, key: str, column: ColumnKey, value: Value) -> None:
    """Fill in a cell of the row with a key."""
    table = port.here(sheet).block(block)
    at = table.column_number(sure(table.row_key))
    row = next(r for r in range(table.first_row, table.last_row + 1) if port.pages[sheet.title].get((r, at)) == key)
    port.put(sheet.title, row, table.column_number(column), value)


def add(port: Memory, sheet: Sheet, block: BlockKey, **cells: Value) -> None:
    """Insert a row of one's own below those of a table."""
    table = port.here(sheet).block(block)
    row = table.first_row + len(port.rows(sheet, block))
    port.change_rows(Shift(sheet.title, {row: 1}))
    for column, value in columns(cells).items():
        port.put(sheet.title, row, table.column_number(column), value)


def last(port: Memory) -> dict[str, dict[ColumnKey, Any]]:
    """Last year's measures as they stand, by key."""
    return {str(row["key"]): row for row in port.rows(RESULTS, "last")}


def stated(port: Memory) -> dict[str, dict[ColumnKey, Any]]:
    return {str(row["code"]): row for row in port.rows(STATED, "stated")}


# ---- figures ----


def test_where_the_structure_differs_only_what_corresponds_is_carried_over(reference: Memory) -> None:
    port = following(reference, 2566)
    rows = stated(port)
    assert (rows["รวม"]["y2"], rows["รวม"]["y1"], rows["รวม"]["y0"]) == (81.39, 96.99, None)
    assert (rows["ระดับ"]["y2"], rows["ระดับ"]["y1"]) == (None, "AA")
    assert (rows["7"]["y2"], rows["7"]["y1"]) == (87.43, 97.45)
    assert (rows["9.1"]["y1"], rows["9.1"]["p1"]) == (None, None), "9.1 of 2566 has other items"
    assert not any(row["y1"] for sheet in SCORES.values() for row in port.rows(sheet, "scores"))
    said = notes(reference, 2566)[Code.SCORES_NOT_CARRIED]
    assert "9.1, 9.2, 9.3, 9.4, 9.5, 10.1, 10.2, I1-I30, E1-E15, O1-O43" in said


def test_where_codes_mean_the_same_every_question_is_carried_over(alike: Memory) -> None:
    port = following(alike, 2565)
    scores = {row["code"]: row for sheet in SCORES.values() for row in port.rows(sheet, "scores")}
    assert len([row for row in scores.values() if row["y1"] is not None]) == 88
    assert (scores["I13"]["y1"], scores["I13"]["y0"]) == (84.05, None)
    assert (stated(port)["9.1"]["p1"], stated(port)["9.1"]["y1"]) == (900, None)
    assert Code.SCORES_NOT_CARRIED not in notes(alike, 2565)
    found = pipeline.analyse(port)
    assert found.years[2564].scores["total"].exact == pipeline.analyse(alike).scores["total"].exact
    assert found.level_in(2564) == "AA"


def test_the_year_before_last_moves_one_further_back(reference: Memory) -> None:
    reference.fill_in(STATED, STATED.block("stated"), "| at | y1 |\n| ระดับ | B |")
    assert stated(following(reference, 2566))["ระดับ"]["y2"] == "B"


def test_points_of_another_number_of_items_keep_it(alike: Memory) -> None:
    alike.fill_in(STATED, STATED.block("stated"), '| at | p0 |\n| 10.2 | "100/1" |')
    assert stated(following(alike, 2565))["10.2"]["p1"] == "100/1"


def test_a_node_that_was_only_computed_is_carried_over_at_two_decimals_and_named(samples: Path) -> None:
    old = scored(2565, samples)
    for code in ("รวม", "7"):
        old.fill_in(STATED, STATED.block("stated"), f"| at | y0 |\n| {code} | (empty) |")
    rows = stated(following(old, 2566))
    assert (rows["รวม"]["y1"], rows["7"]["y1"], rows["IIT"]["y1"]) == (96.99, 97.44, 93.34)
    assert "คะแนนรวม, IIT, EIT, 7, OIT" in notes(old, 2566)[Code.COMPUTED_CARRIED]
    found = pipeline.analyse(following(old, 2566))
    assert str(found.points(2565, "total")) == "96.99", "so the next comparison has its total"


def test_a_stated_figure_that_disagreed_is_carried_over_as_stated_and_named(reference: Memory) -> None:
    reference.fill_in(STATED, STATED.block("stated"), "| at | y0 |\n| 2 | 95.13 |")
    assert stated(following(reference, 2566))["2"]["y1"] == 95.13
    assert "95.13 | 95.31" in notes(reference, 2566)[Code.STATED_CARRIED_AGAINST_COMPUTED]


def test_a_year_whose_codes_mean_nothing_earlier_takes_the_total_alone(samples: Path) -> None:
    old = workbook(2561, profile_=replace(profiles.profile(2562), year=2561))
    old.fill_in(STATED, STATED.block("stated"), "| at | y0 |\n| รวม | 80 |\n| 1 | 70 |")
    rows = stated(following(old, 2562))
    assert (rows["รวม"]["y1"], rows["1"]["y1"]) == (80, None)


def test_what_could_not_be_read_is_counted_and_stays_behind(alike: Memory) -> None:
    alike.fill_in(SCORES["IIT"], SCORES["IIT"].block("scores"), "| at | y0 |\n| I1 | ดี |")
    assert Code.LAST_YEAR_HAS_ERRORS in notes(alike, 2565)
    rows = {row["code"]: row for row in following(alike, 2565).rows(SCORES["IIT"], "scores")}
    assert rows["I1"]["y1"] is None


def test_a_corrected_structure_is_not_carried_over_and_said(reference: Memory) -> None:
    assert Code.STRUCTURE_NOT_CARRIED not in notes(reference, 2566)
    reference.fill_in(STRUCTURE, STRUCTURE.block("nodes"), "| at | parent |\n| O43 | 10.1 |")
    assert Code.STRUCTURE_NOT_CARRIED in notes(reference, 2566)


# ---- the agency's data and texts ----


def test_the_first_sheet_keeps_everything_but_the_year(reference: Memory) -> None:
    for field, value in (("chief_name", "นายตัวอย่าง"), ("weak_below", 90), ("thai_digits", "ใช่")):
        reference.set(HOME, field, value)
    reference.fill_in(HOME, HOME.block("offices"), "| at | office | head |\n| 2 | กองคลัง | นางคลัง |")
    reference.fill_in(HOME, HOME.block("routing"), "| at | position | person |\n| 1 | ปลัด | นายปลัด |")
    port = following(reference, 2566)
    told = {key: port.text(HOME, key) for key in ("agency", "chief_name", "weak_below", "thai_digits", "year")}
    assert list(told.values()) == ["อบจ.ตัวอย่าง", "นายตัวอย่าง", "90", "ใช่", "2566"]
    assert port.rows(HOME, "offices") == [{"office": "กองคลัง", "head": "นางคลัง"}]
    assert port.rows(HOME, "routing") == [{"position": "ปลัด", "person": "นายปลัด"}]


def test_offices_are_found_where_an_older_form_of_the_sheet_has_them(reference: Memory) -> None:
    reference.fill_in(HOME, HOME.block("offices"), "| at | office | head |\n| 1 | กองคลัง | นางคลัง |")
    page, first = reference.pages[HOME.title], HOME.block("offices").header_row
    reference.pages[HOME.title] = {(r - (first <= r < first + 9), c): value for (r, c), value in page.items()}
    assert following(reference, 2566).rows(HOME, "offices") == [{"office": "กองคลัง", "head": "นางคลัง"}]


def test_texts_beside_the_scores_stay_with_their_question_but_no_decision_does(alike: Memory) -> None:
    alike.put(SCORES["IIT"].title, 6, SCORES["IIT"].block("scores").column_number("question"), "ข้อความ\nเต็ม")
    alike.fill_in(
        SCORES["OIT"],
        SCORES["OIT"].block("scores"),
        "| at | office | link | raise | reason |\n| O10 | กองช่าง | https://a.go.th | ยกเป็นประเด็น | เพราะ |",
    )
    alike.fill_in(COMMENTS, COMMENTS.block("comments"), "| at | code | comment |\n| +1 | E1 | ควรปรับปรุง |")
    port = following(alike, 2565)
    assert port.rows(SCORES["IIT"], "scores")[0]["question"] == "ข้อความ\nเต็ม"
    row = port.rows(SCORES["OIT"], "scores")[9]
    assert (row["office"], row["link"], row["raise"], row["reason"]) == (
        "กองช่าง",
        "https://a.go.th",
        "อัตโนมัติ",
        None,
    )
    assert port.rows(COMMENTS, "comments") == []
    assert "1 | 1" in notes(alike, 2565)[Code.CHOICES_STAY_BEHIND]


def test_in_another_structure_offices_follow_the_item_and_full_wordings_stay_behind(reference: Memory) -> None:
    oit = SCORES["OIT"]
    reference.fill_in(oit, oit.block("scores"), "| at | office | question |\n| O10 | กองช่าง | เต็ม |")
    rows = {row["code"]: row for row in following(reference, 2566).rows(oit, "scores")}
    assert [code for code, row in rows.items() if row["office"]] == ["O11"], "O10 of 2565 is O11 of 2566"
    said = notes(reference, 2566)
    assert "O10 → O11" in said[Code.CODES_FOLLOWED]
    assert "O10" in said[Code.TEXTS_NOT_CARRIED] and "ข้อความเต็ม" in said[Code.TEXTS_NOT_CARRIED]
    assert not any(row["question"] for row in rows.values())


def test_own_guidance_stays_with_its_question(alike: Memory) -> None:
    alike.fill_in(
        GUIDANCE,
        GUIDANCE.block("guidance"),
        "| at | own_approach | own_unit | wording |\n| I13 | แนวทางของเรา | กองการเจ้าหน้าที่ | |\n| I14 | | | 2 |",
    )
    add(alike, GUIDANCE, "guidance", code="1", own_problem="ปัญหาของตัวชี้วัด")
    port = following(alike, 2565)
    rows = {row["code"]: row for row in port.rows(GUIDANCE, "guidance")}
    assert (rows["I13"]["own_approach"], rows["I13"]["own_unit"]) == ("แนวทางของเรา", "กองการเจ้าหน้าที่")
    assert (rows["I14"]["wording"], rows["I15"]["wording"]) == (2, "อัตโนมัติ")
    assert rows["1"]["own_problem"] == "ปัญหาของตัวชี้วัด"
    assert pipeline.analyse(port).inputs.guidance["I13"].texts["approach"] == "แนวทางของเรา"


def test_own_guidance_goes_to_the_question_of_the_same_meaning_and_else_is_named(reference: Memory) -> None:
    reference.fill_in(
        GUIDANCE,
        GUIDANCE.block("guidance"),
        "| at | own_approach |\n| O1 | หนึ่ง |\n| O10 | สิบ |\n| O18 | สิบแปด |\n| I13 | ไอ |",
    )
    rows = {row["code"]: row for row in following(reference, 2566).rows(GUIDANCE, "guidance") if row["code"]}
    assert {code: row["own_approach"] for code, row in rows.items() if row["own_approach"]} == {
        "O1": "หนึ่ง",
        "O11": "สิบ",
    }
    assert "I13, O18" in notes(reference, 2566)[Code.TEXTS_NOT_CARRIED], (
        "2566 has no such item, and its IIT questions are unknown"
    )


# ---- last year's measures ----


def report(port: Memory, key: str, achieved: str, result: str | None = None) -> None:
    put(port, RESULTS, "results", key, "achieved", achieved)
    put(port, RESULTS, "results", key, "result", result)


def test_measures_stand_as_a_person_left_them_with_what_was_reported(alike: Memory) -> None:
    put(alike, MEASURES, "measures", "assets", "measure", "ระบบยืมทรัพย์สินออนไลน์")
    add(alike, MEASURES, "measures", no="5", measure="ประเด็นของเรา")
    add(alike, MEASURES, "measures", no="5.1", measure="ประชุมทุกเดือน")
    add(alike, MEASURES, "measures", no="(1)", method="ประชุมเรื่องข้อ I1 และ I2")
    add(alike, RESULTS, "results", no="5.1", measure="ประชุมทุกเดือน", achieved="บรรลุ", result="ครบ 12 ครั้ง")
    report(alike, "assets", "บรรลุบางส่วน", "ใช้งานแล้วสองกอง\nเหลือหนึ่งกอง")
    put(alike, RESULTS, "results", "service-standard", "result", "จัดทำผังแล้ว")
    rows = last(following(alike, 2565))
    assert list(rows) == ["service-standard", "service-improve", "assets", "performance", "ita-action", "own/6"]
    assert rows["assets"] == {
        "no": "2.1",
        "measure": "ระบบยืมทรัพย์สินออนไลน์",
        "codes": "I20",
        "done": "บรรลุบางส่วน\nใช้งานแล้วสองกอง\nเหลือหนึ่งกอง",
        "before": 81.85,
        "after": None,
        "worked": None,
        "key": "assets",
    }
    assert rows["performance"]["before"] == 81.85, "the mean of 84.05 and 79.65"
    assert rows["performance"]["done"] == "ยังไม่มีรายงานผล"
    assert rows["service-standard"]["done"] == "มีรายงานผล แต่ไม่ได้ระบุการบรรลุผล\nจัดทำผังแล้ว"
    own = rows["own/6"]
    assert (own["no"], own["measure"], own["codes"], own["before"]) == ("5.1", "ประชุมทุกเดือน", "I1, I2", 91.06)
    assert own["done"] == "บรรลุ\nครบ 12 ครั้ง"


def judged(old: Memory, **scores: float) -> dict[str, dict[ColumnKey, Any]]:
    """Last year's measures in the workbook of 2565, run with these scores."""
    port = following(old, 2565)
    for code, score in scores.items():
        sheet = next(sheet for sheet in SCORES.values() if sheet.instrument[0] == code[0])
        port.fill_in(sheet, sheet.block("scores"), f"| at | y0 |\n| {code} | {score} |")
    pipeline.run(port)
    return last(port)


def test_a_measure_that_was_carried_out_worked_if_its_scores_rose(alike: Memory) -> None:
    report(alike, "performance", "บรรลุ")
    row = judged(alike, I13=88.05, I14=83.65)["performance"]
    assert (row["before"], row["after"]) == (81.85, 85.85)
    assert str(row["worked"]).splitlines() == [
        "ได้ผล: ดำเนินการแล้ว และคะแนนเพิ่มขึ้น 4.00 คะแนน (จาก 81.85 เป็น 85.85 คะแนน)",
        "ข้อ I13 เพิ่มขึ้นจาก 84.05 เป็น 88.05 คะแนน",
        "ข้อ I14 เพิ่มขึ้นจาก 79.65 เป็น 83.65 คะแนน",
    ]


@pytest.mark.parametrize(
    ("achieved", "score", "said"),
    [
        ("บรรลุบางส่วน", 90, "ได้ผล: ดำเนินการแล้วบางส่วน และคะแนนเพิ่มขึ้น 8.15 คะแนน (จาก 81.85 เป็น 90.00 คะแนน)"),
        (
            "บรรลุ",
            80,
            "ยังไม่ได้ผล: ดำเนินการแล้ว แต่คะแนนลดลง 1.85 คะแนน (จาก 81.85 เป็น 80.00 คะแนน) ควรทบทวนวิธีการดำเนินการ",
        ),
        ("บรรลุ", 81.85, "ยังไม่ได้ผล: ดำเนินการแล้ว แต่คะแนนเท่าเดิมที่ 81.85 คะแนน ควรทบทวนวิธีการดำเนินการ"),
        (
            "ยังไม่บรรลุ",
            80,
            "ยังไม่ได้ผล: ยังดำเนินการไม่บรรลุผล และคะแนนลดลง 1.85 คะแนน (จาก 81.85 เป็น 80.00 คะแนน) "
            "ควรเร่งดำเนินการหรือทบทวนมาตรการ",
        ),
        (
            "",
            90,
            "ยังสรุปไม่ได้: คะแนนเพิ่มขึ้น 8.15 คะแนน (จาก 81.85 เป็น 90.00 คะแนน) แต่ยังไม่มีรายงานผลการดำเนินการ "
            "จึงยังไม่อาจถือเป็นผลของมาตรการ",
        ),
    ],
)
def test_what_was_done_stands_beside_how_the_score_moved(
    alike: Memory, achieved: str, score: float, said: str
) -> None:
    report(alike, "assets", achieved)
    row = judged(alike, I20=score)["assets"]
    assert (row["after"], row["worked"]) == (score, said)


def test_a_full_score_that_stayed_full_is_said_so(alike: Memory) -> None:
    add(alike, MEASURES, "measures", measure="เปิดเผยข้อมูลต่อเนื่อง", codes="O42", responsible="กองแผน")
    assert str(judged(alike, O42=100)["own/6"]["worked"]).startswith("รักษาระดับไว้ได้:")


def test_without_this_years_score_nothing_is_concluded(alike: Memory) -> None:
    report(alike, "performance", "บรรลุ")
    row = judged(alike, I13=88.05)["performance"]
    assert row["after"] is None, "a mean of one code must not stand beside a mean of two"
    assert str(row["worked"]).splitlines() == [
        "ยังเทียบคะแนนไม่ได้: ดำเนินการแล้ว",
        "ข้อ I13 เพิ่มขึ้นจาก 84.05 เป็น 88.05 คะแนน",
        "ข้อ I14 ยังไม่ทราบคะแนนครบทั้งสองปี",
    ]


def test_a_person_may_report_late_in_the_new_workbook(alike: Memory) -> None:
    port = following(alike, 2565)
    port.fill_in(SCORES["IIT"], SCORES["IIT"].block("scores"), "| at | y0 |\n| I20 | 90 |")
    put(port, RESULTS, "last", "assets", "done", "บรรลุ\nใช้งานแล้วทุกกอง")
    pipeline.run(port)
    first = last(port)
    assert str(first["assets"]["worked"]).startswith("ได้ผล: ดำเนินการแล้ว")
    assert first["assets"]["done"] == "บรรลุ\nใช้งานแล้วทุกกอง"
    pipeline.run(port)
    assert last(port) == first


def test_codes_that_do_not_correspond_are_named_and_never_compared(reference: Memory) -> None:
    report(reference, "performance", "บรรลุ")
    port = following(reference, 2566)
    port.fill_in(STATED, STATED.block("stated"), "| at | y0 |\n| 3 | 93 |")
    pipeline.run(port)
    row = last(port)["performance"]
    assert (row["codes"], row["before"], row["after"]) == ("I13, I14", 81.85, None)
    assert str(row["worked"]).splitlines() == [
        "ยังเทียบคะแนนไม่ได้: ดำเนินการแล้ว",
        "ข้อ I13 และ I14 เปรียบเทียบไม่ได้ เพราะรหัสของปี 2565 กับปี 2566 มีความหมายไม่ตรงกัน",
        "ตัวชี้วัดที่ครอบคลุม: ตัวชี้วัดที่ 3 การใช้อำนาจ เพิ่มขึ้นจาก 91.38 เป็น 93.00 คะแนน",
    ]


def test_of_a_mixed_measure_both_means_are_over_what_corresponds(reference: Memory) -> None:
    add(reference, MEASURES, "measures", no="5.1", measure="มาตรการผสม", codes="I13, 4")
    port = following(reference, 2566)
    port.fill_in(STATED, STATED.block("stated"), "| at | y0 |\n| 4 | 95 |")
    pipeline.run(port)
    row = last(port)["own/6"]
    assert (row["before"], row["after"]) == (91.75, 95)
    assert "ข้อ I13 เปรียบเทียบไม่ได้" in str(row["worked"])


def test_a_workbook_without_the_sheets_of_the_plan_simply_has_no_measures(reference: Memory) -> None:
    for sheet in (MEASURES, RESULTS, GUIDANCE):
        del reference.pages[sheet.title]
    port = following(reference, 2566)
    assert last(port) == {}
    assert stated(port)["รวม"]["y1"] == 96.99
    assert Code.NO_MEASURES_TO_FOLLOW in notes(reference, 2566)
    pipeline.run(port)
    assert port.text(RESULTS, "last_sentence") == ""
    assert RESULTS.field("heading_last").row in port.hidden[RESULTS.title], "nothing is said of what is not known"


def test_a_workbook_that_was_never_run_has_no_measures_either(samples: Path) -> None:
    assert Code.NO_MEASURES_TO_FOLLOW in notes(scored(2565, samples), 2566)


def test_as_many_measures_as_there_are_come_along(alike: Memory) -> None:
    for number in range(60):
        add(alike, MEASURES, "measures", measure=f"มาตรการที่ {number}", codes="I1")
    assert len(last(following(alike, 2565))) == 65


def test_a_workbook_whose_year_cannot_be_read_is_unusable_with_its_findings(reference: Memory) -> None:
    reference.set(HOME, "year", "ปีนี้")
    with pytest.raises(Unusable) as caught:
        carry.last_year(reference, "ปีก่อน.xlsx")
    assert [finding.code for finding in caught.value.findings][:2] == [Code.LAST_YEAR_UNUSABLE, Code.YEAR_UNUSABLE]


def test_last_years_workbook_is_only_read(reference: Memory) -> None:
    before = {title: dict(page) for title, page in reference.pages.items()}
    reference.writes.clear()
    following(reference, 2566)
    assert (reference.pages, reference.writes) == (before, [])
    assert {sheet.title for sheet in OUTPUTS} <= set(before)
