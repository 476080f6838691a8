"""Laws of a table that the tool proposes and a person edits: nothing is lost, nothing moves, runs settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ita_xl.domain.contents import Value
from ita_xl.domain.merge import mark_of, merge_table
from ita_xl.domain.rows import Cell, Origin, Owner, Row
from tests.conftest import sure

KEYS = st.sampled_from(["a", "b", "c", "d"])
TEXTS = st.sampled_from(["", "old", "mine", "yours"])
Table = list[Row | None]
Marks = Mapping[tuple[str, str], str]


def row(key: str, text: str, own: Value = None, *, held: bool = False, rooted: bool = False) -> Row:
    cells = {"k": Cell(key or None), "t": Cell(text or None, Owner.SUGGEST), "u": Cell(own, Owner.USER)}
    return Row(key, cells, held=held, rooted=rooted)


PROPOSED = st.lists(st.tuples(KEYS, TEXTS), max_size=4, unique_by=lambda line: line[0]).map(
    lambda lines: [Row(key, {"k": Cell(key), "t": Cell(text, Owner.SUGGEST)}) for key, text in lines]
)
STANDING = st.lists(
    st.none()
    | st.builds(
        row,
        st.just("") | KEYS,
        TEXTS,
        st.sampled_from([None, None, "progress", 50, True]),
        held=st.booleans(),
        rooted=st.booleans(),
    ),
    max_size=7,
).map(lambda rows: [one and replace(one, stands=number) for number, one in enumerate(rows)])
REMEMBERED = st.dictionaries(KEYS.map(lambda key: (key, "t")), TEXTS.map(mark_of))


def merged(standing: Sequence[Row | None], remembered: Marks, ours: list[Row]) -> Table:
    return merge_table(standing, remembered, ours).rows


def again(rows: Table, before: Table) -> Table:
    """The table as it stands once the merge is written; before: as it stood."""
    owners = {"k": Owner.TOOL, "t": Owner.SUGGEST, "u": Owner.USER}
    written = [
        one
        and replace(
            one,
            cells={c: Cell(one.cells.get(c, Cell()).content or None, whose) for c, whose in owners.items()},
            stands=number,
            origin=Origin.PROPOSED,
        )
        for number, one in enumerate(rows)
    ]
    written += [None] * (len(before) - len(written))
    blank = row("", "", rooted=True)
    roots = [one is not None and one.rooted for one in before]
    return [
        replace(blank, stands=number) if one is None and number < len(roots) and roots[number] else one
        for number, one in enumerate(written)
    ]


def memory(proposed: list[Row]) -> dict[tuple[str, str], str]:
    return {(one.key, "t"): mark_of(one.text("t")) for one in proposed}


def first_of_each(standing: Table) -> dict[str, Row]:
    return {one.key: one for one in reversed(standing) if one and one.key}


@given(STANDING, REMEMBERED, PROPOSED)
def test_no_text_of_a_person_is_lost_or_moves_to_another_key(
    standing: Table, remembered: Marks, proposed: list[Row]
) -> None:
    found = {(one.key, one.text("t")) for one in merged(standing, remembered, proposed) if one}
    written = [one for one in standing if one and one.text("t")]
    theirs = {(o.key, o.text("t")) for o in written if mark_of(o.text("t")) != remembered.get((o.key, "t"))}
    assert theirs <= found


@given(STANDING, REMEMBERED, PROPOSED)
def test_a_persons_cells_and_what_hangs_on_a_row_stay_with_it(
    standing: Table, remembered: Marks, proposed: list[Row]
) -> None:
    after = {one.stands: one for one in merged(standing, remembered, proposed) if one and one.stands is not None}
    for number, one in enumerate(standing):
        if one and (one.held or one.cells["u"].content is not None):
            assert (after[number].key, after[number].cells["u"], after[number].held) == (
                one.key,
                one.cells["u"],
                one.held,
            )


@given(STANDING, REMEMBERED, PROPOSED)
def test_no_cell_of_a_person_stands_twice_or_in_a_row_of_another(
    standing: Table, remembered: Marks, proposed: list[Row]
) -> None:
    came_from = [one.stands for one in merged(standing, remembered, proposed) if one and one.stands is not None]
    assert len(set(came_from)) == len(came_from)


@given(STANDING, REMEMBERED, PROPOSED)
def test_what_cannot_be_moved_stays_where_it_is(standing: Table, remembered: Marks, proposed: list[Row]) -> None:
    rows = merged(standing, remembered, proposed)
    assert all(one.stands == number for number, one in enumerate(rows) if one and one.rooted)
    places = [number for number, one in enumerate(standing[: len(rows)]) if one and one.rooted]
    there = [(number, rows[number]) for number in places]
    assert all(one is None or one.stands == number for number, one in there), "nor anything put there"


@given(STANDING, REMEMBERED, PROPOSED)
def test_a_second_run_changes_nothing(standing: Table, remembered: Marks, proposed: list[Row]) -> None:
    first = again(merged(standing, remembered, proposed), standing)
    second = again(merged(first, memory(proposed), proposed), first)
    assert second == first


@given(STANDING, REMEMBERED, PROPOSED)
def test_every_proposed_key_stands_exactly_once_as_ours(
    standing: Table, remembered: Marks, proposed: list[Row]
) -> None:
    ours = [one.key for one in merged(standing, remembered, proposed) if one and one.origin is Origin.PROPOSED]
    assert sorted(ours) == sorted(one.key for one in proposed)


@given(STANDING, REMEMBERED, PROPOSED)
def test_a_persons_own_rows_keep_their_place(standing: Table, remembered: Marks, proposed: list[Row]) -> None:
    rows = merged(standing, remembered, proposed)
    seen: set[str] = set()
    for position, one in enumerate(standing):
        if one and not one.empty and (not one.key or one.key in seen):
            assert sure(rows[position]).own
        if one:
            seen.add(one.key)


@given(STANDING, REMEMBERED, PROPOSED)
def test_a_cleared_text_stays_cleared(standing: Table, remembered: Marks, proposed: list[Row]) -> None:
    rows = {one.key: one for one in merged(standing, remembered, proposed) if one and not one.own}
    for key, one in first_of_each(standing).items():
        if key in rows and not one.text("t") and remembered.get((key, "t")):
            assert rows[key].text("t") == ""


@given(PROPOSED, st.permutations(["a", "b", "c", "d"]))
def test_a_persons_order_is_kept_and_new_rows_follow(proposed: list[Row], order: list[str]) -> None:
    standing = [row(key, "old") for key in order[:3]]
    remembered = {(key, "t"): mark_of("old") for key in order}
    keys = [one.key for one in merged(standing, remembered, proposed) if one]
    ours = [one.key for one in proposed]
    kept = [key for key in order[:3] if key in ours]
    if kept != sorted(kept, key=ours.index):
        assert keys == kept + [key for key in ours if key not in kept]
    else:
        assert keys == ours


def test_what_we_no_longer_propose_stays_only_if_a_person_wrote_in_it_or_hung_something_on_it() -> None:
    standing = [row("a", "mine"), row("b", "old"), row("n", "old", held=True)]
    remembered = {(key, "t"): mark_of("old") for key in "abn"}
    rows = [one for one in merged(standing, remembered, [row("c", "new")]) if one]
    assert [(one.key, one.origin) for one in rows] == [
        ("c", Origin.PROPOSED),
        ("a", Origin.RETIRED),
        ("n", Origin.RETIRED),
    ]
