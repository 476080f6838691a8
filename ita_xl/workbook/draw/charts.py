"""The three native charts of the summary. Hidden rows are not plotted, so each covers its whole table."""

from __future__ import annotations

from openpyxl.chart import BarChart, RadarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.chart.title import title_maker
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RichTextProperties,
)
from openpyxl.worksheet.worksheet import Worksheet

from ita_xl.data import say
from ita_xl.workbook.draw import looks
from ita_xl.workbook.schema import CHARTS, SUMMARY, Block, Field


def draw_charts(page: Worksheet) -> None:
    ranking, indicators = SUMMARY.block("ranking"), SUMMARY.block("indicators")
    bars = _bars(page, ranking, "name", ["score"], "chart_ranking", horizontal=True)
    _place(page, bars, "ranking")
    radar = RadarChart()
    radar.type = "marker"
    _series(page, radar, indicators, "name", ["y0"])
    _finish(radar, "chart_radar")
    radar.legend = None
    radar.y_axis.scaling.min, radar.y_axis.scaling.max = 0, 100
    _place(page, radar, "radar")
    years = _bars(page, indicators, "code", ["y1", "y0"], "chart_years", horizontal=False)
    _place(page, years, "years")


def _place(page: Worksheet, chart: BarChart | RadarChart, name: str) -> None:
    """Anchor a chart to its cells, so that it keeps to the page whatever the font's width."""
    first, last = (Field(name, cell) for cell in CHARTS[name])
    start = AnchorMarker(col=first.column - 1, row=first.row - 1)
    chart.anchor = TwoCellAnchor("twoCell", start, AnchorMarker(col=last.column, row=last.row))
    page.add_chart(chart)


def _bars(
    page: Worksheet, block: Block, names: str, columns: list[str], title: str, *, horizontal: bool
) -> BarChart:
    chart = BarChart()
    chart.type = "bar" if horizontal else "col"
    chart.gapWidth = 40
    _series(page, chart, block, names, columns)
    _finish(chart, title)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 100
    chart.y_axis.majorGridlines = None if horizontal else chart.y_axis.majorGridlines
    chart.y_axis.delete = horizontal
    chart.x_axis.delete = False
    if horizontal:
        chart.x_axis.scaling.orientation = "maxMin"
        chart.legend = None
        chart.dataLabels = DataLabelList(showVal=True)
        for off in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
            setattr(chart.dataLabels, off, False)
        chart.dataLabels.numFmt = "0.00"
        chart.dataLabels.position = "inEnd"
        chart.dataLabels.txPr = _text(1200, looks.WHITE)
    else:
        chart.legend.position = "b"
        chart.legend.txPr = _text(1200)
    return chart


def _series(page: Worksheet, chart: BarChart | RadarChart, block: Block, names: str, columns: list[str]) -> None:
    first, last = block.first_row, block.last_row
    colours = [looks.BLUE] if len(columns) == 1 else [looks.LINE, looks.BLUE]
    for column, colour in zip(columns, colours, strict=True):
        at = block.column_number(column)
        values = Reference(page, min_col=at, min_row=block.header_row, max_row=last)
        series = SeriesFactory(values, title_from_data=True)
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.graphicalProperties.line.solidFill = colour
        chart.series.append(series)
    chart.set_categories(Reference(page, min_col=block.column_number(names), min_row=first, max_row=last))


def _finish(chart: BarChart | RadarChart, title: str) -> None:
    chart.title = title_maker(say(f"summary.{title}"))
    for paragraph in chart.title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=_characters(1600, bold=True))
        for run in paragraph.r or []:
            run.rPr = _characters(1600, bold=True)
    chart.title.overlay = False
    chart.x_axis.txPr = _text(1200)
    chart.y_axis.txPr = _text(1200)
    chart.y_axis.numFmt = "0"


def _characters(size: int, *, bold: bool = False, colour: str = looks.INK) -> CharacterProperties:
    font = Font(typeface=looks.FONT)
    return CharacterProperties(sz=size, b=bold, latin=font, cs=font, solidFill=colour)


def _text(size: int, colour: str = looks.INK) -> RichText:
    look = _characters(size, colour=colour)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)
    return RichText(bodyPr=RichTextProperties(), p=[paragraph])
