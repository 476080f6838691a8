"""Laws of rows that move, whatever a person put into them and whatever becomes of the scores, in every engine."""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ita_xl import pipeline
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import CellError, shown
from ita_xl.domain.findings import Finding
from ita_xl.domain.rows import is_own
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Grid, same_content
from ita_xl.layout import (
    ACTIONS,
    ANALYSIS,
    FINDINGS,
    ISSUES,
    MEASURES,
    RESULTS,
    SUMMARY,
    TRACKING,
    Block,
    Owner,
    Sheet,
    address,
)
from ita_xl.layout.address import letter
from ita_xl.reading.places import standing_sheet
from tests.test_moved_ties import notes
from tests.test_openxml import faults
from tests.worked_in import COMMENTS, ENGINES, Seen, Worked, ran, run

# ---- what a person may put into a cell ----

CELLS = {
    "text": '<c t="inlineStr"><is><t xml:space="preserve"> ข้อความ  {n}\nสอง </t></is></c>',
    "oddly written": '<c t="inlineStr"><is><t xml:space="preserve">&#13;\n&lt;{n}&gt; &amp; _x0041_</t></is></c>',
    "bold words": '<c t="inlineStr"><is><r><rPr><b/></rPr><t>หนา</t></r>'
    '<r><t xml:space="preserve"> {n}</t></r></is></c>',
    "number": "<c><v>{n}.5</v></c>",
    "percentage": '<c s="{percent}"><v>0.8</v></c>',
    "date": '<c s="{date}"><v>4500{n}</v></c>',
    "truth": '<c t="b"><v>1</v></c>',
    "error": '<c t="e"><v>#N/A</v></c>',
    "formula": '<c t="str"><f>B{row}&amp;"{n}"</f><v>x{n}</v></c>',
    "empty result": '<c t="str"><f>IF(B{row}="","{n}","")</f><v></v></c>',
    "array": '<c><f t="array" ref="{at}">SUM(B{row}:C{row}*{n})</f><v>{n}</v></c>',
}
AROUND = {
    "link": '<hyperlinks><hyperlink ref="{at}" location="\'หน้าแรก\'!A90{n}"/></hyperlinks>',
    "choice": '<dataValidations><dataValidation type="list" sqref="{at}"><formula1>"{n},x"</formula1>'
    "</dataValidation></dataValidations>",
    "rule": '<conditionalFormatting sqref="{at}"><cfRule type="expression" priority="9{n}" dxfId="0">'
    "<formula>{at}={n}</formula></cfRule></conditionalFormatting>",
    "merged below": '<mergeCells><mergeCell ref="{at}:{below}"/></mergeCells>',
}
KINDS = [*CELLS, *AROUND, "note"]

TABLES: list[tuple[Sheet, Block, str]] = [
    (sheet, sheet.blocks[block], columns)
    for sheet, block, columns in (
        (TRACKING, 0, "DEFGHKL"),
        (RESULTS, 0, "DEFGK"),
        (MEASURES, 0, "BDEFGK"),
        (ISSUES, 0, "DEFJ"),
        (ACTIONS, 0, "DEH"),
        (ANALYSIS["EIT"], 2, "DK"),
        (ANALYSIS["IIT"], 2, "DK"),
        (SUMMARY, 3, "C"),
    )
]
"""Tables with the columns in which a person may write: the person's own, suggested ones, and beside the table."""

SCORES = {
    "E1": 99.0,
    "E3": 60.0,
    "E14": 99.0,
    "I1": 60.0,
    "I13": 99.0,
    "I14": 99.0,
    "I20": 99.0,
    "I25": 60.0,
    "O1": 0.0,
}
"""Scores that bring a question into the lists, or take it out."""


@dataclass(frozen=True)
class Placed:
    """Something put into a cell. table: which of `TABLES`. row: the how manieth of its rows, those below the table
    included. n: a number that tells it from all others."""

    table: int
    row: int
    column: str
    kind: str
    n: int

    @property
    def sheet(self) -> Sheet:
        return TABLES[self.table][0]

    @property
    def block(self) -> Block:
        """Where it stands before anything is put into it."""
        return standing(Package(ran(), "x.xlsx"), self.table)

    @property
    def number(self) -> int:
        return self.block.first_row + self.row


def standing(port: Package, table: int) -> Block:
    """A table where it stands in a workbook."""
    sheet, block, _ = TABLES[table]
    return standing_sheet(port, sheet, sheet.title).block(block.key)


@st.composite
def placements(draw: st.DrawFn) -> list[Placed]:
    tables = draw(st.lists(st.integers(0, len(TABLES) - 1), min_size=6, max_size=14))
    rows = st.integers(0, 7)
    placed: dict[tuple[int, int, str], Placed] = {}
    for n, table in enumerate(tables, 10):
        row, column = draw(rows), draw(st.sampled_from(TABLES[table][2]))
        neighbours = {(table, row - 1, column), (table, row + 1, column)}
        if placed.keys().isdisjoint(neighbours):  # nothing below the first cell of what is merged
            placed[table, row, column] = Placed(table, row, column, draw(st.sampled_from(KINDS)), n)
    return list(placed.values())


SCORED = st.sets(st.sampled_from(sorted(SCORES)), min_size=1, max_size=4).map(lambda c: {k: SCORES[k] for k in c})


def worked_in(placed: list[Placed]) -> Worked:
    work = Worked()
    styles = {"percent": work.style(9), "date": work.style(14)}
    noted: dict[Sheet, dict[str, str]] = {}
    for one in placed:
        at = f"{one.column}{one.number}"
        words = {"at": at, "below": f"{one.column}{one.number + 1}", "row": one.number, "n": one.n, **styles}
        xml = CELLS.get(one.kind, CELLS["text"]).format(**words)
        work.put(one.sheet, **{at: xml})
        token = f'<c t="inlineStr"><is><t>แถว {one.number}</t></is></c>'
        work.put(one.sheet, **{f"{TOKEN}{one.number}": token})
        if one.kind in AROUND:
            work.after(one.sheet, AROUND[one.kind].format(**words))
        if one.kind == "note":
            noted.setdefault(one.sheet, {})[at] = f"หมายเหตุ {one.n}"
    for number, (sheet, texts) in enumerate(noted.items(), 70):
        work.part(f"xl/comments{number}.xml", notes(**texts), COMMENTS, work.of(sheet), f"rId{number} comments")
    return work


# ---- what became of it ----


TOKEN = "T"
"""A column beside all tables, in which each row that was worked in says which it was."""


def where(one: Placed, before: Grid, after: Grid) -> int:
    """The row on which it is. A row that had a key has it still."""
    row = next(row for row in after.rows if after.at(row, address.number(TOKEN)) == f"แถว {one.number}")
    column = one.block.column_number(one.block.row_key or "code")
    if (key := before.at(one.number, column)) and not is_own(str(key)):
        assert after.at(row, column) == key
    return row


def raw(seen: Seen, sheet: Sheet, column: str, row: int) -> str:
    """A cell as it stands in the package, its own row left out of its formulas."""
    return re.sub(rf"(?<=[A-Z]){row}\b", "{row}", seen.cell(sheet, f"{column}{row}"))


def held(page: Worksheet, column: str, row: int) -> tuple[object, ...]:
    """A cell, and what hangs on it, as openpyxl reads it."""
    cell = page[f"{column}{row}"]
    value = getattr(cell.value, "text", cell.value)
    link = cell.hyperlink.location if cell.hyperlink else None
    rules = [
        rule.formula
        for one in page.conditional_formatting
        if str(one.sqref) == cell.coordinate
        for rule in one.rules
    ]
    choices = [one.formula1 for one in page.data_validations.dataValidation if str(one.sqref) == cell.coordinate]
    note = cell.comment.text if cell.comment else None
    found = (str(value), cell.data_type, cell.number_format, link, note, str(rules), str(choices))
    return tuple(part and re.sub(rf"(?<=[A-Z]){row}\b", "{row}", part) for part in found)


def persons(port: Package, table: int) -> Counter[tuple[object, str, str]]:
    """What stands in the person's own columns and beside the table: key, column, content. Of a formula only that it
    is one: openpyxl stores no results."""
    sheet, _, columns = TABLES[table]
    block = standing(port, table)
    grid, own = port.read(sheet.title), {block.letter(column.key) for column in block.owned(Owner.USER)}
    wanted = [c for c in columns if c in own or address.number(c) >= block.first_column + len(block.columns)]
    found: Counter[tuple[object, str, str]] = Counter()
    for row in range(block.first_row, block.last_row + 1):
        key = grid.at(row, block.column_number(block.row_key or "code"))
        if not key or is_own(str(key)):
            key = grid.at(row, address.number(TOKEN))
        for column in wanted:
            at = row, address.number(column)
            if text := "=" if at in grid.formulas else shown(grid.at(*at)):
                found[key, column, text] += 1
    return found


def named_rightly(finding: Finding, grid: Grid, block: Block) -> bool:
    """Whether what a finding says of a cell is so."""
    at = address.cell(finding.cell)
    assert at is not None, finding
    if at in grid.formulas:
        return True  # not every engine stores what it shows
    match finding.code:
        case Code.FORMULA_KEPT:
            return at in grid.formulas
        case Code.DUE_NOT_A_MONTH | Code.DUE_GREGORIAN:
            held = grid.at(*at)
            return isinstance(held, CellError) or shown(held).split() == str(finding.values["value"]).split()
        case Code.EDIT_DIFFERS | Code.ROW_NOT_PROPOSED:
            return shown(grid.at(at[0], block.column_number(block.row_key or "code"))) == finding.values["row"]
        case Code.CELLS_MERGED:
            return finding.values["area"] in grid.merged
        case _:
            return True


def misnamed(findings: list[Finding], port: Package) -> list[Finding]:
    """Findings on cells of the tables that do not hold what is said of them."""
    blocks = {
        (TABLES[table][0].title, row): block
        for table in range(len(TABLES))
        for block in [standing(port, table)]
        for row in range(block.first_row, block.last_row + 1)
    }
    places = [(finding, address.cell(finding.cell)) for finding in findings]
    inside = [
        (finding, blocks[finding.sheet, at[0]]) for finding, at in places if at and (finding.sheet, at[0]) in blocks
    ]
    return [finding for finding, block in inside if not named_rightly(finding, port.read(finding.sheet), block)]


def book_of(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


# ---- the laws ----

MANY = int(os.environ.get("LAWS", "1"))
"""How many times as many examples; without it they are always the same ones."""


def few(examples: int) -> settings:
    """Made small, a failing example would take minutes."""
    phases = [Phase.explicit, Phase.reuse, Phase.generate]
    return settings(
        max_examples=examples * MANY,
        derandomize=MANY == 1,
        deadline=None,
        suppress_health_check=[*HealthCheck],
        phases=phases,
    )


def check_laws(placed: list[Placed], scores: dict[str, float], engine: str) -> bytes:
    """The laws that hold in every engine. Returns the result."""
    content = worked_in(placed).scored(**scores)
    before = Package(content, "x.xlsx")
    checked = pipeline.check(before).findings
    assert not misnamed(checked, before), "a check names cells where they stand"
    result, outcome = run(content, engine)
    after = Package(result, "x.xlsx")
    assert not misnamed(outcome.findings, after), "a run names cells where they are now"
    again = Package(run(result, engine)[0], "x.xlsx")
    for title in set(after.sheets()) - ({FINDINGS.title} if engine != "package" else set()):
        # Where no results are stored, a second run has to say so.
        one, other = after.read(title), again.read(title)
        assert same_content(one, other), f"a second run changed {title}"
        assert (set(one.merged), one.formulas) == (set(other.merged), other.formulas), (
            f"a second run changed {title}"
        )
    for table in range(len(TABLES)):
        assert persons(after, table) == persons(before, table), "nothing is lost, and nothing goes to another key"
    return result


@given(placements(), SCORED)
@few(6)
def test_a_package_keeps_every_cell_as_it_was(placed: list[Placed], scores: dict[str, float]) -> None:
    result = check_laws(placed, scores, "package")
    second = run(result)[0]
    assert run(second)[0] == second, "a further run changes not a byte"
    before, after = Seen(worked_in(placed).scored(**scores)), Seen(result)
    for one in placed:
        row = where(one, *(seen.package.read(one.sheet.title) for seen in (before, after)))
        assert raw(after, one.sheet, one.column, row) == raw(before, one.sheet, one.column, one.number), one
    books = [book_of(seen.content) for seen in (before, after)]
    for one in placed:
        row = where(one, *(seen.package.read(one.sheet.title) for seen in (before, after)))
        old, new = (book[one.sheet.title] for book in books)
        assert held(new, one.column, row) == held(old, one.column, one.number), one


@pytest.mark.parametrize("engine", ["openpyxl", "live"])
def test_every_engine_keeps_what_it_can_hold(engine: str) -> None:
    @given(placements(), SCORED)
    @few(2)
    def law(placed: list[Placed], scores: dict[str, float]) -> None:
        if engine == "live":  # the stand-in leaves the formulas of conditional formats as they are
            placed = [one for one in placed if one.kind != "rule"]
        before = worked_in(placed).scored(**scores)
        result = check_laws(placed, scores, engine)
        books = [book_of(content) for content in (before, result)]
        grids = [Package(content, "x.xlsx") for content in (before, result)]
        for one in placed:
            row = where(one, *(port.read(one.sheet.title) for port in grids))
            old, new = (book[one.sheet.title] for book in books)
            assert held(new, one.column, row) == held(old, one.column, one.number), one

    law()


@pytest.mark.parametrize("engine", ENGINES)
def test_what_comes_out_follows_the_rules_of_the_format(engine: str, tmp_path: Path) -> None:
    placed = [
        Placed(
            table,
            1 + (table + number) % 5,
            columns[number % len(columns)],
            KINDS[(5 * table + number) % len(KINDS)],
            10 + 9 * table + number,
        )
        for table, (_, _, columns) in enumerate(TABLES)
        for number in range(len(columns))
    ]
    path = tmp_path / "out.xlsx"
    path.write_bytes(run(worked_in(placed).scored(E3=60.0, I1=60.0), engine)[0])
    assert faults(path) == []


def test_all_these_scores_move_rows() -> None:
    """Otherwise the laws would say nothing."""
    before = Package(ran(), "x.xlsx")
    after = Package(run(Worked().scored(E3=60.0, I1=60.0))[0], "x.xlsx")
    for sheet, block, _ in TABLES[:5]:
        column = block.column_number(block.row_key or "code")
        rows = [{g.at(row, column): row for row in g.rows} for g in (p.read(sheet.title) for p in (before, after))]
        assert any(rows[0][key] != rows[1][key] for key in rows[0].keys() & rows[1].keys() if key), letter(column)
