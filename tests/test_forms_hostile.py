"""Forms, workbooks and commands as hurried people and hostile senders make them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from ita_xl.forms import split
from ita_xl.layout import MEASURES
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
