from fractions import Fraction

from ita_xl.data.profiles import Profile
from ita_xl.domain.codes import Code
from ita_xl.domain.tree import TOTAL, Kind, Node, Tree

Q, SUB, IND, INS = Kind.QUESTION, Kind.SUB_INDICATOR, Kind.INDICATOR, Kind.INSTRUMENT
ROOT = Node(TOTAL, Kind.TOTAL, "", None)


def small(*more: Node) -> list[Node]:
    return [
        ROOT,
        Node("IIT", INS, "", TOTAL, Fraction(30)),
        Node("OIT", INS, "", TOTAL, Fraction(70)),
        Node("1", IND, "", "IIT"),
        Node("I1", Q, "", "1"),
        Node("I2", Q, "", "1"),
        *more,
    ]


def codes(nodes: list[Node]) -> list[str]:
    tree, problems = Tree.of(nodes)
    assert (tree is None) == bool(problems)
    return [problem.code for problem in problems]


def test_what_a_question_is_worth_is_the_product_of_the_shares_on_its_way_up() -> None:
    tree = Tree(small())
    assert tree.effective_weights["I1"] == Fraction(3, 20)
    assert tree.effective_weights[TOTAL] == 1


def test_weights_only_count_among_siblings() -> None:
    in_hundredths = [
        Node(n.code, n.kind, "", n.parent, None if n.weight is None else n.weight / 100) for n in small()
    ]
    assert Tree(small()).shares == Tree(in_hundredths).shares


def test_effective_weights_of_all_questions_add_up_to_one(profile: Profile) -> None:
    tree = profile.tree
    assert sum(tree.effective_weights[code] for code in tree.codes(Q)) == 1


def test_bottom_up_lists_children_before_their_parent(profile: Profile) -> None:
    seen: set[str] = set()
    for code in profile.tree.bottom_up:
        assert all(child in seen for child in profile.tree.children(code))
        seen.add(code)
    assert seen == set(profile.tree.nodes)


def test_every_fault_of_a_structure_is_reported() -> None:
    assert codes(small()) == []
    assert codes(small(Node("I1", Q, "", "1"))) == [Code.NODE_TWICE]
    assert codes(small()[1:]) == [Code.NOT_ONE_TOTAL, Code.PARENT_UNKNOWN, Code.PARENT_UNKNOWN]
    assert codes(small(Node("I3", Q, "", "99"))) == [Code.PARENT_UNKNOWN]
    assert codes(small(Node("2", IND, "", "I1"))) == [Code.PARENT_OUT_OF_ORDER]
    assert codes(small(Node("2", IND, "", "IIT", Fraction(0)))) == [
        Code.WEIGHT_NOT_POSITIVE,
        Code.WEIGHTS_INCOMPLETE,
    ]
    assert codes(small(Node("XIT", INS, "", TOTAL, Fraction(1)))) == [Code.INSTRUMENT_UNKNOWN]
    assert codes(small(Node("extra", Kind.TOTAL, "", None))) == [Code.NOT_ONE_TOTAL]


def test_a_circle_of_parents_is_reported_and_not_followed() -> None:
    assert codes(small(Node("2", IND, "", "3"), Node("3", IND, "", "2"))) == [
        Code.PARENT_OUT_OF_ORDER,
        Code.PARENT_OUT_OF_ORDER,
    ]


def test_a_question_without_a_place_is_kept_but_not_part_of_the_tree() -> None:
    tree = Tree(small(Node("O1", Q, "", None)))
    assert tree.unplaced == ("O1",)
    assert "O1" not in tree.bottom_up
    assert tree.questions("OIT") == ["O1"]
