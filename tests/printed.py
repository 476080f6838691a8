"""What LibreOffice prints of a workbook, and what is wrong with its pages.

Every workbook is printed twice: as it is, and with a mark in the first column of each row. The marks tell on which
page, and how far down, a row begins.
"""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from ita_xl.engines.package.engine import Package
from ita_xl.layout import CHARTS, HOME, SHEETS, SUMMARY, Sheet
from ita_xl.layout.address import area
from ita_xl.layout.traits import Role
from ita_xl.reading.places import as_it_stands
from tools.render import convert

CHART, LEADS, FEW, CUT, NARROW = "chart torn", "leads to nothing", "few lines", "text cut", "###"
_FEWEST = 3
_WORD = re.compile(r'<page |<word xMin="[\d.]+" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(.*?)</word>')
_MARK = re.compile(r"@(\d+)\.(\d+)@")


@dataclass(frozen=True)
class Word:
    page: int
    top: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Line:
    """A printed row: where it begins, and where the next one of its page does."""

    page: int
    top: float
    end: float


def wrong_pages(workbooks: Sequence[Path], folder: Path) -> dict[str, list[tuple[str, str, int]]]:
    """By the name of a workbook what is wrong with it: what, on which sheet, in which row."""
    for workbook in workbooks:
        (folder / f"{workbook.stem} marked.xlsx").write_bytes(_marked(workbook))
    marked = [folder / f"{workbook.stem} marked.xlsx" for workbook in workbooks]
    documents = convert([*workbooks, *marked], folder)
    texts = [list(_words(document)) for document in documents]
    return {
        workbook.stem: list(_wrong(workbook, plain, _lines(marks)))
        for workbook, plain, marks in zip(workbooks, texts, texts[len(workbooks) :], strict=False)
    }


def _pages(book: openpyxl.Workbook) -> Iterator[tuple[int, Sheet, Worksheet]]:
    """The sheets that are printed."""
    for number, sheet in enumerate(SHEETS):
        if sheet.title in book.sheetnames and book[sheet.title].sheet_state == "visible":
            yield number, sheet, book[sheet.title]


def _rows(page: Worksheet) -> range:
    printed = area(page.print_area.rpartition("!")[2].replace("$", ""))
    assert printed is not None
    return range(1, printed.bottom + 1)


def _shown(page: Worksheet) -> list[int]:
    """The rows that show, down to the last one that holds anything: empty pages are not printed."""
    shown = [row for row in _rows(page) if not page.row_dimensions[row].hidden]
    last = max((row for row in shown if _filled(page, row)), default=0)
    return [row for row in shown if row <= last]


def _filled(page: Worksheet, row: int) -> bool:
    return any(cell.value is not None for cell in _cells(page, row))


def _marked(workbook: Path) -> bytes:
    book = openpyxl.load_workbook(workbook)
    for number, _, page in _pages(book):
        shown = _shown(page)
        for merged in list(page.merged_cells.ranges):
            page.unmerge_cells(str(merged))
        for row in shown:
            cell = page.cell(row, 1)
            if cell.value is None:
                cell.value = row
            # It shows the mark, and still is what formulas find there.
            cell.hyperlink = None
            cell.number_format = ";".join([f'"@{number}.{row}@"'] * 4)
            cell.font, cell.alignment = Font(name="TH Sarabun New", size=6), Alignment(vertical="top")
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _words(document: Path) -> Iterator[Word]:
    done = subprocess.run(["pdftotext", "-bbox", str(document), "-"], capture_output=True, check=True, timeout=120)
    page = 0
    for top, bottom, text in (found.groups() for found in _WORD.finditer(done.stdout.decode())):
        if text is None:
            page += 1
        else:
            yield Word(page, float(top), float(bottom), unescape(text))


def _lines(words: Iterable[Word]) -> Mapping[tuple[int, int], list[Line]]:
    """Where each row is printed, by the sheet's number and its own; rows that repeat are on several pages."""
    found: dict[tuple[int, int], list[Line]] = {}
    words = sorted(words, key=lambda word: (word.page, word.top))
    marks = [(word, mark) for word in words if (mark := _MARK.fullmatch(word.text))]
    for (word, mark), (after, _) in zip(marks, [*marks[1:], (Word(0, 0, 0, ""), None)], strict=True):
        end = after.top if after.page == word.page else float("inf")
        found.setdefault((int(mark[1]), int(mark[2])), []).append(Line(word.page, word.top, end))
    return found


def _wrong(
    workbook: Path, words: Sequence[Word], lines: Mapping[tuple[int, int], list[Line]]
) -> Iterator[tuple[str, str, int]]:
    book, port = openpyxl.load_workbook(workbook), Package.open(workbook)
    by_page: dict[int, list[Word]] = {}
    for word in words:
        by_page.setdefault(word.page, []).append(word)
    for number, layout, page in _pages(book):
        sheet = as_it_stands(port, layout, layout.title)
        at = {row: lines[number, row] for row in _shown(page)}
        filled = [row for row in at if _filled(page, row)]
        for row in filled:
            if any(_cut(page, row, line, by_page[line.page]) for line in at[row]):
                yield CUT, sheet.title, row
        leading = _leading(sheet, filled)
        for row, after in pairwise(filled):
            if row in leading and at[row][0].page != at[after][0].page:
                yield LEADS, sheet.title, row
        yield from ((FEW, sheet.title, row) for row in _nearly_alone(filled, at))
        for chart in CHARTS.values() if layout is SUMMARY else ():
            if len({at[row][0].page for row in range(chart.top, chart.bottom + 1) if row in at}) > 1:
                yield CHART, sheet.title, chart.top
        pages = {line.page for row in at for line in at[row]}
        if any("###" in word.text for one in pages for word in by_page[one]):
            yield NARROW, sheet.title, 0


def _cells(page: Worksheet, row: int) -> Iterator[Cell]:
    """What is printed of a row."""
    printed = area(page.print_area.rpartition("!")[2].replace("$", ""))
    assert printed is not None
    for cell in page[row][: printed.right]:
        if isinstance(cell, Cell) and not page.column_dimensions[cell.column_letter].hidden:
            yield cell


def _leading(sheet: Sheet, filled: Sequence[int]) -> set[int]:
    """Rows that mean nothing without the row that follows them: headings, and a table's first row of several."""
    headings = (
        {field.row for field in sheet.fields if field.role is Role.HEADING} if sheet.key != HOME.key else set()
    )
    first = {
        block.first_row for block in sheet.blocks if {*filled} & {*range(block.first_row + 1, block.last_row + 1)}
    }
    return headings | first | {block.header_row for block in sheet.blocks}


def _nearly_alone(filled: Sequence[int], at: Mapping[int, list[Line]]) -> Iterator[int]:
    """The first rows of pages with few lines, but for a sheet's last page. What repeats does not count."""
    on: dict[int, list[int]] = {}
    for row in filled:
        on.setdefault(at[row][0].page, []).append(row)
    for rows in list(on.values())[:-1]:
        if len(rows) < _FEWEST:
            yield rows[0]


def _cut(page: Worksheet, row: int, line: Line, words: Iterable[Word]) -> bool:
    """Whether letters of a row's texts are not printed between its beginning and the next row's."""
    texts = [cell.value for cell in _cells(page, row) if isinstance(cell.value, str) and cell.value[:1] != "="]
    inside = (
        word.text
        for word in words
        if line.top - 2 <= word.top and word.bottom - (word.bottom - word.top) / 4 <= line.end
    )
    return bool(Counter(_letters(texts)) - Counter(_letters(inside)))


def _letters(texts: Iterable[str]) -> str:
    """Letters that stand on the line; those above and below it come out of a PDF in any order."""
    joined = unicodedata.normalize("NFKD", "".join(texts))
    return "".join(one for one in joined if unicodedata.category(one)[0] in "LN" and one not in "\u0e4d")
