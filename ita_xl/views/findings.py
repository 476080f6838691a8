"""รายการที่ต้องตรวจแก้: every finding with a link to its cell and what to do."""

from __future__ import annotations

from ita_xl.case.outcome import Outcome
from ita_xl.data import catalogue, say
from ita_xl.domain.findings import Group, Severity, grouped, ordered
from ita_xl.engines.port import Formula, Written
from ita_xl.layout import MOST_FINDINGS
from ita_xl.layout.labels import shown_code
from ita_xl.views.content import Content, Values

_ROOM = 2
"""Ranges that fit into the column of cells."""


def findings(outcome: Outcome) -> Content:
    listed = ordered(outcome.findings)
    groups = grouped(listed)
    room = MOST_FINDINGS
    cut = groups if len(groups) <= room else groups[: room - 1]
    rows = [_row(number, group) for number, group in enumerate(cut, 1)]
    if len(cut) < len(groups):
        rest = len(listed) - sum(group.number for group in cut)
        rows.append({"no": room, "message": say("findings.more", number=rest)})
    counts = {s.value: sum(f.severity is s for f in listed) for s in Severity}
    return Content({"count": say("findings.counts" if listed else "findings.none", **counts)}, {"findings": rows})


def _row(number: int, group: Group) -> Values:
    finding = group.first
    return {
        "no": number,
        "severity": say(f"severities.{finding.severity.value}"),
        "finding": finding.code,
        "sheet": finding.sheet or None,
        "cell": link(finding.sheet, group.ranges[0], group.cells(_ROOM)) if group.ranges else None,
        "code": (group.number == 1 and shown_code(finding.question)) or None,
        "message": catalogue.together(group),
        "hint": catalogue.hint(finding),
    }


def link(sheet: str, cells: str, shown: str) -> Written:
    """A formula that jumps to cells and shows an address."""
    quoted = sheet.replace("'", "''").replace('"', '""')
    return Formula(f'=HYPERLINK("#\'{quoted}\'!{cells}","{shown}")', shown)
