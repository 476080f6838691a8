"""The few Windows programs of the folder that no wheel has, made by Debian's cross compiler from a page of C."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from ita_xl import __version__
from ita_xl.data import say
from ita_xl.window.icon import ico
from tools.windows import machine

_SOURCE = Path(__file__).with_name("launch.c")
_TOOLS = "x86_64-w64-mingw32-"
_RESOURCES = """#include <winver.h>
1 ICON "ita.ico"
1 VERSIONINFO
FILEVERSION {numbers}
PRODUCTVERSION {numbers}
FILETYPE VFT_APP
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "040904B0"
    BEGIN
      VALUE "CompanyName", "ita_xl contributors"
      VALUE "FileDescription", "ita_xl"
      VALUE "FileVersion", "{version}"
      VALUE "InternalName", "{name}"
      VALUE "LegalCopyright", "MIT"
      VALUE "OriginalFilename", "{name}"
      VALUE "ProductName", "ita_xl"
      VALUE "ProductVersion", "{version}"
    END
  END
  BLOCK "VarFileInfo"
  BEGIN
    VALUE "Translation", 0x409, 1200
  END
END
"""


def missing() -> str:
    """What keeps this computer from making them; empty if nothing does."""
    return "" if shutil.which(f"{_TOOLS}gcc") and shutil.which(f"{_TOOLS}windres") else "gcc-mingw-w64-x86-64-posix"


def make(folder: Path) -> None:
    """Put all programs where they belong. folder: the whole; its part `python` has the interpreter's library."""
    with tempfile.TemporaryDirectory() as spare:
        room = Path(spare)
        _write_words(room / "words.h")
        (room / "ita.ico").write_bytes(ico())
        _program(room, folder / "ITA.exe", ("-mwindows", "-DWINDOWED"), " window", "pythonw.exe")
        _program(room, folder / "ita-xl.exe", (), "", "python.exe")
        _program(room, folder / "python" / "pythonw.exe", ("-mwindows", "-DWINDOWED", "-DINSIDE"))
        _program(room, folder / "python" / "python.exe", ("-DINSIDE",))
    machine.make_forwarder(folder / "python" / "python3.dll", folder / "python" / "python311.dll")


def _program(room: Path, target: Path, how: tuple[str, ...], words: str = "", behind: str = "") -> None:
    version = re.match(r"(\d+)\.(\d+)\.(\d+)", __version__)
    assert version
    text = _RESOURCES.format(numbers=",".join((*version.groups(), "0")), version=__version__, name=target.name)
    (room / "about.rc").write_text(text, encoding="ascii")
    _run(room, f"{_TOOLS}windres", "about.rc", "about.o")
    defined = (f'-DWORDS=L"{words}"', f'-DBEHIND=L"{behind}"')
    _run(
        room,
        f"{_TOOLS}gcc",
        "-municode",
        *how,
        *machine.REPRODUCIBLE,
        *defined,
        f"-I{room}",
        str(_SOURCE),
        "about.o",
        "-o",
        str(target),
    )


def _write_words(path: Path) -> None:
    """The sentences of the programs, as C has them."""
    named = {"TITLE": "live.title", "NOT_WHOLE": "window.not_whole", "FORBIDDEN": "window.forbidden"}
    lines = [f'#define {name} L"{_escaped(say(key))}"\n' for name, key in named.items()]
    path.write_text("".join(lines), encoding="ascii")


def _escaped(text: str) -> str:
    return "".join(
        letter
        if letter.isascii() and letter not in '"\\\n'
        else f"\\u{ord(letter):04x}"
        if letter > "\x9f"
        else f"\\{ord(letter):03o}"
        for letter in text
    )


def _run(room: Path, *command: str) -> None:
    subprocess.run(command, cwd=room, check=True)
