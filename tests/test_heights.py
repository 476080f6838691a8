"""Rows fit again when their text grows, unless a person set their height."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from ita_xl.domain.merge import mark_of
from ita_xl.engines.package.engine import Package
from ita_xl.layout import ISSUES, MEASURES, MEMORY, SUMMARY, YEARS, Sheet
from ita_xl.layout.heights import LINE_HEIGHT, is_persons, row_height
from ita_xl.reading.places import standing_sheet
from ita_xl.writing.memory import Memory, recall, remember
from tests.worked_in import Seen, Worked, ran, row_of, run

FALLEN = {f"I{number}": 55.0 for number in range(1, 14)}
"""Scores with which there is more to say."""


def intro_row(content: bytes, sheet: Sheet = MEASURES) -> int:
    return standing_sheet(Package(content, "x.xlsx"), sheet, sheet.title).field("intro").row


def needed(content: bytes, sheet: Sheet = MEASURES) -> float:
    """What the sentence above the table needs as it stands."""
    standing = standing_sheet(Package(content, "x.xlsx"), sheet, sheet.title)
    field = standing.field("intro")
    return row_height([(Package(content, "x.xlsx").read(sheet.title).at(*field.at), standing.width_of(field))])


def with_intro(text: str, attributes: str = "") -> Worked:
    """As if the last run had said something else above the measures."""
    port = Package(ran(), "x.xlsx")
    field = standing_sheet(port, MEASURES, MEASURES.title).field("intro")
    port.write(MEASURES.title, *field.at, [[text]])
    titles = {MEMORY.key: MEMORY.title}
    lasts, table = recall(port, titles).lasts, (MEASURES.key, "sentences")
    marks = {**lasts[table].marks, ("intro", "text"): mark_of(text)}
    remember(port, MEMORY.title, Memory({**lasts, table: replace(lasts[table], marks=marks)}))
    work = Worked(port.to_bytes())
    return work.row(MEASURES, field.row, attributes) if attributes else work


@pytest.mark.parametrize("engine", ["package", "openpyxl"])
@pytest.mark.parametrize("marked", ["", f'ht="{LINE_HEIGHT:g}" customHeight="1"', 'ht="21.75" customHeight="true"'])
def test_a_sentence_in_merged_cells_gets_room_when_it_grows(engine: str, marked: str) -> None:
    """Also where a program marked the height that it had fitted to the former one."""
    made, _ = run(with_intro("สั้น", marked).content, engine)
    assert needed(made) > LINE_HEIGHT
    assert float(Seen(made).row(MEASURES, intro_row(made))["ht"]) == needed(made)


@pytest.mark.parametrize("engine", ["package", "openpyxl"])
@pytest.mark.parametrize("height", [12.0, 200.0])
def test_a_height_that_a_person_gave_to_a_sentence_stays(engine: str, height: float) -> None:
    work = with_intro("สั้น", f'ht="{height:g}" customHeight="1"')
    made, _ = run(work.content, engine)
    for _ in range(2):
        assert Package(made, "x.xlsx").read(MEASURES.title).heights[intro_row(made)] == height
        made, _ = run(Worked(made).scored(**FALLEN), engine)


def test_a_set_height_stays_while_the_sentence_says_the_same() -> None:
    work = Worked().row(MEASURES, intro_row(ran()), 'ht="60" customHeight="1"')
    assert Package(run(work.content)[0], "x.xlsx").read(MEASURES.title).heights[intro_row(ran())] == 60


def test_a_height_that_a_person_gave_to_a_row_that_only_we_write_stays() -> None:
    block = standing_sheet(Package(ran(), "x.xlsx"), SUMMARY, SUMMARY.title).block("indicators")
    work = Worked().row(SUMMARY, block.first_row, 'ht="90" customHeight="1"')
    made, _ = run(Worked(work.content).scored(I1=12.0, I2=12.0))
    assert Package(made, "x.xlsx").read(SUMMARY.title).heights[block.first_row] == 90


@pytest.mark.parametrize(("sheet", "key"), [(ISSUES, "I13"), (YEARS, "")], ids=["issues", "years"])
def test_a_row_of_a_table_gets_room_when_our_text_grows(sheet: Sheet, key: str) -> None:
    """Its height was fitted, and marked, by the program that saved it."""
    block = standing_sheet(Package(ran(), "x.xlsx"), sheet, sheet.title).blocks[0]
    row = row_of(Package(ran(), "x.xlsx"), sheet, key) if key else block.first_row
    height = float(Seen(ran()).row(sheet, row)["ht"])
    work = Worked().row(sheet, row, f'ht="{height * 0.95:g}" customHeight="1"')
    made, _ = run(work.scored(I13=5.0, I14=5.0))
    after = row_of(Package(made, "x.xlsx"), sheet, key) if key else row
    assert after not in Package(made, "x.xlsx").read(sheet.title).heights, "it is no person's, and fits"


@pytest.mark.parametrize("engine", ["package", "openpyxl"])
def test_a_row_that_moves_keeps_the_height_that_a_person_gave_it(engine: str) -> None:
    """An open Excel does not tell which heights were set, and fits every row that gets another text."""
    row = row_of(Package(ran(), "x.xlsx"), ISSUES, "I13")
    work = Worked().row(ISSUES, row, 'ht="300" customHeight="1"')
    made, _ = run(work.scored(I1=60.0, I2=60.0), engine)
    port = Package(made, "x.xlsx")
    assert port.read(ISSUES.title).heights[row_of(port, ISSUES, "I13")] == 300


def test_programs_fit_the_same_text_a_little_differently() -> None:
    assert not is_persons(48.0, 53.0)
    assert is_persons(80.0, 53.0)


@pytest.mark.parametrize("engine", ["package", "openpyxl"])
def test_rows_are_fitted_to_columns_as_wide_as_they_are(engine: str) -> None:
    """A person made them narrower, or an earlier form had others."""
    heights = []
    for content in (Worked().scored(I13=5.0), Worked().columns(ISSUES, 20).scored(I13=5.0)):
        made, _ = run(content, engine)
        heights.append(float(Seen(made).row(ISSUES, row_of(Package(made, "x.xlsx"), ISSUES, "I13"))["ht"]))
    assert heights[1] > heights[0] * 1.5
