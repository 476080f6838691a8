"""The plan edited in LibreOffice by its own commands: a run understands, and a further one changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ita_xl.domain.rows import is_own
from ita_xl.engines.package.engine import Package
from ita_xl.layout import ISSUES, MEASURES, RESULTS, TRACKING, Sheet
from ita_xl.layout.keys import BlockKey
from ita_xl.reading.places import standing_sheet
from tests.conftest import sure
from tests.office_hand import Act, worked
from tests.worked_in import ran, run


class Seen:
    """A table of a workbook: its rows by key, and what they say."""

    def __init__(self, content: bytes, sheet: Sheet, key: BlockKey) -> None:
        port = Package(content, "x.xlsx")
        self.block = standing_sheet(port, sheet, sheet.title).block(key)
        grid = port.read(sheet.title)
        at = self.block.column_number(sure(self.block.row_key))
        numbers = range(self.block.first_row, self.block.last_row + 1)
        self.rows = {str(grid.at(n, at)): n for n in numbers if grid.at(n, at) is not None}
        self.said = {
            key: {c.key: grid.at(n, self.block.column_number(c.key)) for c in self.block.columns}
            for key, n in self.rows.items()
        }

    def cell(self, key: str, column: str) -> str:
        return self.block.address(next(c.key for c in self.block.columns if c.key == column), self.rows[key])


@pytest.fixture(scope="module")
def plan() -> Seen:
    return Seen(ran(), MEASURES, "measures")


def settled(content: bytes) -> bytes:
    """A workbook after a run, once a second run was seen to change no byte."""
    once = run(content)[0]
    assert run(once)[0] == once
    return once


def test_rows_inserted_and_deleted_by_its_commands_are_understood(plan: Seen, tmp_path: Path) -> None:
    steps = [key for key in plan.rows if "/E12/" in key]
    last, gone = plan.rows[steps[-1]], steps[0]
    title = MEASURES.title
    acts: list[Act] = [
        ("insert", title, f"A{last + 1}", ""),
        ("type", title, f"D{last + 1}", "ขั้นตอนของเรา"),
        ("type", title, plan.cell(steps[1], "method"), "ขั้นตอนที่แก้ไขแล้ว"),
        ("delete", title, f"A{plan.rows[gone]}", ""),
        ("insert column", title, "C1", ""),
        ("type", title, "C8", "หมายเหตุ"),
    ]
    after = Seen(settled(worked(ran(), acts, tmp_path)), MEASURES, "measures")
    order = list(after.rows)
    mine = next(key for key in order if is_own(key))
    assert after.said[mine]["method"] == "ขั้นตอนของเรา"
    assert order[order.index(mine) - 1] == steps[-1]
    assert gone not in after.rows
    assert after.said[steps[1]]["method"] == "ขั้นตอนที่แก้ไขแล้ว"
    assert after.block.letter("method") == "E", "a column of one's own stays between ours"
    others = [key for key in plan.rows if "/E12/" not in key]
    assert [{**after.said[k], "codes": ""} for k in others] == [{**plan.said[k], "codes": ""} for k in others]


def test_a_measure_moved_with_its_steps_stays_where_it_was_put(plan: Seen, tmp_path: Path) -> None:
    keys = list(plan.rows)
    steps = [key for key in keys if "/E12/" in key]
    one, two = plan.rows[steps[0]], plan.rows[steps[1]]
    spare, title = plan.block.last_row + 40, MEASURES.title
    last = plan.block.letters[1]
    acts: list[Act] = [
        ("move", title, f"A{one}:{last}{one}", f"A{spare}"),
        ("move", title, f"A{two}:{last}{two}", f"A{one}"),
        ("move", title, f"A{spare}:{last}{spare}", f"A{two}"),
    ]
    after = Seen(settled(worked(ran(), acts, tmp_path)), MEASURES, "measures")
    order = list(after.rows)
    assert order.index(steps[1]) == order.index(steps[0]) - 1
    assert [after.said[key]["no"] for key in (steps[1], steps[0])] == [plan.said[key]["no"] for key in steps[:2]]
    assert {k: v["method"] for k, v in after.said.items()} == {k: v["method"] for k, v in plan.said.items()}


def test_a_measure_of_ones_own_typed_there_is_followed_up(plan: Seen, tmp_path: Path) -> None:
    row, title = plan.block.first_row + len(plan.rows), MEASURES.title
    acts: list[Act] = [
        ("insert", title, f"A{row}", ""),
        ("type", title, f"B{row}", "ประชุมทบทวนทุกเดือน"),
        ("type", title, f"C{row}", "E12"),
        ("insert", ISSUES.title, "A7", ""),
        ("type", ISSUES.title, "C7", "ประเด็นของเรา"),
    ]
    content = settled(worked(ran(), acts, tmp_path))
    tables: list[tuple[Sheet, BlockKey]] = [(MEASURES, "measures"), (TRACKING, "tracking"), (RESULTS, "results")]
    for sheet, key in tables:
        said = Seen(content, sheet, key).said
        assert [row["measure"] for k, row in said.items() if is_own(k)] == ["ประชุมทบทวนทุกเดือน"], sheet.title
    assert "ประเด็นของเรา" in Package(content, "x.xlsx").read(ISSUES.title).cells.values()


def test_two_steps_whose_texts_were_exchanged_without_their_keys_are_two_edited_steps(
    plan: Seen, tmp_path: Path
) -> None:
    steps = [key for key in plan.rows if "/E12/" in key]
    one, two = (plan.said[key]["method"] for key in steps[:2])
    title = MEASURES.title
    acts: list[Act] = [
        ("type", title, plan.cell(steps[0], "method"), str(two)),
        ("type", title, plan.cell(steps[1], "method"), str(one)),
        ("type", title, plan.cell(steps[0], "due"), "สิงหาคม 2566"),
    ]
    after = Seen(settled(worked(ran(), acts, tmp_path)), MEASURES, "measures")
    assert [after.said[key]["method"] for key in steps[:2]] == [two, one]
