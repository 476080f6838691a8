"""จำลองคะแนน: the way to a better level, what if, and what each of the deepest known scores is worth."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.numbers import rounded
from ita_xl.domain.paths import NextLevel
from ita_xl.domain.thai import onto
from ita_xl.domain.tree import TOTAL
from ita_xl.domain.whatif import Leaf, WhatIf, known_leaves
from ita_xl.layout.labels import called, shown_code
from ita_xl.views.content import Content, Values, agency_line, cell, joined, level, moved, ranges
from ita_xl.views.summary import next_level_sentence

_MOST_NAMED = 3
"""Up to so many nodes are named with their gain; more of them are listed by code."""

_WORTH_DECIMALS = 10
"""Far more than is shown, and fewer digits than programs differ in when they save a number."""


def simulation(outcome: Outcome) -> Content:
    leaves = {leaf.code: leaf for leaf in known_leaves(outcome.tree, outcome.scores)}
    return Content(
        fields={"agency": agency_line(outcome)},
        blocks={
            "cases": [{"no": number, **row} for number, row in enumerate(_cases(outcome, leaves), 1)],
            "leaves": list(_leaf_rows(outcome, leaves)),
        },
    )


def _cases(outcome: Outcome, leaves: Collection[str]) -> Iterator[Values]:
    """The present result and what it would be: at the next level, without weak scores, with the targets."""
    total = outcome.points(outcome.year, TOTAL)
    if total is None:
        yield {"case": say("simulation.unknown")}
        return
    yield {"case": _now(outcome), "total": cell(total), "level": outcome.level_name or say("words.unknown")}
    following, nearest = outcome.next_level, outcome.nearest_level
    if following and following.path:
        yield _way_row(outcome, following, "simulation.next")
    elif following:
        codes = joined([shown_code(code) for code in following.blocked])
        yield {"case": say("simulation.blocked", level=level(following.level.name), codes=codes)}
        yield _way_row(outcome, nearest, "simulation.nearest") if nearest else {"case": say("simulation.none_near")}
    yield _weak_row(outcome)
    yield _target_row(outcome, leaves)


def _now(outcome: Outcome) -> str:
    """The present result, and what the next level asks."""
    verdict = outcome.verdicts[outcome.year]
    if outcome.next_level:
        return say("simulation.now", more=next_level_sentence(outcome.next_level)).strip()
    if verdict.missing and not outcome.level_name:
        return say("simulation.now_open", codes=joined(verdict.missing))
    top = outcome.level is not None and outcome.level is outcome.inputs.levels[0]
    return say("simulation.now_top" if top else "simulation.now", more="").strip()


def _way_row(outcome: Outcome, way: NextLevel, key: str) -> Values:
    """The fewest steps to a level, and where they lead."""
    after = way.level_after.name if way.level_after else say("simulation.at_least", level=way.level.name)
    return {
        "case": say(key, level=level(way.level.name), steps=_steps(outcome, way)),
        "level": after,
        **_totals(outcome, way.total_after),
    }


def _steps(outcome: Outcome, way: NextLevel) -> str:
    """What to bring to 100: one node with those that would do as well, or all of them."""
    gains = {step.code: step.gain for step in way.path}
    last = way.path[-1]
    few = len(gains) + len(way.tied) <= _MOST_NAMED
    if len(gains) == 1 and way.tied:
        codes = _either([called(outcome.tree, code) if few else code for code in (last.code, *way.tied)])
        return say("simulation.one_of", codes=onto(codes), gain=moved(last.gain))
    if few:
        parts = [
            say("summary.with_effect", name=called(outcome.tree, code), change=moved(gain))
            for code, gain in gains.items()
        ]
        codes = joined(parts)
    else:
        codes = _listed(outcome, gains)
    steps = say("simulation.one" if len(gains) == 1 else "simulation.many", number=len(gains), codes=onto(codes))
    if way.tied:
        steps += say("simulation.instead", last=last.code, codes=_either(way.tied))
    return steps


def _weak_row(outcome: Outcome) -> Values:
    limit = f"{outcome.inputs.rules.weak_below:f}"
    result = outcome.all_weak_raised
    if result is None:
        return {"case": say("simulation.weak_none", limit=limit)}
    listed = _listed(outcome, result.effects)
    case = say("simulation.weak", limit=limit, number=len(result.effects), codes=listed)
    return {"case": case, **_result(outcome, result)}


def _target_row(outcome: Outcome, leaves: Collection[str]) -> Values:
    result = outcome.what_if
    unused = [code for code in outcome.inputs.targets if code not in leaves]
    without = say("simulation.without", codes=_listed(outcome, unused)) if unused else ""
    if result is None:
        return {"case": say("simulation.targets_none") + without}
    listed = _listed(outcome, result.effects)
    case = say("simulation.targets", number=len(result.effects), codes=listed)
    return {"case": case + without, **_result(outcome, result)}


def _result(outcome: Outcome, result: WhatIf) -> Values:
    reached = result.level.name if result.level else say("words.unknown")
    return {"level": reached, **_totals(outcome, result.total)}


def _totals(outcome: Outcome, after: Fraction) -> Values:
    """A total and its distance from the present one, as printed."""
    now = outcome.points(outcome.year, TOTAL)
    assert now is not None
    return {"total": cell(after), "change": cell(rounded(after) - now)}


def _leaf_rows(outcome: Outcome, leaves: Mapping[str, Leaf]) -> Iterator[Values]:
    """A row per deepest known node, and one for each target on a node that is none (any more)."""
    gains = sorted({leaf.left for leaf in leaves.values() if leaf.left > 0}, reverse=True)
    rank = {gain: number for number, gain in enumerate(gains, 1)}
    effects = outcome.what_if.effects if outcome.what_if else {}
    for code, node in outcome.tree.nodes.items():
        if code in leaves:
            leaf = leaves[code]
            yield {
                "code": shown_code(code),
                "name": say("words.total") if code == TOTAL else node.name,
                "score": cell(leaf.score),
                "worth": round(float(leaf.worth), _WORTH_DECIMALS),
                "left": cell(leaf.left),
                "rank": rank.get(leaf.left),
                "effect": cell(effects.get(code)),
            }
        elif code in outcome.inputs.targets:
            yield {"code": shown_code(code), "name": say("simulation.unused", name=node.name)}


def _listed(outcome: Outcome, codes: Collection[str]) -> str:
    """Codes in the structure's order, runs of them as one."""
    return ranges(shown_code(code) for code in outcome.tree.nodes if code in codes)


def _either(parts: Collection[str]) -> str:
    """A, B หรือ C."""
    *first, last = parts
    return say("words.or", first=", ".join(first), last=onto(last)) if first else last
