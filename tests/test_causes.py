"""สรุปผล names the causes of change: a table that adds up, its chart, and what is certain of single items."""

from __future__ import annotations

from ita_xl import pipeline
from ita_xl.data import say
from ita_xl.layout import CHARTS, MOST_CAUSES, SCORES, STATED, SUMMARY
from tests.memory_port import Memory


def test_the_causes_are_sorted_and_their_lines_add_up(port: Memory) -> None:
    pipeline.run(port)
    rows = port.rows(SUMMARY, "causes")
    effects = [r["effect"] for r in rows[:-1]]
    assert rows[0]["code"] == "10.2"
    assert rows[0]["effect"] == 10
    assert round(sum(effects), 2) == rows[-1]["effect"] == 15.6
    numbered = [abs(r["effect"]) for r in rows if r["no"]]
    assert numbered == sorted(numbered, reverse=True)


def test_a_chart_shows_what_each_cause_added_or_took_but_not_their_sum(port: Memory) -> None:
    port.fill_in(SCORES["EIT"], SCORES["EIT"].block("scores"), "| at | y0 |\n| E1 | 40 |")
    pipeline.run(port)
    causes = {f"{r['code']} {r['name']}": r["effect"] for r in port.rows(SUMMARY, "causes") if r["no"]}
    bars = {r["bar"]: (r["up"], r["down"]) for r in port.rows(SUMMARY, "bars")}
    assert bars == {name: (effect, None) if effect > 0 else (None, effect) for name, effect in causes.items()}
    assert bars["6 คุณภาพการดำเนินงาน"] == (None, causes["6 คุณภาพการดำเนินงาน"])


def last_year_by_question(port: Memory, better: int) -> None:
    """Last year's score of every question: as this year's, but for the first ones of each survey."""
    for row in range(STATED.block("stated").first_row, STATED.block("stated").last_row + 1):
        for key in ("y1", "p1"):
            port.put(STATED.title, row, STATED.block("stated").column_number(key), None)
    for instrument, sheet in SCORES.items():
        block = sheet.block("scores")
        for place, question in enumerate(port.rows(sheet, "scores")):
            score = 50 if instrument != "OIT" and place < better else question["y0"]
            port.put(sheet.title, block.first_row + place, block.column_number("y1"), score)


def test_few_causes_leave_no_gap_and_the_chart_ends_with_them(port: Memory) -> None:
    last_year_by_question(port, better=2)
    pipeline.run(port)
    block, hidden = SUMMARY.block("causes"), port.hidden[SUMMARY.title]
    shown = [row - block.first_row for row in range(block.first_row, block.last_row + 1) if row not in hidden]
    rows = port.rows(SUMMARY, "causes")
    assert [r["no"] for r in rows if r["no"]] == [1, 2, 3, 4]
    assert shown[:4] == [0, 1, 2, 3]
    assert all(place > MOST_CAUSES for place in shown[4:]), "rounding and total lie outside of what is plotted"
    assert len(port.rows(SUMMARY, "bars")) == 4


def test_many_causes_are_twelve_and_the_rest_in_one_bar(port: Memory) -> None:
    last_year_by_question(port, better=8)
    pipeline.run(port)
    rows, bars = port.rows(SUMMARY, "causes"), port.rows(SUMMARY, "bars")
    assert [r["no"] for r in rows if r["no"]] == list(range(1, MOST_CAUSES + 1))
    rest = say("summary.rest", number=4)
    assert bars[-1]["bar"] == rest
    assert bars[-1]["up"] == next(r["effect"] for r in rows if r["name"] == rest)
    assert round(sum(r["effect"] for r in rows[:-1]), 2) == rows[-1]["effect"]


def test_items_of_a_group_without_any_point_scored_nothing_for_certain(port: Memory) -> None:
    pipeline.run(port)
    assert port.text(SUMMARY, "causes_sentence").endswith(
        "10.2 มาตรการภายในเพื่อป้องกันการทุจริต ไม่ได้รับคะแนนในปี 2564 แสดงว่าไม่ได้รับคะแนนในข้อ O42 และ O43"
    )
    port.fill_in(STATED, STATED.block("stated"), "| at | p1 |\n| 10.2 | 100 |")
    pipeline.run(port)
    assert "แสดงว่าไม่ได้รับคะแนน" not in port.text(SUMMARY, "causes_sentence") + str(port.rows(SUMMARY, "changes"))


def test_what_is_certain_is_said_once_a_page(port: Memory) -> None:
    port.fill_in(STATED, STATED.block("stated"), "| at | y1 |\n| 8 | 0 |\n| รวม | (empty) |")
    port.fill_in(SCORES["OIT"], SCORES["OIT"].block("scores"), "| at | y0 |\n| O43 | 0 |")
    pipeline.run(port)
    assert port.text(SUMMARY, "causes_sentence").count("แสดงว่าไม่ได้รับคะแนนในข้อ O42 และ O43") == 1
    first = port.rows(SUMMARY, "changes")[0]["explanation"]
    assert "ได้แก่ ตัวชี้วัดที่ 8 การปรับปรุงการทำงาน" in first
    assert "แสดงว่าไม่ได้รับคะแนน" not in first


def test_with_only_a_total_the_causes_say_so_and_no_empty_chart_is_left(port: Memory) -> None:
    for code in [str(n) for n in range(1, 10)]:
        port.fill_in(STATED, STATED.block("stated"), f"| at | y1 |\n| {code} | (empty) |")
    for code in ("9.1", "9.2", "9.3", "9.4", "9.5", "10.1", "10.2"):
        port.fill_in(STATED, STATED.block("stated"), f"| at | p1 |\n| {code} | (empty) |")
    pipeline.run(port)
    assert "ทราบเพียงคะแนนรวม" in port.text(SUMMARY, "causes_sentence")
    assert port.rows(SUMMARY, "causes") == port.rows(SUMMARY, "bars") == []
    under = CHARTS["causes"]
    assert set(range(under.top, under.bottom + 1)) <= port.hidden[SUMMARY.title]


def test_where_nothing_changed_the_sentence_says_so_and_nothing_is_drawn(port: Memory) -> None:
    last_year_by_question(port, better=0)
    pipeline.run(port)
    assert port.text(SUMMARY, "causes_sentence") == say("summary.causes_same", year=2564)
    assert port.rows(SUMMARY, "causes") == port.rows(SUMMARY, "bars") == []
