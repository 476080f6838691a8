"""What the people of the handbook's example do with Excel and with other programs, between the commands.

The agency, its people and its scores are made up. Every deed works on files in one folder, by name.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from ita_xl import files
from ita_xl.engines.moves import Shift
from ita_xl.engines.package.engine import Package
from ita_xl.layout import ANSWERS, FORM_SHEETS, HOME, MEASURES, Block, Sheet, address
from ita_xl.layout.keys import BlockKey, ColumnKey, FieldKey
from ita_xl.reading.places import standing_sheet
from tools import generate
from tools.handbook import EXAMPLES

BOOK = "อบต.ตัวอย่าง 2565.xlsx"
FORMS = "แบบรายงาน"
PROVINCE = "แฟ้มที่ได้รับ"

ABOUT: Mapping[FieldKey, str] = {
    "district": "เมืองพิษณุโลก",
    "chief_name": "นายสมชาย ตัวอย่าง",
    "chief_title": "นายกองค์การบริหารส่วนตำบลตัวอย่าง",
    "mail_to": "ท้องถิ่นจังหวัด <local@example.go.th>",
    "mail_reply": "saraban@example.go.th",
}
OFFICES = ("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา")
ROUTING = ("รองนายกองค์การบริหารส่วนตำบล", "ปลัดองค์การบริหารส่วนตำบล")
GENERAL, SERVING = "ส่วนราชการที่ให้บริการประชาชน", "กองช่าง"
"""The office that is proposed where the first sheet has none for a step, and that of the agency."""
OWN: tuple[Mapping[ColumnKey, str], ...] = (
    {"measure": "การรับฟังความเห็นเคลื่อนที่ในหมู่บ้าน", "codes": "E14"},
    {
        "method": "จัดเจ้าหน้าที่ออกรับฟังความเห็นในหมู่บ้านเดือนละหนึ่งครั้ง",
        "responsible": SERVING,
        "due": "มิถุนายน 2566",
        "report": "ภาพกิจกรรมและบันทึกความเห็น",
    },
)


class Desk:
    """A workbook of the example in somebody's hands."""

    def __init__(self, path: Path) -> None:
        self.path, self.port = path, Package(files.read_package(path), path.name)

    def block(self, sheet: Sheet, key: BlockKey) -> Block:
        return standing_sheet(self.port, sheet, sheet.title).block(key)

    def type(self, sheet: Sheet, block: Block, row: int, cells: Mapping[ColumnKey, str | int]) -> None:
        for column, text in cells.items():
            self.port.write(sheet.title, row, block.column_number(column), [[text]])

    def field(self, key: FieldKey, text: str | None) -> None:
        """Type into a cell of the first sheet."""
        at = address.cell(HOME.field(key).cell)
        assert at
        self.port.write(HOME.title, *at, [[text]])

    def save(self) -> None:
        self.path.write_bytes(self.port.to_bytes())


def _about(folder: Path) -> None:
    """The first sheet is filled in."""
    desk = Desk(folder / BOOK)
    for key, text in ABOUT.items():
        desk.field(key, text)
    offices, routing = HOME.block("offices"), HOME.block("routing")
    for number, office in enumerate(OFFICES):
        desk.type(HOME, offices, offices.first_row + number, {"office": office})
    for number, position in enumerate(ROUTING):
        desk.type(HOME, routing, routing.first_row + number, {"position": position})
    desk.save()


def _plan(folder: Path) -> None:
    """The plan gets the agency's own offices, one wording, one measure; one of the proposed steps goes."""
    desk = Desk(folder / BOOK)
    block, grid = desk.block(MEASURES, "measures"), desk.port.read(MEASURES.title)
    rows = [row for row in range(block.first_row, block.last_row + 1) if row in grid.rows]
    for row in rows:
        if grid.at(row, block.column_number("responsible")) == GENERAL:
            desk.type(MEASURES, block, row, {"responsible": SERVING})
    steps = [row for row in rows if grid.at(row, block.column_number("due"))]
    desk.type(MEASURES, block, steps[0], {"method": "เชิญผู้แทนหมู่บ้านทุกหมู่ร่วมหารือแนวทางปรับปรุงงานบริการ ปีละสองครั้ง"})
    after = rows[-1] + 1
    desk.port.change_rows(
        Shift(MEASURES.title, {after: len(OWN)}, like={after: rows[-1]}, deleted=frozenset({steps[-1]}))
    )
    for number, cells in enumerate(OWN):
        desk.type(MEASURES, block, after - 1 + number, cells)
    desk.save()


def _read(folder: Path) -> None:
    """Somebody read all texts and says so on the first sheet."""
    desk = Desk(folder / BOOK)
    desk.field("texts_read", "ใช่")
    desk.save()


def _answers(folder: Path) -> None:
    """The offices fill in their forms of the first quarter; one has not begun."""
    for number, path in enumerate(sorted((folder / FORMS).glob("*.xlsx"))):
        desk, sheet = Desk(path), FORM_SHEETS[0]
        block, grid = sheet.block("form"), desk.port.read(sheet.title)
        for row in range(block.first_row, grid.last_row + 1):
            if number and grid.at(row, block.column_number("due")):
                desk.type(sheet, block, row, {"status": "แล้วเสร็จ", "percent": 100, "done": "ดำเนินการแล้วตามแผน"})
        desk.save()


def _later(folder: Path) -> None:
    """Two further forms come back from the first office: the answer and another one, made from the same form."""
    path = min((folder / FORMS).glob("*.xlsx"))
    second = path.with_name(f"{path.stem} ฉบับที่ 2{path.suffix}")
    shutil.copy(path, second)
    for form, said in ((path, "ประชุมหารือแล้วหนึ่งครั้ง"), (second, "ประชุมหารือแล้วสองครั้ง")):
        desk, sheet = Desk(form), FORM_SHEETS[1]
        block = sheet.block("form")
        told: Mapping[ColumnKey, str | int] = {"status": "อยู่ระหว่างดำเนินการ", "percent": 50, "done": said}
        desk.type(sheet, block, block.first_row, told)
        desk.save()


def _chosen(folder: Path) -> None:
    """Of two answers that contradict each other, the later one holds."""
    desk = Desk(folder / BOOK)
    block, grid = desk.block(ANSWERS, "answers"), desk.port.read(ANSWERS.title)
    row = next(r for r in grid.rows if grid.at(r, block.column_number("done")) == "ประชุมหารือแล้วสองครั้ง")
    desk.type(ANSWERS, block, row, {"use": "ใช้"})
    desk.save()


def _changed(folder: Path) -> None:
    """After the signature a date of the plan is put off."""
    desk = Desk(folder / BOOK)
    block, grid = desk.block(MEASURES, "measures"), desk.port.read(MEASURES.title)
    row = next(r for r in range(block.first_row, block.last_row) if grid.at(r, block.column_number("due")))
    desk.type(MEASURES, block, row, {"due": "เมษายน 2566"})
    desk.save()


SENDERS = (3, 11, 13, 16)
"""By their numbers in the made-up country; the last one's file is damaged on its way."""


def _received(folder: Path) -> None:
    """Agencies of one province send their workbooks; one file is cut off."""
    for number in SENDERS:
        made = generate.make(number, mix=generate.Mix(mistakes=0))
        path = folder / PROVINCE / f"{made.agency.short} 2565.xlsx"
        path.parent.mkdir(exist_ok=True)
        assert made.content is not None
        path.write_bytes(made.content)
        desk = Desk(path)
        desk.field("province", "พิษณุโลก")
        desk.field("mail_to", f"agency{number}@example.go.th")
        desk.field("mail_cc", None)
        desk.save()
    path.rename(folder / path.name)
    (folder / PROVINCE / path.name).write_bytes((folder / path.name).read_bytes()[:50_000])


def _sent_again(folder: Path) -> None:
    """The agency whose file was cut off sends it again."""
    for path in folder.glob("*.xlsx"):
        if (folder / PROVINCE / path.name).exists():
            path.replace(folder / PROVINCE / path.name)


def _damaged(folder: Path) -> None:
    """A copy of the workbook is cut off, as on a stick that was pulled out."""
    (folder / "แฟ้มเสีย.xlsx").write_bytes((folder / BOOK).read_bytes()[:50_000])


def _tidied(folder: Path) -> None:
    """Earlier drafts and the next year's workbook are put away."""
    kept = folder / "เก็บไว้"
    kept.mkdir()
    for path in (*folder.glob("*.eml"), *folder.glob("* 2566.xlsx")):
        path.rename(kept / path.name)


HANDS: Mapping[str, Callable[[Path], None]] = {
    "fills in the first sheet": _about,
    "improves the plan": _plan,
    "has read the texts": _read,
    "changes the plan": _changed,
    "offices answer": _answers,
    "an office answers twice": _later,
    "chooses an answer": _chosen,
    "puts earlier files away": _tidied,
    "agencies send": _received,
    "an agency sends again": _sent_again,
    "a copy is damaged": _damaged,
}
"""What the Markdown names in `<!-- hand: NAME -->`."""


def begin(folder: Path) -> None:
    """Lay out the files with which the example begins."""
    for path in EXAMPLES.iterdir():
        shutil.copy(path, folder / path.name)
