"""ประเด็นที่ต้องแก้ไข and แนวทางนำผลสู่การปฏิบัติ: every issue with its reason, cause and what is done about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.advice import Issue, Reason, Rule
from ita_xl.domain.numbers import show
from ita_xl.domain.ranking import Choice, Raise
from ita_xl.domain.tree import OPEN_DATA, TOTAL, Kind
from ita_xl.engines.port import Written
from ita_xl.layout.keys import FieldKey
from ita_xl.layout.labels import called
from ita_xl.views.content import Content, Values, agency_line, joined, known_of, unknown_scores
from ita_xl.views.together import action_text, issue_text
from ita_xl.views.wordings import steps_in_plan, texts_for


def issues(outcome: Outcome) -> Content:
    """Per indicator one row for each of its issues; an indicator without one says so."""
    tree = outcome.tree
    rows: list[Values] = []
    listed: set[str] = set()
    for indicator in tree.codes(Kind.INDICATOR):
        mine = [issue for issue in outcome.issues if indicator in {node.code for node in tree.up(issue.code)}]
        listed.update(issue.code for issue in mine)
        rows.extend(_issue_row(outcome, issue) for issue in mine)
        if not mine:
            rows.append(_passed_row(outcome, indicator))
    rows.extend(_issue_row(outcome, issue) for issue in outcome.issues if issue.code not in listed)
    return Content({"agency": agency_line(outcome), **issues_intro(outcome)}, {"issues": rows})


def issues_intro(outcome: Outcome, own: int = 0) -> dict[FieldKey, Written]:
    """How many issues there are. own: those that a person added."""
    items, unknown = len(outcome.issues) + own, unknown_scores(outcome)
    intro = say("issues.intro", items=items) if items else no_issues(outcome)
    if items and unknown:
        intro += say("issues.also_unknown", unknown=unknown)
    return {"intro": intro}


def actions_intro(outcome: Outcome, own: int = 0) -> dict[FieldKey, Written]:
    """Of how many issues the actions are. own: those that a person added."""
    items = len(outcome.issues) + own
    return {"intro": say("actions.intro", items=items) if items else no_issues(outcome)}


def no_issues(outcome: Outcome) -> str:
    """What may be said where nothing is raised: only who knows every score knows that there is no issue."""
    indicators = outcome.tree.codes(Kind.INDICATOR)
    if known_of(outcome, indicators) < len(indicators):
        return say("issues.intro_unknown")
    limit, unknown = f"{outcome.inputs.rules.weak_below:f}", unknown_scores(outcome)
    return (
        say("issues.intro_open", limit=limit, unknown=unknown) if unknown else say("issues.intro_none", limit=limit)
    )


def _issue_row(outcome: Outcome, issue: Issue) -> Values:
    texts = texts_for(outcome, issue.code)
    return {
        "code": issue.code,
        "indicator": _indicator(outcome, issue.code),
        "issue": f"{topic(outcome, issue.code)}\n{reasons(outcome, issue)}",
        "problem": texts.problem,
        "in_place": texts.in_place,
        "approach": texts.approach,
    }


def _passed_row(outcome: Outcome, indicator: str) -> Values:
    """An indicator of which nothing is raised, and how much is known of it."""
    questions = outcome.tree.below(indicator, Kind.QUESTION)
    nothing = say("words.nothing")
    dropped = with_reasons(outcome, _dropped(outcome, questions))
    issue, in_place, approach = _standing(outcome, indicator, questions)
    return {
        "code": indicator,
        "indicator": _indicator(outcome, indicator),
        "issue": issue,
        "problem": say("analysis.dropped", codes=dropped).strip() if dropped else nothing,
        "in_place": in_place or nothing,
        "approach": approach or nothing,
    }


def _standing(outcome: Outcome, indicator: str, questions: Sequence[str]) -> tuple[str, str, str]:
    """How an indicator without an issue stands, what keeps it there, and what is done; empty where nothing can be
    said. Only who knows all its questions knows that it has no issue."""
    rules, points = outcome.inputs.rules, outcome.points(outcome.year, indicator)
    if points is None:
        return say("words.no_score"), "", ""
    known = bool(questions) and known_of(outcome, questions) == len(questions)
    if known or points >= rules.full:
        issue = say("issues.passed" if known else "issues.full")
        return issue, say("issues.passed_in_place"), say("issues.passed_approach")
    key = "issues.open" if points >= rules.weak_below else "advice.indicator_itself"
    return say(key, limit=f"{rules.weak_below:f}"), "", say("issues.open_approach")


def _dropped(outcome: Outcome, questions: Iterable[str]) -> Iterator[str]:
    """Of these questions, those that a person left out although a rule would have raised them."""
    rules, choices = outcome.inputs.rules, outcome.inputs.figures.choices
    for code in questions:
        points = outcome.points(outcome.year, code)
        limit = rules.full if outcome.tree.instrument_of(code) == OPEN_DATA else rules.weak_below
        if points is not None and points < limit and choices.get(code, Choice()).raised is Raise.NO:
            yield code


def with_reasons(outcome: Outcome, codes: Iterable[str]) -> str:
    """Questions about which a person decided, each with the reason given."""
    choices = outcome.inputs.figures.choices

    def why(code: str) -> str:
        reason = choices[code].reason if code in choices else ""
        return say("analysis.with_reason", code=code, reason=reason) if reason else code

    return joined([why(code) for code in codes])


def _indicator(outcome: Outcome, code: str) -> str:
    """Number, name and score of the indicator that a code belongs to; an instrument's own name and score."""
    node = outcome.tree.ancestor(code, Kind.INDICATOR) or outcome.tree.ancestor(code, Kind.INSTRUMENT)
    if node is None:
        return say("words.unplaced")
    points = outcome.points(outcome.year, node)
    score = say("issues.score", score=show(points)) if points is not None else say("words.no_score")
    return f"{node} {outcome.tree[node].name}\n{score}"


def topic(outcome: Outcome, code: str) -> str:
    """What an issue is about, with its score where it is known."""
    points = outcome.points(outcome.year, code)
    name = outcome.tree[code].name
    named = name if name != code else ""
    scored = say("words.with_score", name=named, score=show(points)) if points is not None else named
    return scored.strip()


def reasons(outcome: Outcome, issue: Issue) -> str:
    """Why: rule, figures and rank, in one sentence each."""
    return "\n".join(_reason(outcome, issue.code, reason) for reason in issue.reasons)


def _reason(outcome: Outcome, code: str, reason: Reason) -> str:
    rules = outcome.inputs.rules
    key = reason.rule.name.lower()
    if reason.rule is Rule.MISSING and reason.node:
        key = "missing_for_certain"
    elif reason.rule is Rule.MISSING and outcome.tree[code].kind is not Kind.QUESTION:
        key = "missing_partly"
    elif reason.rule is Rule.INDICATOR and reason.node == code:
        key = "indicator_itself"
    ranked = say("advice.ranked", rank=reason.rank) if reason.rank else ""
    questions = outcome.tree.questions(outcome.tree.instrument_of(code) or "")
    return say(
        f"advice.{key}",
        limit=f"{rules.weak_below:f}",
        ranked=ranked,
        of=say("advice.of_known") if known_of(outcome, questions) < len(questions) else "",
        score=show(reason.score) if reason.score is not None else "",
        fall=show(reason.fall) if reason.fall is not None else "",
        most=f"{rules.fell_by:f}",
        node=called(outcome.tree, reason.node) if reason.node else "",
        words=reason.words,
        year=outcome.year - 1,
    ).strip()


def actions(outcome: Outcome) -> Content:
    """Per instrument, numbered anew in each: the issue with its cause and comment, and the action."""
    tree = outcome.tree
    rows: list[Values] = []
    for instrument in [*tree.children(TOTAL)]:
        mine = [issue for issue in outcome.issues if issue.instrument == instrument]
        rows.extend(_action_row(outcome, issue, number) for number, issue in enumerate(mine, 1))
    return Content({"agency": agency_line(outcome), **actions_intro(outcome)}, {"actions": rows})


def _action_row(outcome: Outcome, issue: Issue, number: int) -> Values:
    texts = texts_for(outcome, issue.code)
    head = f"{issue.code} {topic(outcome, issue.code)}"
    return {
        "instrument": issue.instrument,
        "no": number,
        "code": issue.code,
        "issue": issue_text(head, texts.problem, comment_on(outcome, issue.code)),
        "action": action_text(texts.approach, [step.do for step in steps_in_plan(outcome, texts)]),
    }


def comment_on(outcome: Outcome, code: str) -> str:
    """The authority's comments on a code, in one text."""
    return "\n".join(comment for about, comment in outcome.inputs.comments if about == code)
