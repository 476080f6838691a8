"""The recheck sheet: the whole score tree as plain formulas, one column per layer, beside the program's results.

Each layer's column reads only the column before it, so nothing refers to itself and every formula can
be followed by hand. The n-th row of a table here stands for the n-th row of the same table of the structure
sheet, also after somebody inserted rows there.
"""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.worksheet.worksheet import Worksheet

from ita_xl.data import say
from ita_xl.domain.numbers import FULL
from ita_xl.domain.tree import INSTRUMENTS, Kind
from ita_xl.drawing import looks
from ita_xl.layout import HOME, RECHECK, SCORES, STATED, STRUCTURE, Block, Sheet, labels
from ita_xl.layout.keys import LAYER_KEYS, LIVE_KEYS, MINIMUM_KEYS, ColumnKey, FieldKey

TOLERANCE = "0.000000001"
"""Points of difference up to which formulas and program agree: what floating numbers lose."""


def draw_recheck(page: Worksheet) -> None:
    nodes, levels, check, holds = (RECHECK.block(key) for key in ("nodes", "levels", "check", "holds"))
    for row in range(nodes.first_row, nodes.last_row + 1):
        for key, formula in _node_row(row):
            page[nodes.address(key, row)] = formula
        page[holds.address("hold", row)] = _hold(f"${nodes.letter('code')}{row}")
        page[check.address("difference", row)] = _difference(row)
        page[check.address("note", row)] = _note(row)
    for row in range(levels.first_row, levels.last_row + 1):
        name, reached = _level_row(row)
        page[levels.address("level", row)] = name
        page[levels.address("reached", row)] = reached
    for figure, formula in _result():
        field = RECHECK.field(figure)
        page[field.cell] = formula
        if field.label:
            page[field.label] = say(f"recheck.labels.{figure}")
            page[field.label].font = looks.font(bold=True)


def _column(sheet: Sheet, block: Block, key: ColumnKey) -> str:
    """A column of another sheet from its heading on: a row that is inserted below the heading belongs to it."""
    at = block.letter(key)
    return sheet.ref(f"${at}${block.header_row}:${at}${block.last_row}")


def _there(block: Block, key: ColumnKey, row: int) -> str:
    """The cell of the structure sheet that a row of the same table here stands for."""
    mine = RECHECK.block(block.key)
    first = mine.letter(mine.columns[0].key)
    return f"INDEX({_column(STRUCTURE, block, key)},ROWS({first}${mine.header_row}:{first}{row}))"


def _node_row(row: int) -> Iterator[tuple[ColumnKey, str]]:
    source, nodes = STRUCTURE.block("nodes"), RECHECK.block("nodes")
    code, layer, typed, stated = (f"${nodes.letter(key)}{row}" for key in ("code", "layer", "typed", "stated"))
    children = f"${nodes.letter('children')}{row}"
    below = f"({nodes.range('parent')}={code})"
    same: tuple[ColumnKey, ...] = ("code", "name", "layer", "parent")
    for key in same:
        there = _there(source, key, row)
        yield key, f'=IFERROR(IF({there}="","",{there}),"")'
    weight = _there(source, "weight", row)
    yield "weight", f'=IF({code}="","",IF({weight}="",1,{weight}))'
    yield "children", f'=IF({code}="","",SUMPRODUCT(--{below}))'
    question = f'{layer}="{labels.layer_name(Kind.QUESTION)}"'
    yield "typed", f'=IF({code}="","",IFERROR(IF({question},{_score(code)},{_published(code)}),"{_error()}"))'
    held = f'${RECHECK.block("holds").letter("hold")}{row}="{say("choices.hold_published")}"'
    yield "stated", f'=IF({code}="","",{_stated(code, children, held)})'
    own, before = _possible(typed), '""'
    for reached in LAYER_KEYS:
        here = f"{nodes.letter(reached)}${nodes.header_row}"
        yield reached, f'=IF({code}="","",IF({layer}={here},{own},{before}))'
        values, weights = nodes.range(reached), nodes.range("weight")
        complete = f"AND({children}>0,SUMPRODUCT({below}*ISNUMBER({values}))={children})"
        mean = f"SUMPRODUCT(--{below},{weights},{values})/SUMPRODUCT(--{below},{weights})"
        decided = f"AND({held},ISNUMBER({stated}))"
        own, before = f"IF(AND({complete},NOT({decided})),{mean},{stated})", nodes.address(reached, row)


def _error() -> str:
    return say("recheck.error")


def _match(sheet: Sheet, block: Block, code: str) -> str:
    """The place of a code in a table; an error where it does not stand there."""
    return f"MATCH({code},{_column(sheet, block, 'code')},0)"


def _held(sheet: Sheet, block: Block, key: ColumnKey, code: str) -> str:
    return f"INDEX({_column(sheet, block, key)},{_match(sheet, block, code)})"


def _content(held: str) -> str:
    """What a cell holds, whatever it is; an empty one is no 0."""
    return f'IF({held}="","",{held})'


def _score(code: str) -> str:
    """What was typed as the score of a question, wherever it stands among the three score sheets."""
    found = '""'
    for sheet in reversed(SCORES.values()):
        block = sheet.block("scores")
        content = _content(_held(sheet, block, "y0", code))
        found = f"IF(ISNUMBER({_match(sheet, block, code)}),{content},{found})"
    return found


def _published(code: str) -> str:
    """What was typed as a published figure: points, where there are any, else the score."""
    block = STATED.block("stated")
    points, score = (_held(STATED, block, key, code) for key in ("p0", "y0"))
    content = f'IF({points}="",{_content(score)},{points})'
    return f'IF(ISNUMBER({_match(STATED, block, code)}),{content},"")'


def _stated(code: str, children: str, held: str) -> str:
    """The published score, for open data from its points, unless a person holds to the score; empty if there is
    neither."""
    block = STATED.block("stated")
    points, items, score = (_held(STATED, block, key, code) for key in ("p0", "items", "y0"))
    count = f"IF(ISNUMBER({items}),{items},{children})"
    by_points = f"AND(ISNUMBER({points}),NOT(AND({held},ISNUMBER({score}))))"
    return f'IF({by_points},IFERROR({points}/{count},""),{_possible(score)})'


def _hold(code: str) -> str:
    """What a person decided about this year's published figure."""
    return f'=IF({code}="","",IFERROR(TRIM({_held(STATED, STATED.block("stated"), "hold0", code)}),""))'


def published_level() -> str:
    """This year's published level; an error where it has no row."""
    return _held(STATED, STATED.block("stated"), "y0", f'"{labels.shown_code(labels.LEVEL)}"')


def held_level() -> str:
    """Whether a person holds to the published level."""
    hold = _held(STATED, STATED.block("stated"), "hold0", f'"{labels.shown_code(labels.LEVEL)}"')
    return f'IFERROR(AND(TRIM({hold})="{say("choices.hold_published")}",LEN({published_level()})>0),FALSE)'


def _possible(score: str) -> str:
    """A score that is a number from 0 to 100; anything else is unknown."""
    return f'IF(ISNUMBER({score}),IF(MEDIAN(0,{score},{FULL})={score},{score},""),"")'


def _difference(row: int) -> str:
    """Formula minus program in points, empty where either is unknown. Both hold 15 digits: rounding to 12
    decimals takes away only their noise."""
    ours, program = _both(row)
    return f'=IF(AND(ISNUMBER({ours}),ISNUMBER({program})),ROUND({ours}-{program},12),"")'


def _both(row: int) -> tuple[str, str]:
    nodes, program = RECHECK.block("nodes"), RECHECK.block("program")
    return f"${nodes.letter('layer5')}{row}", f"${program.letter('program')}{row}"


def _note(row: int) -> str:
    """What the formulas cannot make use of: a text for a number, an impossible score, a code that they miss."""
    nodes = RECHECK.block("nodes")
    code, layer, typed, stated, score = (
        f"${nodes.letter(key)}{row}" for key in ("code", "layer", "typed", "stated", "layer1")
    )
    question = f'{layer}="{labels.layer_name(Kind.QUESTION)}"'
    nowhere = ",".join(f"ISERROR({_match(sheet, sheet.block('scores'), code)})" for sheet in SCORES.values())
    blank = f'OR(TRIM({typed})="",TRIM({typed})="-")'
    used = f"ISNUMBER(IF({question},{score},{stated}))"
    number = f'IF({used},"","{say("recheck.impossible")}")'
    missing = f'IF(AND({question},{nowhere}),"{say("recheck.nowhere")}","")'
    unreadable = say("recheck.unreadable")
    return f'=IF({code}="","",IF(ISNUMBER({typed}),{number},IF({blank},{missing},"{unreadable}")))'


def _result() -> Iterator[tuple[FieldKey, str]]:
    """The figures at the top: whether formulas and program agree, and what may keep them apart."""
    check, program = RECHECK.block("check"), RECHECK.block("program").range("program")
    differences, ours = check.range("difference"), RECHECK.block("nodes").range("layer5")
    largest, one_sided = RECHECK.field("largest").cell, RECHECK.field("one_sided").cell
    waiting, agree, partly, differ = (say(f"recheck.{key}") for key in ("waiting", "agree", "partly", "differ"))
    agreed = f'IF({one_sided}=0,"{agree}","{partly}")'
    yield "verdict", f'=IF(COUNT({differences})=0,"{waiting}",IF({largest}>{TOLERANCE},"{differ}",{agreed}))'
    yield "largest", f'=IF(COUNT({differences})=0,"",MAX(MAX({differences}),-MIN({differences})))'
    known = f"IF(COUNT({program})=0,0,SUMPRODUCT(--(ISNUMBER({ours})<>ISNUMBER({program}))))"
    yield "one_sided", f"={known}"
    yield "unreadable", f'=SUMPRODUCT(--({check.range("note")}="{say("recheck.unreadable")}"))'


def _level_row(row: int) -> tuple[str, str]:
    """A level's name, and 1 where the live scores of the first sheet meet all its minimums."""
    source, levels = STRUCTURE.block("levels"), RECHECK.block("levels")
    name = _there(source, "level", row)
    here = f"${levels.letter('level')}{row}"
    needs = []
    conditions: list[tuple[ColumnKey, FieldKey]] = [("min_total", "live_total")]
    conditions += [(MINIMUM_KEYS[i], LIVE_KEYS[i]) for i in INSTRUMENTS]
    for key, live in conditions:
        least, score = _there(source, key, row), HOME.ref(HOME.field(live).cell)
        needs.append(f'OR({least}="",AND(ISNUMBER({score}),N({score})>=N({least})))')
    total = HOME.ref(HOME.field("live_total").cell)
    name_or_none = f'=IFERROR(IF({name}="","",{name}),"")'
    return name_or_none, f'=IF({here}="","",IF(AND(ISNUMBER({total}),{",".join(needs)}),1,0))'
