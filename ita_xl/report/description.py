"""What an official document consists of, without how it looks. Word and PDF are drawn from the same description.

A text is plain: whatever a person typed comes out as it is, and no renderer may find markup in it. Lines of a text
are parted by a line feed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import TypeVar

T = TypeVar("T")


class Align(Enum):
    """How lines of a text lie between the margins."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    SPREAD = "over the whole width, as Thai official texts are set"


@dataclass(frozen=True, slots=True)
class Bold:
    """A part of a text that stands out."""

    text: str


Text = str | tuple[str | Bold, ...]
"""Plain, or in parts of which some are bold."""


@dataclass(frozen=True, slots=True)
class Title:
    """The lines above everything else, centred and bold."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """level: 1 to 3. numbered: by the renderer (1., 1.1, 1.1.1): so numbers stay right when a person adds one."""

    text: str
    level: int = 1
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """indented: the first line, by the 2.5 cm of official letters. with_next: never parted from what follows."""

    text: Text
    align: Align = Align.SPREAD
    indented: bool = True
    with_next: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list. numbered: 1. 2. 3., else dashes."""

    items: tuple[Text, ...]
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """width: its share of the width between the margins; only the proportions count."""

    width: float
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Cell:
    """columns, rows: how many it covers, itself included. align: if not its column's."""

    text: Text = ""
    columns: int = 1
    rows: int = 1
    bold: bool = False
    align: Align | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of the columns that no cell of a row above covers. group: one cell over the whole width that heads
    the rows below it, and never ends a page."""

    cells: tuple[Cell, ...]
    group: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """header: repeated on every page. summary: what it shows, in words, for whoever cannot see it. No page's end
    tears a row, unless it is higher than a page."""

    columns: tuple[Column, ...]
    header: tuple[Row, ...]
    rows: tuple[Row, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Series:
    """A year of a chart. values: points, one for each category, None where unknown."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of lying bars from 0 to `top` points. description: in words, for whoever cannot see it."""

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    description: str
    top: float = 100


@dataclass(frozen=True, slots=True)
class Signature:
    """A line to sign on, the name in brackets below it, then the lines of the office, in the right half of the
    page; never parted. name: empty for dots. dated: a line for the day. day: in words, empty for dots."""

    name: str
    offices: tuple[str, ...]
    dated: bool = False
    day: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """One who signs on the way to the chief: position, name, and place for signature and day."""

    position: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Routing:
    """Who signs on the way, in order; never parted. title: what stands above them."""

    title: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """The head of a memo: lines that begin with a bold label. An empty text is dots to fill in by hand."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a page."""


Block = Title | Heading | Paragraph | Listing | Table | Bars | Signature | Routing | Labelled | PageBreak


@dataclass(frozen=True, slots=True)
class Section:
    """Pages of one orientation."""

    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """title, author, subject: its properties. footer: what stands at the foot of each page beside its number.
    thai_digits: in the numbers that a renderer makes; `with_thai_digits` sees to the texts. draft: ร่าง lies across
    each page."""

    title: str
    author: str
    subject: str
    sections: tuple[Section, ...]
    footer: str = ""
    thai_digits: bool = False
    draft: str = ""


def mapped(part: T, change: Callable[[str], str]) -> T:
    """The same with every text changed."""
    changed: object = part
    if isinstance(part, str):
        changed = change(part)
    elif isinstance(part, tuple):
        changed = tuple(mapped(one, change) for one in part)
    elif is_dataclass(part) and not isinstance(part, type):
        changed = replace(part, **{one.name: mapped(getattr(part, one.name), change) for one in fields(part)})
    return changed  # type: ignore[return-value]


def lines_of(text: Text) -> Iterator[Sequence[str | Bold]]:
    """The lines of a text, each in its parts without empty ones."""
    line: list[str | Bold] = []
    for part in (text,) if isinstance(text, str) else text:
        bold = isinstance(part, Bold)
        first, *rest = (part.text if isinstance(part, Bold) else part).split("\n")
        line += [Bold(first) if bold else first] if first else []
        for words in rest:
            yield line
            line = [Bold(words) if bold else words] if words else []
    yield line


def plain(text: Text) -> str:
    """A text without what stands out."""
    return text if isinstance(text, str) else "".join(one.text if isinstance(one, Bold) else one for one in text)
