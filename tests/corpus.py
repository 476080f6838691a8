"""Clerks' workbooks as other programs write them: XlsxWriter, LibreOffice, and parts of Excel made by hand.

Each holds our input sheets with the sample's content, and sheets of the clerk's own. None holds our output sheets,
unless it was run before: those are to come from the template, and to disturb nothing.
"""

from __future__ import annotations

import io
import posixpath
import struct
import tomllib
import warnings
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ita_xl import jobs
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Uncomputed
from ita_xl.layout import MEMORY, OUTPUTS, SUMMARY
from tests import crafted
from tools.render import convert

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "samples" / "reference-2565.xlsx"
WORK, LISTS, PLOT, PARTS, STORE = "งานของหน่วยงาน", "รายชื่อ", "แผนภูมิ", "ชิ้นส่วน", "เก็บ"
"""The clerk's own sheets: nearly everything, lists for it, a chart sheet, what only Excel writes, a secret one."""

OWN = [LISTS, PLOT, WORK, STORE, PARTS]
"""The same in their order."""

ON_OURS = {"B1": f"='{SUMMARY.title}'!{SUMMARY.field('kpi_total').cell}", "B2": f"=LEN('{SUMMARY.title}'!A4)"}
"""The clerk's formulas on our output sheets, by their cells on the sheet of work."""

Formulas = Mapping[tuple[str, str], tuple[str, object]]
"""A formula and its stored result by sheet and cell."""


XLSX = "xlsx:Calc MS Excel 2007 XML"
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""What LibreOffice calls our format, and a text file per sheet."""


def png(colour: bytes) -> io.BytesIO:
    """A picture of 16 by 16 points in one colour; equal ones would be stored once."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + colour * 16) * 16
    head = chunk(b"IHDR", struct.pack(">2I5B", 16, 16, 8, 2, 0, 0, 0))
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def written(inputs: Formulas | None = None, *, zip64: bool = False, **options: object) -> bytes:
    """Our input sheets and the clerk's own ones, written from nothing by XlsxWriter.

    inputs: formulas in place of the sample's figures. options: XlsxWriter's, such as constant_memory, with which
    every text stands in its cell.
    """
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unknown worksheet")  # our output sheets, which the clerk's chart plots
        with xlsxwriter.Workbook(buffer, options) as book:
            if zip64:
                book.use_zip64()
            book.set_properties({"title": "แฟ้มของหน่วยงาน", "author": "เจ้าหน้าที่"})
            book.set_custom_property("เลขที่หนังสือ", "พล 51001/42")
            lists = book.add_worksheet(LISTS)
            for row, office in enumerate(("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา")):
                lists.write_row(row, 0, (office, row * 12.5 + 40, f"=B{row + 1}*2"))
            _plot(book)
            _work(book, book.add_worksheet(WORK))
            _secret(book, book.add_worksheet(STORE))
            parts = book.add_worksheet(PARTS)
            parts.write_row("A1", ("หน่วย", "จำนวน"))
            parts.write_row("A2", ("กองคลัง", 7))
            _inputs(book, inputs or {})
    return buffer.getvalue()


def _inputs(book: xlsxwriter.Workbook, formulas: Formulas) -> None:
    """The sample's sheets but for our outputs, cell by cell, without any of their looks."""
    port = Package.open(SAMPLE)
    outputs = {sheet.title for sheet in (*OUTPUTS, MEMORY)}
    for title in port.sheets():
        if title not in outputs:
            page = book.add_worksheet(title)
            for (row, column), value in sorted(port.read(title).cells.items()):
                if isinstance(value, Uncomputed):
                    page.write(row - 1, column - 1, value.formula, None, "")
                else:
                    page.write(row - 1, column - 1, value)
            for (where, cell), (formula, result) in formulas.items():
                if where == title:
                    page.write_formula(cell, formula, None, result)


def _plot(book: xlsxwriter.Workbook) -> None:
    """A sheet that is a chart: it counts among the sheets, but holds no cells."""
    chart = book.add_chart({"type": "pie"})
    chart.add_series({"categories": f"='{LISTS}'!$A$1:$A$4", "values": f"='{LISTS}'!$B$1:$B$4"})
    book.add_chartsheet(PLOT).set_chart(chart)


def _work(book: xlsxwriter.Workbook, page: Worksheet) -> None:
    """Row after row, as the way of writing with little memory wants it."""
    bold, odd = book.add_format({"bold": True}), _odd(book)
    page.write("A1", "คะแนนรวม", odd)
    for cell, formula in ON_OURS.items():
        page.write(cell, formula, None, "")
    page.insert_checkbox("E2", True)
    page.write_rich_string("A3", "ตัว", bold, "หนา", " ปกติ")
    page.write("A4", "https://www.nacc.go.th/")
    page.write_url("A5", f"internal:'{SUMMARY.title}'!A1", string="สรุปผล")
    page.write_formula("A6", "='[คะแนนเดิม.xlsx]Sheet1'!A1", None, 88.5)
    page.write_row("A8", (40, 55, 70, 85, "00123", "=SUM(A8:D8)"))
    page.merge_range("E10:F11", "ผสาน", odd)
    page.write_dynamic_array_formula("A20:A23", f"=_xlfn._xlws.SORT('{LISTS}'!B1:B4)", None, 40)
    page.write_array_formula("A25:B25", "{=TRANSPOSE(A1:A2)}", None, 1)
    page.embed_image("C26", "cell.png", {"image_data": png(b"\x20\xc0\x20")})
    page.write_comment("A1", "ตรวจแล้ว", {"author": "หัวหน้า"})
    page.insert_button("F1", {"macro": "Run", "caption": "สั่ง"})
    page.insert_textbox("H1", "ข้อความในกล่อง", {"textlink": "=$A$1"})
    page.insert_image("H8", "logo.png", {"image_data": png(b"\xc0\x20\x20"), "url": "https://example.org/"})
    page.set_background(png(b"\x20\x20\xc0"))
    page.set_header("&L&G&Cหัวกระดาษ", {"image_left": "head.png", "image_data_left": png(b"\x80\x80\x20")})
    page.set_footer("&R&G", {"image_right": "foot.png", "image_data_right": png(b"\x80\x20\x80")})
    page.add_sparkline("G8", {"range": "A8:D8", "markers": True})
    page.data_validation("A9:A12", {"validate": "list", "source": f"='{LISTS}'!$A$1:$A$4"})
    page.conditional_format("A8:D8", {"type": "data_bar", "data_bar_2010": True})
    page.conditional_format("A9:D9", {"type": "icon_set", "icon_style": "3_traffic_lights"})
    page.conditional_format("A10:D10", {"type": "cell", "criteria": "<", "value": 50, "format": bold})
    page.ignore_errors({"number_stored_as_text": "E8"})
    page.freeze_panes(1, 1)
    page.autofilter("A14:C18")
    page.set_column("K:L", 8, odd, {"level": 1, "hidden": True})
    page.repeat_rows(0)
    page.print_area("A1:L30")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"='{WORK}'!$A$8:$D$8", "trendline": {"type": "linear"}})
    chart.add_series({"values": f"='{SUMMARY.title}'!$D$47:$D$56", "name": f"='{SUMMARY.title}'!$A$1"})
    page.insert_chart("H14", chart)
    book.define_name("เป้าหมาย", f"='{WORK}'!$A$8")
    book.define_name(f"'{WORK}'!ผลรวม", f"=SUM('{WORK}'!$A$8:$D$8)")


def _odd(book: xlsxwriter.Workbook) -> Format:
    """A look that nothing of ours has."""
    return book.add_format({"font_name": "Angsana New", "num_format": '0.0" หน่วย"', "pattern": 4, "diag_type": 3})


def _secret(book: xlsxwriter.Workbook, page: Worksheet) -> None:
    """A protected sheet out of sight, with a table where the way of writing allows one."""
    page.print_area("A1:B4")
    if not book.constant_memory:
        page.add_table("A1:B4", {"name": "ตาราง", "data": [["ก", 1], ["ข", 2], ["ค", 3]]})
    page.set_row(5, None, None, {"level": 1, "hidden": True})
    page.protect("ความลับ")
    page.very_hidden()


def with_parts(content: bytes) -> bytes:
    """A workbook with the parts of corpus_parts.toml, referred to by its sheet for them, as Excel does it."""
    held = crafted.members(content)
    place = {"sheet": Package(content, "x.xlsx")._book.parts[PARTS]}
    made = tomllib.loads((HERE / "corpus_parts.toml").read_text(encoding="utf-8"))
    for part in made["part"]:
        name = part["name"]
        if "body" in part:
            held[name] = part["body"].strip().encode()
        elif name in crafted.CLERKS and name not in held:
            held[name] = crafted.CLERKS[name]
        if "type" in part:
            override = f'<Override PartName="/{name}" ContentType="{part["type"]}"/>'
            _insert(held, "[Content_Types].xml", "</Types>", override)
        _relate(held, place.get(part["owner"], part["owner"]), part)
    for insert in made["insert"]:
        into = place.get(insert["into"], insert["into"])
        before = next(word for word in insert["before"] if word.encode() in held[into])
        _insert(held, into, before, insert["text"])
    return crafted.packed(held)


def _relate(held: dict[str, bytes], owner: str, part: Mapping[str, str]) -> None:
    folder, name = posixpath.split(owner)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    held.setdefault(rels, f'<Relationships xmlns="{space}"></Relationships>'.encode())
    outside = "outside" in part
    target = part["name"] if outside else posixpath.relpath(part["name"], folder or ".")
    mode = ' TargetMode="External"' if outside else ""
    entry = f'<Relationship Id="{part["id"]}" Type="{part["kind"]}" Target="{target}"{mode}/>'
    _insert(held, rels, "</Relationships>", entry)


def _insert(held: dict[str, bytes], name: str, before: str, text: str) -> None:
    start, found, rest = held[name].partition(before.encode())
    assert found, f"{before} in {name}"
    held[name] = start + text.encode() + found + rest


@cache
def _plain() -> bytes:
    return written()


MADE: dict[str, Callable[[], bytes]] = {
    "xlsxwriter": _plain,
    "texts in cells": lambda: written(
        zip64=True, constant_memory=True, strings_to_numbers=True, strings_to_urls=False
    ),
    "zip64": lambda: crafted.zip64(_plain()),  # XlsxWriter allows long records and needs none for so few bytes
    "excel's parts": lambda: with_parts(_plain()),
}
SAVED = ["libreoffice", "by way of ods", "run before"]


def saved_by_libreoffice(content: bytes, folder: Path) -> dict[str, bytes]:
    """What LibreOffice makes of a workbook, of the same kept in its own format, and of the same run before."""
    first = {name: folder / f"{name}.xlsx" for name in SAVED}
    for path in first.values():
        path.write_bytes(content)
    jobs.run(first["run before"])
    (first["by way of ods"],) = convert([first["by way of ods"]], folder, "ods")
    saved = folder / "saved"
    return dict(zip(first, (p.read_bytes() for p in convert([*first.values()], saved, XLSX)), strict=True))
