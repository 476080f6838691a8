"""Score files: CSV with the header `code,2563,2564,2565` and a row per node code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from msgspec import Struct

from ita_xl import files
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import arabic_digits, parse_code, same_text, tidy
from ita_xl.domain.tree import Kind, Tree
from ita_xl.layout.address import letter
from ita_xl.layout.labels import LEVEL, meant_code
from ita_xl.reading.page import Notes
from ita_xl.reading.scores import split_points

YEARS_SHOWN = 3


class ScoreEntry(Struct, frozen=True):
    """One filled cell of a score file. value: a number in points, a level's name, or a text that is not
    understood and goes into the workbook as typed, where the check reports it too. points: (points,
    items) where it was written as 700/9. held: a person decided that it holds against what its parts come to."""

    code: str
    year: int
    value: Fraction | str
    points: tuple[Fraction, int] | None = None
    held: bool = False


def read(path: Path, tree: Tree, year: int) -> tuple[list[ScoreEntry], list[Finding]]:
    """The entries of a score file for the three years ending with `year`, and findings on its cells.

    Raises `Unusable` for a file that is no score file.
    """
    notes = Notes(path.name, [])
    rows = _rows(path, notes)
    years = _years(rows[0], notes, year)
    if not years:
        raise _unusable(path, "code,2563,2564,2565")
    entries: dict[str, ScoreEntry] = {}
    seen: dict[str, str] = {}
    for line, row in enumerate(rows[1:], 2):
        here = f"A{line}"
        if not row or not any(tidy(cell) for cell in row):
            continue
        if len(row) > len(rows[0]):
            notes.note(Code.LINE_HAS_OTHER_WIDTH, here, cells=len(row), columns=len(rows[0]))
            continue
        typed = parse_code(meant_code(row[0]), {*tree.nodes, LEVEL})
        if typed.code is None:
            code = Code.CODE_AMBIGUOUS if typed.candidates else Code.CODE_UNKNOWN
            notes.note(code, here, value=row[0], candidates=", ".join(typed.candidates))
        elif typed.code in seen:
            notes.note(Code.CODE_TWICE, here, typed.code, first=seen[typed.code])
        else:
            if typed.odd:
                notes.note(Code.CODE_UNDERSTOOD, here, typed.code, value=row[0])
            seen[typed.code] = here
            for column, found in years.items():
                if column < len(row) and tidy(row[column]):
                    cell = f"{letter(column + 1)}{line}"
                    if entry := _entry(tree, typed.code, found, row[column], cell, notes):
                        entries[cell] = entry
    _check_shares(tree, entries, notes)
    return list(entries.values()), notes.findings


def _check_shares(tree: Tree, entries: Mapping[str, ScoreEntry], notes: Notes) -> None:
    """Report shares of one among what will stand in one column of the workbook. entries: by cell."""
    columns: dict[tuple[int, str | None], dict[str, Fraction]] = {}
    for cell, entry in entries.items():
        if isinstance(entry.value, Fraction) and not entry.points:
            of = tree.instrument_of(entry.code) if tree[entry.code].kind is Kind.QUESTION else None
            columns.setdefault((entry.year, of), {})[cell] = entry.value
    for points in columns.values():
        notes.shares(points)


def _rows(path: Path, notes: Notes) -> list[list[str]]:
    try:
        rows, guessed = files.csv_rows(path)
    except ValueError as error:
        raise _unusable(path, str(error)) from error
    heading = tidy(rows[0][0]) if rows and rows[0] else ""
    if heading.lower() != "code" and not same_text(heading, say("headings.code")):
        raise _unusable(path, "code,2563,2564,2565")
    if any("\n" in cell for row in rows for cell in row):
        raise _unusable(path, '"')
    notes.findings.extend(guessed)
    return rows


def _years(header: list[str], notes: Notes, this: int) -> dict[int, int]:
    """The year of each column; columns of other years, twice the same or without a year are reported."""
    years: dict[int, int] = {}
    for column, text in enumerate(header[1:], 1):
        cell = f"{letter(column + 1)}1"
        match = re.search(r"25\d\d", arabic_digits(tidy(text)))
        year = int(match[0]) if match else None
        if year is None:
            if tidy(text):
                notes.note(Code.SCORE_FILE_COLUMN_UNKNOWN, cell, value=text)
        elif not this - YEARS_SHOWN < year <= this:
            notes.note(Code.SCORE_FILE_OTHER_YEAR, cell, year=year, this=this)
        elif year in years.values():
            notes.note(Code.SCORE_FILE_YEAR_TWICE, cell, year=year)
        else:
            years[column] = year
    return years


def _entry(tree: Tree, code: str, year: int, text: str, cell: str, notes: Notes) -> ScoreEntry | None:
    if code == LEVEL:
        return ScoreEntry(code, year, tidy(text))
    points = split_points(tidy(text)) if tree[code].kind is not Kind.QUESTION else None
    if points:
        return ScoreEntry(code, year, points[0], points)
    before = len(notes.findings)
    value = notes.number(_plain(text), cell, code)
    if value is not None:
        return ScoreEntry(code, year, value)
    refused = {finding.code for finding in notes.findings[before:]} - {Code.COUNTS_AS_UNKNOWN}
    return ScoreEntry(code, year, tidy(text)) if refused else None


def _plain(text: str) -> str | float:
    """Every cell of a CSV is text; plain digits need no note."""
    return float(text) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text, re.ASCII) else text


def _unusable(path: Path, detail: str) -> Unusable:
    return Unusable(Finding(Code.SCORE_FILE_UNREADABLE, values={"file": path.name, "detail": detail}))
