"""Cell formats and paper of the portfolio; fonts and colours are those of an agency's own workbook."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from ita_xl.drawing import palette
from ita_xl.layout import Kind
from ita_xl.layout.heights import LINE_HEIGHT

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


DIGIT = 9
"""Width of a digit of our font on the screen, as XlsxWriter counts it."""

DEFAULTS = {
    "default_format_properties": {"font_name": palette.FONT, "font_size": palette.SIZE},
    "default_column_width": 80,  # pixels: XlsxWriter's word for a font with digits of that width
    "default_row_height": 32,
}
"""Options of a workbook whose columns are measured in digits of our font."""


def _font(size: int = palette.SIZE, colour: str = palette.INK, bold: bool = False) -> dict[str, Any]:
    return {"font_name": palette.FONT, "font_size": size, "font_color": f"#{colour}", "bold": bold}


_CHANGED = {"up": palette.GREEN, "down": palette.RED}
_LINES = {"border": 1, "border_color": f"#{palette.LINE}"}
_WRAPPED = {"text_wrap": True, "align": "left", "valign": "top"}
_TEXTS: dict[str, dict[str, Any]] = {
    "title": _font(22, palette.NAVY, bold=True),
    "block": _font(18, palette.NAVY, bold=True),
    "sentence": {**_font(), **_WRAPPED},
    "note": {**_font(14, palette.GREY), **_WRAPPED},
    "link": {**_font(colour=palette.BLUE), "underline": 1, "valign": "top"},
    "heading": {
        **_font(colour=palette.WHITE, bold=True),
        **_LINES,
        "bg_color": f"#{palette.NAVY}",
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
}


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self.cell = cache(self._cell)
        self.text = cache(self._text)

    def _cell(self, kind: Kind, grade: str = "", quoted: bool = False, bold: bool = False) -> Format:
        """A cell of a table. quoted: it begins like a formula, and must stay a text also when somebody edits it."""
        colour, fill = palette.GRADES.get(grade, (_CHANGED.get(grade, palette.INK), ""))
        given = palette.placed(kind)
        # On the right room is left by the number format: LibreOffice prints an indent there only in some cells.
        right = given["horizontal"] == "right"
        shown = palette.FORMATS[kind]
        return self._book.add_format(
            {
                **_font(colour=colour, bold=bold),
                **({"bg_color": f"#{fill}"} if fill else {}),
                **_LINES,
                "num_format": ";".join(f"{part}_0" for part in shown.split(";")) if right else shown,
                "align": given["horizontal"],
                "valign": given["vertical"],
                "text_wrap": given["wrap_text"],
                "indent": 0 if right else given["indent"],
                "quote_prefix": quoted,
            }
        )

    def _text(self, kind: str) -> Format:
        """A text outside of tables, or a heading in one."""
        return self._book.add_format(_TEXTS[kind])


def number(value: float) -> int | Decimal:
    """A number to write. As a float XlsxWriter would give it 16 digits: 82.45999999999999 for 82.46."""
    return value if isinstance(value, int) else Decimal(repr(value))


def place(sheet: str) -> str:
    """The address of a link to a sheet's first cell."""
    return f"internal:'{sheet}'!A1"


def set_up(page: Worksheet, footer: str) -> None:
    """A4 across, as wide as the paper, numbered; rows high enough for a line."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    page.set_footer(f'&C&"{palette.FONT},Regular"&14{footer}')
    page.hide_gridlines(2)
    page.set_default_row(LINE_HEIGHT)
