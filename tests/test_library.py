"""The guidance library: complete, specific, and never the same sentence for everybody."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from ita_xl.data import library, profiles
from ita_xl.domain.tree import Kind

ENTRIES = {key: library.entry(key) for key in library.every_key()}


def sentences(key: str) -> list[str]:
    entry = ENTRIES[key]
    texts = [*entry.problem, *entry.in_place, *entry.approach, *entry.keep]
    return texts + [text for step in entry.steps for text in (*step.do, step.report)]


@pytest.mark.parametrize("year", profiles.years())
def test_every_known_question_of_every_year_has_guidance(year: int) -> None:
    profile = profiles.profile(year)
    questions = [c for c, n in profile.tree.nodes.items() if n.kind is Kind.QUESTION]
    without = [c for c in questions if library.guidance(year, c) is None and profile.tree[c].name != c]
    assert without == []
    assert set(profile.guidance.values()) <= set(ENTRIES)


def test_there_are_88_questions_and_every_text_has_two_or_three_wordings() -> None:
    assert len([key for key in ENTRIES if re.fullmatch(r"[IEO]\d+", key)]) == 88
    for key, entry in ENTRIES.items():
        for texts in (entry.problem, entry.in_place, entry.approach, *(step.do for step in entry.steps)):
            assert len(texts) in (2, 3), key
            assert len(set(texts)) == len(texts), key
        assert len(entry.keep) == (2 if re.fullmatch(r"[IE]\d+", key) else 0), key
        assert len(entry.steps) >= 2, key
        assert all(step.month in range(1, 13) for step in entry.steps), key


def test_no_sentence_is_used_twice() -> None:
    counted = Counter(text for key in ENTRIES for text in sentences(key))
    assert [text for text, number in counted.items() if number > 1] == []


def test_texts_name_no_code_no_year_and_use_one_spelling() -> None:
    for key in ENTRIES:
        for text in sentences(key):
            assert not re.search(r"\b[IEO]\d+\b|25\d\d|[๐-๙]|\u0e4d\u0e32|  |\.$|\n", text), f"{key}: {text}"


def test_measures_and_units_are_known() -> None:
    plan = library.plan()
    for key, entry in ENTRIES.items():
        assert entry.measure in plan.measures, key
        assert entry.unit in plan.units, key
    assert {m.theme for m in plan.measures.values()} == set(plan.themes)


def test_a_hundred_agencies_do_not_all_get_the_same_wording() -> None:
    chosen = Counter(library.wording(f"อบต.ตัวอย่าง {number}", "I14") % 3 for number in range(100))
    assert set(chosen) == {0, 1, 2}
    assert max(chosen.values()) < 60
    assert library.wording("อบต.ก", "I14") == library.wording("อบต.ก", "I14")
