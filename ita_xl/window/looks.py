"""Fonts, colours and distances of the window, as the screen has them."""

from __future__ import annotations

import sys
import tkinter as tk
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from tkinter import font, ttk

FONTS: Mapping[str, int] = {
    "TH Sarabun New": 16,
    "TH SarabunPSK": 16,
    "Leelawadee UI": 11,
    "Sarabun": 11,
    "Tahoma": 11,
    "Noto Sans Thai": 11,
    "Noto Sans Thai UI": 11,
    "Laksaman": 15,
    "Loma": 11,
    "Garuda": 11,
    "Waree": 11,
    "Thonburi": 12,
}
"""Fonts with Thai letters, the official one first, each with the size in points at which all are equally large."""

_OF_TK = ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkHeadingFont", "TkCaptionFont", "TkTooltipFont")
_LARGER, _LEAST = 3, 9
"""By how many points a title is larger, and the size below which nobody could read."""

_DOTS_AN_INCH = 96
"""Of a screen on which a distance is as it stands in the code."""

PAPER, INK, FAINT = "#ffffff", "#1f2933", "#52606d"
LINES: Mapping[str, str] = {"error": "#a61b1b", "warning": "#8a4b08", "note": "#1d4f91", "headline": "#1f2933"}
"""Colours of the headings of findings; all of them far enough from white to be read (WCAG, 7 to 1)."""

_KEYS = {65: "<<SelectAll>>", 67: "<<Copy>>", 86: "<<Paste>>", 88: "<<Cut>>", 90: "<<Undo>>"}
"""Keys by their place, A C V X Z: with a Thai keyboard they have other letters, by which Tk would ask in vain."""


@dataclass(frozen=True)
class Looks:
    """plain, bold, large: the fonts of the window. scale: how many dots of this screen are one of an ordinary
    screen."""

    plain: font.Font
    bold: font.Font
    large: font.Font
    scale: float

    def dots(self, distance: float) -> int:
        """A distance on this screen."""
        return round(distance * self.scale)

    def fit(self, root: tk.Tk, room: int) -> None:
        """Write smaller until the window has room on the screen. room: how high it may be, in dots."""
        root.update_idletasks()
        while root.winfo_reqheight() > room and int(self.plain.cget("size")) > _LEAST:
            smaller = int(self.plain.cget("size")) - 1
            for name in _OF_TK:
                font.nametofont(name, root).configure(size=smaller)
            self.bold.configure(size=smaller)
            self.large.configure(size=smaller + _LARGER)
            _measured(root, self)
            root.update_idletasks()


def sharp() -> None:
    """Tell Windows that we draw in its own dots, before the first window; it would blow a small picture up."""
    if sys.platform == "win32":
        import ctypes

        with suppress(AttributeError, OSError):  # before Windows 8.1
            ctypes.windll.shcore.SetProcessDpiAwareness(1)


def chosen(families: Collection[str]) -> tuple[str, int]:
    """The best font of those that are installed, and its size; Tk's own where none is known."""
    return next(((name, size) for name, size in FONTS.items() if name in families), ("TkDefaultFont", 11))


def dress(root: tk.Tk) -> Looks:
    """Give a window its fonts and styles."""
    family, size = chosen(font.families(root))
    if family == "TkDefaultFont":
        family = str(font.nametofont("TkDefaultFont", root).actual("family"))
    for name in _OF_TK:
        font.nametofont(name, root).configure(family=family, size=size)
    bold = font.Font(root, family=family, size=size, weight="bold", name="ItaBold")
    large = font.Font(root, family=family, size=size + _LARGER, weight="bold", name="ItaLarge")
    looks = Looks(font.nametofont("TkTextFont", root), bold, large, root.winfo_fpixels("1i") / _DOTS_AN_INCH)
    style = ttk.Style(root)
    if "vista" not in style.theme_names() and "aqua" not in style.theme_names():
        style.theme_use("clam")
    style.configure(".", font="TkDefaultFont")
    style.configure("TButton", padding=(looks.dots(10), looks.dots(1)))
    style.configure("Job.TButton", anchor="w")
    style.configure("Title.TLabel", font="ItaLarge")
    style.configure("Faint.TLabel", foreground=FAINT)
    style.configure("Group.TLabel", font="ItaBold")
    style.configure("Treeview.Heading", font="ItaBold")
    _measured(root, looks)
    root.option_add("*Menu.font", "TkMenuFont")
    root.bind_all("<Control-KeyPress>", _by_place, add=True)
    return looks


def _measured(root: tk.Tk, looks: Looks) -> None:
    """What Tk does not take from the font by itself."""
    ttk.Style(root).configure("Treeview", rowheight=looks.plain.metrics("linespace") + looks.dots(1))


def _by_place(event: tk.Event[tk.Misc]) -> None:
    """Copying and pasting with a Thai keyboard on Windows, where a key's code is its place."""
    if (sys.platform == "win32" and not event.keysym.isascii()) or event.keysym == "??":
        meant = _KEYS.get(event.keycode)
        if meant:
            event.widget.event_generate(meant)
