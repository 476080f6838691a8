"""The view over many agencies: what it counts, how it looks in a workbook, what other programs get."""

from __future__ import annotations

import csv
import errno
import io
import random
import re
import statistics
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from bench.portfolio import records as made_up
from ita_xl.batch import portfolio
from ita_xl.batch.portfolio import frames, tables, workbook
from ita_xl.batch.record import Record, State
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from tests.conftest import sure
from tests.held import under_wine

SHEETS = [
    *"overview agencies indicators weak near missing".split(),
    *"plans themes late overdue worked sending unused texts".split(),
]

PARQUET = pytest.mark.skipif(under_wine(), reason="Wine loads no numpy that is new enough for pyarrow")


def record(agency: str, total: float | None = 90.0, **more: Any) -> Record:
    """A converted workbook of 2568 in one province, unless more is said."""
    given: dict[str, Any] = {"province": "น่าน", "year": 2568, "agency_type": "เทศบาลตำบล", "state": State.DONE}
    given |= {"source": f"ส่งมา/{agency}.xlsx", "output": f"{agency}.xlsx"}
    return Record(agency=agency, total=total, **given | more)


def failed(source: str, message: str = "แฟ้มเสียหาย") -> Record:
    finding = {"code": Code.FILE_DAMAGED, "severity": "error", "message": message, "hint": "ใช้สำเนาที่สมบูรณ์"}
    return Record(source, State.FAILED, findings=[finding])


def title(key: str, lang: str = "th") -> str:
    return say(f"portfolio.sheets.{key}", lang)


def heading(key: str) -> str:
    return say(f"portfolio.headings.{key}", mark=frames.PASS_MARK)


class Book:
    """A portfolio workbook as another program reads it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def page(self, key: str) -> Worksheet:
        return self.book[title(key)]

    def top(self, key: str) -> int:
        """The row of the table's heading."""
        (row,) = re.findall(r"\$(\d+)$", str(self.page(key).print_title_rows))
        return int(row)

    def rows(self, key: str) -> list[dict[str, Any]]:
        """The table by heading."""
        page: Any = self.page(key)
        names, *rows = ([cell.value for cell in row] for row in page[page.auto_filter.ref])
        return [dict(zip(names, row, strict=True)) for row in rows]

    def column(self, key: str, column: str) -> list[Any]:
        return [row[heading(column)] for row in self.rows(key)]

    def sentence(self, key: str) -> str:
        return str(self.page(key)["A2"].value)

    def says(self, key: str) -> str:
        """All texts of a sheet."""
        return "\n".join(str(c.value) for row in self.page(key).iter_rows() for c in row if c.value is not None)


Write = Callable[..., Book]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a portfolio workbook and read it back."""

    def write(records: Sequence[Record], roster: str | None = None, **more: Any) -> Book:
        listed = None
        if roster is not None:
            listed = tmp_path / "บัญชี.csv"
            listed.write_text(roster, encoding="utf-8")
        portfolio.write(records, tmp_path / "ภาพรวม.xlsx", listed, **more)
        return Book(tmp_path / "ภาพรวม.xlsx")

    return write


def half_up(value: Fraction) -> float:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


# Which records count


def test_of_two_workbooks_of_one_agency_and_year_the_newer_counts() -> None:
    old, new = record("เทศบาลตำบลปัว", modified=1), record("เทศบาลตำบลปัว", source="b.xlsx", modified=2)
    last_year = record("เทศบาลตำบลปัว", year=2567, source="c.xlsx")
    found = portfolio.counted([old, new, last_year])
    assert found.counting == [new, last_year]
    assert found.superseded == [(old, new)]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"agency": "อบต. บ้านใหม่"}, True),
        ({"agency": "องค์การบริหารส่วนตำบล บ้านใหม่"}, True),
        ({"province": "จังหวัดน่าน"}, True),
        ({"province": "แพร่"}, False),
        ({"agency": "เทศบาลตำบลบ้านใหม่"}, False),
        ({"district": ""}, True),
        ({"district": "อ.ปัว"}, True),
        ({"district": "เวียงสา"}, False),
    ],
)
def test_agencies_are_told_apart_by_name_province_and_district(other: dict[str, str], same: bool) -> None:
    given: dict[str, Any] = {"agency": "องค์การบริหารส่วนตำบลบ้านใหม่", "province": "น่าน", "district": "ปัว"}
    first, second = record(**given, source="a.xlsx"), record(**given | other, source="b.xlsx")
    assert len(portfolio.counted([first, second]).counting) == (1 if same else 2)


def test_a_missing_district_is_not_guessed_where_two_have_the_name() -> None:
    three = [record("เทศบาลตำบลบ้านใหม่", district=d, source=f"{n}.xlsx") for n, d in enumerate(("ปัว", "นาน้อย", ""))]
    assert len(portfolio.counted(three).counting) == 3


def test_workbooks_without_an_agency_name_do_not_replace_each_other() -> None:
    assert len(portfolio.counted([record("", source="a"), record("", source="b")]).counting) == 2


def test_failed_workbooks_and_those_without_a_year_are_not_ranked(write: Write) -> None:
    unknown = record(
        "เทศบาลตำบลปัว", year=0, findings=[{"code": Code.YEAR_UNUSABLE, "severity": "error", "message": "ไม่มีปี"}]
    )
    book = write([record("เทศบาลตำบลเชียงกลาง"), failed("x.xlsx"), unknown])
    assert book.column("agencies", "agency") == ["เทศบาลตำบลเชียงกลาง"]
    assert book.column("unused", "reason") == ["แฟ้มเสียหาย", "ไม่มีปี"]
    assert book.column("unused", "status") == ["ใช้ไม่ได้", "ไม่ทราบปี"]


# Figures


def test_ranks_are_competition_ranks_within_year_province_and_type() -> None:
    chance = random.Random(4)
    records = [
        record(
            f"หน่วยงาน {n}",
            chance.choice([None, 80.0, 85.0, 90.12, 95.5, 99.99]),
            province=chance.choice(["น่าน", "แพร่", ""]),
            agency_type=chance.choice(["เทศบาลตำบล", "เทศบาลเมือง", ""]),
            year=chance.choice([2567, 2568]),
        )
        for n in range(60)
    ]
    found = frames.ranks(frames.facts(records))
    for at, one in enumerate(records):
        same_year = [each for each in records if each.year == one.year and each.total is not None]
        for column, group in (("rank", None), ("rank_province", "province"), ("rank_type", "agency_type")):
            peers = [each for each in same_year if not group or getattr(each, group) == getattr(one, group)]
            rank = found[column][at]
            if one.total is None or (group and not getattr(one, group)):
                assert rank is None
            else:
                assert rank == 1 + sum(sure(each.total) > one.total for each in peers)


def one_row(table: tables.Table) -> dict[str, Any]:
    assert tables.length(table) == 1
    return {name: column[0] for name, column in table.items()}


def test_means_medians_and_shares_are_rounded_half_up_from_exact_figures() -> None:
    chance = random.Random(5)
    for number in (1, 2, 3, 8, 40):
        totals = [chance.randrange(7000, 10001) / 100 for _ in range(number)]
        row = one_row(frames.figures(totals, ["ก"] * number))
        exact = [Fraction(str(total)) for total in totals]
        passed = sum(total >= 85 for total in totals)
        assert row["mean"] == half_up(sum(exact, Fraction(0)) / number)
        assert row["median"] == half_up(statistics.median(exact))
        assert row["share"] == half_up(Fraction(100 * passed, number))
        assert (row["count"], row["passed"], row["highest"]) == (number, passed, max(totals))


def test_a_mean_between_two_hundredths_goes_up() -> None:
    row = one_row(frames.figures([88.12, 88.13], ["ก", "ก"]))
    assert (row["mean"], row["median"]) == (88.13, 88.13)


def test_exactly_the_pass_mark_counts_as_reached() -> None:
    row = one_row(frames.figures([85.0, 84.99], ["ก", "ก"]))
    assert (row["passed"], row["share"]) == (1, 50.0)


def test_an_unknown_total_is_blank_without_rank_and_counted_as_not_computable(write: Write) -> None:
    book = write([record("ก", 90.0), record("ข", None, level=""), record("ค", 80.0)])
    rows = {row[heading("agency")]: row for row in book.rows("agencies")}
    assert rows["ข"][heading("total")] is None
    assert [rows[name][heading("rank")] for name in "กขค"] == [1, None, 2]
    assert "คำนวณคะแนนรวมไม่ได้ 1 แห่ง" in book.says("overview")
    assert "คะแนนรวมเฉลี่ย 85.00 คะแนน" in book.says("overview")
    assert "1 แห่ง คิดเป็นร้อยละ 50.00" in book.says("overview")


def test_what_is_not_known_is_never_zero(write: Write) -> None:
    (row,) = write([record("ก", None)]).rows("agencies")
    blank = "total level change rank_province IIT OIT weak missing next_level gap".split()
    assert [row[heading(key)] for key in blank] == [None] * len(blank)


def test_every_year_has_its_own_ranks_and_the_newest_stands_first(write: Write) -> None:
    records = [record("ก", 80.0, year=2567), record("ก", 70.0), record("ข", 99.0, year=2567), record("ข", 60.0)]
    book = write(records)
    found = [(row["ปี"], row[heading("rank")], row["หน่วยงาน"]) for row in book.rows("agencies")]
    assert found == [(2568, 1, "ก"), (2568, 2, "ข"), (2567, 1, "ข"), (2567, 2, "ก")]
    text = book.says("overview")
    assert text.index("ปีงบประมาณ พ.ศ. 2568") < text.index("ปีงบประมาณ พ.ศ. 2567")


def test_the_change_is_the_one_since_last_year(write: Write) -> None:
    book = write([record("ก", changes={2567: -1.25, 2566: 4.0}), record("ข", changes={2566: 4.0})])
    assert book.column("agencies", "change") == [-1.25, None]


def test_levels_stand_in_the_order_of_the_year_with_empty_ones_and_a_chart(write: Write) -> None:
    records = [record(name, level=level, year=2565) for name, level in (("ก", "B"), ("ข", "AA"), ("ค", "B"))]
    book = write(records)
    page = book.page("overview")
    rows = [[cell.value for cell in row] for row in page.iter_rows(max_col=3)]
    at = next(n for n, row in enumerate(rows) if row[0] == heading("level"))
    assert [row[0] for row in rows[at + 1 : at + 8]] == ["AA", *"ABCDEF"]
    assert [row[1] for row in rows[at + 1 : at + 8]] == [1, 0, 2, 0, 0, 0, 0]
    assert rows[at + 3][2] == 66.67
    with zipfile.ZipFile(book.path) as package:
        chart = package.read("xl/charts/chart1.xml").decode()
    assert re.findall(r"<c:v>([^<]*)</c:v>", chart)[-7:] == ["1", "0", "2", "0", "0", "0", "0"]


def test_common_weaknesses_count_agencies_among_those_with_a_score(write: Write) -> None:
    scores = [{"I1": 80.0, "I2": 84.99}, {"I1": 90.0, "I2": 60.0}, {"I2": 100.0}]
    records = [
        record(f"ก{n}", questions=each, weak=[code for code, score in each.items() if score < 85], year=2565)
        for n, each in enumerate(scores)
    ]
    keys = [heading(key) for key in ("code", "topic", "count", "of", "share", "mean")]
    found = [[row[key] for key in keys] for row in write(records).rows("weak")]
    topics = ["การให้บริการผู้มาติดต่ออย่างเท่าเทียม", "การปฏิบัติงานตามขั้นตอนและระยะเวลาที่กำหนด"]
    assert found == [["I2", topics[0], 2, 3, 66.67, 81.66], ["I1", topics[1], 1, 2, 50.0, 85.0]]


def test_common_missing_items_name_item_and_group(write: Write) -> None:
    records = [record("ก", questions={"O1": 0.0, "O2": 100.0}, missing=["O1"], year=2565)]
    (row,) = write(records).rows("missing")
    assert [row[heading(key)] for key in ("code", "topic", "count", "share")] == ["O1", "โครงสร้าง", 1, 100]
    assert row[heading("indicator")] == "9.1 ข้อมูลพื้นฐาน"


def test_the_nearest_to_the_next_level_come_first_and_what_cannot_reach_it_last(write: Write) -> None:
    def way(gap: float, *gains: float) -> dict[str, Any]:
        path = [{"code": f"O{n}", "gain": gain} for n, gain in enumerate(gains, 1)]
        return {"level": "ผ่านดีเยี่ยม", "gap": gap, "path": path, "tied": [], "total_after": 95.0}

    records = [
        record("ไกล", level="ผ่านดี", next_level=way(4.0, 5.0)),
        record("ไม่ถึง", level="ผ่านดี", next_level=way(0.5)),
        record("ใกล้", level="ผ่านดี", next_level=way(0.5, 0.8, 0.4)),
        record("สูงสุด", level="ผ่านดีเยี่ยม"),
    ]
    rows = write(records).rows("near")
    assert [row["หน่วยงาน"] for row in rows] == ["ใกล้", "ไกล", "ไม่ถึง"]
    assert rows[0][heading("steps")] == "O1\u00a0(+0.80), O2\u00a0(+0.40)"
    assert rows[2][heading("steps")] == say("portfolio.no_way")
    assert rows[2][heading("total_after")] is None


def test_the_matrix_has_every_indicator_by_name(write: Write) -> None:
    book = write([record("ก", 90.0, indicators={"10": 70.0, "9": None, "1": 99.5})])
    (row,) = book.rows("indicators")
    assert list(row)[-3:] == ["1 การปฏิบัติหน้าที่", "9 การเปิดเผยข้อมูล", "10 การป้องกันการทุจริต"]
    assert list(row.values())[-3:] == [99.5, None, 70.0]
    assert "10 การป้องกันการทุจริต (70.00 คะแนน)" in book.sentence("indicators")
    page, top = book.page("indicators"), book.top("indicators")
    fills = {page.cell(top + 1, column).fill.start_color.rgb for column in (5, 7)}
    assert len(fills) == 2, "high and low scores have other colours"


def test_agencies_with_identical_texts_are_groups_and_one_agencys_two_years_are_none(write: Write) -> None:
    records = [
        record("ก", own_texts={"m1": "สรุปผล!C9", "m2": "มาตรการ!D9"}),
        record("ข", own_texts={"m1": "สรุปผล!C9", "m2": "มาตรการ!D10", "m3": "มาตรการ!D11"}),
        record("ค", own_texts={"m3": "มาตรการ!D9", "m4": "มาตรการ!D12"}),
        record("ค", year=2567, own_texts={"m4": "มาตรการ!D12"}),
    ]
    rows = write(records).rows("texts")
    found = [(row["กลุ่มที่"], row["หน่วยงาน"], row[heading("places")]) for row in rows]
    assert found == [
        (1, "ก", "สรุปผล!C9, มาตรการ!D9"),
        (1, "ข", "สรุปผล!C9, มาตรการ!D10"),
        (2, "ข", "มาตรการ!D11"),
        (2, "ค", "มาตรการ!D9"),
    ]


# Who has sent


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


# The workbook


def test_all_sheets_are_there_and_can_be_printed(write: Write) -> None:
    book = write(list(made_up(80)), "agency\nเทศบาลตำบลปัว\n")
    assert book.book.sheetnames == [title(key) for key in SHEETS]
    for key in SHEETS:
        page: Any = book.page(key)
        assert (page.page_setup.orientation, int(page.page_setup.paperSize)) == ("landscape", 9), key
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert (page.page_setup.fitToHeight, page.oddFooter.center.text) == (0, say("portfolio.page"))
        assert page.print_area
        if key != "overview":
            top = book.top(key)
            assert page.freeze_panes.endswith(str(top + 1))
            assert page.auto_filter.ref.startswith(f"A{top}:")
            assert all(cell.value for cell in page[page.auto_filter.ref][0])


def test_numbers_are_numbers_and_texts_are_texts(write: Write) -> None:
    book = write(
        [record("=1+1", 82.46, level="ผ่าน"), record("+66 2", 100.0), record("-", 81.0), record("@a", 80.0)]
    )
    page, top = book.page("agencies"), book.top("agencies")
    assert book.column("agencies", "agency") == ["+66 2", "=1+1", "-", "@a"]
    for row in range(top + 1, top + 5):
        name, total = page.cell(row, 3), page.cell(row, 5)
        assert (name.data_type, name.quotePrefix) == ("s", True)
        assert (total.data_type, total.number_format[:4]) == ("n", "0.00")
    assert page.cell(top + 2, 5).value == 82.46, "to the last digit"
    assert "<f>" not in "".join(_parts(book.path, "xl/worksheets/"))


def test_results_are_linked_from_where_the_portfolio_stands(tmp_path: Path) -> None:
    name = "ปัว #1 50%20 'x'.xlsx"
    results = tmp_path / "ผล"
    (tmp_path / "สรุป").mkdir()
    target = tmp_path / "สรุป" / "p.xlsx"
    portfolio.write([record("ก", output=f"น่าน/{name}")], target, folder=results)
    (rels,) = _parts(target, "xl/worksheets/_rels/sheet2")
    (link,) = [t for t in re.findall(r'Target="([^"]*)"', rels) if "xlsx" in t]
    assert unquote(link).replace("\\", "/") == f"../ผล/น่าน/{name}"
    assert "#" not in link
    assert Book(target).column("agencies", "output") == [name]


def test_a_portfolio_of_nothing_and_of_one_says_something_on_every_sheet(write: Write) -> None:
    for records in ([], [record("ก", None)], [failed("x.xlsx")]):
        book = write(records)
        for key in SHEETS[1:]:
            assert len(book.sentence(key)) > 10, key
        assert "None" not in book.says("overview")
    assert "ไม่มีแฟ้มที่นำมาสรุปผลได้" in book.says("overview")


def test_the_first_sheet_leads_to_all_others_with_what_they_come_to(write: Write) -> None:
    book = write(list(made_up(40)))
    cells = [cell for row in book.page("overview").iter_rows() for cell in row]
    links = {cell.hyperlink.location for cell in cells if cell.hyperlink}
    assert links == {f"'{title(key)}'!A1" for key in SHEETS[1:]}
    for key in SHEETS[1:]:
        assert book.sentence(key) in book.says("overview")


def test_a_sheet_never_has_more_rows_than_it_can_and_says_what_it_left_out(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 2)
    book = write([record(name) for name in "กขค"])
    assert len(book.rows("agencies")) == 2
    assert "2 แถวแรกจากทั้งหมด 3 แถว" in book.sentence("agencies")


@PARQUET
def test_odd_workbooks_do_not_spoil_the_portfolio(write: Write, tmp_path: Path) -> None:
    odd = record(
        "ก\udce0\x00\ufffe\n" + "ย" * 40_000,
        level="ระดับของตนเอง",
        year=2599,
        indicators={f"{n}": 1.0 for n in range(2000)} | {"year": 2.0, "agency": 3.0},
        questions={"rank": 1.0, "=1": 2.0, "O": 0.0},
        weak=["rank", "=1"],
        missing=["O"],
        output="ก" * 3000 + ".xlsx",
        modified=1e13,
    )
    book = write([odd, record("ข", year=2599)])
    assert book.column("agencies", "rank") == [1, 1]
    assert max(len(name) for name in book.column("agencies", "agency")) == 32_767, "what a cell takes"
    for kind in ("csv", "parquet"):
        portfolio.write([odd], tmp_path / f"p.{kind}")
    assert "'=1" in (tmp_path / "p.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")


def test_english_is_spoken_on_request(write: Write, tmp_path: Path) -> None:
    english = {"province": "Nan", "agency_type": "Town", "year": 2565, "level": "A"}
    records = [record("Pua", 90.0, **english), record("", None, **english | {"source": "b.xlsx", "level": ""})]
    write([*records, failed("x.xlsx", "damaged")], "agency\nSila Laeng\n", lang="en")
    book = openpyxl.load_workbook(tmp_path / "ภาพรวม.xlsx")
    assert book.sheetnames == [title(key, "en") for key in SHEETS]
    texts = [str(cell.value) for page in book for row in page.iter_rows() for cell in row]
    assert [text for text in texts if re.search("[ก-๙]", text)] == ["ใช้สำเนาที่สมบูรณ์"], "the finding's own hint"


# Other kinds, and the file itself


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_a_csv_has_a_row_per_workbook_and_opens_in_thai(tmp_path: Path) -> None:
    old = record("ก", 80.0, modified=-1, source="เก่า.xlsx")
    records = [
        old,
        record("ก", 82.5, indicators={"9": 70.0}, questions={"I1": 81.0}, weak=["I1"]),
        failed("x.xlsx"),
    ]
    portfolio.write(records, tmp_path / "p.csv")
    assert (tmp_path / "p.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = read_csv(tmp_path / "p.csv")
    assert [row[heading("status")] for row in rows] == ["ใช้ในการจัดอันดับ", "มีฉบับใหม่กว่า", "ใช้ไม่ได้"]
    assert [row[heading("rank")] for row in rows] == ["1", "", ""]
    assert [row[heading("total")] for row in rows] == ["82.50", "80.00", ""]
    assert (rows[0]["ตัวชี้วัด 9"], rows[0]["I1"], rows[0][heading("weak_codes")]) == ("70.00", "81.00", "I1")
    assert rows[2][heading("reason")] == "แฟ้มเสียหาย"


def test_no_text_of_a_csv_is_a_formula(tmp_path: Path) -> None:
    bad = ["=cmd|'/C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", " =1", "＝1"]
    records = [record(text, source=f"={n}", changes={2567: -2.5}) for n, text in enumerate(bad)]
    portfolio.write(records, tmp_path / "p.csv")
    cells = [cell for row in read_csv(tmp_path / "p.csv") for cell in row.values()]
    started = [cell for cell in cells if cell[:1] in tuple("=+-@＝\t")]
    assert set(started) == {"-2.50"}, "only numbers begin with a sign"


@PARQUET
def test_parquet_has_types_and_stable_names(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    portfolio.write([record("ก", 82.5, questions={"I1": 81.0}), failed("x.xlsx")], tmp_path / "p.parquet")
    found = pd.read_parquet(tmp_path / "p.parquet")
    assert found["status"].tolist() == ["counting", "failed"]
    assert [found["total"].dtype, found["rank"].dtype, found["question_I1"][0]] == ["float64", "Int64", 81.0]
    assert found["year"].tolist() == [2568, pd.NA]


def test_without_pyarrow_everything_else_works_and_parquet_says_what_to_install(tmp_path: Path) -> None:
    program = """
import sys
sys.modules["pyarrow"] = None
from pathlib import Path
from ita_xl.batch import portfolio
from bench.portfolio import records
from ita_xl.domain.findings import Unusable
made = list(records(30))
portfolio.write(made, Path(sys.argv[1]) / "p.xlsx")
portfolio.write(made, Path(sys.argv[1]) / "p.csv")
try:
    portfolio.check(Path(sys.argv[1]) / "p.parquet")
except Unusable as error:
    print(error.findings[0].code)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.strip() == Code.PYARROW_NOT_INSTALLED
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.csv", "p.xlsx"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("p.xls", Code.PORTFOLIO_KIND_UNKNOWN),
        ("p", Code.PORTFOLIO_KIND_UNKNOWN),
        ("ไม่มี/p.xlsx", Code.FILE_UNWRITABLE),
        ("folder.xlsx", Code.FILE_IS_FOLDER),
        ("open.xlsx", Code.FILE_OPEN_ELSEWHERE),
    ],
)
def test_what_cannot_be_written_is_known_before_the_work(name: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "~$open.xlsx").write_bytes(b"")
    with pytest.raises(Unusable) as error:
        portfolio.check(tmp_path / name)
    assert [finding.code for finding in error.value.findings] == [code]


def test_the_same_records_give_the_same_file_and_a_changed_one_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "p.xlsx"
    portfolio.write([record("ก")], target)
    first = target.read_bytes()
    portfolio.write([record("ก")], target)
    assert [path.name for path in tmp_path.iterdir()] == ["p.xlsx"]
    portfolio.write([record("ข")], target)
    assert (tmp_path / "p.backup-001.xlsx").read_bytes() == first


@pytest.mark.parametrize("when", ["before the work", "in its midst"])
def test_without_room_for_what_is_in_the_making_it_is_said_and_nothing_is_left(
    when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if when == "before the work":
        monkeypatch.setattr(workbook, "TemporaryDirectory", full)
    else:
        monkeypatch.setattr("xlsxwriter.packager.Packager._create_package", full)
    with pytest.raises(Unusable) as error:
        portfolio.write([record("ก")], tmp_path / "p.xlsx")
    (finding,) = error.value.findings
    assert (finding.code, finding.values["detail"]) == (Code.FILE_UNWRITABLE, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_counting_needs_no_heavy_library() -> None:
    program = "import sys, ita_xl.batch.portfolio; print({'pandas', 'xlsxwriter', 'openpyxl'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_workbook_and_csv_are_made_without_data_frames_and_without_openpyxl(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from ita_xl.batch import portfolio
from ita_xl.batch.record import Record, State
one = Record("a.xlsx", State.DONE, "a.xlsx", agency="A", year=2568, total=90.0, questions={"I1": 90.0})
for kind in ("xlsx", "csv"):
    portfolio.write([one], Path(sys.argv[1]) / f"p.{kind}")
print({"pandas", "numpy", "openpyxl"} & set(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def _parts(path: Path, prefix: str) -> list[str]:
    with zipfile.ZipFile(path) as package:
        return [
            package.read(n).decode()
            for n in package.namelist()
            if n.startswith(prefix) and n.endswith(("xml", "rels"))
        ]
