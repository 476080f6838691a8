"""What the stand-ins take for granted about Excel, one test for each line of docs/excel.md, with both of them.

Below COM the calls are Excel's own; behind xlwings' objects they are xlwings'. No Excel was seen.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.comments import Comment

from ita_xl.domain.findings import Unusable
from ita_xl.engines.live import blocks, excel, hanging
from tests.excel_cells import BUSY, EDITING, REFUSED, ComError
from tests.fake_excel import Excel, model
from tests.live_desk import _impatient, a_book, a_desk, an_app, pages  # noqa: F401

pytestmark = pytest.mark.usefixtures("impatient")
DOC = Path(__file__).parent.parent / "docs" / "excel.md"


@pytest.fixture
def sheet(book: xw.Book) -> xw.Sheet:
    pages(book).create_sheet("ว่าง")
    return book.sheets["ว่าง"]


def put(sheet: xw.Sheet, cell: str, value: Any) -> Any:
    """What xlwings reads from a cell in which something was put."""
    sheet.range(cell).raw_value = value
    return sheet.range(cell).raw_value


def refused(sheet: xw.Sheet, address: str) -> bool:
    try:
        excel.patiently(lambda: sheet.range(address).address)
    except Unusable:
        return True
    return False


def test_typed(sheet: xw.Sheet) -> None:
    assert [put(sheet, "A1", text) for text in ("9.1", "TRUE", "ก")] == [9.1, True, "ก"]
    assert put(sheet, "A1", "1/2").year
    put(sheet, "A1", "=1+1")
    assert sheet.range("A1").formula == "=1+1"


def test_apostrophe(sheet: xw.Sheet) -> None:
    assert put(sheet, "A1", "'9.1") == "9.1"


def test_text_format(sheet: xw.Sheet) -> None:
    sheet.range("A1").number_format = "@"
    assert [put(sheet, "A1", value) for value in ("9.1", 9.5, "=1+1")] == ["9.1", "9.5", "=1+1"]


def test_empty(sheet: xw.Sheet) -> None:
    assert put(sheet, "A1", "") is None


def test_shape(sheet: xw.Sheet) -> None:
    assert put(sheet, "A1:B1", (("ก", "ข"),)) == (("ก", "ข"),)
    assert sheet.range("A1").raw_value == "ก"


def test_kinds(sheet: xw.Sheet) -> None:
    assert type(put(sheet, "A1", 7)) is float
    assert put(sheet, "A1", "#N/A") == -2146826246


def test_long(sheet: xw.Sheet) -> None:
    assert len(put(sheet, "A1", "ก" * 9000)) == 9000
    with pytest.raises(Exception, match=str(REFUSED)):
        put(sheet, "A1:A2", (("ก" * 9000,), ("ข",)))
    with pytest.raises(Exception, match=str(REFUSED)):
        put(sheet, "A1", "ก" * 33_000)


def test_mixed(sheet: xw.Sheet) -> None:
    sheet.range("A1").number_format = "@"
    assert sheet.range("A1:A2").number_format is None
    page = pages(sheet.book)["ว่าง"]
    page.merge_cells("B1:C1")
    states = [sheet.range(cells).merge_cells for cells in ("A1:C1", "B1:C1", "A1")]
    assert states == [None, True, False]


def test_union(sheet: xw.Sheet) -> None:
    pages(sheet.book).defined_names["ชื่อ"] = openpyxl.workbook.defined_name.DefinedName("ชื่อ", attr_text="ว่าง!$C$3")
    assert sheet.range("C1,A1,ชื่อ").address == "$C$1,$A$1,$C$3"
    assert refused(sheet, ",".join(["A1"] * 90))


def test_foreign_name(sheet: xw.Sheet) -> None:
    assert refused(sheet, "_ita.summary")
    assert refused(sheet, "ไม่มี")


def test_xml(sheet: xw.Sheet) -> None:
    page = pages(sheet.book)["ว่าง"]
    page.merge_cells("B2:C4")
    page["D5"] = 1
    text = blocks.as_xml(sheet.range("A1:D5"))
    assert text and '<Row ss:Index="2"><Cell ss:Index="2" ss:MergeAcross="1" ss:MergeDown="2"/></Row>' in text


def test_linked(sheet: xw.Sheet) -> None:
    page = pages(sheet.book)["ว่าง"]
    page["A1"], page["B3"].hyperlink = 1, "https://example.go.th"
    text = blocks.as_xml(sheet.range("A1:B3"))
    assert text and '<Cell ss:Index="2" ss:HRef="https://example.go.th"/>' in text
    assert excel.native(lambda: int(sheet.api.Hyperlinks.Count), lambda: 0) == 1


def test_boxes(sheet: xw.Sheet) -> None:
    pages(sheet.book)["ว่าง"]["B3"].comment = Comment("จด", "ผู้จด")
    assert excel.native(lambda: [int(sheet.api.Shapes.Item(1).Type)], list) == [4]
    assert hanging.rows_with_objects(sheet, lambda: None) == {3}


def test_pivots(book: xw.Book) -> None:
    assert excel.native(lambda: int(book.api.PivotCaches().Count), lambda: -1) == 0
    assert not hanging.with_pivots(book)


def test_titled(book: xw.Book, sheet: xw.Sheet) -> None:
    titles = [one.name for one in book.sheets]
    assert [one.name for one in excel.sheets(book, titles).values()] == titles
    assert [*excel.sheets(book, [*titles[1:], "ไม่มี"])] == titles


@pytest.mark.parametrize("error", [ComError(BUSY), ComError(REFUSED, EDITING)], ids=["busy", "editing"])
def test_refusals(desk: Excel, sheet: xw.Sheet, error: ComError) -> None:
    def trap(what: str, _: int) -> None:
        if what == "Range.Value=":
            raise error

    desk.trap = trap
    with pytest.raises(Unusable, match="E134"):
        excel.patiently(lambda: put(sheet, "A1", 1))


def test_unknown(sheet: xw.Sheet) -> None:
    assert excel.native(lambda: sheet.api.NoSuchThing, lambda: "otherwise") == "otherwise"


def test_protected(book: xw.Book, sheet: xw.Sheet) -> None:
    model(book).protected.add("ว่าง")
    with pytest.raises(Unusable):
        excel.patiently(lambda: put(sheet, "A1", 1))
    excel.hide_for_good(sheet)
    with pytest.raises(Unusable):
        excel.once(lambda: sheet.copy(after=book.sheets[-1]))


def test_every_assumption_has_its_test() -> None:
    lines = [line for line in DOC.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    named = {name for line in lines for name in re.findall(r"\| (test_\w+) \|$", line)}
    assert named == {name for name in globals() if name.startswith("test_")} - {
        "test_every_assumption_has_its_test"
    }
