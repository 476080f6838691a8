"""What people wrote into this year's plan stands in next year's from the start, and what cannot is named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ita_xl import pipeline
from ita_xl.domain.codes import Code
from ita_xl.domain.rows import is_own
from ita_xl.engines.moves import Shift
from ita_xl.layout import ACTIONS, ANALYSIS, GUIDANCE, ISSUES, MEASURES, SCORES
from ita_xl.layout.keys import ColumnKey
from tests.memory_port import Memory
from tests.test_next_year import add, following, notes, put, scored


@pytest.fixture
def old(samples: Path) -> Memory:
    """A workbook of 2564, whose questions are those of 2565, run."""
    port = scored(2564, samples)
    pipeline.run(port)
    return port


def next_run(old: Memory, year: int = 2565) -> Memory:
    """The new workbook, in which E12 is weak again, after its first run."""
    port = following(old, year)
    put(port, SCORES["EIT"], "scores", "E12", "y0", 50)
    pipeline.run(port)
    return port


def by_key(port: Memory) -> Mapping[str, dict[ColumnKey, Any]]:
    return {str(row["key"]): row for row in port.rows(MEASURES, "measures")}


def test_a_text_edited_anywhere_is_the_text_of_next_year_whether_or_not_a_run_followed(old: Memory) -> None:
    put(old, ANALYSIS["EIT"], "urgent", "E12", "approach", "เปิดจองคิวออนไลน์")
    put(old, ISSUES, "issues", "E12", "in_place", "เปิดสายด่วนแล้ว")
    pipeline.run(old)
    put(old, ISSUES, "issues", "E12", "problem", "ระบบจองคิวล่ม")
    new = following(old, 2565)
    texts = pipeline.analyse(new).inputs.guidance["E12"].texts
    assert texts == {"approach": "เปิดจองคิวออนไลน์", "in_place": "เปิดสายด่วนแล้ว", "problem": "ระบบจองคิวล่ม"}
    assert notes(old, 2565)[Code.TEXTS_CARRIED].endswith("E12")


def test_office_and_month_of_a_step_come_along_and_the_month_is_a_year_later(old: Memory) -> None:
    key = next(key for key in by_key(old) if key.endswith("/E12/1"))
    put(old, MEASURES, "measures", key, "responsible", "กองช่าง")
    put(old, MEASURES, "measures", key, "due", "มีนาคม 2565")
    new = by_key(next_run(old))
    assert (new[key]["responsible"], new[key]["due"]) == ("กองช่าง", "มีนาคม 2566")
    assert new[key.replace("/1", "/2")]["responsible"] != "กองช่าง"


def test_own_issues_actions_measures_and_steps_stand_in_the_new_tables(old: Memory) -> None:
    add(old, ISSUES, "issues", issue="ประเด็นของเรา", approach="แนวทางของเรา")
    add(old, ACTIONS, "actions", issue="ประเด็นของเรา", action="ดำเนินการเอง")
    add(old, MEASURES, "measures", measure="ประชุมทุกเดือน", codes="E12", due="มกราคม 2565")
    add(old, MEASURES, "measures", method="ประชุมสัปดาห์แรก")
    pipeline.run(old)
    new = next_run(old)
    assert "แนวทางของเรา" in new.column(ISSUES, "issues", "approach")
    assert "ดำเนินการเอง" in new.column(ACTIONS, "actions", "action")
    own = [row for key, row in by_key(new).items() if is_own(key)]
    assert [(row["measure"], row["method"], row["due"]) for row in own] == [
        ("ประชุมทุกเดือน", None, "มกราคม 2566"),
        (None, "ประชุมสัปดาห์แรก", None),
    ]
    assert "ประชุมทุกเดือน" in notes(old, 2565)[Code.OWN_ROWS_CARRIED]
    before = {title: new.read(title).cells for title in new.sheets()}
    pipeline.run(new)
    assert {title: new.read(title).cells for title in new.sheets()} == before


def test_a_step_of_ones_own_stands_below_the_steps_that_it_stood_below(old: Memory) -> None:
    block = old.here(MEASURES).block("measures")
    keys = list(by_key(old))
    place = next(n for n, key in enumerate(keys) if key.endswith("/E12/2"))
    old.change_rows(Shift(MEASURES.title, {block.first_row + place + 1: 1}))
    old.put(MEASURES.title, block.first_row + place + 1, block.column_number("method"), "ขั้นตอนของเรา")
    new = by_key(next_run(old))
    mine = next(key for key, row in new.items() if row["method"] == "ขั้นตอนของเรา")
    order = list(new)
    assert order[order.index(mine) - 1].endswith("/E12/2")


def test_a_measure_keeps_the_name_that_it_was_given(old: Memory) -> None:
    put(old, MEASURES, "measures", "assets", "measure", "ยืมทรัพย์สินออนไลน์")
    assert by_key(next_run(old))["assets"]["measure"] == "ยืมทรัพย์สินออนไลน์"
    assert "ยืมทรัพย์สินออนไลน์" in notes(old, 2565)[Code.NAMES_CARRIED]


def test_a_step_that_was_taken_out_stays_out(old: Memory) -> None:
    block = old.here(MEASURES).block("measures")
    keys = list(by_key(old))
    gone = next(key for key in keys if key.endswith("/E12/1"))
    old.change_rows(Shift(MEASURES.title, deleted=frozenset({block.first_row + keys.index(gone)})))
    pipeline.run(old)
    assert gone not in by_key(next_run(old))


def test_a_text_whose_question_means_something_else_now_is_offered_and_not_used(samples: Path) -> None:
    old = scored(2565, samples)
    pipeline.run(old)
    put(old, ISSUES, "issues", "E12", "approach", "เปิดจองคิวออนไลน์")
    new = following(old, 2566)
    offered = [row for row in new.rows(GUIDANCE, "guidance") if row["own_approach"]]
    assert [row["code"] for row in offered] == [None]
    assert "E12" in str(offered[0]["topic"])
    found = pipeline.analyse(new).findings
    assert [f.values["value"] for f in found if f.code == Code.TEXT_OFFERED] == [offered[0]["topic"]]
    assert "E12" in notes(old, 2566)[Code.TEXTS_NOT_CARRIED]


def test_a_workbook_in_which_nobody_wrote_brings_an_empty_plan(old: Memory) -> None:
    assert not following(old, 2565).rows(MEASURES, "measures")
    assert not {Code.TEXTS_CARRIED, Code.OWN_ROWS_CARRIED, Code.NAMES_CARRIED} & notes(old, 2565).keys()


def test_the_first_run_of_such_a_workbook_shows_its_sheets(old: Memory) -> None:
    add(old, MEASURES, "measures", measure="ประชุมทุกเดือน", codes="E12")
    assert MEASURES.title in next_run(old).shown
