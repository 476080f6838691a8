"""The part of the document with next year's measures, on pages of its own, and who signs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ita_xl.data import say
from ita_xl.domain.days import as_official
from ita_xl.domain.rows import Row as TableRow
from ita_xl.layout import MEASURES
from ita_xl.report.description import (
    Block,
    Bold,
    Cell,
    Paragraph,
    Routing,
    Row,
    Signature,
    Stop,
    Table,
    Text,
    Title,
)
from ita_xl.report.pieces import CENTRE, group, head, row, table
from ita_xl.report.source import Source
from ita_xl.writing.own import Part, part_of

_WIDTHS = (25, 31, 14, 11, 19)


@dataclass
class _Measure:
    """head: its own row, None where steps stand without a measure."""

    head: TableRow | None
    steps: list[TableRow] = field(default_factory=list)


def measures(source: Source) -> Iterator[Block]:
    """Title, introduction, the table, signature and routing; nothing where the plan is empty."""
    rows = source.rows(MEASURES, "measures")
    if not rows:
        return
    year = source.outcome.year + 1
    yield Title((say("report.measures_title"), source.agency, say("report.of_year", year=year)))
    if intro := source.said(MEASURES, "intro"):
        yield Paragraph(intro, with_next=True)
    yield _table(rows)
    yield signature(source)
    if stops := tuple(Stop(*one) for one in source.outcome.inputs.routing):
        yield Routing(say("report.routing"), stops)


def signature(source: Source) -> Signature:
    """The chief's, with the day if it is known."""
    about = source.outcome.inputs.about
    offices = tuple(line for line in source.said(MEASURES, "chief_title").split("\n") if line)
    day = as_official(about.get("signed_on", ""))
    return Signature(about.get("chief_name", ""), offices, dated=True, day=day)


def _table(listed: Sequence[TableRow]) -> Table:
    """A theme heads its measures; a measure stands beside all its steps."""
    rows: list[Row] = []
    measure: _Measure | None = None
    for one in listed:
        match part_of(one):
            case Part.THEME:
                rows += _rows(measure)
                measure = None
                name = say("report.theme", no=one.text("no").rstrip("."), name=one.text("measure"))
                rows.append(group(name, len(_WIDTHS)))
            case Part.MEASURE:
                rows += _rows(measure)
                measure = _Measure(one, [one] if one.own and _does(one) else [])
            case Part.STEP:
                measure = measure or _Measure(None)
                measure.steps.append(one)
    rows += _rows(measure)
    header = [head("measure", "method", "responsible", "due", "report")]
    return table(_WIDTHS, header, rows, say("report.measures_summary"), centred=(3,))


def _does(one: TableRow) -> bool:
    """Whether the row of a person's measure also says what is done."""
    return any(one.text(key) for key in ("method", "responsible", "due", "report"))


def _rows(measure: _Measure | None) -> Iterator[Row]:
    if measure is None:
        return
    beside = Cell(_name(measure.head), rows=max(len(measure.steps), 1))
    for place, step in enumerate(measure.steps):
        number = "" if step is measure.head else step.text("no")
        method = f"{number} {step.text('method')}".strip()
        due = Cell(step.text("due"), align=CENTRE)
        cells = (method, step.text("responsible"), due, step.text("report"))
        yield row(*cells) if place else row(beside, *cells)
    if not measure.steps:
        yield row(beside, "", "", "", "")


def _name(one: TableRow | None) -> Text:
    """Number, name and codes of a measure, and below them its goal."""
    if one is None:
        return ""
    codes = one.text("codes")
    words = {"no": one.text("no"), "name": one.text("measure"), "codes": codes}
    name = say("report.measure", **words) if codes else f"{words['no']} {words['name']}"
    goal = "" if one.own else one.text("method")
    return (Bold(name.strip()), f"\n{goal}") if goal else (Bold(name.strip()),)
