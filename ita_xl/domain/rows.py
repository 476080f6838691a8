"""A row of a table that people may edit, the same from the sheet where it stands to the sheet where it will."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum, StrEnum
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from ita_xl.domain.contents import Value, shown


class Owner(StrEnum):
    """Whose a cell is: the tool writes it on every run, suggests what is in it, or leaves it to a person."""

    TOOL = "tool"
    SUGGEST = "suggest"
    USER = "user"


class Origin(Enum):
    """Where a row comes from."""

    PROPOSED = "we propose it"
    RETIRED = "we no longer propose it, and a person wrote in it"
    OWN = "a person added it"


_OWN = "own-"


def is_own(key: str) -> bool:
    """Whether a key was given to a row that a person added."""
    return key.removeprefix(_OWN).isdecimal() and key.startswith(_OWN)


def new_key(taken: Iterable[str]) -> str:
    """The next key for a row that a person added. taken: all that were ever given."""
    return f"{_OWN}{max((int(key.removeprefix(_OWN)) for key in taken if is_own(key)), default=0) + 1}"


class Cell(NamedTuple):
    """content: a value, or what a formula shows. whose: USER is left as it stands. formula: it is one."""

    content: Value = None
    whose: Owner = Owner.TOOL
    formula: bool = False

    @property
    def text(self) -> str:
        """The content as a person reads it."""
        content = self.content
        return content if type(content) is str else shown(content)

    @property
    def typed(self) -> bool:
        """Whether it holds what we never write into such a cell, so that a person must have: a formula, a number,
        a date, a truth value, an error."""
        return self.formula or not (self.content is None or isinstance(self.content, str))


class Row(Struct, frozen=True):
    """cells: by column key. stands: the number of the sheet's row where it is, None for one that is new. goes: the
    number of the row where it will be.

    held: something hangs on it that is no cell's content, such as a note. rooted: it cannot be moved.
    """

    key: str
    cells: Mapping[str, Cell]
    stands: int | None = None
    goes: int | None = None
    origin: Origin = Origin.PROPOSED
    held: bool = False
    rooted: bool = False

    def text(self, column: str) -> str:
        """What a cell says; empty for a column that it lacks."""
        cell = self.cells.get(column)
        return cell.text if cell is not None else ""

    def content(self, column: str) -> Value:
        cell = self.cells.get(column)
        return cell.content if cell is not None else None

    def with_cells(self, cells: Mapping[str, Cell], origin: Origin) -> Row:
        """The same row, holding something else. Made directly: a run makes thousands of them."""
        return Row(self.key, cells, self.stands, self.goes, origin, self.held, self.rooted)

    def going(self, number: int | None) -> Row:
        """The same row with the number that it will have."""
        return Row(self.key, self.cells, self.stands, number, self.origin, self.held, self.rooted)

    @property
    def empty(self) -> bool:
        """Whether no cell of it holds anything, and nothing hangs on it."""
        return not self.held and all(cell.content is None and not cell.formula for cell in self.cells.values())

    def as_own(self) -> Row:
        """The row as a person's, with all its cells."""
        cells = {column: cell._replace(whose=Owner.USER) for column, cell in self.cells.items()}
        return replace(self, cells=cells, origin=Origin.OWN)

    @property
    def own(self) -> bool:
        return self.origin is Origin.OWN

    @property
    def proposed(self) -> bool:
        return self.origin is not Origin.RETIRED
