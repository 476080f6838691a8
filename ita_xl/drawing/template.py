"""The template as a whole. Two builds are equal byte by byte."""

from __future__ import annotations

import datetime as dt

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ita_xl import files
from ita_xl.data import profiles, say
from ita_xl.drawing import looks
from ita_xl.drawing.charts import draw_charts, draw_survey
from ita_xl.drawing.colours import level_colours
from ita_xl.drawing.formulas import draw_recheck
from ita_xl.drawing.home import draw_home
from ita_xl.drawing.months import draw_months
from ita_xl.drawing.tables import draw_labels, draw_names, draw_sheet
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.engines.naming import sheet_names
from ita_xl.layout import FOLLOW, HOME, MEMORY, OUTPUTS, RECHECK, SHEETS, STRUCTURE, SUMMARY, SURVEYS, TRACKING
from ita_xl.layout.traits import Role
from ita_xl.reading.places import named_parts
from ita_xl.writing.setup import fill

DEFAULT_YEAR = 2565
"""The latest year whose structure is proven; `ita-xl new` makes workbooks of the others."""


def template() -> bytes:
    """The shipped template, filled with the default year's structure."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "ita_xl"
    book.properties.title = say("home.title")
    book.properties.created = dt.datetime(2022, 8, 1)  # noqa: DTZ001 (openpyxl wants it naive)
    normal_font(book)
    draw_names(book)
    pages = {sheet.key: draw_sheet(book, sheet) for sheet in SHEETS}
    draw_home(pages[HOME.key])
    draw_recheck(pages[RECHECK.key])
    draw_months(pages[MEMORY.key])
    _draw_structure(pages[STRUCTURE.key])
    for sheet in (TRACKING, FOLLOW):
        draw_labels(pages[sheet.key], sheet)
    _draw_figures(pages[SUMMARY.key])
    draw_charts(pages[SUMMARY.key])
    for survey in SURVEYS.values():
        draw_survey(pages[survey.key], survey)
    port = OpenpyxlBook.holding(book)
    fill(port, profiles.profile(DEFAULT_YEAR))
    port.set_names({name: at for sheet in OUTPUTS for name, at in named_parts(sheet, sheet.title).items()})
    port.set_names({name: at for sheet in SHEETS for name, at in sheet_names(sheet, sheet.title).items()})
    return files.reproducible(port.to_bytes())


def normal_font(book: Workbook) -> None:
    """Cells that nobody styled, column widths and row heights follow the workbook's normal font."""
    # openpyxl offers no public way to the built-in Normal style.
    for style in book._named_styles:  # type: ignore[attr-defined]
        if style.name == "Normal":
            style.font = looks.font()
            style.bind(book)
    book._fonts[0] = looks.font()  # type: ignore[attr-defined]


def _draw_structure(page: Worksheet) -> None:
    """Protected without a password: an expert's sheet, not to be changed by accident."""
    draw_labels(page, STRUCTURE)
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False


def _draw_figures(page: Worksheet) -> None:
    """The six large figures, each under its label."""
    for field in (field for field in SUMMARY.fields if field.role is Role.FIGURE):
        label = page[field.label]
        label.value = say(f"summary.labels.{field.key}")
        label.font = looks.font(14, colour=looks.GREY)
        label.alignment = looks.CENTRE
        cell = page[field.cell]
        cell.font = looks.font(24, bold=True, colour=looks.NAVY)
        cell.alignment = looks.FIGURE
        cell.border = looks.box()
        page.row_dimensions[field.row].height = 40
    for rule in level_colours(SUMMARY.field("kpi_level").cell):
        page.conditional_formatting.add(SUMMARY.field("kpi_level").cell, rule)
