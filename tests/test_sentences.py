"""Sentences above the tables are suggestions: worded anew by a person, they stay."""

from __future__ import annotations

import pytest

from ita_xl import pipeline
from ita_xl.domain.codes import Code
from ita_xl.layout import ANALYSIS, ISSUES, MEASURES, SCORES, SUMMARY, Sheet
from ita_xl.layout.keys import FieldKey
from ita_xl.reading.places import standing_sheet
from tests.worked_in import ENGINES, Held, ran

Spot = tuple[Sheet, FieldKey]
SENTENCES: list[Spot] = [
    (SUMMARY, "headline"),
    (ISSUES, "intro"),
    (ANALYSIS["EIT"], "urgent_sentence"),
    (MEASURES, "intro"),
]


def at(port: Held, spot: Spot) -> tuple[str, int, int]:
    sheet, key = spot
    return sheet.title, *standing_sheet(port, sheet, sheet.title).field(key).at


def text(port: Held, spot: Spot) -> str:
    title, row, column = at(port, spot)
    return str(port.read(title).at(row, column) or "")


def everything(port: Held) -> dict[str, object]:
    return {title: port.read(title).cells for title in port.sheets()}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("spot", SENTENCES, ids=lambda spot: f"{spot[0].key}.{spot[1]}")
def test_a_sentence_that_a_person_worded_stays_and_the_others_follow_the_result(engine: str, spot: Spot) -> None:
    port = ENGINES[engine](ran())
    port.write(*at(port, spot), [["ถ้อยคำของหน่วยงาน"]])
    pipeline.run(port)
    after = everything(port)
    pipeline.run(port)
    assert text(port, spot) == "ถ้อยคำของหน่วยงาน"
    assert everything(port) == after


def test_where_we_would_now_say_something_else_it_is_noted_once_and_the_persons_words_stay() -> None:
    port = ENGINES["package"](ran())
    spot = SENTENCES[0]
    port.write(*at(port, spot), [["ถ้อยคำของหน่วยงาน"]])
    assert Code.EDIT_DIFFERS not in {f.code for f in pipeline.run(port).findings}
    block = SCORES["EIT"].block("scores")
    port.write(SCORES["EIT"].title, block.first_row, block.column_number("y0"), [[50.0]])
    noted = [f for f in pipeline.run(port).findings if f.code == Code.EDIT_DIFFERS and f.sheet == SUMMARY.title]
    assert [f.cell for f in noted] == ["A4"]
    assert text(port, spot) == "ถ้อยคำของหน่วยงาน"


def test_a_sentence_that_nobody_touched_follows_the_scores() -> None:
    port = ENGINES["package"](ran())
    before = text(port, SENTENCES[0])
    block = SCORES["EIT"].block("scores")
    port.write(SCORES["EIT"].title, block.first_row, block.column_number("y0"), [[50.0]])
    pipeline.run(port)
    assert text(port, SENTENCES[0]) != before


def test_a_sentence_that_a_person_cleared_stays_cleared() -> None:
    port = ENGINES["package"](ran())
    port.write(*at(port, (ISSUES, "intro")), [[None]])
    pipeline.run(port)
    pipeline.run(port)
    assert text(port, (ISSUES, "intro")) == ""
