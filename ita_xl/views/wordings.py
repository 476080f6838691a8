"""The texts for a question: the agency's own where it wrote some, else our wording, else a general one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from ita_xl.case.inputs import OwnGuidance
from ita_xl.case.outcome import Outcome
from ita_xl.data import library, profiles, say
from ita_xl.data.library import Guidance, worded
from ita_xl.domain.plan import LAST_MONTH, MONTHS, StepKey, calendar_year, numbered_lines
from ita_xl.domain.thai import same_text, within
from ita_xl.domain.tree import INSTRUMENTS, OPEN_DATA, TOTAL, Kind, Tree
from ita_xl.layout.keys import ColumnKey, TextKey
from ita_xl.views.content import Values

_GENERAL_MEASURE = dict(zip(INSTRUMENTS, ("prevention", "service-standard", "disclosure"), strict=True))
_GENERAL_UNIT = "all"


class PlanStep(Struct, frozen=True):
    """question, number: whose step it is, and which; they stay the same over the years. do: the step; report: its
    evidence; unit: who does it; due: by when."""

    question: str
    number: int
    do: str
    report: str
    unit: str
    due: str

    @property
    def of_step(self) -> Mapping[TextKey, str]:
        """Its texts by key."""
        return {"steps": self.do, "report": self.report, "unit": self.unit, "due": self.due}


class Texts(Struct, frozen=True):
    """What is said about one question. measure: its key in the library."""

    problem: str
    in_place: str
    approach: str
    keep: str
    steps: tuple[PlanStep, ...]
    unit: str
    measure: str


def due_in(month: int, year: int) -> str:
    """A month of the plan's fiscal year, which follows that of the result. year: of the result."""
    return say("plan.due", month=MONTHS[month - 1], year=calendar_year(month, year + 1))


def texts_for(outcome: Outcome, code: str) -> Texts:
    """The texts for a question or an indicator, or those that it shares with another one: own before ours, ours
    before general ones."""
    inputs = outcome.inputs
    code = inputs.home_of(code)
    entry = inputs.guidance.get(code, OwnGuidance())
    ours = our_texts(outcome.tree, outcome.year, code, inputs.about.get("agency", ""), entry.wording)
    own = entry.texts
    unit = _office(outcome, code, ours.unit)
    steps = ours.steps
    if "steps" in own or "report" in own:
        dos = _lines(own["steps"]) if "steps" in own else [step.do for step in ours.steps]
        reports = _lines(own["report"]) if "report" in own else [step.report for step in ours.steps]
        further = PlanStep(code, 0, "", "", unit, due_in(LAST_MONTH, outcome.year))
        steps = tuple(
            replace(
                ours.steps[number - 1] if number <= len(ours.steps) else further,
                number=number,
                do=do,
                report=(reports[number - 1 :] or reports[-1:] or [""])[0],
            )
            for number, do in enumerate(dos, 1)
        )
    units = _for_each(own.get("unit", ""), len(steps))
    dues = _for_each(own.get("due", ""), len(steps))
    return Texts(
        problem=own.get("problem") or ours.problem,
        in_place=own.get("in_place") or ours.in_place,
        approach=own.get("approach") or ours.approach,
        keep=own.get("approach") or ours.keep,
        steps=tuple(_done_by(step, units.get(step.number) or unit, dues.get(step.number)) for step in steps),
        unit=units.get(1) or unit,
        measure=ours.measure,
    )


def _done_by(step: PlanStep, unit: str, due: str | None) -> PlanStep:
    return step if step.unit == unit and not due else replace(step, unit=unit, due=due or step.due)


def steps_in_plan(outcome: Outcome, texts: Texts) -> list[PlanStep]:
    """The steps without those that a person took out of the measures."""
    gone = outcome.inputs.steps_out
    return [s for s in texts.steps if str(StepKey(texts.measure, s.question, str(s.number))) not in gone]


def _lines(text: str) -> list[str]:
    return [line for _, line in numbered_lines(text)]


def _for_each(text: str, steps: int) -> dict[int, str]:
    """An own text for each step by number: what a numbered line says of its step alone, else line by line, the
    last for all that follow. Steps of which nothing is said are left out."""
    lines = numbered_lines(text) if text else []
    if all(number is not None for number, _ in lines):
        return {number: line for number, line in lines if number is not None}
    return {number: lines[min(number, len(lines)) - 1][1] for number in range(1, max(steps, 1) + 1)}


@lru_cache(maxsize=1024)
def our_texts(tree: Tree, year: int, code: str, agency: str, wording: int = 0) -> Texts:
    """Our texts. wording: the chosen one (from 1), 0 for the one that follows from the agency's name.

    unit is a name here, not yet one of the agency's own offices.
    """
    number = wording - 1 if wording else library.wording(agency, code)
    found = _guidance(tree, year, code)
    units = library.plan().units
    if found is None:
        return _general(tree, year, code, number)
    unit = units[found.unit].name
    steps = tuple(
        PlanStep(code, at, worded(step.do, number), step.report, unit, due_in(step.month, year))
        for at, step in enumerate(found.steps, 1)
    )
    return Texts(
        problem=worded(found.problem, number),
        in_place=worded(found.in_place, number),
        approach=worded(found.approach, number),
        keep=worded(found.keep or found.approach, number),
        steps=steps,
        unit=unit,
        measure=found.measure,
    )


def guidance_rows(tree: Tree, year: int) -> list[Values]:
    """The library as a table: a row per question. Our texts stand there only where somebody asks for them
    (`every_wording`): those of all questions would be a third of each workbook."""
    rows: list[Values] = []
    for code in [c for instrument in tree.children(TOTAL) for c in tree.questions(instrument)]:
        texts = our_texts(tree, year, code, "", 1)
        rows.append(
            {
                "code": code,
                "topic": tree[code].name,
                "measure": library.plan().measures[texts.measure].name[0],
                "unit": texts.unit,
                "due": "\n".join(f"{n}) {step.due}" for n, step in enumerate(texts.steps, 1)),
            }
        )
    return rows


def every_wording(tree: Tree, year: int, code: str) -> dict[ColumnKey, str]:
    """Our texts for a question in all wordings, numbered as they are chosen; steps are numbered within each."""
    ours = [our_texts(tree, year, code, "", number) for number in range(1, library.WORDINGS + 1)]
    steps = ["\n".join(f"{n}) {step.do}" for n, step in enumerate(texts.steps, 1)) for texts in ours]
    return {
        "problem": _numbered([texts.problem for texts in ours]),
        "in_place": _numbered([texts.in_place for texts in ours]),
        "approach": _numbered([texts.approach for texts in ours]),
        "keep": _numbered([texts.keep for texts in ours]) if ours[0].keep != ours[0].approach else "",
        "steps": _numbered(steps),
        "report": "\n".join(f"{n}) {step.report}" for n, step in enumerate(ours[0].steps, 1)),
    }


def _numbered(wordings: list[str]) -> str:
    """Different wordings one below the other, each with its number."""
    different = list(dict.fromkeys(wordings))
    return "\n".join(say("guidance.wording", number=number, text=text) for number, text in enumerate(different, 1))


def _guidance(tree: Tree, year: int, code: str) -> Guidance | None:
    """Ours for a question, unless the workbook's own structure means something else by the code."""
    if tree[code].kind is not Kind.QUESTION or year not in profiles.years():
        return None
    ours = profiles.profile(year).tree.nodes.get(code)
    return library.guidance(year, code) if ours and same_text(ours.name, tree[code].name) else None


def _general(tree: Tree, year: int, code: str, number: int) -> Texts:
    """For what has no guidance of its own: an indicator, or a question of a structure that we do not know."""
    node = tree[code]
    kind = "item" if tree.instrument_of(code) == OPEN_DATA else "question"
    if node.kind is not Kind.QUESTION:
        kind = "indicator"
    name = node.name if node.name != code else say("general.unnamed", code=code)
    if node.kind is Kind.INSTRUMENT:
        name = say(f"general.{code.lower()}")
    written = name if kind == "item" else within(name)

    def text(key: str) -> str:
        return worded(tuple(say(f"general.{kind}_{key}", name=written).split("|")), number)

    nearest = tree.below(code, Kind.QUESTION) if node.kind is not Kind.INSTRUMENT else []
    below = [found for c in nearest if (found := _guidance(tree, year, c))]
    measure = below[0].measure if below else _GENERAL_MEASURE[tree.instrument_of(code) or OPEN_DATA]
    unit = below[0].unit if below else _GENERAL_UNIT
    name_of_unit, months = library.plan().units[unit].name, library.plan().general[kind]
    steps = tuple(
        PlanStep(code, at, text(f"step{at}"), text(f"report{at}"), name_of_unit, due_in(month, year))
        for at, month in enumerate(months, 1)
    )
    return Texts(
        problem=text("problem"),
        in_place=text("in_place"),
        approach=text("approach"),
        keep=text("keep"),
        steps=steps,
        unit=name_of_unit,
        measure=measure,
    )


def _office(outcome: Outcome, code: str, unit: str) -> str:
    """Who does it: the office named beside an open-data item, else one of the agency's offices that fits."""
    if named := outcome.inputs.figures.offices.get(code):
        return named
    words = next((u.office_words for u in library.plan().units.values() if u.name == unit), ())
    offices = outcome.inputs.offices
    return next((office for word in words for office in offices if word in office), unit)
