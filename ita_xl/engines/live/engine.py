"""The port on a workbook that is open in Excel, through xlwings objects that the caller gives.

Writes are collected; `commit` puts them into the workbook in whole blocks, and takes everything back if Excel
refuses in the middle. What stands already is not written again, so that a second run changes nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

from ita_xl import files
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.live import blocks, excel, hanging, looks, moving, naming, ranges
from ita_xl.engines.live.asked import Asked
from ita_xl.engines.live.excel import once, patiently
from ita_xl.engines.live.merges import Excels
from ita_xl.engines.live.ranges import At, Content, Held
from ita_xl.engines.moves import RowChange
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Formula, Grid, Names, Ties, Written, overlaid
from ita_xl.engines.references import leading_to, sheet_of_link, single_rows, translated
from ita_xl.engines.shipped import template_path
from ita_xl.layout import SHEETS, address
from ita_xl.layout.address import Area

if TYPE_CHECKING:
    from xlwings import Book, Sheet

_STYLE_NAMES = "ITA_"


@dataclass
class _Block:
    """Cells to write; `write` extends it downwards."""

    title: str
    row: int
    column: int
    lines: list[Sequence[Written]]

    def cells(self) -> Iterator[tuple[At, Written]]:
        return ranges.places(self.row, self.column, self.lines)

    def holding(self, cells: Mapping[At, Content]) -> list[list[Content]]:
        """Other contents of the same cells, line by line."""
        rows, columns = range(self.row, self.row + len(self.lines)), len(self.lines[0])
        return [[cells[row, self.column + across] for across in range(columns)] for row in rows]


@dataclass
class _Pending:
    """What is to be done. copied: by sheet, the row that those below it, as far as another, are to look like. rows:
    by sheet and row, how it is to look. restored: sheets and their states."""

    changes: list[RowChange] = field(default_factory=list)
    copied: list[tuple[str, int, int]] = field(default_factory=list)
    blocks: list[_Block] = field(default_factory=list)
    rows: dict[str, dict[int, looks.Look]] = field(default_factory=dict)
    restored: dict[str, str] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    names: dict[str, tuple[str, Area]] = field(default_factory=dict)
    links: dict[str, Mapping[str, str]] = field(default_factory=dict)


class Live:
    """A workbook that is open in Excel. Satisfies `Port`; nothing reaches it before `commit`."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._todo = _Pending()
        self._excels = Excels()
        self._forget()

    def _forget(self) -> None:
        """Nothing is known any more of how the workbook stands."""
        self._held: dict[str, Held] = {}
        self._found: dict[str, Sheet] = {}
        self._named: dict[str, tuple[str, Area]] | None = None

    # ---- reading ----

    def sheets(self) -> list[str]:
        return [*self._sheets(), *self._todo.restored]

    def read(self, title: str) -> Grid:
        written = [cell for block in self._todo.blocks if block.title == title for cell in block.cells()]
        grid = self._hold(title).grid
        return overlaid(grid, written) if written else grid

    def _hold(self, title: str) -> Held:
        if title not in self._held:
            self._held[title] = ranges.read(self._sheet(title), title, self._name, self._engine, self._excels)
        return self._held[title]

    def _sheets(self) -> dict[str, Sheet]:
        if not self._found:
            self._found = excel.sheets(self.book, [layout.title for layout in SHEETS])
        return self._found

    def _sheet(self, title: str) -> Sheet:
        return self._sheets()[title]

    @cached_property
    def _name(self) -> str:
        return excel.name_of(self.book)

    @cached_property
    def _engine(self) -> Any:
        return blocks.engine_of(self.book)

    def ties(self, title: str) -> Ties:
        """Excel moves whatever hangs on a row along with it; what takes several rows, and a filter, keep it."""
        if title in self._todo.restored:
            return Ties()
        sheet, held = self._sheet(title), self._hold(title)
        grid = held.grid
        tables = cache(partial(hanging.tables, sheet))
        filtered = Asked(lambda: hanging.filtered_rows(sheet, tables()))

        def rooted() -> AbstractSet[int]:
            if not self._movable:
                return grid.rows | filtered
            areas = [area for text in grid.merged if (area := address.area(text))]
            found = {row for area in areas if area.ties_rows for row in range(area.top, area.bottom + 1)}
            found |= hanging.spread_rows(sheet, grid.formulas) | hanging.table_rows(tables())
            return found | filtered | (hanging.pivot_rows(sheet) if self._pivots else frozenset())

        return Ties(Asked(partial(hanging.rows_with_objects, sheet, held.linked)), Asked(rooted), filtered)

    @cached_property
    def _movable(self) -> bool:
        return moving.movable(next(iter(self._sheets().values())))

    @cached_property
    def _pivots(self) -> bool:
        return hanging.with_pivots(self.book)

    # ---- what is to be done ----

    def names(self) -> Names:
        if self._named is None:
            self._named = naming.read(self.book, self._sheets())
        found = dict(self._named)
        for change in self._todo.changes:
            moved = {n: change.area(area) for n, (title, area) in found.items() if title == change.title}
            found |= {name: (change.title, area) for name, area in moved.items() if area}
        return found | self._todo.names

    def set_names(self, names: Names) -> None:
        held = self.names()
        self._todo.names.update({name: at for name, at in names.items() if held.get(name) != at})

    def links(self, title: str) -> Mapping[str, str]:
        if title in self._todo.restored:
            return {}  # they lead where the template's do; the next run sees to them
        held = hanging.links(self._sheet(title)).items()
        found = ((address.address(*at), sheet_of_link(patiently(partial(_place_of, link)))) for at, link in held)
        return {cell: where for cell, where in found if where}

    def set_links(self, title: str, links: Mapping[str, str]) -> None:
        self._todo.links[title] = links

    def named_rows(self, title: str) -> frozenset[int]:
        found: set[int] = set()
        for home in self.sheets():
            for content in self._hold(home).contents.values():
                if isinstance(content, Formula):
                    found.update(single_rows(content.text.removeprefix("="), home, title))
        return frozenset(found)

    def change_rows(self, change: RowChange) -> None:
        self._todo.changes.append(change)
        self._held[change.title] = self._hold(change.title).changed(change)

    def write(self, title: str, row: int, column: int, values: Sequence[Sequence[Written]]) -> None:
        lines = [[_clean(value) for value in line] for line in values]
        last = self._todo.blocks[-1] if self._todo.blocks else None
        same_place = last and (last.title, last.column, len(last.lines[0])) == (title, column, len(lines[0]))
        if last and same_place and row == last.row + len(last.lines):
            last.lines.extend(lines)
        else:
            self._todo.blocks.append(_Block(title, row, column, list(lines)))

    def copy_down(self, title: str, row: int, last: int) -> None:
        held, below = self._hold(title).contents, range(row + 1, last + 1)
        if not any(standing in below for standing, _ in held):
            self._todo.copied.append((title, row, last))
        formulas = {at: one.text for (line, at), one in held.items() if line == row and isinstance(one, Formula)}
        for number in below:
            for column, text in formulas.items():
                if (number, column) not in held:
                    made = translated(text.removeprefix("="), (row, column), (number, column))
                    self.write(title, number, column, [[Formula(f"={made}")]])

    def restore(self, title: str, state: str) -> bool:
        """As the template's file holds it; the sheet itself is copied by `commit`."""
        grid = Package.open(template_path()).read(title)
        self._todo.restored[title] = state
        self._held[title] = Held(grid, cast("Mapping[At, Content]", grid.cells))
        return True

    def show_rows(self, title: str, first: int, last: int, heights: Sequence[float | None]) -> None:
        rows = self._todo.rows.setdefault(title, {})
        for row in range(first, last + 1):
            shown = row < first + len(heights)
            rows[row] = shown, heights[row - first] if shown else None

    def show_sheet(self, title: str) -> None:
        self._todo.shown.append(title)

    # ---- doing it ----

    @property
    def changes(self) -> bool:
        """Whether `commit` would change any cell."""
        return bool(self._todo.restored or self._todo.changes or self._todo.links) or any(self._new_blocks())

    def ensure_writable(self) -> None:
        """Raises `Unusable` where a sheet, or the workbook's structure, is protected from what is to be done."""
        touched = {*(block.title for block in self._new_blocks()), *(change.title for change in self._todo.changes)}
        touched = (touched | {*self._rows(), *self._todo.links}) - {*self._todo.restored}
        barred = [title for title in self.sheets() if title in touched and excel.protected(self._sheet(title))]
        if barred:
            raise Unusable(*(Finding(Code.SHEET_PROTECTED, title) for title in barred))
        appearing = [
            title for title in self._todo.shown if title not in self._todo.restored and self._hidden(title)
        ]
        if (appearing or self._todo.restored) and excel.structure_protected(self.book):
            raise Unusable(Finding(Code.STRUCTURE_PROTECTED, values={"file": self._name}))

    def commit(self) -> None:
        """Put everything into the workbook. Raises `Unusable`; then its cells are as before, or the finding is
        E140. Rows that were already shown or hidden are then all shown."""
        undo: list[Callable[[], object]] = []
        try:
            self._bring_sheets(undo)
            for title, links in self._todo.links.items():
                self._lead(hanging.links(self._sheet(title)), links, undo)
            for change in self._todo.changes:
                moving.change(self._sheet(change.title), change, self._name, undo, self._engine)
            for title, row, last in self._todo.copied:
                moving.look_alike(self._sheet(title), row, last, undo)
            self._write(undo)
            for title, rows in self._rows().items():
                looks.show(self._sheet(title), rows, partial(self._merged_rows, title), undo)
            self._show_sheets(undo)
            for name, at in self._todo.names.items():
                naming.give(self.book, name, at, undo)
        except BaseException as error:
            if not _taken_back(undo):
                raise Unusable(Finding(Code.EXCEL_NOT_TAKEN_BACK)) from error
            raise
        self._todo = _Pending()
        self._forget()

    def _rows(self) -> Mapping[str, Mapping[int, looks.Look]]:
        """How rows are to look. Where all that was written stands already they do, or as a person wants them."""
        return self._todo.rows if self.changes or not self._todo.blocks else {}

    def _new_blocks(self) -> Iterator[_Block]:
        """The blocks that say something else than what stands there, or than a block before them."""
        before: dict[tuple[str, At], Written] = {}
        for block in self._todo.blocks:
            held = self._hold(block.title)
            cells = {(block.title, at): value for at, value in block.cells()}
            standing = {place: before.get(place, held.contents.get(place[1])) for place in cells}
            new = [place for place, value in cells.items() if not _same(value, standing[place])]
            if any(at not in held.covered for _, at in new):
                before |= cells
                yield block

    def _write(self, undo: list[Callable[[], object]]) -> None:
        written: dict[str, dict[At, Content]] = {}
        for block in list(self._new_blocks()):
            sheet, held = self._sheet(block.title), self._hold(block.title)
            new = {at: None if at in held.covered else value for at, value in block.cells()}
            if block.title not in self._todo.restored:
                old = block.holding({at: held.contents.get(at) for at in new})
                undo.append(partial(ranges.put_back, sheet, block.row, block.column, old, self._engine))
            ranges.write(sheet, block.row, block.column, block.holding(new), self._engine)
            written.setdefault(block.title, {}).update(new)
        for title, cells in written.items():
            ranges.settle(self._sheet(title), cells, undo, self._engine)

    def _bring_sheets(self, undo: list[Callable[[], object]]) -> None:
        """Copy missing sheets from the template, opened as another file of a name that no workbook has."""
        if not self._todo.restored:
            return
        front = patiently(lambda: self.book.sheets.active)
        undo.append(partial(_to_front, front))
        with TemporaryDirectory(prefix="ita_xl-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / f"{Path(folder).name}.xlsx"
            shutil.copyfile(template_path(), path)
            template = once(
                lambda: self.book.app.books.open(str(path), read_only=True, update_links=False, add_to_mru=False)
            )
            try:
                self._bring_names(template, undo)
                for title, state in self._todo.restored.items():
                    self._bring(template, title, state, undo)
            finally:
                once(template.close)
        self._found = {}
        _to_front(front)

    def _bring_names(self, template: Book, undo: list[Callable[[], object]]) -> None:
        """Names of the workbook that the sheets use; a copied sheet would otherwise refer to the template's."""
        present = self.sheets()
        for name, refers_to in patiently(lambda: [(n.name, n.refers_to or "") for n in template.names]):
            about = refers_to.removeprefix("=").rpartition("!")[0].strip("'")
            ours = name.startswith(_STYLE_NAMES) and about in present
            if ours and not patiently(partial(naming.known, self.book, name)):
                naming.add(self.book, name, refers_to, undo)

    def _bring(self, template: Book, title: str, state: str, undo: list[Callable[[], object]]) -> None:
        source = patiently(lambda: template.sheets[title])
        patiently(lambda: setattr(source, "visible", True))  # a very hidden sheet cannot be copied
        undo.append(partial(_drop_copy, self.book, title, patiently(lambda: self.book.sheet_names)))
        copied = once(lambda: source.copy(after=self.book.sheets[-1]))
        if (name := patiently(lambda: copied.name)) != title:
            # Something that is no worksheet has the title.
            raise Unusable(Finding(Code.EXCEL_REFUSED)) from ValueError(f"{name} is not {title}")
        if state == "veryHidden":
            excel.hide_for_good(copied)
        else:
            patiently(lambda: setattr(copied, "visible", state == "visible"))

    def _lead(self, held: Mapping[At, Any], links: Mapping[str, str], undo: list[Callable[[], object]]) -> None:
        for at, link in held.items():
            if title := links.get(address.address(*at)):
                old = patiently(partial(_place_of, link))
                undo.append(partial(setattr, link, "SubAddress", old))
                patiently(partial(setattr, link, "SubAddress", leading_to(title, old)))

    def _merged_rows(self, title: str) -> frozenset[int]:
        return self._hold(title).merged_rows

    def _show_sheets(self, undo: list[Callable[[], object]]) -> None:
        for title in self._todo.shown:
            if self._hidden(title):
                sheet = self._sheet(title)
                undo.append(partial(setattr, sheet, "visible", False))
                patiently(partial(setattr, sheet, "visible", True))

    def _hidden(self, title: str) -> bool:
        """Excel's own numbers pass through xlwings: -1 visible, 0 hidden, 2 very hidden."""
        return patiently(lambda: int(self._sheet(title).visible)) not in (1, -1)


def _clean(value: Written) -> Written:
    return (files.without_control_characters(value) or None) if isinstance(value, str) else value


def _same(new: Written, held: Content) -> bool:
    """Whether a cell holds already what is to be written."""
    if isinstance(new, Formula):
        return isinstance(held, Formula) and held.text == new.text
    return new == held and isinstance(new, bool) is isinstance(held, bool)


def _place_of(link: Any) -> str:
    return str(link.SubAddress)


def _drop_copy(book: Book, title: str, present: Sequence[str]) -> None:
    """Delete the copy of a sheet; where the title was taken, Excel has numbered it."""
    for sheet in list(book.sheets):
        if sheet.name not in present and sheet.name.startswith(title[:20]):
            sheet.delete()


def _to_front(sheet: Sheet) -> None:
    """Show the sheet that was in front; if Excel does not, nothing is lost."""
    with suppress(Unusable):
        patiently(sheet.activate)


def _taken_back(undo: Sequence[Callable[[], object]]) -> bool:
    """Take the steps back, the last one first. Whether all could be; once Excel stays busy, no more is tried."""
    complete = True
    for action in reversed(undo):
        try:
            patiently(action)
        except Unusable as error:
            complete = False
            if error.findings[0].code == Code.EXCEL_BUSY:
                break
    return complete
