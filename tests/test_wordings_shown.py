"""The library sheet shows our texts for a question once somebody asks for them, and is left alone otherwise."""

from __future__ import annotations

import pytest

from ita_xl import pipeline
from ita_xl.layout import GUIDANCE
from ita_xl.layout.keys import ColumnKey
from tests.memory_port import Memory

BLOCK = GUIDANCE.block("guidance")
OURS: tuple[ColumnKey, ...] = ("problem", "in_place", "approach", "keep", "steps", "report")


def row_of(port: Memory, code: str) -> int:
    page, at = port.pages[GUIDANCE.title], BLOCK.column_number("code")
    return next(row for row in range(BLOCK.first_row, BLOCK.last_row + 1) if page.get((row, at)) == code)


def texts(port: Memory, code: str) -> dict[ColumnKey, object]:
    page, row = port.pages[GUIDANCE.title], row_of(port, code)
    return {key: held for key in OURS if (held := page.get((row, BLOCK.column_number(key)))) is not None}


def choose(port: Memory, code: str, what: object) -> None:
    port.put(GUIDANCE.title, row_of(port, code), BLOCK.column_number("wording"), what)  # type: ignore[arg-type]


def test_a_new_workbook_names_question_measure_office_and_months_and_no_more(port: Memory) -> None:
    assert texts(port, "I14") == {}
    row = next(row for row in port.rows(GUIDANCE, "guidance") if row["code"] == "I14")
    assert row["topic"] and row["measure"] and row["unit"] and row["due"]


def test_who_asks_gets_all_wordings_of_that_question(port: Memory) -> None:
    choose(port, "I14", "แสดงทุกแบบ")
    pipeline.run(port)
    shown = texts(port, "I14")
    assert shown.keys() == {*OURS}
    assert "แบบที่ 1: " in str(shown["problem"]) and "\nแบบที่ 2: " in str(shown["problem"])
    assert texts(port, "I15") == {}
    choose(port, "I14", 2)
    pipeline.run(port)
    assert texts(port, "I14") == shown, "chosen from, they stay to be read"


def test_an_item_of_open_data_has_nothing_to_keep_up(port: Memory) -> None:
    choose(port, "O1", "แสดงทุกแบบ")
    pipeline.run(port)
    assert texts(port, "O1").keys() == {*OURS} - {"keep"}


def test_asking_changes_neither_the_wording_nor_anything_else(port: Memory) -> None:
    pipeline.run(port)
    before = {title: dict(page) for title, page in port.pages.items() if title != GUIDANCE.title}
    choose(port, "I14", "แสดงทุกแบบ")
    outcome = pipeline.run(port)
    assert outcome.inputs.guidance["I14"].wording == 0
    assert {title: dict(page) for title, page in port.pages.items() if title != GUIDANCE.title} == before


def test_a_second_run_writes_nothing_more(port: Memory) -> None:
    choose(port, "I14", "แสดงทุกแบบ")
    pipeline.run(port)
    port.writes.clear()
    pipeline.run(port)
    assert [write for write in port.writes if write[0] == GUIDANCE.title] == []


@pytest.mark.parametrize("chosen", ["อัตโนมัติ", 1, 3, None, "ทั้งหมด"])
def test_no_other_choice_shows_them(port: Memory, chosen: object) -> None:
    choose(port, "I14", chosen)
    pipeline.run(port)
    assert texts(port, "I14") == {}
