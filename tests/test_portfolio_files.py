"""The portfolio as a file: how it looks in a workbook, what other programs get, what stands in its way."""

from __future__ import annotations

import csv
import errno
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pandas as pd
import pytest

from bench.portfolio import records as made_up
from ita_xl.batch import portfolio
from ita_xl.batch.portfolio import workbook
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from tests.held import under_wine
from tests.portfolio_desk import Book, Write, a_write, failed, heading, record, title  # noqa: F401

SHEETS = [
    *"overview agencies indicators weak near missing".split(),
    *"plans themes late overdue worked sending unused texts".split(),
]

PARQUET = pytest.mark.skipif(under_wine(), reason="Wine loads no numpy that is new enough for pyarrow")


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
