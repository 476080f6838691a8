"""Typing into a workbook that was just filled for its year, as a clerk does: by code and column."""

from __future__ import annotations

from ita_xl.case.inputs import Place
from ita_xl.data.profiles import Profile
from ita_xl.engines.port import Port, Written
from ita_xl.layout import SCORES, STATED, Block, Sheet
from ita_xl.layout.keys import ColumnKey
from ita_xl.writing.setup import stated_codes


class Clerk:
    """Each of them gives the place that was written to, where the findings on it will stand."""

    def __init__(self, port: Port, profile: Profile) -> None:
        self.port, self.profile = port, profile

    def question(self, code: str, column: ColumnKey, value: Written) -> Place:
        """A cell of a question's row."""
        instrument = self.profile.tree.instrument_of(code)
        assert instrument is not None
        sheet = SCORES[instrument]
        block = sheet.block("scores")
        row = self.profile.tree.questions(instrument).index(code)
        return self.cell(sheet, block, row, column, value)

    def extra(self, instrument: str, down: int, code: str, score: Written) -> Place:
        """A row of the clerk's own below the questions; the place of its code."""
        sheet = SCORES[instrument]
        block = sheet.block("scores")
        row = len(self.profile.tree.questions(instrument)) + down
        self.cell(sheet, block, row, "y0", score)
        self.port.show_rows(sheet.title, block.first_row + row, block.first_row + row, [None])
        return self.cell(sheet, block, row, "code", code)

    def stated(self, code: str, column: ColumnKey, value: Written) -> Place:
        """A cell of the published figures; `labels.LEVEL` is the row of the level."""
        return self.cell(STATED, STATED.block("stated"), stated_codes(self.profile.tree).index(code), column, value)

    def cell(self, sheet: Sheet, block: Block, row: int, column: ColumnKey, value: Written) -> Place:
        """A cell of a table; rows count from 0."""
        number = block.first_row + row
        self.port.write(sheet.title, number, block.column_number(column), [[value]])
        return Place(sheet.title, block.address(column, number))
