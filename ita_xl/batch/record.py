"""What a batch keeps of one workbook."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from ita_xl.batch.planned import Measure, last_of, plan_of, points, read_last, read_plan, text
from ita_xl.batch.scores import Scores
from ita_xl.case.outcome import Outcome, finding_json
from ita_xl.domain.findings import Finding, has_errors, ordered
from ita_xl.domain.thai import folded
from ita_xl.domain.tree import Kind

SHORTEST = 40
"""Letters from which on an identical text is no coincidence."""


class State(StrEnum):
    """What became of a workbook."""

    DONE = "done"
    FINDINGS = "findings"
    """converted, with findings of severity error"""
    FAILED = "failed"
    """nothing was written; its findings say why"""


@dataclass(frozen=True)
class Record:
    """Plain values only, so that it goes through pipes, journals and data frames. Scores are points 0-100 with two
    decimals as floats, None where unknown.

    source: the workbook's path. output: its result, below the output folder. modified: when the workbook was last
    changed (seconds since 1970). year: fiscal year, Buddhist era. instruments, indicators, questions: this year's
    scores by code, of questions only the known ones. weak: questions of the surveys below the workbook's own
    threshold. missing: open-data items that scored 0. changes: by earlier year, points of the total. next_level: as
    in the JSON document of one workbook (level, gap, path with gains, total_after). measures: how many the plan
    has, own_measures: those among them that people added. own_texts: where a text of some length stands that people
    wrote themselves, by a mark that equal texts share. mail: the first sheet's addresses.
    findings: as in JSON, most serious first. plan, last: this plan's measures with their steps, and last year's
    with how their scores moved (`planned`); None where that is not known: of a workbook without a usable year, and
    in what an earlier version kept.
    """

    source: str
    state: State
    output: str = ""
    modified: float = 0.0
    agency: str = ""
    agency_type: str = ""
    district: str = ""
    province: str = ""
    year: int = 0
    total: float | None = None
    level: str = ""
    instruments: Mapping[str, float | None] = field(default_factory=dict)
    indicators: Mapping[str, float | None] = field(default_factory=dict)
    questions: Mapping[str, float] = field(default_factory=dict)
    weak: Sequence[str] = ()
    missing: Sequence[str] = ()
    changes: Mapping[int, float] = field(default_factory=dict)
    next_level: Mapping[str, Any] | None = None
    measures: int = 0
    own_measures: int = 0
    own_texts: Mapping[str, str] = field(default_factory=dict)
    mail: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[Mapping[str, Any]] = ()
    plan: Sequence[Measure] | None = None
    last: Sequence[Measure] | None = None

    def as_json(self) -> dict[str, Any]:
        """The fields as plain values."""
        return {key: dict(value) if isinstance(value, Scores) else value for key, value in vars(self).items()}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Record:
        """The record that `as_json` gave, also after a way through JSON, which knows only texts as keys, and one of
        an earlier version. What agencies have in common, codes and names and scores, is in memory once: a country
        has thousands. Raises `ValueError`, `TypeError`, `KeyError` or `AttributeError` for what is none."""
        changes = {int(year): points(delta) for year, delta in document["changes"].items()}
        known = {"plan": read_plan(document.get("plan")), "last": read_last(document.get("last"))}
        common = {key: _SHARED[key](value) for key, value in document.items() if key in _SHARED}
        return cls(**{**document, **common, **known, "state": State(document["state"]), "changes": changes})

    def __reduce__(self) -> tuple[Callable[[str], Record], tuple[str]]:
        """From a worker it comes as it would from the journal."""
        return _unpacked, (json.dumps(self.as_json()),)


def _unpacked(document: str) -> Record:
    return Record.from_json(json.loads(document))


def _shared(value: Any) -> Any:
    """The same plain value, with its texts and numbers once in memory."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, float):
        return points(value)
    if isinstance(value, Mapping):
        return {text(key): _shared(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shared(each) for each in value]
    return value


_SHARED: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("instruments", "indicators", "questions"), Scores),
    **dict.fromkeys(("weak", "missing", "next_level", "findings"), _shared),
    **dict.fromkeys(("agency", "agency_type", "district", "province", "level"), text),
    "total": points,
    "own_texts": lambda value: {mark: text(place) for mark, place in value.items()},
}
"""How the fields are read of which agencies have the same."""


def record_of(outcome: Outcome, source: str, lang: str) -> Record:
    """The record of a workbook that was converted. lang: of the findings' messages."""
    figures = outcome.as_json(lang)
    about = outcome.inputs.about
    return Record(
        source,
        State.FINDINGS if has_errors(outcome.findings) else State.DONE,
        agency=about.get("agency", ""),
        agency_type=about.get("agency_type", ""),
        district=about.get("district", ""),
        province=about.get("province", ""),
        year=outcome.year,
        total=figures["total"],
        level=outcome.level_name,
        instruments=figures["instruments"],
        indicators={each["code"]: each["score"] for each in figures["indicators"]},
        questions=_questions(outcome) if outcome.years else {},
        weak=[code for codes in figures["below_threshold"].values() for code in codes],
        missing=figures["oit_missing"],
        changes={each["year"]: each["delta"] for each in figures["changes"]},
        next_level=figures["next_level"],
        measures=len(outcome.plan),
        own_measures=sum(one.own for one in outcome.plan),
        own_texts=_marked(outcome.own_texts),
        mail={key: about[key] for key in ("mail_to", "mail_cc", "mail_reply") if about.get(key)},
        findings=figures["findings"],
        plan=plan_of(outcome) if outcome.years else None,
        last=last_of(outcome) if outcome.years else None,
    )


def failed(source: str, findings: Sequence[Finding], lang: str) -> Record:
    """The record of a workbook of which nothing could be made."""
    return Record(source, State.FAILED, findings=[finding_json(finding, lang) for finding in ordered(findings)])


def _questions(outcome: Outcome) -> dict[str, float]:
    points = {code: outcome.points(outcome.year, code) for code in outcome.tree.codes(Kind.QUESTION)}
    return {code: float(value) for code, value in points.items() if value is not None}


def _marked(texts: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Where each text of some length stands, by its mark."""
    return {
        blake2b(folded(text).encode(), digest_size=8).hexdigest(): f"{sheet}!{cell}"
        for (sheet, cell), text in texts.items()
        if len(text) >= SHORTEST
    }
