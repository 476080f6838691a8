"""The parts that a document has or gets, and those that must not leave with it."""

from __future__ import annotations

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart
from docx.package import Package
from docx.parts.document import DocumentPart
from docx.parts.numbering import NumberingPart
from docx.parts.styles import StylesPart
from lxml import etree

from ita_xl.report.docx.elements import Element, drop, el, parse, tag
from ita_xl.report.docx.styles import blank

_BY_KIND = {
    *("styles", "numbering", "settings", "webSettings", "fontTable", "theme", "footnotes", "endnotes", "customXml"),
    "glossaryDocument",
}
"""Relations of a document that its text does not name. All others go when nothing in it names them: pictures and
links of a template's own text, comments with the names of who made them, and Word 2010's second copy of the styles,
which would contradict the first."""

_NOTES = ("footnotes", "endnotes")
_GOES = ("thumbnail", "origin")
"""Of a package: the picture of its former first page, and signatures of what it was."""

_SETTINGS = ("attachedTemplate", "mailMerge", "documentProtection", "writeProtection")
"""What names files of whoever made a template, asks for them, or leaves nothing of the text to be written in."""


def styles(part: DocumentPart) -> Element:
    """The w:styles of a document, which gets them where it has none."""
    return _root(part, StylesPart, "styles", CONTENT_TYPE.WML_STYLES, RELATIONSHIP_TYPE.STYLES, blank())


def numbering(part: DocumentPart) -> Element:
    """The w:numbering of a document, which gets one where it has none."""
    kind = CONTENT_TYPE.WML_NUMBERING
    return _root(part, NumberingPart, "numbering", kind, RELATIONSHIP_TYPE.NUMBERING, el("w:numbering"))


def _root(
    part: DocumentPart, form: type[XmlPart], name: str, kind: str, relation: str, otherwise: Element
) -> Element:
    try:
        found = part.part_related_by(relation)
    except KeyError:
        found = form(PackURI(f"/word/{name}.xml"), kind, otherwise, package_of(part))  # type: ignore[arg-type]  # lxml's own type
        part.relate_to(found, relation)
    assert isinstance(found, XmlPart)
    root: Element = found.element
    return root


def package_of(part: Part) -> Package:
    """The package that a part is in."""
    package: Package | None = part.package
    assert package is not None
    return package


def tidy(part: DocumentPart) -> None:
    """Take away what belonged to a template's own text, or to who made it."""
    package = package_of(part)
    _forget(package, {key for key, relation in package.rels.items() if _kind(relation.reltype) in _GOES})
    for relation in list(part.rels.values()):
        if _kind(relation.reltype) in _NOTES:
            _without_notes(relation.target_part)
        elif _kind(relation.reltype) == "settings" and isinstance(relation.target_part, XmlPart):
            drop(relation.target_part.element, *(f"w:{name}" for name in _SETTINGS))
            _forget(relation.target_part, _unnamed(relation.target_part))
    _forget(part, _unnamed(part))


def _kind(relation: str) -> str:
    return relation.rpartition("/")[2]


def _unnamed(part: XmlPart) -> set[str]:
    """Relations that nothing in a part names, though it should."""
    prefix = tag("r:id").removesuffix("id")
    named = {
        value
        for element in part.element.iter(etree.Element)
        for key, value in element.items()
        if key.startswith(prefix)
    }
    return {key for key, one in part.rels.items() if key not in named and _kind(one.reltype) not in _BY_KIND}


def _forget(owner: Part | Package, relations: set[str]) -> None:
    for key in relations:
        del owner.rels[key]


def _without_notes(part: Part) -> None:
    """Notes of the former text go; the lines above notes stay, which the settings name."""
    root = parse(part.blob)
    for note in list(root):
        if note.get(tag("w:type")) is None:
            root.remove(note)
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
