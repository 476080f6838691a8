"""The command on many workbooks: batch."""

from __future__ import annotations

import datetime as dt
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ita_xl import files
from ita_xl.cli.common import (
    FILE,
    JSON,
    LANG,
    Command,
    Day,
    Exit,
    Number,
    check_name,
    exit_for,
    listed,
    print_json,
    progress,
    report,
    stoppable,
    tell,
)
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding

if TYPE_CHECKING:
    from ita_xl.batch.job import Job


@click.command(cls=Command)
@click.argument("paths", type=FILE, nargs=-1, metavar="PATH...", help="Workbooks, folders or patterns.")
@click.option("-o", "--output", type=FILE, required=True, metavar="DIR", help="Folder of the results.")
@click.option("--list", "names", type=FILE, metavar="FILE", help="Names workbooks, one per line.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Workbooks at a time  [default: one per processor].")
@click.option("--resume", is_flag=True, help="Do only what an earlier run left undone.")
@click.option("--portfolio", type=FILE, metavar="FILE", help="View over all: .xlsx, .csv, .parquet.")
@click.option("--roster", type=FILE, metavar="FILE", help="Agencies that should send one.")
@click.option("--on", type=Day(), metavar="DAY", help="Portfolio: late as of  [default: today].")
@click.option(
    "--report",
    "papers",
    type=click.Choice(["docx", "pdf"]),
    multiple=True,
    help="The signed document beside each result; may be given twice.",
)
@click.option("--structure", type=FILE, metavar="YEAR.toml", help="For workbooks of its year.")
@click.option("--scheduler", metavar="ADDRESS", help="Convert on a Dask cluster, such as tcp://host:8786.")
@click.option(
    "--time-limit", type=Number(0, 1_000_000), default=120, show_default=True, help="Seconds per workbook."
)
@click.option(
    "--memory-limit", type=click.IntRange(0, 2**20), default=1024, show_default=True, help="MiB per process."
)
@JSON
@LANG
def batch(
    paths: tuple[Path, ...],
    output: Path,
    names: Path | None,
    jobs: int | None,
    resume: bool,
    portfolio: Path | None,
    roster: Path | None,
    on: dt.date | None,
    papers: tuple[str, ...],
    structure: Path | None,
    scheduler: str | None,
    time_limit: float,
    memory_limit: int,
    as_json: bool,
    lang: str,
) -> Exit:
    """Convert many workbooks into a folder; a bad one costs only itself.

    PATH is a workbook, a folder with all that lies below it, or a pattern such as "*.xlsx". They are only read.
    Beside the results lie a table of all findings and a log. --portfolio adds a workbook over all agencies: ranks,
    levels, what is weak in most, who is nearest to the next level, who has sent nothing (--roster), and of the
    measures how many are carried out, who is late (--on DAY), and how the scores moved.
    """
    from ita_xl import structures
    from ita_xl.batch import collect
    from ita_xl.batch import report as reporting
    from ita_xl.batch.job import Job
    from ita_xl.batch.work import convert
    from ita_xl.batch.workers import LEAST_MEMORY, Limits, cluster, local

    if not paths and not names:
        raise click.UsageError(say("cli.needs_paths", lang))
    if on and not portfolio:
        raise click.UsageError(say("cli.day_needs_portfolio", lang))
    _check_portfolio(portfolio, roster, output, lang)
    if 0 < memory_limit < LEAST_MEMORY:
        raise click.UsageError(say("cli.little_memory", lang, least=LEAST_MEMORY))
    limits = Limits(time_limit, memory_limit)
    more, notes = collect.listed(names) if names else ([], [])
    endings = [f".{kind}" for kind in dict.fromkeys(papers)]
    if structure:
        structures.opened(structure)  # what is wrong with it is told before anything is done
    work = partial(convert, structure=files.read_bytes(structure) if structure else None)
    job = Job([*paths, *more], output, resume=resume, lang=lang, papers=endings, work=work)
    job.findings.extend(notes)
    if portfolio:
        job.refuse_over(portfolio)
    number = min(jobs or os.cpu_count() or 1, len(job.sources))
    with stoppable() as stopped:
        started = cluster(scheduler) if scheduler else local(number, limits)
        with started as workers, progress(len(job.sources), quiet=as_json) as told:
            for record in job.run(workers, limits):
                told(reporting.line(record, lang))
    if job.records:
        with stoppable() as unfinished:
            job.finish(None if stopped else portfolio, roster, on)
        stopped += unfinished
    findings = [*job.findings, *stopped]
    if as_json:
        print_json(
            {
                "output": str(output),
                "portfolio": portfolio and str(portfolio),
                "files": reporting.as_json(job.records),
                **listed(findings, lang),
            }
        )
    else:
        report(findings, lang)
        _tell_made(job, output, portfolio, lang, whole=not stopped)
    of_files = [Finding(Code(str(finding["code"]))) for record in job.records for finding in record.findings]
    return exit_for([*findings, *of_files])


def _check_portfolio(portfolio: Path | None, roster: Path | None, output: Path, lang: str) -> None:
    """What speaks against one is said before hours of converting."""
    from ita_xl.batch.portfolio import KINDS, check

    if roster and not portfolio:
        raise click.UsageError(say("cli.needs_portfolio", lang))
    if portfolio:
        if roster and files.same(portfolio, roster):
            raise click.UsageError(say("cli.same_file", lang))
        check_name(portfolio, KINDS, lang)
        check(portfolio, roster, output)


def _tell_made(job: Job, output: Path, portfolio: Path | None, lang: str, *, whole: bool) -> None:
    """What lies there now. whole: all of the workbooks were converted."""
    from ita_xl.batch import report as reporting

    if job.records:
        tell(reporting.summary(job.records, lang))
        tell(say("batch.written" if whole else "batch.resume", lang, folder=output))
    if portfolio and whole:
        tell(say("cli.made", lang, file=portfolio))
