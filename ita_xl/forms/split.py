"""From a plan to the forms of its offices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from ita_xl import files
from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.answers import NOTHING, QUARTERS, Answer, Slot, in_use
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable, has_errors
from ita_xl.domain.plan import PlannedStep
from ita_xl.domain.thai import folded
from ita_xl.drawing.form import form
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Port
from ita_xl.files import names
from ita_xl.forms.marks import Marks, form_number, plan_version, write_marks
from ita_xl.layout import FORM_SHEETS, MEASURES, Sheet
from ita_xl.layout.heights import row_height
from ita_xl.layout.keys import FieldKey
from ita_xl.report import making
from ita_xl.report.seal import sealed
from ita_xl.report.source import Source, source_of
from ita_xl.views.content import Content, Values, agency_line
from ita_xl.views.plan import quarter_words
from ita_xl.writing.blocks import write_block, write_field
from ita_xl.writing.room import with_room

_LAST_MONTH = 9
_BUDDHIST = 543
_LINES = 4
"""So many lines there is room for in a row at least."""


class Form(Struct, frozen=True):
    """An office's form as a file. name: without a folder. steps: so many are in it."""

    office: str
    name: str
    content: bytes
    steps: int


class HandedOut(Struct, frozen=True):
    """forms: with the files where they stand. findings: on what the offices should know."""

    plan: Plan
    forms: list[Form]
    files: list[Path]
    findings: list[Finding]


class Plan(Struct, frozen=True):
    """What is handed out. year: the plan's fiscal year. answers: those that hold."""

    outcome: Outcome
    steps: Sequence[PlannedStep]
    answers: Mapping[Slot, Answer]

    @property
    def year(self) -> int:
        return self.outcome.year + 1

    @property
    def agency(self) -> str:
        return self.outcome.inputs.about.get("agency", "")

    @property
    def version(self) -> str:
        return plan_version(self.steps)

    def offices(self) -> dict[str, list[PlannedStep]]:
        """The steps of each office in the order of the plan; an office under the spelling that comes first."""
        found: dict[str, tuple[str, list[PlannedStep]]] = {}
        for step in self.steps:
            for office in step.offices:
                found.setdefault(folded(office), (office, []))[1].append(step)
        return dict(found.values())


def plan_of(port: Port) -> Plan:
    """The plan of a workbook as a run would leave it; nothing is written. Raises `Unusable` where it has no year or
    structure, and where there is no step."""
    return plan_in(source_of(port))


def plan_in(source: Source) -> Plan:
    """The same of a workbook that was read already."""
    outcome = source.outcome
    if not source.sheets:
        raise Unusable(*[finding for finding in outcome.findings if has_errors([finding])])
    if not outcome.steps:
        title = outcome.inputs.titles.get(MEASURES.key, MEASURES.title)
        raise Unusable(Finding(Code.NO_TASKS, title, values={"sheet_title": title}))
    return Plan(outcome, outcome.steps, in_use(outcome.inputs.answers))


def quarter_on(day: dt.date, year: int) -> int:
    """The quarter of a fiscal year in which a day lies; the first or the last for a day before or after it."""
    fiscal = day.year + _BUDDHIST + (day.month > _LAST_MONTH)
    if fiscal != year:
        return QUARTERS[0] if fiscal < year else QUARTERS[-1]
    return (day.month + 2) % 12 // 3 + 1


def forms(plan: Plan, quarter: int, only: Collection[str] = ()) -> Iterator[Form]:
    """The form of every office. quarter: the one that is shown first. only: offices; all if none is named."""
    wanted, offices = set(map(folded, only)), plan.offices()
    stems = ((say("form.file", office=office, year=plan.year), office) for office in offices)
    for (office, steps), name in zip(offices.items(), names.apart(stems, ".xlsx"), strict=True):
        if not wanted or folded(office) in wanted:
            yield Form(office, name, _made(plan, office, steps, quarter), len(steps))


def hand_out(path: Path, folder: Path, on: dt.date, quarter: int = 0, only: Collection[str] = ()) -> HandedOut:
    """Put the forms of a workbook file into a folder; the workbook is only read.

    on: the day whose quarter is shown first, unless one is named. only: offices. Raises `Unusable`, and then has
    written nothing: for a workbook without a plan, an office that is not in it, and a form that somebody changed.
    """
    port = Package(files.read_package(path), path.name)
    return put(plan_of(port), folder, on, quarter, only)


def put(plan: Plan, folder: Path, on: dt.date, quarter: int = 0, only: Collection[str] = ()) -> HandedOut:
    """The same for a plan that was read."""
    known = {folded(office) for office in plan.offices()}
    if unknown := [office for office in only if folded(office) not in known]:
        values = {"office": ", ".join(unknown), "offices": ", ".join(plan.offices())}
        raise Unusable(Finding(Code.OFFICE_UNKNOWN, values=values))
    made = list(forms(plan, quarter or quarter_on(on, plan.year), only))
    files.make_folder(folder)
    for one in made:
        making.refuse(folder / one.name)
    for one in made:
        making.put(folder / one.name, one.content)
    return HandedOut(plan, made, [folder / one.name for one in made], without_office(plan))


def without_office(plan: Plan) -> list[Finding]:
    """That steps without an office are in the form of the coordinating one."""
    unnamed = [step for step in plan.steps if step.unnamed]
    if not unnamed:
        return []
    title = plan.outcome.inputs.titles.get(MEASURES.key, MEASURES.title)
    values = {"steps": ", ".join(step.no for step in unnamed), "office": unnamed[0].offices[0]}
    return [Finding(Code.STEPS_WITHOUT_OFFICE, title, values=values)]


def _made(plan: Plan, office: str, steps: Sequence[PlannedStep], quarter: int) -> bytes:
    place = folded(office)
    mine = {slot: one for slot, one in plan.answers.items() if slot[1] == place}
    handed = {step.key for step in steps}
    bases = {slot: one.told.digest for slot, one in mine.items() if slot[0] in handed}
    counter = 1 + max((one.counter for one in plan.outcome.inputs.answers if one.slot[1] == place), default=0)
    number = form_number(plan.agency, plan.year, office, plan.version, counter, bases)
    port = Package(form(quarter), office)
    for at, sheet in zip(QUARTERS, FORM_SHEETS, strict=True):
        rows = [_row(step, mine.get((step.key, place, at)), at) for step in steps]
        _fill(port, sheet, _said(plan, office, at, counter), rows)
    write_marks(port, Marks(plan.agency, plan.year, office, plan.version, number, counter, steps, bases))
    return sealed(port.to_bytes())


def _said(plan: Plan, office: str, quarter: int, counter: int) -> Content:
    about = plan.outcome.inputs.about
    section = about.get("paper_section") or say("form.coordinator")
    address = about.get("mail_reply", "").split("\n")[0]
    back = say("form.return_by_mail", section=section, address=address) if address else section
    calendar = plan.year - (quarter == QUARTERS[0])
    fields: dict[FieldKey, str | int] = {
        "title": say("form.title", year=plan.year),
        "agency": agency_line(plan.outcome, plan.year),
        "quarter": say("form.quarter", number=quarter, year=calendar, **quarter_words(quarter)),
        "form_office": office,
        "counter": counter,
        "return_to": back,
    }
    return Content(dict(fields))


def _row(step: PlannedStep, answer: Answer | None, quarter: int) -> Values:
    told = answer.told if answer else NOTHING
    share = answer.share if answer else None
    return {
        "no": step.no,
        "measure": step.name,
        "method": step.text,
        "due": step.due,
        "report": step.report,
        "status": told.status,
        "percent": told.percent if share is None else share,
        "done": told.done,
        "obstacle": told.obstacle,
        "link": told.link,
        "person": told.person,
        "day": told.day,
        "key": row_key(step.key, quarter),
    }


def row_key(step: str, quarter: int) -> str:
    """What a row of a form is about, wherever it stands."""
    return f"{quarter}|{step}"


def _fill(port: Port, sheet: Sheet, content: Content, rows: list[Values]) -> None:
    placed = with_room(port, sheet, "form", len(rows))
    for key, value in content.fields.items():
        write_field(port, sheet.title, placed, placed.field(key), value)
    block = placed.block("form")
    write_block(port, sheet.title, placed, block, rows)
    port.show_rows(
        sheet.title, block.first_row, block.first_row + len(rows) - 1, [_height(sheet, row) for row in rows]
    )


def _height(sheet: Sheet, row: Values) -> float:
    """Of a row, with room to write in."""
    columns = sheet.block("form").columns
    texts = [(row[column.key], width) for column, width in zip(columns, sheet.widths, strict=True)]
    return row_height([*texts[: sheet.printed], ("\n" * (_LINES - 1), 1.0)])
