"""Six offices with a plan, and the hand of whoever fills in their forms."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import openpyxl
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ita_xl import jobs
from ita_xl.layout import FORM_SHEETS, MEASURES
from tests.worked_in import ran

TABLE = FORM_SHEETS[0].block("form")
COUNTER = FORM_SHEETS[0].field("counter").cell
PLANNING, FINANCE, WORKS = "กองแผนงาน", "กองคลัง", "กองช่าง"
PEOPLE, OFFICE, HEALTH = "กองการเจ้าหน้าที่", "สำนักปลัด", "กองสาธารณสุข"
SIX = (PLANNING, FINANCE, WORKS, PEOPLE, OFFICE, HEALTH)

Typed = Mapping[str, object]
"""What an office types on a step, by column key."""


@cache
def planned() -> bytes:
    """The reference case with its steps in the hands of six offices; the first step in those of two."""
    book = openpyxl.load_workbook(io.BytesIO(ran()))
    page, block = book[MEASURES.title], MEASURES.block("measures")
    number = 0
    for row in range(block.first_row, page.max_row + 1):
        if page.cell(row, block.column_number("method")).value and page.cell(row, block.column_number("due")).value:
            office = f"{PLANNING} และ {FINANCE}" if number == 0 else SIX[number % len(SIX)]
            page.cell(row, block.column_number("responsible")).value = office
            number += 1
    assert number > len(SIX)
    return saved(book)


def parent(folder: Path) -> Path:
    """The workbook of the six offices as a file, computed."""
    path = folder / "แฟ้ม.xlsx"
    path.write_bytes(planned())
    jobs.run(path)
    return path


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows(page: Worksheet) -> dict[str, int]:
    """The rows of a form's sheet by the number of their step."""
    return {
        str(page.cell(row, 1).value): row
        for row in range(TABLE.first_row, page.max_row + 1)
        if page.cell(row, 1).value is not None
    }


def fill(
    path: Path,
    told: Mapping[str, Typed],
    quarter: int = 1,
    counter: int | None = None,
    change: Callable[[Workbook], None] = lambda book: None,
) -> Path:
    """Type into a form, as another program would save it. told: by the number of the step. change: what else is
    done to the form."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[quarter - 1]
    at = rows(page)
    for number, cells in told.items():
        for key, value in cells.items():
            page.cell(at[number], TABLE.column_number(key)).value = value  # type: ignore[arg-type, assignment]
    if counter:
        page[COUNTER] = counter
    change(book)
    book.save(path)
    return path


def done(text: str = "ดำเนินการแล้ว", **more: object) -> Typed:
    return {"status": "แล้วเสร็จ", "percent": 100, "done": text, **more}


def doing(text: str = "กำลังดำเนินการ", **more: object) -> Typed:
    return {"status": "อยู่ระหว่างดำเนินการ", "percent": 40, "done": text, **more}
