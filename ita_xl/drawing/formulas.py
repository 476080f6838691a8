"""The recheck sheet: the whole score tree as plain formulas, one column per layer, beside the program's results.

Each layer's column reads only the column before it, so nothing refers to itself and every formula can
be followed by hand. What several columns need, where a code stands and what its parts weigh, has a column of its
own at the right. The n-th row of a table here stands for the n-th row of the same table of the structure
sheet, also after somebody inserted rows there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openpyxl.worksheet.worksheet import Worksheet

from ita_xl.data import say
from ita_xl.domain.numbers import FULL
from ita_xl.domain.tree import INSTRUMENTS, Kind
from ita_xl.drawing import looks
from ita_xl.layout import HOME, RECHECK, SCORES, STATED, STRUCTURE, Block, Sheet, labels
from ita_xl.layout.keys import AT_KEYS, LAYER_KEYS, LIVE_KEYS, MINIMUM_KEYS, BlockKey, ColumnKey, FieldKey

TOLERANCE = "0.000000001"
"""Points of difference up to which formulas and program agree: what floating numbers lose."""


def draw_recheck(page: Worksheet) -> None:
    nodes, levels = RECHECK.block("nodes"), RECHECK.block("levels")
    for row in nodes.dressed_rows:
        for block, key, formula in _of_node(row):
            page[RECHECK.block(block).address(key, row)] = formula
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


def _held(sheet: Sheet, block: Block, key: ColumnKey, place: str) -> str:
    """The cell at a place of a column, counted from its heading."""
    return f"INDEX({_column(sheet, block, key)},{place})"


def _of_node(row: int) -> Iterator[tuple[BlockKey, ColumnKey, str]]:
    """The formulas of a row by table and column, one idea each."""
    at = {c.key: f"${block.letter(c.key)}{row}" for block in RECHECK.blocks for c in block.columns}
    code, nth = at["code"], at["nth"]
    nodes, uppers = RECHECK.block("nodes"), RECHECK.block("helpers").range("upper")
    first = nodes.letter("code")
    yield "helpers", "nth", f"=ROWS({first}${nodes.header_row}:{first}{row})"
    same: tuple[ColumnKey, ...] = ("code", "name", "layer", "parent")
    for key in same:
        there = _there(key, nth)
        yield "nodes", key, f'=IFERROR(IF({there}="","",{there}),"")'
    weight = _there("weight", nth)
    yield "nodes", "weight", f'=IF({code}="","",IF({weight}="",1,{weight}))'
    # Places are counted from the heading, as the rows are.
    codes = f"${first}${nodes.header_row}:${first}${nodes.last_row}"
    yield "helpers", "upper", f'=IF({at["parent"]}="","",{_place(at["parent"], codes)})'
    yield "nodes", "children", f'=IF({code}="","",COUNTIF({uppers},{nth}))'
    yield "helpers", "weights", f'=IF({code}="","",SUMIF({uppers},{nth},{nodes.range("weight")}))'
    for sheet, found in (*((SCORES[i], key) for i, key in AT_KEYS.items()), (STATED, "at_stated")):
        listed = _column(sheet, sheet.blocks[0], "code")
        yield "helpers", found, f'=IF({code}="","",{_place(code, listed)})'
    question, stated = _is_question(at["layer"]), at["at_stated"]
    published = f'IF({stated}="","",{_published(stated)})'
    yield "nodes", "typed", f'=IF({code}="","",IFERROR(IF({question},{_score(at)},{published}),"{_error()}"))'
    hold = _held(STATED, STATED.block("stated"), "hold0", stated)
    yield "holds", "hold", f'=IF({stated}="","",IFERROR(TRIM({hold}),""))'
    held = f'{at["hold"]}="{say("choices.hold_published")}"'
    yield "nodes", "stated", f'=IF({stated}="","",{_stated(stated, at["children"], held)})'
    own, before = _possible(at["typed"]), '""'
    for reached in LAYER_KEYS:
        here, values = f"{nodes.letter(reached)}${nodes.header_row}", nodes.range(reached)
        yield "nodes", reached, f"=IF({at['layer']}={here},{own},{before})"
        complete = f'COUNTIFS({uppers},{nth},{values},">=0")={at["children"]}'
        decided = f"AND({held},ISNUMBER({at['stated']}))"
        mean = f"SUMPRODUCT(--({uppers}={nth}),{nodes.range('weight')},{values})/{at['weights']}"
        own = f"IF(AND({at['children']}>0,{complete},NOT({decided})),{mean},{at['stated']})"
        before = at[reached]
    yield "check", "difference", _difference(at["layer5"], at["program"])
    yield "check", "note", _note(at)


def _place(code: str, among: str) -> str:
    """The place of a code among others; empty where it is not."""
    return f'IFERROR(MATCH({code},{among},0),"")'


def _there(key: ColumnKey, place: str) -> str:
    """The cell of the structure sheet at a place."""
    return _held(STRUCTURE, STRUCTURE.block("nodes"), key, place)


def _is_question(layer: str) -> str:
    return f'{layer}="{labels.layer_name(Kind.QUESTION)}"'


def _error() -> str:
    return say("recheck.error")


def _content(held: str) -> str:
    """What a cell holds, whatever it is; an empty one is no 0."""
    return f'IF({held}="","",{held})'


def _score(at: Mapping[ColumnKey, str]) -> str:
    """What was typed as the score of a question, wherever it stands among the three score sheets."""
    found = '""'
    for i, sheet in reversed(SCORES.items()):
        place = at[AT_KEYS[i]]
        found = f'IF({place}="",{found},{_content(_held(sheet, sheet.block("scores"), "y0", place))})'
    return found


def _published(place: str) -> str:
    """What was typed as a published figure: points, where there are any, else the score."""
    points, score = (_held(STATED, STATED.block("stated"), key, place) for key in _FIGURES)
    return f'IF({points}="",{_content(score)},{points})'


_FIGURES: tuple[ColumnKey, ColumnKey] = ("p0", "y0")


def _stated(place: str, children: str, held: str) -> str:
    """The published score, for open data from its points, unless a person holds to the score; empty if there is
    neither."""
    points, score = (_held(STATED, STATED.block("stated"), key, place) for key in _FIGURES)
    items = _held(STATED, STATED.block("stated"), "items", place)
    count = f"IF(ISNUMBER({items}),{items},{children})"
    by_points = f"AND(ISNUMBER({points}),NOT(AND({held},ISNUMBER({score}))))"
    return f'IF({by_points},IFERROR({points}/{count},""),{_possible(score)})'


def _of_level(key: ColumnKey) -> str:
    stated = STATED.block("stated")
    place = f'MATCH("{labels.shown_code(labels.LEVEL)}",{_column(STATED, stated, "code")},0)'
    return _held(STATED, stated, key, place)


def published_level() -> str:
    """This year's published level; an error where it has no row."""
    return _of_level("y0")


def held_level() -> str:
    """Whether a person holds to the published level."""
    held = f'TRIM({_of_level("hold0")})="{say("choices.hold_published")}"'
    return f"IFERROR(AND({held},LEN({published_level()})>0),FALSE)"


def _possible(score: str) -> str:
    """A score that is a number from 0 to 100; anything else is unknown."""
    return f'IF(ISNUMBER({score}),IF(MEDIAN(0,{score},{FULL})={score},{score},""),"")'


def _difference(ours: str, program: str) -> str:
    """Formula minus program in points, empty where either is unknown. Both hold 15 digits: rounding to 12
    decimals takes away only their noise."""
    return f'=IF(AND(ISNUMBER({ours}),ISNUMBER({program})),ROUND({ours}-{program},12),"")'


def _note(at: Mapping[ColumnKey, str]) -> str:
    """What the formulas cannot make use of: a text for a number, an impossible score, a code that they miss."""
    question, typed = _is_question(at["layer"]), at["typed"]
    nowhere = "&".join(at[key] for key in AT_KEYS.values())
    blank = f'OR(TRIM({typed})="",TRIM({typed})="-")'
    used = f"ISNUMBER(IF({question},{at['layer1']},{at['stated']}))"
    number = f'IF({used},"","{say("recheck.impossible")}")'
    missing = f'IF(AND({question},{nowhere}=""),"{say("recheck.nowhere")}","")'
    unreadable = say("recheck.unreadable")
    return f'=IF({at["code"]}="","",IF(ISNUMBER({typed}),{number},IF({blank},{missing},"{unreadable}")))'


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
    here, first = f"${levels.letter('level')}{row}", levels.letter("level")
    nth = f"ROWS({first}${levels.header_row}:{first}{row})"
    name = _held(STRUCTURE, source, "level", nth)
    needs = []
    conditions: list[tuple[ColumnKey, FieldKey]] = [("min_total", "live_total")]
    conditions += [(MINIMUM_KEYS[i], LIVE_KEYS[i]) for i in INSTRUMENTS]
    for key, live in conditions:
        least, score = _held(STRUCTURE, source, key, nth), HOME.ref(HOME.field(live).cell)
        needs.append(f'OR({least}="",AND(ISNUMBER({score}),N({score})>=N({least})))')
    total = HOME.ref(HOME.field("live_total").cell)
    name_or_none = f'=IFERROR(IF({name}="","",{name}),"")'
    return name_or_none, f'=IF({here}="","",IF(AND(ISNUMBER({total}),{",".join(needs)}),1,0))'
