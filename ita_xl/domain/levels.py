"""Result levels: an ordered list in which the first match wins, judged on rounded scores.

Until 2565 a level was a band of the total (AA ... F). Since 2566 the better levels also ask a minimum of
every instrument, so a level carries optional minimums of other nodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct, field

from ita_xl.domain.codes import Code
from ita_xl.domain.scoring import Scores
from ita_xl.domain.tree import TOTAL, Problem


class Level(Struct, frozen=True):
    """min_total: points of the total; minimums: points that other nodes must reach, by node code."""

    name: str
    min_total: Decimal
    minimums: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def needs(self) -> dict[str, Decimal]:
        """Everything this level asks, the total included, by node code."""
        return {TOTAL: self.min_total, **self.minimums}


class Verdict(Struct, frozen=True):
    """The level reached, or None with the nodes whose scores are needed to tell."""

    level: Level | None
    missing: tuple[str, ...] = ()


def judge(levels: Sequence[Level], scores: Scores) -> Verdict:
    """The first level whose needs are all met.

    A level that the known scores rule out is passed over; one that hangs on an unknown score leaves
    the verdict open, because a later level would be a guess.
    """
    for level in levels:
        missing = []
        for code, least in level.needs.items():
            points = scores[code].points if code in scores else None
            if points is None:
                missing.append(code)
            elif points < least:
                break
        else:
            return Verdict(None, tuple(missing)) if missing else Verdict(level)
    return Verdict(None)


def level_problems(levels: Sequence[Level]) -> Iterator[Problem]:
    """Bands without gaps: minimums fall, plain levels fall strictly, the last takes everything down to 0."""
    names: set[str] = set()
    for index, level in enumerate(levels):
        if level.name in names:
            yield Problem(Code.LEVEL_TWICE, index, {"level": level.name})
        names.add(level.name)
        if any(not 0 <= least <= 100 for least in level.needs.values()):
            yield Problem(Code.LEVEL_WITHOUT_MINIMUM, index, {"level": level.name})
        if index and _shadowed(levels[index - 1], level):
            yield Problem(Code.LEVEL_UNREACHABLE, index, {"level": level.name, "above": levels[index - 1].name})
    if levels and (levels[-1].min_total != 0 or levels[-1].minimums):
        yield Problem(Code.LEVELS_WITHOUT_FLOOR, len(levels) - 1, {"level": levels[-1].name})


def _shadowed(above: Level, level: Level) -> bool:
    """True where a level can never be reached because the one above it always matches first."""
    asks_no_less = all(level.needs.get(code, Decimal(0)) >= least for code, least in above.needs.items())
    return level.min_total > above.min_total or asks_no_less
