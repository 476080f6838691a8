"""Laws of a table that the tool proposes and a person edits: nothing is lost, nothing moves, runs settle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ita_xl.domain.merge import Line, MergedLine, merge_table

KEYS = st.sampled_from(["a", "b", "c", "d"])
TEXTS = st.sampled_from(["", "old", "mine", "yours"])
PROPOSED = st.lists(st.tuples(KEYS, TEXTS), max_size=4, unique_by=lambda row: row[0]).map(
    lambda rows: [Line(key, {"t": text}) for key, text in rows]
)
STANDING = st.lists(
    st.none() | st.tuples(st.just("") | KEYS, TEXTS).map(lambda r: Line(r[0], {"t": r[1]})), max_size=7
)
REMEMBERED = st.dictionaries(KEYS.map(lambda key: (key, "t")), TEXTS)


def after(merged: list[MergedLine | None]) -> list[Line | None]:
    """The table as it stands once the merge is written."""
    return [line and Line(line.key, line.texts) for line in merged]


def memory(proposed: list[Line]) -> dict[tuple[str, str], str]:
    return {(line.key, "t"): line.texts["t"] for line in proposed}


def persons(standing: list[Line | None], remembered: dict[tuple[str, str], str]) -> set[tuple[str, str]]:
    """Texts that a person wrote, with the key at which they stand."""
    lines = [line for line in standing if line and line.texts["t"]]
    return {(line.key, line.texts["t"]) for line in lines if line.texts["t"] != remembered.get((line.key, "t"))}


@given(STANDING, REMEMBERED, PROPOSED)
def test_no_text_of_a_person_is_lost_or_moves_to_another_key(standing, remembered, proposed) -> None:
    merged = merge_table(standing, remembered, proposed)
    found = {(line.key, line.texts["t"]) for line in merged if line}
    assert persons(standing, remembered) <= found


@given(STANDING, REMEMBERED, PROPOSED)
def test_a_second_run_changes_nothing(standing, remembered, proposed) -> None:
    first = after(merge_table(standing, remembered, proposed))
    second = after(merge_table(first, memory(proposed), proposed))
    assert second == first


@given(STANDING, REMEMBERED, PROPOSED)
def test_every_proposed_key_stands_exactly_once_as_ours(standing, remembered, proposed) -> None:
    merged = merge_table(standing, remembered, proposed)
    ours = [line.key for line in merged if line and not line.own and line.proposed]
    assert sorted(ours) == sorted(line.key for line in proposed)


@given(STANDING, REMEMBERED, PROPOSED)
def test_a_persons_own_rows_keep_their_place(standing, remembered, proposed) -> None:
    merged = merge_table(standing, remembered, proposed)
    seen: set[str] = set()
    for position, line in enumerate(standing):
        if line and (not line.key or line.key in seen):
            assert merged[position] is not None
            assert merged[position].own
        if line:
            seen.add(line.key)


@given(STANDING, REMEMBERED, PROPOSED)
def test_a_cleared_text_stays_cleared(standing, remembered, proposed) -> None:
    merged = {line.key: line for line in merge_table(standing, remembered, proposed) if line and not line.own}
    first = {line.key: line for line in reversed(standing) if line and line.key}
    for key, line in first.items():
        if key in merged and not line.texts["t"] and remembered.get((key, "t")):
            assert merged[key].texts["t"] == ""


@given(PROPOSED, st.permutations(["a", "b", "c", "d"]))
def test_a_persons_order_is_kept_and_new_rows_follow(proposed, order) -> None:
    standing = [Line(key, {"t": "old"}) for key in order[:3]]
    remembered = {(key, "t"): "old" for key in order}
    merged = [line.key for line in merge_table(standing, remembered, proposed) if line]
    ours = [line.key for line in proposed]
    kept = [key for key in order[:3] if key in ours]
    if kept != sorted(kept, key=ours.index):
        assert merged == kept + [key for key in ours if key not in kept]
    else:
        assert merged == ours


def test_what_we_no_longer_propose_stays_only_if_a_person_wrote_in_it() -> None:
    standing = [Line("a", {"t": "mine"}), Line("b", {"t": "old"})]
    merged = merge_table(standing, {("a", "t"): "old", ("b", "t"): "old"}, [Line("c", {"t": "new"})])
    assert [(line.key, line.proposed) for line in merged if line] == [("c", True), ("a", False)]


WITH_OWN_CELLS = st.lists(
    st.none() | st.tuples(st.just("") | KEYS, TEXTS, st.sampled_from([None, "progress", 50])), max_size=7
).map(lambda rows: [r and Line(r[0], {"t": r[1]}, {} if r[2] is None else {"u": r[2]}) for r in rows])


@given(WITH_OWN_CELLS, REMEMBERED, PROPOSED)
def test_a_persons_own_cells_stay_with_their_row_and_keep_it(standing, remembered, proposed) -> None:
    merged = [line for line in merge_table(standing, remembered, proposed) if line and not line.own]
    first = {line.key: line for line in reversed(standing) if line and line.key}
    kept = {line.key: dict(line.user) for line in merged}
    for key, line in first.items():
        if line.user:
            assert kept[key] == line.user
    assert all(not user or user == first[key].user for key, user in kept.items()), "they moved to another row"
