"""The window on a screen that nobody sees, pressed with mouse and keys."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from ita_xl.data import say
from ita_xl.layout import HOME, STATED, SUMMARY
from ita_xl.window.tasks import Done, Question
from tests.conftest import Ita
from tests.live_desk import a_home  # noqa: F401
from tools.windows import machine

if TYPE_CHECKING:
    import tkinter as tk

    from ita_xl.window.view import Window

pytestmark = [pytest.mark.display, pytest.mark.usefixtures("home")]

PATIENCE = 60
SMALL = "1366x768x24"
TASKBAR_AND_TITLE = 80


@pytest.fixture(name="screen", scope="module")
def a_screen() -> Iterator[str]:
    """The name of a display as large as a small portable computer's."""
    with machine.screen(SMALL) as display:
        yield display


class Clerk:
    """Somebody who looks at the window and uses mouse and keys."""

    def __init__(self, window: Window, opened: list[Path]) -> None:
        self.window, self.root, self.opened = window, window.root, opened

    def look(self, at_least: float = 0.0) -> None:
        """Let the window do what it has to do."""
        end = time.monotonic() + at_least
        self.root.update()
        while time.monotonic() < end:
            time.sleep(0.005)
            self.root.update()

    def until(self, seen: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not seen():
            assert time.monotonic() < end, self.read()
            self.look(0.01)

    def waits(self) -> None:
        """Until the task is over and its result is shown."""
        self.until(lambda: not self.window.session.job)
        self.look()

    def click(self, widget: tk.Misc) -> None:
        self.look()
        x, y = widget.winfo_width() // 2, widget.winfo_height() // 2
        for event in ("<Enter>", "<Motion>", "<ButtonPress-1>", "<ButtonRelease-1>"):
            widget.event_generate(event, x=x, y=y)
        self.look()

    def press(self, key: str) -> None:
        focus = self.root.focus_get() or self.root
        focus.event_generate(f"<{key}>")
        self.look()

    def read(self) -> str:
        return self.window.results.text.get("1.0", "end")


@pytest.fixture(name="clerk")
def a_clerk(screen: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clerk]:
    try:
        import tkinter as tk
    except ImportError:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("this Python has no tkinter")
    from ita_xl.window.view import Hands, Window

    monkeypatch.setenv("DISPLAY", screen)
    opened = list[Path]()
    root = tk.Tk()
    clerk = Clerk(Window(root, Hands(open_it=opened.append)), opened)
    root.focus_force()
    clerk.look()
    yield clerk
    root.destroy()
    vars(clerk).clear()
    del root
    gc.collect()  # Tk is not to be taken apart by the thread of a later test


@pytest.fixture(name="path")
def a_path(samples: Path, tmp_path: Path) -> Path:
    path = tmp_path / "อบจ. ตัวอย่าง.xlsx"
    path.write_bytes((samples / "reference-2565.xlsx").read_bytes())
    return path


def enabled(clerk: Clerk) -> set[str]:
    return {name for name, button in clerk.window.buttons.items() if button.instate(["!disabled"])}


def test_choose_check_compute_and_open_the_result(clerk: Clerk, path: Path) -> None:
    assert enabled(clerk) == {"choose", "new", "excel_tab"}
    clerk.window.hands.choose_workbook = lambda: str(path)
    clerk.click(clerk.window.buttons["choose"])
    assert clerk.window.chosen.cget("text") == path.name
    clerk.click(clerk.window.buttons["validate"])
    clerk.waits()
    assert say("window.checked") in clerk.read()
    assert openpyxl.load_workbook(path)[SUMMARY.title]["C8"].value is None
    clerk.click(clerk.window.buttons["compute"])
    clerk.waits()
    assert "96.99" in clerk.read()
    assert openpyxl.load_workbook(path)[SUMMARY.title]["C8"].value == 96.99
    first, folder, _ = clerk.window.results.openers()
    clerk.click(first)
    clerk.click(folder)
    assert clerk.opened == [path, path.parent]


def test_all_of_it_goes_with_keys_alone(clerk: Clerk, path: Path) -> None:
    clerk.window.hands.choose_workbook = lambda: str(path)
    clerk.press("F2")
    clerk.press("F6")
    clerk.waits()
    assert "96.99" in clerk.read()
    clerk.press("Return")  # the button that opens the result has the focus
    assert clerk.opened == [path]
    clerk.press("Tab")
    clerk.press("space")
    assert clerk.opened == [path, path.parent]


def test_an_import_shows_its_table_and_asks(clerk: Clerk, samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "เปล่า.xlsx"
    path.write_bytes((samples / "unfilled-2565.xlsx").read_bytes())
    clerk.window.take([path])
    clerk.root.clipboard_clear()
    clerk.root.clipboard_append((samples / "scores-2565.csv").read_text(encoding="utf-8-sig"))
    for answer in ("no", "yes"):
        clerk.window.menus["import"].invoke(1)
        clerk.until(lambda: clerk.window.dialog)
        dialog = clerk.window.dialog
        assert dialog is not None and len(dialog.table.get_children()) > 100  # type: ignore[union-attr]
        assert dialog.winfo_reqheight() <= clerk.root.winfo_screenheight() - TASKBAR_AND_TITLE
        clerk.click(getattr(dialog, answer))
        clerk.waits()
        written = openpyxl.load_workbook(path)[STATED.title]["E6"].value
        assert written == (96.99 if answer == "yes" else None)


def test_files_that_are_dropped_are_chosen_or_imported(clerk: Clerk, samples: Path, path: Path) -> None:
    clerk.window.dropped([path.with_suffix(".txt"), path])
    assert clerk.window.session.workbook == path
    clerk.window.dropped([samples / "scores-2565.csv"])
    clerk.waits()
    assert say("imports.nothing_new") in clerk.read()
    assert clerk.window.session.workbook == path


def test_a_system_that_can_drop_files_gets_them(clerk: Clerk, path: Path) -> None:
    assert say("window.drop").splitlines()[0][:40] in clerk.read()
    script = clerk.root.tk.call("bind", ".", "<<Drop>>")
    clerk.root.tk.eval(str(script).replace("%D", "{{" + str(path) + "}}"))
    assert clerk.window.session.workbook == path


def test_a_new_workbook_asks_for_year_and_agency(clerk: Clerk, tmp_path: Path) -> None:
    target = tmp_path / "ใหม่.xlsx"
    clerk.window.hands.choose_place = lambda name: str(target)
    clerk.click(clerk.window.buttons["new"])
    dialog = clerk.window.dialog
    assert dialog is not None
    dialog.year.set("2565")  # type: ignore[union-attr]
    clerk.click(dialog.make)  # type: ignore[union-attr]
    assert dialog.missing.cget("text") == say("window.needs_agency")  # type: ignore[union-attr]
    dialog.agency.insert(0, " อบต.  ทดสอบ ")  # type: ignore[union-attr]
    dialog.agency.event_generate("<Return>")  # type: ignore[union-attr]
    clerk.waits()
    assert openpyxl.load_workbook(target)[HOME.title][HOME.field("agency").cell].value == "อบต. ทดสอบ"
    assert clerk.window.session.workbook == target and clerk.window.dialog is None


def test_a_workbook_open_in_excel_is_said_as_the_command_says_it(clerk: Clerk, path: Path, ita: Ita) -> None:
    path.with_name(f"~${path.name}").write_bytes(b"\x05Somsri".ljust(165, b"\0"))
    clerk.window.take([path])
    clerk.press("F6")
    clerk.waits()
    told = ita("run", path).err.splitlines()[0].partition(" ")[2]
    assert "".join(told.split()) in "".join(clerk.read().split())


def test_a_mistake_of_ours_in_the_window_is_a_sentence(clerk: Clerk) -> None:
    def wrong() -> str:
        raise ZeroDivisionError

    clerk.window.hands.choose_workbook = wrong
    clerk.press("F2")
    assert "E902" in clerk.read() and "Traceback" not in clerk.read()


def test_nothing_can_be_pressed_while_a_task_runs_and_closing_asks(clerk: Clerk, path: Path) -> None:
    asked = list[str]()
    clerk.window.take([path])

    def unsure(text: str) -> bool:
        asked.append(text)
        return False

    clerk.window.hands.sure = unsure
    clerk.window.start("import", lambda ask: Done(closing=str(ask(Question("?", "?")))))
    clerk.until(lambda: clerk.window.dialog)
    assert enabled(clerk) == set()
    clerk.window.close()
    assert asked == [say("window.still_working")]
    clerk.window.dialog.event_generate("<Escape>")  # type: ignore[union-attr]
    clerk.waits()
    assert "compute" in enabled(clerk)


def test_the_tab_in_excel_can_be_put_in_examined_and_taken_out(clerk: Clerk) -> None:
    for number, seen in ((0, "E161"), (1, ""), (2, "E161")):  # there is no Excel here, and that is said
        clerk.window.menus["excel_tab"].invoke(number)
        clerk.waits()
        assert seen in clerk.read() and "Traceback" not in clerk.read()


def test_it_fits_a_small_screen_and_leaves_room_for_the_taskbar(clerk: Clerk) -> None:
    assert clerk.root.winfo_width() <= 1366
    assert clerk.root.winfo_height() <= 768 - TASKBAR_AND_TITLE
    lowest = clerk.window.buttons["next_year"]
    assert lowest.winfo_rooty() + lowest.winfo_height() <= clerk.root.winfo_rooty() + clerk.root.winfo_height()


def test_without_a_display_the_command_says_so(ita: Ita, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    result = ita("window")
    assert result.code == 3 and "E149" in result.err
    assert "E149" in ita("window", "--lang", "en").err
