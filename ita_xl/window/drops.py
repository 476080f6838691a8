"""Files that are dragged from a folder onto the window; tkdnd knows how on each system, where it comes along."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path


def accept(root: tk.Tk, dropped: Callable[[Sequence[Path]], None]) -> bool:
    """Take files that are dropped anywhere on a window. Gives whether this system can; there is a button too.

    dropped: what is called with them.
    """
    try:
        from tkinterdnd2 import DND_FILES, TkinterDnD

        TkinterDnD._require(root)

        def arrived(names: str) -> str:
            dropped([Path(name) for name in root.tk.splitlist(names)])
            return "copy"

        root.tk.call("tkdnd::drop_target", "register", root, DND_FILES)
        root.tk.call("bind", root, "<<Drop>>", f"{root.register(arrived)} %D")
    except (ImportError, AttributeError, OSError, RuntimeError, tk.TclError):
        return False
    return True
