"""A document as PDF: what a reader, a screen reader and an archive find in it."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from ita_xl.data.catalogue import message
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.report import description as d
from ita_xl.report.pdf import Pdf, fit, fonts, forget, render, to_pdf
from ita_xl.report.pdf.content import as_data
from tests import papers
from tests.papers import group, of, row, table

A4 = {(595, 842), (842, 595)}
poppler = pytest.mark.poppler


@cache
def demonstration() -> Pdf:
    return to_pdf(papers.demonstration())


def pages(made: Pdf) -> list[str]:
    """The text of each page."""
    command = ["pdftotext", "-layout", "-", "-"]
    done = subprocess.run(command, input=made.content, capture_output=True, check=True, timeout=60)
    return done.stdout.decode().split("\f")[:-1]


def flowing(made: Pdf) -> str:
    """The text of all pages without its spaces and lines, as it is found when searched for."""
    return "".join("".join(pages(made)).split())


def outside(made: Pdf) -> list[str]:
    """The words that reach into the edge of a page or run off it."""
    command = ["pdftotext", "-bbox", "-", "-"]
    done = subprocess.run(command, input=made.content, capture_output=True, check=True, timeout=60)
    wide = high = 0.0
    found = []
    for line in done.stdout.decode().splitlines():
        numbers = [float(number) for number in re.findall(r'"([\d.-]+)"', line)]
        if "<page " in line:
            wide, high = numbers
        elif "<word " in line:
            left, top, right, bottom = numbers
            if left < 50 or right > wide - 50 or top < 50 or bottom > high - 15:
                found.append(line)
    return found


def opened(made: Pdf) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(made.content))


def elements(pdf: pikepdf.Pdf) -> list[Any]:
    """The structure in reading order."""

    def below(node: Any) -> Iterator[Any]:
        kids = node.get("/K", ())
        for kid in kids if isinstance(kids, pikepdf.Array) else (kids,):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield kid
                yield from below(kid)

    return list(below(pdf.Root.StructTreeRoot))


def kinds(pdf: pikepdf.Pdf) -> list[str]:
    return [str(element.S).removeprefix("/") for element in elements(pdf)]


# What an archive and a screen reader ask for


def test_it_says_that_it_is_archivable_and_accessible() -> None:
    with opened(demonstration()) as pdf, pdf.open_metadata() as said:
        assert (said["pdfaid:part"], said["pdfaid:conformance"], said["pdfuaid:part"]) == ("2", "A", "1")
        assert pdf.Root.MarkInfo.Marked and pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.Root.Lang) == "th"


def test_its_properties_are_those_of_the_document_and_name_nobody_else() -> None:
    document = papers.demonstration()
    with opened(demonstration()) as pdf:
        info = {key: str(value) for key, value in pdf.docinfo.items()}
    assert (info["/Title"], info["/Author"], info["/Subject"]) == (
        document.title,
        document.author,
        document.subject,
    )
    assert info["/CreationDate"] == info["/ModDate"] == "D:20220801000000Z"
    assert info["/Creator"].startswith("Typst") and len(info) == 6


def test_a_document_without_a_title_takes_its_subject_because_one_must_be_there() -> None:
    for title, subject, taken in ((" ", "เรื่อง", "เรื่อง"), ("", "", "-")):
        with opened(to_pdf(replace(of(), title=title, subject=subject))) as pdf:
            assert str(pdf.docinfo["/Title"]) == taken


def test_each_block_has_its_place_in_the_structure() -> None:
    with opened(demonstration()) as pdf:
        found = kinds(pdf)
        figures = [element for element in elements(pdf) if element.S == "/Figure"]
    assert [kind for kind in found if re.fullmatch(r"Title|H\d|Table|Figure|L", kind)] == [
        *("Title", "H1", "L", "L"),
        *("Title", "H1", "Figure", "H2", "H3", "Table", "H1", "H2"),
        *("H1", "Table"),
    ]
    assert found.count("LI") == 5
    assert found.count("THead") == 2
    assert [str(figure.Alt) for figure in figures] == ["กราฟแท่งเปรียบเทียบคะแนนสองปี"]


def test_bookmarks_follow_the_headings() -> None:
    with opened(demonstration()) as pdf, pdf.open_outline() as outline:

        def titles(items: list[pikepdf.OutlineItem], depth: int = 0) -> Iterator[tuple[int, str]]:
            for item in items:
                yield depth, str(item.title)
                yield from titles(item.children, depth + 1)

        assert list(titles(list(outline.root))) == [
            (0, "ข้อเสนอ"),
            (0, "1. ผลการประเมินในภาพรวม"),
            (1, "1.1 รายเครื่องมือ"),
            (2, "1.1.1 แบบวัด IIT"),
            (0, "2. แนวทางการพัฒนา"),
            (1, "2.1 ขึ้นหน้าใหม่"),
            (0, "3. มาตรการ"),
        ]


def test_headings_that_skip_a_level_are_brought_to_the_next_one() -> None:
    made = to_pdf(of(d.Heading("ก", 3), d.Heading("ข", 1), d.Heading("ค", 3), d.Heading(" "), d.Heading("ง", 2)))
    with opened(made) as pdf:
        assert [kind for kind in kinds(pdf) if kind.startswith("H")] == ["H1", "H1", "H2", "H2"]


def test_only_two_embedded_fonts_are_used() -> None:
    with opened(demonstration()) as pdf:
        used = {
            str(font.BaseFont).split("+")[-1]: "/FontFile2" in font.DescendantFonts[0].FontDescriptor
            for page in pdf.pages
            for font in page.Resources.get("/Font", {}).values()
        }
    assert used == {"Sarabun-Regular": True, "Sarabun-Bold": True}


def test_the_same_document_gives_the_same_bytes_in_every_process() -> None:
    program = (
        "import hashlib; from tests import papers; from ita_xl.report.pdf import to_pdf;"
        "print(hashlib.sha256(to_pdf(papers.demonstration()).content).hexdigest())"
    )
    seeds = ("1", "2")
    made = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in seeds
    }
    assert len(made) == 1
    assert to_pdf(papers.demonstration()).content == demonstration().content


def test_forgetting_earlier_documents_changes_nothing_in_later_ones() -> None:
    before = demonstration().content
    forget()
    assert to_pdf(papers.demonstration()).content == before


# What people typed


HOSTILE = (
    '#read("/etc/passwd")',
    "*b* _i_ $x$ ]] [[",
    "<label> @label",
    "{{7*7}} =1+1",
    '\\u{41} \\" `raw` // no /* yes */',
    "~ -- --- ... 'q' #set page(fill: red)",
    "file:///etc/hosts?a=b&c=d",
)


def everywhere(text: str) -> d.Document:
    """A document that says one text in every place where texts stand."""
    return d.Document(
        text,
        text,
        text,
        (
            d.Section(
                (
                    d.Title((text, text)),
                    d.Labelled(((text, text),)),
                    d.Heading(text),
                    d.Paragraph((text, d.Bold(text))),
                    d.Listing((text,)),
                    table(row(text, text, text), header=(row(text, text, text),)),
                    d.Bars(text, (text,), (d.Series(text, (50,)),), text),
                    d.Signature(text, (text,)),
                    d.Routing(text, (d.Stop(text, text),)),
                )
            ),
        ),
        footer=text,
    )


PLACES = 20


@poppler
@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_markup_comes_out_as_it_was_typed_in_every_place(text: str) -> None:
    made = to_pdf(everywhere(text))
    assert not made.lacking
    narrow = "".join(text.split())
    # In the narrow cells of a table the lines of neighbours mingle: three in the head, three below.
    assert flowing(made).count(narrow) >= PLACES - 6
    with opened(made) as pdf:
        assert str(pdf.docinfo["/Title"]) == text


@poppler
def test_letters_that_the_font_lacks_are_replaced_and_named_and_no_others() -> None:
    texts = ("ยิ้ม 😀 👩‍👩‍👧 ok", "中文 名", "e\u20dd แต่ e", "\uf70a\ufffd\x9f", "☐ ผ่าน")
    made = to_pdf(of(*map(d.Paragraph, texts)))
    assert sorted(made.lacking) == sorted("😀👩👧中文名\u20dd\uf70a\ufffd\x9f☐")
    text = "".join(pages(made)).replace("\u200d", "")
    for shown in ("ยิ้ม ? ??? ok", "?? ?", "e? แต่ e", "???", "? ผ่าน"):
        assert shown in text
    (finding,) = made.findings
    assert finding.code == Code.LETTERS_LACKING
    said = message(finding, "th")
    assert "Sarabun" in str(said) and "😀" in str(said) and "U+F70A" in str(said)


def test_a_text_of_many_letters_that_the_font_lacks_is_drawn_all_the_same() -> None:
    chinese = "".join(map(chr, range(0x4E00, 0x4E00 + 300)))
    made = to_pdf(of(d.Paragraph(chinese), table(row(chinese, chinese[:5], ""))))
    assert sorted(made.lacking) == sorted(chinese)
    assert str(made.findings[0].values["letters"]).endswith("…")


@poppler
def test_control_characters_and_marks_of_direction_leave_no_trace() -> None:
    made = to_pdf(everywhere("ก\x00ข\x07ค\x1bง \u202eabc\ufeff \ud800จ\r\nฉ"))
    assert not made.lacking
    for page in pages(made):
        assert not re.search("[\x00-\x09\x0b\x0e-\x1f\u202e\ufeff]", page)
    assert "กขคงabcจ" in flowing(made)


@poppler
@pytest.mark.parametrize("letter", ["a", "W", "ก", ".", "ๆ"])
def test_ten_thousand_letters_in_one_cell_stay_on_their_pages(letter: str) -> None:
    made = to_pdf(of(table(row("1", letter * 10_000, letter * 40))))
    assert outside(made) == []
    assert flowing(made).count(letter) == 10_040


@poppler
def test_a_long_address_breaks_in_its_column_and_is_copied_without_marks() -> None:
    address = "https://drive.example.go.th/drive/folders/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789?usp=sharing&x=_y"
    made = to_pdf(of(table(row("", "", address)), d.Paragraph(f"ดูที่ {address}")))
    assert outside(made) == []
    assert flowing(made).count(address) == 2


@pytest.mark.parametrize(
    "text", [*HOSTILE, "", "a" * 100, "ข้อความ/ยาวๆ ......................... จบ", "https://a.b/" * 9]
)
def test_cutting_a_text_loses_nothing(text: str) -> None:
    for room in (2, 7, 30, 200):
        assert "".join(fit.pieces(text, room)) == text


# Pages and tables


@poppler
def test_nothing_runs_off_a_page() -> None:
    assert outside(demonstration()) == []
    with opened(demonstration()) as pdf:
        sizes = [tuple(round(float(number)) for number in page.mediabox[2:]) for page in pdf.pages]
    assert set(sizes) == A4
    assert [wide > high for wide, high in sizes] == [False] * 6 + [True] * 4


@poppler
def test_a_table_over_three_pages_repeats_its_header_and_reads_it_once() -> None:
    made = to_pdf(of(table(*(row(str(n), papers.PLAIN, "9.99") for n in range(60)))))
    texts = pages(made)
    assert len(texts) >= 3
    assert all(page.count("ตัวชี้วัด") == 1 for page in texts)
    with opened(made) as pdf:
        assert kinds(pdf).count("THead") == 1 and kinds(pdf).count("TH") == 3


@poppler
def test_a_cell_of_300_lines_goes_on_over_pages() -> None:
    made = to_pdf(of(table(row("1", "\n".join(f"line{n}" for n in range(300)), "x"), row("2", "after", "y"))))
    found = re.findall(r"line\d+|after", "".join(pages(made)))
    assert found == [*(f"line{n}" for n in range(300)), "after"]
    assert outside(made) == []


@poppler
@pytest.mark.parametrize("landscape", [False, True])
def test_a_row_is_torn_only_if_it_is_higher_than_a_page(landscape: bool) -> None:
    for lines in (10, 20, 24, 30, 36, 38, 60):
        cell = "\n".join(f"line{n}" for n in range(lines))
        made = to_pdf(
            of(*(d.Paragraph("ก"),) * 3, table(row("1", cell, "x"), row("2", "z", "y")), landscape=landscape)
        )
        on_pages = [count for page in pages(made) if (count := page.count("line"))]
        fits = lines <= (24 if landscape else 38)
        assert (len(on_pages) == 1) == fits, (lines, on_pages)
        assert sum(on_pages) == lines and outside(made) == []


@poppler
def test_a_cell_over_several_rows_lets_them_go_on_over_pages() -> None:
    first = d.Row((d.Cell("หัวข้อ", rows=60), d.Cell("ขั้นที่ 0"), d.Cell("x")))
    steps = [d.Row((d.Cell(f"ขั้นที่ {n}\nต่อ"), d.Cell("x"))) for n in range(1, 60)]
    high = d.Row((d.Cell("ก ข " * 2000, rows=2), d.Cell("y"), d.Cell("z")))
    made = to_pdf(of(table(first, *steps, high, d.Row((d.Cell("u"), d.Cell("v"))))))
    assert len(re.findall(r"ขั้นที่ \d+", "".join(pages(made)))) == 60
    assert outside(made) == []


@poppler
def test_a_group_row_never_ends_a_page() -> None:
    for before in range(26, 34):
        rows = [row(str(n), "ข้อ", "1.00") for n in range(before)]
        for page in pages(to_pdf(of(table(*rows, group("กลุ่มถัดไป"), row("1", "ข้อ", "1.00"))))):
            if "กลุ่มถัดไป" in page:
                assert "ข้อ" in page.split("กลุ่มถัดไป")[1]


@poppler
def test_a_heading_never_ends_a_page_nor_does_what_belongs_to_what_follows() -> None:
    belongs = d.Paragraph(papers.LONG, with_next=True)
    for lines in range(18, 32):
        blocks = [d.Paragraph("x", indented=False) for _ in range(lines)]
        for page in pages(to_pdf(of(*blocks, d.Heading("หัวเรื่องถัดไป"), belongs, table(row("1", "zebra", "3"))))):
            assert page.count("หัวเรื่องถัดไป") == page.count("zebra")


@poppler
def test_who_signs_stands_on_one_page() -> None:
    offices = ("office1", "office2")
    signature = d.Signature("signer", offices, dated=True)
    routing = d.Routing("route", tuple(d.Stop(f"stop{n}", "ผู้ลงนาม") for n in range(5)))
    for lines in range(12, 32):
        for page in pages(to_pdf(of(*(d.Paragraph("x"),) * lines, signature, routing))):
            assert page.count("stop") == 5 * page.count("route")
            assert page.count("office") == 2 * page.count("signer") == 2 * page.count("route")
    for lines in range(22, 32):
        for page in pages(to_pdf(of(*(d.Paragraph("x"),) * lines, signature))):
            assert page.count("office") == 2 * page.count("signer") == 2 * page.count("/") // 2


@poppler
def test_a_header_or_a_group_higher_than_a_page_goes_on_over_pages() -> None:
    high = "ข้อ " * 5000
    for made in (table(row("1", "2", "3"), header=(row("", high, ""),)), table(group(high), row("1", "2", "3"))):
        drawn = to_pdf(of(made))
        assert outside(drawn) == []
        assert flowing(drawn).count("ข้อ") == 5000


def test_a_bar_is_neither_longer_than_its_chart_nor_shorter_than_nothing() -> None:
    bars = d.Bars("", ("a", "b", "c", "d"), (d.Series("", (-5, 200, None, 25)),), "", top=50)
    (section,) = as_data(of(bars))["sections"]
    assert section["blocks"][0]["series"][0]["shares"] == [0, 100, None, 50]


def test_what_is_kept_together_goes_on_if_it_is_higher_than_a_page() -> None:
    high = ("ก ข " * 1500).strip()
    for block in (
        d.Signature(high, (high,)),
        d.Routing("t", (d.Stop(high, high),) * 3),
        d.Labelled(((high, high),)),
    ):
        assert len(opened(to_pdf(of(block))).pages) > 1
    many = tuple(map(str, range(100)))
    bars = d.Bars("t", many, (d.Series("a", (-5,) * 100), d.Series("b", (500,) * 100)), "")
    with opened(to_pdf(of(bars))) as pdf:
        assert len(pdf.pages) > 1


def test_a_document_of_empty_blocks_is_one() -> None:
    blocks = (
        *(
            d.Title(()),
            d.Heading(""),
            d.Paragraph(""),
            d.Listing(()),
            d.Table((), (), (), ""),
            d.Bars("", (), (), ""),
        ),
        *(
            d.Table((d.Column(1),), (), (), ""),
            d.Signature("", ()),
            d.Routing("", ()),
            d.Labelled(()),
            d.PageBreak(),
        ),
    )
    assert to_pdf(of(*blocks)).findings == []
    assert to_pdf(replace(of(), sections=())).findings == []


@poppler
def test_the_foot_of_each_page_has_its_text_and_its_number() -> None:
    for number, page in enumerate(pages(demonstration()), start=1):
        assert page.rstrip().splitlines()[-1].split() == ["องค์การบริหารส่วนตำบลตัวอย่าง", str(number)]


@poppler
def test_thai_digits_are_in_every_number_that_is_made_here() -> None:
    made = to_pdf(papers.demonstration(thai_digits=True))
    text = "\n".join(pages(made))
    for shown in ("๑. ", "๑.๑.๑ ", "๒.๑ ", "๙๕.๖๑", "๗๘.๙๑"):
        assert shown in text
    assert [page.rstrip().splitlines()[-1].split()[-1] for page in pages(made)][-2:] == ["๙", "๑๐"]


@poppler
def test_a_draft_says_so_on_every_page_without_being_read_aloud() -> None:
    made = to_pdf(papers.demonstration(draft="DRAFT"))
    assert all(any(letter in page for letter in "DRAFT") for page in pages(made))
    command = ["pdftotext", "-raw", "-", "-"]
    raw = subprocess.run(command, input=made.content, capture_output=True, check=True).stdout.decode()
    assert all("DRAFT" in "".join(page.split()) for page in raw.split("\f")[:-1])
    with opened(made) as pdf:
        found = kinds(pdf)
    with opened(demonstration()) as pdf:
        assert kinds(pdf) == found


def test_a_long_word_across_a_draft_is_made_smaller() -> None:
    assert to_pdf(papers.demonstration(draft="ร่างสำหรับตรวจสอบภายในหน่วยงานเท่านั้น " * 3)).findings == []


# Fonts, and a computer without typst


def test_the_first_official_font_that_is_installed_is_taken_and_else_the_bundled_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = frozenset({"th sarabunpsk", "th sarabun it๙", "cordia new"})
    monkeypatch.setattr(fonts, "_installed", lambda: there)
    assert fonts.choose(fonts.SYSTEM) == fonts.Font("TH SarabunPSK", 1, bundled=False)
    assert fonts.choose("Cordia New").scale == 1
    monkeypatch.setattr(fonts, "_installed", frozenset)
    assert fonts.choose(fonts.SYSTEM) == fonts.choose("") == fonts.choose("sarabun")
    assert fonts.choose("").scale == pytest.approx(0.66)


def test_a_font_that_is_not_installed_is_said_instead_of_drawing_question_marks() -> None:
    with pytest.raises(Unusable) as caught:
        to_pdf(of(), font="Wingdings 9000")
    (finding,) = caught.value.findings
    assert finding.code == Code.FONT_NOT_INSTALLED and finding.values["font"] == "Wingdings 9000"


@pytest.mark.skipif(
    not shutil.which("fc-list")
    or "Laksaman" not in subprocess.run(["fc-list"], capture_output=True, text=True, check=True).stdout,
    reason="fonts-thai-tlwg is not installed",
)
def test_an_installed_font_is_embedded_by_its_name() -> None:
    made = to_pdf(papers.demonstration(), font="laksaman")
    with opened(made) as pdf:
        names = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.get("/Font", {}).values()}
        assert names and all("Laksaman" in name for name in names)
        assert abs(len(pdf.pages) - 10) <= 1


@pytest.mark.parametrize("lacking", ["typst", "fontpkg_sarabun"])
def test_without_typst_or_its_font_the_message_says_what_to_do(lacking: str) -> None:
    program = f"""
import importlib.abc, sys
class Nowhere(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == {lacking!r}:
            raise ModuleNotFoundError(name=name)
sys.meta_path.insert(0, Nowhere())
from ita_xl.domain.findings import Unusable
from ita_xl.report.pdf import forget, to_pdf
from tests import papers
forget()
try:
    to_pdf(papers.of())
except Unusable as error:
    print(error.findings[0].code, error.findings[0].values["detail"])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [Code.PDF_NOT_POSSIBLE, lacking]


def test_typst_reaches_no_file_but_the_drawing() -> None:
    """What it may read lies in one folder, and that holds nothing else."""
    here = Path(render.__file__).parent
    assert {path.name for path in here.iterdir() if path.suffix not in (".py", "")} == {
        "document.typ",
        "letter.typ",
        "style.typ",
    }
