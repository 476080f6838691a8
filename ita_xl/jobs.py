"""Whole jobs on files: what the command line and the batch do with one workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ita_xl import files, pipeline, signing
from ita_xl.case.outcome import Outcome
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.package.engine import Package
from ita_xl.files import backups, locks
from ita_xl.layout import FINDINGS, FORM, INPUTS, MEMORY, OUTPUTS
from ita_xl.reading.form import form_of
from ita_xl.reading.titles import find_sheets
from ita_xl.writing.memory import edited

if TYPE_CHECKING:
    from ita_xl.engines.by_openpyxl import OpenpyxlBook
    from ita_xl.engines.port import Port


def check(path: Path) -> Outcome:
    """Analyse a file without writing. Raises `Unusable`."""
    return pipeline.check(Package.open(path)).noting(locks.noted(path))


def outdated(path: Path) -> list[str]:
    """Titles of the sheets of results, the list of findings aside, that a run would change now; nothing is written.
    Raises `Unusable`."""
    port = Package.open(path)
    listed = find_sheets(port)[0].get(FINDINGS.key)
    return [title for title in pipeline.outdated(port) if title != listed]


def run(path: Path, output: Path | None = None, engine: str = "package") -> Outcome:
    """Analyse a file and write the result into it, or into another one. Raises `Unusable`, and then
    writes nothing.

    Written in place, the old file is kept as a numbered backup beside it; a result that equals the file
    is not written at all, and neither is one over what somebody saved meanwhile. engine: "package" or "openpyxl";
    the latter needs an output, and refuses what it would damage.
    """
    content = files.read_package(path)
    locks.refuse_open(output or path)
    files.refuse_protected(output or path)
    standing = _standing(output) if output else content
    outcome, made = convert(content, path.name, locks.noted(path), engine, seal=output is not None)
    if output:
        files.replace(output, made, standing)
    else:
        backups.replace_whole(path, made, content, form_left(outcome))
    return outcome


def sign(path: Path, day: str, person: str) -> Outcome:
    """Run a file and keep in it what is signed. day: empty for what the first sheet says; person: the same.

    Raises `Unusable`, also for a workbook with errors and for one that is signed already, and then writes nothing.
    """
    return _in_place(path, lambda port: signing.sign(port, day, person, locks.noted(path)))


def unsign(path: Path, today: dt.date, reason: str) -> Outcome:
    """Run a file that no longer counts as signed. Raises `Unusable`, also for one that was not."""
    return _in_place(path, lambda port: signing.unsign(port, today, reason, locks.noted(path)))


def _in_place(path: Path, work: Callable[[Port], Outcome]) -> Outcome:
    """Do something to a file; the old one is kept as a numbered backup. Raises `Unusable`."""
    content = files.read_package(path)
    locks.refuse_open(path)
    files.refuse_protected(path)
    port = Package(content, path.name)
    outcome = work(port)
    backups.replace_whole(path, port.to_bytes(), content, form_left(outcome))
    return outcome


def form_left(outcome: Outcome) -> int:
    """The form that a run brings a workbook out of; 0 if it has ours already."""
    form = outcome.inputs.form
    return form if outcome.years and form < FORM else 0


def convert(
    content: bytes, name: str, known: Iterable[Finding] = (), engine: str = "package", *, seal: bool = False
) -> tuple[Outcome, bytes]:
    """The result of a workbook, and the workbook with it. Raises `Unusable`.

    known: findings of the caller's own. seal: with a digest on the very hidden sheet, by which `refuse_replacing`
    knows whether anybody changed it since.
    """
    port = _by_openpyxl(content, name) if engine == "openpyxl" else Package(content, name)
    outcome = pipeline.run(port, known)
    if not seal or MEMORY.key not in outcome.inputs.titles:
        return outcome, port.to_bytes()
    package = port if isinstance(port, Package) else Package(port.to_bytes(), name)
    field = MEMORY.field("seal")
    return outcome, package.to_bytes((outcome.inputs.titles[MEMORY.key], field.row, field.column))


def next_year(port: Port, name: str) -> tuple[str, bytes, list[Finding]]:
    """Next year's workbook from an open one: a file name, its content, and what was not carried over.

    name: of the workbook, for messages. Raises `Unusable`, also for a year that we do not know.
    """
    from ita_xl import carry  # makes workbooks, which a run does not: slow to import
    from ita_xl.new import new

    last = carry.last_year(port, name)
    year = last.year + 1
    if year not in profiles.years():
        raise Unusable(
            Finding(Code.YEAR_UNKNOWN, values={"year": year, "years": ", ".join(map(str, profiles.years()))})
        )
    profile = profiles.profile(year)
    carried = carry.carry(last, profile)
    made = new(profile, {}, carried.entries, carried.kept)
    return f"ITA-{year}.xlsx", files.compact(made.to_bytes()), carried.findings


def draft_mail(content: bytes, name: str) -> tuple[str, bytes, list[Finding]]:
    """A draft of the e-mail that carries a workbook, to those whom its first sheet names: a file name, its content,
    and findings.

    name: of the workbook. Raises `Unusable`, also for a workbook with findings of severity error.
    """
    from ita_xl.mail.prepare import prepare

    prepared = prepare(content, name)
    return Path(name).with_suffix(".eml").name, prepared.message.draft(), prepared.findings


def _standing(output: Path) -> bytes | None:
    """What an output will replace; None for nothing. Raises `Unusable` if that must stay."""
    standing = files.standing(output)
    if standing is not None:
        refuse_replacing(standing, output.name)
    return standing


def _by_openpyxl(content: bytes, name: str) -> OpenpyxlBook:
    """The workbook held by openpyxl, which must not save what it would drop. Raises `Unusable`."""
    from ita_xl.engines import losses
    from ita_xl.engines.by_openpyxl import OpenpyxlBook  # slow to import, and not the usual engine

    port = OpenpyxlBook(content, name)
    lost = losses.losses_of(content, port.sheets())
    titles, _ = find_sheets(port)
    for sheet in (*INPUTS, *OUTPUTS):
        if sheet.key in titles and sheet is not FINDINGS:  # whose formulas are ours
            grid = port.read(titles[sheet.key])
            lost.extend(losses.formulas_in_tables(sheet, titles[sheet.key], grid))
    if lost:
        raise Unusable(Finding(Code.OPENPYXL_WOULD_LOSE, values={"file": name}), *lost)
    return port


def refuse_replacing(standing: bytes, name: str) -> None:
    """An existing output may be replaced only if it is just as we left it. Raises `Unusable`."""
    try:
        old = Package(files.checked_package(standing, name), name)
        titles, _ = find_sheets(old)
    except Unusable:
        raise Unusable(Finding(Code.FILE_NOT_OURS, values={"file": name})) from None
    form_of(old, titles)
    if MEMORY.key not in titles:
        raise Unusable(Finding(Code.FILE_NOT_OURS, values={"file": name}))
    field = MEMORY.field("seal")
    if old.read(titles[MEMORY.key]).at(field.row, field.column) != old.digest(titles[MEMORY.key]):
        place = next(edited(old, titles), None)
        where = {"in_sheet": place[0], "at": place[1]} if place else {"in_sheet": "-", "at": "-"}
        raise Unusable(Finding(Code.RESULT_EDITED, values={"file": name, **where}))
