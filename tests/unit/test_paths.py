from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from ita_xl.data import profiles
from ita_xl.domain.levels import Level, judge
from ita_xl.domain.paths import next_level
from ita_xl.domain.scoring import Given, score_tree
from ita_xl.domain.tree import TOTAL, Kind, Node, Tree

P2564 = profiles.profile(2564)
BY_2564 = {"1": "94.27", "2": "90.69", "3": "90.96", "4": "89.10", "5": "91.75", "6": "89.22", "7": "87.43"}
BY_2564 |= {"8": "85.04", "9.1": "700/9", "9.2": "700/8", "9.3": "100", "9.4": "100", "9.5": "80", "10.1": "100"}


def fraction(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or 1)


def way(given_: dict[str, str]):
    scores = score_tree(P2564.tree, {c: Given(fraction(v)) for c, v in given_.items()})
    reached = judge(P2564.levels, scores).level
    return next_level(P2564.tree, scores, P2564.levels, reached)


def test_the_reference_agency_of_2564_was_one_sub_indicator_away() -> None:
    found = way(BY_2564 | {"10.2": "0"})
    assert found.level.name == "A"
    assert found.gap == Decimal("3.61")
    assert [(s.code, s.gain) for s in found.path] == [("10.2", 10)]
    assert round(float(found.total_after), 2) == 91.39


def test_with_items_known_one_of_them_is_enough() -> None:
    found = way(BY_2564 | {"O42": "0", "O43": "0"})
    assert [(s.code, s.gain) for s in found.path] == [("O42", 5)]
    assert round(float(found.total_after), 2) == 86.39


def test_there_is_no_level_above_the_best() -> None:
    assert way({"total": "96"}) is None


def test_the_gap_is_that_of_the_shown_total_on_which_the_level_was_judged() -> None:
    found = way({"total": "84.99", "IIT": "85", "EIT": "85", "OIT": "85"})
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
        return judge(LEVELS, score_tree(SMALL, given_)).level.name

    if level(()) == "good":
        return
    found = next_level(SMALL, score_tree(SMALL, {c: Given(v) for c, v in scores.items()}), LEVELS, LEVELS[1])
    path = tuple(step.code for step in found.path)
    assert level(path) == "good"
    assert all(level(fewer) != "good" for fewer in combinations(codes, len(path) - 1))
