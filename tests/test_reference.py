"""The reference case: a published report of 2565. Its figures stand in samples/scores-2565.csv."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from ita_xl import pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.data.profiles import Profile
from ita_xl.domain.codes import Code
from ita_xl.domain.numbers import show
from ita_xl.domain.tree import Kind
from ita_xl.new import new
from ita_xl.reading import score_file
from tests.conftest import sure


def outcome_of(profile: Profile, path: Path) -> Outcome:
    entries, findings = score_file.read(path, profile.tree, profile.year)
    assert findings == []
    return pipeline.analyse(new(profile, {"agency": "อบจ. ตัวอย่าง"}, entries))


def variant(samples: Path, tmp_path: Path, keep: Callable[[str], object], **changed: str) -> Path:
    """The score file with some rows left out and some cells of 2565 changed."""
    rows = list(csv.reader((samples / "scores-2565.csv").read_text(encoding="utf-8").splitlines()))
    kept = [rows[0], *(row for row in rows[1:] if keep(row[0]))]
    for row in kept:
        row[3] = changed.get(f"c{row[0]}", row[3])
    path = tmp_path / "scores.csv"
    path.write_text("\n".join(",".join(row) for row in kept), encoding="utf-8")
    return path


@pytest.fixture
def reference(profile: Profile, samples: Path) -> Outcome:
    return outcome_of(profile, samples / "scores-2565.csv")


@pytest.fixture
def questions_only(profile: Profile, samples: Path, tmp_path: Path) -> Outcome:
    return outcome_of(profile, variant(samples, tmp_path, lambda code: code[0] in "IEO" and code[1:].isdigit()))


def test_from_question_scores_alone(questions_only: Outcome) -> None:
    found = questions_only.as_json()
    assert (found["total"], found["level"]) == (96.99, "AA")
    scores = {i["code"]: i["score"] for i in found["indicators"]}
    assert list(scores.values()) == [96.13, 95.31, 91.38, 91.75, 92.14, 96.91, 97.44, 95.52, 100.0, 100.0]
    assert found["instruments"] == {"IIT": 93.34, "EIT": 96.63, "OIT": 100.0}
    assert questions_only.scores["total"].exact == Fraction("96.9909")


def test_where_a_published_figure_is_given_it_is_shown(reference: Outcome) -> None:
    indicators = {i["code"]: i for i in reference.as_json()["indicators"]}
    assert indicators["7"]["score"] == 97.45
    assert indicators["7"]["source"] == "confirmed"
    assert reference.findings == []


def test_last_year_comes_from_stated_indicators_and_points_with_sub_indicators_weighing_equally(
    reference: Outcome,
) -> None:
    scores = reference.years[2564].scores
    assert show(sure(scores["total"].computed)) == "81.39"
    assert show(sure(scores["OIT"].computed)) == "69.53"
    assert reference.level_in(2564) == "B"
    # The tempting mistake: 34 complete items of 43 as one flat mean would give 87.15.
    flat = (sure(scores["IIT"].exact) + sure(scores["EIT"].exact)) * 3 / 10 + Fraction(3700, 43) * 4 / 10
    assert show(flat) != "81.39"


def test_ranking_is_consecutive_with_equal_scores_in_indicator_order(reference: Outcome) -> None:
    assert [(r.rank, r.code) for r in reference.ranking] == list(
        enumerate(["9", "10", "7", "6", "1", "8", "2", "5", "4", "3"], 1)
    )


def test_the_change_and_its_causes(reference: Outcome) -> None:
    since_2564, since_2563 = reference.as_json()["changes"]
    assert (since_2564["year"], since_2564["delta"]) == (2564, 15.60)
    points = {c["code"]: c["points"] for c in since_2564["contributions"]}
    assert max(points, key=lambda code: abs(points[code])) == "10.2"
    assert points["10.2"] == 10.0
    assert sum(points.values()) == since_2564["delta_exact"]
    change = reference.changes[0]
    assert math.isclose(since_2564["delta_exact"], float(change.exact), abs_tol=1e-12)
    assert sum(part.points for part in change.contributions) == change.exact
    deepest = [str(n) for n in range(1, 9)] + list(reference.tree.codes(Kind.SUB_INDICATOR))
    assert list(points) == deepest
    assert (since_2563["year"], since_2563["delta"]) == (2563, 8.01)


def test_the_two_lists_of_iit(reference: Outcome) -> None:
    found = reference.as_json()
    assert [(e["rank"], e["code"], e["score"]) for e in found["weak"]["IIT"]] == [
        (1, "I14", 79.65),
        (2, "I20", 81.85),
        (3, "I13", 84.05),
    ]
    assert [e["code"] for e in found["strengths"]["IIT"]] == ["I10", "I19", "I11"]


def test_the_two_lists_of_eit_where_nothing_is_below_the_threshold(reference: Outcome) -> None:
    found = reference.as_json()
    assert [(e["rank"], e["code"]) for e in found["weak"]["EIT"]] == [
        (1, "E1"),
        (2, "E14"),
        (3, "E11"),
        (3, "E12"),
        (3, "E15"),
    ]
    assert found["below_threshold"]["EIT"] == []
    assert [e["code"] for e in found["strengths"]["EIT"]] == ["E3", "E2", "E5"]
    assert found["strengths_tied"]["EIT"] == ["E6", "E7", "E9"]


def test_nothing_is_missing_from_open_data(reference: Outcome) -> None:
    assert reference.as_json()["oit_missing"] == []


def test_swapped_digits_in_a_stated_score_are_one_finding_with_both_numbers_and_the_cell(
    profile: Profile, samples: Path, tmp_path: Path
) -> None:
    found = outcome_of(profile, variant(samples, tmp_path, lambda code: True, c2="95.13"))
    disagree = [f for f in found.as_json("en")["findings"] if f["code"] == Code.STATED_DISAGREES]
    assert len(disagree) == len(found.findings) == 1
    assert "95.13" in disagree[0]["message"]
    assert "digits may have been swapped for 95.31" in disagree[0]["message"]
    assert (disagree[0]["sheet"], disagree[0]["cell"]) == ("คะแนนที่ประกาศ", "E10")
    assert found.as_json()["total"] == 96.99


def test_swapped_digits_in_a_score_make_errors_that_name_its_cell(
    profile: Profile, samples: Path, tmp_path: Path
) -> None:
    found = outcome_of(profile, variant(samples, tmp_path, lambda code: True, cI14="76.95")).as_json("en")
    told = [f["message"] for f in found["findings"] if f["code"] in (Code.STATED_UNDECIDED, Code.STATED_DISAGREES)]
    assert len(told) == 2, "indicator and total"
    assert all("cell G19, typed as 76.95, where digits may have been swapped for 79.65" in each for each in told)


def test_one_lost_item_of_two_costs_five_points_of_the_total(
    profile: Profile, samples: Path, tmp_path: Path
) -> None:
    only_questions = variant(samples, tmp_path, lambda code: code[0] in "IEO" and code[1:].isdigit(), cO43="0")
    found = outcome_of(profile, only_questions).as_json()
    assert found["total"] == 91.99
    assert found["oit_missing"] == ["O43"]
    assert found["next_level"] == {
        "level": "AA",
        "gap": 3.01,
        "path": [{"code": "O43", "gain": 5.0}],
        "tied": [],
        "total_after": 96.99,
    }
