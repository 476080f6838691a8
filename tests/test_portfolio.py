"""The view over many agencies: which workbooks it counts, and what it makes of them."""

from __future__ import annotations

import random
import re
import statistics
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest

from ita_xl.batch import portfolio
from ita_xl.batch.portfolio import frames, tables
from ita_xl.data import say
from ita_xl.domain.codes import Code
from tests.conftest import sure
from tests.portfolio_desk import Write, a_write, failed, heading, record  # noqa: F401


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
