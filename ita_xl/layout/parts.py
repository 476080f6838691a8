"""The words in which a layout is said: sheets, blocks with columns, fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from ita_xl.domain.rows import Owner, Row
from ita_xl.layout import address
from ita_xl.layout.address import At, letter
from ita_xl.layout.keys import YEAR_KEYS, BlockKey, ColumnKey, FieldKey, ListKey, SheetKey, TextKey
from ita_xl.layout.traits import SCORE_LIMITS, Accepts, Choices, Emphasis, Kind, Paint, Role, Show

MAX_QUESTIONS = 60
"""Rows for the questions of one instrument: more than any year had."""

MAX_NODES = 260
"""Rows for the whole structure."""


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


def _place(parts: Sequence[_Keyed], key: str, where: str) -> int:
    """Which of the parts has a key, from 0. Raises `KeyError`. where: the key of what they belong to."""
    for place, part in enumerate(parts):
        if part.key == key:
            return place
    raise KeyError(f"{where}: {key}")


class Column(Struct, frozen=True):
    """One column of a block. year: offset from the fiscal year, for headings. accepts: what a person may enter.
    optional: workbooks of earlier versions lack it, and are read without it. shows: the texts about a question, or
    about a step of it, that stand in its cells: edited there, they are edited wherever they are shown. free: left
    to the hand of people; a run takes out only the dotted lines that earlier versions put there. folded: drawn
    folded away until a person unfolds it, and published only if it holds something. reported: waits for what people
    report, which the answers of offices say too."""

    key: ColumnKey
    kind: Kind = Kind.TEXT
    owner: Owner = Owner.TOOL
    year: int | None = None
    paint: Paint | None = None
    accepts: Accepts | None = None
    optional: bool = False
    shows: tuple[TextKey, ...] = ()
    free: bool = False
    folded: bool = False
    reported: bool = False


class Block(Struct, frozen=True):
    """A table: a heading row, then its rows, of which a form has as many as its capacity. A table that grows gets
    more, and loses what it does not need; older: the rows that it had in forms of version 0.1.0, in which none did.

    row_key: the column that tells what a row is about. mark: the column that says so when we no longer
    propose a row that a person wrote in. spare: empty rows left visible below the
    filled ones. least: rows visible at any rate. hides: unused rows are hidden. above: rows before the heading
    that go with the table, such as those under its chart. aside: figures for a chart, right of what is printed.
    worded: the row whose figures are words. at: the numbers of its columns, where they do not stand side by side.
    former: the columns that earlier versions had right of these; a run takes them out of their workbooks.
    drawn: the rows that its form has, fewer than which it never gets. dressed: of how many rows a new workbook has
    drawn cells; 0 for all. gone: columns that a person took out.
    owned_by_people: a row that a person adds gets a key of its own. journal: its rows come in at its end and stay;
    a run writes beside them.
    """

    key: BlockKey
    header_row: int
    capacity: int
    columns: tuple[Column, ...]
    first_column: int = 1
    older: int = 0
    at: tuple[int, ...] = ()
    gone: tuple[ColumnKey, ...] = ()
    drawn: int = 0
    dressed: int = 0
    owned_by_people: bool = False
    journal: bool = False
    row_key: ColumnKey | None = None
    mark: ColumnKey | None = None
    spare: int = 0
    least: int = 0
    hides: bool = True
    above: int = 0
    aside: bool = False
    worded: int = 0
    former: tuple[str, ...] = ()
    emphasis: Emphasis | None = None

    @property
    def grows(self) -> bool:
        return self.older > 0

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of its columns."""
        return self.at or range(self.first_column, self.first_column + len(self.columns))

    @property
    def least_rows(self) -> int:
        """So many its form has; fewer it never gets."""
        return self.drawn or self.capacity

    @property
    def spared(self) -> int:
        """Empty rows at its end: those left visible, or a hidden one, which others are made to look like."""
        return max(self.spare, int(self.grows))

    @property
    def dressed_rows(self) -> range:
        """The rows that a new workbook draws. What stands below them is made to look like the last one when it is
        needed (`Port.copy_down`)."""
        return range(self.first_row, self.header_row + (self.dressed or self.capacity) + 1)

    @property
    def first_row(self) -> int:
        return self.header_row + 1

    @property
    def last_row(self) -> int:
        return self.header_row + self.capacity

    def column_number(self, key: ColumnKey) -> int:
        """Raises `KeyError` for a column that it has not."""
        return self.numbers[_place(self.columns, key, self.key)]

    def letter(self, key: ColumnKey) -> str:
        return letter(self.column_number(key))

    def address(self, key: ColumnKey, row: int) -> str:
        return f"{self.letter(key)}{row}"

    def cell_of(self, row: Row, key: ColumnKey) -> str:
        """The address of a row's cell, or of its first one where a person took out the column; empty for a row
        that has no place."""
        at = self.columns[0].key if key in self.gone else key
        return "" if row.goes is None else self.address(at, row.goes)

    def check_keys(self, lines: Iterable[Iterable[str]]) -> None:
        """Raises `KeyError` for a key that no column of this table has: what it holds would be lost."""
        if unknown := {key for line in lines for key in line}.difference(self.gone, [c.key for c in self.columns]):
            raise KeyError(f"{self.key}: {', '.join(sorted(unknown))}")

    def range(self, key: ColumnKey, *, absolute: bool = True) -> str:
        """The column's data cells, e.g. $G$6:$G$65."""
        mark = "$" if absolute else ""
        at = self.letter(key)
        return f"{mark}{at}{mark}{self.first_row}:{mark}{at}{mark}{self.last_row}"

    @property
    def printed(self) -> int:
        """The last column that is printed: a row key at the end is for the program."""
        last = self.columns[-1]
        return self.numbers[-1] - (last.key == self.row_key)

    @property
    def letters(self) -> tuple[str, str]:
        """Of its first and its last column."""
        return letter(self.numbers[0]), letter(self.numbers[-1])

    @property
    def cells(self) -> str:
        """All its cells but the headings, e.g. A6:G65."""
        first, last = self.letters
        return f"{first}{self.first_row}:{last}{self.last_row}"

    @property
    def written(self) -> Block:
        """The table without the columns that are left free."""
        ours = [(column, n) for column, n in zip(self.columns, self.numbers, strict=True) if not column.free]
        if len(ours) == len(self.columns):
            return self
        return replace(self, columns=tuple(column for column, _ in ours), at=tuple(n for _, n in ours))

    @property
    def needed(self) -> Iterator[Column]:
        """The columns that workbooks of every version have."""
        return (column for column in self.columns if not column.optional)

    def owned(self, owner: Owner) -> Iterator[Column]:
        return (column for column in self.columns if column.owner is owner)


class Field(Struct, frozen=True):
    """A single cell. until: the end of a merged stretch, for a title, a heading or a sentence. label: the
    cell that names it. accepts: what a person may enter. optional: forms of earlier versions lack it, and it is
    read only where the words that name it stand beside it."""

    key: FieldKey
    cell: str
    kind: Kind = Kind.TEXT
    owner: Owner = Owner.TOOL
    until: str = ""
    label: str = ""
    role: Role = Role.VALUE
    accepts: Accepts | None = None
    optional: bool = False

    @property
    def sentence(self) -> bool:
        """Whether it holds running text, whose row is as high as the text needs."""
        return bool(self.until) and self.role not in (Role.TITLE, Role.HEADING)

    @property
    def fixed(self) -> bool:
        """Whether its words follow from the sheet alone."""
        return self.role in (Role.TITLE, Role.HEADING, Role.FIXED)

    @property
    def at(self) -> At:
        """Row and column of its (first) cell."""
        found = address.cell(self.cell)
        assert found is not None, self.cell
        return found

    def moved(self, down: int, right: int) -> Field:
        """The cell as many rows further down and columns further right."""

        def there(cell: str) -> str:
            at = address.cell(cell)
            return address.address(at[0] + down, at[1] + right) if at else ""

        if not down and not right:
            return self
        return replace(self, cell=there(self.cell), until=there(self.until), label=there(self.label))

    @property
    def row(self) -> int:
        return self.at[0]

    @property
    def column(self) -> int:
        return self.at[1]

    @property
    def last_column(self) -> int:
        """The last column that it takes, merged neighbours included."""
        end = address.cell(self.until or self.cell)
        assert end is not None, self.until
        return end[1]


class Sheet(Struct, frozen=True):
    """One sheet of ours. widths: column widths in characters, from column A on. last_row and breaks: where
    the printed area ends, and after which rows a new page begins. repeat: the row that stands on every page,
    where it is not the heading of the only table. one_page: a form that fits on a page and does not scroll.
    shared: the key under which several sheets have their words."""

    key: SheetKey
    title: str
    show: Show
    widths: tuple[float, ...]
    fields: tuple[Field, ...] = ()
    blocks: tuple[Block, ...] = ()
    landscape: bool = False
    instrument: str = ""
    last_row: int = 0
    breaks: tuple[int, ...] = ()
    repeat: int = 0
    one_page: bool = False
    shared: str = ""

    def block(self, key: BlockKey) -> Block:
        """Raises `KeyError` for a table that it has not."""
        return self.blocks[_place(self.blocks, key, self.key)]

    def field(self, key: FieldKey) -> Field:
        """Raises `KeyError` for a cell that it has not."""
        return self.fields[_place(self.fields, key, self.key)]

    def heading_of(self, field: Field) -> Field | None:
        """The heading of a part right above its sentence, if there is one."""
        return next((f for f in self.fields if f.role is Role.HEADING and f.row == field.row - 1), None)

    @property
    def family(self) -> str:
        """The key under which its words stand."""
        return self.shared or self.key

    @property
    def printed(self) -> int:
        """The last column that is printed."""
        return max((block.printed for block in self.blocks if not block.aside), default=1)

    def as_wide(self, widths: Mapping[int, float]) -> Sheet:
        """The sheet with its columns as wide as they are told to be, by their numbers."""
        told = tuple(widths.get(number) or usual for number, usual in enumerate(self.widths, 1))
        return self if told == self.widths else replace(self, widths=told)

    def width_of(self, field: Field) -> float:
        """The width of a field with its merged neighbours, in characters."""
        return sum(self.widths[field.column - 1 : field.last_column])

    def ref(self, cell: str) -> str:
        """A cell or range as formulas elsewhere name it."""
        return f"'{self.title}'!{cell}"


YEAR_COLUMNS = tuple(
    Column(key, Kind.SCORE, Owner.USER, year, Paint.THRESHOLD, SCORE_LIMITS) for key, year in YEAR_KEYS.items()
)
TOLD_YEAR_COLUMNS = tuple(replace(column, owner=Owner.TOOL, accepts=None) for column in YEAR_COLUMNS)


def user(key: ColumnKey, kind: Kind = Kind.TEXT, paint: Paint | None = None) -> Column:
    """A column that people fill in."""
    return Column(key, kind, Owner.USER, paint=paint, accepts=SCORE_LIMITS if kind is Kind.SCORE else None)


def chosen(key: ColumnKey, options: ListKey) -> Column:
    """A column in which people choose."""
    return Column(key, Kind.CHOICE, Owner.USER, accepts=Choices(options))


def folded(key: ColumnKey, kind: Kind = Kind.LONG) -> Column:
    """A column that people fill in if they need it."""
    return Column(key, kind, Owner.USER, optional=True, folded=True)


def offered(key: ColumnKey, accepts: Accepts, kind: Kind = Kind.TEXT) -> Column:
    """A column that people fill in, with an offer."""
    return Column(key, kind, Owner.USER, accepts=accepts)


def title(until: str) -> Field:
    return Field("title", "A1", until=until, role=Role.TITLE)


def heading(key: FieldKey, cell: str, until: str) -> Field:
    return Field(key, cell, until=until, role=Role.HEADING)


def fixed(key: FieldKey, cell: str, until: str) -> Field:
    return Field(key, cell, until=until, role=Role.FIXED)


def worded(key: FieldKey, cell: str, until: str) -> Field:
    """A sentence that we suggest and a person may word anew."""
    return Field(key, cell, owner=Owner.SUGGEST, until=until)


def where(cell: str) -> Field:
    """A word on the texts that this sheet shows together with others."""
    return Field("where", cell, role=Role.WHERE)


def back(cell: str) -> Field:
    return Field("back", cell, role=Role.BACK)
