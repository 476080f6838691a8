"""Excel refuses, is busy or dies while a workbook is written: what is taken back, and what is put back."""

from __future__ import annotations

import atexit
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlwings as xw

from ita_xl import pipeline
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.engines.live import excel
from ita_xl.engines.live.engine import Live
from ita_xl.layout import MEASURES, MEMORY, SUMMARY, TRACKING, YEARS
from tests import fake_excel
from tests.excel_cells import BUSY, EDITING, REFUSED, ComError
from tests.fake_excel import Excel, model
from tests.live_desk import _impatient, a_book, a_desk, an_app, lacking, pages, snapshot  # noqa: F401
from tests.test_moved_rows import MOVED
from tests.test_moved_ties import notes
from tests.worked_in import COMMENTS, Worked

pytestmark = pytest.mark.usefixtures("impatient")


# ---- Excel refuses in the middle ----


class Trap:
    """Excel refuses its n-th call from now on, or all from there."""

    def __init__(self, book: xw.Book, at: int, error: Exception, *, for_ever: bool = False) -> None:
        self.excel, self.at, self.error, self.for_ever = model(book).excel, at, error, for_ever
        self.hit = ""

    def __enter__(self) -> None:
        first = self.excel.calls.total()

        def trap(what: str, number: int) -> None:
            if number - first == self.at or (self.for_ever and number - first > self.at):
                self.hit = what
                raise self.error

        self.excel.trap = trap

    def __exit__(self, *_: object) -> None:
        self.excel.trap = None


def refusing(what: str, number: int) -> Callable[[str, int], None]:
    """Excel refuses the n-th call of a kind."""
    calls = itertools.count(1)

    def trap(call: str, _: int) -> None:
        if call == what and next(calls) == number:
            raise ComError(REFUSED)

    return trap


def calls_of(port: Live, book: xw.Book) -> list[str]:
    """The calls of a commit, in order."""
    seen: list[str] = []
    model(book).excel.trap = lambda what, number: seen.append(what)
    port.commit()
    model(book).excel.trap = None
    return seen


def moments(calls: list[str], *kinds: str) -> Iterator[int]:
    """Of each kind of call, or of those named, the first and the last."""
    for kind in sorted(set(kinds or calls)):
        places = [number for number, call in enumerate(calls, 1) if call == kind]
        yield from {places[0], places[-1]}


def committing(content: bytes, desk: Excel) -> tuple[list[str], Live, xw.Book]:
    """A run that only needs to be committed, and the calls that this takes."""
    rehearsed, port = (Live(fake_excel.book(content, app=desk.start())) for _ in range(2))
    for one in (rehearsed, port):
        pipeline.run(one)
        for title in one.sheets():
            list(one.read(title).merged)  # what would be asked for only once
    return calls_of(rehearsed, rehearsed.book), port, port.book


def stopped_by(trap: Trap, port: Live) -> str:
    """The code with which a commit stops; empty where it needs fewer calls than it did before, and all is done."""
    try:
        with trap:
            port.commit()
    except Unusable as error:
        return str(error.findings[0].code)
    assert trap.hit in _NO_MATTER
    return ""


_NO_MATTER = ("", "Names._value_", "Sheet.Visible=")
"""Calls after whose refusal all is done nevertheless: a name that is not found is given anew, and a sheet that
cannot be shown stays hidden."""


REFUSALS = {"refuses": ComError(REFUSED), "is busy": ComError(BUSY), "breaks": RuntimeError("lost")}


@pytest.mark.parametrize("how", REFUSALS)
def test_whatever_call_fails_the_cells_are_as_before(samples: Path, desk: Excel, how: str) -> None:
    content = (samples / "reference-2565.xlsx").read_bytes()
    calls, port, book = committing(content, desk)
    before = snapshot(book)
    for point in moments(calls):
        code = stopped_by(Trap(book, point, REFUSALS[how]), port)
        if code:
            assert code == (Code.EXCEL_BUSY if how == "is busy" else Code.EXCEL_REFUSED)
            assert snapshot(book) == before, f"after call {point}"
        else:
            assert pages(book)[SUMMARY.title]["C8"].value == 96.99
            _, port, book = committing(content, desk)
    port.commit()
    assert pages(book)[SUMMARY.title]["C8"].value == 96.99


def test_rows_that_were_moved_go_back_with_all_that_hangs_on_them(desk: Excel) -> None:
    work = Worked().put(TRACKING, D8="<c><v>80</v></c>", E8="<c><f>D8*2</f><v>160</v></c>")
    work.part("xl/comments7.xml", notes(D8="ค้าง"), COMMENTS, work.of(TRACKING), "rIdC comments")
    calls, port, book = committing(work.scored(**MOVED), desk)
    before = snapshot(book)
    assert {"Range.Insert", "Range.Delete"} <= {*calls}
    for what in ("Range.Insert", "Range.Delete", "Range.AutoFit"):
        for number in (1, 2, calls.count(what)):
            model(book).excel.trap = refusing(what, number)
            with pytest.raises(Unusable):
                port.commit()
            assert snapshot(book) == before, f"{what} {number}"
            assert pages(book)[TRACKING.title]["D8"].comment.text == "ค้าง"
    model(book).excel.trap = None
    port.commit()
    page = pages(book)[TRACKING.title]
    assert (page["E7"].value, page["D7"].comment.text) == ("=D7*2", "ค้าง")


def test_the_box_of_a_note_holds_no_other_row() -> None:
    """Excel lists it among the shapes; it lies above the row of its cell."""
    work = Worked()
    work.part("xl/comments7.xml", notes(B8="ค้าง"), COMMENTS, work.of(TRACKING), "rIdC comments")
    port = fake_excel.Desk(work.scored(**MOVED))
    assert port.ties(TRACKING.title).held == {1, 8}, "the link back to the first sheet, and the note"


def test_sheets_that_were_brought_go_again(samples: Path, desk: Excel) -> None:
    content = lacking(samples, SUMMARY.title, MEMORY.title)
    calls, port, book = committing(content, desk)
    points = moments(calls, "Books.Open", "Sheet.Copy", "Sheet.Visible=", "Range.Value=")
    copying = range(calls.index("Sheet.Copy") + 2, calls.index("Book.Close"), 5)
    before = snapshot(book)
    for point in [*points, *copying]:
        if not stopped_by(Trap(book, point, ComError(REFUSED)), port):
            _, port, book = committing(content, desk)
        assert snapshot(book) == before, f"after call {point}"
        assert [opened.name for opened in book.app.books][:1] == ["x.xlsx"]


def test_an_excel_that_dies_is_said_to_have_left_the_workbook_half_written(samples: Path, desk: Excel) -> None:
    content = (samples / "reference-2565.xlsx").read_bytes()
    calls, port, book = committing(content, desk)
    before = snapshot(book)
    codes = set()
    for point in sorted(moments(calls))[::10]:
        code = stopped_by(Trap(book, point, ComError(REFUSED), for_ever=True), port)
        if not code:
            _, port, book = committing(content, desk)
            continue
        assert code == Code.EXCEL_NOT_TAKEN_BACK or snapshot(book) == before
        codes.add(code)
    assert codes == {Code.EXCEL_REFUSED, Code.EXCEL_NOT_TAKEN_BACK}


def test_a_format_that_had_to_change_is_put_back(book: xw.Book) -> None:
    page = pages(book)[YEARS.title]
    page["B200"].number_format = "@"
    page["B200"] = "เดิม"
    before = snapshot(book)
    port = Live(book)
    port.write(YEARS.title, 200, 2, [[5.5]])
    port.show_sheet(MEASURES.title)
    points = calls_of(port, book)
    assert page["B200"].number_format == "General"
    page["B200"].number_format, page["B200"].value = "@", "เดิม"
    pages(book)[MEASURES.title].sheet_state = "hidden"
    port = Live(book)
    port.write(YEARS.title, 200, 2, [[5.5]])
    port.show_sheet(MEASURES.title)
    with Trap(book, len(points), ComError(REFUSED)), pytest.raises(Unusable):
        port.commit()
    assert snapshot(book) == before


# ---- settings and patience ----


def settings(book: xw.Book) -> dict[str, Any]:
    return dict(model(book.app).settings)


def test_settings_are_put_back_whatever_happens(book: xw.Book) -> None:
    model(book.app).settings["calculation"] = "semiautomatic"
    before = settings(book)
    with pytest.raises(KeyboardInterrupt), excel.quiet(book.app, "…"):
        raise KeyboardInterrupt
    assert settings(book) == before
    app = book.app
    for point in range(1, 11):
        with Trap(book, point, ComError(REFUSED)), pytest.raises(Unusable), excel.quiet(app, "…"):
            raise AssertionError("not reached")
        assert settings(book) == before, f"after call {point}"


def test_a_setting_that_cannot_be_put_back_is_named(book: xw.Book) -> None:
    with excel.quiet(book.app, "…") as lost:
        model(book).excel.trap = lambda what, number: refuse(what == "App.Calculation=")
    assert lost == ["calculation"]
    assert settings(book)["screen_updating"] is True


def refuse(now: bool) -> None:
    if now:
        raise ComError(REFUSED)


@pytest.mark.parametrize("error", [ComError(BUSY), ComError(REFUSED, EDITING)])
def test_a_busy_excel_is_waited_for(error: ComError, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "PATIENCE", 5.0)
    monkeypatch.setattr(excel, "_PAUSE", 0.0)
    left = [error] * 3

    def action() -> str:
        if left:
            raise left.pop()
        return "done"

    assert excel.patiently(action) == "done"


def test_what_must_not_be_done_twice_is_tried_once() -> None:
    tries = []

    def action() -> None:
        tries.append(1)
        raise ComError(BUSY)

    with pytest.raises(Unusable):
        excel.once(action)
    assert tries == [1]


def test_manual_calculation_is_brought_up_to_date(book: xw.Book) -> None:
    excel.calculated(book.app)
    assert model(book.app).calculated == 0
    model(book.app).settings["calculation"] = "manual"
    excel.calculated(book.app)
    assert model(book.app).calculated == 1


def test_on_windows_xlwings_is_kept_from_ending_excels_and_from_waiting_for_ever(
    book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = SimpleNamespace(cleanup=lambda: None, N_COM_ATTEMPTS=0)
    removed: list[object] = []
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    monkeypatch.setattr(atexit, "unregister", removed.append)
    monkeypatch.setattr(xw.engines, "active", model(book).excel)
    excel.library()
    assert removed == [windows.cleanup]
    assert windows.N_COM_ATTEMPTS > 0
