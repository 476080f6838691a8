"""Lists of agencies and files: near a better level, not used, not sent, with identical texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Any

from ita_xl.batch.portfolio.agencies import Counted, full_name, identities, place_name, thai_order
from ita_xl.batch.portfolio.frames import plain
from ita_xl.batch.portfolio.roster import Sending
from ita_xl.batch.record import Record, State
from ita_xl.data import say
from ita_xl.layout.labels import shown_code

if TYPE_CHECKING:
    import pandas as pd

_STEPS_NAMED = 5
_PLACES_NAMED = 4


def called(record: Record, lang: str) -> str:
    """The agency's name; one without is called by its file."""
    return plain(record.agency) or say("portfolio.unnamed", lang, file=plain(PureWindowsPath(record.source).name))


def nearest(facts: pd.DataFrame, records: Sequence[Record], lang: str) -> pd.DataFrame:
    """The rows of `facts` that have a next level, in each year the smallest gap and the fewest steps first, with
    the steps to it in words and their number. records: of the rows, in their order."""
    paths = [(record.next_level or {}).get("path", []) for record in records]
    found = facts.assign(steps=[_steps(path, lang) for path in paths], number=[len(path) for path in paths])
    found = found[found["next_level"] != ""]
    # What the known scores cannot reach is the farthest.
    order = found.assign(far=found["number"].eq(0)).sort_values(
        ["year", "far", "gap", "number"], ascending=[False, True, True, True], kind="stable"
    )
    return found.loc[order.index]


def _steps(path: Sequence[Mapping[str, Any]], lang: str) -> str:
    if not path:
        return say("portfolio.no_way", lang)
    # The space between a code and its gain does not break.
    named = [f"{shown_code(step['code'])}\u00a0({step['gain']:+.2f})" for step in path[:_STEPS_NAMED]]
    rest = len(path) - len(named)
    return ", ".join(named) + (say("portfolio.more", lang, number=rest) if rest else "")


def unused(counted: Counted, lang: str) -> pd.DataFrame:
    """Files that are in no ranking, and why: unusable, without a year, older than another of the same agency."""
    import pandas as pd

    rows = []
    for record in counted.unusable:
        worst = record.findings[0] if record.findings else {}
        status = "failed" if record.state is State.FAILED else "no_year"
        rows.append(
            {
                "status": status,
                "source": record.source,
                "reason": worst.get("message") or say("portfolio.no_reason", lang),
                "hint": worst.get("hint", ""),
                "finding": worst.get("code", ""),
                **_who(record),
            }
        )
    for record, newer in counted.superseded:
        reason = say("portfolio.superseded", lang, file=newer.source)
        hint = say("portfolio.superseded_hint", lang)
        rows.append(
            {"status": "superseded", "source": record.source, "reason": reason, "hint": hint, **_who(record)}
        )
    columns = ["status", "source", "year", "agency", "province", "reason", "hint", "finding"]
    found = pd.DataFrame(rows, columns=columns, dtype="object")
    texts = [name for name in columns if name != "year"]
    return found.assign(**{name: [plain(text) for text in found[name].fillna("")] for name in texts})


def _who(record: Record) -> dict[str, object]:
    return {"year": record.year or None, "agency": record.agency, "province": place_name(record.province)}


def sending(by_year: Mapping[int, Sending], lang: str) -> pd.DataFrame:
    """Who of the roster has not sent anything, and who sent something but is not on it, with what may be meant."""
    import pandas as pd

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
    columns = ["status", "year", "agency", "type", "district", "province", "likely"]
    frame = pd.DataFrame(rows, columns=columns, dtype="object")
    neat: dict[str, Callable[[str], str]] = {
        "agency": plain,
        "type": full_name,
        "district": place_name,
        "province": place_name,
        "likely": plain,
    }
    return frame.assign(**{name: [plain(tidied(text)) for text in frame[name]] for name, tidied in neat.items()})


def shared_texts(records: Sequence[Record], lang: str) -> pd.DataFrame:
    """Agencies that wrote the same, a row each. Texts shared by the same agencies are one group, numbered from 1,
    the one with most agencies first: how many agencies and texts it has, and where they stand in an agency's file.
    """
    import pandas as pd

    keys = identities(records)
    where: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, record in enumerate(records):
        for mark, place in record.own_texts.items():
            where[mark].append((number, place))
    groups: dict[tuple[int, ...], list[list[str]]] = {}
    for holders in where.values():
        if len({keys[number] for number, _ in holders}) > 1:
            members = tuple(number for number, _ in holders)
            places = groups.setdefault(members, [[] for _ in members])
            for found, (_, place) in zip(places, holders, strict=True):
                found.append(place)
    order = sorted(groups.items(), key=lambda item: (-len(item[0]), -len(item[1][0]), item[0]))
    rows = [
        {
            "group": rank,
            "count": len({keys[number] for number in members}),
            "texts": len(found),
            "year": records[number].year,
            "agency": called(records[number], lang),
            "province": plain(place_name(records[number].province)),
            "source": plain(records[number].source),
            "places": plain(_listed(found, lang)),
        }
        for rank, (members, places) in enumerate(order, 1)
        for number, found in zip(members, places, strict=True)
    ]
    columns = ["group", "count", "texts", "year", "agency", "province", "source", "places"]
    return pd.DataFrame(rows, columns=columns)


def _listed(places: Sequence[str], lang: str) -> str:
    rest = len(places) - _PLACES_NAMED
    more = say("portfolio.more_places", lang, number=rest) if rest > 0 else ""
    return ", ".join(places[:_PLACES_NAMED]) + more
