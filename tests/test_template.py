"""The shipped template and samples are what the code draws, part by part, and what a clerk needs."""

from __future__ import annotations

import ast
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from ita_xl import drawing
from ita_xl.drawing import looks
from ita_xl.drawing.template import template
from ita_xl.engines.shipped import template_path
from ita_xl.layout import ANALYSIS, FINDINGS, HOME, SCORES, SHEETS, STATED, STRUCTURE, SUMMARY, Sheet, Show, labels
from ita_xl.layout.keys import HOLD_KEYS
from tools import samples as sample_tools


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def assert_same_package(built: bytes, shipped: bytes) -> None:
    """Compare part by part, so that a difference names its part."""
    left, right = parts(built), parts(shipped)
    assert list(left) == list(right)
    assert [name for name in left if left[name] != right[name]] == []


def test_the_shipped_template_is_what_the_code_draws() -> None:
    assert_same_package(template(), template_path().read_bytes())


def test_two_builds_are_equal_byte_by_byte() -> None:
    assert template() == template()


@pytest.mark.parametrize("name", sample_tools.SAMPLES)
def test_the_shipped_samples_are_what_the_code_builds(name: str, samples: Path) -> None:
    assert_same_package(sample_tools.build(name), (samples / name).read_bytes())


@pytest.fixture(scope="module")
def book() -> Workbook:
    return openpyxl.load_workbook(template_path())


def test_seven_sheets_are_visible_on_day_one(book: Workbook) -> None:
    visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    assert visible == [s.title for s in (HOME, STATED, *SCORES.values())] + ["ข้อเสนอแนะ ป.ป.ช.", FINDINGS.title]
    assert book["_ita_xl"].sheet_state == "veryHidden"


@pytest.mark.parametrize("sheet", [s for s in SHEETS if s.show is not Show.NEVER], ids=lambda s: s.key)
def test_every_sheet_prints_on_a4_with_its_heading_repeated(book: Workbook, sheet: Sheet) -> None:
    page: Any = book[sheet.title]
    assert page.page_setup.paperSize == 9
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_area
    assert sheet is HOME or page.print_title_rows
    assert "&P" in page.oddFooter.center.text


def test_everything_is_in_the_official_font(book: Workbook) -> None:
    fonts = {cell.font.name for page in book.worksheets for row in page.iter_rows() for cell in row if cell.value}
    assert fonts == {"TH Sarabun New"}
    assert book._fonts[0].name == "TH Sarabun New"  # type: ignore[attr-defined]


def test_scores_are_validated_with_a_thai_message(book: Workbook) -> None:
    rules = book[SCORES["IIT"].title].data_validations.dataValidation
    scores = [r for r in rules if r.type == "decimal"]
    assert {str(r.sqref) for r in scores} == {"E6:E65", "F6:F65", "G6:G65"}
    assert all((r.formula1, r.formula2) == ("0", "100") and "0 ถึง 100" in r.error for r in scores)


def test_options_have_drop_downs(book: Workbook) -> None:
    lists = {str(r.sqref): r.formula1 for r in book[HOME.title].data_validations.dataValidation if r.type == "list"}
    assert set(lists) == {
        *(HOME.field(key).cell for key in ("agency_type", "chief_acting", "lowest_if_none_weak", "thai_digits")),
        *(HOME.field("texts_read").cell, HOME.block("offices").range("office", absolute=False)),
    }
    assert all(len(choices) <= 257 for choices in lists.values()), "Excel's limit for a list in a rule"


def test_unused_rows_are_hidden(book: Workbook) -> None:
    rows = book[SCORES["EIT"].title].row_dimensions
    assert not rows[20].hidden
    assert all(rows[row].hidden for row in range(21, 66))


def test_codes_are_text_cells(book: Workbook) -> None:
    column = [book[STATED.title].cell(row, 1) for row in range(6, 30)]
    assert all(cell.data_type in ("s", "inlineStr", "n") and cell.number_format == "@" for cell in column)
    assert [c.value for c in column if c.value == "9.1"] == ["9.1"]


def native_charts(page: Any) -> list[Any]:
    return list(page._charts)


def test_the_summary_has_native_charts_on_its_tables(book: Workbook) -> None:
    charts = native_charts(book[SUMMARY.title])
    assert [type(chart).__name__ for chart in charts] == ["BarChart", "RadarChart", "BarChart", "BarChart"]
    assert [len(chart.series) for chart in charts] == [1, 1, 2, 2]
    ranking = SUMMARY.block("ranking")
    assert charts[0].series[0].val.numRef.f == SUMMARY.ref(ranking.range("score"))


def test_the_bars_of_the_causes_go_both_ways_in_two_colours_and_stop_before_the_sum(book: Workbook) -> None:
    chart = native_charts(book[SUMMARY.title])[3]
    causes, bars = SUMMARY.block("causes"), SUMMARY.block("bars")
    assert [series.val.numRef.f for series in chart.series] == [
        SUMMARY.ref(bars.range(key)) for key in ("up", "down")
    ]
    colours = [series.graphicalProperties.solidFill.srgbClr for series in chart.series]
    assert colours == [looks.GREEN, looks.RED]
    assert (bars.first_row, bars.last_row) == (causes.first_row, causes.last_row - 2), (
        "not the rounding and the total"
    )
    assert chart.anchor._from.row + 1 == causes.header_row - causes.above


def test_only_the_structure_is_protected_and_without_a_password(book: Workbook) -> None:
    protected = [page.title for page in book.worksheets if page.protection.sheet]
    assert protected == [STRUCTURE.title]
    assert book[STRUCTURE.title].protection.password is None


def test_sheets_are_linked(book: Workbook) -> None:
    index = {cell.hyperlink.location for row in book[HOME.title].iter_rows() for cell in row if cell.hyperlink}
    assert {sheet.ref("A1") for sheet in (SUMMARY, FINDINGS, *ANALYSIS.values())} <= index
    for sheet in SHEETS:
        if sheet.show is not Show.NEVER and sheet is not HOME:
            assert book[sheet.title][sheet.field("back").cell].hyperlink.location == HOME.ref("A1")


def test_no_formula_needs_an_add_in_or_is_volatile(book: Workbook) -> None:
    formulas = [
        str(cell.value)
        for page in book.worksheets
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(formulas) > 1000
    for word in ("OFFSET(", "INDIRECT(", "NOW(", "TODAY(", "RAND", "LET(", "XLOOKUP(", "FILTER(", "ITA_"):
        assert not any(word in formula for formula in formulas), word


def test_levels_take_words_where_scores_take_numbers(book: Workbook) -> None:
    rules = book[STATED.title].data_validations.dataValidation
    assert {str(r.sqref) for r in rules if r.type == "decimal"} == {"C6 C8:C65", "D6 D8:D65", "E6 E8:E65"}


def test_which_published_figure_holds_is_chosen_from_a_list_also_for_the_level(book: Workbook) -> None:
    rules = [r for r in book[STATED.title].data_validations.dataValidation if r.type == "list"]
    block = STATED.block("stated")
    assert [str(r.sqref) for r in rules] == [block.range(key, absolute=False) for key in HOLD_KEYS]
    assert {r.formula1 for r in rules} == {'"{}"'.format(",".join(labels.hold_choices()))}


def test_kinds_of_agency_and_words_for_standing_in_may_be_others_than_listed_and_nothing_else_may(
    book: Workbook,
) -> None:
    rules = [r for page in book for r in page.data_validations.dataValidation if r.type == "list"]
    free = (HOME.field(key).cell for key in ("agency_type", "chief_acting"))
    milder = {str(r.sqref): r.errorStyle for r in rules if r.errorStyle != "stop"}
    assert milder == dict.fromkeys(free, "information")


PACKAGE = Path(drawing.__file__).parent.parent
DRAWERS = [*(PACKAGE / "drawing").glob("*.py"), PACKAGE / "layout" / "parts.py", PACKAGE / "writing" / "setup.py"]


@pytest.mark.parametrize("path", DRAWERS, ids=lambda path: path.stem)
def test_no_part_is_drawn_or_written_after_its_name(path: Path) -> None:
    """What looks or is filled in its own way says so in the layout, by a role, a paint, limits or the like."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        asked = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        texts = [part for one in asked for part in ast.walk(one) if isinstance(part, ast.Constant)]
        keys = [one for one in asked if isinstance(one, ast.Attribute) and one.attr == "key"]
        assert not (keys and any(isinstance(text.value, str) for text in texts)), ast.unparse(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr != "startswith" or "key" not in ast.unparse(node.func), ast.unparse(node)
