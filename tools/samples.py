"""Build the workbooks in samples/ from samples/scores-2565.csv. Two builds are equal byte by byte."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ita_xl import files
from ita_xl.data import profiles
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.layout import COMMENTS, HOME, SCORES
from ita_xl.layout.keys import FieldKey
from ita_xl.layout.labels import LEVEL
from ita_xl.new import new
from ita_xl.reading import score_file
from ita_xl.writing.blocks import write_block
from tools.clerk import Clerk

FOLDER = Path(__file__).parent.parent / "samples"
YEAR = 2565
ABOUT: Mapping[FieldKey, str] = {
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


def reference() -> OpenpyxlBook:
    """The reference agency's workbook: questions of 2565, published figures of 2563 to 2565."""
    profile = profiles.profile(YEAR)
    entries, _ = score_file.read(FOLDER / "scores-2565.csv", profile.tree, YEAR)
    port = new(profile, ABOUT, entries)
    clerk = Clerk(port, profile)
    for row, office in enumerate(OFFICES):
        clerk.cell(HOME, HOME.block("offices"), row, "office", office)
    for row, position in enumerate(ROUTING):
        clerk.cell(HOME, HOME.block("routing"), row, "position", position)
    write_block(
        port,
        COMMENTS.title,
        COMMENTS,
        COMMENTS.block("comments"),
        [{"code": code, "comment": comment} for code, comment in COMMENTED.items()],
    )
    return port


def unfilled() -> OpenpyxlBook:
    """A workbook as it is handed out."""
    return new(profiles.profile(YEAR), {})


def mistakes() -> OpenpyxlBook:
    """The reference workbook with what clerks really type."""
    port = reference()
    clerk = Clerk(port, profiles.profile(YEAR))
    clerk.question("I13", "code", "ข้อ I13")
    clerk.question("I15", "code", "115")
    clerk.question("O34", "code", "O-34")
    clerk.question("O42", "code", "042")
    clerk.question("I2", "y0", "๘๘.๔๓")
    clerk.question("I3", "y0", "94,68")
    clerk.question("I7", "y0", " 90.65 ")
    clerk.question("I20", "y0", "-")
    clerk.question("I21", "y0", "ดี")
    clerk.question("I22", "y0", 1000)
    clerk.question("I23", "y0", None)
    clerk.question("O5", "y0", 50)
    clerk.question("I15", "raise", "ยกเป็นประเด็น")
    clerk.question("I15", "reason", "บุคลากรร้องขอให้ปรับปรุง")
    clerk.question("I24", "raise", "อาจจะ")
    clerk.extra("EIT", 0, "E5", 90)
    clerk.extra("EIT", 1, "E99", 90)
    clerk.stated(LEVEL, "y0", "A")
    clerk.stated("2", "y0", 95.13)
    clerk.stated("9.1", "p1", 750)
    port.book[SCORES["IIT"].title].merge_cells("D6:D7")
    return port


SAMPLES: dict[str, Callable[[], OpenpyxlBook]] = {
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
