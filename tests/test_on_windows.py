"""What Windows does otherwise with files. Run there, Windows itself refuses; elsewhere a stand-in does."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ita_xl import files, jobs
from ita_xl.batch import workers
from ita_xl.data import catalogue
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.files import windows
from tests.at_once import in_this_process
from tests.conftest import Ita
from tests.held import Held, held, under_wine

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


@pytest.mark.parametrize("number", [123, 206])
def test_a_name_that_windows_finds_too_long_is_told_with_what_to_do(
    book: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        error = FileNotFoundError(errno.ENOENT, "The filename or extension is too long")
        error.winerror = number  # type: ignore[attr-defined, unused-ignore]
        raise error

    monkeypatch.setattr(os, "stat", refuse)
    for use in (files.read_bytes, files.refuse_protected):
        with pytest.raises(Unusable) as caught:
            use(book)
        (finding,) = caught.value.findings
        assert finding.code == Code.FILE_NAME_UNUSABLE and "สั้นลง" in catalogue.hint(finding)


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
    path = deep(book, "ข.xlsx")
    assert ita("run", path).code == 0
    made = sorted(os.listdir(windows.reachable(path.parent)))
    assert made == ["ข.backup-001.xlsx", "ข.xlsx"]


@ONLY_WINDOWS
def test_a_workbook_at_the_end_of_a_long_path_is_not_taken_for_none(book: Path, ita: Ita) -> None:
    path = deep(book, "ข.xlsx")
    assert ita("new", path, "--year", 2565).code == 2
    assert files.read_bytes(path) == book.read_bytes()


@ONLY_WINDOWS
def test_a_batch_reads_and_writes_at_the_end_of_long_paths(
    book: Path, ita: Ita, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "local", in_this_process)
    path = deep(book, "ข.xlsx")
    out = path.parent / "ผล"
    assert ita("batch", path, "-o", out).code == 0
    assert "ข.xlsx" in os.listdir(windows.reachable(out))


def deep(book: Path, name: str) -> Path:
    """The workbook once more, where Windows needs the long form of its path."""
    path = book.parent.joinpath(*["โฟลเดอร์ของสำนักงานที่มีชื่อยาวมาก"] * 8, name)
    files.make_folder(path.parent)
    files.write_whole(path, book.read_bytes())
    assert len(str(path)) > 260
    return path


# ---- how much memory a process of a batch may take ----


@ONLY_WINDOWS
def test_a_process_of_a_batch_is_put_into_a_job_that_limits_its_memory(tmp_path: Path) -> None:
    lines = (
        "import sys, win32api, win32job",
        "from ita_xl.batch import work",
        "set_to, put_into = win32job.SetInformationJobObject, win32job.AssignProcessToJobObject",
        "def set_and_told(job, kind, limits):",
        "    flags = limits['BasicLimitInformation']['LimitFlags']",
        "    print(limits['ProcessMemoryLimit'], flags == win32job.JOB_OBJECT_LIMIT_PROCESS_MEMORY)",
        "    set_to(job, kind, limits)",
        "def put_and_told(job, process):",
        "    put_into(job, process)",
        "    print(win32job.IsProcessInJob(process, job))",
        "win32job.SetInformationJobObject, win32job.AssignProcessToJobObject = set_and_told, put_and_told",
        "work.prepare(700)",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(700 * 2**20), "True", "True"]


@ONLY_WINDOWS
@pytest.mark.skipif(under_wine(), reason="Wine takes a limit of memory and keeps none")
def test_a_process_of_a_batch_gets_no_more_memory_than_its_limit(tmp_path: Path) -> None:
    lines = ("from ita_xl.batch import work", "work.prepare(300)", "bytearray(600 * 2**20)")
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "MemoryError" in done.stderr
