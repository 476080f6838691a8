"""Running in place: whole files, numbered backups, nothing else in the workbook touched."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ita_xl import files, jobs
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.engines.package.engine import Package
from ita_xl.layout import HOME, SCORES, WRITTEN, Show
from tests.conftest import Ita
from tools.parts import first_sheet


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
    ours = {parts[s.title] for s in WRITTEN if s.show is not Show.NEEDED} | {"xl/workbook.xml"}
    ours |= {parts[HOME.title]}  # its formulas follow the rows of the plan
    assert list(after) == list(before)
    assert first_sheet(after[parts[HOME.title]]) == first_sheet(before[parts[HOME.title]])
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


# ---- what somebody else saves meanwhile ----


def saving(path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let somebody save a file while the next result is being computed."""
    convert = jobs.convert

    def meanwhile(*words: Any, **more: Any) -> Any:
        made = convert(*words, **more)
        path.write_bytes(content)
        return made

    monkeypatch.setattr(jobs, "convert", meanwhile)


def refusal(job: Callable[[], object]) -> list[str]:
    with pytest.raises(Unusable) as caught:
        job()
    return [finding.code for finding in caught.value.findings]


def test_what_is_saved_while_a_run_computes_stays_and_no_backup_is_kept(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saving(book, b"saved in Excel", monkeypatch)
    assert refusal(lambda: jobs.run(book)) == [Code.FILE_CHANGED_MEANWHILE]
    assert book.read_bytes() == b"saved in Excel"
    assert list(book.parent.iterdir()) == [book]


@pytest.mark.parametrize("again", [False, True])
def test_an_output_that_somebody_writes_while_a_run_computes_stays(
    book: Path, monkeypatch: pytest.MonkeyPatch, *, again: bool
) -> None:
    output = book.with_name("ผล.xlsx")
    if again:
        jobs.run(book, output)
    saving(output, b"theirs", monkeypatch)
    assert refusal(lambda: jobs.run(book, output)) == [Code.FILE_CHANGED_MEANWHILE]
    assert output.read_bytes() == b"theirs"


def test_a_read_only_file_is_not_replaced(book: Path, samples: Path, ita: Ita) -> None:
    result, draft = book.with_name("ผล.xlsx"), book.with_name("ร่าง.eml")
    jobs.run(book, result)
    draft.write_text("mine")
    before = {}
    for path in (book, result, draft):
        path.chmod(0o444)
        before[path] = path.read_bytes()
    source = samples / "mistakes-2565.xlsx"
    for words in (
        ("run", book),
        ("run", source, "-o", result),
        ("new", book, "--year", 2565, "--force"),
        ("mail", book, "--yes", "--to", "a@example.go.th", "--draft", draft, "--force"),
    ):
        found = ita(*words)
        assert found.code == 3 and Code.FILE_READ_ONLY in found.err
    assert {path: path.read_bytes() for path in before} == before
    assert backups(book) == []


# ---- backups ----


def test_a_forced_new_workbook_keeps_the_one_it_replaces(book: Path, ita: Ita) -> None:
    before = book.read_bytes()
    assert ita("new", book, "--year", 2565, "--force").code == 0
    assert book.with_name("อบจ พิษณุโลก.backup-001.xlsx").read_bytes() == before


def test_a_forced_draft_keeps_the_one_it_replaces(book: Path, ita: Ita) -> None:
    draft = book.with_suffix(".eml")
    draft.write_bytes(b"changed by the clerk")
    assert ita("mail", book, "--yes", "--to", "a@example.go.th", "--force").code == 0
    assert draft.with_name(f"{draft.stem}.backup-001.eml").read_bytes() == b"changed by the clerk"


def test_an_addin_that_is_built_over_another_file_keeps_it(tmp_path: Path, ita: Ita) -> None:
    (tmp_path / "mine.xlam").write_bytes(b"an add-in of somebody else")
    for _ in range(2):
        assert ita("addin", "build", "-o", tmp_path / "mine.xlam").code == 0
    (backup,) = tmp_path.glob("*.backup-*")
    assert backup.read_bytes() == b"an add-in of somebody else"


def test_runs_that_cannot_replace_the_file_keep_no_backups(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        score(book, 6, 80 + number)
        jobs.run(book)
    kept = {number: backup(book, number).read_bytes() for number in backups(book)}
    replace = os.replace

    def in_use(source: str, target: str) -> None:
        if os.path.basename(target) == book.name:
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    score(book, 6, 90)
    monkeypatch.setattr(os, "replace", in_use)
    for _ in range(8):
        assert refusal(lambda: jobs.run(book)) == [Code.FILE_UNWRITABLE]
    assert {number: backup(book, number).read_bytes() for number in backups(book)} == kept


def backup(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}.backup-{number:03}{path.suffix}")


def test_what_the_newest_backup_holds_is_not_kept_again(book: Path) -> None:
    before = book.read_bytes()
    for _ in range(3):
        jobs.run(book)
        book.write_bytes(before)
    assert backups(book) == [1]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no rights in numbers")
def test_a_backup_is_as_private_as_its_workbook(book: Path) -> None:
    book.chmod(0o600)
    jobs.run(book)
    assert backup(book, 1).stat().st_mode & 0o777 == 0o600


def test_workbooks_with_the_longest_names_have_backups_of_their_own(book: Path) -> None:
    books = [book.with_name("ก" * 81 + last + ".xlsx") for last in "ขค"]
    before = {}
    for number, path in enumerate(books):
        path.write_bytes(book.read_bytes())
        score(path, 6, 80 + number)
        before[path] = path.read_bytes()
        jobs.run(path)
        score(path, 6, 70 + number)
        jobs.run(path)
    made = sorted(path for path in book.parent.iterdir() if ".backup-" in path.name)
    assert [path.name.rpartition(".backup-")[2] for path in made] == ["001.xlsx", "002.xlsx"] * 2
    assert {path.read_bytes() for path in made if "001" in path.name} == set(before.values())
    assert all(path.name.startswith("ก" * 60) for path in made)


def test_a_backup_that_cannot_be_removed_stops_nothing(book: Path) -> None:
    jobs.run(book)
    backup(book, 2).mkdir()  # a folder, which is removed in other ways
    for number in range(9):
        score(book, 6, 80 + number)
        jobs.run(book)
    assert backups(book) == [1, 2, 7, 8, 9, 10, 11]
