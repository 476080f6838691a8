"""The Thai handbook: every command in it is run, in order, and what it names exists."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from urllib.parse import unquote

import click
import openpyxl
import pikepdf
import pytest

import dev
from ita_xl import cli, window
from ita_xl.cli.common import Exit
from ita_xl.data import catalogue, texts
from ita_xl.layout import SHEETS
from tests import fake_excel
from tests.conftest import Ita, Result
from tests.fake_excel import Excel
from tests.live_desk import a_desk, a_home  # noqa: F401
from tests.post_office import Place, a_place  # noqa: F401
from tests.test_addin_desk import laid_out, with_registry
from tools.handbook import FOLDER, PICTURES, ROOT, book, story
from tools.handbook.chapters import Chapter, Command, Hand, Named, Promise, chapters, plain, read

CHAPTERS = chapters()
NAMES = [chapter.path.stem for chapter in CHAPTERS]
INDEX = read(FOLDER / "README.md")
CODE = re.compile(r"\b[EWI]\d{3}\b")
SLOT = re.compile(r"\{\{?\{?[a-z_]+\}?\}?\}")
FILE = re.compile(r".+(\.\w+|/)")
CALLS = {"py -m ita_xl", "ita-xl"}
"""How the program is called; and what else stands as if it were typed, in the index."""


def commands(group: click.Group | None = None, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command of the program with its words."""
    for name, command in (group or cli.cli).commands.items():
        words = f"{before}{name}"
        if isinstance(command, click.Group):
            yield from commands(command, f"{words} ")
        else:
            yield words, command


COMMANDS = dict(commands())
OPTIONS = {option for command in COMMANDS.values() for one in command.params for option in one.opts}
CHOICES = {
    str(choice)
    for command in COMMANDS.values()
    for one in command.params
    if isinstance(one.type, click.Choice)
    for choice in one.type.choices
}


class Told:
    """The example as it is told, from chapter to chapter, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.told = folder, 0
        story.begin(folder)

    def upto(self, chapter: Chapter, teller: Teller) -> None:
        """Do what stands in the chapters that were not told yet."""
        while self.told <= NAMES.index(chapter.path.stem):
            self.told += 1
            teller.tell(CHAPTERS[self.told - 1])


class Teller:
    """Does what a chapter says, with stand-ins for Excel, for Windows and for who answers mail."""

    def __init__(self, folder: Path, ita: Ita, monkeypatch: pytest.MonkeyPatch, excel: Excel, place: Place) -> None:
        self.folder, self.ita, self.monkeypatch, self.excel, self.place = folder, ita, monkeypatch, excel, place
        self.said = Result(0, "", "")
        self.opened: list[Path] = []
        self.open = ExitStack()

    def tell(self, chapter: Chapter) -> None:
        for step in chapter.steps():
            match step:
                case Command():
                    self.said = self.typed(step)
                    assert self.said.code == step.code, (chapter.title, step.line, self.said)
                case Promise():
                    self.promised(step)
                case Hand():
                    self.hand(step.name)
                case Named():
                    assert self.known(step.word), (chapter.title, step.word)

    def typed(self, step: Command) -> Result:
        if step.words:
            return self.ita(*step.words)
        return OTHERS[step.line](self)

    def promised(self, step: Promise) -> None:
        """An ellipsis stands for anything."""
        said = " ".join(f"{self.said.out} {self.said.err}".replace("py -m ita_xl", "ita-xl").split())
        for line in step.lines:
            pattern = ".*?".join(re.escape(" ".join(part.split())) for part in line.split("…"))
            assert re.search(pattern, said), (line, said)

    def hand(self, name: str) -> None:
        if name in story.HANDS:
            story.HANDS[name](self.folder)
        else:
            HELD[name](self)

    def known(self, word: str) -> bool:
        if word.startswith("-"):
            return word in OPTIONS
        if word in CALLS | CHOICES or word in COMMANDS:
            return True
        assert FILE.fullmatch(word), word
        return any(self.folder.rglob(word.rstrip("/")))


def _pip(teller: Teller) -> Result:
    """What pip makes of the checkout, without the other packages, which are here."""
    if sys.platform == "win32":  # where the tests run, there is none
        return Result(0, "", "")
    target = teller.folder.parent / "installed"
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--no-build-isolation"]
    done = subprocess.run(
        [*command, "--target", str(target), str(ROOT)], capture_output=True, text=True, check=False, timeout=120
    )
    assert (target / "ita_xl" / "__main__.py").exists(), done.stderr
    return Result(done.returncode, done.stdout, done.stderr)


def _demo(teller: Teller) -> Result:
    """What stands in dev.py, in the environment that there is."""
    results: list[Result] = []

    def run(program: str, *words: str | Path) -> None:
        assert program == "ita-xl"
        results.append(teller.ita(*words))

    teller.monkeypatch.setattr(dev, "run", run)
    dev.VERBS["demo"]()
    return results[-1]


OTHERS = {"py -m pip install --user .": _pip, "python3 dev.py demo": _demo}
"""Lines that are no command of ours."""


def _open_in_excel(teller: Teller) -> None:
    path = teller.folder / story.BOOK
    fake_excel.book(path.read_bytes(), path.name, str(path), teller.excel.start())


def _copied(teller: Teller) -> None:
    teller.monkeypatch.setattr("pyperclip.paste", lambda: "รหัส\tคะแนน ปี 2564\nI1\t93.68")


def _closed(teller: Teller) -> None:
    for app in teller.excel.apps.running:
        del app.opened[1:]


def _mail_server(teller: Teller) -> None:
    teller.open.enter_context(teller.place.opened())


HELD = {
    "opens the workbook in excel": _open_in_excel,
    "copies a table": _copied,
    "closes the table": _closed,
    "a mail server answers": _mail_server,
}
"""What hands do at the stand-ins."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(tmp_path_factory.mktemp("handbook"))


@pytest.fixture
def teller(
    told: Told, ita: Ita, monkeypatch: pytest.MonkeyPatch, home: Path, desk: Excel, place: Place, tmp_path: Path
) -> Iterator[Teller]:
    made = Teller(told.folder, ita, monkeypatch, desk, place)
    monkeypatch.chdir(told.folder)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setitem(sys.modules, "tkinter", ModuleType("tkinter"))
    monkeypatch.setattr(window, "view", SimpleNamespace(start=made.opened.extend), raising=False)
    windows = with_registry(laid_out(tmp_path), {})
    monkeypatch.setattr("ita_xl.addin.desk.here", lambda: windows)
    with made.open:
        yield made


@pytest.mark.parametrize("chapter", CHAPTERS, ids=NAMES)
def test_every_command_does_what_the_chapter_says(chapter: Chapter, told: Told, teller: Teller) -> None:
    told.upto(chapter, teller)


def test_every_command_of_the_program_is_run_in_some_chapter() -> None:
    typed = [step.words for chapter in CHAPTERS for step in chapter.steps() if isinstance(step, Command)]
    run = {" ".join(words[:length]) for words in typed for length in (1, 2)}
    assert COMMANDS.keys() <= run


@cache
def shown() -> frozenset[str]:
    """All that a person sees the program call something: sheets, headings, labels, buttons, choices."""
    pages = openpyxl.load_workbook(ROOT / "templates" / "ITA_template.xlsx", read_only=True)
    cells = (cell for page in pages for row in page.iter_rows(values_only=True) for cell in row)
    said = {*texts("th").values(), *(str(cell) for cell in cells if cell)}
    return frozenset(sheet.title for sheet in SHEETS) | {text.removesuffix("…") for text in said}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=NAMES)
def test_what_stands_out_is_called_so_by_the_program(chapter: Chapter) -> None:
    named = {plain(node) for node in chapter.root.walk() if node.type == "strong"}
    assert not named - shown()


@pytest.mark.parametrize("chapter", CHAPTERS, ids=NAMES)
def test_every_code_is_a_finding_and_its_message_is_the_programs_own(chapter: Chapter) -> None:
    known = catalogue.entries()
    assert set(CODE.findall(chapter.path.read_text(encoding="utf-8"))) <= set(known)
    for row in (node for node in chapter.root.walk() if node.type == "tr"):
        code, *others = map(plain, row.children)
        if CODE.fullmatch(code):
            assert others[0] == SLOT.sub("…", known[code]["th"])


def test_the_exit_codes_are_those_of_the_program() -> None:
    rows = [plain(node.children[0]) for node in CHAPTERS[9].root.walk() if node.type == "tr"]
    assert [int(code) for code in rows if code.isdigit()] == [*Exit]


def test_every_key_of_the_window_is_the_one_in_the_table() -> None:
    view = pytest.importorskip("ita_xl.window.view", reason="this Python has no tkinter")
    rows = [list(map(plain, node.children)) for node in CHAPTERS[8].root.walk() if node.type == "tr"]
    told = {row[0]: row[1] for row in rows if row[1].startswith("F")}
    names = {button: texts("th").get(f"ribbon.{button}") or texts("th")[f"window.{button}"] for button in view.KEYS}
    assert told == {names[button].removesuffix("…"): key for button, key in view.KEYS.items()}


def targets(page: Chapter, kind: str, attribute: str) -> list[str]:
    return [unquote(str(node.attrs[attribute])) for node in page.root.walk() if node.type == kind]


@pytest.mark.parametrize("page", [INDEX, *CHAPTERS], ids=["README", *NAMES])
def test_every_link_leads_somewhere_and_every_picture_is_there(page: Chapter) -> None:
    for target in [*targets(page, "link", "href"), *targets(page, "image", "src")]:
        assert (page.path.parent / target).exists(), target


def test_the_index_lists_every_chapter_under_its_own_name() -> None:
    names = [plain(node) for node in INDEX.root.walk() if node.type == "link"]
    told = [re.sub(r"^บทที่ \d+ ", "", chapter.title) for chapter in CHAPTERS]
    assert names[: len(CHAPTERS)] == told
    assert targets(INDEX, "link", "href")[: len(CHAPTERS)] == [chapter.path.name for chapter in CHAPTERS]


def test_every_picture_is_shown_and_all_of_them_are_small() -> None:
    used = {target for chapter in CHAPTERS for target in targets(chapter, "image", "src")}
    there = [*PICTURES.iterdir()]
    assert {f"{PICTURES.name}/{path.name}" for path in there} == used
    assert sum(path.stat().st_size for path in there) < 1_500_000


def test_the_book_holds_every_chapter_and_every_picture(tmp_path: Path) -> None:
    made = book.make(tmp_path / "คู่มือ.pdf")
    with pikepdf.open(made) as pdf, pdf.open_outline() as outline:
        titles = [entry.title for entry in outline.root]
        pictures = sum(len(page.get_images()) for page in pdf.pages)
    assert titles[-len(CHAPTERS) :] == [chapter.title for chapter in CHAPTERS]
    assert pictures == len([*PICTURES.iterdir()])
    assert made.read_bytes() == book.make(tmp_path / "again.pdf").read_bytes()
