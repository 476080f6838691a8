"""Three-way merge of one suggested text: what we said last time, what stands there, what we would say now."""

from __future__ import annotations

from enum import StrEnum


class Merged(StrEnum):
    """What became of a cell that the tool may suggest and a person may edit."""

    REFRESHED = "refreshed"
    KEPT = "kept"
    """a person's text stays"""
    KEPT_DIFFERS = "kept, and we would now say something else"
    CLEARED = "cleared"
    """a person emptied it; it stays empty"""


def merge(remembered: str | None, current: str, suggested: str) -> tuple[str, Merged]:
    """The text to write and what happened.

    remembered: the last suggestion, None if nothing is on record (then every non-blank text counts as
    a person's). Untouched text is refreshed, an edited one stays, a cleared one stays cleared.
    """
    if remembered is None:
        if not current:
            return suggested, Merged.REFRESHED
        return current, Merged.KEPT if current == suggested else Merged.KEPT_DIFFERS
    if current == remembered:
        return suggested, Merged.REFRESHED
    if not current:
        return "", Merged.CLEARED
    return current, Merged.KEPT if suggested in (current, remembered) else Merged.KEPT_DIFFERS
