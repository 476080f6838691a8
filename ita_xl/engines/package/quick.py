"""A quick way through a sheet that is written as nearly all programs write it: one pattern for all of its cells.

It says the same as the careful way (`stored`) or nothing at all; `tests/test_quick.py` holds the two together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence, Set
from functools import lru_cache
from html import unescape

from ita_xl.engines.package.plain import is_whole
from ita_xl.engines.port import Value
from ita_xl.layout.address import At, at

_CELL = re.compile(
    rb'<c r="([A-Z]{1,2}(?:[1-9]\d{0,3}|1\d{4}))"(?: s="(\d+)")?(?: t="([A-Za-z]+)")?>'
    rb"(?:(<f)[^>]*(?:/>|>[^<]*</f>))?"
    rb"(?:<v>([^<]*)</v>|<is><t(?: xml:space=\"preserve\")?>([^<]*)</t></is>)</c>"
)
"""Address, style, type, formula, stored value, text in the cell."""
_EMPTY = re.compile(rb'<c r="([A-Z]{1,2}(?:[1-9]\d{0,3}|1\d{4}))"(?: s="\d+")?(?: t="n")?(?:/>|></c>)')
_ITEM = re.compile(rb'<si>\s*<t(?: xml:space="preserve")?>([^<]*)</t>\s*</si>|<si>\s*<t/>\s*</si>')

_SPELT = re.compile(rb"_x[0-9A-Fa-f]{4}_")


@lru_cache(maxsize=8)
def shared_texts(part: bytes) -> Sequence[str | None]:
    """The shared texts of a workbook; None for all of them unless each is a single plain one."""
    found = _ITEM.findall(part)
    if len(found) != part.count(b"<si") or not is_whole(part) or _odd(part):
        return [None] * part.count(b"<si")
    return [_text(one) for one in found]


def cells(xml: bytes, shared: Sequence[str | None], left: Set[bytes]) -> tuple[dict[At, Value], set[At]] | None:
    """What the cells of a sheet hold, and which have formulas; None for a sheet that is to be read carefully.

    xml: the sheet as it stands in the package. left: the styles whose numbers may be dates.
    """
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    if not 0 < start < end or not is_whole(xml):
        return None
    found = _CELL.findall(xml, start, end)
    different = {*_EMPTY.findall(xml, start, end), *(one[0] for one in found)}
    # Neither is any cell written in another way, nor is one there twice.
    if len(different) != xml.count(b"<c", start, end) or _odd(xml):
        return None
    held: dict[At, Value] = {}
    formulas: set[At] = set()
    value: Value
    try:
        for address, style, kind, formula, stored, text in found:
            if kind == b"s":
                if (value := shared[int(stored)]) is None:
                    return None
            elif kind == b"str":
                value = _text(stored)
            elif kind == b"inlineStr":
                value = _text(text)
            elif kind in (b"", b"n"):
                value = float(stored)
                if style in left or b"_" in stored or not math.isfinite(value):
                    return None
            elif kind == b"b" and stored in (b"0", b"1"):
                value = stored == b"1"
            else:
                return None
            if formula:
                formulas.add(at(address))
            if value != "":
                held[at(address)] = value
    except (ValueError, IndexError, UnicodeDecodeError):
        return None
    return held, formulas


def _text(stored: bytes) -> str:
    text = stored.decode()
    return unescape(text) if "&" in text else text


def _odd(xml: bytes) -> bool:
    """Whether texts may be written in a way of which not only their characters count."""
    return b"\r" in xml or _SPELT.search(xml) is not None
