"""Fiscal years as data: structure, weights, levels, each number with its source and a verified mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from ita_xl.data import catalogue, read_toml
from ita_xl.domain.findings import Finding
from ita_xl.domain.levels import Level, level_problems
from ita_xl.domain.numbers import exact
from ita_xl.domain.tree import INSTRUMENTS, TOTAL, Kind, Node, Problem, Tree

STATUSES = ("proven", "assumed", "draft")
_DEPTHS = {"none": None, **{kind.name.lower(): kind for kind in Kind}}


class ProfileError(ValueError):
    """A year file is wrong; each line says what and where."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a number comes from (a sentence) and whether an official document or recomputing proves it."""

    source: str
    verified: bool


@dataclass(frozen=True)
class Profile:
    """One fiscal year (Buddhist era).

    status: proven, assumed (with a note) or draft (not verified: every user is told). continues: the
    deepest layer at which codes mean the same as in the year before; None if nothing does.
    """

    year: int
    status: str
    notes: Mapping[str, str]
    continues: Kind | None
    tree: Tree
    marks: Mapping[str, Mark]
    levels: tuple[Level, ...]
    level_marks: Mapping[str, Mark]
    publishes: Mapping[str, str]


@cache
def years() -> tuple[int, ...]:
    """Every year that ships with the package, ascending."""
    found = files("ita_xl.data").joinpath("years").iterdir()
    return tuple(sorted(int(f.name[:4]) for f in found if f.name.endswith(".toml")))


@cache
def profile(year: int) -> Profile:
    """A shipped year. Raises `KeyError` for a year that does not ship."""
    if year not in years():
        raise KeyError(year)
    return parse(read_toml(f"years/{year}.toml"), f"{year}.toml")


def corresponding(earlier: int, later: int) -> Kind | None:
    """The deepest layer at which a code means the same in both years; None if unknown.

    A year that does not ship (a made-up scheme) is taken to keep its own structure over the years.
    """
    if later not in years() or earlier not in years():
        return Kind.QUESTION
    depths = [profile(year).continues for year in range(earlier + 1, later + 1)]
    return None if None in depths else max((d for d in depths if d is not None), default=Kind.QUESTION)


def parse(data: Mapping[str, Any], name: str) -> Profile:
    """Check a year's data and build the profile. Raises `ProfileError` with every problem found."""
    wrong: list[str] = []
    sources = data.get("sources", {})
    places: list[str] = ["(total)"]
    nodes = [Node(TOTAL, Kind.TOTAL, "", None)]
    marks: dict[str, Mark] = {}

    def mark(entry: Mapping[str, Any], place: str) -> Mark:
        if entry.get("source") not in sources:
            wrong.append(f"{place}: source {entry.get('source')!r} is not listed under [sources]")
        if not isinstance(entry.get("verified"), bool):
            wrong.append(f"{place}: verified must be true or false")
        return Mark(sources.get(entry.get("source"), ""), bool(entry.get("verified")))

    for number, entry in enumerate(data.get("nodes", [])):
        place = f"nodes[{number}] {entry.get('code')}"
        weight = exact(entry["weight"]) if "weight" in entry else None
        nodes.append(Node(entry["code"], _kind_of(entry["code"]), entry["name"], entry["parent"], weight))
        places.append(place)
        marks[entry["code"]] = mark(entry, place)
    for number, entry in enumerate(data.get("questions", [])):
        place = f"questions[{number}] {entry.get('codes')}"
        one_mark = mark(entry, place)
        for code in _expand(entry["codes"]):
            name_th = data.get("topics", {}).get(code, code)
            nodes.append(Node(code, Kind.QUESTION, name_th, entry.get("parent")))
            places.append(place)
            marks[code] = one_mark

    levels, level_marks = [], {}
    for number, entry in enumerate(data.get("levels", [])):
        each = {i: Decimal(entry["each_instrument"]) for i in INSTRUMENTS} if "each_instrument" in entry else {}
        levels.append(Level(entry["name"], Decimal(str(entry["min_total"])), each))
        level_marks[entry["name"]] = mark(entry, f"levels[{number}] {entry['name']}")

    if data.get("status") not in STATUSES:
        wrong.append(f"status: {data.get('status')!r} is none of {', '.join(STATUSES)}")
    if data.get("continues") not in _DEPTHS:
        wrong.append(f"continues: {data.get('continues')!r} is none of {', '.join(_DEPTHS)}")
    tree, problems = Tree.of(nodes)
    wrong.extend(_in_words(problems, places))
    wrong.extend(_in_words(level_problems(levels), [f"levels[{i}]" for i in range(len(levels))]))
    wrong.extend(_weights_wrong(data))
    if wrong or tree is None:
        raise ProfileError("\n".join(f"{name}: {line}" for line in wrong))
    return Profile(
        year=data["year"],
        status=data["status"],
        notes={"th": data.get("note_th", ""), "en": data.get("note_en", "")},
        continues=_DEPTHS[data["continues"]],
        tree=tree,
        marks=marks,
        levels=tuple(levels),
        level_marks=level_marks,
        publishes=data.get("publishes", {}),
    )


def _kind_of(code: str) -> Kind:
    if code in INSTRUMENTS:
        return Kind.INSTRUMENT
    return Kind.SUB_INDICATOR if "." in code else Kind.INDICATOR


def _expand(codes: str) -> Iterator[str]:
    """ "O34-O41" -> O34 ... O41."""
    first, _, last = codes.partition("-")
    letter = first[0]
    for number in range(int(first[1:]), int((last or first).removeprefix(letter)) + 1):
        yield f"{letter}{number}"


def _in_words(problems: Iterable[Problem], places: list[str]) -> Iterator[str]:
    for problem in problems:
        yield f"{places[problem.index]}: {catalogue.message(Finding(problem.code, values=problem.values), 'en')}"


def _weights_wrong(data: Mapping[str, Any]) -> Iterator[str]:
    """Shipped instrument weights are percentages: they must add up to 100."""
    weights = [exact(n.get("weight", 0)) for n in data.get("nodes", []) if n.get("parent") == TOTAL]
    whole = sum(weights, Fraction(0))
    if whole != 100:
        yield f"nodes: the instruments' weights add up to {whole}, not 100"
