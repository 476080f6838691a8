"""Documents for tests: one with every kind of block, and parts of it."""

from __future__ import annotations

from ita_xl.report import description as d

PLAIN = "หน่วยงานเปิดเผยข้อมูลการจัดซื้อจัดจ้างบนเว็บไซต์ของหน่วยงานให้เป็นปัจจุบันและเข้าถึงได้ง่าย"
LONG = (
    "จากผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ พบว่าหน่วยงานมีคะแนนเฉลี่ยเพิ่มขึ้นจากปีก่อน "
    "โดยเฉพาะตัวชี้วัดการปฏิบัติหน้าที่และการใช้งบประมาณ ส่วนตัวชี้วัดที่ต้องปรับปรุงคือการแก้ไขปัญหาการทุจริต "
    "ซึ่งบุคลากรจำนวนมากยังไม่ทราบช่องทางร้องเรียนและขั้นตอนการติดตามผลการร้องเรียน"
)


def of(*blocks: d.Block, landscape: bool = False) -> d.Document:
    """A document of these blocks."""
    return d.Document("รายงาน", "เทศบาลตำบลตัวอย่าง", "ทดสอบ", (d.Section(blocks, landscape),))


def table(*rows: d.Row, header: tuple[d.Row, ...] = ()) -> d.Table:
    """A table of three columns."""
    columns = (d.Column(1, d.Align.CENTRE), d.Column(6), d.Column(2, d.Align.RIGHT))
    return d.Table(columns, header or (row("ที่", "ตัวชี้วัด", "คะแนน", bold=True),), rows, "คะแนนของแต่ละตัวชี้วัด")


def row(*texts: d.Text, bold: bool = False) -> d.Row:
    return d.Row(tuple(d.Cell(text, bold=bold) for text in texts))


def group(text: str, columns: int = 3) -> d.Row:
    return d.Row((d.Cell(text, columns=columns),), group=True)


def demonstration(*, thai_digits: bool = False, draft: str = "") -> d.Document:
    """Every kind of block, on pages of both orientations."""
    return d.Document(
        "การวิเคราะห์ผลการประเมิน ITA",
        "องค์การบริหารส่วนตำบลตัวอย่าง",
        "ปีงบประมาณ พ.ศ. 2565",
        (d.Section(_memo()), d.Section(_report()), d.Section(_plan(), landscape=True)),
        footer="องค์การบริหารส่วนตำบลตัวอย่าง",
        thai_digits=thai_digits,
        draft=draft,
    )


def _memo() -> tuple[d.Block, ...]:
    head = (("ส่วนราชการ", "สำนักปลัด องค์การบริหารส่วนตำบลตัวอย่าง"), ("ที่", ""), ("วันที่", ""), ("เรื่อง", LONG))
    return (
        d.Title(("บันทึกข้อความ",)),
        d.Labelled(head),
        d.Paragraph("เรียน นายกองค์การบริหารส่วนตำบลตัวอย่าง", indented=False),
        d.Paragraph(("ตามที่ได้ ", d.Bold("รับการประเมิน"), " นั้น " + LONG)),
        d.Heading("ข้อเสนอ", numbered=False),
        d.Listing((PLAIN, ("ทบทวน", d.Bold("ช่องทางร้องเรียน"), " " + LONG), PLAIN)),
        d.Listing((PLAIN, PLAIN), numbered=False),
        d.Paragraph("จึงเรียนมาเพื่อโปรดทราบ", with_next=True),
        d.Signature("", ("นักวิเคราะห์นโยบายและแผน",), dated=True),
    )


def _report() -> tuple[d.Block, ...]:
    indicators = ("การปฏิบัติหน้าที่", "การใช้งบประมาณ", "การใช้อำนาจ", "การแก้ไขปัญหาการทุจริตในหน่วยงานและการป้องกัน")
    years = (d.Series("พ.ศ. 2564", (95.61, None, 78.905, 0)), d.Series("พ.ศ. 2565", (98.25, 88, 61.4, 100)))
    scores = [row(str(n), f"{PLAIN} ข้อ i{n}", f"{60 + n}.50") for n in range(1, 31)]
    return (
        d.Title(("การวิเคราะห์ผลการประเมิน", "องค์การบริหารส่วนตำบลตัวอย่าง", "ประจำปีงบประมาณ พ.ศ. 2565")),
        d.Heading("ผลการประเมินในภาพรวม"),
        d.Paragraph(LONG),
        d.Paragraph("บรรทัดแรก\nบรรทัดที่สอง", d.Align.CENTRE, indented=False),
        d.Bars("คะแนนรายตัวชี้วัด", indicators, years, "กราฟแท่งเปรียบเทียบคะแนนสองปี"),
        d.Heading("รายเครื่องมือ", 2),
        d.Heading("แบบวัด IIT", 3),
        d.Paragraph(LONG, with_next=True),
        table(group("เครื่องมือ IIT"), *scores[:15], group("เครื่องมือ EIT"), *scores[15:]),
        d.Heading("แนวทางการพัฒนา"),
        *(d.Paragraph(LONG) for _ in range(4)),
        d.PageBreak(),
        d.Heading("ขึ้นหน้าใหม่", 2),
        d.Paragraph(LONG),
    )


def _plan() -> tuple[d.Block, ...]:
    columns = tuple(map(d.Column, (3, 4, 2, 2)))
    header = (
        d.Row(
            (
                d.Cell("มาตรการ", rows=2, bold=True),
                d.Cell("วิธีการดำเนินการ", columns=3, bold=True, align=d.Align.CENTRE),
            )
        ),
        d.Row(tuple(d.Cell(text, bold=True) for text in ("ขั้นตอน", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ"))),
    )
    rows: list[d.Row] = []
    for number in range(1, 8):
        rows.append(group(f"ด้านที่ {number} การเสริมสร้างวัฒนธรรมสุจริต", 4))
        step = [d.Cell(f"{number}.{k} {PLAIN}") for k in (1, 2, 3)]
        last = (d.Cell("สำนักปลัด"), d.Cell("มีนาคม 2566", align=d.Align.CENTRE))
        rows.append(d.Row((d.Cell(f"มาตรการที่ {number} {LONG}", rows=3), step[0], *last)))
        rows += [d.Row((one, *last)) for one in step[1:]]
    stops = (d.Stop("หัวหน้าสำนักปลัด", "นางสาวตัวอย่าง ใจดี"), d.Stop("ปลัดองค์การบริหารส่วนตำบลตัวอย่าง"), d.Stop("นายก"))
    return (
        d.Heading("มาตรการ"),
        d.Paragraph(LONG),
        d.Table(columns, header, tuple(rows), "มาตรการ ขั้นตอน ผู้รับผิดชอบ และกำหนดแล้วเสร็จ"),
        d.Signature("นายตัวอย่าง ตั้งใจ", ("ปลัดองค์การบริหารส่วนตำบล ปฏิบัติหน้าที่", "นายกองค์การบริหารส่วนตำบลตัวอย่าง")),
        d.Routing("เสนอตามลำดับชั้น", stops),
    )
