"""Commands on a workbook file: new, check, run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ita_xl import files
from ita_xl.cli.common import (
    FILE,
    JSON,
    LANG,
    Command,
    Exit,
    bug,
    check_name,
    exit_for,
    failed,
    print_json,
    report,
    tell,
)
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable, has_errors
from ita_xl.files import backups, locks

if TYPE_CHECKING:
    from ita_xl.carry import LastYear
    from ita_xl.layout.keys import FieldKey
    from ita_xl.views.checked import Checked


@click.command(cls=Command)
@click.argument("out", type=FILE, metavar="OUT.xlsx", help="The workbook to make.")
@click.option("--year", type=int, help="Fiscal year, Buddhist era; may be left out with --from.")
@click.option("--from", "source", type=FILE, metavar="LASTYEAR.xlsx", help="Go on from it.")
@click.option("--agency", default="", help="Name of the agency.")
@click.option("--province", default="", help="Province.")
@click.option("--district", default="", help="District.")
@click.option("--type", "agency_type", default="", help="Type of agency.")
@click.option("--scores", type=FILE, help="CSV with code,2563,2564,2565.")
@click.option("--structure", type=FILE, metavar="YEAR.toml", help="Of structure save.")
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
@LANG
def new(
    out: Path,
    year: int | None,
    source: Path | None,
    scores: Path | None,
    structure: Path | None,
    force: bool,
    lang: str,
    agency: str,
    province: str,
    district: str,
    agency_type: str,
) -> Exit:
    """Make a workbook for one agency and year.

    With --from it goes on from last year's workbook, which is only read: its scores become last year's, the
    agency's data and texts stay, and its measures are put beside this year's scores.
    """
    from ita_xl import carry, structures
    from ita_xl.data import profiles
    from ita_xl.new import new as make
    from ita_xl.reading import score_file
    from ita_xl.writing.setup import NOTHING

    check_name(out, (".xlsx",), lang)
    if source and files.same(out, source):
        raise click.UsageError(say("cli.same_file", lang))
    if files.present(out) and not force:
        raise click.UsageError(say("cli.exists", lang, file=files.shown(out)))
    locks.refuse_open(out)
    files.refuse_protected(out)
    last = carry.open_last_year(source) if source else None
    handed = structures.opened(structure) if structure else None
    if handed and year not in (None, handed.year):
        raise click.UsageError(say("cli.other_structure", lang, file=structure, year=handed.year, asked=year))
    year = _year_asked(handed.year if handed else year, last, lang)
    profile = handed or profiles.profile(year)
    carried = carry.carry(last, profile) if last else carry.Carried(NOTHING, [], [])
    entries, findings = score_file.read(scores, profile.tree, year) if scores else ([], [])
    findings = [*carried.findings, *findings]
    if profile.status == "draft":
        note = {"year": year, "note": profile.notes["th"], "note_en": profile.notes["en"]}
        findings.append(Finding(Code.YEAR_NOT_VERIFIED, values=note))
    about: dict[FieldKey, str] = {"agency": agency, "province": province}
    about |= {"district": district, "agency_type": agency_type}
    about = {key: value for key, value in about.items() if value}
    made = make(profile, about, [*carried.entries, *entries], carried.kept)
    backups.replace_whole(out, files.compact(made.to_bytes()))
    report(findings, lang)
    if last:
        counts = {"scores": len(carried.entries), "texts": len(carried.kept.guidance)}
        counts["measures"] = len(carried.kept.measures)
        tell(say("cli.carried", lang, file=last.name, year=last.year, **counts))
    tell(say("cli.made", lang, file=out))
    return exit_for(findings)


@click.command(cls=Command)
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...", help="Workbooks to check.")
@JSON
@LANG
def check(files: tuple[Path, ...], as_json: bool, lang: str) -> Exit:
    """Check workbooks; say what to mend, or what is right, and what to do next.

    Nothing is written.
    """
    documents: list[dict[str, Any]] = []
    worst = Exit.CLEAN
    for path in files:
        document, findings, checked = _checked(path, lang)
        documents.append({"file": str(path), **document})
        if not as_json:
            tell(f"{path}:")
            report(findings, lang)
            if checked:
                _tell_next(checked, path, lang, whole=len(files) == 1)
        worst = max(worst, exit_for(findings))
    if as_json:
        print_json(documents[0] if len(documents) == 1 else documents)
    return worst


def _checked(path: Path, lang: str) -> tuple[dict[str, Any], list[Finding], Checked | None]:
    """What a check of one workbook says, whatever goes wrong: the others are checked all the same."""
    from ita_xl import jobs
    from ita_xl.views.checked import Checked

    try:
        outcome = jobs.check(path)
        sound = outcome.ran and not has_errors(outcome.findings)
        checked = Checked(outcome, jobs.outdated(path) if sound else [])
        return {**outcome.as_json(lang), **checked.as_json()}, outcome.findings, checked
    except Unusable as error:
        return {**failed(error, lang), "next": []}, list(error.findings), None
    except Exception as error:
        ours = bug(error)
        return {**failed(Unusable(ours), lang), "next": []}, [ours], None


def _tell_next(checked: Checked, path: Path, lang: str, *, whole: bool) -> None:
    """What was found right and what comes next. whole: of one workbook; of several the result in one line."""
    if whole and (right := list(checked.right(lang))):
        tell(say("checked.right", lang))
        for line in right:
            tell(say("cli.hint", lang, hint=line))
    elif not whole:
        tell(checked.outcome.headline(lang))
    tell(say("checked.to_do", lang))
    for line in checked.next(str(path), lang):
        tell(say("cli.hint", lang, hint=line))


@click.command(cls=Command)
@click.argument("file", type=FILE, help="The workbook.")
@click.option("-o", "--output", type=FILE, metavar="OUT.xlsx", help="Write the result here instead.")
@click.option(
    "--engine", type=click.Choice(["package", "openpyxl"]), default="package", help="What writes the workbook."
)
@JSON
@LANG
def run(file: Path, output: Path | None, engine: str, as_json: bool, lang: str) -> Exit:
    """Compute scores, ranks and lists into the output sheets."""
    from ita_xl import jobs

    if output is None and engine == "openpyxl":
        raise click.UsageError(say("cli.needs_output", lang))
    if output:
        check_name(output, (file.suffix.lower(),), lang)
    if output and files.same(output, file):
        raise click.UsageError(say("cli.same_file", lang))
    outcome = jobs.run(file, output, engine)
    if as_json:
        print_json(outcome.as_json(lang, str(output or file)))
    else:
        report(outcome.findings, lang)
        tell(outcome.headline(lang))
        tell(say("cli.written", lang, file=output or file))
    return exit_for(outcome.findings)


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
