"""What people wrote into last year's tables of issues, actions and measures, as next year's tables begin with it.

Our rows come along as their keys alone, so that a person's rows find their places among them. A run fills in those
that it proposes and takes out the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from ita_xl.data import library, say
from ita_xl.domain.findings import Unusable
from ita_xl.domain.merge import Last, mark_of
from ita_xl.domain.plan import MONTHS, StepKey, numbered_lines, parse_due
from ita_xl.domain.rows import Row
from ita_xl.engines.port import Written
from ita_xl.layout import ACTIONS, ISSUES, MEASURES, Block, Sheet
from ita_xl.layout.keys import ColumnKey, SheetKey
from ita_xl.reading.plan import split_codes
from ita_xl.reading.standing import Stands
from ita_xl.views.content import Values
from ita_xl.writing.memory import Memory

_TABLES = (ISSUES, ACTIONS, MEASURES)


class OwnPlan(Struct):
    """rows: by the key of the sheet, the whole table. memory: what the first run is to remember of them. own: the
    names of a person's rows, by the key of the sheet. renamed: measures and themes that a person gave other names.
    lost: codes that a person's rows name and that mean nothing now."""

    rows: dict[SheetKey, list[Values]] = field(default_factory=dict)
    memory: dict[tuple[str, str], Last] = field(default_factory=dict)
    own: dict[SheetKey, list[str]] = field(default_factory=dict)
    renamed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


class Following(Struct, frozen=True):
    """How a year's codes and dates are called in a later one. code: empty for one that is no more."""

    code: Callable[[str], str]
    years: int

    def key(self, key: str) -> str:
        """The key of a row of ours in the later year; empty if it has none."""
        if step := StepKey.of(key):
            question = self.code(step.question) if step.question else ""
            return str(StepKey(step.measure, question, step.step)) if question or not step.question else ""
        plan = library.plan()
        return key if key in plan.measures or key in plan.themes else self.code(key)

    def due(self, text: str) -> str:
        """A month, or one for each step, as many years later; what is no month stays as it is."""
        return "\n".join(self._due(number, line) for number, line in numbered_lines(text))

    def _due(self, number: int | None, line: str) -> str:
        due = parse_due(line)
        later = say("plan.due", month=MONTHS[due.month - 1], year=due.year + self.years) if due else line
        return later if number is None else f"{number}) {later}"


def own_plan(stands: Stands, titles: Mapping[SheetKey, str], memory: Memory, following: Following) -> OwnPlan:
    """What comes along. A table in which nobody wrote or took out anything begins empty."""
    made = OwnPlan()
    for layout in _TABLES:
        if (title := titles.get(layout.key)) is None:
            continue
        try:
            sheet = stands.sheet(layout, title)
        except Unusable:
            continue  # a run of that workbook says so
        block = sheet.blocks[0]
        _table(made, layout, stands.rows(sheet, block, title), memory.last(layout.key, block.key), following)
    return made


def _table(made: OwnPlan, sheet: Sheet, standing: Sequence[Row], last: Last, following: Following) -> None:
    block = sheet.blocks[0]
    known = {*last.order, *last.removed}
    rows, anchors = list[Values](), list[str]()
    for row in standing:
        if row.key in known and not row.own:
            if key := following.key(row.key):
                rows.append(_anchor(made, block, row, key, last))
                anchors.append(key)
        elif row.own or row.key not in last.others:
            rows.append(dict(_own(made, block, row, last, following)))
            made.own.setdefault(sheet.key, []).append(_name(row))
    out = [key for old in last.removed if StepKey.of(old) and (key := following.key(old))]
    gone = [key for old in last.order if StepKey.of(old) and old not in {row.key for row in standing}]
    out += [key for old in gone if (key := following.key(old))]
    if made.own.get(sheet.key) or out or any(len(row) > 1 for row in rows):
        made.rows[sheet.key] = rows
        made.memory[sheet.key, block.key] = Last(removed=out, others=anchors)


def _anchor(made: OwnPlan, block: Block, row: Row, key: str, last: Last) -> Values:
    """A row of ours: its key, and the name that a person gave to a measure or a theme."""
    assert block.row_key
    line: Values = {block.row_key: key}
    mark = last.marks.get((row.key, "measure"), "")
    name = row.text("measure")
    if mark and name and mark_of(name) != mark:
        line["measure"] = name
        made.renamed.append(name)
    return line


def _own(
    made: OwnPlan, block: Block, row: Row, last: Last, following: Following
) -> Iterator[tuple[ColumnKey, Written]]:
    """A person's row, but for the number that we gave to it."""
    for column in block.columns:
        text = row.text(column.key)
        if not text or column.key == block.row_key == "key":
            continue
        if column.key == "no" and mark_of(text) == last.marks.get((row.key, "no")):
            continue
        if column.key in ("code", "codes"):
            codes = [(code, following.code(code)) for code in split_codes(text)]
            made.lost += [old for old, new in codes if not new]
            text = ", ".join(new for _, new in codes if new)
        elif column.key == "due":
            text = following.due(text)
        if text:
            yield column.key, text


def _name(row: Row) -> str:
    """What a person's row is known by."""
    for column in ("measure", "issue", "method", "action", "approach"):
        if text := row.text(column):
            return text.split("\n")[0]
    return next((cell.text for cell in row.cells.values() if cell.text), "")
