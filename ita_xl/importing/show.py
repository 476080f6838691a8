"""What an import would do, as a table: lines for a terminal, and a sheet."""

from __future__ import annotations

import io
from collections.abc import Iterator

from ita_xl.data import say
from ita_xl.importing.compare import Status
from ita_xl.importing.job import Preview, what
from ita_xl.importing.writing import shown_value
from ita_xl.layout.heights import row_height

Line = tuple[str, str, str, str, str, str]
KEYS = ("status", "what", "value", "now", "cell", "source")
_WIDTHS = (18, 50, 44, 16, 26, 50)


def lines(found: Preview) -> Iterator[Line]:
    """Status, what it is, the value found, what stands in the workbook, where, and where it comes from."""
    for entry in found.entries:
        fact = entry.fact
        values = [shown_value(one.value) for one in (fact, *entry.others)]
        places = [f"{one.source} {one.place}" for one in (fact, *entry.others)]
        cell = f"{entry.sheet} {entry.cell}".strip()
        status = say(f"imports.status.{entry.status.value}")
        yield status, what(fact, found.inputs.tree), " / ".join(values), entry.now, cell, " / ".join(places)
    for one in found.unclear:
        yield say("imports.status.unclear"), one.text, "", "", "", f"{one.source} {one.place}"


def heads() -> Line:
    status, about, value, now, cell, source = (say(f"imports.heads.{key}") for key in KEYS)
    return status, about, value, now, cell, source


def sheet(found: Preview) -> bytes:
    """The same as a workbook of one sheet, for whoever wants to read it at leisure."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(say("imports.title"))
    plain = {"font_name": "TH Sarabun New", "font_size": 16, "text_wrap": True, "valign": "top", "border": 1}
    head = book.add_format({**plain, "bold": True, "bg_color": "#E3E8F0", "align": "center"})
    body = book.add_format(plain)
    open_ = book.add_format({**plain, "bg_color": "#FDE9E7"})
    settled = {say(f"imports.status.{status.value}") for status in (Status.NEW, Status.SAME, Status.REPLACES)}
    for at, width in enumerate(_WIDTHS):
        page.set_column(at, at, width)
    page.set_row(0, row_height([]))
    page.write_row(0, 0, heads(), head)
    for number, line in enumerate(lines(found), 1):
        page.set_row(number, row_height(list(zip(line, _WIDTHS, strict=True))))
        for at, text in enumerate(line):
            page.write_string(number, at, text, body if line[0] in settled else open_)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.autofilter(0, 0, max(1, len(found.entries)), len(KEYS) - 1)
    book.close()
    return out.getvalue()
