"""How the scores of a measure's codes moved from this workbook's result to that of the next year's workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ita_xl import pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.effect import Movement, movement
from ita_xl.domain.findings import Finding, Severity, Unusable
from ita_xl.domain.numbers import show
from ita_xl.domain.thai import folded
from ita_xl.domain.tree import Kind
from ita_xl.engines.package.engine import Package
from ita_xl.layout.keys import FieldKey
from ita_xl.layout.labels import named
from ita_xl.reading.plan import split_codes
from ita_xl.report.comparison import signed
from ita_xl.report.description import Block, Bold, Cell, Heading, Paragraph, Row, Table
from ita_xl.report.pieces import head, heading, row, table
from ita_xl.report.told import Told
from ita_xl.views.results import called

_WIDTHS = (28, 36, 12, 12, 12)
_UNKNOWN = "-"
_WHOSE: tuple[FieldKey, ...] = ("agency", "district", "province")
"""What tells agencies apart, where both workbooks say it: there are namesakes."""


@dataclass(frozen=True)
class After:
    """The next year's workbook, only read. name: of its file."""

    name: str
    outcome: Outcome


@dataclass(frozen=True)
class Moved:
    """A measure's codes. same, scored: those that mean the same in both years, and how they moved. foreign: those
    that do not, which cannot be compared; above: their indicators, where these can be."""

    same: Sequence[str]
    scored: Movement
    foreign: Sequence[str]
    above: Movement

    @property
    def lacking(self) -> list[str]:
        """Codes without a score in one of the years."""
        return [code for code in self.same if code not in self.scored.after]


def read_after(content: bytes, name: str, before: Outcome) -> After:
    """The workbook that holds the next result. before: the result of the year before it.

    Raises `Unusable` for a file that cannot be read, a workbook of another agency, and one of another year.
    """
    after = pipeline.analyse(Package(content, name))
    if not after.years:
        errors = [finding for finding in after.findings if finding.severity is Severity.ERROR]
        raise Unusable(Finding(Code.AFTER_UNUSABLE, values={"file": name}), *errors)
    if after.year != before.year + 1:
        years = {"file": name, "year": after.year, "next": before.year + 1}
        raise Unusable(Finding(Code.AFTER_OF_OTHER_YEAR, values=years))
    for key in _WHOSE:
        ours, theirs = before.inputs.about.get(key, ""), after.inputs.about.get(key, "")
        if ours and theirs and folded(ours) != folded(theirs):
            raise Unusable(
                Finding(Code.AFTER_OF_OTHER_AGENCY, values={"file": name, "agency": ours, "other": theirs})
            )
    return After(name, after)


def moved(before: Outcome, after: Outcome, codes: str) -> Moved:
    """codes: as a cell names them. Only what means the same in both years is compared."""
    listed = list(dict.fromkeys(split_codes(codes)))

    def then(code: str) -> Decimal | None:
        return before.points(before.year, code)

    def now(code: str) -> Decimal | None:
        return after.points(after.year, code)

    same = [code for code in listed if after.means_same(before.year, code)]
    foreign = [code for code in listed if code not in same]
    parents = [before.tree.ancestor(code, Kind.INDICATOR) for code in foreign if code in before.tree]
    above = [code for code in dict.fromkeys(filter(None, parents)) if after.means_same(before.year, code)]
    above = [code for code in above if code not in same]
    return Moved(same, movement(same, then, now), foreign, movement(above, then, now))


def findings(before: Outcome, after: After, measures: Iterable[Told]) -> Iterator[Finding]:
    """What of the next year's workbook cannot be compared, and where it says something else of the first result."""
    found = [moved(before, after.outcome, one.codes) for one in measures]
    years = {"file": after.name, "then": before.year, "now": after.outcome.year}
    errors = sum(finding.severity is Severity.ERROR for finding in after.outcome.findings)
    if errors:
        yield Finding(Code.AFTER_HAS_ERRORS, values=years | {"items": errors})
    if foreign := _listed(one.foreign for one in found):
        yield Finding(Code.AFTER_CODES_FOREIGN, values=years | {"codes": ", ".join(foreign)})
    if lacking := _listed(one.lacking for one in found):
        yield Finding(Code.AFTER_WITHOUT_SCORES, values=years | {"codes": ", ".join(lacking)})
    compared = _listed([*one.scored.after, *one.above.after] for one in found)
    differ = [code for code in compared if _differs(before, after.outcome, code)]
    if differ:
        yield Finding(Code.AFTER_SAYS_OTHERWISE, values=years | {"codes": ", ".join(differ)})


def _listed(codes: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(code for several in codes for code in several))


def _differs(before: Outcome, after: Outcome, code: str) -> bool:
    """Whether both workbooks know the earlier score and do not agree on it."""
    known = after.points(before.year, code)
    return known is not None and known != before.points(before.year, code)


def movements(before: Outcome, after: After, measures: Sequence[Told]) -> Iterator[Block]:
    """The movement of each measure's codes, and the caution that it proves nothing; nothing without measures."""
    if not measures:
        return
    years = {"then": before.year, "now": after.outcome.year}
    yield Heading(say("report.results.moved", **years))
    yield Paragraph(say("report.results.moved_intro", **years))
    yield Paragraph(say("report.results.caution"), with_next=True)
    yield _table(before, after.outcome, measures)


def _table(before: Outcome, after: Outcome, measures: Sequence[Told]) -> Table:
    rows: list[Row] = []
    for one in measures:
        lines = list(_lines(before, after, moved(before, after, one.codes)))
        name = Cell((Bold(f"{one.no} {one.name}".strip()),), rows=len(lines))
        rows += [row(*line) if place else row(name, *line) for place, line in enumerate(lines)]
    years = (heading("year", year=year) for year in (before.year, after.year))
    header = [Row((*head("measure", "codes").cells, *years, heading("difference")))]
    return table(_WIDTHS, header, rows, say("report.results.moved_summary"), centred=(2, 3, 4))


def _lines(before: Outcome, after: Outcome, one: Moved) -> Iterator[tuple[str | Cell, ...]]:
    """What stands beside a measure: node, both scores, change; at least one line."""
    if not (one.same or one.foreign):
        yield say("results.without_codes"), _UNKNOWN, _UNKNOWN, _UNKNOWN
    for code in one.same:
        was, now = before.points(before.year, code), after.points(after.year, code)
        yield named(after.tree, code), *_scores(was, now)
    if len(one.scored.after) > 1 and one.scored.complete:
        mean = (say("report.results.mean"), *_scores(one.scored.was, one.scored.now))
        yield tuple(Cell(text, bold=True) for text in mean)
    if one.foreign:
        nodes = called(before.tree, one.foreign)
        text = say("results.foreign", nodes=nodes, then=before.year, this=after.year)
        yield text, _UNKNOWN, _UNKNOWN, _UNKNOWN
    for code, now in one.above.after.items():
        yield say("report.results.above", name=named(after.tree, code)), *_scores(one.above.before[code], now)


def _scores(was: Decimal | None, now: Decimal | None) -> tuple[str, str, str]:
    """Both scores and the change, at two decimals; a dash for what is unknown."""
    change = signed(now - was) if was is not None and now is not None else _UNKNOWN
    return _shown(was), _shown(now), change


def _shown(points: Decimal | None) -> str:
    return _UNKNOWN if points is None else show(points)
