from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from ita_xl.data import library, profiles, read_toml
from ita_xl.domain.tree import Kind


@pytest.fixture
def year() -> dict[str, Any]:
    return copy.deepcopy(read_toml("years/2565.toml"))


def faults(data: dict[str, Any]) -> list[str]:
    with pytest.raises(profiles.ProfileError) as caught:
        profiles.parse(data, "test.toml")
    return str(caught.value).splitlines()


def test_all_years_ship_and_load() -> None:
    assert profiles.years() == tuple(range(2562, 2571))
    assert {y: profiles.profile(y).status for y in profiles.years()} == {
        2562: "draft",
        2563: "assumed",
        2564: "proven",
        2565: "proven",
        2566: "draft",
        2567: "draft",
        2568: "draft",
        2569: "draft",
        2570: "draft",
    }


@pytest.mark.parametrize("year", profiles.years())
def test_every_number_of_every_year_names_its_source(year: int) -> None:
    profile = profiles.profile(year)
    marked = set(profile.tree.nodes) - {"total"}
    assert set(profile.marks) == marked
    assert all(mark.source for mark in (*profile.marks.values(), *profile.level_marks.values()))
    if profile.status != "proven":
        assert profile.notes["th"]
        assert profile.notes["en"]


def test_2565_has_88_questions_in_the_published_ranges() -> None:
    tree = profiles.profile(2565).tree
    counts = {c: len(tree.below(c, Kind.QUESTION)) for c in (*map(str, range(1, 11)), "9.1", "9.2", "10.2")}
    assert sum(counts[str(n)] for n in range(1, 11)) == 88
    assert counts == {str(n): 6 for n in range(1, 6)} | {str(n): 5 for n in (6, 7, 8)} | {
        "9": 33,
        "10": 10,
        "9.1": 9,
        "9.2": 8,
        "10.2": 2,
    }
    assert all(re.search("[ก-๙]", tree[c].name) for c in tree.codes(Kind.QUESTION) if c not in ("O8", "O9", "O17"))


def test_years_correspond_as_deep_as_their_codes_mean_the_same() -> None:
    assert profiles.corresponding(2564, 2565) is Kind.QUESTION
    assert profiles.corresponding(2563, 2565) is Kind.QUESTION
    assert profiles.corresponding(2565, 2566) is Kind.INDICATOR
    assert profiles.corresponding(2564, 2567) is Kind.INDICATOR
    assert profiles.corresponding(2570, 2572) is Kind.QUESTION, (
        "unknown years keep the structure of the year before"
    )
    assert profiles.corresponding(2568, 2570) is Kind.INDICATOR, "the change to 2569 is known"
    assert profiles.corresponding(2561, 2562) is None, "2562 says that nothing of the year before means the same"


def test_questions_are_followed_by_meaning_where_their_codes_changed() -> None:
    assert library.counterparts(2564, 2565)["I13"] == "I13"
    followed = library.counterparts(2565, 2566)
    assert (followed["O9"], followed["O10"], followed["O43"]) == ("O9", "O11", "O43")
    assert not {"O18", "I13"} & set(followed), "dropped in 2566; not known in 2566"
    assert library.counterparts(2560, 2562) == {}


def test_a_fault_is_named_with_file_and_place(year: dict[str, Any]) -> None:
    year["nodes"][1]["parent"] = "XIT"
    assert faults(year) == ["test.toml: nodes[1] 1: 1 lies under XIT, which does not exist."]


def test_all_faults_are_named_at_once(year: dict[str, Any]) -> None:
    year["nodes"][2]["source"] = "hearsay"
    del year["nodes"][3]["verified"]
    year["questions"][1]["codes"] = "I6-I12"
    year["levels"][-1]["min_total"] = 10
    year["status"] = "certain"
    year["continues"] = "somehow"
    listed = "\n".join(faults(year))
    for words in (
        "nodes[2] 2: source 'hearsay' is not listed",
        "nodes[3] 3: verified is missing",
        "questions[1] I6-I12: Code I6 is listed twice",
        "levels[6]: The last level F must start at 0",
        "status: 'certain'",
        "continues: 'somehow'",
    ):
        assert words in listed


@pytest.mark.parametrize(
    ("table", "key", "value", "words"),
    [
        ("nodes", "parent", None, "nodes[0] IIT: parent is missing"),
        ("nodes", "code", None, "nodes[0] None: code is missing"),
        ("nodes", "weight", "thirty", "nodes[0] IIT: weight is wrong: 'thirty'"),
        ("nodes", "weight", 31, "weights add up to 101, not 100"),
        ("questions", "codes", "I6-x", "questions[0] I6-x: codes must be like O34-O41"),
        ("questions", "codes", "I6-I1", "questions[0] I6-I1: codes must be like O34-O41"),
        ("levels", "min_total", "high", "levels[0] AA: min_total is wrong: 'high'"),
        ("levels", "name", None, "levels[0] None: name is missing"),
        ("topics", "I99", "x", "topics: I99 is no question of this year"),
    ],
)
def test_entries_that_are_missing_or_of_the_wrong_kind(
    year: dict[str, Any], table: str, key: str, value: object, words: str
) -> None:
    entry = year[table] if table == "topics" else year[table][0]
    if value is None:
        del entry[key]
    else:
        entry[key] = value
    assert any(words in line for line in faults(year))


@pytest.mark.parametrize("key", ["year", "levels", "status"])
def test_a_year_without_its_heading_is_refused(year: dict[str, Any], key: str) -> None:
    del year[key]
    assert any(key in line for line in faults(year))


def test_an_unknown_year_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        profiles.profile(2580)
