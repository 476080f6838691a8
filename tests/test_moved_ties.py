"""What hangs on a row that moves goes along, and whoever names its cells follows."""

from __future__ import annotations

import re

import pytest

from ita_xl.layout import MEASURES, RESULTS, SUMMARY, TRACKING
from tests.test_moved_rows import GROWN, MOVED, TITLE, after
from tests.worked_in import COMMENTS, DRAWING, ENGINES, MAIN, RELATIONS, X14, XM, Seen, Worked, run

# ---- notes and links ----


def noted() -> Worked:
    """A link on G8, notes on D8 and D9, a comment on D8, of the sheet of results."""
    work = Worked().put(
        RESULTS, D8='<c t="inlineStr"><is><t>ครบ</t></is></c>', G8='<c t="inlineStr"><is><t>คลิก</t></is></c>'
    )
    part = work.of(RESULTS)
    work.after(RESULTS, f'<hyperlinks><hyperlink xmlns:r="{RELATIONS}" ref="G8" r:id="rIdLink"/></hyperlinks>')
    work.after(RESULTS, f'<legacyDrawing xmlns:r="{RELATIONS}" r:id="rIdVml"/>')
    work.relate(part, "rIdLink hyperlink", "https://example.go.th/improve.pdf", outside=True)
    work.part("xl/comments77.xml", notes(D8="รอเอกสาร", D9="ถามพัสดุ"), COMMENTS, part, "rIdC comments")
    vml = vml_of(*(note_box(row) for row in (8, 9)))
    work.part(
        "xl/drawings/vmlDrawing77.vml",
        vml,
        "vnd.openxmlformats-officedocument.vmlDrawing",
        part,
        "rIdVml vmlDrawing",
    )
    thread = '<threadedComment ref="D8" personId="{1}" id="{2}"><text>ครบหรือยัง</text></threadedComment>'
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    return work.part(
        "xl/threadedComments/threadedComment7.xml",
        f'<ThreadedComments xmlns="{space}">{thread}</ThreadedComments>',
        "vnd.ms-excel.threadedcomments+xml",
        part,
        "rIdT http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
    )


def notes(**texts: str) -> str:
    held = "".join(
        f'<comment ref="{cell}" authorId="0"><text><t>{text}</t></text></comment>' for cell, text in texts.items()
    )
    authors = "<authors><author>ก</author></authors>"
    return f'<comments xmlns="{MAIN}">{authors}<commentList>{held}</commentList></comments>'


def note_box(row: int) -> str:
    return (
        f'<v:shape id="_x0000_s10{row}" type="#_x0000_t202"><x:ClientData ObjectType="Note">'
        f"<x:Anchor>4, 15, {row - 2}, 2, 6, 31, {row + 2}, 4</x:Anchor><x:Row>{row - 1}</x:Row>"
        "<x:Column>3</x:Column></x:ClientData></v:shape>"
    )


def vml_of(*shapes: str) -> str:
    """As Excel writes it, which is not always XML."""
    spaces = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"'
    return f"<xml {spaces}><br>{''.join(shapes)}</xml>"


def test_links_notes_and_comments_move() -> None:
    seen = after(noted())
    assert "G7" in seen.named(RESULTS, "hyperlink", "ref")
    assert "G8" not in seen.named(RESULTS, "hyperlink", "ref")
    assert seen.text("xl/comments77.xml").endswith(notes(D7="รอเอกสาร", D9="ถามพัสดุ"))
    assert '<threadedComment ref="D7"' in seen.text("xl/threadedComments/threadedComment7.xml")
    shapes = re.findall(r"<x:Anchor>(.*?)</x:Anchor><x:Row>(\d+)<", seen.text("xl/drawings/vmlDrawing77.vml"))
    assert shapes == [("4, 15,5, 2, 6, 31,9, 4", "6"), ("4, 15, 7, 2, 6, 31, 11, 4", "8")]


@pytest.mark.parametrize("engine", ["openpyxl", "live"])
def test_links_and_notes_move_in_every_engine(engine: str) -> None:
    page = Seen(run(noted().scored(**MOVED), engine)[0]).book()[RESULTS.title]
    assert (page["D7"].comment.text, page["G7"].hyperlink.target) == (
        "รอเอกสาร",
        "https://example.go.th/improve.pdf",
    )
    assert (page["D8"].comment, page["G8"].hyperlink, page["D9"].comment.text) == (None, None, "ถามพัสดุ")


def test_a_row_with_nothing_but_a_note_is_a_persons() -> None:
    """Its measure is proposed no more."""
    work = Worked()
    work.part("xl/comments7.xml", notes(B7="ค้าง"), COMMENTS, work.of(TRACKING), "rId1 comments")
    seen = after(work)
    assert f'ref="B{seen.row_of(TRACKING, "service-standard")}"' in seen.text("xl/comments7.xml")


def test_a_link_over_several_rows_takes_in_what_comes_between() -> None:
    link = f'<hyperlink ref="D8:D10" location="\'{TITLE}\'!D8" tooltip="ไป"/>'
    seen = after(Worked().after(TRACKING, f"<hyperlinks>{link}</hyperlinks>"))
    links = [(e.get("ref"), e.get("tooltip")) for e in seen.root(TRACKING).iter("{*}hyperlink") if e.get("tooltip")]
    assert links == [("D7:D10", "ไป")], "a row that comes in between is part of it"


# ---- rules, pictures, small charts ----


def test_rules_of_one_cell_move_with_it() -> None:
    work = Worked()
    rule = '<cfRule type="expression" priority="90"><formula>AND(D8=$E8,D8&gt;$F$9,$A$1="")</formula></cfRule>'
    scale = '<cfRule type="colorScale" priority="91"><colorScale><cfvo type="num" val="$D$8"/><cfvo type="max"/>'
    scale += '<color rgb="FFFF0000"/><color rgb="FF00FF00"/></colorScale></cfRule>'
    work.after(TRACKING, f'<conditionalFormatting sqref="D8">{rule}</conditionalFormatting>')
    work.after(TRACKING, f'<conditionalFormatting sqref="K1">{scale}</conditionalFormatting>')
    choice = '<dataValidation type="list" sqref="E8 G8:H8"><formula1>$D$8:$F$8</formula1></dataValidation>'
    work.after(TRACKING, f'<dataValidations count="1">{choice}</dataValidations>')
    seen = after(work)
    formats = seen.named(TRACKING, "conditionalFormatting")
    assert ("D7" in formats, "D8" in formats, "A7:I13" in formats) == (True, False, True)
    assert 'AND(D7=$E7,D7>$F$9,$A$1="")' in seen.texts(TRACKING, "formula")
    assert seen.named(TRACKING, "cfvo", "val")[0] == "$D$7"
    assert "E7 G7:H7" in seen.named(TRACKING, "dataValidation")
    assert "$D$7:$F$7" in seen.texts(TRACKING, "formula1")


def test_rules_of_many_cells_follow_each_of_them() -> None:
    work = Worked()
    for area, formula in {"D8:D9 D100:D1048576": "D8&lt;E8+$F$8+F$8", "A1:XFD1048576": 'A1="x"'}.items():
        rule = f'<cfRule type="expression" priority="90"><formula>{formula}</formula></cfRule>'
        work.after(TRACKING, f'<conditionalFormatting sqref="{area}">{rule}</conditionalFormatting>')
    seen = after(work)
    assert {"D7:D9 D99:D1048576", "A1:XFD1048576"} <= set(seen.named(TRACKING, "conditionalFormatting"))
    assert {"D7<E7+$F$7+F$7", 'A1="x"'} <= set(seen.texts(TRACKING, "formula"))


@pytest.mark.parametrize("engine", ENGINES)
def test_rules_of_one_cell_move_in_every_engine(engine: str) -> None:
    work = Worked()
    rule = '<cfRule type="expression" priority="90" dxfId="0"><formula>$E8&gt;1</formula></cfRule>'
    work.after(TRACKING, f'<conditionalFormatting sqref="D8">{rule}</conditionalFormatting>')
    choice = '<dataValidation type="list" sqref="E8"><formula1>"ก,ข"</formula1></dataValidation>'
    work.after(TRACKING, f'<dataValidations count="1">{choice}</dataValidations>')
    page = Seen(run(work.scored(**MOVED), engine)[0]).book()[TITLE]
    assert "D7" in [str(one.sqref) for one in page.conditional_formatting]
    assert "E7" in [str(one.sqref) for one in page.data_validations.dataValidation]


def test_rules_and_small_charts_of_newer_excels_move() -> None:
    rule = '<x14:cfRule type="expression" priority="9" id="{1}"><xm:f>$D$8&gt;1</xm:f></x14:cfRule>'
    formats = f"<x14:conditionalFormatting>{rule}<xm:sqref>D8</xm:sqref></x14:conditionalFormatting>"
    source = f"<x14:formula1><xm:f>'{SUMMARY.title}'!$A$1:$A$9</xm:f></x14:formula1>"
    choice = f'<x14:dataValidation type="list">\n{source}\n<xm:sqref>E8</xm:sqref></x14:dataValidation>'
    line = f"<x14:sparkline><xm:f>'{TITLE}'!D8:F8</xm:f><xm:sqref>J8</xm:sqref></x14:sparkline>"
    lines = (
        f"<x14:sparklineGroup><xm:f>$D$8:$F$8</xm:f><x14:sparklines>{line}</x14:sparklines></x14:sparklineGroup>"
    )
    work = Worked().after(
        TRACKING,
        f'<extLst><ext xmlns:x14="{X14}" xmlns:xm="{XM}" uri="{{1}}">'
        f"<x14:conditionalFormattings>{formats}</x14:conditionalFormattings>"
        f'<x14:dataValidations count="1">{choice}</x14:dataValidations>'
        f"<x14:sparklineGroups>{lines}</x14:sparklineGroups></ext></extLst>",
    )
    seen = after(work)
    assert "D7" in seen.named(TRACKING, "conditionalFormatting")
    assert "E7" in seen.named(TRACKING, "dataValidation")
    assert seen.named(TRACKING, "sparkline") == ["J7"]
    formulas = [e.text for e in seen.root(TRACKING).iter(f"{{{XM}}}f")]
    assert formulas == ["$D$7>1", f"'{SUMMARY.title}'!$A$1:$A$9", "$D$7:$F$7", f"'{TITLE}'!D7:F7"]


def anchored(first: int, last: int, inside: str = "", more: str = "") -> str:
    ends = "".join(
        f"<xdr:{end}><xdr:col>9</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row - 1}</xdr:row>"
        f"<xdr:rowOff>100</xdr:rowOff></xdr:{end}>"
        for end, row in (("from", first), ("to", last))
    )
    return f"<xdr:twoCellAnchor{more}>{ends}{inside}<xdr:clientData/></xdr:twoCellAnchor>"


DRAWN = "xl/drawings/drawing7.xml"


def drawn(*anchors: str) -> Worked:
    """Pictures and shapes on the sheet of progress."""
    space = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    work = Worked().after(TRACKING, f'<drawing xmlns:r="{RELATIONS}" r:id="rIdD"/>')
    xml = f'<xdr:wsDr xmlns:xdr="{space}">{"".join(anchors)}</xdr:wsDr>'
    return work.part(DRAWN, xml, DRAWING, work.of(TRACKING), "rIdD drawing")


def test_a_picture_moves_with_the_row_in_which_it_begins() -> None:
    fixed = anchored(8, 8, more=' editAs="absolute"')
    seen = after(drawn(anchored(8, 9), anchored(9, 9), fixed, anchored(70, 80)))
    rows = [int(row) + 1 for row in re.findall(r"<xdr:row>(\d+)<", seen.text(DRAWN))]
    assert rows == [7, 8, 9, 9, 8, 8, 69, 79]


def test_a_shape_shows_the_cell_that_it_showed() -> None:
    shapes = f'<xdr:sp macro="" textlink="$D$8"/><xdr:sp macro="" textlink="\'{TITLE}\'!$E$8"/>'
    text = after(drawn(anchored(70, 71, shapes))).text(DRAWN)
    assert re.findall(r'textlink="([^"]*)"', text) == ["$D$7", f"'{TITLE}'!$E$7"]


# ---- whoever names a cell ----


@pytest.mark.parametrize("engine", ENGINES)
def test_names_and_formulas_elsewhere_follow(engine: str) -> None:
    """What is in quotes is a text; several sheets at once and another workbook are not this sheet."""
    kept = f"SUM('{TITLE}:{RESULTS.title}'!D8)+'[1]{TITLE}'!D8&\"{TITLE}!D8\""
    work = Worked().put(
        MEASURES,
        K3=f"<c><f>{TITLE}!D8&amp;'{TITLE}'!$D$8</f><v>1</v></c>",
        L3=f"<c><f>SUM({TITLE}!D8:G8)+SUM({TITLE}!D:D)</f><v>80</v></c>",
        M3=f"<c><f>{kept.replace('&', '&amp;')}</f><v>80</v></c>",
    )
    name = f"<definedNames><definedName name=\"คืบหน้า\">'{TITLE}'!$D$8:$G$8</definedName>"
    work.parts["xl/workbook.xml"] = work.parts["xl/workbook.xml"].replace(b"<definedNames>", name.encode())
    book = Seen(run(work.scored(**MOVED), engine)[0]).book()
    assert [book[MEASURES.title][cell].value for cell in ("K3", "L3", "M3")] == [
        f"={TITLE}!D7&'{TITLE}'!$D$7",
        f"=SUM({TITLE}!D7:G7)+SUM({TITLE}!D:D)",
        f"={kept}",
    ]
    assert book.defined_names["คืบหน้า"].attr_text == f"'{TITLE}'!$D$7:$G$7"


def test_filled_formulas_elsewhere_follow_each_its_own_cell() -> None:
    """Others that are filled stay as they are."""
    work = Worked().put(
        SUMMARY,
        A400=f'<c><f t="shared" ref="A400:A402" si="3">\'{TITLE}\'!D7</f><v>0</v></c>',
        A401='<c><f t="shared" si="3"/><v>0</v></c>',
        A402='<c><f t="shared" si="3"/><v>0</v></c>',
        B400='<c><f t="shared" ref="B400:B401" si="4">D7</f><v>0</v></c>',
        B401='<c><f t="shared" si="4"/><v>0</v></c>',
    )
    seen = after(work)
    assert [seen.formula(SUMMARY, f"A{row}") for row in (400, 401, 402)] == [
        f"'{TITLE}'!D{row}" for row in (7, 8, 10)
    ], "a row that we no longer propose stays while a formula names it"
    assert [seen.formula(SUMMARY, f"B{row}") for row in (400, 401)] == ["D7", ""]


def test_a_chart_of_the_persons_own_follows() -> None:
    work = Worked()
    chart = "xl/charts/chart1.xml"
    work.parts[chart] = re.sub(rb"<c:f>[^<]*<", f"<c:f>'{TITLE}'!$D$8:$G$8<".encode(), work.parts[chart], count=1)
    assert f"<c:f>'{TITLE}'!$D$7:$G$7<" in after(work).text(chart)


def test_links_buttons_and_pivot_tables_follow() -> None:
    work = drawn(anchored(70, 71))
    work.relate(DRAWN, "rIdH hyperlink", f"#'{TITLE}'!D8")
    links = f'<hyperlink ref="K2" location="\'{TITLE}\'!D8"/><hyperlink ref="K3" location="D8"/>'
    outside = f'<hyperlink xmlns:r="{RELATIONS}" ref="K4" r:id="rIdO" location="\'{TITLE}\'!D8"/>'
    work.after(TRACKING, f"<hyperlinks>{links}{outside}</hyperlinks>")
    work.relate(work.of(TRACKING), "rIdO hyperlink", "ปีก่อน.xlsx", outside=True)
    work.after(MEASURES, f'<hyperlinks><hyperlink ref="L2" location="\'{TITLE}\'!D8"/></hyperlinks>')
    control = f'<formControlPr xmlns="{X14}" objectType="CheckBox" fmlaLink="$E$8" fmlaRange="\'{TITLE}\'!$A$8"/>'
    kind = "vnd.ms-excel.controlproperties+xml"
    work.part("xl/ctrlProps/ctrlProp1.xml", control, kind, work.of(TRACKING), "rIdP ctrlProp")
    source = f'<cacheSource type="worksheet"><worksheetSource ref="A6:I11" sheet="{TITLE}"/></cacheSource>'
    work.part(
        "xl/pivotCache/pivotCacheDefinition1.xml",
        f'<pivotCacheDefinition xmlns="{MAIN}">{source}</pivotCacheDefinition>',
    )
    seen = after(work)
    there = f"'{TITLE}'!D7"
    assert seen.named(TRACKING, "hyperlink", "location")[1:] == [there, "D7", f"'{TITLE}'!D8"]
    assert there in seen.named(MEASURES, "hyperlink", "location")
    assert f'Target="#{there}"' in seen.text("xl/drawings/_rels/drawing7.xml.rels")
    assert f'fmlaLink="$E$7" fmlaRange="\'{TITLE}\'!$A$7"' in seen.text("xl/ctrlProps/ctrlProp1.xml")
    assert 'ref="A6:I10"' in seen.text("xl/pivotCache/pivotCacheDefinition1.xml")
    assert 'ref="A6:I12"' in after(work, **GROWN).text("xl/pivotCache/pivotCacheDefinition1.xml")
