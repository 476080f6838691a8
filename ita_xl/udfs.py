"""Worksheet functions and macros for whoever has xlwings' own add-in: its UDF Modules are to name `ita_xl.udfs`.

They say what the functions of our own add-in say. Where those show #N/A or #VALUE!, a sentence stands in the cell:
xlwings hands on the text of an error, not its kind. Nothing but xlwings imports this module.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import xlwings as xw

from ita_xl import live_jobs, pipeline
from ita_xl.data import catalogue, profiles, say
from ita_xl.data.profiles import Profile
from ita_xl.domain.findings import Unusable, ordered
from ita_xl.domain.levels import Level, judge
from ita_xl.domain.numbers import FULL, HALF_UNIT, exact
from ita_xl.domain.paths import next_level
from ita_xl.domain.ranking import dense_ranks, highest_first
from ita_xl.domain.scoring import UNKNOWN, Given, NodeScore, Scores, Source, score_tree
from ita_xl.domain.thai import parse_code
from ita_xl.domain.tree import INSTRUMENTS, TOTAL
from ita_xl.engines.live.engine import Live
from ita_xl.layout.labels import meant_code

Cell = Any
"""What a cell holds: a number, a text, None where it is blank."""
Cells = Sequence[Sequence[Cell]]
"""The rows of a range."""


class NotKnown(ValueError):
    """A figure is missing without which nothing can be said."""

    def __init__(self) -> None:
        super().__init__(say("udf.not_known"))


class Wrong(ValueError):
    """What was given is no score, no code or no year."""

    def __init__(self, given: Cell) -> None:
        super().__init__(say("udf.wrong", value=given))


def _exposed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Hand a function to xlwings with its Thai help. Parameters named in the plural are ranges."""
    function.__doc__ = say(f"udf.{function.__name__}.about")
    function.__annotations__ = {}  # xlwings takes them for its converters
    for name in inspect.signature(function).parameters:
        shape = {"ndim": 2} if name.endswith("s") else {}
        if name != "caller":
            function = xw.arg(name, doc=say(f"udf.{function.__name__}.{name}"), **shape)(function)
    handed: Callable[..., Any] = xw.func(category="ITA")(function)
    return handed


@_exposed
def ITA_LEVEL(total: Cell, iit: Cell, eit: Cell, oit: Cell, year: Cell) -> str:  # noqa: N802 (as in Excel)
    return _reached(_profile(year), total, iit, eit, oit)[1].name


@_exposed
def ITA_GAP(total: Cell, iit: Cell, eit: Cell, oit: Cell, year: Cell) -> float:  # noqa: N802
    profile = _profile(year)
    scores, level = _reached(profile, total, iit, eit, oit)
    following = next_level(profile.tree, scores, profile.levels, level)
    return float(following.gap) if following else 0.0


@_exposed
def ITA_SCORE(codes: Cells, points: Cells, year: Cell, code: Cell = TOTAL) -> float:  # noqa: N802
    profile = _profile(year)
    given = {found: Given(score) for found, score in _pairs(codes, points, {*profile.tree.nodes})}
    wanted = parse_code(meant_code(str(code)), {*profile.tree.nodes}).code
    if wanted is None:
        raise Wrong(code)
    shown = score_tree(profile.tree, given)[wanted].shown
    if shown is None:
        raise NotKnown
    return float(shown)


@_exposed
def ITA_RANK(codes: Cells, points: Cells, highest: Cell = False) -> list[list[Cell]]:  # noqa: N802
    known = {code: Given(score) for code, score in _pairs(codes, points)}
    scores = {code: NodeScore(one.value, None, HALF_UNIT, Source.GIVEN).points for code, one in known.items()}
    told = {code: score for code, score in scores.items() if score is not None}
    ranked = highest_first([*told], told) if highest else dense_ranks(told, told)
    return [[one.rank, one.code, float(one.score)] for one in ranked]


@_exposed
def ITA_FINDINGS(caller: Any) -> list[list[str]]:  # noqa: N802
    try:
        findings = pipeline.check(Live(caller.sheet.book)).findings
    except Unusable as error:
        findings = list(error.findings)
    rows = [
        [str(f.code), f"{f.sheet} {f.cell}".strip(), catalogue.message(f), catalogue.hint(f)]
        for f in ordered(findings)
    ]
    return rows or [["", "", say("udf.no_findings"), ""]]


def _profile(year: Cell) -> Profile:
    if year in (None, ""):
        raise NotKnown
    if isinstance(year, bool) or not isinstance(year, int | float) or year != int(year):
        raise Wrong(year)
    if int(year) not in profiles.years():
        raise NotKnown
    return profiles.profile(int(year))


def _score(value: Cell) -> NodeScore:
    if value in (None, ""):
        return UNKNOWN
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(value)
    points = exact(value)
    if not -HALF_UNIT <= points < FULL + HALF_UNIT:
        raise Wrong(value)
    return NodeScore(points, None, HALF_UNIT, Source.STATED)


def _reached(profile: Profile, *given: Cell) -> tuple[Scores, Level]:
    """The scores, and the level that they reach."""
    known = dict(zip((TOTAL, *INSTRUMENTS), map(_score, given), strict=True))
    scores = {code: known.get(code, UNKNOWN) for code in profile.tree.nodes}
    level = judge(profile.levels, scores).level
    if level is None:
        raise NotKnown
    return scores, level


def _pairs(codes: Cells, points: Cells, known: set[str] | None = None) -> Iterator[tuple[str, Any]]:
    """Each code with its score; rows without one of them are passed over. known: the codes that there are."""
    names = [cell for row in codes for cell in row]
    values = [cell for row in points for cell in row]
    if len(names) != len(values):
        raise Wrong(f"{len(names)} ≠ {len(values)}")
    for name, value in zip(names, values, strict=True):
        stated = _score(value).stated
        if name not in (None, "") and stated is not None:
            text = f"{name:g}" if isinstance(name, float) else str(name)
            code = parse_code(meant_code(text), known).code if known else text
            if code is None:
                raise Wrong(name)
            yield code, stated


@xw.sub
def ITA_VALIDATE() -> None:  # noqa: N802
    live_jobs.attach("validate", show=True)


@xw.sub
def ITA_COMPUTE() -> None:  # noqa: N802
    live_jobs.attach("compute", show=True)


@xw.sub
def ITA_REPORT() -> None:  # noqa: N802
    live_jobs.attach("report", show=True)


@xw.sub
def ITA_HAND_OUT() -> None:  # noqa: N802
    live_jobs.attach("hand-out", show=True)


@xw.sub
def ITA_COLLECT() -> None:  # noqa: N802
    live_jobs.attach("collect", show=True)


@xw.sub
def ITA_NEXT_YEAR() -> None:  # noqa: N802
    live_jobs.attach("next-year", show=True)


@xw.sub
def ITA_DRAFT_MAIL() -> None:  # noqa: N802
    live_jobs.attach("draft-mail", show=True)
