"""วิเคราะห์ IIT, EIT, OIT: all questions, the two official lists with their criterion, missing items."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.advice import Rule
from ita_xl.domain.numbers import show
from ita_xl.domain.ranking import Choice, Raise, Ranked, Selection
from ita_xl.domain.thai import within
from ita_xl.domain.tree import OPEN_DATA, Kind
from ita_xl.views.content import (
    Content,
    Values,
    agency_line,
    agency_name,
    cell,
    indicator_of,
    joined,
    known_of,
    ranges,
    scored,
    year_scores,
)
from ita_xl.views.issues import comment_on, with_reasons
from ita_xl.views.wordings import Texts, texts_for


def analysis(outcome: Outcome, instrument: str) -> Content:
    if instrument not in outcome.tree:
        return Content({"agency": agency_line(outcome), "intro": say("analysis.absent", instrument=instrument)})
    questions = outcome.tree.questions(instrument)
    told = any(outcome.points(year, code) is not None for year in outcome.years for code in questions)
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
                for number, code in enumerate(questions if told else (), 1)
            ]
        },
    )
    (_open_data if instrument == OPEN_DATA else _survey)(outcome, instrument, content)
    comments = list(_comments(outcome, instrument))
    content.blocks["comments"] = comments
    content.fields["comments_sentence"] = say("analysis.comments") if comments else _no_comments(outcome)
    return content


def _no_comments(outcome: Outcome) -> str:
    """That the authority has no comment here is known only where its comments on something else stand."""
    return say("analysis.comments_none") if outcome.inputs.comments else ""


def _comments(outcome: Outcome, instrument: str) -> Iterator[Values]:
    """The authority's comments on an instrument, each with our answer."""
    commented = dict.fromkeys(code for code, _ in outcome.inputs.comments)
    mine = [code for code in commented if outcome.tree.instrument_of(code) == instrument]
    for number, code in enumerate(mine, 1):
        answer = texts_for(outcome, code).approach
        yield {"no": number, "code": code, "comment": comment_on(outcome, code), "answer": answer}


def _survey(outcome: Outcome, instrument: str, content: Content) -> None:
    selection = outcome.selections[instrument]
    known, items = _known(outcome, instrument)
    partly = say("analysis.known_only", known=known, items=items) if known < items else ""
    unknown = "" if known else say("analysis.unknown")
    content.fields["best_sentence"] = unknown or _best_sentence(outcome, selection) + partly
    content.fields["urgent_sentence"] = unknown or _urgent_sentence(outcome, selection) + partly
    content.blocks["best"] = _ranked(outcome, selection.best, lambda texts: texts.keep)
    content.blocks["urgent"] = _ranked(outcome, selection.urgent, lambda texts: texts.approach)


def _open_data(outcome: Outcome, instrument: str, content: Content) -> None:
    choices = outcome.inputs.figures.choices
    items = outcome.tree.questions(instrument)
    rules = {i.code: {reason.rule for reason in i.reasons} for i in outcome.issues if i.instrument == instrument}
    listed = [code for code, given in rules.items() if given & {Rule.MISSING, Rule.BY_HAND}]
    lacking = [code for code in items if _lacks(outcome, code) or Rule.MISSING in rules.get(code, ())]
    raised = [code for code in listed if code in items and code not in lacking]
    dropped = [code for code in lacking if choices.get(code, Choice()).raised is Raise.NO]
    partly = [code for code in listed if code not in items]
    sentence = _missing_sentence(outcome, instrument, lacking, partly)
    content.fields["missing_sentence"] = sentence + _by_person(outcome, raised, dropped)
    content.blocks["groups"] = _groups(outcome, instrument, lacking)
    content.blocks["missing"] = [_missing_row(outcome, code, number) for number, code in enumerate(listed, 1)]
    if not listed and not lacking and items and known_of(outcome, items) == len(items):
        content.blocks["missing"] = [_keep_up_row(outcome, instrument)]


def _lacks(outcome: Outcome, code: str) -> bool:
    """Whether a node is known not to have its full score."""
    points = outcome.points(outcome.year, code)
    return points is not None and points < outcome.inputs.rules.full


def _groups(outcome: Outcome, instrument: str, lacking: Collection[str]) -> list[Values]:
    """The parts of an instrument, each with its items. lacking: the items that are not complete. Complete ones are
    counted where all are known."""
    tree, full = outcome.tree, outcome.inputs.rules.full
    groups = tree.below(instrument, Kind.SUB_INDICATOR) or tree.below(instrument, Kind.INDICATOR) or [instrument]
    rows: list[Values] = []
    for number, code in enumerate(groups, 1):
        items = tree.below(code, Kind.QUESTION)
        complete = [item for item in items if outcome.points(outcome.year, item) == full]
        missing = [item for item in items if item in lacking]
        counted = bool(items) and len(complete) + len(missing) == len(items)
        rows.append(
            {
                "no": number,
                "code": code,
                "name": tree[code].name,
                "missing_codes": ranges(missing),
                "items": len(items) or None,
                "complete": len(complete) if counted else None,
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
    agency = within(agency_name(outcome))
    keep_up = say("analysis.keep_up", items=len(outcome.tree.questions(instrument)), agency=agency).strip()
    return {"code": instrument, "question": outcome.tree[instrument].name, "approach": keep_up}


def _by_person(outcome: Outcome, raised: Sequence[str], dropped: Sequence[str]) -> str:
    """What a person added to a list or left out of it, with the reason."""
    sentence = say("analysis.raised", codes=with_reasons(outcome, raised)) if raised else ""
    return sentence + (say("analysis.dropped", codes=with_reasons(outcome, dropped)) if dropped else "")


def _missing_sentence(outcome: Outcome, instrument: str, lacking: Sequence[str], partly: Sequence[str]) -> str:
    """What is not complete, and how much is known. partly: nodes that lack points of unknown items."""
    known, items = _known(outcome, instrument)
    parts = [say("analysis.items_missing", items=len(lacking), codes=joined(lacking))] if lacking else []
    if partly:
        nodes = joined([scored(outcome, code) for code in partly])
        parts.append(say("analysis.groups_missing", nodes=nodes, missing=say("advice.missing_partly")))
    if not parts and known:
        parts.append(
            say("analysis.items_complete" if known == items else "analysis.items_known_complete", items=items)
        )
    if not parts:
        return say("analysis.unknown")
    return " ".join(parts) + (say("analysis.known_only", known=known, items=items) if 0 < known < items else "")


def _known(outcome: Outcome, instrument: str) -> tuple[int, int]:
    """Of how many of an instrument's questions the score is known, and how many there are."""
    questions = outcome.tree.questions(instrument)
    return known_of(outcome, questions), len(questions)


def _question(outcome: Outcome, code: str) -> Values:
    full_text = outcome.inputs.figures.full_texts.get(code)
    return {
        "code": code,
        "question": full_text or outcome.tree[code].name,
        **year_scores(outcome, code),
    }


def _ranked(outcome: Outcome, entries: Sequence[Ranked], what: Callable[[Texts], str]) -> list[Values]:
    """A list by rank. what: which of its texts says what to do about an entry, the same as on every other sheet."""
    rows: list[Values] = []
    for entry in entries:
        note = say("analysis.by_hand", reason=entry.reason).strip() if entry.by_hand else entry.reason
        approach = what(texts_for(outcome, entry.code))
        rows.append(
            {"rank": entry.rank, "approach": approach, "note": note or None, **_question(outcome, entry.code)}
        )
    return rows


def _status(outcome: Outcome, code: str) -> str | None:
    points = outcome.points(outcome.year, code)
    rules = outcome.inputs.rules
    if code in outcome.tree.unplaced:
        return say("words.unplaced")
    if points is None:
        return say("words.no_score")
    if outcome.inputs.figures.choices.get(code, Choice()).raised is Raise.YES:
        return say("analysis.status_by_hand")
    if points >= rules.full:
        return say("analysis.status_full")
    if points < rules.weak_below:
        return say("analysis.status_weak", limit=f"{rules.weak_below:f}")
    return None


def _intro(outcome: Outcome, instrument: str) -> str:
    points = outcome.points(outcome.year, instrument)
    known, items = _known(outcome, instrument)
    words = {"instrument": instrument, "name": outcome.tree[instrument].name, "items": items}
    if points is None:
        return say("analysis.intro_unknown", **words)
    return say("analysis.intro" if known else "analysis.intro_bare", score=show(points), **words)


def _best_sentence(outcome: Outcome, selection: Selection) -> str:
    """How the questions to be developed were chosen, where some are known."""
    if not selection.best:
        return say("analysis.best_none")
    sentence = say("analysis.best", count=outcome.inputs.rules.best_count)
    if selection.tied:
        last = selection.best[-1]
        sentence += say("analysis.best_tied", codes=joined(selection.tied), score=show(last.score), last=last.code)
    return sentence


def _urgent_sentence(outcome: Outcome, selection: Selection) -> str:
    """How the urgent questions were chosen, where some are known."""
    rules = outcome.inputs.rules
    limit = f"{rules.weak_below:f}"
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
