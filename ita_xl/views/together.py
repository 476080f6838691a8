"""Cells in which several texts stand together: how they are put into one, and told apart again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ita_xl.data import say


def issue_text(head: str, problem: str, comment: str) -> str:
    """An issue on a line of its own, its cause, and what the authority says of it."""
    return "\n".join(filter(None, (head, problem, _comment(comment) if comment else "")))


def problem_in(text: str, code: str) -> str:
    """The cause in a text as `issue_text` makes it; empty where its first line is no longer about the code."""
    head, _, rest = text.partition("\n")
    return rest.partition(f"\n{_comment('')}")[0] if head.startswith(code) else ""


def _comment(words: str) -> str:
    return say("actions.comment", comment=words)


def action_text(approach: str, steps: Sequence[str]) -> str:
    """What is done about an issue: the approach, then its steps as one phrase, numbered from two on."""
    if not steps:
        return approach
    phrase = steps[0] if len(steps) == 1 else " ".join(f"({number}) {step}" for number, step in enumerate(steps, 1))
    return say("actions.action", approach=approach, steps=phrase)


def parts_of_action(text: str) -> tuple[str, list[str]]:
    """Approach and steps in a text as `action_text` makes it; no steps where the words between are gone."""
    approach, between, phrase = text.partition(say("actions.action", approach="", steps=""))
    if not between:
        return text, []
    steps = [part.strip() for part in re.split(r"(?:^|\s)\(\d{1,2}\)\s", phrase)]
    return approach, [step for step in steps if step]
