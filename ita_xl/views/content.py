"""The plain shape of a sheet's content, and the small phrases that several views share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct, field

from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.numbers import rounded, show
from ita_xl.domain.thai import onto, thai_digits
from ita_xl.domain.tree import TOTAL, Kind, Node, Tree
from ita_xl.engines.port import Written
from ita_xl.layout import labels
from ita_xl.layout.keys import YEAR_KEYS, BlockKey, ColumnKey, FieldKey
from ita_xl.layout.labels import called

Values = dict[ColumnKey, Written]
"""What a row of a table says; a key left out is an empty cell."""


class Content(Struct):
    """What a sheet says: its single cells, and the rows of its tables."""

    fields: dict[FieldKey, Written] = field(default_factory=dict)
    blocks: dict[BlockKey, list[Values]] = field(default_factory=dict)


def digits(outcome: Outcome) -> Callable[[str], str]:
    """How an agency wants figures in its plan: as they are, or in Thai digits."""
    wanted = outcome.inputs.about.get("thai_digits") == labels.yes_no(True)
    return thai_digits if wanted else str


def cell(value: Decimal | Fraction | None) -> float | None:
    """A number as a cell shows it: two decimals, empty where unknown."""
    if value is None:
        return None
    return float(rounded(value) if isinstance(value, Fraction) else value)


def year_scores(outcome: Outcome, code: str) -> Values:
    """The node's scores of the three years and the change since last year."""
    points = {key: outcome.points(outcome.year + back, code) for key, back in YEAR_KEYS.items()}
    row: Values = {key: cell(value) for key, value in points.items()}
    now, then = points["y0"], points["y1"]
    row["change"] = cell(now - then) if now is not None and then is not None else None
    return row


def agency_line(outcome: Outcome, year: int = 0) -> str:
    """Agency, district, province and fiscal year (the result's, or another) in one line."""
    about = outcome.inputs.about
    parts = [agency_name(outcome)]
    if about.get("district"):
        parts.append(say("words.district", name=about["district"]))
    if about.get("province"):
        parts.append(say("words.province", name=about["province"]))
    return " ".join([*parts, say("words.fiscal_year", year=year or outcome.year)])


def indicator_of(tree: Tree, code: str) -> str:
    """The number and name of the indicator (or sub-indicator) that a question belongs to."""
    parent: Node | None = next((n for n in tree.up(code) if n.kind is not Kind.QUESTION), None)
    return f"{parent.code} {parent.name}" if parent else ""


def joined(parts: Sequence[str]) -> str:
    """A, B และ C."""
    if len(parts) < 2:
        return "".join(parts)
    return say("words.and", first=", ".join(parts[:-1]), last=onto(parts[-1]))


def moved(points: Decimal | Fraction) -> str:
    """Points won or lost, in words."""
    number = rounded(points) if isinstance(points, Fraction) else points
    way = "rose" if number > 0 else "fell" if number < 0 else "same"
    return say(f"words.{way}", points=show(abs(number)))


def level(name: str) -> str:
    """ระดับ AA, ระดับผ่านดี."""
    return say("words.level", name=onto(name))


def agency_name(outcome: Outcome) -> str:
    """The agency's name, or the word for one."""
    return outcome.inputs.about.get("agency") or say("words.agency")


def scored(outcome: Outcome, code: str) -> str:
    """A node by name, with its score."""
    points, name = outcome.points(outcome.year, code), called(outcome.tree, code)
    if points is None:
        return say("words.unscored", name=name)
    return say("words.with_score", name=name, score=show(points))


def known_of(outcome: Outcome, codes: Iterable[str]) -> int:
    """How many of these nodes have a score this year."""
    return sum(outcome.points(outcome.year, code) is not None for code in codes)


def unknown_scores(outcome: Outcome) -> str:
    """Which instruments lack scores of questions, or their very questions; empty where every question has one."""
    parts = []
    for instrument in outcome.tree.children(TOTAL):
        questions = outcome.tree.questions(instrument)
        known = known_of(outcome, questions)
        if not known:
            parts.append(instrument)
        elif known < len(questions):
            parts.append(say("words.known", instrument=instrument, known=known, items=len(questions)))
    return say("words.scores_unknown", parts=joined(parts)) if parts else ""


def ranges(codes: Iterable[str]) -> str:
    """I1, I2, I3, I7, 9.1 -> "I1-I3, I7, 9.1"."""
    runs: list[list[str]] = []
    for code in codes:
        before = runs[-1][-1] if runs else ""
        if before[:1].isalpha() and before[1:].isdigit() and code == f"{before[0]}{int(before[1:]) + 1}":
            runs[-1].append(code)
        else:
            runs.append([code])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
