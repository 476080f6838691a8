"""What a run is to write: what we say now, merged with what people wrote. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from ita_xl.case.outcome import Outcome
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.merge import Last, MergedTable, merge_table
from ita_xl.domain.plan import PlannedMeasure, PlannedStep
from ita_xl.domain.rows import Owner, Row
from ita_xl.engines.moves import RowChange
from ita_xl.engines.port import Grid, Port, Ties, Written, changed
from ita_xl.layout import (
    ACTIONS,
    ANSWERS,
    FOLLOW,
    IMPORTED,
    ISSUES,
    MEASURES,
    RECHECK,
    REMOVED,
    SIGNED,
    SURVEYS,
    TOPICS,
    Block,
    Sheet,
)
from ita_xl.layout.keys import BlockKey, FieldKey, SheetKey
from ita_xl.reading.answers import answers_on
from ita_xl.reading.imported import changed_since
from ita_xl.reading.page import FoundTable, Page, merged_in
from ita_xl.reading.places import as_it_stands
from ita_xl.reading.standing import Stands, editable_blocks
from ita_xl.views import actions_intro, contents, follow, following, introduction, issues_intro, topics
from ita_xl.views.content import Content, Values, digits
from ita_xl.writing import answered, in_step
from ita_xl.writing.memory import Memory, recall
from ita_xl.writing.noted import notes, own_texts, without_room
from ita_xl.writing.own import in_plan, kept_by, measures_of
from ita_xl.writing.proposed import marks_of, proposed_rows, retired
from ita_xl.writing.removed import Removed
from ita_xl.writing.review import review
from ita_xl.writing.room import Room
from ita_xl.writing.sentences import TABLE, sentences
from ita_xl.writing.shared import Home, Place, as_typed, share
from ita_xl.writing.signed import Act, Since, recorded, since_signed


class Composition(Struct, frozen=True):
    """One sheet. sheet: with its parts where they are to stand. title: its actual one. grid, ties: as it stands.
    tables: the rows of the blocks that people may edit. changes: what happens to its rows first. appears: it
    has something to show for the first time. worded: sentences that a person worded, which stay as they are."""

    sheet: Sheet
    title: str
    content: Content
    grid: Grid
    ties: Ties = field(default_factory=Ties)
    tables: Mapping[BlockKey, list[Row]] = field(default_factory=dict)
    changes: Sequence[RowChange] = ()
    appears: bool = False
    worded: Mapping[FieldKey, str] = field(default_factory=dict)

    def said(self, key: FieldKey) -> str:
        """What a single cell will say."""
        return self.worded[key] if key in self.worded else str(self.content.fields.get(key) or "")

    def cell(self, cell: str) -> str:
        """Where a cell is once the rows have changed; empty if it is gone."""
        for change in self.changes:
            cell = change.cell(cell) if cell else ""
        return cell


class Composed(Struct, frozen=True):
    """sheets: in the order in which they are written. memory: what is to be remembered. findings: on edited
    texts, and on the plan as it will stand. own_texts: what people wrote, by sheet and cell. homes: the agency's
    own texts on the library sheet that are to be written. plan, steps: the measures and their steps as they will
    stand. since: what differs from what was signed, if it was."""

    sheets: list[Composition]
    memory: Memory
    findings: list[Finding]
    own_texts: dict[tuple[str, str], str]
    homes: Sequence[Home] = ()
    plan: Sequence[PlannedMeasure] = ()
    since: Since | None = None
    steps: Sequence[PlannedStep] = ()

    def relocated(self, findings: Iterable[Finding]) -> list[Finding]:
        """Findings on cells as they stood, each with the address that its cell will have."""
        moved = {one.title: one for one in self.sheets if one.changes}
        return [replace(f, cell=moved[f.sheet].cell(f.cell)) if f.sheet in moved else f for f in findings]


def compose(port: Port, outcome: Outcome, *, staying: bool = False, act: Act | None = None) -> Composed:
    """Merge an outcome with what a person wrote, of every sheet but the list of findings.

    staying: nothing is going to be written, so findings name cells where they are, not where they would be. act:
    the workbook is signed, or no longer is.
    Raises `Unusable` if the headings of a table of ours are gone.
    """
    composer = _Composer(port, outcome, staying=staying)
    outcome = composer.shared.outcome
    composer.compose(contents(outcome))
    planned = measures_of(composer.plan)
    since: Since | None = None
    steps: Sequence[PlannedStep] = ()
    if outcome.years:
        steps = answered.plan_steps(composer.plan, outcome)
        composer.compose(following(outcome, planned, steps))
        composer.compose_when_needed(FOLLOW, follow(outcome, steps))
        composer.judge_answers(steps)
        composer.say(MEASURES.key, introduction(outcome, len(planned)))
        composer.say(ISSUES.key, issues_intro(outcome, composer.own(ISSUES.key, "issues")))
        composer.say(ACTIONS.key, actions_intro(outcome, composer.own(ACTIONS.key, "actions")))
        if told := topics(outcome, planned, composer.issues()):
            composer.compose_when_needed(TOPICS, told)
        else:
            composer.keep(TOPICS)
        composer.list_removed()
        composer.keep_sentences()
        sheets = {one.sheet.key: one.sheet for one in composer.sheets}
        composer.findings.extend(review(outcome, outcome.inputs.titles, sheets, composer.tables))
        composer.findings.extend(composer.shared.conflicts(composer.cell_of))
        if act:
            copy, since = recorded(port, outcome, composer.titles, composer.sheets, act)
            composer.sheets.append(copy)
        else:
            since = since_signed(port, outcome, composer.titles, composer.sheets)
            composer.keep(SIGNED)
        for kept in (IMPORTED, *SURVEYS.values()):
            composer.keep(kept)
        composer.findings.extend(changed_since(port, outcome.inputs))
        composer.findings.extend(since.findings() if since else ())
    lasts = {**composer.remembered.lasts, **composer.lasts}
    lasts.update(composer.shared.remembered())
    texts = {**composer.own_texts, **composer.shared.own_texts()}
    homes = composer.shared.homes
    return Composed(composer.sheets, Memory(lasts), composer.findings, texts, homes, planned, since, steps)


def composed_list(port: Port, layout: Sheet, title: str, content: Content) -> Composition:
    """A sheet that nobody edits, with as many rows as it needs. Raises `Unusable` if its headings are gone."""
    stands = Stands(port)
    sheet, grid, ties = stands.sheet(layout, title), port.read(title), stands.ties(title)
    room = Room(title)
    for block in (block for block in sheet.blocks if block.grows):
        room.fit(block, len(content.blocks[block.key]), grid, ties)
    return Composition(room.sheet(sheet), title, content, grid, ties, {}, room.changes(sheet))


class _Composer:
    """Goes through the sheets. tables: rows as they will stand, by sheet and block. plan: the measures among them.
    torn: columns that were sorted alone."""

    def __init__(self, port: Port, outcome: Outcome, *, staying: bool) -> None:
        self.port, self.staying, self.stands = port, staying, Stands(port)
        self.titles, self.digits = outcome.inputs.titles, digits(outcome)
        self.remembered = recall(port, self.titles)
        self.removed = Removed.of(self.stands, self.titles)
        back = self.removed.back(MEASURES.key, "measures")
        self.shared = share(self.stands, outcome, self.remembered, back)
        self.restored = {f.sheet for f in outcome.findings if f.code == Code.SHEET_RESTORED}
        self.sheets: list[Composition] = []
        self.lasts: dict[tuple[str, str], Last] = {}
        self.findings: list[Finding] = []
        self.own_texts: dict[tuple[str, str], str] = {}
        self.tables: dict[tuple[SheetKey, BlockKey], Sequence[Row]] = {}
        self.torn: dict[tuple[SheetKey, BlockKey], set[str]] = {}

    @property
    def plan(self) -> Sequence[Row]:
        return self.tables.get((MEASURES.key, "measures"), ())

    def cell_of(self, place: Place) -> tuple[str, str]:
        """Sheet and cell of a place, as it will stand."""
        one = next(one for one in self.sheets if one.sheet.key == place.table[0])
        block = next(block for block in one.sheet.blocks if block.key == place.table[1])
        row = next((row for row in one.tables[block.key] if row.key == place.row), None)
        column = next(column.key for column in block.columns if column.key == place.column)
        return one.title, block.cell_of(row, column) if row else ""

    def compose(self, made: Mapping[SheetKey, tuple[Sheet, Content]]) -> None:
        """Raises `Unusable` with all tables of these sheets whose headings are gone."""
        lost: list[Finding] = []
        for key, (layout, content) in made.items():
            if (title := self.titles.get(key)) is None:
                continue
            if layout is RECHECK:
                self._recheck(title, content)
                continue
            try:
                self._sheet(self.stands.sheet(layout, title), title, content)
            except Unusable as error:
                lost.extend(error.findings)
        if lost:
            raise Unusable(*lost)

    def _recheck(self, title: str, content: Content) -> None:
        grid = self.port.read(title)
        if shifted := without_room(title, grid):
            self.findings.append(shifted)
        else:
            self.sheets.append(Composition(RECHECK, title, content, grid))

    def _sheet(self, sheet: Sheet, title: str, content: Content) -> None:
        grid = self.port.read(title)
        editable = editable_blocks(sheet)
        ties = self.stands.ties(title) if any(block.grows for block in sheet.blocks) else Ties()
        room, merged, what = Room(title), {}, {}
        removed: dict[BlockKey, list[str]] = {}
        for block in sheet.blocks:
            lines = content.blocks.get(block.key)
            if block in editable:
                table = self._merged(sheet, block, title, lines or [])
                removed[block.key] = table.removed
                merged[block.key], what[block.key] = table.rows, table.what
                room.arrange(block, table.rows)
            elif block.grows and not block.journal and lines is not None:
                room.fit(block, len(lines), grid, ties)
        if self.staying:
            room = Room(title)
        placed = room.sheet(sheet)
        one = Composition(placed, title, content, grid, ties, {}, room.changes(sheet))
        for block in (placed.block(key) for key in merged):
            rows = self._numbered(placed, block, merged[block.key])
            proposed = {row.key: row for row in proposed_rows(block, content.blocks.get(block.key, []))}
            self.tables[sheet.key, block.key] = merged[block.key] = rows
            torn = self.torn[sheet.key, block.key]
            merges = {place: merge for place, merge in what[block.key].items() if place[1] not in torn}
            self.findings.extend(notes(block, title, rows, merges, proposed))
            self.findings.extend(in_step.findings(sheet, block, title, rows, torn, removed[block.key], proposed))
            self.own_texts.update(own_texts(block, title, rows, proposed))
        one = replace(one, tables=merged)
        self.findings.extend(_merged_cells(one))
        self.sheets.append(one)

    def own(self, sheet: SheetKey, block: BlockKey) -> int:
        """How many rows of a table a person added."""
        rows = self.tables.get((sheet, block), ())
        return sum(row.own and any(cell.text for cell in row.cells.values()) for row in rows)

    def issues(self) -> list[tuple[str, str]]:
        """The issues that stand, ours and a person's: code and first line."""
        raised = {issue.code for issue in self.shared.outcome.issues}
        rows = self.tables.get((ISSUES.key, "issues"), ())
        standing = [row for row in rows if row.proposed and (row.own or row.key in raised)]
        return [(row.key, row.text("issue").split("\n")[0]) for row in standing if row.text("issue")]

    def compose_when_needed(self, layout: Sheet, content: Content) -> None:
        """A sheet that shows itself once there is something on it."""
        if (title := self.titles.get(layout.key)) is None:
            return
        block = layout.blocks[0]
        sheet = self.stands.sheet(layout, title)
        empty = not self.stands.rows(sheet, sheet.block(block.key), title)
        if empty and not content.blocks[block.key]:
            self.keep(layout)
            return
        self.compose({layout.key: (layout, content)})
        if content.blocks[block.key]:
            self.sheets[-1] = replace(self.sheets[-1], appears=empty)

    def judge_answers(self, steps: Sequence[PlannedStep]) -> None:
        """What each answer of the journal counts for; all else on its sheet is left as it stands."""
        if (title := self.titles.get(ANSWERS.key)) is None:
            return
        sheet, grid = self.stands.sheet(ANSWERS, title), self.port.read(title)
        if not any(answers_on(sheet, grid)):
            self.keep(ANSWERS)
            return
        self.compose({ANSWERS.key: (ANSWERS, answered.counted(sheet, grid))})
        self.findings.extend(answered.findings(sheet, title, grid, steps))

    def list_removed(self) -> None:
        """The list of what a person took out, once all other tables are composed."""
        if (title := self.titles.get(REMOVED.key)) is None:
            return
        rows = self.removed.rows
        self.compose_when_needed(REMOVED, Content({}, {"removed": rows}))
        if rows:
            self.findings.append(Finding(Code.PROPOSALS_LEFT_OUT, title, values={"items": len(rows)}))

    def keep(self, layout: Sheet) -> None:
        """A sheet of which nothing is written but its names."""
        if (title := self.titles.get(layout.key)) is not None:
            sheet = as_it_stands(self.port, layout, title)
            self.sheets.append(Composition(sheet, title, Content({}, {}), self.port.read(title)))

    def keep_sentences(self) -> None:
        """What a person worded anew stays, once it is known what we would say."""
        for place, one in enumerate(self.sheets):
            if not any(part.owner is Owner.SUGGEST for part in one.sheet.fields):
                continue
            standing = self.stands.sheet(one.sheet, one.title)
            table = (one.sheet.key, TABLE)
            last = None if one.title in self.restored else self.remembered.lasts.get(table)
            found = sentences(standing, one.title, one.grid, last, one.content.fields)
            if found.last.marks:
                self.lasts[table] = found.last
            fields = {key: value for key, value in one.content.fields.items() if key not in found.kept}
            content = replace(one.content, fields=fields)
            self.sheets[place] = replace(one, content=content, worded=found.kept)
            self.findings.extend(replace(f, cell=one.cell(f.cell)) for f in found.findings)
            for key, text in found.kept.items():
                if text:
                    self.own_texts[one.title, one.sheet.field(key).cell] = text

    def say(self, key: SheetKey, fields: Mapping[FieldKey, Written]) -> None:
        """Further single cells of a sheet that is composed already."""
        for place, one in enumerate(self.sheets):
            if one.sheet.key == key:
                content = replace(one.content, fields={**one.content.fields, **fields})
                self.sheets[place] = replace(one, content=content)

    def _last(self, sheet: Sheet, block: Block, title: str) -> Last:
        return Last() if title in self.restored else self.remembered.last(sheet.key, block.key)

    def _merged(self, sheet: Sheet, block: Block, title: str, lines: Iterable[Values]) -> MergedTable:
        """The rows once a person's texts, order and own rows are respected."""
        assert block.row_key is not None and block.mark is not None
        standing = self.stands.rows(sheet, block, title)
        proposed = list(as_typed(block, proposed_rows(block, lines), standing))
        back = self.removed.back(sheet.key, block.key)
        if sheet.key == REMOVED.key:
            standing = [row for row in standing if row.key not in self.removed.wanted]
        last = self.shared.known_to(self._last(sheet, block, title), (sheet.key, block.key), standing, proposed)
        last = last.without(back)
        self.torn[sheet.key, block.key] = in_step.sorted_alone(block, title, standing, last, proposed)
        merged = merge_table(standing, last, proposed)
        kept = {row.stands for row in merged.rows}
        if gone := {row.stands for row in standing if row.stands not in kept and row.key not in merged.removed}:
            # A formula that names a row hangs on it like a note: without the row it would show an error.
            named = self.port.named_rows(title) & gone
            standing = [replace(row, held=row.held or row.stands in named) for row in standing]
            merged = merge_table(standing, last, proposed) if named else merged
        rows = [retired(block, row) for row in merged.rows]
        if block.owned_by_people:
            rows = in_plan(rows, last, self.digits)
        marks = dict(marks_of(block, [row for row in proposed if row.key not in merged.removed], merged.what, last))
        marks |= kept_by(rows) if block.owned_by_people else {}
        merged = replace(merged, rows=rows)
        self.lasts[sheet.key, block.key] = merged.remembered(marks, last, proposed)
        if sheet.key != REMOVED.key:
            self.removed.add(sheet.key, block.key, title, merged.removed, proposed)
        return merged

    def _numbered(self, sheet: Sheet, block: Block, rows: Sequence[Row]) -> list[Row]:
        """The rows with the numbers that they get in the sheet."""
        if self.staying:
            return [row.going(row.stands) for row in rows]
        return [row.going(number) for number, row in enumerate(rows, block.first_row)]


def _merged_cells(one: Composition) -> list[Finding]:
    """Merged cells inside our tables show only their first value. They are named where they will be."""
    grid = one.grid
    for change in one.changes:
        grid = changed(grid, change)
    page = Page(one.sheet, one.title, grid, [])
    for block in one.sheet.blocks:
        columns = {column.key: block.column_number(column.key) for column in block.columns}
        merged_in(page, FoundTable(block.header_row, columns), block.last_row)
    return page.findings
