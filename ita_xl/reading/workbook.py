"""From a workbook to inputs: everything a clerk typed, understood or reported, nothing judged yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import count

from ita_xl.case.inputs import Inputs
from ita_xl.data import profiles, say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.numbers import FULL, as_decimal
from ita_xl.domain.ranking import Rules
from ita_xl.domain.thai import closes, parse_code, same_text, tidy
from ita_xl.domain.tree import Kind
from ita_xl.engines.port import Port
from ita_xl.layout import (
    ANSWERS,
    COMMENTS,
    FOLLOW,
    GUIDANCE,
    HOME,
    RESULTS,
    SCORES,
    SIMULATION,
    STATED,
    STRUCTURE,
    TOPICS,
    TRACKING,
    Field,
    Owner,
    Sheet,
    labels,
)
from ita_xl.layout.address import cell as cell_at
from ita_xl.layout.keys import FieldKey
from ita_xl.layout.traits import COUNTS, FISCAL_YEARS
from ita_xl.reading.answers import answers_on
from ita_xl.reading.form import form_of
from ita_xl.reading.learning import learn, may_learn
from ita_xl.reading.page import Page, locate
from ita_xl.reading.places import as_it_stands
from ita_xl.reading.plan import read_commitments, read_guidance, read_rows, read_topic_codes
from ita_xl.reading.rows import without_code
from ita_xl.reading.scores import Scope, read_questions, read_stated
from ita_xl.reading.structure import read_structure
from ita_xl.reading.targets import read_targets
from ita_xl.reading.titles import find_sheets

FIRST_YEAR, LAST_YEAR = FISCAL_YEARS.low, FISCAL_YEARS.high
_MAX_COUNT = COUNTS.high
_ADDRESSES = ("mail_to", "mail_cc", "mail_reply")
"""Fields that may name several, one a line."""


def read_inputs(port: Port) -> Inputs:
    """Read all input sheets. Raises `Unusable` for a workbook that is not ours at all, or of a newer form."""
    titles, findings = find_sheets(port)
    if HOME.key not in titles and not any(sheet.key in titles for sheet in SCORES.values()):
        raise Unusable(Finding(Code.NOT_AN_ITA_WORKBOOK))
    inputs = Inputs(titles=titles, findings=findings, form=form_of(port, titles))

    def page(sheet: Sheet) -> Page | None:
        title = titles.get(sheet.key)
        return Page(as_it_stands(port, sheet, title), title, port.read(title), findings) if title else None

    home, structure = page(HOME), page(STRUCTURE)
    if home:
        _read_home(home, inputs)
    if structure and inputs.year:
        found = read_structure(structure.title, structure.grid, inputs.year)
        inputs.confirmed, inputs.tree, inputs.levels = found.confirmed, found.tree, found.levels
        inputs.structure_cells, inputs.structure_places = found.cells, found.places
        inputs.structure_at, inputs.learnt_before = found.at, found.learnt
        findings.extend(found.findings)
    if inputs.tree is None:
        return inputs
    if may_learn(inputs.year):
        _learn(inputs, page)
    scope = Scope(
        inputs.year,
        inputs.tree,
        {inputs.year - back: profiles.corresponding(inputs.year - back, inputs.year) for back in (1, 2)},
    )
    for sheet in SCORES.values():
        if scores := page(sheet):
            read_questions(scores, scope, inputs.figures)
    findings[:] = _told_once(findings)
    if stated := page(STATED):
        read_stated(stated, scope, inputs.figures)
    if comments := page(COMMENTS):
        _read_comments(comments, inputs)
    if guidance := page(GUIDANCE):
        inputs.guidance, inputs.guidance_columns = read_guidance(guidance, inputs.tree, inputs.year)
    if tracking := page(TRACKING):
        cell = tracking.sheet.field("start_quarter").cell
        quarter = tracking.typed(tracking.value(cell), cell)
        inputs.start_quarter = int(quarter.value) if quarter and quarter.value in (1, 2, 3, 4) else 1
    if results := page(RESULTS):
        inputs.commitments = read_commitments(results)
    if answers := page(ANSWERS):
        inputs.answers = [answer for _, answer in answers_on(answers.sheet, answers.grid)]
    if follow := page(FOLLOW):
        inputs.as_of = follow.text(follow.value(follow.sheet.field("as_of").cell))
    if topics := page(TOPICS):
        inputs.topic_codes = read_topic_codes(topics)
    if simulation := page(SIMULATION):
        inputs.targets = read_targets(simulation, inputs.tree, inputs.year)
    return inputs


def _learn(inputs: Inputs, page: Callable[[Sheet], Page | None]) -> None:
    """Take over what the score sheets say of the structure. Noted is only that, once."""
    assert inputs.tree is not None
    already = len(inputs.findings)
    learnt = learn(inputs.tree, inputs.year, [one for sheet in SCORES.values() if (one := page(sheet))])
    del inputs.findings[already:]
    inputs.tree, inputs.learnt = learnt.tree, learnt.questions
    inputs.findings.extend(learnt.findings)
    taken = [*inputs.structure_places.values(), *(place for place, _ in inputs.learnt_before.values())]
    free = count(max(taken, default=0) + 1)
    places = dict(inputs.structure_places)
    for code in learnt.questions:
        if code not in places:
            places[code] = inputs.learnt_before[code][0] if code in inputs.learnt_before else next(free)
    inputs.structure_places = places


def _told_once(findings: Sequence[Finding]) -> list[Finding]:
    """Of a code whose indicator is asked for it need not be said as well that it is not known."""
    asked_for = {(f.sheet, _row(f.cell)) for f in findings if f.code == Code.INDICATOR_NEEDED}
    return [f for f in findings if f.code != Code.CODE_UNKNOWN or (f.sheet, _row(f.cell)) not in asked_for]


def _row(text: str) -> int:
    at = cell_at(text)
    return at[0] if at else 0


def asked(page: Page) -> Iterator[Field]:
    """The cells in which the first sheet asks an agency for something; forms of earlier versions lack some."""
    for field in page.sheet.fields:
        lacking = field.optional and not same_text(page.words(field.label), say(f"home.labels.{field.key}"))
        if field.owner is Owner.USER and not lacking:
            yield field


def _read_home(page: Page, inputs: Inputs) -> None:
    for field_ in asked(page):
        value = page.usable(page.value(field_.cell), field_.cell)
        inputs.about[field_.key] = page.lines(value) if field_.key in _ADDRESSES else page.text(value)
    table = page.sheet.block("offices")
    rows = read_rows(page, "offices")
    inputs.heads = {row[0]: (row[1], table.address("head", number)) for number, row in rows if row[0]}
    inputs.offices = list(inputs.heads)
    inputs.routing = [(row[0], row[1]) for _, row in read_rows(page, "routing")]
    cell = page.sheet.field("year").cell
    typed = page.typed(page.value(cell), cell)
    year = typed.value if typed else None
    if year is None or year.denominator != 1 or not FIRST_YEAR <= year <= LAST_YEAR:
        page.note(Code.YEAR_UNUSABLE, cell, value=page.seen(page.value(cell), cell))
    else:
        inputs.year = int(year)
    inputs.rules = _read_rules(page)
    cell = page.sheet.field("agency").cell
    if not tidy(page.seen(page.value(cell), cell)):
        page.note(Code.AGENCY_MISSING, cell)


def _read_rules(page: Page) -> Rules:
    """The selection options; an unusable one is reported and its default used."""
    default = Rules()

    def number(key: FieldKey, fits: Callable[[Fraction], bool], otherwise: Decimal | int) -> Decimal:
        cell = page.sheet.field(key).cell
        typed = page.typed(page.value(cell), cell)
        if typed and typed.value is not None and fits(typed.value):
            return as_decimal(typed.value)
        page.note(Code.OPTION_UNUSABLE, cell, value=page.seen(page.value(cell), cell), default=otherwise)
        return Decimal(otherwise)

    def count(number: Fraction) -> bool:
        return number.denominator == 1 and 1 <= number <= _MAX_COUNT

    lowest_cell = page.sheet.field("lowest_if_none_weak").cell
    lowest = page.text(page.value(lowest_cell))
    if lowest not in (labels.yes_no(True), labels.yes_no(False)):
        page.note(
            Code.OPTION_UNUSABLE, lowest_cell, value=lowest, default=labels.yes_no(default.lowest_if_none_weak)
        )
    return Rules(
        weak_below=number("weak_below", lambda points: 1 <= points <= FULL, default.weak_below),
        fell_by=number("fell_by", lambda points: 0 < points <= FULL, default.fell_by),
        urgent_ranks=int(number("urgent_ranks", count, default.urgent_ranks)),
        best_count=int(number("best_count", count, default.best_count)),
        lowest_if_none_weak=lowest != labels.yes_no(False),
    )


def _read_comments(page: Page, inputs: Inputs) -> None:
    assert inputs.tree is not None
    table = locate(page, page.sheet.block("comments"), inputs.year)
    if table is None:
        return
    known = {*inputs.tree.codes(Kind.QUESTION), *inputs.tree.codes(Kind.INDICATOR)}
    for row in range(table.header_row + 1, page.grid.last_row + 1):
        comment = page.words(table.cell("comment", row))
        cell = table.cell("code", row)
        said = page.text(page.points(cell))
        code = parse_code(page.points(cell), known).code if said else None
        if code and comment:
            inputs.comments.append((code, comment))
        elif not code and (said or comment) and not closes(said or comment):
            without_code(page, cell, Code.COMMENT_WITHOUT_CODE, value=said)
