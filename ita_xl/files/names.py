"""Names for files that we make: short enough for every disk, and each its own."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b

MOST_BYTES = 240
"""Of a file name. Disks take 255; the rest is for what spreadsheet programs put around the name of a lock."""

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def fitting(stem: str, ending: str) -> str:
    """A name of a stem and an ending; of a stem that is too long its beginning, with a mark made of the whole."""
    if _bytes(stem + ending) <= MOST_BYTES:
        return stem + ending
    return marked(stem, ending, stem)


def marked(stem: str, ending: str, whose: str) -> str:
    """A name with a mark between stem and ending, by which two of one stem differ. whose: what the mark is made
    of."""
    mark = f" ({blake2b(os.fsencode(whose), digest_size=4).hexdigest()})"
    return cut(stem, mark + ending) + mark + ending


def apart(stems: Iterable[tuple[str, str]], ending: str) -> list[str]:
    """Names of stems made of any texts, each with whose it is; those that would meet on some disk get marks."""
    listed = [(harmless(stem), whose) for stem, whose in stems]
    meeting = Counter(alike(stem) for stem, _ in listed)
    return [
        marked(stem, ending, whose) if meeting[alike(stem)] > 1 else fitting(stem, ending) for stem, whose in listed
    ]


def cut(stem: str, ending: str) -> str:
    """The stem, or as much of it as fits before the ending."""
    while stem and _bytes(stem + ending) > MOST_BYTES:
        stem = stem[:-1]
    return stem


def alike(name: str) -> str:
    """The same for names that some disk takes for one."""
    return unicodedata.normalize("NFC", name).casefold()


def harmless(text: str) -> str:
    """A stem made of any text, such as a province's name: no part of it leads into another folder."""
    return _FORBIDDEN.sub("-", text).strip(" .") or "-"


def _bytes(name: str) -> int:
    return len(os.fsencode(name))
