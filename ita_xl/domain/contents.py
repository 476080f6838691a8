"""What a cell may hold, and how a person sees it."""

from __future__ import annotations

import datetime as dt
import math

from msgspec import Struct

from ita_xl.domain.plan import SHORT_MONTHS, buddhist

LONGEST_QUOTED = 80
"""Characters of a cell that a message quotes."""


class CellError(Struct, frozen=True):
    """An error value such as #N/A."""

    text: str


class Uncomputed(Struct, frozen=True):
    """A formula whose result is not stored in the file (it was never opened in a spreadsheet program)."""

    formula: str


LONGEST_TEXT = 32_767
"""Of a cell, as the format counts: a character beyond the first 65,536 is two. Excel repairs a file with more."""


Value = None | str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | CellError | Uncomputed


def shown(value: Value) -> str:
    """A cell's content as a person sees it in a message.

    A text stays as typed, an empty cell is an empty text, a formula without a result is the formula.
    A date is a Thai short date of the Buddhist calendar, with hours and minutes if it has any.
    A time or duration is h:mm. A number has the digits that a spreadsheet keeps, 15 at most.
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value)
        case dt.datetime():
            date = shown(value.date())
            return f"{date} {_clock(value.hour, value.minute)}" if value.hour or value.minute else date
        case dt.date():
            return f"{value.day} {SHORT_MONTHS[value.month - 1]} {buddhist(value.year)}"
        case dt.time():
            return _clock(value.hour, value.minute)
        case dt.timedelta():
            return "-" * (value < dt.timedelta()) + _clock(*divmod(abs(value) // dt.timedelta(minutes=1), 60))
        case CellError():
            return value.text
        case Uncomputed():
            return value.formula


def brief(text: str) -> str:
    """A text in one line and no longer than a message can bear."""
    line = " ".join(text.splitlines())
    return line if len(line) <= LONGEST_QUOTED else f"{line[:LONGEST_QUOTED]}…"


def parted(text: str) -> tuple[str, str]:
    """What of a text a cell can hold, and the rest."""
    if len(text) <= LONGEST_TEXT // 2:
        return text, ""
    units = text.encode("utf-16-le", "surrogatepass")
    held = units[: LONGEST_TEXT * 2].decode("utf-16-le", "ignore")
    return held, text[len(held) :]


def fitting(text: str) -> str:
    """The text, or of one that no cell can hold its beginning, marked as such."""
    held, rest = parted(text)
    return f"{held[:-1]}…" if rest else text


def _number(value: float) -> str:
    try:
        number = float(value)
    except OverflowError:
        return "#NUM!"
    return f"{number or 0:.15G}" if math.isfinite(number) else "#NUM!"


def _clock(hours: int, minutes: int) -> str:
    return f"{hours}:{minutes:02}"
