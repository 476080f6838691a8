"""The whole import: sources read, understood, put beside a workbook, and written into it if that is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ita_xl import files
from ita_xl.case.inputs import Inputs
from ita_xl.data import profiles, say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Severity, Unusable
from ita_xl.domain.tree import TOTAL, Tree
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Port
from ita_xl.files import backups, locks
from ita_xl.importing.compare import Entry, Status, compared
from ita_xl.importing.found import Fact, Kind, NotUnderstood, Recognised
from ita_xl.importing.recognise import Wanted, recognise
from ita_xl.importing.source import Source
from ita_xl.importing.writing import WRITTEN, shown_value, write
from ita_xl.layout.labels import named
from ita_xl.reading.learning import may_learn
from ita_xl.reading.workbook import read_inputs

_OTHER_KINDS = re.compile(r"MOIT\s*\d|ITA\s*Online|สถานศึกษา|เขตพื้นที่การศึกษา|อาชีวศึกษา|โรงพยาบาลส่งเสริม|โรงพยาบาลศูนย์")
_SEARCHED = 60
_NAMED = 5


@dataclass(frozen=True)
class Wishes:
    """year: of figures whose source names none; 0 for the workbook's. agency: whose row counts in a table of
    several; empty for the workbook's. replace: codes, and titles of sheets, whose other value is to be
    replaced."""

    year: int = 0
    agency: str = ""
    replace: Sequence[str] = ()


@dataclass
class Preview:
    """What an import would do. inputs: of the workbook. findings: what a person should know of it."""

    inputs: Inputs
    entries: list[Entry] = field(default_factory=list)
    unclear: list[NotUnderstood] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many entries would be written."""
        return sum(entry.status in WRITTEN for entry in self.entries)


def preview(content: bytes, name: str, sources: Iterable[Source], wishes: Wishes = Wishes()) -> Preview:
    """What an import into a workbook would do; nothing is written. Raises `Unusable` for a workbook without year or
    structure, and for a source of another assessment, of shares of one, or with nothing to import."""
    return beside(Package(content, name), sources, wishes)


def store(path: Path, sources: Sequence[Source], day: str, wishes: Wishes = Wishes()) -> tuple[Preview, int]:
    """Import into a file; the old one is kept as a numbered backup. day: of today, in words. Gives also how many
    cells were filled. Raises `Unusable`, and then nothing is written."""
    content = files.read_package(path)
    locks.refuse_open(path)
    files.refuse_protected(path)
    port = Package(content, path.name)
    found = beside(port, sources, wishes)
    done = write(port, found.inputs, found.entries, day)
    if done:
        backups.replace_whole(path, port.to_bytes(), content)
    return found, done


def beside(port: Port, sources: Iterable[Source], wishes: Wishes = Wishes()) -> Preview:
    """The same for an open workbook."""
    inputs = read_inputs(port)
    if inputs.tree is None or not inputs.year:
        raise Unusable(*[finding for finding in inputs.findings if finding.severity is Severity.ERROR])
    agency = wishes.agency or inputs.about.get("agency", "")
    wanted = Wanted(inputs.tree, wishes.year or inputs.year, agency, learning=may_learn(inputs.year))
    found = Preview(inputs)
    facts: list[Fact] = []
    for source in sources:
        _refuse_other_kinds(source, inputs)
        told = recognise(source, wanted)
        _refuse(source, told, agency)
        facts += told.facts
        found.unclear += told.unclear
    found.entries = compared(port, inputs, facts, wishes.replace)
    found.findings = list(_findings(found))
    return found


def _refuse_other_kinds(source: Source, inputs: Inputs) -> None:
    """Schools and hospitals have assessments of like names. Raises `Unusable`, unless a person confirmed a
    structure of their own, or is a school."""
    agency = inputs.about.get("agency", "")
    for row in source.rows[:_SEARCHED]:
        named = _OTHER_KINDS.search(" ".join(row.cells))
        if named and not inputs.confirmed and named[0] not in agency and not _is_shipped_word(named[0], inputs):
            values = {"file": source.name, "value": named[0]}
            raise Unusable(Finding(Code.SOURCE_OF_OTHER_KIND, values=values))


def _is_shipped_word(word: str, inputs: Inputs) -> bool:
    """Whether the year's own names use the word."""
    assert inputs.tree is not None
    return any(word in node.name for node in inputs.tree.nodes.values())


def _refuse(source: Source, told: Recognised, agency: str) -> None:
    if told.shares:
        raise Unusable(Finding(Code.SHARES_IN_SOURCE, values={"file": source.name, "place": told.shares[0]}))
    if told.agencies and not told.facts:
        named = ", ".join(dict.fromkeys(told.agencies[:_NAMED]))
        values = {"file": source.name, "value": agency or "-", "agencies": named}
        raise Unusable(Finding(Code.SEVERAL_AGENCIES, values=values))
    if not told.facts:
        raise Unusable(Finding(Code.NOTHING_RECOGNISED, values={"file": source.name}))


def _findings(found: Preview) -> Iterator[Finding]:
    for entry in found.entries:
        fact = entry.fact
        values: dict[str, object] = {
            "what": what(fact, found.inputs.tree),
            "value": shown_value(fact.value),
            "code": fact.code,
        }
        values |= {"source": fact.source, "place": fact.place, "now": entry.now}
        if entry.status is Status.DIFFERS:
            yield Finding(Code.IMPORT_DIFFERS, entry.sheet, entry.cell, fact.code, values)
        elif entry.status is Status.TWICE:
            others = "; ".join(f"{shown_value(one.value)} ({one.source} {one.place})" for one in entry.others)
            yield Finding(Code.IMPORT_SAYS_TWO, entry.sheet, entry.cell, fact.code, {**values, "others": others})
        elif entry.status is Status.NO_PLACE:
            yield Finding(Code.IMPORT_WITHOUT_PLACE, question=fact.code, values=values)
    for one in found.unclear:
        values = {"source": one.source, "place": one.place, "value": one.text}
        yield Finding(Code.IMPORT_NOT_UNDERSTOOD, values=values)
    year = found.inputs.year
    if year in profiles.years() and profiles.profile(year).status == "draft" and not found.inputs.confirmed:
        notes = profiles.profile(year).notes
        yield Finding(Code.YEAR_NOT_VERIFIED, values={"year": year, "note": notes["th"], "note_en": notes["en"]})


def what(fact: Fact, tree: Tree | None) -> str:
    """A fact in words, without its value. tree: of the workbook, for the names of its nodes."""
    if fact.kind is Kind.COMMENT:
        return say("imports.what_comment", code=fact.code)
    known = tree is not None and fact.code in tree and tree[fact.code].name not in ("", fact.code)
    code = named(tree, fact.code) if tree is not None and known else fact.code
    code = "" if fact.kind is Kind.LEVEL or fact.code == TOTAL else code
    kind = say("words.total" if fact.code == TOTAL else f"imports.kinds.{fact.kind.value}")
    return " ".join(say("imports.what", kind=kind, code=code, year=fact.year).split())
