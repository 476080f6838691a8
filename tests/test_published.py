"""The copy with just the published sheets: what it holds, and what cannot get into it."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from ita_xl import jobs
from ita_xl.domain.findings import Unusable
from ita_xl.workbook.headless import Headless
from ita_xl.workbook.package.adapter import Package
from ita_xl.workbook.package.published import published
from ita_xl.workbook.schema import HOME, MEASURES, PUBLISHED, SCORES, STRUCTURE, SUMMARY, TRACKING, YEARS, letter
from tests.crafted import CLERKS, members, packed, rich
from tests.test_openxml import faults

SECRET = "ความลับ-secret@example.go.th"


@pytest.fixture(name="book", scope="module")
def a_book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The sample after a run."""
    path = tmp_path_factory.mktemp("published") / "x.xlsx"
    path.write_bytes((Path(__file__).parent.parent / "samples" / "reference-2565.xlsx").read_bytes())
    jobs.run(path)
    return path.read_bytes()


def changed(book: bytes, change) -> bytes:
    """The workbook as openpyxl saves it after a change."""
    pages = openpyxl.load_workbook(io.BytesIO(book))
    change(pages)
    buffer = io.BytesIO()
    pages.save(buffer)
    return buffer.getvalue()


def copied(content: bytes) -> bytes:
    copy, _ = published(content, "x.xlsx")
    return copy


def text_of(copy: bytes) -> str:
    return "\n".join(part.decode("utf-8", "replace") for part in members(copy).values())


def test_it_has_the_published_sheets_with_what_they_print(book: bytes) -> None:
    before, after = Package(book, ""), Package(copied(book), "")
    assert after.sheets() == [sheet.title for sheet in PUBLISHED]
    for sheet in PUBLISHED:
        was, now = before.read(sheet.title), after.read(sheet.title)
        hidden = {
            r for r, d in openpyxl.load_workbook(io.BytesIO(book))[sheet.title].row_dimensions.items() if d.hidden
        }
        printed = {
            (row, column): value
            for (row, column), value in was.cells.items()
            if row not in hidden and row <= sheet.last_row and column <= sheet.printed
        }
        aside = {at: v for at, v in now.cells.items() if at[1] > sheet.printed}
        assert {at: v for at, v in now.cells.items() if at not in aside} == printed
        assert bool(aside) == (sheet is SUMMARY), "the figures of the causes' chart"
        assert now.merged and not now.formulas


def test_it_follows_the_open_xml_rules(book: bytes, tmp_path: Path) -> None:
    path = tmp_path / "copy.xlsx"
    path.write_bytes(copied(book))
    assert faults(path) == []


def test_charts_survive(book: bytes) -> None:
    pages = openpyxl.load_workbook(io.BytesIO(copied(book)))
    assert len(pages[SUMMARY.title]._charts) == 4
    charts = [part for name, part in members(copied(book)).items() if name.startswith("xl/charts/")]
    was = [part for name, part in members(book).items() if name.startswith("xl/charts/chart")]
    assert [len(c) - len(w) for c, w in zip(charts, was, strict=True)] == [56] * 4, "but for the XML declaration"


def test_no_other_sheet_is_named_anywhere(book: bytes) -> None:
    text = text_of(copied(book))
    others = [title for title in Package(book, "").sheets() if title not in {s.title for s in PUBLISHED}]
    assert [title for title in others if f"{title}'!" in text] == []
    assert "hyperlink" not in text and "<f>" not in text.replace("<f>'สรุปผล'!", "")


def test_colours_by_level_and_threshold_stay_without_the_sheets_that_hold_them(book: bytes) -> None:
    names = openpyxl.load_workbook(io.BytesIO(copied(book))).defined_names
    assert names["ITA_WeakBelow"].value == "85"
    assert names["ITA_Levels"].value == '{"AA";"A";"B";"C";"D";"E";"F"}'
    changed_limit = changed(book, lambda p: p[HOME.title].__setitem__(HOME.field("weak_below").cell, 'ต่ำกว่า "85"'))
    names = openpyxl.load_workbook(io.BytesIO(copied(changed_limit))).defined_names
    assert names["ITA_WeakBelow"].value == '"ต่ำกว่า ""85"""'


# ---- what must not come along ----


def _hide_secrets_everywhere(pages: openpyxl.Workbook) -> None:
    pages.properties.creator = pages.properties.lastModifiedBy = pages.properties.description = SECRET
    pages[HOME.title][HOME.field("mail_to").cell] = SECRET
    pages[SCORES["IIT"].title]["H6"] = SECRET
    own = pages.create_sheet("ของหน่วยงาน")
    own["A1"] = SECRET
    pages.defined_names["ความลับ"] = DefinedName("ความลับ", attr_text=f'"{SECRET}"')
    page = pages[SUMMARY.title]
    page["A4"].comment = Comment(SECRET, SECRET)
    page["J40"] = SECRET  # right of what is printed
    page.cell(SUMMARY.last_row + 5, 1, SECRET)  # below it
    page["A5"].hyperlink = f"mailto:{SECRET}"
    page.sheet_properties.codeName = SECRET
    measures = pages[MEASURES.title]
    measures["A300"] = SECRET
    assert measures.row_dimensions[300].hidden
    tracking = pages[TRACKING.title]
    tracking["H8"] = SECRET
    tracking.column_dimensions["H"].hidden = True
    tracking.protection.password = "x"


def test_nothing_comes_along_that_is_not_printed(book: bytes, tmp_path: Path) -> None:
    content = changed(book, _hide_secrets_everywhere)
    assert SECRET in text_of(content)
    copy = copied(content)
    assert "secret" not in text_of(copy)
    names = set(members(copy))
    assert not [name for name in names if "comment" in name or "docProps" in name or "shared" in name]
    path = tmp_path / "copy.xlsx"
    path.write_bytes(copy)
    assert faults(path) == []


def test_parts_of_other_programs_stay_behind(book: bytes) -> None:
    parts = {name.partition("/")[2] for name in CLERKS} - {""}
    copy = members(copied(rich(book)))
    assert not [name for name in copy for part in parts if name.endswith(part)]
    assert "extLst" not in text_of(packed(copy))


def test_a_published_sheet_that_was_hidden_stays_out(book: bytes) -> None:
    content = changed(book, lambda pages: setattr(pages[TRACKING.title], "sheet_state", "hidden"))
    assert TRACKING.title not in Package(copied(content), "").sheets()


def test_before_the_first_run_there_is_nothing_to_publish(samples: Path) -> None:
    with pytest.raises(Unusable) as error:
        published((samples / "reference-2565.xlsx").read_bytes(), "x.xlsx")
    assert [finding.code for finding in error.value.findings] == ["E814"]


# ---- what the agency added ----


def test_what_a_person_wrote_and_how_it_looks_comes_along(book: bytes) -> None:
    def edit(pages: openpyxl.Workbook) -> None:
        page = pages[YEARS.title]
        page["K6"] = "คำอธิบายของหน่วยงาน"
        page["K6"].font = openpyxl.styles.Font(bold=True, color="00FF0000")
        page.column_dimensions["K"].width = 77
        page.print_area = "A1:K40"

    page = openpyxl.load_workbook(io.BytesIO(copied(changed(book, edit))))[YEARS.title]
    assert (page["K6"].value, page["K6"].font.b, page["K6"].font.color.rgb) == (
        "คำอธิบายของหน่วยงาน",
        True,
        "00FF0000",
    )
    assert page.column_dimensions["K"].width == 77
    assert page.print_area == f"'{YEARS.title}'!$A$1:$K$40"


def test_a_sheet_whose_print_area_was_removed_shows_what_we_would_print(book: bytes) -> None:
    def everything(pages: openpyxl.Workbook) -> None:
        pages[SUMMARY.title].print_area = None
        pages[SUMMARY.title]["J40"] = SECRET

    copy = copied(changed(book, everything))
    assert "secret" not in text_of(copy)
    page = openpyxl.load_workbook(io.BytesIO(copy))[SUMMARY.title]
    assert page.print_area == f"'{SUMMARY.title}'!$A$1:${letter(SUMMARY.printed)}${SUMMARY.last_row}"


def test_a_chart_of_the_agencys_own_comes_along_if_its_figures_do(book: bytes) -> None:
    def draw(pages: openpyxl.Workbook) -> None:
        for place, source in (("C40", YEARS), ("C60", STRUCTURE)):
            chart = BarChart()
            chart.add_data(Reference(pages[source.title], min_col=5, min_row=6, max_row=12))
            pages[YEARS.title].add_chart(chart, place)

    copy, findings = published(changed(book, draw), "x.xlsx")
    assert [(f.code, f.values) for f in findings] == [("W815", {"items": 1})]
    assert len(openpyxl.load_workbook(io.BytesIO(copy))[YEARS.title]._charts) == 1


def test_a_formula_becomes_its_result_and_one_without_is_named(book: bytes) -> None:
    port = Headless(book, "x.xlsx")
    port.book[YEARS.title]["K7"] = f"=UPPER('{HOME.title}'!B18)"
    content = port.to_bytes()
    copy, findings = published(content, "x.xlsx")
    assert [(f.code, f.sheet, f.cell) for f in findings] == [("E813", YEARS.title, "K7")]
    assert (7, 11) not in Package(copy, "").read(YEARS.title).cells
    parts = members(content)
    name = next(n for n, part in parts.items() if b"UPPER" in part)
    cell = parts[name].partition(b'<c r="K7"')[2].partition(b"</c>")[0]
    computed = (
        cell.replace(b"<v></v>", b"<v>ABC</v>").replace(b"<v/>", b"<v>ABC</v>").replace(b"><f", b' t="str"><f', 1)
    )
    assert computed != cell
    copy, findings = published(packed({**parts, name: parts[name].replace(cell, computed)}), "x.xlsx")
    assert findings == []
    assert Package(copy, "").read(YEARS.title).at(7, 11) == "ABC"
