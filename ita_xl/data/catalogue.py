"""The findings catalogue: what each finding says and what to do about it, in Thai and English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ita_xl.data import callable_here, fill, read_toml, say
from ita_xl.domain.contents import Value, shown
from ita_xl.domain.findings import Finding, Group


@cache
def entries() -> Mapping[str, Mapping[str, str]]:
    """By code: th, en (the message) and th_hint, en_hint (what to do)."""
    found: Mapping[str, Mapping[str, str]] = read_toml("findings.toml")
    return {code: {key: callable_here(text) for key, text in entry.items()} for code, entry in found.items()}


def message(finding: Finding, lang: str = "th") -> str:
    return fill(entries()[finding.code][lang], _slots(finding))


def together(group: Group, lang: str = "th") -> str:
    """The message of the first of a group, and how many there are of its kind."""
    told = message(group.first, lang)
    return say("findings.together", lang, message=told, number=group.number) if group.number > 1 else told


def hint(finding: Finding, lang: str = "th") -> str:
    return fill(entries()[finding.code][f"{lang}_hint"], _slots(finding))


def _slots(finding: Finding) -> dict[str, object]:
    values = {key: shown(value) if isinstance(value, Value) else value for key, value in finding.values.items()}
    return {"sheet": finding.sheet, "cell": finding.cell, "question": finding.question, **values}
