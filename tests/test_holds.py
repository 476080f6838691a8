"""Published against computed: what is said where they contradict each other, and what a person's decision does."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ita_xl import carry, pipeline
from ita_xl.batch.record import record_of
from ita_xl.case.outcome import Outcome
from ita_xl.data import catalogue, profiles, say
from ita_xl.domain.codes import Code
from ita_xl.domain.compare import HELD, REST
from ita_xl.domain.findings import Finding, Unusable, has_errors
from ita_xl.domain.scoring import Hold, Source
from ita_xl.domain.tree import TOTAL, Kind
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.layout import FINDINGS, SCORES, SIMULATION, STATED, SUMMARY, labels
from ita_xl.layout.keys import ColumnKey
from ita_xl.mail.prepare import Wishes, prepare
from ita_xl.new import put_scores
from ita_xl.reading import score_file
from ita_xl.writing.setup import fill
from tests.conftest import sure
from tests.memory_port import Memory, workbook
from tests.test_scheme import fill_scores, rewrite_structure, scheme

ROWS = STATED.block("stated")
PUBLISHED, COMPUTED, OPEN = labels.hold_choices()
UNDECIDED = (Code.STATED_UNDECIDED, Code.LEVEL_UNDECIDED)


def scored(samples: Path) -> Memory:
    """The reference case: everything agrees."""
    port = workbook(2565)
    entries, _ = score_file.read(samples / "scores-2565.csv", profiles.profile(2565).tree, 2565)
    put_scores(port, profiles.profile(2565), entries)
    return port


@pytest.fixture
def reference(samples: Path) -> Memory:
    return scored(samples)


def state(port: Memory, column: ColumnKey, **cells: object) -> Memory:
    """Type into a column of the published figures, by the code of the row."""
    for code, typed in cells.items():
        port.fill_in(STATED, ROWS, f"| at | {column} |\n| {code} | {typed} |")
    return port


def slipped(port: Memory) -> Memory:
    """The total was published as 96.99 and typed as 96.77."""
    return state(port, "y0", รวม=96.77)


def decide(port: Memory, **decisions: str) -> Memory:
    return state(port, "hold0", **decisions)


def question(port: Memory, code: str, score: float) -> Memory:
    sheet = SCORES[{"I": "IIT", "E": "EIT", "O": "OIT"}[code[0]]]
    port.fill_in(sheet, sheet.block("scores"), f"| at | y0 |\n| {code} | {score} |")
    return port


def found(port: Memory, *codes: str) -> list[Finding]:
    return [f for f in pipeline.analyse(port).findings if f.code in codes]


def message(finding: Finding, lang: str = "en") -> str:
    return catalogue.message(finding, lang)


# ---- what is wrong, and where ----


def test_a_total_that_its_questions_contradict_is_an_error_with_both_figures_at_its_cell(reference: Memory) -> None:
    (error,) = found(slipped(reference), Code.STATED_UNDECIDED)
    assert (error.sheet, error.cell, error.question) == (STATED.title, "E6", TOTAL)
    assert "96.77" in message(error) and "96.99" in message(error)
    assert (
        "L6" in catalogue.hint(error) and PUBLISHED in catalogue.hint(error) and COMPUTED in catalogue.hint(error)
    )
    assert pipeline.analyse(reference).as_json()["total"] == 96.99, "until somebody decides"


@pytest.mark.parametrize(("code", "cell"), [("IIT", "E8"), ("EIT", "E14"), ("OIT", "E18")])
def test_so_is_an_instrument(reference: Memory, code: str, cell: str) -> None:
    errors = found(state(reference, "y0", **{code: 70}), Code.STATED_UNDECIDED)
    assert [(f.cell, f.question) for f in errors] == [(cell, code)]


def test_so_is_a_level_that_the_scores_do_not_meet(reference: Memory) -> None:
    (error,) = found(state(reference, "y0", ระดับ="A"), Code.LEVEL_UNDECIDED)
    assert (error.sheet, error.cell) == (STATED.title, "E7")
    assert " A" in message(error) and "AA" in message(error) and "L7" in catalogue.hint(error)


def test_what_rounding_explains_is_no_error(reference: Memory) -> None:
    assert found(state(reference, "y0", รวม=96.99, IIT=93.34, ระดับ="AA"), *UNDECIDED) == []


def test_indicators_and_earlier_years_are_only_doubtful(reference: Memory) -> None:
    state(reference, "y0", **{"2": 95.13})
    state(reference, "y1", รวม=81.93, ระดับ="A")
    assert found(reference, *UNDECIDED) == []
    doubtful = found(reference, Code.STATED_DISAGREES, Code.LEVEL_DISAGREES)
    assert {f.cell for f in doubtful} == {"E10", "D6", "D7"}


def test_one_mistyped_score_is_named_with_its_cell_wherever_it_shows(reference: Memory) -> None:
    question(state(reference, "y0", IIT=93.34), "I14", 76.95)
    errors = found(reference, Code.STATED_UNDECIDED)
    assert {f.question for f in errors} == {TOTAL, "IIT"}
    for error in errors:
        assert "I14" in message(error) and "G19" in message(error)
        assert "76.95" in message(error) and "79.65" in message(error)
        assert "กรอกไว้ 76.95 อาจสลับหลักจาก 79.65" in message(error, "th")


def test_swapped_digits_of_the_published_figure_are_named_too(reference: Memory) -> None:
    (doubtful,) = found(state(reference, "y0", **{"2": 95.13}), Code.STATED_DISAGREES)
    assert "E10" in message(doubtful) and "95.31" in message(doubtful) and "swapped" in message(doubtful)
    (error,) = found(state(reference, "y0", **{"2": 95.31, "รวม": 99.69}), Code.STATED_UNDECIDED)
    assert "E6" in message(error) and "swapped for 96.99" in message(error)


def test_where_many_figures_could_be_the_mistyped_one_none_is_named(reference: Memory) -> None:
    for row in reference.rows(STATED, "stated"):
        if str(row["code"]) != "รวม":
            state(reference, "y0", **{str(row["code"]): "(empty)"})
    (error,) = found(state(reference, "y0", รวม=96.76), Code.STATED_UNDECIDED)
    assert "probably" not in message(error)


def test_the_points_of_an_instrument_against_its_score_are_an_error_too() -> None:
    port = workbook(2565)
    rewrite_structure(port, scheme())
    fill_scores(port, {"I1": 80, "E1": 90, "E2": 70} | {f"O{n}": 0 if n < 4 else 100 for n in range(1, 38)})
    port.put(STATED.title, ROWS.first_row, ROWS.column_number("code"), "OIT")
    points: dict[ColumnKey, int] = {"y0": 90, "p0": 3400, "items": 37}
    for key, typed in points.items():
        port.put(STATED.title, ROWS.first_row, ROWS.column_number(key), typed)
    (error,) = found(port, Code.STATED_UNDECIDED)
    assert "90.00" in message(error) and "91.89" in message(error)
    port.put(STATED.title, ROWS.first_row, ROWS.column_number("hold0"), PUBLISHED)
    assert pipeline.analyse(port).scores["OIT"].exact == 90
    assert {f.code for f in found(port, Code.STATED_UNDECIDED, Code.STATED_DECIDED)} == {Code.STATED_DECIDED}


# ---- the decision ----


def test_a_total_that_holds_as_published_is_the_total_everywhere(reference: Memory) -> None:
    outcome = pipeline.run(decide(slipped(reference), รวม=PUBLISHED))
    assert not has_errors(outcome.findings)
    (note,) = [f for f in outcome.findings if f.code == Code.STATED_DECIDED]
    assert (note.cell, note.values["used"]) == ("E6", "96.77")
    shown = outcome.as_json()
    assert (shown["total"], shown["level"], shown["changes"][0]["delta"]) == (96.77, "AA", 15.38)
    assert record_of(outcome, "x.xlsx", "th").total == 96.77
    assert "96.77" in reference.text(SUMMARY, "headline")
    rows = {row["name"]: row["weighted"] for row in reference.rows(SUMMARY, "instruments")}
    assert (rows[say("words.held_difference")], rows[say("words.total")]) == (-0.22, 96.77)
    now = next(row for row in reference.rows(SIMULATION, "cases"))
    assert now["total"] == 96.77
    assert reference.column(FINDINGS, "findings", "finding").count(Code.STATED_DECIDED) == 1


def test_a_level_is_judged_on_the_total_that_holds(reference: Memory) -> None:
    port = decide(state(reference, "y0", รวม=94.90, ระดับ="A"), รวม=PUBLISHED)
    outcome = pipeline.run(port)
    way = sure(outcome.next_level)
    assert (outcome.level_name, way.level.name, str(way.gap)) == ("A", "AA", "0.10")
    assert not has_errors(outcome.findings)


def test_an_instrument_that_holds_as_published_counts_in_the_total(reference: Memory) -> None:
    port = decide(state(reference, "y0", รวม="(empty)", IIT=90), IIT=PUBLISHED)
    outcome = pipeline.analyse(port)
    scores = outcome.scores
    assert scores[TOTAL].exact == (90 + sure(scores["EIT"].exact)) * Fraction(3, 10) + 40
    assert outcome.as_json()["instruments"]["IIT"] == 90
    assert scores["IIT"].source is Source.HELD


def test_a_score_that_holds_as_computed_is_used_and_noted(reference: Memory) -> None:
    outcome = pipeline.analyse(decide(slipped(reference), รวม=COMPUTED))
    assert (outcome.as_json()["total"], has_errors(outcome.findings)) == (96.99, False)
    assert [f.values["used"] for f in outcome.findings if f.code == Code.STATED_DECIDED] == ["96.99"]


@pytest.mark.parametrize(("decision", "level"), [(PUBLISHED, "A"), (COMPUTED, "AA")])
def test_a_level_is_decided_on_like_a_score(reference: Memory, decision: str, level: str) -> None:
    outcome = pipeline.run(decide(state(reference, "y0", ระดับ="A"), ระดับ=decision))
    assert [f.values["used"] for f in outcome.findings if f.code == Code.LEVEL_DECIDED] == [level]
    assert (outcome.level_name, outcome.as_json()["level"], has_errors(outcome.findings)) == (level, level, False)
    assert reference.text(SUMMARY, "kpi_level") == level
    assert reference.rows(SUMMARY, "changes")[0]["to_level"] == level
    assert record_of(outcome, "x.xlsx", "th").level == level
    assert outcome.next_level is None, "the scores meet the best one already"


def test_a_published_level_that_no_rule_knows_is_shown_as_it_was_published(reference: Memory) -> None:
    outcome = pipeline.run(decide(state(reference, "y0", ระดับ="ดีเยี่ยม"), ระดับ=PUBLISHED))
    assert (outcome.level_name, outcome.level) == ("ดีเยี่ยม", None)
    assert reference.text(SUMMARY, "kpi_level") == "ดีเยี่ยม"


def test_undecided_means_what_nothing_typed_means(reference: Memory) -> None:
    port = decide(state(slipped(reference), "y0", ระดับ="A"), รวม=OPEN, ระดับ=OPEN)
    outcome = pipeline.analyse(port)
    assert [f.code for f in outcome.findings if f.code in UNDECIDED] == list(UNDECIDED)
    assert (outcome.as_json()["total"], outcome.level_name) == (96.99, "AA")


def test_a_word_that_is_no_choice_is_named_and_decides_nothing(reference: Memory) -> None:
    port = decide(slipped(reference), รวม="ตามประกาศนะ")
    unknown, error = found(port, Code.CHOICE_UNKNOWN, Code.STATED_UNDECIDED)
    assert (unknown.cell, error.cell) == ("L6", "E6")


def test_a_doubtful_indicator_and_an_earlier_year_may_be_decided_as_well(reference: Memory) -> None:
    state(state(reference, "y0", **{"2": 95.13}), "y1", รวม=81.93)
    decide(state(reference, "hold1", รวม=PUBLISHED), **{"2": PUBLISHED})
    outcome = pipeline.analyse(reference)
    assert (str(outcome.points(2564, TOTAL)), str(outcome.points(2565, "2"))) == ("81.93", "95.13")
    assert {f.cell for f in outcome.findings if f.code == Code.STATED_DECIDED} == {"D6", "E10"}
    assert [f.cell for f in outcome.findings if f.code in UNDECIDED] == ["E6"], "the total follows, to 96.98"


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["รวม", "ระดับ", "IIT", "EIT", "OIT", "1", "7", "9", "9.1", "10"]),
        st.tuples(st.integers(0, 10_000), st.sampled_from([PUBLISHED, COMPUTED])),
    )
)
def test_a_decided_workbook_has_no_such_error_and_its_causes_add_up(
    typed: Mapping[str, tuple[int, str]],
) -> None:
    port = scored(Path(__file__).parent.parent / "samples")
    for code, (hundredths, decision) in typed.items():
        state(port, "y0", **{code: "B" if code == "ระดับ" else hundredths / 100})
        decide(port, **{code: decision})
    state(port, "hold0", **{code: COMPUTED for code in ("รวม", "ระดับ") if code not in typed})
    outcome = pipeline.analyse(port)
    assert [f for f in outcome.findings if f.code in UNDECIDED] == []
    for change in outcome.changes:
        assert sum(part.points for part in change.contributions) == change.exact
    held = [c for c in typed if typed[c][1] == PUBLISHED and c != "ระดับ"]
    assert all(outcome.scores[labels.meant_code(code)].exact == Fraction(typed[code][0], 100) for code in held)


def test_what_a_decision_adds_is_a_line_of_its_own_among_the_causes(reference: Memory) -> None:
    outcome = pipeline.analyse(decide(slipped(reference), รวม=PUBLISHED))
    parts = {part.code: part.points for part in outcome.changes[0].contributions}
    assert parts[HELD] == outcome.scores[TOTAL].gap and REST not in parts
    assert parts["10.2"] == 10, "what is known of the parts stays as it was"


def test_single_questions_can_still_be_tried_out_below_a_score_that_holds(reference: Memory) -> None:
    outcome = pipeline.analyse(decide(state(reference, "y0", รวม=94.90, ระดับ="(empty)"), รวม=PUBLISHED))
    way = sure(outcome.next_level)
    assert all(outcome.tree[step.code].kind is Kind.QUESTION for step in way.path)
    assert sure(way.level_after).name == "AA"


# ---- where it stands from then on ----


def following(port: Memory, year: int) -> Outcome:
    """The workbook of the next year, as `new --from` makes it, read."""
    made = Memory()
    carried = carry.carry(carry.last_year(port, "ปีก่อน.xlsx"), profiles.profile(year))
    fill(made, profiles.profile(year), carried.kept)
    put_scores(made, profiles.profile(year), carried.entries)
    return pipeline.analyse(made)


@pytest.mark.parametrize(("decision", "total", "level"), [(PUBLISHED, "94.90", "B"), (COMPUTED, "96.99", "AA")])
def test_a_decision_stands_in_the_workbook_of_the_next_year(
    reference: Memory, decision: str, total: str, level: str
) -> None:
    decide(state(reference, "y0", รวม=94.90, ระดับ="B"), รวม=decision, ระดับ=decision)
    first = following(reference, 2566)
    assert (str(first.points(2565, TOTAL)), first.level_in(2565)) == (total, level)
    assert [f for f in first.findings if f.code in (*UNDECIDED, Code.STATED_DISAGREES)] == []


def test_a_decision_stands_also_where_every_question_comes_along(samples: Path) -> None:
    port, profile = workbook(2564), profiles.profile(2564)
    entries, _ = score_file.read(samples / "scores-2565.csv", profiles.profile(2565).tree, 2565)
    put_scores(port, profile, [replace(entry, year=2564) for entry in entries if entry.year == 2565])
    outcome = following(decide(state(port, "y0", IIT=90, รวม="(empty)"), IIT=PUBLISHED), 2565)
    assert outcome.years[2564].scores["IIT"].exact == 90
    assert outcome.years[2564].scores["I1"].exact is not None
    assert outcome.inputs.figures.hold(2564, "IIT") is Hold.PUBLISHED


def test_a_workbook_is_not_mailed_until_it_is_decided(samples: Path) -> None:
    port = OpenpyxlBook.open(samples / "reference-2565.xlsx")
    page, wishes = port.book[STATED.title], Wishes(to="a@example.com")
    page["E6"] = 96.77
    with pytest.raises(Unusable) as held:
        prepare(port.to_bytes(), "x.xlsx", wishes)
    assert [f.code for f in held.value.findings] == [Code.MAIL_HELD_BACK, Code.STATED_UNDECIDED]
    page["L6"] = PUBLISHED
    assert "96.77" in prepare(port.to_bytes(), "x.xlsx", wishes).message.body


# ---- a workbook without the column ----


def without_columns(port: Memory) -> Memory:
    """As version 0.1.0 made it."""
    for key in ("hold0", "hold1", "hold2"):
        for row in range(1, ROWS.last_row + 1):
            port.put(STATED.title, row, ROWS.column_number(key), None)
    return port


def test_a_workbook_without_the_column_is_read_as_before(reference: Memory) -> None:
    assert pipeline.analyse(without_columns(reference)).findings == []


def test_there_the_advice_is_to_type_the_heading_beside_the_table(reference: Memory) -> None:
    (error,) = found(slipped(without_columns(reference)), Code.STATED_UNDECIDED)
    heading = labels.heading(STATED, ROWS, ROWS.columns[-1], 2565)
    hint = catalogue.hint(error)
    assert heading in hint and "J5" in hint and "J6" in hint
    reference.put(STATED.title, ROWS.header_row, 10, heading)
    assert found(reference, Code.STATED_UNDECIDED)
    reference.put(STATED.title, ROWS.first_row, 10, PUBLISHED)
    assert pipeline.analyse(reference).as_json()["total"] == 96.77
    assert [f.code for f in pipeline.analyse(reference).findings] == [Code.STATED_DECIDED]


def test_an_own_column_beside_the_table_is_not_taken_for_decisions(reference: Memory) -> None:
    without_columns(reference)
    reference.put(STATED.title, ROWS.header_row, 12, "หมายเหตุ")
    reference.put(STATED.title, ROWS.first_row, 12, PUBLISHED)
    (error,) = pipeline.analyse(slipped(reference)).findings
    assert error.code == Code.STATED_UNDECIDED
    assert "J5" in catalogue.hint(error)
