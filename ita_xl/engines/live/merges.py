"""The merged areas of a sheet in Excel.

Excel only says whether a range holds some. The range as "XML Spreadsheet" names them all in one call; that they are
merged is then asked of all together. Where that disagrees, or there is no such thing (Mac), rows are halved for as
long as Excel says that they hold some.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from lxml import etree

from ita_xl.engines.live import blocks
from ita_xl.engines.live.excel import patiently
from ita_xl.engines.package.book import parse_xml
from ita_xl.layout.address import Area, area

if TYPE_CHECKING:
    from xlwings import Range, Sheet


class Merged(Sequence[str]):
    """The merged areas of a sheet, asked for when they are looked at: most sheets are only read."""

    def __init__(self, sheet: Sheet, used: Range, whole: Area) -> None:
        self._of = sheet, used, whole

    @cached_property
    def _found(self) -> tuple[str, ...]:
        sheet, used, whole = self._of
        told = _told(sheet, used, whole)
        return tuple(map(str, sorted(_asked(sheet, whole, used) if told is None else told)))

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, number: Any) -> Any:
        return self._found[number]


def _told(sheet: Sheet, used: Range, whole: Area) -> set[Area] | None:
    """The merged areas that the range's XML names; None if there is none, or Excel says otherwise."""
    cells = used if whole.first == (1, 1) else blocks.ranged(sheet, str(whole._replace(top=1, left=1)))
    text = blocks.as_xml(cells)
    if text is None:
        return None
    try:
        found = set(_in_xml(text))
    except (etree.XMLSyntaxError, ValueError):
        return None
    if not found:
        return found if patiently(lambda: used.merge_cells) is False else None
    groups = [blocks.ranged(sheet, ",".join(group)) for group in blocks.together(map(str, sorted(found)))]
    return found if all(patiently(partial(getattr, one, "merge_cells")) is True for one in groups) else None


_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def _in_xml(text: str) -> Iterator[Area]:
    """The merged areas of an XML Spreadsheet that begins at A1."""
    row = 0
    for line in parse_xml(text.encode()).iter(f"{_SS}Row"):
        row = int(line.get(f"{_SS}Index", row + 1))
        column = 0
        for cell in line.iterchildren(f"{_SS}Cell"):
            column = int(cell.get(f"{_SS}Index", column + 1))
            across, down = (int(cell.get(f"{_SS}Merge{where}", 0)) for where in ("Across", "Down"))
            if across or down:
                yield Area(row, column, row + down, column + across)
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
