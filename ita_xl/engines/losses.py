"""What openpyxl would drop from a package if it saved it: looked up in the parts, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress

from lxml import etree

from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book
from ita_xl.engines.package.plain import recoded
from ita_xl.engines.port import Grid
from ita_xl.layout import Owner, Sheet
from ita_xl.layout.address import letter

# Measured with openpyxl 3.1: each of these is gone or broken after load and save. The keys name texts.
_PARTS = (
    (r"xl/threadedComments/|xl/persons/", "threaded"),
    (r"customXml/item", "custom_xml"),
    (r"xl/(slicers|slicerCaches|timelines|timelineCaches)/", "slicers"),
    (r"xl/(pivotTables|pivotCache)/", "pivots"),
    (r"xl/diagrams/", "smart_art"),
    (r"xl/(embeddings|activeX|ctrlProps)/", "objects"),
    (r"xl/(connections\.xml|queryTables/|model/)", "connections"),
    (r"xl/(metadata\.xml|featurePropertyBag/|richData/)", "new_cells"),
    (r"_xmlsignatures/", "signatures"),
    (r"xl/vbaProject|customUI/", "macros"),
    (r"xl/media/", "pictures"),
    (r"xl/printerSettings/", "printer_settings"),
    (r"xl/charts/(style|colors)", "chart_styles"),
    (r"docMetadata/|xl/webextensions/", "labels"),
)
_IN_DRAWINGS = (
    (rb"<xdr:(sp|cxnSp)[ >]", "shapes"),
    (rb"<xdr:grpSp[ >]", "groups"),
    (rb"a:hlinkClick", "picture_links"),
)
_ON_SHEETS = (
    (rb"x14:conditionalFormatting[ >]", "x14_formats"),
    (rb"x14:dataValidation[ >]", "x14_lists"),
    (rb"x14:sparklineGroup[ >]", "sparklines"),
    (rb"<(\w+:)?legacyDrawingHF", "header_pictures"),
    (rb"<(\w+:)?picture ", "background"),
    (rb"<(\w+:)?ignoredErrors", "ignored_errors"),
)
_FOLDERS = {"xl/drawings/": _IN_DRAWINGS, "xl/worksheets/": _ON_SHEETS}


def losses_of(content: bytes, sheets: Collection[str]) -> list[Finding]:
    """What would be lost, a W501 finding each; empty for a workbook that openpyxl keeps whole.

    sheets: those that openpyxl knows of; it finds a part only by its exact name.
    """
    archive = Archive(content)
    found: dict[tuple[str, str], None] = {}
    for name in archive.names:
        for pattern, key in _PARTS:
            if re.match(pattern, name, re.IGNORECASE):
                found[key, ""] = None
        folder, _, rest = name.lower().rpartition("/")
        for byte_pattern, key in _FOLDERS.get(f"{folder}/", ()):
            if rest.endswith(".xml") and re.search(byte_pattern, _readable(archive.read(name))):
                found[key, name] = None
    unknown = [title for title in Book(archive).parts if title not in sheets]
    return [*(_loss(key, part) for key, part in found), *(_loss("sheet", "", title) for title in unknown)]


def _readable(part: bytes) -> bytes:
    """A part in UTF-8; one that is no XML as it is."""
    with suppress(etree.XMLSyntaxError, ValueError):
        return recoded(part)
    return part


def formulas_in_tables(sheet: Sheet, title: str, grid: Grid) -> Iterator[Finding]:
    """Formulas that a clerk put into tables: their results would not be stored any more."""
    for field in sheet.fields:
        if field.owner is Owner.USER and (field.row, field.column) in grid.formulas:
            yield _loss("formula", "", title, field.cell)
    for block in sheet.blocks:
        columns = range(block.first_column, block.first_column + len(block.columns))
        for row, column in sorted(grid.formulas):
            if row >= block.first_row and column in columns:
                yield _loss("formula", "", title, f"{letter(column)}{row}")


def _loss(key: str, part: str, sheet: str = "", cell: str = "") -> Finding:
    where = f" ({part})" if part else ""
    values = {"what": say(f"losses.{key}") + where, "what_en": say(f"losses.{key}", "en") + where}
    return Finding(Code.WOULD_BE_LOST, sheet, cell, values=values)
