"""What became of the tests on Windows, in few lines: how many of how many, and why the others did not run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

_PLACE = re.compile(r"^.*?:\d+: ", re.DOTALL)
"""Before a reason pytest may write where it stands."""


def lines(result: Path, seconds: float) -> Iterator[str]:
    """From pytest's result as JUnit's XML. seconds: how long all of it took."""
    skipped: Counter[str] = Counter()
    tests = failed = 0
    for case in etree.parse(result).iter("testcase"):
        tests += 1
        reason = case.find("skipped")
        if reason is not None:
            skipped[_PLACE.sub("", reason.get("message", "")) or "without a reason"] += 1
        elif case.find("failure") is not None or case.find("error") is not None:
            failed += 1
    for why, number in skipped.most_common():
        yield f"windows: {number} skipped: {why}"
    passed = tests - failed - skipped.total()
    minutes, rest = divmod(round(seconds), 60)
    counts = f"{passed} passed, {failed} failed, {skipped.total()} skipped of {tests}"
    yield f"windows: {counts} in {minutes} min {rest} s with set-up"
