"""What a clerk fills in: scores in one of the usual shapes, the agency's data, and whatever else some care for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

from ita_xl.data import profiles
from ita_xl.data.profiles import Profile
from ita_xl.domain.ranking import Raise
from ita_xl.domain.tree import OPEN_DATA, TOTAL, Kind, Tree
from ita_xl.engines.port import Port
from ita_xl.layout import COMMENTS, GUIDANCE, HOME, ISSUES, labels
from ita_xl.layout.labels import LEVEL
from ita_xl.new import put_scores
from ita_xl.reading.score_file import ScoreEntry
from ita_xl.reading.scores import counts_items
from ita_xl.views.wordings import guidance_rows
from ita_xl.writing.setup import put, stated_codes
from tools.clerk import Clerk
from tools.generate.agencies import Agency, data
from tools.generate.figures import Result

SHAPES = {"questions": (0.35, 1), "all figures": (0.35, 3), "three years": (0.15, 3), "stated only": (0.15, 2)}
"""How many take which, and how many years it holds. questions: this year's, with total and level. all figures: also
every published one, of earlier years what is comparable. three years: also their questions. stated only: none."""

_OFTEN = {
    "chief": 0.7,
    "mail": 0.6,
    "offices": 0.3,
    "comments": 0.25,
    "choices": 0.2,
    "links": 0.15,
    "options": 0.1,
    "own texts": 0.1,
}


@cache
def words() -> dict[str, Any]:
    return data("words.toml")


def fill(clerk: Clerk, agency: Agency, results: list[Result], shape: str, chance: Random) -> None:
    """Fill a workbook that was just made for the year of the first result. results: newest first, as many years as
    are wanted."""
    port = clerk.port
    put(port, HOME, "agency", agency.name)
    put(port, HOME, "agency_type", agency.type)
    put(port, HOME, "district", agency.district)
    put(port, HOME, "province", agency.province)
    put_scores(port, clerk.profile, entries(clerk.profile, results, shape, chance))
    for extra, share in _OFTEN.items():
        if chance.random() < share:
            _EXTRAS[extra](clerk, agency, chance)


def entries(profile: Profile, results: list[Result], shape: str, chance: Random) -> Iterator[ScoreEntry]:
    """The scores of a shape. Nodes that no question of ours stands below are stated in each of them."""
    points = chance.random() < 0.5
    for result in results:
        this = result.year == profile.year
        same = _same(profile, result)
        if shape == "three years" or (this and shape != "stated only"):
            yield from _asked(profile.tree, result, same, this=this)
        if result.level:
            yield ScoreEntry(LEVEL, result.year, result.level)
        for code in stated_codes(profile.tree):
            alone = not result.profile.tree.children(code)
            wanted = code == TOTAL or (code in same and (shape != "questions" or alone or not this))
            if wanted and (value := result.points(code)) is not None:
                yield _stated(profile.tree, result, code, value, points=points)


def _same(profile: Profile, result: Result) -> list[str]:
    """The codes of a result that mean the same in a workbook's year."""
    tree, this = profile.tree, result.year == profile.year
    deepest = Kind.QUESTION if this else profiles.corresponding(result.year, profile.year)
    return [c for c in result.scores if c in tree and deepest is not None and tree[c].kind >= deepest]


def _asked(tree: Tree, result: Result, same: list[str], *, this: bool) -> Iterator[ScoreEntry]:
    """The questions' scores; in the workbook's own year also of questions without a place."""
    for code in result.known:
        if (code in same or (this and code in tree.unplaced)) and tree[code].kind is Kind.QUESTION:
            yield ScoreEntry(code, result.year, result.known[code])


def _stated(tree: Tree, result: Result, code: str, value: Fraction, *, points: bool) -> ScoreEntry:
    """The published figure of a node, where that may be as the points of its items."""
    items = len(result.profile.tree.children(code))
    if points and items and all(counts_items(each, code) for each in (tree, result.profile.tree)):
        exact = result.scores[code].exact
        assert exact is not None
        return ScoreEntry(code, result.year, exact * items, (exact * items, items))
    return ScoreEntry(code, result.year, value)


def edit(port: Port, agency: Agency, chance: Random) -> None:
    """Write over what a run proposed, as a clerk does afterwards; some take somebody else's text."""
    block = ISSUES.block("issues")
    grid = port.read(ISSUES.title)
    rows = [r for r in range(block.first_row, block.last_row + 1) if grid.at(r, block.column_number("approach"))]
    own = words()["edited"]["own"].format(name=agency.name, district=agency.district)
    for row in chance.sample(rows, min(len(rows), chance.randint(1, 3))):
        text = chance.choice([own, *words()["edited"]["shared"]])
        port.write(ISSUES.title, row, block.column_number("in_place"), [[text]])


def _chief(clerk: Clerk, agency: Agency, chance: Random) -> None:
    put(clerk.port, HOME, "chief_name", chance.choice(words()["chiefs"]))
    acting = chance.choice(labels.choice_list("chief_acting"))
    put(clerk.port, HOME, "chief_acting", acting)
    if acting == labels.choice_list("chief_acting")[0]:
        put(clerk.port, HOME, "chief_title", agency.chief)
    else:
        put(clerk.port, HOME, "chief_title", words()["routing"][1])
        put(clerk.port, HOME, "chief_post", agency.chief)


def _mail(clerk: Clerk, agency: Agency, chance: Random) -> None:
    """Addresses under names that nobody can own."""
    put(clerk.port, HOME, "mail_to", f"agency-{agency.number + 1:04}@example.com")
    if chance.random() < 0.5:
        put(clerk.port, HOME, "mail_cc", f"audit-{agency.number + 1:04}@example.org; province@example.net")
    if chance.random() < 0.5:
        put(clerk.port, HOME, "mail_reply", f"ita-{agency.number + 1:04}@example.com")


def _offices(clerk: Clerk, agency: Agency, chance: Random) -> None:
    offices = chance.sample(words()["offices"], chance.randint(3, 6))
    for row, office in enumerate(offices):
        clerk.cell(HOME, HOME.block("offices"), row, "office", office)
    for row, position in enumerate(words()["routing"]):
        clerk.cell(HOME, HOME.block("routing"), row, "position", position)


def _comments(clerk: Clerk, agency: Agency, chance: Random) -> None:
    block = COMMENTS.block("comments")
    tree = clerk.profile.tree
    codes = chance.sample(tree.codes(Kind.INDICATOR) + tree.codes(Kind.QUESTION), chance.randint(1, 4))
    for row, code in enumerate(codes):
        clerk.cell(COMMENTS, block, row, "code", code)
        clerk.cell(COMMENTS, block, row, "comment", chance.choice(words()["comments"]))


def _choices(clerk: Clerk, agency: Agency, chance: Random) -> None:
    by_hand = [name for name, choice in labels.raise_choices().items() if choice is not Raise.AUTO]
    questions = clerk.profile.tree.codes(Kind.QUESTION)
    for code in chance.sample(questions, chance.randint(1, 3)):
        clerk.question(code, "raise", chance.choice(by_hand))
        clerk.question(code, "reason", chance.choice(words()["reasons"]))


def _links(clerk: Clerk, agency: Agency, chance: Random) -> None:
    site = f"https://agency-{agency.number + 1:04}.example.com/ita"
    for code in clerk.profile.tree.questions(OPEN_DATA):
        clerk.question(code, "link", f"{site}/{code.lower()}")
        clerk.question(code, "office", chance.choice(words()["offices"]))


def _options(clerk: Clerk, agency: Agency, chance: Random) -> None:
    put(clerk.port, HOME, "weak_below", chance.choice([80, 85, 90]))
    put(clerk.port, HOME, "urgent_ranks", chance.choice([3, 5]))
    put(clerk.port, HOME, "lowest_if_none_weak", labels.yes_no(chance.random() < 0.5))
    put(clerk.port, HOME, "thai_digits", labels.yes_no(chance.random() < 0.5))


def _own_texts(clerk: Clerk, agency: Agency, chance: Random) -> None:
    block, codes = GUIDANCE.block("guidance"), _library(clerk.profile.year)
    for row in chance.sample(range(len(codes)), chance.randint(1, 5)):
        clerk.cell(GUIDANCE, block, row, "wording", chance.choice(labels.choice_list("wording")))
        for column, texts in words()["own"].items():
            if chance.random() < 0.6:
                clerk.cell(GUIDANCE, block, row, column, chance.choice(texts).format(name=agency.name))


@cache
def _library(year: int) -> list[str]:
    return [str(row["code"]) for row in guidance_rows(profiles.profile(year).tree, year)]


_EXTRAS = {
    "chief": _chief,
    "mail": _mail,
    "offices": _offices,
    "comments": _comments,
    "choices": _choices,
    "links": _links,
    "options": _options,
    "own texts": _own_texts,
}
