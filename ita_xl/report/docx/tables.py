"""Tables: fixed widths, repeated headings, rows that no page tears."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ita_xl.data import say
from ita_xl.report.description import Align, Cell, Column, Routing, Row, Table, lines_of
from ita_xl.report.docx.elements import Element, el, paragraph, put, runs, tag, text_runs
from ita_xl.report.docx.styles import PALE_BLUE, PALE_GREY, Style, Styles

JUSTIFIED = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right", Align.SPREAD: "thaiDistribute"}

_ROUTE = (Column(5), Column(5, Align.CENTRE), Column(4))
"""Position and name, place for the signature, the day."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a cell stands: its first column, and how many it covers. cell: None where one from above goes on."""

    cell: Cell | None
    at: int
    columns: int


def _places(rows: Sequence[Row], columns: int) -> Iterator[tuple[Row, list[_Place]]]:
    """Each row with all places of its width; what no cell fills is an empty one."""
    going_on = [(0, 1)] * columns
    for row in rows:
        cells = iter(row.cells)
        places: list[_Place] = []
        at = 0
        while at < columns:
            left, wide = going_on[at]
            cell = None
            if left:
                going_on[at] = (left - 1, wide)
            else:
                cell = next(cells, Cell())
                free = next((n for n in range(at, columns) if going_on[n][0]), columns) - at
                wide = max(1, min(columns if row.group else cell.columns, free))
                going_on[at] = (cell.rows - 1, wide)
            places.append(_Place(cell, at, wide))
            at += wide
        yield row, places


def table(content: Table, styles: Styles, width: int) -> Element:
    """A table of a description, as wide as the text."""
    widths = _widths(content.columns, width)
    made = _frame(styles.ids[Style.TABLE], widths, content.summary, headed=bool(content.header))
    for rows, head in ((content.header, True), (content.rows, False)):
        for row, places in _places(rows, len(widths)):
            style = Style.HEAD if head else Style.GROUP if row.group else Style.CELL
            fill = PALE_BLUE if head else PALE_GREY if row.group else ""
            cells = [
                _cell(
                    place,
                    sum(widths[place.at : place.at + place.columns]),
                    styles.ids[style],
                    None if head else Align.LEFT if row.group else content.columns[place.at].align,
                    fill,
                    bold=style is Style.CELL,
                )
                for place in places
            ]
            made.append(_row(cells, head=head))
    return made


def _widths(columns: Sequence[Column], width: int) -> list[int]:
    """In twips; together just the width."""
    whole = sum(column.width for column in columns) or 1
    edges = [0]
    reached = 0.0
    for column in columns:
        reached += column.width
        edges.append(round(width * reached / whole))
    return [right - left for left, right in pairwise(edges)]


def _frame(style: str, widths: list[int], summary: str, *, headed: bool) -> Element:
    parts = {"firstRow": int(headed), "lastRow": 0, "firstColumn": 0, "lastColumn": 0, "noHBand": 1, "noVBand": 1}
    return el(
        "w:tbl",
        el(
            "w:tblPr",
            el("w:tblStyle", val=style),
            el("w:tblW", w=sum(widths), type="dxa"),
            el("w:tblLayout", type="fixed"),
            el("w:tblLook", val="0620" if headed else "0600", **parts),
            el("w:tblCaption", val=summary),
            el("w:tblDescription", val=summary),
        ),
        el("w:tblGrid", *(el("w:gridCol", w=width) for width in widths)),
    )


def _row(cells: list[Element], *, head: bool = False) -> Element:
    return el("w:tr", el("w:trPr", el("w:cantSplit"), el("w:tblHeader") if head else None), *cells)


def _cell(place: _Place, width: int, style: str, align: Align | None, fill: str, *, bold: bool) -> Element:
    """align: None to leave it to the style. bold: the cell may ask for it."""
    cell = place.cell
    going_on = cell is None or cell.rows > 1
    properties = el(
        "w:tcPr",
        el("w:tcW", w=width, type="dxa"),
        el("w:gridSpan", val=place.columns) if place.columns > 1 else None,
        el("w:vMerge", val="continue" if cell is None else "restart") if going_on else None,
        el("w:shd", val="clear", color="auto", fill=fill) if fill else None,
        el("w:vAlign", val="center") if align is None else None,
    )
    if cell is None:
        return el("w:tc", properties, paragraph(style))
    side = cell.align or align
    lines = [
        paragraph(
            style,
            runs(line, bold=bold and cell.bold),
            el("w:jc", val=JUSTIFIED[side]) if side not in (None, Align.LEFT) else None,
        )
        for line in lines_of(cell.text)
    ]
    return el("w:tc", properties, *lines)


def routing(content: Routing, styles: Styles, width: int) -> list[Element]:
    """A title, and a table without lines: a row for each who signs. All of it stays on a page."""
    style = styles.ids[Style.ROUTE]
    widths = _widths(_ROUTE, width)
    title = [paragraph(style, text_runs(content.title, bold=True))] if content.title else []
    made = _frame(styles.plain_table, widths, content.title, headed=False)
    for stop in content.stops:
        named = f"{stop.position}\n({stop.name})" if stop.name else stop.position
        texts = (named, say("report.sign_short"), say("report.day_short"))
        cells = [
            el(
                "w:tc",
                el("w:tcPr", el("w:tcW", w=wide, type="dxa"), el("w:vAlign", val="bottom" if n else "top")),
                paragraph(style, text_runs(text), el("w:jc", val=JUSTIFIED[column.align]) if n else None),
            )
            for n, (text, wide, column) in enumerate(zip(texts, widths, _ROUTE, strict=True))
        ]
        made.append(_row(cells))
    if content.stops:
        for shape in made[-1].iter(tag("w:pPr")):
            put(shape, el("w:keepNext", val=0))
    return [*title, *([made] if content.stops else [])]
