"""The command line: thin. stdout carries data, stderr prose; exit codes are in `Exit`."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterable
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ita_xl import __version__, files
from ita_xl.data import LANGUAGES, catalogue, say
from ita_xl.domain.findings import Finding, Severity, Unusable, has_errors, ordered

if TYPE_CHECKING:
    from ita_xl.carry import LastYear


class Exit(IntEnum):
    """Exit codes that scripts rely on."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    UNUSABLE = 3
    DELIVERY = 4
    BUG = 70


_LANG = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="th", help="Language of messages (ภาษาของข้อความ)."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
_FILE = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ita-xl")
def cli() -> None:
    """Analyse ITA results in a workbook. (วิเคราะห์ผลการประเมิน ITA ในแฟ้ม Excel)

    --debug, anywhere on the line, shows the traceback of an internal error.
    """


@cli.command()
@click.argument("out", type=_FILE, metavar="OUT.xlsx")
@click.option("--year", type=int, help="Fiscal year, Buddhist era; may be left out with --from (ปีงบประมาณ พ.ศ.).")
@click.option("--from", "source", type=_FILE, metavar="LASTYEAR.xlsx", help="Go on from it (ต่อจากแฟ้มปีก่อน).")
@click.option("--agency", default="", help="Name of the agency (ชื่อหน่วยงาน).")
@click.option("--province", default="", help="Province (จังหวัด).")
@click.option("--district", default="", help="District (อำเภอ).")
@click.option("--type", "agency_type", default="", help="Type of agency (ประเภทหน่วยงาน).")
@click.option("--scores", type=_FILE, help="CSV with code,2563,2564,2565 (แฟ้มคะแนน).")
@click.option("--force", is_flag=True, help="Replace OUT if it exists (เขียนทับแฟ้มเดิม).")
@_LANG
def new(
    out: Path, year: int | None, source: Path | None, scores: Path | None, force: bool, lang: str, **about: str
) -> None:
    """Make a workbook for one agency and year. (สร้างแฟ้มของหน่วยงาน)

    With --from it goes on from last year's workbook, which is only read: its scores become last year's, the
    agency's data and texts stay, and its measures are put beside this year's scores.
    """
    from ita_xl import carry, scores_csv
    from ita_xl.data import profiles
    from ita_xl.new import new as make
    from ita_xl.workbook.fill import NOTHING

    _check_name(out, (".xlsx",), lang)
    if source and _same_file(out, source):
        raise click.UsageError(say("cli.same_file", lang))
    if out.exists() and not force:
        raise click.UsageError(say("cli.exists", lang, file=out.name))
    if files.lock_file(out):
        raise Unusable(Finding("E109", values={"file": out.name}))
    last = carry.open_last_year(source) if source else None
    year = _year_asked(year, last, lang)
    profile = profiles.profile(year)
    carried = carry.carry(last, profile) if last else carry.Carried(NOTHING, [], [])
    entries, findings = scores_csv.read(scores, profile.tree, year) if scores else ([], [])
    findings = [*carried.findings, *findings]
    if profile.status == "draft":
        note = {"year": year, "note": profile.notes["th"], "note_en": profile.notes["en"]}
        findings.append(Finding("W306", values=note))
    about = {key: value for key, value in about.items() if value}
    make(profile, about, [*carried.entries, *entries], carried.kept).save(out)
    _report(findings, lang)
    if last:
        counts = {"scores": len(carried.entries), "texts": len(carried.kept.guidance)}
        counts["measures"] = len(carried.kept.measures)
        _say(say("cli.carried", lang, file=last.name, year=last.year, **counts))
    _say(say("cli.made", lang, file=out))
    sys.exit(Exit.FINDINGS if has_errors(findings) else Exit.CLEAN)


@cli.command()
@click.argument("files", type=_FILE, nargs=-1, required=True, metavar="FILE...")
@_JSON
@_LANG
def check(files: tuple[Path, ...], as_json: bool, lang: str) -> None:
    """Check workbooks and list what to mend; write nothing. (ตรวจสอบแฟ้ม)"""
    from ita_xl import jobs

    documents: list[dict[str, Any]] = []
    worst = Exit.CLEAN
    for path in files:
        try:
            outcome = jobs.check(path)
            documents.append({"file": str(path), **outcome.as_json(lang)})
            findings = outcome.findings
        except Unusable as error:
            documents.append({"file": str(path), **_failed(error, lang)})
            findings = list(error.findings)
        if not as_json:
            _say(f"{path}:")
            _report(findings, lang)
        worst = max(worst, _exit_for(findings))
    if as_json:
        _print(documents[0] if len(documents) == 1 else documents)
    sys.exit(worst)


@cli.command()
@click.argument("file", type=_FILE)
@click.option("-o", "--output", type=_FILE, metavar="OUT.xlsx", help="Write the result here instead (แฟ้มผลลัพธ์).")
@click.option(
    "--engine", type=click.Choice(["package", "openpyxl"]), default="package", help="What writes the workbook."
)
@_JSON
@_LANG
def run(file: Path, output: Path | None, engine: str, as_json: bool, lang: str) -> None:
    """Compute scores, ranks and lists into the output sheets. (ประมวลผลแฟ้ม)"""
    from ita_xl import jobs

    if output is None and engine == "openpyxl":
        raise click.UsageError(say("cli.needs_output", lang))
    if output:
        _check_name(output, (file.suffix.lower(),), lang)
    if output and _same_file(output, file):
        raise click.UsageError(say("cli.same_file", lang))
    try:
        outcome = jobs.run(file, output, engine)
    except Unusable as error:
        if as_json:
            _print(_failed(error, lang))
        else:
            _report(error.findings, lang)
        sys.exit(_exit_for(error.findings))
    if as_json:
        _print(outcome.as_json(lang, str(output or file)))
    else:
        _report(outcome.findings, lang)
        _say(outcome.headline(lang))
        _say(say("cli.written", lang, file=output or file))
    sys.exit(_exit_for(outcome.findings))


@cli.group()
def addin() -> None:
    """The tab in Excel's ribbon, for this user. (แถบคำสั่งใน Excel)"""


@addin.command("build")
@click.option(
    "-o", "--output", type=_FILE, default="ita_xl.xlam", show_default=True, help="Write it here (แฟ้มส่วนเสริม)."
)
@click.option("--python", help="Windowless Python that the buttons start (ที่อยู่ของ pythonw.exe).")
@_LANG
def build_addin(output: Path, python: str | None, lang: str) -> None:
    """Make the add-in file, to hand it out yourself. (สร้างแฟ้มส่วนเสริม)"""
    from ita_xl.addin import build

    _check_name(output, (Path(build.NAME).suffix,), lang)
    files.write_whole(output, build.build(python or build.PYTHON_ON_THE_PATH))
    _say(say("cli.made", lang, file=output))


@addin.command("install")
@_LANG
def install_addin(lang: str) -> None:
    """Put the add-in where Excel loads it, and its commands into the Start menu. (ติดตั้งส่วนเสริม)"""
    from ita_xl.addin import desk, install

    place = desk.here()
    findings = install.install(place)
    _report(findings, lang)
    _say(say("cli.addin_installed", lang, file=place.addin, tab=say("ribbon.tab")))
    sys.exit(_exit_for(findings))


@addin.command("uninstall")
@_LANG
def uninstall_addin(lang: str) -> None:
    """Remove all that install wrote. (ถอนส่วนเสริม)"""
    from ita_xl.addin import desk, install

    removed = install.uninstall(desk.here())
    _say(say("cli.addin_removed" if removed else "cli.addin_absent", lang))


@addin.command("doctor")
@_JSON
@_LANG
def examine_addin(as_json: bool, lang: str) -> None:
    """Say what keeps the buttons from working here; change nothing. (ตรวจการติดตั้ง)"""
    from ita_xl.addin import desk, doctor

    findings = doctor.examine(desk.here())
    if as_json:
        _print(_listed(findings, lang))
    else:
        _report(findings, lang)
    sys.exit(_exit_for(findings))


@cli.group()
def attach() -> None:
    """Work in the Excel that is open, as its ribbon does. (ทำงานในสมุดงานที่เปิดอยู่ใน Excel)"""


def _attached(name: str, about: str) -> None:
    """Add a job to `attach`."""

    @attach.command(name, help=about)
    @click.option("--book", default="", metavar="NAME", help="Which workbook, if several are open (ชื่อสมุดงาน).")
    @click.option("--alert", is_flag=True, help="Show the result over Excel too (แสดงผลใน Excel).")
    @click.option("--hwnd", type=int, hidden=True)
    @_LANG
    def command(book: str, alert: bool, hwnd: int | None, lang: str) -> None:
        from ita_xl import live_jobs

        said = live_jobs.attach(name, book, hwnd, show=alert, lang=lang)
        _report(said.findings, lang)
        for line in said.lines(lang):
            _say(line)
        sys.exit(_exit_for(said.findings))


_attached("validate", "Check the open workbook; write nothing. (ตรวจสอบสมุดงานที่เปิดอยู่)")
_attached("compute", "Compute into the open workbook and leave saving to you. (ประมวลผลสมุดงานที่เปิดอยู่)")
_attached("next-year", "Make next year's workbook beside the open one. (สร้างสมุดงานของปีถัดไป)")
_attached("draft-mail", "Make a draft of the e-mail beside the workbook. (ร่างอีเมล)")


def main() -> None:
    """Entry point of `ita-xl`: whatever goes wrong, the user reads a sentence."""
    words = [word for word in sys.argv[1:] if word != "--debug"]
    debug = len(words) < len(sys.argv) - 1
    _utf8_streams()
    # A single short run makes few circles of references; looking for them as often as usual costs a tenth of it.
    gc.set_threshold(50_000)
    try:
        cli(words, prog_name="ita-xl", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(Exit.USAGE)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Unusable as error:
        _report(error.findings, _lang_asked())
        sys.exit(_exit_for(error.findings))
    except BrokenPipeError:
        sys.exit(Exit.CLEAN)
    except Exception as error:
        if debug:
            raise
        _report([Finding("E901", values={"detail": f"{type(error).__name__}: {error}"})], _lang_asked())
        sys.exit(Exit.BUG)


def _year_asked(year: int | None, last: LastYear | None, lang: str) -> int:
    """The year of a new workbook: the one that was asked for, or the one after last year's."""
    from ita_xl.data import profiles

    wanted = last.year + 1 if last else year
    if wanted is None:
        raise click.UsageError(say("cli.needs_year", lang))
    if last and year not in (None, wanted):
        raise click.UsageError(say("cli.year_gap", lang, file=last.name, old=last.year, next=wanted, year=year))
    if wanted not in profiles.years():
        known = ", ".join(map(str, profiles.years()))
        raise click.UsageError(say("cli.no_year", lang, year=wanted, years=known))
    return wanted


def _same_file(left: Path, right: Path) -> bool:
    """Whether two names mean one file, also by a link."""
    return left.resolve() == right.resolve() or (left.exists() and right.exists() and left.samefile(right))


def _check_name(path: Path, kinds: Iterable[str], lang: str) -> None:
    """A workbook under a wrong ending does not open."""
    if path.suffix.lower() not in kinds and not path.is_dir():
        raise click.UsageError(say("cli.wrong_ending", lang, file=path.name, kinds=", ".join(kinds)))


def _utf8_streams() -> None:
    """Thai must leave the program on every console, also one whose code page has no Thai."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")


def _lang_asked() -> str:
    """The language asked for, when the command itself did not get to read it."""
    asked = [b for a, b in zip(sys.argv, sys.argv[1:], strict=False) if a == "--lang"]
    asked += [a.removeprefix("--lang=") for a in sys.argv if a.startswith("--lang=")]
    return asked[-1] if asked and asked[-1] in LANGUAGES else "th"


def _exit_for(findings: Iterable[Finding]) -> Exit:
    listed = list(findings)
    if any(finding.code.startswith("E9") for finding in listed):
        return Exit.BUG
    if any(finding.unusable for finding in listed):
        return Exit.UNUSABLE
    return Exit.FINDINGS if has_errors(listed) else Exit.CLEAN


def _failed(error: Unusable, lang: str) -> dict[str, Any]:
    return {**_listed(error.findings, lang), "output": None}


def _listed(findings: Iterable[Finding], lang: str) -> dict[str, Any]:
    from ita_xl.outcome import finding_json

    return {"findings": [finding_json(finding, lang) for finding in findings]}


def _report(findings: Iterable[Finding], lang: str) -> None:
    """The findings as lines: code, place, message, and what to do below it."""
    listed = ordered(findings)
    for finding in listed:
        place = " ".join(filter(None, (finding.sheet, finding.cell)))
        message = catalogue.message(finding, lang)
        _say(f"{finding.code} {place + ': ' if place else ''}{message}")
        _say(say("cli.hint", lang, hint=catalogue.hint(finding, lang)))
    counts = {s.value: sum(f.severity is s for f in listed) for s in Severity}
    if listed:
        _say(say("cli.counts", lang, **counts))


def _say(line: str) -> None:
    click.echo(line, err=True)


def _print(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
