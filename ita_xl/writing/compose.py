"""What a run is to write: what we say now, merged with what people wrote. Nothing is written here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import cast

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import Value, shown
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.merge import Merged, mark_of, merge_table
from ita_xl.domain.rows import Cell, Origin, Owner, Row
from ita_xl.domain.thai import arabic_digits, same_text
from ita_xl.engines.moves import Moves
from ita_xl.engines.port import Formula, Grid, Port, Ties, moved
from ita_xl.layout import RECHECK, WRITTEN, Block, Sheet, labels
from ita_xl.layout.keys import BlockKey, ColumnKey, SheetKey
from ita_xl.reading.page import FoundTable, Page, merged_in
from ita_xl.reading.standing import editable_blocks, standing_rows
from ita_xl.views import contents
from ita_xl.views.content import Content, Values
from ita_xl.writing.memory import Key, recall
from ita_xl.writing.review import review


@dataclass(frozen=True)
class Composition:
    """One sheet. title: its actual one. grid, ties: as it stands. tables: the rows by position of the blocks that
    people may edit. moves: the rows that change places first."""

    sheet: Sheet
    title: str
    content: Content
    grid: Grid
    ties: Ties
    tables: Mapping[BlockKey, list[Row | None]]
    moves: Moves


@dataclass(frozen=True)
class Composed:
    """sheets: in the order in which they are written. marks: of what was suggested, to be remembered. findings: on
    edited texts, and on the plan as it will stand. own_texts: what people wrote, by sheet and cell."""

    sheets: list[Composition]
    marks: dict[Key, str]
    findings: list[Finding]
    own_texts: dict[tuple[str, str], str]

    def relocated(self, findings: Iterable[Finding]) -> list[Finding]:
        """Findings on cells as they stood, each with the address that its cell will have."""
        moves = {one.title: one.moves for one in self.sheets if one.moves.places}
        return [replace(f, cell=moves[f.sheet].cell(f.cell)) if f.sheet in moves else f for f in findings]


def compose(port: Port, outcome: Outcome, *, staying: bool = False) -> Composed:
    """Merge an outcome with what a person wrote.

    staying: nothing is going to be written, so findings name cells where they are, not where they would be.
    Raises `Unusable` if a table of ours no longer stands where it should, or has no room left.
    """
    titles = outcome.inputs.titles
    made = {key: entry for key, entry in contents(outcome).items() if key in titles}
    grids = {key: port.read(titles[key]) for key in made}
    findings = _check_places(made, titles, grids)
    remembered = recall(port, titles)
    sheets: list[Composition] = []
    marks: dict[Key, str] = {}
    own_texts: dict[tuple[str, str], str] = {}
    tables: dict[tuple[SheetKey, BlockKey], list[Row]] = {}
    for key, (sheet, content) in made.items():
        title, grid, blocks = titles[key], grids[key], editable_blocks(sheet)
        ties = port.ties(title) if blocks else Ties()
        merged: dict[BlockKey, list[Row | None]] = {}
        moves = Moves(title, {})
        for block in blocks:
            proposed = {row.key: row for row in proposed_rows(block, content.blocks.get(block.key, []))}
            last = {(k[2], k[3]): mark for k, mark in remembered.items() if k[:2] == (key, block.key)}
            rows, what = _merge(block, title, grid, ties, last, proposed)
            if staying:
                rows = [row and replace(row, goes=row.stands) for row in rows]
            else:
                moves = _with_moves(moves, block, grid, rows)
            merged[block.key] = rows
            tables[key, block.key] = [row for row in rows if row]
            findings.extend(_notes(block, title, tables[key, block.key], what, proposed))
            own_texts.update(_own_texts(block, title, tables[key, block.key], proposed))
            marks.update(_marks(sheet, block, proposed, what, last))
        composition = Composition(sheet, title, content, grid, ties, merged, moves)
        findings.extend(_merged_cells(composition))
        sheets.append(composition)
    if outcome.years:
        findings.extend(review(outcome, titles, tables))
    return Composed(sheets, marks, findings, own_texts)


def proposed_rows(block: Block, lines: Iterable[Values]) -> Iterator[Row]:
    """What we say now, as rows. A key that no column of the block has is an error."""
    assert block.row_key is not None
    columns = [(column.key, column.owner) for column in block.columns if column.owner is not Owner.USER]
    for line in lines:
        block.check_keys(line)
        assert not any(isinstance(value, Formula) for value in line.values()), "people may edit these tables"
        plain = cast("Mapping[ColumnKey, Value]", line)
        yield Row(str(line[block.row_key]), {key: Cell(plain.get(key), owner) for key, owner in columns})


def _merge(
    block: Block,
    title: str,
    grid: Grid,
    ties: Ties,
    last: Mapping[tuple[str, str], str],
    proposed: Mapping[str, Row],
) -> tuple[list[Row | None], Mapping[tuple[str, str], Merged]]:
    """The rows once a person's texts, order and own rows are respected. Raises `Unusable` if they find no room."""
    assert block.row_key is not None and block.mark is not None
    merged = merge_table(standing_rows(block, grid, ties), last, list(proposed.values()))
    if len(merged.rows) > block.capacity:
        raise Unusable(Finding(Code.TABLE_FULL, title, block.address(block.row_key, block.last_row)))
    rows: list[Row | None] = []
    for number, row in enumerate(merged.rows, block.first_row):
        if row and row.origin is Origin.RETIRED:
            row = replace(row, cells={**row.cells, block.mark: Cell(say("words.not_proposed"))})
        rows.append(row and replace(row, goes=number))
    return rows, merged.what


def _with_moves(moves: Moves, block: Block, grid: Grid, rows: list[Row | None]) -> Moves:
    """The moves of a sheet with those of the rows of one more table. Rows that are given up fill the gaps."""
    goes = {row.stands: row.goes for row in rows if row and row.stands is not None and row.goes is not None}
    numbers = set(range(block.first_row, block.last_row + 1))
    left, free = numbers - goes.keys(), numbers - set(goes.values())
    goes |= dict(zip(sorted(left - free), sorted(free - left), strict=True))
    places = {old: new for old, new in goes.items() if old != new}
    return Moves(moves.title, {**moves.places, **places}, moves.given_up | (left & grid.rows))


def _notes(
    block: Block,
    title: str,
    rows: list[Row],
    what: Mapping[tuple[str, str], Merged],
    proposed: Mapping[str, Row],
) -> Iterator[Finding]:
    """Where our suggestion differs from a person's text, and what stays although we no longer propose it."""
    for row in rows:
        for column in block.owned(Owner.SUGGEST) if not row.own else ():
            if what.get((row.key, column.key)) is Merged.KEPT_DIFFERS:
                values = {"row": row.key, "suggestion": proposed[row.key].text(column.key)}
                yield Finding(Code.EDIT_DIFFERS, title, block.cell_of(row, column.key), values=values)
        if row.origin is Origin.RETIRED:
            assert block.mark is not None
            cell = block.cell_of(row, block.mark)
            yield Finding(Code.ROW_NOT_PROPOSED, title, cell, values={"row": row.key})


def _own_texts(
    block: Block, title: str, rows: list[Row], proposed: Mapping[str, Row]
) -> Iterator[tuple[tuple[str, str], str]]:
    """What a person wrote into a table, by sheet and cell: own rows, edited suggestions, own columns."""
    open_to_them = [column for column in block.columns if column.owner is not Owner.TOOL]
    for row in rows:
        for column in block.columns if row.own else open_to_them:
            cell = row.cells.get(column.key, Cell())
            theirs = row.own or cell.whose is not Owner.TOOL
            suggestion = proposed[row.key].text(column.key) if row.key in proposed and not row.own else ""
            if theirs and isinstance(cell.content, str) and cell.content not in ("", suggestion):
                yield (title, block.cell_of(row, column.key)), cell.content


def _marks(
    sheet: Sheet,
    block: Block,
    proposed: Mapping[str, Row],
    what: Mapping[tuple[str, str], Merged],
    last: Mapping[tuple[str, str], str],
) -> Iterator[tuple[Key, str]]:
    """The marks of what we suggest. Of a text that a person keeps, that of the suggestion which they have seen.

    So it stays theirs, and a note that we would now say something else stays as well.
    """
    for key, row in proposed.items():
        for column in block.owned(Owner.SUGGEST):
            place = key, column.key
            refreshed = what.get(place, Merged.REFRESHED) is Merged.REFRESHED
            mark = mark_of(row.text(column.key)) if refreshed else last.get(place, "")
            if mark:
                yield (sheet.key, block.key, *place), mark


# ---- whether our tables stand where they should ----


def _check_places(
    made: dict[SheetKey, tuple[Sheet, Content]], titles: Mapping[SheetKey, str], grids: Mapping[SheetKey, Grid]
) -> list[Finding]:
    """Raises `Unusable` if a table moved. Where it is only the recheck sheet's, that is reported, and the sheet is
    taken out of what is made."""
    findings: list[Finding] = []
    if RECHECK.key in made and (shifted := _moved(titles[RECHECK.key], grids[RECHECK.key])):
        findings.append(shifted)
        del made[RECHECK.key]
    misplaced = [f for key, (sheet, _) in made.items() for f in _misplaced(sheet, titles[key], grids[key])]
    if misplaced:
        raise Unusable(*misplaced)
    return findings


def _misplaced(sheet: Sheet, title: str, grid: Grid) -> Iterator[Finding]:
    """Tables of which fewer than half of the headings stand at their place: rows or columns moved."""
    for block in sheet.blocks:
        cells = [(block.header_row, block.column_number(column.key)) for column in block.columns]
        wanted = _headings()[sheet.key, block.key]
        found = [_without_years(shown(grid.at(*at))) for at in cells]
        right = sum(any(a == b or same_text(a, b) for b in words) for a, words in zip(found, wanted, strict=True))
        if right * 2 < len(wanted):
            yield Finding(Code.TABLE_MOVED, title, block.address(block.columns[0].key, block.header_row))


@cache
def _headings() -> dict[tuple[str, str], list[tuple[str, ...]]]:
    """Of every table that a run writes, by sheet and block key: today's words over each column, and former ones."""
    return {
        (sheet.key, block.key): [
            (
                _without_years(labels.heading(sheet, block, column, 0)),
                *filter(None, [labels.former_heading(sheet, block, column.key)]),
            )
            for column in block.columns
        ]
        for sheet in WRITTEN
        for block in sheet.blocks
    }


@lru_cache(maxsize=1024)
def _without_years(heading: str) -> str:
    return re.sub(r"-?\d+", "", arabic_digits(heading))


def _moved(title: str, grid: Grid) -> Finding | None:
    """A finding where the recheck sheet has no room for our results, be it that its columns or rows moved or that
    there are formulas: those we never write over."""
    block = RECHECK.block("program")
    at = block.column_number("program")
    mine = ((row, at) for row in range(block.first_row, block.last_row + 1))
    if not any(_misplaced(RECHECK, title, grid)) and grid.formulas.isdisjoint(mine):
        return None
    return Finding(Code.RECHECK_MOVED, title, block.address("program", block.header_row))


def _merged_cells(one: Composition) -> list[Finding]:
    """Merged cells inside our tables show only their first value. They are named where they will be."""
    page = Page(one.sheet, one.title, moved(one.grid, one.moves), [])
    for block in one.sheet.blocks:
        columns = {column.key: block.column_number(column.key) for column in block.columns}
        merged_in(page, FoundTable(block.header_row, columns), block.last_row)
    return page.findings
