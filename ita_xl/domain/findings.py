"""A finding: one thing a person should know or mend, with the place where it stands.

Findings are collected, never raised at the first one. They carry no sentence: the catalogue
(`ita_xl.data`) turns the code and the values into Thai or English.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import groupby

from msgspec import Struct, field

from ita_xl.domain.codes import Code


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_SEVERITY = {"E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.NOTE}
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_TOLD_APART = 2


class Finding(Struct, frozen=True):
    """code: which one; its first letter gives the severity (E, W, I). sheet and cell: where, if
    anywhere (cell like "G20"). question: the node it is about. values: the slots of the sentence."""

    code: Code
    sheet: str = ""
    cell: str = ""
    question: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return _SEVERITY[self.code[0]]

    @property
    def unusable(self) -> bool:
        """The E1xx series: the file itself cannot be read or written."""
        return self.code.startswith("E1")

    @property
    def undelivered(self) -> bool:
        """The series E820 to E839: a message did not reach everybody."""
        return self.code.startswith(("E82", "E83"))


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Most serious first; within a severity in the order in which they were found."""
    return sorted(findings, key=lambda finding: _ORDER[finding.severity])


class Group(Struct, frozen=True):
    """Findings that people are told as one. first: stands for them. ranges: where, as ("G5", "G7:G9"), empty for
    nowhere. number: how many there are."""

    first: Finding
    ranges: tuple[str, ...]
    number: int = 1

    def cells(self, most: int = 4) -> str:
        """The ranges in a line, at most so many of them."""
        return ", ".join(self.ranges[:most]) + (" …" if len(self.ranges) > most else "")

    def place(self) -> str:
        """Sheet and cells in a line, empty for nowhere."""
        return " ".join(filter(None, (self.first.sheet, self.cells())))


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """Findings as people are told them: those of one kind in one column of a sheet together, where the first one
    stood, and more than two as one."""
    alike: dict[object, list[Finding]] = defaultdict(list)
    for number, finding in enumerate(findings):
        column, row = _column_and_row(finding)
        alike[(finding.code, finding.sheet, column) if row else number].append(finding)
    groups: list[Group] = []
    for same in alike.values():
        groups += [_together(same)] if len(same) > _TOLD_APART else map(_alone, same)
    return groups


def _alone(finding: Finding) -> Group:
    return Group(finding, (finding.cell,) if finding.cell else ())


def _together(same: list[Finding]) -> Group:
    first = min(same, key=_column_and_row)
    column, _ = _column_and_row(first)
    rows = sorted({_column_and_row(finding)[1] for finding in same})
    runs = [[row for _, row in run] for _, run in groupby(enumerate(rows), lambda at: at[1] - at[0])]
    ranges = [f"{column}{run[0]}" + (f":{column}{run[-1]}" if run[1:] else "") for run in runs]
    return Group(first, tuple(ranges), len(same))


def _column_and_row(finding: Finding) -> tuple[str, int]:
    """("G", 20) for G20; no row where the place is not one cell."""
    column = finding.cell.rstrip("0123456789")
    row = finding.cell[len(column) :]
    return (column, int(row)) if row and column.isalpha() else ("", 0)


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


class Unusable(Exception):
    """The work cannot go on: a file is missing, damaged, foreign or in the way."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = findings
