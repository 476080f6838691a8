"""An Excel with the sample open, for the tests of the live engine."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw

from ita_xl.engines.live import excel
from ita_xl.layout import SUMMARY
from ita_xl.live_jobs import Said
from tests import com_boundary, fake_excel
from tests.fake_excel import Excel, model


@pytest.fixture(name="impatient")
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "PATIENCE", 0.0)


PARTNERS: dict[str, type[Excel]] = {"objects": Excel, "com": com_boundary.Desk}
"""What stands in for Excel: behind the objects of xlwings, or below COM, with xlwings' own engine for Windows."""


def stood_in(monkeypatch: pytest.MonkeyPatch, partner: str) -> Excel:
    """What xlwings then finds when it looks for Excel."""
    desk = PARTNERS[partner]()
    monkeypatch.delitem(sys.modules, "xlwings._xlwindows", raising=False)  # Windows does not know its windows
    monkeypatch.setattr(xw.engines, "active", xw.Engine(impl=desk.engine))
    if isinstance(desk, com_boundary.Desk):
        monkeypatch.setitem(sys.modules, "xlwings._xlwindows", desk.module)
    return desk


@pytest.fixture(name="desk", params=PARTNERS)
def a_desk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Excel:
    """What xlwings finds when it looks for Excel; none is open yet."""
    return stood_in(monkeypatch, request.param)


@pytest.fixture(name="app")
def an_app(desk: Excel) -> xw.App:
    """An Excel that xlwings finds."""
    return desk.start()


@pytest.fixture(name="book")
def a_book(samples: Path, app: xw.App) -> xw.Book:
    """The sample, open in Excel."""
    return fake_excel.book((samples / "reference-2565.xlsx").read_bytes(), app=app)


def pages(book: xw.Book) -> Any:
    """What the workbook holds, behind Excel's back."""
    return model(book).pages


def snapshot(book: xw.Book) -> dict[str, object]:
    """All that a person would find changed: cells, formats, which sheets there are and show, names."""
    found: dict[str, object] = {"names": sorted(pages(book).defined_names), "front": pages(book).active.title}
    for page in pages(book).worksheets:
        found[page.title] = page.sheet_state
        for row in page.iter_rows():
            for cell in row:
                if cell.value is not None or cell.number_format != "General":
                    found[f"{page.title}!{cell.coordinate}"] = (cell.value, cell.data_type, cell.number_format)
    return found


def lacking(samples: Path, *titles: str) -> bytes:
    pages = openpyxl.load_workbook(samples / "reference-2565.xlsx")
    for title in titles:
        del pages[title]
    buffer = io.BytesIO()
    pages.save(buffer)
    return buffer.getvalue()


# ---- a workbook in a folder, for whole jobs ----

NAME = "อบจ. ปี=2565.xlsx"
"""A name that xlwings would cut, and that a page without Thai cannot write."""


@pytest.fixture(name="home")
def a_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The user's own folder, for the log."""
    folder = tmp_path / "ผู้ใช้ ก"
    for variable in ("XDG_STATE_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA", "HOME"):
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setenv("WIN_PD_OVERRIDE_PERSONAL", str(folder / "Documents"))
    monkeypatch.setattr(excel, "PATIENCE", 0.0)
    monkeypatch.setattr("sys.argv", ["ita-xl"])
    return folder


class Opened:
    """The sample, saved in a folder and open in an Excel."""

    def __init__(self, samples: Path, folder: Path, app: xw.App) -> None:
        self.path = folder / NAME
        self.path.write_bytes((samples / "reference-2565.xlsx").read_bytes())
        self.book = fake_excel.book(self.path.read_bytes(), NAME, str(self.path), app)
        self.impl = model(self.book)
        self.pages, self.own = self.impl.pages, self.impl.own

    def total(self) -> Any:
        return self.pages[SUMMARY.title]["C8"].value

    def copies(self) -> list[Path]:
        return sorted(self.path.parent.glob("*backup*"))


@pytest.fixture(name="opened")
def an_opened(desk: Excel, samples: Path, tmp_path: Path) -> Opened:
    return Opened(samples, tmp_path, desk.start())


def codes(said: Said) -> list[str]:
    return [finding.code for finding in said.findings]


def foreign() -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def failing(error: Exception, now: bool) -> None:
    if now:
        raise error


def two(desk: Excel, opened: Opened) -> None:
    fake_excel.book(opened.path.read_bytes(), "สอง.xlsx", "/สอง.xlsx", desk.start())
