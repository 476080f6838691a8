"""How findings are put before people."""

from __future__ import annotations

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Group, grouped


def at(*cells: str, code: Code = Code.NOT_A_NUMBER, sheet: str = "คะแนน IIT") -> list[Finding]:
    return [Finding(code, sheet, cell) for cell in cells]


def told(findings: list[Finding]) -> list[tuple[str, int]]:
    return [(group.cells(), group.number) for group in grouped(findings)]


def test_more_than_two_of_one_kind_in_a_column_are_one_with_their_range() -> None:
    assert told(at("G5", "G6", "G7", "G8")) == [("G5:G8", 4)]


def test_two_stay_two() -> None:
    assert told(at("G5", "G6")) == [("G5", 1), ("G6", 1)]


def test_what_does_not_adjoin_is_a_list_of_ranges_in_order() -> None:
    assert told(at("G12", "G5", "G9", "G10", "G11", "G5")) == [("G5, G9:G12", 6)]


def test_a_long_list_is_cut() -> None:
    assert told(at(*(f"G{row}" for row in range(2, 40, 2)))) == [("G2, G4, G6, G8 …", 19)]


def test_how_much_is_shown_may_be_said() -> None:
    (group,) = grouped(at("G2", "G4", "G6", "G7"))
    assert group.cells(2) == "G2, G4 …"
    assert group.place() == "คะแนน IIT G2, G4, G6:G7"


def test_other_kinds_columns_and_sheets_stay_apart() -> None:
    others = [*at("G8", code=Code.NUMBER_OUT_OF_RANGE), *at("F8"), *at("G8", sheet="คะแนน EIT")]
    assert told([*at("G5", "G6"), *others]) == [("G5", 1), ("G6", 1), ("G8", 1), ("F8", 1), ("G8", 1)]


def test_a_group_stands_where_the_first_of_it_stood_and_shows_its_topmost() -> None:
    mixed = [*at("G7"), *at("A1", code=Code.CODE_TWICE), *at("G5", "G6")]
    assert grouped(mixed) == [Group(at("G5")[0], ("G5:G7",), 3), Group(mixed[1], ("A1",))]


def test_what_stands_in_no_single_cell_is_told_one_by_one() -> None:
    nowhere = [Finding(Code.FILE_MISSING)] * 3
    areas = at("A5:B9", "A5:B9", "A5:B9") + at("A:A", "A:A", "A:A") + at("5", "6", "7")
    assert told(nowhere) == [("", 1)] * 3
    assert [number for _, number in told(areas)] == [1] * 9


def test_columns_of_two_letters_and_rows_of_many_digits() -> None:
    assert told(at("AB9", "AB10", "AB11", "AB99999")) == [("AB9:AB11, AB99999", 4)]
