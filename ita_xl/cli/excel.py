"""Commands for Excel: its ribbon, and the workbook that is open in it."""

from __future__ import annotations

from pathlib import Path

import click

from ita_xl.cli.common import (
    FILE,
    GROUP_LANG,
    JSON,
    LANG,
    Exit,
    Group,
    check_name,
    exit_for,
    listed,
    print_json,
    report,
    tell,
)
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.files import backups


@click.group(cls=Group)
@GROUP_LANG
def addin() -> None:
    """The tab in Excel's ribbon, for this user."""


@addin.command("build")
@click.option("-o", "--output", type=FILE, default="ita_xl.xlam", show_default=True, help="Write it here.")
@click.option("--python", help="Windowless Python that the buttons start.")
@LANG
def build_addin(output: Path, python: str | None, lang: str) -> Exit:
    """Make the add-in file, to hand it out yourself."""
    from ita_xl.addin import build

    check_name(output, (Path(build.NAME).suffix,), lang)
    if python and not python.isprintable():
        raise Unusable(Finding(Code.FILE_NAME_UNUSABLE, values={"file": python}))
    backups.replace_whole(output, build.build(python or build.PYTHON_ON_THE_PATH))
    tell(say("cli.made", lang, file=output))
    return Exit.CLEAN


@addin.command("install")
@LANG
def install_addin(lang: str) -> Exit:
    """Put the add-in where Excel loads it, and its commands into the Start menu."""
    from ita_xl.addin import desk, install

    place = desk.here()
    findings = install.install(place)
    report(findings, lang)
    tell(say("cli.addin_installed", lang, file=place.addin, tab=say("ribbon.tab")))
    return exit_for(findings)


@addin.command("uninstall")
@LANG
def uninstall_addin(lang: str) -> Exit:
    """Remove all that install wrote."""
    from ita_xl.addin import desk, install

    removed = install.uninstall(desk.here())
    tell(say("cli.addin_removed" if removed else "cli.addin_absent", lang))
    return Exit.CLEAN


@addin.command("choose")
@LANG
def choose_workbook(lang: str) -> Exit:
    """Choose a workbook in a window of Windows, run it, show how it went."""
    from ita_xl.addin import choose, desk

    said = choose.run(desk.here(), lang)
    if said is None:
        return Exit.CLEAN
    report(said.findings, lang)
    for line in said.lines(lang):
        tell(line)
    return exit_for(said.findings)


@addin.command("doctor")
@click.option("--alert", is_flag=True, help="Show the result in a window of Windows.")
@JSON
@LANG
def examine_addin(alert: bool, as_json: bool, lang: str) -> Exit:
    """Say what keeps the buttons from working here; change nothing."""
    from ita_xl.addin import desk, doctor

    findings = doctor.examine(desk.here())
    if alert:
        from ita_xl.engines.live import box
        from ita_xl.live_jobs import Said

        wrong = [finding for finding in findings if finding.code != Code.DESK_FINE]
        box.show(Said(wrong or findings).text(lang), say("live.title", lang))
    if as_json:
        print_json(listed(findings, lang))
    else:
        report(findings, lang)
    return exit_for(findings)


@click.group(cls=Group)
@GROUP_LANG
def attach() -> None:
    """Work in the Excel that is open, as its ribbon does."""


def _attached(name: str, about: str) -> None:
    """Add a job to `attach`."""

    @attach.command(name, help=about)
    @click.option(
        "--book",
        default="",
        envvar="ITA_XL_BOOK",
        metavar="NAME",
        help="Which workbook, if several are open.",
    )
    @click.option("--alert", is_flag=True, help="Show the result over Excel and then exit with 0.")
    @click.option("--hwnd", type=int, hidden=True)
    @LANG
    def command(book: str, alert: bool, hwnd: int | None, lang: str) -> Exit:
        from ita_xl import live_jobs

        said = live_jobs.attach(name, book, hwnd, show=alert, lang=lang)
        report(said.findings, lang)
        for line in said.lines(lang):
            tell(line)
        return Exit.CLEAN if said.shown else exit_for(said.findings)


_attached("validate", "Check the open workbook; write nothing.")
_attached("compute", "Compute into the open workbook and leave saving to you.")
_attached("import", "Take results from the clipboard, once you have seen them.")
_attached("report", "Make the signed document beside the open workbook.")
_attached("hand-out", "Make the forms of the offices beside the open workbook.")
_attached("collect", "Take the answers of returned forms, once you have seen them.")
_attached("next-year", "Make next year's workbook beside the open one.")
_attached("draft-mail", "Make a draft of the e-mail beside the workbook.")
