"""Checking the plan as it will stand, a person's edits included: is the chain whole, do its texts hold?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from ita_xl.case.inputs import OwnGuidance
from ita_xl.case.outcome import Outcome
from ita_xl.domain.chain import Gap, codes_in, gaps
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.domain.plan import StepKey
from ita_xl.domain.rows import Owner, Row
from ita_xl.layout import ACTIONS, ANALYSIS, ISSUES, MEASURES, Block, Sheet
from ita_xl.layout.keys import BlockKey, ColumnKey, SheetKey
from ita_xl.reading.page import Notes
from ita_xl.reading.plan import LONGEST_TEXT, check_due
from ita_xl.views.wordings import texts_for

_FINDINGS = {
    Gap.NO_APPROACH: Code.ISSUE_WITHOUT_APPROACH,
    Gap.NO_ACTION: Code.ISSUE_WITHOUT_ACTION,
    Gap.NO_MEASURE: Code.ISSUE_WITHOUT_MEASURE,
    Gap.NO_ISSUE: Code.MEASURE_WITHOUT_ISSUE,
}
_CHECKED = (ISSUES, ACTIONS, MEASURES, *ANALYSIS.values())


Tables = Mapping[tuple[SheetKey, BlockKey], Sequence[Row]]
"""Rows as they will stand, by sheet and block key."""

Sheets = Mapping[SheetKey, Sheet]
"""Sheets with their parts where they will stand, by key."""


def review(outcome: Outcome, titles: Mapping[SheetKey, str], sheets: Sheets, tables: Tables) -> list[Finding]:
    """Findings on the chain from issue to measure and on the texts of the plan."""
    found: list[Finding] = []
    known = {*outcome.tree.nodes}
    letters = {code[0] for code in known if code[1:].isdigit()}
    for sheet in (sheets[one.key] for one in _CHECKED if one.key in sheets):
        notes = Notes(titles[sheet.key], found)
        for block in sheet.blocks:
            for row in tables.get((sheet.key, block.key), ()):
                _check_codes(notes, block, row, known, letters)
                if block.key == "measures":
                    _check_measure(notes, block, row, outcome.year)
    if ISSUES.key in sheets:
        found.extend(_unchecked(outcome, titles, sheets[ISSUES.key].block("issues"), tables))
    if all(sheet.key in sheets for sheet in (ISSUES, ACTIONS, MEASURES)):
        found.extend(_chain(outcome, titles, sheets, tables))
    return found


def _texts(block: Block, row: Row) -> dict[ColumnKey, str]:
    """What the filled cells of a row say, by column key."""
    return {column.key: text for column in block.columns if (text := row.text(column.key))}


def _check_codes(notes: Notes, block: Block, row: Row, known: Set[str], letters: Set[str]) -> None:
    """Texts that are too long, and codes in them that no question has. letters: those that codes begin with."""
    for column, text in _texts(block, row).items():
        if len(text) > LONGEST_TEXT:
            notes.note(Code.TEXT_TOO_LONG, block.cell_of(row, column), length=len(text), most=LONGEST_TEXT)
        for code in codes_in(text):
            if code not in known and code[0] in letters:
                notes.note(Code.TEXT_NAMES_UNKNOWN_CODE, block.cell_of(row, column), value=code)


def _check_measure(notes: Notes, block: Block, row: Row, year: int) -> None:
    for column in block.columns:
        if column.owner is not Owner.USER and column.key in row.cells and row.cells[column.key].formula:
            notes.note(Code.FORMULA_KEPT, block.cell_of(row, column.key))
    if row.text("due"):
        check_due(notes, row.cells["due"].content, block.cell_of(row, "due"), "", year)
    wordless = not row.text("measure") and not row.text("method")
    if wordless and (row.own or StepKey.of(row.key)):
        notes.note(Code.MEASURE_ROW_EMPTY, block.cell_of(row, "method"))


def _unchecked(outcome: Outcome, titles: Mapping[SheetKey, str], block: Block, tables: Tables) -> Iterator[Finding]:
    """What an agency has done already only itself can know: our draft of it is pointed out until it is edited."""
    raised = {issue.code for issue in outcome.issues}
    drafts = [
        row
        for row in tables[ISSUES.key, block.key]
        if row.key in raised
        and not row.own
        and "in_place" not in outcome.inputs.guidance.get(outcome.inputs.home_of(row.key), OwnGuidance()).texts
        and row.text("in_place") == texts_for(outcome, row.key).in_place
    ]
    if drafts:
        cell = block.cell_of(drafts[0], "in_place")
        yield Finding(Code.DRAFT_NOT_CONFIRMED, titles[ISSUES.key], cell, values={"items": len(drafts)})


def _chain(outcome: Outcome, titles: Mapping[SheetKey, str], sheets: Sheets, tables: Tables) -> Iterator[Finding]:
    """What is raised must be dealt with in every part, and no part may deal with what was never raised."""
    where: dict[str, dict[str, tuple[Sheet, str]]] = {"approach": {}, "action": {}, "measure": {}}
    parts: tuple[tuple[str, Sheet, ColumnKey], ...] = (
        ("approach", ISSUES, "approach"),
        ("action", ACTIONS, "action"),
    )
    for part, layout, column in parts:
        sheet = sheets[layout.key]
        block = sheet.blocks[0]
        for row in tables[sheet.key, block.key]:
            if row.text(column):
                codes = codes_in(" ".join(_texts(block, row).values())) if row.own else [row.key]
                where[part].update((code, (sheet, block.cell_of(row, column))) for code in codes)
    for code, place in _planned(sheets[MEASURES.key], tables):
        where["measure"].setdefault(code, place)
    # The score's own cell: from there a reader finds everything about the question.
    raised = {issue.code: outcome.inputs.figures.where(outcome.year, issue.code) for issue in outcome.issues}
    for code, cell in _own_issues(sheets[ISSUES.key].block("issues"), tables):
        if code in outcome.tree:
            raised.setdefault(code, (titles[ISSUES.key], cell))
    for gap, code in gaps(list(raised), where["approach"], where["action"], where["measure"]):
        if gap is Gap.NO_ISSUE:
            sheet, cell = where["measure"][code]
            yield Finding(_FINDINGS[gap], titles[sheet.key], cell, code)
        else:
            yield Finding(_FINDINGS[gap], *raised[code], code)


def _own_issues(block: Block, tables: Tables) -> Iterator[tuple[str, str]]:
    """The codes that a person's own issues name, and where."""
    for row in tables[ISSUES.key, block.key]:
        if row.own:
            for code in codes_in(" ".join(_texts(block, row).values())):
                yield code, block.cell_of(row, "issue")


def _planned(sheet: Sheet, tables: Tables) -> Iterator[tuple[str, tuple[Sheet, str]]]:
    """The codes that steps and a person's own rows deal with, and where."""
    block = sheet.block("measures")
    for row in tables[sheet.key, block.key]:
        step = StepKey.of(row.key)
        if row.own:
            for code in codes_in(" ".join(_texts(block, row).values())):
                yield code, (sheet, block.cell_of(row, "measure"))
        elif step and step.question and row.proposed and row.text("method"):
            for code in codes_in(row.text("codes")) or [step.question]:
                yield code, (sheet, block.cell_of(row, "method"))
