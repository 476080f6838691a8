"""A sheet of ours that was deleted comes back from the template, and nothing else changes its look."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Font
from openpyxl.workbook.workbook import Workbook
from openxml_audit import OpenXmlValidator, ValidationSeverity

from ita_xl import pipeline
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.engines.package.engine import Package
from ita_xl.layout import ANALYSIS, GUIDANCE, HOME, MEMORY, OUTPUTS, STATED, SUMMARY
from ita_xl.new import new
from tests import crafted
from tests.test_packages import faults

GONE = [SUMMARY.title, ANALYSIS["EIT"].title, MEMORY.title]


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def lacking(samples: Path) -> bytes:
    """The sample without three of our sheets, and with a clerk's styled sheet in it."""
    book = openpyxl.load_workbook(samples / "reference-2565.xlsx")
    for title in GONE:
        del book[title]
    own = book.create_sheet("งานของหน่วยงาน")
    own["A1"], own["A2"] = "บันทึก", 0.5
    own["A1"].font = Font(name="Angsana New", size=30, color="FF00FF")
    own["A2"].number_format = '0.0" หน่วย"'
    return saved(book)


@pytest.fixture
def restored(lacking: bytes) -> bytes:
    port = Package(lacking, "x.xlsx")
    outcome = pipeline.run(port)
    assert sorted(f.sheet for f in outcome.findings if f.code == Code.SHEET_RESTORED) == sorted(GONE)
    return port.to_bytes()


def test_the_sheet_is_back_with_its_results(restored: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(restored))
    assert {sheet.title for sheet in OUTPUTS} <= set(book.sheetnames)
    assert book[SUMMARY.title]["C8"].value == 96.99
    assert book[SUMMARY.title].sheet_state == "visible"
    assert book[MEMORY.title].sheet_state == "veryHidden"
    page: Any = book[SUMMARY.title]
    assert len(page._charts) == 4


def look(cell: Cell | MergedCell) -> list[str]:
    """Everything that a cell's format says, comparable across workbooks."""
    return [repr(part) for part in (cell.font, cell.fill, cell.border, cell.alignment, cell.number_format)]


def test_it_looks_as_in_the_template(restored: bytes, samples: Path) -> None:
    new = openpyxl.load_workbook(io.BytesIO(restored))[SUMMARY.title]
    whole = Package((samples / "reference-2565.xlsx").read_bytes(), "x.xlsx")
    pipeline.run(whole)
    old = openpyxl.load_workbook(io.BytesIO(whole.to_bytes()))[SUMMARY.title]
    for row in old.iter_rows():
        for cell in row:
            twin = new[cell.coordinate]
            assert (twin.value, twin.number_format) == (cell.value, cell.number_format), cell.coordinate
            assert look(twin) == look(cell), cell.coordinate
    assert str(new.conditional_formatting) != ""
    assert [str(r.sqref) for r in new.conditional_formatting] == [str(r.sqref) for r in old.conditional_formatting]
    for mine, theirs in zip(new.conditional_formatting, old.conditional_formatting, strict=True):
        assert [rule.dxf for rule in mine.rules] == [rule.dxf for rule in theirs.rules]
    assert (new.print_area, new.print_title_rows) == (old.print_area, old.print_title_rows)


def test_nothing_else_changes_its_look(lacking: bytes, restored: bytes) -> None:
    before, after = (openpyxl.load_workbook(io.BytesIO(content)) for content in (lacking, restored))
    for title in ("งานของหน่วยงาน", STATED.title):
        for row in before[title].iter_rows():
            for cell in row:
                twin = after[title][cell.coordinate]
                assert look(twin) == look(cell)
    old, new = crafted.members(lacking), crafted.members(restored)
    parts = Package(lacking, "x.xlsx")._book.parts
    for title in ("งานของหน่วยงาน", STATED.title):
        assert old[parts[title]] == new[parts[title]]


def test_the_package_follows_the_rules(restored: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(restored)
    errors = OpenXmlValidator().validate(path).errors
    assert [e for e in errors if e.severity is ValidationSeverity.ERROR and "font" not in str(e.path)] == []


def test_without_a_usable_year_no_sheet_is_brought_back(lacking: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(lacking))
    book[HOME.title][HOME.field("year").cell] = "ปีนี้"
    port = Package(saved(book), "x.xlsx")
    assert {f.code for f in pipeline.run(port).findings} >= {Code.YEAR_UNUSABLE, Code.OUTPUT_SHEET_MISSING}
    assert SUMMARY.title not in port.sheets()


def test_once_it_is_back_further_runs_change_nothing(restored: bytes) -> None:
    second = Package(restored, "x.xlsx")
    assert [f.code for f in pipeline.run(second).findings] == [Code.DRAFT_NOT_CONFIRMED]
    third = Package(second.to_bytes(), "x.xlsx")
    pipeline.run(third)
    assert third.to_bytes() == second.to_bytes()


def test_the_guidance_comes_back_with_the_texts_of_the_workbooks_year() -> None:
    old = new(profiles.profile(2568), {"agency": "อบต.ตัวอย่าง"})
    del old.book[GUIDANCE.title]
    port = Package(old.to_bytes(), "x.xlsx")
    assert Code.SHEET_RESTORED in [f.code for f in pipeline.run(port).findings]
    block = GUIDANCE.block("guidance")
    grid = Package(port.to_bytes(), "x.xlsx").read(GUIDANCE.title)
    assert [grid.at(block.first_row + n, 1) for n in (0, 24, 51, 52)] == ["I1", "O1", "O28", None]
    assert port.sheets().count(GUIDANCE.title) == 1


def without_styles(content: bytes, *, named: bool) -> bytes:
    """The workbook without its styles, whether or not something still names them."""
    parts = crafted.members(content)
    del parts["xl/styles.xml"]
    for index, entry in (("xl/_rels/workbook.xml.rels", rb"Relationship"), ("[Content_Types].xml", rb"Override")):
        if not named:
            parts[index] = re.sub(rb"<" + entry + rb" [^>]*styles[^>]*/>", b"", parts[index])
    return crafted.packed(parts)


def elsewhere(content: bytes) -> bytes:
    """The workbook with its styles in a part of another name."""
    parts = crafted.members(content)
    parts["xl/looks/Looks.xml"] = parts.pop("xl/styles.xml")
    rels, types = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
    parts[rels] = re.sub(rb'Target="[^"]*styles.xml"', b'Target="looks/Looks.xml"', parts[rels])
    parts[types] = parts[types].replace(b"/xl/styles.xml", b"/xl/looks/Looks.xml")
    return crafted.packed(parts)


STYLES: dict[str, Callable[[bytes], bytes]] = {
    "none": lambda content: without_styles(content, named=False),
    "none, but named": lambda content: without_styles(content, named=True),
    "elsewhere": elsewhere,
}


@pytest.mark.parametrize("styles", STYLES)
def test_sheets_come_back_wherever_the_styles_are(lacking: bytes, styles: str) -> None:
    port = Package(STYLES[styles](lacking), "x.xlsx")
    outcome = pipeline.run(port)
    assert sorted(f.sheet for f in outcome.findings if f.code == Code.SHEET_RESTORED) == sorted(GONE)
    made = port.to_bytes()
    assert faults(made) == []
    parts = crafted.members(made)
    (named,) = re.findall(rb'Target="([^"]*(?:styles|Looks)[^"]*)"', parts["xl/_rels/workbook.xml.rels"])
    looks = parts[posixpath.join("/xl", named.decode())[1:]]
    assert b"Sarabun" in looks


def test_comments_among_sheets_names_and_relations_are_no_entries(lacking: bytes) -> None:
    def change(name: str, part: bytes) -> bytes:
        if not name.endswith(("workbook.xml", ".rels", "Types].xml", "styles.xml")):
            return part
        return re.sub(rb"(<(?:sheets|Relationships|Types|definedNames|cellXfs)\b[^>]*>)", rb"\1<!-- x -->", part)

    port = Package(crafted.edited(lacking, change), "x.xlsx")
    pipeline.run(port)
    made = port.to_bytes()
    assert faults(made) == []
    titles = Package(made, "x.xlsx").sheets()
    assert set(GONE) <= set(titles)
    workbook = crafted.members(made)["xl/workbook.xml"].decode()
    areas = re.findall(r'Print_Area" localSheetId="(\d+)">\'([^\']*)', workbook)
    assert (str(titles.index(SUMMARY.title)), SUMMARY.title) in areas
