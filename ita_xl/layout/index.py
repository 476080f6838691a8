"""The way from the first sheet to all others: which to fill in first, where a step is done, the rest in groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from ita_xl.layout.expert import RECHECK, STRUCTURE
from ita_xl.layout.inputs import COMMENTS, SCORES, STATED
from ita_xl.layout.keys import FieldKey
from ita_xl.layout.outputs import ANALYSIS, FINDINGS, SUMMARY, YEARS
from ita_xl.layout.parts import Sheet
from ita_xl.layout.plan import ACTIONS, GUIDANCE, ISSUES, MEASURES, RESULTS, TRACKING
from ita_xl.layout.simulate import SIMULATION

FIRST_LABEL = "A8"
FIRST: Mapping[str, Sheet] = dict(zip(("B8", "D8", "E8"), SCORES.values(), strict=True))
"""The sheets without which there is no result, by the cell that leads there."""

STEP_LINKS: Mapping[FieldKey, Sheet] = {
    "state_scores": SCORES["IIT"],
    "state_findings": FINDINGS,
    "state_texts": ISSUES,
    "state_measures": MEASURES,
    "state_signed": MEASURES,
}
"""Where the work of a step is done, if not on the first sheet itself."""


class Group(Struct, frozen=True):
    """Links under a heading: from a cell downwards, each with what its sheet is for in the next column."""

    key: Literal["fill", "outcome", "plan", "tools"]
    row: int
    column: int
    sheets: tuple[Sheet, ...]


GROUPS = (
    Group("fill", 36, 1, (*SCORES.values(), STATED, COMMENTS)),
    Group("outcome", 36, 4, (SUMMARY, YEARS, *ANALYSIS.values())),
    Group("plan", 42, 1, (ISSUES, ACTIONS, MEASURES, TRACKING, RESULTS)),
    Group("tools", 42, 4, (FINDINGS, RECHECK, SIMULATION, GUIDANCE, STRUCTURE)),
)
NOTE = ("A48", "E48")
"""Below the groups: why some sheets are not to be seen."""
