"""What the year in which an analysis is published asks of it: the item that it answers, the topics it covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ita_xl.data import library, profiles, say
from ita_xl.data.profiles import Profile
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.layout import ISSUES
from ita_xl.layout.labels import named
from ita_xl.reading.plan import split_codes
from ita_xl.report.description import Block, Heading, Paragraph
from ita_xl.report.pieces import head, row, table
from ita_xl.report.source import Source

PLAN_ITEM, RESULTS_ITEM = "O42", "O43"
"""The library's names of the open-data items for which analysis and plan are published, and the report on them."""


def answers(source: Source, item: str) -> str:
    """The line that says which open-data item a document answers; empty where that is not known."""
    asked = _asked(source)
    code = library.code_of(asked.year, item) if asked else ""
    return say("report.answers", code=code, year=asked.year) if asked and code else ""


def topics(source: Source) -> Iterator[Block]:
    """For each topic the scores that tell about it, what is to be mended, and the measures for it."""
    asked = _asked(source)
    if asked is None:
        return
    words = {"items": len(asked.topics), "year": asked.year, "code": library.code_of(asked.year, PLAN_ITEM)}
    yield Heading(say("report.topics"))
    yield Paragraph(say("report.topics_intro", **words), with_next=True)
    rows = [row(f"{number}. {one.name}", *_told(source, one.nodes)) for number, one in enumerate(asked.topics, 1)]
    header = [head("topic", "told_by", "to_mend", "done_by")]
    yield table((23, 24, 25, 28), header, rows, say("report.topics_summary"))


def unproven(source: Source) -> Iterator[Finding]:
    """What the document rests on and nobody has seen in an official text."""
    asked = _asked(source)
    if asked and asked.topics_mark and not asked.topics_mark.verified:
        code = library.code_of(asked.year, PLAN_ITEM)
        values = {"code": code, "year": asked.year, "items": len(asked.topics)}
        yield Finding(Code.TOPICS_NOT_VERIFIED, values=values | {"source": asked.topics_mark.source})


def _asked(source: Source) -> Profile | None:
    """The year in which the document is published, if its topics are known."""
    year = source.outcome.year + 1
    profile = profiles.profile(year) if year in profiles.years() else None
    return profile if profile and profile.topics else None


def _told(source: Source, nodes: Sequence[str]) -> tuple[str, str, str]:
    """Scores, issues and measures about some indicators; for a sub-indicator without score its indicator."""
    tree = source.outcome.tree
    codes = [code for code in dict.fromkeys(_within(source, nodes)) if code in tree]

    def about(code: str) -> bool:
        return code in tree and any(node.code in codes for node in tree.up(code))

    scores = [say("report.topic_score", name=named(tree, code), score=source.score(code)) for code in codes]
    issues = [one for one in source.rows(ISSUES, "issues") if source.raised(one)]
    to_mend = [one.text("issue").split("\n")[0] for one in issues if about(one.key)]
    measures = [
        f"{one.number} {one.name}"
        for one in source.outcome.plan
        if any(about(code) for code in split_codes(one.codes))
    ]
    nothing = say("report.topic_nothing")
    return "\n".join(scores), "\n".join(to_mend) or nothing, "\n".join(measures) or nothing


def _within(source: Source, nodes: Sequence[str]) -> Iterator[str]:
    for code in nodes:
        known = source.outcome.points(source.outcome.year, code) is not None
        yield code if known else code.partition(".")[0]
