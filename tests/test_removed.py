"""What a person took out stays out, is listed, and can be brought back."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from ita_xl import pipeline
from ita_xl.domain.codes import Code
from ita_xl.engines.moves import Shift
from ita_xl.engines.package.engine import Package
from ita_xl.layout import ISSUES, MEASURES, REMOVED, Sheet
from ita_xl.layout.keys import BlockKey
from ita_xl.reading.places import standing_sheet
from tests.conftest import sure
from tests.worked_in import ran


def rows(port: Package, sheet: Sheet, key: BlockKey) -> dict[str, int]:
    """The rows of a table by their key."""
    block = standing_sheet(port, sheet, sheet.title).block(key)
    grid, at = port.read(sheet.title), block.column_number(sure(block.row_key))
    return {str(grid.at(row, at)): row for row in range(block.first_row, block.last_row + 1) if grid.at(row, at)}


def listed(port: Package) -> dict[str, str]:
    """What the list says, by key."""
    grid = port.read(REMOVED.title)
    return {key: str(grid.at(row, 2)) for key, row in rows(port, REMOVED, "removed").items()}


def without(port: Package, sheet: Sheet, key: BlockKey, row: str) -> Package:
    """The workbook after a row was deleted and a run followed."""
    port.change_rows(Shift(sheet.title, deleted=frozenset({rows(port, sheet, key)[row]})))
    pipeline.run(port)
    return Package(port.to_bytes(), "x.xlsx")


OLDER = Path(__file__).parent / "older"


def hidden(port: Package) -> bool:
    book = openpyxl.load_workbook(io.BytesIO(port.to_bytes()))
    return str(book[REMOVED.title].sheet_state) != "visible"


TAKEN: list[tuple[Sheet, BlockKey, str]] = [(ISSUES, "issues", "E12"), (MEASURES, "measures", "")]


@pytest.mark.parametrize(("sheet", "key", "row"), TAKEN)
def test_a_deleted_proposal_is_listed_and_comes_back_to_its_place_when_it_is_wanted(
    sheet: Sheet, key: BlockKey, row: str
) -> None:
    port = Package(ran(), "x.xlsx")
    before = rows(port, sheet, key)
    row = row or next(one for one in before if one.endswith("/E12/1"))
    texts = port.read(sheet.title).cells
    assert not listed(port)
    port = without(port, sheet, key, row)
    assert row not in rows(port, sheet, key)
    assert list(listed(port)) == [f"{sheet.key}.{key}/{row}"]
    found = pipeline.run(port).findings
    assert [f.sheet for f in found if f.code == Code.PROPOSALS_LEFT_OUT] == [REMOVED.title]
    assert row not in rows(port, sheet, key)
    port.write(REMOVED.title, rows(port, REMOVED, "removed")[f"{sheet.key}.{key}/{row}"], 3, [["นำกลับ"]])
    found = pipeline.run(port).findings
    assert Code.PROPOSALS_LEFT_OUT not in {f.code for f in found}
    assert rows(port, sheet, key) == before
    assert port.read(sheet.title).cells == texts
    assert not listed(port)
    after = {title: port.read(title).cells for title in port.sheets()}
    pipeline.run(port)
    assert {title: port.read(title).cells for title in port.sheets()} == after


def test_the_list_appears_with_the_first_row_and_then_stays_as_a_person_leaves_it() -> None:
    port = Package(ran(), "x.xlsx")
    assert hidden(port)
    port = without(port, ISSUES, "issues", "E12")
    assert not hidden(port)


def test_a_workbook_of_an_earlier_version_gets_the_list_without_a_word() -> None:
    for older in OLDER.glob("*.xlsx"):
        port = Package(older.read_bytes(), "x.xlsx")
        assert REMOVED.title not in port.sheets()
        found = pipeline.run(port).findings
        assert REMOVED.title in port.sheets()
        assert REMOVED.title not in {finding.sheet for finding in found}


def test_a_row_of_the_list_that_a_person_deleted_does_not_come_back() -> None:
    port = without(Package(ran(), "x.xlsx"), ISSUES, "issues", "E12")
    port = without(port, REMOVED, "removed", "issues.issues/E12")
    assert not listed(port)
    pipeline.run(port)
    assert not listed(port) and "E12" not in rows(port, ISSUES, "issues")
