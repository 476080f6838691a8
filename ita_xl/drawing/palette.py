"""Font, colours, number formats and places of texts, as plain values. Every colour of the workbook is named here
once; what openpyxl makes of them is in `looks`."""

from __future__ import annotations

from typing import Any

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


def placed(kind: Kind) -> dict[str, Any]:
    """Numbers right, codes centred, texts left and wrapped; all at the top, so that rows read across."""
    if kind in _NUMBERS:
        return {"horizontal": "right", "vertical": "top", "wrap_text": False, "indent": 1}
    if kind in _CENTRED:
        wrapped = kind not in (Kind.COUNT, Kind.LINK)
        return {"horizontal": "center", "vertical": "top", "wrap_text": wrapped, "indent": 0}
    return {"horizontal": "left", "vertical": "top", "wrap_text": True, "indent": 1}
