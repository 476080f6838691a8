"""The chapters as markdown-it reads them, and what a reader is told to do in them, in order."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node

from tools.handbook import FOLDER

_CALLS = (("py", "-m", "ita_xl"), ("ita-xl",), ("ita-xl.exe",))
_EXIT = re.compile(r"exit=(\d+)")
_HAND = re.compile(r"<!-- hand: ([a-z ]+) -->")


@dataclass(frozen=True, slots=True)
class Command:
    """A line to type. words: after the program's name, none where it is another program's. code: of its end."""

    line: str
    words: tuple[str, ...]
    code: int


@dataclass(frozen=True, slots=True)
class Promise:
    """Lines that the command before is said to print."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hand:
    """What a person does here with other programs, by its name in `story`."""

    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """A word of a command, a file or a folder, named in a sentence."""

    word: str


Step = Command | Promise | Hand | Named


@dataclass(frozen=True, slots=True)
class Chapter:
    """path: of its Markdown. root: its syntax tree."""

    path: Path
    root: Node

    @property
    def title(self) -> str:
        return plain(next(node for node in self.root.children if node.type == "heading"))

    def steps(self) -> Iterator[Step]:
        for node in self.root.walk():
            if node.type == "fence" and node.info.startswith("console"):
                found = _EXIT.search(node.info)
                for line in node.content.splitlines():
                    yield Command(line, _words(line), int(found[1]) if found else 0)
            elif node.type == "fence" and node.info == "text":
                yield Promise(tuple(line for line in node.content.splitlines() if line.strip("… ")))
            elif node.type == "html_block" and (found := _HAND.search(node.content)):
                yield Hand(found[1])
            elif node.type == "code_inline":
                yield Named(node.content)


def plain(node: Node) -> str:
    """The text of a node without what stands out."""
    return "".join(
        " " if one.type == "softbreak" else one.content
        for one in node.walk()
        if one.type in ("text", "code_inline", "softbreak")
    )


def chapters() -> list[Chapter]:
    """In order; their names begin with their numbers."""
    return [read(path) for path in sorted(FOLDER.glob("[0-9][0-9]-*.md"))]


def read(path: Path) -> Chapter:
    reader = MarkdownIt("commonmark").enable("table")
    return Chapter(path, Node(reader.parse(path.read_text(encoding="utf-8"))))


def _words(line: str) -> tuple[str, ...]:
    words = tuple(shlex.split(line))
    for call in _CALLS:
        if words[: len(call)] == call:
            return words[len(call) :]
    return ()
