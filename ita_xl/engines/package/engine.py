"""The port on a package: values are read by calamine, our sheets' cells are replaced inside the zip.

May change: the sheets written to, the stored values of charts that plot them, workbook.xml (visibility, recalculate
on opening), and the calculation chain, which is dropped. Every other part is copied byte for byte.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from hashlib import sha256
from html import unescape
from pathlib import Path

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

from ita_xl import files
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.moves import Moves
from ita_xl.engines.package import charts, moving
from ita_xl.engines.package.archive import Archive, BrokenPackage
from ita_xl.engines.package.book import Book
from ita_xl.engines.package.graft import graft
from ita_xl.engines.package.sheetxml import Look, UnreadableSheet, parse, plainly_quoted, without_results
from ita_xl.engines.package.styles import cells_styled, percentages
from ita_xl.engines.port import CellError, Grid, Ties, Uncomputed, Value, Written, is_number, moved, overlaid
from ita_xl.engines.shipped import template_path
from ita_xl.layout import GUIDANCE, RECHECK, STRUCTURE, WRITTEN
from ita_xl.layout.address import MAX_COLUMNS, MAX_ROWS, At, number

_SPECIAL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*(<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f\s*>))?"
    rb"\s*(?:<(?:\w+:)?v\b[^>]*?(?:/>|>([^<]*)</))?"
)
"""A cell's attributes, its formula, the formula's text and the stored result."""
_PLAINLY_SPECIAL = re.compile(
    rb'<c r="([A-Z]+)(\d+)"([^>]*)>(<f\b[^>]*?(?:/>|>([^<]*)</f>))(?:<v\b[^>]*?(?:/>|>([^<]*)</))?'
)
"""The same for a cell with a formula, after its column and row, as nearly all programs write it."""
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]+\d+:[A-Z]+\d+)"')
_FAR = re.compile(rb"""\sr\s*=\s*["'](?:[A-Za-z]{3}|[A-Za-z]*(?:\d{6}|[2-9]\d{4}))""")
_PLAINLY_FAR = re.compile(rb'<(?:c|row) r="(?:[A-Za-z]{3}|[A-Za-z]*(?:\d{6}|[2-9]\d{4}))')
_UNNUMBERED = re.compile(rb"<(?:[^\s<>/:]*:)?(?:row|c)\b(?![^<>]*\sr\s*=)")
_ROW = re.compile(rb"<(?:[^\s<>/:]*:)?row\b")

_HIGH = re.compile(rb'<(?:\w+:)?row\b[^>]*\bcustomHeight="(?:1|true)"[^>]*>')
_ROW_NUMBER = re.compile(rb'\sr="(\d{1,7})"')
_HEIGHT = re.compile(rb'\sht="(\d{1,4}(?:\.\d{1,15})?)"')

_ALIKE = {sheet.title for sheet in (*WRITTEN, STRUCTURE, GUIDANCE)}
"""Sheets that most workbooks of a year hold alike: structure, library, and those that a run writes, before the
first."""


@lru_cache(maxsize=24)
def _slot(*parts: bytes) -> list[Grid]:
    """Where a sheet is kept once read, for the next workbook with the same parts."""
    return []


class Package:
    """An .xlsx or .xlsm file held as its package. Satisfies `Port`."""

    def __init__(self, content: bytes, name: str) -> None:
        """name: for messages. Raises `Unusable` for a package that is broken or signed."""
        self._name = name
        try:
            self._archive = Archive(content)
            self._book = Book(self._archive)
        except (zipfile.BadZipFile, etree.XMLSyntaxError, StopIteration, ValueError) as error:
            raise self._damaged(error) from error
        if any(member.startswith("_xmlsignatures/") for member in self._archive.names):
            raise Unusable(Finding(Code.FILE_SIGNED, values={"file": name}))
        self._content = content
        self._values: dict[str, dict[int, dict[int, Written]]] = {}
        self._looks: dict[str, dict[int, Look]] = {}
        self._shown: set[str] = set()
        self._restored: dict[str, Grid] = {}
        self._grids: dict[str, Grid] = {}

    @property
    def has_macros(self) -> bool:
        return any(name.startswith("xl/vbaProject") for name in self._archive.names)

    @classmethod
    def open(cls, path: Path) -> Package:
        """Read a file. Raises `Unusable` when it cannot be read as a workbook."""
        return cls(files.read_package(path), path.name)

    @cached_property
    def _calamine(self) -> CalamineWorkbook:
        try:
            return CalamineWorkbook.from_filelike(io.BytesIO(self._content))
        except (CalamineError, OSError, ValueError, LookupError) as error:
            raise self._damaged(error) from error

    def sheets(self) -> list[str]:
        return list(self._book.parts)

    def read(self, title: str) -> Grid:
        held = self._restored.get(title) or self._held(title)
        if title not in self._values:
            return held
        lines = self._values[title].items()
        return overlaid(held, (((row, column), value) for row, line in lines for column, value in line.items()))

    def _held(self, title: str) -> Grid:
        """A sheet as it stands in the file, whatever was written since."""
        if title not in self._grids:
            xml = self._part(self._book.parts[title], self._archive.original)
            slot = _slot(xml, *self._common) if title in _ALIKE else []
            if not slot:
                slot.append(self._grid(title, xml))
            self._grids[title] = slot[0]
        return self._grids[title]

    @cached_property
    def _common(self) -> list[bytes]:
        """What decides, with a sheet's own part, what its cells mean."""
        return [self._part(name, self._archive.original) for name in self._book.common]

    def _grid(self, title: str, xml: bytes) -> Grid:
        xml = plainly_quoted(xml)
        end = max(xml.rfind(b"sheetData"), 0)
        if b"<!DOCTYPE" in xml[:2000] or _too_far(xml[:end]):
            raise Unusable(Finding(Code.SHEET_UNSAFE, title, values={"file": self._name}))
        cells = self._stored(title)
        formulas: set[tuple[int, int]] = set()
        for at, formula, value in self._special(xml, end):
            if formula:
                formulas.add(at)
            if isinstance(value, CellError | Uncomputed):
                cells[at] = value
        merged = tuple(m.decode() for m in _MERGED.findall(xml, end))
        heights = dict(_set_heights(xml, end))
        return Grid(cells, merged, frozenset(formulas), self._percent(xml, end, cells), heights)

    def _percent(self, xml: bytes, end: int, cells: Mapping[At, Value]) -> frozenset[At]:
        """The cells of a sheet that show their number as a percentage. end: of the rows."""
        styles = self._percentages
        try:
            return frozenset(at for at in cells_styled(xml, end, styles) if is_number(cells.get(at)))
        except UnreadableSheet as error:
            raise self._damaged(error) from error

    @cached_property
    def _percentages(self) -> frozenset[str]:
        """The styles that show a percentage."""
        if not self._book.styles:
            return frozenset()
        try:
            return percentages(self._part(self._book.styles, self._archive.original))
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged(error) from error

    def _special(self, xml: bytes, end: int) -> Iterator[tuple[tuple[int, int], bool, Value]]:
        """What calamine reads as empty: errors, and formulas without a stored result. With each cell
        whether it holds a formula. end: of the rows."""
        mark = b"<f" if b"<worksheet" in xml[:1000] else b":f"
        if xml.find(mark, 0, end) < 0 and xml.find(b't="e"', 0, end) < 0:
            return
        try:
            suspects = list(_suspects(xml, end))
        except UnreadableSheet as error:
            raise self._damaged(error) from error
        for at, (start, formula, text, stored) in suspects:
            if b't="e"' in start:
                yield at, bool(formula), CellError(unescape(stored.decode()) if stored is not None else "#?")
            elif formula:
                # An empty text is a result, an empty number is none.
                known = stored or (stored is not None and b't="str"' in start)
                yield at, True, None if known else Uncomputed(f"={unescape((text or b'').decode())}")

    def _stored(self, title: str) -> dict[tuple[int, int], Value]:
        """The stored values of a sheet; an empty text is an empty cell."""
        try:
            rows = self._calamine.get_sheet_by_name(title).to_python(skip_empty_area=False)
        except (CalamineError, OSError, ValueError, LookupError) as error:
            raise self._damaged(error) from error
        return {
            (down, across): value
            for down, row in enumerate(rows, 1)
            for across, value in enumerate(row, 1)
            if value != ""
        }

    def ties(self, title: str) -> Ties:
        try:
            return moving.ties(self._archive, self._book, title)
        except (BrokenPackage, UnreadableSheet, etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged(error) from error

    def move_rows(self, moves: Moves) -> None:
        assert moves.title not in self._values, "rows are moved before anything is written"
        held = self.read(moves.title)
        try:
            moving.move(self._archive, self._book, moves)
        except (BrokenPackage, UnreadableSheet, etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged(error) from error
        self._grids[moves.title] = moved(held, moves)
        self._restored.pop(moves.title, None)

    def write(self, title: str, row: int, column: int, values: Sequence[Sequence[Written]]) -> None:
        pending = self._values.setdefault(title, {})
        for down, line in enumerate(values, row):
            pending.setdefault(down, {}).update(enumerate(line, column))

    def show_rows(self, title: str, first: int, last: int, heights: Sequence[float | None]) -> None:
        looks = self._looks.setdefault(title, {})
        for row in range(first, last + 1):
            shown = row < first + len(heights)
            looks[row] = Look(not shown, heights[row - first] if shown else None)

    def restore(self, title: str, state: str) -> bool:
        """Bring a sheet of ours that is missing from the shipped template, unless a chart sheet has its title."""
        if title in self._book.titles:
            return False
        template = Package(template_path().read_bytes(), title)
        try:
            graft(template._archive, self._archive, title, state)
            self._book = Book(self._archive)
        except (BrokenPackage, etree.XMLSyntaxError, StopIteration, ValueError) as error:
            raise self._damaged(error) from error
        self._restored[title] = template.read(title)
        return True

    def digest(self, title: str) -> str:
        """A digest of every part but a sheet's own, which is to hold it, and what each run changes anew. It is made
        of checksums: it shows what somebody changed, not what somebody forged."""
        left_out = {self._book.parts[title], self._book.part}
        parts = [(name, *self._archive.checksum(name)) for name in sorted(set(self._archive.names) - left_out)]
        return sha256(repr(parts).encode()).hexdigest()

    def show_sheet(self, title: str) -> None:
        self._shown.add(title)

    def save(self, target: Path) -> None:
        files.write_whole(target, self.to_bytes())

    def _part(self, name: str, read: Callable[[str], bytes] | None = None) -> bytes:
        try:
            return (read or self._archive.read)(name)
        except BrokenPackage as error:
            raise self._damaged(error) from error

    def to_bytes(self, seal: tuple[str, int, int] | None = None) -> bytes:
        """The package with what was written. seal: sheet, row and column of a cell that takes the digest of all
        other parts. Raises `Unusable` if one of our sheets cannot be rewritten."""
        try:
            for title in sorted({*self._values, *self._looks} - {seal[0] if seal else ""}):
                self._rewrite(title)
            charts.refresh(self._archive, set(self._values), self.read)
            self._book.show(self._shown)
            self._book.drop_calculation_chain()
            if seal:
                title, row, column = seal
                self.write(title, row, column, [[self.digest(title)]])
                self._rewrite(title)
            return self._archive.packed()
        except (BrokenPackage, UnreadableSheet, etree.XMLSyntaxError) as error:
            raise self._damaged(error) from error

    def _rewrite(self, title: str) -> None:
        part = self._book.parts[title]
        xml = self._archive.read(part)
        made = parse(xml).rewritten(self._values.get(title, {}), self._looks.get(title, {}))
        if made != xml:
            # Beside what we wrote there stand formulas that read it.
            self._archive.write(part, without_results(made) if title == RECHECK.title else made)

    def _damaged(self, error: Exception) -> Unusable:
        return Unusable(
            Finding(Code.FILE_DAMAGED, values={"file": self._name, "detail": str(error) or type(error).__name__})
        )


def _set_heights(xml: bytes, end: int) -> Iterator[tuple[int, float]]:
    """Rows whose height is marked as set by a person, and that height."""
    if b"customHeight" in xml[:end]:
        for row in _HIGH.finditer(xml, 0, end):
            number, height = _ROW_NUMBER.search(row[0]), _HEIGHT.search(row[0])
            if number and height:
                yield int(number[1]), float(height[1])


def _suspects(xml: bytes, end: int) -> Iterator[tuple[tuple[int, int], Sequence[bytes]]]:
    """The cells of a sheet that may hold a formula or an error: row and column, and the groups of `_SPECIAL`. end:
    of the rows. Raises `UnreadableSheet`."""
    formulas = [match.groups() for match in _PLAINLY_SPECIAL.finditer(xml, 0, end)]
    if len(formulas) == xml.count(b"<f", 0, end) and b't="e"' not in xml and b"<!" not in xml:
        for column, row, *groups in formulas:
            yield (int(row), number(column.decode())), groups
        return
    for line, held in parse(xml).rows.items():
        for across, cell in held.cells.items():
            if cell.filled and (special := _SPECIAL.match(cell.raw)):
                yield (line, across), special.groups()


def _too_far(xml: bytes) -> bool:
    """Whether a cell or row is so far out that reading the sheet as a table would take all memory, be it by its
    address or, where rows and cells go without, by their number."""
    if _plainly_addressed(xml):
        return _PLAINLY_FAR.search(xml) is not None
    if _FAR.search(xml):
        return True
    if not _UNNUMBERED.search(xml):
        return False
    rows = _ROW.split(xml)[1:]
    return len(rows) > MAX_ROWS or any(row.count(b"<c") + row.count(b":c") > MAX_COLUMNS for row in rows)


def _plainly_addressed(xml: bytes) -> bool:
    """Whether every row and cell begins with its address, as nearly all programs write it; counting is quick."""
    rows = xml[max(xml.find(b"<sheetData"), 0) :]
    return b":row" not in rows and all(
        rows.count(b"<" + n) == rows.count(b"<" + n + b' r="') for n in (b"c", b"row")
    )
