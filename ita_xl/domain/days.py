"""Days as people type them and as official papers name them."""

from __future__ import annotations

import datetime as dt
import re

from ita_xl.domain.plan import MONTHS, buddhist, parse_due
from ita_xl.domain.thai import arabic_digits, tidy

_ISO = re.compile(r"\d{4}-\d{2}-(\d{2})(?!\d)")
_FIRST = re.compile(r"(?:วันที่)?\s*(\d{1,2})(?!\d)\s*[^\d\s]")
_FILLERS = re.compile(r"\s*(?:เดือน|พ\.\s?ศ\.|ค\.\s?ศ\.)\s*")
_BUDDHIST = 543


def parse_day(text: str) -> dt.date | None:
    """The day that a text names: "1 ตุลาคม 2565", "๑ ต.ค. ๖๕", "1/10/2565", "2022-10-01"; None if none, or if there
    is no such day."""
    plain = tidy(_FILLERS.sub(" ", arabic_digits(text)).removeprefix("วันที่"))
    number, month = _ISO.match(plain) or _FIRST.match(plain), parse_due(plain)
    if number is None or month is None:
        return None
    try:
        return dt.date(month.year - _BUDDHIST, month.month, int(number[1]))
    except ValueError:
        return None


def in_words(day: dt.date, era: str = "") -> str:
    """A day as official papers name it: 1 ตุลาคม 2565. era: what stands before the year."""
    return f"{day.day} {MONTHS[day.month - 1]} {era}{buddhist(day.year)}"


def as_official(text: str, era: str = "") -> str:
    """What a person typed as a day, in words; as it is typed where it is no day."""
    day = parse_day(text)
    return in_words(day, era) if day else text
