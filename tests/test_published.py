"""The copy with just the published sheets: what it holds, and what cannot get into it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName

from ita_xl import files, jobs
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Severity, Unusable
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book, rels_of
from ita_xl.engines.package.engine import Package
from ita_xl.layout import (
    HOME,
    MEASURES,
    PUBLISHED,
    SCORES,
    STRUCTURE,
    SUMMARY,
    TRACKING,
    YEARS,
    Sheet,
)
from ita_xl.layout.address import letter
from ita_xl.mail.prepare import Wishes, prepare
from ita_xl.publishing.workbook import published
from ita_xl.reading.places import standing_sheet
from tests import crafted
from tests.crafted import CLERKS, members, packed, rich
from tests.test_openxml import faults
from tools.generate.saved import shared_strings

SECRET = "ความลับ-secret@example.go.th"


@pytest.fixture(name="book", scope="module")
def a_book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The sample after a run."""
    path = tmp_path_factory.mktemp("published") / "x.xlsx"
    path.write_bytes((Path(__file__).parent.parent / "samples" / "reference-2565.xlsx").read_bytes())
    jobs.run(path)
    return path.read_bytes()


def charts_of(page: Any) -> list[Any]:
    return list(page._charts)


def changed(book: bytes, change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """The workbook as openpyxl saves it after a change."""
    pages = openpyxl.load_workbook(io.BytesIO(book))
    change(pages)
    buffer = io.BytesIO()
    pages.save(buffer)
    return buffer.getvalue()


def copied(content: bytes) -> bytes:
    copy, _ = published(content, "x.xlsx")
    return copy


def last_row_of(port: Package, sheet: Sheet) -> int:
    """The last row of the tables of a sheet as it stands."""
    return max(block.last_row for block in standing_sheet(port, sheet, sheet.title).blocks)


def text_of(copy: bytes) -> str:
    return "\n".join(part.decode("utf-8", "replace") for part in members(copy).values())


def told(content: bytes) -> tuple[bytes, list[Finding]]:
    """The copy and what is said of it, beside that forms nobody filled in stay behind."""
    copy, findings = published(content, "x.xlsx")
    return copy, [finding for finding in findings if finding.code is not Code.SHEETS_WITHOUT_CONTENT]


def test_these_sheets_are_for_the_public_and_no_others() -> None:
    assert [
        *("สรุปผล", "เปรียบเทียบปี", "ประเด็นที่ต้องแก้ไข", "วิเคราะห์ IIT", "วิเคราะห์ EIT", "วิเคราะห์ OIT"),
        *("แนวทางนำผลสู่การปฏิบัติ", "วิเคราะห์ 7 ประเด็น", "มาตรการปีถัดไป", "ติดตามรายไตรมาส", "รายงานผลมาตรการ"),
    ] == [sheet.title for sheet in PUBLISHED]


def test_it_follows_the_open_xml_rules(book: bytes, tmp_path: Path) -> None:
    path = tmp_path / "copy.xlsx"
    path.write_bytes(copied(book))
    assert faults(path) == []


def test_charts_survive(book: bytes) -> None:
    pages = openpyxl.load_workbook(io.BytesIO(copied(book)))
    assert len(charts_of(pages[SUMMARY.title])) == 4
    charts = [part for name, part in members(copied(book)).items() if name.startswith("xl/charts/")]
    drawn = [part for name, part in members(book).items() if name.startswith("xl/charts/chart")]
    was = [part for part in drawn if SUMMARY.title.encode() in part]
    for before, after in zip(was, charts, strict=True):
        assert re.findall(rb"<a:t>.*?</a:t>", before)[0] == re.findall(rb"<a:t>.*?</a:t>", after)[0]
    assert [part.count(b"<c:ser>") for part in (*was, *charts)] == [1, 1, 2, 2, 1, 1, 2, 1], (
        "nothing lowered the total"
    )


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


@pytest.mark.parametrize("variant", crafted.VARIANTS)
def test_it_says_the_same_however_the_workbook_is_written(book: bytes, variant: str) -> None:
    plain, other = (Package(copied(content), "") for content in (book, crafted.VARIANTS[variant](book)))
    assert {t: plain.read(t).cells for t in plain.sheets()} == {t: other.read(t).cells for t in other.sheets()}


def test_shared_texts_of_other_sheets_stay_behind_and_the_looks_of_ours_come_along(book: bytes) -> None:
    parts = members(shared_strings(files.reproducible(changed(book, _hide_secrets_everywhere))))
    texts = parts["xl/sharedStrings.xml"]
    assert SECRET.encode() in texts
    name = say("summary.heading_ranking").encode()
    rich_text = b"<r><rPr><b/></rPr><t>" + name + b"</t></r>" + f"<rPh><t>{SECRET}</t></rPh>".encode()
    texts = re.sub(rb"<si><t[^>]*>" + name + rb"</t></si>", b"<si>" + rich_text + b"</si>", texts)
    assert texts != parts["xl/sharedStrings.xml"]
    copy = copied(packed({**parts, "xl/sharedStrings.xml": texts}))
    assert "secret" not in text_of(copy)
    assert f"<rPr><b/></rPr><t>{name.decode()}</t>" in text_of(copy)


def test_dates_keep_their_beginning(book: bytes) -> None:
    later = crafted.edited(book, lambda name, part: part.replace(b"<workbookPr/>", b'<workbookPr date1904="1"/>'))
    assert 'date1904="1"' in text_of(copied(later)) and 'date1904="1"' not in text_of(copied(book))


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
    page.merge_cells("J60:K61")
    red = openpyxl.styles.PatternFill("solid", bgColor="00FF0000")
    for formula in (f"'{own.title}'!$A$1=\"{SECRET}\"", "LEN(ความลับ)>0", "ITA_WeakBelow>0"):
        page.conditional_formatting.add("A30:B30", FormulaRule([formula], fill=red))  # type: ignore[no-untyped-call]
    measures = pages[MEASURES.title]
    (hidden,) = [row for row, look in measures.row_dimensions.items() if look.hidden]
    measures.cell(hidden, 1, SECRET)
    tracking = pages[TRACKING.title]
    tracking["D7"] = "ดำเนินการแล้ว"
    tracking["H8"] = SECRET
    tracking.column_dimensions["H"].hidden = True
    tracking.protection.password = "x"


def test_nothing_comes_along_that_is_not_printed(book: bytes, tmp_path: Path) -> None:
    content = changed(book, _hide_secrets_everywhere)
    assert SECRET in text_of(content)
    copy = copied(content)
    assert "secret" not in text_of(copy) and "ความลับ" not in text_of(copy)
    assert text_of(copy).count("ITA_WeakBelow&gt;0") == 1, "what it needs comes along"
    assert "J60" not in text_of(copy)
    names = set(members(copy))
    assert not [name for name in names if "comment" in name or "shared" in name]
    assert [name for name in names if "docProps" in name] == ["docProps/core.xml"]
    path = tmp_path / "copy.xlsx"
    path.write_bytes(copy)
    assert faults(path) == []


def test_parts_of_other_programs_stay_behind(book: bytes) -> None:
    parts = {name.partition("/")[2] for name in CLERKS} - {""}
    copy = members(copied(rich(book)))
    assert not [name for name in copy for part in parts if name.endswith(part)]
    assert "extLst" not in text_of(packed(copy))


def test_a_published_sheet_that_was_hidden_stays_out(book: bytes) -> None:
    content = changed(book, lambda pages: setattr(pages[YEARS.title], "sheet_state", "hidden"))
    assert YEARS.title in Package(copied(book), "").sheets()
    assert YEARS.title not in Package(copied(content), "").sheets()


def test_before_the_first_run_there_is_nothing_to_publish(samples: Path) -> None:
    with pytest.raises(Unusable) as error:
        published((samples / "reference-2565.xlsx").read_bytes(), "x.xlsx")
    assert [finding.code for finding in error.value.findings] == [Code.NOTHING_TO_PUBLISH]


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
    last = last_row_of(Package(book, ""), SUMMARY)
    assert page.print_area == f"'{SUMMARY.title}'!$A$1:${letter(SUMMARY.printed)}${last}"


def test_a_chart_of_the_agencys_own_comes_along_if_its_figures_do(book: bytes) -> None:
    def draw(pages: openpyxl.Workbook) -> None:
        for place, source in (("C10", YEARS), ("C20", STRUCTURE)):
            chart = BarChart()
            chart.add_data(Reference(pages[source.title], min_col=7, min_row=6, max_row=12))
            target: Any = pages[YEARS.title]
            target.add_chart(chart, place)

    copy, findings = told(changed(book, draw))
    assert [(f.code, f.values) for f in findings] == [(Code.OBJECTS_LEFT_OUT, {"items": 1})]
    assert len(charts_of(openpyxl.load_workbook(io.BytesIO(copy))[YEARS.title])) == 1


DRAWING = """<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
 <!-- secret -->{anchors}</xdr:wsDr>"""
ANCHOR = """<xdr:oneCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>
 <xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="9" cy="9"/>{what}<xdr:clientData/></xdr:oneCellAnchor>"""
SHAPE = """<xdr:sp macro="secret" textlink="secret!A1"><xdr:nvSpPr><xdr:cNvPr id="7" name="x" descr="secret">
 <a:hlinkClick r:id="rIdLink"/></xdr:cNvPr><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/></xdr:sp>"""
LOGO = """<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="8" name="y" descr="C:\\secret\\logo.png"/><xdr:cNvPicPr/>
 </xdr:nvPicPr><xdr:blipFill><a:blip r:embed="{rid}"/></xdr:blipFill><xdr:spPr/></xdr:pic>"""
RELATION = """<Relationship Id="{rid}" Target="{target}" {mode}
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>"""
LOGO_BYTES = b"\x89PNG\r\n\x1a\n of the agency"


def drawn(book: bytes, *anchors: str) -> bytes:
    """The workbook with a drawing on its sheet of years, which has none of its own."""

    def relations(*entries: str) -> bytes:
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        return f'<Relationships xmlns="{space}">{"".join(entries)}</Relationships>'.encode()

    parts = members(book)
    part = Book(Archive(book)).parts[YEARS.title]
    space = b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    parts[part] = parts[part].replace(b"</worksheet>", b"<drawing" + space + b' r:id="rIdD"/></worksheet>')
    parts[rels_of(part)] = relations(
        RELATION.format(rid="rIdD", target="/xl/drawings/drawing77.xml", kind="drawing", mode="")
    )
    parts["xl/drawings/drawing77.xml"] = DRAWING.format(anchors="".join(anchors)).encode()
    parts["xl/drawings/_rels/drawing77.xml.rels"] = relations(
        RELATION.format(rid="rIdP", target="../media/secret-name.PNG", kind="image", mode=""),
        RELATION.format(rid="rIdO", target="../media/x.svg", kind="image", mode=""),
        RELATION.format(rid="rIdLink", target="http://secret", kind="hyperlink", mode='TargetMode="External"'),
    )
    parts["xl/media/secret-name.PNG"], parts["xl/media/x.svg"] = LOGO_BYTES, b"<svg/>"
    return packed(parts)


def test_pictures_and_shapes_come_along_without_what_they_tell(book: bytes) -> None:
    logo, shape = ANCHOR.format(row=2, what=LOGO.format(rid="rIdP")), ANCHOR.format(row=3, what=SHAPE)
    copy, findings = told(drawn(book, logo, shape, logo))
    parts = members(copy)
    assert findings == []
    assert [part for name, part in parts.items() if "media" in name] == [LOGO_BYTES]
    assert "secret" not in text_of(copy) and not [name for name in parts if "secret" in name]
    (drawing,) = [part for name, part in parts.items() if name.endswith("drawings/drawing2.xml")]
    assert (drawing.count(b"<xdr:pic>"), drawing.count(b"<xdr:sp>")) == (2, 1)


def test_objects_that_cannot_come_along_are_counted(book: bytes) -> None:
    group = "<xdr:grpSp>secret</xdr:grpSp>"
    whats = [group, LOGO.format(rid="rIdO"), LOGO.format(rid="rIdNone"), group.replace("grpSp", "contentPart")]
    anchors = [ANCHOR.format(row=2, what=what) for what in whats]
    beside = ANCHOR.format(row=500, what=SHAPE)  # not printed, so nobody misses it
    copy, findings = told(drawn(book, *anchors, beside))
    assert [(f.code, f.values) for f in findings] == [(Code.OBJECTS_LEFT_OUT, {"items": len(whats)})]
    assert "secret" not in text_of(copy)
    assert "xl/drawings/drawing2.xml" not in members(copy)


def test_a_formula_becomes_its_result_and_one_without_is_named(book: bytes) -> None:
    port = OpenpyxlBook(book, "x.xlsx")
    port.book[YEARS.title]["K7"] = f"=UPPER('{HOME.title}'!B18)"
    content = port.to_bytes()
    copy, findings = told(content)
    assert [(f.code, f.sheet, f.cell) for f in findings] == [
        (Code.PUBLISHED_FORMULA_WITHOUT_RESULT, YEARS.title, "K7")
    ]
    assert (7, 11) not in Package(copy, "").read(YEARS.title).cells
    parts = members(content)
    name = next(n for n, part in parts.items() if b"UPPER" in part)
    cell = parts[name].partition(b'<c r="K7"')[2].partition(b"</c>")[0]
    computed = cell.replace(b"</f>", b"</f><v>ABC</v>").replace(b"><f", b' t="str"><f', 1)
    assert computed != cell
    copy, findings = told(packed({**parts, name: parts[name].replace(cell, computed)}))
    assert findings == []
    assert Package(copy, "").read(YEARS.title).at(7, 11) == "ABC"


# ---- cells that cannot be shown as they are ----

DISPIMG = b't="str"><f>_xlfn.DISPIMG("ID_7F",1)</f><v>=DISPIMG("ID_7F",1)</v></c>'
UNSHOWN = {
    "a picture in the cell": (b't="e" vm="1"><v>#VALUE!</v></c>', Code.PUBLISHED_CELL_HAS_PICTURE),
    "a picture from the web": (
        b't="e" vm="1"><f>_xlfn.IMAGE("https://x")</f><v>#VALUE!</v></c>',
        Code.PUBLISHED_CELL_HAS_PICTURE,
    ),
    "a picture of another program": (DISPIMG, Code.PUBLISHED_CELL_HAS_PICTURE),
    "an error": (b't="e"><v>#REF!</v></c>', Code.PUBLISHED_CELL_HAS_ERROR),
    "an error of newer Excels": (b't="e"><f>X(1)</f><v>#SPILL!</v></c>', Code.PUBLISHED_CELL_HAS_ERROR),
    "a text that is not there": (b't="s"><v>9999</v></c>', Code.PUBLISHED_CELL_HAS_ERROR),
}


def with_cell(book: bytes, place: bytes, cell: bytes) -> bytes:
    """The workbook with another cell on its sheet of years."""
    part = Book(Archive(book)).parts[YEARS.title]
    old = re.search(rb'<c r="%s"[^>]*?(?:/>|>.*?</c>)' % place, members(book)[part])
    assert old
    return crafted.patched(book, part, old[0], b'<c r="%s" ' % place + cell)


@pytest.mark.parametrize("what", UNSHOWN)
def test_what_a_cell_cannot_show_is_left_out_and_named_first(book: bytes, what: str) -> None:
    cell, code = UNSHOWN[what]
    copy, findings = told(with_cell(book, b"B7", cell))
    assert [(f.code, f.sheet, f.cell) for f in findings] == [(code, YEARS.title, "B7")]
    assert all(f.severity is Severity.ERROR for f in findings)
    assert Package(copy, "").read(YEARS.title).at(7, 2) is None
    assert not re.search(r't="e"|#[A-Z]+!|DISPIMG', text_of(copy))


def test_what_is_not_printed_may_hold_an_error(book: bytes) -> None:
    part = Book(Archive(book)).parts[YEARS.title]
    far = b'<row r="900"><c r="B900" t="e" vm="1"><v>#VALUE!</v></c></row></sheetData>'
    copy, findings = told(crafted.patched(book, part, b"</sheetData>", far))
    assert findings == []
    assert "#VALUE!" not in text_of(copy)


def test_a_picture_in_a_cell_holds_the_message_back(book: bytes) -> None:
    content = with_cell(book, b"B7", UNSHOWN["a picture in the cell"][0])
    with pytest.raises(Unusable) as caught:
        prepare(content, "x.xlsx", Wishes(to="x@y.go.th", published_only=True))
    assert [f.code for f in caught.value.findings] == [Code.MAIL_HELD_BACK, Code.PUBLISHED_CELL_HAS_PICTURE]


@pytest.mark.parametrize("variant", ["prefixed", "single quotes", "us-ascii", "comments", "without references"])
def test_the_copy_is_the_same_however_the_workbook_is_written(book: bytes, variant: str) -> None:
    content = crafted.VARIANTS[variant](book)
    assert members(copied(content)).keys() == members(copied(book)).keys()
    one, other = Package(copied(content), ""), Package(copied(book), "")
    for title in other.sheets():
        assert one.read(title).cells == other.read(title).cells
    assert "made by" not in text_of(copied(content))
