"""The part of the analysis that puts two years side by side."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ita_xl.data import say
from ita_xl.domain.numbers import show
from ita_xl.domain.tree import OPEN_DATA, TOTAL, Kind
from ita_xl.layout import YEARS
from ita_xl.report.description import Block, Cell, Heading, Paragraph, Row, Table
from ita_xl.report.pieces import CENTRE, group, head, heading, row, table
from ita_xl.report.source import Source
from ita_xl.views.content import ranges

_WIDTHS = (6, 36, 14, 10, 12, 12, 10)


def comparison(source: Source) -> Iterator[Block]:
    """Nothing where no figure of last year is known."""
    outcome = source.outcome
    then, codes = outcome.year - 1, [*outcome.tree.codes(Kind.INDICATOR), TOTAL]
    if not any(outcome.points(then, code) is not None for code in codes):
        return
    yield Heading(say("report.comparison", then=then, now=outcome.year))
    yield _table(source, then)
    if any(_sum(source, code, outcome.year) for code in outcome.tree.nodes):
        yield Paragraph(say("report.comparison_points"))
    for one in source.rows(YEARS, "years"):
        if text := one.text("explanation"):
            yield Paragraph(say("report.explained", name=one.text("name").strip(" -"), explanation=text))


def _table(source: Source, then: int) -> Table:
    outcome = source.outcome
    now = outcome.year
    header = [
        Row((heading("no", rows=2), heading("indicator", rows=2), heading("questions", 2), heading("score", 3))),
        Row(
            (
                *head("which", "count").cells,
                heading("year", year=then),
                heading("year", year=now),
                heading("difference"),
            )
        ),
    ]
    rows = [_line(source, code, then) for code in outcome.tree.nodes]
    whole = Cell(say("report.sum"), 3, bold=True, align=CENTRE)
    items = str(len(outcome.tree.below(TOTAL, Kind.QUESTION)))
    total = row(whole, *(Cell(text, bold=True) for text in (items, *_scores(source, TOTAL, then))))
    summary = say("report.comparison_summary", then=then, now=now)
    return table(_WIDTHS, header, [*filter(None, rows), total], summary, centred=(0, 2, 3, 4, 5, 6))


def _line(source: Source, code: str, then: int) -> Row | None:
    """An instrument's name over the lines of its indicators and their parts; no line for a part without scores."""
    tree = source.outcome.tree
    node = tree[code]
    if node.kind in (Kind.TOTAL, Kind.QUESTION):
        return None
    if node.kind is Kind.INSTRUMENT:
        return group(say("report.group", name=node.name, instrument=code), len(_WIDTHS))
    part = node.kind is Kind.SUB_INDICATOR
    if part and all(source.outcome.points(year, code) is None for year in (then, source.outcome.year)):
        return None
    questions = tree.below(code, Kind.QUESTION)
    name = f"- {node.name}" if part else node.name
    return row(
        "" if part else code, name, ranges(questions), str(len(questions) or ""), *_scores(source, code, then)
    )


def _scores(source: Source, code: str, then: int) -> tuple[str, str, str]:
    """Both years' scores and the difference where the two mean the same; of parts of the open data the points."""
    outcome = source.outcome
    sums = _sum(source, code, then), _sum(source, code, outcome.year)
    scores = source.score(code, then), source.score(code)
    return sums[0] or scores[0], sums[1] or scores[1], changed(source, code, then)


def changed(source: Source, code: str, then: int) -> str:
    """The difference between this year's score and an earlier one; a dash where the two cannot be compared."""
    outcome = source.outcome
    before, after = outcome.comparable_points(then, code), outcome.points(outcome.year, code)
    return signed(after - before) if before is not None and after is not None else "-"


def signed(change: Decimal) -> str:
    """A change in points at two decimals, with its sign."""
    return f"+{show(change)}" if change > 0 else show(change)


def _sum(source: Source, code: str, year: int) -> str:
    """The points that a part of the open data got for all its items together; empty for anything else."""
    outcome = source.outcome
    if outcome.tree[code].kind is not Kind.SUB_INDICATOR or outcome.tree.instrument_of(code) != OPEN_DATA:
        return ""
    given = outcome.inputs.figures.points.get(year, {}).get(code)
    points, items = outcome.points(year, code), len(outcome.tree.below(code, Kind.QUESTION))
    if given:
        return _whole(float(given.points))
    same = year == outcome.year or outcome.means_same(year, code)
    return _whole(round(float(points) * items, 2)) if points is not None and items and same else ""


def _whole(points: float) -> str:
    return f"{points:.0f}" if points == round(points) else f"{points:.2f}"
