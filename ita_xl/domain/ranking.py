"""Ranks and the two lists that an agency must publish: what to mend urgently, what to develop further.

The thresholds and counts are the agency's own choice (no rule prescribes them), so they are `Rules`;
the defaults are those of the reference report. Ranks are judged on scores rounded to two decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class Raise(StrEnum):
    """A person's word on whether a question is an issue; it overrides the rule."""

    AUTO = "auto"
    YES = "raise"
    NO = "do not raise"


class Choice(Struct, frozen=True):
    """What the clerk decided about one question, and why."""

    raised: Raise = Raise.AUTO
    reason: str = ""


class Rules(Struct, frozen=True):
    """Options of the workbook. Points 0-100; counts are numbers of ranks or questions."""

    weak_below: Decimal = Decimal(85)
    full: Decimal = Decimal(100)
    urgent_ranks: int = 3
    best_count: int = 3
    lowest_if_none_weak: bool = True
    fell_by: Decimal = Decimal(5)
    """a fall since last year that is larger makes an issue"""


class Ranked(Struct, frozen=True):
    """A question in a list. by_hand: it stands here because a person raised it."""

    code: str
    score: Decimal
    rank: int
    by_hand: bool = False
    reason: str = ""


class Selection(Struct, frozen=True):
    """The lists of one instrument.

    weak: every question below the threshold, lowest first. urgent: the published list. lowest_instead:
    no question is below the threshold, so urgent holds the lowest ones of all. tied: questions left out
    of best although they score the same as its last one. dropped: left out by a person.
    """

    weak: tuple[Ranked, ...] = ()
    urgent: tuple[Ranked, ...] = ()
    lowest_instead: bool = False
    best: tuple[Ranked, ...] = ()
    tied: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def select(scores: Mapping[str, Decimal], rules: Rules, choices: Mapping[str, Choice] | None = None) -> Selection:
    """Both lists from an instrument's known scores, given in question order."""
    chosen = {code: (choices or {}).get(code, Choice()) for code in scores}
    weak = [code for code, score in scores.items() if score < rules.weak_below]
    below_full = [code for code, score in scores.items() if score < rules.full]
    lowest_instead = not weak and rules.lowest_if_none_weak
    candidates = below_full if lowest_instead else weak
    by_rule = {r.code for r in dense_ranks(candidates, scores) if r.rank <= rules.urgent_ranks}
    raised = {code for code in scores if chosen[code].raised is Raise.YES}
    dropped = tuple(code for code in scores if code in by_rule and chosen[code].raised is Raise.NO)
    urgent = [code for code in scores if code in (by_rule - set(dropped)) | raised]
    best, tied = _best(below_full, scores, rules.best_count)
    return Selection(
        weak=dense_ranks(weak, scores),
        urgent=tuple(
            Ranked(r.code, r.score, r.rank, r.code not in by_rule, chosen[r.code].reason)
            for r in dense_ranks(urgent, scores)
        ),
        lowest_instead=lowest_instead and bool(by_rule),
        best=best,
        tied=tied,
        dropped=dropped,
    )


def _best(
    codes: Sequence[str], scores: Mapping[str, Decimal], count: int
) -> tuple[tuple[Ranked, ...], tuple[str, ...]]:
    """So many of the highest scores, and the codes that have the last one's score and find no place."""
    ranked = highest_first(codes, scores)
    best, rest = ranked[:count], ranked[count:]
    return best, tuple(entry.code for entry in rest if best and entry.score == best[-1].score)


def dense_ranks(codes: Iterable[str], scores: Mapping[str, Decimal]) -> tuple[Ranked, ...]:
    """Lowest first; equal scores share a rank and the next one follows without a gap (1, 2, 3, 3, 4)."""
    ordered = sorted(codes, key=lambda code: scores[code])
    ranked: list[Ranked] = []
    for code in ordered:
        same = bool(ranked) and ranked[-1].score == scores[code]
        rank = (ranked[-1].rank if ranked else 0) + (not same)
        ranked.append(Ranked(code, scores[code], rank))
    return tuple(ranked)


def highest_first(codes: Sequence[str], scores: Mapping[str, Decimal]) -> tuple[Ranked, ...]:
    """Consecutive ranks from the highest score; equal scores keep the order in which they were given."""
    ordered = sorted(codes, key=lambda code: -scores[code])
    return tuple(Ranked(code, scores[code], rank) for rank, code in enumerate(ordered, 1))
