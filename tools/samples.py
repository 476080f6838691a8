"""Build the workbooks in samples/ from samples/scores-2565.csv. Two builds are equal byte by byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ita_xl import files, scores_csv
from ita_xl.data import profiles
from ita_xl.new import new
from ita_xl.workbook.headless import Headless
from ita_xl.workbook.port import Written
from ita_xl.workbook.schema import COMMENTS, HOME, SCORES, STATED, Sheet
from ita_xl.workbook.writer import write_block

FOLDER = Path(__file__).parent.parent / "samples"
YEAR = 2565
ABOUT = {
    "agency": "องค์การบริหารส่วนจังหวัดพิษณุโลก",
    "agency_type": "องค์การบริหารส่วนจังหวัด",
    "district": "เมืองพิษณุโลก",
    "province": "พิษณุโลก",
    "chief_title": "นายกองค์การบริหารส่วนจังหวัดพิษณุโลก",
}


OFFICES = ("สำนักปลัดองค์การบริหารส่วนจังหวัด", "กองยุทธศาสตร์และงบประมาณ", "กองคลัง", "กองการเจ้าหน้าที่", "หน่วยตรวจสอบภายใน")
ROUTING = ("รองนายกองค์การบริหารส่วนจังหวัด", "ปลัดองค์การบริหารส่วนจังหวัด", "หัวหน้าสำนักปลัดองค์การบริหารส่วนจังหวัด")
COMMENTED = {
    "E11": "ควรแสดงผลการพัฒนาคุณภาพงานบริการเทียบกับปีก่อน และเผยแพร่ให้ประชาชนทราบหลายช่องทาง",
    "E12": "ควรเผยแพร่ขั้นตอนการให้บริการที่ปรับปรุงแล้ว พร้อมสรุปผลสำรวจความพึงพอใจ",
    "E14": "ควรเปิดให้บุคคลภายนอกมีส่วนร่วมในโครงการ และมีช่องทางสื่อสารสองทาง",
}
"""What the authority advised, in our own words."""


def reference() -> Headless:
    """The reference agency's workbook: questions of 2565, published figures of 2563 to 2565."""
    profile = profiles.profile(YEAR)
    entries, _ = scores_csv.read(FOLDER / "scores-2565.csv", profile.tree, YEAR)
    port = new(profile, ABOUT, entries)
    for key, column, names in (("offices", "office", OFFICES), ("routing", "position", ROUTING)):
        block = HOME.block(key)
        port.write(HOME.title, block.first_row, block.column_number(column), [[name] for name in names])
    write_block(
        port,
        COMMENTS.title,
        COMMENTS,
        COMMENTS.block("comments"),
        [{"code": code, "comment": comment} for code, comment in COMMENTED.items()],
    )
    return port


def unfilled() -> Headless:
    """A workbook as it is handed out."""
    return new(profiles.profile(YEAR), {})


def mistakes() -> Headless:
    """The reference workbook with what clerks really type."""
    port = reference()
    tree = profiles.profile(YEAR).tree

    def question(code: str, column: str, value: Written) -> None:
        instrument = tree.instrument_of(code)
        assert instrument is not None
        block = SCORES[instrument].block("scores")
        row = block.first_row + tree.questions(instrument).index(code)
        port.write(SCORES[instrument].title, row, block.column_number(column), [[value]])

    def extra(sheet: Sheet, down: int, code: str, score: Written) -> None:
        block = sheet.block("scores")
        row = block.first_row + len(tree.questions(sheet.instrument)) + down
        port.write(sheet.title, row, block.column_number("code"), [[code]])
        port.write(sheet.title, row, block.column_number("y0"), [[score]])
        port.show_rows(sheet.title, row, row, [None])

    def stated(row: int, column: str, value: Written) -> None:
        block = STATED.block("stated")
        port.write(STATED.title, block.first_row + row, block.column_number(column), [[value]])

    question("I13", "code", "ข้อ I13")
    question("I15", "code", "115")
    question("O34", "code", "O-34")
    question("O42", "code", "042")
    question("I2", "y0", "๘๘.๔๓")
    question("I3", "y0", "94,68")
    question("I7", "y0", " 90.65 ")
    question("I20", "y0", "-")
    question("I21", "y0", "ดี")
    question("I22", "y0", 1000)
    question("I23", "y0", None)
    question("O5", "y0", 50)
    question("I15", "raise", "ยกเป็นประเด็น")
    question("I15", "reason", "บุคลากรร้องขอให้ปรับปรุง")
    question("I24", "raise", "อาจจะ")
    extra(SCORES["EIT"], 0, "E5", 90)
    extra(SCORES["EIT"], 1, "E99", 90)
    stated(1, "y0", "A")
    stated(4, "y0", 95.13)
    stated(14, "p1", 750)
    port.book[SCORES["IIT"].title].merge_cells("D6:D7")
    return port


SAMPLES: dict[str, Callable[[], Headless]] = {
    "reference-2565.xlsx": reference,
    "mistakes-2565.xlsx": mistakes,
    "unfilled-2565.xlsx": unfilled,
}


def build(name: str) -> bytes:
    """The bytes of one sample."""
    return files.reproducible(SAMPLES[name]().to_bytes())


if __name__ == "__main__":
    for name in SAMPLES:
        files.write_whole(FOLDER / name, build(name))
        print(name)
