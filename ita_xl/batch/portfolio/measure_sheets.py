"""What the sheets on measures say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ita_xl.batch.portfolio import measures
from ita_xl.batch.portfolio.standing import day_said
from ita_xl.batch.portfolio.tables import SheetTable

if TYPE_CHECKING:
    from ita_xl.batch.portfolio.sheets import Portfolio

MOST = 5_000
"""Rows of the list of late measures: a province has fewer, and nobody reads a country's to its end."""

_LONG = 90
"""Days late from which on it is no slip."""


def plans(all_: Portfolio) -> SheetTable:
    frame = measures.plans(all_.facts, all_.records, all_.phrase("all"), all_.phrase("not_given"))
    widths = {"year": 6, "province": 24, "count": 9, "planned": 9, "unplanned": 9, "plan_unknown": 9, "measures": 9}
    widths |= {"plan_steps": 10, "plan_due": 10, "plan_done": 10, "done_share": 10, "plan_overdue": 10}
    columns = all_.columns(widths | {"late_count": 10, "days_late": 11, "plan_unheard": 11, "plan_no_day": 11})
    if frame.empty:
        return SheetTable("plans", frame, columns, all_.phrase("plans.none"))
    newest = frame.iloc[0]
    sentence = _as_of(all_) + all_.phrase(
        "plans.sentence", **{key: newest[key] for key in ("year", "count", "planned", "unplanned")}
    )
    if newest["plan_unknown"]:
        sentence += all_.phrase("plans.unknown", items=newest["plan_unknown"])
    if _known(newest["plan_steps"]) and newest["plan_steps"]:
        numbers = {key: newest[f"plan_{key}"] for key in ("steps", "done", "overdue", "unheard")}
        sentence += all_.phrase("plans.steps", share=f"{newest['done_share']:.2f}", **numbers)
    grades = {
        "province": ["good" if name == all_.phrase("all") else "" for name in frame["province"]],
        "days_late": [_late_grade(days) for days in frame["days_late"]],
    }
    return SheetTable("plans", frame, columns, sentence, all_.phrase("plans.note"), grades, frozen=2)


def themes(all_: Portfolio) -> SheetTable:
    from ita_xl.batch.portfolio.sheets import grade

    frame = measures.themes(all_.records, all_.on)
    widths = {"year": 6, "indicator": 50, "mean": 11, "plan_count": 12, "plan_known": 12, "plan_share": 12}
    columns = all_.columns(widths | {"plan_steps": 12, "plan_done": 12, "done_share": 11, "plan_overdue": 12})
    if frame.empty or not frame["plan_known"].any():
        return SheetTable("themes", frame.iloc[:0], columns, all_.phrase("themes.none"))
    newest = frame[frame["year"] == frame["year"].max()]
    most = newest.loc[newest["plan_count"].idxmax()]
    sentence = all_.phrase("themes.nobody", year=most["year"])
    if most["plan_count"]:
        words = {"year": most["year"], "name": most["indicator"]}
        sentence = all_.phrase("themes.sentence", count=most["plan_count"], of=most["plan_known"], **words)
    if newest["mean"].notna().any():
        weakest = newest.loc[newest["mean"].idxmin()]
        words = {"name": weakest["indicator"], "mean": f"{weakest['mean']:.2f}"}
        sentence += all_.phrase("themes.weakest", count=weakest["plan_count"], of=weakest["plan_known"], **words)
    grades = {"mean": [grade(points) for points in frame["mean"]]}
    sentence = _as_of(all_) + sentence
    return SheetTable("themes", frame, columns, sentence, all_.phrase("themes.note"), grades)


def late(all_: Portfolio) -> SheetTable:
    frame = measures.late(all_.facts)
    widths = {"year": 6, "agency": 38, "province": 19, "district": 18, "days_late": 11, "plan_overdue": 10}
    widths |= {"plan_steps": 10, "plan_due": 10, "plan_done": 10, "done_share": 10, "plan_unheard": 11}
    columns = all_.columns(widths)
    if frame.empty:
        return SheetTable("late", frame, columns, _nobody_late(all_))
    newest = frame[frame["year"] == frame["year"].max()]
    longest, known = newest.iloc[0], all_.facts.loc[all_.facts["year"] == newest["year"].iloc[0], "plan_steps"]
    sentence = _as_of(all_) + all_.phrase(
        "late.sentence",
        year=longest["year"],
        items=len(newest),
        of=int(known.notna().sum()),
        agency=longest["agency"],
        days=longest["days_late"],
        overdue=longest["plan_overdue"],
    )
    grades = {"days_late": [_late_grade(days) for days in frame["days_late"]]}
    return SheetTable("late", frame, columns, sentence, all_.phrase("late.note"), grades, frozen=2)


def overdue(all_: Portfolio) -> SheetTable:
    frame, more = measures.overdue(all_.facts, all_.records, all_.on, all_.lang, MOST)
    widths = {"year": 6, "agency": 34, "province": 17, "district": 16, "measure": 46, "office": 30, "oldest": 20}
    columns = all_.columns(
        widths
        | {"days_late": 11, "plan_overdue": 10, "plan_steps": 9, "plan_due": 9, "plan_done": 9}
        | {"plan_unheard": 11}
    )
    if frame.empty:
        return SheetTable("overdue", frame, columns, _nobody_late(all_))
    late_ones = all_.facts["plan_overdue"]
    numbers = {"items": int(late_ones.gt(0).sum()), "steps": int(late_ones.sum())}
    sentence = _as_of(all_) + all_.phrase("overdue.sentence", **numbers)
    sentence += all_.phrase("overdue.most", shown=MOST) if more else ""
    grades = {"days_late": [_late_grade(days) for days in frame["days_late"]]}
    return SheetTable("overdue", frame, columns, sentence, all_.phrase("overdue.note"), grades, frozen=2)


def worked(all_: Portfolio) -> SheetTable:
    frame = measures.worked(all_.records, all_.phrase("not_given"))
    widths = {"year": 6, "measure": 62, "agencies": 10, "carried": 17, "rose": 13, "same": 13, "fell": 11}
    columns = all_.columns(widths | {"incomparable": 14, "median_moved": 15, "median_others": 22})
    if frame.empty:
        known = any(record.last is not None for record in all_.records)
        return SheetTable("worked", frame, columns, all_.phrase("worked.none" if known else "worked.unknown"))
    newest = frame[frame["year"] == frame["year"].max()]
    numbers = {key: newest[key].sum() for key in ("carried", "rose", "same", "fell")}
    sentence = all_.phrase("worked.sentence", year=newest["year"].iloc[0], items=len(newest), **numbers)
    sentence += all_.phrase("worked.caution")
    grades = {key: [_moved(points) for points in frame[key]] for key in ("median_moved", "median_others")}
    return SheetTable("worked", frame, columns, sentence, all_.phrase("worked.note"), grades, frozen=2)


def _as_of(all_: Portfolio) -> str:
    return all_.phrase("as_of", day=day_said(all_.on, all_.lang))


def _nobody_late(all_: Portfolio) -> str:
    known = any(record.plan is not None for record in all_.records)
    return _as_of(all_) + all_.phrase("late.none" if known else "late.unknown")


def _moved(points: float | None) -> str:
    if points is None or points != points or not points:
        return ""
    return "up" if points > 0 else "down"


def _late_grade(days: Any) -> str:
    if not _known(days) or days <= 0:
        return ""
    return "last" if days >= _LONG else "low"


def _known(number: Any) -> bool:
    import pandas as pd

    return number is not None and number is not pd.NA
