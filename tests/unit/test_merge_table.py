"""Laws of a table that the tool proposes and a person edits: nothing is lost, what is out stays out, runs
settle."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ita_xl.domain.contents import Value
from ita_xl.domain.merge import Last, MergedTable, mark_of, merge_table
from ita_xl.domain.rows import Cell, Origin, Owner, Row

KEYS = st.sampled_from(["a", "b", "c", "d"])
TEXTS = st.sampled_from(["", "old", "mine", "yours"])
Table = list[Row]
OWNERS = {"k": Owner.TOOL, "t": Owner.SUGGEST, "u": Owner.USER}


def row(key: str, text: str, own: Value = None, *, held: bool = False, rooted: bool = False) -> Row:
    cells = {"k": Cell(key or None), "t": Cell(text or None, Owner.SUGGEST), "u": Cell(own, Owner.USER)}
    return Row(key, cells, held=held, rooted=rooted)


def numbered(rows: Sequence[Row]) -> Table:
    """Rows as they are read: without empty ones, unless they cannot be moved."""
    placed = [replace(one, stands=number) for number, one in enumerate(rows)]
    return [one for one in placed if one.rooted or not one.empty]


PROPOSED = st.lists(st.tuples(KEYS, TEXTS), max_size=4, unique_by=lambda line: line[0]).map(
    lambda lines: [Row(key, {"k": Cell(key), "t": Cell(text, Owner.SUGGEST)}) for key, text in lines]
)
STANDING = st.lists(
    st.builds(
        row,
        st.just("") | KEYS,
        TEXTS,
        st.sampled_from([None, None, "progress", 50, True]),
        held=st.booleans(),
        rooted=st.sampled_from([False, False, False, True]),
    ),
    max_size=7,
).map(numbered)
MARKS = st.dictionaries(KEYS.map(lambda key: (key, "t")), TEXTS.map(mark_of))
LAST = st.builds(Last, MARKS, st.lists(KEYS, unique=True), st.lists(KEYS, max_size=1)).map(
    lambda last: replace(last, removed=[key for key in last.removed if key not in last.order])
)


def again(merged: MergedTable) -> Table:
    """The table as it stands once the merge is written."""
    return numbered(
        [
            replace(
                one,
                key=one.text("k"),
                cells={c: Cell(one.cells.get(c, Cell()).content or None, whose) for c, whose in OWNERS.items()},
                origin=Origin.PROPOSED,
            )
            for one in merged.rows
        ]
    )


def memory(merged: MergedTable, last: Last, proposed: list[Row]) -> Last:
    """What is remembered of a merge."""
    marks = {
        (one.key, "t"): last.marks.get((one.key, "t"), "")
        if merged.what.get((one.key, "t"), "refreshed") != "refreshed"
        else mark_of(one.text("t"))
        for one in proposed
        if one.key not in merged.removed
    }
    return merged.remembered(marks, last, proposed)


def out(standing: Table, last: Last, proposed: list[Row]) -> set[str]:
    """The keys that a person took out."""
    first: dict[str, Row] = {}
    for one in standing:
        first.setdefault(one.key, one)
    marked = {key for (key, _), mark in last.marks.items() if mark}
    said = {one.key for one in proposed if one.text("t")} | marked
    wiped = {
        key
        for key, one in first.items()
        if key in ({*last.order} | marked) & said
        and [one.key for one in standing].count(key) == 1
        and not one.held
        and not one.text("t")
        and one.cells["u"].content is None
    }
    return ({*last.order, *last.removed} | wiped) - (first.keys() - wiped)


@given(STANDING, LAST, PROPOSED)
def test_no_text_of_a_person_is_lost_or_moves_to_another_key(
    standing: Table, last: Last, proposed: list[Row]
) -> None:
    rows = merge_table(standing, last, proposed).rows
    after = {one.stands: one.text("t") for one in rows if one.stands is not None}
    for one in standing:
        if one.text("t") and mark_of(one.text("t")) != last.marks.get((one.key, "t")):
            assert after[one.stands or 0] == one.text("t")


@given(STANDING, LAST, PROPOSED)
def test_a_persons_cells_and_what_hangs_on_a_row_stay_with_it(
    standing: Table, last: Last, proposed: list[Row]
) -> None:
    after = {one.stands: one for one in merge_table(standing, last, proposed).rows}
    for one in standing:
        if one.held or one.cells["u"].content is not None:
            assert after[one.stands].cells["u"].content == one.cells["u"].content
            assert after[one.stands].held == one.held


@given(STANDING, LAST, PROPOSED)
def test_no_row_stands_twice(standing: Table, last: Last, proposed: list[Row]) -> None:
    rows = merge_table(standing, last, proposed).rows
    came_from = [one.stands for one in rows if one.stands is not None]
    assert len(set(came_from)) == len(came_from)
    keys = [one.key for one in rows if one.key]
    assert len(set(keys)) == len(keys) or any(one.origin is Origin.RETIRED for one in rows)


@given(STANDING, LAST, PROPOSED)
def test_where_a_row_cannot_be_moved_all_keep_their_order(standing: Table, last: Last, proposed: list[Row]) -> None:
    rows = merge_table(standing, last, proposed).rows
    places = [one.stands for one in rows if one.stands is not None]
    if any(one.rooted for one in standing):
        assert places == sorted(places)
        assert {one.stands for one in standing if one.rooted} <= {*places}


@given(STANDING, LAST, PROPOSED)
def test_a_second_run_changes_nothing(standing: Table, last: Last, proposed: list[Row]) -> None:
    first = merge_table(standing, last, proposed)
    stood = again(first)
    remembered = memory(first, last, proposed)
    second = merge_table(stood, remembered, proposed)
    assert again(second) == stood
    assert memory(second, remembered, proposed) == remembered


@given(STANDING, LAST, PROPOSED)
def test_every_proposed_row_stands_once_as_ours_unless_a_person_took_it_out(
    standing: Table, last: Last, proposed: list[Row]
) -> None:
    merged = merge_table(standing, last, proposed)
    ours = [one.key for one in merged.rows if one.origin is Origin.PROPOSED]
    assert sorted(ours) == sorted(one.key for one in proposed if one.key not in out(standing, last, proposed))


@given(STANDING, LAST, PROPOSED, PROPOSED)
def test_what_a_person_took_out_stays_out_whatever_is_proposed_until_it_is_brought_back(
    standing: Table, last: Last, proposed: list[Row], later: list[Row]
) -> None:
    first = merge_table(standing, last, proposed)
    remembered = memory(first, last, proposed)
    second = merge_table(again(first), remembered, later)
    gone = {*first.removed} - {one.key for one in again(first)}
    assert not gone.intersection(one.key for one in second.rows)
    back = merge_table(again(second), replace(memory(second, remembered, later), removed=()), later)
    assert {one.key for one in later} <= {one.key for one in back.rows}


@given(STANDING, LAST, PROPOSED)
def test_a_persons_own_row_stays_below_the_row_that_it_stood_below(
    standing: Table, last: Last, proposed: list[Row]
) -> None:
    rows = merge_table(standing, last, proposed).rows
    above = {one.stands: rows[at - 1].stands if at else None for at, one in enumerate(rows)}
    kept = [one for one in standing if one.stands in above]
    for before, one in pairwise(kept):
        if one.key not in {o.key for o in proposed} and one.stands is not None:
            assert above[one.stands] == before.stands


@given(STANDING, LAST, PROPOSED)
def test_a_cleared_text_stays_cleared(standing: Table, last: Last, proposed: list[Row]) -> None:
    after = {one.stands: one for one in merge_table(standing, last, proposed).rows}
    for one in standing:
        if one.stands in after and not one.text("t") and last.marks.get((one.key, "t")):
            assert after[one.stands].text("t") == ""


@given(PROPOSED, st.permutations(["a", "b", "c", "d"]))
def test_a_persons_order_is_kept_and_a_new_row_follows_the_one_before_it(
    proposed: list[Row], order: list[str]
) -> None:
    standing = numbered([row(key, "old") for key in order[:3]])
    last = Last({(key, "t"): mark_of("old") for key in order[:3]}, sorted(order[:3]))
    keys = [one.key for one in merge_table(standing, last, proposed).rows]
    ours = [one.key for one in proposed]
    kept = [key for key in order[:3] if key in ours]
    assert [key for key in keys if key in kept] == (
        sorted(kept, key=ours.index) if order[:3] == sorted(order[:3]) else kept
    )
    for key in set(ours) - set(kept):
        earlier = [other for other in ours[: ours.index(key)] if other in kept]
        if earlier and order[:3] != sorted(order[:3]):
            assert keys.index(earlier[-1]) < keys.index(key)


def test_an_order_that_only_the_scores_changed_is_not_a_persons() -> None:
    standing = numbered([row("a", "old"), row("b", "old")])
    last = Last({(key, "t"): mark_of("old") for key in "ab"}, ["a", "b"])
    proposed = [row("b", "old"), row("a", "old")]
    assert [one.key for one in merge_table(standing, last, proposed).rows] == ["b", "a"]


def test_what_we_no_longer_propose_stays_only_if_a_person_wrote_in_it_or_hung_something_on_it() -> None:
    standing = numbered([row("a", "mine"), row("b", "old"), row("n", "old", held=True)])
    last = Last({(key, "t"): mark_of("old") for key in "abn"}, [*"abn"])
    rows = merge_table(standing, last, [row("c", "new")]).rows
    assert [(one.key, one.origin) for one in rows] == [
        ("a", Origin.RETIRED),
        ("n", Origin.RETIRED),
        ("c", Origin.PROPOSED),
    ]


def test_a_row_under_a_key_that_was_never_ours_is_a_persons() -> None:
    standing = numbered([row("typed", "mine")])
    rows = merge_table(standing, Last({}, ["a"]), [row("a", "old")]).rows
    assert [(one.key, one.own) for one in rows] == [("", True)]
