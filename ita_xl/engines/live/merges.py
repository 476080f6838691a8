"""What a sheet in Excel tells of its cells as "XML Spreadsheet", in one call: merged areas and links.

Excel itself only says whether a range holds merged cells. That those named are merged is asked of all together for
the first sheet that has some; that there are none is asked for every sheet. Where an answer disagrees, or there is
no such XML (Mac), rows are halved for as long as Excel says that they hold some.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from ita_xl.engines.live import blocks
from ita_xl.engines.live.excel import patiently
from ita_xl.engines.package.book import parse_xml
from ita_xl.layout.address import Area, area

if TYPE_CHECKING:
    from xlwings import Range, Sheet


class Excels:
    """What is known of the XML of one Excel. right: the merged areas that it named have been found to be merged."""

    def __init__(self) -> None:
        self.right = False


class _Told(NamedTuple):
    """merged: areas. linked: the rows of cells with links, one for each."""

    merged: set[Area]
    linked: list[int]


class Merged(Sequence[str]):
    """The merged areas of a sheet, asked for when they are looked at: most sheets are only read."""

    def __init__(self, sheet: Sheet, used: Range, whole: Area, excels: Excels) -> None:
        self._sheet, self._used, self._whole, self._excels = sheet, used, whole, excels

    @cached_property
    def _told(self) -> _Told | None:
        return _told(self._sheet, self._used, self._whole)

    @cached_property
    def _found(self) -> tuple[str, ...]:
        told = self._told
        if told is None or not self._holds(told.merged):
            return tuple(map(str, sorted(_asked(self._sheet, self._whole, self._used))))
        return tuple(map(str, sorted(told.merged)))

    def _holds(self, areas: set[Area]) -> bool:
        """Whether Excel says the same, as far as it says anything."""
        if not areas:
            return patiently(lambda: self._used.merge_cells) is False
        if not self._excels.right:
            groups = blocks.together(map(str, sorted(areas)))
            parts = [blocks.ranged(self._sheet, ",".join(group)) for group in groups]
            self._excels.right = all(patiently(partial(getattr, one, "merge_cells")) is True for one in parts)
        return self._excels.right

    @property
    def linked(self) -> Sequence[int] | None:
        """The rows of cells with links, one for each; None where the XML does not tell."""
        return None if self._told is None else self._told.linked

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, number: Any) -> Any:
        return self._found[number]


def _told(sheet: Sheet, used: Range, whole: Area) -> _Told | None:
    """What the XML of a sheet's used cells tells; None if there is none that can be read."""
    cells = used if whole.first == (1, 1) else blocks.ranged(sheet, str(whole._replace(top=1, left=1)))
    text = blocks.as_xml(cells)
    if text is None:
        return None
    try:
        found = [*_in_xml(text)]
    except (etree.XMLSyntaxError, ValueError):
        return None
    return _Told({one for one, _ in found if one.size > 1}, [one.top for one, linked in found if linked])


_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def _in_xml(text: str) -> Iterator[tuple[Area, bool]]:
    """The cells of an XML Spreadsheet that begins at A1, merged ones as one area, and whether a link is on them."""
    row = 0
    for line in parse_xml(text.encode()).iter(f"{_SS}Row"):
        row = int(line.get(f"{_SS}Index", row + 1))
        column = 0
        for cell in line.iterchildren(f"{_SS}Cell"):
            column = int(cell.get(f"{_SS}Index", column + 1))
            across, down = (int(cell.get(f"{_SS}Merge{where}", 0)) for where in ("Across", "Down"))
            yield Area(row, column, row + down, column + across), cell.get(f"{_SS}HRef") is not None
            column += across
        row += int(line.get(f"{_SS}Span", 0))


def _asked(sheet: Sheet, part: Area, cells: Range | None = None) -> set[Area]:
    """The merged areas that touch an area. cells: the area's own."""
    here = cells or blocks.ranged(sheet, str(part))
    if patiently(lambda: here.merge_cells) is False:
        return set()
    if part.top < part.bottom:
        middle = (part.top + part.bottom) // 2
        return _asked(sheet, part._replace(bottom=middle)) | _asked(sheet, part._replace(top=middle + 1))
    first = blocks.ranged(sheet, str(Area(*part.first, *part.first)))
    whole = area(patiently(lambda: first.merge_area.address))
    if whole is None:
        return set()
    found = {whole} if whole.size > 1 else set()
    return found | (_asked(sheet, part._replace(left=whole.right + 1)) if whole.right < part.right else set())
