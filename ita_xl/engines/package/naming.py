"""Where the parts of a package name cells of a sheet, and what they name once its rows have changed."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from html import escape, unescape

from ita_xl.engines.moves import RowChange
from ita_xl.engines.package.plain import in_utf8

_NAMING_TEXT = re.compile(
    rb"(<((?:\w+:)?(?:f|formula\d?|definedName|calculatedColumnFormula|totalsRowFormula|Fmla\w+))\b[^>]*>)"
    rb"([^<]+)(?=</\2\s*>)"
)
_NAMING_TAG = re.compile(rb"<(?:\w+:)?(hyperlink|sp|formControlPr|cfvo|worksheetSource|Relationship)\b[^>]*>")
_NAMED = re.compile(rb"""(\s(?:location|textlink|fmla\w+|val|ref)=(["'])#?|\sTarget=(["'])#)(.*?)(?=\2|\3)""")
"""Where the parts of a package name cells: in the texts of elements, and in attributes."""

_AS_NUMBER = re.compile(rb"&#(\d{3,7}|x[0-9A-Fa-f]{2,6});")


def spelt_out(xml: bytes) -> bytes:
    """A part in which letters stand for themselves; some programs write Thai ones as numbers."""
    if b"&#" not in xml or not in_utf8(xml):
        return xml

    def letter(found: re.Match[bytes]) -> bytes:
        text = found[1].decode()
        code = int(text[1:], 16) if text.startswith("x") else int(text)
        return chr(code).encode() if _LAST_ASCII < code < sys.maxunicode else found[0]

    return _AS_NUMBER.sub(letter, xml)


_LAST_ASCII = 127


def naming(change: RowChange) -> bytes:
    """How others name the sheet."""
    return escaped(change.title.replace("'", "''"))


def named_anew(xml: bytes, changes: Sequence[RowChange], home: str = "") -> bytes:
    """A part with the cells that moved named at their new place. home: the sheet whose cells it names without its
    title."""
    names = [(naming(change), change) for change in changes]

    def new(text: bytes, tag: bytes = b"") -> bytes:
        for said, change in names:
            here = change.title if tag.startswith(b"worksheetSource") and said in tag else home
            if here or said in text:
                text = new_formula(text, change, here)
        return text

    def tag(one: re.Match[bytes]) -> bytes:
        outside = one[1] == b"hyperlink" and b":id=" in one[0]
        whole = one[1] + one[0]
        return one[0] if outside else _NAMED.sub(lambda part: part[1] + new(part[4], whole), one[0])

    xml = _NAMING_TEXT.sub(lambda element: element[1] + new(element[3]), xml)
    return _NAMING_TAG.sub(tag, xml)


def new_formula(text: bytes, change: RowChange, home: str) -> bytes:
    old = unescape(text.decode())
    new = change.formula(old, home)
    return text if new == old else escaped(new).replace(b'"', b"&quot;")


def escaped(text: str) -> bytes:
    return escape(text, quote=False).encode()
