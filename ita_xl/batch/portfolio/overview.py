"""The first sheet: what the other sheets come to, and each year's figures with a chart of its levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ita_xl.batch.portfolio.frames import PASS_MARK
from ita_xl.batch.portfolio.sheets import Portfolio, YearView, grade, year_views
from ita_xl.batch.portfolio.styles import DIGIT, Styles, number, place, set_up
from ita_xl.batch.portfolio.tables import SheetTable, Table, length
from ita_xl.drawing import palette
from ita_xl.layout import Kind
from ita_xl.layout.heights import LINE_HEIGHT, row_height

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_WIDE, _NARROW = 44, 12
_FIGURES = {
    **dict.fromkeys(("count", "unknown"), Kind.POINTS),
    **dict.fromkeys(("mean", "median", "highest", "lowest"), Kind.SCORE),
    "passed": Kind.POINTS,
    "share": Kind.SCORE,
}
_LAST = len(_FIGURES)
"""The last column, counted from 0."""

_WIDTH = _WIDE + _LAST * _NARROW
_CHART_FROM = 3
_CHART_ROWS = 11
_PIXELS = 4 / 3
"""Of a point on the screen."""


def draw(
    book: Workbook, page: Worksheet, styles: Styles, portfolio: Portfolio, tables: Sequence[SheetTable]
) -> None:
    _Overview(book, page, styles, portfolio).draw(tables)


_PAGE = 29
"""Rows that fit a page below each other."""


class _Overview:
    """Blocks below each other; `row` is the next free one, counted from 0."""

    def __init__(self, book: Workbook, page: Worksheet, styles: Styles, portfolio: Portfolio) -> None:
        self.book, self.page, self.styles, self.portfolio = book, page, styles, portfolio
        self.row = 0

    def draw(self, tables: Sequence[SheetTable]) -> None:
        page = self.page
        set_up(page, self.portfolio.phrase("page"))
        page.set_column(0, 0, _WIDE)
        page.set_column(1, _LAST, _NARROW)
        self._line("title", self.portfolio.phrase("title"), 34)
        views = year_views(self.portfolio)
        if not views:
            self._sentence(self.portfolio.phrase("overview.none"))
        breaks: list[int] = []
        for view in views:
            if view is not views[0]:
                breaks.append(self.row)
            self._year(view)
            if view is views[0]:
                self._index(tables)
                breaks.append(self.row)
            self._groups(view, breaks)
        if not views:
            self._index(tables)
        page.set_h_pagebreaks(breaks)
        page.print_area(0, 0, self.row - 1, _LAST)

    def _year(self, view: YearView) -> None:
        self._line("block", self.portfolio.phrase("overview.year", year=view.year), 30)
        self._sentence(view.sentence)
        top = self.row
        self._table("level", [*view.levels][1:], view.levels, view.grades)
        if length(view.levels):
            self._chart(top, view)
            self.row = max(self.row, top + _CHART_ROWS)
        self.row += 1

    def _index(self, tables: Sequence[SheetTable]) -> None:
        """The other sheets, each with what it comes to."""
        self._line("block", self.portfolio.phrase("overview.index"), 30)
        width = _WIDTH - _WIDE
        for table in tables:
            name = self.portfolio.phrase(f"sheets.{table.key}")
            self.page.write_url(self.row, 0, place(name), self.styles.text("link"), name)
            self.page.merge_range(self.row, 1, self.row, _LAST, table.sentence, self.styles.text("sentence"))
            self.page.set_row(self.row, row_height([(table.sentence, width)]))
            self.row += 1
        self.row += 1

    def _groups(self, view: YearView, breaks: list[int]) -> None:
        for key, table in view.groups.items():
            if rows := length(table):
                if self.row - breaks[-1] + min(rows, 3) + 3 > _PAGE:
                    breaks.append(self.row)  # or its heading would stand alone
                self._line("block", self.portfolio.phrase(f"overview.by_{key}", year=view.year), 30)
                self._table(key, list(_FIGURES), table, [""] * rows)
                self.row += 1

    def _table(self, first: str, figures: Sequence[str], table: Table, grades: Sequence[str]) -> None:
        """A heading row and a row per group. first: key of the heading of the groups' names."""
        texts = [self.portfolio.phrase(f"headings.{key}", mark=PASS_MARK) for key in (first, *figures)]
        for at, text in enumerate(texts):
            self.page.write_string(self.row, at, text, self.styles.text("heading"))
        widths = [_WIDE, *[_NARROW] * len(figures)]
        self.page.set_row(self.row, row_height(zip(texts, widths, strict=True)))
        rows = zip(next(iter(table.values())), *(table[key] for key in figures), strict=True)
        for (name, *values), colour in zip(rows, grades, strict=True):
            self.row += 1
            self._name(name, colour)
            for at, (key, value) in enumerate(zip(figures, values, strict=True), 1):
                self._figure(at, key, value)
        self.row += 1

    def _name(self, name: str, colour: str) -> None:
        self.page.write_string(self.row, 0, name, self.styles.cell(Kind.TEXT, colour))
        self.page.set_row(self.row, row_height([(name, _WIDE)]))

    def _figure(self, at: int, key: str, value: Any) -> None:
        look = self.styles.cell(_FIGURES[key], grade(value) if key == "mean" else "")
        if value is None:
            self.page.write_blank(self.row, at, None, look)
        else:
            self.page.write_number(self.row, at, number(value), look)

    def _chart(self, top: int, view: YearView) -> None:
        """Agencies per level, each bar in its level's colour."""
        sheet, first, last = self.page.get_name(), top + 1, top + length(view.levels)
        colours = [palette.GRADES[name][0] if name else palette.GREY for name in view.grades]
        small = {"name": palette.FONT, "size": 12, "color": f"#{palette.INK}"}
        title = self.portfolio.phrase("overview.chart", year=view.year)
        chart = self.book.add_chart({"type": "column"})
        chart.add_series(
            {
                "name": title,
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, 1, last, 1],
                "points": [{"fill": {"color": f"#{colour}"}} for colour in colours],
                "data_labels": {"value": True, "font": small, "num_format": "#,##0"},
                "gap": 40,
            }
        )
        chart.set_title({"name": title, "name_font": small | {"size": 16}})
        chart.set_x_axis({"num_font": small})
        chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        chart.set_legend({"none": True})
        width = (_LAST - _CHART_FROM + 1) * (_NARROW + 0.5) * DIGIT
        chart.set_size({"width": width, "height": int(_CHART_ROWS * LINE_HEIGHT * _PIXELS)})
        self.page.insert_chart(top, _CHART_FROM, chart, {"x_offset": 10, "object_position": 1})

    def _sentence(self, text: str) -> None:
        self.page.merge_range(self.row, 0, self.row, _LAST, text, self.styles.text("sentence"))
        self.page.set_row(self.row, row_height([(text, _WIDTH)]))
        self.row += 2

    def _line(self, kind: str, text: str, height: float) -> None:
        self.page.write_string(self.row, 0, text, self.styles.text(kind))
        self.page.set_row(self.row, height)
        self.row += 1
