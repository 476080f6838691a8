"""What a check says beyond its findings: what was found right, how far the work is, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from ita_xl.case.outcome import Outcome
from ita_xl.data import profiles, say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Severity, has_errors
from ita_xl.domain.scoring import Source
from ita_xl.domain.thai import same_text
from ita_xl.domain.tree import INSTRUMENTS, TOTAL, Kind

_DIFFERS = (
    Code.SIGNED_FIGURE_DIFFERS,
    Code.SIGNED_TEXT_DIFFERS,
    Code.SIGNED_ROW_ADDED,
    Code.SIGNED_ROW_GONE,
    Code.SIGNED_MORE_DIFFERS,
)
_SIGNED = (Code.SIGNED, Code.SIGNED_COPY_CHANGED, *_DIFFERS)
_TOTALS = {
    Source.CONFIRMED: "total_agrees",
    Source.HELD: "total_held",
    Source.STATED: "total_stated",
    Source.COMPUTED: "total_computed",
}


class Signature(Struct, frozen=True):
    """differences: how many figures, texts and rows are not as they were signed."""

    day: str
    person: str
    differences: int


class Checked(Struct, frozen=True):
    """An outcome, and the titles of the sheets of results that a run would change."""

    outcome: Outcome
    outdated: Sequence[str] = ()

    @property
    def signature(self) -> Signature | None:
        """Known from the findings, which every signed workbook has; None for one that is not signed."""
        found = [finding for finding in self.outcome.findings if finding.code in _SIGNED]
        if not found:
            return None
        values = found[0].values
        items = sum(int(str(one.values.get("items", 1))) for one in found if one.code in _DIFFERS)
        return Signature(str(values.get("day", "")), str(values.get("person", "")), items)

    @property
    def steps(self) -> list[str]:
        """The commands that come next, in their order."""
        if not self._scored:
            return ["import", "check"]
        if has_errors(self.outcome.findings):
            return ["check"]
        if not self.outcome.ran or self.outdated:
            return ["run"]
        if (signature := self.signature) is None:
            return ["report", "sign"]
        if signature.differences:
            return ["report", "unsign"]
        return ["forms split", "mail"]

    @property
    def state(self) -> str:
        """How far the work is: never, outdated, unsigned, differs or signed."""
        if not self.outcome.ran:
            return "never"
        if self.outdated:
            return "outdated"
        signature = self.signature
        return "unsigned" if signature is None else "differs" if signature.differences else "signed"

    def right(self, lang: str) -> Iterator[str]:
        """What was found right, in sentences; nothing of a workbook with errors."""
        outcome = self.outcome
        if not outcome.years or has_errors(outcome.findings):
            return
        yield self._structure(lang)
        yield from self._scores(lang)
        if outcome.steps:
            yield self._plan(lang)
        if self.state in ("signed", "unsigned"):
            yield say("checked.current", lang)
        if (signature := self.signature) and not signature.differences:
            yield say("checked.signed", lang, day=signature.day, person=signature.person)

    def next(self, file: str, lang: str) -> Iterator[str]:
        """How far the work is and what to do next, in sentences. file: the name of the workbook in commands."""
        counts = {s.value: sum(f.severity is s for f in self.outcome.findings) for s in Severity}
        signature = self.signature
        words: dict[str, object] = {
            "file": f'"{file}"' if " " in file else file,
            "sheets": ", ".join(self.outdated),
            **counts,
        }
        words |= {"items": signature.differences, "day": signature.day} if signature else {}
        if counts["error"] and self._scored:
            yield say("checked.mend", lang, **words)
        elif counts["warning"]:
            yield say("checked.look", lang, **words)
        if not counts["error"] and self.state != "signed":
            yield say(f"checked.state.{self.state}", lang, **words)
        for number, step in enumerate(self.steps, 1):
            key = "report_changes" if step == "report" and signature else step.replace(" ", "_")
            yield f"{number}. {say(f'checked.next.{key}', lang, **words)}"

    def as_json(self) -> dict[str, Any]:
        """What `--json` adds: the next commands, how far the work is, and what was signed."""
        return {
            "next": self.steps,
            "state": self.state,
            "outdated": list(self.outdated),
            "signed": self.signature and asdict(self.signature),
        }

    @property
    def _scored(self) -> bool:
        """Whether there is any score of this year, as far as that can be told."""
        outcome = self.outcome
        return not outcome.years or bool(outcome.inputs.figures.given.get(outcome.year))

    def _structure(self, lang: str) -> str:
        outcome, tree = self.outcome, self.outcome.tree
        counts = {kind.name.lower(): len(tree.codes(kind)) for kind in Kind}
        shipped = profiles.profile(outcome.year).status if outcome.year in profiles.years() else ""
        vouched = "confirmed" if outcome.inputs.confirmed else shipped if shipped == "proven" else "open"
        said = say("checked.structure", lang, year=outcome.year, **counts)
        return " ".join(filter(None, (said, say(f"checked.vouched.{vouched}", lang))))

    def _scores(self, lang: str) -> Iterator[str]:
        outcome = self.outcome
        counted = []
        for instrument in (one for one in INSTRUMENTS if one in outcome.tree):
            items = outcome.tree.questions(instrument)
            known = sum(outcome.points(outcome.year, code) is not None for code in items)
            key = "all" if known == len(items) else "some"
            counted.append(say(f"checked.counted.{key}", lang, code=instrument, known=known, items=len(items)))
        yield say("checked.scores", lang, counted=", ".join(counted))
        scores = outcome.scores
        agree = sum(score.source is Source.CONFIRMED for score in scores.values())
        total = outcome.points(outcome.year, TOTAL)
        if total is not None and (key := _TOTALS.get(scores[TOTAL].source, "")):
            yield say(f"checked.{key}", lang, total=total, items=agree)
        if level := outcome.level_name:
            stated = outcome.inputs.figures.stated_levels.get(outcome.year, "")
            judged = outcome.verdicts.get(outcome.year)
            own = judged.level.name if judged and judged.level else ""
            agrees = stated and own and same_text(stated, own)
            yield say("checked.level_agrees" if agrees else "checked.level", lang, level=level)

    def _plan(self, lang: str) -> str:
        steps = self.outcome.steps
        lacking = {
            "unit": sum(step.unnamed for step in steps),
            "due": sum(not step.due for step in steps),
            "report": sum(not step.report for step in steps),
        }
        lacks = ", ".join(
            say("checked.lacks", lang, what=say(f"shared.{key}", lang), steps=number)
            for key, number in lacking.items()
            if number
        )
        words = {"measures": len(self.outcome.plan), "steps": len(steps), "lacks": lacks}
        return say("checked.plan_lacks" if lacks else "checked.plan", lang, **words)
