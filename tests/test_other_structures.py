"""Years of different structures compare at the nodes that correspond, and never silently question by question."""

from __future__ import annotations

import pytest

from ita_xl import pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.domain.advice import Rule
from ita_xl.domain.codes import Code
from ita_xl.domain.tree import TOTAL, Kind
from ita_xl.layout import ANALYSIS, SCORES, STATED, SUMMARY, YEARS
from tests.conftest import sure
from tests.memory_port import Memory, workbook

OIT, POINTS = SCORES["OIT"], STATED.block("stated")
INDICATORS = [str(number) for number in range(1, 11)]


def type_in(port: Memory, **last_year: dict[str, object]) -> Memory:
    """This year's items and indicators, and of last year what is given: `scores`, `stated`, `points` by code."""
    items = port.rows(OIT, "scores")
    for row in items:
        port.fill_in(
            OIT, OIT.block("scores"), f"| at | y0 |\n| {row['code']} | {0 if row['code'] == 'O1' else 100} |"
        )
    for code in INDICATORS[:8]:
        port.fill_in(STATED, POINTS, f"| at | y0 |\n| {code} | 90 |")
    for sheet, block, key, figures in (
        (OIT, OIT.block("scores"), "y1", last_year.get("scores", {})),
        (STATED, POINTS, "y1", last_year.get("stated", {})),
        (STATED, POINTS, "p1", last_year.get("points", {})),
    ):
        for code, value in figures.items():
            port.fill_in(sheet, block, f"| at | {key} |\n| {code} | {value} |")
    return port


@pytest.fixture
def port() -> Memory:
    """A workbook of 2566 into which somebody typed every figure of 2565, under the codes of 2566."""
    made = workbook(2566)
    questions: dict[str, object] = {str(row["code"]): 100 for row in made.rows(OIT, "scores")}
    points: dict[str, object] = dict.fromkeys(("9.1", "9.2", "9.3", "9.4", "9.5", "10.1", "10.2"), 0)
    return type_in(
        made, scores=questions, stated={"รวม": 84, "1": 99, **dict.fromkeys(INDICATORS[1:], 80)}, points=points
    )


def given(outcome: Outcome, year: int) -> set[str]:
    return {code for code, score in outcome.years[year].scores.items() if score.exact is not None}


def test_figures_of_other_questions_are_reported_and_not_used(port: Memory) -> None:
    outcome = pipeline.run(port)
    ignored = [(f.sheet, f.cell) for f in outcome.findings if f.code == Code.EARLIER_SCORES_NOT_USED]
    assert ignored == [(OIT.title, "F6"), (STATED.title, "G20")]
    assert given(outcome, 2565) == {TOTAL, "IIT", "EIT", "OIT", *INDICATORS}


def test_the_causes_of_change_stop_at_the_indicators_and_add_up(port: Memory) -> None:
    outcome = pipeline.run(port)
    (change,) = outcome.changes
    assert [part.code for part in change.contributions] == INDICATORS
    rows = port.rows(SUMMARY, "causes")
    assert {row["code"] for row in rows if row["no"]} == set(INDICATORS)
    assert round(sum(row["effect"] for row in rows[:-1]), 2) == rows[-1]["effect"] == float(change.shown)
    assert "แน่ชัด" not in port.text(SUMMARY, "causes_sentence"), "10.2 had other items last year"


def test_no_table_sets_a_question_beside_another_one_of_the_same_code(port: Memory) -> None:
    pipeline.run(port)
    for instrument in ANALYSIS:
        for row in port.rows(ANALYSIS[instrument], "all"):
            assert (row["y1"], row["change"]) == (None, None), row["code"]
    for row in port.rows(YEARS, "years"):
        below = "." in str(row["code"])
        assert (row["y1"] is None, row["change"] is None) == (below, below), row["code"]
        assert row["p1"] is None


def test_only_indicators_can_have_fallen(port: Memory) -> None:
    outcome = pipeline.run(port)
    fallen = [issue.code for issue in outcome.issues if Rule.FELL in [reason.rule for reason in issue.reasons]]
    assert fallen == ["1"]
    assert "O1" in [issue.code for issue in outcome.issues], "for what it scored this year"


def test_without_figures_that_correspond_there_is_no_comparison() -> None:
    port = type_in(workbook(2566), scores={"O1": 100, "O2": 0}, points={"10.2": 0})
    outcome = pipeline.run(port)
    assert (list(outcome.years), outcome.changes) == ([2566], [])
    assert {Code.EARLIER_SCORES_NOT_USED, Code.LAST_YEAR_UNKNOWN} <= {f.code for f in outcome.findings}
    assert port.rows(SUMMARY, "causes") == port.rows(SUMMARY, "changes") == []


def test_where_no_code_means_the_same_only_totals_are_compared() -> None:
    port = type_in(workbook(2562), stated={"รวม": 70, "IIT": 70, "1": 70}, scores={"O1": 100})
    outcome = pipeline.run(port)
    assert given(outcome, 2561) == {TOTAL}
    assert [change.only_total for change in outcome.changes] == [True]


def test_two_earlier_years_of_one_structure_stand_in_this_years_only_as_deep_as_all_three_agree(
    port: Memory,
) -> None:
    for code in ("รวม", *INDICATORS):
        port.fill_in(STATED, POINTS, f"| at | y2 |\n| {code} | 70 |")
    port.fill_in(OIT, OIT.block("scores"), "| at | y2 |\n| O2 | 0 |")
    outcome = pipeline.run(port)
    between = outcome.change_between(2564, 2565)
    assert [part.code for part in sure(between).contributions] == INDICATORS
    assert all(outcome.tree[code].kind >= Kind.INDICATOR for code in given(outcome, 2564))
