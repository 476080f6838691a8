"""The native charts, of the summary and of an agency's own survey. Hidden rows are not plotted, so each covers its
whole table."""

from __future__ import annotations

from collections.abc import Sequence

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
from ita_xl.drawing import looks
from ita_xl.layout import CHARTS, SUMMARY, SURVEY_CHART, Block, Kind, Sheet
from ita_xl.layout.address import Area
from ita_xl.layout.keys import STEP_KEYS, ColumnKey


def draw_charts(page: Worksheet) -> None:
    ranking, indicators = SUMMARY.block("ranking"), SUMMARY.block("indicators")
    bars = _bars(page, ranking, "name", ["score"], "summary.chart_ranking", horizontal=True)
    _place(page, bars, CHARTS["ranking"])
    radar = RadarChart()
    radar.type = "marker"
    _series(page, radar, indicators, "name", ["y0"])
    _finish(radar, "summary.chart_radar")
    radar.legend = None
    radar.y_axis.scaling.min, radar.y_axis.scaling.max = 0, 100
    _place(page, radar, CHARTS["radar"])
    years = _bars(page, indicators, "code", ["y1", "y0"], "summary.chart_years", horizontal=False)
    _place(page, years, CHARTS["years"])
    _place(page, _signed_bars(page), CHARTS["causes"])


def draw_survey(page: Worksheet, sheet: Sheet) -> None:
    """How the answers to each question are shared out, from bad (red, left) to good: as many per cent as there are
    answers, because not everybody answers every question."""
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth, chart.overlap = "bar", "percentStacked", 30, 100
    _series(page, chart, sheet.block("survey"), "code", [*STEP_KEYS], looks.ANSWERS)
    _finish(chart, "survey.chart")
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.numFmt = "0%"
    chart.legend.position = "b"
    chart.legend.txPr = _text(1200)
    _place(page, chart, SURVEY_CHART)


def _place(page: Worksheet, chart: BarChart | RadarChart, under: Area) -> None:
    """Anchor a chart to its cells, so that it keeps to the page whatever the font's width."""
    start = AnchorMarker(col=under.left - 1, row=under.top - 1)
    end = AnchorMarker(col=under.right, row=under.bottom)
    chart.anchor = TwoCellAnchor("twoCell", start, end)  # type: ignore[assignment] # the stubs know only a cell
    page.add_chart(chart)


def _bars(
    page: Worksheet,
    block: Block,
    names: ColumnKey,
    columns: list[ColumnKey],
    title: str,
    *,
    horizontal: bool,
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
        chart.dataLabels = _values(looks.FORMATS[Kind.SCORE], "inEnd", looks.WHITE)
    else:
        chart.legend.position = "b"
        chart.legend.txPr = _text(1200)
    return chart


def _signed_bars(page: Worksheet) -> BarChart:
    """What each cause added to the total (to the right) or took from it (to the left). Each direction is a series
    with its own colour, and of the two cells of a row one is empty; so they share one bar."""
    block = SUMMARY.block("bars")
    chart = BarChart()
    chart.type, chart.gapWidth, chart.overlap = "bar", 40, 100
    _series(page, chart, block, "bar", ["up", "down"], (looks.GREEN, looks.RED))
    _finish(chart, "summary.chart_causes")
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete, chart.y_axis.delete = False, True
    chart.x_axis.tickLblPos = "low"  # at the edge: left of zero there are bars
    chart.y_axis.majorGridlines = None
    for series in chart.series:
        series.dLbls = _values(looks.FORMATS[Kind.CHANGE], "outEnd", looks.INK)
    chart.legend.position = "b"
    chart.legend.txPr = _text(1200)
    return chart


def _values(number_format: str, position: str, colour: str) -> DataLabelList:
    """Each bar's value beside it and nothing else."""
    labels = DataLabelList(showVal=True, numFmt=number_format, dLblPos=position, txPr=_text(1200, colour))
    for off in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(labels, off, False)
    return labels


def _series(
    page: Worksheet,
    chart: BarChart | RadarChart,
    block: Block,
    names: ColumnKey,
    columns: list[ColumnKey],
    colours: Sequence[str] = (looks.LINE, looks.BLUE),
) -> None:
    """colours: of a single series the last one counts."""
    first, last = block.first_row, block.last_row
    colours = colours[-len(columns) :]
    for column, colour in zip(columns, colours, strict=True):
        at = block.column_number(column)
        values = Reference(page, min_col=at, min_row=block.header_row, max_row=last)
        series = SeriesFactory(values, title_from_data=True)
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.graphicalProperties.line.solidFill = colour
        chart.series.append(series)
    chart.set_categories(Reference(page, min_col=block.column_number(names), min_row=first, max_row=last))


def _finish(chart: BarChart | RadarChart, title: str) -> None:
    chart.title = title_maker(say(title))
    assert chart.title.tx and chart.title.tx.rich
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
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look, r=[])
    return RichText(bodyPr=RichTextProperties(), p=[paragraph])
