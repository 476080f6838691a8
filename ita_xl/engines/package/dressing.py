"""Drawings and charts that openpyxl wrote, as Excel writes them: some viewers look for its very prefixes."""

from __future__ import annotations

import re

from lxml import etree

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
