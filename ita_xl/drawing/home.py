"""Drawing the first sheet: what leads through the work, live result by plain formulas, and links to all sheets."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from ita_xl.data import say
from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.drawing import lead, looks
from ita_xl.drawing.colours import level_colours
from ita_xl.drawing.formulas import held_level, published_level
from ita_xl.drawing.tables import link_to
from ita_xl.layout import HOME, RECHECK, Field, labels
from ita_xl.layout.address import address
from ita_xl.layout.heights import LINE_HEIGHT
from ita_xl.layout.index import FIRST, FIRST_LABEL, GROUPS, NOTE, STEP_LINKS, Group
from ita_xl.layout.keys import LIVE_KEYS, ColumnKey, FieldKey
from ita_xl.layout.traits import Role


def draw_home(page: Worksheet) -> None:
    for field in (field for field in HOME.fields if field.label):
        label = page[field.label]
        label.value = say(f"home.labels.{field.key}")
        label.font = looks.font(bold=field.role is not Role.VALUE)
        label.alignment = looks.SENTENCE
        _LOOKS.get(field.role, _as_drawn)(page, field)
    for key, formula in {**_live(), **lead.formulas()}.items():
        page[HOME.field(key).cell] = formula
    level = HOME.field("live_level").cell
    for rule in level_colours(level):
        page.conditional_formatting.add(level, rule)
    for key, sheet in STEP_LINKS.items():
        link_to(page, HOME.field(key).label, sheet)
    _draw_first(page)
    for group in GROUPS:
        _draw_group(page, group)
    _draw_note(page)


def _as_drawn(page: Worksheet, field: Field) -> None:
    """Nothing to add to what every sheet's cells get."""


def _draw_live(page: Worksheet, field: Field) -> None:
    cell = page[field.cell]
    cell.font = looks.font(18, bold=True, colour=looks.NAVY)
    cell.alignment = looks.CENTRE
    cell.border = looks.box()


def _draw_next(page: Worksheet, field: Field) -> None:
    page[field.label].font = looks.font(18, bold=True, colour=looks.WHITE)
    page[field.cell].font = looks.font(18, bold=True, colour=looks.WHITE)
    for row in page[f"{field.label}:{field.until}"]:
        for cell in row:
            cell.fill = looks.solid(looks.NAVY)
            cell.alignment = looks.LEAD
    page.row_dimensions[field.row].height = LINE_HEIGHT * 2


def _draw_state(page: Worksheet, field: Field) -> None:
    page[field.label].alignment = page[field.cell].alignment = looks.LEAD
    page[field.cell].border = looks.box()
    page.conditional_formatting.add(
        field.cell, looks.when(lead.done(field.cell), text=looks.GREEN, fill=looks.PALE_GREEN)
    )
    page.row_dimensions[field.row].height = LINE_HEIGHT * 2


_LOOKS = {Role.LIVE: _draw_live, Role.LEAD: _draw_next, Role.STATE: _draw_state}


def _live() -> dict[FieldKey, str]:
    """Total and level as soon as scores are typed, from the formulas of the recheck sheet."""
    nodes, levels = RECHECK.block("nodes"), RECHECK.block("levels")

    def score(code: str, layer: ColumnKey) -> str:
        found = f'MATCH("{code}",{RECHECK.ref(nodes.range("code"))},0)'
        computed = f"INDEX({RECHECK.ref(nodes.range(layer))},{found})"
        stated = f"INDEX({RECHECK.ref(nodes.range('stated'))},{found})"
        hold = f"INDEX({RECHECK.ref(RECHECK.block('holds').range('hold'))},{found})"
        # A published figure within what rounding allows is the one that counts, unless a person decided otherwise.
        not_refused = f'{hold}<>"{say("choices.hold_computed")}"'
        agrees = f"AND({not_refused},ISNUMBER({stated}),ABS(N({stated})-N({computed}))<0.0100001)"
        return f'=IFERROR(ROUND(IF({agrees},{stated},{computed}),2),"")'

    names, reached = RECHECK.ref(levels.range("level")), RECHECK.ref(levels.range("reached"))
    layers = RECHECK.ref(nodes.range("layer"))
    unknown = f'({RECHECK.ref(nodes.range("layer1"))}="")'
    return {
        "live_total": score(labels.shown_code("total"), "layer5"),
        **{LIVE_KEYS[i]: score(i, "layer4") for i in INSTRUMENTS},
        "live_level": f'=IFERROR(IF({held_level()},{published_level()},INDEX({names},MATCH(1,{reached},0))),"")',
        "live_missing": f'=SUMPRODUCT(({layers}="{say("layers.question")}")*{unknown})',
    }


def _draw_first(page: Worksheet) -> None:
    """The sheets to fill in first, beside each other."""
    page[FIRST_LABEL] = say("home.first")
    page[FIRST_LABEL].font = looks.font(bold=True)
    page[FIRST_LABEL].alignment = looks.LEAD
    for cell, sheet in FIRST.items():
        page[cell] = sheet.title
        link_to(page, cell, sheet)
        page[cell].font = looks.font(18, bold=True, colour=looks.BLUE, underline=True)
        page[cell].alignment = looks.CENTRE
        page[cell].fill = looks.solid(looks.INPUT)
        page[cell].border = looks.box()
        page.row_dimensions[page[cell].row].height = LINE_HEIGHT * 1.5


def _draw_group(page: Worksheet, group: Group) -> None:
    head = page.cell(group.row, group.column, say(f"groups.{group.key}"))
    head.font = looks.font(18, bold=True, colour=looks.NAVY)
    page.row_dimensions[group.row].height = LINE_HEIGHT * 1.75
    for row, sheet in enumerate(group.sheets, group.row + 1):
        at = address(row, group.column)
        page[at] = sheet.title
        link_to(page, at, sheet)
        page[at].alignment = looks.SENTENCE
        said = page.cell(row, group.column + 1, labels.index_text(sheet) or None)
        said.font = looks.font(colour=looks.GREY)
        said.alignment = looks.SENTENCE
        page.row_dimensions[row].height = LINE_HEIGHT


def _draw_note(page: Worksheet) -> None:
    first, last = NOTE
    page.merge_cells(f"{first}:{last}")
    page[first] = say("home.index_note")
    page[first].font = looks.font(colour=looks.GREY)
    page[first].alignment = looks.SENTENCE
    page.row_dimensions[page[first].row].height = LINE_HEIGHT * 2
