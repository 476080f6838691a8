"""A document as plain data for the drawing: lists, numbers and texts. Nothing in it is ever read as markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ita_xl.data import say
from ita_xl.domain.numbers import exact, show
from ita_xl.domain.thai import thai_digits
from ita_xl.report import description as d
from ita_xl.report.pdf import fit

Plain = dict[str, Any]

_BAR = 12.0
_CAPTION = 60.0
_SURELY = 0.5
"""A row of which more than this part of a page is expected may be higher than the page."""


def as_data(document: d.Document) -> Plain:
    """All that the drawing asks for, but for the font."""
    drawn = _Blocks(document.thai_digits)
    return {
        "title": document.title.strip() or document.subject.strip() or "-",
        "author": document.author,
        "subject": document.subject,
        "footer": document.footer,
        "draft": document.draft,
        "thai": document.thai_digits,
        "words": {"sign": say("document.sign"), "day": say("document.day")},
        "sections": [drawn.section(section) for section in document.sections if section.blocks],
    }


class _Blocks:
    """One document's blocks, in order, because the level of a heading depends on those before it."""

    def __init__(self, thai: bool) -> None:
        self._thai = thai
        self._level = 0
        self._space = fit.PORTRAIT

    def section(self, section: d.Section) -> Plain:
        self._space = fit.LANDSCAPE if section.landscape else fit.PORTRAIT
        blocks = [self._block(block, then) for block, then in _with_next(section.blocks)]
        return {"landscape": section.landscape, "blocks": [block for block in blocks if block]}

    def _block(self, block: d.Block, then: d.Block | None) -> Plain | None:
        match block:
            case d.Title():
                return {"kind": "title", "text": _lines("\n".join(block.lines))}
            case d.Heading():
                return self._heading(block)
            case d.Paragraph():
                return {
                    "kind": "paragraph",
                    "text": _lines(block.text),
                    "align": block.align.name,
                    "indented": block.indented,
                    "sticky": block.with_next,
                }
            case d.Listing():
                return {"kind": "listing", "numbered": block.numbered, "items": [_lines(i) for i in block.items]}
            case d.Table():
                return self._table(block)
            case d.Bars():
                return self._bars(block)
            case d.Signature():
                return {
                    "kind": "signature",
                    "name": _lines(block.name),
                    "offices": [_lines(office) for office in block.offices],
                    "dated": block.dated,
                    "day": _lines(block.day),
                    "whole": self._fits(fit.height("\n".join((block.name, *block.offices)), self._space.width / 2)),
                    "sticky": isinstance(then, d.Routing),
                }
            case d.Routing():
                stops = "\n".join(f"{stop.position}\n{stop.name}" for stop in block.stops)
                return {
                    "kind": "routing",
                    "title": _lines(block.title),
                    "stops": [{"position": _lines(s.position), "name": _lines(s.name)} for s in block.stops],
                    "whole": self._fits(fit.height(stops, self._space.width / 3)),
                }
            case d.Labelled():
                texts = "\n".join(f"{label} {text}" for label, text in block.lines)
                return {
                    "kind": "labelled",
                    "lines": [{"label": label, "text": _lines(text)} for label, text in block.lines],
                    "whole": self._fits(fit.height(texts, self._space.width * 3 / 4)),
                }
            case d.PageBreak():
                return {"kind": "break"}

    def _fits(self, height: float) -> bool:
        return height < self._space.height - _CAPTION

    def _heading(self, heading: d.Heading) -> Plain | None:
        """PDF/UA allows neither an empty heading nor one more than a level below the one before."""
        text = " ".join(heading.text.split())
        if not text:
            return None
        self._level = min(heading.level, self._level + 1)
        return {"kind": "heading", "text": fit.pieces(text), "level": self._level, "numbered": heading.numbered}

    def _bars(self, bars: d.Bars) -> Plain:
        def shown(value: float | None) -> str:
            said = "" if value is None else show(exact(value))
            return thai_digits(said) if self._thai else said

        rows = len(bars.categories) * max(len(bars.series), 1)
        return {
            "kind": "bars",
            "title": _lines(bars.title),
            "description": bars.description or bars.title or "-",
            "categories": [_lines(category) for category in bars.categories],
            "series": [
                {
                    "name": series.name,
                    "shares": [None if v is None else min(max(v / bars.top, 0), 1) * 100 for v in series.values],
                    "shown": [shown(value) for value in series.values],
                }
                for series in bars.series
            ],
            "whole": self._fits(max(rows * _BAR, fit.height("\n".join(bars.categories), self._space.width / 3))),
        }

    def _table(self, table: d.Table) -> Plain | None:
        if not table.columns or not (table.header or table.rows):
            return None
        header, rows = table.header, table.rows
        head = sum(height.own + height.beyond for height in self._heights(table, header))
        if head > self._space.height / 2:  # repeated, it would leave no room for what it heads
            header, rows, head = (), (*header, *rows), 0
        return {
            "kind": "table",
            "columns": [column.width for column in table.columns],
            "header": self._rows(table, header, self._space.height),
            "rows": self._rows(table, rows, self._space.height - head),
        }

    def _heights(self, table: d.Table, rows: Sequence[d.Row]) -> list[fit.RowHeight]:
        return fit.row_heights(table, rows, fit.places(rows, len(table.columns)), self._space)

    def _rows(self, table: d.Table, rows: Sequence[d.Row], room: float) -> list[Plain]:
        starts = fit.places(rows, len(table.columns))
        heights = fit.row_heights(table, rows, starts, self._space)
        return [self._row(table, *one, room) for one in zip(rows, starts, heights, strict=True)]

    def _row(self, table: d.Table, row: d.Row, starts: Sequence[int], height: fit.RowHeight, room: float) -> Plain:
        """room: what a page has for it; set where it may need more, so that the drawing measures it. A cell over
        several rows may always be torn, or it would tie them into one piece."""
        doubtful = height.own > _SURELY * room
        torn = bool(height.beyond) and height.own + height.beyond > room
        widths = [fit.cell_width(table, cell, at, self._space) for cell, at in zip(row.cells, starts, strict=True)]
        cells = [
            {
                "text": _lines(cell.text, fit.letters_across(width, fit.SMALL)),
                "columns": cell.columns,
                "rows": cell.rows,
                "width": width,
                "bold": cell.bold or row.group,
                "align": _align(cell, row, table.columns[at]).name,
                "torn": torn or cell.rows > 1,
            }
            for cell, at, width in zip(row.cells, starts, widths, strict=True)
        ]
        across = sum(cell.columns for cell in row.cells) == len(table.columns)
        return {
            "group": row.group,
            "heads": row.group and across and not doubtful,
            "room": room if doubtful else None,
            "cells": cells,
        }


def _align(cell: d.Cell, row: d.Row, column: d.Column) -> d.Align:
    return cell.align or (d.Align.LEFT if row.group else column.align)


def _lines(text: d.Text, room: int = fit.ROOM) -> list[list[Plain]]:
    """A text as lines of parts; a part in the pieces between which a line may break. room: letters in a line."""

    def drawn(part: str | d.Bold) -> Plain:
        bold = isinstance(part, d.Bold)
        return {"pieces": fit.pieces(part.text if isinstance(part, d.Bold) else part, room), "bold": bold}

    return [[drawn(part) for part in line] for line in d.lines_of(text)]


def _with_next(blocks: Sequence[d.Block]) -> list[tuple[d.Block, d.Block | None]]:
    return list(zip(blocks, (*blocks[1:], None), strict=True))
