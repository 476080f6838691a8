"""Elements of Word's XML. What order the format demands among children is said here once, in `_ORDER`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from docx.oxml.ns import nsmap
from docx.oxml.parser import oxml_parser
from lxml import etree

from ita_xl.report.description import Bold, Text, lines_of

Element = etree._Element

_NAMESPACES = {
    **nsmap,
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}

_ORDER = {
    f"w:{parent}": {f"w:{child}": place for place, child in enumerate(children.split())}
    for parent, children in {
        "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd "
        "tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi "
        "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc "
        "textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
        "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
        "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd "
        "fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
        "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders "
        "lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid "
        "printerSettings sectPrChange",
        "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat "
        "locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
        "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
        "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
        "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign "
        "hideMark",
        "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
        "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
        "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
        "styles": "docDefaults latentStyles style",
    }.items()
}
_REPEATED = {"w:abstractNum", "w:num", "w:lvl", "w:style", "w:tblStylePr", "w:headerReference", "w:footerReference"}
"""Children of which there may be several."""


@cache
def tag(name: str) -> str:
    """A name such as "w:p" as lxml spells it."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def _named(element: Element) -> str:
    qualified = etree.QName(element)
    return f"w:{qualified.localname}" if qualified.namespace == _NAMESPACES["w"] else ""


def el(name: str, /, *children: Element | str | None, **attributes: object) -> Element:
    """An element such as "w:p" with its children, in the order that the format wants; None is left out. Attributes
    of w: elements are w: ones too, others have no prefix; r__id gives another one."""
    prefix = name.partition(":")[0]
    made = oxml_parser.makeelement(tag(name), nsmap={prefix: _NAMESPACES[prefix]})
    for key, value in attributes.items():
        qualified = key.replace("__", ":")
        if ":" not in qualified and prefix == "w":
            qualified = f"w:{qualified}"
        made.set(tag(qualified) if ":" in qualified else qualified, str(value))
    inside = [child for child in children if child is not None]
    if order := _ORDER.get(name):
        inside.sort(key=lambda child: order[_named(child)] if isinstance(child, etree._Element) else -1)
    for child in inside:
        if isinstance(child, str):
            made.text = child
        else:
            made.append(child)
    return made


def put(parent: Element, child: Element) -> Element:
    """Set a child where the format wants it, in the place of one of its kind. Returns it."""
    name = _named(child)
    order = _ORDER[_named(parent)]
    if name not in _REPEATED:
        drop(parent, name)
    after = (n for n, other in enumerate(parent) if order.get(_named(other), -1) > order[name])
    parent.insert(next(after, len(parent)), child)
    return child


def drop(parent: Element, *names: str) -> None:
    """Take children of these names away."""
    for name in names:
        for child in parent.findall(tag(name)):
            parent.remove(child)


def parse(content: bytes) -> Element:
    """The root of a part; entities in it are not followed."""
    return etree.fromstring(content, oxml_parser)


def val(parent: Element | None, path: str) -> str | None:
    """The w:val of the element at a path such as "w:pPr/w:numPr"; None if there is none."""
    found = None if parent is None else parent.find("/".join(map(tag, path.split("/"))))
    return None if found is None else found.get(tag("w:val"))


def look(*, size: float = 0, bold: bool = False, colour: str = "") -> Element | None:
    """Properties of letters. Thai ones are 'complex script' to Word: they obey bCs and szCs, not b and sz."""
    halves = round(size * 2)
    parts = [
        *((el("w:b"), el("w:bCs")) if bold else ()),
        *((el("w:color", val=colour),) if colour else ()),
        *((el("w:sz", val=halves), el("w:szCs", val=halves)) if size else ()),
    ]
    return el("w:rPr", *parts) if parts else None


def run(text: str, *, bold: bool = False) -> Element:
    """Letters of one line that look alike; tabs in them become Word's."""
    made = el("w:r", look(bold=bold))
    for number, part in enumerate(text.split("\t")):
        if number:
            made.append(el("w:tab"))
        if part:
            made.append(el("w:t", part, xml__space="preserve"))
    return made


def runs(line: Iterable[str | Bold], *, bold: bool = False) -> list[Element]:
    """The parts of a line."""
    return [run(part.text, bold=True) if isinstance(part, Bold) else run(part, bold=bold) for part in line]


def text_runs(text: Text, *, bold: bool = False) -> list[Element]:
    """A text, its lines parted by line breaks."""
    made: list[Element] = []
    for number, line in enumerate(lines_of(text)):
        made += [el("w:r", el("w:br"))] if number else []
        made += runs(line, bold=bold)
    return made


def paragraph(style: str, content: Iterable[Element] = (), *properties: Element | None) -> Element:
    """A paragraph of a style, by its id."""
    return el("w:p", el("w:pPr", el("w:pStyle", val=style), *properties), *content)
