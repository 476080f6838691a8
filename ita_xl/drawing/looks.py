"""What openpyxl makes of the plain values in `palette`, which are known here as well."""

from __future__ import annotations

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle

from ita_xl.drawing.palette import (
    AMBER,
    ANSWERS,
    BLUE,
    FONT,
    FORMATS,
    GRADES,
    GREEN,
    GREY,
    INK,
    INPUT,
    LINE,
    NAVY,
    PALE_AMBER,
    PALE_BLUE,
    PALE_GREEN,
    PALE_RED,
    RED,
    SIZE,
    TABS,
    WHITE,
    placed,
)
from ita_xl.layout import Kind

__all__ = [
    "AMBER",
    "ANSWERS",
    "BLUE",
    "CENTRE",
    "ENTRY",
    "FIGURE",
    "FONT",
    "FORMATS",
    "GRADES",
    "GREEN",
    "GREY",
    "HEADING",
    "INK",
    "INPUT",
    "LEAD",
    "LINE",
    "NAVY",
    "PALE_AMBER",
    "PALE_BLUE",
    "PALE_GREEN",
    "PALE_RED",
    "RED",
    "SENTENCE",
    "SIZE",
    "TABS",
    "WHITE",
    "alignment",
    "box",
    "font",
    "solid",
    "when",
]


def font(size: int = SIZE, *, bold: bool = False, colour: str = INK, underline: bool = False) -> Font:
    return Font(name=FONT, size=size, bold=bold, color=colour, underline="single" if underline else None)


def solid(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


def box(colour: str = LINE) -> Border:
    side = Side("thin", color=colour)
    return Border(left=side, right=side, top=side, bottom=side)


def alignment(kind: Kind) -> Alignment:
    return Alignment(**placed(kind))


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
