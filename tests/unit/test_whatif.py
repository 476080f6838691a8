from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_xl.data import profiles
from ita_xl.domain.numbers import rounded
from ita_xl.domain.scoring import Given, Hold, score_tree
from ita_xl.domain.tree import INSTRUMENTS, TOTAL, Kind
from ita_xl.domain.whatif import known_leaves, what_if
from tests.conftest import sure
from tests.unit.test_paths import Situation, decided, situations

points = st.integers(0, 10_000).map(lambda hundredths: Fraction(hundredths, 100))


def test_the_worths_of_what_is_known_add_up_to_one_however_deep_it_is_known() -> None:
    tree = profiles.profile(2565).tree
    every = {c: Given(Fraction(90)) for c in tree.codes(Kind.QUESTION)}
    for known in (every, {i: Given(Fraction(90)) for i in INSTRUMENTS}, {TOTAL: Given(Fraction(90))}):
        leaves = known_leaves(tree, score_tree(tree, known))
        assert len(leaves) == len(known)
        assert sum(leaf.worth for leaf in leaves) == 1
        assert sum(leaf.left for leaf in leaves) == 10


def test_without_a_total_nothing_is_worth_anything_yet() -> None:
    tree = profiles.profile(2565).tree
    scores = score_tree(tree, {"I1": Given(Fraction(90))})
    assert known_leaves(tree, scores) == []
    assert what_if(tree, scores, (), {"I1": Fraction(100)}) is None


@given(situations(), st.data())
def test_the_worths_add_up_and_effects_are_the_whole_move(situation: Situation, data: st.DataObject) -> None:
    tree, scores, levels = situation
    leaves = known_leaves(tree, scores)
    assert sum(leaf.worth for leaf in leaves) == 1
    targets = {leaf.code: data.draw(points) for leaf in leaves if data.draw(st.booleans())}
    result = what_if(tree, scores, levels, targets)
    if result is None:
        assert targets == {}
        return
    moved = sum(result.effects.values(), Fraction(0))
    assert abs(sure(scores[TOTAL].shown) + moved - result.total) <= Fraction(1, 50), "but for rounding at the ends"


@given(situations() | decided(), st.data())
def test_raising_any_target_never_lowers_the_total(situation: Situation, data: st.DataObject) -> None:
    tree, scores, levels = situation
    leaves = known_leaves(tree, scores)
    targets = {leaf.code: data.draw(points) for leaf in leaves}
    raised = data.draw(st.sampled_from(sorted(targets)))
    higher = {**targets, raised: max(targets[raised], data.draw(points))}
    before, after = (sure(what_if(tree, scores, levels, each)) for each in (targets, higher))
    assert after.total >= before.total
    assert levels.index(sure(after.level)) <= levels.index(sure(before.level))


@given(situations() | decided(), st.data())
def test_a_target_above_the_score_never_falls_behind_the_published_total(
    situation: Situation, data: st.DataObject
) -> None:
    tree, scores, levels = situation
    leaf = data.draw(st.sampled_from(known_leaves(tree, scores)))
    target = min(leaf.score + Fraction(data.draw(st.integers(0, 5)), 1000), Fraction(100))
    assert sure(what_if(tree, scores, levels, {leaf.code: target})).total >= sure(scores[TOTAL].shown)


@given(situations() | decided())
def test_targets_equal_to_the_scores_change_nothing(situation: Situation) -> None:
    tree, scores, levels = situation
    unchanged = {leaf.code: leaf.score for leaf in known_leaves(tree, scores)}
    same = sure(what_if(tree, scores, levels, unchanged))
    assert same.total == scores[TOTAL].shown


@given(situations())
def test_everything_at_100_is_100_whatever_rounding_was_published(situation: Situation) -> None:
    tree, scores, levels = situation
    if scores[TOTAL].exact == 100:
        return
    every = {leaf.code: Fraction(100) for leaf in known_leaves(tree, scores)}
    full = sure(what_if(tree, scores, levels, every))
    assert full.total == 100
    assert full.level == levels[0]


def test_a_held_score_and_the_total_gain_no_more_than_it_lacks_to_100() -> None:
    profile = profiles.profile(2565)
    known = {c: Given(Fraction(80)) for c in profile.tree.codes(Kind.QUESTION)} | {"IIT": Given(Fraction(95))}
    scores = score_tree(profile.tree, known, {"IIT": Hold.PUBLISHED})
    raised = dict.fromkeys(profile.tree.questions("IIT"), Fraction(100))
    result = sure(what_if(profile.tree, scores, profile.levels, raised))
    assert result.total == sure(scores[TOTAL].exact) + Fraction(3, 10) * 5


@given(st.lists(points, min_size=88, max_size=88), st.data())
def test_where_nothing_was_published_it_is_what_scoring_anew_gives(
    values: list[Fraction], data: st.DataObject
) -> None:
    profile = profiles.profile(2565)
    codes = profile.tree.codes(Kind.QUESTION)
    known = dict(zip(codes, values, strict=True))
    code, target = data.draw(st.sampled_from(codes)), data.draw(points)
    scores = score_tree(profile.tree, {c: Given(v) for c, v in known.items()})
    anew = score_tree(profile.tree, {c: Given(v) for c, v in {**known, code: target}.items()})
    assert sure(what_if(profile.tree, scores, profile.levels, {code: target})).total == anew[TOTAL].exact


@pytest.mark.parametrize("least", ["84.994", "84.995"])
def test_the_level_is_judged_on_two_decimals_rounded_half_up(least: str) -> None:
    profile = profiles.profile(2565)
    scores = score_tree(profile.tree, {TOTAL: Given(Fraction(80))})
    result = sure(what_if(profile.tree, scores, profile.levels, {TOTAL: Fraction(least)}))
    assert sure(result.level).name == ("A" if rounded(Fraction(least)) >= 85 else "B")


def test_a_target_of_what_is_made_of_known_parts_does_not_count() -> None:
    profile = profiles.profile(2566)
    scores = score_tree(profile.tree, {i: Given(Fraction(90)) for i in INSTRUMENTS})
    assert what_if(profile.tree, scores, profile.levels, {TOTAL: Fraction(100), "1": Fraction(100)}) is None
