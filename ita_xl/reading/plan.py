"""Reading what the agency adds to the plan: own guidance texts, offices, signatures, last year's measures."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from ita_xl.case.inputs import Commitment, OwnGuidance
from ita_xl.data.library import WORDINGS
from ita_xl.domain.codes import Code
from ita_xl.domain.plan import numbered_lines, parse_due
from ita_xl.domain.thai import closes, parse_code
from ita_xl.domain.tree import Kind, Tree
from ita_xl.engines.port import Value
from ita_xl.layout import labels
from ita_xl.layout.address import address
from ita_xl.layout.keys import OWN_KEYS, BlockKey, ColumnKey, TextKey
from ita_xl.reading.page import FoundTable, Notes, Page, locate
from ita_xl.reading.rows import without_code

LONGEST_TEXT = 4000
"""Characters; a longer text does not fit into the highest row that a sheet can have."""


def read_guidance(page: Page, tree: Tree, year: int) -> tuple[dict[str, OwnGuidance], Mapping[ColumnKey, int]]:
    """Own texts by code, and the numbers of the columns; rows with an unknown code and unusable cells are
    reported."""
    block = page.sheet.block("guidance")
    table = locate(page, block, year)
    if table is None:
        return {}, {}
    known = {*tree.codes(Kind.QUESTION), *tree.codes(Kind.INDICATOR), *tree.codes(Kind.SUB_INDICATOR)}
    entries: dict[str, OwnGuidance] = {}
    for row in range(table.header_row + 1, page.grid.last_row + 1):
        texts = dict(_own_texts(page, table, row))
        cell = table.cell("code", row)
        said = page.text(page.points(cell))
        code = parse_code(page.points(cell), known).code if said else None
        if code is None:
            if texts and not said and (topic := page.words(table.cell("topic", row))):
                page.note(Code.TEXT_OFFERED, cell, value=topic)
            elif texts and not closes(said or next(iter(texts.values()))):
                without_code(page, cell, Code.OWN_TEXT_WITHOUT_CODE, value=said)
            continue
        if "due" in texts:
            for _, due in numbered_lines(texts["due"]):
                check_due(page, due, table.cell("own_due", row), code, year)
        every = page.words(table.cell("wording", row)) == labels.choice_list("wording")[-1]
        wording = 0 if every else _wording(page, table, row)
        entries[code] = OwnGuidance(wording, texts, row, _same_as(page, table, row, known), every)
    return entries, table.columns


def _same_as(page: Page, table: FoundTable, row: int, known: Collection[str]) -> str:
    """The code whose texts the code of a row shares; empty for none."""
    if "same_as" not in table.columns:
        return ""
    cell = table.cell("same_as", row)
    said = page.words(cell)
    code = parse_code(said, known).code if said else None
    if said and code is None:
        page.note(Code.SHARES_WITH_UNKNOWN, cell, value=said)
    return code or ""


def _own_texts(page: Page, table: FoundTable, row: int) -> Iterator[tuple[TextKey, str]]:
    """A person's texts in a row as typed, their lines kept; a formula gives its result."""
    for key, own in OWN_KEYS.items():
        filled = page.grid.at(row, table.columns[own]) is not None
        if filled and (text := checked_text(page, table.cell(own, row))):
            yield key, text


def checked_text(page: Page, cell: str) -> str:
    """The text of a cell that a person wrote, with a finding for what is no text or too long to be shown."""
    text = page.lines(page.usable(page.value(cell), cell))
    if len(text) > LONGEST_TEXT:
        page.note(Code.TEXT_TOO_LONG, cell, length=len(text), most=LONGEST_TEXT)
    return text


def check_due(page: Notes, value: Value, cell: str, question: str, year: int) -> None:
    """Report a due month that is none, lies before the plan begins, or counts years the Gregorian way.

    year: the fiscal year of the result; its measures are for the next one.
    """
    if page.usable(value, cell, question) is None:
        return
    due = parse_due(value)
    if due is None:
        page.note(Code.DUE_NOT_A_MONTH, cell, question, value=page.text(value))
        return
    if due.gregorian:
        page.note(Code.DUE_GREGORIAN, cell, question, value=page.text(value), year=due.year)
    if due.fiscal_year <= year:
        page.note(Code.DUE_TOO_EARLY, cell, question, value=page.text(value), year=year + 1)


def _wording(page: Page, table: FoundTable, row: int) -> int:
    cell = table.cell("wording", row)
    typed = page.typed(page.value(cell), cell)
    number = int(typed.value) if typed and typed.value is not None else 0
    return number if 0 < number <= WORDINGS else 0


def read_rows(page: Page, key: BlockKey) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The filled rows of a plain table of the first sheet, each with its number."""
    block = page.sheet.block(key)
    columns = range(block.first_column, block.first_column + len(block.columns))
    for row in range(block.first_row, block.last_row + 1):
        texts = tuple(page.words(address(row, column)) for column in columns)
        if any(texts):
            yield row, texts


def read_commitments(page: Page) -> list[Commitment]:
    """Last year's measures, as `new --from` put them there."""
    block = page.sheet.block("last")
    at: dict[str, int] = {column.key: block.column_number(column.key) for column in block.columns}
    found = []
    for row in range(block.first_row, block.last_row + 1):
        texts = {key: page.lines(page.grid.at(row, number)) for key, number in at.items()}
        if key := texts["key"]:
            codes, done = texts.get("codes", ""), texts.get("done", "")
            name = texts.get("measure", "")
            found.append(Commitment(key, tuple(split_codes(codes)), labels.progress_of(done), name))
    return found


def read_topic_codes(page: Page) -> dict[str, str]:
    """The codes that stand beside each topic, by its key."""
    block = page.sheet.block("topics")
    key, codes = block.column_number("key"), block.column_number("codes")
    rows = range(block.first_row, block.last_row + 1)
    found = {page.text(page.grid.at(row, key)): page.text(page.grid.at(row, codes)) for row in rows}
    return {topic: text for topic, text in found.items() if topic and text}


def split_codes(text: str) -> list[str]:
    """The codes that a cell lists, as typed."""
    return [part for part in re.split(r"[,;\s]+", text) if part]
