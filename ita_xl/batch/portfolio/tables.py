"""What a sheet of the portfolio with one table is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ita_xl.layout import Kind

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a frame as it is drawn. width: in digits. printed: whether it lies within the printed area."""

    key: str
    kind: Kind
    width: float
    heading: str
    printed: bool = True


@dataclass(frozen=True)
class SheetTable:
    """A sheet with one table. sentence: what it comes to; without rows it is all that the sheet says. note: how to
    read it. grades: for some columns the grade of each cell. frozen: columns that stay in view."""

    key: str
    frame: pd.DataFrame
    columns: Sequence[SheetColumn]
    sentence: str
    note: str = ""
    grades: Mapping[str, Sequence[str]] = field(default_factory=dict)
    frozen: int = 0
