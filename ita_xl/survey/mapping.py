"""The matching as a file beside the answers, which a person may correct and the next run reads again."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ita_xl import files
from ita_xl.data import say
from ita_xl.data.answers import Scale, Step
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.numbers import exact
from ita_xl.survey.matching import USES, Asked, Matching

_DOUBLES = ("last", "first", "all")


def beside(answers: Path) -> Path:
    return answers.with_suffix(".mapping.toml")


def written(matching: Matching) -> str:
    """The file's text: nobody's answers are in it."""
    return "\n".join(_lines(matching)) + "\n"


def _lines(matching: Matching) -> Iterator[str]:
    yield from (f"# {line}" for line in say("survey.mapping.intro").strip().splitlines())
    yield f"year = {matching.year}"
    yield f"minimum = {matching.minimum}"
    yield f"doubles = {_quoted(matching.doubles)}"
    yield ""
    yield f"# {say('survey.mapping.scales')}"
    for scale in matching.scales.values():
        yield f"[scales.{_quoted(scale.name)}]"
        for step in scale.steps:
            points = int(step.points) if step.points.denominator == 1 else float(step.points)
            yield from (f"{_quoted(word)} = {points}" for word in step.words)
        yield ""
    for column in matching.columns:
        yield "[[columns]]"
        yield f"heading = {_quoted(column.heading)}"
        yield f"code = {_quoted(column.code)}"
        if column.code:
            yield f"scale = {_quoted(column.scale)}"
            yield f"reversed = {str(column.reversed).lower()}"
        else:
            yield f"use = {_quoted(column.use)}"
        yield ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "")


def corrected(fresh: Matching, content: bytes, name: str, codes: Sequence[str]) -> Matching:
    """The matching as the file has it; columns that the file does not name are as we matched them. codes: of the
    year's questions. Raises `Unusable`."""
    try:
        return _corrected(fresh, tomllib.loads(files.decoded(content)[0]), codes)
    except ValueError as error:
        raise Unusable(Finding(Code.SURVEY_MAPPING_WRONG, values={"file": name, "detail": str(error)})) from error


class _Wrong(ValueError):
    """What is wrong in a mapping, in words."""


def _corrected(fresh: Matching, data: Mapping[str, Any], codes: Sequence[str]) -> Matching:
    scales = dict(fresh.scales)
    for name, words in _checked(data, "scales", dict, {}).items():
        scales[name] = _scale(name, words)
    said: dict[str, list[Asked]] = defaultdict(list)
    for number, entry in enumerate(_checked(data, "columns", list, []), 1):
        one = _column(entry, f"columns {number}", scales, codes)
        said[one.heading].append(one)
    columns, parts = [], dict[str, int]()
    for column in fresh.columns:
        # Columns with the same heading are told apart by their order.
        now = said[column.heading].pop(0) if said[column.heading] else column
        if now.code:
            parts[now.code] = parts.get(now.code, 0) + 1
            now = replace(now, part=parts[now.code])
        columns.append(now)
    doubles = _checked(data, "doubles", str, "last")
    if doubles not in _DOUBLES:
        raise _Wrong(f"doubles: {doubles}")
    minimum = _checked(data, "minimum", int, fresh.minimum)
    return Matching(_checked(data, "year", int, fresh.year), columns, scales, max(1, minimum), doubles)


def _checked(data: Mapping[str, Any], key: str, kind: type, otherwise: Any) -> Any:
    found = data.get(key, otherwise)
    if not isinstance(found, kind):
        raise _Wrong(f"{key}: {found!r}")
    return found


def _scale(name: str, words: object) -> Scale:
    if not isinstance(words, dict):
        raise _Wrong(f"scales.{name}")
    by_points: dict[float, list[str]] = defaultdict(list)
    for word, points in words.items():
        if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points <= 100:
            raise _Wrong(f"scales.{name} {word}: {points!r}")
        by_points[points].append(word)
    if len(by_points) < 2:
        raise _Wrong(f"scales.{name}")
    return Scale(name, tuple(Step(exact(points), tuple(by_points[points])) for points in sorted(by_points)))


def _column(entry: object, place: str, scales: Mapping[str, Scale], codes: Sequence[str]) -> Asked:
    if not isinstance(entry, dict):
        raise _Wrong(place)
    heading, code = _checked(entry, "heading", str, ""), _checked(entry, "code", str, "").strip().upper()
    if not code:
        use = _checked(entry, "use", str, "")
        if use not in USES:
            raise _Wrong(f"{place} use: {use}")
        return Asked(heading, use=use)
    if code not in codes:
        raise _Wrong(f"{place} code: {code}")
    scale = _checked(entry, "scale", str, "")
    if scale not in scales:
        raise _Wrong(f"{place} scale: {scale}")
    return Asked(heading, code, scale=scale, reversed=_checked(entry, "reversed", bool, False), how="mapping")
