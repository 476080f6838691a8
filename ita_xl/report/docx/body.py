"""The blocks of a description as paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docx.parts.document import DocumentPart

from ita_xl.data import say
from ita_xl.report.description import (
    Align,
    Bars,
    Block,
    Document,
    Heading,
    Labelled,
    Listing,
    PageBreak,
    Paragraph,
    Routing,
    Signature,
    Table,
    Title,
)
from ita_xl.report.docx.charts import drawing
from ita_xl.report.docx.elements import Element, el, paragraph, put, run, tag, text_runs
from ita_xl.report.docx.numbering import Numbering
from ita_xl.report.docx.pages import Pages, Room
from ita_xl.report.docx.styles import HEADINGS, Style, Styles
from ita_xl.report.docx.tables import JUSTIFIED, routing, table


class Body:
    """Draws blocks. drawings: ids of drawings up to this one are taken."""

    def __init__(
        self, part: DocumentPart, styles: Styles, numbering: Numbering, *, thai: bool, drawings: int
    ) -> None:
        self._part = part
        self._styles = styles
        self._numbering = numbering
        self._thai = thai
        self._drawings = drawings

    def fill(self, document: Document, pages: Pages) -> None:
        """Write all sections into the body, in the place of what is there."""
        body = self._part.element.body
        made: list[Element] = []
        last = len(document.sections) - 1
        for number, section in enumerate(document.sections):
            made += self._section(section.blocks, pages.room(landscape=section.landscape))
            end = pages.section(landscape=section.landscape)
            if number < last:
                put(made[-1].find(tag("w:pPr")), end)  # type: ignore[arg-type]  # each of our paragraphs has some
            else:
                made.append(end)
        body[:] = made or [self._gap(), pages.section(landscape=False)]

    def _section(self, blocks: Sequence[Block], room: Room) -> list[Element]:
        """The elements of a section, of which the last is a paragraph."""
        made: list[Element] = []
        breaks = False
        for block in blocks:
            if isinstance(block, PageBreak):
                breaks = True
                continue
            for element in self._block(block, room):
                if element.tag == tag("w:tbl") and (breaks or (made and made[-1].tag == element.tag)):
                    made.append(self._gap())
                if breaks:
                    breaks = False
                    put((made[-1] if element.tag == tag("w:tbl") else element)[0], el("w:pageBreakBefore"))
                made.append(element)
        if not made or made[-1].tag == tag("w:tbl"):
            made.append(self._gap())
        return made

    @staticmethod
    def _in_list(number: int, level: int = 0) -> Element:
        return el("w:numPr", el("w:ilvl", val=level), el("w:numId", val=number))

    def _gap(self) -> Element:
        return paragraph(self._styles.ids[Style.GAP])

    def _block(self, block: Block, room: Room) -> Iterator[Element]:
        ids = self._styles.ids
        match block:
            case Title(lines):
                yield from (paragraph(ids[Style.TITLE], text_runs(line)) for line in lines)
            case Heading(text, level, numbered):
                without = None if numbered else self._in_list(self._numbering.without(), level - 1)
                yield paragraph(ids[HEADINGS[level - 1]], text_runs(text), without)
            case Paragraph(text, align, indented, with_next):
                yield paragraph(
                    ids[Style.TEXT],
                    text_runs(text),
                    el("w:keepNext") if with_next else None,
                    None if indented else el("w:ind", firstLine=0),
                    None if align is Align.SPREAD else el("w:jc", val=JUSTIFIED[align]),
                )
            case Listing(items, numbered):
                number = self._numbering.listing(numbered=numbered)
                for item in items:
                    yield paragraph(ids[Style.LIST], text_runs(item), self._in_list(number))
            case Table():
                yield table(block, self._styles, room.width)
                yield self._gap()
            case Bars():
                self._drawings += 1
                shown = drawing(block, self._part, room, self._drawings, thai_digits=self._thai)
                yield paragraph(ids[Style.FIGURE], [shown])
            case Signature():
                yield from self._signature(block, room)
            case Routing():
                yield from routing(block, self._styles, room.width)
            case Labelled(lines):
                yield from (self._labelled(label, text, room) for label, text in lines)

    def _signature(self, block: Signature, room: Room) -> Iterator[Element]:
        lines = [say("report.sign"), f"({block.name or say('report.dots')})", *block.offices]
        day = say("report.on_day", day=block.day) if block.day else say("report.day")
        lines += [day] if block.dated else []
        for number, line in enumerate(lines):
            yield paragraph(
                self._styles.ids[Style.SIGN],
                text_runs(line),
                el("w:keepNext", val=0) if number == len(lines) - 1 else None,
                None if number else el("w:spacing", before=960),  # room to sign in
                el("w:ind", left=room.width // 2),
            )

    def _labelled(self, label: str, text: str, room: Room) -> Element:
        """A bold label, its text, and dots up to the margin."""
        end = el("w:tabs", el("w:tab", val="right", leader="dot", pos=room.width))
        content = [*text_runs(label, bold=True), run("  "), *text_runs(text), el("w:r", el("w:tab"))]
        return paragraph(self._styles.ids[Style.LABEL], content, end)
