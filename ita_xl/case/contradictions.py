"""Where what was published and what was computed contradict each other: both figures, what may be mistyped, and
what a person decided.

A contradiction of this year's total, instruments or level is an error until it is settled. Any other is a warning,
and one that a person decided is a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce

from ita_xl.case.inputs import Place
from ita_xl.case.outcome import Outcome
from ita_xl.data import LANGUAGES, say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.domain.numbers import show
from ita_xl.domain.scoring import Hold, Source
from ita_xl.domain.suspects import Suspect, suspects
from ita_xl.domain.thai import same_text
from ita_xl.domain.tree import Kind
from ita_xl.layout import STATED, address, labels
from ita_xl.layout.labels import LEVEL, named, shown_code

_FINAL = (Kind.TOTAL, Kind.INSTRUMENT)


def on_scores(outcome: Outcome) -> Iterator[Finding]:
    """Scores of all years that are further apart than rounding explains: of a node its published score and that by
    its published points, then published and computed scores."""
    figures = outcome.inputs.figures
    for (year, code), rivals in figures.rivals.items():
        if abs(rivals.score.value - rivals.by_points) > rivals.score.slack:
            pair = {"stated": show(rivals.score.value), "computed": show(rivals.by_points)}
            yield _on_score(outcome, year, code, rivals.place, pair)
    for year, result in outcome.years.items():
        for code, score in result.scores.items():
            place = figures.places.get((year, code))
            if score.apart and place:
                assert score.stated is not None and score.computed is not None
                pair = {"stated": show(score.stated), "computed": show(score.computed)}
                found = suspects(result.tree, result.scores, code) if score.source is Source.DISAGREES else ()
                yield _on_score(outcome, year, code, place, pair, found)


def on_levels(outcome: Outcome) -> Iterator[Finding]:
    """Published levels that are not those which the scores meet."""
    figures = outcome.inputs.figures
    for year, verdict in outcome.verdicts.items():
        published, place = figures.stated_levels.get(year, ""), figures.places.get((year, LEVEL))
        if verdict.level and published and place and not same_text(published, verdict.level.name):
            pair = {"stated": published, "computed": verdict.level.name}
            open_ = Code.LEVEL_UNPROVEN if outcome.rules_unproven else Code.LEVEL_UNDECIDED
            codes = Code.LEVEL_DECIDED, open_ if year == outcome.year else Code.LEVEL_DISAGREES
            yield _finding(outcome, codes, year, LEVEL, place, pair)


def _on_score(
    outcome: Outcome, year: int, code: str, place: Place, pair: dict[str, str], found: tuple[Suspect, ...] = ()
) -> Finding:
    final = year == outcome.year and outcome.tree[code].kind in _FINAL
    codes = Code.STATED_DECIDED, Code.STATED_UNDECIDED if final else Code.STATED_DISAGREES
    likely = _in_all_languages("likely", lambda lang: _likely(outcome, year, found, lang))
    return _finding(outcome, codes, year, code, place, pair | {"node": named(outcome.tree, code)} | likely)


def _finding(
    outcome: Outcome, codes: tuple[Code, Code], year: int, code: str, place: Place, values: dict[str, str]
) -> Finding:
    """codes: of a contradiction that a person decided, and of one that is open."""
    hold = outcome.inputs.figures.hold(year, code)
    decided, undecided = codes
    question = "" if code == LEVEL else code
    if hold is not Hold.OPEN:
        used = values["stated" if hold is Hold.PUBLISHED else "computed"]
        return Finding(decided, place.sheet, place.cell, question, {**values, "year": year, "used": used})
    decide = _in_all_languages("decide", lambda lang: _decide(outcome, place, lang))
    return Finding(undecided, place.sheet, place.cell, question, {**values, "year": year, **decide})


def _in_all_languages(slot: str, words: Callable[[str], str]) -> dict[str, str]:
    """Words for a slot of the findings' sentences, which has a name of its own in every other language."""
    return {slot if lang == LANGUAGES[0] else f"{slot}_{lang}": words(lang) for lang in LANGUAGES}


def _likely(outcome: Outcome, year: int, found: tuple[Suspect, ...], lang: str) -> str:
    """Which figure is probably mistyped, with its cell; empty where that cannot be told."""
    if not found:
        return ""
    cells = [_suspected(outcome, year, suspect, lang) for suspect in found]
    either = reduce(lambda first, last: say("words.or", lang, first=first, last=last), cells)
    return say("contradictions.likely", lang, cells=either)


def _suspected(outcome: Outcome, year: int, suspect: Suspect, lang: str) -> str:
    sheet, cell = outcome.inputs.figures.where(year, suspect.code)
    pair = {"typed": show(suspect.typed), "meant": show(suspect.meant)}
    key = "contradictions.swapped" if suspect.swapped else "contradictions.mistyped"
    return say(key, lang, code=shown_code(suspect.code), sheet=sheet, cell=cell, **pair)


def _decide(outcome: Outcome, place: Place, lang: str) -> str:
    """Where to decide which figure holds, for one that stands at a place."""
    deciding, at = outcome.inputs.figures.deciding, address.cell(place.cell)
    assert deciding is not None and at is not None
    words = {hold.value: say(f"choices.hold_{hold.value}") for hold in Hold}
    block = STATED.block("stated")
    heading = labels.heading(STATED, block, block.columns[-1], outcome.year)
    key = "contradictions.make_room" if deciding.heading else "contradictions.decide"
    where = {"sheet": place.sheet, "cell": f"{deciding.column}{at[0]}", "at": deciding.heading, "heading": heading}
    return say(key, lang, **words, **where)
