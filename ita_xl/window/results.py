"""The part of the window that says what came of a task, with buttons for what was made."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tkinter import ttk

from ita_xl.data import say
from ita_xl.window.looks import FAINT, INK, LINES, PAPER, Looks
from ita_xl.window.tasks import Done
from ita_xl.window.told import as_text, lines
from ita_xl.window.wrapping import wrapped

_BUTTONS = 2
"""Of files; with more of them there is still their folder."""
_LONGEST = 34


class Results(ttk.Frame):
    """opened: what is called with a file or folder that is to be opened."""

    def __init__(self, parent: tk.Misc, looks: Looks, opened: Callable[[Path], None]) -> None:
        super().__init__(parent)
        self.looks, self._opened = looks, opened
        self._done: Done | None = None
        self._width = 0
        self.buttons = ttk.Frame(self)
        self.buttons.pack(side="bottom", fill="x", pady=(looks.dots(6), 0))
        self.text = tk.Text(
            self,
            wrap="none",
            state="disabled",
            background=PAPER,
            foreground=INK,
            relief="solid",
            borderwidth=1,
            padx=looks.dots(12),
            pady=looks.dots(8),
            font="TkTextFont",
            cursor="arrow",
            takefocus=True,
            width=1,
            height=1,
            highlightthickness=looks.dots(1),
        )
        down = ttk.Scrollbar(self, orient="vertical", command=self.text.yview)
        self.text.configure(yscrollcommand=down.set)
        down.pack(side="right", fill="y")
        self.text.pack(side="left", fill="both", expand=True)
        self._tags()
        self.text.bind("<Configure>", self._resized)
        self.text.bind("<Down>", partial(self._scrolled, 1))
        self.text.bind("<Up>", partial(self._scrolled, -1))

    def _scrolled(self, move: int, event: tk.Event[tk.Text]) -> str:
        self.text.yview_scroll(move, "units")
        return "break"

    def _tags(self) -> None:
        step, gap = self.looks.dots(16), self.looks.dots(7)
        tag = self.text.tag_configure
        tag("headline", font="ItaLarge", foreground=LINES["headline"])
        tag("closing", spacing1=gap // 2)
        tag("counts", foreground=FAINT, spacing1=gap // 2)
        for kind in ("error", "warning", "note"):
            tag(kind, font="ItaBold", foreground=LINES[kind], spacing1=2 * gap)
        tag("place", font="ItaBold", spacing1=gap, lmargin1=step, lmargin2=step)
        tag("message", lmargin1=step, lmargin2=step)
        tag("hint", foreground=FAINT, lmargin1=2 * step, lmargin2=2 * step)

    def show(self, done: Done) -> None:
        """Say what came of a task, in place of what was said before."""
        self._done = done
        self._write()
        self.text.yview_moveto(0)
        for old in self.buttons.winfo_children():
            old.destroy()
        for number, path in enumerate(done.results[:_BUTTONS]):
            key = "open_folder" if path.is_dir() else "open_file"
            self._button(say(f"window.{key}", file=_short(path.name)), path, first=not number)
        if any(not path.is_dir() for path in done.results):
            self._button(say("window.show_folder"), done.results[0].parent)
        copy = ttk.Button(self.buttons, text=say("window.copy"), command=self.copy)
        copy.pack(side="right")

    def _button(self, text: str, path: Path, *, first: bool = False) -> None:
        made = ttk.Button(self.buttons, text=text, command=lambda: self._opened(path))
        made.bind("<Return>", lambda event: made.invoke())
        made.pack(side="left", padx=(0, self.looks.dots(8)))
        if first:
            made.focus_set()

    def openers(self) -> Sequence[ttk.Button]:
        """The buttons that open what was made, the last of them the one that copies."""
        return [one for one in self.buttons.winfo_children() if isinstance(one, ttk.Button)]

    def copy(self) -> None:
        """Put all that is said into the clipboard."""
        if self._done:
            self.clipboard_clear()
            self.clipboard_append(as_text(self._done))

    def _resized(self, event: tk.Event[tk.Text]) -> None:
        if event.width != self._width:
            self._width = event.width
            self._write()

    def _write(self) -> None:
        if not self._done or self._width < self.looks.dots(80):
            return
        text, step = self.text, self.looks.dots(16)
        text.configure(state="normal")
        text.delete("1.0", "end")
        for line in lines(self._done):
            bold = line.kind in ("error", "warning", "note", "place")
            looks = self.looks
            letters = looks.large if line.kind == "headline" else looks.bold if bold else looks.plain
            indent = {"place": step, "message": step, "hint": 2 * step}.get(line.kind, 0)
            room = self._width - 2 * self.looks.dots(16) - indent
            for part in line.text.splitlines():
                for piece in wrapped(part, room, letters.measure):
                    text.insert("end", piece + "\n", line.kind)
        text.configure(state="disabled")


def _short(name: str) -> str:
    """A file's name on a button."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 12]}…{name[-10:]}"
