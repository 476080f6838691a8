"""What a check says of a workbook beyond its findings: what is right, how far the work is, and what comes next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ita_xl.data import command
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from tests.conftest import Ita

SIGNER = ("--on", "1 ตุลาคม 2565", "--by", "นายสมชาย ใจดี")


@pytest.fixture
def book(samples: Path, tmp_path: Path) -> Path:
    """The reference case, never run, under a name with a space."""
    path = tmp_path / "อบจ พิษณุโลก.xlsx"
    path.write_bytes((samples / "reference-2565.xlsx").read_bytes())
    return path


def typed(path: Path, **cells: Any) -> None:
    """Type into the sheet of internal scores, or empty cells there, as a person does."""
    port = OpenpyxlBook.open(path)
    for cell, value in cells.items():
        port.book["คะแนน IIT"][cell] = value
    port.save(path)


def state(ita: Ita, path: Path) -> tuple[str, list[str]]:
    found = ita("check", path, "--json").json
    return found["state"], found["next"]


def test_a_clean_workbook_is_told_what_is_right_and_what_comes_next(ita: Ita, book: Path) -> None:
    done = ita("check", book)
    assert (done.code, done.out) == (0, "")
    assert [line.strip() for line in done.err.splitlines()] == [
        f"{book}:",
        "ตรวจแล้วถูกต้อง",
        "ปีงบประมาณ พ.ศ. 2565 โครงสร้าง 3 เครื่องมือ 10 ตัวชี้วัด 88 ข้อคำถาม ซึ่งคำนวณได้ตรงกับผลที่ประกาศของปีนั้น",
        "คะแนนรายข้อ: IIT ครบ 30 ข้อ, EIT ครบ 15 ข้อ, OIT ครบ 43 ข้อ",
        "คะแนนที่ประกาศ 18 รายการตรงกับคะแนนที่คำนวณได้ รวมทั้งคะแนนรวม 96.99",
        "ระดับ AA ตรงกับระดับที่ประกาศ",
        "สิ่งที่ต้องทำต่อไป",
        "แฟ้มนี้ยังไม่เคยประมวลผล",
        f'1. ประมวลผล: {command()} run "{book}"',
    ]
    english = ita("check", book, "--lang", "en").err
    assert "18 published scores agree with the computed ones, among them the total of 96.99" in english
    assert "This workbook was never run." in english


def test_what_comes_next_follows_the_work_from_the_first_run_to_the_signed_document(ita: Ita, book: Path) -> None:
    assert state(ita, book) == ("never", ["run"])
    ita("run", book)
    assert state(ita, book) == ("unsigned", ["report", "sign"])
    told = ita("check", book).err
    assert "มาตรการปีถัดไป 5 มาตรการ 16 ขั้นตอน ระบุผู้รับผิดชอบ กำหนดแล้วเสร็จ และการรายงานผลครบทุกขั้นตอน" in told
    assert "ผลในแผ่นงานตรงกับข้อมูลที่กรอกไว้" in told
    ita("sign", book, *SIGNER)
    assert state(ita, book) == ("signed", ["forms split", "mail"])
    assert "ลงนามเมื่อ 1 ตุลาคม 2565 โดย นายสมชาย ใจดี และไม่มีส่วนใดเปลี่ยนแปลงหลังลงนาม" in ita("check", book).err
    assert ita("check", book, "--json").json["signed"] == {
        "day": "1 ตุลาคม 2565",
        "person": "นายสมชาย ใจดี",
        "differences": 0,
    }


def test_scores_that_were_changed_since_ask_for_a_run_and_then_for_a_new_signature(ita: Ita, book: Path) -> None:
    ita("run", book)
    ita("sign", book, *SIGNER)
    typed(book, G8=94.6)
    found = ita("check", book, "--json").json
    assert (found["state"], found["next"]) == ("outdated", ["run"])
    assert "สรุปผล" in found["outdated"] and "รายการที่ต้องตรวจแก้" not in found["outdated"]
    ita("run", book)
    assert state(ita, book) == ("differs", ["report", "unsign"])
    told = ita("check", book).err
    assert "--kind changes" in told and "ไม่มีส่วนใดเปลี่ยนแปลงหลังลงนาม" not in told


def test_errors_come_before_all_else_and_nothing_is_called_right(ita: Ita, samples: Path) -> None:
    done = ita("check", samples / "mistakes-2565.xlsx")
    assert done.code == 1
    assert "ตรวจแล้วถูกต้อง" not in done.err
    assert "แก้ไขรายการที่ต้องแก้ไข 7 รายการข้างต้นก่อน" in done.err
    assert state(ita, samples / "mistakes-2565.xlsx")[1] == ["check"]


def test_an_empty_workbook_is_to_be_filled_first(ita: Ita, samples: Path) -> None:
    assert state(ita, samples / "unfilled-2565.xlsx") == ("never", ["import", "check"])
    assert f"{command()} import แฟ้มผล --into" in ita("check", samples / "unfilled-2565.xlsx").err


def test_scores_that_are_missing_are_counted_and_not_called_complete(ita: Ita, book: Path) -> None:
    typed(book, G8=None, G9=None)
    told = ita("check", book).err
    assert "IIT 28 จาก 30 ข้อ, EIT ครบ 15 ข้อ" in told
    assert "ดูรายการที่ควรตรวจสอบ" in told


def test_steps_without_an_office_or_a_month_are_counted(ita: Ita, book: Path) -> None:
    ita("run", book)
    port = OpenpyxlBook.open(book)
    emptied = [c for row in port.book["มาตรการปีถัดไป"].iter_rows() for c in row if c.value == "กันยายน 2566"]
    for cell in emptied:
        cell.value = None
    port.save(book)
    assert f"ที่ยังไม่ได้ระบุ: กำหนดแล้วเสร็จ {len(emptied)} ขั้นตอน" in ita("check", book).err
    assert emptied


def test_of_several_workbooks_each_is_told_in_a_line_and_what_is_next(ita: Ita, book: Path, samples: Path) -> None:
    told = ita("check", book, samples / "mistakes-2565.xlsx").err
    assert told.count("สิ่งที่ต้องทำต่อไป") == 2
    assert "ตรวจแล้วถูกต้อง" not in told
    assert "ปี 2565: 96.99 คะแนน ระดับ AA" in told


def test_a_check_writes_nothing(ita: Ita, book: Path) -> None:
    ita("run", book)
    before = book.read_bytes()
    ita("check", book)
    assert book.read_bytes() == before


def test_what_cannot_be_read_has_nothing_next(ita: Ita, tmp_path: Path) -> None:
    assert ita("check", tmp_path / "none.xlsx", "--json").json["next"] == []
