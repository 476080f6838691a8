"""The window itself: widgets, keys, and what is called when they are used. What is done is in `tasks`."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tkinter import filedialog, messagebox, ttk
from types import TracebackType

from platformdirs import user_documents_path

from ita_xl.data import say
from ita_xl.window import drops, icon, looks, opening, tasks
from ita_xl.window.dialogs import Asking, Beginning, Wanted
from ita_xl.window.results import Results
from ita_xl.window.session import Asked, Session
from ita_xl.window.tasks import SIMPLE, Done, Task

_LOOKED = 60
"""Milliseconds between two looks at what a task has to say."""

_SHARE = 0.86
"""Of the height of the screen: the rest is for the taskbar and the window's title."""

_STEP = 12
"""Milliseconds between two steps of the bar."""

_GROUPS = {
    "work": ("import", "validate", "compute"),
    "result": ("report", "draft_mail"),
    "year": ("hand_out", "collect"),
    "more": ("next_year",),
}
"""The buttons as they stand in the ribbon."""

_TAB = "excel_tab"
_ALONE = ("choose", "new", _TAB)
"""What needs no workbook."""

KEYS = {
    "choose": "F2",
    "new": "F3",
    "import": "F4",
    "validate": "F5",
    "compute": "F6",
    "report": "F7",
    "draft_mail": "F8",
    "hand_out": "F9",
    "collect": "F11",
    "next_year": "F12",
}
"""Keys that are the same on a Thai and a Latin keyboard. F10 is the menu's on Windows."""

_WORKBOOKS = (".xlsx", ".xlsm")
_SOURCES = "*.xlsx *.xlsm *.xls *.ods *.csv *.txt *.html *.htm *.mht *.docx *.pdf"


@dataclass
class Hands:
    """What needs a person or the desk, so that tests can stand in for both. Each `choose_` gives nothing where it
    was cancelled."""

    choose_workbook: Callable[[], str] = lambda: filedialog.askopenfilename(
        title=say("window.choose_title"), filetypes=[(say("window.workbooks"), "*.xlsx *.xlsm")]
    )
    choose_sources: Callable[[], Sequence[str]] = lambda: filedialog.askopenfilenames(
        title=say("window.sources_title"), filetypes=[(say("window.sources"), _SOURCES), (say("window.all"), "*")]
    )
    choose_forms: Callable[[], Sequence[str]] = lambda: filedialog.askopenfilenames(
        title=say("window.forms_title"), filetypes=[(say("window.workbooks"), "*.xlsx *.xlsm")]
    )
    choose_place: Callable[[str], str] = lambda name: filedialog.asksaveasfilename(
        title=say("window.place_title"),
        initialfile=name,
        initialdir=user_documents_path(),
        defaultextension=".xlsx",
        filetypes=[(say("window.workbooks"), "*.xlsx")],
        confirmoverwrite=False,  # nothing is ever replaced, so nobody must be asked whether to
    )
    sure: Callable[[str], bool] = lambda text: messagebox.askyesno(say("live.title"), text, default="no")
    open_it: Callable[[Path], None] = opening.open_it


class Window:
    """root: Tk's window. The rest are the widgets that tests press and read."""

    def __init__(self, root: tk.Tk, hands: Hands | None = None) -> None:
        self.root, self.hands, self.session = root, hands or Hands(), Session()
        self.dialog: Asking | Beginning | None = None
        self._doing = ""
        root.title(say("live.title"))
        root.iconphoto(True, *(tk.PhotoImage(data=icon.png(size), master=root) for size in (48, 32, 16)))
        root.report_callback_exception = self._slipped
        root.protocol("WM_DELETE_WINDOW", self.close)
        self.looks = looks.dress(root)
        self.buttons: dict[str, ttk.Button] = {}
        self._build()
        self._sized()
        drop = say("window.drop") if drops.accept(root, self.dropped) else say("window.lead")
        self.results.show(Done(closing=drop))
        self._refresh()
        root.after(_LOOKED, self._look)

    # ---- widgets ----

    def _build(self) -> None:
        dots = self.looks.dots
        whole = ttk.Frame(self.root, padding=dots(10))
        whole.pack(fill="both", expand=True)
        top = ttk.Frame(whole)
        top.pack(fill="x")
        for name, command in (("choose", self.choose), ("new", self.begin), ("open", self._open_workbook)):
            self._button(top, name, say(f"window.{name}"), command).pack(side="left", padx=(0, dots(8)))
        tab = self._button(top, _TAB, _name(_TAB), partial(self.do, _TAB))
        tab.pack(side="right")
        self._explained(tab, say("window.excel_tab_tip"))
        row = ttk.Frame(whole)
        row.pack(fill="x", pady=dots(4))
        self.chosen = ttk.Label(row, style="Title.TLabel")
        self.chosen.pack(side="left")
        self.place = ttk.Label(row, style="Faint.TLabel")
        self.place.pack(side="left", padx=dots(10))
        bottom = ttk.Frame(whole)
        bottom.pack(side="bottom", fill="x", pady=(dots(6), 0))
        self.bar = ttk.Progressbar(bottom, mode="indeterminate", length=dots(180))
        self.status = ttk.Label(bottom, style="Faint.TLabel", anchor="w")
        self.status.pack(side="left", fill="x", expand=True)
        side = ttk.Frame(whole)
        side.pack(side="left", fill="y", padx=(0, dots(10)))
        for group, jobs in _GROUPS.items():
            ttk.Label(side, text=say(f"ribbon.{group}"), style="Group.TLabel").pack(fill="x")
            for job in jobs:
                made = self._button(side, job, _name(job), partial(self.do, job))
                made.configure(style="Job.TButton")
                made.pack(fill="x", pady=dots(1))
                self._explained(made, say(f"ribbon.{job}_tip"))
        self.results = Results(whole, self.looks, self._open)
        self.results.pack(side="left", fill="both", expand=True)
        self.menus = {
            "import": self._menu("import", self.import_files, self.import_copied),
            "collect": self._menu("collect", self.collect, self.collect_chosen),
            _TAB: self._menu(
                _TAB,
                partial(self.start, _TAB, tasks.install_ribbon),
                partial(self.start, _TAB, tasks.examine_ribbon),
                partial(self.start, _TAB, tasks.remove_ribbon),
            ),
        }

    def _button(self, parent: ttk.Frame, name: str, text: str, command: Callable[[], None]) -> ttk.Button:
        key = KEYS.get(name, "")
        made = ttk.Button(parent, text=f"{text}  ({key})" if key else text, command=command)
        made.bind("<Return>", lambda event: made.invoke())
        if key:
            self.root.bind(f"<{key}>", lambda event: made.invoke())
        self.buttons[name] = made
        return made

    def _menu(self, job: str, *ways: Callable[[], object]) -> tk.Menu:
        """The ways in which something is done."""
        made = tk.Menu(self.root, tearoff=False)
        for name, command in zip(("first", "second", "third"), ways, strict=False):
            made.add_command(label=say(f"window.{job}_{name}"), command=command)
        return made

    def _explained(self, widget: ttk.Button, text: str) -> None:
        """What a button does, in the last line while it is looked at."""
        for event in ("<Enter>", "<FocusIn>"):
            widget.bind(event, lambda _: None if self.session.job else self.status.configure(text=text), add=True)
        widget.bind("<Leave>", lambda _: None if self.session.job else self.status.configure(text=""), add=True)

    def _sized(self) -> None:
        """As large as is good to read, and never larger than the screen has room for."""
        across, down = self.root.winfo_screenwidth(), self.root.winfo_screenheight()
        self.looks.fit(self.root, int(down * _SHARE))
        least = (
            min(self.root.winfo_reqwidth() + self.looks.dots(360), across),
            min(self.root.winfo_reqheight(), down),
        )
        width = max(least[0], min(self.looks.dots(1120), int(across * 0.9)))
        height = max(least[1], min(self.looks.dots(700), int(down * _SHARE)))
        self.root.geometry(f"{width}x{height}+{max(0, (across - width) // 2)}+{max(0, (down - height) // 4)}")
        self.root.minsize(min(least[0], self.looks.dots(700)), min(least[1], self.looks.dots(480)))

    # ---- which workbook ----

    def choose(self) -> None:
        """Ask which workbook."""
        if name := self.hands.choose_workbook():
            self.take([Path(name)])

    def dropped(self, paths: Sequence[Path]) -> None:
        """Take what was dropped onto the window; results as files that are no workbook are imported."""
        if self.session.job or self.dialog:
            self.root.bell()
        elif self.session.workbook and not any(path.suffix.lower() in _WORKBOOKS for path in paths):
            self.start("import", lambda ask: tasks.import_files(self._workbook, paths, ask))
        else:
            self.take(paths)

    def take(self, paths: Sequence[Path]) -> None:
        """Go on with the first workbook of these files."""
        workbooks = [path for path in paths if path.suffix.lower() in _WORKBOOKS] or list(paths)
        if workbooks and not self.session.job:
            self.session.workbook = workbooks[0]
            self.results.show(Done(closing=say("window.chosen", file=workbooks[0].name)))
            self._refresh()

    def begin(self) -> None:
        """Ask for the year and the agency of a new workbook."""
        if not self.session.job:
            self.dialog = Beginning(self.root, self.looks, tasks.year_of_results(), self._begun)
            self.dialog.bind("<Destroy>", self._left, add=True)

    def _begun(self, wanted: Wanted) -> None:
        name = self.hands.choose_place(f"ITA-{wanted.year}.xlsx")
        if name:
            about = {"agency": wanted.agency, "province": wanted.province}
            self.start("new", lambda ask: tasks.new(Path(name), wanted.year, about))  # type: ignore[arg-type]

    @property
    def _workbook(self) -> Path:
        assert self.session.workbook
        return self.session.workbook

    # ---- what is done with it ----

    def do(self, job: str) -> None:
        """What a button says."""
        if job in SIMPLE:
            self.start(job, partial(SIMPLE[job], self._workbook))
        else:
            button = self.buttons[job]
            self.menus[job].tk_popup(button.winfo_rootx(), button.winfo_rooty() + button.winfo_height())

    def import_files(self) -> None:
        """Import from files that are asked for."""
        if paths := [Path(name) for name in self.hands.choose_sources()]:
            self.start("import", lambda ask: tasks.import_files(self._workbook, paths, ask))

    def import_copied(self) -> None:
        """Import what the clipboard holds."""
        try:
            copied = self.root.clipboard_get()
        except tk.TclError:  # nothing, or a picture
            copied = ""
        self.start("import", lambda ask: tasks.import_copied(self._workbook, copied, ask))

    def collect(self) -> None:
        """Collect the forms that lie beside the workbook."""
        self.start("collect", lambda ask: tasks.collect(self._workbook, [], ask))

    def collect_chosen(self) -> None:
        """Collect forms that are asked for."""
        if paths := [Path(name) for name in self.hands.choose_forms()]:
            self.start("collect", lambda ask: tasks.collect(self._workbook, paths, ask))

    def start(self, job: str, task: Task) -> None:
        """Begin a task; the window stays alive meanwhile."""
        if self.session.start(job, task):
            path, name = self.session.workbook, _name(job)
            self._doing = name if path is None or job in _ALONE else f"{name}: {path.name}"
            self.results.show(Done())
            self.bar.pack(side="right", padx=(self.looks.dots(10), 0))
            self.bar.start(_STEP)
            self._refresh()

    def _look(self) -> None:
        """What the task has to say, and how long it has been at work."""
        for event in self.session.pending():
            if isinstance(event, Asked):
                self.bar.stop()
                self.dialog = Asking(self.root, event.question, self.looks, self._answered)
            else:
                self.bar.stop()
                self.bar.pack_forget()
                self.status.configure(text="")
                self._refresh()
                self.results.show(event.done)
        if self.session.job and not self.dialog:
            self.status.configure(text=say("window.working", job=self._doing, seconds=self.session.seconds))
        self.root.after(_LOOKED, self._look)

    def _answered(self, yes: bool) -> None:
        self.dialog = None
        self.bar.start(_STEP)
        self.session.answer(yes)

    def _left(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self.dialog:
            self.dialog = None

    def _refresh(self) -> None:
        """Which workbook is chosen, and which buttons can be pressed."""
        path, idle = self.session.workbook, not self.session.job
        self.chosen.configure(text=path.name if path else say("window.none"))
        self.place.configure(text=str(path.parent) if path else say("window.none_hint"))
        self.root.title(f"{path.name} - {say('live.title')}" if path else say("live.title"))
        for name, button in self.buttons.items():
            free = idle and (path is not None or name in _ALONE)
            button.state(["!disabled" if free else "disabled"])

    # ---- opening, closing, failing ----

    def _open_workbook(self) -> None:
        self._open(self._workbook)

    def _open(self, path: Path) -> None:
        try:
            self.hands.open_it(path)
        except OSError as error:
            self.results.show(Done(closing=say("window.cannot_open", file=path.name, detail=error.strerror or "-")))

    def close(self) -> None:
        """Close it; while a task runs only if that is meant."""
        if not self.session.job or self.hands.sure(say("window.still_working")):
            self.root.destroy()

    def _slipped(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """A mistake of ours in the window itself."""
        self.results.show(tasks.failed(error, kind.__name__))


def _name(job: str) -> str:
    """What a job is called."""
    return say(f"window.{job}" if job in _ALONE else f"ribbon.{job}")


def start(paths: Sequence[Path]) -> None:
    """Open the window and stay until it is closed. paths: of a workbook, as given by the desk. Raises `TclError`
    where there is no display."""
    looks.sharp()
    window = Window(tk.Tk(className="ita_xl"))
    window.take(paths)
    window.root.mainloop()
