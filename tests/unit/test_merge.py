from hypothesis import given
from hypothesis import strategies as st

from ita_xl.domain.merge import Merged, merge

texts = st.text("กขab ", max_size=4)


def test_an_untouched_suggestion_is_refreshed() -> None:
    assert merge("old", "old", "new") == ("new", Merged.REFRESHED)


def test_an_edit_stays_and_a_differing_suggestion_is_noted() -> None:
    assert merge("old", "mine", "new") == ("mine", Merged.KEPT_DIFFERS)
    assert merge("old", "mine", "old") == ("mine", Merged.KEPT)


def test_a_cleared_text_stays_cleared() -> None:
    assert merge("old", "", "new") == ("", Merged.CLEARED)


def test_without_memory_every_text_counts_as_a_persons() -> None:
    assert merge(None, "text", "new") == ("text", Merged.KEPT_DIFFERS)
    assert merge(None, "", "new") == ("new", Merged.REFRESHED)


@given(texts, texts, texts)
def test_a_persons_text_is_never_lost(remembered: str, current: str, suggested: str) -> None:
    text, _ = merge(remembered, current, suggested)
    assert text == current or current == remembered


@given(texts, texts, texts)
def test_a_second_run_changes_nothing(remembered: str, current: str, suggested: str) -> None:
    first, _ = merge(remembered, current, suggested)
    assert merge(suggested, first, suggested)[0] == first
