"""A sheet whose long table goes into the file row by row.

XlsxWriter keeps an object for every cell until the file is made, and then asks of each anew what it is: for a
country that is most of the time and of the memory. Here a cell is a piece of the file from the beginning, one for
all cells that are equal, and a row is put together when it is written. All else is XlsxWriter's own work.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from ita_xl.domain.contents import parted

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


def cell(page: Worksheet, value: str | float | None, look: Format) -> str:
    """What follows a cell's place in the file. value: None for a blank one."""
    style = f'" s="{look._get_xf_index()}"'
    if value is None:
        return f"{style}/>"
    if isinstance(value, str):
        return f'{style} t="s"><v>{page.str_table._get_shared_string_index(parted(value)[0])}</v></c>'
    # As many digits as tell it from every other number: 82.46 and not 82.45999999999999.
    return f"{style}><v>{value!r}</v></c>"


@cache
def page_class() -> type[Worksheet]:
    """What `Workbook.add_worksheet` makes such a sheet of."""
    from xlsxwriter.utility import xl_col_to_name
    from xlsxwriter.worksheet import Worksheet

    class Page(Worksheet):  # type: ignore[misc]  # the library has no types
        """columns: of the table, each with its cells (`cell`). first: its first row, counted from 0."""

        columns: Sequence[Sequence[str]] = ()
        first = 0

        def put(self, first: int, columns: Sequence[Sequence[str]]) -> None:
            """Write a table below all else."""
            self.first, self.columns = first, columns
            self.dim_rowmax = first + len(columns[0]) - 1

        def _write_rows(self) -> None:
            if self.columns:
                self.dim_rowmax = self.first - 1
            super()._write_rows()
            begin = [f'<c r="{xl_col_to_name(at)}' for at in range(len(self.columns))]
            for row, cells in enumerate(zip(*self.columns, strict=True), self.first):
                written = "".join([f"{start}{row + 1}{cell}" for start, cell in zip(begin, cells, strict=True)])
                self.fh.write(f'<row r="{row + 1}"{self._height(row)}>{written}</row>')

        def _height(self, row: int) -> str:
            info: Any = self.row_info.get(row)
            return f' ht="{info.height * 0.75:.16g}" customHeight="1"' if info else ""

    return Page
