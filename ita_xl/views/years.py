"""เปรียบเทียบปี: the structure from top to bottom with question ranges, counts, scores and points."""

from __future__ import annotations

from fractions import Fraction

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.tree import OPEN_DATA, TOTAL, Kind
from ita_xl.layout.labels import shown_code
from ita_xl.views.content import Content, Values, agency_line, cell, ranges, year_scores


def years(outcome: Outcome) -> Content:
    tree = outcome.tree
    rows = [
        _row(outcome, code)
        for code, node in tree.nodes.items()
        if node.kind not in (Kind.TOTAL, Kind.QUESTION) and code in outcome.scores
    ]
    rows.append(_row(outcome, TOTAL))
    compared = any(row["change"] is not None for row in rows)
    note = say("years.note_compared" if compared else "years.note", year=outcome.year, before=outcome.year - 1)
    return Content(fields={"agency": agency_line(outcome), "note": note}, blocks={"years": rows})


def _row(outcome: Outcome, code: str) -> Values:
    node = outcome.tree[code]
    questions = outcome.tree.below(code, Kind.QUESTION)
    now, then = _points(outcome, outcome.year, code), _points(outcome, outcome.year - 1, code)
    return {
        "code": shown_code(code),
        "name": say("words.total") if code == TOTAL else say(f"years.{node.kind.name.lower()}", name=node.name),
        "range": ranges(questions) if node.kind in (Kind.INDICATOR, Kind.SUB_INDICATOR) else None,
        "items": len(questions) or None,
        **year_scores(outcome, code),
        "p1": cell(then),
        "p0": cell(now),
        "explanation": _explanation(now, then),
    }


def _points(outcome: Outcome, year: int, code: str) -> Fraction | None:
    """Open-data points of a sub-indicator: as stated, else the sum of its items' scores."""
    tree = outcome.tree
    if tree[code].kind is not Kind.SUB_INDICATOR or tree.instrument_of(code) != OPEN_DATA:
        return None
    stated = outcome.inputs.figures.points.get(year, {}).get(code)
    if stated:
        return stated.points
    scores = outcome.years[year].scores if year in outcome.years else {}
    items = [scores[q].exact for q in tree.below(code, Kind.QUESTION) if q in scores]
    known = [score for score in items if score is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(items) else None


def _explanation(now: Fraction | None, then: Fraction | None) -> str:
    """For open data a draft can say how many items were won or lost; all else is the clerk's to explain."""
    if now is None or then is None or now == then:
        return ""
    items = abs(now - then) / 100
    if items.denominator != 1:
        return ""
    return say("years.items_won" if now > then else "years.items_lost", items=int(items))
