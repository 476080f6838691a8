"""Tables over many agencies: pure functions from records to pandas data frames.

Scores are points 0-100 with two decimals as floats, shares are per cent; an unknown value is missing, never 0.
Means and shares are rounded once, half up, from whole hundredths: no binary fraction moves a printed figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ita_xl.batch.portfolio.agencies import full_name, place_name, thai_order
from ita_xl.batch.record import Record
from ita_xl.data import profiles
from ita_xl.domain.findings import Severity
from ita_xl.domain.thai import tidy
from ita_xl.domain.tree import INSTRUMENTS, OPEN_DATA, QUESTION_LETTERS, SURVEYS, Kind
from ita_xl.files import without_control_characters

if TYPE_CHECKING:
    import pandas as pd

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


def facts(records: Sequence[Record]) -> pd.DataFrame:
    """A row per record, in their order: what is known of one agency by itself.

    change: points of the total since last year. weak, missing: how many, unknown where no such score is known.
    measures: of the plan; own_measures: those of them that people added. errors, warnings, notes: numbers of
    findings.
    """
    import pandas as pd

    return pd.DataFrame(
        {name: pd.Series([ask(record) for record in records], dtype=kind) for name, kind, ask in _facts()}
    )


def _facts() -> Iterator[tuple[str, str, Callable[[Record], object]]]:
    """Every column of `facts`: its name, its type, and what it says of a record."""
    yield "year", "Int64", lambda record: record.year or None
    yield "agency", "object", lambda record: plain(record.agency)
    yield "type", "object", lambda record: plain(full_name(record.agency_type))
    yield "district", "object", lambda record: plain(place_name(record.district))
    yield "province", "object", lambda record: plain(place_name(record.province))
    yield "level", "object", lambda record: plain(record.level)
    yield "source", "object", lambda record: plain(record.source)
    yield "output", "object", lambda record: plain(record.output)
    yield "total", "float64", lambda record: record.total
    yield "change", "float64", lambda record: record.changes.get(record.year - 1)
    for code in INSTRUMENTS:
        yield code, "float64", _score_of(code)
    yield "weak", "Int64", lambda record: len(record.weak) if _knows(record, SURVEYS) else None
    yield "missing", "Int64", lambda record: len(record.missing) if _knows(record, (OPEN_DATA,)) else None
    yield "next_level", "object", lambda record: plain(_following(record).get("level", ""))
    yield "gap", "float64", lambda record: _following(record).get("gap")
    yield "total_after", "float64", _total_after
    yield "measures", "Int64", lambda record: record.measures
    yield "own_measures", "Int64", lambda record: record.own_measures
    for severity in Severity:
        yield f"{severity.value}s", "Int64", _findings_of(severity)


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


def plain(text: str) -> str:
    """A text in one line and without what a file cannot hold."""
    return tidy(without_control_characters(text)) if text else ""


def _knows(record: Record, instruments: Iterable[str]) -> bool:
    """Whether the score of any of their questions is known."""
    letters = tuple(QUESTION_LETTERS[code] for code in instruments)
    return any(code.startswith(letters) for code in record.questions)


def ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows with the rank of each total in its year: `rank` among all, and among those of one province and
    of one type, where these are known. Equal totals share a rank and the next one leaves a gap (1, 2, 2, 4)."""
    hundredths = _hundredths(frame["total"])

    def rank(*groups: str) -> pd.Series[Any]:
        known = (frame[list(groups)] != "").all(axis=1)
        by = [frame["year"], *(frame[name] for name in groups)]
        return hundredths.where(known).groupby(by).rank(method="min", ascending=False).astype("Int64")

    return frame.assign(rank=rank("year"), rank_province=rank("province"), rank_type=rank("type"))


def _hundredths(points: pd.Series[float]) -> pd.Series[float]:
    """Whole numbers, so that sums are exact and equal scores are equal."""
    return (points * 100).round()


def figures(points: pd.Series[float], groups: pd.Series[str]) -> pd.DataFrame:
    """By group, best mean first: number of entries (count), of those without a score (unknown), mean, median,
    highest and lowest score, how many scores are at the pass mark or above (passed) and their share of the known
    ones."""
    import pandas as pd

    grouped = _hundredths(points).groupby(groups, sort=False)
    known = grouped.count()
    passed = points.ge(PASS_MARK).groupby(groups, sort=False).sum()
    found = pd.DataFrame(
        {
            "count": grouped.size(),
            "unknown": grouped.size() - known,
            "mean": ratio(grouped.sum(), known * 100),
            "median": ratio(grouped.median() * 2, known.where(known == 0, 1) * 200),
            "highest": grouped.max() / 100,
            "lowest": grouped.min() / 100,
            "passed": passed,
            "share": ratio(passed * 100, known),
        }
    )
    found.index.name = "group"
    order = found.assign(name=[thai_order(name) for name in found.index])
    return found.loc[order.sort_values(["mean", "name"], ascending=[False, True]).index].reset_index()


def ratio(top: pd.Series[Any], bottom: pd.Series[Any]) -> pd.Series[float]:
    """Whole numbers divided, two decimals, half up; missing where there is nothing to divide by."""
    some = bottom.where(bottom > 0)
    return ((top * 200 + some) // (some * 2)) / 100


def levels(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """How many agencies of a year reached each level, best first, with their share of those that have one. Levels
    of the year that nobody reached stand with 0; levels that only a workbook of their own knows come last."""
    import pandas as pd

    reached = frame.loc[frame["level"] != "", "level"].value_counts()
    order = list(dict.fromkeys([*level_names(year), *reached.index]))
    count = reached.reindex(order, fill_value=0)
    share = ratio(count * 100, pd.Series(reached.sum(), index=count.index))
    return pd.DataFrame({"level": order, "count": count.to_list(), "share": share.to_list()})


def level_names(year: int) -> list[str]:
    """The levels of a year, best first; none of a year that we do not know."""
    return [level.name for level in profiles.profile(year).levels] if year in profiles.years() else []


def scores(records: Sequence[Record], of: str) -> pd.DataFrame:
    """A row per record and a column per code, in the order of the structure. of: `indicators` or `questions`. Codes
    beyond the most common ones are left out: a workbook may have a structure of its own."""
    import pandas as pd

    known: list[Mapping[str, float | None]] = [getattr(record, of) for record in records]
    common_ones = Counter(code for each in known for code in each).most_common(_MOST_CODES)
    codes = sorted((code for code, _ in common_ones), key=_code_order)
    return pd.DataFrame(
        {code: [each.get(code) for each in known] for code in codes}, range(len(known)), dtype="float64"
    )


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


def common(records: Sequence[Record], of: str) -> pd.DataFrame:
    """Questions that are weak (of: `weak`) or items that are missing (of: `missing`) in at least one agency, newest
    year first, most frequent first: how many agencies (count) of those whose score is known (of), their share and
    the mean of all known scores."""
    import pandas as pd

    parts = []
    for year, members in by_year(records).items():
        counts = Counter(code for record in members for code in getattr(record, of))
        known = scores(members, "questions")
        known = known[[code for code in known.columns if counts[code]]]
        codes = known.columns.to_list()
        topics = names(year, codes)
        of_them = known.count()
        count = pd.Series([counts[code] for code in codes], index=codes, dtype="int64")
        part = pd.DataFrame(
            {
                "year": year,
                "code": codes,
                "topic": [topics[code] for code in codes],
                "indicator": [indicator_of(year, code) for code in codes],
                "count": count.to_list(),
                "of": of_them.to_list(),
                "share": ratio(count * 100, of_them).to_list(),
                "mean": ratio((known * 100).round().sum(), of_them * 100).to_list(),
            }
        )
        parts.append(part.sort_values(["share", "count"], ascending=False, kind="stable"))
    columns = ["year", "code", "topic", "indicator", "count", "of", "share", "mean"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def by_year(records: Iterable[Record]) -> Mapping[int, list[Record]]:
    """Records by year, newest first."""
    found: dict[int, list[Record]] = {}
    for record in sorted(records, key=lambda record: -record.year):
        found.setdefault(record.year, []).append(record)
    return found
