"""The whole survey: answers read, matched, scored, and written onto sheets of their own if that is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ita_xl import files, jobs
from ita_xl.case.inputs import Inputs
from ita_xl.data import answers as scales
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Severity, Unusable
from ita_xl.domain.thai import folded
from ita_xl.engines.package.engine import Package
from ita_xl.files import backups, locks
from ita_xl.importing.subjects import years_in
from ita_xl.layout import MEMORY
from ita_xl.reading.workbook import read_inputs
from ita_xl.survey import mapping, sheet
from ita_xl.survey.answers import Answers
from ita_xl.survey.matching import Matching, matched, questions_of
from ita_xl.survey.scales import no_answers
from ita_xl.survey.scoring import Scores, findings, scored

_MOST_TEXTS = 2_000


@dataclass(frozen=True)
class Wishes:
    """year: that the answers are of, if a person vouches for it; 0 for whatever the file says. texts: what people
    wrote comes into the workbook too. mapping: a person's mapping and its name; None for none."""

    year: int = 0
    texts: bool = False
    mapping: tuple[bytes, str] | None = None


@dataclass
class Survey:
    """inputs: of the workbook. scores: None before they are wanted."""

    inputs: Inputs
    matching: Matching
    scores: Scores
    findings: list[Finding] = field(default_factory=list)


def match(content: bytes, name: str, answers: Answers, wishes: Wishes = Wishes()) -> Matching:
    """Which question each column answers. Raises `Unusable` for a workbook without year or structure, for answers
    of another year, and where nothing matches."""
    return _match(read_inputs(Package(content, name)), answers, wishes)


def preview(content: bytes, name: str, answers: Answers, wishes: Wishes = Wishes()) -> Survey:
    """The scores of a survey; nothing is written. Raises `Unusable` also where the answers cannot be used."""
    return _survey(Package(content, name), answers, wishes)


def store(path: Path, output: Path | None, answers: Answers, day: str, wishes: Wishes = Wishes()) -> Survey:
    """Write a survey into a workbook, of which the old one is kept as a numbered backup, or into a copy. day: of
    today, in words. Raises `Unusable`, and then nothing is written."""
    content = files.read_package(path)
    locks.refuse_open(output or path)
    files.refuse_protected(output or path)
    standing = files.standing(output) if output else None
    if output and standing is not None:
        jobs.refuse_replacing(standing, output.name)
    port = Package(content, path.name)
    found = _survey(port, answers, wishes)
    texts = _texts(answers, found.matching) if wishes.texts else []
    told = {"file": answers.name, "day": day}
    sheet.write(port, found.inputs, found.scores, found.matching.minimum, told, texts)
    if output:
        title, seal = found.inputs.titles.get(MEMORY.key), MEMORY.field("seal")
        files.replace(output, port.to_bytes((title, seal.row, seal.column) if title else None), standing)
    else:
        backups.replace_whole(path, port.to_bytes(), content)
    return found


def _survey(port: Package, answers: Answers, wishes: Wishes) -> Survey:
    inputs = read_inputs(port)
    matching = _match(inputs, answers, wishes)
    found = Survey(inputs, matching, scored(answers, matching))
    found.findings = [*findings(found.scores, matching, _expected(inputs, matching)), *_not_verified(inputs.year)]
    return found


def _match(inputs: Inputs, answers: Answers, wishes: Wishes) -> Matching:
    if inputs.tree is None or not inputs.year:
        raise Unusable(*[finding for finding in inputs.findings if finding.severity is Severity.ERROR])
    matching = matched(answers.headings, inputs.tree, inputs.year, _year_of_scales(inputs.year))
    if wishes.mapping:
        matching = mapping.corrected(matching, *wishes.mapping, questions_of(inputs.tree))
    other = list(_signs_of_other_year(inputs.year, answers, matching, wishes))
    if other:
        values = {"file": answers.name, "year": inputs.year, "value": ", ".join(other)}
        raise Unusable(Finding(Code.SURVEY_OF_OTHER_YEAR, values=values))
    if not matching.codes:
        values = {"file": answers.name, "year": inputs.year}
        raise Unusable(Finding(Code.SURVEY_MATCHES_NOTHING, values=values))
    return matching


def _year_of_scales(year: int) -> scales.Answers:
    """How questionnaires of a year are answered; of one that does not ship, as in the year before it."""
    known = max((one for one in profiles.years() if one <= year), default=profiles.years()[0])
    found = profiles.profile(known).answers
    assert found is not None, known
    return found


def _signs_of_other_year(year: int, answers: Answers, matching: Matching, wishes: Wishes) -> Iterator[str]:
    if wishes.year and wishes.year != year:
        yield str(wishes.year)
    if wishes.year == year:
        return
    if wishes.mapping:
        if matching.year != year:
            yield str(matching.year)
        return
    yield from matching.unknown
    named = {one for heading in answers.headings for one in years_in(heading)}
    if named and year not in named:
        yield from map(str, sorted(named))


def _expected(inputs: Inputs, matching: Matching) -> dict[str, int]:
    parts = _year_of_scales(inputs.year).parts
    return {code: parts.get(code, 1) for code in matching.codes}


def _not_verified(year: int) -> Iterator[Finding]:
    """Where nobody has seen what an answer is worth. The lists of reversed questions are shown in the mapping."""
    if year not in profiles.years() or profiles.profile(year).status == "draft":
        yield Finding(Code.SURVEY_SCALE_NOT_VERIFIED, values={"year": year})


def _texts(answers: Answers, matching: Matching) -> list[str]:
    """What people wrote, in the order of letters, so that it does not tell who wrote it."""
    written = {text for at in matching.used_as("text") for text in answers.table[at] if text}
    return sorted(text for text in written if folded(text) not in no_answers())[:_MOST_TEXTS]
