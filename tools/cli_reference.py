"""Write the command reference in both languages from the commands' own help; a test fails when it is stale."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import click

from ita_xl.cli import cli, language
from ita_xl.data import LANGUAGES, catalogue

_WIDE: dict[str, Any] = {"terminal_width": 100, "max_content_width": 100}
DOCS = Path(__file__).parent.parent / "docs"
FILES = dict(zip(LANGUAGES, (DOCS / "th" / "คำสั่ง.md", DOCS / "cli.md"), strict=True))


class _Words(NamedTuple):
    """What stands around the help itself."""

    title: str
    made: str
    findings: str
    heads: tuple[str, str, str]


_WORDS = {
    "th": _Words(
        "คำสั่งของ ita-xl",
        "จัดทำจาก `ita-xl --help` ด้วย `python3 dev.py make` ฉบับภาษาอังกฤษอยู่ที่ [docs/cli.md](../cli.md)",
        "รายการที่ต้องตรวจแก้",
        ("รหัส", "ข้อความ", "สิ่งที่ต้องทำ"),
    ),
    "en": _Words(
        "Command line",
        "Made from `ita-xl --help --lang en` by `python3 dev.py make`; in Thai: [docs/th/คำสั่ง.md](th/คำสั่ง.md).",
        "Findings",
        ("code", "says", "what to do"),
    ),
}


def reference(lang: str) -> str:
    """All commands with their help, then all findings, in a language."""
    words = _WORDS[lang]
    lines = [f"# {words.title}", "", words.made, ""]
    with language.spoken(lang), cli.context_class(cli, None, "ita-xl", **_WIDE, **cli.context_settings) as parent:
        lines += ["```", cli.get_help(parent), "```", ""]
        for name, command in cli.commands.items():
            lines += _described(command, parent, name)
    lines += [f"## {words.findings}", "", f"| {' | '.join(words.heads)} |", "| --- | --- | --- |"]
    for code, texts in catalogue.entries().items():
        lines.append(f"| {code} | {texts[lang]} | {texts[f'{lang}_hint']} |")
    return "\n".join(lines) + "\n"


def _described(command: click.Command, parent: click.Context, name: str) -> list[str]:
    """A command's help under its own heading, followed by its subcommands'."""
    with command.context_class(command, parent, name, **_WIDE) as context:
        heading = context.command_path.partition(" ")[2]
        lines = [f"## {heading}", "", "```", command.get_help(context), "```", ""]
        if isinstance(command, click.Group):
            for child in command.commands:
                lines += _described(command.commands[child], context, child)
    return lines


if __name__ == "__main__":
    for lang, file in FILES.items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(reference(lang), encoding="utf-8")
        print(file.name)
