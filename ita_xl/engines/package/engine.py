"""The port on a package: values are read by calamine, our sheets' cells are replaced inside the zip.

May change: the sheets written to, the stored values of charts that plot them, workbook.xml (visibility, recalculate
on opening), and the calculation chain, which is dropped. Every other part is copied byte for byte.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from functools import cached_property, lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree
from msgspec.structs import replace

from ita_xl import files
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.moves import RowChange
from ita_xl.engines.naming import titles_by_name
from ita_xl.engines.package import charts, hanging, links, moving, results, stored
from ita_xl.engines.package.archive import Archive, BrokenPackage
from ita_xl.engines.package.book import Book
from ita_xl.engines.package.dressing import dress, sheet_dressed
from ita_xl.engines.package.plain import UnsafeSheet, in_utf8, is_whole, plain
from ita_xl.engines.package.quick import cells, shared_texts
from ita_xl.engines.package.sheetxml import Look, UnreadableSheet, parse
from ita_xl.engines.package.stored import MERGED, set_heights, set_widths, special
from ita_xl.engines.package.styles import cells_styled, may_be_dates, percentages
from ita_xl.engines.port import Grid, Names, Ties, Uncomputed, Value, Written, changed, is_number, overlaid
from ita_xl.engines.references import cells_named, named_cells
from ita_xl.engines.shipped import template_path
from ita_xl.layout import GUIDANCE, SHEETS, STRUCTURE, WRITTEN
from ita_xl.layout.address import Area, At
from ita_xl.layout.keys import SheetKey

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_REFUSED = (etree.XMLSyntaxError, OSError, ValueError, LookupError)

_ALIKE = {sheet.title for sheet in (*WRITTEN, STRUCTURE, GUIDANCE)}
"""Sheets that most workbooks of a year hold alike: structure, library, and those that a run writes, before the
first."""


_SHARED = {STRUCTURE.title, GUIDANCE.title}
"""Those that say the same in most."""


@lru_cache(maxsize=24)
def _slot(*parts: bytes | bool) -> list[Grid]:
    """Where a sheet is kept once read, for the next workbook with the same parts."""
    return []


@lru_cache(maxsize=8)
def _kept(title: str) -> list[Grid]:
    """The last sheets of a title that said different things."""
    return []


def _once(title: str, grid: Grid) -> Grid:
    """The same object for the same content, in however many workbooks and however written: what a structure comes
    to is worked out once."""
    kept = _kept(title)
    said = grid.said
    same = next((one for one in kept if one.said == said), grid)
    kept[:] = [same, *(one for one in kept if one is not same)][:4]
    return same


@lru_cache(maxsize=4)
def _named(names: tuple[tuple[str, str], ...]) -> Names:
    """The cells of names, which are asked for sheet by sheet."""
    return named_cells(names)


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
        if any(member.casefold().startswith("_xmlsignatures/") for member in self._archive.names):
            raise Unusable(Finding(Code.FILE_SIGNED, values={"file": name}))
        self._content = content
        self._values: dict[str, dict[int, dict[int, Written]]] = {}
        self._looks: dict[str, dict[int, Look]] = {}
        self._flushed: set[str] = set()
        self._moved: list[moving.Moved] = []
        self._shown: set[str] = set()
        self._restored: dict[str, Grid] = {}
        self._grids: dict[str, Grid] = {}

    @property
    def has_macros(self) -> bool:
        return any(name.casefold().startswith("xl/vbaproject") for name in self._archive.names)

    @classmethod
    def open(cls, path: Path) -> Package:
        """Read a file. Raises `Unusable` when it cannot be read as a workbook."""
        return cls(files.read_package(path), path.name)

    @cached_property
    def _calamine(self) -> CalamineWorkbook | None:
        """None for a workbook whose sheets are to be read one by one."""
        if not all(map(in_utf8, self._common.values())):
            return None
        return stored.opened(self._content)

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
            slot = _slot(xml, self._book.since_1904, *self._common.values()) if title in _ALIKE else []
            if not slot:
                slot.append(_once(title, self._grid(title, xml)) if title in _SHARED else self._grid(title, xml))
            self._grids[title] = slot[0]
        return self._grids[title]

    @cached_property
    def _common(self) -> dict[str, bytes]:
        """What decides, with a sheet's own part, what its cells mean."""
        return {kind: self._part(self._book.around[kind], self._archive.original) for kind in self._book.common}

    @cached_property
    def _percentages(self) -> frozenset[bytes]:
        """The styles that show a percentage."""
        return percentages(self._common["styles"]) if "styles" in self._common else frozenset()

    @cached_property
    def _texts(self) -> Sequence[str | None]:
        """The shared texts, as the quick way has them."""
        return shared_texts(self._common["sharedStrings"]) if "sharedStrings" in self._common else ()

    @cached_property
    def _dates(self) -> frozenset[bytes]:
        """The styles whose numbers may be dates."""
        return may_be_dates(self._common["styles"]) if "styles" in self._common else frozenset()

    def _grid(self, title: str, part: bytes) -> Grid:
        try:
            if quick := cells(part, self._texts, self._dates):
                return self._looked(part, *quick)
            xml = plain(part)
            held = self._stored(title, xml, whole=is_whole(part))
            formulas: set[At] = set()
            for at, formula, value in special(xml):
                if formula:
                    formulas.add(at)
                if value is not None:
                    held[at] = value
            return self._looked(xml, held, formulas)
        except UnsafeSheet as error:
            raise Unusable(Finding(Code.SHEET_UNSAFE, title, values={"file": self._name})) from error
        except _REFUSED as error:
            raise self._damaged(error) from error

    def _looked(self, xml: bytes, held: dict[At, Value], formulas: Set[At]) -> Grid:
        """What a sheet holds, with what its looks say of it."""
        end = xml.rfind(b"sheetData")
        percent = frozenset(at for at in cells_styled(xml, end, self._percentages) if is_number(held.get(at)))
        merged = tuple(area.decode() for area in MERGED.findall(xml, end))
        heights, widths = dict(set_heights(xml, end)), dict(set_widths(xml))
        return Grid(held, merged, frozenset(formulas), percent, heights, widths)

    def _stored(self, title: str, xml: bytes, *, whole: bool) -> dict[At, Value]:
        """The stored values of a plain sheet. whole: calamine sees all of its part, too."""
        if whole and self._calamine:
            with suppress(stored.NotRead):
                return stored.values(self._calamine, title)
        return stored.alone(xml, self._common, since_1904=self._book.since_1904)

    def ties(self, title: str) -> Ties:
        try:
            return hanging.ties(self._archive, self._book, title)
        except (BrokenPackage, UnreadableSheet, etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged(error) from error

    def named_rows(self, title: str) -> frozenset[int]:
        try:
            self._follow()
            return frozenset(moving.named_rows(self._archive, self._book, title))
        except (BrokenPackage, UnreadableSheet, etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged(error) from error

    def change_rows(self, change: RowChange) -> None:
        held = self.read(change.title)
        try:
            self._flush(change.title)
            self._moved.append(moving.move(self._archive, self._book, change))
        except (BrokenPackage, UnreadableSheet, etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged(error) from error
        self._grids[change.title] = changed(held, change)
        self._restored.pop(change.title, None)

    def _follow(self) -> None:
        """Let all that names cells of rows that changed follow them: once for many changes."""
        moved, self._moved = self._moved, []
        try:
            moving.follow(self._archive, self._book, moved)
        except (BrokenPackage, UnreadableSheet, etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged(error) from error

    def names(self) -> Names:
        self._follow()
        return _named(tuple(self._book.our_names()))

    def set_names(self, names: Names) -> None:
        held = self.names()
        if new := {name: cells_named(*at) for name, at in names.items() if held.get(name) != at}:
            self._book.set_names(new)

    def write(self, title: str, row: int, column: int, values: Sequence[Sequence[Written]]) -> None:
        pending = self._values.setdefault(title, {})
        for down, line in enumerate(values, row):
            pending.setdefault(down, {}).update(enumerate(line, column))

    def show_rows(self, title: str, first: int, last: int, heights: Sequence[float | None]) -> None:
        looks = self._looks.setdefault(title, {})
        for row in range(first, last + 1):
            shown = row < first + len(heights)
            looks[row] = Look(not shown, heights[row - first] if shown else None)

    def copy_down(self, title: str, row: int, last: int) -> None:
        held = self.read(title)
        try:
            self._flush(title)
            made, formulas = moving.copied_down(self._plain(title), row, last)
        except (BrokenPackage, UnreadableSheet, etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged(error) from error
        self._archive.write(self._book.parts[title], made)
        unknown = {at: Uncomputed(f"={formula}") for at, formula in formulas.items()}
        self._grids[title] = replace(held, cells={**held.cells, **unknown}, formulas=held.formulas | unknown.keys())
        self._restored.pop(title, None)

    def restore(self, title: str, state: str) -> bool:
        """Bring a sheet of ours that is missing from the shipped template, unless a chart sheet has its title."""
        if title in self._book.titles:
            return False
        from ita_xl.engines.package.graft import graft  # seldom needed

        template = Package(template_path().read_bytes(), title)
        template._speak_of(titles_by_name(self.names(), self._book.parts), title)
        try:
            self._follow()
            graft(template._archive, self._archive, title, state)
            self._book = Book(self._archive)
        except (BrokenPackage, etree.XMLSyntaxError, StopIteration, ValueError) as error:
            raise self._damaged(error) from error
        self._restored[title] = template.read(title)
        return True

    def _speak_of(self, called: Mapping[SheetKey, str], title: str) -> None:
        """Have a sheet, and the workbook's names, speak of sheets as they are called elsewhere."""
        for sheet in SHEETS:
            if (actual := called.get(sheet.key, sheet.title)) != sheet.title:
                for part in (self._book.part, self._book.parts[title]):
                    usual, other = (cells_named(one, Area(1, 1, 1, 1))[:-4] for one in (sheet.title, actual))
                    made = self._archive.read(part).replace(usual.encode(), escape(other, quote=False).encode())
                    self._archive.write(part, made)

    def digest(self, title: str) -> str:
        """A digest of every part but a sheet's own, which is to hold it, and what each run changes anew. It is made
        of checksums: it shows what somebody changed, not what somebody forged."""
        left_out = {self._book.parts[title], self._book.part}
        parts = [(name, *self._archive.checksum(name)) for name in sorted(set(self._archive.names) - left_out)]
        return sha256(repr(parts).encode()).hexdigest()

    def show_sheet(self, title: str) -> None:
        self._shown.add(title)

    def links(self, title: str) -> Mapping[str, str]:
        return links.leading(self._plain(title))

    def set_links(self, title: str, links_: Mapping[str, str]) -> None:
        self._archive.write(self._book.parts[title], links.led(self._plain(title), links_))

    def _plain(self, title: str) -> bytes:
        try:
            return plain(self._part(self._book.parts[title]))
        except UnsafeSheet as error:
            raise Unusable(Finding(Code.SHEET_UNSAFE, title, values={"file": self._name})) from error

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
            self._follow()
            for title in sorted({*self._values, *self._looks} - {seal[0] if seal else ""}):
                self._rewrite(title)
            self.store_results()
            charts.refresh(self._archive, {*self._values, *self._flushed}, self.read)
            self._book.show(self._shown)
            self._book.drop_calculation_chain()
            if seal:
                title, row, column = seal
                self.write(title, row, column, [[self.digest(title)]])
                self._rewrite(title)
            return self._archive.packed()
        except (BrokenPackage, UnreadableSheet, etree.XMLSyntaxError) as error:
            raise self._damaged(error) from error

    def _flush(self, title: str) -> None:
        """Put what was written to a sheet into its part, so that its rows can be changed."""
        if title in self._values or title in self._looks:
            self._rewrite(title)
            self._values.pop(title, None)
            self._looks.pop(title, None)
            self._flushed.add(title)

    def _rewrite(self, title: str) -> None:
        part = self._book.parts[title]
        xml = plain(self._archive.read(part))
        made = parse(xml).rewritten(self._values.get(title, {}), self._looks.get(title, {}))
        if made != xml:
            self._archive.write(part, made)

    def store_results(self) -> None:
        """Give our formulas the results that they have with what the sheets now hold."""
        titles = titles_by_name(self.names(), self._book.parts)
        for title, made in results.stored(titles, self._plain, self.read, self.sheets()):
            self._archive.write(self._book.parts[title], made)

    def finished(self) -> bytes:
        """A package that openpyxl saved, with what it does not write: results of formulas, usual prefixes.

        Raises `Unusable`."""
        try:
            dress(self._archive)
            for part in self._book.parts.values():
                self._archive.write(part, sheet_dressed(self._archive.read(part)))
            self.store_results()
            return self._archive.packed()
        except (BrokenPackage, UnreadableSheet, etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> Unusable:
        return Unusable(
            Finding(Code.FILE_DAMAGED, values={"file": self._name, "detail": str(error) or type(error).__name__})
        )
