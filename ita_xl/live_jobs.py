"""Whole jobs on the workbook that is open in Excel: what the ribbon's buttons and `ita-xl attach` do.

A button runs `import ita_xl.live_jobs as m;m.compute()` through xlwings' RunPython, whose command line names
the workbook (`--wb=`) and the window (`--hwnd=`), or `ita-xl attach compute --alert --book NAME --hwnd NUMBER`.
Whatever happens, a clerk reads Thai sentences that say what to do; tracebacks go to a log that the message names.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from platformdirs import user_documents_path

from ita_xl import files, jobs, log, pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.data import catalogue, say
from ita_xl.domain.codes import Code
from ita_xl.domain.days import in_words
from ita_xl.domain.findings import Finding, Severity, Unusable, grouped, ordered
from ita_xl.engines.live import excel
from ita_xl.engines.live.engine import Live
from ita_xl.engines.port import Port
from ita_xl.files import backups
from ita_xl.layout import HOME, SCORES
from ita_xl.reading.titles import find_sheets
from ita_xl.writing.memory import recall

if TYPE_CHECKING:
    from xlwings import Book

_SHOWN = 6
"""Findings that a message over Excel names; the rest stands on the sheet of findings."""


class Said(Struct, frozen=True):
    """What a clerk is told. closing: key and slots of the sentence that says what was done, if anything was.
    shown: it was seen over Excel."""

    findings: list[Finding]
    outcome: Outcome | None = None
    closing: tuple[str, Mapping[str, object]] | None = None
    shown: bool = False

    def lines(self, lang: str = "th") -> list[str]:
        """The result and what was done, without the findings."""
        done = [self.outcome.headline(lang)] if self.outcome else []
        return done + ([say(self.closing[0], lang, **self.closing[1])] if self.closing else [])

    def text(self, lang: str = "th") -> str:
        """All that fits into a message over Excel."""
        listed = [f for f in ordered(self.findings) if f.severity is not Severity.NOTE or not self.outcome]
        counts = {s.value: sum(f.severity is s for f in self.findings) for s in Severity}
        parts = self.lines(lang)
        if self.outcome:
            parts.append(say("cli.counts", lang, **counts))
        groups = grouped(listed)
        for group in groups[:_SHOWN]:
            place = group.place()
            parts.append(f"{place + ': ' if place else ''}{catalogue.together(group, lang)}")
            parts.append(catalogue.hint(group.first, lang))
        if len(groups) > _SHOWN:
            parts.append(say("live.more", lang, items=sum(group.number for group in groups[_SHOWN:])))
        return "\n".join(parts)


def validate() -> Said:
    """Check the workbook; write nothing."""
    return _clicked("validate")


def compute() -> Said:
    """Compute and write the output sheets into the open workbook, which is left to the clerk to save."""
    return _clicked("compute")


def next_year() -> Said:
    """Make next year's workbook beside the open one, and open it."""
    return _clicked("next-year")


def draft_mail() -> Said:
    """Make a draft of the e-mail beside the workbook."""
    return _clicked("draft-mail")


def report() -> Said:
    """Make the signed document beside the workbook, as it stands on the screen."""
    return _clicked("report")


def imports() -> Said:
    """Take results from what was copied into the clipboard."""
    return _clicked("import")


def hand_out() -> Said:
    """Make the forms of the offices in a folder beside the workbook."""
    return _clicked("hand-out")


def collect() -> Said:
    """Take the answers of returned forms from that folder into the open workbook."""
    return _clicked("collect")


def _clicked(job: str) -> Said:
    name, window = excel.asked_by_excel(sys.argv)
    return attach(job, name, window, show=True)


def attach(job: str, name: str = "", window: int | None = None, *, show: bool = False, lang: str = "th") -> Said:
    """Do one of `JOBS` in the Excel that is open. name: of the workbook, where several are open. window: the number
    of the Excel window that asks. show: also as a message over Excel. Never raises."""
    book: Book | None = None
    try:
        book = _meant(excel.candidates(name, window))
        said = _asked_first(book, lang) if show and job == "compute" else JOBS[job](book, lang)
    except Unusable as error:
        said = Said([_logged(finding, error, job) for finding in error.findings])
    except Exception as error:
        said = Said([Finding(Code.PROGRAM_FAILED_WORKBOOK_UNCHANGED, values={"log": log.write(error, job)})])
    if show:
        return replace(said, shown=excel.alert(book, said.text(lang), say("live.title", lang)))
    return said


def _logged(finding: Finding, error: Unusable, job: str) -> Finding:
    """The finding with the log's name, where there is more to tell than it says."""
    if error.__cause__ is None:
        return finding
    return replace(finding, values={**finding.values, "log": log.write(error, job)})


def _meant(books: list[Book]) -> Book:
    """The one workbook that is meant. Raises `Unusable` if it is not clear which."""
    if len(books) > 1:
        books = [book for book in books if _ours(Live(book))] or books[:1]
    if len(books) > 1:
        names = dict.fromkeys(excel.name_of(book) for book in books)
        raise Unusable(Finding(Code.SEVERAL_WORKBOOKS_MEANT, values={"files": ", ".join(names)}))
    return books[0]


def _ours(port: Port) -> bool:
    titles, _ = find_sheets(port)
    return any(sheet.key in titles for sheet in (HOME, *SCORES.values()))


def _opened(book: Book) -> Live:
    """The port on an open workbook. Raises `Unusable` for one that is not ours."""
    port = Live(book)
    if not _ours(port):
        raise Unusable(Finding(Code.FRONT_WORKBOOK_FOREIGN, values={"file": excel.name_of(book)}))
    excel.calculated(excel.app_of(book))
    return port


def _validate(book: Book, lang: str) -> Said:
    outcome = pipeline.check(_opened(book))
    return Said(outcome.findings, outcome, ("live.checked", {}))


def _asked_first(book: Book, lang: str) -> Said:
    """Compute for whoever clicked: before the first time it is said what a run takes away."""
    return _compute(book, lang, ask=True)


def _compute(book: Book, lang: str, *, ask: bool = False) -> Said:
    port, folder = _opened(book), _writable(book)
    first = ask and not recall(port, find_sheets(port)[0])
    outcome = pipeline.run(port)
    if first:
        port.ensure_writable()
        file = excel.name_of(book)
        question = say("live.first_run", lang, file=file)
        if not excel.agreed(book, question, say("live.title", lang), unasked=True):
            return Said([], closing=("live.not_computed", {"file": file}))
    copy, findings = _committed(book, port, folder, jobs.form_left(outcome), lang)
    outcome.findings.extend(findings)
    return Said(outcome.findings, outcome, ("live.computed", {"file": excel.name_of(book), "copy": copy}))


def _writable(book: Book) -> Path | None:
    """The folder of a workbook that may be written. Raises `Unusable` for one that may not."""
    folder = _folder_of(book)
    if excel.read_only(book):
        raise Unusable(Finding(Code.OPEN_READ_ONLY, values={"file": excel.name_of(book)}))
    return folder


def _committed(book: Book, port: Live, folder: Path | None, form: int, lang: str) -> tuple[str, list[Finding]]:
    """Write into the open workbook, once a copy of what was saved is kept. form: that it is brought out of, 0 for
    none. Gives the copy's name, and findings."""
    port.ensure_writable()
    if not port.changes:  # names, or a sheet that shows itself
        port.commit()
        return "-", []
    with (
        _copy_kept(book, folder, form) as (copy, findings),
        excel.quiet(excel.app_of(book), say("live.working", lang)) as lost,
    ):
        port.commit()
    if lost:
        findings.append(Finding(Code.EXCEL_SETTINGS_LOST, values={"what": ", ".join(lost)}))
    return copy, findings


def _beside(book: Book, made: tuple[str, bytes, list[Finding]], key: str) -> tuple[Path, Said]:
    """Put a file that was made from the open workbook beside it. made: its name and content, and findings. key: of
    the sentence that says so."""
    folder = _folder_of(book) or user_documents_path()
    name, content, findings = made
    target = folder / name
    if files.standing(target) is not None:
        raise Unusable(Finding(Code.FILE_EXISTS, values={"file": target}))
    files.replace(target, content, None)
    return target, Said(findings, closing=(key, {"file": target}))


def _next_year(book: Book, lang: str) -> Said:
    target, said = _beside(book, jobs.next_year(_opened(book), excel.name_of(book)), "live.made")
    with suppress(Unusable):  # it is made all the same
        excel.once(lambda: book.app.books.open(str(target)))
    return said


def _draft_mail(book: Book, lang: str) -> Said:
    """What is sent is the saved file: the clerk has it too, and it cannot say anything else than the letter."""
    _opened(book)
    folder, name = _folder_of(book), excel.name_of(book)
    content = _content(book, folder) if excel.saved(book) else None
    if content is None:
        raise Unusable(Finding(Code.UNSAVED_CHANGES, values={"file": name}))
    return _beside(book, jobs.draft_mail(content, name), "live.drafted")[1]


def _report(book: Book, lang: str) -> Said:
    from ita_xl.report import making  # what draws documents is slow to import

    found = making.papers(_opened(book))
    folder = _folder_of(book) or user_documents_path()
    for paper in found.made:
        making.put(folder / paper.name, paper.content)
    names = ", ".join(paper.name for paper in found.made)
    return Said([*found.findings, *found.of_papers], closing=("live.reported", {"files": names, "folder": folder}))


def _import(book: Book, lang: str) -> Said:
    """What was copied is shown as a table of its own; only a yes writes it into the open workbook."""
    import pyperclip  # the clipboard of every system; only this button wants it

    from ita_xl.importing import job, readers, show
    from ita_xl.importing.writing import total_of, write

    port, folder, name = _opened(book), _writable(book), excel.name_of(book)
    try:
        copied = str(pyperclip.paste())
    except pyperclip.PyperclipException as error:
        raise Unusable(Finding(Code.CLIPBOARD_UNREADABLE)) from error
    if not copied.strip():
        raise Unusable(Finding(Code.CLIPBOARD_EMPTY))
    found = job.beside(port, [readers.read_content(copied.encode(), say("imports.pasted"))])
    with _seen(book, say("imports.title"), show.sheet(found)):
        if not found.waiting:
            return Said(found.findings, closing=("imports.nothing_new", {}))
        counted = total_of(found.entries) | {"unclear": len(found.unclear)}
        if not excel.agreed(book, say("imports.question", file=name, **counted), say("live.title", lang)):
            return Said(found.findings, closing=("imports.left_alone", {"file": name}))
        items = write(port, found.inputs, found.entries, in_words(_today()))
        copy, findings = _committed(book, port, folder, 0, lang)
    closing = ("imports.imported", {"items": items, "file": name, "copy": copy})
    return Said([*found.findings, *findings], closing=closing)


@contextmanager
def _seen(book: Book, title: str, table: bytes) -> Iterator[None]:
    """A table is open beside the workbook while a question about it is asked."""
    with TemporaryDirectory(prefix="ita_xl-", ignore_cleanup_errors=True) as spare:
        with suppress(Unusable):  # the question tells the most important of it all the same
            path = Path(spare) / excel.once(lambda: _another(book, title))
            path.write_bytes(table)
            excel.once(lambda: book.app.books.open(str(path), read_only=True))
        yield


def _another(book: Book, title: str) -> str:
    """A name that no open workbook has: Excel opens no second one, and an earlier table would be taken for it."""
    standing = {each.name for each in book.app.books}
    names = (f"{title}{f' {number}' if number > 1 else ''}.xlsx" for number in count(1))
    return next(name for name in names if name not in standing)


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()


def _hand_out(book: Book, lang: str) -> Said:
    """The forms of this quarter, in a folder of their own beside the workbook."""
    from ita_xl.forms import split  # reads the plan: slow to import

    plan = split.plan_of(_opened(book))
    quarter = split.quarter_on(_today(), plan.year)
    folder = _forms(book, plan.year) / say("collect.quarter", number=quarter)
    made = split.put(plan, folder, _today(), quarter)
    return Said(made.findings, closing=("collect.handed_out", {"items": len(made.files), "folder": folder}))


def _forms(book: Book, year: int) -> Path:
    """The folder to which forms go and from which they come back."""
    return (_folder_of(book) or user_documents_path()) / say("form.folder", year=year)


def _collect(book: Book, lang: str) -> Said:
    """What the forms in that folder say is shown as a table; only a yes takes it into the open workbook."""
    from ita_xl.forms import collect, show
    from ita_xl.forms.split import plan_of

    port, folder, name = _opened(book), _writable(book), excel.name_of(book)
    place, title = _forms(book, plan_of(port).year), say("live.title", lang)
    paths = collect.forms_in([place])
    found = collect.beside(port, paths)
    unmarked = [str(f.values["file"]) for f in found.findings if f.code == Code.FORM_UNMARKED]
    if unmarked and excel.agreed(book, say("collect.unmarked", files=", ".join(unmarked)), title):
        found = collect.beside(port, paths, unmarked)
    with _seen(book, say("collect.title"), show.sheet(found)):
        if not found.waiting:
            return Said(found.findings, closing=("collect.nothing_new", {"forms": found.forms}))
        if not excel.agreed(book, say("collect.question", file=name, **show.counts(found)), title):
            return Said(found.findings, closing=("collect.left_alone", {"file": name}))
        outcome = collect.write(port, found, _today())
        copy, findings = _committed(book, port, folder, jobs.form_left(outcome), lang)
    closing = ("collect.collected", {"items": len(found.waiting), "file": name, "copy": copy})
    return Said([*found.findings, *collect.to_choose(outcome), *findings], closing=closing)


JOBS: dict[str, Callable[[Book, str], Said]] = {
    "validate": _validate,
    "compute": _compute,
    "import": _import,
    "report": _report,
    "hand-out": _hand_out,
    "collect": _collect,
    "next-year": _next_year,
    "draft-mail": _draft_mail,
}


def _folder_of(book: Book) -> Path | None:
    """The folder in which an open workbook is saved; None for an address in the cloud. Raises `Unusable` if it was
    never saved."""
    where = excel.location(book)
    if "://" in where:
        return None
    if not {"/", "\\"} & set(where):
        raise Unusable(Finding(Code.NEVER_SAVED, values={"file": where}))
    return Path(where).parent


@contextmanager
def _copy_kept(book: Book, folder: Path | None, form: int) -> Iterator[tuple[str, list[Finding]]]:
    """Keep what was saved as a numbered copy while the open workbook is written into: beside it, or for one in the
    cloud, which has no such place, among the user's documents. Gives its name, and findings. The copy goes again if
    Excel refused and all cells are as before. Raises `Unusable`."""
    content = _content(book, folder)
    if content is None:
        yield "-", [Finding(Code.CLOUD_WITHOUT_COPY, values={"file": excel.name_of(book)})]
        return
    path = (folder or user_documents_path() / say("live.copies")) / excel.name_of(book)
    files.make_folder(path.parent)
    half_done: Unusable | None = None
    with backups.kept(path, content, form) as kept:
        try:
            yield kept.name if folder else str(kept), []
        except Unusable as error:
            if error.findings[0].code != Code.EXCEL_NOT_TAKEN_BACK:
                raise
            half_done = error  # whoever saves that needs the copy
    if half_done:
        raise half_done


def _content(book: Book, folder: Path | None) -> bytes | None:
    """The saved file; Excel's copy of the open workbook where there is no file or it cannot be read."""
    if folder is not None:
        with suppress(OSError):
            return (folder / excel.name_of(book)).read_bytes()
    with TemporaryDirectory(prefix="ita_xl-") as spare:
        copy = Path(spare) / excel.name_of(book)
        return copy.read_bytes() if excel.copy_as_it_stands(book, copy) else None
