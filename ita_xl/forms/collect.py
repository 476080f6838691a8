"""Answers back into the workbook: what each returned form would change, and the change once a person agrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from ita_xl import files, pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.answers import Answer, Fate, Slot, State, by_slot, fate, used
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import shown
from ita_xl.domain.days import in_words
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import folded, same_text
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Port, Written
from ita_xl.files import backups, locks
from ita_xl.forms.returned import Returned, returned
from ita_xl.forms.split import Plan, plan_of
from ita_xl.jobs import form_left
from ita_xl.layout import ANSWERS, FOLLOW, Sheet
from ita_xl.layout.heights import row_height
from ita_xl.reading.answers import answers_on
from ita_xl.reading.places import named_parts, standing_sheet
from ita_xl.views.content import agency_line
from ita_xl.writing.room import Room
from ita_xl.writing.setup import write_words

WRITTEN = (Fate.NEW, Fate.REPLACES, Fate.CONFLICT)
"""What comes into the journal."""

_KINDS = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods"}
"""What is taken for a form in a folder; of what cannot be read it is said why."""
_LOCKS = ("~$", ".~lock", ".")


class Entry(Struct, frozen=True):
    """An answer that came back. place: of its row in the form. now: what holds so far."""

    answer: Answer
    place: str
    fate: Fate
    now: Answer | None


class Preview(Struct):
    """What collecting would do. forms: so many were understood. findings: what a person should know of it."""

    plan: Plan
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    forms: int = 0

    @property
    def waiting(self) -> list[Entry]:
        """What would be written."""
        return [entry for entry in self.entries if entry.fate in WRITTEN]


def forms_in(given: Iterable[Path]) -> list[Path]:
    """The files, and those in the folders, each once and in the order of their names. Raises `Unusable` for a
    folder that cannot be read, or without any spreadsheet."""
    found: list[Path] = []
    for path in given:
        if not path.is_dir():
            found.append(path)
            continue
        try:
            inside = [one for one in path.rglob("*") if one.suffix.lower() in _KINDS and files.regular(one)]
        except OSError as error:
            raise files.refused(path, error, Code.FILE_UNREADABLE) from error
        inside = [one for one in inside if not one.name.startswith(_LOCKS)]
        if not inside:
            raise Unusable(Finding(Code.NO_FORM, values={"file": files.shown(path)}))
        found += sorted(inside)
    return list(dict.fromkeys(found))


def beside(port: Port, forms: Iterable[Path], accepted: Collection[str] = ()) -> Preview:
    """What collecting forms into an open workbook would do; nothing is written.

    accepted: names of files of which a person said that they are right, though they have lost their marks or name
    the agency otherwise. A form that cannot be
    taken is a finding, and the others are taken. Raises `Unusable` for a workbook without a plan."""
    plan = plan_of(port)
    found = Preview(plan)
    read: list[Returned] = []
    for path in forms:
        try:
            read.append(_taken(found, returned(files.read_bytes(path), path.name, plan.steps), accepted))
        except Unusable as error:
            found.findings += error.findings
    found.forms = len(read)
    known = by_slot(plan.outcome.inputs.answers)
    # The same form sent twice: the earlier one first, whatever the files are called.
    for form in sorted(read, key=lambda one: one.counter):
        _compare(found, form, known)
    return found


def _taken(found: Preview, form: Returned, accepted: Collection[str]) -> Returned:
    """A form of this workbook. Raises `Unusable` for any other."""
    plan, marks = found.plan, form.marks
    agency, year = (marks.agency, marks.year) if marks else (form.agency, form.year)
    ours = same_text(agency, plan.agency if marks else agency_line(plan.outcome, plan.year))
    if year != plan.year or not (ours or form.name in accepted):
        values: dict[str, object] = {"file": form.name, "agency": agency or "-", "year": year or "-"}
        raise Unusable(Finding(Code.FORM_OF_ANOTHER, values=values))
    if marks is None and form.name not in accepted:
        raise Unusable(_unmarked(form))
    found.findings += form.findings
    if marks and marks.plan != plan.version:
        found.findings.append(Finding(Code.FORM_OF_OTHER_PLAN, values={"file": form.name}))
    if folded(form.office) not in map(folded, plan.offices()):
        values = {"file": form.name, "office": form.office}
        found.findings.append(Finding(Code.OFFICE_NOT_IN_PLAN, values=values))
    return form


def _unmarked(form: Returned) -> Finding:
    values = {"file": form.name, "office": form.office or "-", "items": form.told}
    return Finding(Code.FORM_UNMARKED, values=values)


def _compare(found: Preview, form: Returned, known: dict[Slot, list[Answer]]) -> None:
    """Put a form's answers beside those that are known, and among them. known: grows."""
    bases: Mapping[Slot, str] = form.marks.bases if form.marks else {}
    title = found.plan.outcome.inputs.titles.get(ANSWERS.key, ANSWERS.title)
    for answer, place in form.answers:
        earlier = known.setdefault(answer.slot, [])
        now, what = used(earlier), fate(answer, earlier, bases.get(answer.slot, ""))
        if what is Fate.EMPTIED:
            values: dict[str, object] = {"file": form.name, "office": form.office, "no": answer.no}
            values |= {"quarter": answer.quarter, "sheet_title": title}
            found.findings.append(Finding(Code.ANSWER_EMPTIED, values=values))
        if what is Fate.SAME and answer.told.empty:
            continue  # nothing was asked, or nothing answered
        found.entries.append(Entry(answer, place, what, now))
        if what in WRITTEN:
            if what is Fate.REPLACES:
                # Whatever a person chose among earlier answers is answered anew.
                earlier[:] = [replace(one, state=State.REPLACED, chosen=False) for one in earlier]
            state = State.WAITING if what is Fate.CONFLICT else State.USED
            earlier.append(replace(answer, state=state))


def store(
    path: Path,
    forms: Iterable[Path],
    on: dt.date,
    accepted: Collection[str] = (),
    agreed: Sequence[Entry] | None = None,
) -> tuple[Preview, Outcome]:
    """Collect forms into a file and run it; the old one is kept as a numbered backup. agreed: what a person was
    shown. Raises `Unusable`, also where that is no longer so, and then nothing is written."""
    content = files.read_package(path)
    locks.refuse_open(path)
    files.refuse_protected(path)
    port = Package(content, path.name)
    found = beside(port, forms, accepted)
    if agreed is not None and found.entries != agreed:
        raise Unusable(Finding(Code.FORMS_CHANGED_MEANWHILE))
    outcome = write(port, found, on)
    backups.replace_whole(path, port.to_bytes(), content, form_left(outcome))
    return found, outcome


def write(port: Port, found: Preview, on: dt.date) -> Outcome:
    """Add the answers to the journal of a workbook, and run it as of that day."""
    titles = found.plan.outcome.inputs.titles
    _add(port, titles.get(ANSWERS.key), found)
    _set_day(port, titles.get(FOLLOW.key), on, found)
    return pipeline.run(port)


def to_choose(outcome: Outcome) -> list[Finding]:
    """The answers among which a person is to choose, once they are in the journal."""
    return [finding for finding in outcome.findings if finding.code == Code.ANSWERS_DIFFER]


def _sheet(port: Port, layout: Sheet, title: str | None, found: Preview) -> tuple[Sheet, str]:
    """A sheet as it stands, and its title; a workbook of an earlier version gets it."""
    inputs = found.plan.outcome.inputs
    if title is None and port.restore(layout.title, "hidden"):
        write_words(port, layout, inputs.year, inputs.tree)
    title = title or layout.title
    return standing_sheet(port, layout, title), title


def _add(port: Port, title: str | None, found: Preview) -> None:
    if not found.waiting:
        return
    sheet, title = _sheet(port, ANSWERS, title, found)
    grid, block = port.read(title), sheet.block("answers")
    listed = dict(answers_on(sheet, grid))
    columns = dict(zip((column.key for column in block.columns), block.numbers, strict=True))
    replaced = {entry.answer.slot for entry in found.waiting if entry.fate is Fate.REPLACES}
    for row, answer in listed.items():
        if answer.chosen and answer.slot in replaced:
            port.write(title, row, columns["use"], [[None]])
    held = [row for row in range(block.first_row, block.last_row + 1) if {*grid.columns_of(row)} & {*block.numbers}]
    first = max(held, default=block.first_row - 1) + 1
    placed = _roomy(port, title, sheet, first - block.first_row, len(found.waiting))
    for row, entry in enumerate(found.waiting, first):
        line = _line(entry)
        for key, at in columns.items():
            port.write(title, row, at, [[line[key]]])
        port.show_rows(title, row, row, [row_height(zip(line.values(), ANSWERS.widths, strict=True))])
    port.set_names(named_parts(placed, title))
    if not listed:
        port.show_sheet(title)


def _roomy(port: Port, title: str, sheet: Sheet, standing: int, more: int) -> Sheet:
    """The sheet with room for more rows of the journal below those that stand; the new ones look like the last."""
    block, room = sheet.block("answers"), Room(title)
    room.lengthen(block, standing, more)
    for change in room.changes(sheet):
        port.change_rows(change)
    return room.sheet(sheet)


def _line(entry: Entry) -> dict[str, Written]:
    """An answer as a row of the journal: texts as they were typed, and a plain percentage as a number."""
    answer = entry.answer
    state = State.WAITING if entry.fate is Fate.CONFLICT else State.USED
    told: dict[str, Written] = {key: text or None for key, text in answer.told._asdict().items()}
    if shown(answer.share) == answer.told.percent:
        told["percent"] = answer.share
    return {
        "no": answer.no,
        "method": answer.method,
        "office": answer.office,
        "quarter": answer.quarter,
        **told,
        "file": answer.file,
        "use": None,
        "state": say(f"answers.states.{state}"),
        "form": answer.form,
        "counter": answer.counter,
        "key": answer.step,
    }


def _set_day(port: Port, title: str | None, on: dt.date, found: Preview) -> None:
    sheet, title = _sheet(port, FOLLOW, title, found)
    day = sheet.field("as_of")
    port.write(title, day.row, day.column, [[in_words(on)]])
    port.set_names(named_parts(sheet, title))
