"""A finding: one thing a person should know or mend, with the place where it stands.

Findings are collected, never raised at the first one. They carry no sentence: the catalogue
(`ita_xl.data`) turns the code and the values into Thai or English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ita_xl.domain.codes import Code


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_SEVERITY = {"E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.NOTE}
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Finding:
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


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


class Unusable(Exception):
    """The work cannot go on: a file is missing, damaged, foreign or in the way."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = findings
