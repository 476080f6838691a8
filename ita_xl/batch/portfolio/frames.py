"""Tables over many agencies: pure functions from records to columns.

Scores are points 0-100 with two decimals as floats, shares are per cent; an unknown value is missing, never 0.
Means and shares are rounded once, half up, from whole hundredths: no binary fraction moves a printed figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ita_xl.batch.portfolio.agencies import full_name, place_name, thai_order
from ita_xl.batch.portfolio.tables import Table, grouped, joined
from ita_xl.batch.record import Record
from ita_xl.data import profiles
from ita_xl.domain.findings import Severity
from ita_xl.domain.thai import tidy
from ita_xl.domain.tree import INSTRUMENTS, OPEN_DATA, QUESTION_LETTERS, SURVEYS, Kind
from ita_xl.files import without_control_characters

PASS_MARK = 85
"""Points of the total that the country wants every agency to reach."""


_MOST_CODES = 300
"""Two years without a common code have fewer."""


def in_order(records: Iterable[Record]) -> list[Record]:
    """Newest year first, in it the best total first; those without one last; equals by province and name."""

    def place(record: Record) -> tuple[int, bool, float, str, str]:
        unknown = record.total is None
        names = thai_order(place_name(record.province)), thai_order(tidy(record.agency))
        return (-record.year, unknown, -(record.total or 0), *names)

    return sorted(records, key=place)


def facts(records: Sequence[Record]) -> Table:
    """A row per record, in their order: what is known of one agency by itself.

    change: points of the total since last year. weak, missing: how many, unknown where no such score is known.
    measures: of the plan; own_measures: those of them that people added. errors, warnings, notes: numbers of
    findings.
    """
    return {name: [ask(record) for record in records] for name, ask in _facts()}


def _facts() -> Iterator[tuple[str, Callable[[Record], object]]]:
    """Every column of `facts`: its name, and what it says of a record."""
    yield "year", lambda record: record.year or None
    yield "agency", lambda record: plain(record.agency)
    yield "type", lambda record: plain(full_name(record.agency_type))
    yield "district", lambda record: plain(place_name(record.district))
    yield "province", lambda record: plain(place_name(record.province))
    yield "level", lambda record: plain(record.level)
    yield "source", lambda record: plain(record.source)
    yield "output", lambda record: plain(record.output)
    yield "total", lambda record: record.total
    yield "change", lambda record: record.changes.get(record.year - 1)
    for code in INSTRUMENTS:
        yield code, _score_of(code)
    yield "weak", lambda record: len(record.weak) if _knows(record, SURVEYS) else None
    yield "missing", lambda record: len(record.missing) if _knows(record, (OPEN_DATA,)) else None
    yield "next_level", lambda record: plain(_following(record).get("level", ""))
    yield "gap", lambda record: _following(record).get("gap")
    yield "total_after", _total_after
    yield "measures", lambda record: record.measures
    yield "own_measures", lambda record: record.own_measures
    for severity in Severity:
        yield f"{severity.value}s", _findings_of(severity)


def _score_of(instrument: str) -> Callable[[Record], object]:
    return lambda record: record.instruments.get(instrument)


def _findings_of(severity: Severity) -> Callable[[Record], object]:
    return lambda record: sum(finding["severity"] == severity.value for finding in record.findings)


def _following(record: Record) -> Mapping[str, Any]:
    return record.next_level or {}


def _total_after(record: Record) -> object:
    """The total once the way to the next level is gone, where there is one."""
    following = _following(record)
    return following.get("total_after") if following.get("path") else None


@lru_cache(maxsize=2**14)
def plain(text: str) -> str:
    """A text in one line and without what a file cannot hold."""
    return tidy(without_control_characters(text)) if text else ""


def _knows(record: Record, instruments: Iterable[str]) -> bool:
    """Whether the score of any of their questions is known."""
    letters = tuple(QUESTION_LETTERS[code] for code in instruments)
    return any(code.startswith(letters) for code in record.questions)


def ranks(facts: Table) -> Table:
    """The rank of each total in its year: `rank` among all, and among those of one province and of one type, where
    these are known. Equal totals share a rank and the next one leaves a gap (1, 2, 2, 4)."""
    years, totals = facts["year"], facts["total"]
    of_type, of_province = (list(zip(years, facts[name], strict=True)) for name in ("type", "province"))
    return {
        "rank": _ranks(totals, years),
        "rank_province": _ranks(totals, [group if group[1] else None for group in of_province]),
        "rank_type": _ranks(totals, [group if group[1] else None for group in of_type]),
    }


def _ranks(totals: Sequence[float | None], groups: Sequence[Hashable]) -> list[int | None]:
    """The rank of each total in its group; none without a total or a group."""
    found: list[int | None] = [None] * len(totals)
    for group, places in grouped(groups).items():
        scores = {at: hundredths(total) for at in places if (total := totals[at]) is not None}
        first = {score: rank for rank, score in reversed([*enumerate(sorted(scores.values(), reverse=True), 1)])}
        for at, score in scores.items() if group is not None else ():
            found[at] = first[score]
    return found


def figures(points: Sequence[float | None], groups: Sequence[str]) -> Table:
    """By group, best mean first: number of entries (count), of those without a score (unknown), mean, median,
    highest and lowest score, how many scores are at the pass mark or above (passed) and their share of the known
    ones."""
    rows = [_figures(name, [points[at] for at in places]) for name, places in grouped(groups).items()]
    rows.sort(key=lambda row: (row["mean"] is None, -(row["mean"] or 0), thai_order(row["group"])))
    return {key: [row[key] for row in rows] for key in _figures("", [])}


def _figures(name: str, points: Sequence[float | None]) -> dict[str, Any]:
    scores = sorted(hundredths(each) for each in points if each is not None)
    number, passed = len(scores), sum(each is not None and each >= PASS_MARK for each in points)
    middle = scores[(number - 1) // 2] + scores[number // 2] if scores else 0
    return {
        "group": name,
        "count": len(points),
        "unknown": len(points) - number,
        "mean": ratio(sum(scores), number * 100),
        "median": ratio(middle, number and 200),
        "highest": scores[-1] / 100 if scores else None,
        "lowest": scores[0] / 100 if scores else None,
        "passed": passed,
        "share": ratio(passed * 100, number),
    }


@lru_cache(maxsize=2**14)
def hundredths(points: float) -> int:
    """Whole numbers, so that sums are exact and equal scores are equal."""
    return round(points * 100)


def ratio(top: int, bottom: int) -> float | None:
    """Whole numbers divided, two decimals, half up; None where there is nothing to divide by."""
    return (top * 200 + bottom) // (bottom * 2) / 100 if bottom > 0 else None


def mean(points: Iterable[float | None]) -> float | None:
    """Of the known ones."""
    scores = [hundredths(each) for each in points if each is not None]
    return ratio(sum(scores), len(scores) * 100)


def levels(names: Iterable[str], year: int) -> Table:
    """How many agencies of a year reached each level, best first, with their share of those that have one. Levels
    of the year that nobody reached stand with 0; levels that only a workbook of their own knows come last."""
    reached = Counter(name for name in names if name)
    order = list(dict.fromkeys([*level_names(year), *(name for name, _ in reached.most_common())]))
    count = [reached[name] for name in order]
    return {"level": order, "count": count, "share": [ratio(each * 100, reached.total()) for each in count]}


def level_names(year: int) -> list[str]:
    """The levels of a year, best first; none of a year that we do not know."""
    return [level.name for level in profiles.profile(year).levels] if year in profiles.years() else []


def scores(records: Sequence[Record], of: str) -> Table:
    """A row per record and a column per code, in the order of the structure. of: `indicators` or `questions`. Codes
    beyond the most common ones are left out: a workbook may have a structure of its own."""
    return {code: column(records, of, code) for code in codes(records, of)}


def codes(records: Sequence[Record], of: str) -> list[str]:
    """What `scores` has columns of."""
    common_ones = Counter(code for record in records for code in getattr(record, of)).most_common(_MOST_CODES)
    return sorted((code for code, _ in common_ones), key=_code_order)


def column(records: Sequence[Record], of: str, code: str) -> list[float | None]:
    return [getattr(record, of).get(code) for record in records]


def _code_order(code: str) -> tuple[int, float, str]:
    """I before E before O, each by number."""
    letter, number = (code[:1], code[1:]) if code[:1].isalpha() else ("", code)
    place = "".join(QUESTION_LETTERS.values()).find(letter)
    return place, float(number) if number.replace(".", "", 1).isdecimal() else 0.0, code


def names(year: int, codes: Iterable[str]) -> dict[str, str]:
    """Our short topics of a year's codes; empty where we have none."""
    nodes = profiles.profile(year).tree.nodes if year in profiles.years() else {}
    return {code: nodes[code].name if code in nodes and nodes[code].name != code else "" for code in codes}


def indicator_of(year: int, code: str) -> str:
    """Number and name of the node above a question of a year; empty where it is not known."""
    tree = profiles.profile(year).tree if year in profiles.years() else None
    parent = tree[code].parent if tree and code in tree else None
    return f"{parent} {tree[parent].name}" if tree and parent else ""


def indicator_names(years: Sequence[int], codes: Iterable[str]) -> dict[str, str]:
    """The newest year's names of indicators, if their codes mean the same in all of the years; else none."""
    depth = profiles.corresponding(min(years), max(years)) if years else None
    alike = depth is not None and depth <= Kind.INDICATOR
    return names(max(years), codes) if alike else dict.fromkeys(codes, "")


def common(records: Sequence[Record], of: str) -> Table:
    """Questions that are weak (of: `weak`) or items that are missing (of: `missing`) in at least one agency, newest
    year first, most frequent first: how many agencies (count) of those whose score is known (of), their share and
    the mean of all known scores."""
    found: Table = {name: [] for name in ("year", "code", "topic", "indicator", "count", "of", "share", "mean")}
    for year, members in by_year(records).items():
        counts = Counter(code for record in members for code in getattr(record, of))
        found_ones = [code for code in codes(members, "questions") if counts[code]]
        topics = names(year, found_ones)
        rows = []
        for code in found_ones:
            points = column(members, "questions", code)
            number = len(points) - points.count(None)
            about = year, code, topics[code], indicator_of(year, code)
            rows.append((*about, counts[code], number, ratio(counts[code] * 100, number), mean(points)))
        rows.sort(key=lambda row: (row[-2] is None, -(row[-2] or 0), -row[-4]))
        joined(found, rows)
    return found


def by_year(records: Iterable[Record]) -> Mapping[int, list[Record]]:
    """Records by year, newest first."""
    found: dict[int, list[Record]] = {}
    for record in sorted(records, key=lambda record: -record.year):
        found.setdefault(record.year, []).append(record)
    return found
