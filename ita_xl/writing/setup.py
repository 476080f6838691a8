"""Making a drawn workbook one of a given year: headings, titles, codes, structure and levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from ita_xl.data import say
from ita_xl.data.profiles import Profile
from ita_xl.domain.merge import Last
from ita_xl.domain.ranking import Raise, Rules
from ita_xl.domain.tree import INSTRUMENTS, TOTAL, Kind, Tree
from ita_xl.engines.port import Formula, Port, Written
from ita_xl.layout import (
    COMMENTS,
    FORM,
    FORM_NEEDS,
    GUIDANCE,
    HOME,
    MEMORY,
    OUTPUTS,
    RECHECK,
    RESULTS,
    SCORES,
    SHEETS,
    STATED,
    STRUCTURE,
    TRACKING,
    Sheet,
    Show,
    labels,
)
from ita_xl.layout.keys import MINIMUM_KEYS, BlockKey, FieldKey, SheetKey
from ita_xl.layout.labels import LEVEL, shown_code
from ita_xl.views.content import Values
from ita_xl.views.wordings import guidance_rows
from ita_xl.writing.blocks import write_block, write_field
from ita_xl.writing.memory import Memory, remember
from ita_xl.writing.room import with_room


class Kept(Struct, frozen=True):
    """What an agency keeps from last year's workbook.

    home: fields of the first sheet; tables: the rows of its blocks. beside: an agency's own columns of the
    score sheets, guidance: its own texts, both by code. offers: texts that no code of this year has. measures: last
    year's. plan: rows of the first table of a sheet, by its key; memory: what the first run is to remember of them.
    """

    home: Mapping[FieldKey, Written]
    tables: Mapping[BlockKey, list[Values]]
    beside: Mapping[str, Values]
    guidance: Mapping[str, Values]
    measures: list[Values]
    offers: Sequence[Values] = ()
    plan: Mapping[SheetKey, list[Values]] = field(default_factory=dict)
    memory: Mapping[tuple[str, str], Last] = field(default_factory=dict)


NOTHING = Kept({}, {}, {}, {}, [])


def fill(port: Port, profile: Profile, kept: Kept = NOTHING) -> None:
    """Write everything that follows from the year, and what the agency kept; scores stay empty."""
    write_guidance(port, profile.tree, profile.year, kept.guidance, kept.offers)
    reports = with_room(port, RESULTS, "last", len(kept.measures))
    for sheet in SHEETS:
        write_words(port, sheet, profile.year, profile.tree)
    write_structure(port, profile)
    _options(port, profile)
    for key, value in kept.home.items():
        put(port, HOME, key, value)
    for block, rows in kept.tables.items():
        write_block(port, HOME.title, HOME, HOME.block(block), rows)
    _stated(port, profile)
    for instrument, sheet in SCORES.items():
        _questions(port, profile, instrument, sheet, kept.beside)
    write_block(port, COMMENTS.title, COMMENTS, COMMENTS.block("comments"), [])
    for sheet in OUTPUTS:
        for table in sheet.blocks:
            write_block(port, sheet.title, sheet, table, [])
    write_block(port, RESULTS.title, reports, reports.block("last"), kept.measures)
    for sheet in (one for one in OUTPUTS if one.key in kept.plan):
        rows, table = kept.plan[sheet.key], sheet.blocks[0]
        placed = with_room(port, sheet, table.key, len(rows))
        write_block(port, sheet.title, placed, placed.block(table.key), rows)
    if kept.memory:
        remember(port, MEMORY.title, Memory(kept.memory))


def write_guidance(
    port: Port, tree: Tree, year: int, own: Mapping[str, Values] | None = None, offers: Sequence[Values] = ()
) -> None:
    """The library of a year and beside it the agency's own texts; what it wrote on an indicator stands in a
    row below, and texts of no code of this year below all others."""
    kept = own or {}
    automatic: Values = {"wording": labels.choice_list("wording")[0]}
    ours = guidance_rows(tree, year)
    rows = [row | automatic | kept.get(str(row["code"]), {}) for row in ours]
    listed = {row["code"] for row in ours}
    rows += [{"code": code, **row} for code, row in kept.items() if code not in listed]
    rows += offers
    sheet = with_room(port, GUIDANCE, "guidance", len(rows))
    write_block(port, GUIDANCE.title, sheet, sheet.block("guidance"), rows)


def _draft(profile: Profile) -> Formula | None:
    """The warning of an unverified year, gone once the agency has confirmed the structure."""
    if profile.status != "draft":
        return None
    text = say("structure.draft", year=profile.year, note=profile.notes["th"])
    confirmed = STRUCTURE.ref(STRUCTURE.field("confirmed").cell)
    return Formula(f'=IF({confirmed}="{labels.yes_no(True)}","","{text}")', text)


def write_form(port: Port, title: str) -> None:
    """Write of which form a workbook is, and which program knows it, unless it stands there. title: of the very
    hidden sheet."""
    grid = port.read(title)
    said: dict[FieldKey, Written] = {"form": FORM, "needs": FORM_NEEDS}
    for key, value in said.items():
        field = MEMORY.field(key)
        if grid.at(*field.at) != value:
            write_field(port, title, MEMORY, field, value)


def put(port: Port, sheet: Sheet, key: FieldKey, value: Written) -> None:
    """Write one field of a sheet under its usual title."""
    write_field(port, sheet.title, sheet, sheet.field(key), value)


def write_words(port: Port, sheet: Sheet, year: int, tree: Tree | None) -> None:
    """Titles, fixed sentences and headings of a sheet."""
    name = tree[sheet.instrument].name if tree and sheet.instrument in tree else ""
    for one in sheet.fields:
        if one.fixed:
            words = say(f"{sheet.family}.{one.key}", instrument=sheet.instrument, name=name)
            put(port, sheet, one.key, words)
    if sheet.show is Show.NEVER:
        return
    for block in sheet.blocks:
        headings = [labels.heading(sheet, block, column, year) for column in block.columns]
        port.write(sheet.title, block.header_row, block.first_column, [headings])


def write_structure(port: Port, profile: Profile) -> None:
    """Nodes, weights and levels onto the structure sheet under its usual title, where its tables were drawn."""
    tree = profile.tree
    rows: list[Values] = []
    for code, node in tree.nodes.items():
        mark = profile.marks.get(code)
        rows.append(
            {
                "code": shown_code(code),
                "layer": labels.layer_name(node.kind),
                "name": say("words.total") if code == TOTAL else node.name,
                "parent": shown_code(node.parent) if node.parent else None,
                "weight": None if node.weight is None else float(node.weight),
                "source": mark.source if mark else None,
                "verified": labels.yes_no(mark.verified) if mark else None,
            }
        )
    write_block(port, STRUCTURE.title, STRUCTURE, STRUCTURE.block("nodes"), rows)
    recheck = RECHECK.block("nodes")
    shown = len(rows) + STRUCTURE.block("nodes").spare
    port.show_rows(RECHECK.title, recheck.header_row, recheck.last_row, [None] * (shown + 1))
    levels: list[Values] = [
        {
            "level": level.name,
            "min_total": float(level.min_total),
            **{MINIMUM_KEYS[i]: float(level.minimums[i]) for i in INSTRUMENTS if i in level.minimums},
            "source": profile.level_marks[level.name].source,
            "verified": labels.yes_no(profile.level_marks[level.name].verified),
        }
        for level in profile.levels
    ]
    write_block(port, STRUCTURE.title, STRUCTURE, STRUCTURE.block("levels"), levels)
    put(port, STRUCTURE, "year", profile.year)
    status = say(f"structure.{profile.status}", year=profile.year, note=profile.notes["th"])
    put(port, STRUCTURE, "status", status)
    put(port, STRUCTURE, "confirmed", labels.yes_no(False))


def _options(port: Port, profile: Profile) -> None:
    rules = Rules()
    put(port, HOME, "year", profile.year)
    put(port, HOME, "draft", _draft(profile))
    put(port, HOME, "weak_below", float(rules.weak_below))
    put(port, HOME, "urgent_ranks", rules.urgent_ranks)
    put(port, HOME, "best_count", rules.best_count)
    put(port, HOME, "lowest_if_none_weak", labels.yes_no(rules.lowest_if_none_weak))
    put(port, HOME, "fell_by", float(rules.fell_by))
    put(port, HOME, "thai_digits", labels.yes_no(False))
    put(port, TRACKING, "start_quarter", 1)
    write_form(port, MEMORY.title)


def stated_codes(tree: Tree) -> list[str]:
    """The rows of the sheet of published figures: total, level, then the structure above the questions."""
    upper = [code for code, node in tree.nodes.items() if node.kind not in (Kind.TOTAL, Kind.QUESTION)]
    return [TOTAL, LEVEL, *upper]


def _stated(port: Port, profile: Profile) -> None:
    tree = profile.tree
    names = {TOTAL: say("words.total"), LEVEL: say("headings.level")}
    rows: list[Values] = [
        {
            "code": shown_code(code),
            "name": names.get(code) or tree[code].name,
            "items": (len(tree.below(code, Kind.QUESTION)) or None) if code not in names else None,
        }
        for code in stated_codes(tree)
    ]
    write_block(port, STATED.title, STATED, STATED.block("stated"), rows)


def _questions(port: Port, profile: Profile, instrument: str, sheet: Sheet, beside: Mapping[str, Values]) -> None:
    tree = profile.tree
    automatic = next(name for name, choice in labels.raise_choices().items() if choice is Raise.AUTO)
    rows: list[Values] = [
        {
            "code": code,
            "topic": tree[code].name,
            "indicator": tree[code].parent,
            "raise": automatic,
            **beside.get(code, {}),
        }
        for code in tree.questions(instrument)
    ]
    write_block(port, sheet.title, sheet, sheet.block("scores"), rows)
