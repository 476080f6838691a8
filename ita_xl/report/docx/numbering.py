"""The numbers of headings and lists, which Word counts."""

from __future__ import annotations

from ita_xl.report.docx.elements import Element, el, put, tag
from ita_xl.report.docx.styles import HEADINGS, Styles

_LEFT, _HANGING = 1984, 567
"""Of a list, in twips: its marks stand where the first line of a paragraph begins."""


class Numbering:
    """The lists of a document. Ours get ids beyond all that its w:numbering has."""

    def __init__(self, root: Element, styles: Styles, *, thai_digits: bool) -> None:
        self._root = root
        self._form = "thaiNumbers" if thai_digits else "decimal"
        self._without = 0
        self._dashes = 0
        self._numbered = 0
        headings = self._next("w:num", "w:numId")
        if styles.number_headings(headings):
            levels = [
                _level(
                    level,
                    el("w:numFmt", val=self._form),
                    el("w:pStyle", val=styles.ids[style]),
                    el("w:suff", val="space"),
                    text=".".join(f"%{above + 1}" for above in range(level + 1)) + ("" if level else "."),
                )
                for level, style in enumerate(HEADINGS)
            ]
            self._list(self._scheme("1A71E001", "multilevel", levels))

    def _next(self, name: str, attribute: str) -> int:
        return 1 + max((int(one.get(tag(attribute), 0)) for one in self._root.iterfind(tag(name))), default=0)

    def _scheme(self, key: str, kind: str, levels: list[Element]) -> int:
        """What lists look like. key: by which Word tells schemes apart."""
        number = self._next("w:abstractNum", "w:abstractNumId")
        parts = el("w:nsid", val=key), el("w:multiLevelType", val=kind), *levels
        put(self._root, el("w:abstractNum", *parts, abstractNumId=number))
        return number

    def _list(self, scheme: int, *overrides: Element) -> int:
        number = self._next("w:num", "w:numId")
        put(self._root, el("w:num", el("w:abstractNumId", val=scheme), *overrides, numId=number))
        return number

    def without(self) -> int:
        """The id of a list that shows no numbers, for headings that have none."""
        if not self._without:
            blank = [
                _level(level, el("w:numFmt", val="none"), el("w:suff", val="nothing"), text="")
                for level in range(len(HEADINGS))
            ]
            self._without = self._list(self._scheme("1A71E004", "multilevel", blank))
        return self._without

    def listing(self, *, numbered: bool) -> int:
        """The id of a new list with numbers, which begins with 1, or of the one with dashes."""
        if not numbered:
            dash = (el("w:numFmt", val="bullet"), _indented())
            self._dashes = self._dashes or self._list(
                self._scheme("1A71E002", "singleLevel", [_level(0, *dash, text="-")])
            )
            return self._dashes
        number = el("w:numFmt", val=self._form), _indented()
        self._numbered = self._numbered or self._scheme("1A71E003", "singleLevel", [_level(0, *number, text="%1.")])
        return self._list(self._numbered, el("w:lvlOverride", el("w:startOverride", val=1), ilvl=0))


def _indented() -> Element:
    return el("w:pPr", el("w:ind", left=_LEFT, hanging=_HANGING))


def _level(number: int, *parts: Element, text: str) -> Element:
    shape = el("w:start", val=1), el("w:lvlText", val=text), el("w:lvlJc", val="left")
    return el("w:lvl", *shape, *parts, ilvl=number)
