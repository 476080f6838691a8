"""The months of the plan's fiscal year as plain formulas, for drop-down lists."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from ita_xl.data import say
from ita_xl.domain.plan import LAST_MONTH, MONTHS, calendar_year
from ita_xl.domain.thai import thai_digits
from ita_xl.layout import HOME, labels
from ita_xl.layout.expert import PLAN_MONTHS
from ita_xl.layout.keys import FieldKey

_ORDER = (*range(LAST_MONTH + 1, len(MONTHS) + 1), *range(1, LAST_MONTH + 1))
"""The months as a fiscal year has them."""


def draw_months(page: Worksheet) -> None:
    (cells,) = page[PLAN_MONTHS.replace("$", "")]
    for cell, month in zip(cells, _ORDER, strict=True):
        year = f"({_about('year')}+{calendar_year(month, 1)})"
        words = say("plan.due", month=MONTHS[month - 1], year=f'"&{_digits(year)}&"')
        cell.value = f'=IF(LEN({_about("year")})=4,IFERROR("{words}",""),"")'


def _about(key: FieldKey) -> str:
    """A cell of the first sheet."""
    cell = HOME.field(key).cell
    return HOME.ref(f"${cell[0]}${cell[1:]}")


def _digits(year: str) -> str:
    """A year in the digits of the measures."""
    ours = thai_digits("0123456789")
    thai = "&".join(f'MID("{ours}",MID({year},{place},1)+1,1)' for place in range(1, 5))
    return f'IF({_about("thai_digits")}="{labels.yes_no(True)}",{thai},{year})'
