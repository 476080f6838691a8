"""Charts, pictures and shapes of a sheet, taken over into a package of published sheets."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from lxml import etree

from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book, drop, elements, local, parse_xml, rels_of, serialised
from ita_xl.layout.address import Area, sheet_and_areas
from ita_xl.publishing.visible import Visible

Relation = tuple[str, str]
"""Kind and target of a relationship; its place in the list gives its id. A kind of another family has its
whole address."""

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
    """Takes over drawings. sights: of the sheets that come along, by title. relations: the namespace of
    relationships.

    types and extensions: what the new package must declare. left_out: so many objects could not come along.
    """

    book: Book
    old: Archive
    new: Archive
    sights: Mapping[str, Visible]
    relations: str
    types: dict[str, str] = field(default_factory=dict)
    extensions: dict[str, str] = field(default_factory=dict)
    left_out: int = 0
    _pictures: dict[str, str] = field(default_factory=dict)

    def objects(self, sheet: etree._Element, part: str) -> list[Area]:
        """The cells under each object of a sheet."""
        _, source = self._drawing_of(sheet, part)
        return [under for anchor in parse_xml(self.old.read(source)) if (under := _under(anchor))] if source else []

    def take_over(self, sheet: etree._Element, part: str, shown: Visible) -> list[Relation]:
        """A sheet's drawing, so far as it is printed; the sheet's tree then points to it. Gives what the sheet
        relates to."""
        place, source = self._drawing_of(sheet, part)
        relations: list[Relation] = []
        drawing = self._reduced(source, shown, relations) if source else None
        if place is None:
            return []
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

    def _drawing_of(self, sheet: etree._Element, part: str) -> tuple[etree._Element | None, str]:
        """Where a sheet's tree points to its drawing, and the drawing's part; empty if there is none."""
        place = next((e for e in sheet if isinstance(e.tag, str) and local(e) == "drawing"), None)
        source = "" if place is None else self._related(part).get(place.get(self._name("id"), ""), "")
        return place, source

    def relate(self, part: str, relations: Collection[Relation]) -> None:
        """Write a new part's relationships, numbered from rId1."""
        root = etree.Element(f"{{{_PACKAGE}}}Relationships", nsmap={None: _PACKAGE})
        for number, (kind, target) in enumerate(relations, 1):
            entry = etree.SubElement(root, f"{{{_PACKAGE}}}Relationship", Id=f"rId{number}")
            entry.set("Type", kind if "://" in kind else f"{self.relations}/{kind}")
            entry.set("Target", target)
        if len(root):
            self.new.write(rels_of(part), serialised(root))

    def _reduced(self, part: str, shown: Visible, relations: list[Relation]) -> etree._Element:
        root = parse_xml(self.old.read(part))
        etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
        related = self._related(part)
        empty: list[etree._Element] = []
        for anchor in list(root):
            under = _under(anchor)
            printed = under is not None and shown.covers(under.first)
            says_nothing = printed and self._says_nothing(anchor, related)
            if says_nothing:
                empty.append(anchor)
            kept = printed and not says_nothing and self._take(anchor, related, relations)
            if not kept:
                root.remove(anchor)
            self.left_out += printed and not kept and not says_nothing
        for anchor in empty:
            _give_room(root, anchor, shown)
        return root

    def _says_nothing(self, anchor: etree._Element, related: dict[str, str]) -> bool:
        """Whether a chart draws cells of sheets that come along, but none that holds a figure."""
        sources = [related.get(e.get(self._name("id"), ""), "") for e in anchor.iter() if local(e) == "chart"]
        if not sources or sources[0] not in self.old:
            return False
        root = parse_xml(self.old.read(sources[0]))
        known = all(sheet_and_areas(formula.text or "")[0] in self.sights for formula in _formulas(root))
        return known and bool(_series(root)) and not self._lean(root)

    def _lean(self, chart: etree._Element) -> bool:
        """Take the series without figures out of a chart; False if nothing is left. Bars beside each other compare,
        and one alone has nothing that it could be compared with."""
        for series in (every := _series(chart)):
            values = [f for e in series.iter() if local(e) == "val" for f in _formulas(e)]
            if values and not any(self._has_figures(formula.text or "") for formula in values):
                drop(series)
        left = _series(chart)
        beside = any(local(e) == "grouping" and e.get("val") == "clustered" for e in chart.iter())
        sharing = any(local(e) == "overlap" and e.get("val") == "100" for e in chart.iter())
        return len(left) > (1 if beside and not sharing and len(every) > 1 else 0)

    def _has_figures(self, formula: str) -> bool:
        title, areas = sheet_and_areas(formula)
        sight = self.sights[title]
        found = ((row, value) for area in areas for (row, _), value in sight.grid.within(area))
        return any(row not in sight.hidden_rows and isinstance(value, int | float) for row, value in found)

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
        leads_out = any(n.startswith(f"{{{self.relations}}}") for e in root.iter() for n in e.attrib)
        if leads_out or any(
            sheet_and_areas(formula.text or "")[0] not in self.sights for formula in _formulas(root)
        ):
            return ""
        self._lean(root)
        self._fit(root)
        number = sum(kind == _CHART for kind in self.types.values()) + 1
        new = f"xl/charts/chart{number}.xml"
        self.new.write(new, serialised(root))
        self.types[new] = _CHART
        return new

    def _fit(self, chart: etree._Element) -> None:
        """End what a chart draws at the last row that is shown. Figures that are only there for it are hidden, and
        stand closer together."""
        for formula in _formulas(chart):
            title, areas = sheet_and_areas(formula.text or "")
            if len(areas) != 1 or areas[0].top == areas[0].bottom:
                continue
            sight, (drawn,) = self.sights[title], areas
            rows = [row for row in range(drawn.top, drawn.bottom + 1) if row not in sight.hidden_rows]
            for figures in (one for one in sight.figures if one.__contains__(drawn.first)):
                rows = [sight.gathered(figures).bottom]
                for visible in (e for e in chart.iter() if local(e) == "plotVisOnly"):
                    visible.set("val", "0")
            if rows:
                shorter = drawn._replace(bottom=rows[-1]).absolute()
                formula.text = f"{(formula.text or '').rpartition('!')[0]}!{shorter}"

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


def _formulas(chart: etree._Element) -> list[etree._Element]:
    """What a chart, or a part of one, draws."""
    return [e for e in chart.iter() if isinstance(e.tag, str) and local(e) == "f"]


def _series(chart: etree._Element) -> list[etree._Element]:
    return [e for e in chart.iter() if isinstance(e.tag, str) and local(e) == "ser"]


def _under(anchor: etree._Element) -> Area | None:
    """The cells under an object; of one that only begins at a cell that cell."""
    numbers = {
        (local(marker), local(e)): int(e.text or "")
        for marker in elements(anchor)
        if local(marker) in ("from", "to")
        for e in elements(marker)
    }
    if ("from", "row") not in numbers or ("from", "col") not in numbers:
        return None
    top, left = numbers["from", "row"] + 1, numbers["from", "col"] + 1
    # An object that ends at the very beginning of a cell does not cover it.
    bottom, right = (numbers.get(("to", n), -1) + (numbers.get(("to", f"{n}Off")) != 0) for n in ("row", "col"))
    return Area(top, left, max(top, bottom), max(left, right))


def _give_room(drawing: etree._Element, empty: etree._Element, shown: Visible) -> None:
    """The room of a chart that is left out goes to the one left of it; if nothing is beside it, its rows are
    hidden."""
    room = _under(empty)
    beside = [
        (a, u) for a in drawing if room and (u := _under(a)) and u.top <= room.bottom and room.top <= u.bottom
    ]
    for anchor, under in beside:
        if room and under.right == room.left - 1 and (under.top, under.bottom) == (room.top, room.bottom):
            ends = [next(m for m in elements(a) if local(m) == "to") for a in (anchor, empty)]
            ends[0].addnext(ends[1])
            drop(ends[0])
    if room and not beside:
        rows = range(room.top, room.bottom + 1)
        shown.hidden_rows.update(r for r in rows if not any(shown.says((r, n)) for n in shown.grid.columns_of(r)))


def _quieten(root: etree._Element) -> None:
    """Take out what says more than what is drawn: links, alternative texts (often the path of a picture's file),
    macros, extensions."""
    for element in [e for e in root.iter() if local(e) in _TELLING]:
        drop(element)
    for element in root.iter():
        telling = ("macro", "textlink", *(("descr", "title") if local(element) == "cNvPr" else ()))
        for name in telling:
            element.attrib.pop(name, None)
