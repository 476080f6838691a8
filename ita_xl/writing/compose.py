"""Writing outputs: merging what we suggest with what people wrote, and remembering what was suggested."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.merge import Line, Merged, merge_table
from ita_xl.domain.thai import arabic_digits, same_text
from ita_xl.engines.port import CellError, Formula, Grid, Port, Uncomputed, Value, Written
from ita_xl.layout import FINDINGS, MEMORY, OUTPUTS, RECHECK, Block, Owner, Sheet, Show, labels
from ita_xl.reading.page import Page, Table, merged_in
from ita_xl.views import contents
from ita_xl.views.content import OWN, Content, Own, Row
from ita_xl.views.findings import findings
from ita_xl.writing.blocks import write_content
from ita_xl.writing.review import Standing, review

Key = tuple[str, str, str, str]
"""A suggestion's place: sheet, block, row and column key."""


@dataclass
class Composed:
    """What is to be written: sheets with their content, what stands there now, and what is suggested anew."""

    made: dict[str, tuple[Sheet, Content]]
    grids: dict[str, Grid]
    fresh: dict[Key, str]


def compose(port: Port, outcome: Outcome) -> Composed:
    """Merge an outcome with what a person wrote, without writing anything. Adds findings on edited texts and
    on the plan as it will stand.

    Raises `Unusable` if a table of ours no longer stands where it should.
    """
    titles = outcome.inputs.titles
    made = {key: entry for key, entry in contents(outcome).items() if key in titles}
    grids = {key: port.read(titles[key]) for key in made}
    if RECHECK.key in made and (moved := _moved(titles[RECHECK.key], grids[RECHECK.key])):
        outcome.findings.append(moved)
        del made[RECHECK.key]
    misplaced = [f for key, (sheet, _) in made.items() for f in _misplaced(sheet, titles[key], grids[key])]
    if misplaced:
        raise Unusable(*misplaced)
    remembered = recall(port, titles)
    fresh: dict[Key, str] = {}
    tables: dict[tuple[str, str], list[Standing]] = {}
    for key, (sheet, content) in made.items():
        _report_merged(Page(sheet, titles[key], grids[key], outcome.findings))
        for block in suggest_blocks(sheet):
            proposed = content.blocks.get(block.key, [])
            rows, notes = _merge(sheet, block, grids[key], remembered, proposed, titles[key])
            content.merged[block.key] = rows
            tables[key, block.key] = _standing(block, rows, grids[key])
            outcome.own_texts.update(_own_texts(block, rows, proposed, grids[key], titles[key]))
            outcome.findings.extend(notes)
            fresh.update(_suggested(sheet, block, proposed))
    if outcome.years:
        outcome.findings.extend(review(outcome, titles, grids, tables))
    if FINDINGS.key in made:
        # The merge may have added notes: the list of findings is made last.
        made[FINDINGS.key] = (FINDINGS, findings(outcome))
    return Composed(made, grids, fresh)


def write(port: Port, outcome: Outcome) -> None:
    """Put an outcome into the workbook's output sheets. Raises as `compose`, before anything is written."""
    titles = outcome.inputs.titles
    composed = compose(port, outcome)
    for sheet, content in composed.made.values():
        write_content(port, titles[sheet.key], sheet, content, composed.grids[sheet.key])
        if sheet.show is Show.RUN:
            port.show_sheet(titles[sheet.key])
    if MEMORY.key in titles:
        _remember(port, titles[MEMORY.key], composed.fresh)


def suggest_blocks(sheet: Sheet) -> list[Block]:
    """The tables of a sheet in which a person may write: cells that we suggest, or the person's own."""
    return [block for block in sheet.blocks if any(column.owner is not Owner.TOOL for column in block.columns)]


def standing_lines(block: Block, grid: Grid) -> list[Line | None]:
    """The rows of a table as they stand, by position; None for an empty one."""
    key_column = block.column_number(block.row_key)
    lines: list[Line | None] = []
    numbers = range(block.first_column, block.first_column + len(block.columns))
    for row in range(block.first_row, block.last_row + 1):
        if row not in grid.rows or all(grid.at(row, column) is None for column in numbers):
            lines.append(None)
            continue
        held = {c.key: grid.at(row, number) for c, number in zip(block.columns, numbers, strict=True)}
        texts = {c.key: _text(held[c.key]) for c in block.owned(Owner.SUGGEST)}
        user = {c.key: held[c.key] for c in block.owned(Owner.USER) if held[c.key] is not None}
        told = {c.key: held[c.key] for c in block.owned(Owner.TOOL) if held[c.key] is not None}
        lines.append(Line(_text(grid.at(row, key_column)), texts, user, told))
    return lines


def mark_of(text: str) -> str:
    """A short mark that only this text has: remembering marks keeps the very hidden sheet small."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def recall(port: Port, titles: Mapping[str, str]) -> dict[Key, str]:
    """The marks of what the tool suggested last time, by key."""
    if MEMORY.key not in titles:
        return {}
    block = MEMORY.block("memory")
    grid = port.read(titles[MEMORY.key])
    known: dict[Key, str] = {}
    for row in range(block.first_row, grid.last_row + 1):
        sheet, table, line, column, text = (_text(grid.at(row, number)) for number in range(1, 6))
        if sheet:
            known[sheet, table, line, column] = text
    return known


def edited(port: Port, titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Sheet and cell of every suggested text that a person changed, cleared or wrote, and of own rows."""
    remembered = recall(port, titles)
    for sheet in OUTPUTS:
        for block in suggest_blocks(sheet) if sheet.key in titles else ():
            lines = standing_lines(block, port.read(titles[sheet.key]))
            for number, line in enumerate(lines, block.first_row):
                for column, text in (line.texts if line else {}).items():
                    last = remembered.get((sheet.key, block.key, line.key if line else "", column))
                    if (mark_of(text) if text else None) != last or (line and not line.key):
                        yield titles[sheet.key], block.address(column, number)
                for column in line.user if line else ():
                    yield titles[sheet.key], block.address(column, number)


def _text(value: Value) -> str:
    if isinstance(value, Uncomputed):
        return value.formula
    return "" if value is None else str(value)


def _written(value: Value) -> Written:
    """A cell's content as it can be put into another row."""
    if isinstance(value, Uncomputed):
        return Formula(value.formula)
    if isinstance(value, CellError):
        return value.text
    return value if isinstance(value, str | int | float) or value is None else str(value)


def _misplaced(sheet: Sheet, title: str, grid: Grid) -> Iterator[Finding]:
    """Tables of which fewer than half of the headings stand at their place: rows or columns moved."""
    for block in sheet.blocks:
        cells = [(block.header_row, block.column_number(column.key)) for column in block.columns]
        wanted = [labels.heading(sheet, block, column, 0) for column in block.columns]
        found = [_without_years(_text(grid.at(*at))) for at in cells]
        right = sum(same_text(a, _without_years(b)) for a, b in zip(found, wanted, strict=True))
        if right * 2 < len(wanted):
            yield Finding(Code.TABLE_MOVED, title, block.address(block.columns[0].key, block.header_row))


def _moved(title: str, grid: Grid) -> Finding | None:
    """A finding where the recheck sheet has no room for our results, be it that its columns or rows moved or that
    there are formulas: those we never write over."""
    block = RECHECK.block("program")
    at = block.column_number("program")
    mine = ((row, at) for row in range(block.first_row, block.last_row + 1))
    if not any(_misplaced(RECHECK, title, grid)) and grid.formulas.isdisjoint(mine):
        return None
    return Finding(Code.RECHECK_MOVED, title, block.address("program", block.header_row))


def _report_merged(page: Page) -> None:
    """Merged cells inside our tables show only their first value."""
    for block in page.sheet.blocks:
        columns = {column.key: block.column_number(column.key) for column in block.columns}
        merged_in(page, Table(block.header_row, columns), block.last_row)


def _without_years(heading: str) -> str:
    return re.sub(r"-?\d+", "", arabic_digits(heading))


def _merge(
    sheet: Sheet, block: Block, grid: Grid, remembered: Mapping[Key, str], proposed: list[Row], title: str
) -> tuple[list[Row | Own | None], list[Finding]]:
    """The rows to write once a person's texts, order and own rows are respected, and notes on them."""
    columns = [column.key for column in block.owned(Owner.SUGGEST)]
    by_key = {str(row[block.row_key]): row for row in proposed}
    standing = standing_lines(block, grid)
    lines = [Line(key, {c: _text_of(row, c) for c in columns}) for key, row in by_key.items()]
    texts = {(row.key, column): text for row in standing if row for column, text in row.texts.items()}
    last = _last_texts(
        sheet, block, remembered, [texts, {(n.key, c): t for n in lines for c, t in n.texts.items()}]
    )
    merged = merge_table(standing, last, lines)
    if len(merged) > block.capacity:
        raise Unusable(Finding(Code.TABLE_FULL, title, block.address(block.row_key, block.last_row)))
    rows: list[Row | Own | None] = []
    notes: list[Finding] = []
    for number, line in enumerate(merged, block.first_row):
        if line is None or line.own:
            rows.append(OWN if line else None)
            continue
        held = {column: _written(value) for column, value in {**line.told, **line.user}.items()}
        row: Row = {**held, block.row_key: line.key, **by_key.get(line.key, {}), **line.texts}
        before = standing[number - block.first_row] if number - block.first_row < len(standing) else None
        if before and before.key == line.key:
            # What stays where it is need not be written, and a person's formula, date or number must not be.
            kept: dict[str, Written] = {
                c: line.texts[c] for c in columns if _typed(grid, number, block.column_number(c), line.texts[c])
            }
            kept |= {column.key: held.get(column.key) for column in block.owned(Owner.USER)}
            row.update({column: Own(value) for column, value in kept.items()})
        for column, what in line.what.items():
            if what is Merged.KEPT_DIFFERS:
                values = {"row": line.key, "suggestion": _text_of(by_key[line.key], column)}
                notes.append(Finding(Code.EDIT_DIFFERS, title, block.address(column, number), values=values))
        if not line.proposed:
            row[block.mark] = say("words.not_proposed")
            cell = block.address(block.mark, number)
            notes.append(Finding(Code.ROW_NOT_PROPOSED, title, cell, values={"row": line.key}))
        rows.append(row)
    return rows, notes


def _own_texts(
    block: Block, rows: list[Row | Own | None], proposed: list[Row], grid: Grid, title: str
) -> Iterator[tuple[tuple[str, str], str]]:
    """What a person wrote into a table, by sheet and cell: own rows, edited suggestions, own columns."""
    ours = {str(row[block.row_key]): row for row in proposed}
    for number, row in enumerate(rows, block.first_row):
        for column in block.columns if row else ():
            if isinstance(row, Own):
                value: object = grid.at(number, block.column_number(column.key))
            elif row and column.owner is not Owner.TOOL:
                held = row.get(column.key)
                value = held.shown if isinstance(held, Own) else held
                suggested = ours.get(str(row[block.row_key]), {}).get(column.key)
                value = None if value == suggested else value
            else:
                continue
            if value and isinstance(value, str):
                yield (title, block.address(column.key, number)), value


def _standing(block: Block, rows: list[Row | Own | None], grid: Grid) -> list[Standing]:
    """A table as it will stand, for those who check it."""
    found = []
    for number, row in enumerate(rows, block.first_row):
        if row is None:
            continue
        held: Mapping[str, object]
        if isinstance(row, Own):
            held = {column.key: grid.at(number, block.column_number(column.key)) for column in block.columns}
        else:
            held = {key: value.shown if isinstance(value, Own) else value for key, value in row.items()}
        here = {column.key for column in block.columns}
        texts = {key: str(value) for key, value in held.items() if value is not None and key in here}
        gone = row is not OWN and texts.get(block.mark) == say("words.not_proposed")
        found.append(Standing(number, texts.get(block.row_key, ""), texts, isinstance(row, Own), not gone))
    return found


def _typed(grid: Grid, row: int, column: int, text: str) -> bool:
    """Whether a person put something else than text into a cell of ours, and it is to stay."""
    value = grid.at(row, column)
    plain = value is None or isinstance(value, str)
    return (row, column) in grid.formulas or (not plain and _text(value) == text)


def _last_texts(
    sheet: Sheet, block: Block, remembered: Mapping[Key, str], known: list[dict[tuple[str, str], str]]
) -> dict[tuple[str, str], str]:
    """What was suggested last time by row and column, of which only marks are kept: the text that bears the
    mark, whether it stands there or is suggested again; else the mark, which equals no text."""
    last = {(k[2], k[3]): mark for k, mark in remembered.items() if k[:2] == (sheet.key, block.key)}
    for texts in known:
        for place, text in texts.items():
            if place in last and last[place] == mark_of(text):
                last[place] = text
    return last


def _text_of(row: Row, column: str) -> str:
    return str(row.get(column) or "")


def _suggested(sheet: Sheet, block: Block, proposed: list[Row]) -> dict[Key, str]:
    return {
        (sheet.key, block.key, str(row[block.row_key]), column.key): _text_of(row, column.key)
        for row in proposed
        for column in block.owned(Owner.SUGGEST)
    }


def _remember(port: Port, title: str, fresh: Mapping[Key, str]) -> None:
    """Keep what was suggested, over all that was kept before."""
    block = MEMORY.block("memory")
    lines: list[list[Written]] = [[*key, mark_of(text)] for key, text in fresh.items() if text]
    stale = port.read(title).last_row - block.header_row - len(lines)
    lines += [[None] * len(block.columns)] * max(stale, 0)
    if lines:
        port.write(title, block.first_row, block.first_column, lines)
