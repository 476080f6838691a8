"""A row that moves takes along all that hangs on it: what a person typed stays what it was, where its key is."""

from __future__ import annotations

import datetime as dt

import pytest

from ita_xl.domain.codes import Code
from ita_xl.layout import ISSUES, MEASURES, RESULTS, TRACKING
from tests import crafted
from tests.conftest import sure
from tests.worked_in import ENGINES, Seen, Worked, keys, ran, run

MOVED = {"E3": 60.0}
"""With this score a measure comes in and another one goes: of the tables of measures, row 8 moves to 7."""

GROWN = {"O1": 0.0}
"""With this score a measure comes in at row 9, and rows 9 to 11 go to 10 to 12."""

TITLE = TRACKING.title


def after(work: Worked, **scores: float | None) -> Seen:
    """The workbook once scores have changed and it was run; a second run changes nothing."""
    result, _ = run(work.scored(**(scores or MOVED)))
    assert run(result)[0] == result
    return Seen(result)


def test_the_row_of_these_tests_moves() -> None:
    before, seen = Seen(ran()), after(Worked())
    for sheet in (TRACKING, RESULTS):
        assert (before.row_of(sheet, "service-improve"), seen.row_of(sheet, "service-improve")) == (8, 7)


# ---- what is in a cell ----


@pytest.mark.parametrize("engine", ENGINES)
def test_types_and_number_formats_stay(engine: str) -> None:
    work = Worked()
    work.put(
        TRACKING,
        D8=f'<c s="{work.style(14)}"><v>45000</v></c>',
        E8='<c t="b"><v>1</v></c>',
        F8=f'<c s="{work.style(9)}"><v>0.8</v></c>',
        G8='<c t="e"><v>#N/A</v></c>',
        H8="<c><v>2566</v></c>",
        J8='<c t="inlineStr"><is><t xml:space="preserve"> ก  ข\nค </t></is></c>',
    )
    result, outcome = run(work.scored(**MOVED), engine)
    page = Seen(result).book()[TITLE]
    assert [(page[cell].value, page[cell].number_format) for cell in ("D7", "E7", "F7", "G7", "H7", "J7")] == [
        (dt.datetime(2023, 3, 15), "mm-dd-yy"),  # noqa: DTZ001 (a cell's)
        (True, "General"),
        (0.8, "0%"),
        ("#N/A", "General"),
        (2566, "General"),
        (" ก  ข\nค ", "General"),
    ]
    assert page["G7"].data_type == "e"
    assert all(page[f"{column}8"].value is None for column in "DEFGHJ")
    assert not [f for f in outcome.findings if f.sheet == TITLE]


def test_of_a_cell_nothing_at_all_changes() -> None:
    """What is written oddly stays written oddly."""
    work = Worked().put(
        TRACKING,
        D8='<c t="inlineStr"><is><t xml:space="preserve">ก  ข\nค&#13;\nง &lt;b&gt; &amp;amp; _x0041_ </t></is></c>',
        E8='<c t="inlineStr"><is><r><rPr><b/></rPr><t>เสร็จ</t></r><r><t xml:space="preserve"> 8</t></r></is></c>',
        F8='<c t="e" vm="1"><v>#VALUE!</v></c>',
        G8='<c t="str"><f>_xlfn.DISPIMG("ID_ABC",1)</f><v>=DISPIMG("ID_ABC",1)</v></c>',
        H8='<c t="str"><f>HYPERLINK("https://example.go.th/D8","เอกสาร D8")</f><v>เอกสาร D8</v></c>',
        J8='<c t="d"><v>2023-09-30</v></c>',
        K8="<c><v>0.10000000000000001</v></c>",
    )
    assert after(work).cells(TRACKING, 7, "DEFGHJK") == Seen(work.content).cells(TRACKING, 8, "DEFGHJK")


def test_shared_texts_with_bold_words_stay_shared() -> None:
    work = Worked(crafted.VARIANTS["shared strings"](ran()))
    texts = work.parts["xl/sharedStrings.xml"]
    number = texts.count(b"<si>")
    rich = "<si><r><rPr><b/></rPr><t>เร่งด่วน</t></r><r><t> ภายในเดือนนี้</t></r></si></sst>"
    work.parts["xl/sharedStrings.xml"] = texts.replace(b"</sst>", rich.encode())
    work.put(TRACKING, D8=f'<c t="s"><v>{number}</v></c>')
    assert after(work).cell(TRACKING, "D7") == Seen(work.content).cell(TRACKING, "D8")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_formula_still_means_the_cells_that_it_meant(engine: str) -> None:
    work = Worked().put(
        TRACKING,
        D8="<c><v>80</v></c>",
        E8="<c><f>D8*2</f><v>160</v></c>",
        F8="<c><f>$D$8+D9+$A$1+SUM(D8:G8)</f><v>0</v></c>",
        E9="<c><f>D8*2+1</f><v>161</v></c>",
        K3="<c><f>SUM(D6:D66)+COUNT(D:D)+COUNT(8:8)</f><v>80</v></c>",
    )
    seen = Seen(run(work.scored(**MOVED), engine)[0])
    page = seen.book()[TITLE]
    assert [page[cell].value for cell in ("E7", "F7", "E9", "K3")] == [
        "=D7*2",
        "=$D$7+D9+$A$1+SUM(D7:G7)",
        "=D7*2+1",
        "=SUM(D6:D65)+COUNT(D:D)+COUNT(7:7)",
    ]


def test_a_total_over_several_rows_stays_one_over_the_same_rows() -> None:
    """A row that comes in between is part of it, as if a person had inserted it there."""
    work = Worked().put(TRACKING, K3="<c><f>SUM(D7:D11)+SUM(E8:E10)+SUM(F10:F11)</f><v>0</v></c>")
    seen = after(work, **GROWN)
    assert keys(seen.package, TRACKING)[9] == "disclosure", "it is new"
    assert seen.formula(TRACKING, "K3") == "SUM(D7:D12)+SUM(E8:E11)+SUM(F11:F12)"
    assert after(work).formula(TRACKING, "K3") == "SUM(D7:D10)+SUM(E7:E10)+SUM(F10:F10)", (
        "ita-action goes, disclosure comes"
    )


def test_filled_down_formulas_stay_whole() -> None:
    work = Worked().put(
        TRACKING,
        H8='<c t="str"><f t="shared" ref="H8:H11" si="0">IF(D8="","",LEN(D8)&amp;"D8")</f><v></v></c>',
        H9='<c t="str"><f t="shared" si="0"/><v></v></c>',
        H10='<c t="str"><f si="0" t="shared"></f><v></v></c>',
        D10='<c t="inlineStr"><is><t>งาน</t></is></c>',
    )
    seen = after(work)
    assert [seen.formula(TRACKING, f"H{row}") for row in (7, 8, 9, 10)] == [
        'IF(D7="","",LEN(D7)&"D8")',
        None,
        'IF(D9="","",LEN(D9)&"D8")',
        'IF(D10="","",LEN(D10)&"D8")',
    ]


def test_an_array_formula_of_one_row_moves() -> None:
    work = Worked().put(TRACKING, H8='<c cm="1"><f t="array" ref="H8">SUM(D8:E8*{1,2})</f><v>7</v></c>')
    seen = after(work)
    (formula,) = seen.root(TRACKING).iter("{*}f")
    assert (formula.text, formula.get("ref")) == ("SUM(D7:E7*{1,2})", "H7")
    assert sure(formula.getparent()).get("cm") == "1"


def test_edited_suggestions_move_and_say_where_they_are() -> None:
    """Formulas, dates, errors in cells that we suggest are a person's; findings name them at their new place."""
    work = Worked()
    work.put(
        MEASURES,
        E12='<c t="str"><f>หน้าแรก!A25</f><v>กองคลัง</v></c>',
        F12=f'<c s="{work.style(14)}"><v>45199</v></c>',
        G12='<c t="str"><f>HYPERLINK("https://x.go.th","รายงาน")</f><v>รายงาน</v></c>',
        D13='<c t="inlineStr"><is><r><rPr><b/></rPr><t>ตัวหนา</t></r><r><t> ธรรมดา</t></r></is></c>',
        F13='<c t="b"><v>1</v></c>',
        E14='<c t="str"><f>IF(1=2,"x","")</f><v></v></c>',
        F14="<c><v>2566</v></c>",
        E15='<c t="e" vm="1"><v>#VALUE!</v></c>',
    )
    before = Seen(work.content)
    moved = {
        "E12": "E9",
        "F12": "F9",
        "G12": "G9",
        "D13": "D10",
        "F13": "F10",
        "E14": "E11",
        "F14": "F11",
        "E15": "E12",
    }
    result, outcome = run(work.scored(**MOVED))
    seen = Seen(result)
    assert [seen.cell(MEASURES, new) for new in moved.values()] == [before.cell(MEASURES, old) for old in moved]
    told = {(f.cell, f.code): f.values.get("value") for f in outcome.findings if f.sheet == MEASURES.title}
    assert told == {
        ("E9", Code.FORMULA_KEPT): None,
        ("G9", Code.FORMULA_KEPT): None,
        ("F9", Code.DUE_GREGORIAN): "30 ก.ย. 2566",
        ("F10", Code.DUE_NOT_A_MONTH): "TRUE",
        ("E11", Code.FORMULA_KEPT): None,
        ("F11", Code.DUE_NOT_A_MONTH): "2566",
    }
    assert b"CellError" not in b"".join(seen.parts.values())


def test_a_cell_whose_content_stays_is_not_touched_when_its_neighbour_changes() -> None:
    """Bold words in an edited text survive, also where row and neighbours are written anew."""
    bold = (
        '<c t="inlineStr"><is><r><t xml:space="preserve">สภาพปัญหา </t></r><r><rPr><b/><color rgb="FFFF0000"/></rPr>'
        "<t>เร่งด่วนมาก</t></r></is></c>"
    )
    work = Worked().put(ISSUES, D8=bold).row(ISSUES, 8, 'ht="300" customHeight="1"')
    before, seen = Seen(work.content), after(work, I1=60.0, I2=60.0)
    assert (before.row_of(ISSUES, "I13"), seen.row_of(ISSUES, "I13")) == (8, 10)
    assert seen.cell(ISSUES, "D10") == before.cell(ISSUES, "D8")
    assert seen.cell(ISSUES, "C10") != before.cell(ISSUES, "C8")
    assert seen.row(ISSUES, 10) == {"ht": "300", "customHeight": "1"}
    assert "customHeight" not in seen.row(ISSUES, 8)


# ---- rows ----


def test_a_height_that_is_just_ours_is_no_persons() -> None:
    """Some programs mark every height as set by hand."""
    height = Seen(ran()).row(ISSUES, 8)["ht"]
    work = Worked().row(ISSUES, 8, f'ht="{height}" customHeight="1"')
    seen = after(work, I1=60.0, I2=60.0, I13=61.0)
    assert "customHeight" not in seen.row(ISSUES, seen.row_of(ISSUES, "I13"))


def test_the_height_of_a_row_that_goes_is_not_that_of_the_row_that_comes() -> None:
    work = Worked().row(TRACKING, 7, 'ht="300" customHeight="1"')
    seen = after(work)
    assert "disclosure" in str(seen.package.read(TITLE).at(8, 9))
    assert seen.row(TRACKING, 8)["ht"] != "300"


def test_a_row_brings_its_own_style_and_outline() -> None:
    work = Worked().row(TRACKING, 8, 's="3" customFormat="1" ht="79.5" outlineLevel="1"')
    height = after(Worked()).row(TRACKING, 7)["ht"]
    assert after(work).row(TRACKING, 7) == {"s": "3", "customFormat": "1", "outlineLevel": "1", "ht": height}


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_that_a_filter_hides_stay_hidden_and_new_rows_show(engine: str) -> None:
    work = Worked().row(TRACKING, 8, 'hidden="1" ht="53"').row(TRACKING, 10, 'hidden="1" ht="53"')
    columns = '<filterColumn colId="3"><filters><filter val="แล้ว"/></filters></filterColumn>'
    work.after(TRACKING, f'<autoFilter ref="A6:I11">{columns}</autoFilter>')
    seen = Seen(run(work.scored(**MOVED), engine)[0])
    page = seen.book()[TITLE]
    hidden = {key: bool(page.row_dimensions[seen.row_of(TRACKING, key)].hidden) for key in KEYS}
    assert hidden == {"service-improve": True, "disclosure": False, "assets": False, "performance": True}
    assert page.auto_filter.ref == "A6:I11"


KEYS = ("service-improve", "disclosure", "assets", "performance")
"""The measures once the scores have changed."""


def test_cells_beside_the_table_are_the_rows() -> None:
    work = Worked().put(
        TRACKING,
        J8='<c t="inlineStr"><is><t>ผู้ติดตาม</t></is></c>',
        L8="<c><f>J8&amp;B8</f><v>x</v></c>",
    )
    seen = after(work)
    assert seen.package.read(TITLE).at(7, 10) == "ผู้ติดตาม"
    assert seen.formula(TRACKING, "L7") == "J7&B7"


def test_a_formula_stays_one_in_a_row_that_we_no_longer_propose() -> None:
    work = Worked().put(MEASURES, E9='<c t="str"><f>หน้าแรก!A25</f><v>กองคลัง</v></c>')
    seen = after(work)
    row = seen.row_of(MEASURES, "service-standard/E1/1")
    assert seen.cell(MEASURES, f"E{row}") == Seen(work.content).cell(MEASURES, "E9")


def test_a_row_that_holds_nothing_but_a_formula_is_a_persons() -> None:
    """Also while the formula shows nothing."""
    work = Worked().put(TRACKING, D12='<c t="str"><f>IF(A12="","","x")</f><v></v></c>')
    seen = after(work, **GROWN)
    assert seen.formula(TRACKING, "D13") == 'IF(A13="","","x")'
    assert keys(seen.package, TRACKING)[12] == "ita-action"
