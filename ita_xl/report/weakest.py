"""The form of the newest rounds that takes the one weakest indicator: why it is weak, and what is done about
it.

What is known of it comes from one agency's page of 2569 (one indicator, a preventive measure, who, when, the
result); no manual confirms it, so it is made only where it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ita_xl.data import say
from ita_xl.domain.rows import Row as TableRow
from ita_xl.layout import ISSUES, MEASURES
from ita_xl.layout.labels import named
from ita_xl.reading.plan import split_codes
from ita_xl.report.description import Block, Document, Heading, Paragraph, Row, Section, Title
from ita_xl.report.measures import signature
from ita_xl.report.pieces import head, row, table
from ita_xl.report.source import Source
from ita_xl.report.topics import answers
from ita_xl.views.topics import plan_item
from ita_xl.writing.own import Part, part_of

_STEP = ("method", "responsible", "due", "report")


def weakest(source: Source) -> Document:
    """A page or two about the indicator with the lowest score."""
    year = source.outcome.year
    title = say("report.weakest.title")
    return Document(
        title=f"{title} {source.agency} {say('report.of_year', year=year)}",
        author=source.agency,
        subject=say("report.subject"),
        sections=(Section(tuple(_blocks(source, title))),),
        footer=say("report.footer", agency=source.agency, year=year),
    )


def _blocks(source: Source, title: str) -> Iterator[Block]:
    outcome = source.outcome
    lines = (title, source.agency, say("report.of_year", year=outcome.year), answers(plan_item(outcome.year)))
    yield Title(tuple(line for line in lines if line))
    if not outcome.ranking:
        yield Paragraph(say("report.weakest.unknown"))
        return
    code = outcome.ranking[-1].code
    tree = outcome.tree

    def about(one: str) -> bool:
        return one in tree and any(node.code == code for node in tree.up(one))

    words = {"name": named(tree, code), "score": source.score(code)}
    yield Heading(say("report.weakest.chosen"))
    yield Paragraph(say("report.weakest.reason", **words))
    issues = [one for one in source.rows(ISSUES, "issues") if source.raised(one) and about(one.key)]
    if issues:
        yield Heading(say("report.weakest.causes"))
        rows = [row(one.text("issue").split("\\n")[0], one.text("problem"), one.text("approach")) for one in issues]
        header = [head("issue", "cause_of", "approach")]
        yield table((34, 33, 33), header, rows, say("report.issues_summary"))
    yield Heading(say("report.weakest.measures"))
    steps = list(_steps(source, about))
    if steps:
        header = [head("measure", "method", "responsible", "due", "report")]
        yield table((24, 30, 16, 14, 16), header, steps, say("report.measures_summary"), centred=(3,))
    else:
        yield Paragraph(say("report.weakest.no_measure"))
    yield signature(source)


def _steps(source: Source, about: Callable[[str], bool]) -> Iterator[Row]:
    """The steps of the measures for an indicator, each with its measure. about: whether a code belongs to it."""
    measure: TableRow | None = None
    for one in source.rows(MEASURES, "measures"):
        part = part_of(one)
        if part is Part.MEASURE:
            measure = one
        if part is Part.THEME or measure is None:
            continue
        own = split_codes(one.text("codes")) or split_codes(measure.text("codes"))
        if part is Part.STEP and any(about(code) for code in own):
            yield row(f"{measure.text('no')} {measure.text('measure')}", *(one.text(key) for key in _STEP))
