"""A workbook's structure as a file in the format of our own years, to be handed to other agencies."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import tomli_w

from ita_xl import files
from ita_xl.case.inputs import Inputs
from ita_xl.data import library, profiles, say
from ita_xl.data.profiles import Profile, ProfileError
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Severity, Unusable
from ita_xl.domain.levels import Level
from ita_xl.domain.tree import INSTRUMENTS, QUESTION_LETTERS, Kind, Node
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Port
from ita_xl.layout import SCORES, STRUCTURE, Sheet
from ita_xl.layout.keys import ColumnKey
from ita_xl.reading.learning import possible_questions
from ita_xl.reading.page import Page, locate
from ita_xl.reading.places import as_it_stands
from ita_xl.reading.rows import coded_rows
from ita_xl.reading.workbook import read_inputs
from ita_xl.writing.setup import write_structure

_SOURCE = "workbook"


def saved(port: Port) -> bytes:
    """The structure of a workbook, what it learnt from its score sheets included. Raises `Unusable` for one
    without."""
    inputs = read_inputs(port)
    if inputs.tree is None or not inputs.year:
        raise Unusable(*[finding for finding in inputs.findings if finding.severity is Severity.ERROR])
    return tomli_w.dumps(_document(inputs), multiline_strings=False).encode()


def opened(path: Path) -> Profile:
    """A structure from a file. Raises `Unusable` for one that is none, with what is wrong and where."""
    content = files.read_bytes(path)
    try:
        return profiles.parse(tomllib.loads(content.decode()), path.name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        found = str(error)
    except ProfileError as error:
        found = str(error).splitlines()[0].removeprefix(f"{path.name}: ")
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        found = f"{type(error).__name__}: {error}"
    raise Unusable(Finding(Code.STRUCTURE_FILE_UNUSABLE, values={"file": path.name, "detail": found}))


def adopted(content: bytes, name: str, given: bytes) -> tuple[bytes, list[Finding]]:
    """A workbook with a structure that was handed on, and what became of it. given: the content of its file.

    A workbook of another year, one whose structure a person vouches for, and one whose structure sheet was rebuilt
    keep their own. Raises `Unusable` for a workbook that is not ours.
    """
    profile = _handed_on(given)
    port = Package(content, name)
    inputs = read_inputs(port)
    if inputs.year != profile.year:
        values = {"year": profile.year, "own": inputs.year or "-"}
        return content, [Finding(Code.STRUCTURE_FOR_OTHER_YEAR, values=values)]
    title = inputs.titles.get(STRUCTURE.key, "")
    block = STRUCTURE.block("nodes")
    drawn = {column.key: block.column_number(column.key) for column in block.columns}, block.header_row
    if inputs.confirmed or title != STRUCTURE.title or inputs.structure_at != drawn:
        return content, [Finding(Code.STRUCTURE_KEPT, title)]
    write_structure(port, profile)
    for instrument, sheet in SCORES.items():
        if title := inputs.titles.get(sheet.key, ""):
            _add_rows(port, sheet, title, profile, instrument)
    return port.to_bytes(), [Finding(Code.STRUCTURE_ADOPTED, STRUCTURE.title)]


@lru_cache(maxsize=2)
def _handed_on(given: bytes) -> Profile:
    return profiles.parse(tomllib.loads(given.decode()), "structure")


def _add_rows(port: Port, sheet: Sheet, title: str, profile: Profile, instrument: str) -> None:
    """A row for each question that a score sheet has not."""
    page = Page(as_it_stands(port, sheet, title), title, port.read(title), [])
    table = locate(page, page.sheet.block("scores"), profile.year)
    if table is None:
        return
    codes = possible_questions(instrument)
    rows = coded_rows(page, table, dict.fromkeys(codes, ""), QUESTION_LETTERS[instrument])
    there, free = {code for _, code in rows}, max([table.header_row, *(row for row, _ in rows)]) + 1
    missing = [code for code in profile.tree.questions(instrument) if code not in there]
    for row, code in enumerate(missing, free):
        node = profile.tree[code]
        cells: dict[ColumnKey, str | None] = {"code": code, "topic": node.name, "indicator": node.parent}
        for key, text in cells.items():
            port.write(title, row, table.columns[key], [[text]])
        port.show_rows(title, row, row, [None])


def _document(inputs: Inputs) -> dict[str, Any]:
    assert inputs.tree is not None
    tree, year = inputs.tree, inputs.year
    shipped = profiles.profile(year) if year in profiles.years() else None
    questions = tree.codes(Kind.QUESTION)
    return {
        "year": year,
        "status": "draft",
        "note_th": say("structure.handed_on"),
        "note_en": say("structure.handed_on", "en"),
        "continues": shipped.continues.name.lower() if shipped and shipped.continues is not None else "none",
        "nodes": [_node(node) for node in tree.nodes.values() if node.kind not in (Kind.TOTAL, Kind.QUESTION)],
        "questions": [dict(_question(tree[code])) for code in questions],
        "levels": [_level(level) for level in inputs.levels],
        "topics": {code: tree[code].name for code in questions if tree[code].name != code},
        "guidance": {code: key for code in questions if (key := library.key_of(year, code))},
        "sources": {_SOURCE: say("structure.source")},
    }


def _marked() -> dict[str, Any]:
    return {"source": _SOURCE, "verified": False}


def _node(node: Node) -> dict[str, Any]:
    weight = {} if node.weight is None else {"weight": float(node.weight)}
    return {"code": node.code, "parent": node.parent, "name": node.name, **weight, **_marked()}


def _question(node: Node) -> Iterator[tuple[str, Any]]:
    yield "codes", node.code
    if node.parent:
        yield "parent", node.parent
    if node.weight is not None:
        yield "weight", float(node.weight)
    yield from _marked().items()


def _level(level: Level) -> dict[str, Any]:
    minimums: Mapping[str, Any] = level.minimums
    alike = set(minimums.values()) if set(minimums) == set(INSTRUMENTS) else set()
    each = {"each_instrument": float(next(iter(alike)))} if len(alike) == 1 else {}
    given = {} if each or not minimums else {"minimums": {key: float(value) for key, value in minimums.items()}}
    return {"name": level.name, "min_total": float(level.min_total), **each, **given, **_marked()}
