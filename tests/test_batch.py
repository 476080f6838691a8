"""Many workbooks at once: `ita-xl batch`."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ita_xl import __version__, files, jobs
from ita_xl.batch import journal
from ita_xl.batch import workers as batch_workers
from ita_xl.batch.collect import collect, listed
from ita_xl.batch.job import Job
from ita_xl.batch.record import Record, State
from ita_xl.batch.work import Converted, Task, convert
from ita_xl.batch.workers import Limits, Workers, local
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.files import windows
from ita_xl.layout import SUMMARY
from tests import crafted
from tests.at_once import in_this_process
from tests.held import under_wine
from tests.links import link
from tests.rough_work import rough
from tools import generate
from tools.generate import Mix

LIMITS = Limits(60, 1024)
TABLE, LOG = "รายการที่ต้องตรวจแก้.csv", "บันทึกการประมวลผล.log"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Two worker processes, started once."""
    with local(2, LIMITS) as started:
        yield started


@pytest.fixture
def inbox(tmp_path: Path, samples: Path) -> Path:
    """A folder with workbooks of one name from two places, and one below."""
    folder = tmp_path / "ส่งมา"
    for name in ("พิษณุโลก/ITA-2565.xlsx", "สุโขทัย/ITA-2565.xlsx", "สุโขทัย/กงไกรลาศ/ผล ITA.xlsx"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(samples / "reference-2565.xlsx", folder / name)
    return folder


def converted(workers: Workers, given: list[Path], output: Path, *, resume: bool = False) -> dict[str, Record]:
    """The records of a whole job by the name of the workbook's file and folder."""
    job = Job(given, output, resume=resume)
    list(job.run(workers, LIMITS))
    job.finish()
    return {"/".join(Path(record.source).parts[-2:]): record for record in job.records}


def results(folder: Path) -> dict[str, bytes]:
    """All files that a batch leaves, but for its log and journal."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if name not in (LOG, journal.NAME)}


def codes(record: Record) -> list[str]:
    return [finding["code"] for finding in record.findings]


# ---- what it does ----


def test_every_workbook_is_converted_as_run_would_and_the_inputs_stay(
    workers: Workers, inbox: Path, tmp_path: Path
) -> None:
    before = results(inbox)
    found = converted(workers, [inbox], tmp_path / "ผล")
    assert {record.state for record in found.values()} == {State.DONE}
    assert {record.total for record in found.values()} == {96.99}
    assert results(inbox) == before
    alone = tmp_path / "alone.xlsx"
    jobs.run(inbox / "พิษณุโลก/ITA-2565.xlsx", alone)
    batched = (tmp_path / "ผล/พิษณุโลก/ITA-2565.xlsx").read_bytes()
    assert crafted.members(batched) == crafted.members(alone.read_bytes())
    assert openpyxl.load_workbook(alone)[SUMMARY.title]["C8"].value == 96.99


def test_results_keep_the_structure_of_their_folder_so_that_equal_names_do_not_meet(
    workers: Workers, inbox: Path, tmp_path: Path
) -> None:
    converted(workers, [inbox], tmp_path / "ผล")
    assert set(results(tmp_path / "ผล")) == {
        TABLE,
        "พิษณุโลก/ITA-2565.xlsx",
        "สุโขทัย/ITA-2565.xlsx",
        "สุโขทัย/กงไกรลาศ/ผล ITA.xlsx",
    }


def test_planted_defects_are_what_the_batch_reports(workers: Workers, tmp_path: Path) -> None:
    planted = list(generate.workbooks(40, seed=5, mix=Mix(mistakes=0.5, damaged=0.3)))
    for made in planted:
        generate.write(tmp_path / "in", made)
    job = Job([tmp_path / "in"], tmp_path / "out")
    found = {Path(r.source).relative_to(tmp_path / "in").as_posix(): r for r in job.run(workers, LIMITS)}
    for made in planted:
        if made.content is None:
            assert made.path not in found, "a folder is no workbook"
        elif made.refused:
            assert found[made.path].state is State.FAILED
            assert codes(found[made.path]) == [made.refused]
            assert not (tmp_path / "out" / made.path).exists()
        else:
            assert found[made.path].agency == made.agency.name
            assert {slip.code for slip in made.mistakes} <= set(codes(found[made.path]))
            assert zipfile.ZipFile(tmp_path / "out" / found[made.path].output).testzip() is None


def test_the_table_of_findings_opens_in_a_spreadsheet_and_no_text_becomes_a_formula(
    workers: Workers, tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(samples / "mistakes-2565.xlsx", tmp_path / "in" / "=cmd.xlsx")
    (tmp_path / "in" / "@ว่าง.xlsx").touch()
    monkeypatch.chdir(tmp_path / "in")
    list((job := Job([Path("=cmd.xlsx"), Path("@ว่าง.xlsx")], tmp_path / "out")).run(workers, LIMITS))
    job.finish()
    content = (tmp_path / "out" / TABLE).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "Excel takes it for UTF-8"
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert {row["แฟ้ม"] for row in rows} == {"'=cmd.xlsx", "'@ว่าง.xlsx"}
    assert {Code.NOT_A_NUMBER, Code.NUMBER_OUT_OF_RANGE, Code.FILE_EMPTY} <= {row["รหัส"] for row in rows}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


# ---- which workbooks ----


def places(given: list[Path], output: Path) -> list[str]:
    return [source.place for source in collect(given, output, {})[0]]


def test_files_folders_patterns_and_lists_may_be_named_and_each_workbook_counts_once(
    inbox: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    single = inbox / "พิษณุโลก" / "ITA-2565.xlsx"
    assert places([single], out) == ["ITA-2565.xlsx"]
    assert places([single, single, inbox / "พิษณุโลก" / ".." / "พิษณุโลก" / single.name], out) == ["ITA-2565.xlsx"]
    assert len(places([inbox / "*" / "ITA*.xlsx"], out)) == 2
    assert len(places([inbox / "**" / "*.xlsx", inbox], out)) == 3
    names = tmp_path / "รายชื่อ.txt"
    names.write_text("# มาแล้ว\nส่งมา/พิษณุโลก/ITA-2565.xlsx\n\nส่งมา/สุโขทัย\n", encoding="utf-8-sig")
    assert len(places(listed(names)[0], out)) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
def test_a_list_is_read_as_notepad_and_excel_save_it(encoding: str, tmp_path: Path) -> None:
    names = tmp_path / "รายชื่อ.txt"
    names.write_bytes("# มาแล้ว\r\nส่งมา/ทต. ปัว.xlsx\r\n\r\nสุโขทัย\r\n".encode(encoding))
    paths, findings = listed(names)
    assert paths == [tmp_path / "ส่งมา/ทต. ปัว.xlsx", tmp_path / "สุโขทัย"]
    assert [finding.code for finding in findings] == [Code.FILE_IN_THAI_ANSI] * (encoding == "cp874")


def test_paths_in_a_list_may_be_as_windows_copies_them(tmp_path: Path) -> None:
    names = tmp_path / "x.txt"
    names.write_text('\u202aส่งมา/ก  ข.xlsx\u202c \n"ส่งมา/ค.xlsx"\n', encoding="utf-8")
    assert listed(names)[0] == [tmp_path / "ส่งมา/ก  ข.xlsx", tmp_path / "ส่งมา/ค.xlsx"]


def test_a_list_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(b"PK\x03\x04\x00\x00\xff\xfe")
    with pytest.raises(Unusable) as error:
        listed(tmp_path / "x.txt")
    assert [finding.code for finding in error.value.findings] == [Code.FILE_UNREADABLE]


def test_equal_names_from_different_folders_get_places_of_their_own(inbox: Path, tmp_path: Path) -> None:
    found = places(sorted(inbox.rglob("ITA-2565.xlsx")), tmp_path / "out")
    assert len(found) == len({place.casefold() for place in found}) == 2
    assert all(place.startswith("ITA-2565") and place.endswith(".xlsx") for place in found)


def test_a_name_stays_what_it_was_when_more_workbooks_come(workers: Workers, inbox: Path, tmp_path: Path) -> None:
    later = inbox / "พิษณุโลก" / "ITA-2565.xlsx"
    before = converted(workers, [inbox / "สุโขทัย" / "ITA-2565.xlsx"], tmp_path / "out")
    both = [later, inbox / "สุโขทัย" / "ITA-2565.xlsx"]
    after = converted(workers, both, tmp_path / "out", resume=True)
    assert after["สุโขทัย/ITA-2565.xlsx"].output == before["สุโขทัย/ITA-2565.xlsx"].output == "ITA-2565.xlsx"
    assert after["พิษณุโลก/ITA-2565.xlsx"].output != "ITA-2565.xlsx"


def test_locks_backups_and_the_output_itself_are_not_taken_for_workbooks(
    workers: Workers, inbox: Path, tmp_path: Path
) -> None:
    for name in (
        "~$ITA-2565.xlsx",
        ".~lock.ITA-2565.xlsx#",
        "ITA-2565.backup-001.xlsx",
        ".ita_xl-x.xlsx",
        "._ITA-2565.xlsx",
        "a.docx",
    ):
        (inbox / name).write_bytes(b"x")
    for name in ("$RECYCLE.BIN", ".Trash-1000", "__MACOSX"):
        (inbox / name).mkdir()
        shutil.copy(inbox / "พิษณุโลก/ITA-2565.xlsx", inbox / name / "ทิ้งแล้ว.xlsx")
    inside = inbox / "ผลลัพธ์"
    assert len(converted(workers, [inbox], inside)) == 3
    assert len(converted(workers, [inbox], inside)) == 3


def test_links_that_lead_in_circles_are_followed_once(inbox: Path, tmp_path: Path) -> None:
    link(inbox / "วน", inbox)
    link(inbox / "สุโขทัย" / "วน", inbox / "สุโขทัย")
    elsewhere = tmp_path / "ที่อื่น"
    elsewhere.mkdir()
    shutil.copy(inbox / "พิษณุโลก" / "ITA-2565.xlsx", elsewhere / "อีกแฟ้ม.xlsx")
    link(inbox / "ลิงก์", elsewhere)
    assert len(places([inbox], tmp_path / "out")) == 4


@pytest.mark.parametrize(
    "name", ["ก" * 60 + "ข" * 18, "ก" * 82, "a" * 250, "มี'คำพูด\"", "ขึ้น\nบรรทัด", "ปี=2565;&|$(x)", "é"]
)
def test_any_name_that_a_disk_takes_is_taken(
    workers: Workers, inbox: Path, tmp_path: Path, samples: Path, name: str
) -> None:
    if os.name == "nt" and windows.reserved(f"{name}.xlsx"):
        pytest.skip("Windows takes no such name")
    for folder in ("a", "b"):
        (inbox / folder).mkdir()
        shutil.copy(samples / "unfilled-2565.xlsx", inbox / folder / f"{name}.xlsx")
    given = [inbox / folder / f"{name}.xlsx" for folder in ("a", "b")]
    found = converted(workers, given, tmp_path / "out")
    assert len(found) == 2 == len({record.output for record in found.values()})
    assert all((tmp_path / "out" / record.output).is_file() for record in found.values())
    assert len((tmp_path / "out" / LOG).read_text(encoding="utf-8").splitlines()) == 2


# ---- a bad one costs only itself ----


def test_a_workbook_that_kills_hangs_or_eats_memory_costs_only_itself(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Impatient(batch_workers._Pool):
        """Waits long for all but the endless one, so that a busy machine may take its time."""

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            self._seconds = 1 if "endless" in args[0].name else 600
            return super().submit(fn, *args, **kwargs)

    monkeypatch.setattr(batch_workers, "_Pool", Impatient)
    sample = inbox / "พิษณุโลก" / "ITA-2565.xlsx"
    worst = {
        "kills": Code.PROCESS_DIED,
        "endless": Code.TOOK_TOO_LONG,
        "hungry": Code.PROCESS_DIED,
        "raises": Code.PROGRAM_FAILED_WORKBOOK_UNCHANGED,
    }
    if under_wine():  # which takes a limit of memory and keeps none
        del worst["hungry"]
    for name in worst:
        shutil.copy(sample, inbox / f"{name}.xlsx")
    limits = Limits(600, 700)
    with local(2, limits) as workers:
        job = Job([inbox], tmp_path / "out", work=rough)
        found = {Path(record.source).stem: record for record in job.run(workers, limits)}
    assert {name: codes(found[name]) for name in worst} == {name: [code] for name, code in worst.items()}
    assert sum(record.state is State.DONE for record in found.values()) == 2
    assert len(job.records) == 3 + len(worst)


def test_a_workbook_that_is_too_large_or_none_at_all_is_refused_unread(
    workers: Workers, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 400_000)
    (inbox / "ใหญ่.xlsx").write_bytes(b"PK" + bytes(400_000))
    (inbox / "ว่าง.xlsx").touch()
    found = converted(workers, [inbox, inbox / "ไม่มี.xlsx"], tmp_path / "out")
    failed = {Path(r.source).name: codes(r) for r in found.values() if r.state is State.FAILED}
    assert failed == {
        "ใหญ่.xlsx": [Code.FILE_TOO_LARGE],
        "ว่าง.xlsx": [Code.FILE_EMPTY],
        "ไม่มี.xlsx": [Code.FILE_MISSING],
    }
    assert sum(record.state is State.DONE for record in found.values()) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among files")
def test_a_pipe_and_a_link_to_itself_are_named_and_not_waited_for(
    workers: Workers, inbox: Path, tmp_path: Path
) -> None:
    link(inbox / "วนตัวเอง.xlsx", inbox / "วนตัวเอง.xlsx")
    os.mkfifo(inbox / "ท่อ.xlsx")
    found = converted(workers, [inbox, inbox / "ท่อ.xlsx"], tmp_path / "out")
    failed = {Path(r.source).name: codes(r) for r in found.values() if r.state is State.FAILED}
    assert failed == {"วนตัวเอง.xlsx": [Code.FILE_UNREADABLE], "ท่อ.xlsx": [Code.FILE_UNREADABLE]}


def test_a_folder_that_may_not_be_read_is_named_and_the_others_are_converted(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = os.scandir

    def refusing(path: str) -> object:
        if Path(path).name == "สุโขทัย":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refusing)
    sources, findings = collect([inbox], tmp_path / "out", {})
    assert [source.place for source in sources] == ["พิษณุโลก/ITA-2565.xlsx"]
    assert [finding.code for finding in findings] == [Code.FOLDER_UNREADABLE]
    assert "สุโขทัย" in str(findings[0].values["folder"])


# ---- what somebody edited is not written over ----


def test_a_result_that_somebody_edited_stays_and_is_reported(workers: Workers, inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    converted(workers, [inbox], out)
    edited = out / "พิษณุโลก" / "ITA-2565.xlsx"
    book = openpyxl.load_workbook(edited)
    book[SUMMARY.title]["B40"] = "ข้อความของหน่วยงาน"
    book.save(edited)
    theirs = edited.read_bytes()
    for resume in (False, True):
        found = converted(workers, [inbox], out, resume=resume)
        assert codes(found["พิษณุโลก/ITA-2565.xlsx"]) == [Code.RESULT_EDITED]
        assert edited.read_bytes() == theirs
        assert sum(record.state is State.DONE for record in found.values()) == 2


def test_a_file_that_is_not_ours_is_not_replaced(workers: Workers, inbox: Path, tmp_path: Path) -> None:
    other = tmp_path / "out" / "พิษณุโลก" / "ITA-2565.xlsx"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"something of theirs")
    found = converted(workers, [inbox], tmp_path / "out")
    assert codes(found["พิษณุโลก/ITA-2565.xlsx"]) == [Code.FILE_NOT_OURS]
    assert other.read_bytes() == b"something of theirs"
    other.unlink()
    found = converted(workers, [inbox], tmp_path / "out", resume=True)
    assert {record.state for record in found.values()} == {State.DONE}, "what was in the way is gone"


def test_a_result_would_never_take_the_place_of_a_workbook(inbox: Path) -> None:
    with pytest.raises(Unusable) as refused:
        Job([inbox / "พิษณุโลก" / "ITA-2565.xlsx"], inbox / "พิษณุโลก")
    assert [finding.code for finding in refused.value.findings] == [Code.RESULT_OVER_SOURCE]


@pytest.mark.parametrize("name", ["ส่งมา/พิษณุโลก/ITA-2565.xlsx", "out/พิษณุโลก/ITA-2565.xlsx", f"out/{TABLE}"])
def test_a_portfolio_never_takes_the_place_of_a_workbook_or_a_result(
    inbox: Path, tmp_path: Path, name: str
) -> None:
    job = Job([inbox], tmp_path / "out")
    with pytest.raises(Unusable) as refused:
        job.refuse_over(tmp_path / name)
    assert [finding.code for finding in refused.value.findings] == [Code.RESULT_OVER_SOURCE]
    job.refuse_over(tmp_path / "out" / "ภาพรวม.xlsx")


def test_a_result_that_somebody_saves_while_the_batch_converts_stays(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def saving(task: Task) -> Converted:
        if "พิษณุโลก" in task.source:
            (out / "พิษณุโลก").mkdir()
            (out / "พิษณุโลก" / "ITA-2565.xlsx").write_bytes(b"saved meanwhile")
        return convert(task)

    with in_this_process() as workers:
        found = {Path(r.source).parent.name: r for r in Job([inbox], out, work=saving).run(workers, LIMITS)}
    assert codes(found["พิษณุโลก"]) == [Code.FILE_CHANGED_MEANWHILE]
    assert (out / "พิษณุโลก" / "ITA-2565.xlsx").read_bytes() == b"saved meanwhile"
    assert found["สุโขทัย"].state is State.DONE


def test_a_read_only_result_costs_only_itself(workers: Workers, inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    converted(workers, [inbox], out)
    (out / "พิษณุโลก" / "ITA-2565.xlsx").chmod(0o444)
    found = converted(workers, [inbox], out)
    assert codes(found["พิษณุโลก/ITA-2565.xlsx"]) == [Code.FILE_READ_ONLY]
    assert sum(record.state is State.DONE for record in found.values()) == 2


def test_a_table_that_cannot_be_written_keeps_no_portfolio_from_being_made(
    workers: Workers, inbox: Path, tmp_path: Path
) -> None:
    job = Job([inbox], tmp_path / "out")
    list(job.run(workers, LIMITS))
    (tmp_path / "out" / TABLE).mkdir()
    with pytest.raises(Unusable) as refused:
        job.finish(tmp_path / "ภาพรวม.csv")
    assert [finding.code for finding in refused.value.findings] == [Code.FILE_IS_FOLDER]
    assert (tmp_path / "ภาพรวม.csv").exists()


def test_a_table_of_findings_in_which_somebody_wrote_is_kept(workers: Workers, inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    converted(workers, [inbox], out)
    (out / TABLE).write_text("แก้ไขแล้ว ✓", encoding="utf-8")
    for _ in range(2):
        converted(workers, [inbox], out, resume=True)
    backup = out / f"{Path(TABLE).stem}.backup-001.csv"
    assert backup.read_text(encoding="utf-8") == "แก้ไขแล้ว ✓"
    assert len(list(out.glob("*.backup-*"))) == 1


# ---- going on ----


def test_resuming_does_only_what_is_missing(workers: Workers, inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    converted(workers, [inbox], out)
    whole = results(out)
    (out / "สุโขทัย" / "ITA-2565.xlsx").unlink()
    kept = out / "พิษณุโลก" / "ITA-2565.xlsx"
    before = kept.stat().st_mtime_ns
    converted(workers, [inbox], out, resume=True)
    assert results(out) == whole
    assert kept.stat().st_mtime_ns == before, "what was finished is not written again"


def test_two_equal_files_are_two_and_a_changed_one_is_done_again(
    workers: Workers, inbox: Path, tmp_path: Path, samples: Path
) -> None:
    out = tmp_path / "out"
    converted(workers, [inbox], out)
    assert len(journal.read(out)) == 3
    shutil.copy(samples / "mistakes-2565.xlsx", inbox / "พิษณุโลก" / "ITA-2565.xlsx")
    found = converted(workers, [inbox], out, resume=True)
    assert found["พิษณุโลก/ITA-2565.xlsx"].state is State.FINDINGS
    assert found["สุโขทัย/ITA-2565.xlsx"].state is State.DONE


def test_a_journal_of_another_version_or_with_a_torn_line_does_not_count(
    workers: Workers, inbox: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    converted(workers, [inbox], out)
    book = out / journal.NAME
    lines = book.read_bytes().splitlines(keepends=True)
    other = json.loads(lines[0])
    other["key"]["version"] = "0.0.1"
    book.write_bytes(json.dumps(other).encode() + b"\n" + lines[1] + lines[2][:-40])
    assert len(journal.read(out)) == 2
    before = (out / "สุโขทัย" / "ITA-2565.xlsx").stat().st_mtime_ns
    found = converted(workers, [inbox], out, resume=True)
    assert len(found) == 3
    assert (out / "สุโขทัย" / "ITA-2565.xlsx").stat().st_mtime_ns >= before
    assert {entry.key.version for entry in journal.read(out).values()} == {__version__}
    assert len(journal.read(out)) == 3, "of each workbook only the last line counts"


@pytest.mark.parametrize(
    "place", ["../../elsewhere.xlsx", "{}/elsewhere.xlsx", "a/../../elsewhere.xlsx", "", ".", "a\0b.xlsx", 7]
)
def test_a_forged_journal_leads_nowhere_but_into_the_output_folder(
    workers: Workers, inbox: Path, tmp_path: Path, place: str
) -> None:
    out = tmp_path / "above" / "out"
    converted(workers, [inbox], out)
    lines = [json.loads(line) for line in (out / journal.NAME).read_text().splitlines()]
    for line in lines:
        line["record"]["output"] = place.format(tmp_path / "above") if isinstance(place, str) else place
        line["key"]["content"] = "forged"
    (out / journal.NAME).write_text("".join(json.dumps(line) + "\n" for line in lines))
    before = {path for path in tmp_path.rglob("*") if out not in path.parents}
    assert len(converted(workers, [inbox], out, resume=True)) == 3
    assert {path for path in tmp_path.rglob("*") if out not in path.parents} == before
    assert len(journal.read(out)) == 3


def test_a_forged_journal_gives_two_workbooks_no_common_place(
    workers: Workers, inbox: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    converted(workers, [inbox], out)
    lines = [json.loads(line) for line in (out / journal.NAME).read_text().splitlines()]
    for line in lines:
        line["record"]["output"] = "ITA.xlsx"
    (out / journal.NAME).write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = converted(workers, [inbox], out, resume=True)
    assert len({record.output for record in found.values()}) == 3


def test_a_full_disk_stops_the_batch_and_it_goes_on_later(
    workers: Workers, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write = files.write_whole
    written: list[Path] = []

    def filling(target: Path, content: bytes, **more: Any) -> None:
        if target.suffix == ".xlsx" and written:
            full = OSError(28, "No space left on device", str(target))
            raise Unusable(
                Finding(Code.FILE_UNWRITABLE, values={"file": target.name, "detail": full.strerror})
            ) from full
        write(target, content, **more)
        if target.suffix == ".xlsx":
            written.append(target)

    monkeypatch.setattr(files, "write_whole", filling)
    job = Job([inbox], out)
    with pytest.raises(Unusable) as stopped:
        list(job.run(workers, LIMITS))
    assert [finding.code for finding in stopped.value.findings] == [Code.FILE_UNWRITABLE]
    monkeypatch.undo()
    assert len(job.records) == len(written) == 1
    assert len(converted(workers, [inbox], out, resume=True)) == 3
    clean = tmp_path / "clean"
    converted(workers, [inbox], clean)
    assert results(out) == results(clean)
