"""The guidance library: for each question its usual cause, what is in place, what to do, and its measure.

Every text comes in two or three wordings that say the same, so that a hundred agencies do not publish one
sentence; which one an agency gets follows from its name and stays the same from year to year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any
from zlib import crc32

from msgspec import Struct

from ita_xl.data import HERE, profiles, read_toml
from ita_xl.domain.tree import Kind

WORDINGS = 3
"""The most wordings that a text has."""


class StepWordings(Struct, frozen=True):
    """One step of a method. do: wordings. report: the evidence to show. month: the one of the plan's fiscal year by
    whose end it is done."""

    do: tuple[str, ...]
    report: str
    month: int


class Guidance(Struct, frozen=True):
    """One question's texts, each a tuple of wordings. measure, unit: keys of `Plan`. keep: how to hold a
    high score, empty for open-data items."""

    measure: str
    unit: str
    problem: tuple[str, ...]
    in_place: tuple[str, ...]
    approach: tuple[str, ...]
    keep: tuple[str, ...]
    steps: tuple[StepWordings, ...]


class MeasureWordings(Struct, frozen=True):
    """One measure. theme: key of its theme. name: wordings."""

    key: str
    theme: str
    name: tuple[str, ...]


class Unit(Struct, frozen=True):
    """Who does it. office_words: an office of the agency whose name holds one of these is meant."""

    name: str
    office_words: tuple[str, ...]


class Plan(Struct, frozen=True):
    """Themes (wordings by key) and measures in their order, and units by key. upkeep: the key of the guidance
    that an agency without any issue follows. general: the months of the steps of texts that are not the
    library's, by the kind of what they are for."""

    themes: Mapping[str, tuple[str, ...]]
    measures: Mapping[str, MeasureWordings]
    units: Mapping[str, Unit]
    upkeep: str
    general: Mapping[str, tuple[int, ...]]


@cache
def plan() -> Plan:
    """Themes, measures and units."""
    data = read_toml("guidance/measures.toml")
    themes = {theme["key"]: tuple(theme["name"]) for theme in data["themes"]}
    measures = {
        entry["key"]: MeasureWordings(entry["key"], theme["key"], tuple(entry["name"]))
        for theme in data["themes"]
        for entry in theme["measures"]
    }
    units = {key: Unit(unit["name"], tuple(unit["office_words"])) for key, unit in data["units"].items()}
    general = {kind: tuple(months) for kind, months in data["general_months"].items()}
    return Plan(themes, measures, units, data["upkeep"], general)


@cache
def _entries() -> Mapping[str, Mapping[str, Any]]:
    """What the files say of every entry, by its key."""
    names = sorted(path.name for path in (HERE / "guidance").glob("*.toml") if path.name != "measures.toml")
    return {key: entry for name in names for key, entry in read_toml(f"guidance/{name}").items()}


@cache
def every_key() -> tuple[str, ...]:
    """Every key of the library: a question code of 2563-2565, or a topic that only other years have."""
    return tuple(_entries())


@cache
def entry(key: str) -> Guidance:
    """One question's guidance. Raises `KeyError`."""
    found = _entries()[key]
    return Guidance(
        measure=found["measure"],
        unit=found["unit"],
        **{text: tuple(found.get(text, ())) for text in ("problem", "in_place", "approach", "keep")},
        steps=tuple(StepWordings(tuple(step["do"]), step["report"], step["month"]) for step in found["steps"]),
    )


def guidance(year: int, code: str) -> Guidance | None:
    """The guidance for a question of a year; None where we have none.

    Years other than 2563-2565 name in their data which of our topics a question of theirs means.
    """
    key = key_of(year, code)
    return entry(key) if key in _entries() else None


def key_of(year: int, code: str) -> str:
    """The library's key for a question of a year; empty where there is none."""
    known = profiles.profile(year).guidance if year in profiles.years() else {}
    return known.get(code, "")


def code_of(year: int, key: str) -> str:
    """The question of a year that the library knows under a key; empty where there is none, or more than one."""
    return _codes_by_key(year).get(key, "")


def counterparts(earlier: int, later: int) -> Mapping[str, str]:
    """The later year's code of each question of the earlier year that means the same: the same code where the
    codes kept their meaning, else the one with the same key, if each year has it only once."""
    if earlier not in profiles.years() or later not in profiles.years():
        return {}
    if profiles.corresponding(earlier, later) is Kind.QUESTION:
        return {code: code for code in profiles.profile(later).tree.codes(Kind.QUESTION)}
    before, after = _codes_by_key(earlier), _codes_by_key(later)
    return {before[key]: after[key] for key in before if key in after}


def _codes_by_key(year: int) -> dict[str, str]:
    """The question of a year that each key means, where there is only one."""
    meant = profiles.profile(year).guidance
    often = Counter(meant.values())
    return {key: code for code, key in meant.items() if often[key] == 1}


def wording(agency: str, code: str) -> int:
    """Which wording an agency gets for a question: a number that any list of wordings is taken modulo."""
    return crc32(f"{agency} {code}".encode())


def worded(texts: tuple[str, ...], number: int) -> str:
    """One of several wordings; no text where there are none."""
    return texts[number % len(texts)] if texts else ""
