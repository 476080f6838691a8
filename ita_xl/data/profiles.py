"""Fiscal years as data: structure, weights, levels, each number with its source and a verified mark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from msgspec import Struct, field

from ita_xl.data import HERE, catalogue, read_toml
from ita_xl.data.answers import Answers, Scale, Step
from ita_xl.domain.findings import Finding
from ita_xl.domain.levels import Level, level_problems
from ita_xl.domain.numbers import exact
from ita_xl.domain.tree import INSTRUMENTS, TOTAL, Kind, Node, Problem, Tree

STATUSES = ("proven", "assumed", "draft")
_OWN_CODES = "own codes"
_DEPTHS = {"none": None, **{kind.name.lower(): kind for kind in Kind}}


class ProfileError(ValueError):
    """A year file is wrong; each line says what and where."""


class Mark(Struct, frozen=True):
    """Where a number comes from (a sentence) and whether an official document or recomputing proves it."""

    source: str
    verified: bool


class Topic(Struct, frozen=True):
    """What an analysis must speak of. nodes: of the result that is analysed, the indicators that tell about it."""

    name: str
    nodes: tuple[str, ...]


class Profile(Struct, frozen=True):
    """One fiscal year (Buddhist era).

    status: proven, assumed (with a note) or draft (not verified: every user is told). continues: the
    deepest layer at which codes mean the same as in the year before; None if nothing does. guidance: the
    library's key for each question that it has texts for. topics: what an analysis that is published in this year
    must speak of, about the result of the year before; empty where nothing is known of that.
    answers: how its questionnaires are answered. answer_marks: by the scale, and "" for which question has which.
    """

    year: int
    status: str
    notes: Mapping[str, str]
    continues: Kind | None
    tree: Tree
    marks: Mapping[str, Mark]
    levels: tuple[Level, ...]
    level_marks: Mapping[str, Mark]
    guidance: Mapping[str, str]
    topics: tuple[Topic, ...] = ()
    topics_mark: Mark | None = None
    answers: Answers | None = None
    answer_marks: Mapping[str, Mark] = field(default_factory=dict)


@cache
def years() -> tuple[int, ...]:
    """Every year that ships with the package, ascending."""
    return tuple(sorted(int(path.stem) for path in (HERE / "years").glob("*.toml")))


@cache
def profile(year: int) -> Profile:
    """A shipped year. Raises `KeyError` for a year that does not ship."""
    if year not in years():
        raise KeyError(year)
    return parse(_data(year), f"{year}.toml")


def _data(year: int) -> Mapping[str, Any]:
    """What stands in a year's file. One that carries over another year has all that it does not name itself, and
    each number of it is marked as carried over."""
    own = read_toml(f"years/{year}.toml")
    if "carries" not in own:
        return own
    carried: dict[str, Any] = {**_data(own["carries"]), **own}
    for key in ("nodes", "questions", "levels"):
        carried[key] = [{**entry, "source": "carried", "verified": False} for entry in carried[key]]
    for key in ("analysis", "answers"):
        carried[key] = {**carried[key], "source": "carried", "verified": False}
    return carried


def corresponding(earlier: int, later: int) -> Kind | None:
    """The deepest layer at which a code means the same in both years; None if nothing does.

    A year that does not ship (a made-up scheme) is taken to keep the structure of the year before it.
    """
    depths = [profile(year).continues for year in years() if earlier < year <= later]
    return None if None in depths else max((d for d in depths if d is not None), default=Kind.QUESTION)


def parse(data: Mapping[str, Any], name: str) -> Profile:
    """Check a year's data and build the profile. Raises `ProfileError` with every problem found."""
    check = _Check(data)
    status = check.one_of("status", STATUSES)
    continues = check.one_of("continues", tuple(_DEPTHS))
    year = check.value(data, "year", int, "(file)")
    nodes, places, marks = check.nodes()
    levels, level_marks = check.levels()
    topics, topics_mark = check.topics()
    answers, answer_marks = check.answers()
    tree, problems = Tree.of(nodes)
    check.wrong.extend(_in_words(problems, places))
    check.wrong.extend(_in_words(level_problems(levels), [f"levels[{i}]" for i in range(len(levels))]))
    questions = [node.code for node in nodes if node.kind is Kind.QUESTION]
    meant = data.get("guidance", {})
    guidance = {code: code for code in questions} if meant == _OWN_CODES else meant
    for key, table in (("topics", data.get("topics", {})), ("guidance", guidance)):
        for code in [code for code in table if code not in questions]:
            check.wrong.append(f"{key}: {code} is no question of this year")
    if answers:
        check.wrong.extend(f"answers: {problem}" for problem in answers.problems(questions))
    if not check.wrong:
        check.wrong.extend(_weights_wrong(nodes))
    if check.wrong or tree is None:
        raise ProfileError("\n".join(f"{name}: {line}" for line in check.wrong))
    return Profile(
        year=year,
        status=status,
        notes={"th": data.get("note_th", ""), "en": data.get("note_en", "")},
        continues=_DEPTHS[continues],
        tree=tree,
        marks=marks,
        levels=tuple(levels),
        level_marks=level_marks,
        guidance=guidance,
        topics=topics,
        topics_mark=topics_mark,
        answers=answers,
        answer_marks=answer_marks,
    )


class _Check:
    """Reads the entries of a year's data; `wrong` collects what is missing or of the wrong kind, and where."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.wrong: list[str] = []

    def value(self, entry: Mapping[str, Any], key: str, kind: type | tuple[type, ...], place: str) -> Any:
        found = entry.get(key)
        if not isinstance(found, kind) or isinstance(found, bool) is not (kind is bool):
            self.wrong.append(f"{place}: {key} is {'missing' if found is None else f'wrong: {found!r}'}")
            return "" if kind is str else 0
        return found

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        found = self.data.get(key)
        if found not in allowed:
            self.wrong.append(f"{key}: {found!r} is none of {', '.join(allowed)}")
            return allowed[0]
        return str(found)

    def mark(self, entry: Mapping[str, Any], place: str) -> Mark:
        sources = self.data.get("sources", {})
        source = self.value(entry, "source", str, place)
        if source and source not in sources:
            self.wrong.append(f"{place}: source {source!r} is not listed under [sources]")
        return Mark(sources.get(source, ""), bool(self.value(entry, "verified", bool, place)))

    def nodes(self) -> tuple[list[Node], list[str], dict[str, Mark]]:
        """All nodes, the place of each in the file, and their marks by code."""
        nodes, places = [Node(TOTAL, Kind.TOTAL, "", None)], ["(total)"]
        marks: dict[str, Mark] = {}
        for number, entry in enumerate(self.data.get("nodes", [])):
            place = f"nodes[{number}] {entry.get('code')}"
            code, parent, name = (self.value(entry, key, str, place) for key in ("code", "parent", "name"))
            weight = exact(self.value(entry, "weight", (int, float), place)) if "weight" in entry else None
            nodes.append(Node(code, _kind_of(code), name, parent, weight))
            places.append(place)
            marks[code] = self.mark(entry, place)
        for number, entry in enumerate(self.data.get("questions", [])):
            place = f"questions[{number}] {entry.get('codes')}"
            mark = self.mark(entry, place)
            for code in self.codes(self.value(entry, "codes", str, place), place):
                topic = self.data.get("topics", {}).get(code, code)
                weight = exact(self.value(entry, "weight", (int, float), place)) if "weight" in entry else None
                nodes.append(Node(code, Kind.QUESTION, topic, entry.get("parent"), weight))
                places.append(place)
                marks[code] = mark
        return nodes, places, marks

    def codes(self, span: str, place: str) -> list[str]:
        """ "O34-O41" -> O34 ... O41."""
        match = re.fullmatch(r"([IEO])(\d+)(?:-\1(\d+))?", span)
        if not match or int(match[3] or match[2]) < int(match[2]):
            self.wrong.append(f"{place}: codes must be like O34-O41")
            return []
        return [f"{match[1]}{number}" for number in range(int(match[2]), int(match[3] or match[2]) + 1)]

    def levels(self) -> tuple[list[Level], dict[str, Mark]]:
        levels: list[Level] = []
        marks: dict[str, Mark] = {}
        for number, entry in enumerate(self.data.get("levels", [])):
            place = f"levels[{number}] {entry.get('name')}"
            name = self.value(entry, "name", str, place)
            least = Decimal(str(self.value(entry, "min_total", (int, float), place)))
            each = {}
            if "each_instrument" in entry:
                minimum = Decimal(str(self.value(entry, "each_instrument", (int, float), place)))
                each = dict.fromkeys(INSTRUMENTS, minimum)
            elif isinstance(given := entry.get("minimums"), dict):
                each = {code: Decimal(str(self.value(given, code, (int, float), place))) for code in given}
            levels.append(Level(name, least, each))
            marks[name] = self.mark(entry, place)
        if not levels:
            self.wrong.append("levels: there are none")
        return levels, marks

    def topics(self) -> tuple[tuple[Topic, ...], Mark | None]:
        """Those of an analysis, of this year's own or as in another year."""
        asked = self.data.get("analysis")
        if asked is None:
            return (), None
        mark = self.mark(asked, "analysis")
        if "as_in" in asked:
            return profile(self.value(asked, "as_in", int, "analysis")).topics, mark
        topics = []
        for number, entry in enumerate(asked.get("topics", [])):
            place = f"analysis.topics[{number}]"
            topics.append(
                Topic(self.value(entry, "name", str, place), tuple(self.value(entry, "nodes", list, place)))
            )
        return tuple(topics), mark

    def answers(self) -> tuple[Answers | None, dict[str, Mark]]:
        """How questionnaires are answered, all as in another year, or with scales of another one beside its own."""
        asked = self.data.get("answers")
        if asked is None:
            return None, {}
        marks = {"": self.mark(asked, "answers")}
        if "as_in" in asked:
            other = profile(self.value(asked, "as_in", int, "answers"))
            return other.answers, {**_unproven(other.answer_marks), **marks}
        scales: dict[str, Scale] = {}
        if "scales_of" in asked:
            other = profile(self.value(asked, "scales_of", int, "answers"))
            scales |= other.answers.scales if other.answers else {}
            marks = {**_unproven(other.answer_marks), **marks}
        for number, entry in enumerate(asked.get("scales", [])):
            place = f"answers.scales[{number}]"
            name = self.value(entry, "name", str, place)
            steps = [
                Step(exact(self.value(step, "points", (int, float), place)), tuple(step.get("words", ())))
                for step in self.value(entry, "steps", list, place)
            ]
            scales[name], marks[name] = Scale(name, tuple(steps)), self.mark(entry, place)
        usual = self.value(asked, "usual", str, "answers")
        yes_no, turned = (frozenset(asked.get(key, ())) for key in ("yes_no", "reversed"))
        return Answers(scales, usual, yes_no, turned, asked.get("parts", {})), marks


def _unproven(marks: Mapping[str, Mark]) -> dict[str, Mark]:
    """What is proven of one year is not of another."""
    return {key: Mark(mark.source, verified=False) for key, mark in marks.items()}


def _kind_of(code: str) -> Kind:
    if code in INSTRUMENTS:
        return Kind.INSTRUMENT
    return Kind.SUB_INDICATOR if "." in code else Kind.INDICATOR


def _in_words(problems: Iterable[Problem], places: list[str]) -> Iterator[str]:
    for problem in problems:
        yield f"{places[problem.index]}: {catalogue.message(Finding(problem.code, values=problem.values), 'en')}"


def _weights_wrong(nodes: Iterable[Node]) -> Iterator[str]:
    """Shipped instrument weights are percentages: they must add up to 100."""
    whole = sum((node.weight or Fraction(0) for node in nodes if node.parent == TOTAL), Fraction(0))
    if whole != 100:
        yield f"nodes: the instruments' weights add up to {whole}, not 100"
