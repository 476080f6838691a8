"""Forms, workbooks and commands as hurried people and hostile senders make them."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from ita_xl.domain.answers import Fate
from ita_xl.domain.codes import Code
from ita_xl.engines.package.engine import Package
from ita_xl.forms import collect, split
from ita_xl.layout import FORM_MARKS, MEASURES
from tests.conftest import Ita
from tests.forms_at_hand import WORKS, done, fill, parent, saved

NOVEMBER, FEBRUARY = dt.date(2022, 11, 15), dt.date(2023, 2, 1)
STEP = "2.1 (1)"
"""Of the office for works."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return parent(tmp_path)


@pytest.fixture
def form(book: Path) -> Path:
    """The form of the office for works."""
    return split.hand_out(book, book.parent / "แบบ", NOVEMBER, only=[WORKS]).files[0]


def seen(book: Path, *forms: Path, accept: str = "") -> collect.Preview:
    return collect.beside(Package.open(book), forms, {accept})


def taken(book: Path, *forms: Path, accept: str = "") -> collect.Preview:
    return collect.store(book, forms, FEBRUARY, {accept})[0]


def fates(found: collect.Preview) -> list[Fate]:
    return [entry.fate for entry in found.entries]


def codes(found: collect.Preview) -> list[Code]:
    return [finding.code for finding in found.findings]


# ---- commands ----


def test_the_preview_never_takes_the_place_of_what_is_read(book: Path, form: Path, ita: Ita) -> None:
    before = {path: path.read_bytes() for path in (book, fill(form, {STEP: done()}))}
    for target in before:
        assert ita("forms", "collect", book, form.parent, "--preview", target, "--dry-run").code == 2
        assert ita("import", form, "--into", book, "--preview", target, "--dry-run").code == 2
    assert {path: path.read_bytes() for path in before} == before


# ---- offices ----


def with_offices(book: Path, *offices: str) -> Path:
    """The plan's steps in the hands of other offices, by turns."""
    held = openpyxl.load_workbook(book)
    block, page = MEASURES.block("measures"), held[MEASURES.title]
    rows = range(block.first_row, page.max_row + 1)
    steps = [row for row in rows if page.cell(row, block.column_number("due")).value]
    for number, row in enumerate(steps):
        page.cell(row, block.column_number("responsible")).value = offices[number % len(offices)]
    book.write_bytes(saved(held))
    return book


def test_offices_whose_files_would_be_called_alike_get_a_file_each(book: Path, tmp_path: Path, ita: Ita) -> None:
    offices = ["กอง:คลัง", "กอง*คลัง", "กองช่าง"]
    made = split.hand_out(with_offices(book, *offices), tmp_path / "แบบ", NOVEMBER)
    assert [form.office for form in made.forms] == offices
    assert len({*made.files}) == 3 and made.files[2].name == "แบบรายงาน กองช่าง ปี 2566.xlsx"
    for form, path in zip(made.forms, made.files, strict=True):
        assert path.read_bytes() == form.content
    alone = split.hand_out(book, tmp_path / "เดี่ยว", NOVEMBER, only=offices[:1])
    assert alone.files[0].name == made.files[0].name, "whichever offices are asked for"
    assert ita("mail", book, "--remind", "--draft", tmp_path / "ร่าง", "--yes").code == 0
    assert len([*(tmp_path / "ร่าง").glob("*.eml")]) == 3


# ---- files ----


def with_part(form: Path, name: str, content: bytes) -> Path:
    """A copy of a form with one more part."""
    path = form.with_name("แปลก.xlsx")
    path.write_bytes(form.read_bytes())
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(name, content)
    return path


@pytest.mark.parametrize("content", [b"", b"<broken", b'<!DOCTYPE a [<!ENTITY b "c">]><comments>&b;</comments>'])
def test_a_form_with_broken_notes_is_named_and_the_others_are_taken(book: Path, form: Path, content: bytes) -> None:
    broken = with_part(fill(form, {STEP: done()}), "xl/comments9.xml", content)
    found = seen(book, broken, form)
    assert codes(found) == [Code.FILE_DAMAGED] and fates(found) == [Fate.NEW]


@pytest.mark.parametrize("cell", ["B3", "B7", "I10"])
def test_marks_with_endless_numbers_are_spoilt_marks(book: Path, form: Path, cell: str) -> None:
    def spoil(held: Workbook) -> None:
        marks = held[FORM_MARKS]
        marks["H10"], marks["I10"], marks["J10"] = "assets/I20/1", 1, "x"
        marks[cell] = "9" * 5000

    found = seen(book, fill(form, {STEP: done()}, change=spoil))
    assert codes(found) == ([] if cell == "I10" else [Code.FORM_UNMARKED])
