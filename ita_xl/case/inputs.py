"""What a clerk typed, understood: figures, options, texts and where they stand; nothing judged yet."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct, field

from ita_xl.domain.answers import Answer
from ita_xl.domain.effect import Progress
from ita_xl.domain.findings import Finding
from ita_xl.domain.levels import Level
from ita_xl.domain.ranking import Choice, Rules
from ita_xl.domain.scoring import Given, Hold
from ita_xl.domain.tree import Tree
from ita_xl.layout.keys import ColumnKey, FieldKey, SheetKey, TextKey


class Place(Struct, frozen=True):
    """A cell: the sheet's actual title and the address."""

    sheet: str
    cell: str


class Points(Struct, frozen=True):
    """Open-data points of a sub-indicator: every complete item counts 100 ("700 of 9")."""

    points: Fraction
    items: int


class Deciding(Struct, frozen=True):
    """Where a person decides between two figures of this year. heading: the cell in which the column's heading is
    still to be typed; empty where it stands."""

    column: str
    heading: str = ""


class Rivals(Struct, frozen=True):
    """A sub-indicator's published score, and the one that follows from its published points."""

    score: Given
    by_points: Fraction
    place: Place


class Figures(Struct):
    """What the score sheets hold. By year and node code, except what belongs to a question alone.

    holds: what a person decided where two figures contradict each other, the level included.
    """

    given: dict[int, dict[str, Given]] = field(default_factory=dict)
    places: dict[tuple[int, str], Place] = field(default_factory=dict)
    points: dict[int, dict[str, Points]] = field(default_factory=dict)
    rivals: dict[tuple[int, str], Rivals] = field(default_factory=dict)
    stated_levels: dict[int, str] = field(default_factory=dict)
    holds: dict[int, dict[str, Hold]] = field(default_factory=dict)
    deciding: Deciding | None = None
    choices: dict[str, Choice] = field(default_factory=dict)
    full_texts: dict[str, str] = field(default_factory=dict)
    offices: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def add(self, year: int, code: str, given: Given, place: Place) -> None:
        """A figure and where it stands."""
        self.given.setdefault(year, {})[code] = given
        self.places[year, code] = place

    def hold(self, year: int, code: str) -> Hold:
        """What a person decided about a figure; `OPEN` where nothing."""
        return self.holds.get(year, {}).get(code, Hold.OPEN)

    def where(self, year: int, code: str) -> tuple[str, str]:
        """Sheet and cell of a figure, also of one that is still missing; empty where there is no row."""
        place = self.places.get((year, code))
        return (place.sheet, place.cell) if place else ("", "")


class OwnGuidance(Struct, frozen=True):
    """An agency's own guidance for a question. wording: the one it chose (from 1), 0 for automatic. texts: by
    the key of ours, only filled ones. row: where it stands on the library sheet, 0 for nowhere. same_as: the
    code whose texts it shares, if any. every: it wants to see all of our wordings."""

    wording: int = 0
    texts: Mapping[TextKey, str] = field(default_factory=dict)
    row: int = 0
    same_as: str = ""
    every: bool = False


class Learnt(Struct, frozen=True):
    """A question that a score sheet places. parent: its indicator or sub-indicator. sheet: the title of the sheet
    that says so. former: where the structure sheet had it, empty for nowhere; None if it was not listed there."""

    name: str
    parent: str
    sheet: str
    former: str | None = None


class Commitment(Struct, frozen=True):
    """A measure of last year. codes: what it was meant for, as last year called it. progress: what its
    report says of it. name: as it stands there."""

    key: str
    codes: tuple[str, ...]
    progress: Progress
    name: str = ""


class Inputs(Struct):
    """A workbook's content. tree is None when the structure is unusable (the findings say why).

    about: the fields of the first sheet by schema key. confirmed: the agency vouches for the structure.
    structure_cells: where a node's parent and weight stand, by code and column key. structure_places: how many
    rows below the heading a node stands. structure_at: the columns of that table, and the row of its heading.
    learnt: questions that the score sheets add to the structure, by code; learnt_before: of those that the last
    run wrote onto the structure sheet the place, and where they were before, as in `Learnt`. targets: scores
    that the agency tries out, in points by node code. titles: the actual title of each of our sheets that is
    there, by schema key. steps_out: the keys of steps that a person took out of the measures. guidance_columns:
    the columns of the library sheet where they stand, none if its table is not found. answers: what offices
    answered about the plan, as it came; as_of: the day for which it is counted, as typed. heads: what stands beside
    each office on the first sheet, and in which cell. form: the number of the workbook's form.
    """

    about: dict[FieldKey, str] = field(default_factory=dict)
    year: int = 0
    rules: Rules = field(default_factory=Rules)
    tree: Tree | None = None
    levels: tuple[Level, ...] = ()
    confirmed: bool = False
    structure_cells: Mapping[tuple[str, ColumnKey], str] = field(default_factory=dict)
    structure_places: Mapping[str, int] = field(default_factory=dict)
    structure_at: tuple[Mapping[ColumnKey, int], int] | None = None
    learnt: Mapping[str, Learnt] = field(default_factory=dict)
    learnt_before: Mapping[str, tuple[int, str | None]] = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)
    comments: list[tuple[str, str]] = field(default_factory=list)
    guidance: dict[str, OwnGuidance] = field(default_factory=dict)
    guidance_columns: Mapping[ColumnKey, int] = field(default_factory=dict)
    topic_codes: Mapping[str, str] = field(default_factory=dict)
    steps_out: frozenset[str] = frozenset()
    offices: list[str] = field(default_factory=list)
    heads: dict[str, tuple[str, str]] = field(default_factory=dict)
    routing: list[tuple[str, str]] = field(default_factory=list)
    start_quarter: int = 1
    commitments: list[Commitment] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    as_of: str = ""
    targets: dict[str, Fraction] = field(default_factory=dict)
    titles: Mapping[SheetKey, str] = field(default_factory=dict)
    form: int = 1
    findings: list[Finding] = field(default_factory=list)

    def home_of(self, code: str) -> str:
        """The code with which the texts about a code are kept: itself, or the one whose texts it shares."""
        met = {code}
        while (shared := self.guidance.get(code, OwnGuidance()).same_as) and shared not in met:
            met.add(shared)
            code = shared
        return code
