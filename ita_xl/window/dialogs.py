"""Windows over the window: a question with its table, and what a new workbook is asked for."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import font, ttk

from ita_xl.data import profiles, say
from ita_xl.window.looks import Looks
from ita_xl.window.tasks import Question

_ROWS = 16
_WIDEST, _NARROWEST = 320, 70


class Dialog(tk.Toplevel):
    """A window that has to be answered before anything else. Escape is the button that changes nothing."""

    def __init__(self, parent: tk.Misc, title: str, looks: Looks) -> None:
        super().__init__(parent)
        self.withdraw()
        self.title(title)
        self.looks = looks
        self.transient(parent.winfo_toplevel())
        self.body = ttk.Frame(self, padding=looks.dots(12))
        self.body.pack(fill="both", expand=True)
        self.buttons = ttk.Frame(self.body)
        self.buttons.pack(side="bottom", fill="x", pady=(looks.dots(10), 0))
        self.protocol("WM_DELETE_WINDOW", self.left)
        self.bind("<Escape>", lambda event: self.left())

    def button(self, key: str, command: Callable[[], None], *, default: bool = False) -> ttk.Button:
        """A button at the end of the dialog; Enter presses the default one, and any other that has the focus."""
        made = ttk.Button(self.buttons, text=say(f"window.{key}"), command=command)
        made.pack(side="right", padx=(self.looks.dots(8), 0))
        made.bind("<Return>", lambda event: made.invoke())
        if default:
            made.configure(default="active")
        return made

    def show(self, first: tk.Widget) -> None:
        """Put it over the middle of its parent, and the focus where it begins."""
        self.update_idletasks()
        over = self.master.winfo_toplevel()
        left = over.winfo_rootx() + (over.winfo_width() - self.winfo_reqwidth()) // 2
        top = over.winfo_rooty() + (over.winfo_height() - self.winfo_reqheight()) // 3
        self.geometry(f"+{max(0, left)}+{max(0, top)}")
        self.deiconify()
        self.wait_visibility()
        self.grab_set()
        first.focus_set()

    def left(self) -> None:
        """It was closed without an answer."""
        self.destroy()


class Asking(Dialog):
    """A question with its table. answered: what is called with the answer."""

    def __init__(self, parent: tk.Misc, question: Question, looks: Looks, answered: Callable[[bool], None]) -> None:
        super().__init__(parent, question.title, looks)
        self._answered = answered
        self.no = self.button("no", self.left)
        self.yes = self.button("yes", lambda: self._answer(True))
        wide = min(looks.dots(1000), int(self.winfo_screenwidth() * 0.85))
        text = ttk.Label(self.body, text=question.text, wraplength=wide)
        text.pack(side="bottom", fill="x", pady=(looks.dots(10), 0))
        self.table: ttk.Treeview | None = None
        if question.rows:
            self.table = self._filled(question, wide)
        self.show(self.table or self.no)

    def _filled(self, question: Question, wide: int) -> ttk.Treeview:
        frame = ttk.Frame(self.body, width=wide)
        frame.pack(fill="both", expand=True)
        names = [str(number) for number in range(len(question.heads))]
        line = font.nametofont("TkTextFont", self).metrics("linespace")
        height = min(len(question.rows), _ROWS, int(self.winfo_screenheight() * 0.45 / line))
        table = ttk.Treeview(frame, columns=names, show="headings", height=height, selectmode="browse")
        for name, head in zip(names, question.heads, strict=True):
            table.heading(name, text=head, anchor="w")
        for name, width in zip(names, self._widths(question, wide), strict=True):
            table.column(name, width=width, minwidth=self.looks.dots(_NARROWEST), stretch=False)
        for row in question.rows:
            table.insert("", "end", values=[" ".join(cell.split()) for cell in row])
        down = ttk.Scrollbar(frame, orient="vertical", command=table.yview)
        across = ttk.Scrollbar(frame, orient="horizontal", command=table.xview)
        table.configure(yscrollcommand=down.set, xscrollcommand=across.set)
        table.grid(row=0, column=0, sticky="nsew")
        down.grid(row=0, column=1, sticky="ns")
        across.grid(row=1, column=0, sticky="ew")
        frame.columnconfigure(0, weight=1)
        frame.rowconfigure(0, weight=1)
        return table

    def _widths(self, question: Question, wide: int) -> Sequence[int]:
        """As wide as what stands in each column, within limits, and the last one takes what is left."""
        letters, margin = font.nametofont("TkTextFont", self), self.looks.dots(18)
        columns = zip(question.heads, *question.rows, strict=True)
        needed = [max(letters.measure(" ".join(cell.split())) for cell in column) + margin for column in columns]
        widths = [min(max(width, self.looks.dots(_NARROWEST)), self.looks.dots(_WIDEST)) for width in needed]
        widths[-1] = max(widths[-1], wide - sum(widths[:-1]) - margin)
        return widths

    def left(self) -> None:
        self._answer(False)

    def _answer(self, yes: bool) -> None:
        self.destroy()
        self._answered(yes)


@dataclass(frozen=True)
class Wanted:
    """What a new workbook is to be of."""

    year: int
    agency: str
    province: str


class Beginning(Dialog):
    """What a new workbook is asked for. chosen: what is called with it."""

    def __init__(self, parent: tk.Misc, looks: Looks, year: int, chosen: Callable[[Wanted], None]) -> None:
        super().__init__(parent, say("window.new"), looks)
        self._chosen = chosen
        ttk.Label(self.body, text=say("window.new_lead"), wraplength=looks.dots(460)).pack(fill="x")
        fields = ttk.Frame(self.body)
        fields.pack(fill="x", pady=(looks.dots(8), 0))
        fields.columnconfigure(1, weight=1)
        years = [str(known) for known in sorted(profiles.years(), reverse=True)]
        self.year = ttk.Combobox(fields, values=years, state="readonly", width=8, height=len(years))
        self.year.set(str(year))
        self.agency, self.province = ttk.Entry(fields, width=44), ttk.Entry(fields, width=44)
        labels = (say("window.year"), say("home.labels.agency"), say("home.labels.province"))
        for row, (label, field) in enumerate(zip(labels, (self.year, self.agency, self.province), strict=True)):
            ttk.Label(fields, text=label).grid(row=row, column=0, sticky="w", padx=(0, looks.dots(10)))
            field.grid(row=row, column=1, sticky="w" if field is self.year else "ew", pady=looks.dots(3))
            field.bind("<Return>", lambda event: self.go_on())
        self.missing = ttk.Label(self.body, foreground="#a61b1b")
        self.missing.pack(fill="x")
        self.button("cancel", self.left)
        self.make = self.button("choose_place", self.go_on, default=True)
        self.show(self.agency)

    def go_on(self) -> None:
        """Take what was typed, if there is an agency."""
        agency = " ".join(self.agency.get().split())
        if not agency:
            self.missing.configure(text=say("window.needs_agency"))
            self.agency.focus_set()
            return
        wanted = Wanted(int(self.year.get()), agency, " ".join(self.province.get().split()))
        self.destroy()
        self._chosen(wanted)
