"""A process that stands in for Excel, on Windows: it has Excel's windows, by which others find Excel, and below COM
the workbook of `com_objects`. Another process reaches it as it reaches Excel, by COM from one process to the other.

Without Excel's type library pywin32 asks twice for every method, so there is more to carry than for Excel.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from ita_xl import begun
from ita_xl.data import say
from tests import com_boundary, fake_excel

STATUS = "App.StatusBar="
QUESTION, MESSAGE, ENDED = "question", "message", "ended"

_PATIENCE = 600
"""Seconds after which a button counts as one that hangs, however busy the machine is."""
_STEP = 2
"""Milliseconds between two looks for a box."""
_YES, _OK, _COMMAND = 6, 1, 0x111
_GET_OBJECT, _OWN_OBJECTS = 0x3D, 0xFFFFFFF0
_CHILD, _ANY_INPUT = 0x40000000, 0x4FF


class Pressed:
    """What happened since a button was pressed. seen: what it was, and after how many milliseconds: a text in the
    status bar (`STATUS`), a box, the end. code: with which the process ended. carried: calls of Excel."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.seen: list[tuple[str, float]] = []
        self.code: int | None = None
        self.carried = 0

    def sees(self, what: str) -> None:
        self.seen.append((what, (time.perf_counter() - self._began) * 1000))

    def first(self, *what: str) -> float:
        """After how many milliseconds something was seen first."""
        return next(at for one, at in self.seen if one in what)

    @property
    def waited(self) -> float:
        """Milliseconds until the clerk was told how it went, without those in which a question was there."""
        after = [at for _, at in self.seen]
        asked = [place for place, (what, _) in enumerate(self.seen) if what == QUESTION]
        return self.first(MESSAGE) - sum(after[place + 1] - after[place] for place in asked)


class Process:
    """The Excel that this process is, with one workbook."""

    def __init__(self) -> None:
        self.desk = com_boundary.Desk()
        self._app = self.desk.start()
        self.window = _windows(self._app.impl.xl._inner._oleobj_)
        fake_excel.model(self._app).window = self.window
        self._name = ""

    def open(self, book: Path) -> None:
        """Open a workbook in place of the one before."""
        fake_excel.model(self._app).opened.clear()
        fake_excel.book(book.read_bytes(), book.name, str(book), self._app)
        self._name = book.name

    @property
    def status(self) -> object:
        """What stands in the status bar."""
        return fake_excel.model(self._app).settings["status_bar"]

    def press(self, job: str) -> Pressed:
        """Start what a button of the ribbon starts, say yes to every question, and close every message."""
        import pythoncom
        import win32event

        self.desk.calls.clear()
        pressed = Pressed()
        self.desk.trap = lambda what, _: pressed.sees(what) if what == STATUS else None
        words = ["-P", "-m", "ita_xl", "attach", job, "--alert", f"--hwnd={self.window}"]
        told = {"ITA_XL_BOOK": self._name, begun.TEXT: say("ribbon.say.begun")}
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("pythonw.exe")), *words],
            env={**os.environ, **told},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        boxes: set[int] = set()
        while (code := process.poll()) is None:
            win32event.MsgWaitForMultipleObjects([], False, _STEP, _ANY_INPUT)
            pythoncom.PumpWaitingMessages()
            _answer(boxes, pressed)
            if time.perf_counter() - pressed._began > _PATIENCE:
                process.kill()
        pressed.sees(ENDED)
        pressed.code, pressed.carried = code, self.desk.calls.total()
        return pressed


def _answer(boxes: set[int], pressed: Pressed) -> None:
    """Press the button of a box that was not there before. boxes: that were; gets the new one."""
    import win32gui

    box = win32gui.FindWindow("#32770", say("live.title"))
    if not box or box in boxes or not win32gui.IsWindowVisible(box):
        return
    boxes.add(box)
    try:
        question = bool(win32gui.GetDlgItem(box, _YES))
    except win32gui.error:
        question = False
    pressed.sees(QUESTION if question else MESSAGE)
    win32gui.PostMessage(box, _COMMAND, _YES if question else _OK, 0)


def _windows(excel: Any) -> int:
    """Make Excel's windows, one in the other. The innermost hands out Excel's own objects. excel: pywin32's pointer
    to them. Gives the number of the outermost."""
    import pythoncom
    import win32gui

    kind = ctypes.c_char_p(bytes(pythoncom.IID_IDispatch))
    pointer = ctypes.c_void_p()
    library = ctypes.PyDLL(pythoncom.__file__)
    assert library.PyCom_InterfaceFromPyObject(ctypes.py_object(excel), kind, ctypes.byref(pointer), 0)
    give = _library("oleacc").LresultFromObject
    give.argtypes, give.restype = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p], ctypes.c_ssize_t

    def told(window: int, message: int, word: int, more: int) -> Any:
        if message == _GET_OBJECT and more & 0xFFFFFFFF == _OWN_OBJECTS:
            return give(kind, word, pointer)
        return win32gui.DefWindowProc(window, message, word, more)

    found: list[int] = []
    for name in ("XLMAIN", "XLDESK", "EXCEL7"):
        described = win32gui.WNDCLASS()
        described.lpszClassName, described.lpfnWndProc = name, told
        win32gui.RegisterClass(described)
        style, above = (_CHILD, found[-1]) if found else (0, 0)
        found.append(win32gui.CreateWindow(name, name, style, 0, 0, 400, 300, above, 0, 0, None))
    return found[0]


def _library(name: str) -> Any:
    return getattr(vars(ctypes)["windll"], name)
