"""The view over many agencies: a workbook to read and print, or a table for other programs."""

from __future__ import annotations

import datetime as dt
import errno
import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from ita_xl import files
from ita_xl.batch.portfolio import roster as rosters
from ita_xl.batch.portfolio.agencies import Counted, changed, counted
from ita_xl.batch.record import Record
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.files import backups, locks

__all__ = ["KINDS", "Counted", "changed", "check", "counted", "write"]

KINDS = (".xlsx", ".csv", ".parquet")
"""Endings of a portfolio's name; each makes another kind of file."""


def check(target: Path, roster: Path | None = None, folder: Path | None = None) -> None:
    """Whatever can be known before the work begins. Raises `Unusable` when the portfolio could not be written: an
    unknown kind, a folder that is missing or closed, a missing library, a target that is open elsewhere, a roster
    that cannot be read. folder: of the results, which the batch will make."""
    named = {"file": target.name}
    if target.suffix.lower() not in KINDS:
        raise Unusable(Finding(Code.PORTFOLIO_KIND_UNKNOWN, values=named | {"kinds": ", ".join(KINDS)}))
    if target.suffix.lower() == ".parquet" and find_spec("pyarrow") is None:
        raise Unusable(Finding(Code.PYARROW_NOT_INSTALLED, values=named))
    missing = not os.path.isdir(target.parent)
    coming = missing and folder is not None and files.same(target.parent, folder)
    if not coming:
        files.refuse_protected(target)
        if missing or not os.access(target.parent, os.W_OK):
            detail = os.strerror(errno.ENOENT if missing else errno.EACCES)
            raise Unusable(Finding(Code.FILE_UNWRITABLE, values=named | {"detail": detail}))
    locks.refuse_open(target)
    if roster:
        rosters.read(roster)


def write(
    records: Sequence[Record],
    target: Path,
    roster: Path | None = None,
    lang: str = "th",
    folder: Path | None = None,
    on: dt.date | None = None,
) -> list[Finding]:
    """Write the portfolio of these records, in the kind that the target's ending says; a file that stood there with
    other content is kept beside it as a numbered backup. roster: agencies that should have sent something (only the
    workbook shows them). folder: below which the records' outputs lie, if that is not the target's own. on: the day
    of which is told what is late; None for today. Returns findings on the roster. Raises `Unusable`, and then
    writes nothing."""
    check(target)
    day = on or dt.datetime.now().astimezone().date()
    listed, findings = rosters.read(roster) if roster else (None, [])
    kind = target.suffix.lower()
    if kind == ".xlsx":
        from ita_xl.batch.portfolio import workbook  # with it come the drawing libraries
        from ita_xl.batch.portfolio.sheets import Portfolio

        try:
            made = workbook.make(Portfolio(records, listed, lang, day), _way(folder, target))
        except OSError as error:
            raise files.refused(target, error, Code.FILE_UNWRITABLE) from error
    else:
        from ita_xl.batch.portfolio import export

        made = export.as_csv(records, lang, day) if kind == ".csv" else export.as_parquet(records, day)
    backups.replace_whole(target, made)
    return findings


def _way(folder: Path | None, target: Path) -> str:
    """The path from the portfolio to the folder of results; on another drive there is only the whole one."""
    here = os.path.realpath(target.parent)
    there = os.path.realpath(folder or here)
    try:
        return Path(os.path.relpath(there, here)).as_posix()
    except ValueError:
        return Path(there).as_posix()
