"""What became of every part of a workbook: python -m tools.parts BEFORE.xlsx AFTER.xlsx

Ends with exit code 1 when a part that is not ours was changed, lost or added.
"""

from __future__ import annotations

import posixpath
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable
from enum import StrEnum
from pathlib import Path

from lxml import etree

from ita_xl.domain.thai import same_text
from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book, local, parse_xml
from ita_xl.engines.package.hanging import tail
from ita_xl.engines.package.plain import plain
from ita_xl.engines.package.sheetxml import parse
from ita_xl.layout import HOME, WRITTEN
from ita_xl.layout.home import FORMULA_CELLS


class State(StrEnum):
    SAME = "same"
    """The compressed stream is identical."""
    OURS = "ours"
    """A sheet of ours of which only rows differ and where what hangs on them is, a part of which only that differs,
    or one that came with such a sheet."""
    COMPUTED = "computed"
    """The first sheet, of which only the stored results of our formulas differ."""
    REFRESHED = "refreshed"
    """A chart of which only the stored values from our sheets differ."""
    APPENDED = "appended"
    """An index of the package that says all that it said, and more."""
    DROPPED = "dropped"
    """The calculation chain, which programs make anew."""
    CHANGED = "CHANGED"
    LOST = "LOST"
    ADDED = "ADDED"


BAD = {State.CHANGED, State.LOST, State.ADDED}
_CHAIN = "calcChain.xml"


def report(before: bytes, after: bytes) -> dict[str, State]:
    """The state of every part of two packages, in the order of the newer one, lost parts last."""
    old, new = Archive(before), Archive(after)
    book = Book(new)
    ours = {part for title, part in book.parts.items() if _is_ours(title)}
    came = reached(book, new, ours)
    indexes = {"[Content_Types].xml", "xl/styles.xml", book.part, book.rels}

    def state(name: str) -> State:
        if name not in new:
            return State.DROPPED if posixpath.basename(name) == _CHAIN else State.LOST
        if name not in old:
            return State.OURS if name in came else State.ADDED
        was, now = old.read(name), new.read(name)
        if was == now and old.stream(name) == new.stream(name):
            return State.SAME
        if name in ours and _around_rows(was) == _around_rows(now):
            return State.OURS
        if name in came and wherever(was) == wherever(now):
            return State.OURS
        if name == book.parts.get(HOME.title) and first_sheet(was) == first_sheet(now):
            return State.COMPUTED
        if name in indexes and _holds(parse_xml(now), parse_xml(was)):
            return State.APPENDED
        if name.startswith("xl/charts/") and _without_our_values(was) == _without_our_values(now):
            return State.REFRESHED
        return State.CHANGED

    return {name: state(name) for name in dict.fromkeys([*new.names, *old.names])}


def _is_ours(title: str) -> bool:
    return any(same_text(title, sheet.title) for sheet in WRITTEN)


def reached(book: Book, archive: Archive, parts: Iterable[str]) -> set[str]:
    """Parts with all that they refer to, directly or not."""
    found: set[str] = set()
    waiting = list(parts)
    while waiting:
        part = waiting.pop()
        folder, name = posixpath.split(part)
        rels = f"{folder}/_rels/{name}.rels"
        if part not in found and rels in archive:
            found.add(rels)
            waiting.extend(target for _, _, target in book.targets(rels, folder))
        found.add(part)
    return found


def _around_rows(sheet: bytes) -> tuple[bytes, bytes]:
    held = parse(plain(sheet))
    after: bytes = etree.tostring(tail(held), method="c14n")
    return held.before, wherever(after)


_RESULT = re.compile(
    rb"(<(?:\w+:)?c\b[^>]*>)(\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*)<(?:\w+:)?v>[^<]*</(?:\w+:)?v>"
)
_SOME_RESULT = re.compile(rb"f(?:\b[^<>]*/)?>\s*<(?:\w+:)?v>")
_NAME = re.compile(rb'\sr="(\w+)"')
_KIND = re.compile(rb'\st="\w+"')
_ROW = re.compile(rb"((?:^|[^\w])\$?[A-Za-z]{1,3}\$?)\d+|(row>|<brk id=\")\d+")


def first_sheet(xml: bytes) -> bytes:
    """The first sheet without the stored results of our formulas, which name cells of other sheets."""
    kept = without_results(plain(xml), FORMULA_CELLS)
    return wherever(kept)


def without_results(xml: bytes, only: Collection[str] = ()) -> bytes:
    """The same sheet, its formulas without stored results.

    only: the cells that are meant, if not all.
    """
    if not _SOME_RESULT.search(xml):
        return xml

    def stripped(cell: re.Match[bytes]) -> bytes:
        if only and not ((named := _NAME.search(cell[1])) and named[1].decode() in only):
            return cell[0]
        return _KIND.sub(b"", cell[1]) + cell[2]

    return _RESULT.sub(stripped, xml)


def wherever(xml: bytes) -> bytes:
    """The same whatever rows it names, and however it writes quotes: these come, go and move as tables grow."""
    xml = xml.replace(b"&quot;", b'"').replace(b"&apos;", b"'")
    return _ROW.sub(lambda found: (found[1] or found[2]) + b"n", xml)


def _holds(now: etree._Element, was: etree._Element, depth: int = 0) -> bool:
    """Whether an index still says all that it said. Entries may come in between at its top, where their order
    means nothing, and at the end of the tables below, whose entries count; nothing deeper may differ."""
    if now.tag != was.tag or _said(now) != _said(was) or (depth > 1 and len(now) != len(was)):
        return False
    if _kind(now) == "definedNames":  # in the order of the alphabet
        return all(any(_holds(new, old, depth + 1) for new in now) for old in was)
    if depth == 0:
        rest = iter(now)
        return all(any(_holds(new, old, 1) for new in rest) for old in was if not _about_chain(old))
    return len(now) >= len(was) and all(_holds(new, old, depth + 1) for new, old in zip(now, was, strict=False))


def _about_chain(entry: etree._Element) -> bool:
    return any(value.endswith(_CHAIN) for value in entry.attrib.values())


def _said(element: etree._Element) -> tuple[str, dict[str, str]]:
    """An element's text and attributes, without those that a run may set."""
    said = dict(element.attrib)
    kind = _kind(element)
    if kind == "calcPr":
        said.pop("fullCalcOnLoad", None)
    elif kind == "sheet" and _is_ours(said.get("name", "")):
        said.pop("state", None)
    else:
        said.pop("count", None)
    text = (element.text or "").strip()
    ours = kind == "definedName" and any(sheet.title in text for sheet in WRITTEN)
    return wherever(text.encode()).decode() if ours else text, said


def _kind(element: etree._Element) -> str:
    return local(element) if isinstance(element.tag, str) else ""


def _without_our_values(chart: bytes) -> bytes:
    root = parse_xml(chart)
    for formula in [e for e in root.iter() if isinstance(e.tag, str) and local(e) == "f"]:
        title = (formula.text or "").rpartition("!")[0].strip("'").replace("''", "'")
        stored = formula.getnext()
        if stored is not None and _is_ours(title):
            formula.text = wherever((formula.text or "").encode()).decode()
            stored.clear()
    return bytes(etree.tostring(root, method="c14n"))


def main(before: Path, after: Path) -> int:
    """Print the report; the exit code."""
    states = report(before.read_bytes(), after.read_bytes())
    for name, state in states.items():
        print(f"{state:9}  {name}")
    print(", ".join(f"{count} {state}" for state, count in Counter(states.values()).items()))
    return int(bool(BAD & set(states.values())))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
