"""Where everything stands in the workbook. The only place with addresses: reader, writer and drawer use it.

A sheet has fields (single cells) and blocks (tables). A block's unused rows are hidden, so one layout
serves an agency with 15 questions and one with 60.
"""

from ita_xl.workbook.schema.expert import MEMORY, RECHECK, STRUCTURE
from ita_xl.workbook.schema.inputs import COMMENTS, HOME, INDEX_ROW, LEVEL_ROW, SCORES, STATED
from ita_xl.workbook.schema.outputs import ANALYSIS, CHARTS, FINDINGS, SUMMARY, YEARS
from ita_xl.workbook.schema.parts import (
    MAX_NODES,
    MAX_QUESTIONS,
    Block,
    Column,
    Field,
    Kind,
    Owner,
    Sheet,
    Show,
    letter,
    number,
)

SHEETS = (
    HOME,
    STATED,
    *SCORES.values(),
    COMMENTS,
    FINDINGS,
    SUMMARY,
    YEARS,
    *ANALYSIS.values(),
    STRUCTURE,
    RECHECK,
    MEMORY,
)
INPUTS = (HOME, STATED, *SCORES.values(), COMMENTS, STRUCTURE)
OUTPUTS = (SUMMARY, YEARS, *ANALYSIS.values(), FINDINGS)

__all__ = [
    "ANALYSIS",
    "CHARTS",
    "COMMENTS",
    "FINDINGS",
    "HOME",
    "INDEX_ROW",
    "INPUTS",
    "LEVEL_ROW",
    "MAX_NODES",
    "MAX_QUESTIONS",
    "MEMORY",
    "OUTPUTS",
    "RECHECK",
    "SCORES",
    "SHEETS",
    "STATED",
    "STRUCTURE",
    "SUMMARY",
    "YEARS",
    "Block",
    "Column",
    "Field",
    "Kind",
    "Owner",
    "Sheet",
    "Show",
    "letter",
    "number",
]
