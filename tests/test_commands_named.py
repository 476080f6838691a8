"""Every text names commands that work where it is read."""

from __future__ import annotations

import sys

import pytest

from ita_xl import cli, data
from ita_xl.data import catalogue


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are read once; here they are read as on a Windows after `pip install --user`."""
    monkeypatch.setattr(data, "command", lambda: "py -m ita_xl")
    monkeypatch.setattr(data, "texts", data.texts.__wrapped__)
    monkeypatch.setattr(catalogue, "entries", catalogue.entries.__wrapped__)


def test_on_windows_findings_name_a_command_that_is_found() -> None:
    for code, entry in catalogue.entries().items():
        for text in entry.values():
            bare = text.replace("py -m ita_xl", "").replace("py -m pip", "")
            assert not any(f"ita-xl {name} " in f"{bare} " for name in cli.cli.commands), code
            assert "pip install" not in bare, code
    assert "py -m ita_xl addin install" in catalogue.entries()["E705"]["th_hint"]
    assert 'py -m pip install "ita-xl[parquet]"' in catalogue.entries()["E172"]["en_hint"]


def test_texts_for_the_command_line_do_too() -> None:
    assert "py -m ita_xl run" in data.texts("en")["imports.written"]


def test_what_stands_in_a_workbook_or_in_the_ribbon_names_what_works_on_windows_wherever_it_was_made() -> None:
    for key in ("ribbon.say.not_started", "lead.next_run", "lead.next_differing"):
        assert "ita-xl " not in data.texts("th")[key]


def test_the_name_of_a_package_is_no_command() -> None:
    assert data.callable_here("install ita-xl anew, or ita-xl run") == "install ita-xl anew, or py -m ita_xl run"


@pytest.mark.skipif(sys.platform == "win32", reason="there it hangs on what was installed, and how")
def test_elsewhere_the_program_has_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert data.command() == "ita-xl"
