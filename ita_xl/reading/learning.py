"""What a workbook's structure learns from the score sheets: questions typed there with their indicator.

Only of a year whose questions are not proven: of one that is, a code that is not known is a slip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from ita_xl.case.inputs import Learnt
from ita_xl.data import profiles, say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.domain.naming import node_meant
from ita_xl.domain.tree import QUESTION_LETTERS, Kind, Node, Tree
from ita_xl.layout import MAX_QUESTIONS
from ita_xl.reading.page import FoundTable, Page, locate
from ita_xl.reading.rows import coded_rows

_HIGHEST = 99
"""The highest number of a question that is taken for one."""


class Learning(Struct):
    """tree: the structure with what was learnt. questions: those that were added or placed elsewhere, by code."""

    tree: Tree
    questions: dict[str, Learnt] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def possible_questions(instrument: str) -> list[str]:
    """The codes that may be those of an instrument's questions."""
    return [f"{QUESTION_LETTERS[instrument]}{number}" for number in range(1, _HIGHEST + 1)]


def may_learn(year: int) -> bool:
    """Whether the questions of a year are not proven, or not known at all."""
    return year not in profiles.years() or profiles.profile(year).status == "draft"


def shipped_parent(year: int, code: str) -> str | None:
    """Where our data places a question; None for nowhere."""
    tree = profiles.profile(year).tree if year in profiles.years() else None
    return tree[code].parent if tree and code in tree else None


def source_of(one: Learnt) -> str:
    """What the structure sheet says of where a learnt question comes from."""
    if one.former is None:
        return say("structure.learnt", sheet=one.sheet)
    return say("structure.moved", sheet=one.sheet, former=one.former or say("structure.nowhere"))


def former_of(source: str) -> tuple[bool, str | None]:
    """Of the same words, whether they name a score sheet, and where the question was before."""
    learnt, moved = (say(f"structure.{key}", sheet="\0", former="\0") for key in ("learnt", "moved"))
    if not source.startswith(learnt.split("\0")[0]):
        return False, None
    _, mark, rest = source.partition(moved.split("\0")[1])
    former = rest.removesuffix(moved.split("\0")[2]) if mark else None
    return True, "" if former == say("structure.nowhere") else former


def learn(tree: Tree, year: int, pages: Iterable[Page]) -> Learning:
    """What the score sheets add to a structure or place elsewhere; a correction on the structure sheet wins."""
    found = Learning(tree)
    for page in pages:
        table = locate(page, page.sheet.block("scores"), year)
        if table is None or page.sheet.instrument not in tree:
            continue
        placed = dict(_placed(page, table, found, year))
        if not placed:
            continue
        grown, problems = Tree.of(_grown(found.tree, placed))
        codes = ", ".join(placed)
        if grown is None:
            values = {"codes": codes, "problem": problems[0].values.get("code", "")}
            found.findings.append(Finding(Code.STRUCTURE_NOT_LEARNT, page.title, values=values))
        elif len(grown.questions(page.sheet.instrument)) > MAX_QUESTIONS:
            found.findings.append(Finding(Code.TOO_MANY_QUESTIONS, page.title, values={"most": MAX_QUESTIONS}))
        else:
            found.tree = grown
            found.questions |= placed
            found.findings.append(Finding(Code.STRUCTURE_LEARNT, page.title, values={"codes": codes}))
    return found


def _placed(page: Page, table: FoundTable, found: Learning, year: int) -> Iterator[tuple[str, Learnt]]:
    """The questions of a sheet whose indicator it names and the structure has not."""
    instrument, tree = page.sheet.instrument, found.tree
    letter = QUESTION_LETTERS[instrument]
    possible = dict.fromkeys(possible_questions(instrument), "")
    leaves = list(_leaves(tree, instrument))
    for row, code in coded_rows(page, table, possible, letter):
        cell = table.cell("indicator", row)
        said = page.words(cell, code)
        parent = node_meant(said, tree, leaves) if said else None
        known = tree.nodes.get(code)
        if parent is None:
            if known is None and (said or page.value(table.cell("y0", row)) is not None):
                values = {"code": code, "value": said or "-", "among": ", ".join(leaves)}
                found.findings.append(Finding(Code.INDICATOR_NEEDED, page.title, cell, code, values))
            continue
        corrected = known is not None and known.parent not in (None, shipped_parent(year, code))
        if corrected or (known and known.parent == parent):
            continue
        topic = page.words(table.cell("topic", row), code)
        former = (known.parent or "") if known else None
        yield code, Learnt(topic or (known.name if known else code), parent, page.title, former)


def _leaves(tree: Tree, instrument: str) -> Iterator[str]:
    """The lowest nodes above the questions: sub-indicators where there are some."""
    for indicator in tree.below(instrument, Kind.INDICATOR):
        parts = tree.below(indicator, Kind.SUB_INDICATOR)
        yield from parts or [indicator]


def _grown(tree: Tree, placed: Mapping[str, Learnt]) -> Iterator[Node]:
    for code, node in tree.nodes.items():
        yield replace(node, parent=placed[code].parent) if code in placed else node
    for code, one in placed.items():
        if code not in tree:
            yield Node(code, Kind.QUESTION, one.name, one.parent)
