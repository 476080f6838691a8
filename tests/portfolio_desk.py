"""Records of agencies, and a portfolio workbook as another program reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from ita_xl.batch import portfolio
from ita_xl.batch.portfolio import frames
from ita_xl.batch.record import Record, State
from ita_xl.data import say
from ita_xl.domain.codes import Code


def record(agency: str, total: float | None = 90.0, **more: Any) -> Record:
    """A converted workbook of 2568 in one province, unless more is said."""
    given: dict[str, Any] = {"province": "น่าน", "year": 2568, "agency_type": "เทศบาลตำบล", "state": State.DONE}
    given |= {"source": f"ส่งมา/{agency}.xlsx", "output": f"{agency}.xlsx"}
    return Record(agency=agency, total=total, **given | more)


def failed(source: str, message: str = "แฟ้มเสียหาย") -> Record:
    finding = {"code": Code.FILE_DAMAGED, "severity": "error", "message": message, "hint": "ใช้สำเนาที่สมบูรณ์"}
    return Record(source, State.FAILED, findings=[finding])


def title(key: str, lang: str = "th") -> str:
    return say(f"portfolio.sheets.{key}", lang)


def heading(key: str) -> str:
    return say(f"portfolio.headings.{key}", mark=frames.PASS_MARK)


class Book:
    """A portfolio workbook as another program reads it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def page(self, key: str) -> Worksheet:
        return self.book[title(key)]

    def top(self, key: str) -> int:
        """The row of the table's heading."""
        (row,) = re.findall(r"\$(\d+)$", str(self.page(key).print_title_rows))
        return int(row)

    def rows(self, key: str) -> list[dict[str, Any]]:
        """The table by heading."""
        page: Any = self.page(key)
        names, *rows = ([cell.value for cell in row] for row in page[page.auto_filter.ref])
        return [dict(zip(names, row, strict=True)) for row in rows]

    def column(self, key: str, column: str) -> list[Any]:
        return [row[heading(column)] for row in self.rows(key)]

    def sentence(self, key: str) -> str:
        return str(self.page(key)["A2"].value)

    def says(self, key: str) -> str:
        """All texts of a sheet."""
        return "\n".join(str(c.value) for row in self.page(key).iter_rows() for c in row if c.value is not None)


Write = Callable[..., Book]


@pytest.fixture(name="write")
def a_write(tmp_path: Path) -> Write:
    """Write a portfolio workbook and read it back."""

    def write(records: Sequence[Record], roster: str | None = None, **more: Any) -> Book:
        listed = None
        if roster is not None:
            listed = tmp_path / "บัญชี.csv"
            listed.write_text(roster, encoding="utf-8")
        portfolio.write(records, tmp_path / "ภาพรวม.xlsx", listed, **more)
        return Book(tmp_path / "ภาพรวม.xlsx")

    return write
