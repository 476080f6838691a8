"""The parts of the analysis about one instrument, and what is done about its issues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ita_xl.data import say
from ita_xl.domain.rows import Row as TableRow
from ita_xl.domain.tree import OPEN_DATA, Kind
from ita_xl.layout import ACTIONS, Sheet
from ita_xl.layout.keys import BlockKey, FieldKey
from ita_xl.layout.labels import named
from ita_xl.report.description import Block, Bold, Heading, Paragraph, Row, Table
from ita_xl.report.pieces import group, head, row, table
from ita_xl.report.source import Source

_LISTS: Sequence[tuple[BlockKey, FieldKey]] = (("best", "best_sentence"), ("urgent", "urgent_sentence"))
_OF_OPEN_DATA: Sequence[tuple[BlockKey, FieldKey]] = (("missing", "missing_sentence"),)


def instrument(source: Source, sheet: Sheet, code: str) -> Iterator[Block]:
    """Scores of an instrument, lists with what to do, and the authority's comments; nothing if none is known."""
    blocks = list(_known(source, sheet, code))
    if blocks:
        yield Heading(say("report.group", name=source.outcome.tree[code].name, instrument=code), 3)
        yield from blocks


def _known(source: Source, sheet: Sheet, code: str) -> Iterator[Block]:
    scored = source.lines(sheet, "all")
    if scored or source.worded(sheet, "intro"):
        if intro := source.said(sheet, "intro"):
            yield Paragraph(intro, with_next=bool(scored))
    else:
        yield from _by_indicator(source, code)
    if scored:
        rows = [row(f"{one['code']} {one['question']}", source.score(str(one["code"]))) for one in scored]
        summary = say("report.all_summary", instrument=code)
        yield table((82, 18), [head("question", "got")], rows, summary, centred=(1,))
    for key, sentence in _OF_OPEN_DATA if code == OPEN_DATA else _LISTS:
        listed = source.rows(sheet, key)
        # Without scores there is a sentence that says just that, which is for the sheet alone.
        if scored or listed or source.worded(sheet, sentence):
            yield from _list(source, key, source.said(sheet, sentence), listed)
    yield from _comments(source, sheet)


def _by_indicator(source: Source, code: str) -> Iterator[Block]:
    """What is known of an instrument without the scores of its questions."""
    outcome = source.outcome
    tree = outcome.tree
    words = {"name": tree[code].name, "instrument": code}
    indicators = [one for one in tree.below(code, Kind.INDICATOR) if outcome.points(outcome.year, one) is not None]
    if not indicators:
        return
    rows = [row(named(tree, one), source.score(one)) for one in indicators]
    sentence = (
        "report.by_indicator" if outcome.points(outcome.year, code) is not None else "report.indicators_known"
    )
    yield Paragraph(say(sentence, **words, score=source.score(code)), with_next=True)
    summary = say("report.by_indicator_summary", **words)
    yield table((82, 18), [head("indicator", "got")], rows, summary, centred=(1,))


def _list(source: Source, key: BlockKey, sentence: str, listed: Sequence[TableRow]) -> Iterator[Block]:
    if [one.key for one in listed] == [OPEN_DATA]:
        # Everything is there: the row says how that is kept up.
        yield from (Paragraph(text) for text in (sentence, listed[0].text("approach")) if text)
        return
    if sentence or listed:
        yield Paragraph((Bold(say(f"report.{key}")), f" {sentence}"), with_next=bool(listed))
    if listed:
        header = [head("place", "listed", "score", "approach")]
        rows = [_listed(source, one) for one in listed]
        yield table((10, 34, 12, 44), header, rows, say("report.list_summary"), centred=(0, 2))


def _listed(source: Source, one: TableRow) -> Row:
    known = one.key in source.outcome.tree
    text = f"{one.key} {one.text('question')}".strip()
    score = source.score(one.key) if known else ""
    return row(_number(one), text, score, one.text("approach"))


def _number(one: TableRow) -> str:
    """Its rank, or its place."""
    text = one.text("rank") or one.text("no")
    return text.removesuffix(".0")


def _comments(source: Source, sheet: Sheet) -> Iterator[Block]:
    if comments := source.rows(sheet, "comments"):
        yield Paragraph((Bold(say("report.comments")),), with_next=True)
        rows = [row(f"{one.key} {one.text('comment')}".strip(), one.text("answer")) for one in comments]
        yield table((45, 55), [head("comment", "approach")], rows, say("report.comments_summary"))


def actions(source: Source) -> Iterator[Block]:
    """The issues of every instrument with what is done about each; nothing where none is raised."""
    rows = source.rows(ACTIONS, "actions")
    intro = source.said(ACTIONS, "intro")
    if not rows and not intro:
        return
    yield Heading(say("report.actions"), 2)
    if intro:
        yield Paragraph(intro, with_next=bool(rows))
    if rows:
        yield _actions(source, rows)


def _actions(source: Source, listed: Sequence[TableRow]) -> Table:
    tree = source.outcome.tree
    rows: list[Row] = []
    before = ""
    for one in listed:
        of = tree.instrument_of(one.key) if one.key in tree else None
        if of and of != before:
            rows.append(group(say("report.group", name=tree[of].name, instrument=of), 3))
            before = of
        rows.append(row(_number(one), one.text("issue"), one.text("action")))
    return table((8, 44, 48), [head("no", "cause", "action")], rows, say("report.actions_summary"), centred=(0,))
