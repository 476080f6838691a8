"""วิเคราะห์ IIT, EIT, OIT: all questions, the two official lists with their criterion, missing items."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.numbers import show
from ita_xl.domain.ranking import Choice, Raise, Ranked, Selection
from ita_xl.domain.tree import OPEN_DATA, Kind
from ita_xl.views.content import (
    Content,
    Values,
    agency_line,
    cell,
    indicator_of,
    joined,
    ranges,
    year_scores,
)
from ita_xl.views.issues import comment_on
from ita_xl.views.wordings import Texts, texts_for


def analysis(outcome: Outcome, instrument: str) -> Content:
    if instrument not in outcome.tree:
        return Content({"agency": agency_line(outcome), "intro": say("analysis.absent", instrument=instrument)})
    questions = outcome.tree.questions(instrument)
    content = Content(
        fields={"agency": agency_line(outcome), "intro": _intro(outcome, instrument)},
        blocks={
            "all": [
                {
                    "no": number,
                    "status": _status(outcome, code),
                    "indicator": indicator_of(outcome.tree, code),
                    **_question(outcome, code),
                }
                for number, code in enumerate(questions, 1)
            ]
        },
    )
    (_open_data if instrument == OPEN_DATA else _survey)(outcome, instrument, content)
    comments = list(_comments(outcome, instrument))
    content.blocks["comments"] = comments
    content.fields["comments_sentence"] = say("analysis.comments" if comments else "analysis.comments_none")
    return content


def _comments(outcome: Outcome, instrument: str) -> Iterator[Values]:
    """The authority's comments on an instrument, each with our answer."""
    commented = dict.fromkeys(code for code, _ in outcome.inputs.comments)
    mine = [code for code in commented if outcome.tree.instrument_of(code) == instrument]
    for number, code in enumerate(mine, 1):
        answer = texts_for(outcome, code).approach
        yield {"no": number, "code": code, "comment": comment_on(outcome, code), "answer": answer}


def _survey(outcome: Outcome, instrument: str, content: Content) -> None:
    selection = outcome.selections[instrument]
    content.fields["best_sentence"] = _best_sentence(outcome, selection, instrument)
    content.fields["urgent_sentence"] = _urgent_sentence(outcome, selection, instrument)
    content.blocks["best"] = _ranked(outcome, selection.best, lambda texts: texts.keep)
    content.blocks["urgent"] = _ranked(outcome, selection.urgent, lambda texts: texts.approach)


def _open_data(outcome: Outcome, instrument: str, content: Content) -> None:
    full, choices = outcome.inputs.rules.full, outcome.inputs.figures.choices
    known = {code: outcome.points(outcome.year, code) for code in outcome.tree.questions(instrument)}
    lacking = [code for code, points in known.items() if points is not None and points < full]
    raised = [c for c in known if choices.get(c, Choice()).raised is Raise.YES and c not in lacking]
    dropped = [c for c in lacking if choices.get(c, Choice()).raised is Raise.NO]
    listed = [code for code in known if code in raised or (code in lacking and code not in dropped)]
    sentence = _missing_sentence(list(known.values()), lacking)
    content.fields["missing_sentence"] = sentence + _by_person(outcome, raised, dropped)
    content.blocks["groups"] = _groups(outcome, instrument, lacking)
    content.blocks["missing"] = [_missing_row(outcome, code, number) for number, code in enumerate(listed, 1)]
    if not listed and known and all(points is not None and points >= full for points in known.values()):
        content.blocks["missing"] = [_keep_up_row(outcome, instrument)]


def _groups(outcome: Outcome, instrument: str, lacking: Collection[str]) -> list[Values]:
    """The parts of an instrument, each with its items. lacking: the items that are not complete."""
    tree, full = outcome.tree, outcome.inputs.rules.full
    groups = tree.below(instrument, Kind.SUB_INDICATOR) or tree.below(instrument, Kind.INDICATOR) or [instrument]
    rows: list[Values] = []
    for number, code in enumerate(groups, 1):
        items = tree.below(code, Kind.QUESTION)
        rows.append(
            {
                "no": number,
                "code": code,
                "name": tree[code].name,
                "missing_codes": ranges(item for item in items if item in lacking),
                "items": len(items),
                "complete": sum(outcome.points(outcome.year, item) == full for item in items),
                "score": cell(outcome.points(outcome.year, code)),
            }
        )
    return rows


def _missing_row(outcome: Outcome, code: str, number: int) -> Values:
    """An item that is not complete, who sees to it, and how."""
    texts = texts_for(outcome, code)
    office = outcome.inputs.figures.offices.get(code) or texts.unit
    return {"no": number, "office": office, "approach": texts.approach, **_question(outcome, code)}


def _keep_up_row(outcome: Outcome, instrument: str) -> Values:
    """What is said in place of missing items where every item is complete."""
    agency = outcome.inputs.about.get("agency") or say("words.agency")
    keep_up = say("analysis.keep_up", items=len(outcome.tree.questions(instrument)), agency=agency)
    return {"code": instrument, "question": outcome.tree[instrument].name, "approach": keep_up}


def _by_person(outcome: Outcome, raised: Sequence[str], dropped: Sequence[str]) -> str:
    """What a person added to a list or left out of it, with the reason."""
    choices = outcome.inputs.figures.choices

    def why(code: str) -> str:
        reason = choices[code].reason if code in choices else ""
        return say("analysis.with_reason", code=code, reason=reason) if reason else code

    sentence = say("analysis.raised", codes=joined([why(code) for code in raised])) if raised else ""
    return sentence + (say("analysis.dropped", codes=joined([why(code) for code in dropped])) if dropped else "")


def _missing_sentence(points: list[Decimal | None], lacking: list[str]) -> str:
    if all(p is None for p in points):
        return say("analysis.items_unknown")
    if lacking:
        return say("analysis.items_missing", items=len(lacking), codes=joined(lacking))
    if any(p is None for p in points):
        return say("analysis.items_incomplete", items=sum(p is None for p in points))
    return say("analysis.items_complete", items=len(points))


def _question(outcome: Outcome, code: str) -> Values:
    full_text = outcome.inputs.figures.full_texts.get(code)
    return {
        "code": code,
        "question": full_text or outcome.tree[code].name,
        **year_scores(outcome, code),
    }


def _ranked(outcome: Outcome, entries: Sequence[Ranked], what: Callable[[Texts], str]) -> list[Values]:
    """A list by rank. what: which of its texts says what to do about an entry."""
    rows: list[Values] = []
    for entry in entries:
        note = say("analysis.by_hand", reason=entry.reason).strip() if entry.by_hand else entry.reason
        approach = _shared_approach(outcome, entry, entries, what)
        rows.append(
            {"rank": entry.rank, "approach": approach, "note": note or None, **_question(outcome, entry.code)}
        )
    return rows


def _shared_approach(
    outcome: Outcome, entry: Ranked, entries: Sequence[Ranked], what: Callable[[Texts], str]
) -> str:
    """What to do. Questions that share a rank share one approach: the first of them holds it, with a part
    for each measure that they belong to; the others refer to it."""
    sharing = [other.code for other in entries if other.rank == entry.rank]
    if entry.code != sharing[0]:
        return say("analysis.same_approach", code=sharing[0])
    by_measure: dict[str, tuple[str, str]] = {}
    for code in sharing:
        texts = texts_for(outcome, code)
        by_measure.setdefault(texts.measure, (code, what(texts)))
    parts = list(by_measure.values())
    if len(parts) == 1:
        return parts[0][1]
    return "\n".join(say("analysis.part", code=code, approach=approach) for code, approach in parts)


def _status(outcome: Outcome, code: str) -> str | None:
    points = outcome.points(outcome.year, code)
    rules = outcome.inputs.rules
    if code in outcome.tree.unplaced:
        return say("analysis.status_unplaced")
    if points is None:
        return say("analysis.status_unknown")
    if outcome.inputs.figures.choices.get(code, Choice()).raised is Raise.YES:
        return say("analysis.status_by_hand")
    if points >= rules.full:
        return say("analysis.status_full")
    if points < rules.weak_below:
        return say("analysis.status_weak", limit=f"{rules.weak_below:f}")
    return None


def _intro(outcome: Outcome, instrument: str) -> str:
    tree = outcome.tree
    points = outcome.points(outcome.year, instrument)
    words = {"instrument": instrument, "name": tree[instrument].name, "items": len(tree.questions(instrument))}
    if points is None:
        return say("analysis.intro_unknown", **words)
    return say("analysis.intro", score=show(points), **words)


def _best_sentence(outcome: Outcome, selection: Selection, instrument: str) -> str:
    if not selection.best:
        return say("analysis.best_none")
    sentence = say("analysis.best", count=outcome.inputs.rules.best_count)
    if selection.tied:
        last = selection.best[-1]
        sentence += say("analysis.best_tied", codes=joined(selection.tied), score=show(last.score), last=last.code)
    return sentence


def _urgent_sentence(outcome: Outcome, selection: Selection, instrument: str) -> str:
    rules = outcome.inputs.rules
    limit = f"{rules.weak_below:f}"
    scored = any(outcome.points(outcome.year, code) is not None for code in outcome.tree.questions(instrument))
    if not scored:
        return say("analysis.urgent_unknown")
    if selection.weak:
        sentence = say("analysis.urgent", limit=limit, ranks=rules.urgent_ranks, items=len(selection.weak))
    elif selection.lowest_instead:
        sentence = say("analysis.urgent_lowest", limit=limit, ranks=rules.urgent_ranks)
    else:
        sentence = say("analysis.urgent_none", limit=limit)
    ranks = [entry.rank for entry in selection.urgent]
    if len(set(ranks)) < len(ranks):
        sentence += say("analysis.shared_rank")
    return sentence + _by_person(outcome, [e.code for e in selection.urgent if e.by_hand], selection.dropped)
