"""What an analysis found out about one workbook, as one object, as JSON and as data frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from ita_xl.case.inputs import Inputs
from ita_xl.data import catalogue, profiles, say
from ita_xl.domain.advice import Issue
from ita_xl.domain.chain import codes_in
from ita_xl.domain.compare import Change, Year, change
from ita_xl.domain.findings import Finding, ordered
from ita_xl.domain.levels import Level, Verdict
from ita_xl.domain.numbers import rounded
from ita_xl.domain.paths import NextLevel
from ita_xl.domain.plan import PlannedMeasure, PlannedStep
from ita_xl.domain.ranking import Ranked, Selection
from ita_xl.domain.scoring import Hold, Scores
from ita_xl.domain.thai import same_text
from ita_xl.domain.tree import INSTRUMENTS, OPEN_DATA, TOTAL, Kind, Tree
from ita_xl.domain.whatif import WhatIf
from ita_xl.layout.labels import LEVEL

if TYPE_CHECKING:
    import pandas as pd


class Outcome(Struct):
    """One workbook's result. years: scores by year, newest first, this year always among them when the
    structure is usable. verdicts: the level by year. selections: by instrument. nearest_level: the first
    better level that what is known can reach. what_if: with the agency's targets. all_weak_raised: with every
    one of the deepest known scores below the threshold at the threshold. own_texts: what people wrote into the
    output sheets, by sheet and cell; plan, steps: the measures and their steps as they stand there. All three are
    only known once the outcome met the workbook. ran: it met results of a run there, or made them."""

    inputs: Inputs
    years: dict[int, Year] = field(default_factory=dict)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    ranking: tuple[Ranked, ...] = ()
    selections: dict[str, Selection] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    changes: list[Change] = field(default_factory=list)
    next_level: NextLevel | None = None
    nearest_level: NextLevel | None = None
    what_if: WhatIf | None = None
    all_weak_raised: WhatIf | None = None
    findings: list[Finding] = field(default_factory=list)
    own_texts: dict[tuple[str, str], str] = field(default_factory=dict)
    plan: Sequence[PlannedMeasure] = ()
    steps: Sequence[PlannedStep] = ()
    ran: bool = False

    def noting(self, findings: Iterable[Finding]) -> Outcome:
        """The same outcome with further findings."""
        return replace(self, findings=[*self.findings, *findings])

    @property
    def year(self) -> int:
        return self.inputs.year

    @property
    def tree(self) -> Tree:
        """The structure; only to be asked for when `years` is not empty."""
        assert self.inputs.tree is not None
        return self.inputs.tree

    @property
    def scores(self) -> Scores:
        """This year's scores by node code."""
        return self.years[self.year].scores

    @property
    def level_name(self) -> str:
        """This year's level, empty where it cannot be told."""
        return self.level_in(self.year)

    @property
    def level(self) -> Level | None:
        """This year's level among the rules; None where it cannot be told, or where a published one that a person
        holds to is none of them."""
        return next((level for level in self.inputs.levels if same_text(level.name, self.level_name)), None)

    @property
    def rules_unproven(self) -> bool:
        """Whether nobody vouches for this year's structure and levels."""
        shipped = profiles.profile(self.year) if self.year in profiles.years() else None
        return not self.inputs.confirmed and (shipped is None or shipped.status == "draft")

    def level_in(self, year: int) -> str:
        """The level of a year by our rules; for an earlier year, and one whose rules are not proven, only what was
        published is certain. A person's decision goes before either."""
        published, verdict = self.inputs.figures.stated_levels.get(year), self.verdicts.get(year)
        hold = self.inputs.figures.hold(year, LEVEL)
        usual = hold is Hold.OPEN and (year != self.year or self.rules_unproven)
        if published and (usual or hold is Hold.PUBLISHED):
            return published
        return verdict.level.name if verdict and verdict.level else ""

    def points(self, year: int, code: str) -> Decimal | None:
        """A node's shown score in a year, two decimals; None where unknown."""
        scores = self.years[year].scores if year in self.years else {}
        if code in scores:
            return scores[code].points
        own = self._unplaced(year, code)
        return None if own is None else rounded(own)

    def exact(self, code: str) -> Fraction | None:
        """A node's score of this year at full precision, in points; None where unknown."""
        return self.scores[code].exact if code in self.scores else self._unplaced(self.year, code)

    def _unplaced(self, year: int, code: str) -> Fraction | None:
        """A question without a place in the structure has a score of its own all the same."""
        given = self.inputs.figures.given.get(year, {}).get(code)
        return given.value if given and code in self.tree.unplaced else None

    def comparable_points(self, year: int, code: str) -> Decimal | None:
        """A node's score in another year, where its code means the same there; None otherwise."""
        return self.points(year, code) if self.means_same(year, code) else None

    def means_same(self, year: int, code: str) -> bool:
        """Whether a code is in this year's structure and means the same as it did in another year."""
        deepest = profiles.corresponding(year, self.year) if year < self.year else Kind.QUESTION
        return code in self.tree and deepest is not None and self.tree[code].kind >= deepest

    def change_between(self, then: int, now: int) -> Change | None:
        """The change from one year to another, split as deep as their codes mean the same."""
        deepest = profiles.corresponding(then, now)

        def corresponds(code: str) -> bool:
            return deepest is not None and self.tree[code].kind >= deepest

        return change(self.years[then], self.years[now], corresponds)

    def nothing_scored(self, change: Change) -> dict[str, list[str]]:
        """Open-data parts of a change that had no point in the earlier year, each with its items: of these it is
        certain that they scored nothing then, although only the whole is known."""
        if profiles.corresponding(change.since, self.year) is not Kind.QUESTION:
            return {}  # the items below such a node were others then
        groups = [
            part.code
            for part in change.contributions
            if part.code in self.tree and self.tree.instrument_of(part.code) == OPEN_DATA
        ]
        then = self.years[change.since].scores
        found = {c: self.tree.below(c, Kind.QUESTION) for c in groups if then[c].exact == 0}
        return {code: items for code, items in found.items() if items}

    def missing_items(self) -> list[str]:
        """Open-data items that scored 0 this year, in question order."""
        items = self.tree.questions(OPEN_DATA) if OPEN_DATA in self.tree else []
        return [code for code in items if self.points(self.year, code) == 0]

    def headline(self, lang: str = "th") -> str:
        """The result in one sentence."""
        words = {"agency": self.inputs.about.get("agency", ""), "year": self.year or None}
        total = self.points(self.year, TOTAL)
        if total is None:
            return say("cli.no_total", lang, **words)
        return say("cli.total", lang, total=total, level=self.level_name or say("cli.unknown", lang), **words)

    def as_json(self, lang: str = "th", output: str | None = None) -> dict[str, Any]:
        """The document of ``--json``: figures at two decimals, except the exact change and its parts."""
        known = bool(self.years)
        return {
            "agency": self.inputs.about.get("agency", ""),
            "fiscal_year": self.year or None,
            "total": _number(self.points(self.year, TOTAL)),
            "level": self.level_name or None,
            "instruments": {i: _number(self.points(self.year, i)) for i in INSTRUMENTS} if known else {},
            "indicators": self._indicators() if known else [],
            "weak": {i: _ranked(s.urgent) for i, s in self.selections.items()},
            "below_threshold": {i: [r.code for r in s.weak] for i, s in self.selections.items()},
            "issues": [{"code": i.code, "rules": [r.rule.value for r in i.reasons]} for i in self.issues],
            "measures": [_measure(one) for one in self.plan],
            "strengths": {i: _ranked(s.best) for i, s in self.selections.items()},
            "strengths_tied": {i: list(s.tied) for i, s in self.selections.items()},
            "oit_missing": self.missing_items() if known else [],
            "changes": [_change(change) for change in self.changes],
            "next_level": _next_level(self.next_level),
            "what_if": _what_if(self.what_if),
            "findings": [finding_json(finding, lang) for finding in ordered(self.findings)],
            "output": output,
        }

    def _indicators(self) -> list[dict[str, Any]]:
        ranks = {r.code: r.rank for r in self.ranking}
        return [
            {
                "code": code,
                "name": self.tree[code].name,
                "score": _number(self.points(self.year, code)),
                "rank": ranks.get(code),
                "source": self.scores[code].source.value,
            }
            for code in self.tree.codes(Kind.INDICATOR)
        ]

    def frames(self, lang: str = "th") -> dict[str, pd.DataFrame]:
        """For analysts: `scores` (a row per year and node), `changes` (a row per contribution) and
        `findings`, as pandas data frames. Scores are floats in points 0-100."""
        import pandas as pd  # heavy, and needed by analysts only

        scores = [
            {
                "year": year,
                "code": code,
                "kind": result.tree[code].kind.name.lower(),
                "name": result.tree[code].name,
                "score": _number(score.points),
                "exact": _float(score.exact),
                "source": score.source.value,
                "effective_weight": float(result.tree.effective_weights[code]),
            }
            for year, result in self.years.items()
            for code, score in result.scores.items()
        ]
        changes = [
            {"since": change.since, "until": change.until, "code": part.code, "points": float(part.points)}
            for change in self.changes
            for part in change.contributions
        ]
        findings = [finding_json(finding, lang) for finding in ordered(self.findings)]
        columns: Mapping[str, list[str]] = {
            "scores": "year code kind name score exact source effective_weight".split(),
            "changes": "since until code points".split(),
            "findings": "code severity sheet cell question message hint".split(),
        }
        rows: dict[str, list[dict[str, Any]]] = {"scores": scores, "changes": changes, "findings": findings}
        return {name: pd.DataFrame(rows[name], columns=columns[name]) for name in rows}


def finding_json(finding: Finding, lang: str) -> dict[str, Any]:
    """One finding as a JSON object, in a language."""
    return {
        "code": finding.code,
        "symbol": finding.code.symbol,
        "severity": finding.severity.value,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "question": finding.question,
        "message": catalogue.message(finding, lang),
        "hint": catalogue.hint(finding, lang),
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _ranked(entries: Iterable[Ranked]) -> list[dict[str, Any]]:
    return [{"code": r.code, "score": float(r.score), "rank": r.rank, "by_hand": r.by_hand} for r in entries]


def _measure(one: PlannedMeasure) -> dict[str, Any]:
    return {"key": one.key, "number": one.number, "name": one.name, "codes": codes_in(one.codes), "own": one.own}


def _change(change: Change) -> dict[str, Any]:
    """The exact change is given as the sum of its parts as floats, so that a reader's sum is the same."""
    return {
        "year": change.since,
        "delta": float(change.shown),
        "delta_exact": sum(float(part.points) for part in change.contributions),
        "contributions": [{"code": c.code, "points": float(c.points)} for c in change.contributions],
    }


def _next_level(following: NextLevel | None) -> dict[str, Any] | None:
    if following is None:
        return None
    return {
        "level": following.level.name,
        "gap": float(following.gap),
        "path": [{"code": s.code, "gain": float(rounded(s.gain))} for s in following.path],
        "tied": list(following.tied),
        "total_after": float(rounded(following.total_after)),
    }


def _what_if(result: WhatIf | None) -> dict[str, Any] | None:
    if result is None:
        return None
    return {"total": float(rounded(result.total)), "level": result.level.name if result.level else None}
