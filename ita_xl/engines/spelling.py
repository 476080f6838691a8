"""How the file format spells characters in texts by their number: _x000D_ is a carriage return."""

from __future__ import annotations

import re

from ita_xl.files import without_control_characters

_LIKE_A_NUMBER = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NO_CONTROL = re.compile("_(?=x(?!00[01])[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile("_x(00[01][0-9A-Fa-f])_")


def spelt(text: str) -> str:
    """A text as a cell's XML is to hold it, so that programs read just this text; without the characters that XML
    cannot hold."""
    text = without_control_characters(text)
    if "_x" in text:
        text = _LIKE_A_NUMBER.sub("_x005F_", text)
    return text.replace("\r", "_x000D_")


def respelt(text: str) -> str:
    """A text as openpyxl holds it, as it is to be saved: what only looks spelt gets its marks again."""
    return _NO_CONTROL.sub("_x005F_", text) if "_x" in text else text


def meant(text: str) -> str:
    """What a spelt text means, as far as openpyxl leaves it to others: it takes away the marks of what only looks
    spelt, so that just control characters, which nobody types, can be known."""
    return _CONTROL.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
