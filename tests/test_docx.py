"""A document drawn for Word: what readers of the format find in it."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Mm
from lxml import etree
from openxml_audit import OpenXmlValidator, ValidationSeverity

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.report.description import (
    Align,
    Bars,
    Bold,
    Cell,
    Column,
    Document,
    Heading,
    Labelled,
    Listing,
    PageBreak,
    Paragraph,
    Routing,
    Row,
    Section,
    Series,
    Signature,
    Stop,
    Table,
    Title,
    plain,
)
from ita_xl.report.docx import to_docx
from tools.render import convert

SENTENCE = "หน่วยงานมีผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานเพิ่มขึ้นจากปีที่ผ่านมาในทุกตัวชี้วัด "
LONG_ROWS = tuple(Row((Cell(f"ข้อ {n}"), Cell(SENTENCE * 2), Cell(f"{70 + n / 7:.2f}"))) for n in range(1, 41))
GRID = Table(
    (Column(1, Align.CENTRE), Column(6), Column(2, Align.RIGHT)),
    (
        Row((Cell("ที่", rows=2), Cell("รายการและคะแนน", columns=2))),
        Row((Cell("ประเด็นการประเมิน"), Cell("คะแนน"))),
    ),
    (Row((Cell("การรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน"),), group=True), *LONG_ROWS),
    "คะแนนของข้อคำถามทั้งหมด",
)
PLAN = Table(
    (Column(3), Column(4), Column(3), Column(2, Align.CENTRE), Column(3)),
    (Row(tuple(Cell(text) for text in ("มาตรการ", "วิธีการดำเนินการ", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ", "การรายงานผล"))),),
    (
        Row((Cell("การเปิดเผยข้อมูล"),), group=True),
        Row((Cell("เผยแพร่ข้อมูล", rows=3), Cell("สำรวจ"), Cell("สำนักปลัด"), Cell("ธ.ค. 2565"), Cell("รายไตรมาส"))),
        Row((Cell("ปรับปรุง"), Cell("กองช่าง"), Cell("มี.ค. 2566"), Cell("รายไตรมาส", rows=2))),
        Row((Cell("ทบทวน"), Cell("กองคลัง"), Cell("มิ.ย. 2566", bold=True))),
    ),
    "มาตรการ วิธีการ และผู้รับผิดชอบ",
)
CHART = Bars(
    "คะแนนรายตัวชี้วัด",
    tuple(f"ตัวชี้วัดที่ {n} การปฏิบัติหน้าที่และการใช้งบประมาณ" for n in range(1, 6)),
    (Series("ปี 2564", (80.5, None, 0.1 + 0.2, 77.25, 100.0)), Series("ปี 2565", (81.0, 90.125, 3.0, 97.444, 99.99))),
    "แผนภูมิแท่งแสดงคะแนนของทั้งสองปี ตัวชี้วัดที่ 5 สูงที่สุด",
)
DEMONSTRATION = Document(
    title="รายงานการวิเคราะห์ผลการประเมิน",
    author="องค์การบริหารส่วนจังหวัดตัวอย่าง",
    subject="ผลการประเมินปี 2565",
    footer="รายงาน ITA ปี 2565",
    sections=(
        Section(
            (
                Labelled((("ส่วนราชการ", "สำนักปลัด โทร. 0 2123 4567"), ("ที่", ""), ("เรื่อง", SENTENCE * 2))),
                Title(("การวิเคราะห์ผลการประเมิน", "องค์การบริหารส่วนจังหวัดตัวอย่าง", "ประจำปีงบประมาณ พ.ศ. 2565")),
                Heading("ผลการประเมินในภาพรวม"),
                Paragraph((SENTENCE, Bold("ระดับ AA"), SENTENCE * 2)),
                Bars(CHART.title, CHART.categories, CHART.series, CHART.description),
                Heading("ผลการประเมินจำแนกตามเครื่องมือ"),
                Heading("ผู้มีส่วนได้ส่วนเสียภายใน", 2),
                Heading("รายข้อ", 3),
                GRID,
                Heading("ผู้มีส่วนได้ส่วนเสียภายนอก", 2),
                Listing(("ทบทวนมาตรการ", (Bold("เผยแพร่"), " ผลการดำเนินงาน " + SENTENCE), "ติดตาม")),
                Listing(("ข้อสังเกตหนึ่ง", "ข้อสังเกตสอง"), numbered=False),
                Listing(("เริ่มใหม่จากหนึ่ง", "สอง")),
                PageBreak(),
                Heading("ภาคผนวก", numbered=False),
                Paragraph("จัดกลาง\nสองบรรทัด", Align.CENTRE, indented=False, with_next=True),
                Paragraph("ชิดขวา", Align.RIGHT, indented=False),
            )
        ),
        Section(
            (
                Title(("มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน",)),
                PLAN,
                Signature("นายตัวอย่าง ดีเด่น", ("นายกองค์การบริหารส่วนจังหวัด", "ตัวอย่าง"), dated=True),
                Routing("เสนอผ่านตามลำดับ", (Stop("หัวหน้าสำนักปลัด"), Stop("ปลัดองค์การบริหารส่วนจังหวัด", "นางสาวปลัด ใจดี"))),
            ),
            landscape=True,
        ),
        Section((Heading("ส่งท้าย"), Paragraph(SENTENCE * 3), Signature("", ("ผู้รายงาน",)))),
    ),
)


def faults(content: bytes, folder: Path) -> list[str]:
    path = folder / "checked.docx"
    path.write_bytes(content)
    errors = OpenXmlValidator().validate(path).errors
    return [f"{e.part_uri} {e.path}: {e.description}" for e in errors if e.severity is ValidationSeverity.ERROR]


def read(content: bytes) -> WordDocument:
    return docx.Document(io.BytesIO(content))


def document(*blocks: Any, **other: Any) -> Document:
    return Document("ชื่อ", "ผู้จัดทำ", "เรื่อง", (Section(blocks),), **other)


def part(content: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return etree.fromstring(package.read(name))


def names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.namelist()


def test_every_kind_of_block_follows_the_open_xml_rules(tmp_path: Path) -> None:
    assert faults(to_docx(DEMONSTRATION), tmp_path) == []
    assert faults(to_docx(replace(DEMONSTRATION, thai_digits=True, draft="ร่าง")), tmp_path) == []


def test_equal_documents_give_equal_bytes() -> None:
    assert to_docx(DEMONSTRATION) == to_docx(DEMONSTRATION)
    assert to_docx(DEMONSTRATION, letterhead()) == to_docx(DEMONSTRATION, letterhead())


def test_headings_are_real_ones_that_a_list_of_levels_numbers() -> None:
    made = read(to_docx(DEMONSTRATION))
    styles = [p.style.name for p in made.paragraphs if p.style]
    assert [name for name in styles if name and name.startswith("Heading")] == [
        *("Heading 1", "Heading 1", "Heading 2", "Heading 3", "Heading 2", "Heading 1", "Heading 1")
    ]
    for level in (1, 2, 3):
        style = made.styles[f"Heading {level}"].element
        assert style.xpath("string(w:pPr/w:outlineLvl/@w:val)") == str(level - 1)
        number = style.xpath("string(w:pPr/w:numPr/w:numId/@w:val)")
        numbering = made.part.numbering_part.element
        scheme = numbering.xpath(f"string(w:num[@w:numId='{number}']/w:abstractNumId/@w:val)")
        drawn = numbering.xpath(f"w:abstractNum[@w:abstractNumId='{scheme}']/w:lvl[@w:ilvl='{level - 1}']")[0]
        assert drawn.xpath("string(w:pStyle/@w:val)", namespaces=NS) == style.get(qn("w:styleId"))
        assert drawn.xpath("string(w:lvlText/@w:val)", namespaces=NS) == ("%1.", "%1.%2", "%1.%2.%3")[level - 1]


def test_thai_letters_have_the_official_font_and_are_as_large_and_bold_as_others() -> None:
    content = to_docx(DEMONSTRATION)
    styles = part(content, "word/styles.xml")
    (fonts,) = styles.iter(qn("w:rFonts"))
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs")} == {"TH Sarabun New"}
    for root in (styles, part(content, "word/document.xml")):
        for latin, thai in (("w:sz", "w:szCs"), ("w:b", "w:bCs")):
            found = list(root.iter(qn(latin)))
            assert found or latin == "w:sz"
            for element in found:
                other = element.getparent().find(qn(thai))  # type: ignore[union-attr]
                assert other is not None and other.attrib == element.attrib
    assert styles.xpath("string(w:docDefaults//w:szCs/@w:val)", namespaces=NS) == "32"
    body = next(p for p in read(content).paragraphs if SENTENCE in p.text and "AA" in p.text)
    assert body.style is not None
    assert body.style.element.xpath("string(w:pPr/w:jc/@w:val)") == "thaiDistribute"
    assert [run.text for run in body.runs if run.bold] == ["ระดับ AA"]


NS = {"w": qn("w:p")[1:].partition("}")[0]}


def test_tables_repeat_their_headings_and_no_page_tears_a_row() -> None:
    made = read(to_docx(DEMONSTRATION)).tables[0]
    rows = made._tbl.tr_lst
    assert [len(row.xpath("w:trPr/w:tblHeader")) for row in rows[:4]] == [1, 1, 0, 0]
    assert all(row.xpath("w:trPr/w:cantSplit") for row in rows)
    assert made._tbl.xpath("string(w:tblPr/w:tblLayout/@w:type)") == "fixed"
    assert made._tbl.xpath("string(w:tblPr/w:tblDescription/@w:val)") == GRID.summary
    assert made.cell(0, 0)._tc is made.cell(1, 0)._tc, "a heading over two rows"
    assert made.cell(0, 1)._tc is made.cell(0, 2)._tc, "a heading over two columns"
    group = made.cell(2, 0)
    assert group._tc is made.cell(2, 2)._tc and group.paragraphs[0].style is not None
    assert group.paragraphs[0].style.paragraph_format.keep_with_next


def test_a_cell_over_several_rows_leaves_the_others_where_they_belong() -> None:
    plan = read(to_docx(DEMONSTRATION)).tables[1]
    texts = [[cell.text for cell in row.cells] for row in plan.rows]
    assert texts[3] == ["เผยแพร่ข้อมูล", "ปรับปรุง", "กองช่าง", "มี.ค. 2566", "รายไตรมาส"]
    assert texts[4] == ["เผยแพร่ข้อมูล", "ทบทวน", "กองคลัง", "มิ.ย. 2566", "รายไตรมาส"]
    assert plan.cell(2, 0)._tc is plan.cell(4, 0)._tc
    bold = [run for cell in plan.columns[3].cells for p in cell.paragraphs for run in p.runs if run.bold]
    assert [run.text for run in bold] == ["มิ.ย. 2566"]


def test_tables_are_as_wide_as_the_text_also_on_a_page_that_lies() -> None:
    made = read(to_docx(DEMONSTRATION))
    assert [s.orientation for s in made.sections] == [0, 1, 0]
    for table, section in ((made.tables[0], made.sections[0]), (made.tables[1], made.sections[1])):
        across = section.page_width - section.left_margin - section.right_margin  # type: ignore[operator]
        wide = sum(int(width) for width in table._tbl.xpath("w:tblGrid/w:gridCol/@w:w"))
        assert wide == across // 635 == int(table._tbl.xpath("string(w:tblPr/w:tblW/@w:w)"))


def test_the_chart_holds_a_workbook_with_the_values_that_it_shows() -> None:
    content = to_docx(DEMONSTRATION)
    space = part(content, "word/charts/chart1.xml")
    c = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        (name,) = [n for n in package.namelist() if n.endswith(".xlsx")]
        sheet = openpyxl.load_workbook(io.BytesIO(package.read(name)))["Sheet1"]

    def cached(reference: etree._Element) -> list[str | None]:
        count = int(reference.xpath("string(.//c:ptCount/@val)", namespaces=c))
        points = {int(p.get("idx", "")): p[0].text for p in reference.iterfind(".//c:pt", c)}
        return [points.get(n) for n in range(count)]

    references = [*space.iterfind(".//c:strRef", c), *space.iterfind(".//c:numRef", c)]
    assert len(references) == 6
    for reference in references:
        cells = sheet[(reference.findtext("c:f", "", c)).partition("!")[2].replace("$", "")]
        there = [row[0].value for row in cells] if isinstance(cells, tuple) else [cells.value]
        shown = cached(reference)
        numbers = etree.QName(reference).localname == "numRef"
        assert there == [None if v is None else float(v) if numbers else v for v in shown]
    assert [cell.value for cell in sheet["C"]] == ["ปี 2565", *CHART.series[1].values]
    described = part(content, "word/document.xml").xpath("//*[local-name()='docPr']/@descr")
    assert described == [CHART.description]


def test_lists_count_from_one_each_and_dashes_do_not_count() -> None:
    made = read(to_docx(DEMONSTRATION))
    numbers = [
        p._p.xpath("string(w:pPr/w:numPr/w:numId/@w:val)")
        for p in made.paragraphs
        if p.style is not None and p.style.name == "ITA รายการ"
    ]
    first, dashes, second = numbers[0], numbers[3], numbers[5]
    assert numbers == [first] * 3 + [dashes] * 2 + [second] * 2 and len({first, dashes, second}) == 3
    root = made.part.numbering_part.element
    for number in (first, second):
        assert root.xpath(f"string(w:num[@w:numId='{number}']//w:startOverride/@w:val)") == "1"


def test_signatures_and_routings_stay_together_and_the_signature_stands_at_the_right() -> None:
    made = read(to_docx(DEMONSTRATION))
    signed = [p for p in made.paragraphs if p.style is not None and p.style.name == "ITA ลายมือชื่อ"]
    first = signed[: next(n for n, p in enumerate(signed) if "วันที่" in p.text) + 1]
    assert [p.text for p in first[1:-1]] == ["(นายตัวอย่าง ดีเด่น)", "นายกองค์การบริหารส่วนจังหวัด", "ตัวอย่าง"]
    assert first[0].style is not None and first[0].style.paragraph_format.keep_with_next
    assert [p.paragraph_format.keep_with_next for p in first] == [None] * 4 + [False]
    room = made.sections[1].page_width - made.sections[1].left_margin - made.sections[1].right_margin  # type: ignore[operator]
    assert first[0].paragraph_format.left_indent == room // 635 // 2 * 635
    routing = made.tables[2]
    assert routing.rows[1].cells[0].text == "ปลัดองค์การบริหารส่วนจังหวัด\n(นางสาวปลัด ใจดี)"
    assert [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in routing.rows] == [None, False]
    assert not routing._tbl.xpath("w:tblPr/w:tblBorders")


def test_a_memo_head_has_bold_labels_and_dots_up_to_the_margin() -> None:
    line = read(to_docx(DEMONSTRATION)).paragraphs[1]
    assert [run.text for run in line.runs if run.bold] == ["ที่"]
    (stop,) = line._p.xpath("w:pPr/w:tabs/w:tab")
    assert stop.get(qn("w:leader")) == "dot" and line.text.endswith("\t")


HOSTILE = (
    "<w:p>&amp;&lt;b&gt; ]]> --> <!-- &#3585;",
    "=1+1",
    "{{7*7}} {page} ${x} %1. \\* MERGEFORMAT",
    "ยิ้ม 😀 漢字 ☐ ‏עברית‏",
    "ก" * 10_000,
    "บน\r\nกลาง\rล่าง\tแท็บ",
    "ควบคุม\x00\x0b\x1f\ufffe\ud800จบ",
    "   เว้นวรรค   ",
    "",
)


def test_texts_come_out_as_themselves(tmp_path: Path) -> None:
    rows = tuple(Row((Cell(text), Cell((text, Bold(text))))) for text in HOSTILE)
    table = Table(
        (Column(1), Column(1)), (Row((Cell(HOSTILE[0]), Cell(HOSTILE[1]))),), rows, HOSTILE[0] + HOSTILE[4]
    )
    chart = Bars(HOSTILE[0], HOSTILE, (Series(HOSTILE[1], (1.5,) * len(HOSTILE)),), HOSTILE[6])
    blocks = [Paragraph(text) for text in HOSTILE]
    signed = Signature(HOSTILE[0], HOSTILE), Routing(HOSTILE[0], (Stop(HOSTILE[0], HOSTILE[3]),))
    odd = "".join(HOSTILE)
    made = Document(
        odd, odd, odd, (Section((*blocks, table, chart, *signed, Labelled(((odd, odd),)))),), odd, draft=odd
    )
    content = to_docx(made)
    assert faults(content, tmp_path) == []
    clean = [text.replace("\r\n", "\n").replace("\r", "\n") for text in HOSTILE]
    clean[6] = "ควบคุมจบ"
    written = read(content)
    assert [p.text for p in written.paragraphs[: len(HOSTILE)]] == clean
    assert [row.cells[0].text for row in written.tables[0].rows[1:]] == clean
    assert written.core_properties.title.startswith(HOSTILE[0])
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        (name,) = [n for n in package.namelist() if n.endswith(".xlsx")]
        sheet = openpyxl.load_workbook(io.BytesIO(package.read(name)))["Sheet1"]
    assert sheet["A3"].value == "=1+1" and sheet["A3"].data_type == "s"


def test_numbers_that_word_makes_are_thai_on_request() -> None:
    def seen(content: bytes) -> tuple[set[str], set[str], str]:
        pages = part(content, "word/document.xml").xpath("//w:pgNumType/@w:fmt", namespaces=NS)
        forms = part(content, "word/numbering.xml").xpath("//w:lvl/w:numFmt/@w:val", namespaces=NS)
        return (
            set(pages),
            set(forms) - {"bullet", "none"},
            str(
                part(content, "word/charts/chart1.xml").xpath(
                    "string(//*[local-name()='dLbls']/*[local-name()='numFmt']/@formatCode)"
                )
            ),
        )

    assert seen(to_docx(DEMONSTRATION)) == (set(), {"decimal"}, "0.00")
    assert seen(to_docx(replace(DEMONSTRATION, thai_digits=True))) == (
        {"thaiNumbers"},
        {"thaiNumbers"},
        "[$-D00041E]0.00",
    )


def test_the_footer_counts_pages_beside_its_text() -> None:
    made = read(to_docx(DEMONSTRATION))
    for section in made.sections:
        (line,) = section.footer.paragraphs
        assert line.text.startswith("รายงาน ITA ปี 2565\tหน้า ")
        assert [code.strip() for code in line._p.xpath(".//w:instrText/text()")] == ["PAGE", "NUMPAGES"]


def test_properties_name_the_agency_and_nobody_else() -> None:
    for template in (None, letterhead()):
        properties = read(to_docx(DEMONSTRATION, template)).core_properties
        assert properties.title == DEMONSTRATION.title and properties.subject == DEMONSTRATION.subject
        assert properties.author == DEMONSTRATION.author and properties.language == "th-TH"
        assert properties.last_modified_by == "" and properties.revision == 1
        assert properties.created == properties.modified


# An agency's own template.

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def saved(made: WordDocument) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def letterhead(*, first_page: bool = False) -> bytes:
    """A template with a picture above each page, a footer, margins, a text and styles of its own, whose built-in
    styles have the ids of a Word in another language."""
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin, section.right_margin = Cm(4), Cm(2.5), Cm(1.5)
    section.header.paragraphs[0].add_run("หน่วยงานตัวอย่าง").add_picture(io.BytesIO(PICTURE), Cm(2))
    section.footer.paragraphs[0].text = "๑๒๓ ถนนตัวอย่าง"
    if first_page:
        section.different_first_page_header_footer = True
        section.first_page_header.paragraphs[0].text = "หน้าแรก"
    made.styles["Heading 1"].font.name = "TH Chakra Petch"
    made.add_paragraph("ข้อความเดิม").add_run().add_picture(io.BytesIO(PICTURE + b"\0"), Cm(1))
    made.add_paragraph("ข้อหนึ่ง", "List Number")
    for level in (1, 2):
        old, new = f"Heading{level}", f"berschrift{level}"
        for root in (made.styles.element, made.element):
            for at in root.xpath(f"//*[@w:val='{old}']"):
                at.set(qn("w:val"), new)
        made.styles.element.xpath(f"//w:style[@w:styleId='{old}']")[0].set(qn("w:styleId"), new)
    heading = made.styles.element.xpath("//w:style[@w:styleId='Heading3']")[0]
    heading.getparent().remove(heading)
    made.core_properties.last_modified_by = "สมชาย"
    made.add_comment(made.paragraphs[0].runs[0], "ตรวจแล้ว", "สมชาย")
    return saved(made)


def changed(content: bytes, changes: dict[str, Any]) -> bytes:
    """The package with members changed by functions, or added as they are."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, changes[name](old.read(name)) if name in changes else old.read(name))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return stream.getvalue()


def test_a_template_keeps_its_page_header_picture_footer_and_styles(tmp_path: Path) -> None:
    content = to_docx(DEMONSTRATION, letterhead())
    assert faults(content, tmp_path) == []
    made = read(content)
    assert [s.orientation for s in made.sections] == [0, 1, 0]
    for section in made.sections:
        margins = section.top_margin, section.left_margin, section.right_margin
        assert [round(Length(margin or 0).cm, 2) for margin in margins] == [4, 2.5, 1.5]
        assert section.header.paragraphs[0].text == "หน่วยงานตัวอย่าง"
        (key,) = section.header._element.xpath(".//a:blip/@r:embed")
        assert section.header.part.related_parts[key].blob == PICTURE
        assert section.footer.paragraphs[0].text == "๑๒๓ ถนนตัวอย่าง"
    assert made.styles["Heading 1"].font.name == "TH Chakra Petch"
    headings = [p.style.style_id for p in made.paragraphs if p.style and "eading" in (p.style.name or "")]
    assert headings == [
        "berschrift1",
        "berschrift1",
        "berschrift2",
        "Heading3",
        "berschrift2",
        *["berschrift1"] * 2,
    ]
    grid = made.tables[0]._tbl.xpath("w:tblGrid/w:gridCol/@w:w")
    assert abs(sum(map(int, grid)) - (Mm(210) - Cm(4)) / 635) < 2


def test_nothing_of_the_text_of_a_template_leaves_with_it() -> None:
    content = to_docx(DEMONSTRATION, letterhead())
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
    assert "ข้อความเดิม".encode() not in everything and "สมชาย".encode() not in everything
    assert PICTURE + b"\0" not in everything
    assert not [n for n in names(content) if "comments" in n or "thumbnail" in n]


def test_lists_of_a_template_and_ours_do_not_share_their_numbers() -> None:
    before = read(letterhead()).part.numbering_part.element
    after = read(to_docx(DEMONSTRATION, letterhead())).part.numbering_part.element
    for kind, key in (("w:num", "w:numId"), ("w:abstractNum", "w:abstractNumId")):
        old, new = ([one.get(qn(key)) for one in root.findall(qn(kind))] for root in (before, after))
        assert new[: len(old)] == old and len(set(new)) == len(new) > len(old)
    order = [etree.QName(one).localname for one in after]
    assert order == sorted(order, key=["abstractNum", "num"].index)


def test_headings_that_a_template_numbers_keep_its_numbers() -> None:
    numbered = changed(
        to_docx(document(Heading("x"))),
        {
            "word/numbering.xml": lambda old: old.replace(
                b'w:lvlText w:val="%1."', b'w:lvlText w:val="<%1>"'.replace(b"<", b"(").replace(b">", b")")
            )
        },
    )
    made = read(to_docx(DEMONSTRATION, numbered))
    number = made.styles["Heading 1"].element.xpath("string(w:pPr/w:numPr/w:numId/@w:val)")
    root = made.part.numbering_part.element
    scheme = root.xpath(f"string(w:num[@w:numId='{number}']/w:abstractNumId/@w:val)")
    assert root.xpath(f"string(w:abstractNum[@w:abstractNumId='{scheme}']/w:lvl[1]/w:lvlText/@w:val)") == "(%1)"


def test_what_was_made_may_be_the_template_of_the_next(tmp_path: Path) -> None:
    once = to_docx(DEMONSTRATION)
    again = to_docx(DEMONSTRATION, once)
    assert faults(again, tmp_path) == []
    assert len(read(again).styles) == len(read(once).styles)
    assert [p.text for p in read(again).paragraphs] == [p.text for p in read(once).paragraphs]


def test_a_dotx_becomes_a_document(tmp_path: Path) -> None:
    form = _MAIN.replace("document.main", "template.main").encode()
    dotx = changed(letterhead(), {"[Content_Types].xml": lambda old: old.replace(_MAIN.encode(), form)})
    content = to_docx(DEMONSTRATION, dotx)
    assert content == to_docx(DEMONSTRATION, letterhead())
    assert faults(content, tmp_path) == []


def test_a_template_without_styles_numbers_or_settings_gets_them(tmp_path: Path) -> None:
    bare = docx.Document()
    for key, relation in list(bare.part.rels.items()):
        if not relation.reltype.endswith(("/theme", "/fontTable")):
            del bare.part.rels[key]
    content = to_docx(replace(DEMONSTRATION, draft="ร่าง"), saved(bare))
    assert faults(content, tmp_path) == []
    assert read(content).tables[0].rows[0].cells[1].text == "รายการและคะแนน"


def test_settings_that_name_files_of_others_or_lock_the_text_go() -> None:
    made = docx.Document()
    settings = made.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS)
    assert isinstance(settings, XmlPart)
    outside = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    key = settings.relate_to("file:///C:/Users/somchai/x.dotm", outside, is_external=True)
    for name, attributes in (("attachedTemplate", {"r:id": key}), ("documentProtection", {"w:edit": "readOnly"})):
        root = settings.element
        root.insert(0, root.makeelement(qn(f"w:{name}"), {qn(k): v for k, v in attributes.items()}))
    content = to_docx(DEMONSTRATION, saved(made))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
    assert b"somchai" not in everything and b"documentProtection" not in everything


def _macros(content: bytes) -> bytes:
    form = "application/vnd.ms-word.document.macroEnabled.main+xml"
    return changed(content, {"[Content_Types].xml": lambda old: old.replace(_MAIN.encode(), form.encode())})


def _hidden_macros(content: bytes) -> bytes:
    kind = b'<Override PartName="/word/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    types = {"[Content_Types].xml": lambda old: old.replace(b"</Types>", kind), "word/vbaProject.bin": b"x"}
    return changed(content, types)


def _flipped(content: bytes) -> bytes:
    at = content.index(b"word/document.xml") + 200
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def _workbook(_: bytes) -> bytes:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_macros, Code.TEMPLATE_WITH_MACROS),
        (_hidden_macros, Code.TEMPLATE_WITH_MACROS),
        (lambda _: _OLE + "EncryptedPackage".encode("utf-16-le"), Code.TEMPLATE_ENCRYPTED),
        (lambda _: _OLE, Code.TEMPLATE_NOT_WORD),
        (lambda _: b"", Code.TEMPLATE_NOT_WORD),
        (lambda _: b"{\\rtf1 text}", Code.TEMPLATE_NOT_WORD),
        (_workbook, Code.TEMPLATE_NOT_WORD),
        (lambda content: content[: len(content) // 2], Code.TEMPLATE_DAMAGED),
        (_flipped, Code.TEMPLATE_DAMAGED),
        (lambda content: changed(content, {"word/document.xml": lambda _: b"<w:document"}), Code.TEMPLATE_DAMAGED),
        (lambda content: changed(content, {"word/styles.xml": lambda _: b""}), Code.TEMPLATE_DAMAGED),
        (lambda content: changed(content, {"../evil": b"x"}), Code.TEMPLATE_DAMAGED),
        (lambda content: changed(content, {"word/document.xml": lambda _: b"<x/>"}), Code.TEMPLATE_NOT_WORD),
    ],
)
def test_templates_that_cannot_be_taken_are_refused_with_the_reason(spoil: Any, code: Code) -> None:
    with pytest.raises(Unusable) as refused:
        to_docx(DEMONSTRATION, spoil(letterhead()))
    assert refused.value.findings[0].code == code


def test_draft_lies_across_the_pages_of_every_header() -> None:
    def words(content: bytes) -> list[list[str]]:
        made = read(content)
        return [
            [
                str(word)
                for header in (s.header, *([s.first_page_header] if s.different_first_page_header_footer else []))
                for word in header._element.xpath(".//*[local-name()='textpath']/@string")
            ]
            for s in made.sections
        ]

    draft = replace(DEMONSTRATION, draft="ร่าง")
    assert words(to_docx(draft)) == [["ร่าง"]] * 3
    assert words(to_docx(draft, letterhead())) == [["ร่าง"]] * 3
    assert words(to_docx(draft, letterhead(first_page=True))) == [["ร่าง"] * 2, ["ร่าง"], ["ร่าง"]]
    assert words(to_docx(DEMONSTRATION)) == [[]] * 3
    line = read(to_docx(draft, letterhead(first_page=True))).sections[0].first_page_footer.paragraphs[0]
    stops = line._p.xpath("w:pPr/w:tabs/w:tab[@w:val!='clear']")
    assert line.text.startswith(DEMONSTRATION.footer) and len(stops) == 1, "ours where a template has no footer"
    kept = read(to_docx(draft, letterhead(first_page=True))).sections[0]
    assert kept.first_page_header.paragraphs[0].text == "หน้าแรก"
    assert kept.header.paragraphs[0].text == "หน่วยงานตัวอย่าง"


# As LibreOffice shows it.


def letters(text: str) -> str:
    """A text without blanks and without the marks above and below letters, which readers of PDF place freely."""
    return re.sub("[\\s\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", "", text.replace("ำ", "า"))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The text of each page of the demonstration: plain, as a draft, and in a template."""
    folder = tmp_path_factory.mktemp("pages")
    draft = replace(DEMONSTRATION, draft="ร่าง")
    made = {"plain": to_docx(DEMONSTRATION), "draft": to_docx(draft), "template": to_docx(draft, letterhead())}
    for name, content in made.items():
        (folder / f"{name}.docx").write_bytes(content)
    texts = {}
    for path in convert([folder / f"{name}.docx" for name in made], folder):
        run = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, timeout=60)
        texts[path.stem] = run.stdout.decode().split("\f")[:-1]
        subprocess.run(
            ["pdftoppm", "-r", "20", "-gray", str(path), str(path.with_suffix(""))], check=True, timeout=60
        )
    texts["seen"] = [
        "same" if left.read_bytes() == right.read_bytes() else "differs"
        for left, right in zip(sorted(folder.glob("plain-*")), sorted(folder.glob("draft-*")), strict=True)
    ]
    return texts


@pytest.mark.writer
@pytest.mark.poppler
def test_libreoffice_shows_every_text_and_its_numbers(pages: dict[str, list[str]]) -> None:
    whole = letters("".join(pages["plain"]))
    for text in (
        *("1. ผลการประเมินในภาพรวม", "2.1 ผู้มีส่วนได้ส่วนเสียภายใน", "2.1.1 รายข้อ", "3. ส่งท้าย", "ภาคผนวก"),
        *("นายตัวอย่าง ดีเด่น", "นางสาวปลัด ใจดี", "1. ทบทวนมาตรการ", "1. เริ่มใหม่จากหนึ่ง", "คะแนนรายตัวชี้วัด", "90.13"),
    ):
        assert letters(text) in whole
    assert whole.count(letters("ข้อ 40")) == 1


@pytest.mark.writer
@pytest.mark.poppler
def test_libreoffice_repeats_the_headings_of_a_table_and_leaves_no_heading_alone(
    pages: dict[str, list[str]],
) -> None:
    headings = [
        plain(block.text)
        for section in DEMONSTRATION.sections
        for block in section.blocks
        if isinstance(block, Heading)
    ]
    headings += [plain(GRID.rows[0].cells[0].text), "ประเด็นการประเมิน คะแนน"]
    with_rows = [page for page in pages["plain"] if re.search(r"ข้อ \d+ ", page)]
    assert len(with_rows) > 2 and all(letters("รายการและคะแนน") in letters(page) for page in with_rows)
    for name in ("plain", "template"):
        for page in pages[name]:
            lines = [line.strip() for line in page.splitlines() if line.strip()]

            assert not any(letters(lines[-2]).endswith(letters(heading)) for heading in headings)


@pytest.mark.writer
@pytest.mark.poppler
def test_libreoffice_shows_the_letterhead_on_each_page_and_the_draft_too(pages: dict[str, list[str]]) -> None:
    for page in pages["template"]:
        assert letters("หน่วยงานตัวอย่าง") in letters(page) and letters("๑๒๓ ถนนตัวอย่าง") in letters(page)
    assert set(pages["seen"]) == {"differs"}
