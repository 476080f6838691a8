"""Docs that cannot rot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ita_xl import __version__, cli
from ita_xl.data import catalogue, command, texts
from tools import cli_reference

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SOURCE = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "ita_xl").rglob("*.py"))


@pytest.mark.skipif(command() != "ita-xl", reason="commands are called otherwise here than the reference says")
@pytest.mark.parametrize("lang", cli_reference.FILES)
def test_the_command_reference_is_current_in_both_languages(lang: str) -> None:
    assert cli_reference.FILES[lang].read_text(encoding="utf-8") == cli_reference.reference(lang)


@pytest.mark.parametrize("name", cli.cli.commands)
def test_the_readme_shows_every_command(name: str) -> None:
    assert f"ita-xl {name}" in README


def test_every_finding_is_raised_somewhere_and_every_raised_one_is_in_the_catalogue() -> None:
    raised = set(re.findall(r'"([EWI]\d{3})"', SOURCE))
    assert raised == set(catalogue.entries())


def test_every_text_that_code_names_exists_and_every_sentence_is_used() -> None:
    named = set(re.findall(r'say\(\s*f?"([a-z_.0-9]+)"', SOURCE))
    known = set(texts("th"))
    assert {key for key in named if "{" not in key} <= known
    sentences = {k for k in known if k.split(".")[0] in ("summary", "analysis", "years") and k.count(".") == 1}
    fixed = {k for k in sentences if re.search(r"\.(title|howto|heading_\w+|chart_\w+)$", k)}
    assert {k for k in sentences - fixed if k not in named and not _composed(k)} == set()


def _composed(key: str) -> bool:
    """Keys that code puts together, such as summary.rose from the sign of a change."""
    return key.split(".")[1] in ("rose", "fell", "same", "instrument", "indicator", "sub_indicator") or (
        f'"{key}"' in SOURCE or f'"{key}' in SOURCE
    )


def test_both_languages_say_the_same_things_on_the_command_line_and_over_many_agencies() -> None:
    def keys(lang: str) -> set[str]:
        known = ("cli.", "checked.", "losses.", "doctor.", "live.", "mail.", "mailing.", "batch.", "portfolio.")
        return {k for k in texts(lang) if k.startswith(known)}

    assert keys("th") == keys("en")


def test_the_changelog_knows_this_version() -> None:
    assert f"## {__version__} (" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_readme_promises_two_commands_that_exist() -> None:
    commands = re.findall(r"^python3 dev\.py (\w+)", README, re.MULTILINE)
    assert commands == ["demo", "test"]
    dev = (ROOT / "dev.py").read_text(encoding="utf-8")
    assert all(f"def {command}()" in dev for command in commands)
