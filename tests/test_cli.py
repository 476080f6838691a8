"""The command line as scripts see it: exit codes, streams, JSON, and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from ita_xl import jobs
from ita_xl.domain.codes import Code
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from tests.conftest import Ita
from tests.crafted import edited
from tests.links import link


def test_new_check_run_from_a_score_file(ita: Ita, samples: Path, tmp_path: Path) -> None:
    book, result = tmp_path / "อบจ พิษณุโลก.xlsx", tmp_path / "ผล.xlsx"
    made = ita(
        "new",
        book,
        "--year",
        2565,
        "--agency",
        "อบจ.",
        "--province",
        "พิษณุโลก",
        "--scores",
        samples / "scores-2565.csv",
    )
    assert (made.code, made.out) == (0, "")
    assert ita("check", book).code == 0
    done = ita("run", book, "-o", result)
    assert (done.code, done.out) == (0, "")
    assert "96.99 คะแนน ระดับ AA" in done.err
    assert result.exists()


def test_json_is_exactly_one_document_with_the_promised_keys(ita: Ita, samples: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.xlsx"
    done = ita("run", samples / "reference-2565.xlsx", "-o", output, "--json")
    found = done.json
    assert done.err == ""
    assert set(found) >= set(
        "agency fiscal_year total level instruments indicators weak strengths oit_missing changes next_level "
        "what_if findings output".split()
    )
    assert (found["fiscal_year"], found["total"], found["level"]) == (2565, 96.99, "AA")
    assert set(found["indicators"][0]) == {"code", "name", "score", "rank", "source"}
    assert set(found["weak"]) == set(found["strengths"]) == {"IIT", "EIT"}
    assert found["output"] == str(output)


def test_findings_of_severity_error_give_exit_code_1(ita: Ita, samples: Path) -> None:
    found = ita("check", samples / "mistakes-2565.xlsx", "--json", "--lang", "en")
    assert found.code == 1
    first = found.json["findings"][0]
    assert first == {
        "code": Code.NOT_A_NUMBER,
        "symbol": "not-a-number",
        "severity": "error",
        "sheet": "คะแนน IIT",
        "cell": "G26",
        "question": "I21",
        "message": "“ดี” is not a number.",
        "hint": "Enter a number from 0 to 100 such as 95.31.",
    }


def test_several_files_are_checked_and_the_worst_decides(ita: Ita, samples: Path, tmp_path: Path) -> None:
    good = samples / "reference-2565.xlsx"
    found = ita("check", good, tmp_path / "none.xlsx", "--json")
    assert found.code == 3
    assert [document["file"] for document in found.json] == [str(good), str(tmp_path / "none.xlsx")]
    assert found.json[1]["findings"][0]["code"] == Code.FILE_MISSING


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["run"],
        ["run", "x.xlsx", "--engine", "openpyxl"],
        ["run", "x.xlsx", "-o", "x.xlsx"],
        ["run", "x.xlsx", "-o", "y.xlsx", "--engine", "magic"],
        ["run", "x.xlsx", "-o", "y.csv"],
        ["run", "x.xlsm", "-o", "y.xlsx"],
        ["new", "x.xls", "--year", "2565"],
        ["new", "x.xlsx"],
        ["new", "x.xlsx", "--year", "2580"],
        ["new", "x.xlsx", "--year", "ปีนี้"],
        ["new", "x.xlsx", "--from", "x.xlsx", "--force"],
        ["new", "x.csv", "--from", "y.xlsx"],
        ["check"],
        ["sing"],
    ],
)
def test_wrong_usage_is_exit_code_2(ita: Ita, words: list[str]) -> None:
    assert ita(*words).code == 2


def test_unreadable_and_unwritable_files_are_exit_code_3(ita: Ita, samples: Path, tmp_path: Path) -> None:
    assert ita("run", tmp_path / "none.xlsx", "-o", tmp_path / "o.xlsx").code == 3
    nowhere = tmp_path / "no" / "o.xlsx"
    assert (
        ita("run", samples / "reference-2565.xlsx", "-o", nowhere, "--json").json["findings"][0]["code"]
        == Code.FILE_UNWRITABLE
    )
    assert ita("new", nowhere, "--year", 2565).code == 3


def test_new_does_not_overwrite_unless_told_to(ita: Ita, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_text("mine")
    assert ita("new", path, "--year", 2565).code == 2
    assert path.read_text() == "mine"
    assert ita("new", path, "--year", 2565, "--force").code == 0
    assert path.read_bytes().startswith(b"PK")


def test_a_link_to_nothing_is_something_that_new_does_not_overwrite(ita: Ita, tmp_path: Path) -> None:
    link(tmp_path / "link.xlsx", tmp_path / "away.xlsx")
    assert ita("new", tmp_path / "link.xlsx", "--year", 2565).code == 2


def test_a_bug_is_a_sentence_and_exit_code_70(ita: Ita, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(jobs, "check", fail)
    found = ita("check", samples / "reference-2565.xlsx", "--lang", "en")
    assert found.code == 70
    assert Code.PROGRAM_FAILED in found.err
    assert "ZeroDivisionError: oops" in found.err
    with pytest.raises(ZeroDivisionError):
        ita("check", samples / "reference-2565.xlsx", "--debug")


def test_a_bug_in_one_workbook_keeps_no_other_from_being_checked(
    ita: Ita, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = jobs.check

    def fail(path: Path) -> object:
        if path.name == "mistakes-2565.xlsx":
            raise ZeroDivisionError("oops")
        return check(path)

    monkeypatch.setattr(jobs, "check", fail)
    found = ita("check", samples / "mistakes-2565.xlsx", samples / "reference-2565.xlsx", "--json")
    assert found.code == 70
    assert found.json[0]["findings"][0]["code"] == Code.PROGRAM_FAILED
    assert found.json[1]["total"] == 96.99


def test_whatever_ends_a_command_is_one_document_where_json_is_asked(
    ita: Ita, samples: Path, tmp_path: Path
) -> None:
    none = tmp_path / "none.xlsx"
    for words in (
        ("run", none),
        ("check", none),
        ("mail", none, "--yes"),
        ("batch", tmp_path, "-o", tmp_path / "out"),
        ("batch", samples / "reference-2565.xlsx", "-o", tmp_path / "no" / "x", "--portfolio", none / "p.xlsx"),
        ("mail", tmp_path, "--yes"),
        *([("addin", "doctor")] if os.name != "nt" else []),  # Windows has something to say
    ):
        found = ita(*words, "--json", "--lang", "en")
        assert (found.code, found.err) == (3, "")
        assert found.json["findings"][0]["symbol"]


def test_many_findings_of_one_kind_in_a_column_are_told_as_one_and_listed_each(
    ita: Ita, samples: Path, tmp_path: Path
) -> None:
    port = OpenpyxlBook.open(samples / "reference-2565.xlsx")
    for row in range(8, 23):
        port.book["คะแนน IIT"][f"G{row}"] = "ดี"
    port.save(tmp_path / "x.xlsx")
    told = [line for line in ita("check", tmp_path / "x.xlsx").err.splitlines() if Code.NOT_A_NUMBER in line]
    assert told == ["E202 คะแนน IIT G8:G22: “ดี” ไม่ใช่ตัวเลข (รวม 15 รายการในลักษณะเดียวกัน)"]
    listed = ita("check", tmp_path / "x.xlsx", "--json").json["findings"]
    assert len([finding for finding in listed if finding["code"] == Code.NOT_A_NUMBER]) == 15


def test_findings_stand_under_what_is_to_be_done_with_them_the_most_serious_first(ita: Ita, samples: Path) -> None:
    told = ita("check", samples / "mistakes-2565.xlsx").err.splitlines()
    heads = ["ต้องแก้ไข 7 รายการ", "ควรตรวจสอบ 8 รายการ", "ข้อสังเกต 9 รายการ"]
    places = [told.index(head) for head in heads]
    assert places == sorted(places)
    for letter, start, end in zip("EWI", places, [*places[1:], len(told)], strict=True):
        codes = [line for line in told[start:end] if line[1:4].isdigit()]
        assert codes and all(line.startswith(letter) for line in codes)


def test_what_to_do_is_said_once_below_findings_that_ask_for_the_same(ita: Ita, samples: Path) -> None:
    told = ita("check", samples / "mistakes-2565.xlsx").err
    assert told.count("กรอกคะแนนของข้อนี้ หากยังไม่ทราบให้เว้นว่างไว้") == 1
    assert told.count("W201") == 2


def test_many_findings_of_one_severity_are_told_sheet_by_sheet(ita: Ita, samples: Path, tmp_path: Path) -> None:
    port = OpenpyxlBook.open(samples / "reference-2565.xlsx")
    for number in range(5):
        port.book["คะแนน IIT"][f"A{30 + number}"] = f"I{90 + number}x"
        port.book["คะแนน EIT"][f"A{15 + number}"] = f"E{90 + number}x"
    port.save(tmp_path / "x.xlsx")
    found = ita("check", tmp_path / "x.xlsx", "--json").json["findings"]
    told = ita("check", tmp_path / "x.xlsx").err.splitlines()
    for sheet in ("คะแนน IIT", "คะแนน EIT"):
        for severity in ("error", "warning"):
            here = [f for f in found if (f["sheet"], f["severity"]) == (sheet, severity)]
            all_ = [f for f in found if f["severity"] == severity]
            head = f"  แผ่นงาน {sheet} ({len(here)} รายการ)"
            assert (head in told) == (len(all_) > 8 and bool(here)), (sheet, severity)
    assert f"ต้องแก้ไข {sum(f['severity'] == 'error' for f in found)} รายการ" in told


def test_messages_come_in_thai_unless_asked_otherwise(ita: Ita, tmp_path: Path) -> None:
    assert "ไม่พบแฟ้ม" in ita("check", tmp_path / "x.xlsx").err
    assert "was not found" in ita("check", tmp_path / "x.xlsx", "--lang", "en").err


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("รหัส,2565\nI1,90\n", 0, ""),
        ("code,2565\nI99,90\n", 1, "I99"),
        ("code,2562,2565\nI1,1,90\n", 0, "2562"),
        ("", 3, Code.SCORE_FILE_UNREADABLE),
        ("I1,90\n", 3, Code.SCORE_FILE_UNREADABLE),
        ("code,score\nI1,90\n", 3, Code.SCORE_FILE_UNREADABLE),
        ("\ncode,2565\nI1,90\n", 3, Code.SCORE_FILE_UNREADABLE),
        ('code,2565\nI1,"90\nI2,80"\n', 3, Code.SCORE_FILE_UNREADABLE),
        ("code,2565\nI1," + "9" * 5000 + "\n", 1, Code.NOT_A_NUMBER),
        ("code,2565\nI1," + "9" * 200_000 + "\n", 3, Code.SCORE_FILE_UNREADABLE),
        ("code,256²,2565\nI1,1,90\n", 0, Code.SCORE_FILE_COLUMN_UNKNOWN),
        ("code,2565\nI1,90\nI1,80\n", 1, Code.CODE_TWICE),
        ("code,2565,2565\nI1,90,80\n", 0, Code.SCORE_FILE_YEAR_TWICE),
        ("code,2564,2565\nI1,93,68,88,43\n", 1, Code.LINE_HAS_OTHER_WIDTH),
        ("code,2565\n042,100\n115,90\n", 0, Code.CODE_UNDERSTOOD),
        ("code,2565\n11,90\n", 1, Code.CODE_AMBIGUOUS),
        ("code,คะแนน 2565\nI1,90\n", 0, ""),
    ],
)
def test_score_files(ita: Ita, tmp_path: Path, content: str, code: int, words: str) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(content, encoding="utf-8")
    found = ita("new", tmp_path / "x.xlsx", "--year", 2565, "--scores", path, "--lang", "en")
    assert found.code == code
    assert words in found.err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_score_file_is_read_as_excel_saves_it(ita: Ita, tmp_path: Path, encoding: str, mark: str) -> None:
    path = tmp_path / "scores.csv"
    path.write_bytes("รหัส,คะแนน 2565\r\nข้อ I1,๙๐.๕\r\nรวม,93.25\r\n".replace(",", mark).encode(encoding))
    found = ita("new", tmp_path / "x.xlsx", "--year", 2565, "--scores", path)
    assert found.code == 0
    assert (Code.FILE_IN_THAI_ANSI in found.err) == (encoding == "cp874")
    page = OpenpyxlBook.open(tmp_path / "x.xlsx").book
    assert (page["คะแนน IIT"]["G6"].value, page["คะแนนที่ประกาศ"]["E6"].value) == (90.5, 93.25)


def test_scores_with_decimal_commas_stand_between_semicolons(ita: Ita, tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("code;2564;2565\nI1;93,68;88,43\n", encoding="utf-8")
    assert ita("new", tmp_path / "x.xlsx", "--year", 2565, "--scores", path).code == 0
    assert OpenpyxlBook.open(tmp_path / "x.xlsx").book["คะแนน IIT"]["G6"].value == 88.43


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00", "รหัส,2565\n".encode("utf-16-le"), b"\xff\xfe\x00"])
def test_a_score_file_that_is_no_text_is_named(ita: Ita, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "scores.csv"
    path.write_bytes(content)
    found = ita("new", tmp_path / "x.xlsx", "--year", 2565, "--scores", path)
    assert (found.code, Code.SCORE_FILE_UNREADABLE in found.err) == (3, True)


def test_what_a_score_file_types_oddly_ends_in_the_workbook_where_the_check_reports_it(
    ita: Ita, tmp_path: Path
) -> None:
    path, book = tmp_path / "scores.csv", tmp_path / "x.xlsx"
    path.write_text("code,2564,2565\nI1,,ดี\nI2,,๙๐\n9.1,700/8,\n10.1,-,\nระดับ,B,\n", encoding="utf-8-sig")
    made = ita("new", book, "--year", 2565, "--scores", path)
    assert made.code == 1
    for words in ("E202 scores.csv C2", "I204 scores.csv C3", "I205 scores.csv B5"):
        assert words in made.err
    page = OpenpyxlBook.open(book)
    assert page.book["คะแนน IIT"]["G6"].value == "ดี"
    assert page.book["คะแนน IIT"]["G7"].value == 90
    assert page.book["คะแนนที่ประกาศ"]["G20"].value == "700/8", "the structure has nine items"
    assert page.book["คะแนนที่ประกาศ"]["D7"].value == "B"
    codes = [f["code"] for f in ita("check", book, "--json").json["findings"]]
    assert Code.NOT_A_NUMBER in codes


# ---- going on from last year's workbook ----


@pytest.fixture
def last_year(ita: Ita, samples: Path, tmp_path: Path) -> Path:
    """The reference case of 2565, run and reported on with a spreadsheet program."""
    path = tmp_path / "ปี 2565.xlsx"
    assert ita("run", samples / "reference-2565.xlsx", "-o", path).code == 0
    port = OpenpyxlBook.open(path)
    port.book["มาตรการปีถัดไป"]["B19"] = "ระบบยืมทรัพย์สินออนไลน์"
    port.book["รายงานผลมาตรการ"]["D9"] = "ใช้งานแล้ว"
    port.book["รายงานผลมาตรการ"]["E9"] = "บรรลุ"
    texts = {"B15": "=1+1", "B18": "@here", "A25": "-กองคลัง", "B25": "+66", "B16": "=นายก"}
    for cell, text in texts.items():
        port.book["หน้าแรก"][cell] = text
        port.book["หน้าแรก"][cell].data_type = "s"
    port.save(path)
    return path


def test_new_goes_on_from_last_years_workbook_and_only_reads_it(ita: Ita, last_year: Path, tmp_path: Path) -> None:
    book, before = tmp_path / "2566.xlsx", last_year.read_bytes()
    made = ita("new", book, "--from", last_year)
    assert (made.code, made.out) == (0, "")
    assert "คะแนน 29 รายการ ข้อความแนวทางของหน่วยงาน 0 ข้อ มาตรการ 5 มาตรการ" in made.err
    assert "I1-I30, E1-E15, O1-O43" in made.err
    assert last_year.read_bytes() == before
    ita("run", book)
    found = OpenpyxlBook.open(book).book
    assert found["หน้าแรก"]["B14"].value == 2566
    assert found["คะแนนที่ประกาศ"]["D6"].value == 96.99
    rows = found["รายงานผลมาตรการ"].iter_rows(max_col=5, values_only=True)
    row = next(list(row) for row in rows if row[0] == "2.1")
    assert row == ["2.1", "ระบบยืมทรัพย์สินออนไลน์", "I20", "บรรลุ\nใช้งานแล้ว", 81.85]


def test_what_looks_like_a_formula_is_carried_over_as_text(ita: Ita, last_year: Path, tmp_path: Path) -> None:
    book = tmp_path / "2566.xlsx"
    ita("new", book, "--from", last_year)
    home = OpenpyxlBook.open(book).book["หน้าแรก"]
    cells = [home[at] for at in ("B15", "B16", "B18", "A25", "B25")]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        (text, "s") for text in ("=1+1", "=นายก", "@here", "-กองคลัง", "+66")
    ]


def test_what_is_said_on_the_command_line_wins_over_last_year(ita: Ita, last_year: Path, tmp_path: Path) -> None:
    scores, book = tmp_path / "scores.csv", tmp_path / "2566.xlsx"
    scores.write_text("code,2565,2566\ntotal,96.98,97.5\n", encoding="utf-8")
    ita("new", book, "--from", last_year, "--year", 2566, "--agency", "เทศบาลใหม่", "--scores", scores)
    found = OpenpyxlBook.open(book).book
    assert [found["คะแนนที่ประกาศ"].cell(6, column).value for column in (3, 4, 5)] == [81.39, 96.98, 97.5]
    assert [found["หน้าแรก"][cell].value for cell in ("B10", "B13")] == ["เทศบาลใหม่", "พิษณุโลก"]


def test_last_years_workbook_may_hold_macros_and_be_open_elsewhere(
    ita: Ita, last_year: Path, tmp_path: Path
) -> None:
    macros = tmp_path / "ปีก่อน.xlsm"
    macros.write_bytes(edited(last_year.read_bytes(), _with_macros))
    (tmp_path / "~$ปีก่อน.xlsm").touch()
    made = ita("new", tmp_path / "2566.xlsx", "--from", macros)
    assert made.code == 0
    assert Code.FILE_OPEN_READ_ANYWAY in made.err


def _with_macros(name: str, part: bytes) -> bytes:
    return part.replace(
        b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
    )


def test_last_year_must_be_the_year_before(ita: Ita, last_year: Path, tmp_path: Path) -> None:
    book = tmp_path / "x.xlsx"
    for year in (2565, 2567):
        found = ita("new", book, "--from", last_year, "--year", year, "--lang", "en")
        assert (found.code, book.exists()) == (2, False)
        assert f"is of 2565, so it can only lead to a workbook of 2566, not of {year}." in found.err


def test_there_is_no_year_after_the_last_one_that_we_know(ita: Ita, tmp_path: Path) -> None:
    ita("new", tmp_path / "2570.xlsx", "--year", 2570)
    assert ita("new", tmp_path / "x.xlsx", "--from", tmp_path / "2570.xlsx").code == 2


@pytest.mark.parametrize("name", ["2565.xlsx", "link.xlsx", "hard.xlsx"])
def test_last_years_workbook_is_never_its_own_successor(ita: Ita, samples: Path, tmp_path: Path, name: str) -> None:
    old = tmp_path / "2565.xlsx"
    old.write_bytes((samples / "reference-2565.xlsx").read_bytes())
    if name == "link.xlsx":
        link(tmp_path / name, old)
    (tmp_path / "hard.xlsx").hardlink_to(old)
    assert ita("new", tmp_path / name, "--from", old, "--force").code == 2
    assert old.read_bytes() == (samples / "reference-2565.xlsx").read_bytes()


def test_an_existing_workbook_is_not_overwritten_by_the_next_year(
    ita: Ita, last_year: Path, tmp_path: Path
) -> None:
    book = tmp_path / "2566.xlsx"
    book.write_text("mine")
    assert ita("new", book, "--from", last_year).code == 2
    assert book.read_text() == "mine"
    assert ita("new", book, "--from", last_year, "--force").code == 0


def test_a_workbook_that_is_no_workbook_of_ours_cannot_be_gone_on_from(ita: Ita, tmp_path: Path) -> None:
    book = tmp_path / "x.xlsx"
    Workbook().save(tmp_path / "other.xlsx")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 and then nothing")
    for name, code in (
        ("other.xlsx", Code.NOT_AN_ITA_WORKBOOK),
        ("broken.xlsx", Code.FILE_DAMAGED),
        ("none.xlsx", Code.FILE_MISSING),
        ("", Code.FILE_IS_FOLDER),
    ):
        found = ita("new", book, "--from", tmp_path / name)
        assert (found.code, book.exists()) == (3, False)
        assert code in found.err


def fresh(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True, encoding="utf-8")


def test_help_starts_without_any_workbook_library() -> None:
    loaded = fresh("-X", "importtime", "-m", "ita_xl", "--help").stderr
    assert not [
        m for m in ("openpyxl", "pandas", "xlwings", "ita_xl.engines") if f"| {m}" in loaded.replace("  ", " ")
    ]


def test_a_single_workbook_needs_no_slow_library(samples: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from ita_xl import jobs;"
        f"jobs.run(Path({str(samples / 'reference-2565.xlsx')!r}), Path({str(tmp_path / 'o.xlsx')!r}));"
        "print([m for m in ('pandas', 'xlwings', 'openpyxl') if m in sys.modules])"
    )
    assert fresh("-c", script).stdout.strip() == "[]"
