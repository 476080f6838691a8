"""What a document is made from: a workbook's figures, and its texts as they stand, a person's words before ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from ita_xl import pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.numbers import show
from ita_xl.domain.rows import Row
from ita_xl.engines.port import Port
from ita_xl.layout import Sheet
from ita_xl.layout.keys import BlockKey, FieldKey, SheetKey
from ita_xl.views.content import Values
from ita_xl.writing.compose import Composition, compose
from ita_xl.writing.signed import Since


class Source(Struct, frozen=True):
    """outcome: the figures; scores are taken from here alone. sheets: as a run would leave them, by key; one that
    the workbook lacks is missing. since: what differs from what was signed, if it was."""

    outcome: Outcome
    sheets: Mapping[SheetKey, Composition]
    since: Since | None = None

    @property
    def agency(self) -> str:
        return self.outcome.inputs.about.get("agency") or say("report.no_agency")

    def rows(self, sheet: Sheet, key: BlockKey) -> Sequence[Row]:
        """The rows of a table that people may edit, without those that no longer apply and empty ones."""
        one = self.sheets.get(sheet.key)
        rows = one.tables.get(key, []) if one else []
        return [row for row in rows if row.proposed and any(cell.text for cell in row.cells.values())]

    def raised(self, issue: Row) -> bool:
        """Whether a row of the issues is one, and does not only say how an indicator stands."""
        return issue.own or issue.key in {one.code for one in self.outcome.issues}

    def lines(self, sheet: Sheet, key: BlockKey) -> Sequence[Values]:
        """The rows of a table that is only ours."""
        one = self.sheets.get(sheet.key)
        return one.content.blocks.get(key, []) if one else []

    def said(self, sheet: Sheet, key: FieldKey) -> str:
        """A sentence; empty where there is none."""
        one = self.sheets.get(sheet.key)
        return one.said(key) if one else ""

    def worded(self, sheet: Sheet, key: FieldKey) -> bool:
        """Whether a person wrote a sentence anew."""
        one = self.sheets.get(sheet.key)
        return one is not None and key in one.worded

    def score(self, code: str, year: int = 0) -> str:
        """A score of this year, or of another one, at two decimals; a dash where it is unknown."""
        points = self.outcome.points(year or self.outcome.year, code)
        return "-" if points is None else show(points)


def source_of(port: Port) -> Source:
    """Read a workbook; nothing is written to it. Raises `Unusable` where it has no year or structure, or where the
    headings of a table are gone."""
    outcome = pipeline.analyse(port)
    if not outcome.years:
        return Source(outcome, {})
    composed = compose(port, outcome, staying=True)
    outcome = replace(outcome.noting(composed.findings), plan=composed.plan, steps=composed.steps)
    return Source(outcome, {one.sheet.key: one for one in composed.sheets}, composed.since)
