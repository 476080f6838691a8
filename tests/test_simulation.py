"""The sheet จำลองคะแนน: the way to the next level, what each score is worth, and what a clerk's targets give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ita_xl import pipeline
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.engines.port import Value
from ita_xl.layout import HOME, SCORES, SIMULATION, STATED, Show
from ita_xl.layout.address import cell
from ita_xl.layout.keys import ColumnKey
from ita_xl.new import put_scores
from ita_xl.reading import score_file
from tests.memory_port import Memory, workbook

LEAVES = SIMULATION.block("leaves")
OIT = SCORES["OIT"].block("scores")
LACKING = ("O1", "O2", "O10", "O29", "O42", "O43")
"""Items that the points of 2564 leave out: 2 of 9 in 9.1, 1 of 8 in 9.2, 1 of 5 in 9.5, both of 10.2."""


def of_2564(samples: Path) -> Memory:
    """The reference agency's 2564: indicators, and open data by sub-indicator only."""
    port, profile = workbook(2564), profiles.profile(2564)
    entries, _ = score_file.read(samples / "scores-2565.csv", profile.tree, 2564)
    put_scores(port, profile, entries)
    return port


@pytest.fixture
def port(samples: Path) -> Memory:
    return of_2564(samples)


@pytest.fixture
def with_items(samples: Path) -> Memory:
    made = of_2564(samples)
    for row, code in enumerate(profiles.profile(2564).tree.questions("OIT"), OIT.first_row):
        made.put(SCORES["OIT"].title, row, OIT.column_number("y0"), 0 if code in LACKING else 100)
    return made


def of_2566(**scores: float) -> Memory:
    """A workbook of the rules since 2566, of which only the named nodes are known."""
    made = workbook(2566)
    rows = "\n".join(f"| {code} | {score} |" for code, score in scores.items())
    made.fill_in(STATED, STATED.block("stated"), f"| at | y0 |\n{rows}")
    return made


def try_out(port: Memory, **targets: object) -> None:
    rows = "\n".join(f"| {code} | {typed} |" for code, typed in targets.items())
    port.fill_in(SIMULATION, LEAVES, f"| at | target |\n{rows}")


def case(port: Memory, beginning: str) -> tuple[str, Value, Value, Value]:
    """Text, total, change and level of the case whose text begins so."""
    (row,) = [r for r in port.rows(SIMULATION, "cases") if str(r["case"]).startswith(beginning)]
    return str(row["case"]), row["total"], row["change"], row["level"]


def leaf(port: Memory, code: str) -> dict[ColumnKey, Any]:
    return next(row for row in port.rows(SIMULATION, "leaves") if row["code"] == code)


def move_row_to_top(port: Memory, code: str) -> None:
    """As a clerk sorts: the row of a code goes to the top, those above it down by one."""
    page, columns = port.pages[SIMULATION.title], range(1, len(LEAVES.columns) + 1)
    at = next(r for r in range(LEAVES.first_row, max(page)[0]) if page.get((r, 1)) == code)
    for row in range(at, LEAVES.first_row, -1):
        for column in columns:
            above, here = page.get((row - 1, column)), page.get((row, column))
            port.put(SIMULATION.title, row, column, above)
            port.put(SIMULATION.title, row - 1, column, here)


# ---- the way to the next level ----


def test_with_sub_indicators_known_only_one_of_them_is_enough(port: Memory) -> None:
    found = pipeline.run(port)
    assert case(port, "ไปถึงระดับ A") == (
        "ไปถึงระดับ A ด้วยจำนวนรายการน้อยที่สุด: ยกระดับรายการเดียวให้ได้ 100 คะแนน คือ"
        "ตัวชี้วัดย่อยที่ 10.2 มาตรการภายในเพื่อป้องกันการทุจริต (เพิ่มขึ้น 10.00 คะแนน)",
        91.39,
        10,
        "A",
    )
    assert found.as_json()["next_level"]["tied"] == []


def test_with_items_known_one_item_is_enough_and_both_that_would_do_are_named(with_items: Memory) -> None:
    found = pipeline.run(with_items).as_json()
    text, total, change, level = case(with_items, "ไปถึงระดับ A")
    assert (total, change, level) == (86.39, 5, "A")
    assert "คือข้อ O42 " in text and " หรือข้อ O43 " in text and text.endswith("(เพิ่มขึ้น 5.00 คะแนนเท่ากัน)")
    assert found["next_level"] == {
        "level": "A",
        "gap": 3.61,
        "path": [{"code": "O42", "gain": 5.0}],
        "tied": ["O43"],
        "total_after": 86.39,
    }


def test_the_present_result_says_what_the_next_level_asks(port: Memory) -> None:
    pipeline.run(port)
    text, total, change, level = case(port, "ผลปัจจุบัน")
    assert (total, change, level) == (81.39, None, "B")
    assert "ระดับถัดไปคือ A (คะแนนรวมตั้งแต่ 85 คะแนนขึ้นไป) ยังขาดคะแนนรวมอีก 3.61 คะแนน" in text


def test_at_the_best_level_there_is_no_way_up(port: Memory) -> None:
    port.fill_in(STATED, STATED.block("stated"), "| at | y0 | p0 |\n| รวม | (empty) | |\n| 10.2 | | 200 |")
    for code in ("6", "7", "8", *"12345"):
        port.fill_in(STATED, STATED.block("stated"), f"| at | y0 |\n| {code} | 98 |")
    found = pipeline.run(port)
    assert found.level_name == "AA"
    assert case(port, "ผลปัจจุบัน")[0] == "ผลปัจจุบัน อยู่ในระดับสูงสุดแล้ว"
    assert not any("ไปถึงระดับ" in str(text) for text in port.column(SIMULATION, "cases", "case"))


def test_a_way_of_several_steps_is_listed_by_code_with_what_may_replace_its_last_step(port: Memory) -> None:
    for code in ("รวม", "9.1", "9.2", "9.3", "9.4", "9.5", "10.1", "10.2"):
        port.fill_in(STATED, STATED.block("stated"), f"| at | y0 | p0 |\n| {code} | (empty) | (empty) |")
    for code in "12345678":
        port.fill_in(STATED, STATED.block("stated"), f"| at | y0 |\n| {code} | 88 |")
    for row, code in enumerate(profiles.profile(2564).tree.questions("OIT"), OIT.first_row):
        port.put(SCORES["OIT"].title, row, OIT.column_number("y0"), 100 if code in ("O42", "O43") else 0)
    found = pipeline.run(port).as_json()["next_level"]
    assert [step["code"] for step in found["path"]] == ["O34", "O35"]
    text, *figures = case(port, "ไปถึงระดับ C")
    assert figures == [65.3, 2.5, "C"]
    assert "ยกระดับ 2 รายการให้ได้ 100 คะแนน คือ O34-O35" in text
    assert text.endswith("โดยใช้ O36, O37, O38, O39, O40 หรือ O41 แทน O35 ได้ เนื่องจากมีผลเท่ากัน")


def test_an_instrument_below_its_minimum_is_on_the_way_although_the_total_is_high() -> None:
    port = of_2566(IIT=100, EIT=84, OIT=100)
    found = pipeline.run(port).as_json()
    assert (found["total"], found["level"]) == (95.2, "ผ่าน")
    assert [step["code"] for step in found["next_level"]["path"]] == ["EIT"]
    assert case(port, "ไปถึงระดับผ่านดี")[1:] == (100, 4.8, "ผ่านดีเยี่ยม")


def test_a_level_that_what_is_known_cannot_reach_is_said_with_the_reason() -> None:
    port = of_2566(รวม=90, IIT=80)
    found = pipeline.run(port).as_json()
    assert (found["next_level"]["level"], found["next_level"]["path"]) == ("ผ่านดี", [])
    text, total, _, _ = case(port, "ยังไปถึงระดับผ่านดี ไม่ได้")
    assert "IIT, EIT และ OIT" in text
    assert total is None
    assert case(port, "ไม่มีระดับที่สูงขึ้นซึ่งไปถึงได้")[1] is None


def test_where_minimums_of_unknown_instruments_stand_above_the_level_is_at_least_the_next() -> None:
    port = of_2566(รวม=60)
    pipeline.run(port)
    assert case(port, "ไปถึงระดับต้องปรับปรุง")[1:] == (100, 40, "อย่างน้อย ต้องปรับปรุง")


def test_without_a_total_the_sheet_says_so() -> None:
    port = workbook(2565)
    assert pipeline.run(port).as_json()["what_if"] is None
    assert [row["total"] for row in port.rows(SIMULATION, "cases")] == [None]
    assert port.rows(SIMULATION, "leaves") == []


# ---- what each is worth ----


def test_each_of_the_deepest_known_nodes_has_its_worth_and_they_add_up_to_one(with_items: Memory) -> None:
    pipeline.run(with_items)
    rows = with_items.rows(SIMULATION, "leaves")
    assert [r["code"] for r in rows] == [*"12345678", *(f"O{n}" for n in range(1, 44))]
    assert sum(r["worth"] for r in rows) == pytest.approx(1)
    assert leaf(with_items, "O42")["worth"] == 0.05
    assert leaf(with_items, "8")["worth"] == 0.1


def test_what_is_left_to_gain_is_ranked_and_equal_ones_share_a_rank(with_items: Memory) -> None:
    pipeline.run(with_items)
    assert [(leaf(with_items, c)["left"], leaf(with_items, c)["rank"]) for c in ("O42", "O43", "8", "7")] == [
        (5, 1),
        (5, 1),
        (1.5, 2),
        (1.26, 3),
    ]
    assert (leaf(with_items, "O3")["left"], leaf(with_items, "O3")["rank"]) == (0, None)


def test_all_weak_ones_at_the_threshold(port: Memory) -> None:
    pipeline.run(port)
    text, total, change, level = case(port, "หากทุกรายการที่ต่ำกว่า 85 คะแนน")
    assert "(3 รายการ: 9.1, 9.5, 10.2)" in text
    assert (total, change, level) == (90.38, 8.99, "A")
    port.set(HOME, "weak_below", 75)
    pipeline.run(port)
    text, total, _, _ = case(port, "หากทุกรายการที่ต่ำกว่า 75 คะแนน")
    assert "(1 รายการ: 10.2)" in text
    assert total == 88.89


def test_where_nothing_is_weak_it_says_so(port: Memory) -> None:
    port.set(HOME, "weak_below", 50)
    port.fill_in(STATED, STATED.block("stated"), "| at | p0 |\n| 10.2 | 100 |")
    pipeline.run(port)
    assert case(port, "ไม่มีรายการใดได้คะแนนต่ำกว่า 50 คะแนน")[1] is None


# ---- what if ----


def test_targets_give_a_total_a_level_and_the_effect_of_each(with_items: Memory) -> None:
    pipeline.run(with_items)
    assert case(with_items, "ยังไม่มีคะแนนเป้าหมาย")[1] is None
    try_out(with_items, O42=100, **{"1": 90})
    found = pipeline.run(with_items).as_json()
    assert found["what_if"] == {"total": 86.13, "level": "A"}
    assert found["total"] == 81.39, "trying out changes no result"
    text, *figures = case(with_items, "หากได้คะแนนตามเป้าหมายที่กรอก")
    assert text.endswith("(2 รายการ: 1, O42)")
    assert figures == [86.13, 4.74, "A"]
    assert (leaf(with_items, "O42")["effect"], leaf(with_items, "1")["effect"]) == (5, -0.26)
    assert leaf(with_items, "2")["effect"] is None


def test_the_path_as_targets_gives_what_the_path_promises(port: Memory) -> None:
    promised = pipeline.run(port).as_json()["next_level"]
    try_out(port, **{step["code"]: 100 for step in promised["path"]})
    found = pipeline.run(port).as_json()["what_if"]
    assert found == {"total": promised["total_after"], "level": promised["level"]}


def test_the_level_of_targets_obeys_the_minimums_of_instruments() -> None:
    port = of_2566(IIT=100, EIT=84, OIT=100)
    pipeline.run(port)
    try_out(port, EIT=84.99)
    assert pipeline.run(port).as_json()["what_if"] == {"total": 95.5, "level": "ผ่าน"}
    try_out(port, EIT=85)
    assert pipeline.run(port).as_json()["what_if"] == {"total": 95.5, "level": "ผ่านดี"}


def test_clearing_all_targets_leaves_no_result(with_items: Memory) -> None:
    pipeline.run(with_items)
    try_out(with_items, O42=100)
    pipeline.run(with_items)
    try_out(with_items, O42="(empty)")
    assert pipeline.run(with_items).as_json()["what_if"] is None
    assert case(with_items, "ยังไม่มีคะแนนเป้าหมาย")[1] is None
    assert leaf(with_items, "O42")["effect"] is None


def test_targets_survive_a_run_and_stay_with_their_row_when_rows_are_sorted(with_items: Memory) -> None:
    pipeline.run(with_items)
    try_out(with_items, O42=100, O10=50)
    pipeline.run(with_items)
    move_row_to_top(with_items, "O42")
    found = pipeline.run(with_items).as_json()
    rows = with_items.rows(SIMULATION, "leaves")
    assert (rows[0]["code"], rows[0]["target"], rows[0]["effect"]) == ("O42", 100, 5)
    assert {r["code"]: r["target"] for r in rows if r["target"] is not None} == {"O42": 100, "O10": 50}
    assert found["what_if"] == {"total": 86.64, "level": "A"}


def test_a_target_of_what_is_no_longer_known_stays_and_is_marked_and_not_counted(with_items: Memory) -> None:
    pipeline.run(with_items)
    try_out(with_items, O42=100, **{"1": 95})
    pipeline.run(with_items)
    for row in range(OIT.first_row, OIT.last_row + 1):
        with_items.put(SCORES["OIT"].title, row, OIT.column_number("y0"), None)
    found = pipeline.run(with_items).as_json()
    gone = leaf(with_items, "O42")
    assert gone["target"] == 100
    assert str(gone["name"]).endswith("(ไม่อยู่ในผลแล้ว เป้าหมายนี้จึงไม่ถูกนำไปคำนวณ)")
    assert (gone["score"], gone["worth"], gone["effect"]) == (None, None, None)
    assert found["what_if"] == {"total": 81.43, "level": "B"}
    assert case(with_items, "หากได้คะแนนตามเป้าหมาย")[0].endswith("โดยไม่นับเป้าหมายของ O42 ซึ่งไม่มีคะแนนในระดับนั้นแล้ว")
    again = pipeline.run(with_items)
    assert leaf(with_items, "O42") == gone
    assert [f for f in again.findings if f.sheet == SIMULATION.title] == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("สูง", Code.NOT_A_NUMBER),
        ("101", Code.NUMBER_OUT_OF_RANGE),
        ("-1", Code.NUMBER_OUT_OF_RANGE),
        ("#N/A", Code.CELL_HAS_ERROR),
        ("๙๐", Code.NUMBER_UNDERSTOOD),
    ],
)
def test_a_target_that_needs_a_look_is_a_finding_at_its_cell(with_items: Memory, typed: str, code: str) -> None:
    pipeline.run(with_items)
    try_out(with_items, O42=typed)
    found = pipeline.analyse(with_items)
    here = [(f.code, f.cell, f.question) for f in found.findings if f.sheet == SIMULATION.title]
    assert here == [(code, LEAVES.address("target", LEAVES.first_row + 49), "O42")]
    assert (found.what_if is None) == (code != Code.NUMBER_UNDERSTOOD)


def test_a_target_beside_an_unknown_code_is_reported(with_items: Memory) -> None:
    pipeline.run(with_items)
    row = LEAVES.first_row + len(with_items.rows(SIMULATION, "leaves"))
    cells: dict[ColumnKey, str | int] = {"code": "O99", "target": 90}
    for column, typed in cells.items():
        with_items.put(SIMULATION.title, row, LEAVES.column_number(column), typed)
    found = pipeline.run(with_items)
    unknown = next(f for f in found.findings if f.code == Code.CODE_UNKNOWN and f.sheet == SIMULATION.title)
    at = cell(unknown.cell)
    assert at is not None
    assert with_items.pages[SIMULATION.title][at] == "O99", "the row has moved up to the others"
    assert 90 in with_items.column(SIMULATION, "leaves", "target")


def test_the_sheet_is_for_those_who_want_it(with_items: Memory) -> None:
    pipeline.run(with_items)
    assert SIMULATION.show is Show.EXPERT
    assert SIMULATION.title not in with_items.shown
