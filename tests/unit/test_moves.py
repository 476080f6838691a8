"""Whoever means a cell that moved means it at its new place, however it is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_xl.engines.moves import Moves, Shift
from ita_xl.engines.references import translated
from ita_xl.layout.address import LAST_ROW, Area, areas

TITLE = "งาน 'หลัก' & อื่น"
QUOTED = "'งาน ''หลัก'' & อื่น'"
MOVES = Moves(TITLE, {8: 7, 7: 8, 10: 12, 12: 10})
INSERTED = Moves(TITLE, {9: 10, 10: 11, 11: 9})

MEANT = {
    "D8": "D7",
    "$D$8*2": "$D$7*2",
    "d8&D$10": "d7&D$12",
    '"D8"&D8': '"D8"&D7',
    '"a""D8"': '"a""D8"',
    "D8#": "D7#",
    "D8%+-D8^2": "D7%+-D7^2",
    "@D8": "@D7",
    "SUM(D8:G8)": "SUM(D7:G7)",
    "SUM(D7:D8)": "SUM(D7:D8)",
    "SUM(D:D,8:8,$8:$8)": "SUM(D:D,7:7,$7:$7)",
    "LOG10(D8)+D8(1)": "LOG10(D7)+D8(1)",
    "INDEX(A:A,8):D8": "INDEX(A:A,8):D7",
    "T8x+x.D8+_D8+ข8": "T8x+x.D8+_D8+ข8",
    "Table1[[#This Row],[D8]]+D8": "Table1[[#This Row],[D8]]+D7",
    "{1,2;8,9}*D8": "{1,2;8,9}*D7",
    "1E8+8": "1E8+8",
    f"{QUOTED}!D8": f"{QUOTED}!D7",
    f"{QUOTED}!$D$8:$G$8": f"{QUOTED}!$D$7:$G$7",
    "อื่น!D8": "อื่น!D8",
    "'อื่น ๆ'!D8": "'อื่น ๆ'!D8",
    f"'ก:{QUOTED[1:]}!D8": f"'ก:{QUOTED[1:]}!D8",
    f"'[1]{QUOTED[1:]}!D8": f"'[1]{QUOTED[1:]}!D8",
    "Sheet1:Sheet3!D8": "Sheet1:Sheet3!D8",
    "#REF!+D8": "#REF!+D7",
    "XFE8+A1048577": "XFE8+A1048577",
}


@pytest.mark.parametrize("formula", MEANT)
def test_a_formula_of_the_sheet_follows(formula: str) -> None:
    assert MOVES.formula(formula, TITLE) == MEANT[formula]


@pytest.mark.parametrize("formula", MEANT)
def test_a_formula_of_another_sheet_follows_only_where_it_names_the_sheet(formula: str) -> None:
    assert MOVES.formula(formula, "อื่น") == (MEANT[formula] if formula.startswith(QUOTED) else formula)


@pytest.mark.parametrize(
    ("formula", "meant"),
    [
        ("SUM(D7:D11)", "SUM(D7:D11)"),  # the same rows in another order
        ("SUM(D7:D10)", "SUM(D7:D11)"),  # a row came in between
        ("SUM(D$9:D10)", "SUM(D$10:D11)"),
        ("SUM(D11:D12)", "SUM(D9:D12)"),
        (f"SUM(D10:D{LAST_ROW})", f"SUM(D11:D{LAST_ROW})"),
        ("SUM(D10:D8)", "SUM(D11:D8)"),
    ],
)
def test_an_area_reaches_from_where_its_ends_are_now(formula: str, meant: str) -> None:
    assert INSERTED.formula(formula, TITLE) == meant


SHIFT = Shift(TITLE, {8: 2, 11: 1}, frozenset({9}), {11: 10})
"""Two rows come in before row 8, row 9 goes, and one that looks like row 10 comes in below it."""


@pytest.mark.parametrize(
    ("formula", "meant"),
    [
        ("D7+D8+D10+D11", "D7+D10+D11+D13"),
        ("D9", "#REF!"),
        ("SUM(D7:D9)", "SUM(D7:D10)"),
        ("SUM(D9:D9)", "SUM(#REF!)"),
        ("SUM(D8:D10)", "SUM(D10:D12)"),
        ("SUM(D9:D12)+SUM(D:D)+SUM(A1:B7)", "SUM(D11:D14)+SUM(D:D)+SUM(A1:B7)"),
        (f"SUM(D8:D{LAST_ROW})", f"SUM(D10:D{LAST_ROW})"),
    ],
)
def test_rows_come_in_and_go_as_when_they_are_inserted_and_deleted(formula: str, meant: str) -> None:
    assert SHIFT.formula(formula, TITLE) == meant


def test_rows_that_come_in_look_like_the_one_that_they_are_to_look_like() -> None:
    assert SHIFT.clones == {12: 10}
    assert [SHIFT.row(row) for row in (7, 8, 9, 10, 11)] == [7, 10, None, 11, 13]


@pytest.mark.parametrize(
    ("formula", "meant"),
    [("D8", "D8"), ("$D$8", "$D$7"), ("D$8", "D$7"), ("SUM(D$8:D9)", "SUM(D$7:D9)"), ("8:8", "8:8")],
)
def test_of_many_cells_at_once_only_fixed_rows_are_meant(formula: str, meant: str) -> None:
    assert MOVES.formula(formula, TITLE, only_fixed=True) == meant


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("D8", "D7"),
        ("D7:D8", "D7:D8"),
        ("D8:D9", "D7 D9"),
        ("A1:C9", "A1:C9"),
        ("D8:D11 F10", "D7 D9 D11:D12 F12"),
        (f"A8:XFD{LAST_ROW}", f"A7:XFD7 A9:XFD{LAST_ROW}"),
        (f"A1:XFD{LAST_ROW}", f"A1:XFD{LAST_ROW}"),
    ],
)
def test_an_area_is_cut_into_what_its_rows_became(old: str, new: str) -> None:
    assert " ".join(map(str, MOVES.areas(areas(old)))) == new


ROWS = st.integers(1, 12)


@given(st.permutations(range(5, 10)), st.lists(st.tuples(ROWS, ROWS), min_size=1, max_size=3))
def test_no_cell_is_lost_or_won(order: list[int], ends: list[tuple[int, int]]) -> None:
    moves = Moves(TITLE, {old: new for old, new in zip(range(5, 10), order, strict=True) if old != new})
    old = [Area(min(pair), 4, max(pair), 5) for pair in ends]
    cells = {moves.at(at) for area in old for at in area.cells()}
    assert {at for area in moves.areas(old) for at in area.cells()} == cells


@pytest.mark.parametrize(
    ("formula", "filled"),
    [
        ("D8", "E10"),
        ("$D8&D$8&$D$8", "$D10&E$8&$D$8"),
        ("SUM(D:D)+SUM($D:D)+8:8", "SUM(E:E)+SUM($D:E)+10:10"),
        (f'{QUOTED}!D8&"D8"', f'{QUOTED}!E10&"D8"'),
        ("LOG10(A1)", "LOG10(B3)"),
    ],
)
def test_a_formula_is_filled_as_a_person_fills_it(formula: str, filled: str) -> None:
    assert translated(formula, (8, 4), (10, 5)) == filled


def test_a_formula_filled_over_the_edge_means_nothing() -> None:
    assert translated("A1+B9", (8, 4), (7, 4)) == "#REF!+B8"
