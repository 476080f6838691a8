"""Every table of results is free: rows and columns come, go and move, and the next run understands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ita_xl import pipeline
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.domain.rows import is_own
from ita_xl.engines.moves import Moves, Shift
from ita_xl.engines.package.engine import Package
from ita_xl.layout import ACTIONS, ANALYSIS, ISSUES, MEASURES, OUTPUTS, RESULTS, TRACKING, YEARS, Block, Sheet
from ita_xl.layout.keys import BlockKey, ColumnKey
from ita_xl.reading.places import standing_sheet
from tests.worked_in import Worked, ran, run

Table = tuple[Sheet, BlockKey, ColumnKey]
"""Sheet, table, and a column in which people write."""

TABLES: list[Table] = [
    (MEASURES, "measures", "method"),
    (ISSUES, "issues", "approach"),
    (ACTIONS, "actions", "action"),
    (TRACKING, "tracking", "quarter2"),
    (RESULTS, "results", "result"),
    (ANALYSIS["EIT"], "urgent", "approach"),
    (YEARS, "years", "explanation"),
]


@dataclass
class Clerk:
    """A person at work in one table of a workbook, as in a spreadsheet program, which moves names along.

    typed: the texts that were typed, each with the key of its row. removed: keys of rows that were deleted.
    """

    content: bytes
    table: Table
    typed: dict[str, str] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.port = Package(self.content, "x.xlsx")

    @property
    def block(self) -> Block:
        sheet, key, _ = self.table
        return standing_sheet(self.port, sheet, sheet.title).block(key)

    @property
    def title(self) -> str:
        return self.table[0].title

    def filled(self) -> list[int]:
        grid, block = self.port.read(self.title), self.block
        return [row for row in range(block.first_row, block.last_row + 1) if row in grid.rows]

    def key(self, row: int) -> str:
        grid, block = self.port.read(self.title), self.block
        return str(grid.at(row, block.column_number(block.row_key or "code")) or "")

    def text(self, row: int) -> str:
        return str(self.port.read(self.title).at(row, self.block.column_number(self.table[2])) or "")

    def type(self, row: int, text: str) -> None:
        self.typed.pop(self.text(row), None)
        self.port.write(self.title, row, self.block.column_number(self.table[2]), [[text]])
        self.typed[text] = "" if is_own(self.key(row)) else self.key(row)

    def insert(self, row: int, text: str) -> None:
        self.port.change_rows(Shift(self.title, {row: 1}))
        self.type(row, text)

    def delete(self, row: int) -> None:
        self.typed.pop(self.text(row), None)
        if (key := self.key(row)) and not is_own(key):
            self.removed.add(key)
        self.port.change_rows(Shift(self.title, deleted=frozenset({row})))

    def swap(self, row: int, other: int) -> None:
        if row != other:
            self.port.change_rows(Moves(self.title, {row: other, other: row}))

    def run(self) -> None:
        self.content = run(self.port.to_bytes())[0]
        self.port = Package(self.content, "x.xlsx")

    def stands(self) -> dict[str, str]:
        """The texts that were typed as they stand, each with the key of its row."""
        keys = {self.text(row): self.key(row) for row in self.filled()}
        found = [self.text(row) for row in self.filled()]
        assert all(found.count(text) == 1 for text in self.typed), "a text stands once"
        return {text: "" if is_own(keys[text]) else keys[text] for text in self.typed}


ACTS = st.lists(
    st.tuples(st.sampled_from(["insert", "delete", "type", "swap", "run"]), st.integers(0, 30), st.integers(0, 30)),
    min_size=1,
    max_size=6,
)


@given(st.sampled_from(TABLES), ACTS)
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
def test_whatever_a_person_does_each_text_stays_once_at_its_key_and_what_is_out_stays_out(
    table: Table, acts: list[tuple[str, int, int]]
) -> None:
    clerk = Clerk(ran(), table)
    for number, (act, one, other) in enumerate([*acts, ("run", 0, 0)]):
        rows = clerk.filled()
        if act == "run":
            clerk.run()
        elif act == "insert":
            clerk.insert(rows[one % len(rows)], f"พิมพ์เอง {number}")
        elif act == "delete" and len(rows) > 2:
            clerk.delete(rows[one % len(rows)])
        elif act == "type":
            clerk.type(rows[one % len(rows)], f"แก้ไข {number}")
        elif act == "swap":
            clerk.swap(rows[one % len(rows)], rows[other % len(rows)])
    assert clerk.stands() == clerk.typed
    assert not clerk.removed.intersection(map(clerk.key, clerk.filled()))
    settled = clerk.content
    clerk.run()
    assert clerk.content == settled, "a further run changes not a byte"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table[0].key)
def test_a_persons_order_stays_through_every_run(table: Table) -> None:
    clerk = Clerk(ran(), table)
    rows = clerk.filled()
    clerk.swap(rows[0], rows[-1])
    order = [clerk.key(row) for row in rows]
    for _ in range(3):
        clerk.run()
        assert [clerk.key(row) for row in clerk.filled()] == order


# ---- tables that moved as a whole ----


def shifted(port: Package, sheet: Sheet) -> None:
    """Two rows inserted above everything, by a program that moves names along."""
    port.change_rows(Shift(sheet.title, {1: 2}))


@pytest.mark.parametrize("sheet", OUTPUTS, ids=lambda sheet: sheet.key)
def test_a_sheet_that_moved_down_is_written_where_it_stands(sheet: Sheet) -> None:
    port = Package(ran(), "x.xlsx")
    before = port.read(sheet.title)
    shifted(port, sheet)
    result = Package(run(port.to_bytes())[0], "x.xlsx")
    after = result.read(sheet.title)
    assert {(row - 2, column): value for (row, column), value in after.cells.items()} == before.cells


def without_names(content: bytes) -> bytes:
    """A workbook of an earlier version, or one whose names are gone."""
    work = Worked(content)
    book = work.parts["xl/workbook.xml"]
    work.parts["xl/workbook.xml"] = re.sub(rb'<definedName [^>]*name="_ita\.[^>]*>[^<]*</definedName>', b"", book)
    return work.content


@pytest.mark.parametrize("sheet", OUTPUTS, ids=lambda sheet: sheet.key)
def test_without_names_tables_are_found_by_their_headings_and_named_again(sheet: Sheet) -> None:
    first = Package(ran(), "x.xlsx")
    port = Package(without_names(ran()), "x.xlsx")
    assert not port.names()
    result = Package(run(port.to_bytes())[0], "x.xlsx")
    assert result.names() == first.names()
    assert result.read(sheet.title).cells == first.read(sheet.title).cells


def test_headings_that_are_gone_are_named_and_nothing_is_written() -> None:
    port = Package(ran(), "x.xlsx")
    row = standing_sheet(port, MEASURES, MEASURES.title).block("measures").header_row
    port.change_rows(Shift(MEASURES.title, deleted=frozenset({row})))
    with pytest.raises(Unusable) as caught:
        run(port.to_bytes())
    (finding,) = caught.value.findings
    assert (finding.code, finding.sheet) == (Code.TABLE_MOVED, MEASURES.title)
    assert "วิธีการดำเนินการ" in str(finding.values["heading"])


# ---- what a person removes, and adds ----


def clerk_of(table: Table = TABLES[0]) -> Clerk:
    return Clerk(ran(), table)


def row_of(clerk: Clerk, key: str) -> int:
    return next(row for row in clerk.filled() if clerk.key(row) == key)


def cleared(clerk: Clerk, row: int) -> None:
    """All cells emptied but the hidden one with the key."""
    clerk.port.write(clerk.title, row, 1, [[None] * 7])


def deleted(clerk: Clerk, row: int) -> None:
    clerk.delete(row)


@pytest.mark.parametrize("way", [cleared, deleted])
def test_a_step_that_was_taken_out_does_not_come_back(way: Callable[[Clerk, int], None]) -> None:
    clerk = clerk_of()
    way(clerk, row_of(clerk, "assets/I20/1"))
    for _ in range(2):
        clerk.run()
        assert "assets/I20/1" not in map(clerk.key, clerk.filled())
    grid = clerk.port.read(MEASURES.title)
    assert grid.at(row_of(clerk, "assets/I20/2"), 1) == "(1)", "numbers follow the order that stands"


def test_a_measure_of_ones_own_is_counted_followed_up_and_reported() -> None:
    clerk = clerk_of()
    row = clerk.filled()[-1] + 1
    block = clerk.block
    for column, text in {"measure": "การสร้างวัฒนธรรมองค์กร", "codes": "I14", "responsible": "สำนักปลัด"}.items():
        clerk.port.write(clerk.title, row, block.column_number(column), [[text]])  # type: ignore[arg-type]
    clerk.run()
    assert (clerk.key(row), clerk.port.read(clerk.title).at(row, 1)) == ("own-1", "4.2")
    for sheet in (TRACKING, RESULTS):
        table = standing_sheet(clerk.port, sheet, sheet.title).blocks[0]
        grid = clerk.port.read(sheet.title)
        rows = [[grid.at(r, n) for n in (1, 2, 3)] for r in range(table.first_row, table.last_row + 1)]
        assert ["4.2", "การสร้างวัฒนธรรมองค์กร", "I14"] in rows
    intro = standing_sheet(clerk.port, MEASURES, MEASURES.title).field("intro")
    assert "6 มาตรการ" in str(clerk.port.read(MEASURES.title).at(*intro.at))


def test_a_copied_row_is_a_row_of_ones_own() -> None:
    clerk = clerk_of()
    row = row_of(clerk, "assets/I20/1")
    cells = [clerk.port.read(clerk.title).at(row, column) for column in range(1, 9)]
    clerk.port.change_rows(Shift(clerk.title, {row + 1: 1}))
    clerk.port.write(clerk.title, row + 1, 1, [cells])  # type: ignore[list-item]
    clerk.run()
    assert [clerk.key(r) for r in clerk.filled()].count("assets/I20/1") == 1
    assert "own-1" in map(clerk.key, clerk.filled())


def test_a_column_of_ones_own_between_ours_moves_them_and_stays() -> None:
    """As a program leaves it that moves no names: the headings tell."""
    clerk = clerk_of()
    port = Package(without_names(ran()), "x.xlsx")
    grid = port.read(MEASURES.title)
    for row in range(6, grid.last_row + 1):
        line = [grid.at(row, column) for column in range(4, 9)]
        if row in clerk.filled() or row == 6:
            port.write(MEASURES.title, row, 4, [["หมายเหตุ" if row == 6 else "ของเรา", *line]])  # type: ignore[list-item]
    result = Package(run(port.to_bytes())[0], "x.xlsx")
    after = result.read(MEASURES.title)
    assert standing_sheet(result, MEASURES, MEASURES.title).block("measures").column_number("method") == 5
    assert [after.at(row, 4) for row in clerk.filled()] == ["ของเรา"] * len(clerk.filled())
    assert [after.at(row, 5) for row in clerk.filled()] == [grid.at(row, 4) for row in clerk.filled()]


def test_a_check_sees_a_table_that_moved_and_writes_nothing() -> None:
    port = Package(ran(), "x.xlsx")
    shifted(port, ISSUES)
    found = pipeline.check(Package(port.to_bytes(), "x.xlsx")).findings
    assert Code.TABLE_MOVED not in {finding.code for finding in found}
