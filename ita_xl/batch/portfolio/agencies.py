"""Which records are of one agency, and which of them count."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from ita_xl.batch.record import Record, State
from ita_xl.data import read_toml, say
from ita_xl.domain.thai import folded, tidy

_LATEST = 2**32
"""Seconds since 1970; a file may bear any date."""

Key = tuple[str, str, str]
"""An agency: folded name, province and district."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What becomes of each record. counting: the ones of which rankings are made. superseded: an older record and
    the newer one of the same agency and year that counts instead. unusable: failed ones, and those without a year.
    """

    counting: list[Record]
    superseded: list[tuple[Record, Record]]
    unusable: list[Record]


def counted(records: Sequence[Record]) -> Counted:
    """Of the records of one agency and year only the one that was changed last counts; each list keeps the order
    in which the records were given."""
    usable = [record for record in records if record.state is not State.FAILED and record.year]
    keys = [(record.year, *key) for record, key in zip(usable, identities(usable), strict=True)]
    newest: dict[tuple[int, str, str, str], Record] = {}
    for key, record in zip(keys, usable, strict=True):
        best = newest.setdefault(key, record)
        if (record.modified, record.source) > (best.modified, best.source):
            newest[key] = record
    pairs = [(record, newest[key]) for key, record in zip(keys, usable, strict=True)]
    return Counted(
        counting=[record for record, best in pairs if record is best],
        superseded=[(record, best) for record, best in pairs if record is not best],
        unusable=[record for record in records if record.state is State.FAILED or not record.year],
    )


def changed(modified: float) -> dt.datetime:
    """The moment of a record's `modified`, as near as there is a date for it."""
    return dt.datetime.fromtimestamp(min(max(int(modified), 0), _LATEST), dt.UTC)


def identities(records: Sequence[Record]) -> list[Key]:
    """The agency of each record. Two agencies of a province may bear one name, in two districts; a record that
    names no district is of the only one that others name. A record without a name is an agency of its own."""
    keys = [key_of(record.agency, record.province, record.district) for record in records]
    districts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, province, district in keys:
        if district:
            districts[name, province].add(district)
    found = []
    for record, (name, province, district) in zip(records, keys, strict=True):
        others = districts.get((name, province), set())
        if not name:
            found.append(("", record.source, ""))
        elif not district and len(others) == 1:
            found.append((name, province, min(others)))
        else:
            found.append((name, province, district))
    return found


def key_of(name: str, province: str, district: str) -> Key:
    return folded(full_name(name)), folded(place_name(province)), folded(place_name(district))


@lru_cache(maxsize=16384)
def full_name(text: str) -> str:
    """An agency's or a place's name without short forms: อบต.บ้านใหม่ is องค์การบริหารส่วนตำบลบ้านใหม่."""
    plain = tidy(text)
    match = _short_forms().match(plain)
    return _names()["short"][match[1]] + plain[match.end() :] if match else plain


@lru_cache(maxsize=16384)
def place_name(text: str) -> str:
    """A province's or district's bare name: จังหวัดน่าน and จ.น่าน are น่าน."""
    plain = full_name(text)
    word = next((word for word in _names()["places"]["words"] if plain.startswith(word)), "")
    return plain[len(word) :].strip() or plain


@lru_cache(maxsize=16384)
def bare_name(name: str) -> tuple[str, str]:
    """A folded agency name in two parts: the type that it begins with, where it does, and its own part."""
    kind = next((kind for kind in _types() if name.startswith(kind) and name != kind), "")
    return kind, name[len(kind) :]


@lru_cache(maxsize=16384)
def thai_order(text: str) -> str:
    """A key by which names stand as in a Thai dictionary: a vowel written first counts after its consonant."""
    return re.sub("([เแโใไ])(.)", r"\2\1", text)


@cache
def _names() -> Mapping[str, Any]:
    return read_toml("agencies.toml")


@cache
def _short_forms() -> re.Pattern[str]:
    return re.compile(rf"({'|'.join(_names()['short'])})(?:\. ?| |$)")


@cache
def _types() -> list[str]:
    return sorted(map(folded, say("choices.agency_type").split("|")), key=len, reverse=True)
