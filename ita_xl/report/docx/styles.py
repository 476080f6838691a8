"""The styles of a report, and how they come to stand in a document that has some already.

A style is known by its name: a localised Word gives built-in ones ids of its own ("berschrift1"), but no other
names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from ita_xl.data import say
from ita_xl.report.docx.elements import Element, el, look, put, tag, val

FONT = "TH Sarabun New"
OLDER_FONT = "TH SarabunPSK"
"""What computers have that lack the newer one; its letters are the same."""

SIZE, SMALL, FOOT = 16, 14, 12
INK, PALE_BLUE, PALE_GREY, LINE, GREY = "262626", "DEEAF6", "F2F2F2", "7F7F7F", "595959"

FIRST_LINE = 1417
"""2.5 cm, in twips."""


class Style(StrEnum):
    """A style, by the id that we give it where a document lacks it."""

    TITLE = "Title"
    HEADING_1 = "Heading1"
    HEADING_2 = "Heading2"
    HEADING_3 = "Heading3"
    HEADER = "Header"
    FOOTER = "Footer"
    TEXT = "ITAText"
    LIST = "ITAList"
    LABEL = "ITALabel"
    CELL = "ITACell"
    HEAD = "ITAHead"
    GROUP = "ITAGroup"
    SIGN = "ITASign"
    ROUTE = "ITARoute"
    FIGURE = "ITAFigure"
    GAP = "ITAGap"
    TABLE = "ITATable"


HEADINGS = (Style.HEADING_1, Style.HEADING_2, Style.HEADING_3)
_BUILT_IN = {
    Style.TITLE: "Title",
    Style.HEADING_1: "heading 1",
    Style.HEADING_2: "heading 2",
    Style.HEADING_3: "heading 3",
    Style.HEADER: "header",
    Style.FOOTER: "footer",
}
_NORMAL, _TABLE = "Normal", "TableNormal"


def _spacing(before: int = 0, after: int = 0) -> Element:
    """Said in each style: an agency's own Normal may be loose."""
    return el("w:spacing", before=before, after=after, line=240, lineRule="auto")


def _ours() -> Iterator[Element]:
    """All of ours, each by what it is for."""
    keep, whole, spread = "w:keepNext", "w:keepLines", {"val": "thaiDistribute"}
    yield _style(
        Style.TITLE,
        (el(keep), _spacing(after=240), el("w:contextualSpacing"), el("w:jc", val="center")),
        look(size=20, bold=True),
        following=Style.TEXT,
    )
    for level, style in enumerate(HEADINGS):
        shape = (el(keep), el(whole), _spacing(240, 120), el("w:outlineLvl", val=level))
        yield _style(style, shape, look(size=SIZE if level else 18, bold=True), following=Style.TEXT)
    yield _style(Style.HEADER, (_spacing(),))
    yield _style(Style.FOOTER, (_spacing(),), look(size=FOOT, colour=GREY))
    first = el("w:ind", firstLine=FIRST_LINE)
    yield _style(Style.TEXT, (_spacing(after=120), first, el("w:jc", **spread)), look(size=SIZE))
    yield _style(Style.LIST, (_spacing(after=60), el("w:jc", **spread)), look(size=SIZE))
    yield _style(Style.LABEL, (_spacing(after=40),), look(size=SIZE))
    yield _style(Style.CELL, (_spacing(),), look(size=SMALL))
    bold = look(size=SMALL, bold=True)
    yield _style(Style.HEAD, (el(keep), el("w:jc", val="center")), bold, based=Style.CELL)
    yield _style(Style.GROUP, (el(keep),), look(size=SMALL, bold=True), based=Style.CELL)
    yield _style(Style.SIGN, (el(keep), el(whole), _spacing(), el("w:jc", val="center")), look(size=SIZE))
    yield _style(Style.ROUTE, (el(keep), el(whole), _spacing(before=120)), look(size=SIZE))
    yield _style(Style.FIGURE, (_spacing(120, 120), el("w:jc", val="center")))
    yield _style(Style.GAP, (el("w:spacing", before=0, after=0, line=120, lineRule="exact"),), look(size=4))
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = [el(f"w:{side}", val="single", sz=4, space=0, color=LINE) for side in sides]
    yield el(
        "w:style",
        el("w:name", val=name_of(Style.TABLE)),
        el("w:basedOn", val=_TABLE),
        el("w:qFormat"),
        el("w:tblPr", el("w:tblBorders", *lines), _cell_margins()),
        type="table",
        customStyle=1,
        styleId=Style.TABLE,
    )


def _style(
    style: Style,
    paragraph: tuple[Element, ...],
    letters: Element | None = None,
    *,
    based: str = _NORMAL,
    following: str = "",
) -> Element:
    custom = {} if style in _BUILT_IN else {"customStyle": 1}
    return el(
        "w:style",
        el("w:name", val=name_of(style)),
        el("w:basedOn", val=based),
        el("w:next", val=following) if following else None,
        el("w:qFormat"),
        el("w:pPr", *paragraph),
        letters,
        type="paragraph",
        **custom,
        styleId=style,
    )


def name_of(style: Style) -> str:
    """What a person sees a style called, which is how it is known."""
    return _BUILT_IN.get(style) or say(f"report.styles.{style.name.lower()}")


def blank() -> Element:
    """Styles of a document of its own: the official font in all scripts, and what everything is based on."""
    letters = el(
        "w:rPr",
        el("w:rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT),
        el("w:sz", val=SIZE * 2),
        el("w:szCs", val=SIZE * 2),
        el("w:lang", val="en-US", eastAsia="en-US", bidi="th-TH"),
    )
    return el(
        "w:styles",
        el("w:docDefaults", el("w:rPrDefault", letters), el("w:pPrDefault", el("w:pPr", _spacing()))),
        _default("paragraph", _NORMAL, "Normal", el("w:qFormat")),
        _plain_table(),
    )


def _default(kind: str, key: str, name: str, *properties: Element) -> Element:
    return el("w:style", el("w:name", val=name), *properties, type=kind, default=1, styleId=key)


def _plain_table() -> Element:
    rest = el("w:uiPriority", val=99), el("w:semiHidden"), el("w:unhideWhenUsed")
    shape = el("w:tblPr", el("w:tblInd", w=0, type="dxa"), _cell_margins())
    return _default("table", _TABLE, "Normal Table", *rest, shape)


def _cell_margins() -> Element:
    sides = (("top", 0), ("left", 108), ("bottom", 0), ("right", 108))
    return el("w:tblCellMar", *(el(f"w:{side}", w=width, type="dxa") for side, width in sides))


class Styles:
    """The styles of a document, ours among them.

    root: its w:styles. ids: of each style of ours the id that it has here. plain_table: the one without lines.
    """

    def __init__(self, root: Element) -> None:
        self._root = root
        self._by_name = {_key(style): style for style in root.iterfind(tag("w:style"))}
        renamed: dict[str, str] = {}
        for style in (_default("paragraph", _NORMAL, "Normal"), _plain_table()):
            self._settle(style, renamed)
        added = [style for style in _ours() if self._settle(style, renamed)]
        for style in added:
            for link in (*style.iterfind(tag("w:basedOn")), *style.iterfind(tag("w:next"))):
                link.set(tag("w:val"), renamed[link.get(tag("w:val"), "")])
        self.ids: Mapping[Style, str] = {style: renamed[style] for style in Style}
        self.plain_table = renamed[_TABLE]

    def _settle(self, style: Element, renamed: dict[str, str]) -> bool:
        """Add one, unless one of its name is there. renamed: gets its id. Returns whether it was added."""
        wanted = style.get(tag("w:styleId"), "")
        known = self._by_name.get(_key(style))
        if known is not None:
            renamed[wanted] = known.get(tag("w:styleId"), "")
            return False
        taken = {other.get(tag("w:styleId")) for other in self._root}
        free = wanted
        while free in taken:
            free += "x"
        style.set(tag("w:styleId"), free)
        renamed[wanted] = free
        if style.get(tag("w:default")) and any(self._defaults(style.get(tag("w:type"), ""))):
            del style.attrib[tag("w:default")]
        self._by_name[_key(style)] = put(self._root, style)
        return True

    def _defaults(self, kind: str) -> Iterator[bool]:
        for style in self._by_name.values():
            yield style.get(tag("w:type")) == kind and style.get(tag("w:default")) in ("1", "true", "on")

    def _of(self, style: Style) -> Element:
        return self._by_name[("table" if style is Style.TABLE else "paragraph", name_of(style).casefold())]

    def stops(self, style: Style) -> list[str]:
        """Where a style has tab stops, in twips."""
        found = self._of(style).iterfind(f"{tag('w:pPr')}/{tag('w:tabs')}/{tag('w:tab')}")
        return [stop.get(tag("w:pos"), "0") for stop in found]

    def number_headings(self, number: int) -> bool:
        """Link the headings to a list, unless each has numbers of its own. Returns whether they were linked."""
        if all(self._numbered(self._of(style)) for style in HEADINGS):
            return False
        for level, style in enumerate(HEADINGS):
            shape = self._of(style).find(tag("w:pPr"))
            if shape is None:
                shape = put(self._of(style), el("w:pPr"))
            put(shape, el("w:numPr", el("w:ilvl", val=level), el("w:numId", val=number)))
        return True

    def _numbered(self, style: Element | None) -> bool:
        by_id = {other.get(tag("w:styleId")): other for other in self._by_name.values()}
        seen: set[str | None] = set()
        while style is not None and style.get(tag("w:styleId")) not in seen:
            seen.add(style.get(tag("w:styleId")))
            number = val(style, "w:pPr/w:numPr/w:numId")
            if number is not None:
                return number != "0"
            style = by_id.get(val(style, "w:basedOn"))
        return False


def _key(style: Element) -> tuple[str, str]:
    return style.get(tag("w:type"), "paragraph"), (val(style, "w:name") or "").casefold()
