"""A plan: the keys by which its steps stay themselves, and its dates as people write them."""

from __future__ import annotations

import re

from msgspec import Struct

from ita_xl.domain.thai import arabic_digits, tidy

MONTHS = ("มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม").split()
SHORT_MONTHS = "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.".split()
_BUDDHIST = 543
_FIRST_BUDDHIST = 2400
"""No Gregorian year of our time reaches it, so a smaller one is Gregorian."""

LAST_MONTH = 9
"""The fiscal year ends with September."""


class Due(Struct, frozen=True):
    """A month of a Buddhist year. gregorian: it was written as a Gregorian one."""

    month: int
    year: int
    gregorian: bool = False

    @property
    def fiscal_year(self) -> int:
        """October begins the next fiscal year."""
        return self.year + (self.month > LAST_MONTH)


class StepKey(Struct, frozen=True):
    """What a step belongs to. question: empty for a step of a measure that deals with none. As a text:
    "performance/I14/1"."""

    measure: str
    question: str
    step: str

    def __str__(self) -> str:
        return "/".join(filter(None, (self.measure, self.question, self.step)))

    @classmethod
    def of(cls, text: str) -> StepKey | None:
        """The key in a cell; None for that of a measure or theme, and for anything else."""
        match text.split("/"):
            case [measure, question, step]:
                return cls(measure, question, step)
            case [measure, step]:
                return cls(measure, "", step)
        return None


class PlannedMeasure(Struct, frozen=True):
    """A measure as it stands in the plan. key: the library's, or that of a person's own row. number: "1.2".
    codes: as its cell names them."""

    key: str
    number: str
    name: str
    codes: str
    own: bool = False


class PlannedStep(Struct, frozen=True):
    """A step as it stands in the plan. measure, name: key and name of its measure. offices: who carries it out, as
    the cell names them; unnamed: no cell does, and it falls to the office that brings the plan together."""

    key: str
    no: str
    measure: str
    name: str
    codes: str
    text: str
    offices: tuple[str, ...]
    due: str
    report: str
    unnamed: bool = False


_NUMBERING = re.compile(r"\(?(\d{1,2})[.)](?!\d)\s*")
"""1. or 1) or (1), with Thai digits as well; a number without such a mark belongs to the sentence."""


def numbered_lines(text: str) -> list[tuple[int | None, str]]:
    """The lines of a text, each with the number that stands before it, None for none."""
    found = ((_NUMBERING.match(line), line) for line in text.split("\n"))
    return [(int(mark[1]), line[mark.end() :]) if mark else (None, line) for mark, line in found]


def is_theme_number(text: str) -> bool:
    """Whether a number is that of a theme: a whole one."""
    return bool(re.fullmatch(r"\d+\.?", arabic_digits(text)))


def parse_due(value: object) -> Due | None:
    """The month that a cell means: "กันยายน 2566", "30 ก.ย. 66", "30/9/2566", "2023-09-30"; None if none."""
    text = arabic_digits(tidy(str(value)))
    if date := re.match(r"(\d{4})-(\d{2})-\d{2}", text):
        return _due(int(date[2]), int(date[1]))
    numbers = re.fullmatch(r"(?:\d{1,2}\s*[/-]\s*)?(\d{1,2})\s*[/-]\s*(\d{4}|\d{2})", text)
    if numbers:
        return _due(int(numbers[1]), int(numbers[2]))
    year = re.search(r"(\d{4}|\d{2})$", text)
    for names in (MONTHS, SHORT_MONTHS, [name.replace(".", "") for name in SHORT_MONTHS]):
        for month, name in enumerate(names, 1):
            if name in text and year:
                return _due(month, int(year[1]))
    return None


def _due(month: int, year: int) -> Due | None:
    if not 1 <= month <= len(MONTHS):
        return None
    if year < 100:
        return Due(month, year + 2500)
    return Due(month, buddhist(year), gregorian=year < _FIRST_BUDDHIST)


def buddhist(year: int) -> int:
    """A year of our time, counted the Buddhist way or the Gregorian, as a Buddhist one."""
    return year if year >= _FIRST_BUDDHIST else year + _BUDDHIST


def calendar_year(month: int, fiscal_year: int) -> int:
    """In which year a month of a fiscal year lies."""
    return fiscal_year - (month > LAST_MONTH)


def quarter_months(number: int) -> tuple[int, int]:
    """First and last month of a quarter of the fiscal year (1-4), which begins with October."""
    first = (9, 0, 3, 6)[number - 1] + 1
    return first, first + 2
