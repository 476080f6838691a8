"""The workbook that is open in Excel, on a stand-in for Excel: what is written, what is put back, what is never
coerced. No Excel was seen."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import openpyxl
import pytest
import xlwings as xw
from hypothesis import assume, given
from hypothesis import strategies as st

from ita_xl import pipeline
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.engines.live import hanging, merges, ranges
from ita_xl.engines.live.engine import Live
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import CellError, Formula
from ita_xl.layout import HOME, MEMORY, SCORES, STATED, SUMMARY
from ita_xl.layout.address import Area
from tests import excel_cells, fake_excel
from tests.excel_cells import NEW_ERROR
from tests.fake_excel import model
from tests.live_desk import _impatient, a_book, a_desk, an_app, lacking, pages, snapshot  # noqa: F401

pytestmark = pytest.mark.usefixtures("impatient")


# ---- writing ----


def test_nothing_is_written_before_everything_is_computed(book: xw.Book) -> None:
    before = snapshot(book)
    port = Live(book)
    pipeline.run(port)
    assert snapshot(book) == before
    assert not [call for call in model(book).excel.calls if call.endswith(("=", "Copy"))]
    port.commit()
    assert pages(book)[SUMMARY.title]["C8"].value == 96.99


def test_formats_are_asked_for_only_where_a_number_may_be_a_percentage(book: xw.Book) -> None:
    title = SCORES["IIT"].title
    before, calls = Live(book).read(title), model(book).excel.calls
    assert (before.percent, calls["Range.NumberFormat"]) == (frozenset(), 0)
    for row in range(6, 36):
        cell = pages(book)[title].cell(row, 7)
        cell.value, cell.number_format = 0.9, "0.00%"
    assert Live(book).read(title).percent == {(row, 7) for row in range(6, 36)}
    assert calls["Range.NumberFormat"] == 1, "one for the column"


def test_a_run_takes_at_most_one_write_for_each_block(book: xw.Book, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = 0
    write = Live.write

    def counted(*args: Any) -> None:
        nonlocal blocks
        blocks += 1
        write(*args)

    monkeypatch.setattr(Live, "write", counted)
    port = Live(book)
    pipeline.run(port)
    port.commit()
    assert 0 < model(book).excel.calls["Range.Value="] <= blocks


def test_each_sheet_is_read_once(book: xw.Book) -> None:
    pipeline.run(Live(book))
    assert model(book).excel.calls["Sheet.UsedRange"] <= len(book.sheets)
    assert model(book).excel.calls["Range.Formula"] <= len(book.sheets)


def test_a_second_run_writes_nothing(book: xw.Book) -> None:
    for _ in range(2):
        model(book).excel.calls.clear()
        port = Live(book)
        pipeline.run(port)
        changes = port.changes
        port.commit()
    assert not changes
    assert model(book).excel.calls["Range.Value="] == 0


def test_a_run_that_changes_no_cell_leaves_rows_as_a_person_shows_them(book: xw.Book) -> None:
    def run() -> None:
        port = Live(book)
        pipeline.run(port)
        port.commit()

    run()
    rows = pages(book)[SUMMARY.title].row_dimensions
    hidden = next(row for row in range(1, 200) if rows[row].hidden)
    rows[hidden].hidden = False
    run()
    assert not rows[hidden].hidden
    pages(book)[SUMMARY.title]["C8"].value = None
    run()
    assert rows[hidden].hidden, "what changes is shown as it is to be"


def test_of_two_blocks_for_one_place_the_later_one_stands(book: xw.Book) -> None:
    title = pages(book)[HOME.title]["A1"].value
    port = Live(book)
    port.write(HOME.title, 1, 1, [["อื่น"]])
    port.write(STATED.title, 1, 1, [["อื่น"]])
    port.write(HOME.title, 1, 1, [[title]])
    port.commit()
    assert pages(book)[HOME.title]["A1"].value == title


AWKWARD = [
    *("9.1", "042", "1E5", "50%", "1/2", "3-4", "๙.๑", "กันยายน 2566", "1 ตุลาคม 2566", "TRUE", "#N/A"),
    *("=1+1", "=", "+66", "-5", "-", "@x", "'อ้าง'", "a\nb", " ขอบ "),
]


@pytest.mark.parametrize("code", ["General", "@", "0.00"])
def test_texts_are_never_taken_for_something_else(book: xw.Book, code: str) -> None:
    page = pages(book)[SUMMARY.title]
    for row in range(200, 200 + len(AWKWARD)):
        page.cell(row, 2).number_format = code
    port = Live(book)
    port.write(SUMMARY.title, 200, 2, [[text] for text in AWKWARD])
    port.commit()
    cells = [page.cell(row, 2) for row in range(200, 200 + len(AWKWARD))]
    assert [(cell.value, cell.data_type) for cell in cells] == [(text, "s") for text in AWKWARD]
    assert {cell.number_format for cell in cells} == {code}
    assert [Live(book).read(SUMMARY.title).at(cell.row, 2) for cell in cells] == AWKWARD
    assert not Live(book).read(SUMMARY.title).formulas


@given(st.text("019๐๙กมAEe'\"=+-@#/%.,:() \n") | st.sampled_from(AWKWARD))
def test_no_text_at_all_is_taken_for_something_else(text: str) -> None:
    assume(text)
    assert excel_cells.taken(ranges._typed(text), text_format=False) == ("s", text)


def test_a_text_that_can_only_be_one_is_given_without_an_apostrophe() -> None:
    for text in ("เทศบาลตำบลตัวอย่าง", "ตามประกาศ", "ข้อ I13 ได้ 81.25 คะแนน " * 4):
        assert ranges._typed(text) == text
    assert ranges._typed("กันยายน 2566") == "'กันยายน 2566"


def test_a_very_long_text_is_written_with_its_block(book: xw.Book) -> None:
    port = Live(book)
    port.write(SUMMARY.title, 200, 2, [["ก" * 9_000], ["สั้น"], ["=" + "ข" * 9_000]])
    port.commit()
    page = pages(book)[SUMMARY.title]
    assert [page.cell(row, 2).value for row in (200, 201, 202)] == ["ก" * 9_000, "สั้น", "=" + "ข" * 9_000]


def test_numbers_and_formulas_are_no_texts_even_where_the_format_is(book: xw.Book) -> None:
    page = pages(book)[SUMMARY.title]
    for cell in ("B200", "B202", "B203"):
        page[cell].number_format = "@"
    port = Live(book)
    port.write(SUMMARY.title, 200, 2, [[96.5], [7], [Formula("=1+1")], ["9.1"]])
    port.commit()
    kinds = [(page[f"B{row}"].value, page[f"B{row}"].data_type) for row in range(200, 204)]
    assert kinds == [(96.5, "n"), (7, "n"), ("=1+1", "f"), ("9.1", "s")]
    assert page["B203"].number_format == "@"


def test_cells_under_a_merged_area_are_left_alone(book: xw.Book) -> None:
    page = pages(book)[SUMMARY.title]
    page.merge_cells("B200:C201")
    port = Live(book)
    assert "B200:C201" in port.read(SUMMARY.title).merged
    port.write(SUMMARY.title, 200, 2, [["ก", "ข"], ["ค", "ง"]])
    port.commit()
    assert page["B200"].value == "ก"
    assert not Live(book).changes


def test_excel_fits_rows_but_not_those_with_merged_cells(book: xw.Book) -> None:
    pages(book)[SUMMARY.title].merge_cells("B202:C202")
    port = Live(book)
    port.show_rows(SUMMARY.title, 200, 204, [None, 30.0, 53.0, 24.0])
    port.commit()
    rows = pages(book)[SUMMARY.title].row_dimensions
    assert [rows[row].hidden for row in range(200, 205)] == [False, False, False, False, True]
    assert rows[202].height == 53.0
    assert {row for title, row in model(book).fitted if title == SUMMARY.title} == {201, 203}


# ---- reading ----


def test_errors_money_times_and_texts_that_look_like_them(book: xw.Book, monkeypatch: pytest.MonkeyPatch) -> None:
    page = pages(book)[SUMMARY.title]
    page["B200"], page["B201"], page["B202"] = "#N/A", "#N/A", NEW_ERROR[0]
    page["B201"].data_type, page["B202"].data_type = "s", "e"
    page["B203"], page["B204"], page["B205"] = dt.time(8, 30), dt.datetime(2022, 8, 1), True  # noqa: DTZ001
    page["B206"] = 12.5
    plain = excel_cells.given
    monkeypatch.setattr(
        excel_cells,
        "given",
        lambda cell, *rest: Decimal("12.5") if cell.coordinate == "B206" else plain(cell, *rest),
    )
    grid = Live(book).read(SUMMARY.title)
    assert [grid.at(row, 2) for row in range(200, 207)] == [
        CellError("#N/A"),
        "#N/A",
        CellError("#?"),
        dt.time(8, 30),
        dt.datetime(2022, 8, 1),  # noqa: DTZ001
        True,
        12.5,
    ]


def test_a_persons_formula_reads_as_its_result_and_is_known_as_one(book: xw.Book) -> None:
    page = pages(book)[SUMMARY.title]
    page["B200"], page["B201"] = "=1+1", "=text"
    page["B201"].data_type = "s"
    model(book).results[SUMMARY.title, 200, 2] = 2
    grid = Live(book).read(SUMMARY.title)
    assert (grid.at(200, 2), grid.at(201, 2)) == (2.0, "=text")
    assert grid.formulas == {(200, 2)}


def test_a_sheet_with_a_single_cell_and_an_empty_one_are_read(book: xw.Book) -> None:
    pages(book).create_sheet("เดี่ยว")["C7"] = "x"
    pages(book).create_sheet("ว่าง")
    assert Live(book).read("เดี่ยว").cells == {(7, 3): "x"}
    assert Live(book).read("ว่าง").cells == {}


def test_links_are_asked_for_one_by_one_where_others_were_told(book: xw.Book) -> None:
    sheet, page = book.sheets[SUMMARY.title], pages(book)[SUMMARY.title]
    before = hanging.rows_with_objects(sheet, lambda: None)
    page["B203"].hyperlink = page["B205"].hyperlink = "https://example.go.th"
    number = int(sheet.api.Hyperlinks.Count)
    for told in (None, [203], [203] * (number + 1)):
        assert hanging.rows_with_objects(sheet, Mock(return_value=told)) == before | {203, 205}
    assert 207 in hanging.rows_with_objects(sheet, lambda: [207] * number), "as many were told: they are believed"


def test_merged_areas_are_looked_for_where_others_were_told(book: xw.Book, monkeypatch: pytest.MonkeyPatch) -> None:
    title = SCORES["IIT"].title
    pages(book)[title].merge_cells("D70:D71")
    right = [*Live(book).read(title).merged]
    assert "D70:D71" in right
    monkeypatch.setattr(merges, "_told", lambda *_: merges._Told({Area(70, 1, 71, 2)}, []))
    assert [*Live(book).read(title).merged] == right


def test_a_cell_far_out_is_reported_instead_of_read(book: xw.Book) -> None:
    pages(book)[STATED.title]["A900000"] = "x"
    with pytest.raises(Unusable) as stopped:
        pipeline.check(Live(book))
    assert [(f.code, f.sheet) for f in stopped.value.findings] == [(Code.SHEET_UNSAFE, STATED.title)]


# ---- deleted sheets ----


def test_deleted_sheets_come_back_as_in_a_file(samples: Path, app: xw.App) -> None:
    content = lacking(samples, SUMMARY.title, MEMORY.title)
    book = fake_excel.book(content, app=app)
    del pages(book).defined_names["ITA_WeakBelow"]
    fake_excel.book(content, "ITA_template.xlsx", app=app)
    port, file = Live(book), Package(content, "x.xlsx")
    assert list(pipeline.run(port).findings) == list(pipeline.run(file).findings)
    port.commit()
    there = openpyxl.load_workbook(io.BytesIO(file.to_bytes()))
    for title in (SUMMARY.title, MEMORY.title):
        page, twin = pages(book)[title], there[title]
        assert page.sheet_state == twin.sheet_state
        assert [[c.value for c in row] for row in page["A1:H120"]] == [
            [c.value for c in row] for row in twin["A1:H120"]
        ]
    assert {name: meant.attr_text for name, meant in pages(book).defined_names.items()} == {
        name: meant.attr_text for name, meant in there.defined_names.items()
    }
    assert pages(book).active.title == HOME.title
    assert [opened.name for opened in book.app.books] == ["x.xlsx", "ITA_template.xlsx"]
