"""What the output sheets say for the reference case, read back as rows."""

from __future__ import annotations

import pytest

from ita_xl import pipeline
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.port import Formula, Uncomputed
from ita_xl.layout import (
    ANALYSIS,
    FINDINGS,
    HOME,
    OUTPUTS,
    SCORES,
    STATED,
    STRUCTURE,
    SUMMARY,
    WRITTEN,
    YEARS,
    Show,
)
from tests.memory_port import Memory


def test_the_summary_says_total_level_and_what_it_means(port: Memory) -> None:
    pipeline.run(port)
    assert port.text(SUMMARY, "headline").endswith("โดยมีผลคะแนน 96.99 คะแนน อยู่ในระดับ AA")
    meaning = port.text(SUMMARY, "meaning")
    assert "สูงสุดจากทั้งหมด 7 ระดับ" in meaning
    assert "ตัวชี้วัดที่ 9 การเปิดเผยข้อมูล และตัวชี้วัดที่ 10 การป้องกันการทุจริต (100.00 คะแนนเท่ากัน)" in meaning
    assert "ตัวชี้วัดที่ 3 การใช้อำนาจ (91.38 คะแนน)" in meaning


def test_the_summary_of_a_lower_level_names_the_next_one(port: Memory) -> None:
    port.fill_in(SCORES["OIT"], SCORES["OIT"].block("scores"), "| at | y0 |\n| O42 | 0 |\n| O43 | 0 |")
    pipeline.run(port)
    assert "ระดับถัดไปคือ AA (คะแนนรวมตั้งแต่ 95 คะแนนขึ้นไป) ยังขาดคะแนนรวมอีก 8.01 คะแนน" in port.text(SUMMARY, "meaning")


def test_the_ranking_table(port: Memory) -> None:
    pipeline.run(port)
    rows = port.rows(SUMMARY, "ranking")
    assert [r["rank"] for r in rows] == list(range(1, 11))
    assert [r["score"] for r in rows] == [100, 100, 97.45, 96.91, 96.13, 95.52, 95.31, 92.14, 91.75, 91.38]


def test_weighted_parts_and_the_rounding_line_add_up_to_the_total(port: Memory) -> None:
    port.fill_in(SCORES["EIT"], SCORES["EIT"].block("scores"), "| at | y0 |\n| E1 | 92.90 |")
    pipeline.run(port)
    rows = port.rows(SUMMARY, "instruments")
    parts, total = rows[:-1], rows[-1]
    assert any(r["name"] == say("words.rounding") for r in parts), "this case needs the line"
    assert round(sum(r["weighted"] for r in parts), 2) == total["weighted"] == total["score"]


def test_every_pair_of_years_has_its_change_and_a_draft_of_the_reason(port: Memory) -> None:
    pipeline.run(port)
    rows = port.rows(SUMMARY, "changes")
    assert [
        (r["span"], r["from_total"], r["to_total"], r["change"], r["from_level"], r["to_level"]) for r in rows
    ] == [
        ("2564 → 2565", 81.39, 96.99, 15.6, "B", "AA"),
        ("2563 → 2565", 88.98, 96.99, 8.01, "A", "AA"),
        ("2563 → 2564", 88.98, 81.39, -7.59, "A", "B"),
    ]
    assert rows[0]["explanation"].startswith("คะแนนรวมปี 2565 เพิ่มขึ้นจากปี 2564 จำนวน 15.60 คะแนน")
    assert "10.2 มาตรการภายในเพื่อป้องกันการทุจริต (เพิ่มขึ้น 10.00 คะแนน)" in rows[0]["explanation"]
    assert "ทราบเพียงคะแนนรวม" in rows[1]["explanation"]
    assert rows[2]["explanation"].startswith("คะแนนรวมปี 2564 ลดลงจากปี 2563 จำนวน 7.59 คะแนน")


def test_the_comparison_has_ranges_counts_scores_and_points(port: Memory) -> None:
    pipeline.run(port)
    rows = {r["code"]: r for r in port.rows(YEARS, "years")}
    assert len(rows) == 3 + 10 + 7 + 1
    assert (rows["1"]["range"], rows["1"]["items"], rows["1"]["y1"], rows["1"]["y0"]) == ("I1-I6", 6, 94.27, 96.13)
    assert rows["10"]["range"] == "O34-O43"
    points = {code: (rows[code]["p1"], rows[code]["p0"]) for code in rows if rows[code]["p0"] is not None}
    assert points == {
        "9.1": (700, 900),
        "9.2": (700, 800),
        "9.3": (700, 700),
        "9.4": (400, 400),
        "9.5": (400, 500),
        "10.1": (800, 800),
        "10.2": (0, 200),
    }
    assert rows["รวม"]["items"] == 88
    assert (rows["รวม"]["y2"], rows["รวม"]["y1"], rows["รวม"]["y0"]) == (88.98, 81.39, 96.99)


def test_the_lists_stand_under_their_official_names_with_the_criterion(port: Memory) -> None:
    pipeline.run(port)
    iit, eit = ANALYSIS["IIT"], ANALYSIS["EIT"]
    assert port.text(iit, "heading_best") == "ประเด็นที่จะต้องพัฒนาให้ดีขึ้น"
    assert port.text(iit, "heading_urgent") == "ประเด็นที่เป็นข้อบกพร่องหรือจุดอ่อนที่จะต้องแก้ไขโดยเร่งด่วน"
    assert "ต่ำกว่า 85 คะแนน ซึ่งมี 3 ข้อ โดยแสดงข้อที่ได้คะแนนต่ำสุด 3 อันดับแรก" in port.text(iit, "urgent_sentence")
    assert port.text(eit, "urgent_sentence").startswith("ไม่มีข้อคำถามใดได้คะแนนต่ำกว่า 85 คะแนน")
    assert "ข้อ E6, E7 และ E9 ได้ 95.74 คะแนนเท่ากับข้อ E5" in port.text(eit, "best_sentence")
    assert [(r["rank"], r["code"], r["y0"]) for r in port.rows(eit, "urgent")] == [
        (1, "E1", 93.06),
        (2, "E14", 93.58),
        (3, "E11", 94.68),
        (3, "E12", 94.68),
        (3, "E15", 94.68),
    ]
    assert len(port.rows(iit, "all")) == 30
    assert "จุดแข็ง" not in str(port.pages), "the best questions are never called strengths"


def test_a_clerks_full_question_text_is_shown_instead_of_our_topic(port: Memory) -> None:
    port.fill_in(SCORES["IIT"], SCORES["IIT"].block("scores"), "| at | question |\n| I13 | ข้อความเต็มของข้อ |")
    pipeline.run(port)
    rows = {r["code"]: r for r in port.rows(ANALYSIS["IIT"], "all")}
    assert rows["I13"]["question"] == "ข้อความเต็มของข้อ"
    assert rows["I14"]["question"] == "การประเมินผลการปฏิบัติงานตามคุณภาพของผลงาน"


def test_open_data_is_complete_or_names_what_is_missing(port: Memory) -> None:
    oit = ANALYSIS["OIT"]
    pipeline.run(port)
    assert "ครบถ้วนทั้ง 43 ข้อ" in port.text(oit, "missing_sentence")
    (keep_up,) = port.rows(oit, "missing")
    assert keep_up["code"] == "OIT"
    assert "รักษามาตรฐานนี้ไว้" in keep_up["approach"]
    port.fill_in(
        SCORES["OIT"], SCORES["OIT"].block("scores"), "| at | y0 | office |\n| O42 | 0 | สำนักปลัด |\n| O7 | 0 | |"
    )
    pipeline.run(port)
    assert port.text(oit, "missing_sentence") == "มีรายการที่ยังไม่ได้คะแนนเต็ม 2 ข้อ ได้แก่ O7 และ O42"
    assert [(r["code"], r["office"]) for r in port.rows(oit, "missing")] == [
        ("O7", "หน่วยงานด้านประชาสัมพันธ์และเทคโนโลยีสารสนเทศ"),
        ("O42", "สำนักปลัด"),
    ]
    groups = {r["code"]: r for r in port.rows(oit, "groups")}
    assert (groups["10.2"]["complete"], groups["10.2"]["items"], groups["10.2"]["missing_codes"]) == (1, 2, "O42")


def test_unused_rows_are_hidden_and_emptied_on_every_run(port: Memory) -> None:
    pipeline.run(port)
    urgent = port.here(ANALYSIS["EIT"]).block("urgent")
    hidden = port.hidden[ANALYSIS["EIT"].title]
    assert set(range(urgent.first_row, urgent.first_row + 5)).isdisjoint(hidden)
    assert urgent.last_row == urgent.first_row + 5, "the row that others are made to look like"
    assert urgent.last_row in hidden
    port.set(HOME, "urgent_ranks", 1)
    pipeline.run(port)
    assert [r["code"] for r in port.rows(ANALYSIS["EIT"], "urgent")] == ["E1"]


def test_a_run_twice_gives_the_same_workbook(port: Memory) -> None:
    pipeline.run(port)
    first = {title: dict(page) for title, page in port.pages.items()}
    pipeline.run(port)
    assert port.pages == first


def test_a_run_writes_nothing_but_output_sheets(port: Memory) -> None:
    port.writes.clear()
    pipeline.run(port)
    written = {title for title, *_ in port.writes}
    assert written == {s.title for s in WRITTEN if s.show is not Show.NEEDED}
    assert set(port.shown) == {s.title for s in OUTPUTS if s.show is Show.RUN}


def edit(port: Memory, text: str | None) -> None:
    block = SUMMARY.block("changes")
    port.put(SUMMARY.title, block.first_row, block.column_number("explanation"), text)


def test_an_edited_explanation_survives_and_a_new_suggestion_is_a_note(port: Memory) -> None:
    pipeline.run(port)
    edit(port, "ข้อความของหน่วยงาน")
    found = pipeline.run(port)
    assert port.rows(SUMMARY, "changes")[0]["explanation"] == "ข้อความของหน่วยงาน"
    assert [f.code for f in found.findings] == [Code.DRAFT_NOT_CONFIRMED]
    port.fill_in(SCORES["OIT"], SCORES["OIT"].block("scores"), "| at | y0 |\n| O1 | 0 |")
    found = pipeline.run(port)
    assert port.rows(SUMMARY, "changes")[0]["explanation"] == "ข้อความของหน่วยงาน"
    assert [(f.code, f.cell) for f in found.findings if f.code == Code.EDIT_DIFFERS] == [(Code.EDIT_DIFFERS, "C94")]
    assert pipeline.run(port).findings == found.findings, "it is said as long as it is so"


def test_a_cleared_explanation_stays_cleared_and_an_untouched_one_is_refreshed(port: Memory) -> None:
    pipeline.run(port)
    edit(port, None)
    port.fill_in(SCORES["OIT"], SCORES["OIT"].block("scores"), "| at | y0 |\n| O43 | 0 |")
    pipeline.run(port)
    rows = port.rows(SUMMARY, "changes")
    assert rows[0]["explanation"] is None
    assert rows[1]["explanation"].startswith("คะแนนรวมปี 2565 เพิ่มขึ้นจากปี 2563 จำนวน 3.01 คะแนน")


def test_a_persons_text_never_moves_to_another_row(port: Memory) -> None:
    pipeline.run(port)
    edit(port, "เหตุผลของปี 2564")
    stated = port.rows(SUMMARY, "changes")[0]["span"]
    for code in ("รวม", *map(str, range(1, 9))):
        port.fill_in(STATED, STATED.block("stated"), f"| at | y1 |\n| {code} | (empty) |")
    found = pipeline.run(port)
    rows = port.rows(SUMMARY, "changes")
    kept = {r["span"]: r["explanation"] for r in rows}
    assert kept[stated] == "เหตุผลของปี 2564"
    assert kept["2563 → 2565"] != "เหตุผลของปี 2564"
    assert Code.ROW_NOT_PROPOSED in [f.code for f in found.findings]


def test_a_row_that_the_clerk_added_is_left_where_it_stands(port: Memory) -> None:
    pipeline.run(port)
    block = port.here(SUMMARY).block("changes")
    at = (block.first_row + 3, block.column_number("explanation"))
    port.put(SUMMARY.title, *at, "หมายเหตุของหน่วยงาน")
    pipeline.run(port)
    assert port.pages[SUMMARY.title][at] == "หมายเหตุของหน่วยงาน"
    assert at[0] not in port.hidden[SUMMARY.title]
    assert len(port.rows(SUMMARY, "changes")) == 4


def test_a_formula_in_a_suggested_cell_stays(port: Memory) -> None:
    pipeline.run(port)
    block = SUMMARY.block("changes")
    at = (block.first_row, block.column_number("explanation"))
    port.put(SUMMARY.title, *at, Formula('="เพราะ"&"O42"'))
    pipeline.run(port)
    assert port.pages[SUMMARY.title][at] == Uncomputed('="เพราะ"&"O42"')


def test_a_table_without_its_headings_stops_the_run_before_anything_is_written(port: Memory) -> None:
    pipeline.run(port)
    page = port.pages[ANALYSIS["IIT"].title]
    for at in [at for at in page if at[0] == 7]:
        del page[at]
    before = {title: dict(held) for title, held in port.pages.items()}
    with pytest.raises(Unusable) as caught:
        pipeline.run(port)
    assert {f.code for f in caught.value.findings} == {Code.TABLE_MOVED}
    assert port.pages == before


def test_a_reworded_heading_is_no_move(port: Memory) -> None:
    pipeline.run(port)
    port.put(ANALYSIS["IIT"].title, 7, 3, "คำถามที่ถาม")
    pipeline.run(port)


def test_what_a_person_decided_about_open_data_is_said(port: Memory) -> None:
    block = SCORES["OIT"].block("scores")
    port.fill_in(
        SCORES["OIT"],
        block,
        """
        | at  | y0  | raise            | reason      |
        | O1  | 100 | ยกเป็นประเด็น    | ลิงก์เสีย    |
        | O43 | 0   | ไม่ยกเป็นประเด็น | อยู่ระหว่างอุทธรณ์ |
        | O42 | 0   |                  |             |
        """,
    )
    pipeline.run(port)
    oit = ANALYSIS["OIT"]
    assert [r["code"] for r in port.rows(oit, "missing")] == ["O1", "O42"]
    sentence = port.text(oit, "missing_sentence")
    assert "O1 (ลิงก์เสีย)" in sentence
    assert "ไม่ยกข้อ O43 (อยู่ระหว่างอุทธรณ์)" in sentence


def test_findings_link_to_their_cells(port: Memory) -> None:
    port.fill_in(SCORES["IIT"], SCORES["IIT"].block("scores"), "| at | y0 |\n| I1 | ดี |")
    pipeline.run(port)
    row = port.rows(FINDINGS, "findings")[0]
    assert (row["finding"], row["sheet"], row["code"]) == (Code.NOT_A_NUMBER, "คะแนน IIT", "I1")
    assert row["cell"].formula == '=HYPERLINK("#\'คะแนน IIT\'!G6","G6")'
    assert "ต้องแก้ไข 1 รายการ" in port.text(FINDINGS, "count")


def test_many_findings_of_one_kind_in_a_column_are_one_row_with_their_range(port: Memory) -> None:
    title, block = SCORES["IIT"].title, SCORES["IIT"].block("scores")
    first, last = block.last_row + 1, block.last_row + 399
    for number in range(first, last + 1):
        port.put(title, number, 1, "I999")
        port.put(title, number, 7, 1)
    pipeline.run(port)
    row = port.rows(FINDINGS, "findings")[0]
    assert row["cell"].formula == f'=HYPERLINK("#\'{title}\'!A{first}:A{last}","A{first}:A{last}")'
    assert "รวม 399 รายการ" in row["message"] and not row["code"]
    assert "ต้องแก้ไข 399 รายการ" in port.text(FINDINGS, "count"), "each of them counts"


def test_more_findings_than_fit_are_counted(port: Memory) -> None:
    pipeline.run(port, [Finding(Code.FILE_OPEN_ELSEWHERE)] * 399)
    rows = port.rows(FINDINGS, "findings")
    assert len(rows) == 300
    assert rows[-1]["message"] == say("findings.more", number=101)


def test_with_an_unusable_structure_only_the_findings_are_written(port: Memory) -> None:
    port.fill_in(STRUCTURE, STRUCTURE.block("nodes"), "| at | parent |\n| 1 | 99 |")
    port.writes.clear()
    pipeline.run(port)
    assert {title for title, *_ in port.writes} == {FINDINGS.title}


def test_frames_for_analysts(port: Memory) -> None:
    frames = pipeline.analyse(port).frames()
    scores = frames["scores"].set_index(["year", "code"])
    assert scores.loc[(2565, "total"), "score"] == 96.99
    assert scores.loc[(2564, "10.2"), "exact"] == 0
    assert frames["changes"].query("since == 2564")["points"].sum() == pytest.approx(15.604588889)
    assert list(frames["findings"].columns)[:2] == ["code", "severity"]


def test_a_formula_is_written_only_where_we_mean_one(port: Memory) -> None:
    port.set(HOME, "agency", "=1+1")
    pipeline.run(port)
    assert not isinstance(port.text(SUMMARY, "agency"), Formula)
    assert port.text(SUMMARY, "agency").startswith("=1+1")
