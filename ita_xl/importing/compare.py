"""What was understood beside what stands in a workbook: what is new, the same, different, or has no place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from ita_xl.case.inputs import Inputs
from ita_xl.domain.thai import folded, parse_number, same_text
from ita_xl.domain.tree import INSTRUMENTS, QUESTION_LETTERS
from ita_xl.engines.port import Port, Value
from ita_xl.importing.found import Fact, Kind, by_key
from ita_xl.layout import COMMENTS, SCORES, STATED, Sheet
from ita_xl.layout.address import address
from ita_xl.layout.keys import POINT_KEYS, YEAR_KEYS, ColumnKey
from ita_xl.layout.labels import LEVEL
from ita_xl.reading.learning import possible_questions
from ita_xl.reading.page import FoundTable, Page, locate
from ita_xl.reading.places import as_it_stands
from ita_xl.reading.rows import coded_rows
from ita_xl.reading.scores import split_points


class Status(Enum):
    """What is to be done with a fact."""

    NEW = "new"
    SAME = "same"
    DIFFERS = "differs"
    REPLACES = "replaces"
    TWICE = "twice"
    NO_PLACE = "no_place"


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact and its place. others: what the sources say as well. now: what stands there, as a person sees it.
    sheet, cell: where; empty for none. at: its row and column. added: it gets a row of its own."""

    fact: Fact
    status: Status
    sheet: str = ""
    cell: str = ""
    now: str = ""
    others: tuple[Fact, ...] = ()
    at: tuple[int, int] = (0, 0)
    added: bool = False


@dataclass
class _Table:
    """A table of the workbook. rows: of the codes in it. free: the next row below them."""

    sheet: Sheet
    page: Page
    found: FoundTable
    rows: dict[str, int] = field(default_factory=dict)
    free: int = 0


class Places:
    """Where the figures of a workbook stand, and what stands there."""

    def __init__(self, port: Port, inputs: Inputs) -> None:
        assert inputs.tree is not None
        self.port, self.inputs, self.tree = port, inputs, inputs.tree
        names = {code: node.name for code, node in self.tree.nodes.items()}
        self.questions = {
            instrument: self._table(
                sheet, dict.fromkeys(possible_questions(instrument), ""), QUESTION_LETTERS[instrument]
            )
            for instrument, sheet in SCORES.items()
        }
        self.upper = self._table(STATED, {**names, LEVEL: ""})

    def _table(self, sheet: Sheet, known: Mapping[str, str], letter: str = "") -> _Table | None:
        title = self.inputs.titles.get(sheet.key)
        if title is None:
            return None
        page = Page(as_it_stands(self.port, sheet, title), title, self.port.read(title), [])
        block = page.sheet.blocks[0]
        found = locate(page, block, self.inputs.year)
        if found is None:
            return None
        rows = {code: row for row, code in coded_rows(page, found, known, letter)}
        return _Table(sheet, page, found, rows, max([found.header_row, *rows.values()]) + 1)

    def of(self, fact: Fact) -> tuple[_Table, ColumnKey, str] | None:
        """The table, the column and the code's row for a fact; None where the workbook has no such place."""
        back = fact.year - self.inputs.year
        keys = POINT_KEYS if fact.kind is Kind.POINTS else YEAR_KEYS
        column = next((key for key, year in keys.items() if year == back), None)
        upper = fact.code in INSTRUMENTS or fact.code[:1] not in "IEO" or fact.kind is Kind.LEVEL
        table = self.upper if upper else self.questions.get(self._instrument(fact.code))
        if table is None or column is None or column not in table.found.columns:
            return None
        if fact.code not in table.rows and (
            upper or (fact.code not in self.tree and not fact.parent and not fact.name)
        ):
            return None
        return table, column, fact.code

    def _instrument(self, code: str) -> str:
        return next((one for one, letter in QUESTION_LETTERS.items() if code.startswith(letter)), "")


def compared(port: Port, inputs: Inputs, facts: Iterable[Fact], replace: Collection[str] = ()) -> list[Entry]:
    """Each fact with its place, in the order of the sources. replace: codes, and titles of sheets, whose other
    value is to be replaced."""
    places = Places(port, inputs)
    entries: list[Entry] = []
    wanted = {folded(one) for one in replace}
    for same in by_key(facts).values():
        fact = same[0]
        if fact.kind is Kind.COMMENT:
            entries.append(_comment(port, inputs, fact, entries))
            continue
        entry = _figure(places, fact)
        if len(same) > 1:
            entry = Entry(fact, Status.TWICE, entry.sheet, entry.cell, entry.now, tuple(same[1:]), entry.at)
        elif entry.status is Status.DIFFERS and wanted & {folded(fact.code), folded(entry.sheet)}:
            entry = Entry(fact, Status.REPLACES, entry.sheet, entry.cell, entry.now, (), entry.at)
        entries.append(entry)
    return entries


def _figure(places: Places, fact: Fact) -> Entry:
    found = places.of(fact)
    if found is None:
        return Entry(fact, Status.NO_PLACE)
    table, key, code = found
    added = code not in table.rows
    if added:
        table.rows[code] = table.free
        table.free += 1
    row, column = table.rows[code], table.found.columns[key]
    held = table.page.grid.at(row, column)
    status = Status.NEW if held is None or not table.page.text(held) else _status(held, fact)
    return Entry(
        fact, status, table.page.title, address(row, column), table.page.text(held), (), (row, column), added
    )


def _status(held: Value, fact: Fact) -> Status:
    if isinstance(fact.value, str):
        return Status.SAME if same_text(str(held), fact.value) else Status.DIFFERS
    points = split_points(held) if isinstance(held, str) else None
    typed = parse_number(held if isinstance(held, str | int | float) else None)
    value = points[0] if points else typed.value if typed else None
    same = value is not None and round(Fraction(value), 2) == round(fact.value, 2)
    return Status.SAME if same else Status.DIFFERS


def _comment(port: Port, inputs: Inputs, fact: Fact, before: Sequence[Entry]) -> Entry:
    title = inputs.titles.get(COMMENTS.key)
    if title is None or inputs.tree is None or fact.code not in inputs.tree:
        return Entry(fact, Status.NO_PLACE)
    if any(code == fact.code and same_text(text, str(fact.value)) for code, text in inputs.comments):
        return Entry(fact, Status.SAME, title)
    page = Page(as_it_stands(port, COMMENTS, title), title, port.read(title), [])
    found = locate(page, page.sheet.blocks[0], inputs.year)
    if found is None:
        return Entry(fact, Status.NO_PLACE)
    taken = {entry.at[0] for entry in before if entry.fact.kind is Kind.COMMENT}
    free = next(row for row in _below(found) if row not in taken and not _filled(page, found, row))
    return Entry(
        fact, Status.NEW, title, found.cell("comment", free), "", (), (free, found.columns["comment"]), True
    )


def _below(found: FoundTable) -> Iterator[int]:
    row = found.header_row
    while True:
        row += 1
        yield row


def _filled(page: Page, found: FoundTable, row: int) -> bool:
    return any(page.grid.at(row, column) is not None for column in found.columns.values())
