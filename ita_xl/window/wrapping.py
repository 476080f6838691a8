"""Lines of Thai, which has no spaces between its words: Tk would part a vowel or a tone from its letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_CLUSTER = re.compile(r"[เแโใไ]*.[ะาำๅ\u0e31\u0e34-\u0e3a\u0e47-\u0e4eๆฯ]*", re.DOTALL)
"""A letter with the vowels before, above, below and behind it, and its tone: what must stay together."""

_WORD = re.compile(r"\s+|[\u0e00-\u0e7f]+|[^\s\u0e00-\u0e7f]+")


def wrapped(text: str, room: int, measure: Callable[[str], int]) -> Iterator[str]:
    """The lines of a text. room: how wide a line may be. measure: how wide a text is.

    A line ends at a space if it is more than half full there, otherwise between two letters of a Thai word; a word
    of other letters is parted only where it has no room of its own.
    """
    rest = text
    while measure(rest) > room:
        at = _end(rest, room, measure)
        yield rest[:at].rstrip()
        rest = rest[at:].lstrip()
    yield rest


def _end(text: str, room: int, measure: Callable[[str], int]) -> int:
    """How many characters come into the first line, at least one cluster."""
    last = space = 0
    for at in _ends(text):
        if measure(text[:at].rstrip()) > room:
            break
        last = at
        if text[at - 1].isspace():
            space = at
    if not last:  # a long address, or a room for less than a letter
        return _fitting(text, room, measure) or next(_ends(text))
    return space if space and measure(text[:space]) * 2 > room else last


def _fitting(text: str, room: int, measure: Callable[[str], int]) -> int:
    """How many characters of a word have room."""
    word = text[: next(_ends(text))]
    return next((at for at in range(len(word), 0, -1) if measure(word[:at]) <= room), 0)


def _ends(text: str) -> Iterator[int]:
    """Where a line may end."""
    for word in _WORD.finditer(text):
        if "\u0e00" <= word[0][0] <= "\u0e7f":
            yield from (word.start() + cluster.end() for cluster in _CLUSTER.finditer(word[0]))
        else:
            yield word.end()
