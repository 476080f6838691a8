"""The main job: read a workbook, judge it, write the outputs. Prints nothing and opens nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from ita_xl.case import checks
from ita_xl.case.judging import judged
from ita_xl.case.outcome import Outcome
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Severity, Unusable
from ita_xl.engines.naming import sheet_name, sheet_names
from ita_xl.engines.port import Port, same_content
from ita_xl.layout import FINDINGS, GUIDANCE, MEMORY, OUTPUTS, SHEETS, Show
from ita_xl.layout.keys import SheetKey
from ita_xl.reading.places import named_parts
from ita_xl.reading.workbook import read_inputs
from ita_xl.views.findings import findings
from ita_xl.writing.blocks import write_homes, write_sheet
from ita_xl.writing.compose import Composed, compose, composed_list
from ita_xl.writing.learnt import recheck_further, write_learnt
from ita_xl.writing.library import show_wordings
from ita_xl.writing.links import mend_links
from ita_xl.writing.memory import recall, remember
from ita_xl.writing.progress import note_progress
from ita_xl.writing.setup import write_form, write_guidance, write_words
from ita_xl.writing.signed import Act


def analyse(port: Port) -> Outcome:
    """Read and judge a workbook. Raises `Unusable` for one that is not ours; all else becomes findings."""
    outcome = judged(read_inputs(port))
    return outcome.noting(checks.findings(outcome)) if outcome.years else outcome


def check(port: Port) -> Outcome:
    """Analyse a workbook and, if it was run before, review what stands in its output sheets; nothing is
    written. Raises `Unusable` as `analyse`."""
    outcome = analyse(port)
    if not recall(port, outcome.inputs.titles):
        return outcome
    try:
        composed = compose(port, outcome, staying=True)
    except Unusable as error:
        return outcome.noting(error.findings)
    return _met(outcome.noting(composed.findings), composed)


def run(port: Port, known: Iterable[Finding] = (), act: Act | None = None) -> Outcome:
    """Analyse a workbook and write the outputs into it; the caller saves. Raises `Unusable` as `analyse`, and where
    a table cannot be written; then nothing is.

    known: findings of the caller's own that belong into the list. act: the workbook is signed with this run, which
    raises `Unusable` for one with errors; or it no longer is. Only the first run shows the output sheets; from then
    on each stays as a person leaves it.
    """
    outcome = _restored(port, analyse(port).noting(known))
    composed = compose(port, outcome, act=act)
    found = [*composed.relocated(outcome.findings), *composed.findings]
    if act and act.signs:
        _refuse_errors(outcome, found)
    outcome = _met(replace(outcome, findings=found), composed)
    # Every run leaves marks of what it suggested, so marks tell that the sheets have been shown.
    _write(port, outcome, composed, show=not recall(port, outcome.inputs.titles))
    return outcome


def _met(outcome: Outcome, composed: Composed) -> Outcome:
    """The outcome with what became known when it met the workbook."""
    return replace(outcome, own_texts=composed.own_texts, plan=composed.plan, steps=composed.steps, ran=True)


def _refuse_errors(outcome: Outcome, findings: Iterable[Finding]) -> None:
    """What is not right is not signed. Raises `Unusable`."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors or not outcome.years:
        raise Unusable(Finding(Code.NOT_READY_TO_SIGN), *errors)


def _write(port: Port, outcome: Outcome, composed: Composed, *, show: bool) -> None:
    titles = outcome.inputs.titles
    sheets = list(composed.sheets)
    if FINDINGS.key in titles:
        sheets.append(composed_list(port, FINDINGS, titles[FINDINGS.key], findings(outcome)))
    mend_links(port, titles)
    for one in sheets:
        for change in one.changes:
            port.change_rows(change)
    for one in sheets:
        write_sheet(port, one)
        if (show and one.sheet.show is Show.RUN) or one.appears:
            port.show_sheet(one.title)
    write_learnt(port, outcome)
    recheck_further(port, outcome)
    show_wordings(port, outcome)
    if composed.homes:
        write_homes(port, titles[GUIDANCE.key], outcome.inputs.guidance_columns, composed.homes)
    port.set_names({name: at for one in sheets for name, at in named_parts(one.sheet, one.title).items()})
    if outcome.years:
        _name_sheets(port, titles)
    if MEMORY.key in titles and outcome.years:
        remember(port, titles[MEMORY.key], composed.memory)
        note_progress(port, titles[MEMORY.key], composed)
        write_form(port, titles[MEMORY.key])


def _name_sheets(port: Port, titles: Mapping[SheetKey, str]) -> None:
    """Give every sheet a name by which it is known whatever it is called, unless it has one."""
    held = {name: title for name, (title, _) in port.names().items()}
    ours = [sheet for sheet in SHEETS if sheet.key in titles]
    unnamed = [sheet for sheet in ours if held.get(sheet_name(sheet)) != titles[sheet.key]]
    port.set_names({name: at for one in unnamed for name, at in sheet_names(one, titles[one.key]).items()})


def outdated(port: Port) -> list[str]:
    """Titles of the output sheets that a run would change. Raises `Unusable` as `run`.

    The results are put into the port, which is not to be saved.
    """
    present = port.sheets()
    before = {title: port.read(title) for title in present}
    titles = run(port).inputs.titles
    ours = [titles[sheet.key] for sheet in OUTPUTS if sheet.key in titles]
    return [t for t in ours if t not in before or not same_content(before[t], port.read(t))]


_LACKING = (Code.OUTPUT_SHEET_MISSING, Code.INNER_SHEET_MISSING)


def _restored(port: Port, outcome: Outcome) -> Outcome:
    """Bring back output sheets that were deleted, unless one was only renamed; the note replaces the warning."""
    if not outcome.years:
        return outcome  # without a usable year and structure there is nothing to put into them
    inputs = outcome.inputs
    missing = {finding.sheet for finding in outcome.findings if finding.code in _LACKING}
    missing |= {sheet.title for sheet in OUTPUTS if sheet.show is Show.NEEDED and sheet.key not in inputs.titles}
    states = {Show.NEVER: "veryHidden", Show.EXPERT: "hidden", Show.NEEDED: "hidden"}
    back: dict[SheetKey, str] = {}
    for sheet in (*OUTPUTS, GUIDANCE, MEMORY):
        state = states.get(sheet.show, "visible")
        if sheet.title in missing and port.restore(sheet.title, state):
            back[sheet.key] = sheet.title
            write_words(port, sheet, inputs.year, inputs.tree)
            if sheet is GUIDANCE:
                write_guidance(port, outcome.tree, inputs.year)
    found = [
        Finding(Code.SHEET_RESTORED, f.sheet) if f.code in _LACKING and f.sheet in back.values() else f
        for f in outcome.findings
    ]
    inputs = replace(inputs, titles={**inputs.titles, **back})
    if GUIDANCE.key in back:
        block = GUIDANCE.block("guidance")
        inputs.guidance_columns = {column.key: block.column_number(column.key) for column in block.columns}
    return replace(outcome, inputs=inputs, findings=found)
