"""Sentences above the tables: we suggest them, and a person may word them anew."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.domain.merge import Last, Merged, mark_of, merge
from ita_xl.domain.rows import Cell, Owner
from ita_xl.engines.port import Grid, Written
from ita_xl.layout import Sheet
from ita_xl.layout.keys import FieldKey

TABLE = "sentences"
"""What their marks are kept under, in place of a table."""
_COLUMN = "text"


class Sentences(Struct):
    """kept: those that are a person's. last: what is to be remembered. findings: where we would now say something
    else."""

    kept: dict[FieldKey, str] = field(default_factory=dict)
    last: Last = field(default_factory=Last)
    findings: list[Finding] = field(default_factory=list)


def sentences(
    sheet: Sheet, title: str, grid: Grid, last: Last | None, suggested: Mapping[FieldKey, Written]
) -> Sentences:
    """What becomes of the sentences of a sheet as it stands. last: what is remembered of them, None where nothing
    is: forms of earlier versions kept no marks, and what stands there is ours."""
    made, marks = Sentences(), dict[tuple[str, str], str]()
    for one in sheet.fields:
        if one.owner is not Owner.SUGGEST or one.key not in suggested:
            continue
        ours = str(suggested[one.key] or "")
        mark = last.marks.get((one.key, _COLUMN), "") if last else ""
        standing = Cell(grid.at(*one.at), one.owner, one.at in grid.formulas)
        what = merge(mark, standing, ours)[1] if last else Merged.REFRESHED
        if what is not Merged.REFRESHED:
            made.kept[one.key] = standing.text
        if what is Merged.KEPT_DIFFERS:
            values = {"row": sheet.title, "suggestion": ours}
            made.findings.append(Finding(Code.EDIT_DIFFERS, title, one.cell, values=values))
        if mark := mark_of(ours) if what is Merged.REFRESHED else mark:
            marks[one.key, _COLUMN] = mark
    made.last = Last(marks)
    return made
