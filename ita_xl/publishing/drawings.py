"""Charts, pictures and shapes of a sheet, taken over into a package of published sheets."""

from __future__ import annotations

import posixpath
from collections.abc import Collection
from dataclasses import dataclass, field

from lxml import etree

from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book, local, parse_xml, rels_of, serialised
from ita_xl.layout.address import sheet_and_areas
from ita_xl.publishing.sheet import Visible

Relation = tuple[str, str]
"""Kind and target of a relationship; its place in the list gives its id."""

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_PICTURES = {
    **{ending: f"image/{ending}" for ending in ("png", "jpeg", "gif", "bmp")},
    "jpg": "image/jpeg",
    "emf": "image/x-emf",
    "wmf": "image/x-wmf",
}
_KINDS = {"graphicFrame", "pic", "sp", "cxnSp"}
_TELLING = {
    *("extLst", "hlinkClick", "hlinkHover", "externalData", "userShapes", "printSettings", "AlternateContent"),
}
"""Elements that say more than what is drawn, or lead out of the workbook."""


@dataclass
class Drawings:
    """Takes over drawings. titles: of the sheets that come along; relations: the namespace of relationships.

    types and extensions: what the new package must declare. left_out: so many objects could not come along.
    """

    book: Book
    old: Archive
    new: Archive
    titles: Collection[str]
    relations: str
    types: dict[str, str] = field(default_factory=dict)
    extensions: dict[str, str] = field(default_factory=dict)
    left_out: int = 0
    _pictures: dict[str, str] = field(default_factory=dict)

    def take_over(self, sheet: etree._Element, part: str, shown: Visible) -> list[Relation]:
        """A sheet's drawing, so far as it is printed; the sheet's tree then points to it. Gives what the sheet
        relates to."""
        place = next((e for e in sheet if isinstance(e.tag, str) and local(e) == "drawing"), None)
        if place is None:
            return []
        source = self._related(part).get(place.get(self._name("id"), ""), "")
        relations: list[Relation] = []
        drawing = self._reduced(source, shown, relations) if source else None
        if drawing is None or not len(drawing):
            sheet.remove(place)
            return []
        number = sum(kind == _DRAWING for kind in self.types.values()) + 1
        new = f"xl/drawings/drawing{number}.xml"
        self.new.write(new, serialised(drawing))
        self.types[new] = _DRAWING
        self.relate(new, relations)
        place.attrib.clear()
        place.set(self._name("id"), "rId1")
        return [("drawing", f"/{new}")]

    def relate(self, part: str, relations: Collection[Relation]) -> None:
        """Write a new part's relationships, numbered from rId1."""
        root = etree.Element(f"{{{_PACKAGE}}}Relationships", nsmap={None: _PACKAGE})
        for number, (kind, target) in enumerate(relations, 1):
            entry = etree.SubElement(root, f"{{{_PACKAGE}}}Relationship", Id=f"rId{number}")
            entry.set("Type", f"{self.relations}/{kind}")
            entry.set("Target", target)
        if len(root):
            self.new.write(rels_of(part), serialised(root))

    def _reduced(self, part: str, shown: Visible, relations: list[Relation]) -> etree._Element:
        root = parse_xml(self.old.read(part))
        etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
        related = self._related(part)
        for anchor in list(root):
            at = [int(e.text or "") for e in anchor.iter() if local(e) in ("col", "row")][:2]
            printed = len(at) == 2 and shown.covers((at[1] + 1, at[0] + 1))
            kept = printed and self._take(anchor, related, relations)
            if not kept:
                root.remove(anchor)
            self.left_out += printed and not kept
        return root

    def _take(self, anchor: etree._Element, related: dict[str, str], relations: list[Relation]) -> bool:
        """Take over what hangs on an anchor; False for what cannot come along."""
        if not any(local(child) in _KINDS for child in anchor):
            return False
        _quieten(anchor)
        found: list[tuple[etree._Element, str, Relation]] = []
        for element in anchor.iter():
            for name in [n for n in element.attrib if n.startswith(f"{{{self.relations}}}")]:
                source = related.get(element.get(name, ""), "")
                kind = (local(element), etree.QName(name).localname)
                new = self._chart(source) if kind == ("chart", "id") else ""
                new = self._picture(source) if kind == ("blip", "embed") else new
                if not new:
                    return False
                found.append((element, name, ("chart" if kind[0] == "chart" else "image", f"/{new}")))
        for element, name, relation in found:
            relations.append(relation)
            element.set(name, f"rId{len(relations)}")
        return True

    def _chart(self, part: str) -> str:
        """The new part of a chart; empty if it draws what does not come along."""
        if part not in self.old:
            return ""
        root = parse_xml(self.old.read(part))
        etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
        _quieten(root)
        formulas = [e.text or "" for e in root.iter() if local(e) == "f"]
        leads_out = any(n.startswith(f"{{{self.relations}}}") for e in root.iter() for n in e.attrib)
        if leads_out or any(sheet_and_areas(formula)[0] not in self.titles for formula in formulas):
            return ""
        number = sum(kind == _CHART for kind in self.types.values()) + 1
        new = f"xl/charts/chart{number}.xml"
        self.new.write(new, serialised(root))
        self.types[new] = _CHART
        return new

    def _picture(self, part: str) -> str:
        """The new part of a picture; empty for a kind that no program shows."""
        ending = posixpath.splitext(part)[1].lower().lstrip(".")
        if part not in self.old or ending not in _PICTURES:
            return ""
        if part not in self._pictures:
            self._pictures[part] = f"xl/media/image{len(self._pictures) + 1}.{ending}"
            self.new.write(self._pictures[part], self.old.read(part))
            self.extensions[ending] = _PICTURES[ending]
        return self._pictures[part]

    def _related(self, part: str) -> dict[str, str]:
        """Target parts by relationship id."""
        rels = rels_of(part)
        if rels not in self.old:
            return {}
        return {rid: target for _, rid, target in self.book.targets(rels, posixpath.dirname(part))}

    def _name(self, name: str) -> str:
        return f"{{{self.relations}}}{name}"


def _quieten(root: etree._Element) -> None:
    """Take out what says more than what is drawn: links, alternative texts (often the path of a picture's file),
    macros, extensions."""
    for element in [e for e in root.iter() if local(e) in _TELLING]:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    for element in root.iter():
        telling = ("macro", "textlink", *(("descr", "title") if local(element) == "cNvPr" else ()))
        for name in telling:
            element.attrib.pop(name, None)
