"""What a judged case shows to be wrong, missing or doubtful: findings on figures, levels and structure."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ita_xl.case import contradictions
from ita_xl.case.outcome import Outcome
from ita_xl.data import profiles, say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.domain.numbers import show
from ita_xl.domain.ranking import Raise
from ita_xl.domain.scoring import Source
from ita_xl.domain.thai import tidy
from ita_xl.domain.tree import TOTAL, Kind
from ita_xl.layout import HOME, STRUCTURE
from ita_xl.layout.labels import acting_words, chief_title, named


def findings(outcome: Outcome) -> Iterator[Finding]:
    """All of them, in the order of what they are about: year, figures, level, structure, what is unknown."""
    inputs, tree = outcome.inputs, outcome.tree
    yield from _year_findings(outcome)
    yield from _chief_findings(outcome)
    yield from contradictions.on_scores(outcome)
    for code, score in outcome.scores.items():
        if score.source is Source.STATED and tree.below(code, Kind.QUESTION):
            where = inputs.figures.where(outcome.year, code)
            yield Finding(Code.STATED_FOR_INCOMPLETE, *where, code, {"node": named(tree, code)})
    yield from _level_findings(outcome)
    yield from _structure_findings(outcome)
    if outcome.scores[TOTAL].exact is None:
        unknown = _unknown_parts(outcome)
        where = inputs.figures.where(outcome.year, unknown[0])
        yield Finding(Code.TOTAL_UNKNOWN, *where, values={"codes": ", ".join(unknown)})
    for code, choice in inputs.figures.choices.items():
        if choice.raised is Raise.YES and outcome.points(outcome.year, code) is None:
            yield Finding(Code.RAISED_WITHOUT_SCORE, *inputs.figures.where(outcome.year, code), code)


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
        yield Finding(Code.QUESTIONS_UNPLACED, title, cell, values={"codes": _span(tree.unplaced)})
    weights = [tree[code].weight for code in tree.children(TOTAL)]
    whole = sum((w for w in weights if w is not None), Fraction(0))
    if None not in weights and whole not in (1, 100):
        cell = cells[tree.children(TOTAL)[0], "weight"]
        yield Finding(Code.WEIGHTS_NOT_100, title, cell, values={"sum": show(whole)})


def _year_findings(outcome: Outcome) -> Iterator[Finding]:
    inputs, year = outcome.inputs, outcome.year
    title = inputs.titles[STRUCTURE.key]
    cell = STRUCTURE.field("confirmed").cell
    if year not in profiles.years():
        if not inputs.confirmed:
            yield Finding(Code.YEAR_NOT_VERIFIED, title, cell, values={"year": year, "note": "", "note_en": ""})
    else:
        profile = profiles.profile(year)
        note = profile.notes["th"], profile.notes["en"]
        values = {"year": year, "note": note[0], "note_en": note[1]}
        if profile.status == "draft" and not inputs.confirmed:
            yield Finding(Code.YEAR_NOT_VERIFIED, title, cell, values=values)
        elif profile.status != "proven":
            yield Finding(Code.YEAR_TAKEN_OVER, title, cell, values=values)
    last = outcome.years.get(year - 1)
    if last is None or last.scores[TOTAL].exact is None:
        yield Finding(Code.LAST_YEAR_UNKNOWN, *inputs.figures.where(year - 1, TOTAL), values={"year": year - 1})


def _chief_findings(outcome: Outcome) -> Iterator[Finding]:
    """Who stands in has an own position, a post, and words that say how. Older forms do not ask for the post."""
    about = outcome.inputs.about
    if "chief_post" not in about:
        return
    said = bool(acting_words(about)), bool(about["chief_post"])
    if any(said) and not (all(said) and about["chief_title"]):
        values = {"shown": tidy(chief_title(about, say("measures.no_title")))}
        yield Finding(
            Code.ACTING_INCOMPLETE, outcome.inputs.titles[HOME.key], HOME.field("chief_post").cell, values=values
        )


def _level_findings(outcome: Outcome) -> Iterator[Finding]:
    inputs = outcome.inputs
    yield from contradictions.on_levels(outcome)
    missing = outcome.verdicts[outcome.year].missing
    if missing and TOTAL not in missing and not outcome.level_name:
        yield Finding(Code.LEVEL_NEEDS_SCORES, inputs.titles[STRUCTURE.key], values={"codes": ", ".join(missing)})
    if not inputs.levels:
        levels = STRUCTURE.block("levels")
        cell = levels.address("level", levels.first_row)
        yield Finding(Code.NO_LEVEL_RULES, inputs.titles[STRUCTURE.key], cell)


def _span(codes: tuple[str, ...]) -> str:
    return codes[0] if len(codes) == 1 else f"{codes[0]}-{codes[-1]}"
