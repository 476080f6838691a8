"""Scores of an agency in a year, as plausible as made-up ones can be.

An agency has a quality that drifts over the years. Surveys lie close together and high; open-data items are met or
not met, more of them the better the agency is. Some questions are harder than others for all agencies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ita_xl.data import profiles
from ita_xl.data.profiles import Profile
from ita_xl.domain.levels import judge
from ita_xl.domain.numbers import rounded
from ita_xl.domain.scoring import Given, Scores, score_tree, slack_of
from ita_xl.domain.tree import OPEN_DATA, TOTAL, Kind, Tree
from tools.generate.agencies import dice

_USUAL = 2565


@dataclass(frozen=True)
class Result:
    """What was measured and what the authority makes of it. known: the deepest scores in points, by code, those of
    questions without a place among them. scores: of the whole structure."""

    profile: Profile
    known: Mapping[str, Fraction]
    scores: Scores

    @property
    def year(self) -> int:
        return self.profile.year

    @property
    def level(self) -> str:
        verdict = judge(self.profile.levels, self.scores)
        return verdict.level.name if verdict.level else ""

    def points(self, code: str) -> Fraction | None:
        """A node's score as published, at two decimals; None where it is unknown."""
        shown = self.scores[code].shown
        return None if shown is None else Fraction(rounded(shown))


def result(seed: int, agency: int, year: int) -> Result:
    """The scores of an agency, by its number. The same whichever workbook they stand in, this year's or a later
    one's."""
    profile = profiles.profile(year)
    known = dict(_known(seed, agency, profile))
    given = {code: Given(value, slack_of(profile.tree, code, value)) for code, value in known.items()}
    return Result(profile, known, score_tree(profile.tree, given))


def _known(seed: int, agency: int, profile: Profile) -> Iterator[tuple[str, Fraction]]:
    tree, chance = profile.tree, dice(seed, agency, profile.year, "scores")
    quality = 100 * dice(seed, agency, "quality").betavariate(8, 1)
    quality += 1.2 * (profile.year - _USUAL) + chance.gauss(0, 2)
    quality = min(max(quality, 10), 99.5)
    survey = 62 + 0.37 * quality
    met = min(max((quality - 0.6 * survey) / 40, 0), 1)
    above: dict[str | None, float] = {}
    for code in _deepest(tree):
        parent = tree[code].parent
        if parent not in above:
            above[parent] = chance.gauss(0, 1)
        hard = _hardness(profile.year, code)
        if tree.instrument_of(code) != OPEN_DATA:
            score = survey + 1.5 * above[parent] + 2.5 * hard + chance.gauss(0, 2.5)
            yield code, Fraction(round(100 * min(max(score, 20), 100)), 100)
            continue
        share = met + met * (1 - met) * (above[parent] + hard)
        if tree[code].kind is Kind.QUESTION:
            yield code, Fraction(100 if chance.random() < share else 0)
        else:
            yield code, Fraction(round(10_000 * min(max(share, 0), 1)), 100)


@cache
def _deepest(tree: Tree) -> tuple[str, ...]:
    """The nodes that have none below them, questions without a place included."""
    return tuple(code for code in tree.nodes if code != TOTAL and not tree.children(code))


@cache
def _hardness(year: int, code: str) -> float:
    """How much harder (below 0) a question is than others, for everybody."""
    return dice("hardness", year, code).gauss(0, 1)
