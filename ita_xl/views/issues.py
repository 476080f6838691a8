"""ประเด็นที่ต้องแก้ไข and แนวทางนำผลสู่การปฏิบัติ: every issue with its reason, cause and what is done about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.advice import Issue, Reason, Rule
from ita_xl.domain.numbers import show
from ita_xl.domain.tree import TOTAL, Kind
from ita_xl.views.content import Content, Values, agency_line
from ita_xl.views.wordings import texts_for


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
    number = len(outcome.issues)
    rules = outcome.inputs.rules
    known = outcome.points(outcome.year, TOTAL) is not None
    key = "intro" if number else "intro_none" if known else "intro_unknown"
    intro = say(f"issues.{key}", items=number, limit=f"{rules.weak_below:f}")
    return Content({"agency": agency_line(outcome), "intro": intro}, {"issues": rows})


def _issue_row(outcome: Outcome, issue: Issue) -> Values:
    texts = texts_for(outcome, issue.code)
    return {
        "code": issue.code,
        "indicator": _indicator(outcome, issue.code),
        "issue": f"{topic(outcome, issue.code)}\n{reasons(outcome, issue.reasons)}",
        "problem": texts.problem,
        "in_place": texts.in_place,
        "approach": texts.approach,
    }


def _passed_row(outcome: Outcome, indicator: str) -> Values:
    known = outcome.points(outcome.year, indicator) is not None
    return {
        "code": indicator,
        "indicator": _indicator(outcome, indicator),
        "issue": say("issues.passed" if known else "issues.unknown"),
        "problem": say("issues.passed_problem" if known else "issues.unknown_problem"),
        "in_place": say("issues.passed_in_place" if known else "issues.unknown_in_place"),
        "approach": say("issues.passed_approach" if known else "issues.unknown_approach"),
    }


def _indicator(outcome: Outcome, code: str) -> str:
    """Number, name and score of the indicator that a code belongs to."""
    indicator = outcome.tree.ancestor(code, Kind.INDICATOR)
    if indicator is None:
        return say("issues.no_indicator")
    points = outcome.points(outcome.year, indicator)
    score = say("issues.score", score=show(points)) if points is not None else say("words.unknown")
    return f"{indicator} {outcome.tree[indicator].name}\n{score}"


def topic(outcome: Outcome, code: str) -> str:
    """What an issue is about, with its score where it is known."""
    points = outcome.points(outcome.year, code)
    name = outcome.tree[code].name
    named = name if name != code else ""
    scored = say("summary.with_score", name=named, score=show(points)) if points is not None else named
    return scored.strip()


def reasons(outcome: Outcome, given: Iterable[Reason]) -> str:
    """Why: rule, figures and rank, in one sentence each."""
    return "\n".join(_reason(outcome, reason) for reason in given)


def _reason(outcome: Outcome, reason: Reason) -> str:
    rules = outcome.inputs.rules
    key = reason.rule.name.lower()
    if reason.rule is Rule.MISSING and reason.node:
        key = "missing_for_certain"
    elif reason.rule is Rule.MISSING and reason.score:
        key = "missing_partly"
    ranked = say("advice.ranked", rank=reason.rank) if reason.rank else ""
    return say(
        f"advice.{key}",
        limit=f"{rules.weak_below:f}",
        ranked=ranked,
        score=show(reason.score) if reason.score is not None else "",
        fall=show(reason.fall) if reason.fall is not None else "",
        most=f"{rules.fell_by:f}",
        node=f"{reason.node} {outcome.tree[reason.node].name}" if reason.node else "",
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
    known = outcome.points(outcome.year, TOTAL) is not None
    intro = say(
        "actions.intro" if rows else "actions.intro_none" if known else "issues.intro_unknown", items=len(rows)
    )
    return Content({"agency": agency_line(outcome), "intro": intro}, {"actions": rows})


def _action_row(outcome: Outcome, issue: Issue, number: int) -> Values:
    texts = texts_for(outcome, issue.code)
    comment = comment_on(outcome, issue.code)
    parts = [f"{issue.code} {topic(outcome, issue.code)}", texts.problem]
    if comment:
        parts.append(say("actions.comment", comment=comment))
    steps = [step.do for step in texts.steps]
    action = say("actions.action", approach=texts.approach, steps=_in_a_row(steps)) if steps else texts.approach
    return {
        "instrument": issue.instrument,
        "no": number,
        "code": issue.code,
        "issue": "\n".join(parts),
        "action": action,
    }


def _in_a_row(steps: Sequence[str]) -> str:
    """Steps as one phrase: numbered from two on."""
    if len(steps) == 1:
        return steps[0]
    return " ".join(f"({number}) {step}" for number, step in enumerate(steps, 1))


def comment_on(outcome: Outcome, code: str) -> str:
    """The authority's comments on a code, in one text."""
    return "\n".join(comment for about, comment in outcome.inputs.comments if about == code)
