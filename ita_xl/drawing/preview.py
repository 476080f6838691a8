"""What is about to happen to a workbook, as a workbook of one sheet to read before one agrees."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Sequence

from ita_xl.drawing import looks
from ita_xl.layout.heights import row_height


def table(
    title: str,
    heads: Sequence[str],
    lines: Iterable[Sequence[str]],
    widths: Sequence[float],
    settled: Collection[str],
) -> bytes:
    """heads, lines: texts, which stay texts. settled: what the first column says of rows that need nobody's eye."""
    import xlsxwriter  # only a preview wants it here

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(title)
    plain = {"font_name": looks.FONT, "font_size": 16, "text_wrap": True, "valign": "top", "border": 1}
    head = book.add_format({**plain, "bold": True, "bg_color": "#E3E8F0", "align": "center"})
    body = book.add_format(plain)
    open_ = book.add_format({**plain, "bg_color": "#FDE9E7"})
    for at, width in enumerate(widths):
        page.set_column(at, at, width)
    page.set_row(0, row_height([]))
    page.write_row(0, 0, heads, head)
    number = 0
    for number, line in enumerate(lines, 1):
        page.set_row(number, row_height(list(zip(line, widths, strict=True))))
        for at, text in enumerate(line):
            page.write_string(number, at, text, body if line[0] in settled else open_)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.autofilter(0, 0, max(1, number), len(heads) - 1)
    book.close()
    return out.getvalue()
