"""What can be said of the folder for Windows without making it: `python3 dev.py installer` makes and tries it."""

from __future__ import annotations

import importlib.util
import marshal
import os
import struct
import subprocess
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest

from ita_xl.data import say
from ita_xl.window import icon
from tools.installer import folder, programs, proof, wheels


def test_all_that_the_program_needs_on_windows_is_pinned_with_its_hashes_and_nothing_of_the_tests() -> None:
    needed, lines = wheels.needed(), wheels.pinned()
    assert {"pywin32", "colorama", "tzdata", "tkinterdnd2", "typst", "lxml", "numpy", wheels.INTERPRETER} <= needed
    assert not {"pytest", "mypy", "hypothesis", "pyarrow", "distributed"} & needed
    assert all("--hash=sha256:" in lines[name] for name in needed)


def test_equal_content_gives_an_equal_zip() -> None:
    content = [("ก/a.py", b"x = 1\n"), ("b.txt", b"b")]
    assert folder.packed(content) == folder.packed(content)
    with zipfile.ZipFile(BytesIO(folder.packed(content))) as package:
        assert package.namelist() == ["ก/a.py", "b.txt"]
        assert {entry.date_time for entry in package.infolist()} == {(2026, 1, 1, 0, 0, 0)}


def test_a_compiled_module_is_taken_without_asking_for_its_source() -> None:
    code = folder._compiled(b"answer = 42\n", "module.py")
    assert code is not None and code[:4] == importlib.util.MAGIC_NUMBER
    assert struct.unpack("<I", code[4:8])[0] == 0b01
    found: dict[str, object] = {}
    exec(marshal.loads(code[16:]), found)
    assert found["answer"] == 42
    assert folder._compiled(b"print 'of another Python'", "old.py") is None


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("pandas/tests/test_a.py", False),
        ("pandas/_testing/__init__.py", True),
        ("numpy/testing/__init__.py", True),
        ("numpy/testing/tests/a.py", False),
        ("win32comext/shell/shell.pyd", True),
        ("win32comext/mapi/mapi.pyd", False),
        ("tkinterdnd2/tkdnd/win-x64/tkdnd.tcl", True),
        ("tkinterdnd2/tkdnd/linux-x64/tkdnd.tcl", False),
        ("tkinterdnd2/TkinterDnD.py", True),
        ("ita_xl/data/texts/th.toml", True),
        ("ita_xl/addin/source/ThisWorkbook.cls", True),
        ("docx/templates/default.docx", True),
        ("xlwings/pro/udfs_officejs.py", True),
    ],
)
def test_of_the_packages_only_what_never_runs_is_left_out(name: str, kept: bool) -> None:
    wanted = not folder._NOT_WANTED.fullmatch(name) or bool(folder._SHELL.fullmatch(name))
    assert wanted is kept


def test_sentences_of_the_programs_are_thai_in_plain_letters() -> None:
    for key in ("window.not_whole", "window.forbidden", "live.title"):
        escaped = programs._escaped(say(key))
        assert escaped.isascii() and escaped.encode().decode("unicode_escape") == say(key)


def test_the_programs_can_be_made(tmp_path: Path) -> None:
    if programs.missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{programs.missing()} is not installed")
    (tmp_path / "about").mkdir()
    made = list[bytes]()
    for name in ("first.exe", "second.exe"):
        programs._write_words(tmp_path / "about" / "words.h")
        (tmp_path / "about" / "ita.ico").write_bytes(icon.ico())
        programs._program(
            tmp_path / "about", tmp_path / name, ("-mwindows", "-DWINDOWED"), " window", "pythonw.exe"
        )
        made.append((tmp_path / name).read_bytes())
    assert made[0][:2] == b"MZ" and "pythonw.exe".encode("utf-16-le") in made[0]
    told = subprocess.run(
        ["x86_64-w64-mingw32-objdump", "-p", str(tmp_path / "first.exe")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    asked = [line.split()[-1].lower() for line in told.splitlines() if "DLL Name:" in line]
    assert asked and all(proof._OF_WINDOWS.fullmatch(name) for name in asked)


def test_the_picture_is_a_png_of_every_size() -> None:
    for size in (16, 48):
        made = icon.png(size)
        assert made.startswith(b"\x89PNG") and struct.unpack(">II", made[16:24]) == (size, size)
        at = made.index(b"IDAT")
        length = struct.unpack(">I", made[at - 4 : at])[0]
        assert len(zlib.decompress(made[at + 4 : at + 4 + length])) == size * (4 * size + 1)
    assert struct.unpack("<HHH", icon.ico()[:6]) == (0, 1, 4)
