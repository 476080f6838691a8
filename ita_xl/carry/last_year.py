"""What a new workbook takes over from last year's: figures, the agency's data and texts, its measures.

Codes are followed by the years' data, never by looking alike; what cannot be followed is named in a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from ita_xl import pipeline
from ita_xl.carry.plan import Following, OwnPlan, own_plan
from ita_xl.case.inputs import OwnGuidance
from ita_xl.case.outcome import Outcome
from ita_xl.data import library, profiles, say
from ita_xl.data.profiles import Profile
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import shown
from ita_xl.domain.effect import mean
from ita_xl.domain.findings import Finding, Severity, Unusable
from ita_xl.domain.numbers import show
from ita_xl.domain.ranking import Raise
from ita_xl.domain.rows import is_own
from ita_xl.domain.scoring import UNKNOWN, Hold, Source
from ita_xl.domain.tree import TOTAL, Kind, Tree
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import CellError, Port, Uncomputed, Value, Written
from ita_xl.files import locks
from ita_xl.layout import HOME, MEASURES, RESULTS, SHEETS, SIGNED, Sheet
from ita_xl.layout.home import OF_THE_YEAR
from ita_xl.layout.keys import OWN_KEYS, BlockKey, ColumnKey, FieldKey, TextKey
from ita_xl.layout.labels import LEVEL, named
from ita_xl.reading.measures import Planned, read_measures
from ita_xl.reading.page import FoundTable, Page, locate
from ita_xl.reading.places import as_it_stands
from ita_xl.reading.score_file import ScoreEntry
from ita_xl.reading.scores import counts_items
from ita_xl.reading.standing import Stands
from ita_xl.reading.workbook import asked
from ita_xl.views.content import Values, cell, ranges
from ita_xl.writing.compose import compose
from ita_xl.writing.memory import recall
from ita_xl.writing.setup import Kept
from ita_xl.writing.shared import share
from ita_xl.writing.signed import history, signed

T = TypeVar("T")


class LastYear(Struct, frozen=True):
    """Last year's workbook, analysed and never written to."""

    name: str
    port: Port
    outcome: Outcome

    @property
    def year(self) -> int:
        return self.outcome.year

    def page(self, sheet: Sheet, findings: list[Finding]) -> Page | None:
        """A sheet of it; None where it has none."""
        title = self.outcome.inputs.titles.get(sheet.key)
        return (
            Page(as_it_stands(self.port, sheet, title), title, self.port.read(title), findings) if title else None
        )


class Carried(Struct, frozen=True):
    """kept: what stands in the new workbook from the start; entries: the figures of the two years before it."""

    kept: Kept
    entries: list[ScoreEntry]
    findings: list[Finding]


def open_last_year(path: Path) -> LastYear:
    """Read last year's workbook from a file. Raises `Unusable`."""
    last = last_year(Package.open(path), path.name)
    return replace(last, outcome=last.outcome.noting(locks.noted(path)))


def last_year(port: Port, name: str) -> LastYear:
    """Read last year's workbook. Raises `Unusable`, also where its year or structure cannot be told."""
    outcome = pipeline.analyse(port)
    if not outcome.years:
        errors = [finding for finding in outcome.findings if finding.severity is Severity.ERROR]
        raise Unusable(Finding(Code.LAST_YEAR_UNUSABLE, values={"file": name}), *errors)
    # What was edited since the last run comes along too.
    shared = share(Stands(port), outcome, recall(port, outcome.inputs.titles))
    return LastYear(name, port, shared.outcome)


def carry(last: LastYear, profile: Profile) -> Carried:
    """What the workbook of the profile's year, the next one, takes over."""
    return _Carrier(last, profile).carried()


class _Carrier:
    """Goes through last year's workbook; `findings` collects what is not carried over as it stands."""

    def __init__(self, last: LastYear, profile: Profile) -> None:
        self.last, self.profile = last, profile
        self.outcome, self.inputs = last.outcome, last.outcome.inputs
        self.alike = library.counterparts(last.year, profile.year)
        self.findings = [finding for finding in last.outcome.findings if finding.code == Code.FILE_OPEN_READ_ANYWAY]
        self.unread = [f for f in last.outcome.findings if f.severity is Severity.ERROR]
        self.moved: dict[str, str] = {}
        self.offers: list[Values] = []
        self.following = Following(self.followed_code, profile.year - last.year)

    def carried(self) -> Carried:
        entries = [entry for back in (0, 1) for entry in self.figures(self.last.year - back)]
        home, plan = self.last.page(HOME, self.unread), self.plan()
        kept = Kept(
            home=_fields(home) if home else {},
            tables=_tables(home, self.last.year) if home else {},
            beside=self.beside(),
            guidance=self.guidance(),
            offers=self.offers,
            measures=self.measures(),
            plan={**plan.rows, SIGNED.key: self.signatures()},
            memory=plan.memory,
        )
        if self.moved:
            self.note(Code.CODES_FOLLOWED, codes=", ".join(f"{old} → {new}" for old, new in self.moved.items()))
        self.left_behind()
        return Carried(kept, entries, self.findings)

    def note(self, code: Code, **values: object) -> None:
        years = {"file": self.last.name, "old": self.last.year, "year": self.profile.year}
        self.findings.append(Finding(code, self.last.name, values=years | values))

    # ---- figures ----

    def means_same(self, code: str, year: int) -> bool:
        """Whether a node of last year's workbook, with a figure of some year, is one of the new structure."""
        old, new = self.outcome.tree, self.profile.tree
        if code not in new or new[code].kind is not old[code].kind:
            return False
        deepest = profiles.corresponding(year, self.profile.year) if year in profiles.years() else None
        return code == TOTAL or (deepest is not None and new[code].kind >= deepest)

    def figures(self, year: int) -> Iterator[ScoreEntry]:
        """A year's figures as they were typed; where a node above the questions was only computed, that. Of two
        that contradict each other it is the one that a person decided for."""
        figures = self.inputs.figures
        given, points = figures.given.get(year, {}), figures.points.get(year, {})
        scores = self.outcome.years[year].scores if year in self.outcome.years else {}
        lost, computed = [], []
        for code, node in self.outcome.tree.nodes.items():
            score = scores.get(code, UNKNOWN)
            held = score.source is Source.HELD
            if not self.means_same(code, year):
                lost += [code] if code in given else []
            elif code in given and score.source is Source.COMPUTED and score.points is not None:
                yield ScoreEntry(code, year, Fraction(score.points))
            elif code in points and counts_items(self.profile.tree, code):
                yield ScoreEntry(code, year, points[code].points, (points[code].points, points[code].items), held)
            elif code in given and code not in points:
                yield ScoreEntry(code, year, given[code].value, held=held)
                if score.source is Source.DISAGREES:
                    self.disagreeing(code, year)
            elif node.kind is not Kind.QUESTION and (shown := self.outcome.points(year, code)) is not None:
                yield ScoreEntry(code, year, Fraction(shown))
                computed.append(code)
        if published := figures.stated_levels.get(year):
            decided = figures.hold(year, LEVEL) is Hold.COMPUTED
            yield ScoreEntry(LEVEL, year, self.outcome.level_in(year) if decided else published)
        if lost:
            self.note(Code.SCORES_NOT_CARRIED, of=year, codes=ranges(lost))
        if computed:
            self.note(
                Code.COMPUTED_CARRIED,
                of=year,
                codes=", ".join(say("words.total") if c == TOTAL else c for c in computed),
            )

    def disagreeing(self, code: str, year: int) -> None:
        score = self.outcome.years[year].scores[code]
        assert score.stated is not None and score.computed is not None
        shown = {"stated": show(score.stated), "computed": show(score.computed)}
        self.note(Code.STATED_CARRIED_AGAINST_COMPUTED, of=year, node=named(self.outcome.tree, code), **shown)

    # ---- the agency's texts ----

    def beside(self) -> dict[str, Values]:
        """The agency's own columns of the score sheets: full wordings only where a code means the same."""
        figures, rows = self.inputs.figures, dict[str, Values]()
        same = {code: code for code in figures.full_texts if self.means_same(code, self.last.year)}
        columns: Mapping[ColumnKey, tuple[Mapping[str, str], Mapping[str, str]]] = {
            "question": (figures.full_texts, same),
            "office": (figures.offices, self.alike),
            "link": (figures.links, self.alike),
        }
        for key, (texts, codes) in columns.items():
            for code, text in self.followed(key, texts, codes):
                rows.setdefault(code, {})[key] = text
        return rows

    def guidance(self) -> dict[str, Values]:
        """Own texts and chosen wordings; those on an indicator stay with it where it means the same."""
        own = {
            code: entry
            for code, entry in self.inputs.guidance.items()
            if entry.texts or entry.wording or entry.same_as
        }
        upper = {code: code for code in own if self.outcome.tree[code].kind is not Kind.QUESTION}
        codes = {**self.alike, **{code: code for code in upper if self.means_same(code, self.last.year)}}
        rows: dict[str, Values] = {}
        self.offers = self.offered(own, codes)
        for code, entry in self.followed("guidance", own, codes):
            rows[code] = {OWN_KEYS[key]: self.later(key, text) for key, text in entry.texts.items()}
            if entry.wording:
                rows[code]["wording"] = entry.wording
            if entry.same_as and (other := self.followed_code(entry.same_as)):
                rows[code]["same_as"] = other
        if rows:
            self.note(Code.TEXTS_CARRIED, codes=ranges(list(rows)))
        return rows

    def offered(self, own: Mapping[str, OwnGuidance], codes: Mapping[str, str]) -> list[Values]:
        """Texts on what means something else now: they stand on the library sheet for a person to use or not."""
        return [
            {
                "topic": say("carried.offered", year=self.last.year, code=code, name=self.outcome.tree[code].name),
                **{OWN_KEYS[key]: self.later(key, text) for key, text in entry.texts.items()},
            }
            for code, entry in own.items()
            if code not in codes and entry.texts
        ]

    def later(self, key: TextKey, text: str) -> str:
        """An own text as it is said a year later, or more."""
        return self.following.due(text) if key == "due" else text

    def followed(self, what: str, held: Mapping[str, T], codes: Mapping[str, str]) -> Iterator[tuple[str, T]]:
        """What is held under old codes, under the new ones; what has no new code is named."""
        for code, value in held.items():
            if code in codes:
                if codes[code] != code:
                    self.moved[code] = codes[code]
                yield codes[code], value
        if lost := [code for code in held if code not in codes]:
            words = {"what": say(f"carried.{what}"), "what_en": say(f"carried.{what}", "en")}
            self.note(Code.TEXTS_NOT_CARRIED, codes=ranges(lost), **words)

    def followed_code(self, code: str) -> str:
        """What a code is called now; empty if nothing means the same for certain."""
        if code in self.alike:
            return self.alike[code]
        return code if code in self.outcome.tree and self.means_same(code, self.last.year) else ""

    # ---- last year's plan ----

    def plan(self) -> OwnPlan:
        """A person's own rows and names, which stand in the new tables from the start."""
        port, titles = self.last.port, self.inputs.titles
        plan = own_plan(Stands(port), titles, recall(port, titles), self.following)
        for sheet, names in plan.own.items():
            title = next(one.title for one in SHEETS if one.key == sheet)
            self.note(Code.OWN_ROWS_CARRIED, sheet=title, items=len(names), names="; ".join(names))
        if plan.renamed:
            self.note(Code.NAMES_CARRIED, names="; ".join(plan.renamed))
        if plan.lost:
            words = {"what": say("carried.own_rows"), "what_en": say("carried.own_rows", "en")}
            self.note(Code.TEXTS_NOT_CARRIED, codes=ranges(plan.lost), **words)
        return plan

    # ---- last year's measures ----

    def measures(self) -> list[Values]:
        """The rows of last year's measures, what was reported of each and the score that it started from."""
        plan, reports = (self.last.page(sheet, self.unread) for sheet in (MEASURES, RESULTS))
        planned = read_measures(plan, reports, self.outcome.tree.nodes, self.last.year)
        if not planned:
            self.note(Code.NO_MEASURES_TO_FOLLOW)
        return [self.measure(measure, number) for number, measure in enumerate(planned, 1)]

    def measure(self, measure: Planned, number: int) -> Values:
        progress = measure.achieved or say(f"results.{'unmarked' if measure.result else 'not_reported'}")
        return {
            "no": measure.number,
            "measure": measure.name,
            "codes": ", ".join(measure.codes),
            "done": "\n".join(filter(None, (progress, measure.result))),
            "before": cell(mean(list(self.starting(measure.codes)))),
            "key": measure.key if measure.key and not is_own(measure.key) else f"own/{number}",
        }

    def starting(self, codes: Iterable[str]) -> Iterator[Decimal]:
        """The known scores of a measure's codes; of those that can be compared next year, if there are any."""
        listed = list(codes)
        same = [code for code in listed if self.means_same(code, self.last.year)]
        for code in same or listed:
            if (points := self.outcome.points(self.last.year, code)) is not None:
                yield points

    # ---- what was signed ----

    def signatures(self) -> list[Values]:
        """What the new workbook is to know of earlier signatures: a row for each year that was signed."""
        port, titles = self.last.port, self.inputs.titles
        ours = {say("signed.sign"), say("signed.unsign")}
        rows = [row for row in history(port, titles) if row["act"] not in ours]
        if signed(port, titles) is None:
            return rows
        since = compose(port, self.outcome, staying=True).since
        assert since is not None
        then, counts = since.signed, since.counts()
        values: Values = {"day": then.day, "person": then.person}
        reason = say("signed.changed", what=counts) if counts else ""
        code = Code.CHANGED_SINCE_SIGNED if counts else Code.LAST_YEAR_SIGNED
        self.note(code, day=then.day, person=then.person, what=counts)
        return [*rows, {"act": say("signed.last", year=self.last.year), **values, "reason": reason}]

    # ---- what stays behind ----

    def left_behind(self) -> None:
        """Name what belongs to last year alone, and what could not be read."""
        raised = sum(choice.raised is not Raise.AUTO for choice in self.inputs.figures.choices.values())
        if raised or self.inputs.comments:
            self.note(Code.CHOICES_STAY_BEHIND, raised=raised, comments=len(self.inputs.comments))
        if self.last.year in profiles.years():
            shipped = profiles.profile(self.last.year)
            same = _shape(shipped.tree) == _shape(self.outcome.tree) and shipped.levels == self.inputs.levels
            if not same:
                self.note(Code.STRUCTURE_NOT_CARRIED)
        if errors := sum(finding.severity is Severity.ERROR for finding in self.unread):
            self.note(Code.LAST_YEAR_HAS_ERRORS, items=errors)


def _shape(tree: Tree) -> dict[str, tuple[str | None, Fraction | None]]:
    return {code: (node.parent, node.weight) for code, node in tree.nodes.items()}


def _fields(home: Page) -> dict[FieldKey, Written]:
    """What the agency filled in on the first sheet, but for what belongs to the year."""
    fields = [field for field in asked(home) if field.key not in OF_THE_YEAR]
    return {field.key: value for field in fields if (value := _typed(home.points(field.cell))) is not None}


def _tables(home: Page, year: int) -> dict[BlockKey, list[Values]]:
    """Offices and signatures, also from where an older form of the sheet has them."""
    tables: dict[BlockKey, list[Values]] = {}
    for block in HOME.blocks:
        usual = FoundTable(
            block.header_row, {column.key: block.column_number(column.key) for column in block.columns}
        )
        table = locate(home, block, year) or usual
        rows: list[Values] = []
        for row in range(table.header_row + 1, table.header_row + block.capacity + 1):
            values: Values = {key: _typed(home.grid.at(row, column)) for key, column in table.columns.items()}
            if any(value is not None for value in values.values()):
                rows.append(values)
        tables[block.key] = rows
    return tables


def _typed(value: Value) -> Written:
    """A cell's content as it can be put into another workbook; a formula counts as its result."""
    if value is None or isinstance(value, CellError | Uncomputed):
        return None
    return value if isinstance(value, str | int | float) else shown(value)
