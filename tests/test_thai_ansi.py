"""Lists as Excel on a Thai Windows saves them (cp874): each command that takes one reads it, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ita_xl.batch import workers
from ita_xl.domain.codes import Code
from tests.at_once import in_this_process
from tests.conftest import Ita

LISTS: dict[str, tuple[str, Sequence[object]]] = {
    "new --scores": (
        "รหัส,คะแนน 2565\nข้อ I1,90.5\n",
        ("new", "ใหม่.xlsx", "--force", "--year", 2565, "--scores", "?"),
    ),
    "batch --list": ("# อบจ.\nsample.xlsx\n", ("batch", "--list", "?", "-o", "ผล")),
    "batch --roster": (
        "หน่วยงาน,จังหวัด\nอบต.บ้านใหม่,น่าน\n",
        ("batch", "sample.xlsx", "-o", "ผล", "--portfolio", "ภาพรวม.xlsx", "--roster", "?"),
    ),
    "mail --offices": (
        "หน่วยงาน,อีเมล\nสำนักปลัด,palad@example.go.th\n",
        ("mail", "sample.xlsx", "--remind", "--dry-run", "--offices", "?"),
    ),
    "mail --provinces": (
        "จังหวัด,อีเมล\nพิษณุโลก,plk@example.go.th\n",
        ("mail", "results", "--dry-run", "--provinces", "?"),
    ),
}


@pytest.fixture
def desk(tmp_path: Path, samples: Path, ita: Ita, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a workbook that was run, and the results of a batch."""
    monkeypatch.setattr(workers, "local", in_this_process)
    monkeypatch.chdir(tmp_path)
    assert ita("run", samples / "reference-2565.xlsx", "-o", "sample.xlsx").code in (0, 1)
    return tmp_path


@pytest.mark.parametrize("command", LISTS)
def test_a_list_that_excel_saved_on_a_thai_windows_is_read_with_a_note(command: str, desk: Path, ita: Ita) -> None:
    text, words = LISTS[command]
    if "results" in words:
        ita("batch", "sample.xlsx", "-o", "results")
    for encoding in ("cp874", "utf-8"):
        (desk / "รายการ.csv").write_bytes(text.replace("\n", "\r\n").encode(encoding))
        said = ita(*("รายการ.csv" if word == "?" else word for word in words))
        assert said.code in (0, 1)
        assert (Code.FILE_IN_THAI_ANSI in said.err) == (encoding == "cp874")
