"""What of a sheet is shown in the copy: found out by `content`, and acted upon by `sheet` and `drawings`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from ita_xl.domain.contents import shown
from ita_xl.domain.findings import Finding
from ita_xl.engines.port import Grid
from ita_xl.layout.address import Area, At


@dataclass(frozen=True)
class Visible:
    """title: the sheet's own. grid: what it holds. areas: what it prints. figures: tables right of them that charts
    of ours draw. hidden_rows and hidden_columns: that it hides. room: columns among them that are left out. blanks:
    printed cells that are left out. beyond: such beside what a table says. joined: cells that become
    one, because what stood in all but the first is left out. breaks: rows after which a new page may begin.
    findings: cells that cannot be shown as they are."""

    title: str
    grid: Grid
    areas: list[Area]
    figures: list[Area]
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    room: set[int] = field(default_factory=set)
    blanks: list[Area] = field(default_factory=list)
    beyond: list[Area] = field(default_factory=list)
    joined: list[Area] = field(default_factory=list)
    breaks: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    @cached_property
    def right(self) -> int:
        """The last column that is printed."""
        return max((near.right for area in self.areas if (near := area.clamped())), default=0)

    def shows(self, at: At) -> bool:
        """Whether a cell is to be seen."""
        if at[0] in self.hidden_rows:
            return False
        left_out = at[1] in self.hidden_columns or _within(self.blanks, at) or _within(self.beyond, at)
        return not left_out and self.covers(at)

    def covers(self, at: At) -> bool:
        """Whether a cell is printed, if nothing hides it."""
        return _within(self.areas, at)

    def says(self, at: At) -> bool:
        """Whether something stands in a cell that is to be seen."""
        return (at in self.grid.formulas or bool(shown(self.grid.at(*at)).strip())) and self.shows(at)

    def filled_rows(self, figures: Area) -> list[int]:
        """The rows of a table of figures that hold any, below its heading."""
        found = self.grid.within(figures._replace(top=figures.top + 1))
        return sorted({row for (row, _), value in found if row not in self.hidden_rows and shown(value)})

    def gathered(self, figures: Area) -> Area:
        """The cells of a table of figures once its filled rows stand below each other, its heading included."""
        return figures._replace(bottom=figures.top + len(self.filled_rows(figures)))


def _within(areas: Iterable[Area], at: At) -> bool:
    return any(one.__contains__(at) for one in areas)
