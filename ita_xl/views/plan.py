"""มาตรการปีถัดไป and what follows from it: themes, measures and steps, and their progress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from ita_xl.case.outcome import Outcome
from ita_xl.data import library, say
from ita_xl.data.library import worded
from ita_xl.domain.advice import Issue
from ita_xl.domain.numbers import show
from ita_xl.domain.plan import SHORT_MONTHS, PlannedMeasure, StepKey, quarter_months
from ita_xl.domain.thai import onto, within
from ita_xl.domain.tree import TOTAL
from ita_xl.engines.port import Written
from ita_xl.layout import labels
from ita_xl.layout.keys import QUARTER_KEYS, FieldKey
from ita_xl.views.content import Content, Values, agency_line, agency_name, digits, joined, level, scored
from ita_xl.views.heard import Heard
from ita_xl.views.wordings import PlanStep, Texts, our_texts, texts_for


class PlanMeasure(Struct, frozen=True):
    """key: the library's, which stays; number: "1.2", which follows from what is in the plan this year."""

    key: str
    number: str
    name: str
    issues: tuple[tuple[Issue, Texts], ...]

    @property
    def codes(self) -> str:
        return ", ".join(issue.code for issue, _ in self.issues)


class Theme(Struct, frozen=True):
    key: str
    number: str
    name: str
    measures: tuple[PlanMeasure, ...]


def themes(outcome: Outcome) -> list[Theme]:
    """The plan: every issue under its measure, numbered."""
    by_measure: dict[str, list[tuple[Issue, Texts]]] = {}
    for issue in outcome.issues:
        texts = texts_for(outcome, issue.code)
        by_measure.setdefault(texts.measure, []).append((issue, texts))
    plan, agency = library.plan(), outcome.inputs.about.get("agency", "")
    if not by_measure and outcome.points(outcome.year, TOTAL) is not None:
        # To keep the work on its result going is what an agency without any issue still does.
        by_measure[library.entry(plan.upkeep).measure] = []
    made: list[Theme] = []
    for theme, names in plan.themes.items():
        mine = [m for m in plan.measures.values() if m.theme == theme and m.key in by_measure]
        if mine:
            first = f"{len(made) + 1}"
            measures = tuple(
                PlanMeasure(
                    m.key,
                    f"{first}.{number}",
                    worded(m.name, library.wording(agency, m.key)),
                    tuple(by_measure[m.key]),
                )
                for number, m in enumerate(mine, 1)
            )
            made.append(Theme(theme, first, worded(names, library.wording(agency, theme)), measures))
    return made


def measures(outcome: Outcome, plan: list[Theme]) -> Content:
    """The published table and the signatures after it."""
    written = digits(outcome)
    about = outcome.inputs.about
    line = say("measures.line")
    rows = _measure_rows(outcome, plan)
    return Content(
        fields={
            "title": written(say("measures.title", year=outcome.year + 1)),
            "agency": written(agency_line(outcome, outcome.year + 1)),
            "sign": say("measures.sign"),
            "chief": say("measures.chief", name=about.get("chief_name") or say("measures.no_name")),
            "chief_title": labels.chief_title(about, say("measures.no_title")),
        },
        blocks={
            "measures": [
                {k: written(v) if isinstance(v, str) and k != "key" else v for k, v in r.items()} for r in rows
            ],
            "routing": [
                {"signatory": say("measures.signatory", name=person or line, position=position).rstrip()}
                for position, person in outcome.inputs.routing
            ],
        },
    )


def introduction(outcome: Outcome, count: int) -> dict[FieldKey, Written]:
    """From which result the measures follow. count: the measures that stand in the table."""
    if not count:
        return {"intro": digits(outcome)(say("issues.intro_unknown"))}
    total, name = outcome.points(outcome.year, TOTAL), outcome.level_name
    sentence = say(
        "measures.intro" if total is not None else "measures.intro_unknown",
        agency=within(agency_name(outcome)),
        year=outcome.year,
        next=outcome.year + 1,
        total=show(total) if total is not None else "",
        level=say("summary.headline_level", level=level(name)) if name else "",
        items=count,
    )
    return {"intro": digits(outcome)(sentence)}


def _measure_rows(outcome: Outcome, plan: list[Theme]) -> Iterator[Values]:
    """Themes, measures and their steps."""
    for theme in plan:
        yield {"no": theme.number, "measure": theme.name, "key": theme.key}
        for measure in theme.measures:
            yield {
                "no": measure.number,
                "measure": measure.name,
                "codes": measure.codes or None,
                "method": _goal(outcome, measure),
                "key": measure.key,
            }
            number = 0
            for codes, texts in _shared(outcome, measure) or [("", _upkeep(outcome))]:
                for step in texts.steps:
                    number += 1
                    yield {
                        "no": f"({number})",
                        "codes": codes or None,
                        "method": step.do,
                        "responsible": step.unit,
                        "due": step.due,
                        "report": step.report,
                        "key": str(_key(measure, step, number)),
                    }


def _shared(outcome: Outcome, measure: PlanMeasure) -> list[tuple[str, Texts]]:
    """The texts of a measure's issues, those that several issues share once, each with the codes of these."""
    together: dict[str, tuple[list[str], Texts]] = {}
    for issue, texts in measure.issues:
        together.setdefault(outcome.inputs.home_of(issue.code), ([], texts))[0].append(issue.code)
    return [(", ".join(codes), texts) for codes, texts in together.values()]


def _key(measure: PlanMeasure, step: PlanStep, number: int) -> StepKey:
    """A step keeps its key while its question is raised, whatever stands above it. number: its place."""
    if measure.issues:
        return StepKey(measure.key, step.question, str(step.number))
    return StepKey(measure.key, "", str(number))


def _upkeep(outcome: Outcome) -> Texts:
    """The steps of an agency without issues: those of the item that asks for this very plan."""
    key = library.plan().upkeep
    code = next((c for c in outcome.tree.nodes if library.key_of(outcome.year, c) == key), None)
    if code is None:
        return Texts("", "", "", "", (), "", library.entry(key).measure)
    return our_texts(outcome.tree, outcome.year, code, outcome.inputs.about.get("agency", ""))


def _goal(outcome: Outcome, measure: PlanMeasure) -> str:
    """What the measure is to reach, with the scores that it starts from."""
    start = [scored(outcome, issue.code) for issue, _ in measure.issues]
    return say("measures.goal", parts=onto(joined(start))) if start else say("measures.goal_keep")


def tracking(outcome: Outcome, plan: Sequence[PlannedMeasure], heard: Heard) -> Content:
    """Measure by quarter; the quarters begin where the agency says. heard: what the offices answered."""
    start = outcome.inputs.start_quarter
    year = outcome.year + 1
    intro = say("tracking.intro", year=year, items=len(plan)) if plan else say("issues.intro_unknown")
    fields: dict[FieldKey, Written] = {"agency": agency_line(outcome, year), "intro": intro}
    numbers = {key: (start - 1 + place) % 4 + 1 for place, key in enumerate(QUARTER_KEYS)}
    for place, key in enumerate(QUARTER_KEYS):
        # October to December belong to the calendar year before the fiscal year.
        calendar = year + (start - 1 + place) // 4 - (numbers[key] == 1)
        fields[key] = say("tracking.quarter", number=numbers[key], year=calendar, **quarter_words(numbers[key]))
    rows: list[Values] = [{**row, **heard.quarters(str(row["key"]), numbers)} for row in by_measure(plan)]
    return Content(fields, {"tracking": rows})


def quarter_words(number: int) -> dict[str, str]:
    """The names of the first and the last month of a quarter of the fiscal year."""
    first, last = quarter_months(number)
    return {"first": SHORT_MONTHS[first - 1], "last": SHORT_MONTHS[last - 1]}


def by_measure(plan: Iterable[PlannedMeasure]) -> Iterator[Values]:
    """The measures without their steps, a row each."""
    for one in plan:
        yield {"no": one.number, "measure": one.name, "codes": one.codes or None, "key": one.key}
