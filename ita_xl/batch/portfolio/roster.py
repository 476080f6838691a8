"""The list of agencies that should have sent a workbook: reading it, and who is missing."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from ita_xl import files
from ita_xl.batch.portfolio.agencies import Key, bare_name, full_name, key_of
from ita_xl.batch.record import Record
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import folded, same_text, tidy
from ita_xl.engines.package.engine import Package
from ita_xl.reading.page import Notes

_HEADINGS = {
    "agency": ("agency", "name", "หน่วยงาน"),
    "province": ("province",),
    "agency_type": ("type", "ประเภท"),
    "district": ("district", "อำเภอ"),
}
"""What a column may be headed beside its label on an agency's first sheet, by field of `RosterLine`."""

_HEADING_ROWS = 20
"""So many rows from the top one may be the heading; above it stand titles."""

_LIKENESS = 0.75
_MOST_COMPARED = 1000
"""A province has fewer agencies; the names of a list without provinces would take minutes to compare."""

_LISTED_ROWS = 10


Near = dict[str, dict[str, list[tuple[int, str]]]]
"""Agencies by province and own part of the name: their places in the list and the types of their names."""


@dataclass(frozen=True, slots=True)
class RosterLine:
    """An agency of the list; all but its name may be empty."""

    agency: str
    province: str = ""
    district: str = ""
    agency_type: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sent what for one year. missing: agencies of the list, each with what may be theirs all the same: a name
    that is not on the list, or an unusable file. unlisted: records of none of the list's agencies, each with the
    name on the list that may be meant."""

    missing: list[tuple[RosterLine, str]]
    unlisted: list[tuple[Record, str]]


def read(path: Path) -> tuple[list[RosterLine], list[Finding]]:
    """The agencies of a list, .csv or .xlsx, and findings on it.

    Rows without a name are left out, and of those that name one agency all but the first. Raises `Unusable`.
    """
    agencies: dict[Key, RosterLine] = {}
    nameless: list[int] = []
    repeated: list[int] = []
    notes: list[Finding] = []
    for number, cells in _rows(path, notes):
        if not any(cells.values()):
            continue
        line = RosterLine(**cells)
        key = key_of(line.agency, line.province, line.district)
        if not line.agency:
            nameless.append(number)
        elif key in agencies:
            repeated.append(number)
        else:
            agencies[key] = line
    notes += [
        Finding(code, values={"file": path.name, "items": len(rows), "rows": _some(rows)})
        for code, rows in ((Code.ROSTER_WITHOUT_NAMES, nameless), (Code.ROSTER_REPEATS, repeated))
        if rows
    ]
    return list(agencies.values()), notes


def _rows(path: Path, notes: list[Finding]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row below the heading, counted from 1, with its cells by field. notes: gets what is to be said of the
    file."""
    for rows in _tables(path, notes):
        for number, heading in enumerate(rows[:_HEADING_ROWS], 1):
            columns = {
                field: at
                for field, names in _HEADINGS.items()
                for at, cell in enumerate(heading)
                if any(same_text(cell, name) for name in (*names, say(f"home.labels.{field}")))
            }
            if "agency" in columns:
                for below, row in enumerate(rows[number:], number + 1):
                    yield below, {f: tidy(row[at]) if at < len(row) else "" for f, at in columns.items()}
                return
    raise _unusable(path, "agency, province, type, district")


def _tables(path: Path, notes: list[Finding]) -> Iterator[list[list[str]]]:
    """The rows of a CSV file or of each sheet of a workbook, as texts."""
    if path.suffix.lower() == ".csv":
        try:
            rows, guessed = files.csv_rows(path)
        except ValueError as error:
            raise _unusable(path, str(error)) from error
        notes += guessed
        yield rows
    elif path.suffix.lower() == ".xlsx":
        port = Package.open(path)
        text = Notes(path.name, []).text
        for title in port.sheets():
            grid = port.read(title)
            wide = max((column for _, column in grid.cells), default=0) + 1
            yield [[text(grid.at(r, c)) for c in range(1, wide)] for r in range(1, grid.last_row + 1)]
    else:
        raise _unusable(path, path.suffix or path.name)


def _unusable(path: Path, detail: str) -> Unusable:
    return Unusable(Finding(Code.ROSTER_UNREADABLE, values={"file": path.name, "detail": detail}))


def _some(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows[:_LISTED_ROWS])) + (" …" if len(rows) > _LISTED_ROWS else "")


def compare(agencies: Sequence[RosterLine], records: Sequence[Record], unusable: Sequence[Record]) -> Sending:
    """Who of the list sent something and who did not. records: of one year. unusable: files of which it is not
    known whose they are; one that bears an agency's name may be theirs."""
    keys = [key_of(line.agency, line.province, line.district) for line in agencies]
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, (name, _, _) in enumerate(keys):
        by_name[name].append(number)
    sent: set[int] = set()
    foreign: list[tuple[Record, list[int]]] = []
    for record in records:
        meant = _meant(key_of(record.agency, record.province, record.district), keys, by_name)
        if len(meant) == 1:
            sent.update(meant)
        else:
            foreign.append((record, meant))
    missing = [number for number in range(len(agencies)) if number not in sent]
    near = _by_province((number, keys[number]) for number in missing)
    unlisted = [(record, meant or _similar(record, near)) for record, meant in foreign]
    guessed = {number: record.agency for record, meant in unlisted for number in meant}
    stems = _stems(unusable)
    return Sending(
        missing=[(agencies[n], guessed.get(n) or _file_of(keys[n][0], stems)) for n in missing],
        unlisted=[(record, _either(agencies[n] for n in meant)) for record, meant in unlisted],
    )


def _meant(key: Key, keys: Sequence[Key], by_name: Mapping[str, list[int]]) -> list[int]:
    """The agencies, by their place in the list, that a key may mean: those that are it entirely, else those that
    nothing speaks against."""
    possible = [number for number in by_name.get(key[0], []) if _one_place(keys[number], key)]
    return [number for number in possible if keys[number] == key] or possible


def _one_place(left: Key, right: Key) -> bool:
    """Whether province and district do not contradict each other; what is not said contradicts nothing."""
    return all(not a or not b or a == b for a, b in zip(left[1:], right[1:], strict=True))


def _by_province(missing: Iterable[tuple[int, Key]]) -> Near:
    near: Near = defaultdict(lambda: defaultdict(list))
    for number, (name, province, _) in missing:
        kind, own = bare_name(name)
        near[province][own].append((number, kind))
    return near


def _similar(record: Record, near: Near) -> list[int]:
    """The missing agency of the record's province with the most similar name, if one is similar enough. Names are
    compared without the type with which they begin: with it all are alike."""
    name, province, _ = key_of(record.agency, record.province, record.district)
    kind, own = bare_name(name)
    others = near[province] | near[""]
    if not own or len(others) > _MOST_COMPARED:
        return []
    for like in difflib.get_close_matches(own, others, 3, _LIKENESS):
        for number, other in others[like]:
            if not kind or not other or kind == other:
                return [number]
    return []


def _stems(unusable: Iterable[Record]) -> dict[str, str]:
    """Names of files without their ending, as an agency's name would be folded, with the names themselves."""
    names = [PureWindowsPath(record.source) for record in unusable]
    return {folded(full_name(name.stem)): name.name for name in names}


def _file_of(name: str, stems: dict[str, str]) -> str:
    return next((file for stem, file in stems.items() if name in stem), "")


def _either(agencies: Iterable[RosterLine]) -> str:
    """The names of agencies, with the districts that tell them apart."""
    listed = [f"{line.agency} ({line.district})" if line.district else line.agency for line in agencies]
    return " / ".join(dict.fromkeys(listed))
