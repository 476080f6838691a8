"""The command that hands a structure on."""

from __future__ import annotations

from pathlib import Path

import click

from ita_xl import files
from ita_xl.cli.common import FILE, GROUP_LANG, LANG, Exit, Group, check_name, tell
from ita_xl.data import say


@click.group(cls=Group)
@GROUP_LANG
def structure() -> None:
    """The structure of a workbook, for other agencies."""


@structure.command("save")
@click.argument("file", type=FILE, metavar="FILE.xlsx", help="The workbook.")
@click.option("-o", "--output", type=FILE, required=True, metavar="OUT.toml", help="Write it here.")
@LANG
def save(file: Path, output: Path, lang: str) -> Exit:
    """Write indicators, questions, weights and levels as a file for `new --structure`."""
    from ita_xl import structures
    from ita_xl.engines.package.engine import Package

    check_name(output, (".toml",), lang)
    content = structures.saved(Package.open(file))
    standing = files.standing(output)
    if standing is not None and standing != content:
        raise click.UsageError(say("cli.exists", lang, file=files.shown(output)))
    if standing is None:
        files.replace(output, content, None)
    tell(say("cli.made", lang, file=output))
    return Exit.CLEAN
