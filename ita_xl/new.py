"""Making a workbook for an agency and year from the shipped template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ita_xl.data import say
from ita_xl.data.profiles import Profile
from ita_xl.domain.tree import Kind, Tree
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.engines.port import Port
from ita_xl.engines.shipped import template_path
from ita_xl.layout import HOME, SCORES, STATED, Block, Sheet
from ita_xl.layout.keys import HOLD_KEYS, POINT_KEYS, YEAR_KEYS, ColumnKey, FieldKey
from ita_xl.reading.score_file import ScoreEntry
from ita_xl.reading.scores import show_points
from ita_xl.writing.setup import NOTHING, Kept, fill, put, stated_codes


def new(
    profile: Profile, about: Mapping[FieldKey, str], entries: Iterable[ScoreEntry] = (), kept: Kept = NOTHING
) -> OpenpyxlBook:
    """A workbook of the profile's year. about: fields of the first sheet. entries: scores.
    kept: what comes from last year's workbook; `about` wins over it.

    Returns it unsaved.
    """
    port = OpenpyxlBook.open(template_path())
    fill(port, profile, kept)
    for key, value in about.items():
        put(port, HOME, key, value)
    put_scores(port, profile, entries)
    return port


def put_scores(port: Port, profile: Profile, entries: Iterable[ScoreEntry]) -> None:
    """Put scores into a workbook that was just filled for the profile's year; of two for one place the later."""
    places = _places(profile.tree)
    for entry in {(entry.code, entry.year): entry for entry in entries}.values():
        sheet, block, row = places[entry.code]
        column = _column(POINT_KEYS if entry.points else YEAR_KEYS, entry.year - profile.year)
        port.write(sheet.title, row, block.column_number(column), [[_typed(profile.tree, entry)]])
        if entry.held:
            column = _column(HOLD_KEYS, entry.year - profile.year)
            port.write(sheet.title, row, block.column_number(column), [[say("choices.hold_published")]])


def _column(keys: Mapping[ColumnKey, int], back: int) -> ColumnKey:
    """Of the columns for each year, that of one. back: how far it is from the workbook's."""
    return next(key for key, year in keys.items() if year == back)


def _places(tree: Tree) -> dict[str, tuple[Sheet, Block, int]]:
    """Where `fill` puts each code: sheet, block and row."""
    places: dict[str, tuple[Sheet, Block, int]] = {}
    stated = STATED.block("stated")
    for row, code in enumerate(stated_codes(tree), stated.first_row):
        places[code] = (STATED, stated, row)
    for instrument, sheet in SCORES.items():
        block = sheet.block("scores")
        for row, code in enumerate(tree.questions(instrument), block.first_row):
            places[code] = (sheet, block, row)
    return places


def _typed(tree: Tree, entry: ScoreEntry) -> str | int | float:
    """What a clerk would type; points name their items only where the structure has another number."""
    if entry.points and entry.points[1] != len(tree.below(entry.code, Kind.QUESTION)):
        return f"{show_points(entry.points[0])}/{entry.points[1]}"
    if isinstance(entry.value, str):
        return entry.value
    return int(entry.value) if entry.value.denominator == 1 else float(entry.value)
