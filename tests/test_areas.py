"""Areas as large as somebody wrote them: whole columns, whole sheets, columns beyond the last one."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest

from ita_xl import jobs
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.engines.live.ranges import Held
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Grid
from ita_xl.layout import HOME, SCORES, SUMMARY, YEARS
from ita_xl.layout.address import LAST_COLUMN, LAST_ROW, MAX_ROWS, Area, area, sheet_and_areas
from ita_xl.publishing.workbook import published
from tests import crafted
from tests.test_lossless import WANTED, ran

SAMPLE = (Path(__file__).parent.parent / "samples" / "reference-2565.xlsx").read_bytes()
IIT_PART = "xl/worksheets/sheet3.xml"
CHART = "xl/charts/chart1.xml"
SUMMARY_PART = "xl/worksheets/sheet8.xml"


@pytest.fixture(name="book", scope="module")
def a_book() -> bytes:
    """The sample after a run."""
    return ran(SAMPLE)[1]


@pytest.mark.parametrize("text", ["$A$1:$C$9", "$B$2:$B$2", "$A:$C", "$1:$9"])
def test_an_area_is_written_as_it_is_read(text: str) -> None:
    found = area(text)
    assert found and found.absolute() == text


def test_however_large_an_area_is_only_what_the_sheet_holds_is_gone_through() -> None:
    grid = Grid({(3, 2): "b", (1, 2): "a", (1, 9): "c"})
    everything = Area(1, 1, LAST_ROW, LAST_COLUMN)
    assert list(grid.within(everything)) == [((1, 2), "a"), ((1, 9), "c"), ((3, 2), "b")]
    assert list(grid.within(Area(1, 2, LAST_ROW, 2))) == [((1, 2), "a"), ((3, 2), "b")]
    assert list(grid.within(Area(1, 2, 1, 2))) == [((1, 2), "a")]


# ---- charts ----


def plotting(areas: str, kind: str = "num") -> bytes:
    """The sample with a chart that plots areas, its stored values out of date."""
    parts = crafted.members(crafted.rich(SAMPLE))
    reference = b"<c:%sRef><c:f>%s</c:f>" % (kind.encode(), areas.encode())
    parts[CHART] = re.sub(rb"<c:numRef><c:f>[^<]*</c:f>", reference, parts[CHART], count=1)
    start, end = parts[CHART].index(reference), parts[CHART].index(b"</c:numRef>")
    stored = parts[CHART][start:end].replace(b"numCache", kind.encode() + b"Cache")
    parts[CHART] = parts[CHART][:start] + stored + f"</c:{kind}Ref>".encode() + parts[CHART][end + 11 :]
    return crafted.packed(parts)


def stored_in(content: bytes) -> tuple[int, dict[int, str]]:
    """How many points the chart's first series has, and those that it stores."""
    first = crafted.members(content)[CHART].partition(b"Cache>")[2].partition(b"Cache>")[0]
    points = re.findall(rb'<c:pt idx="(\d+)"><c:v>([^<]*)</c:v>', first)
    (count,) = re.findall(rb'<c:ptCount val="(\d+)"/>', first)
    return int(count), {int(index): value.decode() for index, value in points}


@pytest.mark.parametrize("rows", ["$D$1:$D$1048576", "$D:$D", "$D$1:$XFD$1048576"])
def test_a_chart_of_whole_columns_stores_what_they_hold(rows: str) -> None:
    report, made = ran(plotting(f"'{SUMMARY.title}'!{rows}"))
    assert report == WANTED
    count, points = stored_in(made)
    assert count % MAX_ROWS == 0
    numbers = Package(made, "x.xlsx").read(SUMMARY.title).cells
    expected = {row - 1: value for (row, column), value in numbers.items() if column == 4}
    told = {index: float(text) for index, text in points.items() if index < MAX_ROWS}
    assert told == {row: value for row, value in expected.items() if isinstance(value, float)}


def test_a_chart_of_several_areas_counts_them_one_after_the_other() -> None:
    title = f"'{SUMMARY.title}'"
    made = ran(plotting(f"{title}!$D$37:$D$38,{title}!$D$36:$E$37"))[1]
    grid = Package(made, "x.xlsx").read(SUMMARY.title)
    wanted = [grid.at(*at) for at in ((37, 4), (38, 4), (36, 4), (37, 4), (36, 5), (37, 5))]
    count, points = stored_in(made)
    assert count == 6
    assert {i: float(t) for i, t in points.items()} == {i: v for i, v in enumerate(wanted) if isinstance(v, float)}


def test_a_chart_stores_numbers_in_full_and_names_of_errors_but_no_texts_among_numbers() -> None:
    held = b'<row r="400"><c r="A400"><v>97.4441234567</v></c><c r="B400" t="e"><v>#N/A</v></c>'
    held += b'<c r="C400" t="inlineStr"><is><t>x</t></is></c><c r="D400" t="b"><v>1</v></c></row></sheetData>'
    for kind, more in (("num", {}), ("str", {2: "x", 3: "TRUE"})):
        content = plotting(f"'{SUMMARY.title}'!$A$400:$D$400", kind)
        made = ran(crafted.patched(content, SUMMARY_PART, b"</sheetData>", held))[1]
        assert stored_in(made) == (4, {0: "97.4441234567", 1: "#N/A", **more})


# ---- the published copy ----


def only_blank_forms(findings: list[Finding]) -> bool:
    """Whether nothing is said but that forms which nobody filled in stay behind."""
    return {finding.code for finding in findings} <= {Code.SHEETS_WITHOUT_CONTENT}


def test_columns_beyond_the_last_one_are_hidden_without_taking_the_memory(book: bytes) -> None:
    part = Package(book, "x.xlsx")._book.parts[YEARS.title]
    far = b'<cols><col min="3" max="3" hidden="1"/><col min="30" max="99999999999" width="9" hidden="1"/>'
    copy, findings = published(crafted.patched(book, part, b"<cols>", far), "x.xlsx")
    assert only_blank_forms(findings)
    cells = Package(copy, "").read(YEARS.title).cells
    assert cells and not [at for at in cells if at[1] == 3]


@pytest.mark.parametrize("cells", ["$B:$B", "$A$1:$XFD$1048576"])
def test_a_name_of_whole_columns_does_not_hang_the_copy(book: bytes, cells: str) -> None:
    name = re.compile(rb'(<definedName[^>]*name="ITA_WeakBelow"[^>]*>)[^<]*')
    assert name.search(crafted.members(book)["xl/workbook.xml"])

    def change(part_name: str, part: bytes) -> bytes:
        return name.sub(rf"\1'{HOME.title}'!{cells}".encode(), part) if part_name == "xl/workbook.xml" else part

    copy, findings = published(crafted.edited(book, change), "x.xlsx")
    assert only_blank_forms(findings)
    text = crafted.members(copy)["xl/workbook.xml"].decode()
    assert all(len(meant) <= 8192 for meant in re.findall(r"<definedName[^>]*>([^<]*)<", text))


def test_what_a_person_prints_by_whole_columns_comes_along(book: bytes) -> None:
    def edit(pages: openpyxl.Workbook) -> None:
        page = pages[YEARS.title]
        page["B300"] = "หมายเหตุของหน่วยงาน"
        page["K6"] = "ไม่พิมพ์"
        page.print_area = "A1:E9"

    pages = openpyxl.load_workbook(io.BytesIO(book))
    edit(pages)
    buffer = io.BytesIO()
    pages.save(buffer)
    content = crafted.patched(buffer.getvalue(), "xl/workbook.xml", b"$A$1:$E$9", b"$A:$E")
    copy, findings = published(content, "x.xlsx")
    assert only_blank_forms(findings)
    grid = Package(copy, "").read(YEARS.title)
    assert (grid.at(300, 2), grid.at(6, 11)) == ("หมายเหตุของหน่วยงาน", None)
    names = crafted.members(copy)["xl/workbook.xml"].decode()
    (meant,) = re.findall(rf"Print_Area[^>]*>('{YEARS.title}'[^<]*)<", names)
    assert sheet_and_areas(meant)[1] == [Area(1, 1, LAST_ROW, 5)]


def test_rows_that_are_printed_on_every_page_stay_whole_rows(book: bytes) -> None:
    copy, _ = published(book, "x.xlsx")
    page = openpyxl.load_workbook(io.BytesIO(copy))[YEARS.title]
    before = openpyxl.load_workbook(io.BytesIO(book))[YEARS.title]
    assert page.print_title_rows == before.print_title_rows is not None


# ---- merged cells ----

MERGED = b'<mergeCell ref="K70:XFD1048576"/><mergeCell '


def test_a_merged_area_down_to_the_end_is_read_and_kept() -> None:
    content = crafted.patched(SAMPLE, SUMMARY_PART, b"<mergeCell ", MERGED)
    report, made = ran(content)
    assert report == WANTED
    assert "K70:XFD1048576" in Package(made, "x.xlsx").read(SUMMARY.title).merged


def test_openpyxl_does_not_get_what_would_take_all_memory(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    for old, new in ((b"<mergeCell ", MERGED), (b"</sheetData>", far)):
        path = tmp_path / "x.xlsx"
        path.write_bytes(crafted.patched(SAMPLE, IIT_PART, old, new))
        with pytest.raises(Unusable) as caught:
            jobs.run(path, tmp_path / "out.xlsx", "openpyxl")
        assert [(f.code, f.sheet) for f in caught.value.findings] == [(Code.SHEET_UNSAFE, SCORES["IIT"].title)]


def test_openpyxl_reads_results_whatever_size_a_sheet_claims() -> None:
    look = crafted.style_of(SAMPLE, IIT_PART, "G6")
    score = b'<c r="G6" ' + look + b' t="n"><v>93.68000000000001</v></c>'
    content = crafted.patched(SAMPLE, IIT_PART, score, b'<c r="G6"><f>90+1</f><v>91</v></c>')
    empty = b'<c r="E6" t="str"><f>""</f><v></v></c>'
    content = crafted.patched(content, IIT_PART, b'<c r="E6" ' + look + b"/>", empty)
    for claimed in ("A1:XFD1048576", "A1:B2"):
        size = f'<dimension ref="{claimed}"/>'.encode()
        book = crafted.patched(content, IIT_PART, b'<dimension ref="A1:I65"/>', size)
        grid = OpenpyxlBook(book, "x.xlsx").read(SCORES["IIT"].title)
        assert (grid.at(6, 7), grid.at(6, 5)) == (91, None)
        assert {(6, 7), (6, 5)} <= grid.formulas


def test_a_merged_area_in_an_open_workbook_is_gone_through_only_where_we_look() -> None:
    held = Held(Grid({}, ("A2:A1048576",)), {})
    assert (len(held.covered), len(held.merged_rows)) == (MAX_ROWS - 2, MAX_ROWS - 1)
