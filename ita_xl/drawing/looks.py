"""Fonts, colours and number formats. Every colour of the workbook is named here once."""

from __future__ import annotations

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle

from ita_xl.layout import Kind

FONT = "TH Sarabun New"
SIZE = 16

NAVY, BLUE, PALE_BLUE = "1F3864", "2E75B6", "DEEAF6"
INK, GREY, LINE = "262626", "7F7F7F", "A6A6A6"
INPUT = "FFF8DC"
GREEN, PALE_GREEN = "1E6B34", "E2F0D9"
AMBER, PALE_AMBER = "7F6000", "FFF2CC"
RED, PALE_RED = "9C0006", "FBE0DD"
WHITE = "FFFFFF"
GRADES = {
    "best": (GREEN, PALE_GREEN),
    "good": (NAVY, PALE_BLUE),
    "low": (AMBER, PALE_AMBER),
    "last": (RED, PALE_RED),
}
"""Text and fill of levels: the best, the next two, the lower ones, the last."""

ANSWERS = (RED, "E08A7D", "F4C9A8", "CFE3B4", "7FB77E", GREEN)
"""Of answers, from the fewest points to the most."""

TABS = {"input": "FFC000", "output": BLUE, "expert": LINE}

FORMATS = {
    Kind.TEXT: "General",
    Kind.LONG: "General",
    Kind.CODE: "@",
    Kind.SCORE: "0.00",
    Kind.EXACT: "0.0000000000",
    Kind.COUNT: "0",
    Kind.POINTS: "#,##0",
    Kind.MONEY: "#,##0.00",
    Kind.CHANGE: "+0.00;-0.00;0.00",
    Kind.WEIGHT: "General",
    Kind.WORTH: "0.0000",
    Kind.CHOICE: "General",
    # A month that is chosen must not become a date, as Excel in Thai would make of it.
    Kind.MONTH: "@",
    Kind.LINK: "General",
}
_CENTRED = (Kind.CODE, Kind.COUNT, Kind.CHOICE, Kind.MONTH, Kind.LINK)
_NUMBERS = (Kind.SCORE, Kind.EXACT, Kind.POINTS, Kind.MONEY, Kind.CHANGE, Kind.WEIGHT, Kind.WORTH)


def font(size: int = SIZE, *, bold: bool = False, colour: str = INK, underline: bool = False) -> Font:
    return Font(name=FONT, size=size, bold=bold, color=colour, underline="single" if underline else None)


def solid(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


def box(colour: str = LINE) -> Border:
    side = Side("thin", color=colour)
    return Border(left=side, right=side, top=side, bottom=side)


def alignment(kind: Kind) -> Alignment:
    """Numbers right, codes centred, texts left and wrapped; all at the top, so that rows read across."""
    if kind in _NUMBERS:
        return Alignment(horizontal="right", vertical="top", indent=1)
    if kind in _CENTRED:
        return Alignment(horizontal="center", vertical="top", wrap_text=kind not in (Kind.COUNT, Kind.LINK))
    return Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)


HEADING = Alignment(horizontal="center", vertical="center", wrap_text=True)
ENTRY = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
SENTENCE = Alignment(horizontal="left", vertical="top", wrap_text=True)
LEAD = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
FIGURE = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)


def when(formula: str, *, text: str = "", fill: str = "", bold: bool = False) -> Rule:
    """A conditional format; every one draws the lines of a filled cell."""
    style = DifferentialStyle(
        font=Font(color=text or None, bold=bold or None) if text or bold else None,
        fill=PatternFill(bgColor=fill, fill_type="solid") if fill else None,
        border=box(),
    )
    return Rule(type="expression", dxf=style, formula=[formula])
