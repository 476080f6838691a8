"""Where figures came from, as the workbook keeps it, and those that no longer are what was imported."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from ita_xl.case.inputs import Inputs
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import shown
from ita_xl.domain.findings import Finding
from ita_xl.domain.thai import parse_number, same_text
from ita_xl.engines.port import Port
from ita_xl.layout import IMPORTED
from ita_xl.reading.places import as_it_stands

_KINDS = ("score", "points", "level", "comment")


class Imported(Struct, frozen=True):
    """kind: score, points, level or comment. text: what was imported. source, place: the file, and where in it.
    day: of the import, in words."""

    kind: str
    code: str
    year: int
    text: str
    source: str
    place: str
    day: str

    @property
    def about(self) -> tuple[str, str, int, str]:
        """A later import of the same takes its place; a comment stands beside other comments."""
        return self.kind, self.code, self.year, self.text if self.kind == "comment" else ""


def imported(port: Port, inputs: Inputs) -> list[Imported]:
    """What is known of earlier imports."""
    if (title := inputs.titles.get(IMPORTED.key)) is None:
        return []
    block, grid = as_it_stands(port, IMPORTED, title).block("imported"), port.read(title)
    found = []
    for row in range(block.first_row, block.last_row + 1):
        of = {c.key: shown(grid.at(row, at)) for at, c in zip(block.numbers, block.columns, strict=True)}
        kind = next((key for key in _KINDS if say(f"imports.kinds.{key}") == of["kind"]), "")
        if kind and of["code"]:
            year = int(of["year"]) if of["year"].isdigit() else 0
            found.append(Imported(kind, of["code"], year, of["text"], of["source"], of["place"], of["day"]))
    return found


def changed_since(port: Port, inputs: Inputs) -> Iterator[Finding]:
    """Figures that are no longer what was imported."""
    for one in imported(port, inputs):
        now = _now(inputs, one)
        if now is None or _same(now, one.text):
            continue
        sheet, cell = inputs.figures.where(one.year, one.code)
        values = {"code": one.code, "year": one.year, "imported": one.text, "now": now}
        yield Finding(
            Code.IMPORT_CHANGED, sheet, cell, one.code, values | {"source": one.source, "place": one.place}
        )


def _now(inputs: Inputs, one: Imported) -> str | None:
    figures = inputs.figures
    if one.kind == "level":
        return figures.stated_levels.get(one.year)
    if one.kind == "score" and (given := figures.given.get(one.year, {}).get(one.code)):
        return f"{float(given.value):.2f}"
    if one.kind == "points" and (points := figures.points.get(one.year, {}).get(one.code)):
        return f"{float(points.points):.2f}"
    return None


def _same(now: str, then: str) -> bool:
    numbers = [
        typed.value for typed in (parse_number(now), parse_number(then)) if typed and typed.value is not None
    ]
    if len(numbers) == 2:
        return abs(numbers[0] - numbers[1]) < Fraction(1, 100)
    return same_text(now, then)
