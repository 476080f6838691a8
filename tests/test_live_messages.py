"""What a clerk reads when the workbook that is open in Excel cannot be worked on; on a stand-in for Excel."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
import xlwings as xw

from ita_xl import live_jobs, log
from ita_xl.domain.codes import Code
from ita_xl.layout import SUMMARY
from tests.excel_cells import BUSY, EDITING, REFUSED, ComError
from tests.fake_excel import Excel, model
from tests.live_desk import NAME, Opened, a_desk, a_home, an_opened, codes, failing, foreign, two  # noqa: F401

pytestmark = pytest.mark.usefixtures("home")


def closed(desk: Excel, opened: Opened) -> None:
    desk.apps.running.clear()


def empty(desk: Excel, opened: Opened) -> None:
    opened.book.close()


def only_in_background(desk: Excel, opened: Opened) -> None:
    opened.impl.in_background = True


def in_protected_view(desk: Excel, opened: Opened) -> None:
    model(opened.book.app).own.ActiveProtectedViewWindow = SimpleNamespace()


def protected(desk: Excel, opened: Opened) -> None:
    opened.impl.protected.add(SUMMARY.title)


def busy(desk: Excel, opened: Opened) -> None:
    desk.trap = lambda what, number: failing(ComError(BUSY), what.startswith("Range"))


def editing(desk: Excel, opened: Opened) -> None:
    desk.trap = lambda what, number: failing(ComError(REFUSED, EDITING), what.endswith("="))


def never_saved(desk: Excel, opened: Opened) -> None:
    opened.own.FullName = "สมุดงาน1"


def for_reading(desk: Excel, opened: Opened) -> None:
    opened.own.ReadOnly = True


def no_platform(desk: Excel, opened: Opened) -> None:
    xw.engines.active = None


def refusing(desk: Excel, opened: Opened) -> None:
    desk.trap = lambda what, number: failing(ComError(REFUSED), what == "Range.Value=" and desk.calls[what] == 9)


def dying(desk: Excel, opened: Opened) -> None:
    desk.trap = lambda what, number: failing(ComError(REFUSED), desk.calls["Range.Value="] > 9)


def locked(desk: Excel, opened: Opened) -> None:
    opened.own.ProtectStructure = True


def not_ours(desk: Excel, opened: Opened) -> None:
    opened.impl.pages = openpyxl.Workbook()


SITUATIONS: list[tuple[str, Callable[[Excel, Opened], None]]] = [
    (Code.NO_EXCEL, closed),
    (Code.NO_OPEN_WORKBOOK, empty),
    (Code.NO_OPEN_WORKBOOK, only_in_background),
    (Code.PROTECTED_VIEW, in_protected_view),
    (Code.SHEET_PROTECTED, protected),
    (Code.EXCEL_BUSY, busy),
    (Code.EXCEL_BUSY, editing),
    (Code.SEVERAL_WORKBOOKS_MEANT, two),
    (Code.NEVER_SAVED, never_saved),
    (Code.OPEN_READ_ONLY, for_reading),
    (Code.EXCEL_NOT_POSSIBLE, no_platform),
    (Code.EXCEL_REFUSED, refusing),
    (Code.EXCEL_NOT_TAKEN_BACK, dying),
    (Code.STRUCTURE_PROTECTED, locked),
    (Code.FRONT_WORKBOOK_FOREIGN, not_ours),
]


@pytest.mark.parametrize(("code", "arise"), SITUATIONS)
def test_each_situation_has_a_thai_sentence_that_says_what_to_do(
    desk: Excel, opened: Opened, code: str, arise: Callable[[Excel, Opened], None]
) -> None:
    settings = dict(model(opened.book.app).settings)
    arise(desk, opened)
    said = live_jobs.compute()
    desk.trap = None
    assert set(codes(said)) == {code}
    for line in said.text().splitlines():
        assert sum("ก" <= c <= "๙" for c in line) > 15, line
    assert not re.search(r"Traceback|Error|hresult|None|…", said.text())
    told = [text for text in desk.alerts if "Ctrl+Z" not in text]
    assert told in ([said.text()], []), "but for the question before the first run"
    if code not in (Code.EXCEL_NOT_TAKEN_BACK, Code.FRONT_WORKBOOK_FOREIGN):
        assert opened.total() is None
        assert model(opened.book.app).settings == settings
    if code in (Code.EXCEL_REFUSED, Code.EXCEL_NOT_TAKEN_BACK):
        written = (log.folder() / "ita_xl.log").read_text(encoding="utf-8")
        assert "Traceback" in written and str(log.folder() / "ita_xl.log") in said.text()


@pytest.mark.parametrize("first", [1, 2, 5, 11, 20, 33])
def test_an_excel_that_refuses_anywhere_is_never_taken_for_our_own_error(
    desk: Excel, opened: Opened, first: int
) -> None:
    for point in range(first, 4000, 701):
        start = desk.calls.total()
        desk.trap = lambda what, number, at=start + point: failing(ComError(REFUSED), number == at)
        said = live_jobs.compute()
        desk.trap = None
        assert said.outcome or codes(said) == [Code.EXCEL_REFUSED], f"call {point}: {codes(said)}"
        assert bool(said.outcome) == (opened.total() is not None)
        if said.outcome:
            break


@pytest.mark.parametrize("arise", [never_saved, for_reading])
def test_checking_needs_neither_a_place_nor_the_right_to_write(
    desk: Excel, opened: Opened, arise: Callable[[Excel, Opened], None]
) -> None:
    arise(desk, opened)
    assert live_jobs.validate().outcome


def test_an_error_of_ours_goes_to_the_log_too(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ita_xl.pipeline.run", lambda port: 1 / 0)
    said = live_jobs.compute()
    assert codes(said) == [Code.PROGRAM_FAILED_WORKBOOK_UNCHANGED]
    assert "ZeroDivisionError" in (log.folder() / "ita_xl.log").read_text(encoding="utf-8")


def test_without_a_place_for_the_log_the_sentence_still_comes(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    home.write_text("a file where the folder should be")
    monkeypatch.setattr("ita_xl.pipeline.run", lambda port: 1 / 0)
    assert codes(live_jobs.compute()) == [Code.PROGRAM_FAILED_WORKBOOK_UNCHANGED]


def test_the_log_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_MOST_BYTES", 100)
    names = {log.write(ValueError("x"), "test") for _ in range(4)}
    assert names == {str(log.folder() / "ita_xl.log")}
    assert len(list(log.folder().iterdir())) == 2


def test_an_excel_that_cannot_show_a_message_spoils_nothing(opened: Opened, desk: Excel) -> None:
    desk.trap = lambda what, number: failing(ComError(REFUSED), what == "App.Alert")
    assert live_jobs.compute().outcome
    assert opened.total() == 96.99


def test_a_setting_that_stays_is_said(opened: Opened, desk: Excel) -> None:
    def trap(what: str, number: int) -> None:
        failing(ComError(REFUSED), what == "App.Calculation=" and desk.calls[what] > 1)

    desk.trap = trap
    assert Code.EXCEL_SETTINGS_LOST in codes(live_jobs.compute())
