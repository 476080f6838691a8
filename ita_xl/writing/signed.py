"""What was signed, kept inside the workbook, and what differs from it today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import brief, shown
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.numbers import show
from ita_xl.domain.rows import Owner, Row
from ita_xl.engines.port import Port
from ita_xl.layout import HOME, SIGNED, SIGNED_SHEETS, Block, labels
from ita_xl.layout.keys import BlockKey, ColumnKey, FieldKey, SheetKey
from ita_xl.reading.places import as_it_stands
from ita_xl.views.content import Content, Values

if TYPE_CHECKING:
    from ita_xl.writing.compose import Composition

ABOUT: Sequence[FieldKey] = ("agency", "chief_name", "chief_title", "chief_acting", "chief_post", "signed_on")
"""What of the first sheet stands in the signed document."""

_COUNTED: Sequence[ColumnKey] = ("no", "rank", "key")
"""Columns that only number the rows: a row that comes in changes them all."""

_NAMING: Sequence[ColumnKey] = (
    "codes",
    "code",
    "measure",
    "issue",
    "question",
    "name",
    "comment",
    "method",
    "span",
)
_LONGEST_NAME = 60
_FIGURE = "figure."
_LISTED = 30
"""So many differences are listed one by one; `report --kind changes` lists all."""


class Kind(Enum):
    """How something differs from what was signed."""

    FIGURE = Code.SIGNED_FIGURE_DIFFERS
    TEXT = Code.SIGNED_TEXT_DIFFERS
    ADDED = Code.SIGNED_ROW_ADDED
    GONE = Code.SIGNED_ROW_GONE


class Part(Struct, frozen=True):
    """A figure, a text, or a row as a whole. sheet: the title of its sheet. name: what it is, in words. text: what
    it says; of a whole row, what it is known by. cell: where it is, empty for what is gone."""

    sheet: str
    name: str
    text: str
    cell: str = ""


Parts = Mapping[str, Part]
"""By a key that stays theirs when rows move: that of the table, of the row and of the column, parted by `_PARTS`. A
whole row has no column, a figure or sentence has no row."""
_PARTS = "#"


class Difference(Struct, frozen=True):
    """part: where and what it is. signed, now: what it says; one of them empty for a row that came in or went."""

    kind: Kind
    part: Part
    signed: str
    now: str


class Signed(Struct, frozen=True):
    """day, person: as they were given. whole: nobody changed the copy itself."""

    day: str
    person: str
    parts: Parts
    whole: bool = True


class Act(Struct, frozen=True):
    """Signing, or taking that back. day, person, reason: as the list of such acts shows them."""

    signs: bool
    day: str
    person: str = ""
    reason: str = ""

    def recorded(self, parts: Parts) -> Values:
        """Its row in the list. parts: what is signed."""
        values: Values = {"act": say("signed.sign" if self.signs else "signed.unsign"), "day": self.day}
        values |= {"person": self.person, "reason": self.reason}
        return {**values, "key": digest(self.day, self.person, parts)} if self.signs else values


class Since(Struct, frozen=True):
    """What became of a workbook since it was signed. title: of the sheet that holds the copy."""

    signed: Signed
    differences: Sequence[Difference]
    title: str

    def counts(self) -> str:
        """How many figures, texts and rows differ, in words; empty for none."""
        found = {kind: sum(one.kind is kind for one in self.differences) for kind in Kind}
        rows = found[Kind.ADDED] + found[Kind.GONE]
        counted = {"figures": found[Kind.FIGURE], "texts": found[Kind.TEXT], "rows": rows}
        return " ".join(say(f"signed.{key}", items=items) for key, items in counted.items() if items)

    def findings(self) -> Iterator[Finding]:
        about: dict[str, object] = {"day": self.signed.day, "person": self.signed.person}
        if not self.signed.whole:
            yield Finding(Code.SIGNED_COPY_CHANGED, self.title, values=about)
        if not self.differences:
            yield Finding(Code.SIGNED, self.title, values=about)
        for one in self.differences[:_LISTED]:
            texts = {"part": one.part.name, "signed": _short(one.signed), "now": _short(one.now)}
            yield Finding(one.kind.value, one.part.sheet, one.part.cell, values=about | texts)
        if more := len(self.differences[_LISTED:]):
            yield Finding(Code.SIGNED_MORE_DIFFERS, self.title, values=about | {"items": more})


def since_signed(
    port: Port, outcome: Outcome, titles: Mapping[SheetKey, str], sheets: Iterable[Composition]
) -> Since | None:
    """What differs from what was signed; None for a workbook that is not. sheets: as they will stand."""
    then = signed(port, titles)
    if then is None:
        return None
    return Since(then, list(differences(then.parts, parts_of(outcome, titles, sheets))), titles[SIGNED.key])


# ---- what there is to sign ----


def parts_of(outcome: Outcome, titles: Mapping[SheetKey, str], sheets: Iterable[Composition]) -> dict[str, Part]:
    """Figures and texts of the signed document, in its order. sheets: as they will stand."""
    parts = dict(_about(outcome)) | dict(_figures(outcome))
    composed = {one.sheet.key: one for one in sheets}
    for key in (layout.key for layout in SIGNED_SHEETS if layout.key in composed):
        one = composed[key]
        for field in one.sheet.fields:
            if field.owner is Owner.SUGGEST and (text := one.said(field.key)):
                name = say("signed.sentence", sheet=titles[key])
                parts[f"{key}.{field.key}"] = Part(titles[key], name, text, field.cell)
        for table, rows in one.tables.items():
            for row in rows:
                parts.update(_row(one, one.sheet.block(table), row, outcome.year))
    return parts


def _about(outcome: Outcome) -> Iterator[tuple[str, Part]]:
    for key in ABOUT:
        if text := outcome.inputs.about.get(key, ""):
            name = say(f"home.labels.{key}")
            yield f"about.{key}", Part(outcome.inputs.titles[HOME.key], name, text, HOME.field(key).cell)


def _figures(outcome: Outcome) -> Iterator[tuple[str, Part]]:
    for year in (outcome.year, outcome.year - 1):
        for code in outcome.tree.nodes if year in outcome.years else ():
            if (points := outcome.points(year, code)) is not None:
                sheet, cell = outcome.inputs.figures.where(year, code)
                name = say("signed.score", name=labels.named(outcome.tree, code), year=year)
                yield f"{_FIGURE}{code}.{year}", Part(sheet, name, show(points), cell)
    if outcome.level_name:
        sheet, cell = outcome.inputs.figures.where(outcome.year, labels.LEVEL)
        yield f"{_FIGURE}level", Part(sheet, say("signed.level", year=outcome.year), outcome.level_name, cell)


def _row(one: Composition, block: Block, row: Row, year: int) -> Iterator[tuple[str, Part]]:
    """A row as a whole, under what names it, then each text in it that people may edit."""
    if not row.proposed or not any(cell.text for cell in row.cells.values()):
        return
    name, place = _name(block, row), f"{one.sheet.key}.{block.key}{_PARTS}{row.key}{_PARTS}"
    yield place, Part(one.title, say("signed.row", name=name), name, block.cell_of(row, block.columns[0].key))
    for column in block.columns:
        edited = column.owner is not Owner.TOOL or row.own
        if edited and not column.free and column.key not in _COUNTED and (text := row.text(column.key)):
            heading = labels.heading(one.sheet, block, column, year)
            cell = block.cell_of(row, column.key)
            yield (
                f"{place}{column.key}",
                Part(one.title, say("signed.cell", heading=heading, name=name), text, cell),
            )


def _name(block: Block, row: Row) -> str:
    """By what a row is known: its code and the beginning of its text, which may begin with the code itself."""
    said = [text.split("\n")[0] for key in _NAMING if key not in block.gone and (text := row.text(key))][:2]
    words = " ".join(said[-1:] if said[-1:] and said[-1].startswith(said[0]) else said)
    words = words or next(cell.text for cell in row.cells.values() if cell.text)
    return words if len(words) <= _LONGEST_NAME else f"{words[:_LONGEST_NAME]}…"


# ---- the copy ----


def history(port: Port, titles: Mapping[SheetKey, str]) -> list[Values]:
    """The acts of signing that the workbook knows of, the oldest first."""
    return _rows(port, titles, "history")


def signed(port: Port, titles: Mapping[SheetKey, str]) -> Signed | None:
    """What was signed; None where nothing was, or no longer is."""
    acts = history(port, titles)
    if not acts or acts[-1]["act"] != say("signed.sign"):
        return None
    last = acts[-1]
    day, person = str(last["day"] or ""), str(last["person"] or "")
    rows = _rows(port, titles, "signed")
    parts = {str(row["key"]): Part(str(row["sheet"]), str(row["part"]), str(row["text"])) for row in rows}
    return Signed(day, person, parts, digest(day, person, parts) == last["key"])


def recorded(
    port: Port, outcome: Outcome, titles: Mapping[SheetKey, str], sheets: Iterable[Composition], act: Act
) -> tuple[Composition, Since | None]:
    """The sheet that keeps what is signed as it is to be after an act, and what that leaves to compare with.

    Raises `Unusable` where the workbook has no such sheet, or if its headings are gone.
    """
    from ita_xl.writing.compose import composed_list  # which itself looks at what differs

    if (title := titles.get(SIGNED.key)) is None:
        raise Unusable(Finding(Code.OUTPUT_SHEET_MISSING, SIGNED.title))
    parts = parts_of(outcome, titles, sheets) if act.signs else {}
    lines: list[Values] = [
        {"sheet": part.sheet, "part": part.name, "text": part.text, "key": key} for key, part in parts.items()
    ]
    blocks: dict[BlockKey, list[Values]] = {
        "history": [*history(port, titles), act.recorded(parts)],
        "signed": lines,
    }
    since = Since(Signed(act.day, act.person, parts), (), title) if act.signs else None
    return composed_list(port, SIGNED, title, Content({}, blocks)), since


def _rows(port: Port, titles: Mapping[SheetKey, str], key: BlockKey) -> list[Values]:
    if (title := titles.get(SIGNED.key)) is None:
        return []
    block, grid = as_it_stands(port, SIGNED, title).block(key), port.read(title)
    columns = list(zip(block.numbers, block.columns, strict=True))
    rows: Iterator[Values] = (
        {column.key: shown(grid.at(number, at)) for at, column in columns}
        for number in range(block.first_row, block.last_row + 1)
    )
    return [row for row in rows if any(row.values())]


def digest(day: str, person: str, parts: Parts) -> str:
    """By which we know that nobody changed the copy."""
    lines = [day, person, *(f"{key}\n{part.text}" for key, part in parts.items())]
    return sha256("\0".join(lines).encode()).hexdigest()


# ---- what differs ----


def differences(then: Parts, now: Parts) -> Iterator[Difference]:
    """What differs from what was signed, in the order of the document; what several sheets show, once. Of a row
    that came in or went only that is told."""
    told: set[tuple[str, str]] = set()
    rows = {key for key in then.keys() ^ now.keys() if key.endswith(_PARTS)}
    for key in (*now, *(key for key in then if key not in now)):
        old, new = then.get(key), now.get(key)
        part = new or old
        assert part is not None
        texts = old.text if old else "", new.text if new else ""
        if key in rows:
            yield Difference(Kind.ADDED if new else Kind.GONE, part, *texts)
        elif texts[0] == texts[1] or key.endswith(_PARTS) or _row_of(key) in rows:
            continue
        elif key.startswith(_FIGURE):
            yield Difference(Kind.FIGURE, part, *texts)
        elif texts not in told:
            told.add(texts)
            yield Difference(Kind.TEXT, part, *texts)


def _row_of(key: str) -> str:
    """The key of the row that a text stands in; empty for none."""
    row, parted, _ = key.rpartition(_PARTS)
    return row + parted


def _short(text: str) -> str:
    return brief(text) or say("signed.nothing")
