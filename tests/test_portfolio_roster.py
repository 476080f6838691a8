"""The list of agencies that were to send something: who is missing, and who is not on it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ita_xl.batch import portfolio
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from tests.portfolio_desk import Write, a_write, failed, heading, record  # noqa: F401

ROSTER = "หน่วยงาน,จังหวัด,อำเภอ\nเทศบาลตำบลปัว,น่าน,ปัว\nอบต.ศิลาแลง,น่าน,ปัว\nเทศบาลตำบลเวียงสา,น่าน,เวียงสา\n"


def test_the_roster_names_who_is_missing_and_who_is_not_on_it(write: Write) -> None:
    records = [record("เทศบาลตำบลปัว"), record("เทศบาลตำบลท่าวังผา"), failed("ส่งมา/เทศบาลตำบลเวียงสา (2).xlsx")]
    book = write(records, ROSTER)
    keys = [heading(key) for key in ("status", "year", "agency", "likely")]
    assert [[row[key] for key in keys] for row in book.rows("sending")] == [
        ["ยังไม่ส่ง", 2568, "เทศบาลตำบลเวียงสา", "เทศบาลตำบลเวียงสา (2).xlsx"],
        ["ยังไม่ส่ง", 2568, "อบต.ศิลาแลง", None],
        ["ไม่อยู่ในบัญชี", 2568, "เทศบาลตำบลท่าวังผา", None],
    ]
    assert "ยังไม่ส่งแฟ้มมี 2 แห่งจาก 3 แห่ง" in book.says("overview")


def test_a_similar_name_of_the_province_is_offered_for_both(write: Write) -> None:
    records = [record("เทศบาลตำบลปัว"), record("องค์การบริหารส่วนตำบลศิลาแลงค์"), record("เทศบาลตำบลเวียงสา")]
    rows = write(records, ROSTER).rows("sending")
    assert [(row["หน่วยงาน"], row[heading("likely")]) for row in rows] == [
        ("อบต.ศิลาแลง", "องค์การบริหารส่วนตำบลศิลาแลงค์"),
        ("องค์การบริหารส่วนตำบลศิลาแลงค์", "อบต.ศิลาแลง (ปัว)"),
    ]


def test_similar_names_of_other_types_or_provinces_are_not_offered(write: Write) -> None:
    records = [record("เทศบาลตำบลศิลาแลง"), record("องค์การบริหารส่วนตำบลศิลาแลงค์", province="แพร่")]
    assert not any(write(records, ROSTER).column("sending", "likely"))


def test_two_places_of_one_name_are_not_mixed_up(write: Write) -> None:
    listed = "agency,province,district\nเทศบาลตำบลบ้านใหม่,น่าน,ปัว\nเทศบาลตำบลบ้านใหม่,น่าน,นาน้อย\n"
    book = write([record("เทศบาลตำบลบ้านใหม่", district="ปัว")], listed)
    assert book.column("sending", "district") == ["นาน้อย"]


def test_everybody_has_sent_says_so_and_without_any_file_everybody_is_missing(write: Write) -> None:
    listed = "agency\nเทศบาลตำบลปัว\n"
    assert "ทั้ง 1 แห่งส่งแฟ้มแล้ว" in write([record("เทศบาลตำบลปัว")], listed).sentence("sending")
    book = write([], listed)
    assert book.column("sending", "agency") == ["เทศบาลตำบลปัว"]
    assert book.column("sending", "year") == [None]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
@pytest.mark.parametrize("heading_row", ["agency,type,Province", "ชื่อหน่วยงาน,ประเภทหน่วยงาน,จังหวัด"])
def test_a_roster_is_read_under_thai_and_english_headings(encoding: str, heading_row: str, tmp_path: Path) -> None:
    from ita_xl.batch.portfolio import roster

    path = tmp_path / "r.csv"
    path.write_text(f"บัญชีหน่วยงาน ปี 2568,,\n{heading_row}\n เทศบาลตำบล  ปัว ,ทต.,น่าน\n,,\n", encoding=encoding)
    agencies, findings = roster.read(path)
    assert agencies == [roster.RosterLine("เทศบาลตำบล ปัว", "น่าน", "", "ทต.")]
    assert [finding.code for finding in findings] == [Code.FILE_IN_THAI_ANSI] * (encoding == "cp874")


def test_a_roster_may_be_a_workbook(tmp_path: Path) -> None:
    from ita_xl.batch.portfolio import roster

    book = openpyxl.Workbook()
    book.create_sheet("บัญชี")
    for row in (["บัญชีรายชื่อ"], [], ["ลำดับ", "หน่วยงาน", "อำเภอ"], [1, "เทศบาลตำบลปัว", "ปัว"]):
        book["บัญชี"].append(row)
    book.save(tmp_path / "r.xlsx")
    assert roster.read(tmp_path / "r.xlsx")[0] == [roster.RosterLine("เทศบาลตำบลปัว", "", "ปัว")]


def test_rows_of_a_roster_without_a_name_or_twice_are_reported(tmp_path: Path) -> None:
    from ita_xl.batch.portfolio import roster

    path = tmp_path / "r.csv"
    path.write_text("agency,province\nเทศบาลตำบลปัว,น่าน\n,น่าน\nทต.ปัว,จังหวัดน่าน\n", encoding="utf-8")
    agencies, findings = roster.read(path)
    assert len(agencies) == 1
    assert [(f.code, f.values["rows"]) for f in findings] == [
        (Code.ROSTER_WITHOUT_NAMES, "3"),
        (Code.ROSTER_REPEATS, "4"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("r.csv", "หน่วยงาน,จังหวัด\nปัว,น่าน".encode("utf-16-le"), Code.ROSTER_UNREADABLE),
        ("r.csv", b"name of it,where\na,b", Code.ROSTER_UNREADABLE),
        ("r.csv", b"", Code.ROSTER_UNREADABLE),
        ("r.csv", b'agency\n"open', Code.ROSTER_UNREADABLE),
        ("r.txt", b"agency\na", Code.ROSTER_UNREADABLE),
        ("r.csv", None, Code.FILE_MISSING),
    ],
)
def test_a_roster_that_cannot_be_read_is_reported_before_anything_is_done(
    name: str, content: bytes | None, code: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Unusable) as error:
        portfolio.check(tmp_path / "p.xlsx", tmp_path / name)
    assert [finding.code for finding in error.value.findings] == [code]
