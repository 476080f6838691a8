"""The papers around the analysis: a memo that submits it, the announcement, and a page for the chief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ita_xl.data import say
from ita_xl.domain.days import as_official
from ita_xl.domain.numbers import show
from ita_xl.domain.rows import Row as TableRow
from ita_xl.domain.thai import tidy
from ita_xl.domain.tree import INSTRUMENTS, TOTAL
from ita_xl.layout import MEASURES, SIMULATION, SUMMARY, labels
from ita_xl.layout.keys import FieldKey
from ita_xl.report.comparison import changed
from ita_xl.report.description import (
    Block,
    Bold,
    Document,
    Labelled,
    Listing,
    Paragraph,
    Row,
    Section,
    Signature,
    Table,
    Title,
)
from ita_xl.report.pieces import head, heading, row, table
from ita_xl.report.source import Source
from ita_xl.views.content import level
from ita_xl.writing.own import Part, part_of

_COSTLY = 5
"""Entries that are named in the page for the chief."""

BY_HAND: Mapping[str, Sequence[FieldKey]] = {
    "memo": ("paper_phone", "memo_number", "memo_date", "writer_name", "writer_title"),
    "announcement": ("announced_on",),
}
"""The cells of the first sheet that a paper asks for, and in whose place it prints dots where they are empty."""


def memo(source: Source) -> Document:
    """บันทึกข้อความ: the analysis and the plan are submitted for approval."""
    return _letter(source, "memo", source.outcome.year, _memo(source))


def announcement(source: Source) -> Document:
    """ประกาศ: the measures of the next year."""
    return _letter(source, "announcement", source.outcome.year + 1, _announcement(source))


def brief(source: Source) -> Document:
    """One page for the chief: the result, what costs most, and what is to be decided."""
    return _letter(source, "brief", source.outcome.year, _brief(source))


def _letter(source: Source, key: str, year: int, blocks: Iterator[Block]) -> Document:
    agency = source.agency
    title = say(f"report.{key}.title", agency=agency, year=year)
    return Document(
        title=f"{title} {agency} {say('report.of_year', year=year)}",
        author=agency,
        subject=say("report.subject"),
        sections=(Section(tuple(blocks)),),
        footer="",
    )


def signed_by_chief(source: Source) -> Signature:
    """The chief's signature, without a day."""
    about = source.outcome.inputs.about
    offices = tuple(line for line in labels.chief_title(about, say("measures.no_title")).split("\n") if line)
    return Signature(about.get("chief_name", ""), offices)


def _planned(source: Source) -> list[TableRow]:
    return [one for one in source.rows(MEASURES, "measures") if part_of(one) is Part.MEASURE]


def _result(source: Source) -> dict[str, object]:
    """The words in which letters name the result."""
    outcome = source.outcome
    name, total = outcome.level_name, outcome.points(outcome.year, TOTAL)
    reached = say("summary.headline_level", level=level(name)) if name else ""
    unknown = say("report.result_unknown")
    return {
        "agency": source.agency,
        "year": outcome.year,
        "next": outcome.year + 1,
        "result": say("report.result", total=show(total), level=reached) if total is not None else unknown,
        "issues": len(outcome.issues),
        "measures": len(_planned(source)),
    }


def _memo(source: Source) -> Iterator[Block]:
    words, about = _result(source), source.outcome.inputs.about
    yield Title((say("report.memo.title"),))
    phone = about.get("paper_phone") or say("report.memo.dots")
    yield Labelled(
        (
            (
                say("report.memo.from"),
                tidy(say("report.memo.section", section=about.get("paper_section", ""), phone=phone, **words)),
            ),
            (say("report.memo.number"), about.get("memo_number", "")),
            (say("report.memo.date"), as_official(about.get("memo_date", ""))),
            (say("report.memo.about"), say("report.memo.subject", **words)),
        )
    )
    to = labels.chief_title(about, say("measures.no_title")).split("\n")[-1]
    yield Paragraph(say("report.memo.to", chief=to), indented=False)
    for key in ("background", "facts", "proposal"):
        yield Paragraph((Bold(say(f"report.memo.{key}_head")),), with_next=True)
        yield Paragraph(say(f"report.memo.{key}", **words))
    yield Listing(tuple(say("report.memo.decisions").split("|")))
    yield Paragraph(say("report.memo.end"))
    office = about.get("writer_title") or say("report.memo.writer")
    yield Signature(about.get("writer_name", ""), (office,))


def _announcement(source: Source) -> Iterator[Block]:
    words = _result(source)
    of_year = say("report.of_year", year=words["next"])
    yield Title((say("report.announcement.of", **words), say("report.announcement.subject"), of_year))
    yield Paragraph(say("report.announcement.reason", **words))
    planned = _planned(source)
    yield Paragraph(say("report.announcement.measures", **words), with_next=bool(planned))
    if planned:
        rows = [row(one.text("no"), one.text("measure"), one.text("codes")) for one in planned]
        header = [head("no", "measure", "codes")]
        yield table((10, 66, 24), header, rows, say("report.measures_summary"), centred=(0, 2))
    yield Paragraph(say("report.announcement.duty"))
    day = source.outcome.inputs.about.get("announced_on", "")
    said = say("report.announcement.on", day=as_official(day, say("report.announcement.era")))
    yield Paragraph(said if day else say("report.announcement.day"))
    yield signed_by_chief(source)


def _brief(source: Source) -> Iterator[Block]:
    yield Title((say("report.brief.title"), source.agency, say("report.of_year", year=source.outcome.year)))
    for text in (source.said(SUMMARY, "headline"), source.said(SUMMARY, "meaning")):
        if text:
            yield Paragraph(text)
    yield _instruments(source)
    if costly := _costly(source):
        yield Paragraph((Bold(say("report.brief.costly")),), with_next=True)
        yield Listing(tuple(costly))
    yield Paragraph((Bold(say("report.brief.decide")),), with_next=True)
    yield Listing(tuple(say("report.brief.decisions", **_result(source)).split("|")))


def _instruments(source: Source) -> Table:
    """Total and instruments of both years."""
    outcome = source.outcome
    then = outcome.year - 1
    rows: list[Row] = []
    for code in (*(one for one in INSTRUMENTS if one in outcome.tree), TOTAL):
        name = say("words.total") if code == TOTAL else f"{outcome.tree[code].name} ({code})"
        rows.append(row(name, source.score(code, then), source.score(code), changed(source, code, then)))
    header = [
        Row(
            (
                *head("instrument").cells,
                *(heading("year", year=year) for year in (then, outcome.year)),
                *head("difference").cells,
            )
        )
    ]
    return table((52, 16, 16, 16), header, rows, say("report.brief.summary"), centred=(1, 2, 3))


def _costly(source: Source) -> list[str]:
    """What is missing most in the total, the largest first."""

    def left(one: TableRow) -> float:
        value = one.cells["left"].content if "left" in one.cells else None
        return float(value) if isinstance(value, int | float) else 0.0

    rows = sorted(source.rows(SIMULATION, "leaves"), key=left, reverse=True)
    return [
        say("report.brief.lost", code=one.key, name=one.text("name"), points=f"{left(one):.2f}")
        for one in rows[:_COSTLY]
        if left(one) > 0
    ]
