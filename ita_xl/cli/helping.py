"""Help in Thai, laid out by how wide Thai letters are. The English help stands with the commands themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache
from gettext import gettext

import click

from ita_xl.cli import language
from ita_xl.data import read_toml

ROOT = "ita-xl"
SHARED = "*"
"""Texts of options that say the same for every command."""

_PRIVATE = 0xE000
_MARKED = re.compile(r".[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+")
"""A letter with the vowels and tones above and below it, which take no width of their own."""


class _Formatter(click.HelpFormatter):
    """Click counts letters; so a letter with its marks is one private letter until everything is laid out."""

    def __init__(self, *given: int | None, **named: int | None) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        self._letters: list[str] = []

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, self._packed(gettext("Usage:") + " " if prefix is None else prefix))

    def write_text(self, text: str) -> None:
        super().write_text(self._packed(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(self._packed(a), self._packed(b)) for a, b in rows], col_max, col_spacing)

    def getvalue(self) -> str:
        letters = {_PRIVATE + at: marked for at, marked in enumerate(self._letters)}
        return super().getvalue().translate(letters)

    def _packed(self, text: str) -> str:
        return _MARKED.sub(self._letter, text)

    def _letter(self, found: re.Match[str]) -> str:
        if found[0] not in self._letters:
            self._letters.append(found[0])
        return chr(_PRIVATE + self._letters.index(found[0]))


class _Context(click.Context):
    formatter_class = _Formatter


class Helped(click.Command):
    """A command whose help comes in the language of the line."""

    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Click makes it once, in the language of the first line that it is asked in."""
        option = super().get_help_option(ctx)
        if option:
            option.help = gettext("Show this message and exit.")
        return option

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with _in_thai(self, ctx) if language.current() == language.THAI else nullcontext():
            super().format_help(ctx, formatter)


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """The Thai help by command ("forms split"): about it, and of each argument (FILE) and option (--output)."""
    found: Mapping[str, Mapping[str, str]] = read_toml("texts/help.th.toml")
    return found


def name_of(param: click.Parameter) -> str:
    """By what the texts call an argument or option."""
    return max(param.opts, key=len) if isinstance(param, click.Option) else (param.name or "").upper()


def _path(ctx: click.Context) -> str:
    """The words behind the program's name; empty for the program itself."""
    return f"{_path(ctx.parent)} {ctx.info_name}".strip() if ctx.parent else ""


@contextmanager
def _in_thai(command: click.Command, ctx: click.Context) -> Iterator[None]:
    """Meanwhile a command, what it takes and the commands below it have their Thai texts."""
    path = _path(ctx)
    own, shared = texts()[path or ROOT], texts()[SHARED]
    worn: list[tuple[click.Command | click.Parameter, str, str]] = [(command, "help", own["about"])]
    shown = [param for param in command.params if not getattr(param, "hidden", False)]
    worn += [(param, "help", own.get(name_of(param)) or shared[name_of(param)]) for param in shown]
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            about = texts()[f"{path} {name}".strip()]["about"]
            worn.append((child, "short_help", about.split("\n\n")[0]))
    before = [(one, key, getattr(one, key)) for one, key, _ in worn]
    try:
        for one, key, text in worn:
            setattr(one, key, text)
        yield
    finally:
        for one, key, text in before:
            setattr(one, key, text)
