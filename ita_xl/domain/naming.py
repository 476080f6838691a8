"""Which node of a structure people mean by a number, a name, or both."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

from ita_xl.domain.thai import arabic_digits, folded, tidy
from ita_xl.domain.tree import Tree

_ALIKE = 0.82
"""So alike is a name to the one that is meant, and to no other by nearly as much."""
_APART = 0.06
_PREFIX = re.compile(r"^(?:ตัวชี้วัด(?:ย่อย)?|ด้าน|ข้อ)\s*(?:ที่)?\s*")
_NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,2})?)(?!\d|\.\d)\s*[.:)\-–]?\s*(.*)$")
_IDLE = re.compile(r"^(?:การ|ระบบ|ด้าน)+")


def node_meant(text: str, tree: Tree, among: Collection[str]) -> str | None:
    """The code of the node that a text means: "7", "ตัวชี้วัดที่ 7", "7. ประสิทธิภาพการสื่อสาร", "ประสิทธิภาพการสื่อสาร".

    among: codes that come into question. None where nothing fits, more than one does, or number and name are those
    of two nodes.
    """
    plain = _PREFIX.sub("", arabic_digits(tidy(text)))
    numbered = _NUMBERED.match(plain)
    number, name = (numbered[1], numbered[2]) if numbered else ("", plain)
    by_number = number if number in among else None
    by_name = _by_name(name, tree, among) if name else None
    if by_number and by_name and by_number != by_name:
        return None
    return by_number or by_name


def _by_name(name: str, tree: Tree, among: Collection[str]) -> str | None:
    wanted = _core(name)
    if not wanted:
        return None
    names = {code: _core(tree[code].name) for code in among}
    same = [code for code, own in names.items() if own == wanted]
    if same:
        return same[0] if len(same) == 1 else None
    likeness = {code: difflib.SequenceMatcher(None, wanted, own).ratio() for code, own in names.items()}
    ranked = sorted(likeness, key=lambda code: -likeness[code])
    if not ranked or likeness[ranked[0]] < _ALIKE:
        return None
    clear = len(ranked) == 1 or likeness[ranked[0]] - likeness[ranked[1]] >= _APART
    return ranked[0] if clear else None


def _core(name: str) -> str:
    """A name without what different writers add: spaces, the word การ before it, sara am in two characters."""
    return _IDLE.sub("", folded(name))
