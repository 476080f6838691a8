"""Score files: CSV in UTF-8 with the header `code,2563,2564,2565` and a row per node code."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import arabic_digits, parse_code, parse_number, tidy
from ita_xl.domain.tree import TOTAL, Kind, Tree
from ita_xl.workbook.labels import LEVEL, meant_code
from ita_xl.workbook.reader_scores import split_points

YEARS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One filled cell of a score file. value: a number in points, a level's name, or a text that is not
    understood and goes into the workbook as typed, where the check reports it. points: (points, items)
    where it was written as 700/9."""

    code: str
    year: int
    value: Fraction | str
    points: tuple[Fraction, int] | None = None


def read(path: Path, tree: Tree, year: int) -> tuple[list[Entry], list[Finding]]:
    """The entries of a score file for the three years ending with `year`.

    Returns findings for codes that the structure does not have and years beyond the three. Raises
    `Unusable` for a file that is no score file.
    """
    rows = list(csv.reader(io.StringIO(_text(path))))
    if not rows or tidy(rows[0][0]).lower() not in ("code", "รหัส"):
        raise _unusable(path, "no header")
    years = [_year(cell) for cell in rows[0]]
    if not any(years):
        raise _unusable(path, "no year")
    known = {*tree.nodes, LEVEL}
    entries: list[Entry] = []
    findings: list[Finding] = []
    for column, found in enumerate(years):
        if found and not year - YEARS_SHOWN < found <= year:
            findings.append(Finding("W401", path.name, f"1:{column + 1}", values={"year": found, "this": year}))
    for line, row in enumerate(rows[1:], 2):
        if not row or not tidy(row[0]):
            continue
        code = parse_code(meant_code(row[0]), known).code
        if code is None:
            findings.append(Finding("E206", path.name, f"line {line}", values={"value": row[0]}))
            continue
        for found, cell in zip(years, row, strict=False):
            if found and year - YEARS_SHOWN < found <= year and tidy(cell):
                entries.extend(_entry(tree, code, found, cell))
    return entries, findings


def _entry(tree: Tree, code: str, year: int, cell: str) -> Iterator[Entry]:
    if code == LEVEL:
        yield Entry(code, year, tidy(cell))
        return
    points = split_points(tidy(cell)) if code == TOTAL or tree[code].kind is not Kind.QUESTION else None
    if points:
        yield Entry(code, year, points[0], points)
        return
    typed = parse_number(cell)
    if typed is None or typed.value is not None:
        yield Entry(code, year, tidy(cell) if typed is None or typed.value is None else typed.value)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _unusable(path, "UTF-8") from None
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error


def _year(cell: str) -> int | None:
    text = arabic_digits(tidy(cell))
    return int(text) if text.isdigit() and len(text) == 4 else None


def _unusable(path: Path, detail: str) -> Unusable:
    return Unusable(Finding("E115", values={"file": path.name, "detail": detail}))
