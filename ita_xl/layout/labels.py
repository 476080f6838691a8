"""Thai words of the workbook by schema key, and back: headings, layers, choices, the codes of special rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from ita_xl.data import say, texts
from ita_xl.domain import thai
from ita_xl.domain.effect import Progress
from ita_xl.domain.ranking import Raise
from ita_xl.domain.scoring import Hold
from ita_xl.domain.tree import TOTAL, Kind, Tree
from ita_xl.layout import Block, Column, Sheet
from ita_xl.layout import Kind as CellKind
from ita_xl.layout.keys import FieldKey, ListKey

LEVEL = "level"
"""The row of stated scores that holds the published level, in workbooks and score files alike."""


def heading(sheet: Sheet, block: Block, column: Column, year: int) -> str:
    """A column's heading; the heading of a year's column names that year."""
    for key in (f"{sheet.key}.{block.key}.{column.key}", f"headings.{column.key}"):
        if key in texts("th"):
            return say(key)
    kind = {CellKind.POINTS: "points", CellKind.CHOICE: "hold"}.get(column.kind, "score")
    return say(f"headings.year_{kind}", year=year + (column.year or 0))


def former_heading(sheet: Sheet, block: Block, column: str) -> str:
    """What earlier versions wrote over a column; empty where that was the same as today."""
    keys = f"former.{sheet.key}.{block.key}.{column}", f"former.headings.{column}"
    return next((say(key) for key in keys if key in texts("th")), "")


def heading_year(found: object) -> int | None:
    """The Buddhist year that a heading names, if any."""
    match = re.search(r"25\d\d", thai.arabic_digits(str(found)))
    return int(match[0]) if match else None


def shown_code(code: str) -> str:
    """A node's code as clerks see it: รวม for the total, ระดับ for the level, all others as they are."""
    return {TOTAL: say("codes.total"), LEVEL: say("codes.level")}.get(code, code)


def meant_code(typed: str) -> str:
    """The reverse of `shown_code`; anything else comes back as typed."""
    if typed.isascii() and typed.strip().lower() not in (TOTAL, LEVEL):
        return typed
    for code in (TOTAL, LEVEL):
        if thai.same_text(typed, shown_code(code)) or typed.strip().lower() == code:
            return code
    return typed


def named(tree: Tree, code: str) -> str:
    """A node as a reader knows it: "10.2 มาตรการภายใน...", the total by its name alone."""
    return say("words.total") if code == TOTAL else f"{code} {tree[code].name}"


def called(tree: Tree, code: str, *, whole: bool = True) -> str:
    """A node as a sentence names it: "ตัวชี้วัดที่ 9 การเปิดเผยข้อมูล". whole: with its name."""
    node = tree[code]
    name = f" {node.name}" if whole and node.name != code else ""
    return say(f"called.{node.kind.name.lower()}", code=code, name=name)


def layer_name(kind: Kind) -> str:
    return say(f"layers.{kind.name.lower()}")


@cache
def layers() -> dict[str, Kind]:
    """Layer by its Thai name."""
    return {layer_name(kind): kind for kind in Kind}


def yes_no(value: bool) -> str:
    return say("choices.yes" if value else "choices.no")


@cache
def raise_choices() -> dict[str, Raise]:
    """The clerk's words for raising a question as an issue."""
    return {say(f"choices.raise_{choice.name.lower()}"): choice for choice in Raise}


@cache
def hold_choices() -> dict[str, Hold]:
    """The clerk's words for which of two figures holds."""
    return {say(f"choices.hold_{hold.value}"): hold for hold in Hold}


def progress_of(report: str) -> Progress:
    """How far a measure got, by the first line of its report."""
    said = report.partition("\n")[0]
    words = zip((*choice_list("achieved"), say("results.not_reported")), Progress, strict=False)
    otherwise = Progress.UNMARKED if said else Progress.UNREPORTED
    return next((progress for word, progress in words if thai.same_text(said, word)), otherwise)


def chief_title(about: Mapping[FieldKey, str], otherwise: str = "") -> str:
    """The chief executive's office. Who stands in has an own one, and below it the post with the words for standing
    in; where only one is named, it is the post. otherwise: what is said if neither is known."""
    title, post = about.get("chief_title", ""), about.get("chief_post", "")
    acting = acting_words(about)
    if not acting:
        return title or otherwise
    stands_in = say("measures.acting", acting=acting, post=post or title or otherwise)
    return f"{title}\n{stands_in}" if title and post and not thai.same_text(title, post) else stands_in


def acting_words(about: Mapping[FieldKey, str]) -> str:
    """How a chief executive stands in for another; empty for one who holds the office."""
    acting = about.get("chief_acting", "")
    return "" if thai.same_text(acting, choice_list("chief_acting")[0]) else acting


def choice_list(key: ListKey) -> list[str]:
    """The entries of a drop-down list."""
    if key == "raise":
        return list(raise_choices())
    if key == "hold":
        return list(hold_choices())
    if key == "layer":
        return list(layers())
    if key == "yes_no":
        return [yes_no(True), yes_no(False)]
    return [entry.strip() for entry in say(f"choices.{key}").split("|")]


def index_text(sheet: Sheet) -> str:
    """What a sheet is for, beside the link to it; empty where its title says so."""
    key = f"index.{sheet.family}"
    return say(key) if key in texts("th") else ""
