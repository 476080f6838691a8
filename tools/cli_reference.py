"""Write docs/cli.md from the commands' own help; a test fails when it is stale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ita_xl.cli import cli
from ita_xl.data import catalogue

_WIDE: dict[str, Any] = {"terminal_width": 100, "max_content_width": 100}
FILE = Path(__file__).parent.parent / "docs" / "cli.md"


def reference() -> str:
    """All commands with their help, then all findings."""
    lines = ["# Command line", "", "Made from `ita-xl --help` by `python3 dev.py make`.", ""]
    with click.Context(cli, info_name="ita-xl", **_WIDE, **cli.context_settings) as parent:
        lines += ["```", cli.get_help(parent), "```", ""]
        lines += _described(cli, parent, "##")
    lines += ["## Findings", "", "| code | says | what to do |", "| --- | --- | --- |"]
    for code, texts in catalogue.entries().items():
        lines.append(f"| {code} | {texts['en']} | {texts['en_hint']} |")
    return "\n".join(lines) + "\n"


def _described(group: click.Group, parent: click.Context, level: str) -> list[str]:
    """The help of a group's commands, and of theirs."""
    lines = []
    for name, command in group.commands.items():
        with click.Context(command, parent, name, **_WIDE) as context:
            heading = context.command_path.removeprefix("ita-xl ")
            lines += [f"{level} {heading}", "", "```", command.get_help(context), "```", ""]
            if isinstance(command, click.Group):
                lines += _described(command, context, f"{level}#")
    return lines


if __name__ == "__main__":
    FILE.write_text(reference(), encoding="utf-8")
    print(FILE.name)
