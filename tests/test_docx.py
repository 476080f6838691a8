"""A document drawn for Word: what readers of the format find in it."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from docx.oxml.ns import qn
from lxml import etree

from ita_xl.report.description import (
    Bars,
    Bold,
    Cell,
    Column,
    Document,
    Heading,
    Labelled,
    Paragraph,
    Routing,
    Row,
    Section,
    Series,
    Signature,
    Stop,
    Table,
    plain,
)
from ita_xl.report.docx import to_docx
from tests.demonstration import (
    CHART,
    DEMONSTRATION,
    GRID,
    NS,
    SENTENCE,
    faults,
    letterhead,
    part,
    read,
)
from tools.render import convert


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
