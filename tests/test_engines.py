"""One contract for all engines: same values read, same findings, same cells written.

The live one runs on two stand-ins for Excel: behind the real xlwings objects (`fake_excel`), and below COM, with
xlwings' own engine for Windows (`com_boundary`).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from ita_xl import pipeline
from ita_xl.data import profiles
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import CellError, Formula, Grid, Uncomputed, Value
from ita_xl.layout import HOME, ISSUES, MEASURES, OUTPUTS, PUBLISHED, SCORES, SHEETS, STRUCTURE, SUMMARY, Show
from ita_xl.new import new
from ita_xl.publishing.workbook import published
from ita_xl.reading.places import standing_sheet
from tests.com_boundary import BelowCom
from tests.crafted import VARIANTS
from tests.fake_excel import Desk
from tests.memory_port import Memory

FILES = Path(__file__).parent.parent / "samples"
ENGINES: dict[str, Callable[[bytes], OpenpyxlBook | Package | Desk]] = {
    "openpyxl": lambda content: OpenpyxlBook(content, "x.xlsx"),
    "package": lambda content: Package(content, "x.xlsx"),
    "live": Desk,
    "live below COM": BelowCom,
}
Engine = OpenpyxlBook | Package | Desk | Memory
OTHERS = list(ENGINES)[1:]
"""Those that are compared with the reference."""


def draft_year() -> bytes:
    return new(profiles.profile(2568), {"agency": "ทดสอบ & <สอบ>"}).to_bytes()


def ran() -> bytes:
    port = Package((FILES / "reference-2565.xlsx").read_bytes(), "x.xlsx")
    pipeline.run(port)
    return port.to_bytes()


def edited() -> bytes:
    """Run before, and worked in: a text changed, one cleared, two rows swapped, one of the agency's own."""
    book = openpyxl.load_workbook(io.BytesIO(ran()))
    page = book[ISSUES.title]
    block = standing_sheet(Package(ran(), "x.xlsx"), ISSUES, ISSUES.title).block("issues")
    approach = block.column_number("approach")
    first = block.first_row
    page.cell(first, approach).value = "=ข้อความของหน่วยงาน"
    page.cell(first, approach).data_type = "s"
    page.cell(first + 1, approach).value = None
    page.cell(first + 2, approach).value = 2566
    swapped = [[page.cell(row, column) for column in range(1, 9)] for row in (first + 3, first + 4)]
    for one, other in zip(*swapped, strict=True):
        one.value, other.value = other.value, one.value
    free = next(
        row for row in range(first, block.last_row + 1) if all(page.cell(row, c).value is None for c in range(1, 9))
    )
    page.cell(free, approach).value = "แถวของหน่วยงานเอง"
    page.cell(free + 1, approach).number_format = "@"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    **{path.stem: path.read_bytes for path in sorted(FILES.glob("*.xlsx"))},
    "draft year": draft_year,
    "run before": ran,
    "worked in": edited,
}


@pytest.fixture(params=WORKBOOKS, scope="module")
def content(request: pytest.FixtureRequest) -> bytes:
    return WORKBOOKS[request.param]()


@pytest.mark.parametrize("other", OTHERS)
def test_all_read_the_same(content: bytes, other: str) -> None:
    one, another = ENGINES["openpyxl"](content), ENGINES[other](content)
    assert one.sheets() == another.sheets() == [sheet.title for sheet in SHEETS]
    for title in one.sheets():
        left, right = one.read(title), another.read(title)
        assert known(left, other) == right.cells, title
        assert (set(left.merged), left.formulas) == (set(right.merged), right.formulas), title
        assert left.percent == right.percent, title


def known(grid: Grid, engine: str) -> dict[tuple[int, int], Value]:
    """What an engine can know of a sheet: in Excel every formula has a result, here those without are empty."""
    return {at: v for at, v in grid.cells.items() if not engine.startswith("live") or not isinstance(v, Uncomputed)}


def written(port: OpenpyxlBook | Package | Desk) -> tuple[list[object], Workbook]:
    outcome = pipeline.run(port)
    return list(outcome.findings), openpyxl.load_workbook(io.BytesIO(port.to_bytes()))


@pytest.mark.parametrize("other", OTHERS)
def test_all_find_and_write_the_same(content: bytes, other: str) -> None:
    (findings, one), (more, another) = (written(ENGINES[name](content)) for name in ("openpyxl", other))
    assert findings == more
    for page in one.worksheets:
        twin = another[page.title]
        assert page.sheet_state == twin.sheet_state
        for row in page.iter_rows():
            for cell in row:
                assert cell.value == twin[cell.coordinate].value, f"{page.title}!{cell.coordinate}"
                assert cell.number_format == twin[cell.coordinate].number_format
        for number in range(1, max(sheet.last_row for sheet in SHEETS)):
            look, same = page.row_dimensions[number], twin.row_dimensions[number]
            assert look.hidden == same.hidden, f"{page.title} row {number}"
            assert look.height == same.height or (
                other.startswith("live") and same.height is None
            )  # fitted by Excel


@pytest.fixture(params=[*ENGINES, "memory"])
def port(request: pytest.FixtureRequest) -> Engine:
    if request.param == "memory":
        return Memory()
    return ENGINES[request.param]((FILES / "unfilled-2565.xlsx").read_bytes())


VALUES = ['t="e"', "=1+1", "+66", "-", "@x", "9.1", "042", "บรรทัด\nสอง", " ขอบ ", "<&>\"'", "จ\u0e4dา", "x" * 5000]


@pytest.mark.parametrize("text", VALUES)
def test_a_text_is_a_text_whatever_it_looks_like(port: Engine, text: str) -> None:
    port.write(SUMMARY.title, 4, 1, [[text]])
    for again in (port, *reopened(port)):
        grid = again.read(SUMMARY.title)
        assert grid.at(4, 1) == text
        assert (4, 1) not in grid.formulas


def reopened(port: Engine) -> list[OpenpyxlBook | Package | Desk]:
    """The workbook saved and read back by every engine; one in memory cannot be saved."""
    return [] if isinstance(port, Memory) else [make(port.to_bytes()) for make in ENGINES.values()]


def test_numbers_formulas_and_empty_cells(port: Engine) -> None:
    port.write(SUMMARY.title, 48, 1, [[96.99, 3, None], [None, Formula('=HYPERLINK("#x","y")', "y"), 1e-7]])
    for again in reopened(port):
        grid = again.read(SUMMARY.title)
        assert (grid.at(48, 1), grid.at(48, 2), grid.at(48, 3)) == (96.99, 3, None)
        assert grid.at(49, 3) == 1e-7
        assert (49, 2) in grid.formulas


def test_control_characters_cannot_break_the_file(port: Engine) -> None:
    port.write(SUMMARY.title, 4, 1, [["ก\x00ข\x0bค\ufffe"]])
    for again in reopened(port):
        assert again.read(SUMMARY.title).at(4, 1) == "กขค"


def test_what_was_written_is_read_back_before_saving(port: Engine) -> None:
    port.write(HOME.title, 10, 2, [["ชื่อใหม่"]])
    assert port.read(HOME.title).at(10, 2) == "ชื่อใหม่"
    port.write(HOME.title, 10, 2, [[None]])
    assert port.read(HOME.title).at(10, 2) is None


def test_errors_and_formulas_without_result_are_told_apart_from_empty_cells() -> None:
    book = openpyxl.load_workbook(FILES / "unfilled-2565.xlsx")
    page = book[SCORES["IIT"].title]
    page["G6"], page["G7"], page["G8"] = "=1+1", "#N/A", True
    buffer = io.BytesIO()
    book.save(buffer)
    for name, make in ENGINES.items():
        grid = make(buffer.getvalue()).read(page.title)
        assert grid.at(6, 7) == (None if name.startswith("live") else Uncomputed("=1+1"))
        assert grid.at(7, 7) == CellError("#N/A")
        assert grid.at(8, 7) is True
        assert grid.formulas == {(6, 7)}


PERCENT_FORMATS = ("0%", "0.00%", "[Red]0.0 %;-0%", "[$-D07041E]0%", '0.00"%"', "0.00\\%", "0.00", "General")
"""The first four show a percentage; the others write a percent sign or none."""


def with_percentages() -> bytes:
    """0.9368 in eight formats, and things that are no number in the first of them."""
    book = openpyxl.load_workbook(FILES / "unfilled-2565.xlsx")
    page = book[SCORES["IIT"].title]
    for row, code in enumerate(PERCENT_FORMATS, 6):
        page.cell(row, 7, 0.9368).number_format = code
    for row, value in enumerate(("ดี", True, None), 20):
        page.cell(row, 7, value).number_format = PERCENT_FORMATS[0]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("engine", ENGINES)
def test_all_see_which_numbers_show_as_percentages(engine: str) -> None:
    grid = ENGINES[engine](with_percentages()).read(SCORES["IIT"].title)
    assert grid.percent == {(6, 7), (7, 7), (8, 7), (9, 7)}
    assert grid.at(6, 7) == 0.9368


@pytest.mark.parametrize("variant", VARIANTS)
def test_percentages_are_seen_however_a_program_writes_a_file(variant: str) -> None:
    grid = Package(VARIANTS[variant](with_percentages()), "x.xlsx").read(SCORES["IIT"].title)
    assert grid.percent == {(6, 7), (7, 7), (8, 7), (9, 7)}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_structure_is_one_object_in_however_many_workbooks(variant: str) -> None:
    content = (FILES / "unfilled-2565.xlsx").read_bytes()
    one, other = (Package(each, "x.xlsx").read(STRUCTURE.title) for each in (content, VARIANTS[variant](content)))
    assert one is other


def test_truths_and_numbers_in_a_structure_are_told_apart() -> None:
    grids = []
    for typed in (1, True):
        book = openpyxl.load_workbook(FILES / "unfilled-2565.xlsx")
        book[STRUCTURE.title]["E9"] = typed
        buffer = io.BytesIO()
        book.save(buffer)
        grids.append(Package(buffer.getvalue(), "x.xlsx").read(STRUCTURE.title))
    assert [type(grid.at(9, 5)) for grid in grids] == [float, bool]


def test_rows_are_hidden_and_shown(port: Engine) -> None:
    if isinstance(port, Memory):
        return
    port.show_rows(SUMMARY.title, 47, 67, [None, 24.0, 53.0])
    page = openpyxl.load_workbook(io.BytesIO(port.to_bytes()))[SUMMARY.title]
    assert [row for row in range(47, 68) if not page.row_dimensions[row].hidden] == [47, 48, 49]
    fitted = [None, None] if isinstance(port, Desk) else [24.0, 53.0]
    assert [page.row_dimensions[row].height for row in (48, 49)] == fitted


def test_output_sheets_appear(port: Engine) -> None:
    if isinstance(port, Memory):
        return
    pipeline.run(port)
    book = openpyxl.load_workbook(io.BytesIO(port.to_bytes()))
    for sheet in OUTPUTS:
        unseen = sheet.show in (Show.EXPERT, Show.NEEDED)
        assert (book[sheet.title].sheet_state == "visible") != unseen, sheet.title


@pytest.mark.parametrize("make", ENGINES.values(), ids=ENGINES)
def test_an_output_sheet_that_a_person_hid_stays_hidden(
    make: Callable[[bytes], OpenpyxlBook | Package | Desk],
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(ran()))
    book[MEASURES.title].sheet_state = "hidden"
    book[SCORES["EIT"].title]["G8"] = 60
    buffer = io.BytesIO()
    book.save(buffer)
    port = make(buffer.getvalue())
    pipeline.run(port)
    after = openpyxl.load_workbook(io.BytesIO(port.to_bytes()))
    shown = [sheet.title for sheet in PUBLISHED if sheet.show is not Show.NEEDED]
    assert [title for title in shown if after[title].sheet_state != "visible"] == [MEASURES.title]
    changed = after[SUMMARY.title][SUMMARY.field("kpi_eit").cell].value
    assert changed != book[SUMMARY.title][SUMMARY.field("kpi_eit").cell].value


def test_what_a_person_hid_stays_hidden_though_another_sheet_comes_back() -> None:
    book = openpyxl.load_workbook(io.BytesIO(ran()))
    book[MEASURES.title].sheet_state = "hidden"
    del book[SUMMARY.title]
    buffer = io.BytesIO()
    book.save(buffer)
    port = Package(buffer.getvalue(), "x.xlsx")
    pipeline.run(port)
    copy, _ = published(port.to_bytes(), "x.xlsx")
    titles = Package(copy, "").sheets()
    assert SUMMARY.title in titles and MEASURES.title not in titles
