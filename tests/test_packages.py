"""Packages as other programs leave them: read, or refused with the true reason; every result is sound."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from ita_xl import files, jobs, pipeline
from ita_xl.batch.portfolio import roster
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import CellError, Uncomputed
from ita_xl.layout import RECHECK, SCORES, SUMMARY, WRITTEN, Show
from tests import crafted
from tests.test_lossless import WANTED, ran

SAMPLE = (Path(__file__).parent.parent / "samples" / "reference-2565.xlsx").read_bytes()
IIT = SCORES["IIT"].title
IIT_PART, PART, CHART = "xl/worksheets/sheet3.xml", "xl/worksheets/sheet8.xml", "xl/charts/chart1.xml"
"""The parts of IIT, of the summary and of a chart on it."""
LOOK = crafted.style_of(SAMPLE, IIT_PART, "G6")
SCORE = b'<c r="G6" ' + LOOK + b' t="n"><v>93.68000000000001</v></c>'
"""The cell of the first score on the sheet of IIT."""


def with_cell(cell: bytes) -> bytes:
    """The sample with another cell in place of the first score."""
    return crafted.patched(SAMPLE, IIT_PART, SCORE, cell)


def found_at(content: bytes, cell: str = "G6") -> dict[str, object]:
    """The findings of a check on a cell of IIT: code and the value that they name."""
    findings = pipeline.check(Package(content, "x.xlsx")).findings
    return {f.code: f.values.get("value") for f in findings if (f.sheet, f.cell) == (IIT, cell)}


def reasons(content: bytes, name: str = "x.xlsx") -> list[str]:
    with pytest.raises(Unusable) as caught:
        jobs.convert(files.checked_package(content, name), name)
    return [finding.code for finding in caught.value.findings]


def faults(content: bytes) -> list[str]:
    """What makes a package unsound: parts that are no XML, and names of parts that are not there."""
    held = crafted.members(content)
    known = {name.casefold() for name in held}
    broken = []
    for name, part in held.items():
        if "\\" in name:
            broken.append(f"{name} has backslashes")
        if not name.lower().endswith((".xml", ".rels")):
            continue
        try:
            root = etree.fromstring(part)
        except etree.XMLSyntaxError as error:
            broken.append(f"{name}: {error}")
            continue
        owner = posixpath.dirname(posixpath.dirname(name))
        for entry in root.iter("{*}Relationship", "{*}Override"):
            named = entry.get("Target") or entry.get("PartName") or ""
            target = posixpath.join("/", owner, named.replace("\\", "/"))
            if entry.get("TargetMode") != "External" and posixpath.normpath(target)[1:].casefold() not in known:
                broken.append(f"{name} names {target}")
    return broken


# ---- one odd cell ----

ODD_CELLS: dict[str, tuple[bytes, str, object]] = {
    "an error of newer Excels": (b' t="e"><f>X(1)</f><v>#SPILL!</v>', Code.CELL_HAS_ERROR, "#SPILL!"),
    "an error while data comes": (b' t="e"><v>#GETTING_DATA</v>', Code.CELL_HAS_ERROR, "#GETTING_DATA"),
    "an error that nobody knows": (b' t="e"><v>#WHAT!</v>', Code.CELL_HAS_ERROR, "#WHAT!"),
    "an error in single quotes": (b" t='e'><v>#N/A</v>", Code.CELL_HAS_ERROR, "#N/A"),
    "an error without a name": (b' t="e"><v/>', Code.CELL_HAS_ERROR, "#?"),
    "a text that is not there": (b' t="s"><v>99999</v>', Code.CELL_HAS_ERROR, "#?"),
    "no number": (b' t="n"><v>#SPILL!</v>', Code.NOT_A_NUMBER, "#SPILL!"),
    "a number that is none": (b"><v>NaN</v>", Code.NOT_A_NUMBER, "NaN"),
    "a kind that nobody knows": (b' t="zzz"><v>abc</v>', Code.NOT_A_NUMBER, "abc"),
    "an extension in the cell": (b'><extLst><ext uri="x"/></extLst>', Code.SCORE_MISSING, None),
}


@pytest.mark.parametrize("odd", ODD_CELLS)
def test_one_odd_cell_is_a_finding_at_its_place(odd: str) -> None:
    cell, code, value = ODD_CELLS[odd]
    content = with_cell(b'<c r="G6" ' + LOOK + cell + b"</c>")
    far = b'<row r="9000"><c r="ZY9000" t="e"><f>1</f><v>#CALC!</v></c></row></sheetData>'
    content = crafted.patched(content, IIT_PART, b"</sheetData>", far)
    assert found_at(content) == {code: value}


@pytest.mark.parametrize("title", [sheet.title for sheet in WRITTEN if sheet is not RECHECK])
def test_an_odd_cell_right_of_our_tables_does_not_matter_and_stays(title: str) -> None:
    part = Package(SAMPLE, "x.xlsx")._book.parts[title]
    far = b'<row r="900"><c r="ZY900" t="e"><f>1</f><v>#CALC!</v></c></row></sheetData>'
    content = crafted.patched(SAMPLE, part, b"</sheetData>", far)
    report, made = ran(content)
    assert report == WANTED
    assert b"<f>1</f><v>#CALC!</v>" in crafted.members(made)[part]
    cells = Package(made, "x.xlsx").read(title).cells
    assert [value for (_, column), value in cells.items() if column == 701] == [CellError("#CALC!")]


def test_an_odd_cell_does_not_spoil_a_list_of_agencies(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (["หน่วยงาน", "จังหวัด"], ["อบต.หนึ่ง", "น่าน"], ["อบต.สอง", "น่าน"]):
        book.worksheets[0].append(line)
    book.worksheets[0]["F9"] = 1
    book.save(tmp_path / "plain.xlsx")
    content = (tmp_path / "plain.xlsx").read_bytes()
    odd = b'<c r="F9" t="e"><f>1</f><v>#SPILL!</v>'
    path = tmp_path / "list.xlsx"
    path.write_bytes(crafted.patched(content, "xl/worksheets/sheet1.xml", b'<c r="F9" t="n"><v>1</v>', odd))
    agencies, findings = roster.read(path)
    assert [line.agency for line in agencies] == ["อบต.หนึ่ง", "อบต.สอง"]
    assert findings == []


@pytest.mark.parametrize("area", ["A0:I65", "", "#REF!", "A1:XFD1048576", "C3"])
def test_the_size_that_a_sheet_claims_does_not_matter(area: str) -> None:
    odd = f'<dimension ref="{area}"/>'.encode()
    assert ran(crafted.patched(SAMPLE, IIT_PART, b'<dimension ref="A1:I65"/>', odd))[0] == WANTED


@pytest.mark.parametrize("result", [b"<v/>", b"<v />", b"<v></v>", b'<v xml:space="preserve"></v>'])
def test_a_formula_whose_result_is_an_empty_text_is_an_empty_cell(result: bytes) -> None:
    content = with_cell(b'<c r="G6" ' + LOOK + b' t="str"><f>IF(1=1,"","x")</f>' + result + b"</c>")
    assert found_at(content) == {Code.SCORE_MISSING: None}
    grid = Package(content, "x.xlsx").read(IIT)
    assert (6, 7) in grid.formulas and (6, 7) not in grid.cells


@pytest.mark.parametrize("result", [b"", b"<v/>", b"<v></v>"])
def test_a_formula_without_a_result_is_still_none(result: bytes) -> None:
    grid = Package(with_cell(b'<c r="G6" ' + LOOK + b"><f>1+1</f>" + result + b"</c>"), "x.xlsx").read(IIT)
    assert grid.at(6, 7) == Uncomputed("=1+1")


@pytest.mark.parametrize("at", [b"g6", b"$G$6", b"6G", b"G0", b""])
def test_an_address_that_is_none_is_understood_or_follows_the_cell_before(at: bytes) -> None:
    content = with_cell(SCORE.replace(b"G6", at))
    report, made = ran(content)
    assert report == WANTED
    assert faults(made) == []


# ---- other ways to pack ----


def renamed(change: Callable[[str], str]) -> bytes:
    return crafted.packed({change(name): part for name, part in crafted.members(SAMPLE).items()})


PACKED: dict[str, Callable[[], bytes]] = {
    "backslashes": lambda: renamed(lambda name: name.replace("/", "\\")),
    "upper case": lambda: renamed(str.upper),
    "sheets in another case": lambda: renamed(lambda name: name.replace("sheets/sheet", "sheets/Sheet")),
    "targets from the root": lambda: retargeted(rb'Target="/xl/\1"'),
    "targets that climb": lambda: retargeted(rb'Target="../xl/\1"'),
    "targets with backslashes": lambda: retargeted(rb'Target=".\\\1"'),
    "targets in another case": lambda: retargeted(rb'Target="WORKSHEETS/../\1"'),
}


def retargeted(target: bytes) -> bytes:
    """The sample, its workbook referring to its parts in another way."""

    def change(name: str, part: bytes) -> bytes:
        return re.sub(rb'Target="/xl/([^"]*)"', target, part) if name == "xl/_rels/workbook.xml.rels" else part

    return crafted.edited(SAMPLE, change)


@pytest.mark.parametrize("way", PACKED)
def test_however_parts_are_called_the_workbook_is_read_and_its_result_sound(way: str, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(PACKED[way]())
    outcome = jobs.run(path)
    assert outcome.as_json()["total"] == 96.99
    made = path.read_bytes()
    assert faults(made) == []
    assert ran(made) == (WANTED, made)


def test_an_output_with_other_slashes_is_replaced_only_while_it_is_as_we_left_it(tmp_path: Path) -> None:
    source, target = tmp_path / "x.xlsx", tmp_path / "result.xlsx"
    source.write_bytes(PACKED["upper case"]())
    jobs.run(source, target)
    jobs.run(source, target)
    target.write_bytes(crafted.patched(target.read_bytes(), "XL/STYLES.XML", b"Sarabun", b"Kanit  "))
    with pytest.raises(Unusable) as caught:
        jobs.run(source, target)
    assert [f.code for f in caught.value.findings] == [Code.RESULT_EDITED]


CHAIN = (
    b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.calcChain+xml"',
    b'<Relationship Id="rIdC" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain" '
    b'Target="calcChain.xml"',
)


@pytest.mark.parametrize("name", ["xl/calcChain.xml", "xl/CalcChain.xml", ""])
@pytest.mark.parametrize("ends", [(b"/>", b"/>"), (b"></Override>", b"></Relationship>")])
def test_the_calculation_chain_goes_with_all_that_names_it(name: str, ends: tuple[bytes, bytes]) -> None:
    parts = crafted.members(SAMPLE)
    for index, entry, end, mark in zip(
        ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"),
        CHAIN,
        ends,
        (b"</Types>", b"</Relationships>"),
        strict=True,
    ):
        parts[index] = parts[index].replace(mark, b"<!-- x -->" + entry + end + mark)
    if name:
        parts[name] = crafted.CLERKS["xl/calcChain.xml"]
    made = ran(crafted.packed(parts))[1]
    assert faults(made) == []
    assert not [name for name, part in crafted.members(made).items() if b"calcChain" in part + name.encode()]


def test_an_id_that_means_two_parts_is_the_reason_to_refuse() -> None:
    rels = "xl/_rels/workbook.xml.rels"
    content = crafted.patched(SAMPLE, rels, b'Id="rId4"', b'Id="rId3"')
    with pytest.raises(Unusable) as caught:
        Package(content, "x.xlsx")
    (finding,) = caught.value.findings
    assert (finding.code, finding.values["detail"]) == (Code.FILE_DAMAGED, "rId3 twice")


def test_a_name_that_stands_twice_but_for_its_slashes_is_refused() -> None:
    content = crafted.packed({**crafted.members(SAMPLE), "xl\\workbook.xml": b"<workbook/>"})
    assert reasons(content) == [Code.FILE_DAMAGED]


# ---- other ways to write ----


@pytest.mark.parametrize("variant", ["us-ascii", "utf-16", "windows-874", "comments", "prefixed"])
def test_every_result_is_well_formed_and_in_utf8(variant: str) -> None:
    made = ran(crafted.VARIANTS[variant](SAMPLE))[1]
    assert faults(made) == []
    for sheet in (one for one in WRITTEN if one.show is not Show.NEEDED):
        part = crafted.members(made)[Package(made, "x.xlsx")._book.parts[sheet.title]]
        assert b"<?xml" not in part or b"UTF-8" in part[:60]


def test_what_is_spelt_by_numbers_is_read_as_meant() -> None:
    content = with_cell(b'<c r="G6" t="inlineStr"><is><t>_x0041__x000D_\n_x005F_x0041_ _xzz_</t></is></c>')
    assert Package(content, "x.xlsx").read(IIT).at(6, 7) == "A\r\n_x0041_ _xzz_"
    assert OpenpyxlBook(content, "x.xlsx").read(IIT).at(6, 7) == "A\r\n_x0041_ _xzz_"


@pytest.mark.parametrize("text", ["_x0041_", "a_x005F_b", "_x000d_", "สอง\r\nบรรทัด", "_x_ _x12_ x0041_"])
@pytest.mark.parametrize("make", [Package, OpenpyxlBook])
def test_a_text_that_looks_spelt_is_written_as_it_is(make: type[Package | OpenpyxlBook], text: str) -> None:
    port = make(SAMPLE, "x.xlsx")
    port.write(SUMMARY.title, 4, 1, [[text]])
    assert Package(port.to_bytes(), "x.xlsx").read(SUMMARY.title).at(4, 1) == text


@pytest.mark.parametrize("text", ["_x005F_x0041_", "=a_x005F_x0041_", "a_x000D_\nb", "_x_ _x12_"])
def test_openpyxl_saves_a_text_that_it_only_passes_on_as_it_was(text: str) -> None:
    content = with_cell(f'<c r="G6" t="inlineStr"><is><t>{text}</t></is></c>'.encode())
    saved = OpenpyxlBook(content, "x.xlsx").to_bytes()
    assert Package(saved, "x.xlsx").read(IIT).at(6, 7) == Package(content, "x.xlsx").read(IIT).at(6, 7)


def test_a_control_character_in_a_text_that_a_chart_shows_does_no_harm() -> None:
    parts = crafted.members(crafted.rich(SAMPLE))
    reference = f"<c:strRef><c:f>'{SUMMARY.title}'!$C$400</c:f>".encode()
    chart = re.sub(rb"<c:numRef><c:f>[^<]*</c:f>", reference, parts[CHART], count=1)
    parts[CHART] = chart.replace(b"numCache", b"strCache", 2).replace(b"</c:numRef>", b"</c:strRef>", 1)
    held = b'<row r="400"><c r="C400" t="inlineStr"><is><t>a_x000B_b</t></is></c></row></sheetData>'
    made = ran(crafted.patched(crafted.packed(parts), PART, b"</sheetData>", held))[1]
    assert faults(made) == []
    assert b"<c:v>ab</c:v>" in crafted.members(made)[CHART]


def test_a_sheet_that_a_run_does_not_write_stays_as_it_is_however_odd() -> None:
    content = crafted.commented(SAMPLE)
    assert crafted.members(ran(content)[1])[IIT_PART] == crafted.members(content)[IIT_PART]


def test_a_sheet_of_extensions_keeps_them_when_its_prefix_goes() -> None:
    end = crafted.EXTENSIONS.replace(b"</worksheet>", b"</x:worksheet>")
    end = re.sub(rb"<(/?)ext", rb"<\1x:ext", end)
    content = crafted.sheets_changed(crafted.prefixed(SAMPLE), lambda part: part.replace(b"</x:worksheet>", end))
    part = crafted.members(ran(content)[1])["xl/worksheets/sheet8.xml"]
    root = etree.fromstring(part)
    assert len(list(root.iter("{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}*"))) == 3
    assert root.prefix is None


def test_a_large_sheet_written_oddly_is_refused_before_it_takes_the_memory() -> None:
    far = b"<!-- " + b"x" * (17 * 2**20) + b" --></sheetData>"
    content = crafted.patched(SAMPLE, IIT_PART, b"</sheetData>", far)
    with pytest.raises(Unusable) as caught:
        Package(content, "x.xlsx").read(IIT)
    assert [f.code for f in caught.value.findings] == [Code.SHEET_UNSAFE]


def test_the_port_of_a_zip_with_folders_in_it_loses_none() -> None:
    buffer = io.BytesIO(SAMPLE)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("xl/", b"")
    assert "xl/" in crafted.members(ran(buffer.getvalue())[1])
