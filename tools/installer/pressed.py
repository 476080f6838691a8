"""Run by the folder's own Python: the window with a workbook, its buttons pressed, and what it then says."""

from __future__ import annotations

import sys
import time
import tkinter as tk
from pathlib import Path

from ita_xl.window.view import Hands, Window

PATIENCE = 300


def main() -> None:
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    root, opened = tk.Tk(), list[Path]()
    window = Window(root, Hands(open_it=opened.append))
    root.update()
    print("dropping:", bool(root.tk.call("bind", ".", "<<Drop>>")))
    print("font:", window.looks.plain.actual("family"), window.looks.plain.cget("size"))
    window.take([Path(sys.argv[1])])
    for job in sys.argv[2:]:
        window.buttons[job].invoke()
        end, turns = time.monotonic() + PATIENCE, 0
        while window.session.job and time.monotonic() < end:
            root.update()
            time.sleep(0.01)
            turns += 1
        root.update()
        print(f"{job}: alive for {turns} turns, then:", window.results.text.get("1.0", "end").splitlines()[:2])
    root.destroy()


main()
