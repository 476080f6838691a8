"""The main job: read a workbook, judge it, write the outputs. Prints nothing and opens nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from ita_xl.case import checks
from ita_xl.case.judging import judge
from ita_xl.case.outcome import Outcome
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.port import Port, same_content
from ita_xl.layout import GUIDANCE, MEMORY, OUTPUTS, Show
from ita_xl.reading.workbook import read_inputs
from ita_xl.writing import compose
from ita_xl.writing.setup import write_guidance, write_words


def analyse(port: Port) -> Outcome:
    """Read and judge a workbook. Raises `Unusable` for one that is not ours; all else becomes findings."""
    inputs = read_inputs(port)
    outcome = Outcome(inputs, findings=inputs.findings)
    if inputs.tree is not None:
        judge(outcome, inputs.tree)
        outcome.findings.extend(checks.findings(outcome))
    return outcome


def check(port: Port) -> Outcome:
    """Analyse a workbook and, if it was run before, review what stands in its output sheets; nothing is
    written. Raises `Unusable` as `analyse`."""
    outcome = analyse(port)
    if compose.recall(port, outcome.inputs.titles):
        try:
            compose.compose(port, outcome)
        except Unusable as error:
            outcome.findings.extend(error.findings)
    return outcome


def run(port: Port, known: Iterable[Finding] = ()) -> Outcome:
    """Analyse a workbook and write the outputs into it; the caller saves. Raises `Unusable` as `analyse`.

    known: findings of the caller's own that belong into the list. Only the first run shows the output sheets; from
    then on each stays as a person leaves it.
    """
    outcome = analyse(port)
    outcome.findings.extend(known)
    _restore(port, outcome)
    # Every run leaves marks of what it suggested, so marks tell that the sheets have been shown.
    shown_before = bool(compose.recall(port, outcome.inputs.titles))
    compose.write(cast("Port", _AsLeft(port)) if shown_before else port, outcome)
    return outcome


class _AsLeft:
    """A port by which nothing is shown that a person may have hidden."""

    def __init__(self, port: Port) -> None:
        self._port = port

    def __getattr__(self, name: str) -> object:
        return getattr(self._port, name)

    def show_sheet(self, title: str) -> None:
        """Nothing."""


def outdated(port: Port) -> list[str]:
    """Titles of the output sheets that a run would change. Raises `Unusable` as `run`.

    The results are put into the port, which is not to be saved.
    """
    present = port.sheets()
    before = {title: port.read(title) for title in present}
    titles = run(port).inputs.titles
    ours = [titles[sheet.key] for sheet in OUTPUTS if sheet.key in titles]
    return [t for t in ours if t not in before or not same_content(before[t], port.read(t))]


def _restore(port: Port, outcome: Outcome) -> None:
    """Bring back output sheets that were deleted, unless one was only renamed; the note replaces the warning."""
    inputs = outcome.inputs
    if not outcome.years:
        return  # without a usable year and structure there is nothing to put into them
    missing = {
        finding.sheet
        for finding in outcome.findings
        if finding.code in (Code.OUTPUT_SHEET_MISSING, Code.INNER_SHEET_MISSING)
    }
    states = {Show.NEVER: "veryHidden", Show.EXPERT: "hidden"}
    for sheet in (*OUTPUTS, GUIDANCE, MEMORY):
        state = states.get(sheet.show, "visible")
        if sheet.title in missing and port.restore(sheet.title, state):
            inputs.titles = {**inputs.titles, sheet.key: sheet.title}
            write_words(port, sheet, inputs.year, inputs.tree)
            if sheet is GUIDANCE:
                write_guidance(port, outcome.tree, inputs.year)
            outcome.findings[:] = [
                Finding(Code.SHEET_RESTORED, f.sheet)
                if f.sheet == sheet.title and f.code in (Code.OUTPUT_SHEET_MISSING, Code.INNER_SHEET_MISSING)
                else f
                for f in outcome.findings
            ]
