"""The main job: read a workbook, judge it, write the outputs. Prints nothing and opens nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ita_xl.data import profiles
from ita_xl.domain import levels as level_rules
from ita_xl.domain.compare import Year
from ita_xl.domain.findings import Finding
from ita_xl.domain.numbers import show
from ita_xl.domain.paths import next_level
from ita_xl.domain.ranking import highest_first, select
from ita_xl.domain.scoring import Source, score_tree
from ita_xl.domain.thai import same_text
from ita_xl.domain.tree import SURVEYS, TOTAL, Kind, Tree
from ita_xl.outcome import Outcome
from ita_xl.workbook import reader, writer
from ita_xl.workbook.labels import LEVEL, named
from ita_xl.workbook.port import Port
from ita_xl.workbook.reader import Inputs
from ita_xl.workbook.schema import HOME, STRUCTURE


def analyse(port: Port) -> Outcome:
    """Read and judge a workbook. Raises `Unusable` for one that is not ours; all else becomes findings."""
    inputs = reader.read(port)
    outcome = Outcome(inputs, findings=inputs.findings)
    if inputs.tree is not None:
        judge(outcome, inputs.tree)
        outcome.findings.extend(_figure_findings(outcome))
    return outcome


def judge(outcome: Outcome, tree: Tree) -> None:
    """Fill an outcome from its inputs: scores, levels, ranks, lists, changes, the way to the next level."""
    inputs = outcome.inputs
    this = inputs.year
    for year in (this, this - 1, this - 2):
        given = inputs.figures.given.get(year, {})
        if given or year == this:
            scores = score_tree(tree, given)
            outcome.years[year] = Year(year, tree, scores)
            outcome.verdicts[year] = level_rules.judge(_levels_of(year, inputs), scores)
    shown = {code: p for code in tree.codes(Kind.INDICATOR) if (p := outcome.points(this, code)) is not None}
    outcome.ranking = highest_first(list(shown), shown)
    for instrument in SURVEYS:
        if instrument in tree:
            questions = tree.below(instrument, Kind.QUESTION)
            known = {code: p for code in questions if (p := outcome.points(this, code)) is not None}
            outcome.selections[instrument] = select(known, inputs.rules, inputs.figures.choices)
    outcome.changes = [
        made for year in outcome.years if year != this and (made := outcome.change_between(year, this))
    ]
    verdict = outcome.verdicts[this]
    if verdict.level:
        outcome.next_level = next_level(tree, outcome.scores, inputs.levels, verdict.level)


def _levels_of(year: int, inputs: Inputs) -> tuple[level_rules.Level, ...]:
    """An earlier year is judged by its own levels where we know them."""
    if year != inputs.year and year in profiles.years():
        return profiles.profile(year).levels
    return inputs.levels


def run(port: Port, known: Iterable[Finding] = ()) -> Outcome:
    """Analyse a workbook and write the outputs into it; the caller saves. Raises `Unusable` as `analyse`.

    known: findings of the caller's own that belong into the list.
    """
    outcome = analyse(port)
    outcome.findings.extend(known)
    writer.write(port, outcome)
    return outcome


def _figure_findings(outcome: Outcome) -> Iterator[Finding]:
    inputs, tree = outcome.inputs, outcome.tree
    yield from _year_findings(outcome)
    for year, result in outcome.years.items():
        for code, score in result.scores.items():
            place = inputs.figures.places.get((year, code))
            if score.source is Source.DISAGREES and place:
                assert score.stated is not None and score.computed is not None
                values = {
                    "node": named(tree, code),
                    "year": year,
                    "stated": show(score.stated),
                    "computed": show(score.computed),
                }
                yield Finding("W301", place.sheet, place.cell, code, values)
            if score.source is Source.STATED and year == outcome.year and tree.below(code, Kind.QUESTION):
                where = (place.sheet, place.cell) if place else ("", "")
                yield Finding("I310", *where, code, {"node": named(tree, code)})
    yield from _level_findings(outcome)
    if tree.unplaced:
        yield Finding("W311", inputs.titles[STRUCTURE.key], values={"codes": _span(tree.unplaced)})
    if outcome.scores[TOTAL].exact is None:
        unknown = [c for c in tree.codes(Kind.INDICATOR) if outcome.scores[c].exact is None]
        yield Finding("E308", inputs.titles.get("stated", ""), "", values={"codes": ", ".join(unknown)})


def _year_findings(outcome: Outcome) -> Iterator[Finding]:
    inputs, year = outcome.inputs, outcome.year
    title = inputs.titles[STRUCTURE.key]
    cell = STRUCTURE.field("confirmed").cell
    if year not in profiles.years():
        if not inputs.confirmed:
            yield Finding("W306", title, cell, values={"year": year, "note": ""})
    else:
        profile = profiles.profile(year)
        note = profile.notes["th"], profile.notes["en"]
        values = {"year": year, "note": note[0], "note_en": note[1]}
        if profile.status == "draft" and not inputs.confirmed:
            yield Finding("W306", title, cell, values=values)
        elif profile.status != "proven":
            yield Finding("I307", title, cell, values=values)
    last = outcome.years.get(year - 1)
    if last is None or last.scores[TOTAL].exact is None:
        stated = inputs.titles.get("stated", inputs.titles.get(HOME.key, ""))
        yield Finding("I305", stated, values={"year": year - 1})


def _level_findings(outcome: Outcome) -> Iterator[Finding]:
    inputs = outcome.inputs
    for year, verdict in outcome.verdicts.items():
        published = inputs.figures.stated_levels.get(year, "")
        place = inputs.figures.places.get((year, LEVEL))
        if verdict.level and published and place and not same_text(published, verdict.level.name):
            values = {"year": year, "stated": published, "computed": verdict.level.name}
            yield Finding("W302", place.sheet, place.cell, values=values)
        if year == outcome.year and verdict.missing and TOTAL not in verdict.missing:
            yield Finding("W313", inputs.titles[STRUCTURE.key], values={"codes": ", ".join(verdict.missing)})
    if not inputs.levels:
        yield Finding("W314", inputs.titles[STRUCTURE.key], STRUCTURE.block("levels").address("level", 9))


def _span(codes: tuple[str, ...]) -> str:
    return codes[0] if len(codes) == 1 else f"{codes[0]}-{codes[-1]}"
