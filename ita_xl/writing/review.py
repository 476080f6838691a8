"""Checking the plan as it will stand, a person's edits included: is the chain whole, do its texts hold?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from ita_xl.case.outcome import Outcome
from ita_xl.domain.chain import Gap, codes_in, gaps
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.engines.port import Grid
from ita_xl.layout import ACTIONS, ANALYSIS, ISSUES, MEASURES, Block, Sheet
from ita_xl.reading.page import Page
from ita_xl.reading.plan import LONGEST_TEXT, check_due
from ita_xl.views.wordings import default_due, texts_for

_FINDINGS = {
    Gap.NO_APPROACH: Code.ISSUE_WITHOUT_APPROACH,
    Gap.NO_ACTION: Code.ISSUE_WITHOUT_ACTION,
    Gap.NO_MEASURE: Code.ISSUE_WITHOUT_MEASURE,
    Gap.NO_ISSUE: Code.MEASURE_WITHOUT_ISSUE,
}
_CHECKED = (ISSUES, ACTIONS, MEASURES, *ANALYSIS.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """A row as it will stand. texts: every text cell by column key. own: a person added it."""

    number: int
    key: str
    texts: Mapping[str, str]
    own: bool = False
    proposed: bool = True


Tables = Mapping[tuple[str, str], Sequence[Standing]]
"""Rows by sheet and block key."""


def review(outcome: Outcome, titles: Mapping[str, str], grids: Mapping[str, Grid], tables: Tables) -> list[Finding]:
    """Findings on the chain from issue to measure and on the texts of the plan."""
    found: list[Finding] = []
    known = {*outcome.tree.nodes}
    letters = {code[0] for code in known if code[1:].isdigit()}
    for sheet in _CHECKED:
        if sheet.key in titles:
            page = Page(sheet, titles[sheet.key], grids[sheet.key], found)
            for block in sheet.blocks:
                for row in tables.get((sheet.key, block.key), ()):
                    _check_codes(page, block, row, known, letters)
                    if block.key == "measures":
                        _check_measure(page, block, row, outcome.year)
    if ISSUES.key in titles:
        found.extend(_unchecked(outcome, titles, tables))
    if all(sheet.key in titles for sheet in (ISSUES, ACTIONS, MEASURES)):
        found.extend(_chain(outcome, titles, tables))
    return found


def _check_codes(page: Page, block: Block, row: Standing, known: Set[str], letters: Set[str]) -> None:
    """Texts that are too long, and codes in them that no question has. letters: those that codes begin with."""
    for column, text in row.texts.items():
        if len(text) > LONGEST_TEXT:
            page.note(Code.TEXT_TOO_LONG, block.address(column, row.number), length=len(text), most=LONGEST_TEXT)
        for code in codes_in(text):
            if code not in known and code[0] in letters:
                page.note(Code.TEXT_NAMES_UNKNOWN_CODE, block.address(column, row.number), value=code)


def _check_measure(page: Page, block: Block, row: Standing, year: int) -> None:
    for column in row.texts:
        if _is_formula(page, block, row, column):
            page.note(Code.FORMULA_KEPT, block.address(column, row.number))
    due = row.texts.get("due", "")
    if due and due != default_due(year):
        check_due(page, due, block.address("due", row.number), "", year)
    wordless = not row.texts.get("measure") and not row.texts.get("method")
    if wordless and (row.own or "/" in row.key):
        page.note(Code.MEASURE_ROW_EMPTY, block.address("method", row.number))


def _is_formula(page: Page, block: Block, row: Standing, column: str) -> bool:
    return (row.number, block.column_number(column)) in page.grid.formulas


def _unchecked(outcome: Outcome, titles: Mapping[str, str], tables: Tables) -> Iterator[Finding]:
    """What an agency has done already only itself can know: our draft of it is pointed out until it is edited."""
    block = ISSUES.block("issues")
    raised = {issue.code for issue in outcome.issues}
    drafts = [
        row.number
        for row in tables[ISSUES.key, block.key]
        if row.key in raised and not row.own and row.texts.get("in_place") == texts_for(outcome, row.key).in_place
    ]
    if drafts:
        cell = block.address("in_place", drafts[0])
        yield Finding(Code.DRAFT_NOT_CONFIRMED, titles[ISSUES.key], cell, values={"items": len(drafts)})


def _chain(outcome: Outcome, titles: Mapping[str, str], tables: Tables) -> Iterator[Finding]:
    """What is raised must be dealt with in every part, and no part may deal with what was never raised."""
    where: dict[str, dict[str, tuple[Sheet, str]]] = {"approach": {}, "action": {}, "measure": {}}
    for part, sheet, column in (("approach", ISSUES, "approach"), ("action", ACTIONS, "action")):
        block = sheet.blocks[0]
        for row in tables[sheet.key, block.key]:
            if row.texts.get(column):
                codes = codes_in(" ".join(row.texts.values())) if row.own else [row.key]
                where[part].update((code, (sheet, block.address(column, row.number))) for code in codes)
    for code, place in _planned(tables):
        where["measure"].setdefault(code, place)
    raised = [issue.code for issue in outcome.issues]
    for gap, code in gaps(raised, where["approach"], where["action"], where["measure"]):
        if gap is Gap.NO_ISSUE:
            sheet, cell = where["measure"][code]
            yield Finding(_FINDINGS[gap], titles[sheet.key], cell, code)
        else:
            # The score's own cell: from there a reader finds everything about the question.
            yield Finding(_FINDINGS[gap], *outcome.inputs.figures.where(outcome.year, code), code)


def _planned(tables: Tables) -> Iterator[tuple[str, tuple[Sheet, str]]]:
    """The codes that steps and a person's own rows deal with, and where."""
    block = MEASURES.block("measures")
    for row in tables[MEASURES.key, block.key]:
        if row.own:
            for code in codes_in(" ".join(row.texts.values())):
                yield code, (MEASURES, block.address("measure", row.number))
        elif row.key.count("/") >= 2 and row.proposed and row.texts.get("method"):
            yield row.key.split("/")[1], (MEASURES, block.address("method", row.number))
