"""สรุปผล: total, level and what it means, ranking, years side by side, changes and their causes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.compare import HELD, REST, STRUCTURE, Change
from ita_xl.domain.levels import Level
from ita_xl.domain.numbers import rounded, show
from ita_xl.domain.paths import NextLevel
from ita_xl.domain.ranking import Ranked
from ita_xl.domain.scoring import Source
from ita_xl.domain.thai import onto, within
from ita_xl.domain.tree import INSTRUMENTS, TOTAL, Kind
from ita_xl.layout import MOST_CAUSES
from ita_xl.layout.keys import KPI_KEYS
from ita_xl.layout.labels import called, shown_code
from ita_xl.views.content import (
    Content,
    Values,
    agency_line,
    agency_name,
    cell,
    joined,
    level,
    moved,
    ranges,
    year_scores,
)

_CAUSES_NAMED = 3
_ITEMS_NAMED = 4
_UNNAMED = {
    HELD: "words.held_difference",
    STRUCTURE: "words.structure_change",
    REST: "words.unknown_parts",
}
"""Contributions that belong to no single node."""


def summary(outcome: Outcome) -> Content:
    last = next((c for c in outcome.changes if c.since == outcome.year - 1), None)
    causes = _causes(outcome, last) if last and not last.only_total and last.moved else []
    return Content(
        fields={
            "agency": agency_line(outcome),
            "headline": _headline(outcome),
            "meaning": _meaning(outcome),
            "kpi_total": cell(outcome.points(outcome.year, TOTAL)),
            "kpi_level": outcome.level_name or say("words.unknown"),
            **{KPI_KEYS[i]: cell(outcome.points(outcome.year, i)) for i in INSTRUMENTS},
            "kpi_change": cell(last.shown) if last else None,
            "causes_sentence": _causes_sentence(outcome, last),
        },
        blocks={
            "instruments": _instruments(outcome),
            "ranking": _ranking(outcome),
            "indicators": _indicators(outcome),
            "changes": _changes(outcome),
            "causes": causes,
            "bars": [_bar(row) if row else {} for row in causes[: MOST_CAUSES + 1]],
        },
    )


def _headline(outcome: Outcome) -> str:
    total = outcome.points(outcome.year, TOTAL)
    if total is None:
        return say("summary.headline_unknown", year=outcome.year)
    known = say(
        "summary.headline", agency=within(agency_name(outcome)), year=outcome.year, total=show(total)
    ).strip()
    name = outcome.level_name
    return known + (say("summary.headline_level", level=level(name)) if name else say("summary.headline_no_level"))


def _meaning(outcome: Outcome) -> str:
    """Which level of how many, what the next one asks, and the two ends of the ranking."""
    parts = []
    levels = outcome.inputs.levels
    if reached := outcome.level:
        place, name = levels.index(reached) + 1, level(reached.name)
        if place == 1:
            parts.append(say("summary.meaning_top", level=name, of=len(levels), asks=_asks(reached)))
        else:
            parts.append(say("summary.meaning_place", level=name, place=place, of=len(levels)))
    if outcome.next_level:
        parts.append(next_level_sentence(outcome.next_level))
    if len(outcome.ranking) > 1:
        parts.append(_ends(outcome, outcome.ranking))
    return " ".join(parts)


def _ends(outcome: Outcome, ranking: Sequence[Ranked]) -> str:
    """Which indicators stand highest and lowest among the known ones, each with all that share its score."""
    best, worst = ([one for one in ranking if one.score == ranking[end].score] for end in (0, -1))
    if len(best) == len(ranking):
        return say("summary.meaning_level", number=len(best), score=show(best[0].score))
    some = len(ranking) < len(outcome.tree.codes(Kind.INDICATOR))
    of = say("summary.meaning_known", known=len(ranking)) if some else ""
    return say("summary.meaning_ends", of=of, best=_scored(outcome, best), worst=_scored(outcome, worst))


def _scored(outcome: Outcome, sharing: Sequence[Ranked]) -> str:
    """Indicators that share a score, by name."""
    names = joined([called(outcome.tree, one.code) for one in sharing])
    score = show(sharing[0].score)
    if len(sharing) == 1:
        return say("words.with_score", name=names, score=score)
    return say("summary.with_same_score", names=names, score=score)


def next_level_sentence(following: NextLevel) -> str:
    """What the next level asks, and how far it is."""
    key = "summary.meaning_next" if following.gap else "summary.meaning_next_condition"
    return say(key, next=onto(following.level.name), asks=_asks(following.level), gap=show(following.gap))


def _asks(wanted: Level) -> str:
    """What a level asks, in words."""
    asks = say("summary.asks_total", least=f"{wanted.min_total:f}")
    alike: dict[Decimal, list[str]] = {}
    for code, least in wanted.minimums.items():
        alike.setdefault(least, []).append(code)
    each = [say("summary.asks_node", codes=joined(codes), least=f"{least:f}") for least, codes in alike.items()]
    return asks + (say("summary.asks_also", each=joined(each)) if each else "")


def _instruments(outcome: Outcome) -> list[Values]:
    """Each instrument's score, weight and part of the total; what a decision and rounding add; the total."""
    tree, total = outcome.tree, outcome.scores[TOTAL]
    rows: list[Values] = []
    parts = Decimal(0)
    for number, code in enumerate(tree.children(TOTAL), 1):
        score, share = outcome.scores[code], tree.shares[code]
        weighted = None if score.exact is None else rounded(score.exact * share)
        parts += weighted or 0
        rows.append(
            {
                "no": number,
                "code": code,
                "name": tree[code].name,
                "score": cell(score.points),
                "weight": float(share * 100),
                "weighted": cell(weighted),
            }
        )
    held = rounded(total.gap) if total.source is Source.HELD else Decimal(0)
    left = (total.points - parts - held) if total.points is not None and total.computed is not None else Decimal(0)
    for words, points in (("held_difference", held), ("rounding", left)):
        if points:
            rows.append({"name": say(f"words.{words}"), "weighted": cell(points)})
    rows.append(
        {
            "code": shown_code(TOTAL),
            "name": say("words.total"),
            "score": cell(total.points),
            "weight": 100,
            "weighted": cell(total.points),
        }
    )
    return rows


def _ranking(outcome: Outcome) -> list[Values]:
    return [
        {
            "rank": ranked.rank,
            "code": ranked.code,
            "name": outcome.tree[ranked.code].name,
            "score": cell(ranked.score),
        }
        for ranked in outcome.ranking
    ]


def _indicators(outcome: Outcome) -> list[Values]:
    codes = outcome.tree.codes(Kind.INDICATOR)
    return [
        {"no": number, "code": code, "name": outcome.tree[code].name, **year_scores(outcome, code)}
        for number, code in enumerate(codes, 1)
    ]


def _changes(outcome: Outcome) -> list[Values]:
    """Every pair of known years: this year against each earlier one, then the two earlier ones."""
    pairs = list(outcome.changes)
    year = outcome.year
    if year - 1 in outcome.years and year - 2 in outcome.years:
        earlier = outcome.change_between(year - 2, year - 1)
        pairs += [earlier] if earlier else []
    return [
        {
            "no": number,
            "span": say("summary.span", since=change.since, until=change.until),
            "explanation": _explanation(outcome, change),
            "from_total": cell(outcome.points(change.since, TOTAL)),
            "to_total": cell(outcome.points(change.until, TOTAL)),
            "change": cell(change.shown),
            "from_level": outcome.level_in(change.since),
            "to_level": outcome.level_in(change.until),
        }
        for number, change in enumerate(pairs, 1)
    ]


def _explanation(outcome: Outcome, change: Change) -> str:
    """A first draft of the reason, from the largest contributions; the clerk edits it."""
    if change.only_total:
        return _moved(change) + say("summary.only_total")
    largest = [c for c in change.largest_first if rounded(c.points)][:_CAUSES_NAMED]
    if not largest:
        return _moved(change)
    return _moved(change) + say("summary.mainly", parts=joined([_part(outcome, c.code, c.points) for c in largest]))


def _moved(change: Change) -> str:
    """Whether the total rose or fell, and by how much."""
    way = "rose" if change.shown > 0 else "fell" if change.shown < 0 else "same"
    return say(f"summary.{way}", points=show(abs(change.shown)), since=change.since, until=change.until)


def _part(outcome: Outcome, code: str, points: Fraction) -> str:
    name = say(_UNNAMED[code]) if code in _UNNAMED else called(outcome.tree, code)
    return say("summary.with_effect", name=name, change=moved(points))


def _causes_sentence(outcome: Outcome, change: Change | None) -> str:
    if change is None:
        this = outcome.points(outcome.year, TOTAL) is None
        return say("summary.causes_none", year=outcome.year if this else outcome.year - 1)
    if change.only_total:
        return _moved(change) + say("summary.only_total")
    if not change.moved:
        return say("summary.causes_same", year=change.since)
    return say("summary.causes", moved=_moved(change)) + _certain(outcome, change)


def _certain(outcome: Outcome, change: Change) -> str:
    """What is certain about single items although only their sum is known."""
    return "".join(
        say(
            "summary.nothing_scored",
            year=change.since,
            node=called(outcome.tree, code),
            codes=joined(items) if len(items) <= _ITEMS_NAMED else ranges(items),
        )
        for code, items in outcome.nothing_scored(change).items()
    )


def _causes(outcome: Outcome, change: Change) -> list[Values]:
    """The largest contributions, the rest in one line, what rounding leaves, and the sum, each at its own row."""
    top, rest = change.moved[:MOST_CAUSES], change.moved[MOST_CAUSES:]
    rows: list[Values] = []
    for number, part in enumerate(top, 1):
        known = part.code not in _UNNAMED
        rows.append(
            {
                "no": number,
                "code": part.code if known else None,
                "name": outcome.tree[part.code].name if known else say(_UNNAMED[part.code]),
                "before": cell(outcome.points(change.since, part.code)) if known else None,
                "after": cell(outcome.points(change.until, part.code)) if known else None,
                "change": cell(part.score_change) if known else None,
                "effect": cell(part.points),
            }
        )
    rows += [{}] * (MOST_CAUSES - len(rows))
    others = sum((part.points for part in rest), Fraction(0))
    rows.append({"name": say("summary.rest", number=len(rest)), "effect": cell(others)} if rest else {})
    listed = sum((Decimal(str(row["effect"])) for row in rows if row), Decimal(0))
    left = change.shown - listed
    rows.append({"name": say("words.rounding"), "effect": cell(left)} if left else {})
    rows.append(
        {
            "code": shown_code(TOTAL),
            "name": say("words.total"),
            "before": cell(outcome.points(change.since, TOTAL)),
            "after": cell(outcome.points(change.until, TOTAL)),
            "change": cell(change.shown),
            "effect": cell(change.shown),
        }
    )
    return rows


def _bar(row: Values) -> Values:
    """A cause as the chart plots it: what adds to the total and what takes from it, each in its own colour."""
    effect = row["effect"]
    assert isinstance(effect, float)
    code = f"{row['code']} " if row.get("code") else ""
    return {"bar": f"{code}{row['name']}", "up" if effect >= 0 else "down": effect}
