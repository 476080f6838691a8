"""Forms, workbooks and commands as hurried people and hostile senders make them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ita_xl.forms import split
from tests.conftest import Ita
from tests.forms_at_hand import WORKS, done, fill, parent

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
