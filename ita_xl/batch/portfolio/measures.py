"""Tables on measures over many agencies: plans and how far they got, who is late, what became of last year's.

Numbers are counts, shares are per cent with two decimals, half up; what is not known is missing, never 0.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ita_xl.batch.portfolio import frames
from ita_xl.batch.portfolio.agencies import thai_order
from ita_xl.batch.portfolio.frames import mean, plain, ratio
from ita_xl.batch.portfolio.standing import by_office, day_said, of_record, standing
from ita_xl.batch.portfolio.tables import Table, grouped, joined, of_rows, picked
from ita_xl.batch.record import Record
from ita_xl.domain.effect import Progress
from ita_xl.domain.numbers import rounded
from ita_xl.domain.thai import folded

COUNTED = {
    "plan_steps": "steps",
    "plan_due": "due",
    "plan_done": "done",
    "plan_overdue": "overdue",
    "plan_unheard": "unheard",
    "plan_no_day": "no_day",
    "days_late": "late",
}
"""Columns of `standings`, and what of a standing each says."""

_CARRIED_OUT = (Progress.DONE, Progress.PARTLY)


def standings(records: Sequence[Record], on: dt.date) -> Table:
    """A row per record, in their order: how the steps of its plan stand on a day."""
    found = [of_record(record, on) for record in records]
    return {name: [getattr(one, key) if one else None for one in found] for name, key in COUNTED.items()}


def plans(facts: Table, records: Sequence[Record], whole: str, not_given: str) -> Table:
    """Newest year first, a row for the whole year and one for each province: agencies (count), those with measures
    (planned), without (unplanned) and of an unknown plan, and how the known ones stand. facts: with `standings`,
    of the records. whole, not_given: what the whole and an unknown province are called."""
    numbers = [None if record.plan is None else len(record.plan) for record in records]
    facts = facts | {"measures": numbers}
    columns = [*("year", "province", "count", "planned", "unplanned", "plan_unknown", "measures"), *COUNTED]
    found: Table = {name: [] for name in [*columns, "late_count", "done_share"]}
    for year, here in grouped(facts["year"]).items():
        joined(found, [(year, whole, *_sums(facts, here))])
        provinces = [facts["province"][at] for at in here]
        if any(provinces):
            places = grouped(name or not_given for name in provinces)
            for name in sorted(places, key=thai_order):
                joined(found, [(year, name, *_sums(facts, [here[at] for at in places[name]]))])
    return found


def _sums(facts: Table, rows: Sequence[int]) -> list[int | float | None]:
    """Of some agencies all that follows their name in `plans`."""
    known = {name: [n for at in rows if (n := facts[name][at]) is not None] for name in ("measures", *COUNTED)}
    planned = sum(number > 0 for number in known["measures"])
    summed = {name: sum(numbers) if numbers else None for name, numbers in known.items()}
    summed["days_late"] = max(known["days_late"], default=None)
    late = sum(number > 0 for number in known["plan_overdue"]) if known["plan_overdue"] else None
    unplanned, unknown = len(known["measures"]) - planned, len(rows) - len(known["measures"])
    done_share = share(summed["plan_done"], summed["plan_steps"])
    return [len(rows), planned, unplanned, unknown, *summed.values(), late, done_share]


def share(part: int | None, of: int | None) -> float | None:
    """Per cent; None where there is nothing to divide by."""
    return None if part is None or of is None else ratio(part * 100, of)


@dataclass(slots=True)
class _Theme:
    agencies: int = 0
    steps: int = 0
    done: int = 0
    overdue: int = 0


def themes(records: Sequence[Record], on: dt.date) -> Table:
    """By year, newest first, and indicator, the lowest mean first: agencies with a measure for it (plan_count) of
    those whose plan is known (plan_known), and how the steps of these measures stand. A measure for several
    indicators counts for each."""
    columns = ["year", "indicator", "mean", "plan_count", "plan_known", "plan_share"]
    table: Table = {name: [] for name in [*columns, "plan_steps", "plan_done", "done_share", "plan_overdue"]}
    for year, members in frames.by_year(records).items():
        found: dict[str, _Theme] = defaultdict(_Theme)
        for record in members:
            _add_themes(found, record, on)
        means = {code: mean(points) for code, points in frames.scores(members, "indicators").items()}
        means = {code: points for code, points in means.items() if points is not None}
        codes = [*sorted(means, key=lambda code: means[code] or 0), *sorted(found.keys() - means.keys())]
        names = frames.names(year, codes)
        plans = sum(record.plan is not None for record in members)
        for code in codes:
            about, theme = f"{code} {plain(names[code])}".strip(), found[code]
            count = theme.agencies, plans, share(theme.agencies, plans)
            steps = theme.steps, theme.done, share(theme.done, theme.steps), theme.overdue
            joined(table, [(year, about, means.get(code), *count, *steps)])
    return table


def _add_themes(found: dict[str, _Theme], record: Record, on: dt.date) -> None:
    seen = set()
    for measure in record.plan or ():
        counted = standing(measure["tasks"], on)
        for code in measure["indicators"]:
            theme = found[code]
            theme.steps += counted.steps
            theme.done += counted.done
            theme.overdue += counted.overdue
            seen.add(code)
    for code in seen:
        found[code].agencies += 1


def late(facts: Table) -> Table:
    """The agencies with steps that are overdue, in each year the longest overdue first. facts: with `standings`."""
    found = picked(facts, _late(facts))
    return found | {"done_share": list(map(share, found["plan_done"], found["plan_steps"]))}


def _late(facts: Table) -> list[int]:
    """The places of their rows."""
    years, days, steps = facts["year"], facts["days_late"], facts["plan_overdue"]
    rows = [at for at, number in enumerate(steps) if number]
    return sorted(rows, key=lambda at: (-years[at], -days[at], -steps[at]))


def overdue(facts: Table, records: Sequence[Record], on: dt.date, lang: str, most: int) -> tuple[Table, bool]:
    """Measures with steps that are overdue, a row for each of their offices: agencies in the order of `late`, in
    each the longest overdue first; and whether there are more than most of them, which are left out. facts: with
    `standings`, of the records."""
    rows: list[tuple[Any, ...]] = []
    for at in _late(facts):
        if len(rows) > most:
            break
        who = [facts[name][at] for name in ("year", "province", "district", "agency")]
        of_it = [one for one in by_office(records[at], on) if one[2].overdue]
        for measure, office, stands in sorted(of_it, key=lambda one: -one[2].late):
            due = day_said(stands.oldest, lang) if stands.oldest else ""
            numbers = stands.late, stands.overdue, stands.steps, stands.due, stands.done, stands.unheard
            rows.append((*who, plain(measure), plain(office), due, *numbers))
    columns = ["year", "province", "district", "agency", "measure", "office", "oldest", "days_late"]
    columns += ["plan_overdue", "plan_steps", "plan_due", "plan_done", "plan_unheard"]
    return of_rows(columns, rows[:most]), len(rows) > most


@dataclass(slots=True)
class _Named:
    """Measures of one name. moves: of those carried out, in hundredths of a point; others: of the rest."""

    name: str
    agencies: set[int] = field(default_factory=set)
    carried: int = 0
    moves: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)


def worked(records: Sequence[Record], not_given: str) -> Table:
    """Last year's measures by name, newest year and most agencies first: how many were carried out, wholly or in
    part (carried), in how many of these the scores of their codes rose, stayed, fell or cannot be compared, and the
    median of the movement in points: of these (median_moved), and of those not reported as carried out
    (median_others). Names are one where they differ only in spaces, case or kind of digits."""
    rows = []
    for year, members in frames.by_year(records).items():
        found: dict[str, _Named] = {}
        for number, record in enumerate(members):
            for measure in record.last or ():
                named = found.setdefault(folded(measure["name"]), _Named(plain(measure["name"]) or not_given))
                named.agencies.add(number)
                _add_move(named, measure)
        order = sorted(found.values(), key=lambda one: (-len(one.agencies), -one.carried, thai_order(one.name)))
        rows += [(year, *_moves(one)) for one in order]
    columns = ["year", "measure", "agencies", "carried", "rose", "same", "fell", "incomparable"]
    return of_rows([*columns, "median_moved", "median_others"], rows)


def _add_move(named: _Named, measure: Mapping[str, Any]) -> None:
    before, after = measure["before"], measure["after"]
    carried = measure["progress"] in _CARRIED_OUT
    named.carried += carried
    if before is not None and after is not None:
        (named.moves if carried else named.others).append(round(after * 100) - round(before * 100))


def _moves(named: _Named) -> tuple[Any, ...]:
    ways = Counter((move > 0) - (move < 0) for move in named.moves)
    unknown = named.carried - len(named.moves)
    medians = _median(named.moves), _median(named.others)
    return named.name, len(named.agencies), named.carried, ways[1], ways[0], ways[-1], unknown, *medians


def _median(hundredths: Sequence[int]) -> float | None:
    return float(rounded(Fraction(statistics.median(hundredths)) / 100)) if hundredths else None
