from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_xl.data import profiles
from ita_xl.domain.numbers import rounded
from ita_xl.domain.scoring import Given, Hold, score_tree, slack_of
from ita_xl.domain.suspects import MOST, digits, suspects, swaps
from ita_xl.domain.tree import TOTAL, Kind
from tests.conftest import sure

TREE = profiles.profile(2565).tree
QUESTIONS = TREE.codes(Kind.QUESTION)
UPPER = [code for code, node in TREE.nodes.items() if node.kind is not Kind.QUESTION]
TRUE = {
    code: Fraction(100 if code[0] == "O" else 8100 + 17 * n % 1900, 1 if code[0] == "O" else 100)
    for n, code in enumerate(QUESTIONS)
}
"""What the authority has: surveys between 81 and 100, every item complete."""


def published(*stated: str) -> dict[str, Given]:
    """All questions as they are, and what was published of some nodes."""
    exact = score_tree(TREE, {code: Given(value) for code, value in TRUE.items()})
    upper = {code: Given(Fraction(rounded(sure(exact[code].exact)))) for code in stated}
    return {code: Given(value, slack_of(TREE, code, value)) for code, value in TRUE.items()} | upper


def named(given_: dict[str, Given], code: str, holds: dict[str, Hold] | None = None) -> list[tuple[str, str]]:
    """The suspects of a node with what they may have been."""
    found = suspects(TREE, score_tree(TREE, given_, holds), code)
    return [(suspect.code, f"{float(suspect.meant):.2f}") for suspect in found]


def mistyped(value: str) -> Given:
    return Given(Fraction(value))


def test_a_slip_is_two_neighbouring_digits_or_a_single_one() -> None:
    assert set(swaps(9531)) == {5931, 9351, 9513}
    assert list(swaps(531)) == [351, 513]
    assert list(swaps(53)) == [503, 35]
    assert set(digits(9531)) >= {531, 9031, 9501, 9530} and len(list(digits(9531))) == 4 * 9
    assert max(digits(10_000)) <= 10_000


def test_swapped_digits_in_the_published_figure_itself_are_named() -> None:
    given_ = published("2") | {"2": mistyped("95.13"), **{f"I{n}": mistyped("95.31") for n in range(7, 13)}}
    assert named(given_, "2") == [("2", "95.31")]


def test_a_question_with_swapped_digits_is_named_for_every_node_above_it() -> None:
    right = TRUE["I13"]
    assert f"{float(right):.2f}" == "83.04"
    given_ = published("3", "IIT", TOTAL) | {"I13": mistyped("38.04")}
    assert [named(given_, code) for code in ("3", "IIT", TOTAL)] == [[("I13", "83.04")]] * 3


def test_one_wrong_digit_is_named_where_no_swap_explains_it() -> None:
    given_ = published("3", "IIT", TOTAL) | {"I13": mistyped("63.04")}
    assert [named(given_, code) for code in ("3", "IIT", TOTAL)] == [[("I13", "83.04")]] * 3
    alone = published(TOTAL) | {TOTAL: mistyped("81.23")}
    assert named(alone, TOTAL) == [(TOTAL, "91.23")]


def test_an_item_on_the_wrong_side_is_named_while_only_few_are_like_it() -> None:
    every = published(*UPPER)
    assert named(every | {"O42": mistyped("0")}, TOTAL) == [("O42", "100.00")]
    many = published("OIT") | {"OIT": mistyped("99.44")}
    assert named(many, "OIT") == [], "nine items of 9.1 would do"


def test_what_would_contradict_another_published_figure_is_not_suspected() -> None:
    given_ = published(*UPPER) | {TOTAL: mistyped("69.08")}
    scores = score_tree(TREE, given_)
    assert scores[TOTAL].apart and not any(scores[code].apart for code in UPPER if code != TOTAL)
    assert {code for code, _ in named(given_, TOTAL)} <= {TOTAL}


def test_figures_below_a_score_that_a_person_holds_to_are_not_suspected() -> None:
    given_ = published("3", TOTAL) | {"I13": mistyped("38.04"), "3": mistyped("70")}
    assert named(given_, TOTAL, {"3": Hold.PUBLISHED}) != [("I13", "83.04")]


def test_points_are_never_taken_for_mistyped_digits() -> None:
    upper = {code: Given(Fraction(90)) for code in ("IIT", "EIT", "9", "10.1")}
    given_ = upper | {"10.2": Given(Fraction(50), Fraction(0)), "10": Given(Fraction(50))}
    assert "10.2" not in dict(named(given_, "10"))


@pytest.mark.parametrize("code", [c for c in QUESTIONS if c[0] in "IE"])
def test_every_swapped_survey_score_is_found_once_all_indicators_are_published(code: str) -> None:
    given_ = published(*UPPER)
    right = int(TRUE[code] * 100)
    typed = Fraction(max(swaps(right), key=lambda other: abs(other - right), default=right), 100)
    scores = score_tree(TREE, given_ | {code: Given(typed)})
    indicator = sure(TREE.ancestor(code, Kind.INDICATOR))
    if scores[indicator].apart:
        assert code in {s.code for s in suspects(TREE, scores, indicator)}


@given(
    st.dictionaries(
        st.sampled_from([*QUESTIONS, *UPPER]), st.integers(0, 10_000).map(lambda n: Given(Fraction(n, 100)))
    )
)
def test_whatever_is_corrected_as_suspected_agrees(changed: dict[str, Given]) -> None:
    given_ = published(TOTAL, "IIT", "1", "9") | changed
    scores = score_tree(TREE, given_)
    for node in [code for code in UPPER if scores[code].apart]:
        found = suspects(TREE, scores, node)
        assert len(found) <= MOST
        for suspect in found:
            anew = score_tree(
                TREE, given_ | {suspect.code: Given(suspect.meant, slack_of(TREE, suspect.code, suspect.meant))}
            )
            assert abs(anew[node].gap) <= scores[node].tolerance
