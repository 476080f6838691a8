"""From the rows of a source to facts: whose score is which figure, and of which year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ita_xl.data import profiles
from ita_xl.domain.numbers import FULL
from ita_xl.domain.thai import folded, parse_number
from ita_xl.domain.tree import OPEN_DATA, TOTAL, Tree
from ita_xl.domain.tree import Kind as Layer
from ita_xl.importing.found import Fact, Kind, NotUnderstood, Recognised
from ita_xl.importing.heads import Heads, is_head
from ita_xl.importing.sentences import level_in, totals
from ita_xl.importing.source import RUNNING, Row, Source
from ita_xl.importing.subjects import Subject, Subjects, with_whole_years, years_in
from ita_xl.layout.labels import LEVEL

_OF = re.compile(r"^(\d+(?:\.\d+)?)\s*/\s*(\d{1,2})$")
_PAIR = re.compile(
    r"(?<![-–\w])(IIT|EIT|OIT|[IEO]\d{1,2}|คะแนนรวม|รวม)\s*[:=]?\s*"
    r"(\d{1,3}\.\d{1,4}|\d{1,3}(?=\s*คะแนน))(?![\d.])"
)
_DECIMALS = re.compile(r"(?<![\d.])\d{1,3}\.\d{2,4}(?![\d.])")
_LEVELS = ("ระดับ", "level")
_SENTENCE = 20
_LONG = 60
_TITLE = 160
_QUOTED = 120
_SHARES = 3
"""So many figures of a column that are all at most one, and it holds shares."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. tree: the workbook's structure. year: the workbook's; the figures of a source that
    names no year are of it. agency: whose row counts in a table of several. learning: also questions that the
    structure does not know."""

    tree: Tree
    year: int
    agency: str
    learning: bool


def level_names(year: int) -> list[str]:
    """The names of the levels of a year and of the two before it."""
    known = [one for one in profiles.years() if year - 2 <= one <= year]
    return list(dict.fromkeys(level.name for one in known for level in profiles.profile(one).levels))


def recognise(source: Source, wanted: Wanted) -> Recognised:
    """Everything that a source says."""
    return _Recogniser(source, wanted).go()


class _Recogniser:
    """Goes through the rows. instrument: of the part it is in. above: the last question. indicator: the last node
    that was named without a figure of a question. waiting: a question whose figure stands in a row below."""

    def __init__(self, source: Source, wanted: Wanted) -> None:
        self.source, self.wanted = source, wanted
        self.subjects = Subjects(wanted.tree, learning=wanted.learning)
        self.levels = level_names(wanted.year)
        self.found = Recognised()
        self.heads, self.table = Heads(running=True), RUNNING
        self.instrument = self.above = self.indicator = ""
        self.waiting: Subject | None = None
        self.fresh = True
        self.year = self._own_year()
        self.last: dict[int, int] = {}
        for row in source.rows:
            ends = max((at for at, cell in enumerate(row.cells) if _is_score(cell)), default=0)
            self.last[row.table] = max(self.last.get(row.table, 0), ends)

    def go(self) -> Recognised:
        for row in self.source.rows:
            if row.table != self.table:
                self.table, self.waiting = row.table, None
                self._new_heads()
            self._row(row)
        self.found.facts = list(_with_points(self.found.facts, self.wanted.tree))
        self._drop_shares()
        return self.found

    def _own_year(self) -> int:
        """The year of figures without one: the latest that the source names, if it is one of the workbook's."""
        year = self.wanted.year
        named = [one for row in self.source.rows[:12] for cell in row.cells for one in years_in(cell)]
        return max((one for one in named if year - 2 <= one <= year), default=year)

    def _row(self, row: Row) -> None:
        cells = with_whole_years(row.cells) if self.fresh else row.cells
        figures = [at for at, cell in enumerate(cells) if _figure(cell) is not None or _OF.match(cell)]
        plain = [at for at in figures if not years_in(cells[at])]
        said = " ".join(cell for cell in cells if cell)
        named = self.subjects.instrument(said) if len(said) < _TITLE else ""
        if named and (not plain or (len(plain) < 2 and named in said)):
            self._enter(named)
        if self._levels(row):
            return
        if is_head(cells, len(plain)) and not (row.table == RUNNING and len(said) > _LONG):
            if not self.fresh:
                self._new_heads()
            self.heads.take(cells, self.subjects)
            self.fresh = True
            return
        self.fresh = False
        if self.heads.comments and self._comment(row):
            return
        if self.heads.subjects:
            self._wide(row, figures)
            return
        self._sentence(row)
        if row.table == RUNNING and self._pairs(row):
            return
        self._subject(row, figures)

    def _new_heads(self) -> None:
        self.heads, self.fresh = Heads(running=self.table == RUNNING), True

    def _enter(self, instrument: str) -> None:
        if instrument != self.instrument:
            self.instrument, self.above, self.indicator, self.waiting = instrument, "", "", None

    # ---- a row about one thing ----

    def _subject(self, row: Row, figures: Sequence[int]) -> None:
        cells = row.cells
        subject = self.subjects.of_row(
            cells, self.instrument, self.above, ranked=self.heads.ranked, coded=self.heads.coded
        )
        if subject is None:
            if self.waiting and len(figures) == 1 and row.table == RUNNING and _plainly_a_score(cells[figures[0]]):
                subject, self.waiting = self.waiting, None
            elif figures and any(len(cell) > 3 and _figure(cell) is None for cell in cells) and self._in_scores():
                self.found.unclear.append(
                    NotUnderstood(" ".join(filter(None, cells))[:120], self.source.name, row.where)
                )
                return
            else:
                return
        self._remember(subject)
        placed = self.heads.aligned([at for at in figures if at > 0], self.last[row.table])
        inline = None if figures else _inline(cells)
        if inline is not None:
            at, value = inline
            self._score(subject, self.year, value, row.place(at))
            return
        for at, year in placed.items():
            self._figure(subject, year or self.year, cells[at], row.place(at))
        if not placed and row.table == RUNNING and subject.sure:
            self.waiting = subject
        if self.heads.level is not None and self.heads.level < len(cells) and subject.code == TOTAL:
            self._level(self.year, cells[self.heads.level], row.place(self.heads.level))

    def _pairs(self, row: Row) -> bool:
        """A line that tells of several things, each with its figure: "IIT 93.34 คะแนน EIT 96.63 คะแนน". Whether it
        is one, or has figures of which it is not clear whose they are."""
        said = " ".join(row.cells)
        found = [(mark, _figure(figure)) for mark, figure in _PAIR.findall(said)]
        if len(found) > 1:
            for mark, value in found:
                subject = self.subjects.of_head(mark)
                if subject and value is not None:
                    self._score(subject, self.year, value, row.where)
            return True
        return len(_DECIMALS.findall(row.cells[0])) > 0 and len(row.cells) > 1

    def _in_scores(self) -> bool:
        return bool(self.heads.years or self.heads.scores)

    def _remember(self, subject: Subject) -> None:
        tree = self.wanted.tree
        layer = tree[subject.code].kind if subject.code in tree else Layer.QUESTION
        if layer is Layer.QUESTION:
            self.above = subject.code
        elif layer in (Layer.INDICATOR, Layer.SUB_INDICATOR):
            self.indicator = subject.code
            if (own := tree.instrument_of(subject.code)) and own != self.instrument:
                self.instrument, self.above = own, ""
        elif layer is Layer.INSTRUMENT:
            self._enter(subject.code)

    def _figure(self, subject: Subject, year: int, cell: str, place: str) -> None:
        if of := _OF.match(cell.replace(",", "")):
            fact = self._fact(Kind.POINTS, subject, year, Fraction(of[1]), place)
            self.found.facts.append(replace(fact, items=int(of[2])))
        elif (value := _figure(cell)) is not None:
            self._score(subject, year, value, place)

    def _score(self, subject: Subject, year: int, value: Fraction, place: str) -> None:
        part = subject.code in self.wanted.tree and self.wanted.tree[subject.code].kind is Layer.SUB_INDICATOR
        if value > FULL and part:
            self.found.facts.append(self._fact(Kind.POINTS, subject, year, value, place))
        elif 0 <= value <= FULL:
            self.found.facts.append(self._fact(Kind.SCORE, subject, year, value, place))
        else:
            self.found.unclear.append(NotUnderstood(f"{subject.code} {float(value):g}", self.source.name, place))

    def _fact(self, kind: Kind, subject: Subject, year: int, value: Fraction, place: str) -> Fact:
        known = subject.code in self.wanted.tree
        parent = "" if known and self.wanted.tree[subject.code].parent else self._indicator_for(subject.code)
        return Fact(kind, subject.code, year, value, self.source.name, place, 0, subject.name, parent)

    def _indicator_for(self, code: str) -> str:
        """The indicator under whose name a question stands in the source."""
        tree = self.wanted.tree
        if self.indicator not in tree:
            return ""
        fits = code not in tree or tree.instrument_of(self.indicator) == tree.instrument_of(code)
        return self.indicator if fits else ""

    # ---- other rows ----

    def _comment(self, row: Row) -> bool:
        """A comment of the authority on a question. Whether it was one."""
        first = next((cell for cell in row.cells if cell), "")
        subject = self.subjects.of_row((first,), "", "", ranked=False)
        if subject is None or len(first) < _LONG // 2 or not subject.name:
            return False
        fact = Fact(Kind.COMMENT, subject.code, 0, subject.name, self.source.name, row.place(0))
        self.found.facts.append(fact)
        return True

    def _wide(self, row: Row, figures: Sequence[int]) -> None:
        """A row of a table whose columns are nodes: an agency's, or a year's."""
        cells = row.cells
        if self.heads.agency is not None and self.heads.agency < len(cells):
            name = cells[self.heads.agency]
            if not self._ours(name):
                if name and figures:
                    self.found.agencies.append(name)
                return
        years = [year for at, cell in enumerate(cells) if at not in self.heads.subjects for year in years_in(cell)]
        year = years[0] if years else self.year
        for at, subject in self.heads.subjects.items():
            if at in figures:
                self._figure(subject, year, cells[at], row.place(at))
        if self.heads.level is not None and self.heads.level < len(cells):
            self._level(year, cells[self.heads.level], row.place(self.heads.level))

    def _ours(self, name: str) -> bool:
        return bool(self.wanted.agency) and folded(name) == folded(self.wanted.agency)

    def _levels(self, row: Row) -> bool:
        """A row that names the level, of one year or of several. Whether it is one."""
        if not row.cells[0].casefold().startswith(_LEVELS):
            return False
        named = [at for at, cell in enumerate(row.cells) if self._named_level(cell)]
        for at in named:
            self._level(self.heads.years.get(at) or self.year, row.cells[at], row.place(at))
        return bool(named)

    def _sentence(self, row: Row) -> None:
        """What running text tells of totals. The figure at the end of a line belongs to its text."""
        cells = (" ".join(row.cells),) if row.table == RUNNING else row.cells
        for at, cell in enumerate(cells):
            if len(cell) < _SENTENCE:
                continue
            if row.table == RUNNING and (level := level_in(cell, self.levels)):
                self._level(self.year, level, row.where)
            for told in totals(cell, self.levels):
                year = told.year or self.year
                fact = Fact(Kind.SCORE, TOTAL, year, told.total, self.source.name, row.place(at))
                self.found.facts.append(fact)
                self._level(year, told.level, row.place(at))

    def _named_level(self, text: str) -> str:
        return next((name for name in self.levels if folded(name) == folded(text)), "")

    def _level(self, year: int, text: str, place: str) -> None:
        if named := self._named_level(text):
            self.found.facts.append(Fact(Kind.LEVEL, LEVEL, year, named, self.source.name, place))

    def _drop_shares(self) -> None:
        """Scores that are all at most one are shares of one, and none of them is taken for points."""
        scores = [fact for fact in self.found.facts if fact.kind is Kind.SCORE and fact.code != TOTAL]
        values = [fact.value for fact in scores if isinstance(fact.value, Fraction)]
        if len(values) >= _SHARES and max(values) <= 1 and any(0 < value < 1 for value in values):
            self.found.shares = [scores[0].place]
            self.found.facts = [fact for fact in self.found.facts if fact.kind is not Kind.SCORE]


def _figure(cell: str) -> Fraction | None:
    typed = parse_number(cell) if len(cell) < 24 else None
    return typed.value if typed else None


def _plainly_a_score(cell: str) -> bool:
    """Whether a figure is no page or count: it has decimals, or is all or nothing."""
    value = _figure(cell)
    return value is not None and ("." in cell or value in (0, FULL))


def _is_score(cell: str) -> bool:
    return (_figure(cell) is not None and not years_in(cell)) or bool(_OF.match(cell))


def _inline(cells: Sequence[str]) -> tuple[int, Fraction] | None:
    """A figure that stands behind a name in one cell: "1 การปฏิบัติหน้าที่ 96.13 คะแนน"."""
    for at, cell in enumerate(cells[:2]):
        found = re.search(r"\s([\d๐-๙]{1,3}(?:\.[\d๐-๙]{1,4})?)\s*คะแนน$", cell)
        if found and len(cell) < 90 and (value := _figure(found[1])) is not None:
            return at, value
    return None


def _with_points(facts: Sequence[Fact], tree: Tree) -> Iterator[Fact]:
    """Of the open data's sub-indicators: where some have more than 100 points, all of that source's year have."""
    parts = {code for code in tree.codes(Layer.SUB_INDICATOR) if tree.instrument_of(code) == OPEN_DATA}
    with_points = {(f.source, f.year) for f in facts if f.kind is Kind.POINTS and f.code in parts}
    for fact in facts:
        among = fact.kind is Kind.SCORE and fact.code in parts and (fact.source, fact.year) in with_points
        yield replace(fact, kind=Kind.POINTS) if among else fact
