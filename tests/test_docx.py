"""A document drawn for Word: what readers of the format find in it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as WordDocument
from lxml import etree
from openxml_audit import OpenXmlValidator, ValidationSeverity

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
)
from ita_xl.report.docx import to_docx

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
