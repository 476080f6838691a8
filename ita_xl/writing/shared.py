"""One text for one thing: what a person changes where a text is shown, it becomes wherever it is shown.

A text's home is the agency's own column of the library sheet. There it is kept, read by the next run, and taken
along into next year's workbook.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from ita_xl.case.inputs import OwnGuidance
from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.in_step import moved_columns
from ita_xl.domain.merge import Last, mark_of
from ita_xl.domain.plan import MONTHS, StepKey, numbered_lines, parse_due
from ita_xl.domain.rows import Row
from ita_xl.domain.thai import arabic_digits, tidy
from ita_xl.domain.tree import Kind
from ita_xl.layout import ACTIONS, ANALYSIS, GUIDANCE, ISSUES, MEASURES, Block, Sheet
from ita_xl.layout.address import address
from ita_xl.layout.keys import OWN_KEYS, ColumnKey, SheetKey, TextKey
from ita_xl.reading.standing import Stands, editable_blocks
from ita_xl.views.together import parts_of_action, problem_in
from ita_xl.views.wordings import Texts, steps_in_plan, texts_for
from ita_xl.writing.memory import Memory

_HOME = (GUIDANCE.key, "guidance")
_SHOWING = (ISSUES, *ANALYSIS.values(), ACTIONS, MEASURES)
_WITH_HOME = (Kind.QUESTION, Kind.SUB_INDICATOR, Kind.INDICATOR)
"""What has a row on the library sheet, or may get one."""

Table = tuple[str, str]
"""The keys of a sheet and of a table on it."""


class Home(NamedTuple):
    """An agency's own text on the library sheet. row: 0 where the code has none yet."""

    code: str
    key: TextKey
    row: int
    text: str


class Place(NamedTuple):
    """A cell of a table."""

    table: Table
    row: str
    column: str


class Edit(NamedTuple):
    """A text that a person changed. step: the number of the step that it is about, 0 for none, or for all steps."""

    code: str
    key: TextKey
    step: int
    text: str
    place: Place


class Shared(Struct, frozen=True):
    """outcome: with the texts that the agency has now. homes: those to be written. agreed: cells that a person
    changed and that say what is at home. disputed: by code and text, where two different texts stand, the second
    of them None for the home itself. titles: of our sheets."""

    outcome: Outcome
    homes: Sequence[Home] = ()
    agreed: Collection[Place] = ()
    disputed: Mapping[tuple[str, TextKey], tuple[Place, Place | None]] = field(default_factory=dict)

    def known_to(self, last: Last, table: Table, standing: Iterable[Row], proposed: Iterable[Row]) -> Last:
        """What is remembered of a table, with the texts that came from it: from now on we show them."""
        if not self.agreed:
            return last
        # Of rows with the same key, the first is ours.
        says, stands = ({row.key: row for row in reversed(list(rows))} for rows in (proposed, standing))
        marks: dict[tuple[str, str], str] = {}
        for _, key, column in (place for place in self.agreed if place.table == table):
            cell = stands[key].cells.get(column) if key in stands and key in says else None
            # A date stays one; what it means is at home in words.
            if cell and (cell.typed or cell.text == says[key].text(column)):
                marks[key, column] = mark_of(says[key].text(column))
        return replace(last, marks={**last.marks, **marks})

    def remembered(self) -> Mapping[Table, Last]:
        """The marks of the texts at home, by which the next run sees which of them a person changed there."""
        marks: dict[tuple[str, str], str] = {}
        for code, own in self.outcome.inputs.guidance.items():
            marks.update({(code, at): mark_of(own.texts[key]) for key, at in OWN_KEYS.items() if key in own.texts})
        return {_HOME: Last(marks)} if GUIDANCE.key in self.outcome.inputs.titles else {}

    def own_texts(self) -> Mapping[tuple[str, str], str]:
        """The agency's texts at home, by sheet and cell, but for those that have no row yet."""
        inputs = self.outcome.inputs
        title, columns = inputs.titles.get(GUIDANCE.key, ""), inputs.guidance_columns
        return {
            (title, address(own.row, columns[OWN_KEYS[key]])): text
            for own in inputs.guidance.values()
            for key, text in own.texts.items()
            if own.row
        }

    def conflicts(self, cell_of: Callable[[Place], tuple[str, str]]) -> Iterator[Finding]:
        """One finding for two texts that differ. cell_of: sheet and cell of a place as it will be."""
        for (code, key), (one, other) in self.disputed.items():
            there, at = cell_of(other) if other else self._at_home(code, key)
            values = {"text": say(f"shared.{key}"), "text_en": say(f"shared.{key}", "en")}
            yield Finding(
                Code.TEXTS_DIFFER, *cell_of(one), code, values={**values, "other_sheet": there, "other": at}
            )

    def _at_home(self, code: str, key: TextKey) -> tuple[str, str]:
        row = self.outcome.inputs.guidance[code].row
        inputs = self.outcome.inputs
        return inputs.titles[GUIDANCE.key], address(row, inputs.guidance_columns[OWN_KEYS[key]])


def share(stands: Stands, outcome: Outcome, remembered: Memory, back: Collection[str] = ()) -> Shared:
    """Find the texts that a person changed where they are shown, and bring them home.

    back: the keys of steps that a person had taken out, and wants back.

    Two that differ are left where they are, and so is one beside a home that changed as well.
    """
    titles = outcome.inputs.titles
    if not outcome.years or not remembered:
        return Shared(outcome)
    out = {key for key in _steps_out(stands, titles, remembered) if key not in back}
    outcome = replace(outcome, inputs=replace(outcome.inputs, steps_out=frozenset(out)))
    if not outcome.inputs.guidance_columns:
        return Shared(outcome)
    said: dict[tuple[str, TextKey], list[Edit]] = {}
    for edit in _edits(stands, outcome, remembered):
        said.setdefault((edit.code, edit.key), []).append(edit)
    homes: list[Home] = []
    disputed: dict[tuple[str, TextKey], tuple[Place, Place | None]] = {}
    own = dict(outcome.inputs.guidance)
    for (code, key), edits in said.items():
        texts, entry = texts_for(outcome, code), own.get(code, OwnGuidance())
        new = [edit for edit in edits if _plain(edit.text) != _plain(_said(texts, key, edit.step))]
        if not new:
            continue
        rival = _rival(new)
        if rival or _changed_at_home(entry, code, key, remembered):
            disputed[code, key] = rival or (new[0].place, None)
        else:
            text = _with(entry.texts.get(key, ""), key, texts, new)
            own[code] = replace(entry, texts={**entry.texts, key: text})
            homes.append(Home(code, key, entry.row, text))
    agreed = {
        edit.place
        for (code, key), edits in said.items()
        if (code, key) not in disputed and key in own.get(code, OwnGuidance()).texts
        for edit in edits
    }
    inputs = replace(outcome.inputs, guidance=own)
    return Shared(replace(outcome, inputs=inputs), homes, agreed, disputed)


def as_typed(block: Block, proposed: Iterable[Row], standing: Iterable[Row]) -> Iterator[Row]:
    """What we say now, where it differs from what stands only in spaces and digits as that stands."""
    shown: list[str] = [column.key for column in block.columns if column.shows]
    stands = {row.key: row for row in standing} if shown else {}
    for row in proposed:
        if there := stands.get(row.key):
            typed = {
                column: row.cells[column]._replace(content=there.text(column))
                for column in shown
                if column in row.cells
                and row.text(column) != there.text(column)
                and _plain(row.text(column)) == _plain(there.text(column))
            }
            row = replace(row, cells={**row.cells, **typed}) if typed else row
        yield row


def _plain(text: str) -> str:
    """A text as far as two of them are compared."""
    return arabic_digits(tidy(text))


def _steps_out(stands: Stands, titles: Mapping[SheetKey, str], remembered: Memory) -> Iterator[str]:
    """The keys of steps that a person took out of the measures, now or before."""
    if (title := titles.get(MEASURES.key)) is None:
        return
    last = remembered.last(MEASURES.key, "measures")
    try:
        sheet = stands.sheet(MEASURES, title)
    except Unusable:
        return  # the run says so
    standing = {row.key: row for row in stands.rows(sheet, sheet.block("measures"), title)}
    said = ("method", "responsible", "due", "report")
    for key in dict.fromkeys([*last.removed, *last.order]):
        row = standing.get(key)
        if StepKey.of(key) and (row is None or not any(row.text(column) for column in said)):
            yield key


def _edits(stands: Stands, outcome: Outcome, remembered: Memory) -> Iterator[Edit]:
    """Every text that a person changed where it is shown."""
    for layout in _SHOWING:
        if (title := outcome.inputs.titles.get(layout.key)) is None:
            continue
        try:
            sheet = stands.sheet(layout, title)
        except Unusable:
            continue  # the run says so
        for block in editable_blocks(sheet):
            if any(column.shows for column in block.columns):
                last = remembered.last(sheet.key, block.key)
                yield from _edits_in(sheet, block, stands.rows(sheet, block, title), outcome, last)


def _edits_in(sheet: Sheet, block: Block, rows: Iterable[Row], outcome: Outcome, last: Last) -> Iterator[Edit]:
    raised, seen = {issue.code for issue in outcome.issues}, set[str]()
    rows = [row for row in rows if row.key in last.order and not row.own]
    torn = {*moved_columns(rows, last, {row.key: row for row in rows})}  # their texts are those of other rows
    for row in rows:
        step = StepKey.of(row.key)
        code = step.question if step else row.key
        home = outcome.inputs.home_of(code)
        first = row.key not in seen
        seen.add(row.key)
        if not first or code not in outcome.tree or outcome.tree[code].kind not in _WITH_HOME:
            continue
        if sheet.key == ISSUES.key and code not in raised:
            continue  # an indicator of which nothing is raised
        for column in block.columns:
            mark = last.marks.get((row.key, column.key), "")
            cell = row.cells.get(column.key)
            if (
                column.key in torn
                or not column.shows
                or not mark
                or cell is None
                or cell.formula
                or mark_of(cell.text) in ("", mark)
            ):
                continue
            place = Place((sheet.key, block.key), row.key, column.key)
            for key, number, text in _parts(column.key, column.shows, cell.text, outcome, code, step):
                if text:
                    yield Edit(home, key, number, text, place)


def _parts(
    column: ColumnKey, shows: Sequence[TextKey], text: str, outcome: Outcome, code: str, step: StepKey | None
) -> Iterator[tuple[TextKey, int, str]]:
    """The texts in a cell, each with its key and the number of its step."""
    if step:
        line = " ".join(text.split("\n"))
        yield shows[0], int(step.step), _due(line) if shows[0] == "due" else _line(line)
    elif column == "issue":
        yield "problem", 0, _lines(problem_in(text, code))
    elif column == "action":
        approach, steps = parts_of_action(text)
        yield "approach", 0, _lines(approach)
        shown = steps_in_plan(outcome, texts_for(outcome, code))
        if steps and len(steps) == len(shown):
            yield from (("steps", one.number, _line(said)) for one, said in zip(shown, steps, strict=True))
        elif steps:
            yield "steps", 0, "\n".join(map(_line, steps))
    else:
        yield shows[0], 0, _lines(text)


def _lines(text: str) -> str:
    """A text as it is read from its home."""
    return "\n".join(filter(None, map(tidy, text.split("\n"))))


def _line(text: str) -> str:
    """A line of a text at home, without a number of its own."""
    return numbered_lines(tidy(text))[0][1]


def _due(text: str) -> str:
    """A month as we write it, where it is one."""
    due = parse_due(text)
    return f"{MONTHS[due.month - 1]} {due.year}" if due and not due.gregorian else _line(text)


def _said(texts: Texts, key: TextKey, step: int) -> str:
    """What is said now: of a question, of one step of it, or of all."""
    if key in ("problem", "in_place", "approach"):
        return str(getattr(texts, key))
    lines = {one.number: one.of_step[key] for one in texts.steps}
    return lines.get(step, "") if step else "\n".join(lines.values())


def _rival(edits: Sequence[Edit]) -> tuple[Place, Place] | None:
    """The first two of them that cannot both hold."""
    first: dict[int, Edit] = {}
    for edit in edits:
        other = first.setdefault(edit.step, edit)
        if _plain(other.text) != _plain(edit.text):
            return other.place, edit.place
    if 0 in first and len(first) > 1:
        return first[0].place, next(edit.place for step, edit in first.items() if step)
    return None


def _changed_at_home(entry: OwnGuidance, code: str, key: TextKey, remembered: Memory) -> bool:
    """Whether a person wrote at the text's home since the last run; where that is not known, any text there may be
    the newer one."""
    mark = remembered.last(*_HOME).marks.get((code, OWN_KEYS[key]), "")
    return bool(entry.texts.get(key)) and mark != mark_of(entry.texts[key])


def _with(home: str, key: TextKey, texts: Texts, edits: Iterable[Edit]) -> str:
    """The text at home with the new one, or with new ones of single steps."""
    lines = {edit.step: edit.text for edit in edits}
    if 0 in lines:
        return lines[0]
    if key in ("steps", "report"):
        lines = {step.number: lines.get(step.number, step.of_step[key]) for step in texts.steps}
    else:
        known = numbered_lines(home) if home else []
        if any(number is None for number, _ in known):
            known = [(step.number, step.of_step[key]) for step in texts.steps]
        lines = {number: line for number, line in known if number} | lines
    return "\n".join(f"{number}) {line}" for number, line in sorted(lines.items()))
