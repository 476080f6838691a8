"""The parts around the sheets: which part holds which sheet, and the few changes that a run makes to them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import unquote

from lxml import etree

from ita_xl.engines.package.archive import Archive
from ita_xl.engines.port import OUR_NAMES
from ita_xl.files import slashed

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
_CONTENT_TYPES = "[Content_Types].xml"


def parse_xml(content: bytes, parser: etree.XMLParser = _PARSER) -> etree._Element:
    """An XML part as a tree. Raises `ValueError` for one with a document type: Office never writes it."""
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("DOCTYPE")
    return root


def serialised(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def local(element: etree._Element) -> str:
    """The name without its namespace: strict and transitional files differ only there."""
    return str(element.tag).rpartition("}")[2]


def elements(parent: etree._Element) -> list[etree._Element]:
    """Its children without comments and the like."""
    return [child for child in parent if isinstance(child.tag, str)]


def _listed(root: etree._Element, name: str, kind: str) -> list[etree._Element]:
    """What stands in one of a part's lists."""
    return [e for held in elements(root) if local(held) == name for e in elements(held) if local(e) == kind]


def drop(element: etree._Element) -> None:
    """Take an element out of what holds it."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def rels_of(part: str) -> str:
    """The part with a part's relationships; with those of the package itself for an empty name."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Book:
    """parts: the part of every worksheet by its title, in order. part: the workbook's own part.
    titles: of all sheets, those too that hold no cells, such as chart sheets. hidden: those that do not show.
    around: the other parts that the workbook names, by kind; common: the kinds of those that decide, with a sheet's
    own, what its cells mean. Raises `ValueError` for one that cannot be relied on."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.part = next(t for kind, _, t in self.targets(rels_of(""), "") if kind == "officeDocument")
        self.rels = rels_of(self.part)
        self._root = parse_xml(archive.read(self.part))
        related: dict[str, tuple[str, str]] = {}
        self.around: dict[str, str] = {}
        for kind, rid, part in self.targets(self.rels, posixpath.dirname(self.part)):
            if related.setdefault(rid, (kind, part)) != (kind, part):
                raise ValueError(f"{rid} twice")
            if part in archive:
                self.around[kind] = part
        self.common = [kind for kind in ("sharedStrings", "styles") if kind in self.around]
        self.titles = [sheet.get("name", "") for sheet in self._sheets()]
        self.hidden = {sheet.get("name", "") for sheet in self._sheets() if "idden" in sheet.get("state", "")}
        self.parts: dict[str, str] = {}
        for sheet in self._sheets():
            kind, target = related.get(_attribute(sheet, "id"), ("", ""))
            if kind == "worksheet":
                if target not in archive:
                    raise ValueError(f"{target} is missing")
                self.parts[sheet.get("name", "")] = target

    def _sheets(self) -> list[etree._Element]:
        return _listed(self._root, "sheets", "sheet")

    @property
    def namespace(self) -> str:
        """Of its own elements."""
        return etree.QName(self._root).namespace or ""

    @property
    def since_1904(self) -> bool:
        """Whether its dates count from 1904."""
        return any(local(e) == "workbookPr" and e.get("date1904") in ("1", "true") for e in elements(self._root))

    def targets(self, rels: str, folder: str) -> Iterable[tuple[str, str, str]]:
        """Kind, id and target part of every relationship in a part."""
        for relation in elements(parse_xml(self._archive.read(rels))):
            if relation.get("TargetMode") != "External":
                target = slashed(relation.get("Target", ""))
                part = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                part = part if part in self._archive else unquote(part)
                kind = relation.get("Type", "").rpartition("/")[2]
                yield kind, relation.get("Id", ""), self._archive.actual(part)

    def show(self, titles: Iterable[str]) -> None:
        """Make some sheets visible, and have the workbook recalculated when it is opened."""
        root = parse_xml(self._archive.read(self.part))
        wanted = set(titles)
        for element in _listed(root, "sheets", "sheet"):
            if element.get("name") in wanted:
                element.attrib.pop("state", None)
        calculation = next((e for e in elements(root) if local(e) == "calcPr"), None)
        if calculation is None:
            calculation = etree.Element(f"{{{etree.QName(root).namespace}}}calcPr")
            _before_first(root, calculation, _AFTER_CALC_PR)
        calculation.set("fullCalcOnLoad", "1")
        self._archive.write(self.part, serialised(root))

    def defined_names(self) -> list[etree._Element]:
        return _listed(self._root, "definedNames", "definedName")

    def our_names(self) -> Sequence[tuple[str, str]]:
        """The names of ours with the cells that each is for, as a formula names them."""
        return _our_names(self._archive.read(self.part))

    def set_names(self, names: Mapping[str, str]) -> None:
        """Give cells hidden names, or give those names to other cells. names: with the cells as a formula names
        them."""
        root = parse_xml(self._archive.read(self.part))
        space = etree.QName(root).namespace
        held = next((e for e in elements(root) if local(e) == "definedNames"), None)
        if held is None:
            held = etree.Element(f"{{{space}}}definedNames")
            _before_first(root, held, ["calcPr", *_AFTER_CALC_PR])
        known = {e.get("name"): e for e in elements(held) if not e.get("localSheetId")}
        for name, where in names.items():
            if name in known:
                known[name].text = where
                continue
            etree.SubElement(held, f"{{{space}}}definedName", name=name, hidden="1").text = where
        # Programs expect them in the order of the alphabet.
        held[:] = sorted(held, key=lambda e: ((e.get("name") or "").casefold(), int(e.get("localSheetId") or -1)))
        self._archive.write(self.part, serialised(root))

    def drop_calculation_chain(self) -> None:
        """The list of formula cells in their order names cells that we rewrite; programs make it anew."""
        if "calcChain" in self.around:
            self._archive.remove(self.around["calcChain"])
        for index in (_CONTENT_TYPES, self.rels):
            content = self._archive.read(index)
            if b"calcChain" in content:
                root = parse_xml(content)
                for entry in elements(root):
                    if "calcChain" in entry.get("ContentType", entry.get("Type", "")):
                        root.remove(entry)
                self._archive.write(index, serialised(root))


@lru_cache(maxsize=8)
def _our_names(xml: bytes) -> Sequence[tuple[str, str]]:
    names = _listed(parse_xml(xml), "definedNames", "definedName")
    ours = [e for e in names if e.get("name", "").startswith(OUR_NAMES)]
    # A copied sheet brings names of its own. They count only once what they were copied from is gone.
    ours.sort(key=lambda e: not e.get("localSheetId"))
    return [(name.get("name", ""), name.text or "") for name in ours]


_AFTER_CALC_PR = (
    "oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr "
    "webPublishObjects extLst"
).split()


def _before_first(root: etree._Element, new: etree._Element, followers: list[str]) -> None:
    """Insert an element where the schema wants it: before the first of those that must follow it."""
    for position, element in enumerate(root):
        if isinstance(element.tag, str) and local(element) in followers:
            root.insert(position, new)
            return
    root.append(new)


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute by its local name, such as r:id."""
    return next((v for k, v in element.attrib.items() if etree.QName(k).localname == name and k != name), "")
