"""สรุปผล: total, level and what it means, ranking, years side by side, changes and their causes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.compare import HELD, REST, STRUCTURE, Change
from ita_xl.domain.levels import Level
from ita_xl.domain.numbers import rounded, show, show_change
from ita_xl.domain.paths import NextLevel
from ita_xl.domain.scoring import Source
from ita_xl.domain.tree import INSTRUMENTS, TOTAL, Kind
from ita_xl.layout import MOST_CAUSES
from ita_xl.layout.keys import KPI_KEYS
from ita_xl.layout.labels import named, shown_code
from ita_xl.views.content import Content, Values, agency_line, cell, joined, ranges, year_scores

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
    agency = outcome.inputs.about.get("agency") or say("words.agency")
    known = say("summary.headline", agency=agency, year=outcome.year, total=show(total))
    level = outcome.level_name
    return known + (say("summary.headline_level", level=level) if level else say("summary.headline_no_level"))


def _meaning(outcome: Outcome) -> str:
    """Which level of how many, what the next one asks, and the two ends of the ranking."""
    parts = []
    levels = outcome.inputs.levels
    if level := outcome.level:
        place = levels.index(level) + 1
        if place == 1:
            parts.append(say("summary.meaning_top", level=level.name, of=len(levels), asks=_asks(level)))
        else:
            parts.append(say("summary.meaning_place", level=level.name, place=place, of=len(levels)))
    if outcome.next_level:
        parts.append(next_level_sentence(outcome.next_level))
    if outcome.ranking:
        highest, lowest = outcome.ranking[0], outcome.ranking[-1]
        parts.append(
            say(
                "summary.meaning_ends",
                best=say("summary.with_score", name=named(outcome.tree, highest.code), score=show(highest.score)),
                worst=say("summary.with_score", name=named(outcome.tree, lowest.code), score=show(lowest.score)),
            )
        )
    return " ".join(parts)


def next_level_sentence(following: NextLevel) -> str:
    """What the next level asks, and how far it is."""
    key = "summary.meaning_next" if following.gap else "summary.meaning_next_condition"
    return say(key, next=following.level.name, asks=_asks(following.level), gap=show(following.gap))


def _asks(level: Level) -> str:
    """What a level asks, in words."""
    asks = say("summary.asks_total", least=f"{level.min_total:f}")
    if level.minimums:
        each = joined([say("summary.asks_node", code=c, least=f"{m:f}") for c, m in level.minimums.items()])
        asks += say("summary.asks_also", each=each)
    return asks


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
                "computed": cell(score.computed),
                "source": say(f"sources.{score.source.value}"),
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
            "computed": cell(total.computed),
            "source": say(f"sources.{total.source.value}"),
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
            "computed": cell(outcome.scores[ranked.code].computed),
            "source": say(f"sources.{outcome.scores[ranked.code].source.value}"),
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
    direction = "rose" if change.shown > 0 else "fell" if change.shown < 0 else "same"
    moved = say(f"summary.{direction}", points=show(abs(change.shown)), year=change.since)
    if change.only_total:
        return moved + say("summary.only_total")
    largest = [c for c in change.largest_first if rounded(c.points)][:_CAUSES_NAMED]
    if not largest:
        return moved
    mainly = say("summary.mainly", parts=joined([_part(outcome, c.code, c.points) for c in largest]))
    return moved + mainly + _certain(outcome, change, only=largest[0].code)


def _part(outcome: Outcome, code: str, points: Fraction) -> str:
    name = say(_UNNAMED[code]) if code in _UNNAMED else named(outcome.tree, code)
    return say("summary.with_effect", name=name, points=show_change(points))


def _causes_sentence(outcome: Outcome, change: Change | None) -> str:
    if change is None:
        return say("summary.causes_none", year=outcome.year - 1)
    if change.only_total:
        return say("summary.causes_only_total", year=change.since)
    if not change.moved:
        return say("summary.causes_same", year=change.since)
    sentence = say("summary.causes", since=change.since, until=change.until, points=show_change(change.shown))
    return sentence + _certain(outcome, change)


def _certain(outcome: Outcome, change: Change, only: str = "") -> str:
    """What is certain about single items although only their sum is known. only: a part of the change."""
    return "".join(
        say(
            "summary.nothing_scored",
            year=change.since,
            node=named(outcome.tree, code),
            items=len(items),
            codes=joined(items) if len(items) <= _ITEMS_NAMED else ranges(items),
        )
        for code, items in outcome.nothing_scored(change).items()
        if not only or code == only
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
