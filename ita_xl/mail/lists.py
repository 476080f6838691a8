"""Lists of names with their e-mail addresses, from a CSV file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from ita_xl import files
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import tidy

_EMAIL = ("email", "e-mail", "อีเมล")


class Line(NamedTuple):
    """number: of the row in the file, from 1. name: as it is typed. email: one address or several, or none."""

    number: int
    name: str
    email: str


def read(path: Path, heading: Collection[str], unreadable: Code) -> tuple[list[Line], list[Finding]]:
    """Each row that has a name, and findings on a guessed encoding. heading: how the column of names may be headed.

    Raises `Unusable`: with `unreadable` for a list that lacks a heading."""
    try:
        lines, notes = files.csv_rows(path)
    except ValueError as error:
        told = {"file": files.shown(path), "detail": str(error)}
        raise Unusable(Finding(Code.FILE_UNREADABLE, values=told)) from error
    first, *rows = lines or [[]]
    words = [tidy(text).casefold() for text in first]
    at, email = (next((n for n, word in enumerate(words) if word in known), None) for known in (heading, _EMAIL))
    if at is None or email is None:
        raise Unusable(Finding(unreadable, values={"file": files.shown(path)}))
    filled = [(number, row) for number, row in enumerate(rows, 2) if len(row) > max(at, email) and row[at].strip()]
    return [Line(number, row[at], row[email]) for number, row in filled], notes
