"""What a button of the ribbon shows first: before anything is imported that takes long."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import calls
from ita_xl import begun
from ita_xl.data import say
from tests import excel_process

ONLY_ON_WINDOWS = pytest.mark.skipif(sys.platform != "win32", reason="only for Windows")


def printed(code: str) -> str:
    """What some lines print in a Python of their own."""
    return subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True).stdout


def test_the_first_sign_waits_for_nothing_else_of_ours() -> None:
    code = "import sys; before = {*sys.modules}; from ita_xl import begun; begun.tell([]);"
    loaded = printed(f"{code} print(*sorted({{*sys.modules}} - before))").split()
    assert loaded == ["__future__", "ita_xl", "ita_xl.begun"]


def test_the_program_gives_it_before_it_imports_its_commands() -> None:
    told = "lambda words: (print(words[1:], 'ita_xl.cli' in sys.modules), sys.exit())"
    code = f"import runpy, sys; from ita_xl import begun; begun.tell = {told};"
    assert printed(f"{code} sys.argv[1:] = ['attach']; runpy.run_module('ita_xl')") == "['attach'] False\n"


@pytest.mark.parametrize("window", [["--hwnd=12"], ["--hwnd=me"], ["12"], []])
def test_it_is_given_in_the_window_that_a_button_names(window: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[int, str]] = []
    monkeypatch.setattr(begun, "_show", lambda *told: shown.append(told))
    monkeypatch.setenv(begun.TEXT, "…")
    begun.tell(["attach", "validate", "--alert", *window])
    assert shown == ([(12, "…")] if window == ["--hwnd=12"] else [])
    assert begun.TEXT not in os.environ, "what the program starts is no button"


def test_xlwings_comes_without_the_libraries_for_values_that_nobody_gives_it() -> None:
    code = """
import sys
from ita_xl.domain.findings import Unusable
from ita_xl.engines.live import excel
try:
    excel.library()
except Unusable:
    pass
print("xlwings" in sys.modules, "pandas" in sys.modules, "numpy" in sys.modules)
import pandas
print(pandas.DataFrame({"a": [1]}).a.sum())
"""
    assert printed(code).split() == ["True", "False", "False", "1"]


@ONLY_ON_WINDOWS
def test_a_button_says_that_it_works_and_then_how_it_went(tmp_path: Path) -> None:
    """By COM from one process to another, as with Excel."""
    book = tmp_path / "ผล ปี=2565.xlsx"
    book.write_bytes(calls.SAMPLE.read_bytes())
    excel = excel_process.Process()
    excel.open(book)
    pressed = excel.press("validate")
    assert [what for what, _ in pressed.seen] == [excel_process.STATUS, excel_process.MESSAGE, excel_process.ENDED]
    assert excel.status == say("ribbon.say.begun"), "the macro takes it away"
    assert pressed.code == 0
