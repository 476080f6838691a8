"""The command line: thin. stdout carries data, stderr prose; exit codes are in `Exit`."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Callable

import click

from ita_xl import __version__
from ita_xl.cli import language
from ita_xl.cli.common import GROUP_LANG, Exit, Group, bug
from ita_xl.cli.common import report as told
from ita_xl.cli.deferred import Deferred
from ita_xl.data import command

__all__ = ["Exit", "cli", "main"]


_COMMANDS = Deferred(
    {
        "new": "workbooks.new",
        "check": "workbooks.check",
        "run": "workbooks.run",
        "import": "imports.imports",
        "survey": "survey.survey",
        "forms": "forms.forms",
        "report": "report.report",
        "sign": "sign.sign",
        "unsign": "sign.unsign",
        "structure": "structure.structure",
        "batch": "many.batch",
        "mail": "mail.mail",
        "addin": "excel.addin",
        "attach": "excel.attach",
        "window": "window.window",
    }
)


@click.group(cls=Group, commands=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ita-xl", message="%(prog)s %(version)s")
@GROUP_LANG
def cli() -> None:
    """Analyse ITA results in a workbook.

    --debug, anywhere on the line, shows the traceback of an internal error.
    """


def main() -> None:
    """Entry point of `ita-xl`: whatever goes wrong, the user reads a sentence."""
    words = [word for word in sys.argv[1:] if word != "--debug"]
    _utf8_streams()
    with language.spoken(language.of(words)):
        _answer(words)


def _answer(words: list[str]) -> None:
    """Do what a line asks for, and exit."""
    # A single short run makes few circles of references; looking for them as often as usual costs a tenth of it,
    # and looking for them once more at the very end, when all goes anyway, another twentieth.
    gc.set_threshold(200_000)
    atexit.register(gc.freeze)
    try:
        sys.exit(cli(words, prog_name=command(), standalone_mode=False))
    except click.Abort:
        sys.exit(Exit.USAGE)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(Exit.CLEAN)
    except Exception as error:
        told([bug(error)], language.current())
        sys.exit(Exit.BUG)


def _utf8_streams() -> None:
    """Thai must leave the program on every console, also one whose code page has no Thai."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
