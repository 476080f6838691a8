"""Running in place: whole files, numbered backups, nothing else in the workbook touched."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from ita_xl import files, jobs
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.engines.package.engine import Package
from ita_xl.layout import SCORES, WRITTEN


@pytest.fixture
def book(samples: Path, tmp_path: Path) -> Path:
    path = tmp_path / "อบจ พิษณุโลก.xlsx"
    path.write_bytes((samples / "reference-2565.xlsx").read_bytes())
    return path


def score(path: Path, code_row: int, value: float) -> None:
    """Type a score as a clerk would, keeping everything else."""
    port = Package.open(path)
    port.write(SCORES["IIT"].title, code_row, 7, [[value]])
    files.write_whole(path, port.to_bytes())


def backups(path: Path) -> list[int]:
    return sorted(int(p.stem.rpartition("-")[2]) for p in path.parent.glob("*.backup-*.xlsx"))


def test_a_run_updates_the_workbook_and_keeps_the_old_one(book: Path) -> None:
    before = book.read_bytes()
    assert jobs.run(book).as_json()["total"] == 96.99
    assert book.read_bytes() != before
    assert book.with_name("อบจ พิษณุโลก.backup-001.xlsx").read_bytes() == before


def test_a_run_that_changes_nothing_writes_nothing(book: Path) -> None:
    jobs.run(book)
    after, stamp = book.read_bytes(), book.stat().st_mtime_ns
    jobs.run(book)
    assert (book.read_bytes(), book.stat().st_mtime_ns) == (after, stamp)
    assert backups(book) == [1]


def test_the_first_backup_stays_and_the_last_five(book: Path) -> None:
    for number in range(9):
        score(book, 6, 80 + number)
        jobs.run(book)
    assert backups(book) == [1, 5, 6, 7, 8, 9]


def test_only_our_output_sheets_and_the_workbook_part_change(book: Path) -> None:
    before = members(book.read_bytes())
    jobs.run(book)
    after = members(book.read_bytes())
    parts = Package.open(book)._book.parts
    ours = {parts[s.title] for s in WRITTEN} | {"xl/workbook.xml"}
    assert list(after) == list(before)
    assert {name for name in after if after[name] != before[name]} == ours


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_read_only_folder_is_named_and_nothing_is_left_behind(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = book.read_bytes()

    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(Unusable) as caught:
        jobs.run(book)
    assert caught.value.findings[0].code == Code.FILE_UNWRITABLE
    assert book.read_bytes() == before
    assert list(book.parent.iterdir()) == [book]


def test_a_workbook_that_is_open_is_not_replaced(book: Path) -> None:
    book.with_name(f"~${book.name}").touch()
    with pytest.raises(Unusable) as caught:
        jobs.run(book)
    assert caught.value.findings[0].code == Code.FILE_OPEN_ELSEWHERE


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_killed_at_any_moment_the_old_or_the_new_file_is_whole(book: Path) -> None:
    """A process that writes without end is killed at twenty different moments."""
    script = (
        "import sys; from pathlib import Path; from ita_xl import files;"
        "path = Path(sys.argv[1]); whole = path.read_bytes();"
        "print('ready', flush=True)\n"
        "while True: files.write_whole(path, whole)"
    )
    whole = book.read_bytes()
    for moment in range(20):
        process = subprocess.Popen([sys.executable, "-c", script, str(book)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(moment * 0.0007)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert book.read_bytes() == whole
    for rubbish in book.parent.glob(".ita_xl-*.tmp"):
        rubbish.unlink()
    assert list(book.parent.iterdir()) == [book]
