"""What clerks really type, each with the finding that it must give and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from ita_xl.case.inputs import Place
from ita_xl.domain.codes import Code
from ita_xl.domain.thai import thai_digits
from ita_xl.domain.tree import OPEN_DATA, QUESTION_LETTERS, TOTAL, Kind
from ita_xl.engines.port import Written
from ita_xl.layout import COMMENTS, HOME
from ita_xl.layout.keys import FieldKey
from ita_xl.layout.labels import LEVEL
from ita_xl.reading.scores import counts_items
from tools.clerk import Clerk
from tools.generate.figures import Result
from tools.generate.filled import words


@dataclass(frozen=True, slots=True)
class Planted:
    """A mistake. code: of the finding; sheet, cell: where it must be reported."""

    kind: str
    code: str
    sheet: str
    cell: str


class Careless:
    """A clerk who mistypes. free: questions in which nothing is wrong yet; empty where none has a score."""

    def __init__(self, clerk: Clerk, result: Result, chance: Random, *, questions: bool) -> None:
        self.clerk, self.result, self.chance = clerk, result, chance
        tree = clerk.profile.tree
        self.free = [code for code in tree.codes(Kind.QUESTION) if questions]

    def pick(self, *instruments: str, least: int = 0) -> str | None:
        """A question for the next mistake, of one of these instruments if any are named; least: its number."""
        tree = self.clerk.profile.tree
        found = [
            code
            for code in self.free
            if int(code[1:]) >= least and (not instruments or tree.instrument_of(code) in instruments)
        ]
        if not found:
            return None
        code = self.chance.choice(found)
        self.free.remove(code)
        return code

    def score(self, code: str) -> float:
        return float(self.result.known[code])


Slip = Callable[[Careless], Place | None]
"""Makes one mistake and says where; None where the workbook gives no occasion for it."""


def _mistyped(change: Callable[[Careless, float], Written], *instruments: str) -> Slip:
    """Another thing than the score in its cell."""

    def slip(by: Careless) -> Place | None:
        code = by.pick(*instruments)
        return by.clerk.question(code, "y0", change(by, by.score(code))) if code else None

    return slip


def _misnamed(change: Callable[[str], Written], *instruments: str, least: int = 0) -> Slip:
    """Another thing than the code in its cell."""

    def slip(by: Careless) -> Place | None:
        code = by.pick(*instruments, least=least)
        return by.clerk.question(code, "code", change(code)) if code else None

    return slip


def _repeated(by: Careless) -> Place | None:
    code = by.pick()
    instrument = by.clerk.profile.tree.instrument_of(code) if code else None
    return by.clerk.extra(instrument, 0, code, 90) if code and instrument else None


def _unknown(by: Careless) -> Place | None:
    code = by.pick()
    instrument = by.clerk.profile.tree.instrument_of(code) if code else None
    return by.clerk.extra(instrument, 1, f"{QUESTION_LETTERS[instrument]}99", 90) if instrument else None


def _choice(by: Careless) -> Place | None:
    code = by.pick()
    return by.clerk.question(code, "raise", words()["mistakes"]["choice"]) if code else None


def _impossible_points(by: Careless) -> Place | None:
    tree = by.clerk.profile.tree
    groups = [c for c in tree.codes(Kind.SUB_INDICATOR) if tree.children(c) and counts_items(tree, c)]
    return by.clerk.stated(by.chance.choice(groups), "p0", 750) if groups else None


def _comment(by: Careless) -> Place:
    block, row = COMMENTS.block("comments"), 10
    by.clerk.cell(COMMENTS, block, row, "comment", words()["mistakes"]["comment"])
    return by.clerk.cell(COMMENTS, block, row, "code", words()["mistakes"]["comment_code"])


def _other_total(by: Careless) -> Place | None:
    total = by.result.points(TOTAL)
    if total is None:
        return None
    off = Fraction(by.chance.randint(100, 400), 100)
    return by.clerk.stated(TOTAL, "y0", float(total - off if total > 50 else total + off))


def _other_level(by: Careless) -> Place | None:
    others = [level.name for level in by.clerk.profile.levels if level.name != by.result.level]
    return by.clerk.stated(LEVEL, "y0", by.chance.choice(others)) if by.result.level else None


def _christian_year(by: Careless) -> Place:
    return _home(by, "year", by.clerk.profile.year - 543)


def _no_name(by: Careless) -> Place:
    return _home(by, "agency", None)


def _home(by: Careless, key: FieldKey, value: Written) -> Place:
    field = HOME.field(key)
    by.clerk.port.write(HOME.title, field.row, field.column, [[value]])
    return Place(HOME.title, field.cell)


SLIPS: Mapping[str, tuple[str, Slip]] = {
    "Thai digits": (Code.NUMBER_UNDERSTOOD, _mistyped(lambda _, score: thai_digits(f"{score:.2f}"))),
    "decimal comma": (Code.NUMBER_UNDERSTOOD, _mistyped(lambda _, score: f"{score:.2f}".replace(".", ","))),
    "spaces": (Code.NUMBER_UNDERSTOOD, _mistyped(lambda _, score: f" {score:.2f} ")),
    "percent sign": (Code.NUMBER_UNDERSTOOD, _mistyped(lambda _, score: f"{score:.2f}%")),
    "dash": (Code.COUNTS_AS_UNKNOWN, _mistyped(lambda *_: "-")),
    "missing score": (Code.SCORE_MISSING, _mistyped(lambda *_: None)),
    "no number": (Code.NOT_A_NUMBER, _mistyped(lambda by, _: by.chance.choice(words()["mistakes"]["no_number"]))),
    "decimal point lost": (Code.NUMBER_OUT_OF_RANGE, _mistyped(lambda _, score: round(score * 100), "IIT", "EIT")),
    "half an item": (Code.ITEM_NEITHER_0_NOR_100, _mistyped(lambda *_: 50, OPEN_DATA)),
    "words before the code": (
        Code.CODE_UNDERSTOOD,
        _misnamed(lambda code: words()["mistakes"]["code_prefix"].format(code=code)),
    ),
    "dash in the code": (Code.CODE_UNDERSTOOD, _misnamed(lambda code: f"{code[0]}-{code[1:]}")),
    "small letter": (Code.CODE_UNDERSTOOD, _misnamed(str.lower)),
    "one for I": (Code.CODE_UNDERSTOOD, _misnamed(lambda code: f"1{code[1:]}", "IIT", least=12)),
    "zero for O": (Code.CODE_UNDERSTOOD, _misnamed(lambda code: f"0{code[1:]}", OPEN_DATA, least=10)),
    "no code": (Code.SCORE_WITHOUT_CODE, _misnamed(lambda _: None)),
    "code twice": (Code.CODE_TWICE, _repeated),
    "unknown code": (Code.CODE_UNKNOWN, _unknown),
    "unknown choice": (Code.CHOICE_UNKNOWN, _choice),
    "impossible points": (Code.POINTS_IMPOSSIBLE, _impossible_points),
    "comment without a question": (Code.COMMENT_WITHOUT_CODE, _comment),
    "another total": (Code.STATED_UNDECIDED, _other_total),
    "another level": (Code.LEVEL_UNDECIDED, _other_level),
    "Christian year": (Code.YEAR_UNUSABLE, _christian_year),
    "no name": (Code.AGENCY_MISSING, _no_name),
}
"""By kind: the finding's code, and how the mistake is made."""

_ALONE = ("another total", "another level", "Christian year", "no name")
"""Mistakes that others would hide, or that would hide others."""

_MOST = 4


def plant(clerk: Clerk, result: Result, chance: Random, *, questions: bool) -> tuple[Planted, ...]:
    """Make a few mistakes in a filled workbook. questions: whether it holds scores of questions."""
    by = Careless(clerk, result, chance, questions=questions)
    kinds = chance.sample(list(SLIPS), len(SLIPS))
    if kinds[0] not in _ALONE:
        kinds = [kind for kind in kinds if kind not in _ALONE]
    most = 1 if kinds[0] in _ALONE else chance.randint(1, _MOST)
    planted: list[Planted] = []
    for kind in kinds:
        if len(planted) < most:
            code, slip = SLIPS[kind]
            if place := slip(by):
                planted.append(Planted(kind, code, place.sheet, place.cell))
    return tuple(planted)
