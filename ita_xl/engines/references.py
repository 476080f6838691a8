"""The cells that a formula names, and the formula with them named anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from ita_xl.layout import address
from ita_xl.layout.address import LAST_COLUMN, LAST_ROW, Area, At

_LETTER = r"""[^\s!'"(),;:+\-*/^&=<>{}\[\]%#@]"""
_PIECE = re.compile(
    r'"(?:[^"]|"")*"'
    rf"|(?P<sheet>(?:'(?:[^']|'')+'|(?:\[[^\[\]]*\])?{_LETTER}++(?::{_LETTER}++)?)!)?"
    rf"(?P<reference>{_LETTER}++(?!\()(?::{_LETTER}++(?!\())?)"
    r"|\[(?:[^\[\]]|\[[^\[\]]*\])*\]"
)
"""A piece of a formula: a text, a reference with or without its sheet, or the brackets of a table; between them
stand operators, and names of functions. Our own, because the parsers of libraries refuse newer operators (D8#)."""
_END = re.compile(r"(?=[$\w])(?:(\$?)([A-Za-z]{1,3}))?(?:(\$?)(\d{1,7}))?")
"""An end of a reference: column and row, or one of them, each after its dollar sign."""

_FIXED_ROW = re.compile(r"\$\d")


def renamed(formula: str, change: Callable[[str, Area], Area | None], *, only_fixed: bool = False) -> str:
    """A formula, without its "=", with the rows of each reference as `change(sheet, area)` gives them; a reference
    to what is gone is an error.

    sheet: the title before the reference, empty for none. only_fixed: only rows after a $ are named anew.
    """

    def anew(sheet: str, reference: str, area: Area) -> str:
        if only_fixed and not _FIXED_ROW.search(reference):
            return reference
        new = change(sheet.removesuffix("!").strip("'").replace("''", "'"), area)
        if new == area:
            return reference
        rows = {area.top: new.top, area.bottom: new.bottom} if new else {}

        def end(found: re.Match[str]) -> str:
            row = found[4]
            if row is None or (only_fixed and not found[3]):
                return found[0]
            return f"{found[0][: -len(row)]}{rows[int(row)]}"

        return _END.sub(end, reference) if new else "#REF!"

    return _mapped(formula, anew)


def single_rows(formula: str, home: str, title: str) -> Iterator[int]:
    """The rows of a sheet of which a formula, without its "=", names cells of one row. home: title of the sheet on
    which it stands."""
    found: list[Area] = []

    def note(sheet: str, area: Area) -> Area:
        if (sheet or home).casefold() == title.casefold():
            found.append(area)
        return area

    renamed(formula, note)
    return (area.top for area in found if area.top == area.bottom)


def translated(formula: str, old: At, new: At) -> str:
    """A formula as it would be filled from one cell into another: what is not fixed by $ goes along."""

    def shifted(_: str, reference: str, area: Area) -> str:
        return _END.sub(end, reference)

    def end(found: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, row = found.groups("")
        column = address.number(letters) + (0 if fixed_column else new[1] - old[1])
        line = int(row or 0) + (0 if fixed_row else new[0] - old[0])
        if (letters and column < 1) or (row and line < 1):
            return "#REF!"
        return fixed_column + (address.letter(column) if letters else "") + fixed_row + (str(line) if row else "")

    return _mapped(formula, shifted)


def _area(reference: str) -> Area | None:
    """The cells of a reference; None for a name that only looks like one, such as XYZ1."""
    area = address.area(reference.upper())
    return area if area and area.right <= LAST_COLUMN and area.bottom <= LAST_ROW else None


def _mapped(formula: str, change: Callable[[str, str, Area], str]) -> str:
    """The formula with each reference as `change(sheet, reference, its cells)` gives it; sheet: with its "!", or
    empty."""
    return "".join(
        before + sheet + (change(sheet, reference, area) if area else reference)
        for before, sheet, reference, area in _pieces(formula)
    )


@lru_cache(maxsize=2048)
def _pieces(formula: str) -> Sequence[tuple[str, str, str, Area | None]]:
    """What stands before each reference of a formula, its sheet, itself and its cells; at the end what is left.
    Kept, because a run asks again for each change, and workbooks have most formulas in common."""
    pieces, at = list[tuple[str, str, str, Area | None]](), 0
    for found in _PIECE.finditer(formula):
        if reference := found["reference"]:
            pieces.append((formula[at : found.start()], found["sheet"] or "", reference, _area(reference)))
            at = found.end()
    return [*pieces, (formula[at:], "", "", None)]


def cells_named(title: str, area: Area) -> str:
    """Cells as a formula on another sheet names them."""
    quoted = title.replace("'", "''")
    ends = (
        f"${address.letter(column)}${row}" for row, column in ((area.top, area.left), (area.bottom, area.right))
    )
    return f"'{quoted}'!" + ":".join(dict.fromkeys(ends))


def sheet_of_link(place: str) -> str:
    """The title of the sheet to whose cells a link leads; empty for one that leads to a name."""
    before, mark, _ = place.removeprefix("#").rpartition("!")
    quoted = len(before) > 1 and before.startswith("'") and before.endswith("'")
    return (before[1:-1].replace("''", "'") if quoted else before) if mark else ""


def leading_to(title: str, place: str) -> str:
    """Where a link leads once it leads to the same cells of another sheet."""
    quoted = title.replace("'", "''")
    return f"'{quoted}'!{place.rpartition('!')[2]}"


def named_cells(names: Iterable[tuple[str, str]]) -> dict[str, tuple[str, Area]]:
    """Sheet and cells of names by what each is for; names for what is gone are left out."""
    found = {}
    for name, where in names:
        title, cells = address.sheet_and_areas(where.removeprefix("="))
        if title and len(cells) == 1:
            found[name] = (title, cells[0])
    return found
