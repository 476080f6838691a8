"""Lists of agencies and files: near a better level, not used, not sent, with identical texts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import PureWindowsPath
from typing import Any

from ita_xl.batch.portfolio.agencies import Counted, full_name, identities, place_name, thai_order
from ita_xl.batch.portfolio.frames import plain
from ita_xl.batch.portfolio.roster import Sending
from ita_xl.batch.portfolio.tables import Table, of_rows, picked
from ita_xl.batch.record import Record, State
from ita_xl.data import say
from ita_xl.layout.labels import shown_code

_STEPS_NAMED = 5
_PLACES_NAMED = 4


def called(record: Record, lang: str) -> str:
    """The agency's name; one without is called by its file."""
    return plain(record.agency) or say("portfolio.unnamed", lang, file=plain(PureWindowsPath(record.source).name))


def nearest(facts: Table, records: Sequence[Record], lang: str) -> Table:
    """The rows of `facts` that have a next level, in each year the smallest gap and the fewest steps first, with
    the steps to it in words and their number. records: of the rows, in their order."""
    paths = [(record.next_level or {}).get("path", []) for record in records]
    years, gaps = facts["year"], facts["gap"]

    def place(at: int) -> tuple[int, bool, bool, float, int]:
        # What the known scores cannot reach is the farthest.
        return -years[at], not paths[at], gaps[at] is None, gaps[at] or 0, len(paths[at])

    rows = sorted((at for at, name in enumerate(facts["next_level"]) if name), key=place)
    found = picked(facts, rows)
    found |= {"steps": [_steps(paths[at], lang) for at in rows], "number": [len(paths[at]) for at in rows]}
    return found


def _steps(path: Sequence[Mapping[str, Any]], lang: str) -> str:
    if not path:
        return say("portfolio.no_way", lang)
    # The space between a code and its gain does not break.
    named = [f"{shown_code(step['code'])}\u00a0({step['gain']:+.2f})" for step in path[:_STEPS_NAMED]]
    rest = len(path) - len(named)
    return ", ".join(named) + (say("portfolio.more", lang, number=rest) if rest else "")


def unused(counted: Counted, lang: str) -> Table:
    """Files that are in no ranking, and why: unusable, without a year, older than another of the same agency."""
    rows = []
    for record in counted.unusable:
        worst = record.findings[0] if record.findings else {}
        status = "failed" if record.state is State.FAILED else "no_year"
        reason = worst.get("message") or say("portfolio.no_reason", lang)
        told = reason, worst.get("hint", ""), worst.get("code", "")
        rows.append((status, record.source, record.year, record.agency, place_name(record.province), *told))
    for record, newer in counted.superseded:
        reason = say("portfolio.superseded", lang, file=newer.source)
        told = reason, say("portfolio.superseded_hint", lang), ""
        rows.append(("superseded", record.source, record.year, record.agency, place_name(record.province), *told))
    found = of_rows(["status", "source", "year", "agency", "province", "reason", "hint", "finding"], rows)
    return {
        name: [each or None for each in column] if name == "year" else list(map(plain, column))
        for name, column in found.items()
    }


def sending(by_year: Mapping[int, Sending], lang: str) -> Table:
    """Who of the roster has not sent anything, and who sent something but is not on it, with what may be meant."""
    rows = []
    for number, found in by_year.items():
        year = number or None
        absent = [
            ("missing", year, a.agency, a.agency_type, a.district, a.province, likely)
            for a, likely in found.missing
        ]
        foreign = [
            ("unlisted", year, called(r, lang), r.agency_type, r.district, r.province, likely)
            for r, likely in found.unlisted
        ]
        for group in (absent, foreign):
            rows.extend(sorted(group, key=lambda row: (thai_order(place_name(row[5])), thai_order(row[2]))))
    table = of_rows(["status", "year", "agency", "type", "district", "province", "likely"], rows)
    neat: dict[str, Callable[[str], str]] = {
        "agency": plain,
        "type": full_name,
        "district": place_name,
        "province": place_name,
        "likely": plain,
    }
    return table | {name: [plain(tidied(text)) for text in table[name]] for name, tidied in neat.items()}


def shared_texts(records: Sequence[Record], lang: str) -> Table:
    """Agencies that wrote the same, a row each. Texts shared by the same agencies are one group, numbered from 1,
    the one with most agencies first: how many agencies and texts it has, and where they stand in an agency's file.
    """
    keys = identities(records)
    counts = Counter(mark for record in records for mark in record.own_texts)
    where: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, record in enumerate(records):
        for mark, place in record.own_texts.items():
            if counts[mark] > 1:
                where[mark].append((number, place))
    groups: dict[tuple[int, ...], list[list[str]]] = {}
    for holders in where.values():
        if len({keys[number] for number, _ in holders}) > 1:
            members = tuple(number for number, _ in holders)
            places = groups.setdefault(members, [[] for _ in members])
            for found, (_, place) in zip(places, holders, strict=True):
                found.append(place)
    order = sorted(groups.items(), key=lambda item: (-len(item[0]), -len(item[1][0]), item[0]))
    rows = (
        (
            rank,
            len({keys[number] for number in members}),
            len(found),
            records[number].year,
            called(records[number], lang),
            plain(place_name(records[number].province)),
            plain(records[number].source),
            plain(_listed(found, lang)),
        )
        for rank, (members, places) in enumerate(order, 1)
        for number, found in zip(members, places, strict=True)
    )
    return of_rows(["group", "count", "texts", "year", "agency", "province", "source", "places"], rows)


def _listed(places: Sequence[str], lang: str) -> str:
    rest = len(places) - _PLACES_NAMED
    more = say("portfolio.more_places", lang, number=rest) if rest > 0 else ""
    return ", ".join(places[:_PLACES_NAMED]) + more
