from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ita_xl.data import profiles
from ita_xl.domain.numbers import HALF_UNIT
from ita_xl.domain.scoring import Given, Hold, Source, leaves, score_tree, slack_of
from ita_xl.domain.tree import TOTAL, Kind, Node, Tree
from tests.conftest import sure

TREE = profiles.profile(2565).tree
QUESTIONS = TREE.codes(Kind.QUESTION)
points = st.integers(0, 10_000).map(lambda hundredths: Fraction(hundredths, 100))


def figures(**values: str) -> dict[str, Given]:
    return {code: Given(Fraction(value)) for code, value in values.items()}


def one_indicator() -> Tree:
    rows = [("total", Kind.TOTAL, None), ("IIT", Kind.INSTRUMENT, "total"), ("1", Kind.INDICATOR, "IIT")]
    rows += [(f"I{n}", Kind.QUESTION, "1") for n in (1, 2, 3)]
    return Tree(Node(code, kind, "", parent) for code, kind, parent in rows)


def test_a_score_is_the_mean_of_its_children_at_full_precision() -> None:
    scores = score_tree(one_indicator(), figures(I1="90", I2="90", I3="91"))
    assert scores["1"].exact == Fraction(271, 3)
    assert str(scores["1"].points) == "90.33"
    assert scores["1"].source is Source.COMPUTED


def test_a_published_score_within_rounding_is_shown_and_the_computed_one_kept_beside_it() -> None:
    # 97.444 computed from printed scores against 97.45 published: unrounded data can explain it.
    given_ = figures(I1="97.44", I2="97.44", I3="97.452") | {"1": Given(Fraction("97.45"))}
    score = score_tree(one_indicator(), given_)["1"]
    assert score.source is Source.CONFIRMED
    assert score.shown == Fraction("97.45")
    assert score.exact == Fraction("97.444")


def test_a_published_score_outside_of_rounding_is_not_used() -> None:
    given_ = figures(I1="95.31", I2="95.31", I3="95.31") | {"1": Given(Fraction("95.13"))}
    score = score_tree(one_indicator(), given_)["1"]
    assert score.source is Source.DISAGREES
    assert score.shown == Fraction("95.31")


def test_the_tolerance_is_half_a_unit_of_each_figure_and_not_more() -> None:
    tree = one_indicator()
    base = figures(I1="90", I2="90", I3="90")
    assert score_tree(tree, base | {"1": Given(Fraction("90.01"))})["1"].source is Source.CONFIRMED
    assert score_tree(tree, base | {"1": Given(Fraction("90.0101"))})["1"].source is Source.DISAGREES


def test_open_data_items_are_exact_so_only_the_published_figure_is_rounded() -> None:
    assert slack_of(TREE, "O1", Fraction(100)) == 0
    assert slack_of(TREE, "O1", Fraction(50)) == HALF_UNIT
    assert slack_of(TREE, "I1", Fraction(100)) == HALF_UNIT


def test_a_person_decides_which_of_two_scores_holds_from_there_upward() -> None:
    given_ = figures(I1="95.31", I2="95.31", I3="95.31") | {"1": Given(Fraction("95.13"))}
    held = score_tree(one_indicator(), given_, {"1": Hold.PUBLISHED})
    assert (held["1"].source, held["1"].shown, held[TOTAL].exact) == (
        Source.HELD,
        Fraction("95.13"),
        Fraction("95.13"),
    )
    computed = score_tree(one_indicator(), given_, {"1": Hold.COMPUTED})
    assert (computed["1"].source, computed["1"].shown) == (Source.COMPUTED, Fraction("95.31"))
    assert held["1"].apart and computed["1"].apart
    undecided = score_tree(one_indicator(), given_, {"1": Hold.OPEN})
    assert undecided == score_tree(one_indicator(), given_)


def test_a_decision_for_what_is_not_known_leaves_what_is() -> None:
    given_ = figures(I1="90", I2="90") | {"1": Given(Fraction(80))}
    assert score_tree(one_indicator(), given_, {"1": Hold.COMPUTED})["1"].source is Source.STATED
    every = figures(I1="90", I2="90", I3="90")
    assert score_tree(one_indicator(), every, {"1": Hold.PUBLISHED})["1"].source is Source.COMPUTED


def test_incomplete_children_are_never_averaged() -> None:
    scores = score_tree(one_indicator(), figures(I1="90", I2="90"))
    assert scores["1"].source is Source.UNKNOWN
    assert scores[TOTAL].exact is None


def test_incomplete_children_leave_the_published_score_in_charge() -> None:
    scores = score_tree(one_indicator(), figures(I1="10") | {"1": Given(Fraction("88"))})
    assert scores["1"].source is Source.STATED
    assert scores[TOTAL].exact == 88


def test_leaves_are_the_deepest_known_nodes() -> None:
    tree = one_indicator()
    assert leaves(tree, score_tree(tree, figures(I1="1", I2="2", I3="3"))) == ["I1", "I2", "I3"]
    assert leaves(tree, score_tree(tree, {"1": Given(Fraction(88))})) == ["1"]
    assert leaves(tree, score_tree(tree, {})) == []


@given(st.lists(points, min_size=len(QUESTIONS), max_size=len(QUESTIONS)))
def test_the_total_is_the_effectively_weighted_sum_of_all_questions(values: list[Fraction]) -> None:
    scores = score_tree(TREE, {c: Given(v) for c, v in zip(QUESTIONS, values, strict=True)})
    weights = TREE.effective_weights
    assert scores[TOTAL].exact == sum(weights[c] * v for c, v in zip(QUESTIONS, values, strict=True))
    assert min(values) <= sure(scores[TOTAL].exact) <= max(values)


@given(st.lists(points, min_size=30, max_size=30), st.integers(0, 29), points)
def test_raising_one_question_never_lowers_any_score(values: list[Fraction], which: int, up: Fraction) -> None:
    codes = TREE.questions("IIT")
    before = dict(zip(codes, map(Given, values), strict=True))
    after = before | {codes[which]: Given(max(values[which], up))}
    old, new = score_tree(TREE, before), score_tree(TREE, after)
    assert all((old[c].exact or 0) <= (new[c].exact or 0) for c in TREE.bottom_up)
