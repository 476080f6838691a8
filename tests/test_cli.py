"""The command line as scripts see it: exit codes, streams, JSON, and never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ita_xl import cli, jobs
from ita_xl.workbook.headless import Headless


class Result:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def ita(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def call(*words: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["ita-xl", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Result(code, out, err)

    return call


def test_new_check_run_from_a_score_file(ita, samples: Path, tmp_path: Path) -> None:
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


def test_json_is_exactly_one_document_with_the_promised_keys(ita, samples: Path, tmp_path: Path) -> None:
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


def test_findings_of_severity_error_give_exit_code_1(ita, samples: Path) -> None:
    found = ita("check", samples / "mistakes-2565.xlsx", "--json", "--lang", "en")
    assert found.code == 1
    first = found.json["findings"][0]
    assert first == {
        "code": "E202",
        "severity": "error",
        "sheet": "คะแนน IIT",
        "cell": "G26",
        "question": "I21",
        "message": "“ดี” is not a number.",
        "hint": "Enter a number from 0 to 100 such as 95.31.",
    }


def test_several_files_are_checked_and_the_worst_decides(ita, samples: Path, tmp_path: Path) -> None:
    good = samples / "reference-2565.xlsx"
    found = ita("check", good, tmp_path / "none.xlsx", "--json")
    assert found.code == 3
    assert [document["file"] for document in found.json] == [str(good), str(tmp_path / "none.xlsx")]
    assert found.json[1]["findings"][0]["code"] == "E101"


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
        ["check"],
        ["sing"],
    ],
)
def test_wrong_usage_is_exit_code_2(ita, words: list[str]) -> None:
    assert ita(*words).code == 2


def test_unreadable_and_unwritable_files_are_exit_code_3(ita, samples: Path, tmp_path: Path) -> None:
    assert ita("run", tmp_path / "none.xlsx", "-o", tmp_path / "o.xlsx").code == 3
    nowhere = tmp_path / "no" / "o.xlsx"
    assert (
        ita("run", samples / "reference-2565.xlsx", "-o", nowhere, "--json").json["findings"][0]["code"] == "E112"
    )
    assert ita("new", nowhere, "--year", 2565).code == 3


def test_new_does_not_overwrite_unless_told_to(ita, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_text("mine")
    assert ita("new", path, "--year", 2565).code == 2
    assert path.read_text() == "mine"
    assert ita("new", path, "--year", 2565, "--force").code == 0
    assert path.read_bytes().startswith(b"PK")


def test_a_bug_is_a_sentence_and_exit_code_70(ita, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(jobs, "check", fail)
    found = ita("check", samples / "reference-2565.xlsx", "--lang", "en")
    assert found.code == 70
    assert "E901" in found.err
    assert "ZeroDivisionError: oops" in found.err
    with pytest.raises(ZeroDivisionError):
        ita("check", samples / "reference-2565.xlsx", "--debug")


def test_messages_come_in_thai_unless_asked_otherwise(ita, tmp_path: Path) -> None:
    assert "ไม่พบแฟ้ม" in ita("check", tmp_path / "x.xlsx").err
    assert "was not found" in ita("check", tmp_path / "x.xlsx", "--lang", "en").err


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("รหัส,2565\nI1,90\n", 0, ""),
        ("code,2565\nI99,90\n", 1, "I99"),
        ("code,2562,2565\nI1,1,90\n", 0, "2562"),
        ("", 3, "E115"),
        ("I1,90\n", 3, "E115"),
        ("code,score\nI1,90\n", 3, "E115"),
        ("\ncode,2565\nI1,90\n", 3, "E115"),
        ('code,2565\nI1,"90\nI2,80"\n', 3, "E115"),
        ("code,2565\nI1," + "9" * 5000 + "\n", 1, "E202"),
        ("code,2565\nI1," + "9" * 200_000 + "\n", 3, "E115"),
        ("code,256²,2565\nI1,1,90\n", 0, "W403"),
        ("code,2565\nI1,90\nI1,80\n", 1, "E207"),
        ("code,2565,2565\nI1,90,80\n", 0, "W402"),
        ("code,2564,2565\nI1,93,68,88,43\n", 1, "E224"),
        ("code,2565\n042,100\n115,90\n", 0, "I208"),
        ("code,2565\n11,90\n", 1, "E209"),
        ("code,คะแนน 2565\nI1,90\n", 0, ""),
    ],
)
def test_score_files(ita, tmp_path: Path, content: str, code: int, words: str) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(content, encoding="utf-8")
    found = ita("new", tmp_path / "x.xlsx", "--year", 2565, "--scores", path, "--lang", "en")
    assert found.code == code
    assert words in found.err


def test_a_score_file_in_another_encoding_is_named(ita, tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_bytes("รหัส,2565\n".encode("cp874"))
    assert ita("new", tmp_path / "x.xlsx", "--year", 2565, "--scores", path).code == 3


def test_what_a_score_file_types_oddly_ends_in_the_workbook_where_the_check_reports_it(ita, tmp_path: Path) -> None:
    path, book = tmp_path / "scores.csv", tmp_path / "x.xlsx"
    path.write_text("code,2564,2565\nI1,,ดี\nI2,,๙๐\n9.1,700/8,\n10.1,-,\nระดับ,B,\n", encoding="utf-8-sig")
    made = ita("new", book, "--year", 2565, "--scores", path)
    assert made.code == 1
    for words in ("E202 scores.csv C2", "I204 scores.csv C3", "I205 scores.csv B5"):
        assert words in made.err
    page = Headless.open(book)
    assert page.book["คะแนน IIT"]["G6"].value == "ดี"
    assert page.book["คะแนน IIT"]["G7"].value == 90
    assert page.book["คะแนนที่ประกาศ"]["G20"].value == "700/8", "the structure has nine items"
    assert page.book["คะแนนที่ประกาศ"]["D7"].value == "B"
    codes = [f["code"] for f in ita("check", book, "--json").json["findings"]]
    assert "E202" in codes


def fresh(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True, encoding="utf-8")


def test_help_starts_without_any_workbook_library() -> None:
    loaded = fresh("-X", "importtime", "-m", "ita_xl", "--help").stderr
    assert not [
        m for m in ("openpyxl", "pandas", "xlwings", "ita_xl.workbook") if f"| {m}" in loaded.replace("  ", " ")
    ]


def test_a_single_workbook_needs_no_slow_library(samples: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from ita_xl import jobs;"
        f"jobs.run(Path({str(samples / 'reference-2565.xlsx')!r}), Path({str(tmp_path / 'o.xlsx')!r}));"
        "print([m for m in ('pandas', 'xlwings', 'openpyxl') if m in sys.modules])"
    )
    assert fresh("-c", script).stdout.strip() == "[]"


def test_every_command_has_help_in_english_and_thai(ita) -> None:
    for command in cli.cli.commands:
        help_ = ita(command, "--help")
        assert help_.code == 0
        assert any("ก" <= letter <= "๙" for letter in help_.out)
