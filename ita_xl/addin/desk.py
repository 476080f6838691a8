"""The user's computer, as far as the add-in has to know it: folders, interpreter, registry, windows, shortcuts.

Everything else in this package asks a `Desk` and nothing else, so that tests can lay one out on any system.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ita_xl import log
from ita_xl.addin.build import NAME
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable

WINDOWS, MAC = "win32", "darwin"
VERBS = ("import", "validate", "compute", "report", "draft-mail", "hand-out", "collect", "next-year")
"""What `ita-xl attach` does; each has a button in the ribbon and an entry in the Start menu."""

_WINDOWS_STARTUP = Path("Microsoft", "Excel", "XLSTART")
_START_MENU = Path("Microsoft", "Windows", "Start Menu", "Programs")
_MAC_STARTUP = Path(
    "Library", "Group Containers", "UBF8T346G9.Office", "User Content.localized", "Startup.localized", "Excel"
)
_MOST_WINDOWS = 50
_LONGEST = 4096
"""Letters of a path that can be chosen."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of the Start menu: a program with its arguments."""

    program: Path
    arguments: str
    description: str


@dataclass(frozen=True)
class Desk:
    """system: as `sys.platform`. python, base: the interpreter that runs, and the installation behind it.

    registry: the values of a key ("HKCU\\Software\\...") by lower-case name, {} if there is none, None if it may
    not be read. excel_windows: for each main window of Excel whether it takes input. link: a shortcut's file.
    logs: the folder of this program's logs. choose: asks for a workbook in a window; None if none was chosen.
    """

    system: str
    environment: Mapping[str, str]
    python: Path
    base: Path
    registry: Callable[[str], Mapping[str, object] | None]
    excel_windows: Callable[[], Sequence[bool]]
    link: Callable[[Shortcut], bytes]
    logs: Path
    choose: Callable[[], Path | None] = lambda: None
    applications: Path = Path("/Applications")

    @property
    def home(self) -> Path:
        """The folder that all our files lie in. Raises `Unusable` where there is no Excel to add to."""
        name = {WINDOWS: "APPDATA", MAC: "HOME"}.get(self.system, "")
        if not self.environment.get(name):
            raise Unusable(Finding(Code.NO_STARTUP_FOLDER))
        return Path(self.environment[name])

    @property
    def addin(self) -> Path:
        """Where Excel looks for add-ins to load when it starts."""
        return self.home / (_WINDOWS_STARTUP if self.system == WINDOWS else _MAC_STARTUP) / NAME

    @property
    def windowless(self) -> Path:
        """The interpreter that opens no console."""
        return self.python.with_name("pythonw.exe") if self.system == WINDOWS else self.python

    @property
    def shortcuts(self) -> dict[Path, Shortcut]:
        """The Start menu's entries by file; they work also where Excel may start no program, or is not there."""
        if self.system != WINDOWS:
            return {}
        folder = self.home / _START_MENU / say("ribbon.tab")
        commands = {verb: f"attach {verb} --alert" for verb in VERBS}
        commands |= {"choose": "addin choose", "doctor": "addin doctor --alert"}
        entries = {}
        for name, command in commands.items():
            key = f"ribbon.{name.replace('-', '_')}"
            shortcut = Shortcut(self.windowless, f"-P -m ita_xl {command}", say(f"{key}_more"))
            entries[folder / f"{say(f'{key}_tip')}.lnk"] = shortcut
        return entries

    @property
    def note(self) -> Path:
        """Names the folders of Excel that were not there before us, for `uninstall`."""
        return self.home / ("ita_xl" if self.system == WINDOWS else ".ita_xl") / "folders.txt"

    @property
    def generated(self) -> Path:
        """What pywin32 wrote about Excel on our behalf."""
        return self.logs.parent / log.generated().name

    @property
    def mark_of_the_web(self) -> Path:
        """The stream beside the add-in by which Windows remembers that a file came from outside."""
        return Path(f"{self.addin}:Zone.Identifier")


def here() -> Desk:
    """The computer that this runs on."""
    return Desk(
        system=sys.platform,
        environment=os.environ,
        python=Path(sys.executable),
        base=Path(sys.base_prefix),
        registry=_registry,
        excel_windows=_excel_windows,
        link=_link,
        logs=log.folder(),
        choose=_choose,
    )


def _registry(key: str) -> Mapping[str, object] | None:
    if sys.platform != "win32":
        return {}
    import winreg

    hive, _, path = key.partition("\\")
    root = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}[hive]
    try:
        with winreg.OpenKey(root, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
            entries = [winreg.EnumValue(opened, n) for n in range(winreg.QueryInfoKey(opened)[1])]
    except FileNotFoundError:
        return {}
    except OSError:
        return None
    return {name.lower(): value for name, value, _ in entries}


def _excel_windows() -> Sequence[bool]:
    if sys.platform != "win32":
        return []
    import ctypes

    find, enabled = ctypes.windll.user32.FindWindowExW, ctypes.windll.user32.IsWindowEnabled
    find.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_wchar_p, ctypes.c_wchar_p]
    find.restype = ctypes.c_void_p
    enabled.argtypes = [ctypes.c_void_p]
    found: list[bool] = []
    window = None
    while len(found) < _MOST_WINDOWS and (window := find(None, window, "XLMAIN", None)):
        found.append(bool(enabled(window)))
    return found


def _choose() -> Path | None:
    if sys.platform != "win32":
        return None
    import win32con
    import win32gui

    flags = (
        win32con.OFN_EXPLORER | win32con.OFN_FILEMUSTEXIST | win32con.OFN_HIDEREADONLY | win32con.OFN_NOCHANGEDIR
    )
    kinds = f"{say('ribbon.say.workbooks')} (*.xlsx)\0*.xlsx\0"
    try:
        chosen, _, _ = win32gui.GetOpenFileNameW(
            Filter=kinds, Title=say("ribbon.choose_tip"), Flags=flags, MaxFile=_LONGEST, DefExt="xlsx"
        )
    except win32gui.error:  # nothing was chosen
        return None
    return Path(chosen)


def _link(shortcut: Shortcut) -> bytes:
    """Windows itself writes the file: its own format is the one thing that is sure to open.

    A .cmd would show a console, and a .vbs is what hardened computers forbid first.
    """
    if sys.platform != "win32":
        raise OSError("shortcuts are made by Windows")
    import pythoncom
    from win32com.shell import shell

    made = pythoncom.CoCreateInstance(
        shell.CLSID_ShellLink, None, pythoncom.CLSCTX_INPROC_SERVER, shell.IID_IShellLink
    )
    made.SetPath(str(shortcut.program))
    made.SetArguments(shortcut.arguments)
    made.SetDescription(shortcut.description)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.lnk"
        made.QueryInterface(pythoncom.IID_IPersistFile).Save(str(path), 0)
        return path.read_bytes()
