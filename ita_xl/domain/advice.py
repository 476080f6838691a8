"""Which questions are issues, and why: every reason names its rule with the figures that it rests on.

The rules are this program's; what counts as weak, how many ranks and how large a fall are options of the
workbook. A person's word overrides all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from ita_xl.domain.ranking import Choice, Raise, Rules, Selection
from ita_xl.domain.tree import OPEN_DATA, TOTAL, Kind, Tree


class Rule(StrEnum):
    """Why something is an issue."""

    MISSING = "missing"
    """an open-data item without its full score"""
    WEAK = "weak"
    """a question below the threshold"""
    LOWEST = "lowest"
    """no question is below the threshold; this is among the lowest"""
    INDICATOR = "indicator"
    """its indicator is below the threshold although no question of it is"""
    FELL = "fell"
    """it lost more than the agency tolerates since last year"""
    COMMENT = "comment"
    """the authority commented on it"""
    BY_HAND = "by hand"
    """the agency raised it"""


@dataclass(frozen=True, slots=True)
class Reason:
    """rule with its figures, in points: score of the node it names, rank among the listed ones (from the
    lowest), fall since last year; node: an indicator, where the rule is about one; words: a person's."""

    rule: Rule
    score: Decimal | None = None
    rank: int | None = None
    fall: Decimal | None = None
    node: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """What must be mended. code: a question, or an indicator where its questions are not known."""

    code: str
    instrument: str
    reasons: tuple[Reason, ...]


@dataclass
class Advice:
    """Collects reasons; `issues` puts them in the order of the structure."""

    tree: Tree
    rules: Rules
    choices: Mapping[str, Choice]
    found: dict[str, list[Reason]] = field(default_factory=dict)

    def add(self, code: str, reason: Reason) -> None:
        """Note a reason, unless a person decided that this is no issue."""
        if self.choices.get(code, Choice()).raised is not Raise.NO:
            self.found.setdefault(code, []).append(reason)

    def issues(self) -> tuple[Issue, ...]:
        """Every issue with its reasons, in the order of the structure."""
        made = []
        for code in self.tree.nodes:
            instrument = self.tree.instrument_of(code)
            if code in self.found and instrument:
                made.append(Issue(code, instrument, tuple(self.found[code])))
        return tuple(made)


def advise(
    tree: Tree,
    now: Mapping[str, Decimal],
    then: Mapping[str, Decimal],
    selections: Mapping[str, Selection],
    rules: Rules,
    choices: Mapping[str, Choice] | None = None,
    commented: Collection[str] = (),
) -> tuple[Issue, ...]:
    """All issues of a year, in the order of the structure.

    now: known scores by node code, points at two decimals. then: last year's, of the nodes that mean the
    same. selections: the lists of each survey. commented: codes that the authority commented on.
    """
    advice = Advice(tree, rules, choices or {})
    for code, choice in advice.choices.items():
        if choice.raised is Raise.YES and code in tree.nodes:
            advice.add(code, Reason(Rule.BY_HAND, now.get(code), words=choice.reason))
    for instrument in tree.children(TOTAL):
        if instrument == OPEN_DATA:
            _missing(advice, now)
        elif instrument in selections:
            _weak(advice, selections[instrument])
    _indicators(advice, now)
    _fallen(advice, now, then)
    for code in commented:
        if code in tree.nodes:
            advice.add(code, Reason(Rule.COMMENT, now.get(code)))
    return advice.issues()


def _weak(advice: Advice, selection: Selection) -> None:
    rank_of = {ranked.code: ranked for ranked in selection.urgent}
    for ranked in selection.weak:
        advice.add(ranked.code, Reason(Rule.WEAK, ranked.score, ranked.rank))
    for code, ranked in rank_of.items():
        if selection.lowest_instead and not ranked.by_hand:
            advice.add(code, Reason(Rule.LOWEST, ranked.score, ranked.rank))


def _missing(advice: Advice, now: Mapping[str, Decimal]) -> None:
    """Items without their full score; where only a group's score is known, what follows from it."""
    tree = advice.tree
    known: set[str] = set()
    for code in tree.below(OPEN_DATA, Kind.QUESTION):
        if code in now:
            known.add(code)
            if now[code] < advice.rules.full:
                advice.add(code, Reason(Rule.MISSING, now[code]))
    for group in [*tree.below(OPEN_DATA, Kind.SUB_INDICATOR), *tree.below(OPEN_DATA, Kind.INDICATOR)]:
        items = tree.below(group, Kind.QUESTION)
        if group not in now or now[group] >= advice.rules.full or known & set(items):
            continue
        known.update(items)
        if now[group] == 0 and items:
            # Nothing of the group counted, so each item of it is missing for certain.
            for item in items:
                advice.add(item, Reason(Rule.MISSING, Decimal(0), node=group))
        else:
            advice.add(group, Reason(Rule.MISSING, now[group]))


def _indicators(advice: Advice, now: Mapping[str, Decimal]) -> None:
    """An indicator below the threshold whose questions all pass is raised with its lowest question."""
    tree = advice.tree
    for indicator in tree.codes(Kind.INDICATOR):
        questions = tree.below(indicator, Kind.QUESTION)
        listed = {*questions, *tree.below(indicator, Kind.SUB_INDICATOR), indicator}
        if indicator not in now or now[indicator] >= advice.rules.weak_below or listed & set(advice.found):
            continue
        scored = [code for code in questions if code in now]
        lowest = min(scored, key=lambda code: now[code]) if scored else indicator
        advice.add(lowest, Reason(Rule.INDICATOR, now[indicator], node=indicator))


def _fallen(advice: Advice, now: Mapping[str, Decimal], then: Mapping[str, Decimal]) -> None:
    """Questions that lost too much; indicators, where last year's questions are not known."""
    tree = advice.tree
    for indicator in tree.codes(Kind.INDICATOR):
        both = [code for code in tree.below(indicator, Kind.QUESTION) if code in now and code in then]
        for code in both or [code for code in (indicator,) if code in now and code in then]:
            fall = then[code] - now[code]
            if fall > advice.rules.fell_by:
                advice.add(code, Reason(Rule.FELL, now[code], fall=fall))
