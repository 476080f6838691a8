"""How the file format spells characters in texts by their number: _x000D_ is a carriage return."""

from __future__ import annotations

import re

from ita_xl.files import without_control_characters

_LIKE_A_NUMBER = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SPELT = re.compile("_x([0-9A-Fa-f]{4})_")


def spelt(text: str) -> str:
    """A text as a cell's XML is to hold it, so that programs read just this text; without the characters that XML
    cannot hold."""
    text = without_control_characters(text)
    if "_x" in text:
        text = _LIKE_A_NUMBER.sub("_x005F_", text)
    return text.replace("\r", "_x000D_")


def meant(text: str) -> str:
    """What a spelt text means."""
    if "_x" not in text:
        return text
    said = _SPELT.sub(lambda found: chr(int(found[1], 16)), text)
    return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # one character may be spelt as two


def marked_twice(xml: bytes) -> bytes:
    """XML of which openpyxl reads texts just as they are spelt: it takes away the marks of what only looks spelt,
    wherever they stand, and would save the rest without them."""
    return xml.replace(b"x005F_", b"x00x005F_5F_")
