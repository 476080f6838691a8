"""Excel's own object of a sheet, as the stand-in behind xlwings' objects gives it, and what hangs on the sheet."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from tests import excel_cells

if TYPE_CHECKING:
    from tests.fake_excel import Sheet

VISIBLE = {"visible": -1, "hidden": 0, "veryHidden": 2}


def _rows(address: str) -> Any:
    """A range of Excel's own, as far as its rows go."""
    top, _, bottom, _ = excel_cells.box(address)
    return SimpleNamespace(Row=top, Rows=SimpleNamespace(Count=bottom - top + 1))


class Link:
    """Excel's own object of a cell's link."""

    def __init__(self, cell: Any) -> None:
        self._link, self.Type = cell.hyperlink, 0
        self.Range = SimpleNamespace(Row=cell.row, Column=cell.column)

    Address = property(lambda self: self._link.target or "")
    SubAddress = property(
        lambda self: self._link.location or "", lambda self, place: setattr(self._link, "location", place)
    )


class Many(list[Any]):
    """A collection of Excel's own objects."""

    Count = property(len)

    def Item(self, number: int) -> Any:  # noqa: N802 (Excel's name)
        return self[number - 1]


class OwnSheet:
    """Excel's own object of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self.ProtectionMode = sheet, False

    AutoFilterMode = property(lambda self: bool(self._sheet.page.auto_filter.ref))
    AutoFilter = property(lambda self: self._filter())

    @property
    def Shapes(self) -> list[Any]:  # noqa: N802 (Excel's name)
        """Pictures, charts, and the boxes of notes, which begin above their cell."""
        page = self._sheet.page
        drawn = [(13, one.anchor._from.row + 1) for one in (*page._images, *page._charts)]
        boxes = [(4, max(cell.row - 1, 1)) for cell in self._sheet.cells() if cell.comment]
        return Many(SimpleNamespace(Type=kind, TopLeftCell=SimpleNamespace(Row=row)) for kind, row in drawn + boxes)

    @property
    def ListObjects(self) -> list[Any]:  # noqa: N802 (Excel's name)
        areas = [_rows(table.ref) for table in self._sheet.page.tables.values()]
        return Many(SimpleNamespace(Range=area, AutoFilter=None) for area in areas)

    @property
    def Comments(self) -> list[Any]:  # noqa: N802 (Excel's name)
        return Many(SimpleNamespace(Parent=SimpleNamespace(Row=c.row)) for c in self._sheet.cells() if c.comment)

    @property
    def Hyperlinks(self) -> list[Any]:  # noqa: N802 (Excel's name)
        return Many(Link(cell) for cell in self._sheet.cells() if cell.hyperlink)

    def _filter(self) -> Any:
        held = self._sheet.page.auto_filter
        return SimpleNamespace(FilterMode=bool(held.filterColumn), Range=_rows(held.ref))

    @property
    def ProtectContents(self) -> bool:  # noqa: N802 (Excel's name)
        return self._sheet.page.title in self._sheet.owner.protected

    @property
    def Visible(self) -> int:  # noqa: N802 (Excel's name)
        return VISIBLE[self._sheet.page.sheet_state]

    @Visible.setter
    def Visible(self, value: int) -> None:  # noqa: N802 (Excel's name)
        self._sheet.page.sheet_state = {number: state for state, number in VISIBLE.items()}[value]
