"""From inputs to an outcome: scores, levels, ranks, lists, changes, what could be."""

from __future__ import annotations

from fractions import Fraction

from msgspec.structs import replace

from ita_xl.case.inputs import Inputs
from ita_xl.case.outcome import Outcome
from ita_xl.data import profiles
from ita_xl.domain import levels as level_rules
from ita_xl.domain.advice import advise
from ita_xl.domain.compare import Year
from ita_xl.domain.numbers import rounded
from ita_xl.domain.paths import nearest_level, next_level
from ita_xl.domain.ranking import highest_first, select
from ita_xl.domain.scoring import score_tree
from ita_xl.domain.tree import SURVEYS, Kind, Node, Tree
from ita_xl.domain.whatif import known_leaves, what_if


def judged(inputs: Inputs) -> Outcome:
    """What follows from the inputs: scores, levels, ranks, lists, changes, what could be.

    Without a usable structure nothing does, and `years` is empty.
    """
    outcome = Outcome(inputs, findings=list(inputs.findings))
    if inputs.tree is not None:
        _judge(outcome, inputs, inputs.tree)
    return outcome


def _judge(outcome: Outcome, inputs: Inputs, tree: Tree) -> None:
    this = inputs.year
    for year in (this, this - 1, this - 2):
        given = inputs.figures.given.get(year, {})
        if given or year == this:
            then = tree if year == this else _tree_in(year, tree)
            scores = score_tree(then, given, inputs.figures.holds.get(year))
            outcome.years[year] = Year(year, then, scores)
            outcome.verdicts[year] = level_rules.judge(_levels_of(year, inputs), scores)
    shown = {code: p for code in tree.codes(Kind.INDICATOR) if (p := outcome.points(this, code)) is not None}
    outcome.ranking = highest_first(list(shown), shown)
    for instrument in SURVEYS:
        if instrument in tree:
            questions = tree.below(instrument, Kind.QUESTION)
            known = {code: p for code in questions if (p := outcome.points(this, code)) is not None}
            outcome.selections[instrument] = select(known, inputs.rules, inputs.figures.choices)
    last = {code: p for code in tree.nodes if (p := outcome.comparable_points(this - 1, code)) is not None}
    now = {code: p for code in tree.nodes if (p := outcome.points(this, code)) is not None}
    commented = [code for code, _ in inputs.comments]
    outcome.issues = advise(
        tree, now, last, outcome.selections, inputs.rules, inputs.figures.choices, dict.fromkeys(commented)
    )
    outcome.changes = [
        made for year in outcome.years if year != this and (made := outcome.change_between(year, this))
    ]
    _simulate(outcome, tree)


def _simulate(outcome: Outcome, tree: Tree) -> None:
    """The way to a better level, and what the total would be with other scores."""
    inputs, scores = outcome.inputs, outcome.scores
    known = [level for level in (outcome.verdicts[outcome.year].level, outcome.level) if level]
    if known:
        # Where a person holds to another level than the scores meet, the way leads up from the better one.
        reached = min(known, key=inputs.levels.index)
        outcome.next_level = next_level(tree, scores, inputs.levels, reached)
        near = outcome.next_level and outcome.next_level.path
        outcome.nearest_level = outcome.next_level if near else nearest_level(tree, scores, inputs.levels, reached)
    limit = inputs.rules.weak_below
    weak = [leaf.code for leaf in known_leaves(tree, scores) if rounded(leaf.score) < limit]
    outcome.all_weak_raised = what_if(tree, scores, inputs.levels, dict.fromkeys(weak, Fraction(limit)))
    outcome.what_if = what_if(tree, scores, inputs.levels, inputs.targets)


def _tree_in(year: int, tree: Tree) -> Tree:
    """This year's structure with an earlier year's weights, where both have the same upper nodes."""

    def upper(of: Tree) -> dict[str, Node]:
        return {code: node for code, node in of.nodes.items() if node.kind > Kind.SUB_INDICATOR}

    earlier = upper(profiles.profile(year).tree) if year in profiles.years() else {}
    now = upper(tree)
    if now.keys() != earlier.keys() or all(now[code].weight == earlier[code].weight for code in now):
        return tree
    return Tree(
        replace(node, weight=earlier[code].weight) if code in earlier else node for code, node in tree.nodes.items()
    )


def _levels_of(year: int, inputs: Inputs) -> tuple[level_rules.Level, ...]:
    """An earlier year is judged by its own levels where we know them."""
    if year != inputs.year and year in profiles.years():
        return profiles.profile(year).levels
    return inputs.levels
