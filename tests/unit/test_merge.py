from hypothesis import given
from hypothesis import strategies as st

from ita_xl.domain.contents import CellError, Value
from ita_xl.domain.merge import Merged, mark_of, merge
from ita_xl.domain.rows import Cell, Owner

texts = st.text("กขab ", max_size=4)


def merged(remembered: str, current: Value, suggested: str, *, formula: bool = False) -> tuple[Value, Merged]:
    cell, what = merge(mark_of(remembered), Cell(current, Owner.SUGGEST, formula), suggested)
    assert (cell.whose is Owner.USER) == (what is not Merged.REFRESHED), "only what we write is ours"
    return cell.content, what


def test_an_untouched_suggestion_is_refreshed() -> None:
    assert merged("old", "old", "new") == ("new", Merged.REFRESHED)


def test_an_edit_stays_and_a_differing_suggestion_is_noted() -> None:
    assert merged("old", "mine", "new") == ("mine", Merged.KEPT_DIFFERS)
    assert merged("old", "mine", "old") == ("mine", Merged.KEPT)


def test_a_cleared_text_stays_cleared() -> None:
    assert merged("old", None, "new") == (None, Merged.CLEARED)


def test_without_memory_every_text_counts_as_a_persons() -> None:
    assert merged("", "text", "new") == ("text", Merged.KEPT_DIFFERS)
    assert merged("", None, "new") == ("new", Merged.REFRESHED)


def test_what_is_no_plain_text_is_a_persons_whatever_it_shows() -> None:
    assert merged("old", "old", "new", formula=True) == ("old", Merged.KEPT_DIFFERS)
    for typed in (2566.0, True, CellError("#N/A")):
        assert merged("old", typed, "old") == (typed, Merged.KEPT)


@given(texts, texts, texts)
def test_a_persons_text_is_never_lost(remembered: str, current: str, suggested: str) -> None:
    text, _ = merged(remembered, current, suggested)
    assert text == current or current == remembered


@given(texts, texts, texts)
def test_a_second_run_changes_nothing(remembered: str, current: str, suggested: str) -> None:
    first, _ = merged(remembered, current, suggested)
    assert merged(suggested, first, suggested)[0] == first
