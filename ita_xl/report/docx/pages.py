"""Pages: their size and margins, what stands above and below, and the word that lies across a draft."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass

from docx.enum.section import WD_HEADER_FOOTER
from docx.oxml.section import CT_SectPr
from docx.parts.document import DocumentPart
from docx.section import Section

from ita_xl.data import say
from ita_xl.report.docx.elements import Element, drop, el, paragraph, put, run, tag, val
from ita_xl.report.docx.styles import FONT, Style, Styles

_TWIP = 635
"""In the units that python-docx measures in."""

_SHORT, _LONG = 11906, 16838
"""A4, in twips."""

_PAGE, _PAGES = "\ue000", "\ue001"
"""Stand in a text for the number of the page and of all pages."""


def a4() -> Element:
    """The properties of an upright page: 3 cm at the left, where papers are bound, 2 at the right and below."""
    margins = {"top": 1417, "right": 1134, "bottom": 1134, "left": 1701, "header": 709, "footer": 567, "gutter": 0}
    return el("w:sectPr", el("w:pgSz", w=_SHORT, h=_LONG), el("w:pgMar", **margins))


@dataclass(frozen=True, slots=True)
class Room:
    """What a page has for a text, in twips."""

    width: int
    height: int


class Pages:
    """The sections of a document, after the last one that its body has; takes the place of all that it has."""

    def __init__(self, part: DocumentPart, styles: Styles, *, footer: str, thai_digits: bool, draft: str) -> None:
        self._part = part
        self._styles = styles
        self._footer = footer
        self._thai = thai_digits
        self._model = _model(part.element)
        self._even = part.document.settings.odd_and_even_pages_header_footer
        self._first = True
        self._made: dict[bool, Element] = {}
        if thai_digits:
            known = self._model.find(tag("w:pgNumType"))
            number = put(self._model, el("w:pgNumType") if known is None else deepcopy(known))
            number.set(tag("w:fmt"), "thaiNumbers")
        if draft:
            for kind in self._kinds(self._model):
                reference = _typed(self._model).get_headerReference(kind)
                header = part.add_header_part() if reference is None else (part.header_part(reference.rId), "")
                if reference is None:
                    _typed(self._model).add_headerReference(kind, header[1])
                _lay_across(header[0].element, draft, self._styles.ids[Style.HEADER])

    def room(self, *, landscape: bool) -> Room:
        """Between the margins of a page."""
        section = Section(_typed(self._turned(landscape)), self._part)
        high, across = section.page_height or 0, section.page_width or 0
        width = across - sum(one or 0 for one in (section.left_margin, section.right_margin, section.gutter))
        height = high - abs(section.top_margin or 0) - abs(section.bottom_margin or 0)
        return Room(max(width // _TWIP, 1000), max(height // _TWIP, 1000))

    def section(self, *, landscape: bool) -> Element:
        """The properties of the next section. Only the first one may begin with a page of its own kind, and count
        its pages from a number."""
        made = deepcopy(self._turned(landscape))
        if not self._first:
            drop(made, "w:titlePg")
            if (number := made.find(tag("w:pgNumType"))) is not None:
                number.attrib.pop(tag("w:start"), None)
            put(made, el("w:type", val="nextPage"))
        self._first = False
        return made

    def _turned(self, landscape: bool) -> Element:
        if landscape not in self._made:
            made = deepcopy(self._model)
            size = made.find(tag("w:pgSz"))
            assert size is not None
            sides = sorted((int(size.get(tag("w:w"), _SHORT)), int(size.get(tag("w:h"), _LONG))), reverse=landscape)
            size.set(tag("w:w"), str(sides[0]))
            size.set(tag("w:h"), str(sides[1]))
            size.attrib.pop(tag("w:orient"), None)
            if landscape:
                size.set(tag("w:orient"), "landscape")
            self._made[landscape] = made
            width = self.room(landscape=landscape).width
            for kind in self._kinds(made):
                reference = _typed(made).get_footerReference(kind)
                if reference is not None and not _is_empty(self._part.footer_part(reference.rId).element):
                    continue
                if reference is not None:
                    made.remove(reference)
                footer, key = self._part.add_footer_part()
                _typed(made).add_footerReference(kind, key)
                self._number(footer.element, width)
        return self._made[landscape]

    def _kinds(self, section: Element) -> list[WD_HEADER_FOOTER]:
        """The headers and footers that pages of a section show."""
        first = [WD_HEADER_FOOTER.FIRST_PAGE] if _typed(section).titlePg_val else []
        return [WD_HEADER_FOOTER.PRIMARY, *first, *([WD_HEADER_FOOTER.EVEN_PAGE] if self._even else [])]

    def _number(self, footer: Element, width: int) -> None:
        """Fill a footer. The number of all pages is left out among Thai digits: LibreOffice takes the switch that
        Word needs there for Thai letters."""
        text = say("report.page", page=_PAGE) if self._thai else say("report.page_of", page=_PAGE, pages=_PAGES)
        content = [run(self._footer), el("w:r", el("w:tab"))]
        for words in filter(None, re.split(f"([{_PAGE}{_PAGES}])", text)):
            kind = {_PAGE: "PAGE", _PAGES: "NUMPAGES"}.get(words)
            content += self._field(kind) if kind else [run(words)]
        others = [el("w:tab", val="clear", pos=at) for at in self._styles.stops(Style.FOOTER) if at != str(width)]
        right = el("w:tabs", *others, el("w:tab", val="right", pos=width))
        footer[:] = [paragraph(self._styles.ids[Style.FOOTER], content, right)]

    def _field(self, kind: str) -> list[Element]:
        """A number that Word counts; one stands there until it does."""
        steps = [el("w:r", el("w:fldChar", fldCharType=step)) for step in ("begin", "separate", "end")]
        code = el("w:r", el("w:instrText", f" {kind} ", xml__space="preserve"))
        return [steps[0], code, steps[1], run("๑" if self._thai else "1"), steps[2]]


def _model(root: Element) -> Element:
    """The properties of the last section of a document, with what it takes over from those before it."""
    own = root.find(f"{tag('w:body')}/{tag('w:sectPr')}")
    before = list(root.iterfind(f".//{tag('w:pPr')}/{tag('w:sectPr')}"))
    model = a4() if own is None else deepcopy(own)
    for name in ("w:headerReference", "w:footerReference"):
        references = [one for section in (*before, model) for one in section.iterfind(tag(name))]
        latest = {one.get(tag("w:type"), "default"): deepcopy(one) for one in references}
        drop(model, name)
        for reference in latest.values():
            put(model, reference)
    for name in ("w:pgSz", "w:pgMar"):
        if model.find(tag(name)) is None:
            put(model, deepcopy(a4().find(tag(name))))  # type: ignore[arg-type]  # it has both
    drop(model, "w:sectPrChange", "w:type")
    columns = model.find(tag("w:cols"))
    if columns is not None and columns.get(tag("w:num"), "1") != "1":
        drop(model, "w:cols")
    return model


def _typed(section: Element) -> CT_SectPr:
    """The same element as python-docx knows it."""
    assert isinstance(section, CT_SectPr)
    return section


def _is_empty(content: Element) -> bool:
    shown = ("w:t", "w:drawing", "w:pict", "w:object", "w:fldSimple", "w:instrText")
    return not any(next(content.iter(tag(name)), None) is not None for name in shown)


_WORD_ART = "_x0000_t136"


def _lay_across(header: Element, word: str, style: str) -> None:
    """Put a word across the pages of a header, as Word's own command does, which also takes it away again."""
    last = header.find(tag("w:p"))
    if last is None:
        last = paragraph(style)
        header.append(last)
    elif val(last, "w:pPr/w:pStyle") == "Header" != style:
        last.find(f"{tag('w:pPr')}/{tag('w:pStyle')}").set(tag("w:val"), style)  # type: ignore[union-attr]
    letters = max(len(re.sub("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", "", word)), 1)
    width = min(440, 80 * letters)
    height = min(160, width * 2 // letters)
    place = {
        "position": "absolute",
        "margin-left": "0",
        "margin-top": "0",
        "width": f"{width}pt",
        "height": f"{height}pt",
        "rotation": "315",
        "z-index": "-251658752",
        "mso-position-horizontal": "center",
        "mso-position-horizontal-relative": "margin",
        "mso-position-vertical": "center",
        "mso-position-vertical-relative": "margin",
    }
    shape = el(
        "v:shape",
        el("v:fill", opacity=".5"),
        el("v:textpath", style=f"font-family:'{FONT}';font-size:1pt", string=word),
        id="PowerPlusWaterMarkObject1",
        o__spid="_x0000_s9001",
        type=f"#{_WORD_ART}",
        alt=word,
        style=";".join(f"{key}:{value}" for key, value in place.items()),
        o__allowincell="f",
        fillcolor="silver",
        stroked="f",
    )
    last.append(el("w:r", el("w:rPr", el("w:noProof")), el("w:pict", _word_art(), shape)))


def _word_art() -> Element:
    """The kind of shape that bends letters along a line."""
    formulas = (
        *("sum #0 0 10800", "prod #0 2 1", "sum 21600 0 @1", "sum 0 0 @2", "sum 21600 0 @3"),
        *("if @0 @3 0", "if @0 21600 @1", "if @0 0 @2", "if @0 @4 21600", "mid @5 @6", "mid @8 @5", "mid @7 @8"),
        *("mid @6 @7", "sum @6 0 @5"),
    )
    corners = {"o__connecttype": "custom", "o__connectlocs": "@9,0;@10,10800;@11,21600;@12,10800"}
    return el(
        "v:shapetype",
        el("v:formulas", *(el("v:f", eqn=formula) for formula in formulas)),
        el("v:path", textpathok="t", **corners, o__connectangles="270,180,90,0"),
        el("v:textpath", on="t", fitshape="t"),
        el("v:handles", el("v:h", position="#0,bottomRight", xrange="6629,14971")),
        el("o:lock", v__ext="edit", text="t", shapetype="t"),
        id=_WORD_ART,
        coordsize="21600,21600",
        o__spt="136",
        adj="10800",
        path="m@7,l@8,m@5,21600l@6,21600e",
    )
