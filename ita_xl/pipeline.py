"""The main job: read a workbook, judge it, write the outputs. Prints nothing and opens nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from ita_xl.data import profiles
from ita_xl.domain import levels as level_rules
from ita_xl.domain.advice import advise
from ita_xl.domain.compare import Year
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.numbers import rounded, show
from ita_xl.domain.paths import nearest_level, next_level
from ita_xl.domain.ranking import Raise, highest_first, select
from ita_xl.domain.scoring import Source, score_tree
from ita_xl.domain.thai import same_text
from ita_xl.domain.tree import SURVEYS, TOTAL, Kind, Node, Tree
from ita_xl.domain.whatif import known_leaves, what_if
from ita_xl.outcome import Outcome
from ita_xl.workbook import reader, writer
from ita_xl.workbook.fill import write_guidance, write_words
from ita_xl.workbook.labels import LEVEL, named
from ita_xl.workbook.port import Port, same_content
from ita_xl.workbook.reader import Inputs
from ita_xl.workbook.schema import GUIDANCE, MEMORY, OUTPUTS, STRUCTURE, Show


def analyse(port: Port) -> Outcome:
    """Read and judge a workbook. Raises `Unusable` for one that is not ours; all else becomes findings."""
    inputs = reader.read(port)
    outcome = Outcome(inputs, findings=inputs.findings)
    if inputs.tree is not None:
        judge(outcome, inputs.tree)
        outcome.findings.extend(_figure_findings(outcome))
    return outcome


def judge(outcome: Outcome, tree: Tree) -> None:
    """Fill an outcome from its inputs: scores, levels, ranks, lists, changes, what could be."""
    inputs = outcome.inputs
    this = inputs.year
    for year in (this, this - 1, this - 2):
        given = inputs.figures.given.get(year, {})
        if given or year == this:
            then = tree if year == this else _tree_in(year, tree)
            scores = score_tree(then, given)
            outcome.years[year] = Year(year, then, scores)
            outcome.verdicts[year] = level_rules.judge(_levels_of(year, inputs), scores)
    shown = {code: p for code in tree.codes(Kind.INDICATOR) if (p := outcome.points(this, code)) is not None}
    outcome.ranking = highest_first(list(shown), shown)
    for instrument in SURVEYS:
        if instrument in tree:
            questions = tree.below(instrument, Kind.QUESTION)
            known = {code: p for code in questions if (p := outcome.points(this, code)) is not None}
            outcome.selections[instrument] = select(known, inputs.rules, inputs.figures.choices)
    last = {code: p for code in tree.nodes if (p := outcome.comparable_points(this - 1, code)) is not None}
    now = {code: p for code in tree.nodes if (p := outcome.points(this, code)) is not None}
    commented = [code for code, _ in inputs.comments]
    outcome.issues = advise(
        tree, now, last, outcome.selections, inputs.rules, inputs.figures.choices, dict.fromkeys(commented)
    )
    outcome.changes = [
        made for year in outcome.years if year != this and (made := outcome.change_between(year, this))
    ]
    _simulate(outcome, tree)


def _simulate(outcome: Outcome, tree: Tree) -> None:
    """The way to a better level, and what the total would be with other scores."""
    inputs, scores = outcome.inputs, outcome.scores
    reached = outcome.verdicts[outcome.year].level
    if reached:
        outcome.next_level = next_level(tree, scores, inputs.levels, reached)
        near = outcome.next_level and outcome.next_level.path
        outcome.nearest_level = outcome.next_level if near else nearest_level(tree, scores, inputs.levels, reached)
    limit = inputs.rules.weak_below
    weak = [leaf.code for leaf in known_leaves(tree, scores) if rounded(leaf.score) < limit]
    outcome.all_weak_raised = what_if(tree, scores, inputs.levels, dict.fromkeys(weak, Fraction(limit)))
    outcome.what_if = what_if(tree, scores, inputs.levels, inputs.targets)


def _tree_in(year: int, tree: Tree) -> Tree:
    """This year's structure with an earlier year's weights, where both have the same upper nodes."""

    def upper(of: Tree) -> dict[str, Node]:
        return {code: node for code, node in of.nodes.items() if node.kind > Kind.SUB_INDICATOR}

    earlier = upper(profiles.profile(year).tree) if year in profiles.years() else {}
    now = upper(tree)
    if now.keys() != earlier.keys() or all(now[code].weight == earlier[code].weight for code in now):
        return tree
    return Tree(
        replace(node, weight=earlier[code].weight) if code in earlier else node for code, node in tree.nodes.items()
    )


def _levels_of(year: int, inputs: Inputs) -> tuple[level_rules.Level, ...]:
    """An earlier year is judged by its own levels where we know them."""
    if year != inputs.year and year in profiles.years():
        return profiles.profile(year).levels
    return inputs.levels


def check(port: Port) -> Outcome:
    """Analyse a workbook and, if it was run before, review what stands in its output sheets; nothing is
    written. Raises `Unusable` as `analyse`."""
    outcome = analyse(port)
    if writer.recall(port, outcome.inputs.titles):
        try:
            writer.compose(port, outcome)
        except Unusable as error:
            outcome.findings.extend(error.findings)
    return outcome


def run(port: Port, known: Iterable[Finding] = ()) -> Outcome:
    """Analyse a workbook and write the outputs into it; the caller saves. Raises `Unusable` as `analyse`.

    known: findings of the caller's own that belong into the list.
    """
    outcome = analyse(port)
    outcome.findings.extend(known)
    _restore(port, outcome)
    writer.write(port, outcome)
    return outcome


def outdated(port: Port) -> list[str]:
    """Titles of the output sheets that a run would change. Raises `Unusable` as `run`.

    The results are put into the port, which is not to be saved.
    """
    present = port.sheets()
    before = {title: port.read(title) for title in present}
    titles = run(port).inputs.titles
    ours = [titles[sheet.key] for sheet in OUTPUTS if sheet.key in titles]
    return [t for t in ours if t not in before or not same_content(before[t], port.read(t))]


def _restore(port: Port, outcome: Outcome) -> None:
    """Bring back output sheets that were deleted, unless one was only renamed; the note replaces the warning."""
    inputs = outcome.inputs
    if not outcome.years:
        return  # without a usable year and structure there is nothing to put into them
    missing = {finding.sheet for finding in outcome.findings if finding.code in ("W217", "W226")}
    states = {Show.NEVER: "veryHidden", Show.EXPERT: "hidden"}
    for sheet in (*OUTPUTS, GUIDANCE, MEMORY):
        state = states.get(sheet.show, "visible")
        if sheet.title in missing and port.restore(sheet.title, state):
            inputs.titles = {**inputs.titles, sheet.key: sheet.title}
            write_words(port, sheet, inputs.year, inputs.tree)
            if sheet is GUIDANCE:
                write_guidance(port, outcome.tree, inputs.year)
            outcome.findings[:] = [
                Finding("I227", f.sheet) if f.sheet == sheet.title and f.code in ("W217", "W226") else f
                for f in outcome.findings
            ]


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
                where = inputs.figures.where(year, code)
                yield Finding("I310", *where, code, {"node": named(tree, code)})
    yield from _level_findings(outcome)
    yield from _structure_findings(outcome)
    if outcome.scores[TOTAL].exact is None:
        unknown = _unknown_parts(outcome)
        where = inputs.figures.where(outcome.year, unknown[0])
        yield Finding("E308", *where, values={"codes": ", ".join(unknown)})
    for code, choice in inputs.figures.choices.items():
        if choice.raised is Raise.YES and outcome.points(outcome.year, code) is None:
            yield Finding("W225", *inputs.figures.where(outcome.year, code), code)


def _unknown_parts(outcome: Outcome) -> list[str]:
    """The lowest nodes above the questions that keep the total unknown, in the structure's order."""
    tree, scores = outcome.tree, outcome.scores

    def unknown(code: str) -> bool:
        return tree[code].kind is not Kind.QUESTION and scores[code].exact is None

    found = {c for c in scores if unknown(c) and not any(unknown(child) for child in tree.children(c))}
    return [code for code in tree.nodes if code in found]


def _structure_findings(outcome: Outcome) -> Iterator[Finding]:
    tree, title = outcome.tree, outcome.inputs.titles[STRUCTURE.key]
    cells = outcome.inputs.structure_cells
    if tree.unplaced:
        cell = cells[tree.unplaced[0], "parent"]
        yield Finding("W311", title, cell, values={"codes": _span(tree.unplaced)})
    weights = [tree[code].weight for code in tree.children(TOTAL)]
    whole = sum((w for w in weights if w is not None), Fraction(0))
    if None not in weights and whole not in (1, 100):
        cell = cells[tree.children(TOTAL)[0], "weight"]
        yield Finding("W334", title, cell, values={"sum": show(whole)})


def _year_findings(outcome: Outcome) -> Iterator[Finding]:
    inputs, year = outcome.inputs, outcome.year
    title = inputs.titles[STRUCTURE.key]
    cell = STRUCTURE.field("confirmed").cell
    if year not in profiles.years():
        if not inputs.confirmed:
            yield Finding("W306", title, cell, values={"year": year, "note": "", "note_en": ""})
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
        yield Finding("I305", *inputs.figures.where(year - 1, TOTAL), values={"year": year - 1})


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
        levels = STRUCTURE.block("levels")
        cell = levels.address("level", levels.first_row)
        yield Finding("W314", inputs.titles[STRUCTURE.key], cell)


def _span(codes: tuple[str, ...]) -> str:
    return codes[0] if len(codes) == 1 else f"{codes[0]}-{codes[-1]}"
