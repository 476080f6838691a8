"""Which questions are issues, and the reason that each of them shows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ita_xl.data import profiles
from ita_xl.domain.advice import Rule, advise
from ita_xl.domain.ranking import Choice, Raise, Rules, select
from ita_xl.domain.tree import SURVEYS, Kind

TREE = profiles.profile(2565).tree


def issues(
    then: dict[str, int] | None = None,
    choices: dict[str, Choice] | None = None,
    commented: Sequence[str] = (),
    **now: float,
) -> dict[str, list[str]]:
    """Rules by code for a case in which everything else has full marks."""
    scores = {code: Decimal(100) for code, node in TREE.nodes.items() if node.kind is Kind.QUESTION}
    given = {key.replace("n", ""): Decimal(str(value)) for key, value in now.items()}
    scores |= given
    rules = Rules(lowest_if_none_weak=False)
    lists = {i: select({c: scores[c] for c in TREE.below(i, Kind.QUESTION)}, rules, choices or {}) for i in SURVEYS}
    earlier = {code: Decimal(value) for code, value in (then or {}).items()}
    found = advise(TREE, scores, earlier, lists, rules, choices, commented)
    return {issue.code: [reason.rule.value for reason in issue.reasons] for issue in found}


def test_a_full_score_needs_nothing() -> None:
    assert issues() == {}


def test_every_question_below_the_threshold_is_an_issue() -> None:
    assert issues(I1=84.99, I2=85, E5=10) == {"I1": ["weak"], "E5": ["weak"]}


def test_a_missing_item_is_an_issue() -> None:
    assert issues(O42=0) == {"O42": ["missing"]}


def test_a_large_fall_is_an_issue_and_a_small_one_is_not() -> None:
    assert issues({"I1": 100, "I2": 100}, I1=94, I2=95) == {"I1": ["fell"]}


def test_a_weak_indicator_whose_questions_pass_is_raised_with_its_lowest_question() -> None:
    assert issues(n3=84, I13=90) == {"I13": ["indicator"]}


def test_several_reasons_stand_together() -> None:
    assert issues({"I1": 99}, commented=["I1"], I1=80) == {"I1": ["weak", "fell", "comment"]}


def test_a_person_raises_and_drops() -> None:
    choices = {"I1": Choice(Raise.NO), "I2": Choice(Raise.YES, "เหตุผล")}
    assert issues({"I1": 99}, choices, ["I1"], I1=80) == {"I2": ["by hand"]}


def test_a_group_with_nothing_makes_each_of_its_items_missing_for_certain() -> None:
    found = advise(TREE, {"10.2": Decimal(0), "9.1": Decimal("77.78")}, {}, {}, Rules())
    assert {issue.code: issue.reasons[0].rule for issue in found} == {
        "9.1": Rule.MISSING,
        "O42": Rule.MISSING,
        "O43": Rule.MISSING,
    }
    assert found[1].reasons[0].node == "10.2"
