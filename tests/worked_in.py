"""A workbook that was run and then worked in, as Excel leaves it: cells and what hangs on them, made by hand."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import openpyxl
from lxml import etree
from openpyxl.workbook.workbook import Workbook

from ita_xl import pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.engines.package.engine import Package
from ita_xl.layout import SCORES, Block, Sheet, address
from ita_xl.reading.places import standing_sheet
from tests import crafted
from tests.conftest import sure
from tests.fake_excel import Desk

SAMPLE = Path(__file__).parent.parent / "samples" / "reference-2565.xlsx"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
COMMENTS = "vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING = "vnd.openxmlformats-officedocument.drawing+xml"

Held = Package | OpenpyxlBook | Desk
ENGINES: dict[str, Callable[[bytes], Held]] = {
    "package": lambda content: Package(content, "x.xlsx"),
    "openpyxl": lambda content: OpenpyxlBook(content, "x.xlsx"),
    "live": Desk,
}

_ORDER = (
    "sheetCalcPr sheetProtection protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews "
    "mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup "
    "headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing "
    "legacyDrawingHF picture oleObjects controls webPublishItems tableParts extLst"
).split()
"""What may follow the rows of a sheet, in the order of the format."""
_LISTS = {"mergeCells", "dataValidations", "hyperlinks"}


@cache
def ran() -> bytes:
    """The sample, run once."""
    return run(SAMPLE.read_bytes())[0]


def run(content: bytes, engine: str = "package") -> tuple[bytes, Outcome]:
    """A workbook run, and what came out."""
    port = ENGINES[engine](content)
    outcome = pipeline.run(port)
    return port.to_bytes(), outcome


class Worked:
    """A workbook that is worked in; content: as it is now."""

    def __init__(self, content: bytes | None = None) -> None:
        self.parts = crafted.members(content or ran())
        self.places = Package(content or ran(), "x.xlsx")._book.parts

    @property
    def content(self) -> bytes:
        return crafted.packed(self.parts)

    def scored(self, **scores: float | None) -> bytes:
        """The workbook with other scores of this year, by code."""
        port = Package(self.content, "x.xlsx")
        for sheet in SCORES.values():
            block, grid = sheet.block("scores"), port.read(sheet.title)
            for row in range(block.first_row, block.last_row + 1):
                code = grid.at(row, block.column_number("code"))
                if code in scores:
                    port.write(sheet.title, row, block.column_number("y0"), [[scores[str(code)]]])
        return port.to_bytes()

    def put(self, sheet: Sheet, **cells: str) -> Worked:
        """Cells as XML, such as <c t="b"><v>1</v></c>; they keep the look of the cell that was there."""
        for cell, xml in cells.items():
            self._replace(sheet, cell, xml)
        return self

    def row(self, sheet: Sheet, number: int, attributes: str) -> Worked:
        """A row's attributes, but for its number."""
        self._sheet(sheet, rf'(<row r="{number}")[^>]*?(/?>)', rf"\g<1> {attributes}\g<2>")
        return self

    def columns(self, sheet: Sheet, width: float) -> Worked:
        """All columns as wide as that."""
        told = f'<cols><col min="1" max="30" width="{width:g}" customWidth="1"/></cols>'
        self._sheet(sheet, r"<cols>.*?</cols>", told)
        return self

    def after(self, sheet: Sheet, xml: str) -> Worked:
        """An element that follows the rows, at its place; of a list that is there already, what it adds to that."""
        name = xml[1:].partition(" ")[0].partition(">")[0]
        part, held = self.places[sheet.title], self.parts[self.places[sheet.title]].decode()
        if name in _LISTS and f"</{name}>" in held:
            inner = re.sub(r"^<[^>]*>|</\w+>$", "", xml)
            held = re.sub(rf"<{name}[^>]*>", f"<{name}>", held).replace(f"</{name}>", f"{inner}</{name}>")
        else:
            followers = "|".join(_ORDER[_ORDER.index(name) + 1 :]) or name
            start = re.compile(rf"<(?:{followers})\b|</worksheet>").search(held, held.index("</sheetData>"))
            assert start is not None
            held = held[: start.start()] + xml + held[start.start() :]
        self.parts[part] = held.encode()
        return self

    def part(self, name: str, xml: str, kind: str = "", owner: str = "", key: str = "") -> Worked:
        """Another part. kind: its content type. owner: who refers to it, by which id and kind of relationship
        ("rId9 hyperlink")."""
        self.parts[name] = xml.encode()
        if kind:
            entry = f'<Override PartName="/{name}" ContentType="application/{kind}"/></Types>'
            types = self.parts["[Content_Types].xml"]
            self.parts["[Content_Types].xml"] = types.replace(b"</Types>", entry.encode())
        if owner:
            self.relate(owner, key, name)
        return self

    def relate(self, owner: str, key: str, target: str, *, outside: bool = False) -> Worked:
        identity, _, relation = key.partition(" ")
        folder, name = posixpath.split(owner)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        held = self.parts.get(rels, f'<Relationships xmlns="{space}"></Relationships>'.encode())
        kind = relation if relation.startswith("http") else f"{RELATIONS}/{relation}"
        where = target if outside or target.startswith("#") else f"/{target}"
        mode = ' TargetMode="External"' if outside or target.startswith("#") else ""
        entry = f'<Relationship Id="{identity}" Type="{kind}" Target="{where}"{mode}/></Relationships>'
        self.parts[rels] = held.replace(b"</Relationships>", entry.encode())
        return self

    def of(self, sheet: Sheet) -> str:
        """The part of a sheet."""
        return self.places[sheet.title]

    def style(self, number_format: int) -> str:
        """The number of a new cell style with a number format of Excel's own."""
        held = self.parts["xl/styles.xml"]
        found = re.search(rb'<cellXfs count="(\d+)">', held)
        assert found is not None
        entry = (
            f'<xf numFmtId="{number_format}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        )
        held = held.replace(found[0], b'<cellXfs count="%d">' % (int(found[1]) + 1))
        self.parts["xl/styles.xml"] = held.replace(b"</cellXfs>", entry.encode() + b"</cellXfs>")
        return found[1].decode()

    def _sheet(self, sheet: Sheet, pattern: str, new: str | Callable[[re.Match[bytes]], bytes]) -> None:
        part = self.places[sheet.title]
        made = new.encode() if isinstance(new, str) else new
        self.parts[part], count = re.subn(pattern.encode(), made, self.parts[part], count=1, flags=re.DOTALL)
        assert count, pattern

    def _replace(self, sheet: Sheet, cell: str, xml: str) -> None:
        at = address.cell(cell)
        assert at is not None
        old = rf'<c r="{cell}"([^>]*?)(?:/>|>.*?</c>)'
        found = re.search(old.encode(), self.parts[self.places[sheet.title]], re.DOTALL)
        style = re.search(rb' s="\d+"', found[1]) if found else None
        look = style[0].decode() if style and " s=" not in xml.partition(">")[0] else ""
        new = xml.replace("<c", f'<c r="{cell}"{look}', 1).encode()
        if found:
            self._sheet(sheet, old, lambda _: new)
        elif f'<row r="{at[0]}"'.encode() in self.parts[self.places[sheet.title]]:
            row = rf'(<row r="{at[0]}"[^>]*?)(?:/>|>(.*?)</row>)'
            self._sheet(sheet, row, lambda r: r[1] + b">" + (r[2] or b"") + new + b"</row>")
        else:
            self._sheet(sheet, "</sheetData>", lambda end: b'<row r="%d">%b</row>' % (at[0], new) + end[0])


# ---- what became of it ----


class Seen:
    """A workbook looked at: cells and rows as their XML, without where they stand."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.parts = crafted.members(content)
        self.package = Package(content, "x.xlsx")
        self.places = self.package._book.parts

    def root(self, sheet: Sheet) -> etree._Element:
        return etree.fromstring(self.parts[self.places[sheet.title]])

    def cell(self, sheet: Sheet, cell: str) -> str:
        """A cell as XML without its address; empty for none."""
        return next((self._bare(c) for c in self.root(sheet).iter("{*}c") if c.get("r") == cell), "")

    def cells(self, sheet: Sheet, row: int, columns: str) -> list[str]:
        return [self.cell(sheet, f"{column}{row}") for column in columns]

    def formula(self, sheet: Sheet, cell: str) -> str | None:
        (found,) = [c for c in self.root(sheet).iter("{*}c") if c.get("r") == cell]
        return found.findtext("{*}f")

    def row(self, sheet: Sheet, number: int) -> dict[str, str]:
        """The attributes of a row, but for its number."""
        (found,) = [r for r in self.root(sheet).iter("{*}row") if r.get("r") == str(number)]
        return {str(name): str(value) for name, value in found.attrib.items() if name not in ("r", "spans")}

    def named(self, sheet: Sheet, kind: str, attribute: str = "sqref") -> list[str]:
        """What elements of a kind name in an attribute, or in a child of that name."""
        found = self.root(sheet).iter(f"{{*}}{kind}")
        return [e.get(attribute) or e.findtext(f"{{*}}{attribute}") or "" for e in found]

    def texts(self, sheet: Sheet, kind: str) -> list[str]:
        """What elements of a kind say."""
        return [e.text or "" for e in self.root(sheet).iter(f"{{*}}{kind}")]

    def text(self, part: str) -> str:
        return self.parts[part].decode()

    def book(self) -> Workbook:
        return openpyxl.load_workbook(io.BytesIO(self.content), rich_text=True)

    def row_of(self, sheet: Sheet, key: str, block: Block | None = None) -> int:
        """The row of a table with a key."""
        return row_of(self.package, sheet, key, block)

    @staticmethod
    def _bare(cell: etree._Element) -> str:
        cell.attrib.pop("r")
        plain: bytes = etree.tostring(cell, method="c14n", with_tail=False)  # type: ignore[call-overload]
        return plain.decode()


def row_of(port: Held, sheet: Sheet, key: str, block: Block | None = None) -> int:
    table = standing_sheet(port, sheet, sheet.title).block((block or sheet.blocks[0]).key)
    grid, column = port.read(sheet.title), table.column_number(sure(table.row_key))
    rows = range(table.first_row, table.last_row + 1)
    return next(row for row in rows if grid.at(row, column) == key)


def keys(port: Held, sheet: Sheet, block: Block | None = None) -> dict[int, str]:
    """The keys of a table by row; empty for a row that holds something else."""
    table = standing_sheet(port, sheet, sheet.title).block((block or sheet.blocks[0]).key)
    grid, column = port.read(sheet.title), table.column_number(sure(table.row_key))
    return {row: str(grid.at(row, column) or "") for row in _filled(grid.rows, table)}


def _filled(rows: Iterable[int], block: Block) -> list[int]:
    return sorted(row for row in rows if block.first_row <= row <= block.last_row)
