"""An agency's own Word file as the template of a document: what stays, what goes, what is refused."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Mm
from lxml import etree

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.report.description import (
    Heading,
)
from ita_xl.report.docx import to_docx
from tests.demonstration import (
    DEMONSTRATION,
    MAIN,
    PICTURE,
    changed,
    document,
    faults,
    letterhead,
    names,
    read,
    saved,
)


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
    form = MAIN.replace("document.main", "template.main").encode()
    dotx = changed(letterhead(), {"[Content_Types].xml": lambda old: old.replace(MAIN.encode(), form)})
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
    return changed(content, {"[Content_Types].xml": lambda old: old.replace(MAIN.encode(), form.encode())})


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
