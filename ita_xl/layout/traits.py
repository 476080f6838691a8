"""What a part of a sheet is, beyond where it stands: drawer and writer go by these values, never by a key."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import Literal

from msgspec import Struct

from ita_xl.layout.keys import ListKey


class Show(Enum):
    """When a sheet is visible."""

    START = "from the start"
    RUN = "from the first run"
    EXPERT = "hidden until somebody wants it"
    NEEDED = "once there is something on it"
    NEVER = "very hidden"


class Kind(StrEnum):
    """What a cell holds; the drawer gives each kind its look."""

    TEXT = "text"
    LONG = "long text"
    CODE = "code"
    SCORE = "score"
    EXACT = "score at full precision"
    COUNT = "count"
    POINTS = "points"
    MONEY = "amount of money"
    CHANGE = "change"
    WEIGHT = "weight"
    WORTH = "worth"
    CHOICE = "choice"
    MONTH = "month of a year"
    LINK = "link"


class Role(Enum):
    """What a single cell is there for; the drawer gives each role its look."""

    VALUE = "what a run or a person writes into it"
    TITLE = "what the sheet is called"
    HEADING = "what a part of the sheet is called"
    FIXED = "a sentence that follows from the sheet alone"
    WARNING = "what must not be overlooked"
    BACK = "the way back to the first sheet"
    WHERE = "where the texts of a sheet are kept, beside what is printed"
    FIGURE = "a result in large digits, under its name"
    LIVE = "a result by formulas, beside its name"
    LEAD = "what to do next"
    SIGNATURE = "a line on which somebody signs"
    STATE = "how far a step of the work has got"


class Paint(Enum):
    """What the colour of a column's cells depends on, beside the sign of a change."""

    THRESHOLD = "whether a score is weak or full"
    DIFFERENCE = "whether formulas and program differ"
    REMARK = "whether it says anything"
    SEVERITY = "how grave a finding is"
    LATE = "whether something is overdue"
    STATUS = "how far a step has got"
    LEVEL = "the grade of a level"


class Emphasis(Enum):
    """Which rows of a table stand out."""

    MAIN = "the total and the instruments, by their codes"
    THEMES = "themes, and less so measures, by their numbers"


class Choices(Struct, frozen=True):
    """A drop-down list. only: anything else is refused."""

    list: ListKey
    only: bool = True


class Offered(Struct, frozen=True):
    """A drop-down list of usual words, beside which anything may be typed."""

    list: ListKey


class OwnOffices(Struct, frozen=True):
    """A drop-down list of the offices that the agency named on the first sheet; anything else may be typed."""


class PlanMonths(Struct, frozen=True):
    """A drop-down list of the months of the fiscal year that the plan is for; anything else may be typed."""


class Limits(Struct, frozen=True):
    """The numbers from `low` to `high`. message: what is said of others. whole: no decimals."""

    low: int
    high: int
    message: Literal["score", "year", "count", "percent"]
    whole: bool = True


SCORE_LIMITS = Limits(0, 100, "score", whole=False)
"""What every score takes that a person types."""

FISCAL_YEARS = Limits(2561, 2700, "year")
COUNTS = Limits(1, 20, "count")
PERCENT = Limits(0, 100, "percent", whole=False)

YES_NO = Choices("yes_no")
Accepts = Choices | Offered | OwnOffices | PlanMonths | Limits
"""What a person may enter, or is offered."""
