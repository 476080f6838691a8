from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from ita_xl.data import profiles
from ita_xl.domain.levels import Level, judge
from ita_xl.domain.paths import NextLevel, nearest_level, next_level
from ita_xl.domain.scoring import Given, Hold, Scores, score_tree
from ita_xl.domain.tree import INSTRUMENTS, TOTAL, Kind, Node, Tree
from ita_xl.domain.whatif import what_if
from tests.conftest import sure

P2564 = profiles.profile(2564)
BY_2564 = {"1": "94.27", "2": "90.69", "3": "90.96", "4": "89.10", "5": "91.75", "6": "89.22", "7": "87.43"}
BY_2564 |= {"8": "85.04", "9.1": "700/9", "9.2": "700/8", "9.3": "100", "9.4": "100", "9.5": "80", "10.1": "100"}


def fraction(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or 1)


def way(given_: dict[str, str]) -> NextLevel | None:
    scores = score_tree(P2564.tree, {c: Given(fraction(v)) for c, v in given_.items()})
    reached = sure(judge(P2564.levels, scores).level)
    return next_level(P2564.tree, scores, P2564.levels, reached)


def test_the_reference_agency_of_2564_was_one_sub_indicator_away() -> None:
    found = sure(way(BY_2564 | {"10.2": "0"}))
    assert found.level.name == "A"
    assert found.gap == Decimal("3.61")
    assert [(s.code, s.gain) for s in found.path] == [("10.2", Fraction(10))]
    assert round(float(found.total_after), 2) == 91.39


def test_with_items_known_one_of_them_is_enough() -> None:
    found = sure(way(BY_2564 | {"O42": "0", "O43": "0"}))
    assert [(s.code, s.gain) for s in found.path] == [("O42", Fraction(5))]
    assert found.tied == ("O43",)
    assert sure(found.level_after).name == "A"
    assert round(float(found.total_after), 2) == 86.39


def test_there_is_no_level_above_the_best() -> None:
    assert way({"total": "96"}) is None


def test_the_gap_is_that_of_the_shown_total_on_which_the_level_was_judged() -> None:
    found = sure(way({"total": "84.99", "IIT": "85", "EIT": "85", "OIT": "85"}))
    assert (found.level.name, found.gap) == ("A", Decimal("0.01"))
    assert found.path


def small_tree() -> Tree:
    nodes = [Node(TOTAL, Kind.TOTAL, "", None)]
    nodes += [Node(i, Kind.INSTRUMENT, "", TOTAL, Fraction(w)) for i, w in (("IIT", 30), ("EIT", 30), ("OIT", 40))]
    nodes += [
        Node(f"{i[0]}{n}", Kind.QUESTION, "", i) for i, k in (("IIT", 3), ("EIT", 2), ("OIT", 3)) for n in range(k)
    ]
    return Tree(nodes)


SMALL = small_tree()
LEVELS = (
    Level("good", Decimal(85), {i: Decimal(85) for i in ("IIT", "EIT", "OIT")}),
    Level("low", Decimal(0)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 100), min_size=8, max_size=8))
def test_no_smaller_set_of_questions_reaches_the_level(values: list[int]) -> None:
    codes = SMALL.codes(Kind.QUESTION)
    scores = dict(zip(codes, map(Fraction, values), strict=True))

    def level(raised: tuple[str, ...]) -> str:
        given_ = {c: Given(Fraction(100) if c in raised else v) for c, v in scores.items()}
        return sure(judge(LEVELS, score_tree(SMALL, given_)).level).name

    if level(()) == "good":
        return
    known = score_tree(SMALL, {c: Given(v) for c, v in scores.items()})
    found = sure(next_level(SMALL, known, LEVELS, LEVELS[1]))
    path = tuple(step.code for step in found.path)
    assert level(path) == "good"
    assert all(level(fewer) != "good" for fewer in combinations(codes, len(path) - 1))


P2566 = profiles.profile(2566)


def way_2566(**given_: str) -> NextLevel | None:
    scores = score_tree(P2566.tree, {c: Given(fraction(v)) for c, v in given_.items()})
    return next_level(P2566.tree, scores, P2566.levels, sure(judge(P2566.levels, scores).level))


def test_an_instrument_below_its_minimum_is_on_the_way_whatever_the_total() -> None:
    found = sure(way_2566(total="96", IIT="100", EIT="84", OIT="100"))
    assert (found.level.name, found.gap) == ("ผ่านดี", Decimal(0))
    assert [s.code for s in found.path] == ["EIT"]


def test_the_way_goes_through_the_instrument_though_others_would_gain_more() -> None:
    found = sure(way_2566(IIT="84", EIT="90", OIT="86"))
    assert [s.code for s in found.path] == ["IIT"], "OIT has more to gain (5.60 against 4.80)"


def test_a_tie_counts_only_where_it_is_needed() -> None:
    found = sure(way_2566(IIT="84", EIT="84", OIT="100"))
    assert [s.code for s in found.path] == ["IIT", "EIT"]
    assert found.tied == ()


def test_a_level_that_asks_for_what_is_not_known_is_named_with_what_is_missing() -> None:
    found = sure(way_2566(total="90", IIT="80"))
    assert (found.level.name, found.path) == ("ผ่านดี", ())
    assert found.blocked == ("IIT", "EIT", "OIT"), "only the total is known as a whole"
    assert found.total_after == 90


def test_the_nearest_level_passes_over_one_that_cannot_be_reached() -> None:
    levels = (Level("top", Decimal(95)), Level("good", Decimal(80), {"IIT": Decimal(85)}), Level("low", Decimal(0)))
    scores = score_tree(P2566.tree, {"total": Given(Fraction(90)), "IIT": Given(Fraction(80))})
    found = sure(nearest_level(P2566.tree, scores, levels, levels[2]))
    assert (found.level.name, [s.code for s in found.path]) == ("top", [TOTAL])
    assert sure(next_level(P2566.tree, scores, levels, levels[2])).blocked == ("IIT",)


Situation = tuple[Tree, Scores, tuple[Level, ...]]


@st.composite
def figures(draw: st.DrawFn) -> tuple[Tree, dict[str, Given], tuple[Level, ...]]:
    """A small tree of any weights, some instruments known by their questions, and levels with and without
    minimums."""
    nodes = [Node(TOTAL, Kind.TOTAL, "", None)]
    nodes += [Node(i, Kind.INSTRUMENT, "", TOTAL, Fraction(draw(st.integers(1, 50)))) for i in INSTRUMENTS]
    given_: dict[str, Given] = {}
    points = st.integers(0, 100).map(Fraction) | st.sampled_from([Fraction(0), Fraction(50), Fraction(100)])
    for instrument in INSTRUMENTS:
        codes = [f"{instrument[0]}{n}" for n in range(draw(st.integers(1, 3)))]
        nodes += [Node(code, Kind.QUESTION, "", instrument) for code in codes]
        known = codes if draw(st.booleans()) else [instrument]
        given_ |= {code: Given(draw(points)) for code in known}
    minimum = draw(st.integers(0, 95))
    least = draw(st.sampled_from([{}, {"OIT": Decimal(minimum)}, dict.fromkeys(INSTRUMENTS, Decimal(minimum))]))
    levels = (
        Level("top", Decimal(95), least),
        Level("good", Decimal(draw(st.integers(1, 94))), least),
        Level("low", Decimal(0)),
    )
    return Tree(nodes), given_, levels


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Such figures scored, with a published total that is off by what rounding allows."""
    tree, given_, levels = draw(figures())
    exact = sure(score_tree(tree, given_)[TOTAL].exact)
    if draw(st.booleans()):
        stated = Fraction(round(exact * 100) + draw(st.integers(-1, 1)), 100)
        given_[TOTAL] = Given(min(max(stated, Fraction(0)), Fraction(100)))
    return tree, score_tree(tree, given_), levels


@st.composite
def decided(draw: st.DrawFn) -> Situation:
    """Such figures scored, with published ones that may be off by anything, and what a person decided."""
    tree, given_, levels = draw(figures())
    above = [i for i in (TOTAL, *INSTRUMENTS) if i not in given_ and draw(st.booleans())]
    given_ |= {code: Given(Fraction(draw(st.integers(0, 10_000)), 100)) for code in above}
    holds = {code: draw(st.sampled_from(Hold)) for code in above}
    return tree, score_tree(tree, given_, holds), levels


@settings(max_examples=150, deadline=None)
@given(decided())
def test_the_path_reaches_its_level_whatever_a_person_holds_to(situation: Situation) -> None:
    tree, scores, levels = situation
    reached = sure(judge(levels, scores).level)
    found = next_level(tree, scores, levels, reached)
    if found is None or found.blocked:
        return
    assert found.path
    assert levels.index(found.level_after) <= levels.index(found.level)


@settings(max_examples=150, deadline=None)
@given(situations())
def test_the_path_reaches_its_level_and_nothing_shorter_does(situation: Situation) -> None:
    tree, scores, levels = situation
    reached = sure(judge(levels, scores).level)
    found = next_level(tree, scores, levels, reached)
    if found is None:
        assert reached == levels[0]
        return

    def reaches(codes: tuple[str, ...]) -> bool:
        result = what_if(tree, scores, levels, dict.fromkeys(codes, Fraction(100)))
        level = sure(result.level) if result else reached
        return levels.index(level) <= levels.index(found.level)

    path = tuple(step.code for step in found.path)
    assert path and reaches(path)
    assert not any(reaches(fewer) for fewer in combinations(scores, len(path) - 1))
    assert all(reaches((*path[:-1], other)) for other in found.tied)
    gains = {sure(what_if(tree, scores, levels, {c: Fraction(100)})).effects[c] for c in (path[-1], *found.tied)}
    assert len(gains) == 1
