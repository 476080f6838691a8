"""What the output sheets say, as fields and rows by schema key; no addresses, no looks."""

from __future__ import annotations

from collections.abc import Mapping

from ita_xl.case.outcome import Outcome
from ita_xl.layout import (
    ACTIONS,
    ANALYSIS,
    FINDINGS,
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
from ita_xl.views.issues import actions, issues
from ita_xl.views.plan import measures, themes, tracking
from ita_xl.views.recheck import recheck
from ita_xl.views.results import results
from ita_xl.views.simulate import simulation
from ita_xl.views.summary import summary
from ita_xl.views.years import years


def contents(outcome: Outcome) -> Mapping[SheetKey, tuple[Sheet, Content]]:
    """The content of every sheet that a run writes, by its key. The sheet of findings comes last and still empty:
    writing may add to what is found."""
    made = {}
    if outcome.years:
        made[SUMMARY.key] = (SUMMARY, summary(outcome))
        made[YEARS.key] = (YEARS, years(outcome))
        made[ISSUES.key] = (ISSUES, issues(outcome))
        for instrument, sheet in ANALYSIS.items():
            made[sheet.key] = (sheet, analysis(outcome, instrument))
        made[ACTIONS.key] = (ACTIONS, actions(outcome))
        plan = themes(outcome)
        made[MEASURES.key] = (MEASURES, measures(outcome, plan))
        made[TRACKING.key] = (TRACKING, tracking(outcome, plan))
        made[RESULTS.key] = (RESULTS, results(outcome, plan))
        made[SIMULATION.key] = (SIMULATION, simulation(outcome))
        made[RECHECK.key] = (RECHECK, recheck(outcome))
    made[FINDINGS.key] = (FINDINGS, Content())
    return made
