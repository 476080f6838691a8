"""รายงานผลมาตรการ: what came of this plan, for the agency to fill in, and of last year's, beside the scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from ita_xl.case.inputs import Commitment
from ita_xl.case.moved import moved
from ita_xl.case.outcome import Outcome
from ita_xl.data import profiles, say
from ita_xl.domain.numbers import show
from ita_xl.domain.plan import PlannedMeasure
from ita_xl.domain.tree import Kind, Tree
from ita_xl.layout import labels
from ita_xl.views.content import Content, Values, agency_line, cell, joined
from ita_xl.views.heard import Heard
from ita_xl.views.plan import by_measure
from ita_xl.views.topics import results_item


def results(outcome: Outcome, plan: Sequence[PlannedMeasure], heard: Heard) -> Content:
    """Both tables; of last year's measures only what follows from the scores is ours to write. heard: what the
    offices answered."""
    last = [_judged(outcome, commitment) for commitment in outcome.inputs.commitments]
    sentence = say("results.last_sentence", year=outcome.year - 1, this=outcome.year) if last else ""
    year = outcome.year + 1
    item = results_item(outcome.year)
    answering = say("results.answering", item=item) if item.code else ""
    intro = say("results.intro", year=year, items=len(plan)) + answering if plan else say("issues.intro_unknown")
    return Content(
        {"agency": agency_line(outcome, year), "intro": intro, "last_sentence": sentence},
        {"results": [{**row, **heard.result(str(row["key"]))} for row in by_measure(plan)], "last": last},
    )


def _judged(outcome: Outcome, measure: Commitment) -> Values:
    """This year's mean of the codes that a measure was for, and what may be said of the measure."""
    found = moved(outcome, measure)
    same, scores = found.same, found.scores
    was, now = scores.was, scores.now
    told = _moved("results.mean", was, now) if was is not None and now is not None else ""
    progress = say(f"results.progress_{measure.progress}")
    lines = [say(f"results.{found.effect}", progress=progress, moved=told)]
    if len(same) > 1 or not scores.complete:
        lines += [_code_moved(outcome, code) for code in scores.after]
    lines += _reservations(outcome, measure, same, [code for code in same if code not in scores.after])
    return {"key": measure.key, "after": cell(now), "worked": "\n".join(lines)}


def _reservations(outcome: Outcome, measure: Commitment, same: Sequence[str], unscored: list[str]) -> Iterator[str]:
    """What cannot be compared, and why; there the indicator above is told where it can be."""
    if not measure.codes:
        yield say("results.without_codes")
    if unscored:
        yield say("results.without_scores", nodes=called(outcome.tree, unscored))
    foreign = [code for code in measure.codes if code not in same]
    if foreign:
        then = outcome.year - 1
        tree = profiles.profile(then).tree if then in profiles.years() else outcome.tree
        nodes = called(tree, foreign)
        yield say("results.foreign", nodes=nodes, then=then, this=outcome.year)
        above = [tree.ancestor(code, Kind.INDICATOR) for code in foreign if code in tree]
        for code in dict.fromkeys(code for code in above if code):
            known = outcome.points(outcome.year, code), outcome.comparable_points(then, code)
            if code not in same and None not in known:
                yield say("results.above", moved=_code_moved(outcome, code))


def _code_moved(outcome: Outcome, code: str) -> str:
    """How the score of one code, known in both years, moved."""
    before, after = outcome.points(outcome.year - 1, code), outcome.points(outcome.year, code)
    assert before is not None and after is not None
    return _moved("results.code", before, after, called(outcome.tree, [code], whole=True))


def _moved(key: str, before: Decimal, after: Decimal, node: str = "") -> str:
    way = "rose" if after > before else "fell" if after < before else "same"
    points = show(abs(after - before))
    return say(f"{key}_{way}", node=node, points=points, before=show(before), after=show(after))


def called(tree: Tree, codes: Iterable[str], *, whole: bool = False) -> str:
    """ข้อ I13, I14 และ I20; a node above the questions by its layer, with its name where there is room."""
    listed = list(codes)
    questions = [code for code in listed if code not in tree or tree[code].kind is Kind.QUESTION]
    named = [say("called.question", code=joined(questions), name="")] if questions else []
    named += [labels.called(tree, code, whole=whole) for code in listed if code not in questions]
    return joined(named)
