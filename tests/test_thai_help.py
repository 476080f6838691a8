"""Help, usage and errors of the command line: which language is spoken when, and that none lacks a text."""

from __future__ import annotations

import gettext
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ita_xl import cli
from ita_xl.cli import helping, language
from ita_xl.data import command as called
from ita_xl.domain.thai import tidy
from tests.conftest import Ita
from tools import catalogue


def commands(command: click.Command = cli.cli, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by the words behind the program's name."""
    yield path, command
    for name, child in command.commands.items() if isinstance(command, click.Group) else ():
        yield from commands(child, f"{path} {name}".strip())


COMMANDS = dict(commands())


def params(path: str) -> list[click.Parameter]:
    """What a command takes, as its help shows it."""
    return [param for param in COMMANDS[path].params if not getattr(param, "hidden", False)]


def width(line: str) -> int:
    """How many columns of a terminal a line takes."""
    return sum(not unicodedata.combining(c) and unicodedata.category(c) != "Mn" for c in line)


def is_thai(text: str) -> bool:
    return any("ก" <= letter <= "๙" for letter in text)


# ---- which language ----


@pytest.mark.parametrize(
    ("words", "variable", "system", "spoken"),
    [
        ("check x", "", "", "th"),
        ("check x", "", "C.UTF-8", "th"),
        ("check x", "", "POSIX", "th"),
        ("check x", "", "th_TH.UTF-8", "th"),
        ("check x", "", "de_DE.UTF-8", "th"),
        ("check x", "", "en_US.UTF-8", "en"),
        ("check x", "", "English_United States.1252", "en"),
        ("check x", "th", "en_US.UTF-8", "th"),
        ("check x", "EN", "th_TH.UTF-8", "en"),
        ("check x", "fr", "en_GB", "en"),
        ("check x --lang th", "en", "en_US.UTF-8", "th"),
        ("--lang en check x", "th", "th_TH", "en"),
        ("check --lang=en x", "", "", "en"),
        ("--lang en check x --lang th", "", "", "th"),
        ("check x --lang fr", "", "", "th"),
        ("check -- --lang en", "", "", "th"),
        ("attach compute --alert", "", "en_US.UTF-8", "th"),
        ("attach compute --alert", "en", "th_TH.UTF-8", "en"),
    ],
)
def test_the_line_decides_then_the_variable_then_an_english_system(
    monkeypatch: pytest.MonkeyPatch, words: str, variable: str, system: str, spoken: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ITA_XL_LANG", variable)
    monkeypatch.setenv("LANG", system)
    assert language.of(words.split()) == spoken


def test_the_first_of_the_systems_variables_that_says_something_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.setenv("LC_MESSAGES", "th_TH.UTF-8")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert language.of([]) == "th"
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert language.of([]) == "en"


def test_every_command_follows(ita: Ita, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ITA_XL_LANG", "en")
    assert "was not found" in ita("check", tmp_path / "x.xlsx").err
    assert "ไม่พบแฟ้ม" in ita("--lang", "th", "check", tmp_path / "x.xlsx").err
    assert "the name is empty" in ita("check", "").err


def test_what_gettext_is_told_ends_with_the_line(ita: Ita, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    ita("--help")
    assert (os.environ["LANGUAGE"], gettext.textdomain(), language.current()) == ("de", "messages", "th")
    monkeypatch.delenv("LANGUAGE")
    ita("--help", "--lang", "en")
    assert "LANGUAGE" not in os.environ


# ---- help ----


def test_every_command_argument_and_option_has_a_thai_text_and_none_is_left_over() -> None:
    needed = {(path or helping.ROOT, "about") for path in COMMANDS}
    taken = {(path or helping.ROOT, helping.name_of(param)) for path in COMMANDS for param in params(path)}
    given = {(path, name) for path, names in helping.texts().items() for name in names}
    shared = {name for path, name in given if path == helping.SHARED}
    assert {
        (path, name) for path, name in needed | taken if (path, name) not in given and name not in shared
    } == set()
    assert {(path, name) for path, name in given if path != helping.SHARED} - needed - taken == set()
    assert shared - {name for _, name in taken - given} == set(), (
        "texts that all commands have one of their own for"
    )


def test_every_command_argument_and_option_has_an_english_text() -> None:
    for path, command in COMMANDS.items():
        assert command.help and not is_thai(command.help), path
        for param in params(path):
            assert getattr(param, "help", None), (path, param.name)


@pytest.mark.parametrize("path", COMMANDS)
def test_help_is_wholly_in_the_language_of_the_line_and_fits_a_terminal(ita: Ita, path: str) -> None:
    thai, english = (ita(*path.split(), "--help", "--lang", lang).out for lang in ("th", "en"))
    assert thai.startswith(f"วิธีใช้: {called()}") and "ตัวเลือก:" in thai
    assert english.startswith(f"Usage: {called()}") and "Options:" in english
    assert max(map(width, (thai + english).splitlines())) <= 80
    for word in ("Usage", "Options", "Commands", "Positional", "default", "required", "Show this"):
        assert word not in thai
    kept = english.replace("1 ตุลาคม 2565", "").replace("“ร่าง” (draft)", "")
    assert not is_thai(kept)


@pytest.mark.parametrize("path", COMMANDS)
def test_lines_of_help_end_where_thai_has_a_space(ita: Ita, path: str) -> None:
    """So no word is torn, and no vowel or tone stands away from its letter."""
    texts = helping.texts()
    own = texts[path or helping.ROOT]
    shown = tidy(" ".join(ita(*path.split(), "--help").out.split()))
    for text in (own["about"], *(own.get(n) or texts["*"][n] for n in map(helping.name_of, params(path)))):
        assert tidy(" ".join(text.split())) in shown


def test_a_list_of_commands_shows_the_first_lines_uncut(ita: Ita) -> None:
    shown = " ".join(ita("--help").out.split())
    for name in cli.cli.commands:
        assert helping.texts()[name]["about"].strip().split("\n")[0] in shown


def test_names_of_options_and_what_stands_for_their_values_are_the_same_in_both(ita: Ita) -> None:
    for path in COMMANDS:
        with language.spoken("th"):
            thai = [param.make_metavar(click.Context(COMMANDS[path])) for param in params(path)]
        with language.spoken("en"):
            assert thai == [param.make_metavar(click.Context(COMMANDS[path])) for param in params(path)]


def test_the_help_is_read_only_when_it_is_shown(samples: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from ita_xl import cli; from ita_xl.cli import helping\n"
        f"sys.argv = {['ita-xl', 'run', str(samples / 'reference-2565.xlsx'), '-o', str(tmp_path / 'o.xlsx')]}\n"
        "try: cli.main()\n"
        "except SystemExit: print(helping.texts.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


# ---- click's own words ----


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("chek", "ข้อผิดพลาด: ไม่มีคำสั่ง 'chek' ท่านอาจหมายถึง 'check'"),
        ("run", "ข้อผิดพลาด: ยังไม่ได้ระบุ 'FILE'."),
        ("run", f"ดูวิธีใช้ด้วยคำสั่ง '{called()} run --help'"),
        ("run", f"วิธีใช้: {called()} run [OPTIONS] FILE"),
        ("import x", "ยังไม่ได้ระบุตัวเลือก '--into'."),
        ("run x --lnag", "ไม่มีตัวเลือก '--lnag' ท่านอาจหมายถึง '--lang'"),
        ("run x --qqq", "ไม่มีตัวเลือก '--qqq'"),
        ("run x y", "มีสิ่งที่ระบุเกินมา (y)"),
        ("run x y z", "มีสิ่งที่ระบุเกินมา (y z)"),
        ("run x --engine z", "ค่าของ '--engine' ใช้ไม่ได้: 'z' ไม่อยู่ในค่าที่เลือกได้ ได้แก่ 'package', 'openpyxl'"),
        ("run x --lang fr", "ค่าของ '--lang' ใช้ไม่ได้: 'fr' ไม่อยู่ในค่าที่เลือกได้ ได้แก่ 'th', 'en'"),
        ("new x.xlsx --year y", "ค่าของ '--year' ใช้ไม่ได้: 'y' ไม่ใช่ตัวเลขที่ใช้ได้"),
        ("batch x -o y --jobs 900", "900 อยู่นอกช่วง 1<=x<=256"),
        ("batch x -o y --time-limit z", "'z' ไม่ใช่ตัวเลขที่ใช้ได้"),
        ("sign x --on", "ตัวเลือก '--on' ต้องมีค่าตามหลัง"),
        ("check --json=1 x", "ตัวเลือก '--json' ไม่รับค่า"),
        ("forms status x --on y", "ค่าของ '--on' ใช้ไม่ได้: ไม่ใช่วันที่"),
    ],
)
def test_what_click_says_is_thai(ita: Ita, words: str, said: str) -> None:
    found = ita(*words.split())
    assert found.code == 2
    assert said in found.err
    for word in ("Usage", "Error", "Try", "Missing", "No such", "Invalid", "not a", "Did you"):
        assert word not in found.err


@pytest.mark.parametrize("words", ["chek", "run", "import x", "run x --lnag", "run x y", "forms status x --on y"])
def test_and_english_where_that_is_asked_for(ita: Ita, words: str) -> None:
    found = ita(*words.split(), "--lang", "en")
    assert found.code == 2
    assert found.err.startswith(f"Usage: {called()}") and not is_thai(found.err)


def test_the_catalogue_is_packed_from_its_source() -> None:
    assert catalogue.FILE.read_bytes() == catalogue.packed()


def test_no_slot_is_filled_in_thai_that_click_does_not_fill() -> None:
    with catalogue.FILE.open("rb") as packed:
        entries = gettext.GNUTranslations(packed)._catalog  # type: ignore[attr-defined]
    for key, thai in entries.items():
        said = key[0] if isinstance(key, tuple) else key
        slots = {word.split("}")[0] for word in thai.split("{")[1:]}
        known = {word.split("}")[0] for word in said.split("{")[1:]} | {"possibilities", "choices"}
        assert not said or (thai and slots <= known), said


# ---- questions ----


@pytest.mark.parametrize(("typed", "taken"), [("ใช่", True), ("y", True), ("", False), ("ไม่", False)])
def test_a_question_may_be_answered_in_thai(samples: Path, tmp_path: Path, typed: str, taken: bool) -> None:
    pty = pytest.importorskip("pty", reason="a terminal of its own is made as Unix makes it")
    draft, ours = tmp_path / "ร่าง.eml", pty.openpty()
    book = tmp_path / "x.xlsx"
    book.write_bytes((samples / "reference-2565.xlsx").read_bytes())
    words = [sys.executable, "-m", "ita_xl", "mail", str(book), "--to", "a@example.go.th", "--draft", str(draft)]
    asking = subprocess.Popen(words, stdin=ours[1], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    os.write(ours[0], f"อะไร\n{typed}\n".encode())
    said = asking.communicate(timeout=60)[1].decode()
    assert "[y = ใช่, N = ไม่ใช่]" in said
    assert said.count("โปรดตอบ y หากใช่ หรือ n หากไม่ใช่") == 1
    assert draft.exists() is taken
