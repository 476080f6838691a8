from decimal import Decimal
from fractions import Fraction

import pytest

from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.levels import Level, judge, level_problems
from ita_xl.domain.scoring import Given, score_tree

TREE = profiles.profile(2565).tree


def level(total: str, iit: str = "", eit: str = "", oit: str = "", year: int = 2565) -> str:
    given = {"total": total, "IIT": iit, "EIT": eit, "OIT": oit}
    scores = score_tree(TREE, {code: Given(Fraction(v)) for code, v in given.items() if v})
    verdict = judge(profiles.profile(year).levels, scores)
    return verdict.level.name if verdict.level else "? " + " ".join(verdict.missing)


@pytest.mark.parametrize(
    ("total", "name"),
    [
        ("100", "AA"),
        ("95", "AA"),
        ("94.99", "A"),
        ("85", "A"),
        ("84.99", "B"),
        ("75", "B"),
        ("74.99", "C"),
        ("65", "C"),
        ("64.99", "D"),
        ("55", "D"),
        ("54.99", "E"),
        ("50", "E"),
        ("49.99", "F"),
        ("0", "F"),
    ],
)
def test_bands_of_2565(total: str, name: str) -> None:
    assert level(total) == name


def test_a_total_between_bands_is_judged_as_it_is_printed() -> None:
    assert level("94.995") == "AA"
    assert level("94.9949") == "A"


def test_since_2566_the_better_levels_ask_a_minimum_of_every_instrument() -> None:
    assert level("96", "95", "95", "97.5", 2567) == "ผ่านดีเยี่ยม"
    assert level("96", "94.99", "95", "97.5", 2567) == "ผ่านดี"
    assert level("91.21", "84", "90", "97.53", 2567) == "ผ่าน"
    assert level("84.99", "84.99", "84.99", "84.99", 2567) == "ต้องปรับปรุง"
    assert level("69.99", "69.99", "69.99", "69.99", 2567) == "ต้องปรับปรุงโดยด่วน"


def test_a_level_that_hangs_on_an_unknown_instrument_is_not_guessed() -> None:
    assert level("96", year=2567) == "? IIT EIT OIT"
    assert level("84", year=2567) == "ต้องปรับปรุง", "no instrument can matter below 85"
    assert level("96", iit="80", year=2567) == "ผ่าน", "one instrument already rules out the better levels"


def test_faulty_bands_are_reported() -> None:
    def codes(*levels: Level) -> list[str]:
        return [problem.code for problem in level_problems(levels)]

    top, low = Level("AA", Decimal(95)), Level("F", Decimal(0))
    assert codes(top, low) == []
    assert codes(top, top, low) == [Code.LEVEL_TWICE, Code.LEVEL_UNREACHABLE]
    assert codes(Level("AA", Decimal(195)), low) == [Code.LEVEL_WITHOUT_MINIMUM]
    assert codes(low, top) == [Code.LEVEL_UNREACHABLE, Code.LEVELS_WITHOUT_FLOOR]
    assert codes(top, Level("B", Decimal(50))) == [Code.LEVELS_WITHOUT_FLOOR], "nothing below 50: a gap"


@pytest.mark.parametrize("year", profiles.years())
def test_every_shipped_year_has_a_level_for_every_total(year: int) -> None:
    for hundredths in range(0, 10_001, 7):
        total = str(hundredths / 100)
        assert not level(total, "90", "90", "90", year).startswith("?")
