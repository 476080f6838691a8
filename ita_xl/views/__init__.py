"""What the output sheets say, as fields and rows by schema key; no addresses, no looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ita_xl.case.outcome import Outcome
from ita_xl.domain.answers import in_use
from ita_xl.domain.plan import PlannedMeasure, PlannedStep
from ita_xl.layout import (
    ACTIONS,
    ANALYSIS,
    ISSUES,
    MEASURES,
    RECHECK,
    RESULTS,
    SIMULATION,
    SUMMARY,
    TRACKING,
    YEARS,
    Sheet,
)
from ita_xl.layout.keys import SheetKey
from ita_xl.views.analysis import analysis
from ita_xl.views.content import Content
from ita_xl.views.follow import answer_states, follow
from ita_xl.views.heard import Heard
from ita_xl.views.issues import actions, actions_intro, issues, issues_intro
from ita_xl.views.plan import introduction, measures, themes, tracking
from ita_xl.views.recheck import recheck
from ita_xl.views.results import results
from ita_xl.views.simulate import simulation
from ita_xl.views.summary import summary
from ita_xl.views.topics import topics
from ita_xl.views.years import years

__all__ = [
    "actions_intro",
    "answer_states",
    "contents",
    "follow",
    "following",
    "introduction",
    "issues_intro",
    "topics",
]


def contents(outcome: Outcome) -> Mapping[SheetKey, tuple[Sheet, Content]]:
    """The content of the sheets that a run writes, by key, but for those that follow from the plan as it will
    stand, and for the list of findings."""
    made = {}
    if outcome.years:
        made[SUMMARY.key] = (SUMMARY, summary(outcome))
        made[YEARS.key] = (YEARS, years(outcome))
        made[ISSUES.key] = (ISSUES, issues(outcome))
        for instrument, sheet in ANALYSIS.items():
            made[sheet.key] = (sheet, analysis(outcome, instrument))
        made[ACTIONS.key] = (ACTIONS, actions(outcome))
        made[MEASURES.key] = (MEASURES, measures(outcome, themes(outcome)))
        made[SIMULATION.key] = (SIMULATION, simulation(outcome))
        made[RECHECK.key] = (RECHECK, recheck(outcome))
    return made


def following(
    outcome: Outcome, plan: Sequence[PlannedMeasure], steps: Sequence[PlannedStep]
) -> Mapping[SheetKey, tuple[Sheet, Content]]:
    """The content of the sheets about the measures that stand in the plan. steps: of it."""
    heard = Heard(steps, in_use(outcome.inputs.answers))
    return {
        TRACKING.key: (TRACKING, tracking(outcome, plan, heard)),
        RESULTS.key: (RESULTS, results(outcome, plan, heard)),
    }
