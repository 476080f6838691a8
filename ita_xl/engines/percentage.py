"""Which number formats show a percentage."""

from __future__ import annotations

import re
from functools import lru_cache

_UNSEEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""Texts in quotes, single letters, gaps, fillings; colours, languages and conditions."""


@lru_cache(maxsize=256)
def shows_percentage(code: str) -> bool:
    """Whether a format such as "0.00%" shows a number a hundredfold, with a percent sign.

    Of several parts the first counts, which is for positive numbers.
    """
    return "%" in code and "%" in _UNSEEN.sub("", code).partition(";")[0]
