"""What differs from what was signed: a paper of its own, and a page at the end of the changed document."""

from __future__ import annotations

from collections.abc import Iterator

from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.report.description import Block, Document, Paragraph, Section, Table, Title
from ita_xl.report.pieces import head, row, table
from ita_xl.report.source import Source
from ita_xl.writing.signed import Difference, Kind, Since


def changes(source: Source) -> Document:
    """All that differs, or that nothing does. Raises `Unusable` for a workbook that was not signed."""
    if source.since is None:
        raise Unusable(Finding(Code.NOT_SIGNED))
    year = source.outcome.year
    title = say("report.changed.title")
    return Document(
        title=f"{title} {source.agency} {say('report.of_year', year=year)}",
        author=source.agency,
        subject=say("report.subject"),
        sections=(changed(source, source.since),),
    )


def changed(source: Source, since: Since) -> Section:
    """A page that says who signed when, and lists what differs."""
    return Section(tuple(_listed(source, since)))


def _listed(source: Source, since: Since) -> Iterator[Block]:
    then = since.signed
    words = {"day": then.day, "person": then.person, "counts": since.counts()}
    yield Title((say("report.changed.title"), source.agency, say("report.of_year", year=source.outcome.year)))
    yield Paragraph(say("report.changed.signed" if since.differences else "report.changed.same", **words))
    if not then.whole:
        yield Paragraph(say("report.changed.tampered"))
    if since.differences:
        yield _table(since)


def _table(since: Since) -> Table:
    rows = [row(f"{one.part.sheet}\n{one.part.name}", *_texts(one)) for one in since.differences]
    header = [head("changed_part", "signed_text", "text_now")]
    return table((30, 35, 35), header, rows, say("report.changed.summary"))


def _texts(one: Difference) -> tuple[str, str]:
    """What was signed and what is said now; of a row as a whole that it came in, or went."""
    if one.kind is Kind.ADDED:
        return say("signed.nothing"), say("report.changed.added")
    if one.kind is Kind.GONE:
        return one.signed, say("report.changed.gone")
    return one.signed or say("signed.nothing"), one.now or say("signed.nothing")
