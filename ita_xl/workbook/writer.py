"""Writing outputs through the port: fields, blocks, row visibility, and the merge of suggested texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ita_xl.domain.findings import Finding
from ita_xl.domain.merge import Merged, merge
from ita_xl.outcome import Outcome
from ita_xl.workbook.fit import row_height
from ita_xl.workbook.port import Port, Written
from ita_xl.workbook.schema import FINDINGS, MEMORY, OUTPUTS, Block, Field, Owner, Sheet, Show
from ita_xl.workbook.views import contents
from ita_xl.workbook.views.content import Content, Row
from ita_xl.workbook.views.findings import findings

Key = tuple[str, str, str, str]
"""A suggestion's place: sheet, block, row and column key."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggest cell as it stands in a workbook: its text and the address."""

    text: str
    cell: str


def write(port: Port, outcome: Outcome) -> None:
    """Put an outcome into the workbook's output sheets. Adds findings for texts that a person edited."""
    titles = outcome.inputs.titles
    remembered = recall(port, titles)
    standing = {key: s for sheet in OUTPUTS for key, s in suggestions(port, sheet, titles)}
    made = contents(outcome)
    fresh: dict[Key, str] = {}
    for sheet, content in made.values():
        if sheet.key in titles:
            outcome.findings.extend(_merge_into(sheet, content, titles, remembered, standing, fresh))
    if FINDINGS.key in made:
        # The merge may have added notes: the list of findings is made last.
        made = {**made, FINDINGS.key: (FINDINGS, findings(outcome))}
    for sheet, content in made.values():
        if sheet.key in titles:
            write_content(port, titles[sheet.key], sheet, content)
            if sheet.show is Show.RUN:
                port.show_sheet(titles[sheet.key])
    if MEMORY.key in titles:
        _remember(port, titles[MEMORY.key], fresh)


def write_content(port: Port, title: str, sheet: Sheet, content: Content) -> None:
    """Write a sheet's own fields and every row of its blocks; rows that are not needed are emptied and hidden.

    Fields and blocks that the content does not name are left alone.
    """
    for field in sheet.fields:
        if field.key in content.fields:
            write_field(port, title, sheet, field, content.fields[field.key])
    for block in sheet.blocks:
        if block.key in content.blocks:
            write_block(port, title, sheet, block, content.blocks[block.key])


def write_field(port: Port, title: str, sheet: Sheet, field: Field, value: Written) -> None:
    """Write one field; the row of a sentence gets the height that the sentence needs."""
    port.write(title, field.row, field.column, [[value]])
    if field.sentence and isinstance(value, str):
        port.show_rows(title, field.row, field.row, [row_height([(value, sheet.width_of(field))])])


def write_block(port: Port, title: str, sheet: Sheet, block: Block, rows: list[Row]) -> None:
    """Write a block over its whole capacity. Rows beyond the capacity are the caller's mistake."""
    assert len(rows) <= block.capacity, f"{block.key}: {len(rows)} rows"
    values: list[list[Written]] = [[row.get(column.key) for column in block.columns] for row in rows]
    values += [[None] * len(block.columns)] * (block.capacity - len(rows))
    port.write(title, block.first_row, block.first_column, values)
    if block.hides:
        # An empty table hides its heading row too; the sentence above it says that there is nothing.
        widths = sheet.widths[block.first_column - 1 :]
        heights = [row_height(zip(row, widths, strict=False)) for row in values]
        shown = min(len(rows) + block.spare, block.capacity)
        port.show_rows(title, block.header_row, block.last_row, [None, *heights[:shown]] if shown else [])


def suggestions(port: Port, sheet: Sheet, titles: Mapping[str, str]) -> Iterator[tuple[Key, Suggested]]:
    """The suggest cells of a sheet as they stand, by key; rows without a key are left out."""
    blocks = [b for b in sheet.blocks if any(True for _ in b.owned(Owner.SUGGEST))]
    if not blocks or sheet.key not in titles:
        return
    grid = port.read(titles[sheet.key])
    for block in blocks:
        key_column = block.column_number(block.row_key)
        for row in range(block.first_row, block.last_row + 1):
            row_key = grid.at(row, key_column)
            if row_key is None:
                continue
            for column in block.owned(Owner.SUGGEST):
                text = grid.at(row, block.column_number(column.key))
                key = (sheet.key, block.key, str(row_key), column.key)
                yield key, Suggested("" if text is None else str(text), block.address(column.key, row))


def recall(port: Port, titles: Mapping[str, str]) -> dict[Key, str]:
    """What the tool suggested last time, by key."""
    if MEMORY.key not in titles:
        return {}
    block = MEMORY.block("memory")
    grid = port.read(titles[MEMORY.key])
    known: dict[Key, str] = {}
    for row in range(block.first_row, grid.last_row + 1):
        sheet, table, line, column, text = (grid.at(row, n) for n in range(1, 6))
        if sheet is not None:
            known[str(sheet), str(table), str(line), str(column)] = "" if text is None else str(text)
    return known


def edited(port: Port, titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Sheet and cell of every suggested text that a person changed, cleared or wrote."""
    remembered = recall(port, titles)
    for sheet in OUTPUTS:
        for key, standing in suggestions(port, sheet, titles):
            if standing.text != remembered.get(key, ""):
                yield titles[sheet.key], standing.cell


def _merge_into(
    sheet: Sheet,
    content: Content,
    titles: Mapping[str, str],
    remembered: Mapping[Key, str],
    standing: Mapping[Key, Suggested],
    fresh: dict[Key, str],
) -> Iterator[Finding]:
    """Replace suggestions by what a person made of them; `fresh` collects what we suggest now."""
    for block in sheet.blocks:
        for column in block.owned(Owner.SUGGEST):
            rows = content.blocks.get(block.key, [])
            for row in rows:
                key = (sheet.key, block.key, str(row[block.row_key]), column.key)
                suggested = str(row.get(column.key) or "")
                fresh[key] = suggested
                row[column.key] = suggested or None
                here = standing.get(key)
                if here is None:
                    continue
                text, what = merge(remembered.get(key), here.text, suggested)
                row[column.key] = text or None
                if what is Merged.KEPT_DIFFERS:
                    values = {"row": key[2], "suggestion": suggested}
                    yield Finding("I401", titles[sheet.key], here.cell, values=values)
            yield from _keep_vanished(sheet, block, column.key, rows, titles, remembered, standing, fresh)


def _keep_vanished(
    sheet: Sheet,
    block: Block,
    column: str,
    rows: list[Row],
    titles: Mapping[str, str],
    remembered: Mapping[Key, str],
    standing: Mapping[Key, Suggested],
    fresh: Mapping[Key, str],
) -> Iterator[Finding]:
    """A row that we no longer propose stays if a person wrote in it."""
    for key, here in standing.items():
        of_this = key[:2] == (sheet.key, block.key) and key[3] == column and key not in fresh
        if of_this and here.text and here.text != remembered.get(key) and len(rows) < block.capacity:
            rows.append({block.row_key: key[2], column: here.text})
            yield Finding("I402", titles[sheet.key], here.cell, values={"row": key[2]})


def _remember(port: Port, title: str, fresh: Mapping[Key, str]) -> None:
    rows: list[Row] = [
        {"sheet": k[0], "block": k[1], "row": k[2], "column": k[3], "text": text or None}
        for k, text in fresh.items()
    ]
    write_block(port, title, MEMORY, MEMORY.block("memory"), rows)
