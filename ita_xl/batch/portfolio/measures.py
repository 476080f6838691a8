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
from typing import TYPE_CHECKING, Any

from ita_xl.batch.portfolio import frames
from ita_xl.batch.portfolio.agencies import thai_order
from ita_xl.batch.portfolio.frames import plain, ratio
from ita_xl.batch.portfolio.standing import by_office, day_said, of_record, standing
from ita_xl.batch.record import Record
from ita_xl.domain.effect import Progress
from ita_xl.domain.numbers import rounded
from ita_xl.domain.thai import folded

if TYPE_CHECKING:
    import pandas as pd

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


def standings(records: Sequence[Record], on: dt.date) -> pd.DataFrame:
    """A row per record, in their order: how the steps of its plan stand on a day."""
    import pandas as pd

    found = [of_record(record, on) for record in records]
    return pd.DataFrame(
        {
            name: pd.Series([getattr(one, key) if one else None for one in found], dtype="Int64")
            for name, key in COUNTED.items()
        }
    )


def plans(facts: pd.DataFrame, records: Sequence[Record], whole: str, not_given: str) -> pd.DataFrame:
    """Newest year first, a row for the whole year and one for each province: agencies (count), those with measures
    (planned), without (unplanned) and of an unknown plan, and how the known ones stand. facts: with `standings`,
    of the records. whole, not_given: what the whole and an unknown province are called."""
    import pandas as pd

    parts = []
    numbers = [None if record.plan is None else len(record.plan) for record in records]
    facts = facts.assign(measures=pd.Series(numbers, facts.index, dtype="Int64"))
    for year in facts["year"].drop_duplicates():
        here = facts[facts["year"] == year]
        places = here["province"].where(here["province"] != "", not_given)
        parts.append(_sums(here, pd.Series(whole, index=here.index)))
        if (here["province"] != "").any():
            of_each = _sums(here, places)
            order = sorted(of_each.index, key=lambda at: thai_order(of_each["province"][at]))
            parts.append(of_each.loc[order])
    columns = [*("year", "province", "count", "planned", "unplanned", "plan_unknown", "measures"), *COUNTED]
    columns += ["late_count", "done_share"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _sums(facts: pd.DataFrame, groups: pd.Series[str]) -> pd.DataFrame:
    known = facts["measures"].notna()
    has = facts["measures"].gt(0).fillna(value=False)
    marks = facts[["year", "measures", *COUNTED]].assign(
        planned=has.astype("Int64"),
        unplanned=(known & ~has).astype("Int64"),
        plan_unknown=(~known).astype("Int64"),
        late_count=facts["plan_overdue"].gt(0).astype("Int64"),
    )
    grouped = marks.groupby(groups, sort=False)
    found = grouped.sum(min_count=1)
    found["count"] = grouped.size()
    found["year"], found["days_late"] = grouped["year"].first(), grouped["days_late"].max()
    found["done_share"] = share(found["plan_done"], found["plan_steps"])
    found.index.name = "province"
    return found.reset_index()


def share(part: pd.Series[Any], of: pd.Series[Any]) -> pd.Series[float]:
    """Per cent; missing where there is nothing to divide by."""
    return ratio(part.astype("float64") * 100, of.astype("float64"))


@dataclass(slots=True)
class _Theme:
    agencies: int = 0
    steps: int = 0
    done: int = 0
    overdue: int = 0


def themes(records: Sequence[Record], on: dt.date) -> pd.DataFrame:
    """By year, newest first, and indicator, the lowest mean first: agencies with a measure for it (plan_count) of
    those whose plan is known (plan_known), and how the steps of these measures stand. A measure for several
    indicators counts for each."""
    import pandas as pd

    parts = []
    for year, members in frames.by_year(records).items():
        found: dict[str, _Theme] = defaultdict(_Theme)
        for record in members:
            _add_themes(found, record, on)
        scores = frames.scores(members, "indicators").dropna(axis="columns", how="all")
        codes = [*scores.columns, *sorted(found.keys() - set(scores.columns))]
        names = frames.names(year, codes)
        mean = ratio((scores * 100).round().sum(), scores.count() * 100).reindex(codes)
        rows = [(f"{code} {plain(names[code])}".strip(), found[code]) for code in codes]
        part = pd.DataFrame(
            {
                "year": year,
                "indicator": [name for name, _ in rows],
                "mean": mean.to_list(),
                "plan_count": [theme.agencies for _, theme in rows],
                "plan_known": sum(record.plan is not None for record in members),
                "plan_steps": [theme.steps for _, theme in rows],
                "plan_done": [theme.done for _, theme in rows],
                "plan_overdue": [theme.overdue for _, theme in rows],
            }
        )
        part["plan_share"] = share(part["plan_count"], part["plan_known"])
        part["done_share"] = share(part["plan_done"], part["plan_steps"])
        parts.append(part.sort_values("mean", kind="stable"))
    columns = ["year", "indicator", "mean", "plan_count", "plan_known", "plan_share"]
    columns += ["plan_steps", "plan_done", "done_share", "plan_overdue"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


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


def late(facts: pd.DataFrame) -> pd.DataFrame:
    """The agencies with steps that are overdue, in each year the longest overdue first. facts: with `standings`."""
    found = facts[facts["plan_overdue"].gt(0).fillna(value=False)]
    found = found.assign(done_share=share(found["plan_done"], found["plan_steps"]))
    order = ["year", "days_late", "plan_overdue"]
    return found.sort_values(order, ascending=False, kind="stable")


def overdue(
    facts: pd.DataFrame, records: Sequence[Record], on: dt.date, lang: str, most: int
) -> tuple[pd.DataFrame, bool]:
    """Measures with steps that are overdue, a row for each of their offices: agencies in the order of `late`, in
    each the longest overdue first; and whether there are more than most of them, which are left out. facts: with
    `standings`, of the records."""
    import pandas as pd

    order = late(facts).index
    about = facts.loc[order, ["year", "province", "district", "agency"]].itertuples(index=False, name=None)
    rows: list[tuple[Any, ...]] = []
    for at, who in zip(order, about, strict=True):
        if len(rows) > most:
            break
        of_it = [one for one in by_office(records[at], on) if one[2].overdue]
        for measure, office, stands in sorted(of_it, key=lambda one: -one[2].late):
            due = day_said(stands.oldest, lang) if stands.oldest else ""
            numbers = stands.late, stands.overdue, stands.steps, stands.due, stands.done, stands.unheard
            rows.append((*who, plain(measure), plain(office), due, *numbers))
    columns = ["year", "province", "district", "agency", "measure", "office", "oldest", "days_late"]
    columns += ["plan_overdue", "plan_steps", "plan_due", "plan_done", "plan_unheard"]
    return pd.DataFrame(rows[:most], columns=columns), len(rows) > most


@dataclass(slots=True)
class _Named:
    """Measures of one name. moves: of those carried out, in hundredths of a point; others: of the rest."""

    name: str
    agencies: set[int] = field(default_factory=set)
    carried: int = 0
    moves: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)


def worked(records: Sequence[Record], not_given: str) -> pd.DataFrame:
    """Last year's measures by name, newest year and most agencies first: how many were carried out, wholly or in
    part (carried), in how many of these the scores of their codes rose, stayed, fell or cannot be compared, and the
    median of the movement in points: of these (median_moved), and of those not reported as carried out
    (median_others). Names are one where they differ only in spaces, case or kind of digits."""
    import pandas as pd

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
    return pd.DataFrame(rows, columns=[*columns, "median_moved", "median_others"])


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
