"""Drawing the first sheet: labels, live result by plain formulas, and the list of sheets."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from ita_xl.data import say
from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.drawing import looks
from ita_xl.drawing.colours import level_colours
from ita_xl.drawing.formulas import held_level, published_level
from ita_xl.drawing.tables import link_to
from ita_xl.layout import (
    HOME,
    INDEX_ROW,
    RECHECK,
    SHEETS,
    Owner,
    Show,
    labels,
)
from ita_xl.layout.address import letter
from ita_xl.layout.heights import LINE_HEIGHT
from ita_xl.layout.keys import LIVE_KEYS, ColumnKey, FieldKey


def draw_home(page: Worksheet) -> None:
    for field in HOME.fields:
        if not field.label:
            continue
        label = page[field.label]
        label.value = say(f"home.labels.{field.key}")
        label.font = looks.font(bold=field.owner is Owner.TOOL)
        label.alignment = looks.SENTENCE
        if field.owner is Owner.TOOL:
            page[field.cell].font = looks.font(18, bold=True, colour=looks.NAVY)
            page[field.cell].alignment = looks.CENTRE
            page[field.cell].border = looks.box()
    for key, formula in _live().items():
        page[HOME.field(key).cell] = formula
    for rule in level_colours(HOME.field("live_level").cell):
        page.conditional_formatting.add(HOME.field("live_level").cell, rule)
    _draw_index(page)


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


def _draw_index(page: Worksheet) -> None:
    head = page.cell(INDEX_ROW, 1, say("home.index"))
    head.font = looks.font(18, bold=True, colour=looks.NAVY)
    row = INDEX_ROW + 1
    for sheet in SHEETS:
        if sheet.show is Show.NEVER or sheet is HOME:
            continue
        cell = page.cell(row, 1, sheet.title)
        link_to(page, f"A{row}", sheet)
        cell.alignment = looks.SENTENCE
        page.merge_cells(f"B{row}:{letter(5)}{row}")
        page.cell(row, 2, labels.index_text(sheet)).font = looks.font()
        row += 1
    page.merge_cells(f"A{row}:{letter(5)}{row}")
    page.cell(row, 1, say("home.index_note")).font = looks.font(colour=looks.GREY)
    page.cell(row, 1).alignment = looks.SENTENCE
    page.row_dimensions[row].height = LINE_HEIGHT * 2
