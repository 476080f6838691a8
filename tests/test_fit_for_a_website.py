"""What an agency puts on its website: the published copies of all kinds of workbooks, statement by statement.

Each statement gives the places where it does not hold, and each finds some in a workbook that was not prepared.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import PIL.Image
import pytest
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.utils import get_column_letter as letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ita_xl import pipeline
from ita_xl.data import profiles, say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.drawing import looks
from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book
from ita_xl.engines.package.engine import Package
from ita_xl.layout import ANALYSIS, HOME, MEASURES, PUBLISHED, RESULTS, SUMMARY, TOPICS, TRACKING, YEARS
from ita_xl.layout.address import sheet_and_areas
from ita_xl.new import new, put_scores
from ita_xl.publishing.workbook import published
from ita_xl.reading import score_file
from ita_xl.reading.score_file import ScoreEntry
from tests.conftest import SAMPLES, Ita
from tests.crafted import members, rich
from tests.test_openxml import faults
from tools.generate import Mix, make

OLDER = Path(__file__).parent / "older" / "half-filled-0.1.0.xlsx"
INDICATORS = {"total": 91.4, **{str(code): 87 + code for code in range(1, 9)}, "9": 90, "10": 84}


def run(content: bytes) -> bytes:
    port = Package(content, "x.xlsx")
    pipeline.run(port)
    return port.to_bytes()


def known(year: int, figures: dict[int, dict[str, float]]) -> bytes:
    """A workbook after a run, of which just these scores are known, by year and code."""
    profile = profiles.profile(year)
    port = new(profile, {"agency": "เทศบาลตำบลตัวอย่าง"})
    put_scores(port, profile, (ScoreEntry(c, y, Fraction(v)) for y, of in figures.items() for c, v in of.items()))
    return run(port.to_bytes())


def this_year_alone() -> bytes:
    """The sample without the years before."""
    profile = profiles.profile(2565)
    entries, _ = score_file.read(SAMPLES / "scores-2565.csv", profile.tree, 2565)
    port = new(profile, {"agency": "อบต.ตัวอย่าง"})
    put_scores(port, profile, [entry for entry in entries if entry.year == 2565])
    return run(port.to_bytes())


def generated(number: int) -> bytes:
    content = make(number, mix=Mix(mistakes=0, damaged=0, run=1)).content
    assert content
    return content


CASES: dict[str, Callable[[], bytes]] = {
    "reference": lambda: run((SAMPLES / "reference-2565.xlsx").read_bytes()),
    "mistakes": lambda: run((SAMPLES / "mistakes-2565.xlsx").read_bytes()),
    "older form, half filled": lambda: run(OLDER.read_bytes()),
    "this year alone": this_year_alone,
    "indicators of 2568": lambda: known(2568, {2568: INDICATORS}),
    "indicators of two years": lambda: known(2568, {2567: INDICATORS | {"1": 70}, 2568: INDICATORS}),
    **{f"generated {number}": lambda number=number: generated(number) for number in range(4)},  # type: ignore[misc]
}


@cache
def source(case: str) -> bytes:
    return CASES[case]()


@cache
def copied(case: str) -> bytes:
    return published(source(case), "x.xlsx")[0]


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def shown_columns(page: Worksheet) -> list[int]:
    """The columns of the print area that are not hidden."""
    spans = [d for d in page.column_dimensions.values() if d.hidden]
    hidden = {n for d in spans for n in range(d.min or 0, (d.max or 0) + 1)}
    _, areas = sheet_and_areas(str(page.print_area))
    right = max((area.right for area in areas), default=page.max_column)
    return [n for n in range(1, right + 1) if n not in hidden]


def shown_rows(page: Worksheet) -> list[int]:
    return [n for n in range(1, page.max_row + 1) if not page.row_dimensions[n].hidden]


def tables(page: Worksheet) -> Iterator[tuple[list[int], list[int]]]:
    """Of each table that is shown: the columns that have a heading, and its rows: heading first, down to the first
    row in which nothing stands."""
    rows, columns = shown_rows(page), shown_columns(page)
    for place, row in enumerate(rows):
        heads = [n for n in columns if str(page.cell(row, n).fill.fgColor.rgb).endswith(looks.NAVY)]
        if heads:
            below = [row]
            for other in rows[place + 1 :]:
                if all(page.cell(other, n).value is None for n in heads):
                    break
                below.append(other)
            yield [n for n in heads if type(page.cell(row, n)).__name__ != "MergedCell"], below


# ---- the statements: each gives the places where it does not hold ----


def empty_columns(content: bytes) -> list[str]:
    """Every column of every table has a heading, and something below it."""
    found = []
    for page in opened(content):
        for columns, rows in tables(page):
            said = {n: [page.cell(row, n).value is not None for row in rows] for n in columns}
            found += [f"{page.title} {letter(n)}{rows[0]}" for n, of in said.items() if not (of[0] and any(of[1:]))]
    return found


def tables_without_rows(content: bytes) -> list[str]:
    return [f"{page.title} {rows[0]}" for page in opened(content) for _, rows in tables(page) if len(rows) < 2]


def yellow_cells(content: bytes) -> list[str]:
    return [name for name, part in members(content).items() if looks.INPUT.encode() in part]


def blank_forms(content: bytes) -> list[str]:
    """No line waits for a signature, no option for a choice, and no form for its first report."""
    found = []
    for page in opened(content):
        texts = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]
        found += [text for text in texts if "...." in text or text == say("tracking.labels.start_quarter")]
    reports = {TRACKING.title: range(4, 9), RESULTS.title: range(4, 8)}
    for page in (page for page in opened(content) if page.title in reports):
        below = [page.cell(row, n).value for row in range(7, page.max_row + 1) for n in reports[page.title]]
        found += [page.title] if not any(below) else []
    return found


def headings_over_nothing(content: bytes) -> list[str]:
    """After the heading of a part comes, before the next one, something that it leads to."""
    found = []
    for page in opened(content):
        rows = [row for row in shown_rows(page) if page.cell(row, 1).value is not None]
        heads = [row for row in rows if page.cell(row, 1).font.sz == 18 and page.cell(row, 1).font.b]
        for row, after in zip(heads, [*heads, page.max_row + 1][1:], strict=True):
            below = [str(page.cell(r, 1).value) for r in rows if row < r < after]
            nothing = not below or below == [say("analysis.unknown")] or "ยังเปรียบเทียบกับปีที่ผ่านมาไม่ได้" in below[0]
            found += [f"{page.title} {row}"] if nothing else []
    return found


def working_cells(content: bytes) -> list[str]:
    """Right of what is printed nothing is to be seen, and hidden cells hold nothing but the figures of a chart."""
    found = []
    for page in opened(content):
        columns, rows = shown_columns(page), shown_rows(page)
        right, spans = columns[-1], list(page.column_dimensions.values())
        drawn = any(f"{letter(n)}$" in text_of_charts(content) for n in range(right + 1, page.max_column + 1))
        for cell in (cell for row in page.iter_rows() for cell in row if cell.value is not None):
            seen = cell.row in rows and cell.column in columns
            dimension = next((d for d in spans if (d.min or 0) <= cell.column <= (d.max or 0)), None)
            aside = cell.column > right and drawn and dimension is not None and dimension.hidden
            found += [f"{page.title} {cell.coordinate}"] if not seen and not aside else []
    return found


def text_of_charts(content: bytes) -> str:
    return "".join(part.decode() for name, part in members(content).items() if "charts/chart" in name)


def broken_charts(content: bytes) -> list[str]:
    """Each chart draws sheets that are there, and each of its series has figures, stored and in its cells."""
    book, found = opened(content), []
    for name, part in members(content).items():
        text = part.decode() if "charts/chart" in name else ""
        for series in re.findall(r"<(?:c:)?ser>.*?</(?:c:)?ser>", text, re.DOTALL):
            (values,) = re.findall(r"<(?:c:)?val>.*?</(?:c:)?val>", series, re.DOTALL)
            title, areas = sheet_and_areas(*re.findall(r"<(?:c:)?f>(.*?)</", values))
            stored = [float(v) for v in re.findall(r"<(?:c:)?v>(.*?)</", values)]
            cells = [book[title].cell(*at).value for area in areas for at in area.cells()] if title in book else []
            held = [float(str(value)) for value in cells if value is not None]
            found += [name] if not held or [round(v, 9) for v in stored] != [round(v, 9) for v in held] else []
    return found


def other_than_values(content: bytes) -> list[str]:
    """Nothing but values: no formulas, errors, lists to choose from, notes, links, names of cells, other files."""
    text = "\n".join(part.decode("utf-8", "replace") for part in members(content).values())
    found = [
        word for word in ("<dataValidation", "hyperlink", "#REF!", "externalLink", 'state="hidden') if word in text
    ]
    found += [
        cell.coordinate for page in opened(content) for row in page.iter_rows() for cell in row if cell.comment
    ]
    found += [
        c.coordinate for page in opened(content) for row in page.iter_rows() for c in row if c.data_type == "f"
    ]
    names = Book(Archive(content)).defined_names()
    return found + [n.get("name", "") for n in names if "localSheetId" not in n.attrib and "!" in (n.text or "")]


def opened_elsewhere(content: bytes) -> list[str]:
    """It opens on its first sheet, which is a published one, and each sheet on its first cell."""
    book, found = opened(content), []
    found += [] if book.active is book.worksheets[0] and book.worksheets[0].title in PUBLISHED_TITLES else ["book"]
    for page in book:
        view = page.sheet_view
        at = {selection.activeCell for selection in view.selection}
        found += [page.title] if view.topLeftCell not in (None, "A1") or not at <= {"A1"} or view.zoomScale else []
    return found


PUBLISHED_TITLES = [sheet.title for sheet in PUBLISHED]


def strange_properties(content: bytes) -> list[str]:
    """Its properties say what it is and whose, and nothing else."""
    about = opened(content).properties
    agency = about.creator
    expected = isinstance(about.title, str) and agency and agency in about.title
    others = [about.lastModifiedBy, about.description, about.keywords, about.category]
    return [str(other) for other in others if other] + ([] if expected else [str(about.title)])


STATEMENTS = [
    *(empty_columns, tables_without_rows, yellow_cells, blank_forms, headings_over_nothing, working_cells),
    *(broken_charts, other_than_values, opened_elsewhere, strange_properties),
]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.__name__)
def test_a_published_copy_is_fit_for_a_website(statement: Callable[[bytes], list[str]], case: str) -> None:
    assert statement(copied(case)) == []


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.__name__)
def test_each_statement_finds_what_is_wrong_with_a_workbook_as_it_is(
    statement: Callable[[bytes], list[str]],
) -> None:
    pages = opened(source("indicators of 2568"))
    for sheet in [pages[SUMMARY.title], pages[YEARS.title]]:
        sheet.sheet_view.topLeftCell = "C9"
        sheet["A3"].comment = Comment("ลบก่อนเผยแพร่", "")
    buffer = io.BytesIO()
    pages.save(buffer)
    assert statement(buffer.getvalue())


@pytest.mark.parametrize("case", CASES)
def test_every_copy_follows_the_open_xml_rules(case: str, tmp_path: Path) -> None:
    path = tmp_path / "copy.xlsx"
    path.write_bytes(copied(case))
    assert faults(path) == []


@pytest.mark.parametrize("case", CASES)
def test_a_copy_says_nothing_that_the_workbook_does_not_say_at_the_same_place(case: str) -> None:
    before, after = Package(source(case), ""), Package(copied(case), "")
    for title in after.sheets():
        was, now = before.read(title), after.read(title)
        aside = SUMMARY.block("bars").first_column if title == SUMMARY.title else 999
        assert {at: v for at, v in now.cells.items() if at[1] < aside}.items() <= was.cells.items()


# ---- what stays, what goes ----


def filled_in(case: str, change: Callable[[Workbook], object]) -> bytes:
    pages = opened(source(case))
    change(pages)
    buffer = io.BytesIO()
    pages.save(buffer)
    return buffer.getvalue()


def test_forms_that_nobody_filled_in_stay_behind_and_are_named() -> None:
    copy, findings = published(source("reference"), "x.xlsx")
    assert Package(copy, "").sheets() == [
        t for t in PUBLISHED_TITLES if t not in (TOPICS.title, TRACKING.title, RESULTS.title)
    ]
    (one,) = findings
    assert (one.code, one.values) == (
        Code.SHEETS_WITHOUT_CONTENT,
        {"sheets": f"{TRACKING.title}, {RESULTS.title}"},
    )


def test_a_form_with_a_single_report_is_published_with_the_columns_that_say_something() -> None:
    content = filled_in("reference", lambda pages: pages[TRACKING.title].__setitem__("E8", "ดำเนินการแล้ว"))
    page = opened(published(content, "x.xlsx")[0])[TRACKING.title]
    ((columns, rows),) = tables(page)
    assert [letter(n) for n in columns] == ["A", "B", "C", "E"]
    assert page["E8"].value == "ดำเนินการแล้ว" and len(rows) == 1 + 5
    assert page.row_dimensions[4].hidden, "the option of the clerk"


def test_without_last_year_nothing_is_compared() -> None:
    book = opened(copied("this year alone"))
    page = book[SUMMARY.title]
    texts = {str(cell.value) for row in page.iter_rows() for cell in row}
    for key in ("labels.kpi_change", "heading_changes", "heading_causes"):
        assert say(f"summary.{key}") not in texts
    assert len(page._charts) == 2, "ranking and radar"  # type: ignore[attr-defined]
    years = [str(book[YEARS.title].cell(5, n).value) for n in shown_columns(book[YEARS.title])]
    assert [year for year in years if "2564" in year or "2563" in year] == []


def test_an_empty_column_that_other_tables_need_gives_its_room_to_what_stands_before_it() -> None:
    page = opened(copied("this year alone"))[SUMMARY.title]
    (row,) = [r for r in shown_rows(page) if page.cell(r, 1).value == say("summary.heading_indicators")]
    assert f"C{row + 1}:E{row + 1}" in [str(area) for area in page.merged_cells.ranges]


def test_what_was_left_out_makes_the_print_no_larger() -> None:
    case = "this year alone"
    for title in (SUMMARY.title, YEARS.title, ANALYSIS["IIT"].title):
        widths = []
        for page in (opened(source(case))[title], opened(copied(case))[title]):
            spans = [d for d in page.column_dimensions.values() if not d.hidden]
            at = {n: d.width for d in spans for n in range(d.min or 0, (d.max or 0) + 1)}
            widths.append(sum(at[n] for n in shown_columns(page)))
        assert widths[0] == pytest.approx(widths[1])


def sign_in_words(page: Worksheet) -> None:
    for cell in (cell for row in page.iter_rows() for cell in row if "...." in str(cell.value)):
        cell.value = str(cell.value).replace(".", "") + " ลงนามแล้ว"


def lay_a_picture_over_the_lines(page: Worksheet) -> None:
    (row,) = [cell.row for row in page.iter_rows() for cell in row if str(cell.value).startswith("ลงชื่อ")]
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (60, 20)).save(buffer, "PNG")
    page.add_image(Image(buffer), f"D{row}")


@pytest.mark.parametrize("sign", [sign_in_words, lay_a_picture_over_the_lines])
def test_lines_for_a_signature_stay_if_somebody_signed(sign: Callable[[Worksheet], None]) -> None:
    content = filled_in("reference", lambda pages: sign(pages[MEASURES.title]))
    for book, stay in ((content, True), (source("reference"), False)):
        page = opened(published(book, "x.xlsx")[0])[MEASURES.title]
        texts = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value]
        assert any(text.startswith("ลงชื่อ") for text in texts) is stay
        assert say("measures.heading_routing") not in texts, "nobody signed there"


@pytest.mark.parametrize("after_a_run", [False, True])
def test_a_workbook_without_scores_has_nothing_to_publish(after_a_run: bool) -> None:
    content = (SAMPLES / "unfilled-2565.xlsx").read_bytes()
    with pytest.raises(Unusable) as caught:
        published(run(content) if after_a_run else content, "x.xlsx")
    assert [finding.code for finding in caught.value.findings] == [Code.NOTHING_TO_PUBLISH]


def test_what_other_programs_put_into_a_workbook_changes_nothing() -> None:
    assert [s.__name__ for s in STATEMENTS if s(published(rich(source("reference")), "x.xlsx")[0])] == []


def test_publishing_changes_neither_the_workbook_nor_a_draft_that_somebody_edited(tmp_path: Path, ita: Ita) -> None:
    path = tmp_path / "อบจ.xlsx"
    path.write_bytes(source("reference"))
    assert ita("mail", path, "--to", "a@example.go.th", "--published-only", "--yes").code == 0
    assert path.read_bytes() == source("reference")
    (draft,) = tmp_path.glob("*.eml")
    draft.write_bytes(draft.read_bytes() + b"mine")
    edited = draft.read_bytes()
    assert ita("mail", path, "--to", "a@example.go.th", "--published-only", "--yes").code == 2
    assert draft.read_bytes() == edited


def test_no_agency_means_no_name_but_still_a_title() -> None:
    content = filled_in("reference", lambda p: p[HOME.title].__setitem__(HOME.field("agency").cell, None))
    about: Any = opened(published(content, "x.xlsx")[0]).properties
    assert about.title.startswith(say("summary.title")) and not about.creator
