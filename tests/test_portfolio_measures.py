"""What the portfolio tells of measures: who has a plan, what is carried out, who is late, how scores moved."""

from __future__ import annotations

import csv
import datetime as dt
import json
import pickle
import random
import statistics
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ita_xl import pipeline
from ita_xl.batch import journal, planned, portfolio
from ita_xl.batch.mailing import Mailing
from ita_xl.batch.portfolio import measure_sheets
from ita_xl.batch.portfolio.standing import standing
from ita_xl.batch.record import Record, record_of
from ita_xl.batch.scores import Scores
from ita_xl.case.outcome import Outcome
from ita_xl.data import profiles, say
from ita_xl.domain.plan import PlannedStep
from ita_xl.domain.thai import folded
from ita_xl.engines.package.engine import Package
from ita_xl.layout import ANSWERS, SCORES
from ita_xl.layout.keys import ColumnKey
from ita_xl.new import put_scores
from ita_xl.reading import score_file
from ita_xl.reading.places import standing_sheet
from tests.conftest import Ita, sure
from tests.memory_port import Memory
from tests.portfolio_desk import Book, heading, record
from tests.test_next_year import alike, following, put  # noqa: F401
from tests.worked_in import ran

ON = dt.date(2026, 3, 10)
DONE = say("choices.step_status").split("|")[2]

Write = Callable[..., Book]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a portfolio workbook of a day and read it back."""

    def write(records: Sequence[Record], on: dt.date = ON, **more: Any) -> Book:
        portfolio.write(records, tmp_path / "ภาพรวม.xlsx", on=on, **more)
        return Book(tmp_path / "ภาพรวม.xlsx")

    return write


def task(office: str, due: str, steps: int = 1, done: int = 0, unheard: int = 0) -> tuple[Any, ...]:
    return office, due, steps, done, unheard


def measure(
    name: str, *tasks: tuple[Any, ...], codes: str = "I1", indicators: Sequence[str] = ("1",)
) -> dict[str, Any]:
    return {"name": name, "codes": tuple(codes.split()), "indicators": tuple(indicators), "tasks": list(tasks)}


def last(name: str, before: float | None, after: float | None, progress: str = "done") -> dict[str, Any]:
    given = {"codes": ("I1",), "progress": progress, "effect": "unknown"}
    return {"name": name, "before": before, "after": after, **given}


def row_of(book: Book, sheet: str, column: str, value: str) -> dict[str, Any]:
    (row,) = [row for row in book.rows(sheet) if row[heading(column)] == value]
    return row


def half_up(value: Fraction) -> float:
    return float((Decimal(value.numerator) / value.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP))


# Who has a plan, and how much of it is carried out


def test_plans_are_counted_by_province_as_a_count_by_hand_finds_them(write: Write) -> None:
    chance = random.Random(8)
    records = []
    for n in range(80):
        days = ["2025-12-31", "2026-03-10", "2026-09-30", ""]
        tasks = [
            task(f"กอง{o}", chance.choice(days), 3, chance.randrange(3), 1) for o in range(chance.randrange(4))
        ]
        plan = chance.choice([None, [], [measure("ก", *tasks)]])
        records.append(record(f"หน่วยงาน {n}", plan=plan, province=chance.choice(["น่าน", "แพร่"])))
    book = write(records)
    for name in ("น่าน", "แพร่", say("portfolio.all")):
        mine = [each for each in records if name in (each.province, say("portfolio.all"))]
        known = [each for each in mine if each.plan is not None]
        tasks = [each for of in known for one in sure(of.plan) for each in one["tasks"]]
        late = [(ON - dt.date.fromisoformat(t[1])).days for t in tasks if t[1] == "2025-12-31" and t[2] > t[3]]
        row = row_of(book, "plans", "province", name)
        steps, done = sum(t[2] for t in tasks), sum(t[3] for t in tasks)
        wanted = {
            "count": len(mine),
            "planned": sum(bool(each.plan) for each in known),
            "unplanned": sum(not each.plan for each in known),
            "plan_unknown": len(mine) - len(known),
            "plan_steps": steps,
            "plan_done": done,
            "plan_due": sum(t[2] for t in tasks if t[1] in ("2025-12-31", "2026-03-10")),
            "plan_overdue": sum(t[2] - t[3] for t in tasks if t[1] == "2025-12-31"),
            "plan_no_day": sum(t[2] - t[3] for t in tasks if not t[1]),
            "plan_unheard": sum(t[4] for t in tasks),
            "days_late": max(late, default=0),
            "done_share": half_up(Fraction(100 * done, steps)),
        }
        assert {key: row[heading(key)] for key in wanted} == wanted, name
    assert "ข้อมูล ณ วันที่ 10 มีนาคม 2569" in book.sentence("plans")
    assert book.sentence("plans") in book.says("overview")


def test_a_share_between_two_hundredths_goes_up(write: Write) -> None:
    book = write([record("ก", plan=[measure("ก", task("กอง", "", 800, 1))])])  # 0.125
    assert book.column("plans", "done_share")[0] == 0.13


def test_without_any_province_only_the_whole_is_told(write: Write) -> None:
    book = write([record("ก", province="", plan=[])])
    assert book.column("plans", "province") == [say("portfolio.all")]


def test_every_year_is_counted_by_itself_newest_first(write: Write) -> None:
    book = write([record("ก", plan=[measure("ก")]), record("ก", year=2567, plan=[])])
    assert book.column("plans", "year") == [2568, 2568, 2567, 2567]
    assert book.column("plans", "planned") == [1, 1, 0, 0]


def test_what_is_not_known_of_a_plan_is_blank_and_counted_as_unknown(write: Write) -> None:
    old = record("ก", measures=4)
    book = write([old])
    for row in book.rows("plans"):
        assert row[heading("plan_unknown")] == 1
        blank = ("measures", "plan_steps", "plan_done", "plan_overdue", "days_late", "done_share", "plan_unheard")
        assert [row[heading(key)] for key in blank] == [None] * len(blank)
    assert "ไม่ทราบ 1 แห่ง" in book.sentence("plans")
    assert book.sentence("late").endswith(say("portfolio.late.unknown"))
    assert book.sentence("worked") == say("portfolio.worked.unknown")
    assert (heading("plan_steps"), None) in [*book.rows("agencies")[0].items()]


def test_an_agency_without_measures_and_a_measure_without_steps_are_no_zero_per_cent(write: Write) -> None:
    book = write([record("ก", plan=[]), record("ข", plan=[measure("ก")])])
    row = row_of(book, "plans", "province", "น่าน")
    assert [row[heading(key)] for key in ("planned", "unplanned", "plan_steps", "done_share")] == [1, 1, 0, None]
    assert "None" not in book.says("overview") and "nan" not in book.says("overview")


# Weakest themes


def test_indicators_are_listed_lowest_mean_first_with_measures_and_progress(write: Write) -> None:
    both = measure("ก", task("กอง", "2026-01-31", 4, 1), indicators=("1", "8"))
    records = [
        record("ก", plan=[both, measure("ข", task("กอง", "", 2, 2))], indicators={"1": 90.0, "8": 60.0, "9": 70.0}),
        record("ข", plan=[], indicators={"1": 80.01, "8": 70.0, "9": None}),
        record("ค", indicators={"1": 80.0}),
    ]
    book = write(records)
    keys = "mean plan_count plan_known plan_share plan_steps plan_done done_share plan_overdue".split()
    found = {row[heading("indicator")].split()[0]: [row[heading(k)] for k in keys] for row in book.rows("themes")}
    assert list(found.items()) == [
        ("8", [65.0, 1, 2, 50.0, 4, 1, 25.0, 3]),
        ("9", [70.0, 0, 2, 0.0, 0, 0, None, 0]),
        ("1", [half_up(Fraction("250.01") / 3), 1, 2, 50.0, 6, 3, 50.0, 3]),
    ]
    assert "(65.00 คะแนน) มีมาตรการแล้ว 1 จาก 2 แห่ง" in book.sentence("themes")


# Who is late


LATE = [
    record("ช้า", plan=[measure("หนึ่ง", task("กองคลัง", "2025-11-30"), task("กองช่าง", "2026-02-28", 2, 1))]),
    record("ช้ามาก", plan=[measure("สอง", task("กองคลัง", "2025-10-31", 3, 1, 2), task("กองคลัง", "2026-09-30"))]),
    record("ทัน", plan=[measure("สาม", task("กองคลัง", "2025-10-31", 1, 1), task("กองช่าง", "2026-03-10"))]),
]


def test_the_latest_agency_stands_first_and_who_is_in_time_is_not_named(write: Write) -> None:
    rows = write(LATE).rows("late")
    keys = [heading(key) for key in ("agency", "days_late", "plan_overdue", "plan_steps", "plan_unheard")]
    assert [[row[key] for key in keys] for row in rows] == [["ช้ามาก", 130, 2, 4, 2], ["ช้า", 100, 2, 3, 0]]


def test_each_late_measure_is_listed_with_its_office_and_since_when(write: Write) -> None:
    book = write(LATE)
    keys = [
        heading(key) for key in ("agency", "measure", "office", "oldest", "days_late", "plan_overdue", "plan_done")
    ]
    assert [[row[key] for key in keys] for row in book.rows("overdue")] == [
        ["ช้ามาก", "สอง", "กองคลัง", "31 ตุลาคม 2568", 130, 2, 1],
        ["ช้า", "หนึ่ง", "กองคลัง", "30 พฤศจิกายน 2568", 100, 1, 0],
        ["ช้า", "หนึ่ง", "กองช่าง", "28 กุมภาพันธ์ 2569", 10, 1, 1],
    ]
    assert "4 รายการ ของหน่วยงาน 2 แห่ง" in book.sentence("overdue")


@pytest.mark.parametrize(
    ("on", "days"),
    [("2025-10-31", []), ("2025-11-01", [1]), ("2025-12-01", [31, 1]), ("2026-03-11", [131, 101, 1])],
)
def test_lateness_hangs_on_the_day_and_the_last_day_itself_is_in_time(
    on: str, days: list[int], write: Write
) -> None:
    book = write(LATE, dt.date.fromisoformat(on))
    assert [row[heading("days_late")] for row in book.rows("late")] == days if days else not _table(book, "late")


def _table(book: Book, sheet: str) -> bool:
    return bool(book.page(sheet).auto_filter.ref)


def test_nobody_late_says_so(write: Write) -> None:
    book = write([record("ก", plan=[measure("ก", task("กอง", "", 2))])])
    assert book.sentence("late") == "ข้อมูล ณ วันที่ 10 มีนาคม 2569 " + say("portfolio.late.none")
    assert book.column("plans", "plan_no_day") == [2, 2], "a day that nobody can read is no lateness"


def test_two_agencies_of_one_name_are_two_rows_told_apart_by_district(write: Write) -> None:
    plan = LATE[0].plan
    twice = [record("อบต.บ้านใหม่", district=d, source=f"{d}.xlsx", plan=plan) for d in ("ปัว", "นาน้อย")]
    assert sorted(write(twice).column("late", "district")) == ["นาน้อย", "ปัว"]


def test_a_very_long_list_of_late_measures_is_cut_and_says_so(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure_sheets, "MOST", 2)
    book = write(LATE)
    assert len(book.rows("overdue")) == 2
    assert say("portfolio.overdue.most", shown=2) in book.sentence("overdue")
    assert "4 รายการ ของหน่วยงาน 2 แห่ง" in book.sentence("overdue"), "all are counted"


def test_days_are_counted_as_the_calendar_does() -> None:
    chance = random.Random(3)
    for _ in range(300):
        due = dt.date(2024, 1, 1) + dt.timedelta(chance.randrange(900))
        done = chance.randrange(3)
        found = standing([task("ก", due.isoformat(), 2, done)], ON)
        assert (found.due, found.overdue) == (2 * (due <= ON), (2 - done) * (due < ON))
        assert found.late == ((ON - due).days if due < ON and done < 2 else 0)


# Last year's measures beside the scores


def test_measures_of_one_name_are_counted_together_with_how_their_scores_moved(write: Write) -> None:
    chance = random.Random(6)
    names = ["อบรม 2 ครั้ง", "อบรม ๒ ครั้ง", "อบรม2ครั้ง"]
    records: list[Record] = []
    moves: list[Fraction | None] = []
    others: list[Fraction | None] = []
    for n in range(31):
        progress = chance.choice(["done", "partly", "not_done", "unreported", "unmarked"])
        before, after = (chance.choice([None, 70.0, 71.15, 72.3]) for _ in range(2))
        records.append(record(f"{n}", last=[last(chance.choice(names), before, after, progress)]))
        move = None if before is None or after is None else Fraction(str(after)) - Fraction(str(before))
        (moves if progress in ("done", "partly") else others).append(move)
    (row,) = write(records).rows("worked")
    known = [move for move in moves if move is not None]
    assert folded(row[heading("measure")]) == folded(names[0])
    counts = {
        "agencies": 31,
        "carried": len(moves),
        "rose": sum(move > 0 for move in known),
        "same": sum(move == 0 for move in known),
        "fell": sum(move < 0 for move in known),
        "incomparable": len(moves) - len(known),
        "median_moved": half_up(statistics.median(known)),
        "median_others": half_up(statistics.median([move for move in others if move is not None])),
    }
    assert {key: row[heading(key)] for key in counts} == counts


def test_the_most_frequent_measure_stands_first_and_no_cause_is_claimed(write: Write) -> None:
    both = [last("ข", 70.0, 75.0), last("ก", 75.0, 70.0)]
    book = write([record("1", last=both), record("2", last=both[:1]), record("3", last=[])])
    assert book.column("worked", "measure") == ["ข", "ก"]
    assert book.column("worked", "agencies") == [2, 1]
    assert book.column("worked", "median_moved") == [5.0, -5.0]
    assert "มิได้แสดงว่าคะแนนเปลี่ยนแปลงเพราะมาตรการ" in book.says("overview")


def test_an_agency_that_plans_a_name_twice_is_one_agency(write: Write) -> None:
    book = write([record("1", last=[last("ก", 70.0, 75.0), last("ก ", 70.0, 70.0)])])
    assert (book.column("worked", "agencies"), book.column("worked", "carried")) == ([1], [2])


def test_without_measures_of_last_year_the_sheet_says_so(write: Write) -> None:
    assert write([record("1", last=[])]).sentence("worked") == say("portfolio.worked.none")


# Odd texts, other kinds of file


def test_texts_of_measures_are_no_formulas_and_odd_ones_do_not_spoil_the_file(write: Write, tmp_path: Path) -> None:
    bad = ["=1+1", "+66", "-1", "@a", "\t=1", "ก\x00\ufffe\n" + "ย" * 40_000]
    plan = [measure(text, task(text, "2026-01-31"), indicators=(text,)) for text in bad]
    records = [record("ก", plan=plan, last=[last(text, 1.0, 2.0) for text in bad])]
    book = write(records)
    cells = [c for key in ("themes", "overdue", "worked") for row in book.page(key).iter_rows() for c in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    started = [cell for cell in cells if str(cell.value)[:1] in "=+-@" and cell.data_type == "s"]
    assert len(started) >= 4 * 3 and all(cell.quotePrefix for cell in started)
    for kind in ("csv", "parquet"):
        portfolio.write(records, tmp_path / f"p.{kind}", on=ON)


def test_csv_and_parquet_have_the_figures_of_each_agency_and_blanks_for_unknown(tmp_path: Path) -> None:
    records = [*LATE, record("เดิม", 10.0)]
    portfolio.write(records, tmp_path / "p.csv", on=ON)
    text = (tmp_path / "p.csv").read_text(encoding="utf-8-sig")
    rows = {row[heading("agency")]: row for row in csv.DictReader(text.splitlines())}
    keys = [heading(key) for key in ("plan_steps", "plan_done", "plan_overdue", "days_late")]
    assert [rows["ช้ามาก"][key] for key in keys] == ["4", "1", "2", "130"]
    assert [rows["เดิม"][key] for key in keys] == [""] * 4
    assert {row[heading("as_of")] for row in rows.values()} == {"2026-03-10"}
    portfolio.write(records, tmp_path / "p.parquet", on=ON)
    found = pd.read_parquet(tmp_path / "p.parquet").set_index("agency")
    assert [found[key]["ช้า"] for key in ("plan_steps", "plan_overdue", "days_late")] == [3, 2, 100]
    assert found["plan_steps"]["เดิม"] is pd.NA


def test_the_day_is_told_in_english_on_request(write: Write) -> None:
    book = write(LATE, lang="en")
    page = book.book[say("portfolio.sheets.late", "en")]
    assert "As of 2026-03-10" in str(page["A2"].value)


# What a batch keeps


def test_a_record_goes_through_json_unchanged() -> None:
    lists: dict[str, Any] = {key: [] for key in ("weak", "missing", "findings")}
    one = record("ก", plan=LATE[1].plan, last=[last("ก", 70.0, None)], **lists)
    assert Record.from_json(json.loads(json.dumps(one.as_json()))) == one
    assert pickle.loads(pickle.dumps(one)) == one


def test_scores_are_a_mapping_like_any_other() -> None:
    given = {"I1": 71.25, "O1": None, "E1": 0.0}
    scores = Scores(given)
    assert scores == given and dict(scores) == given and list(scores) == list(given) and len(scores) == 3
    assert [scores.get(code, "none") for code in (*given, "I2")] == [71.25, None, 0.0, "none"]
    assert "I2" not in scores and scores != Scores({"I1": 71.25, "O1": None})
    with pytest.raises(KeyError):
        scores["I2"]
    assert Scores({"E1": 1.0, "I1": 2.0})["I1"] == 2.0, "the same codes in another order"


def test_a_number_that_is_none_is_unknown() -> None:
    document = json.dumps({**record("ก").as_json(), "total": float("nan"), "questions": {"I1": float("nan")}})
    one = Record.from_json(json.loads(document))
    assert [one.total, *one.questions.values()] == [None, None]


def test_what_agencies_have_in_common_is_in_memory_once() -> None:
    given = record("ก", 71.25, plan=LATE[1].plan, questions={"I1": 71.25}, changes={2567: 1.5}).as_json()
    first, second = (Record.from_json(json.loads(json.dumps(given))) for _ in range(2))
    for one, other in (
        (first.agency, second.agency),
        (first.questions["I1"], second.questions["I1"]),
        (min(first.questions), min(second.questions)),
        (first.level, second.level),
        (first.changes[2567], second.changes[2567]),
        *zip(sure(first.plan)[0]["tasks"], sure(second.plan)[0]["tasks"], strict=True),
    ):
        assert one is other


def test_a_record_of_an_earlier_version_is_read_and_its_plan_is_unknown() -> None:
    document = record("ก", measures=3).as_json()
    del document["plan"], document["last"]
    one = Record.from_json(json.loads(json.dumps(document)))
    assert (one.plan, one.last, one.measures) == (None, None, 3)


@pytest.mark.parametrize(
    "plan",
    [
        7,
        [{"name": "ก"}],
        [measure("ก", task("ก", "2026-02-30"))],
        [measure("ก", task("ก", "", 1, 2))],
        [measure("ก", task("ก", "", -1))],
        [measure("ก", ("ก", ""))],
        [{**measure("ก"), "name": 5}],
    ],
)
def test_a_journal_line_with_a_plan_that_cannot_be_does_not_count(plan: Any, tmp_path: Path) -> None:
    key = {"source": "/a.xlsx", "content": "0", "options": ""}
    document = {**json.loads(json.dumps(record("ก").as_json())), "plan": plan}
    line = json.dumps({"key": key, "made": "0", "record": document})
    (tmp_path / journal.NAME).write_text(line + "\n", encoding="utf-8")
    assert journal.read(tmp_path) == {}


class Agency:
    """A workbook that was run, whose offices answered."""

    def __init__(self) -> None:
        self.port = Package(ran(), "x.xlsx")
        self.steps = list(pipeline.check(self.port).steps)

    def answer(self, step: PlannedStep, office: str, status: str) -> None:
        block = standing_sheet(self.port, ANSWERS, ANSWERS.title).block("answers")
        grid = self.port.read(ANSWERS.title)
        at = block.column_number("key")
        row = next(r for r in range(block.first_row, 99_999) if grid.at(r, at) is None)
        said: dict[ColumnKey, str | int] = {"key": step.key, "office": office, "quarter": 1, "status": status}
        for column, value in said.items():
            self.port.write(ANSWERS.title, row, block.column_number(column), [[value]])

    def run(self) -> Outcome:
        return pipeline.run(self.port)


def test_a_batch_keeps_the_plan_as_it_stands_with_what_the_offices_answered() -> None:
    agency = Agency()
    first, second = agency.steps[0], agency.steps[1]
    agency.answer(first, first.offices[0], DONE)
    agency.answer(second, second.offices[0], say("choices.step_status").split("|")[1])
    one = record_of(agency.run(), "x.xlsx", "th")
    tasks = [each for part in sure(one.plan) for each in part["tasks"]]
    number = sum(len(step.offices) for step in agency.steps)
    assert (len(sure(one.plan)), one.measures) == (5, 5)
    assert sum(each[2] for each in tasks) == number
    assert (sum(each[3] for each in tasks), sum(each[4] for each in tasks)) == (1, number - 2)
    assert [part["indicators"] for part in sure(one.plan)] == [("6",), ("8",), ("4",), ("3",), ("8",)]


def test_what_a_batch_keeps_does_not_hang_on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    agency = Agency()
    outcome = agency.run()
    kept = planned.plan_of(outcome)
    outcome.inputs.as_of = "1 ตุลาคม 2599"
    assert planned.plan_of(outcome) == kept


def test_last_years_measures_are_kept_with_both_means(alike: Memory, samples: Path) -> None:  # noqa: F811
    new = following(alike, 2565)
    entries, _ = score_file.read(samples / "scores-2565.csv", profiles.profile(2565).tree, 2565)
    put_scores(new, profiles.profile(2565), [entry for entry in entries if entry.year == 2565])
    put(new, SCORES["EIT"], "scores", "E12", "y0", 100)
    outcome = pipeline.run(new)
    kept = planned.last_of(outcome)
    assert len(kept) == len(outcome.inputs.commitments) > 0
    for one, commitment in zip(kept, outcome.inputs.commitments, strict=True):
        for key, year in (("before", 2564), ("after", 2565)):
            points = [Fraction(sure(outcome.points(year, code))) for code in commitment.codes]
            assert one[key] == half_up(sum(points, Fraction(0)) / len(points))
        assert (one["after"] > one["before"]) == ("E12" in one["codes"])
        assert (one["name"] != "", one["progress"]) == (True, "unreported")


def test_last_years_measures_without_scores_are_kept_as_not_comparable(alike: Memory) -> None:  # noqa: F811
    new = following(alike, 2565)
    kept = planned.last_of(pipeline.run(new))
    assert {(one["before"], one["after"]) for one in kept} == {(None, None)}


# The command line


def test_the_command_takes_a_thai_day_and_the_portfolio_says_it(ita: Ita, samples: Path, tmp_path: Path) -> None:
    target = tmp_path / "p.xlsx"
    given = ("batch", samples / "reference-2565.xlsx", "-o", tmp_path / "out", "--portfolio", target)
    assert ita(*given, "--on", "1 มีนาคม 2566").code == 0
    book = Book(target)
    assert "ข้อมูล ณ วันที่ 1 มีนาคม 2566" in book.sentence("late")
    (row,) = book.rows("late")
    outcome = Agency().run()
    days = [t[1] for part in planned.plan_of(outcome) for t in part["tasks"] if t[1] < "2023-03-01"]
    assert row[heading("plan_overdue")] == len(days)
    assert row[heading("days_late")] == (dt.date(2023, 3, 1) - dt.date.fromisoformat(min(days))).days


@pytest.mark.parametrize("day", ["เมื่อวาน", "2026-02-30", "", "มีนาคม 2566"])
def test_what_is_no_day_is_wrong_usage(day: str, ita: Ita, samples: Path, tmp_path: Path) -> None:
    given = ("batch", samples / "reference-2565.xlsx", "-o", tmp_path / "out", "--portfolio", tmp_path / "p.xlsx")
    done = ita(*given, "--on", day)
    assert (done.code, say("cli.no_day") in done.err) == (2, True)


def test_a_day_without_a_portfolio_is_wrong_usage(ita: Ita, samples: Path, tmp_path: Path) -> None:
    done = ita("batch", samples / "reference-2565.xlsx", "-o", tmp_path / "out", "--on", "2026-01-31")
    assert (done.code, say("cli.day_needs_portfolio") in done.err) == (2, True)
    done = ita("mail", tmp_path, "--on", "2026-01-31", "--yes")
    assert (done.code, say("reminder.needs_remind") in done.err) == (2, True)


def test_a_mailed_portfolio_is_the_same_on_another_day(ita: Ita, samples: Path, tmp_path: Path) -> None:
    from ita_xl.mail.prepare import Wishes

    assert ita("batch", samples / "reference-2565.xlsx", "-o", tmp_path / "out").code == 0
    (one,) = [entry.record for entry in journal.read(tmp_path / "out").values()]
    names = tmp_path / "จังหวัด.csv"
    names.write_text(f"จังหวัด,อีเมล\n{one.province},a@example.go.th\n", encoding="utf-8")
    mailing = Mailing(tmp_path / "out", Wishes(), names)
    (item,) = [item for item in mailing.items if item.province]
    content = mailing.message(mailing.planned(item)).attachments[0].content
    (tmp_path / "p.xlsx").write_bytes(content)
    day = dt.datetime.fromtimestamp((samples / "reference-2565.xlsx").stat().st_mtime).astimezone().date()
    assert f"{day.day} " in Book(tmp_path / "p.xlsx").sentence("late")
    later = Mailing(tmp_path / "out", Wishes(), names, on=day + dt.timedelta(400))
    assert later.planned(item).seal != mailing.planned(item).seal
