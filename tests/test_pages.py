"""Pages as LibreOffice prints them, in letters with the measures of TH Sarabun New."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.pagebreak import Break

from ita_xl import jobs, pipeline
from ita_xl.data import profiles
from ita_xl.domain.tree import OPEN_DATA, Kind
from ita_xl.layout import CHARTS, ISSUES, STATED, SUMMARY
from ita_xl.new import new
from ita_xl.reading import score_file
from ita_xl.reading.score_file import ScoreEntry
from tests.conftest import SAMPLES
from tests.printed import CHART, CUT, FEW, LEADS, NARROW, wrong_pages
from tools.fonts import stand_ins
from tools.samples import ABOUT

pytestmark = [pytest.mark.libreoffice, pytest.mark.poppler]

YEAR = 2565
Wrong = dict[str, list[tuple[str, str, int]]]


def alone() -> Iterator[ScoreEntry]:
    """The sample without earlier years."""
    entries, _ = score_file.read(SAMPLES / "scores-2565.csv", profiles.profile(YEAR).tree, YEAR)
    return (entry for entry in entries if entry.year == YEAR)


def weak() -> Iterator[ScoreEntry]:
    """Scores of which most are an issue."""
    dice, tree = random.Random(1), profiles.profile(YEAR).tree
    for code, node in tree.nodes.items():
        if node.kind is Kind.QUESTION:
            item = tree.instrument_of(code) == OPEN_DATA
            yield ScoreEntry(code, YEAR, Fraction(dice.choice((0, 0, 100)) if item else dice.randint(50, 90)))
        elif node.kind is Kind.INDICATOR:
            yield ScoreEntry(code, YEAR - 1, Fraction(dice.randint(50, 99)))


def indicators() -> Iterator[ScoreEntry]:
    """A year of which only indicators are known."""
    dice = random.Random(2)
    for year in (2568, 2567):
        for code in profiles.profile(2568).tree.codes(Kind.INDICATOR):
            yield ScoreEntry(code, year, Fraction(dice.randint(70, 100)))


MADE = {"alone": (YEAR, alone), "weak": (YEAR, weak), "indicators": (2568, indicators)}
NAMES = ["reference", *MADE]


def broken(good: Path, path: Path) -> None:
    """The sample's result, and whatever can be wrong with its pages."""
    book = openpyxl.load_workbook(good)
    block = ISSUES.block("issues")
    book[ISSUES.title].row_dimensions[block.first_row + 2].height = 40
    book[STATED.title].column_dimensions["E"].width = 2
    for sheet, row in (
        (SUMMARY, CHARTS["causes"].top + 4),
        (SUMMARY, SUMMARY.field("heading_instruments").row),
        (SUMMARY, SUMMARY.block("indicators").header_row),
        (ISSUES, 2),
    ):
        book[sheet.title].row_breaks.append(Break(row))
    for page in book.worksheets:
        if page.title not in (SUMMARY.title, ISSUES.title, STATED.title):
            page.sheet_state = "hidden"
    book.save(path)


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Wrong:
    """By the name of a workbook what is wrong with its pages."""
    folder = tmp_path_factory.mktemp("books")
    if not stand_ins(tmp_path_factory.mktemp("fonts")):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Laksaman is missing: .ci/run must install it")
    books = {name: folder / f"{name}.xlsx" for name in NAMES}
    jobs.run(SAMPLES / "reference-2565.xlsx", books["reference"])
    for name, (year, entries) in MADE.items():
        port = new(profiles.profile(year), ABOUT, list(entries()))
        pipeline.run(port)
        port.save(books[name])
    broken(books["reference"], folder / "broken.xlsx")
    return wrong_pages([*books.values(), folder / "broken.xlsx"], tmp_path_factory.mktemp("pages"))


@pytest.mark.parametrize("name", NAMES)
def test_pages_end_where_they_may(name: str, wrong: Wrong) -> None:
    """No chart is torn, no heading, sentence or first row stands alone, nothing is cut, and no page is nearly
    empty but the last of a sheet."""
    assert wrong[name] == []


def test_all_of_it_would_be_seen(wrong: Wrong) -> None:
    block = ISSUES.block("issues")
    assert set(wrong["broken"]) >= {
        (CUT, ISSUES.title, block.first_row + 2),
        (NARROW, STATED.title, 0),
        (CHART, SUMMARY.title, CHARTS["causes"].top),
        (LEADS, SUMMARY.title, SUMMARY.field("heading_instruments").row),
        (LEADS, SUMMARY.title, SUMMARY.block("indicators").header_row),
        (FEW, ISSUES.title, 1),
    }
