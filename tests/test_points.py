"""Points of 100, however a program shows them: percentages are understood, and shares of one never slip through."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from ita_xl import carry, jobs, pipeline
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.layout import HOME, SCORES, SIMULATION, STATED, STRUCTURE, Block, Sheet
from ita_xl.layout.address import cell as place
from ita_xl.layout.keys import ColumnKey, FieldKey
from ita_xl.new import put_scores
from ita_xl.reading import score_file
from tests.conftest import sure
from tests.memory_port import Memory, workbook
from tests.test_reading import at, port, run

__all__ = ["port"]

IIT, EIT, OIT = SCORES.values()
GRADES = (Code.PERCENTAGE_READ, Code.SHARES_NOT_POINTS, Code.SCORE_BELOW_ONE)


def rewrite(port: Memory, sheet: Sheet, block: Block, key: ColumnKey, *, percentage: bool) -> None:
    """Every number of a column divided by 100, as a percentage or bare."""
    column = block.column_number(key)
    for (row, here), value in list(port.pages[sheet.title].items()):
        if here == column and row > block.header_row and isinstance(value, int | float):
            if percentage:
                port.put_percentage(sheet.title, row, column, value)
            else:
                port.put(sheet.title, row, column, value / 100)


@pytest.mark.parametrize("sheet", SCORES.values(), ids=SCORES)
def test_a_column_of_percentages_is_read_in_points_and_noted_once(port: Memory, sheet: Sheet) -> None:
    before = run(port).scores["total"].exact
    rewrite(port, sheet, sheet.block("scores"), "y0", percentage=True)
    found = run(port)
    assert found.scores["total"].exact == before
    assert at(found, *GRADES) == [(Code.PERCENTAGE_READ, "G6")]


def test_a_percentage_is_read_exactly_whatever_noise_the_spreadsheet_added(port: Memory) -> None:
    port.put_percentage(IIT.title, 6, 7, 93.68)
    port.pages[IIT.title][6, 7] = 0.9368000000000001
    assert run(port).scores["I1"].exact == Fraction("93.68")


def test_a_percentage_above_100_is_out_of_range_as_the_clerk_sees_it(port: Memory) -> None:
    port.put_percentage(IIT.title, 6, 7, 9368)
    found = next(f for f in run(port).findings if f.code == Code.NUMBER_OUT_OF_RANGE)
    assert (found.cell, found.values["value"]) == ("G6", "9368%")


def test_published_figures_points_and_items_may_be_percentages(port: Memory) -> None:
    for cell, points in (("D6", 81.39), ("F20", 700), ("I20", 9), ("G20", 800)):
        port.put_percentage(STATED.title, *sure(place(cell)), points)
    found = run(port)
    assert found.years[2564].scores["total"].stated == Fraction("81.39")
    assert [found.years[year].scores["9.1"].exact for year in (2563, 2564)] == [Fraction(700, 9), Fraction(800, 9)]


def test_the_options_of_the_first_sheet_may_be_percentages(port: Memory) -> None:
    options: dict[FieldKey, int] = {"weak_below": 95, "fell_by": 3, "urgent_ranks": 2, "year": 2565}
    for key, points in options.items():
        field = HOME.field(key)
        port.put_percentage(HOME.title, field.row, field.column, points)
    found = run(port)
    rules = found.inputs.rules
    assert [rules.weak_below, rules.fell_by, rules.urgent_ranks] == [95, 3, 2]
    assert found.year == 2565
    assert at(found, Code.PERCENTAGE_READ) == [(Code.PERCENTAGE_READ, "B14"), (Code.PERCENTAGE_READ, "E18")]


def test_a_threshold_below_one_point_is_no_threshold(port: Memory) -> None:
    port.set(HOME, "weak_below", 0.85)
    found = run(port)
    assert at(found, Code.OPTION_UNUSABLE) == [(Code.OPTION_UNUSABLE, "E18")]
    assert found.inputs.rules.weak_below == 85


def test_weights_and_minimums_of_the_structure_may_be_percentages(port: Memory) -> None:
    before = run(port)
    rewrite(port, STRUCTURE, STRUCTURE.block("nodes"), "weight", percentage=True)
    rewrite(port, STRUCTURE, STRUCTURE.block("levels"), "min_total", percentage=True)
    found = run(port)
    assert (found.scores["total"].exact, found.level_name) == (before.scores["total"].exact, before.level_name)
    assert found.inputs.levels == before.inputs.levels
    assert [code for code, _ in at(found, *GRADES)] == [Code.PERCENTAGE_READ] * 2


def test_a_target_may_be_a_percentage(port: Memory) -> None:
    pipeline.run(port)
    leaves = SIMULATION.block("leaves")
    port.put_percentage(SIMULATION.title, leaves.first_row, leaves.column_number("target"), 95)
    found = run(port)
    assert list(found.inputs.targets.values()) == [95]
    assert at(found, Code.PERCENTAGE_READ) == [(Code.PERCENTAGE_READ, f"G{leaves.first_row}")]


@pytest.mark.parametrize(("sheet", "cells"), [(IIT, "G6:G35"), (EIT, "G6:G20"), (OIT, "G6:G48")])
def test_a_column_of_shares_is_an_error_and_no_total_comes_of_it(port: Memory, sheet: Sheet, cells: str) -> None:
    rewrite(port, sheet, sheet.block("scores"), "y0", percentage=False)
    found = run(port)
    assert [f.values["cells"] for f in found.findings if f.code == Code.SHARES_NOT_POINTS] == [cells]
    assert found.scores[sheet.instrument].exact is None
    assert not at(found, Code.NO_SCORES_YET, Code.SCORE_MISSING)


def test_shares_among_published_figures_are_an_error(port: Memory) -> None:
    port.fill_in(STATED, STATED.block("stated"), "| at | y1 |\n| รวม | 0.8139 |\n| IIT | 0.9 |\n| OIT | 1 |")
    found = run(port)
    assert at(found, *GRADES) == [(Code.SHARES_NOT_POINTS, "D6")]
    assert 2564 not in found.years


def test_minimums_of_levels_that_are_shares_are_an_error_and_no_level_is_judged(port: Memory) -> None:
    rewrite(port, STRUCTURE, STRUCTURE.block("levels"), "min_total", percentage=False)
    found = run(port)
    assert at(found, *GRADES, Code.LEVEL_WITHOUT_MINIMUM) == [(Code.SHARES_NOT_POINTS, "J9")]
    assert found.level_name == ""


def test_weights_may_be_shares_because_only_their_proportion_counts(port: Memory) -> None:
    before = run(port).scores["total"].exact
    rewrite(port, STRUCTURE, STRUCTURE.block("nodes"), "weight", percentage=False)
    found = run(port)
    assert found.scores["total"].exact == before
    assert at(found, *GRADES) == []


def test_a_single_score_below_one_among_points_is_worth_a_look(port: Memory) -> None:
    port.fill_in(IIT, IIT.block("scores"), "| at | y0 |\n| I7 | 0.85 |")
    found = run(port)
    assert at(found, *GRADES) == [(Code.SCORE_BELOW_ONE, "G12")]
    assert found.scores["I7"].exact == Fraction("0.85")


def test_a_column_of_zeros_is_no_column_of_shares(port: Memory) -> None:
    for row in range(6, 49):
        port.put(OIT.title, row, 7, 0)
    found = run(port)
    assert at(found, *GRADES) == []
    assert found.scores["OIT"].exact == 0


def test_a_threshold_in_percent_goes_into_next_years_workbook_in_points(port: Memory) -> None:
    port.put_percentage(HOME.title, *HOME.field("weak_below").at, 90)
    kept = carry.carry(carry.last_year(port, "x.xlsx"), profiles.profile(2566)).kept
    assert kept.home["weak_below"] == 90


def test_a_file_with_percentages_comes_to_the_same_result(samples: Path, tmp_path: Path) -> None:
    plain = jobs.check(samples / "reference-2565.xlsx")
    book = openpyxl.load_workbook(samples / "reference-2565.xlsx")
    for sheet in (IIT, EIT):
        for row in range(6, 36):
            cell = book[sheet.title].cell(row, 7)
            if isinstance(cell.value, int | float):
                cell.value, cell.number_format = cell.value / 100, "0.00%"
    book[HOME.title]["E18"].value, book[HOME.title]["E18"].number_format = 0.85, "0%"
    buffer = io.BytesIO()
    book.save(buffer)
    (tmp_path / "x.xlsx").write_bytes(buffer.getvalue())
    found = jobs.check(tmp_path / "x.xlsx")
    assert {code: score.exact for code, score in found.scores.items()} == {
        code: score.exact for code, score in plain.scores.items()
    }
    assert found.inputs.rules == plain.inputs.rules
    assert [(f.sheet, f.cell) for f in found.findings if f.code == Code.PERCENTAGE_READ] == [
        (HOME.title, "E18"),
        (IIT.title, "G6"),
        (EIT.title, "G6"),
    ]


def test_a_score_file_of_shares_is_an_error_there_and_in_the_workbook(tmp_path: Path) -> None:
    tree, target = profiles.profile(2565).tree, tmp_path / "scores.csv"
    lines = [f"{code},0.9368" for code in tree.questions("IIT")] + [f"{code},96" for code in tree.questions("EIT")]
    target.write_text("\n".join(["code,2565", *lines]), encoding="utf-8")
    entries, findings = score_file.read(target, tree, 2565)
    assert [(f.code, f.cell, f.values["cells"]) for f in findings] == [(Code.SHARES_NOT_POINTS, "B2", "B2:B31")]
    port = workbook()
    put_scores(port, profiles.profile(2565), entries)
    assert at(run(port), *GRADES) == [(Code.SHARES_NOT_POINTS, "G6")]


def test_a_score_file_may_hold_percentages_and_units(tmp_path: Path) -> None:
    target = tmp_path / "scores.csv"
    target.write_text("code,2565\nI1,93.68%\nI2,88.43 คะแนน", encoding="utf-8")
    entries, _ = score_file.read(target, profiles.profile(2565).tree, 2565)
    assert [float(entry.value) for entry in entries] == [93.68, 88.43]
