"""A row that cannot be moved with all that hangs on it stays: nothing is written over, new rows go elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from ita_xl import pipeline
from ita_xl.engines.moves import Shift
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import same_content
from ita_xl.layout import MEASURES, RESULTS, TRACKING
from ita_xl.reading.places import standing_sheet
from tests import crafted
from tests.test_moved_rows import MOVED, TITLE, after
from tests.test_moved_ties import notes, vml_of
from tests.worked_in import COMMENTS, ENGINES, MAIN, RELATIONS, Seen, Worked, keys, ran, row_of, run

# ---- what takes several rows ----


def merged(work: Worked) -> range:
    work.put(TRACKING, D8='<c t="inlineStr"><is><t>สองมาตรการนี้ทำร่วมกัน</t></is></c>')
    work.after(TRACKING, '<mergeCells><mergeCell ref="D8:D9"/></mergeCells>')
    return range(8, 10)


def merged_beside(work: Worked) -> range:
    work.put(TRACKING, K8='<c t="inlineStr"><is><t>ฝ่ายแผน</t></is></c>')
    work.after(TRACKING, '<mergeCells><mergeCell ref="K8:L10"/></mergeCells>')
    return range(8, 11)


def array(work: Worked) -> range:
    work.put(TRACKING, D8='<c><f ref="D8:D9" t="array">ROW(A1:A2)</f><v>1</v></c>', D9="<c><v>2</v></c>")
    return range(8, 10)


def spilled(work: Worked) -> range:
    work.put(
        TRACKING, D8='<c cm="1"><f t="array" ref="D8:D9">_xlfn.SEQUENCE(2)</f><v>1</v></c>', D9="<c><v>2</v></c>"
    )
    return range(8, 10)


def data_table(work: Worked) -> range:
    fill = '<f t="dataTable" ref="L9:L10" dt2D="0" dtr="0" r1="K3"/>'
    work.put(TRACKING, L8="<c><f>K3*2</f><v>0</v></c>", K9="<c><v>1</v></c>", K10="<c><v>2</v></c>")
    work.put(TRACKING, L9=f"<c>{fill}<v>2</v></c>", L10="<c><v>4</v></c>")
    return range(8, 11)


def table(work: Worked) -> range:
    work.put(TRACKING, **{f"{at}8": f'<c t="inlineStr"><is><t>{at}</t></is></c>' for at in "KL"})
    work.put(TRACKING, K9="<c><v>1</v></c>", L9="<c><v>2</v></c>")
    columns = '<tableColumns count="2"><tableColumn id="1" name="K"/><tableColumn id="2" name="L"/></tableColumns>'
    xml = f'<table xmlns="{MAIN}" id="1" name="T" displayName="T" ref="K8:L9" totalsRowShown="0">{columns}</table>'
    kind = "vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
    work.part("xl/tables/table1.xml", xml, kind, work.of(TRACKING), "rIdTable table")
    work.after(TRACKING, f'<tableParts count="1"><tablePart xmlns:r="{RELATIONS}" r:id="rIdTable"/></tableParts>')
    return range(8, 10)


def pivot(work: Worked) -> range:
    xml = (
        f'<pivotTableDefinition xmlns="{MAIN}" name="P" cacheId="1"><location ref="K8:L9"/></pivotTableDefinition>'
    )
    work.part("xl/pivotTables/pivotTable1.xml", xml, "", work.of(TRACKING), "rIdPivot pivotTable")
    return range(8, 10)


def control(work: Worked) -> range:
    box = '<x:ClientData ObjectType="Checkbox"><x:Anchor>9, 1, 7, 2, 10, 3, 8, 4</x:Anchor></x:ClientData>'
    work.part(
        "xl/drawings/vmlDrawing7.vml", vml_of(f"<v:shape>{box}</v:shape>"), "", work.of(TRACKING), "rIdV vmlDrawing"
    )
    return range(8, 10)


def filtered(work: Worked) -> range:
    columns = '<filterColumn colId="3"><filters><filter val="แล้ว"/></filters></filterColumn>'
    work.after(TRACKING, f'<autoFilter ref="A6:I11">{columns}</autoFilter>').row(TRACKING, 9, 'hidden="1"')
    return range(7, 12)


ROOTS: dict[str, Callable[[Worked], range]] = {
    one.__name__: one
    for one in (merged, merged_beside, array, spilled, data_table, table, pivot, control, filtered)
}
EVERYWHERE = ("merged", "merged_beside", "array", "data_table", "table", "filtered")
"""Those that every engine can tell."""


def standing(seen: Seen, rows: range) -> list[tuple[object, ...]]:
    """The rows' own cells, and those that tell what they are about."""
    grid, known = seen.package.read(TITLE), keys(seen.package, TRACKING)
    cells = [[grid.at(row, column) for column in range(4, 13) if column != 9] for row in rows]
    return [(known.get(row), *line) for row, line in zip(rows, cells, strict=True)]


@pytest.mark.parametrize("root", ROOTS)
def test_its_rows_stay_together_and_new_ones_go_elsewhere(root: str) -> None:
    work = Worked()
    rows = ROOTS[root](work)
    before, seen = Seen(work.content), after(work)
    proposed = {"service-improve", "disclosure", "assets", "performance"}
    up = before.row_of(TRACKING, "service-improve") - seen.row_of(TRACKING, "service-improve")
    now = range(rows.start - up, rows.stop - up)
    for old, new in zip(standing(before, rows), standing(seen, now), strict=True):
        assert old == new or (old[0] not in proposed and new[0] is None), "a measure that goes leaves its row empty"
    assert set(keys(seen.package, TRACKING).values()) - {""} == proposed
    gone = Shift(TITLE, deleted=frozenset({7} if up else ()))
    for kind in ("mergeCell", "f"):
        moved = [gone.formula(ref, TITLE) for ref in before.named(TRACKING, kind, "ref")]
        assert seen.named(TRACKING, kind, "ref") == moved


@pytest.mark.parametrize("engine", list(ENGINES)[1:])
@pytest.mark.parametrize("root", EVERYWHERE)
def test_all_engines_agree_on_what_stays(root: str, engine: str) -> None:
    work = Worked()
    ROOTS[root](work)
    port, twin = (ENGINES[name](work.scored(**MOVED)) for name in ("package", engine))
    assert pipeline.run(port).findings == pipeline.run(twin).findings
    assert keys(port, TRACKING) == keys(twin, TRACKING)


def test_a_row_that_goes_leaves_a_merged_area_whole() -> None:
    """Nobody wrote in it; but what takes its place would stand half below the merged cell."""
    work = Worked().after(TRACKING, '<mergeCells><mergeCell ref="D7:D8"/></mergeCells>')
    seen = after(work)
    assert keys(seen.package, TRACKING) == {8: "service-improve", 9: "disclosure", 10: "assets", 11: "performance"}
    assert "D7:D8" in seen.named(TRACKING, "mergeCell", "ref")
    assert "hidden" not in seen.row(TRACKING, 7), "it is a person's now"


def test_a_merged_area_below_the_table_stays_free_of_new_rows() -> None:
    work = Worked().after(TRACKING, '<mergeCells><mergeCell ref="D11:D12"/></mergeCells>')
    seen = after(work, O1=0.0)
    assert (seen.row_of(TRACKING, "ita-action"), keys(seen.package, TRACKING).get(13)) == (12, None)
    assert "D12:D13" in seen.named(TRACKING, "mergeCell", "ref")


def test_a_merged_area_of_one_row_moves_and_is_named_where_it_is() -> None:
    work = Worked().after(TRACKING, '<mergeCells><mergeCell ref="D8:E8"/></mergeCells>')
    result, outcome = run(work.scored(**MOVED))
    assert "D7:E7" in Seen(result).named(TRACKING, "mergeCell", "ref")
    assert [(f.cell, f.values["area"]) for f in outcome.findings if f.sheet == TITLE] == [("D7", "D7:E7")]


# ---- whatever way it is written ----


def rich() -> Worked:
    """Something of everything on the row that moves."""
    work = Worked().put(
        TRACKING,
        D8='<c t="inlineStr"><is><t xml:space="preserve"> ก  ข</t></is></c>',
        E8='<c><f t="shared" ref="E8:E9" si="0">LEN(D8)</f><v>1</v></c>',
        E9='<c><f t="shared" si="0"/><v>0</v></c>',
        F8='<c><f t="array" ref="F8">SUM(D8:E8)</f><v>1</v></c>',
        G8='<c t="b"><v>1</v></c>',
        K9='<c><f t="array" ref="K9:K10">ROW(A1:A2)</f><v>1</v></c>',
        K10="<c><v>2</v></c>",
        L3="<c><f>D8</f><v>0</v></c>",
    )
    work.put(MEASURES, L3=f"<c><f>'{TITLE}'!D8</f><v>0</v></c>")
    work.part("xl/comments7.xml", notes(D8="ค้าง"), COMMENTS, work.of(TRACKING), "rIdC comments")
    work.after(TRACKING, '<mergeCells><mergeCell ref="G10:G11"/></mergeCells>')
    choice = '<dataValidation type="list" sqref="D8"><formula1>"ก,ข"</formula1></dataValidation>'
    return work.after(TRACKING, f'<dataValidations count="1">{choice}</dataValidations>')


@pytest.mark.parametrize("variant", ["strict", "prefixed", "single quotes", "shared strings", "1904"])
def test_every_way_to_write_a_workbook_moves_the_same(variant: str) -> None:
    content = rich().scored(**MOVED)
    plain, other = Seen(run(content)[0]), Seen(run(crafted.VARIANTS[variant](content))[0])
    assert plain.row_of(TRACKING, "service-improve") == 7
    for sheet in (TRACKING, RESULTS, MEASURES):
        one, twin = plain.package.read(sheet.title), other.package.read(sheet.title)
        assert same_content(one, twin)
        assert (one.merged, one.formulas) == (twin.merged, twin.formulas)
        assert plain.texts(sheet, "f") == other.texts(sheet, "f")
    assert plain.named(TRACKING, "dataValidation") == other.named(TRACKING, "dataValidation")
    assert 'ref="D7"' in other.text("xl/comments7.xml")


def test_cells_and_rows_without_addresses_move_too() -> None:
    work = Worked().put(TRACKING, D8='<c><f t="shared" ref="D8:D9" si="0">A8&amp;"x"</f><v>0</v></c>')
    work.put(TRACKING, D9='<c><f t="shared" si="0"/><v>0</v></c>')
    content = work.scored(**MOVED)
    part, bare = work.of(TRACKING), Worked(content)
    head, rows = bare.parts[part].split(b'<row r="7"', 1)
    for number in range(7, 67):
        rows = rows.replace(b'<row r="%d"' % number, b"<row")
    bare.parts[part] = head + b'<row r="7"' + re.sub(rb'<c r="[A-Z]+\d+"', b"<c", rows)
    plain, other = Seen(run(content)[0]), Seen(run(bare.content)[0])
    assert same_content(plain.package.read(TITLE), other.package.read(TITLE))
    assert plain.texts(TRACKING, "f") == other.texts(TRACKING, "f")


# ---- several tables, several commands ----


def test_both_tables_of_a_sheet_move_at_once() -> None:
    block = standing_sheet(Package(ran(), "x.xlsx"), RESULTS, RESULTS.title).block("last")
    first = block.first_row
    work = Worked().put(RESULTS, D8='<c t="inlineStr"><is><t>ครบ</t></is></c>')
    for column, text in zip("ABCDEH", ("1.1", "มาตรการเดิม", "E11", "ทำแล้ว", "80", "service-improve"), strict=True):
        work.put(RESULTS, **{f"{column}{first + 1}": f'<c t="inlineStr"><is><t>{text}</t></is></c>'})
    work.put(RESULTS, K3=f"<c><f>D8&amp;D{first + 1}</f><v>0</v></c>")
    seen = after(work)
    # Above it a measure goes and another comes; the empty row above the one that was typed goes.
    assert row_of(seen.package, RESULTS, "service-improve", block) == first - 1
    assert seen.package.read(RESULTS.title).at(first - 1, 4) == "ทำแล้ว"
    assert seen.formula(RESULTS, "K3") == f"D7&D{first - 1}"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_check_names_cells_where_they_stand_and_moves_nothing(engine: str) -> None:
    work = Worked().put(
        MEASURES,
        E12='<c t="str"><f>หน้าแรก!A25</f><v>กองคลัง</v></c>',
        F13='<c t="b"><v>1</v></c>',
    )
    port = ENGINES[engine](work.scored(**MOVED))
    before = {title: port.read(title) for title in port.sheets()}
    found = pipeline.check(port).findings
    assert {f.cell for f in found if f.sheet == MEASURES.title} == {"E12", "F13"}
    assert all(same_content(before[title], port.read(title)) for title in port.sheets())


def test_a_sheet_that_was_just_restored_holds_no_row() -> None:
    gone = Worked()
    book = gone.parts["xl/workbook.xml"].decode()
    entry = next(part for part in book.split("<sheet ") if f'name="{TITLE}"' in part).partition("/>")[0]
    gone.parts["xl/workbook.xml"] = book.replace(f"<sheet {entry}/>", "").encode()
    port = Package(gone.scored(**MOVED), "x.xlsx")
    pipeline.run(port)
    again = Package(port.to_bytes(), "x.xlsx")
    assert keys(again, TRACKING) == keys(after(Worked()).package, TRACKING)
