from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ita_xl.data import profiles
from ita_xl.domain.compare import HELD, REST, STRUCTURE, Change, Year, change
from ita_xl.domain.scoring import Given, Hold, score_tree
from ita_xl.domain.tree import TOTAL, Kind, Node, Tree
from tests.conftest import sure

TREE = profiles.profile(2565).tree
ANY = (
    TREE.codes(Kind.QUESTION) + TREE.codes(Kind.SUB_INDICATOR) + TREE.codes(Kind.INDICATOR) + ["IIT", "EIT", "OIT"]
)
known = st.dictionaries(st.sampled_from([*ANY, TOTAL]), st.integers(0, 10_000).map(lambda n: Fraction(n, 100)))


def year(number: int, tree: Tree, **values: str | Fraction) -> Year:
    return Year(number, tree, score_tree(tree, {c: Given(Fraction(v)) for c, v in values.items()}))


def parts(found: Change | None) -> dict[str, Fraction]:
    assert found
    return {part.code: part.points for part in found.contributions}


@given(known, known)
def test_contributions_add_up_to_the_exact_change_whatever_is_known(
    old: dict[str, Fraction], new: dict[str, Fraction]
) -> None:
    found = change(year(2564, TREE, **{TOTAL: Fraction(50)} | old), year(2565, TREE, **{TOTAL: Fraction(60)} | new))
    assert found is not None
    assert sum(parts(found).values()) == found.exact


@given(known, known, st.dictionaries(st.sampled_from(ANY), st.sampled_from(Hold)))
def test_contributions_add_up_whatever_a_person_holds_to(
    old: dict[str, Fraction], new: dict[str, Fraction], holds: dict[str, Hold]
) -> None:
    every = dict.fromkeys(TREE.codes(Kind.QUESTION), Fraction(90))

    def held(number: int, values: dict[str, Fraction]) -> Year:
        given_ = {code: Given(value) for code, value in (every | values).items()}
        return Year(number, TREE, score_tree(TREE, given_, holds))

    found = change(held(2564, old), held(2565, new))
    assert found is not None
    assert sum(parts(found).values()) == found.exact
    assert REST not in parts(found)


def test_what_a_held_score_lies_beyond_its_parts_is_one_line() -> None:
    every = dict.fromkeys(TREE.codes(Kind.QUESTION), "90")
    now = {code: Given(Fraction(value)) for code, value in (every | {"IIT": "80", "I1": "100"}).items()}
    found = change(year(2564, TREE, **every), Year(2565, TREE, score_tree(TREE, now, {"IIT": Hold.PUBLISHED})))
    gap = Fraction(80) - sure(score_tree(TREE, now)["IIT"].computed)
    assert parts(found)[HELD] == gap * Fraction(3, 10)
    assert parts(found)["I1"] == TREE.effective_weights["I1"] * 10


def test_parts_are_named_at_the_deepest_level_known_in_both_years() -> None:
    old = {str(n): "80" for n in range(1, 9)} | {"9": "80", "10.1": "100", "10.2": "0"}
    new = dict.fromkeys(TREE.codes(Kind.QUESTION), "90") | {"O42": "100", "O43": "100"}
    found = change(year(2564, TREE, **old), year(2565, TREE, **new))
    assert list(parts(found)) == [*map(str, range(1, 10)), "10.1", "10.2"]
    assert parts(found)["10.2"] == 10


def test_with_only_a_total_in_one_year_nothing_is_made_up() -> None:
    found = change(year(2563, TREE, total="88.98"), year(2565, TREE, total="96.99"))
    assert sure(found).only_total
    assert parts(found) == {TOTAL: Fraction("8.01")}


def test_what_is_unknown_in_one_year_is_one_line_and_the_known_parts_stay_named() -> None:
    old = {str(n): "80" for n in range(1, 9)} | {"total": "80"}
    new = {str(n): "90" for n in range(1, 11)}
    found = change(year(2564, TREE, **old), year(2565, TREE, **new))
    assert parts(found)["1"] == Fraction(3, 5)
    assert parts(found)[REST] == sure(found).exact - sum(parts(found)[str(n)] for n in range(1, 9))


def test_an_unknown_total_gives_no_change() -> None:
    assert change(year(2564, TREE), year(2565, TREE, total="90")) is None


def test_codes_that_do_not_correspond_are_not_compared() -> None:
    both = dict.fromkeys(TREE.codes(Kind.QUESTION), "90")
    found = change(year(2564, TREE, **both), year(2565, TREE, **both), lambda c: TREE[c].kind >= Kind.INDICATOR)
    assert list(parts(found)) == TREE.codes(Kind.INDICATOR)


def test_a_change_of_weights_has_a_line_of_its_own() -> None:
    def tree(iit: int) -> Tree:
        return Tree(
            [
                Node(TOTAL, Kind.TOTAL, "", None),
                Node("IIT", Kind.INSTRUMENT, "", TOTAL, Fraction(iit)),
                Node("OIT", Kind.INSTRUMENT, "", TOTAL, Fraction(100 - iit)),
            ]
        )

    found = change(year(2565, tree(30), IIT="80", OIT="100"), year(2566, tree(50), IIT="80", OIT="100"))
    assert parts(found) == {"IIT": 0, "OIT": 0, STRUCTURE: -4}
