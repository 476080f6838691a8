from collections.abc import Iterable
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ita_xl.domain.ranking import Choice, Raise, Ranked, Rules, dense_ranks, highest_first, select

RULES = Rules()


def scores(**values: str) -> dict[str, Decimal]:
    return {code: Decimal(value) for code, value in values.items()}


def listed(ranked: Iterable[Ranked]) -> list[tuple[int, str]]:
    return [(entry.rank, entry.code) for entry in ranked]


def test_urgent_are_the_lowest_ranks_below_the_threshold_in_score_order() -> None:
    found = select(scores(I13="84.05", I14="79.65", I15="86.25", I20="81.85"), RULES)
    assert listed(found.urgent) == [(1, "I14"), (2, "I20"), (3, "I13")]
    assert not found.lowest_instead


def test_without_a_weak_question_the_lowest_of_all_take_their_place_and_ties_share_a_rank() -> None:
    found = select(scores(E1="93.06", E11="94.68", E12="94.68", E14="93.58", E15="94.68", E3="98.94"), RULES)
    assert found.lowest_instead
    assert listed(found.urgent) == [(1, "E1"), (2, "E14"), (3, "E11"), (3, "E12"), (3, "E15")]


def test_that_fallback_is_an_option() -> None:
    found = select(scores(E1="93.06"), Rules(lowest_if_none_weak=False))
    assert found.urgent == ()


def test_weak_are_all_below_the_threshold_and_the_threshold_itself_is_not_weak() -> None:
    found = select(scores(I1="84.99", I2="85", I3="10", I4="20", I5="30", I6="40"), RULES)
    assert [r.code for r in found.weak] == ["I3", "I4", "I5", "I6", "I1"]
    assert [r.code for r in found.urgent] == ["I3", "I4", "I5"]


def test_best_leaves_out_the_full_score_and_names_the_ties_it_cut() -> None:
    values = scores(E2="96.81", E3="98.94", E4="100", E5="95.74", E6="95.74", E7="95.74", E8="100", E9="95.74")
    found = select(values, RULES)
    assert listed(found.best) == [(1, "E3"), (2, "E2"), (3, "E5")]
    assert found.tied == ("E6", "E7", "E9")


def test_best_breaks_ties_in_question_order_with_consecutive_ranks() -> None:
    found = select(scores(I10="99.45", I11="98.63", I19="99.45"), RULES)
    assert listed(found.best) == [(1, "I10"), (2, "I19"), (3, "I11")]


def test_a_person_can_raise_and_drop_questions() -> None:
    choices = {"I15": Choice(Raise.YES, "บุคลากรร้องขอ"), "I20": Choice(Raise.NO, "แก้ไขแล้ว")}
    found = select(scores(I13="84.05", I14="79.65", I15="86.25", I20="81.85"), RULES, choices)
    assert listed(found.urgent) == [(1, "I14"), (2, "I13"), (3, "I15")]
    assert [(r.code, r.reason) for r in found.urgent if r.by_hand] == [("I15", "บุคลากรร้องขอ")]
    assert found.dropped == ("I20",)


def test_all_full_scores_give_no_list_at_all() -> None:
    found = select(scores(O1="100", O2="100"), RULES)
    assert (found.urgent, found.best, found.lowest_instead) == ((), (), False)


def test_indicators_rank_from_the_highest_with_equal_ones_in_their_own_order() -> None:
    assert listed(highest_first(["9", "10", "1"], scores(**{"9": "100", "10": "100", "1": "96"}))) == [
        (1, "9"),
        (2, "10"),
        (3, "1"),
    ]


@given(st.dictionaries(st.text("abcdef", min_size=1), st.integers(0, 20).map(Decimal), min_size=1))
def test_dense_ranks_are_the_same_for_equal_scores_and_leave_no_gap(values: dict[str, Decimal]) -> None:
    ranked = dense_ranks(values, values)
    assert sorted(r.code for r in ranked) == sorted(values)
    assert {r.rank for r in ranked} == set(range(1, len(set(values.values())) + 1))
    for left in ranked:
        for right in ranked:
            assert (left.rank < right.rank) == (left.score < right.score)
