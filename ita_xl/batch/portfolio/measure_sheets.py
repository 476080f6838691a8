"""What the sheets on measures say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ita_xl.batch.portfolio import measures
from ita_xl.batch.portfolio.standing import day_said
from ita_xl.batch.portfolio.tables import SheetTable, Table, length, picked

if TYPE_CHECKING:
    from ita_xl.batch.portfolio.sheets import Portfolio

MOST = 5_000
"""Rows of the list of late measures: a province has fewer, and nobody reads a country's to its end."""

_LONG = 90
"""Days late from which on it is no slip."""


def plans(all_: Portfolio) -> SheetTable:
    table = measures.plans(all_.facts, all_.records, all_.phrase("all"), all_.phrase("not_given"))
    widths = {"year": 6, "province": 24, "count": 9, "planned": 9, "unplanned": 9, "plan_unknown": 9, "measures": 9}
    widths |= {"plan_steps": 10, "plan_due": 10, "plan_done": 10, "done_share": 10, "plan_overdue": 10}
    columns = all_.columns(widths | {"late_count": 10, "days_late": 11, "plan_unheard": 11, "plan_no_day": 11})
    if not length(table):
        return SheetTable("plans", table, columns, all_.phrase("plans.none"))
    newest = {name: column[0] for name, column in table.items()}
    sentence = _as_of(all_) + all_.phrase(
        "plans.sentence", **{key: newest[key] for key in ("year", "count", "planned", "unplanned")}
    )
    if newest["plan_unknown"]:
        sentence += all_.phrase("plans.unknown", items=newest["plan_unknown"])
    if newest["plan_steps"]:
        numbers = {key: newest[f"plan_{key}"] for key in ("steps", "done", "overdue", "unheard")}
        sentence += all_.phrase("plans.steps", share=f"{newest['done_share']:.2f}", **numbers)
    grades = {
        "province": ["good" if name == all_.phrase("all") else "" for name in table["province"]],
        "days_late": [_late_grade(days) for days in table["days_late"]],
    }
    return SheetTable("plans", table, columns, sentence, all_.phrase("plans.note"), grades, frozen=2)


def themes(all_: Portfolio) -> SheetTable:
    from ita_xl.batch.portfolio.sheets import grade

    table = measures.themes(all_.records, all_.on)
    widths = {"year": 6, "indicator": 50, "mean": 11, "plan_count": 12, "plan_known": 12, "plan_share": 12}
    columns = all_.columns(widths | {"plan_steps": 12, "plan_done": 12, "done_share": 11, "plan_overdue": 12})
    if not any(table["plan_known"]):
        return SheetTable("themes", {}, columns, all_.phrase("themes.none"))
    newest = _newest(table)
    counts, known, names, means = (newest[key] for key in ("plan_count", "plan_known", "indicator", "mean"))
    year, at = newest["year"][0], counts.index(max(counts))
    sentence = all_.phrase("themes.nobody", year=year)
    if counts[at]:
        sentence = all_.phrase("themes.sentence", count=counts[at], of=known[at], year=year, name=names[at])
    if means[0] is not None:  # the lowest, where there is one
        words = {"name": names[0], "mean": f"{means[0]:.2f}"}
        sentence += all_.phrase("themes.weakest", count=counts[0], of=known[0], **words)
    grades = {"mean": [grade(points) for points in table["mean"]]}
    sentence = _as_of(all_) + sentence
    return SheetTable("themes", table, columns, sentence, all_.phrase("themes.note"), grades)


def late(all_: Portfolio) -> SheetTable:
    table = measures.late(all_.facts)
    widths = {"year": 6, "agency": 38, "province": 19, "district": 18, "days_late": 11, "plan_overdue": 10}
    widths |= {"plan_steps": 10, "plan_due": 10, "plan_done": 10, "done_share": 10, "plan_unheard": 11}
    columns = all_.columns(widths)
    if not length(table):
        return SheetTable("late", table, columns, _nobody_late(all_))
    newest = _newest(table)
    steps = zip(all_.facts["year"], all_.facts["plan_steps"], strict=True)
    sentence = _as_of(all_) + all_.phrase(
        "late.sentence",
        year=newest["year"][0],
        items=length(newest),
        of=sum(year == newest["year"][0] and number is not None for year, number in steps),
        agency=newest["agency"][0],
        days=newest["days_late"][0],
        overdue=newest["plan_overdue"][0],
    )
    grades = {"days_late": [_late_grade(days) for days in table["days_late"]]}
    return SheetTable("late", table, columns, sentence, all_.phrase("late.note"), grades, frozen=2)


def overdue(all_: Portfolio) -> SheetTable:
    table, more = measures.overdue(all_.facts, all_.records, all_.on, all_.lang, MOST)
    widths = {"year": 6, "agency": 34, "province": 17, "district": 16, "measure": 46, "office": 30, "oldest": 20}
    columns = all_.columns(
        widths
        | {"days_late": 11, "plan_overdue": 10, "plan_steps": 9, "plan_due": 9, "plan_done": 9}
        | {"plan_unheard": 11}
    )
    if not length(table):
        return SheetTable("overdue", table, columns, _nobody_late(all_))
    late_ones = [number for number in all_.facts["plan_overdue"] if number]
    numbers = {"items": len(late_ones), "steps": sum(late_ones)}
    sentence = _as_of(all_) + all_.phrase("overdue.sentence", **numbers)
    sentence += all_.phrase("overdue.most", shown=MOST) if more else ""
    grades = {"days_late": [_late_grade(days) for days in table["days_late"]]}
    return SheetTable("overdue", table, columns, sentence, all_.phrase("overdue.note"), grades, frozen=2)


def worked(all_: Portfolio) -> SheetTable:
    table = measures.worked(all_.records, all_.phrase("not_given"))
    widths = {"year": 6, "measure": 62, "agencies": 10, "carried": 17, "rose": 13, "same": 13, "fell": 11}
    columns = all_.columns(widths | {"incomparable": 14, "median_moved": 15, "median_others": 22})
    if not length(table):
        known = any(record.last is not None for record in all_.records)
        return SheetTable("worked", table, columns, all_.phrase("worked.none" if known else "worked.unknown"))
    newest = _newest(table)
    numbers = {key: sum(newest[key]) for key in ("carried", "rose", "same", "fell")}
    sentence = all_.phrase("worked.sentence", year=newest["year"][0], items=length(newest), **numbers)
    sentence += all_.phrase("worked.caution")
    grades = {key: [_moved(points) for points in table[key]] for key in ("median_moved", "median_others")}
    return SheetTable("worked", table, columns, sentence, all_.phrase("worked.note"), grades, frozen=2)


def _as_of(all_: Portfolio) -> str:
    return all_.phrase("as_of", day=day_said(all_.on, all_.lang))


def _nobody_late(all_: Portfolio) -> str:
    known = any(record.plan is not None for record in all_.records)
    return _as_of(all_) + all_.phrase("late.none" if known else "late.unknown")


def _newest(table: Table) -> Table:
    """The rows of the newest year."""
    newest = max(table["year"])
    return picked(table, [at for at, year in enumerate(table["year"]) if year == newest])


def _moved(points: float | None) -> str:
    if not points:
        return ""
    return "up" if points > 0 else "down"


def _late_grade(days: int | None) -> str:
    if not days:
        return ""
    return "last" if days >= _LONG else "low"
