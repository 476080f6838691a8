"""What Windows does otherwise with files. Run there, Windows itself refuses; elsewhere a stand-in does."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from ita_xl import files, jobs
from ita_xl.data import catalogue
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.files import windows
from tests.conftest import Ita
from tests.held import Held, held

ONLY_WINDOWS = pytest.mark.skipif(os.name != "nt", reason="names and paths that only Windows refuses")


@pytest.fixture
def book(samples: Path, tmp_path: Path) -> Path:
    path = tmp_path / "อบต ตัวอย่าง.xlsx"
    path.write_bytes((samples / "reference-2565.xlsx").read_bytes())
    return path


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "PATIENCE", 0.0)


# ---- a file that another program has open ----


@pytest.mark.usefixtures("_impatient")
def test_a_workbook_that_is_open_in_excel_is_told_so(book: Path) -> None:
    before = book.read_bytes()
    with held(book), pytest.raises(Unusable) as caught:
        jobs.run(book)
    (finding,) = caught.value.findings
    assert finding.code == Code.FILE_HELD
    assert "ปิดแฟ้ม" in catalogue.hint(finding) and "ประเมิน ITA" in catalogue.hint(finding)
    assert book.read_bytes() == before


@pytest.mark.usefixtures("_impatient")
def test_runs_on_a_workbook_that_is_open_in_excel_keep_no_copies(book: Path) -> None:
    with held(book):
        for _ in range(8):
            with pytest.raises(Unusable):
                jobs.run(book)
    assert list(book.parent.iterdir()) == [book]


def test_a_virus_scanner_that_lets_go_is_waited_for(book: Path, tmp_path: Path) -> None:
    writing = threading.Thread(target=files.write_whole, args=(book, b"new"))
    with held(book):
        writing.start()
        writing.join(0.3)
        assert writing.is_alive()
    writing.join(10)
    assert book.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [book]


def test_what_is_saved_while_it_is_waited_for_stays(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def refuse(source: str, target: str) -> None:
        tries.append(target)
        Path(target).write_bytes(b"saved by a person")
        raise Held(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(Unusable) as caught:
        files.replace(book, b"ours", book.read_bytes())
    assert [f.code for f in caught.value.findings] == [Code.FILE_CHANGED_MEANWHILE]
    assert len(tries) == 1 and book.read_bytes() == b"saved by a person"


def test_a_folder_that_may_not_be_written_is_no_open_file(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> tuple[int, str]:
        raise Held(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(Unusable) as caught:
        files.write_whole(book, b"new")
    assert [f.code for f in caught.value.findings] == [Code.FILE_UNWRITABLE]


def test_a_file_that_another_program_lets_nobody_read_is_told_so(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bytes:
        error = Held(13, "Permission denied")
        error.winerror = 32
        raise error

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(Unusable) as caught:
        files.read_bytes(book)
    assert [f.code for f in caught.value.findings] == [Code.FILE_HELD]


# ---- names and paths ----


@pytest.mark.parametrize("name", ["CON.xlsx", "nul", "com1.tar.gz", "LPT¹.xlsx", "a:b.xlsx", "ก?.xlsx", "ก. "])
def test_names_that_windows_keeps_for_itself(name: str) -> None:
    assert windows.reserved(name)


@pytest.mark.parametrize("name", ["CONTENT.xlsx", "อบต.xlsx", "com10.xlsx", "a.CON.xlsx", ".", "..", ""])
def test_names_that_windows_takes(name: str) -> None:
    assert not windows.reserved(name)


def test_a_long_path_is_named_without_its_limit() -> None:
    deep = "C:\\" + "ก" * 250
    assert windows.unlimited("C:\\ก.xlsx") == "C:\\ก.xlsx"
    assert windows.unlimited(deep) == "\\\\?\\" + deep == windows.unlimited("\\\\?\\" + deep)
    assert windows.unlimited("\\\\server\\share\\" + "ก" * 250) == "\\\\?\\UNC\\server\\share\\" + "ก" * 250


@ONLY_WINDOWS
@pytest.mark.parametrize("name", ["CON.xlsx", "nul.xlsx", "ก:ข.xlsx", "ก?.xlsx"])
def test_a_name_that_windows_keeps_for_itself_is_told(ita: Ita, tmp_path: Path, name: str) -> None:
    for words in (("check", tmp_path / name), ("new", tmp_path / name, "--year", 2565, "--agency", "อบต.")):
        said = ita(*words)
        assert said.code == 3 and Code.FILE_NAME_UNUSABLE in said.err


@ONLY_WINDOWS
def test_a_workbook_at_the_end_of_a_long_path_is_worked_on(book: Path, ita: Ita) -> None:
    deep = book.parent.joinpath(*["โฟลเดอร์ของสำนักงานที่มีชื่อยาวมาก"] * 8)
    files.make_folder(deep)
    path = deep / "ข.xlsx"
    files.write_whole(path, book.read_bytes())
    assert len(str(path)) > 260
    assert ita("run", path).code == 0
    made = sorted(os.listdir(windows.reachable(deep)))
    assert made == ["ข.backup-001.xlsx", "ข.xlsx"]
