"""A chart that Word draws and a person can edit: its parts, and the workbook inside."""

from __future__ import annotations

import datetime as dt
import io

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.parts.document import DocumentPart
from lxml import etree

from ita_xl.report.description import Bars, Series
from ita_xl.report.docx.elements import Element, el
from ita_xl.report.docx.pages import Room
from ita_xl.report.docx.styles import FONT, INK

_TWIP = 635
"""In the units of drawings."""

_BEFORE = ("A6A6A6", "BFBFBF", "D9D9D9")
_LATEST = "2E75B6"
"""Colours of the last series and, backwards, of those before it."""

_MOST = 32_767
"""Letters that a cell of the workbook holds."""

_FORMAT, _THAI_FORMAT = "0.00", "[$-D00041E]0.00"
_SHEET = "Sheet1"
_MOMENT = dt.datetime(2022, 8, 1, tzinfo=dt.UTC)
_CATEGORIES, _VALUES = 111, 112
"""The two axes."""


def drawing(chart: Bars, part: DocumentPart, room: Room, number: int, *, thai_digits: bool) -> Element:
    """Add the parts of a chart to a document. Returns the run that shows it. number: its id among all drawings."""
    package = part.package
    assert package is not None
    book = Part(
        package.next_partname("/word/embeddings/Microsoft_Excel_Sheet%d.xlsx"),
        CONTENT_TYPE.SML_SHEET,
        _workbook(chart),
        package,
    )
    name = package.next_partname("/word/charts/chart%d.xml")
    holder = Part(name, CONTENT_TYPE.DML_CHART, None, package)
    space = _space(chart, holder.relate_to(book, RELATIONSHIP_TYPE.PACKAGE), thai_digits=thai_digits)
    holder._blob = etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True)
    shown = el("c:chart", r__id=part.relate_to(holder, RELATIONSHIP_TYPE.CHART))
    rows = len(chart.categories) * (240 + 170 * len(chart.series))
    height = min(1000 + rows, room.height * 9 // 10)
    inline = el(
        "wp:inline",
        el("wp:extent", cx=room.width * _TWIP, cy=height * _TWIP),
        el("wp:effectExtent", l=0, t=0, r=0, b=0),
        el("wp:docPr", id=number, name=f"Chart {number}", descr=chart.description, title=chart.title),
        el("wp:cNvGraphicFramePr"),
        el("a:graphic", el("a:graphicData", shown, uri="http://schemas.openxmlformats.org/drawingml/2006/chart")),
        **dict.fromkeys(("distT", "distB", "distL", "distR"), 0),
    )
    return el("w:r", el("w:drawing", inline))


def _workbook(chart: Bars) -> bytes:
    """Categories in the first column, a series in each further one."""
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"created": _MOMENT})
        sheet = book.add_worksheet(_SHEET)
        sheet.set_column(0, 0, 60)
        for row, name in enumerate(chart.categories, 1):
            sheet.write_string(row, 0, name[:_MOST])
        for column, series in enumerate(chart.series, 1):
            sheet.write_string(0, column, series.name[:_MOST])
            for row, value in enumerate(series.values, 1):
                if value is not None:
                    sheet.write_number(row, column, value)
    return made.getvalue()


def _space(chart: Bars, book: str, *, thai_digits: bool) -> Element:
    shown = _THAI_FORMAT if thai_digits else _FORMAT
    tones = [*reversed(_BEFORE[: max(len(chart.series) - 1, 0)]), _LATEST]
    tones = [_BEFORE[-1]] * (len(chart.series) - len(tones)) + tones
    series = [
        _series(chart, number, one, tone, shown)
        for number, (one, tone) in enumerate(zip(chart.series, tones, strict=False))
    ]
    bars = el(
        "c:barChart",
        el("c:barDir", val="bar"),
        el("c:grouping", val="clustered"),
        el("c:varyColors", val=0),
        *series,
        el("c:gapWidth", val=45),
        el("c:axId", val=_CATEGORIES),
        el("c:axId", val=_VALUES),
    )
    plot = el("c:plotArea", el("c:layout"), bars, _category_axis(), _value_axis(chart.top))
    legend = el("c:legend", el("c:legendPos", val="b"), el("c:overlay", val=0), _letters(13))
    drawn = el(
        "c:chart",
        _title(chart.title) if chart.title else None,
        el("c:autoTitleDeleted", val=0 if chart.title else 1),
        plot,
        legend if len(chart.series) > 1 else None,
        el("c:plotVisOnly", val=1),
        el("c:dispBlanksAs", val="gap"),
    )
    data = el("c:externalData", el("c:autoUpdate", val=0), r__id=book)
    kind = el("c:date1904", val=0), el("c:lang", val="th-TH"), el("c:roundedCorners", val=0)
    return el("c:chartSpace", *kind, drawn, _nothing(), data)


def _series(chart: Bars, number: int, series: Series, tone: str, shown: str) -> Element:
    column = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number + 1]
    last = len(chart.categories) + 1
    flags = {"LegendKey": 0, "Val": 1, "CatName": 0, "SerName": 0, "Percent": 0, "BubbleSize": 0}
    labels = el(
        "c:dLbls",
        el("c:numFmt", formatCode=shown, sourceLinked=0),
        _nothing(),
        _letters(11),
        el("c:dLblPos", val="outEnd"),
        *(el(f"c:show{what}", val=flag) for what, flag in flags.items()),
    )
    # As many digits as the workbook keeps, so that both hold the same numbers.
    values = [None if value is None else f"{value:.16G}" for value in series.values]
    return el(
        "c:ser",
        el("c:idx", val=number),
        el("c:order", val=number),
        el("c:tx", _texts(f"{_SHEET}!${column}$1", [series.name])),
        el("c:spPr", el("a:solidFill", el("a:srgbClr", val=tone))),
        el("c:invertIfNegative", val=0),
        labels,
        el("c:cat", _texts(f"{_SHEET}!$A$2:$A${last}", chart.categories)),
        el(
            "c:val",
            el(
                "c:numRef",
                el("c:f", f"{_SHEET}!${column}$2:${column}${last}"),
                el("c:numCache", el("c:formatCode", "General"), *_points(values)),
            ),
        ),
    )


def _texts(place: str, texts: tuple[str, ...] | list[str]) -> Element:
    return el("c:strRef", el("c:f", place), el("c:strCache", *_points([text[:_MOST] for text in texts])))


def _points(values: list[str | None] | list[str]) -> list[Element]:
    known = [el("c:pt", el("c:v", value), idx=n) for n, value in enumerate(values) if value is not None]
    return [el("c:ptCount", val=len(values)), *known]


def _font(name: str, size: int, *, bold: bool = False, **attributes: object) -> Element:
    faces = (el(f"a:{script}", typeface=FONT) for script in ("latin", "ea", "cs"))
    ink = el("a:solidFill", el("a:srgbClr", val=INK))
    return el(name, ink, *faces, **attributes, sz=size * 100, b=int(bold))


def _nothing() -> Element:
    """Neither ground nor frame, so that what lies across a draft shows."""
    return el("c:spPr", el("a:noFill"), el("a:ln", el("a:noFill")))


def _letters(size: int) -> Element:
    line = el("a:p", el("a:pPr", _font("a:defRPr", size)), el("a:endParaRPr", lang="th-TH"))
    return el("c:txPr", el("a:bodyPr"), el("a:lstStyle"), line)


def _title(text: str) -> Element:
    words = el("a:r", _font("a:rPr", 14, bold=True, lang="th-TH"), el("a:t", text))
    line = el("a:p", el("a:pPr", _font("a:defRPr", 14, bold=True)), words)
    rich = el("c:rich", el("a:bodyPr"), el("a:lstStyle"), line)
    return el("c:title", el("c:tx", rich), el("c:overlay", val=0))


def _axis(
    kind: str, number: int, scale: Element, side: str, form: str, labels: str, *, hidden: bool
) -> list[Element]:
    ticks = el("c:majorTickMark", val="none"), el("c:minorTickMark", val="none"), el("c:tickLblPos", val=labels)
    shape = el("c:numFmt", formatCode=form, sourceLinked=0)
    return [
        el("c:axId", val=number),
        scale,
        el("c:delete", val=int(hidden)),
        el("c:axPos", val=side),
        shape,
        *ticks,
    ]


def _category_axis() -> Element:
    scale = el("c:scaling", el("c:orientation", val="maxMin"))
    crossing = el("c:crossAx", val=_VALUES), el("c:crosses", val="autoZero")
    rest = el("c:auto", val=1), el("c:lblAlgn", val="ctr"), el("c:lblOffset", val=100), el("c:noMultiLvlLbl", val=0)
    common = _axis("c:catAx", _CATEGORIES, scale, "l", "General", "low", hidden=False)
    return el("c:catAx", *common, _letters(13), *crossing, *rest)


def _value_axis(top: float) -> Element:
    """Not shown, because each bar has its number; a tenth longer than the bars, which leaves room for that."""
    scale = el(
        "c:scaling", el("c:orientation", val="minMax"), el("c:max", val=f"{top * 1.1:g}"), el("c:min", val=0)
    )
    crossing = el("c:crossAx", val=_CATEGORIES), el("c:crosses", val="autoZero")
    common = _axis("c:valAx", _VALUES, scale, "t", "0", "nextTo", hidden=True)
    return el("c:valAx", *common, *crossing, el("c:crossBetween", val="between"))
