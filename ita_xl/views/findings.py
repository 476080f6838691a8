"""รายการที่ต้องตรวจแก้: every finding with a link to its cell and what to do."""

from __future__ import annotations

from ita_xl.case.outcome import Outcome
from ita_xl.data import catalogue, say
from ita_xl.domain.findings import Severity, ordered
from ita_xl.engines.port import Formula, Written
from ita_xl.layout import FINDINGS
from ita_xl.layout.labels import shown_code
from ita_xl.views.content import Content, Values


def findings(outcome: Outcome) -> Content:
    listed = ordered(outcome.findings)
    room = FINDINGS.block("findings").capacity
    cut = listed if len(listed) <= room else listed[: room - 1]
    rows: list[Values] = [
        {
            "no": number,
            "severity": say(f"severities.{finding.severity.value}"),
            "finding": finding.code,
            "sheet": finding.sheet or None,
            "cell": link(finding.sheet, finding.cell) if finding.cell else None,
            "code": shown_code(finding.question) or None,
            "message": catalogue.message(finding),
            "hint": catalogue.hint(finding),
        }
        for number, finding in enumerate(cut, 1)
    ]
    if len(cut) < len(listed):
        rows.append({"no": room, "message": say("findings.more", number=len(listed) - len(cut))})
    counts = {s.value: sum(f.severity is s for f in listed) for s in Severity}
    return Content({"count": say("findings.counts" if listed else "findings.none", **counts)}, {"findings": rows})


def link(sheet: str, cell: str) -> Written:
    """A formula that jumps to a cell and shows its address."""
    quoted = sheet.replace("'", "''").replace('"', '""')
    return Formula(f'=HYPERLINK("#\'{quoted}\'!{cell}","{cell}")', cell)
