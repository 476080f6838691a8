"""A form as an office returned it: its answers, wherever its rows stand, and what else was written in it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence

from lxml import etree
from msgspec import Struct, field
from msgspec.structs import replace

from ita_xl import files
from ita_xl.data import say
from ita_xl.domain.answers import ANSWERED, QUARTERS, Answer, Told
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import Value, brief, parted
from ita_xl.domain.days import parse_day
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.plan import PlannedStep
from ita_xl.domain.thai import arabic_digits, folded, parse_number, same_text, tidy
from ita_xl.engines.package.book import parse_xml
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Grid, is_number
from ita_xl.forms.marks import Marks, are_marks, plain, read_marks
from ita_xl.layout import FORM_SHEETS
from ita_xl.layout.address import At, letter
from ita_xl.layout.address import cell as cell_at
from ita_xl.layout.keys import FieldKey
from ita_xl.views.heard import meaning
from ita_xl.writing.answered import status_unknown

_TABLE = FORM_SHEETS[0].block("form")
_COLUMNS = [column.key for column in _TABLE.columns]
_FIXED = ("no", "measure", "method", "due", "report")
_ENOUGH = 6
"""A row with so many of our headings, those of the plan among them, is that of our table."""
_MOST = 12
"""Cells outside the table that are named one by one."""
_ROW_KEY = re.compile(r"([1-4])\|(.+)")
_QUARTER = re.compile(r"ไตรมาส(?:ที่)?\s*([1-4])")
_NOTES = re.compile(r"xl/(?:comments|threadedComments/|drawings/drawing).*\.xml", re.IGNORECASE)
_BROKEN = (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, ValueError, RuntimeError, EOFError)
"""How a part that nobody reads but we may turn out to be no part."""
_MACROS = re.compile(r"(?:.*/)?vbaProject\.bin|xl/macrosheets/.*", re.IGNORECASE)


class Returned(Struct, frozen=True):
    """marks: None where they are gone. agency, year: as the form shows them. answers: those that say anything, and
    those that are empty now, each with the place of its row. findings: on the form itself."""

    name: str
    marks: Marks | None
    agency: str
    year: int
    office: str
    counter: int
    answers: list[tuple[Answer, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def told(self) -> int:
        return sum(not answer.told.empty for answer, _ in self.answers)


def returned(content: bytes, name: str, plan: Sequence[PlannedStep]) -> Returned:
    """Read a form. plan: the steps of the workbook, for a form that has lost its marks.

    Raises `Unusable` for a file that holds macros, is no workbook, or is none of our forms. Nothing is run or
    followed."""
    _refuse_macros(content, name)
    port = Package(files.checked_package(content, name), name)
    marks = read_marks(port)
    grids = ((title, port.read(title)) for title in port.sheets())
    pages = [_Page(title, grid) for title, grid in grids if not are_marks(grid)]
    tables = [page for page in pages if page.header]
    if not tables:
        raise Unusable(Finding(Code.NO_FORM, values={"file": name}))
    head = tables[0]
    counters = [number for page in tables if (number := page.counter)]
    office = marks.office if marks else head.said("form_office")
    counter = max(counters, default=marks.counter if marks else 1)
    year = re.search(r"25\d\d", arabic_digits(head.said("title")))
    found = Returned(name, marks, head.said("agency"), int(year[0]) if year else 0, office, counter)
    reader = _Reader(found, marks.steps if marks else plan)
    for page in pages:
        reader.read(page)
    try:
        reader.note(_notes(content))
    except _BROKEN as error:
        raise Unusable(Finding(Code.FILE_DAMAGED, values={"file": name, "detail": str(error)})) from error
    return found


def _refuse_macros(content: bytes, name: str) -> None:
    try:
        members = files.members(content)
    except ValueError:
        return  # whoever opens it says what is wrong
    if any(_MACROS.fullmatch(member) for member in members):
        raise Unusable(Finding(Code.FORM_WITH_MACROS, values={"file": name}))


def _notes(content: bytes) -> Iterator[str]:
    """What stands in notes, comments and shapes."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for member in sorted(filter(_NOTES.fullmatch, package.namelist())):
            root = parse_xml(package.read(member))
            for one in root.iter("{*}comment", "{*}threadedComment", "{*}sp"):
                texts = [t.text or "" for t in one.iter("{*}t", "{*}text")]
                if said := tidy("".join(texts)):
                    yield said


class _Page:
    """A sheet of a form. header: the row of the headings, 0 for a sheet without our table."""

    def __init__(self, title: str, grid: Grid) -> None:
        self.title, self.grid = title, grid
        words: dict[str, str] = {folded(say(f"form.form.{key}")): key for key in _COLUMNS if key != "key"}
        best: tuple[int, dict[str, int]] = 0, {}
        for row in sorted(grid.rows):
            at = {key: n for n in grid.columns_of(row) if (key := words.get(folded(plain(grid.at(row, n)))))}
            if len(at) > max(len(best[1]), _ENOUGH - 1) and {*at} & {"measure", "report"}:
                best = row, at
        self.header, self.columns = best
        self.keys = self._keys()
        self.moved = self.header - _TABLE.first_row + 1, self.columns.get("no", 1) - 1

    def _keys(self) -> int:
        """The column with the keys of the rows, wherever it stands; 0 for none."""
        held = [
            n for (row, n), value in self.grid.cells.items() if row > self.header and _ROW_KEY.match(plain(value))
        ]
        return max(set(held), key=held.count, default=0)

    def key(self, row: int) -> re.Match[str] | None:
        """The key of a row, in two parts: quarter and step."""
        return _ROW_KEY.fullmatch(plain(self.grid.at(row, self.keys))) if self.keys else None

    def text(self, row: int, key: str) -> str:
        at = self.columns.get(key, 0)
        value = self.grid.at(row, at)
        if key == "percent" and is_number(value) and (row, at) in self.grid.percent:
            return plain(value * 100)  # type: ignore[operator]  # a number, just looked
        return plain(value)

    def said(self, key: FieldKey) -> str:
        """A single cell above the table."""
        return plain(self.grid.at(*self.place(key)))

    def place(self, key: FieldKey) -> At:
        """Where it stands, should rows above or columns before the table have come or gone."""
        return self._along(FORM_SHEETS[0].field(key).at)

    def _along(self, at: At) -> At:
        return at[0] + self.moved[0], at[1] + self.moved[1]

    @property
    def counter(self) -> int:
        typed = parse_number(self.said("counter"))
        return int(typed.value) if typed and typed.value is not None and 0 < typed.value < 10_000 else 0

    @property
    def quarter(self) -> int:
        """What the sheet is about, where its rows do not say."""
        for text in (self.said("quarter"), self.title):
            if found := _QUARTER.search(arabic_digits(text)):
                return int(found[1])
        return 0

    def ours_above(self) -> set[At]:
        """The cells above the table that are ours, and the one for the counter."""
        sheet = FORM_SHEETS[0]
        labels = (cell_at(one.label) for one in sheet.fields)
        return {self._along(at) for at in (*(one.at for one in sheet.fields), *labels) if at}


class _Reader:
    def __init__(self, found: Returned, steps: Sequence[PlannedStep]) -> None:
        self.found = found
        self.steps = {step.key: step for step in steps}
        self.by_text: dict[tuple[str, str], list[str]] = {}
        for step in steps:
            self.by_text.setdefault((folded(step.no), folded(step.text)), []).append(step.key)
        self.outside = 0

    def read(self, page: _Page) -> None:
        for row in sorted(page.grid.rows):
            if not page.header and page.key(row):
                self._headless(page, row)
            elif not page.header or row < page.header:
                self._above(page, row)
            elif row > page.header:
                self._row(page, row)

    def _above(self, page: _Page, row: int) -> None:
        ours = page.ours_above() if page.header else set()
        for at in page.grid.columns_of(row):
            if (row, at) not in ours:
                self._stray(page, row, at)
        if page.header and row == page.place("form_office")[0]:
            said = page.said("form_office")
            if self.found.marks and said and not same_text(said, self.found.office):
                self._stray(page, *page.place("form_office"))

    def _headless(self, page: _Page, row: int) -> None:
        """A row of a table whose headings are gone: nobody knows which cell answers what, so it is told."""
        match = page.key(row)
        step = self.steps.get(match[2]) if match else None
        printed = set(map(folded, (step.no, step.name, step.text, step.due, step.report))) if step else set()
        held = (plain(page.grid.at(row, at)) for at in sorted(page.grid.columns_of(row)) if at != page.keys)
        texts = [text for text in held if tidy(text) and folded(text) not in printed]
        if texts:
            values = {"place": f"{page.title} {row}", "value": brief(" | ".join(texts))}
            self._note(Code.FORM_ROW_UNKNOWN, **values)

    def _row(self, page: _Page, row: int) -> None:
        told, beyond = self._told(page, row)
        quarter, step = self._about(page, row)
        ours = {*page.columns.values(), page.keys}
        if step is None or quarter not in QUARTERS:
            self._unknown(page, row, ours, told)
            return
        for key, text in zip(_FIXED, (step.no, step.name, step.text, step.due, step.report), strict=True):
            if key in page.columns and not same_text(page.text(row, key), text):
                self._stray(page, row, page.columns[key])
        for at in page.grid.columns_of(row):
            if at not in ours:
                self._stray(page, row, at)
        for key, rest in beyond.items():
            self._outside(f"{page.title} {self._cell(page, row, key)}", f"…{rest}")
        self._check(page, row, told)
        marks = self.found.marks
        answer = Answer(
            step.key,
            self.found.office,
            quarter,
            told,
            step.no,
            step.text,
            form=marks.form if marks else "",
            counter=self.found.counter,
            file=self.found.name,
        )
        self.found.answers.append((answer, f"{page.title} {row}"))

    @staticmethod
    def _told(page: _Page, row: int) -> tuple[Told, dict[str, str]]:
        """What a row answers, and by column what is too long for a cell, which Excel does not write."""
        found = {key: parted(page.text(row, key)) for key in ANSWERED}
        return Told(*(text for text, _ in found.values())), {key: rest for key, (_, rest) in found.items() if rest}

    def _unknown(self, page: _Page, row: int, ours: Collection[int], told: Told) -> None:
        """A row of no step: what it answers, or else what it says."""
        held = sorted(at for at in page.grid.columns_of(row) if at != page.keys)
        if {*held} & {*ours}:
            texts = told if not told.empty else [plain(page.grid.at(row, at)) for at in held]
            value = brief(" | ".join(filter(tidy, texts)))
            if value:
                self._note(Code.FORM_ROW_UNKNOWN, place=f"{page.title} {row}", value=value)
            return
        for at in held:
            self._stray(page, row, at)

    def _about(self, page: _Page, row: int) -> tuple[int, PlannedStep | None]:
        """The quarter and the step of a row: by its key, unless its visible text is another step's."""
        match = page.key(row)
        visible = self.by_text.get((folded(page.text(row, "no")), folded(page.text(row, "method"))), [])
        if match and match[2] in self.steps:
            mixed = visible and match[2] not in visible
            return int(match[1]), None if mixed else self.steps[match[2]]
        return page.quarter, self.steps[visible[0]] if len(visible) == 1 else None

    def _check(self, page: _Page, row: int, told: Told) -> None:
        if tidy(told.day) and parse_day(told.day) is None:
            place = f"{page.title} {self._cell(page, row, 'day')}"
            self._note(Code.ANSWER_DAY_UNUSABLE, place=place, value=brief(told.day))
        where = f"{self.found.name} {page.title}"
        if tidy(told.status) and meaning(told.status) is None:
            self.found.findings.append(status_unknown(where, self._cell(page, row, "status"), told.status))
        share = replace(_ANY, told=told).share
        if tidy(told.percent) and share is None:
            cell = self._cell(page, row, "percent")
            values = {"value": brief(told.percent)}
            self.found.findings.append(Finding(Code.PERCENT_UNUSABLE, where, cell, values=values))

    @staticmethod
    def _cell(page: _Page, row: int, key: str) -> str:
        return f"{letter(page.columns[key])}{row}"

    def _stray(self, page: _Page, row: int, at: int) -> None:
        value: Value = page.grid.at(row, at)
        if tidy(plain(value)):
            self._outside(f"{page.title} {letter(at)}{row}", plain(value))

    def note(self, notes: Iterator[str]) -> None:
        """What stands in notes and shapes."""
        for text in notes:
            self._outside(say("form.in_a_note"), text)
        if self.outside > _MOST:
            self._note(Code.WRITTEN_OUTSIDE, place=say("form.elsewhere"), value=f"+{self.outside - _MOST}")

    def _outside(self, place: str, text: str) -> None:
        self.outside += 1
        if self.outside <= _MOST:
            self._note(Code.WRITTEN_OUTSIDE, place=place, value=brief(text))

    def _note(self, code: Code, **values: object) -> None:
        named: Mapping[str, object] = {"file": self.found.name, **values}
        self.found.findings.append(Finding(code, values=named))


_ANY = Answer("", "", QUARTERS[0])
