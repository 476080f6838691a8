"""What the window's buttons do with a workbook file. No widget is known here: a task asks, works, and says what
came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ita_xl import files, jobs, log
from ita_xl.case.outcome import Outcome
from ita_xl.data import profiles, say
from ita_xl.domain.codes import Code
from ita_xl.domain.days import in_words
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.package.engine import Package
from ita_xl.files import backups, locks

if TYPE_CHECKING:
    from ita_xl.importing.source import Source
    from ita_xl.layout.keys import FieldKey


class Question(Struct, frozen=True):
    """What a person is to say yes or no to. heads, rows: of the table that is shown with it, if there is one."""

    title: str
    text: str
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


class Done(Struct, frozen=True):
    """What came of a task. closing: a sentence that says what was done. results: files and folders that can be
    opened. workbook: the one to go on with, if it is another."""

    findings: Sequence[Finding] = ()
    outcome: Outcome | None = None
    closing: str = ""
    results: Sequence[Path] = ()
    workbook: Path | None = None


_BUDDHIST = 543

Ask = Callable[[Question], bool]
"""Asks a person; gives whether the answer is yes."""

Task = Callable[[Ask], Done]


def carried_out(task: Task, name: str, ask: Ask) -> Done:
    """Do a task. What goes wrong is told as findings, and what the program itself did wrong is in the log that they
    name. name: of the task, for the log. Never raises."""
    try:
        return task(ask)
    except Unusable as error:
        return Done([_logged(finding, error, name) for finding in error.findings])
    except Exception as error:
        return failed(error, name)


def failed(error: BaseException, name: str) -> Done:
    """What is said of a mistake of ours."""
    values = {"log": log.write(error, f"window: {name}")}
    return Done([Finding(Code.PROGRAM_FAILED_WORKBOOK_UNCHANGED, values=values)])


def _logged(finding: Finding, error: Unusable, name: str) -> Finding:
    """The finding with the log's name, where there is more to tell than it says."""
    if error.__cause__ is None:
        return finding
    return replace(finding, values={**finding.values, "log": log.write(error, f"window: {name}")})


def year_of_results(day: dt.date | None = None) -> int:
    """The year of which a result is most likely there: it comes out towards the end of the fiscal year, in the
    calendar year of the same number. day: today, if none is named."""
    known = profiles.years()
    return max(min(known), min(max(known), (day or _today()).year + _BUDDHIST))


def new(target: Path, year: int, about: Mapping[FieldKey, str]) -> Done:
    """Make a workbook of that year. about: fields of its first sheet. Raises `Unusable`, also for a name in use."""
    from ita_xl.new import new as make  # draws workbooks: slow to import

    locks.refuse_open(target)
    if files.standing(target) is not None:
        raise Unusable(Finding(Code.FILE_EXISTS, values={"file": target.name}))
    profile = profiles.profile(year)
    made = make(profile, {key: value for key, value in about.items() if value})
    files.replace(target, files.compact(made.to_bytes()), None)
    findings = []
    if profile.status == "draft":
        note = {"year": year, "note": profile.notes["th"], "note_en": profile.notes["en"]}
        findings.append(Finding(Code.YEAR_NOT_VERIFIED, values=note))
    return Done(findings, closing=say("window.made", file=target.name), results=[target], workbook=target)


def _validate(path: Path, ask: Ask) -> Done:
    outcome = jobs.check(path)
    return Done(outcome.findings, outcome, say("window.checked"))


def _compute(path: Path, ask: Ask) -> Done:
    outcome = jobs.run(path)
    return Done(outcome.findings, outcome, say("window.computed", file=path.name), [path])


def _report(path: Path, ask: Ask) -> Done:
    from ita_xl.report import making  # what draws documents is slow to import

    made, findings = making.make(path, None, making.Wishes())
    names = ", ".join(one.name for one in made)
    return Done(findings, closing=say("live.reported", files=names, folder=path.parent), results=made)


def _draft_mail(path: Path, ask: Ask) -> Done:
    name, content, findings = jobs.draft_mail(files.read_package(path), path.name)
    target = _beside(path, name, content)
    closing = say("live.drafted", file=target.name)
    return Done([*findings, *locks.noted(path)], closing=closing, results=[target])


def _next_year(path: Path, ask: Ask) -> Done:
    name, content, findings = jobs.next_year(Package.open(path), path.name)
    target = _beside(path, name, content)
    closing = say("window.next_made", file=target.name)
    return Done([*findings, *locks.noted(path)], closing=closing, results=[target])


def _beside(path: Path, name: str, content: bytes) -> Path:
    """Put a file beside the workbook. Raises `Unusable` where one of that name stands."""
    target = path.with_name(name)
    if files.standing(target) is not None:
        raise Unusable(Finding(Code.FILE_EXISTS, values={"file": name}))
    files.replace(target, content, None)
    return target


def _hand_out(path: Path, ask: Ask) -> Done:
    from ita_xl.forms import split  # reads the plan: slow to import

    plan, today = split.plan_of(Package.open(path)), _today()
    quarter = split.quarter_on(today, plan.year)
    folder = forms_folder(path, plan.year) / say("collect.quarter", number=quarter)
    made = split.put(plan, folder, today, quarter)
    closing = say("collect.handed_out", items=len(made.files), folder=folder)
    return Done([*made.findings, *locks.noted(path)], closing=closing, results=[folder])


def forms_folder(path: Path, year: int) -> Path:
    """The folder to which forms go and from which they come back. year: of the plan."""
    return path.with_name(say("form.folder", year=year))


def collect(path: Path, given: Sequence[Path], ask: Ask) -> Done:
    """Take the answers of returned forms into a workbook and compute it. given: forms, or folders of them; that
    beside the workbook if there are none."""
    from ita_xl.forms import collect as job
    from ita_xl.forms import show

    content = _writable(path)
    port = Package(content, path.name)
    if not given:
        from ita_xl.forms.split import plan_of

        given = [forms_folder(path, plan_of(Package(content, path.name)).year)]
        if not given[0].is_dir():
            raise Unusable(Finding(Code.NO_FORM, values={"file": given[0].name}))
    paths, title = job.forms_in(given), say("collect.title")
    found = job.beside(port, paths)
    unmarked = [str(f.values["file"]) for f in found.findings if f.code == Code.FORM_UNMARKED]
    if unmarked and ask(Question(title, say("collect.unmarked", files=", ".join(unmarked)))):
        found = job.beside(port, paths, unmarked)
    if not found.waiting:
        return Done(found.findings, closing=say("collect.nothing_new", forms=found.forms))
    text = say("collect.question", file=path.name, **show.counts(found))
    if not ask(Question(title, text, show.heads(), list(show.lines(found)))):
        return Done(found.findings, closing=say("collect.left_alone", file=path.name))
    outcome = job.write(port, found, _today())
    _stored(path, port, content, jobs.form_left(outcome))
    closing = say("window.collected", items=len(found.waiting), file=path.name)
    return Done([*found.findings, *outcome.findings], outcome, closing, [path])


def import_files(path: Path, sources: Sequence[Path], ask: Ask) -> Done:
    """Take results from files into a workbook, once a person has seen them."""
    from ita_xl.importing import readers

    return _import(path, [readers.read(source) for source in sources], ask)


def import_copied(path: Path, copied: str, ask: Ask) -> Done:
    """The same from what the clipboard holds."""
    from ita_xl.importing import readers

    if not copied.strip():
        raise Unusable(Finding(Code.CLIPBOARD_EMPTY))
    return _import(path, [readers.read_content(copied.encode(), say("imports.pasted"))], ask)


def _import(path: Path, sources: Sequence[Source], ask: Ask) -> Done:
    from ita_xl.importing import job, show
    from ita_xl.importing.writing import total_of, write

    content = _writable(path)
    port = Package(content, path.name)
    found = job.beside(port, sources)
    rows = list(show.lines(found))
    if not found.waiting:
        return Done(found.findings, closing=say("imports.nothing_new"))
    counted = total_of(found.entries) | {"unclear": len(found.unclear)}
    text = say("imports.question", file=path.name, **counted)
    if not ask(Question(say("imports.title"), text, show.heads(), rows)):
        return Done(found.findings, closing=say("imports.left_alone", file=path.name))
    items = write(port, found.inputs, found.entries, in_words(_today()))
    _stored(path, port, content)
    return Done(found.findings, closing=say("window.imported", items=items, file=path.name), results=[path])


def install_ribbon(ask: Ask) -> Done:
    """Put the tab into this user's Excel."""
    from ita_xl.addin import desk, install

    place = desk.here()
    findings = install.install(place)
    return Done(findings, closing=say("cli.addin_installed", file=place.addin, tab=say("ribbon.tab")))


def remove_ribbon(ask: Ask) -> Done:
    """Take it out again, with all that it wrote."""
    from ita_xl.addin import desk, install

    removed = install.uninstall(desk.here())
    return Done(closing=say("cli.addin_removed" if removed else "cli.addin_absent"))


def examine_ribbon(ask: Ask) -> Done:
    """Say what keeps it from working; change nothing."""
    from ita_xl.addin import desk, doctor

    return Done(doctor.examine(desk.here()))


def _writable(path: Path) -> bytes:
    """The content of a workbook that is to be written: what stands in the way is said before anybody is asked."""
    content = files.read_package(path)
    locks.refuse_open(path)
    files.refuse_protected(path)
    return content


def _stored(path: Path, port: Package, content: bytes, form: int = 0) -> None:
    """Write what was agreed to, unless somebody opened or saved the workbook while the question stood."""
    locks.refuse_open(path)
    backups.replace_whole(path, port.to_bytes(), content, form)


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()


SIMPLE: Mapping[str, Callable[[Path, Ask], Done]] = {
    "validate": _validate,
    "compute": _compute,
    "report": _report,
    "draft_mail": _draft_mail,
    "hand_out": _hand_out,
    "next_year": _next_year,
}
"""The jobs that need nothing but the workbook, by the ribbon's names of them."""
