"""What the year in which an analysis is published asks of it: the item that it answers, the topics it covers."""

from __future__ import annotations

from collections.abc import Iterator

from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.layout import TOPICS
from ita_xl.report.description import Block, Heading, Paragraph
from ita_xl.report.pieces import head, row, table
from ita_xl.report.source import Source
from ita_xl.views.topics import Item, asking, plan_item

_TOLD = ("text", "issue", "measure")


def answers(item: Item) -> str:
    """The line that says which open-data item a document answers; empty where that is not known."""
    return say("report.answers", item=item) if item.code else ""


def topics(source: Source) -> Iterator[Block]:
    """For each topic the scores that tell about it, what is to be mended, and the measures for it."""
    listed = source.rows(TOPICS, "topics")
    if not listed:
        return
    words = {"items": len(listed), "item": plan_item(source.outcome.year)}
    yield Heading(say("report.topics"))
    yield Paragraph(say("report.topics_intro", **words), with_next=True)
    nothing = say("report.topic_nothing")
    rows = [
        row(f"{number}. {one.text('topic')}", *(one.text(key) or nothing for key in _TOLD))
        for number, one in enumerate(listed, 1)
    ]
    header = [head("topic", "told_by", "to_mend", "done_by")]
    yield table((23, 24, 25, 28), header, rows, say("report.topics_summary"))


def unproven(source: Source) -> Iterator[Finding]:
    """What the document rests on and nobody has seen in an official text."""
    year = source.outcome.year
    asked = asking(year)
    if asked.topics_mark and not asked.topics_mark.verified:
        values = {"code": plan_item(year).code, "year": year + 1, "items": len(asked.topics)}
        yield Finding(Code.TOPICS_NOT_VERIFIED, values=values | {"source": asked.topics_mark.source})
