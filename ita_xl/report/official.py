"""The document that an agency signs and publishes: the analysis of its result, and next year's measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ita_xl.data import say
from ita_xl.domain.rows import Row as TableRow
from ita_xl.domain.thai import thai_digits as in_thai
from ita_xl.domain.tree import INSTRUMENTS, TOTAL, Kind
from ita_xl.layout import ANALYSIS, ISSUES, SUMMARY
from ita_xl.report.changes import changed
from ita_xl.report.comparison import comparison
from ita_xl.report.description import (
    Bars,
    Block,
    Bold,
    Cell,
    Document,
    Heading,
    Paragraph,
    Row,
    Section,
    Series,
    Table,
    Text,
    Title,
    mapped,
)
from ita_xl.report.instruments import actions, instrument
from ita_xl.report.measures import measures
from ita_xl.report.pieces import group, head, row, table
from ita_xl.report.source import Source
from ita_xl.report.topics import answers, topics
from ita_xl.views.topics import plan_item


def analysis(source: Source) -> Document:
    """The analysis, and the measures on pages of their own."""
    return _document(source, say("report.title"), source.outcome.year, Section(tuple(_analysis(source))))


def plan(source: Source) -> Document:
    """The measures alone."""
    return _document(source, say("report.measures_title"), source.outcome.year + 1)


def finished(document: Document, *, thai_digits: bool, draft: bool) -> Document:
    """The document with all its numbers in Thai digits, or marked as a draft."""
    if draft:
        document = replace(document, draft=say("report.draft"))
    return replace(mapped(document, in_thai), thai_digits=True) if thai_digits else document


def _document(source: Source, title: str, year: int, *before: Section) -> Document:
    """A document that ends with the measures."""
    agency = source.agency
    sections = [*before, Section(tuple(measures(source)), landscape=True)]
    footer = say("report.footer", agency=agency, year=source.outcome.year)
    if (since := source.since) and since.differences:
        sections.append(changed(source, since))
        footer += say("report.footer_changed", day=since.signed.day)
    return Document(
        title=f"{title} {agency} {say('report.of_year', year=year)}",
        author=agency,
        subject=say("report.subject"),
        sections=tuple(section for section in sections if section.blocks),
        footer=footer,
    )


def _analysis(source: Source) -> Iterator[Block]:
    outcome = source.outcome
    lines = (
        say("report.title"),
        source.agency,
        say("report.of_year", year=outcome.year),
        answers(plan_item(outcome.year)),
    )
    yield Title(tuple(line for line in lines if line))
    yield Heading(say("report.overall"))
    yield from _paragraphs(source.said(SUMMARY, "headline"), source.said(SUMMARY, "meaning"))
    if outcome.ranking:
        yield Paragraph(say("report.ranking"), with_next=True)
        yield _ranking(source)
        yield _chart(source)
    yield from _changes(source)
    if rows := list(_issues(source)):
        yield Paragraph(say("report.issues"), with_next=True)
        yield table((28, 72), [head("assessed", "issue")], rows, say("report.issues_summary"))
    yield from comparison(source)
    yield from _instruments(source)
    yield from topics(source)


def _instruments(source: Source) -> Iterator[Block]:
    present = (code for code in INSTRUMENTS if code in source.outcome.tree)
    told = [block for code in present for block in instrument(source, ANALYSIS[code], code)]
    done = list(actions(source))
    if told or done:
        yield Heading(say("report.instruments"))
    if told:
        yield Heading(say("report.by_instrument"), 2)
    yield from (*told, *done)


def _paragraphs(*texts: str) -> Iterator[Paragraph]:
    """Those that say something."""
    yield from (Paragraph(text) for text in texts if text)


def _ranking(source: Source) -> Table:
    tree = source.outcome.tree
    rows = [row(str(one.rank), tree[one.code].name, source.score(one.code)) for one in source.outcome.ranking]
    header = [head("rank", "indicator", "score")]
    return table((12, 66, 22), header, rows, say("report.ranking_summary"), centred=(0, 2))


def _chart(source: Source) -> Bars:
    """This year's scores beside last year's, where those are known."""
    outcome = source.outcome
    codes = [one.code for one in outcome.ranking]
    known = [year for year in (outcome.year - 1, outcome.year) if any(_points(source, c, year) for c in codes)]
    lowest = outcome.ranking[-1].code
    words = {"items": len(codes), "name": outcome.tree[lowest].name, "score": source.score(lowest)}
    return Bars(
        say("report.chart_of_two" if len(known) > 1 else "report.chart"),
        tuple(outcome.tree[code].name for code in codes),
        tuple(
            Series(say("report.chart_year", year=year), tuple(_points(source, code, year) for code in codes))
            for year in known
        ),
        say("report.chart_words", **words),
    )


def _points(source: Source, code: str, year: int) -> float | None:
    points = source.outcome.comparable_points(year, code)
    return None if points is None else float(points)


def _changes(source: Source) -> Iterator[Block]:
    told = [row for row in source.rows(SUMMARY, "changes") if row.text("explanation")]
    if told:
        yield Paragraph(say("report.changes"), with_next=True)
    for one in told:
        yield Paragraph(say("report.change", span=one.text("span"), explanation=one.text("explanation")))


def _issues(source: Source) -> Iterator[Row]:
    """Each indicator beside all its issues, under the name of its instrument; none of which nothing is known."""
    tree = source.outcome.tree
    found: dict[str, list[Text]] = {}
    for one in source.rows(ISSUES, "issues"):
        indicator = tree.ancestor(one.key, Kind.INDICATOR) if one.key in tree else None
        if (
            source.raised(one)
            or indicator is None
            or source.outcome.points(source.outcome.year, indicator) is not None
        ):
            found.setdefault(indicator or "", []).append(_issue(source, one))
    for code in tree.children(TOTAL):
        indicators = [one for one in tree.below(code, Kind.INDICATOR) if one in found]
        if indicators:
            yield group(say("report.group", name=tree[code].name, instrument=code), 2)
        for indicator in indicators:
            yield from _beside(_named(source, indicator), found[indicator])
    yield from _beside(say("report.issues_other"), found.get("", []))


def _named(source: Source, indicator: str) -> str:
    name = source.outcome.tree[indicator].name
    return f"{indicator} {name}\n{say('issues.score', score=source.score(indicator))}"


def _beside(name: str, texts: Sequence[Text]) -> Iterator[Row]:
    """A name over as many rows as there are texts beside it."""
    for place, text in enumerate(texts):
        yield row(Cell(name, rows=len(texts)), text) if not place else row(text)


def _issue(source: Source, one: TableRow) -> Text:
    """An issue with its cause, what was done and what will be; of an indicator without one, how it stands."""
    topic = one.text("issue").split("\n")[0]
    lines = [
        say(f"report.issue_{key}", text=text)
        for key in ("problem", "in_place", "approach")
        if (text := one.text(key)) and text != say("words.nothing")
    ]
    if not source.raised(one):
        return "\n".join([topic, *lines])
    return (Bold(f"{'' if one.own else one.key} {topic}".strip()), *(f"\n{line}" for line in lines))
