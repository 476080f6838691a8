"""What goes wrong in tables is understood or named with its cell; nothing of a person's is lost or written over."""

from __future__ import annotations

import pytest

from ita_xl import pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import Value
from ita_xl.domain.findings import Severity, Unusable
from ita_xl.engines.package.engine import Package
from ita_xl.layout import ACTIONS, ANALYSIS, ISSUES, MEASURES, OUTPUTS, RESULTS, SCORES, TRACKING, Block, Sheet
from ita_xl.layout.address import area
from ita_xl.layout.keys import ColumnKey
from ita_xl.reading.places import standing_sheet
from tests.conftest import sure
from tests.renaming import without_names
from tests.worked_in import Worked, keys, ran, run

SUGGESTED: list[tuple[Sheet, ColumnKey]] = [
    (ISSUES, "approach"),
    (ACTIONS, "action"),
    (MEASURES, "method"),
]
"""Tables with many texts of ours that a person may edit."""


def table(port: Package, sheet: Sheet, key: str = "") -> Block:
    blocks = standing_sheet(port, sheet, sheet.title).blocks
    return next(block for block in blocks if not key or block.key == key)


def column(port: Package, sheet: Sheet, key: ColumnKey) -> dict[int, Value]:
    """The cells of a column in the rows of a table that hold anything."""
    block, grid = table(port, sheet), port.read(sheet.title)
    return {row: grid.at(row, block.column_number(key)) for row in keys(port, sheet)}


def sort(port: Package, sheet: Sheet, *columns: ColumnKey) -> None:
    """Some columns turned round, the others left: what sorting them downwards does."""
    block = table(port, sheet)
    for key in columns:
        cells = {row: value for row, value in column(port, sheet, key).items() if value}
        for row, value in zip(cells, reversed([*cells.values()]), strict=True):
            port.write(sheet.title, row, block.column_number(key), [[value]])  # type: ignore[list-item]


def coded(outcome: Outcome, *codes: Code) -> list[tuple[str, str, str]]:
    return [(f.code, f.sheet, f.cell) for f in outcome.findings if f.code in codes]


def stopped(content: bytes) -> list[tuple[str, str, str]]:
    with pytest.raises(Unusable) as caught:
        run(content)
    return [(f.code, f.sheet, f.cell) for f in caught.value.findings]


# ---- sorted by one column only ----


@pytest.mark.parametrize(("sheet", "key"), SUGGESTED, ids=lambda one: getattr(one, "key", one))
def test_a_column_that_was_sorted_alone_is_one_finding_and_every_text_stays(sheet: Sheet, key: ColumnKey) -> None:
    port = Package(ran(), "x.xlsx")
    sort(port, sheet, key)
    before, content = column(port, sheet, key), port.to_bytes()
    made, outcome = run(content)
    assert column(Package(made, "x.xlsx"), sheet, key) == before
    ((code, title, cell),) = coded(outcome, Code.COLUMN_SORTED_ALONE)
    assert (code, title, cell) == ("E237", sheet.title, f"{table(port, sheet).letter(key)}{min(before)}")
    (finding,) = [f for f in outcome.findings if f.code == Code.COLUMN_SORTED_ALONE]
    place = sure(area(str(finding.values["cells"])))
    assert (place.top, place.bottom) == (min(before), max(before))
    assert not [f for f in coded(outcome, Code.EDIT_DIFFERS) if f[1] == sheet.title], "one finding, not one a row"
    again, outcome = run(made)
    assert again == made
    assert coded(outcome, Code.COLUMN_SORTED_ALONE)


def test_a_column_that_is_put_back_after_sorting_is_ours_as_before() -> None:
    port = Package(ran(), "x.xlsx")
    sort(port, ISSUES, "approach")
    port = Package(run(port.to_bytes())[0], "x.xlsx")
    sort(port, ISSUES, "approach")
    made, outcome = run(port.to_bytes())
    assert not coded(outcome, Code.COLUMN_SORTED_ALONE)
    assert Package(made, "x.xlsx").read(ISSUES.title).cells == Package(ran(), "x.xlsx").read(ISSUES.title).cells


@pytest.mark.parametrize(
    ("sheet", "key"),
    [(ISSUES, "code"), (MEASURES, "key"), (TRACKING, "key"), (RESULTS, "key")],
    ids=lambda one: getattr(one, "key", one),
)
def test_keys_that_no_longer_fit_their_rows_stop_the_run(sheet: Sheet, key: ColumnKey) -> None:
    port = Package(ran(), "x.xlsx")
    sort(port, sheet, key)
    cell = table(port, sheet).address(key, table(port, sheet).first_row)
    assert stopped(port.to_bytes()) == [(Code.KEYS_OUT_OF_STEP, sheet.title, cell)]
    checked = pipeline.check(Package(port.to_bytes(), "x.xlsx"))
    assert coded(checked, Code.KEYS_OUT_OF_STEP) == [(Code.KEYS_OUT_OF_STEP, sheet.title, cell)]


def test_a_column_of_ours_alone_that_was_sorted_is_written_anew() -> None:
    port = Package(ran(), "x.xlsx")
    sort(port, TRACKING, "measure")
    made, outcome = run(port.to_bytes())
    assert Package(made, "x.xlsx").read(TRACKING.title).cells == Package(ran(), "x.xlsx").read(TRACKING.title).cells
    assert not coded(outcome, Code.COLUMN_SORTED_ALONE, Code.KEYS_OUT_OF_STEP)


def test_texts_that_a_person_exchanged_or_filled_down_are_edits() -> None:
    port = Package(ran(), "x.xlsx")
    at = table(port, ISSUES).column_number("approach")
    rows = [*keys(port, ISSUES)]
    one, other = (port.read(ISSUES.title).at(row, at) for row in rows[:2])
    port.write(ISSUES.title, rows[0], at, [[other], [one]])  # type: ignore[list-item]
    for row in rows[3:]:
        port.write(ISSUES.title, row, at, [[port.read(ISSUES.title).at(rows[2], at)]])  # type: ignore[list-item]
    before = column(port, ISSUES, "approach")
    made, outcome = run(port.to_bytes())
    assert not coded(outcome, Code.COLUMN_SORTED_ALONE, Code.KEYS_OUT_OF_STEP)
    assert column(Package(made, "x.xlsx"), ISSUES, "approach") == before


@pytest.mark.parametrize("key", ["code", "topic"])
def test_codes_that_were_sorted_without_their_topics_are_an_error_of_the_score_sheet(key: ColumnKey) -> None:
    sheet, block = SCORES["IIT"], SCORES["IIT"].block("scores")
    port = Package(ran(), "x.xlsx")
    at, grid = block.column_number(key), port.read(sheet.title)
    rows = [row for row in range(block.first_row, block.last_row + 1) if grid.at(row, at)]
    for row, other in zip(rows, reversed(rows), strict=True):
        port.write(sheet.title, row, at, [[grid.at(other, at)]])  # type: ignore[list-item]
    outcome = pipeline.check(Package(port.to_bytes(), "x.xlsx"))
    assert coded(outcome, Code.CODES_OUT_OF_STEP) == [(Code.CODES_OUT_OF_STEP, sheet.title, f"A{rows[0]}")]


def test_topics_that_an_agency_worded_otherwise_are_none() -> None:
    sheet, block = SCORES["IIT"], SCORES["IIT"].block("scores")
    port = Package(ran(), "x.xlsx")
    for row in range(block.first_row, block.first_row + 12):
        port.write(sheet.title, row, block.column_number("topic"), [[f"หัวข้อของเรา {row}"]])
    assert not coded(pipeline.check(Package(port.to_bytes(), "x.xlsx")), Code.CODES_OUT_OF_STEP)


# ---- headings ----


def half(port: Package, sheet: Sheet) -> None:
    """Every other heading of a sheet's tables typed over, but for that of the key and those that a run words."""
    worded = {field.key for field in sheet.fields}
    for block in standing_sheet(port, sheet, sheet.title).blocks:
        for number, one in list(zip(block.numbers, block.columns, strict=True))[1::2]:
            if one.key != block.row_key and one.key not in worded:
                port.write(sheet.title, block.header_row, number, [[f"พิมพ์ทับ {number}"]])


@pytest.mark.parametrize("names", [True, False], ids=["with names", "without names"])
@pytest.mark.parametrize("sheet", OUTPUTS, ids=lambda sheet: sheet.key)
def test_a_heading_row_of_which_half_was_typed_over_is_understood(sheet: Sheet, names: bool) -> None:
    port = Package(ran() if names else without_names(ran()), "x.xlsx")
    half(port, sheet)
    before = port.read(sheet.title).cells
    if sheet is TRACKING and not names:  # the quarters' headings are of a year, and tell nothing
        assert [code for code, _, _ in stopped(port.to_bytes())] == [Code.TABLE_MOVED]
        return
    made, _ = run(port.to_bytes())
    assert Package(made, "x.xlsx").read(sheet.title).cells == before


def test_missing_headings_are_named_alone_with_the_row_in_which_the_others_stand() -> None:
    port = Package(without_names(ran()), "x.xlsx")
    block = table(port, MEASURES)
    port.write(MEASURES.title, block.header_row, 1, [[None] * 6])
    with pytest.raises(Unusable) as caught:
        run(port.to_bytes())
    (finding,) = caught.value.findings
    assert (finding.code, finding.cell) == (Code.TABLE_MOVED, f"A{block.header_row}")
    named = str(finding.values["heading"])
    assert "วิธีการดำเนินการ" in named
    left = [str(port.read(MEASURES.title).at(block.header_row, n) or "") for n in block.numbers]
    assert not [said for said in left if said and said in named.split(", ")]


def pasted(sheet: Sheet, source: str, target: str) -> bytes:
    """A table with its headings pasted over another one of its sheet."""
    port = Package(ran(), "x.xlsx")
    one, other, grid = table(port, sheet, source), table(port, sheet, target), port.read(sheet.title)
    for down in range(other.capacity + 1):
        line = [grid.at(one.header_row + down, number) for number in range(1, 10)]
        port.write(sheet.title, other.header_row + down, 1, [line])  # type: ignore[list-item]
    return port.to_bytes()


def test_a_table_that_was_pasted_over_another_stops_the_run_with_the_headings_that_are_gone() -> None:
    sheet = ANALYSIS["EIT"]
    assert [(c, title) for c, title, _ in stopped(pasted(sheet, "all", "urgent"))] == [
        (Code.TABLE_MOVED, sheet.title)
    ]


def test_a_table_that_was_pasted_over_one_with_the_same_headings_stays_and_is_named() -> None:
    sheet = ANALYSIS["EIT"]
    content = pasted(sheet, "best", "urgent")
    made, outcome = run(content)
    urgent = table(Package(content, "x.xlsx"), sheet, "urgent")
    cell = urgent.address("code", urgent.first_row)
    assert coded(outcome, Code.ROWS_PASTED_OVER) == [(Code.ROWS_PASTED_OVER, sheet.title, cell)]
    texts = [v for v in Package(content, "x.xlsx").read(sheet.title).cells.values() if isinstance(v, str)]
    assert not {*texts} - {*Package(made, "x.xlsx").read(sheet.title).cells.values()}
    assert run(made)[0] == made


def test_a_sheet_without_headings_comes_anew_once_it_is_deleted() -> None:
    from tests.renaming import deleted

    made, outcome = run(deleted(ran(), ISSUES))
    assert Code.SHEET_RESTORED in {f.code for f in outcome.findings}
    assert column(Package(made, "x.xlsx"), ISSUES, "approach") == column(
        Package(ran(), "x.xlsx"), ISSUES, "approach"
    )


# ---- keys ----


@pytest.mark.parametrize(
    ("sheet", "key"), [(ISSUES, "approach"), (ANALYSIS["EIT"], "approach")], ids=["issues", "eit"]
)
def test_a_code_that_was_typed_over_is_named_with_its_cell_and_the_row_stays(sheet: Sheet, key: ColumnKey) -> None:
    port = Package(ran(), "x.xlsx")
    block = table(port, sheet, "urgent" if sheet is not ISSUES else "")
    row = block.first_row
    was = str(port.read(sheet.title).at(row, block.column_number(sure(block.row_key))))
    before = port.read(sheet.title).at(row, block.column_number(key))
    port.write(sheet.title, row, block.column_number(sure(block.row_key)), [["ก 99"]])
    made, outcome = run(port.to_bytes())
    cell = block.address(sure(block.row_key), row)
    ((_, _, where),) = coded(outcome, Code.KEY_TYPED_OVER)
    (finding,) = [f for f in outcome.findings if f.code == Code.KEY_TYPED_OVER]
    assert (where, finding.values["row"], finding.values["value"]) == (cell, was, "ก 99")
    port = Package(made, "x.xlsx")
    assert port.read(sheet.title).at(row, block.column_number(key)) == before
    port.write(sheet.title, row, block.column_number(sure(block.row_key)), [[was]])
    made, outcome = run(port.to_bytes())
    assert not coded(outcome, Code.KEY_TYPED_OVER)
    assert Package(made, "x.xlsx").read(sheet.title).at(row, block.column_number(key)) == before


@pytest.mark.parametrize("sheet", [ISSUES, ACTIONS, MEASURES, TRACKING, RESULTS], ids=lambda sheet: sheet.key)
def test_a_row_that_was_copied_and_pasted_is_a_row_of_ones_own(sheet: Sheet) -> None:
    port = Package(ran(), "x.xlsx")
    block, grid = table(port, sheet), port.read(sheet.title)
    rows = [*keys(port, sheet)]
    line = [grid.at(rows[1], n) for n in range(1, max(block.numbers) + 1)]
    port.write(sheet.title, rows[-1] + 1, 1, [line])  # type: ignore[list-item]
    made, outcome = run(port.to_bytes())
    after = Package(made, "x.xlsx")
    key = grid.at(rows[1], block.column_number(sure(block.row_key)))
    texts = [value for value in line if isinstance(value, str) and value != key and len(value) > 20]
    held = [*after.read(sheet.title).cells.values()]
    assert all(held.count(text) == [*grid.cells.values()].count(text) + 1 for text in texts)
    assert not [f for f in outcome.findings if f.severity is Severity.ERROR and f.sheet == sheet.title]
    assert run(made)[0] == made


# ---- merged cells ----


@pytest.mark.parametrize("sheet", [ISSUES, ACTIONS, MEASURES, TRACKING, RESULTS], ids=lambda sheet: sheet.key)
@pytest.mark.parametrize("across", [True, False], ids=["in one row", "over two rows"])
def test_merged_cells_of_a_table_are_named_and_nothing_is_lost(sheet: Sheet, across: bool) -> None:
    port = Package(ran(), "x.xlsx")
    block = table(port, sheet)
    row = block.first_row + 1
    first = block.letter(block.columns[1].key)
    last = block.letter(block.columns[2].key) if across else first
    merged = f"{first}{row}:{last}{row if across else row + 1}"
    work = Worked(port.to_bytes()).after(sheet, f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>')
    made, outcome = run(work.content)
    assert coded(outcome, Code.CELLS_MERGED) == [(Code.CELLS_MERGED, sheet.title, f"{first}{row}")]
    assert merged in Package(made, "x.xlsx").read(sheet.title).merged
    assert run(made)[0] == made
