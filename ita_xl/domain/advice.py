"""Which questions are issues, and why: every reason names its rule with the figures that it rests on.

The rules are this program's; what counts as weak, how many ranks and how large a fall are options of the
workbook. A person's word overrides all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct, field

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
    """its indicator, or instrument, is below the threshold and no question of it accounts for that"""
    FELL = "fell"
    """it lost more than the agency tolerates since last year"""
    COMMENT = "comment"
    """the authority commented on it"""
    BY_HAND = "by hand"
    """the agency raised it"""


class Reason(Struct, frozen=True):
    """rule with its figures, in points: score of the node it names, rank among the listed ones (from the
    lowest), fall since last year; node: one above the questions, where the rule is about one; words: a person's."""

    rule: Rule
    score: Decimal | None = None
    rank: int | None = None
    fall: Decimal | None = None
    node: str = ""
    words: str = ""


class Issue(Struct, frozen=True):
    """What must be mended. code: a question, or a node above where its questions are not all known."""

    code: str
    instrument: str
    reasons: tuple[Reason, ...]


class Advice(Struct):
    """Collects reasons; `issues` puts them in the order of the structure."""

    tree: Tree
    rules: Rules
    choices: Mapping[str, Choice]
    found: dict[str, list[Reason]] = field(default_factory=dict)

    def add(self, code: str, reason: Reason) -> None:
        """Note a reason, unless a person decided that this is no issue."""
        if self.choices.get(code, Choice()).raised is not Raise.NO:
            self.found.setdefault(code, []).append(reason)

    def has(self, code: str, rule: Rule) -> bool:
        """Whether a rule has raised a code."""
        return any(reason.rule is rule for reason in self.found.get(code, ()))

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
    for selection in selections.values():
        _weak(advice, selection)
    _missing(advice, now)
    _below_threshold(advice, now)
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
    """Open-data items without their full score; a node above them where they do not account for what it lacks."""
    tree = advice.tree
    for code in _short(tree, now, advice.rules.full):
        if tree.instrument_of(code) != OPEN_DATA:
            continue
        below = tree.below(code, Kind.QUESTION)
        items = [item for item in below if item not in now and not advice.has(item, Rule.MISSING)]
        if now[code] or not items:
            advice.add(code, Reason(Rule.MISSING, now[code]))
        for item in items if not now[code] else ():
            # Nothing of the node counted, so each item of it is missing for certain.
            advice.add(item, Reason(Rule.MISSING, Decimal(0), node=code))


def _below_threshold(advice: Advice, now: Mapping[str, Decimal]) -> None:
    """An indicator or instrument below the threshold for which its parts do not account. Its lowest question is
    raised where all of them are known, else itself."""
    tree = advice.tree
    for code in _short(tree, now, advice.rules.weak_below):
        if tree[code].kind not in (Kind.INDICATOR, Kind.INSTRUMENT):
            continue
        questions = tree.below(code, Kind.QUESTION)
        complete = bool(questions) and all(question in now for question in questions)
        raised = min(questions, key=lambda question: now[question]) if complete else code
        advice.add(raised, Reason(Rule.INDICATOR, now[code], node=code))


_ROUNDING = Fraction(2, 100)
"""What rounded scores may hide: far less than any item costs."""


def _short(tree: Tree, now: Mapping[str, Decimal], limit: Decimal) -> Iterator[str]:
    """The nodes below a limit for which what lies below them does not account, parts before the whole."""
    told: dict[str, Fraction] = {}
    for code in (*tree.unplaced, *tree.bottom_up):
        parts = (part for part in tree.children(code) if told[part])
        told[code] = sum((tree.shares[part] * told[part] for part in parts), Fraction(0))
        if (short := limit - now.get(code, limit)) <= 0:
            continue
        lacks = Fraction(short)
        if lacks > told[code] + (_ROUNDING if told[code] else 0) and code != TOTAL:
            told[code] = lacks
            yield code


def _fallen(advice: Advice, now: Mapping[str, Decimal], then: Mapping[str, Decimal]) -> None:
    """What lost too much since last year, at the deepest level known in both years."""
    tree = advice.tree
    both = now.keys() & then.keys() - {TOTAL}
    told: set[str] = set()
    for code in tree.bottom_up:
        parts = tree.children(code)
        if not told.isdisjoint(parts):
            told.add(code)
        elif code in both and not (parts and both.issuperset(parts)):
            fall = then[code] - now[code]
            if fall > advice.rules.fell_by:
                advice.add(code, Reason(Rule.FELL, now[code], fall=fall))
                told.add(code)
