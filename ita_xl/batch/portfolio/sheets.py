"""What each sheet of the portfolio workbook says: a sentence, a table, and which of its cells stand out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ita_xl.batch.portfolio import frames, lists, measure_sheets, measures, roster
from ita_xl.batch.portfolio.agencies import Counted, counted, identities
from ita_xl.batch.portfolio.standing import day_said
from ita_xl.batch.portfolio.tables import SheetColumn, SheetTable
from ita_xl.batch.record import SHORTEST, Record
from ita_xl.data import say
from ita_xl.domain.tree import INSTRUMENTS, OPEN_DATA, QUESTION_LETTERS, SURVEYS
from ita_xl.layout import Kind

if TYPE_CHECKING:
    import pandas as pd

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
    def facts(self) -> pd.DataFrame:
        """A row per counting record with its ranks and how its plan stands, in the order of `records`; a nameless
        agency is called by its file."""
        found = frames.ranked(frames.facts(self.records)).join(measures.standings(self.records, self.on))
        return found.assign(agency=[lists.called(record, self.lang) for record in self.records])

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """Indicator scores, a row per row of `facts`."""
        return frames.scores(self.records, "indicators")

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
    if points is None or points != points:
        return ""
    return next((name for least, name in BANDS if points >= least), "")


def level_grades(names: Iterable[str], years: Iterable[int]) -> list[str]:
    """Best level, the next two, the lower ones, the last, as in an agency's own workbook."""
    found = []
    for name, year in zip(names, years, strict=True):
        order = frames.level_names(year)
        place = order.index(name) if name in order else None
        found.append(
            ""
            if place is None
            else "best"
            if place == 0
            else "last"
            if place == len(order) - 1
            else "good"
            if place < 3
            else "low"
        )
    return found


def agencies(all_: Portfolio) -> SheetTable:
    facts = all_.facts
    number = len(set(identities(all_.records)))
    unknown = int(facts["total"].isna().sum())
    sentence = all_.phrase("agencies.sentence", items=len(facts), agencies=number)
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
    grades["change"] = ["up" if each > 0 else "down" if each < 0 else "" for each in facts["change"]]
    if facts.empty:
        return SheetTable("agencies", facts, columns, all_.phrase("agencies.none"))
    note = all_.phrase("agencies.note", day=day_said(all_.on, all_.lang))
    return SheetTable("agencies", facts, columns, sentence, note, grades, frozen=3)


def indicators(all_: Portfolio) -> SheetTable:
    scores = all_.indicators
    names = frames.indicator_names(all_.years, scores.columns)
    columns = all_.columns({"year": 6, "agency": 36, "province": 19, "total": 9})
    # A code may be anything, also the name of another column.
    keys = {code: f"indicator_{code}" for code in scores.columns}
    columns += [SheetColumn(keys[code], Kind.SCORE, 12, f"{code} {names[code]}".strip()) for code in keys]
    frame = all_.facts[["year", "agency", "province", "total"]].join(scores.rename(columns=keys))
    known = frame.loc[scores.notna().any(axis=1), "year"]
    if known.empty:
        return SheetTable("indicators", frame.iloc[:0], columns, all_.phrase("indicators.none"))
    year = int(known.max())
    newest = scores[frame["year"] == year].melt().dropna()
    lowest = frames.figures(newest["value"], newest["variable"]).iloc[-1]
    name = f"{lowest['group']} {names[lowest['group']]}".strip()
    sentence = all_.phrase("indicators.sentence", year=year, name=name, mean=f"{lowest['mean']:.2f}")
    grades = {key: [grade(points) for points in frame[key]] for key in ("total", *keys.values())}
    bands = {name: least for least, name in BANDS}
    return SheetTable(
        "indicators", frame, columns, sentence, all_.phrase("indicators.note", **bands), grades, frozen=2
    )


def weak(all_: Portfolio) -> SheetTable:
    return _common(all_, "weak", SURVEYS)


def missing_items(all_: Portfolio) -> SheetTable:
    return _common(all_, "missing", (OPEN_DATA,))


def _common(all_: Portfolio, of: str, instruments: Sequence[str]) -> SheetTable:
    """Codes that many agencies have in common, with the most frequent one of the newest year as the sentence."""
    frame = frames.common(all_.records, of)
    columns = all_.columns(
        {"year": 6, "code": 7, "topic": 58, "indicator": 36, "count": 9, "of": 12, "share": 9, "mean": 10}
    )
    letters = tuple(QUESTION_LETTERS[code] for code in instruments)
    if frame.empty:
        known = any(code.startswith(letters) for record in all_.records for code in record.questions)
        return SheetTable(of, frame, columns, all_.phrase(f"{of}.none" if known else f"{of}.unknown"))
    many = frame["share"] >= _HALF
    newest = frame[frame["year"] == frame["year"].max()]
    first, half = newest.iloc[0], int((newest["share"] >= _HALF).sum())
    sentence = all_.phrase(
        f"{of}.sentence" if half else f"{of}.few",
        year=first["year"],
        items=half,
        name=f"{first['code']} {first['topic']}".strip(),
        count=first["count"],
        of=first["of"],
    )
    grades = {key: ["low" if much else "" for much in many] for key in ("code", "topic", "share")}
    return SheetTable(of, frame, columns, sentence, all_.phrase(f"{of}.note"), grades)


def near(all_: Portfolio) -> SheetTable:
    frame = lists.nearest(all_.facts, all_.records, all_.lang)
    widths = {"year": 6, "agency": 36, "province": 19, "total": 8, "level": 13, "next_level": 13}
    columns = all_.columns(widths | {"gap": 9, "number": 8, "steps": 56, "total_after": 11})
    grades = {key: level_grades(frame[key], frame["year"]) for key in ("level", "next_level")}
    top = int(((all_.facts["level"] != "") & (all_.facts["next_level"] == "")).sum())
    close = int((frame["gap"] <= _NEAR).sum())
    sentence = all_.phrase("near.sentence" if close else "near.few", points=_NEAR, items=close, top=top)
    if frame.empty:
        return SheetTable("near", frame, columns, all_.phrase("near.none", top=top))
    return SheetTable("near", frame, columns, sentence, all_.phrase("near.note"), grades, frozen=2)


def unused(all_: Portfolio) -> SheetTable:
    frame = lists.unused(all_.counted, all_.lang)
    counts = frame["status"].value_counts()
    widths = {"status": 15, "source": 38, "year": 6, "agency": 30, "province": 19, "reason": 42, "hint": 38}
    columns = all_.columns(widths, {"finding": 9})
    if frame.empty:
        return SheetTable("unused", frame, columns, all_.phrase("unused.none" if all_.records else "agencies.none"))
    grades = {"status": ["low" if status == "superseded" else "last" for status in frame["status"]]}
    failed = int(counts.drop("superseded", errors="ignore").sum())
    sentence = all_.phrase("unused.sentence", failed=failed, superseded=int(counts.get("superseded", 0)))
    return SheetTable("unused", _told(all_, frame), columns, sentence, "", grades)


def sending(all_: Portfolio) -> SheetTable:
    frame = lists.sending(all_.sending, all_.lang)
    widths = {"status": 15, "year": 6, "agency": 40, "type": 26, "district": 18, "province": 19, "likely": 46}
    columns = all_.columns(widths)
    if all_.listed is None:
        return SheetTable("sending", frame, columns, all_.phrase("sending.no_list"))
    if frame.empty:
        return SheetTable("sending", frame, columns, all_.phrase("sending.none", of=len(all_.listed)))
    year, newest = next(iter(all_.sending.items()))
    numbers = {"missing": len(newest.missing), "of": len(all_.listed), "unlisted": len(newest.unlisted)}
    sentence = all_.phrase("sending.sentence" if year else "sending.nothing", year=year, **numbers)
    if all_.counted.unusable:
        sentence += all_.phrase("sending.unusable", files=len(all_.counted.unusable))
    grades = {"status": ["last" if status == "missing" else "low" for status in frame["status"]]}
    return SheetTable("sending", _told(all_, frame), columns, sentence, all_.phrase("sending.note"), grades)


def shared_texts(all_: Portfolio) -> SheetTable:
    frame = lists.shared_texts(all_.records, all_.lang)
    widths = {"group": 7, "count": 9, "texts": 9, "year": 6, "agency": 36, "province": 19, "places": 60}
    columns = all_.columns(widths, {"source": 44})
    if frame.empty:
        return SheetTable("texts", frame, columns, all_.phrase("texts.none", letters=SHORTEST))
    sentence = all_.phrase("texts.sentence", groups=int(frame["group"].max()), agencies=frame["source"].nunique())
    return SheetTable("texts", frame, columns, sentence, all_.phrase("texts.note", letters=SHORTEST))


def _told(all_: Portfolio, frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows with their status in words."""
    return frame.assign(status=[all_.phrase(f"statuses.{status}") for status in frame["status"]])


@dataclass(frozen=True)
class YearView:
    """One year on the first sheet. groups: tables of figures by key of their heading, best mean first."""

    year: int
    sentence: str
    levels: pd.DataFrame
    grades: Sequence[str]
    groups: Mapping[str, pd.DataFrame]


def year_views(all_: Portfolio) -> list[YearView]:
    """Newest year first."""
    return [_year_view(all_, year) for year in all_.years]


def _year_view(all_: Portfolio, year: int) -> YearView:
    import pandas as pd

    here = all_.facts["year"] == year
    facts = all_.facts[here]
    whole = frames.figures(facts["total"], pd.Series(all_.phrase("all"), index=facts.index))

    def by(key: str) -> pd.DataFrame:
        given = facts[key].where(facts[key] != "", all_.phrase("not_given"))
        return pd.concat([frames.figures(facts["total"], given), whole], ignore_index=True)

    scores = all_.indicators[here].dropna(axis="columns", how="all")
    names = frames.names(year, scores.columns)
    each = scores.rename(columns={code: f"{code} {names[code]}".strip() for code in names}).melt()
    by_indicator = frames.figures(each["value"], each["variable"])
    levels = frames.levels(facts, year)
    return YearView(
        year=year,
        sentence=_year_sentence(all_, year, whole.iloc[0]),
        levels=levels,
        grades=level_grades(levels["level"], [year] * len(levels)),
        groups={"type": by("type"), "indicator": by_indicator, "province": by("province")},  # the longest last
    )


def _year_sentence(all_: Portfolio, year: int, whole: pd.Series[float]) -> str:
    known = int(whole["count"] - whole["unknown"])
    slots: dict[str, object] = {
        key: f"{whole[key]:.2f}" for key in ("mean", "median", "highest", "lowest", "share")
    }
    slots |= {"year": year, "count": int(whole["count"]), "passed": int(whole["passed"]), "mark": frames.PASS_MARK}
    sentence = all_.phrase("overview.sentence" if known else "overview.unknown", **slots)
    if known and whole["unknown"]:
        sentence += all_.phrase("overview.some_unknown", items=int(whole["unknown"]))
    if all_.listed is not None:
        missing = len(all_.sending[year].missing)
        sentence += all_.phrase("overview.missing", missing=missing, of=len(all_.listed))
    return sentence
