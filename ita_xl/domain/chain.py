"""From issue to approach to action to measure: what is missing on the way, and what leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from functools import lru_cache

from ita_xl.domain.thai import arabic_digits, plain_dashes


class Gap(StrEnum):
    """How the chain is broken at a code."""

    NO_APPROACH = "raised, but nothing is said about what to do"
    NO_ACTION = "raised, but not put into practice"
    NO_MEASURE = "raised, but in no measure"
    NO_ISSUE = "in a measure, but raised nowhere"


def gaps(
    raised: Collection[str], approached: Collection[str], acted: Collection[str], planned: Collection[str]
) -> Iterator[tuple[Gap, str]]:
    """Every break of the chain. Each argument: the question codes that a part of the document deals with."""
    for gap, dealt_with in ((Gap.NO_APPROACH, approached), (Gap.NO_ACTION, acted), (Gap.NO_MEASURE, planned)):
        yield from ((gap, code) for code in raised if code not in dealt_with)
    yield from ((Gap.NO_ISSUE, code) for code in planned if code not in raised)


_NAMED = re.compile(r"(?<![A-Za-z0-9])([IEO])[ -]?(\d{1,3})(?!\d)")


@lru_cache(maxsize=8192)
def codes_in(text: str) -> tuple[str, ...]:
    """The question codes that a text names: "ข้อ E 14 และ I๑๓" -> E14, I13."""
    return tuple(dict.fromkeys(f"{m[1]}{int(m[2])}" for m in _NAMED.finditer(plain_dashes(arabic_digits(text)))))
