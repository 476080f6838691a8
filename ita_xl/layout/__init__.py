"""Where everything stands in the workbook. The only place with addresses: reader, writer and drawer use it.

A sheet has fields (single cells) and blocks (tables). A block's unused rows are hidden, so one layout
serves an agency with 15 questions and one with 60.
"""

from ita_xl.domain.rows import Owner
from ita_xl.layout.expert import FORM, FORM_NEEDS, MEMORY, RECHECK, STRUCTURE
from ita_xl.layout.follow import ANSWERS, FOLLOW, FORM_MARKS, FORM_SHEETS
from ita_xl.layout.home import HOME
from ita_xl.layout.imported import IMPORTED
from ita_xl.layout.inputs import COMMENTS, SCORES, STATED
from ita_xl.layout.outputs import ANALYSIS, CHARTS, FINDINGS, MOST_CAUSES, MOST_FINDINGS, SUMMARY, YEARS
from ita_xl.layout.parts import MAX_NODES, MAX_QUESTIONS, Block, Column, Field, Sheet
from ita_xl.layout.plan import ACTIONS, GUIDANCE, ISSUES, MEASURES, RESULTS, TRACKING
from ita_xl.layout.removed import REMOVED
from ita_xl.layout.signed import SIGNED, SIGNED_SHEETS
from ita_xl.layout.simulate import SIMULATION
from ita_xl.layout.survey import STEP_FROM, SURVEY_CHART, SURVEYS
from ita_xl.layout.topics import TOPICS
from ita_xl.layout.traits import Kind, Show

SHEETS = (
    HOME,
    STATED,
    *SCORES.values(),
    COMMENTS,
    FINDINGS,
    SUMMARY,
    YEARS,
    ISSUES,
    *ANALYSIS.values(),
    ACTIONS,
    TOPICS,
    MEASURES,
    REMOVED,
    TRACKING,
    FOLLOW,
    ANSWERS,
    RESULTS,
    SIGNED,
    IMPORTED,
    *SURVEYS.values(),
    SIMULATION,
    GUIDANCE,
    STRUCTURE,
    RECHECK,
    MEMORY,
)
INPUTS = (HOME, STATED, *SCORES.values(), COMMENTS, STRUCTURE)
OUTPUTS = (
    SUMMARY,
    YEARS,
    ISSUES,
    *ANALYSIS.values(),
    ACTIONS,
    TOPICS,
    MEASURES,
    REMOVED,
    TRACKING,
    FOLLOW,
    ANSWERS,
    RESULTS,
    SIGNED,
    IMPORTED,
    *SURVEYS.values(),
    SIMULATION,
    FINDINGS,
)
PUBLISHED = tuple(sheet for sheet in SHEETS if sheet.show is Show.RUN or sheet is TOPICS)
"""What an agency publishes: the outputs that show from the first run on. The list of findings is its own affair."""

WRITTEN = (*OUTPUTS, RECHECK, MEMORY)
"""Every sheet that a run writes into: the outputs, one column of the recheck sheet, and what we suggested."""

__all__ = [
    "ACTIONS",
    "ANALYSIS",
    "ANSWERS",
    "CHARTS",
    "COMMENTS",
    "FINDINGS",
    "FOLLOW",
    "FORM",
    "FORM_MARKS",
    "FORM_NEEDS",
    "FORM_SHEETS",
    "GUIDANCE",
    "HOME",
    "IMPORTED",
    "INPUTS",
    "ISSUES",
    "MAX_NODES",
    "MAX_QUESTIONS",
    "MEASURES",
    "MEMORY",
    "MOST_CAUSES",
    "MOST_FINDINGS",
    "OUTPUTS",
    "PUBLISHED",
    "RECHECK",
    "REMOVED",
    "RESULTS",
    "SCORES",
    "SHEETS",
    "SIGNED",
    "SIGNED_SHEETS",
    "SIMULATION",
    "STATED",
    "STEP_FROM",
    "STRUCTURE",
    "SUMMARY",
    "SURVEYS",
    "SURVEY_CHART",
    "TOPICS",
    "TRACKING",
    "WRITTEN",
    "YEARS",
    "Block",
    "Column",
    "Field",
    "Kind",
    "Owner",
    "Sheet",
    "Show",
]
