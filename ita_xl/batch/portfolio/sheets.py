"""What each sheet of the portfolio workbook says: a sentence, a table, and which of its cells stand out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ita_xl.batch.portfolio import frames, lists, measure_sheets, measures, roster
from ita_xl.batch.portfolio.agencies import Counted, counted, identities
from ita_xl.batch.portfolio.standing import day_said
from ita_xl.batch.portfolio.tables import SheetColumn, SheetTable, Table, length, picked
from ita_xl.batch.record import SHORTEST, Record
from ita_xl.data import say
from ita_xl.domain.tree import INSTRUMENTS, OPEN_DATA, QUESTION_LETTERS, SURVEYS
from ita_xl.layout import Kind

BANDS = ((95, "best"), (frames.PASS_MARK, "good"), (70, "low"), (0, "last"))
"""Points from which on a score has a grade, as levels have one (`grade`)."""

_NEAR = 1
"""Points of the total that count as near."""

_HALF = 50
"""Per cent of the agencies."""


class Portfolio:
    """All that the sheets are made of, each part computed once. listed: the roster's agencies, if there is one. on:
    the day of which is told what is late."""

    def __init__(
        self, records: Sequence[Record], listed: Sequence[roster.RosterLine] | None, lang: str, on: dt.date
    ) -> None:
        self.counted: Counted = counted(records)
        self.records = frames.in_order(self.counted.counting)
        self.listed = listed
        self.lang = lang
        self.on = on

    @cached_property
    def years(self) -> list[int]:
        """Newest first."""
        return list(frames.by_year(self.records))

    @cached_property
    def facts(self) -> Table:
        """A row per counting record with its ranks and how its plan stands, in the order of `records`; a nameless
        agency is called by its file."""
        facts = frames.facts(self.records)
        facts |= frames.ranks(facts) | measures.standings(self.records, self.on)
        return facts | {"agency": [lists.called(record, self.lang) for record in self.records]}

    @cached_property
    def indicators(self) -> Table:
        """Indicator scores, a row per row of `facts`."""
        return frames.scores(self.records, "indicators")

    def of_year(self, table: Table, year: int) -> Table:
        """The rows of a year, of a table with the rows of `facts`."""
        return picked(table, [at for at, each in enumerate(self.facts["year"]) if each == year])

    @cached_property
    def sending(self) -> dict[int, roster.Sending]:
        """Who is missing, by year; with no usable file at all in the year 0."""
        if self.listed is None:
            return {}
        groups = frames.by_year(self.records) or {0: []}
        return {year: roster.compare(self.listed, own, self.counted.unusable) for year, own in groups.items()}

    def phrase(self, key: str, /, **values: object) -> str:
        return say(f"portfolio.{key}", self.lang, **values)

    def tables(self) -> list[SheetTable]:
        """All sheets but the first, in their order."""
        makers: list[Callable[[Portfolio], SheetTable]] = [
            *(agencies, indicators, weak, near, missing_items),
            *(measure_sheets.plans, measure_sheets.themes, measure_sheets.late),
            *(measure_sheets.overdue, measure_sheets.worked, sending, unused, shared_texts),
        ]
        return [make(self) for make in makers]

    def columns(self, printed: Mapping[str, float], aside: Mapping[str, float] | None = None) -> list[SheetColumn]:
        """Columns by key and width. aside: those right of the printed area."""
        mark = frames.PASS_MARK
        return [
            SheetColumn(key, _KINDS.get(key, Kind.TEXT), width, self.phrase(f"headings.{key}", mark=mark), on_paper)
            for widths, on_paper in ((printed, True), (aside or {}, False))
            for key, width in widths.items()
        ]


_KINDS = {
    **dict.fromkeys(("year", "group"), Kind.COUNT),
    **dict.fromkeys(("total", "gap", "mean", "share", "total_after", *INSTRUMENTS), Kind.SCORE),
    **dict.fromkeys(("median", "highest", "lowest"), Kind.SCORE),
    **dict.fromkeys(("rank", "rank_province", "rank_type", "weak", "missing", "count", "of"), Kind.POINTS),
    **dict.fromkeys(("errors", "warnings", "notes", "texts", "unknown", "passed", "number"), Kind.POINTS),
    **dict.fromkeys(("measures", "own_measures", "planned", "unplanned", "plan_unknown"), Kind.POINTS),
    **dict.fromkeys((*measures.COUNTED, "plan_count", "plan_known", "late_count"), Kind.POINTS),
    **dict.fromkeys(("agencies", "carried", "rose", "same", "fell", "incomparable"), Kind.POINTS),
    **dict.fromkeys(("plan_share", "done_share"), Kind.SCORE),
    **dict.fromkeys(("median_moved", "median_others"), Kind.CHANGE),
    "code": Kind.CODE,
    "level": Kind.CHOICE,
    "next_level": Kind.CHOICE,
    "status": Kind.CHOICE,
    "change": Kind.CHANGE,
    "output": Kind.LINK,
}


def grade(points: float | None) -> str:
    """The grade of a score by `BANDS`; none of an unknown one."""
    if points is None:
        return ""
    return next((name for least, name in BANDS if points >= least), "")


def level_grades(names: Iterable[str], years: Iterable[int]) -> list[str]:
    """Best level, the next two, the lower ones, the last, as in an agency's own workbook."""
    years = list(years)
    grades = {year: _level_grades(frames.level_names(year)) for year in set(years)}
    return [grades[year].get(name, "") for name, year in zip(names, years, strict=True)]


def _level_grades(order: Sequence[str]) -> dict[str, str]:
    last = len(order) - 1
    return {
        name: "best" if not place else "last" if place == last else "good" if place < 3 else "low"
        for place, name in enumerate(order)
    }


def agencies(all_: Portfolio) -> SheetTable:
    facts = all_.facts
    number = len(set(identities(all_.records)))
    unknown = facts["total"].count(None)
    sentence = all_.phrase("agencies.sentence", items=length(facts), agencies=number)
    if unknown:
        sentence += all_.phrase("agencies.unknown", items=unknown)
    printed = {"year": 6, "rank": 7, "agency": 36, "province": 19, "total": 8, "level": 13, "change": 9}
    printed |= {"rank_province": 8, "rank_type": 8, **dict.fromkeys(INSTRUMENTS, 8)}
    printed |= {"weak": 9, "missing": 9, "next_level": 13, "gap": 9}
    aside = {
        "type": 28,
        "district": 18,
        "measures": 9,
        "own_measures": 9,
        **dict.fromkeys(("plan_steps", "plan_done", "plan_overdue", "days_late"), 10),
        "errors": 9,
        "warnings": 9,
        "notes": 9,
        "output": 30,
    }
    columns = all_.columns(printed, aside)
    grades = {key: level_grades(facts[key], facts["year"]) for key in ("level", "next_level")}
    grades["change"] = ["" if not each else "up" if each > 0 else "down" for each in facts["change"]]
    if not length(facts):
        return SheetTable("agencies", facts, columns, all_.phrase("agencies.none"))
    note = all_.phrase("agencies.note", day=day_said(all_.on, all_.lang))
    return SheetTable("agencies", facts, columns, sentence, note, grades, frozen=3)


def indicators(all_: Portfolio) -> SheetTable:
    scores = all_.indicators
    names = frames.indicator_names(all_.years, scores)
    columns = all_.columns({"year": 6, "agency": 36, "province": 19, "total": 9})
    # A code may be anything, also the name of another column.
    keys = {code: f"indicator_{code}" for code in scores}
    columns += [SheetColumn(keys[code], Kind.SCORE, 12, f"{code} {names[code]}".strip()) for code in keys]
    table = {key: all_.facts[key] for key in ("year", "agency", "province", "total")}
    table |= {keys[code]: points for code, points in scores.items()}
    with_scores = ((year, _by_indicator(all_.of_year(scores, year), {})) for year in all_.years)
    year, newest = next(((year, found) for year, found in with_scores if length(found)), (0, {}))
    if not newest:
        return SheetTable("indicators", {}, columns, all_.phrase("indicators.none"))
    lowest = newest["group"][-1]
    words = {"name": f"{lowest} {names[lowest]}".strip(), "mean": f"{newest['mean'][-1]:.2f}"}
    sentence = all_.phrase("indicators.sentence", year=year, **words)
    grades = {key: [grade(points) for points in table[key]] for key in ("total", *keys.values())}
    bands = {name: least for least, name in BANDS}
    return SheetTable(
        "indicators", table, columns, sentence, all_.phrase("indicators.note", **bands), grades, frozen=2
    )


def weak(all_: Portfolio) -> SheetTable:
    return _common(all_, "weak", SURVEYS)


def missing_items(all_: Portfolio) -> SheetTable:
    return _common(all_, "missing", (OPEN_DATA,))


def _common(all_: Portfolio, of: str, instruments: Sequence[str]) -> SheetTable:
    """Codes that many agencies have in common, with the most frequent one of the newest year as the sentence."""
    table = frames.common(all_.records, of)
    columns = all_.columns(
        {"year": 6, "code": 7, "topic": 58, "indicator": 36, "count": 9, "of": 12, "share": 9, "mean": 10}
    )
    letters = tuple(QUESTION_LETTERS[code] for code in instruments)
    if not length(table):
        known = any(code.startswith(letters) for record in all_.records for code in record.questions)
        return SheetTable(of, table, columns, all_.phrase(f"{of}.none" if known else f"{of}.unknown"))
    many = [share is not None and share >= _HALF for share in table["share"]]
    first = {key: column[0] for key, column in table.items()}
    half = sum(much for year, much in zip(table["year"], many, strict=True) if year == first["year"])
    sentence = all_.phrase(
        f"{of}.sentence" if half else f"{of}.few",
        year=first["year"],
        items=half,
        name=f"{first['code']} {first['topic']}".strip(),
        count=first["count"],
        of=first["of"],
    )
    grades = {key: ["low" if much else "" for much in many] for key in ("code", "topic", "share")}
    return SheetTable(of, table, columns, sentence, all_.phrase(f"{of}.note"), grades)


def near(all_: Portfolio) -> SheetTable:
    table = lists.nearest(all_.facts, all_.records, all_.lang)
    widths = {"year": 6, "agency": 36, "province": 19, "total": 8, "level": 13, "next_level": 13}
    columns = all_.columns(widths | {"gap": 9, "number": 8, "steps": 56, "total_after": 11})
    grades = {key: level_grades(table[key], table["year"]) for key in ("level", "next_level")}
    levels = zip(all_.facts["level"], all_.facts["next_level"], strict=True)
    top = sum(bool(level and not following) for level, following in levels)
    close = sum(gap is not None and gap <= _NEAR for gap in table["gap"])
    sentence = all_.phrase("near.sentence" if close else "near.few", points=_NEAR, items=close, top=top)
    if not length(table):
        return SheetTable("near", table, columns, all_.phrase("near.none", top=top))
    return SheetTable("near", table, columns, sentence, all_.phrase("near.note"), grades, frozen=2)


def unused(all_: Portfolio) -> SheetTable:
    table = lists.unused(all_.counted, all_.lang)
    widths = {"status": 15, "source": 38, "year": 6, "agency": 30, "province": 19, "reason": 42, "hint": 38}
    columns = all_.columns(widths, {"finding": 9})
    if not length(table):
        return SheetTable("unused", table, columns, all_.phrase("unused.none" if all_.records else "agencies.none"))
    grades = {"status": ["low" if status == "superseded" else "last" for status in table["status"]]}
    superseded = table["status"].count("superseded")
    sentence = all_.phrase("unused.sentence", failed=length(table) - superseded, superseded=superseded)
    return SheetTable("unused", _told(all_, table), columns, sentence, "", grades)


def sending(all_: Portfolio) -> SheetTable:
    table = lists.sending(all_.sending, all_.lang)
    widths = {"status": 15, "year": 6, "agency": 40, "type": 26, "district": 18, "province": 19, "likely": 46}
    columns = all_.columns(widths)
    if all_.listed is None:
        return SheetTable("sending", table, columns, all_.phrase("sending.no_list"))
    if not length(table):
        return SheetTable("sending", table, columns, all_.phrase("sending.none", of=len(all_.listed)))
    year, newest = next(iter(all_.sending.items()))
    numbers = {"missing": len(newest.missing), "of": len(all_.listed), "unlisted": len(newest.unlisted)}
    sentence = all_.phrase("sending.sentence" if year else "sending.nothing", year=year, **numbers)
    if all_.counted.unusable:
        sentence += all_.phrase("sending.unusable", files=len(all_.counted.unusable))
    grades = {"status": ["last" if status == "missing" else "low" for status in table["status"]]}
    return SheetTable("sending", _told(all_, table), columns, sentence, all_.phrase("sending.note"), grades)


def shared_texts(all_: Portfolio) -> SheetTable:
    table = lists.shared_texts(all_.records, all_.lang)
    widths = {"group": 7, "count": 9, "texts": 9, "year": 6, "agency": 36, "province": 19, "places": 60}
    columns = all_.columns(widths, {"source": 44})
    if not length(table):
        return SheetTable("texts", table, columns, all_.phrase("texts.none", letters=SHORTEST))
    sentence = all_.phrase("texts.sentence", groups=max(table["group"]), agencies=len(set(table["source"])))
    return SheetTable("texts", table, columns, sentence, all_.phrase("texts.note", letters=SHORTEST))


def _told(all_: Portfolio, table: Table) -> Table:
    """The same rows with their status in words."""
    return table | {"status": [all_.phrase(f"statuses.{status}") for status in table["status"]]}


@dataclass(frozen=True)
class YearView:
    """One year on the first sheet. groups: tables of figures by key of their heading, best mean first."""

    year: int
    sentence: str
    levels: Table
    grades: Sequence[str]
    groups: Mapping[str, Table]


def year_views(all_: Portfolio) -> list[YearView]:
    """Newest year first."""
    return [_year_view(all_, year) for year in all_.years]


def _year_view(all_: Portfolio, year: int) -> YearView:
    facts, scores = all_.of_year(all_.facts, year), all_.of_year(all_.indicators, year)
    totals = facts["total"]
    whole = frames.figures(totals, [all_.phrase("all")] * len(totals))

    def by(key: str) -> Table:
        found = frames.figures(totals, [name or all_.phrase("not_given") for name in facts[key]])
        return {name: column + whole[name] for name, column in found.items()}

    names = frames.names(year, scores)
    levels = frames.levels(facts["level"], year)
    return YearView(
        year=year,
        sentence=_year_sentence(all_, year, {name: column[0] for name, column in whole.items()}),
        levels=levels,
        grades=level_grades(levels["level"], [year] * length(levels)),
        # The longest last.
        groups={"type": by("type"), "indicator": _by_indicator(scores, names), "province": by("province")},
    )


def _by_indicator(scores: Table, names: Mapping[str, str]) -> Table:
    """Figures of each indicator of which a score is known."""
    given = {code: points for code, points in scores.items() if any(each is not None for each in points)}
    groups = [f"{code} {names.get(code, '')}".strip() for code, points in given.items() for _ in points]
    return frames.figures([each for points in given.values() for each in points], groups)


def _year_sentence(all_: Portfolio, year: int, whole: Mapping[str, Any]) -> str:
    known = whole["count"] - whole["unknown"]
    slots: dict[str, object] = {"year": year, "mark": frames.PASS_MARK}
    slots |= {key: whole[key] for key in ("count", "passed")}
    if known:
        slots |= {key: f"{whole[key]:.2f}" for key in ("mean", "median", "highest", "lowest", "share")}
    sentence = all_.phrase("overview.sentence" if known else "overview.unknown", **slots)
    if known and whole["unknown"]:
        sentence += all_.phrase("overview.some_unknown", items=whole["unknown"])
    if all_.listed is not None:
        missing = len(all_.sending[year].missing)
        sentence += all_.phrase("overview.missing", missing=missing, of=len(all_.listed))
    return sentence
