"""What openpyxl wrote, as Excel writes it: drawings and charts, because some viewers look for its very prefixes,
and sheets, because they take half the room so."""

from __future__ import annotations

import re

from lxml import etree

from ita_xl.engines.formulas.syntax import is_marked_alone, with_mark
from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import drop, local, parse_xml, serialised

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = (
    (re.compile(r"xl/drawings/drawing[^/]*\.xml", re.IGNORECASE), ("xdr", "a")),
    (re.compile(r"xl/charts/chart[^/]*\.xml", re.IGNORECASE), ("c", "a", "r")),
)
"""Parts with the prefixes that their first element declares."""
_SPACES = {
    "xdr": f"{_DRAWING}spreadsheetDrawing",
    "c": f"{_DRAWING}chart",
    "a": f"{_DRAWING}main",
    "r": _OFFICE,
}


_NOTHING_IN = re.compile(rb'(<c [^<>]*?)(?: t="n")?></c>')
_NO_RESULT = re.compile(rb"</f><v\s*(?:/>|></v>)")
_FORMULA = re.compile(rb'(<c r="([A-Z]+)(\d+)"[^<>]*>)<f>([^<]*)</f>')
_FEWEST = 3
"""Rows of a column with one formula, from which on it is written once."""


def sheet_dressed(xml: bytes) -> bytes:
    """A sheet without empty results of formulas, with short empty cells, and with a formula that goes down a column
    written once."""
    return _shared(_NOTHING_IN.sub(rb"\1/>", _NO_RESULT.sub(b"</f>", xml)))


def _shared(xml: bytes) -> bytes:
    runs: dict[bytes, list[tuple[int, str, re.Match[bytes]]]] = {}
    whole = []
    for found in _FORMULA.finditer(xml):
        column, row, formula = found[2], int(found[3]), with_mark(found[4].decode(), found[3].decode())
        run = runs.setdefault(column, [])
        if not run or run[-1][:2] != (row - 1, formula):
            runs[column] = run = []
            whole.append(run)
        run.append((row, formula, found))
    made: dict[int, bytes] = {}
    for number, run in enumerate(run for run in whole if len(run) >= _FEWEST and is_marked_alone(run[0][1])):
        first, last = run[0][2], run[-1][2]
        area = b"%s%s:%s%s" % (first[2], first[3], last[2], last[3])
        for _, _, found in run:
            made[found.start()] = found[1] + b'<f t="shared" si="%d"/>' % number
        made[first.start()] = first[1] + b'<f t="shared" ref="%s" si="%d">%s</f>' % (area, number, first[4])
    return _FORMULA.sub(lambda found: made.get(found.start(), found[0]), xml)


def dress(archive: Archive) -> None:
    """Give the drawings and charts of a package the usual prefixes, and take out texts that openpyxl invents."""
    for name in archive.names:
        for parts, prefixes in _PARTS:
            if parts.fullmatch(name):
                archive.write(name, _dressed(archive.read(name), prefixes))


def _dressed(part: bytes, prefixes: tuple[str, ...]) -> bytes:
    root = parse_xml(part)
    if root.prefix is not None:
        return part
    for look in [e for e in root.iter() if isinstance(e.tag, str) and local(e) == "txPr"]:
        # It says how texts look and holds none; an empty one becomes "None" when it is read and written again.
        for run in [e for e in look.iter() if isinstance(e.tag, str) and local(e) == "r"]:
            drop(run)
    made = etree.Element(root.tag, dict(root.attrib), nsmap={prefix: _SPACES[prefix] for prefix in prefixes})
    made.extend(list(root))
    etree.cleanup_namespaces(made, top_nsmap={prefix: _SPACES[prefix] for prefix in prefixes})
    return serialised(made)
