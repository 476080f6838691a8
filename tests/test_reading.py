"""What clerks type, as tables: the cell, and the findings that it must give."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from ita_xl import pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.data import catalogue, profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import CellError
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.layout import COMMENTS, HOME, SCORES, STATED, STRUCTURE
from ita_xl.layout.keys import ColumnKey
from tests.conftest import sure
from tests.memory_port import Memory, workbook

IIT, OIT = SCORES["IIT"], SCORES["OIT"]
QUESTIONS, STATED_ROWS, NODES = IIT.block("scores"), STATED.block("stated"), STRUCTURE.block("nodes")


def run(port: Memory) -> Outcome:
    return pipeline.analyse(port)


def at(outcome: Outcome, *codes: str) -> list[tuple[str, str]]:
    """Code and cell of the findings of some codes."""
    return [(f.code, f.cell) for f in outcome.findings if f.code in codes]


@pytest.fixture
def port() -> Memory:
    """All questions at 90, so that only what a test changes is remarkable."""
    made = workbook()
    for instrument, sheet in SCORES.items():
        block = sheet.block("scores")
        for row, _ in enumerate(profiles.profile(2565).tree.questions(instrument), block.first_row):
            made.put(sheet.title, row, block.column_number("y0"), 100 if instrument == "OIT" else 90)
    return made


def test_a_clean_workbook_has_only_the_note_on_last_year(port: Memory) -> None:
    assert [f.code for f in run(port).findings] == [Code.LAST_YEAR_UNKNOWN]


def test_scores_that_are_understood_are_used_and_noted(port: Memory) -> None:
    port.fill_in(
        IIT,
        QUESTIONS,
        """
        | at | y0        |
        | I1 | ๘๐.๕      |
        | I2 | 80,5      |
        | I3 | " 80.5 "  |
        | I4 | "80.5"    |
        """,
    )
    found = run(port)
    assert at(found, Code.NUMBER_UNDERSTOOD) == [
        (Code.NUMBER_UNDERSTOOD, "G6"),
        (Code.NUMBER_UNDERSTOOD, "G7"),
        (Code.NUMBER_UNDERSTOOD, "G8"),
        (Code.NUMBER_UNDERSTOOD, "G9"),
    ]
    assert {float(sure(found.scores[c].exact)) for c in ("I1", "I2", "I3", "I4")} == {80.5}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ดี", Code.NOT_A_NUMBER),
        ("100.01", Code.NUMBER_OUT_OF_RANGE),
        ("-1", Code.NUMBER_OUT_OF_RANGE),
        ("#N/A", Code.CELL_HAS_ERROR),
        ("=A1", Code.FORMULA_WITHOUT_RESULT),
        ("-- ", Code.COUNTS_AS_UNKNOWN),
        ("(empty)", Code.SCORE_MISSING),
    ],
)
def test_a_score_that_cannot_be_used_is_one_finding_at_its_cell(port: Memory, typed: str, code: str) -> None:
    port.fill_in(IIT, QUESTIONS, f"| at | y0 |\n| I7 | {typed} |")
    found = run(port)
    of_cell = [f.code for f in found.findings if f.cell == "G12"]
    assert of_cell == ([Code.COUNTS_AS_UNKNOWN, Code.SCORE_MISSING] if code == Code.COUNTS_AS_UNKNOWN else [code])
    assert found.scores["2"].exact is None
    assert at(found, Code.TOTAL_UNKNOWN)


def test_a_score_that_excel_turned_into_a_date_is_reported(port: Memory) -> None:
    port.put(IIT.title, 6, 7, dt.datetime(2022, 5, 9))  # noqa: DTZ001
    assert at(run(port), Code.NOT_A_NUMBER) == [(Code.NOT_A_NUMBER, "G6")]


def test_odd_codes_are_read_and_noted(port: Memory) -> None:
    port.fill_in(IIT, QUESTIONS, "| at | code |\n| I13 | ข้อ I13 |\n| I15 | 115 |")
    port.fill_in(OIT, OIT.block("scores"), '| at | code |\n| O34 | O-34 |\n| O42 | "042" |')
    found = run(port)
    assert at(found, Code.CODE_UNDERSTOOD) == [
        (Code.CODE_UNDERSTOOD, "A18"),
        (Code.CODE_UNDERSTOOD, "A20"),
        (Code.CODE_UNDERSTOOD, "A39"),
        (Code.CODE_UNDERSTOOD, "A47"),
    ]
    assert found.scores["I15"].exact == 90


def test_unknown_duplicate_ambiguous_and_missing_codes_do_not_count(port: Memory) -> None:
    port.fill_in(
        IIT,
        QUESTIONS,
        """
        | at  | code    | y0 |
        | I20 | I99     | 10 |
        | I21 | I1      | 10 |
        | I22 | 11      | 10 |
        | I23 | (empty) | 10 |
        """,
    )
    found = run(port)
    assert at(found, Code.CODE_UNKNOWN, Code.CODE_TWICE, Code.CODE_AMBIGUOUS, Code.SCORE_WITHOUT_CODE) == [
        (Code.CODE_UNKNOWN, "A25"),
        (Code.CODE_TWICE, "A26"),
        (Code.CODE_AMBIGUOUS, "A27"),
        (Code.SCORE_WITHOUT_CODE, "A28"),
    ]
    assert found.scores["I1"].exact == 90
    assert [f.question for f in found.findings if f.code == Code.SCORE_MISSING] == ["I20", "I21", "I22", "I23"]


def test_rows_may_stand_in_any_order(port: Memory) -> None:
    port.fill_in(IIT, QUESTIONS, "| at | code | y0 |\n| I1 | I2 | 80 |\n| +2 | I1 | 70 |")
    found = run(port)
    assert [found.scores[code].exact for code in ("I1", "I2")] == [70, 80]
    assert [f.code for f in found.findings] == [Code.LAST_YEAR_UNKNOWN]


def test_a_table_that_moved_down_and_right_is_read_where_it_stands(port: Memory) -> None:
    page = port.pages[IIT.title]
    port.pages[IIT.title] = {(row + 3, column + 1): value for (row, column), value in page.items()}
    found = run(port)
    assert at(found, Code.HEADING_MOVED) == [(Code.HEADING_MOVED, "B8")]
    assert found.scores["1"].exact == 90


def test_columns_in_another_order_are_found_by_their_headings(port: Memory) -> None:
    page = port.pages[IIT.title]
    swapped = {2: 7, 7: 2}
    port.pages[IIT.title] = {(row, swapped.get(column, column)): value for (row, column), value in page.items()}
    assert run(port).scores["1"].exact == 90


def test_a_lost_heading_is_an_error_and_no_column_is_guessed(port: Memory) -> None:
    port.put(IIT.title, QUESTIONS.header_row, 7, "ผลลัพธ์")
    found = run(port)
    assert at(found, Code.HEADING_MISSING) == [(Code.HEADING_MISSING, "G5")]
    assert found.scores["1"].exact is None


def test_a_reworded_heading_is_taken_for_what_stood_there_but_not_one_of_scores(port: Memory) -> None:
    port.put(IIT.title, QUESTIONS.header_row, 2, "หัวข้อ")
    port.put(IIT.title, QUESTIONS.header_row, 6, "คะแนนปี พ.ศ. 2564")
    port.put(IIT.title, QUESTIONS.header_row, 7, "๒๕๖๕")
    found = run(port)
    assert [f.code for f in found.findings] == [Code.LAST_YEAR_UNKNOWN]
    assert found.scores["1"].exact == 90


def test_more_questions_than_the_sheets_have_room_for_are_refused_and_not_crashed_on(port: Memory) -> None:
    block = STRUCTURE.block("nodes")
    for number in range(61):
        cells: dict[ColumnKey, str] = {"code": f"E{100 + number}", "layer": "ข้อคำถาม", "parent": "6"}
        for key, value in cells.items():
            port.put(STRUCTURE.title, 130 + number, block.column_number(key), value)
    found = pipeline.run(port)
    assert [f.code for f in found.findings if f.code == Code.STRUCTURE_TOO_LARGE] == [Code.STRUCTURE_TOO_LARGE]


def test_weights_that_do_not_add_up_are_worth_a_look(port: Memory) -> None:
    port.fill_in(STRUCTURE, NODES, "| at | weight |\n| OIT | 30 |")
    assert at(run(port), Code.WEIGHTS_NOT_100) == [(Code.WEIGHTS_NOT_100, "E10")]


def test_a_finding_on_the_structure_names_the_cell_also_where_rows_were_inserted(port: Memory) -> None:
    port.fill_in(STRUCTURE, NODES, "| at | weight |\n| OIT | 30 |")
    page = port.pages[STRUCTURE.title]
    port.pages[STRUCTURE.title] = {(row + 2 * (row > 9), column): value for (row, column), value in page.items()}
    assert at(run(port), Code.WEIGHTS_NOT_100) == [(Code.WEIGHTS_NOT_100, "E12")]


def test_a_year_that_does_not_ship_is_judged_by_its_own_structure_and_said_to_be_unverified(port: Memory) -> None:
    port = workbook(2569)
    for sheet, field in ((HOME, "year"), (STRUCTURE, "year")):
        port.set(sheet, field, 2570)
    finding = next(f for f in run(port).findings if f.code == Code.YEAR_NOT_VERIFIED)
    assert "…" not in catalogue.message(finding) + catalogue.message(finding, "en")


def test_a_changed_weight_has_its_own_line_in_the_change(port: Memory) -> None:
    port.fill_in(STATED, STATED_ROWS, "| at | y1 |\n| IIT | 80 |\n| EIT | 90 |\n| OIT | 100 |")
    port.fill_in(STRUCTURE, NODES, "| at | weight |\n| IIT | 40 |\n| OIT | 30 |")
    change = run(port).changes[0]
    parts = {part.code: part.points for part in change.contributions}
    assert parts == {"IIT": 3, "EIT": 0, "OIT": 0, "structure": -1}


def test_a_note_on_a_level_does_not_undo_the_levels(port: Memory) -> None:
    levels = STRUCTURE.block("levels")
    port.put(STRUCTURE.title, levels.first_row, levels.column_number("min_total"), "๙๕")
    port.put(STRUCTURE.title, levels.first_row, levels.column_number("min_iit"), "-")
    assert run(port).level_name == "A"


def test_a_raised_question_without_a_score_is_named(port: Memory) -> None:
    port.fill_in(IIT, QUESTIONS, "| at | y0 | raise |\n| I7 | (empty) | ยกเป็นประเด็น |")
    assert at(run(port), Code.RAISED_WITHOUT_SCORE) == [(Code.RAISED_WITHOUT_SCORE, "G12")]


def test_merged_cells_in_a_table_are_reported(port: Memory) -> None:
    port.merged[IIT.title] = ["A1:I1", "G10:G12"]
    assert at(run(port), Code.CELLS_MERGED) == [(Code.CELLS_MERGED, "G10")]


def test_a_sheet_that_may_be_a_renamed_one_is_named(port: Memory) -> None:
    """Of an older workbook, which has no names, with headings that were worded anew."""
    port.rename("คะแนน IIT", "คะแนน IIT ใหม่")
    for column in (2, 3):
        port.put("คะแนน IIT ใหม่", IIT.block("scores").header_row, column, "อื่น ๆ")
    found = run(port)
    finding = next(f for f in found.findings if f.code == Code.SHEET_RENAMED)
    assert (finding.sheet, finding.values["found"]) == ("คะแนน IIT", "คะแนน IIT ใหม่")


def test_a_missing_sheet_is_an_error_but_a_spelling_variant_is_not_missing(port: Memory) -> None:
    port.rename("คะแนน EIT", "x")
    port.pages["x"] = {}
    port.rename("คะแนน OIT", "คะแนน  oit ")
    found = run(port)
    assert [(f.code, f.sheet) for f in found.findings if f.code == Code.SHEET_MISSING] == [
        (Code.SHEET_MISSING, "คะแนน EIT")
    ]
    assert found.scores["OIT"].exact == 100


@pytest.mark.parametrize("ending", [" - ตาราง 1", " - Table 1", " – ตาราง ๑", " - Table 1-1"])
def test_sheets_are_known_by_the_titles_under_which_another_program_exports_them(port: Memory, ending: str) -> None:
    before = run(port)
    for title in list(port.pages):
        port.rename(title, f"{title}{ending}"[:31])
    found = run(port)
    assert [f.code for f in found.findings] == [f.code for f in before.findings]
    assert found.scores["total"].exact == before.scores["total"].exact
    assert found.inputs.titles[IIT.key] == f"คะแนน IIT{ending}"


def test_a_sheet_of_our_title_goes_before_one_that_was_exported(port: Memory) -> None:
    port.pages = {"คะแนน IIT - ตาราง 1": {}, "คะแนน iit": {}, **port.pages}
    assert run(port).inputs.titles[IIT.key] == "คะแนน IIT"


def test_a_foreign_workbook_is_refused() -> None:
    foreign = Memory()
    foreign.pages = {"Sheet1": {(1, 1): "x"}}
    with pytest.raises(Unusable) as caught:
        run(foreign)
    assert [f.code for f in caught.value.findings] == [Code.NOT_AN_ITA_WORKBOOK]


def test_a_partial_open_data_score_is_possible_but_worth_a_look(port: Memory) -> None:
    port.fill_in(OIT, OIT.block("scores"), "| at | y0 |\n| O5 | 50 |")
    found = run(port)
    assert at(found, Code.ITEM_NEITHER_0_NOR_100) == [(Code.ITEM_NEITHER_0_NOR_100, "G10")]
    assert found.scores["O5"].exact == 50


@pytest.mark.parametrize("points", ["750", "1000", '"1000/9"', '"700/0"'])
def test_impossible_points_are_refused(port: Memory, points: str) -> None:
    port.fill_in(STATED, STATED_ROWS, f"| at | p1 |\n| 9.1 | {points} |")
    assert at(run(port), Code.POINTS_IMPOSSIBLE) == [(Code.POINTS_IMPOSSIBLE, "G20")]


def test_points_give_an_exact_score_and_may_name_their_items(port: Memory) -> None:
    port.fill_in(STATED, STATED_ROWS, '| at | p1 |\n| 9.1 | 700 |\n| 9.2 | "700 / 8" |\n| 9.3 | "๗๐๐/๗" |')
    scores = run(port).years[2564].scores
    assert {code: scores[code].exact for code in ("9.1", "9.2", "9.3")} == {
        "9.1": Fraction(700, 9),
        "9.2": Fraction(700, 8),
        "9.3": Fraction(100),
    }


def test_other_items_than_the_structure_has_are_remarkable(port: Memory) -> None:
    port.fill_in(STATED, STATED_ROWS, '| at | p1 | p0 |\n| 9.1 | "700/8" | "800/8" |')
    assert at(run(port), Code.ITEM_COUNT_DIFFERS) == [
        (Code.ITEM_COUNT_DIFFERS, "G20"),
        (Code.ITEM_COUNT_DIFFERS, "H20"),
    ]


def test_points_on_a_survey_indicator_are_impossible(port: Memory) -> None:
    port.fill_in(STATED, STATED_ROWS, "| at | p1 |\n| 1 | 300 |")
    assert at(run(port), Code.POINTS_MISPLACED) == [(Code.POINTS_MISPLACED, "G9")]


@pytest.mark.parametrize(("code", "cell"), [("OIT", "G18"), ("9", "G19")])
def test_points_on_a_mean_of_groups_would_be_a_flat_mean_and_are_refused(
    port: Memory, code: str, cell: str
) -> None:
    port.fill_in(STATED, STATED_ROWS, f'| at | p1 |\n| {code} | "2900/33" |')
    assert at(run(port), Code.POINTS_MISPLACED) == [(Code.POINTS_MISPLACED, cell)]


def test_a_published_level_that_does_not_fit_is_named(port: Memory) -> None:
    port.fill_in(STATED, STATED_ROWS, "| at | y0 |\n| ระดับ | AA |")
    found = run(port)
    assert at(found, Code.LEVEL_UNDECIDED) == [(Code.LEVEL_UNDECIDED, "E7")]


def test_the_workbooks_year_must_be_that_of_its_structure_and_headings(port: Memory) -> None:
    port.set(HOME, "year", 2564)
    found = run(port)
    assert at(found, Code.STRUCTURE_OF_OTHER_YEAR) == [(Code.STRUCTURE_OF_OTHER_YEAR, "C4")]
    assert {f.sheet for f in found.findings if f.code == Code.HEADING_OF_OTHER_YEAR} == {
        "คะแนนที่ประกาศ",
        "คะแนน IIT",
        "คะแนน EIT",
        "คะแนน OIT",
    }


@pytest.mark.parametrize("year", [None, "ปีนี้", 2022, 2565.5])
def test_without_a_usable_year_nothing_is_judged(port: Memory, year: str | float | None) -> None:
    port.set(HOME, "year", year)
    found = run(port)
    assert at(found, Code.YEAR_UNUSABLE) == [(Code.YEAR_UNUSABLE, "B14")]
    assert found.years == {}


@pytest.mark.parametrize("name", [None, " ", "\u00a0", "\u200b", "\u2066 \u2069"])
def test_an_agency_whose_name_shows_nothing_has_none(port: Memory, name: str | None) -> None:
    port.set(HOME, "agency", name)
    assert at(run(port), Code.AGENCY_MISSING) == [(Code.AGENCY_MISSING, "B10")]


@pytest.mark.parametrize("year", ["\u200e2565", "\u202a๒๕๖๕\u202c", "พ.ศ. 2565", "2565\u00a0"])
def test_marks_and_words_around_the_year_do_not_hide_it(port: Memory, year: str) -> None:
    port.set(HOME, "year", year)
    assert run(port).year == 2565


def test_options_that_cannot_be_used_fall_back_to_their_defaults(port: Memory) -> None:
    port.set(HOME, "weak_below", "มาก")
    port.set(HOME, "urgent_ranks", 0)
    port.set(HOME, "best_count", 2.5)
    port.set(HOME, "lowest_if_none_weak", "?")
    found = run(port)
    assert at(found, Code.OPTION_UNUSABLE) == [
        (Code.OPTION_UNUSABLE, "E21"),
        (Code.OPTION_UNUSABLE, "E18"),
        (Code.OPTION_UNUSABLE, "E19"),
        (Code.OPTION_UNUSABLE, "E20"),
    ]
    assert [found.inputs.rules.weak_below, found.inputs.rules.urgent_ranks] == [85, 3]


def test_options_change_the_lists(port: Memory) -> None:
    port.set(HOME, "weak_below", 95)
    port.set(HOME, "urgent_ranks", 1)
    port.set(HOME, "best_count", 2)
    port.fill_in(IIT, QUESTIONS, "| at | y0 |\n| I1 | 94 |\n| I2 | 96 |")
    selection = run(port).selections["IIT"]
    assert len(selection.weak) == 29
    assert {r.score for r in selection.urgent} == {90}
    assert [r.code for r in selection.best] == ["I2", "I1"]


def test_a_person_decides_what_is_an_issue(port: Memory) -> None:
    port.fill_in(
        IIT,
        QUESTIONS,
        """
        | at  | y0 | raise            | reason        |
        | I14 | 70 | ไม่ยกเป็นประเด็น | แก้ไขแล้ว     |
        | I15 | 71 |                  |               |
        | I16 | 91 | ยกเป็นประเด็น    | มีข้อร้องเรียน |
        | I17 | 92 | อาจจะ            |               |
        """,
    )
    found = run(port)
    assert [(r.code, r.by_hand, r.reason) for r in found.selections["IIT"].urgent] == [
        ("I15", False, ""),
        ("I16", True, "มีข้อร้องเรียน"),
    ]
    assert at(found, Code.CHOICE_UNKNOWN) == [(Code.CHOICE_UNKNOWN, "H22")]


def test_comments_need_a_known_code(port: Memory) -> None:
    block = COMMENTS.block("comments")
    for row, (code, text) in enumerate([("E11", "ควรเผยแพร่"), ("E77", "x"), (None, "ไม่มีรหัส"), ("ข้อ E 14", "y")]):
        port.put(COMMENTS.title, block.first_row + row, 1, code)
        port.put(COMMENTS.title, block.first_row + row, 2, text)
    found = run(port)
    assert found.inputs.comments == [("E11", "ควรเผยแพร่"), ("E14", "y")]
    assert at(found, Code.COMMENT_WITHOUT_CODE) == [
        (Code.COMMENT_WITHOUT_CODE, "A7"),
        (Code.COMMENT_WITHOUT_CODE, "A8"),
    ]


def test_faults_of_the_structure_point_at_its_cells(port: Memory) -> None:
    port.fill_in(STRUCTURE, NODES, "| at | parent |\n| I5 | 77 |\n| 2 | I1 |")
    port.fill_in(STRUCTURE, NODES, "| at | weight |\n| IIT | 0 |\n| EIT | (empty) |")
    found = run(port)
    assert found.years == {}
    assert at(
        found, Code.PARENT_UNKNOWN, Code.PARENT_OUT_OF_ORDER, Code.WEIGHT_NOT_POSITIVE, Code.WEIGHTS_INCOMPLETE
    ) == [
        (Code.WEIGHT_NOT_POSITIVE, "E10"),
        (Code.PARENT_OUT_OF_ORDER, "D12"),
        (Code.PARENT_UNKNOWN, "D34"),
        (Code.WEIGHTS_INCOMPLETE, "E9"),
    ]


def test_last_years_question_scores_count_only_where_the_codes_mean_the_same() -> None:
    port = workbook(2566)
    block = OIT.block("scores")
    port.fill_in(OIT, block, "| at | y1 | y0 |\n| O1 | 100 | 100 |")
    found = run(port)
    assert at(found, Code.EARLIER_SCORES_NOT_USED) == [(Code.EARLIER_SCORES_NOT_USED, "F6")]
    assert 2565 not in found.years


def test_a_year_that_is_not_verified_says_so_until_the_agency_confirms_it() -> None:
    port = workbook(2568)
    assert at(run(port), Code.YEAR_NOT_VERIFIED, Code.YEAR_TAKEN_OVER) == [(Code.YEAR_NOT_VERIFIED, "C6")]
    port.set(STRUCTURE, "confirmed", "ใช่")
    assert at(run(port), Code.YEAR_NOT_VERIFIED, Code.YEAR_TAKEN_OVER) == [(Code.YEAR_TAKEN_OVER, "C6")]


def test_where_no_questions_are_known_there_is_room_to_paste_them() -> None:
    hidden = workbook(2568).hidden[IIT.title]
    assert hidden.isdisjoint(range(QUESTIONS.header_row, QUESTIONS.first_row + 15))


def test_items_whose_place_is_unknown_are_not_scored() -> None:
    port = workbook(2569)
    port.fill_in(OIT, OIT.block("scores"), "| at | y0 |\n| O1 | 0 |\n| O2 | 100 |")
    found = run(port)
    assert [f.values["codes"] for f in found.findings if f.code == Code.QUESTIONS_UNPLACED] == ["O1-O26"]
    assert found.scores["OIT"].exact is None


def test_every_finding_has_all_its_sentences_and_no_slot_stays_open(port: Memory) -> None:
    for code, texts in catalogue.entries().items():
        assert set(texts) == {"th", "th_hint", "en", "en_hint"}, code
        assert all(texts.values()), code
    port.fill_in(IIT, QUESTIONS, "| at | code | y0 |\n| I1 | 77 | 1000 |\n| I2 | I3 | x |\n| I4 | i4 | ๙ |")
    for finding in run(port).findings:
        for lang in ("th", "en"):
            assert "…" not in catalogue.message(finding, lang) + catalogue.hint(finding, lang), finding.code


@pytest.mark.parametrize(
    ("value", "said"), [(2566.0, "2566"), (True, "TRUE"), (CellError("#N/A"), "#N/A"), (dt.time(8, 30), "8:30")]
)
def test_a_message_shows_values_as_the_spreadsheet_does(value: object, said: str) -> None:
    finding = Finding(Code.NUMBER_UNDERSTOOD, values={"value": value, "number": value})
    assert catalogue.message(finding) == f"“{said}” อ่านเป็น {said}"


def test_a_missing_slot_never_breaks_a_message() -> None:
    assert "…" in catalogue.message(Finding(Code.STATED_DISAGREES))
