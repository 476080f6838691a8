"""README's jobs on a Windows, by the installed program in processes of their own, as a clerk gives them: in the
folder of an account with a Thai name, on a Windows whose code page is Thai."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from ita_xl.domain.codes import Code
from tests.held import under_wine
from tests.mailed import parsed

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="only for Windows")

PATIENCE = 600
"""Seconds after which a command counts as one that hangs, however busy the machine is."""

AGENCY = "องค์การบริหารส่วนจังหวัดพิษณุโลก"


class Done(NamedTuple):
    """How a command ended: exit code, and what it said on both streams."""

    code: int
    out: str
    err: str


class Desk:
    """A folder among a clerk's documents in which commands are given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ita(self, *words: str) -> Done:
        """Give a command, with nobody there to answer. It writes into files, because a new entry of the Start menu
        lets Wine start a program that would keep pipes open."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            done = subprocess.run(
                [sys.executable, "-m", "ita_xl", *words],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env={name: value for name, value in os.environ.items() if name not in ("LC_ALL", "ITA_XL_LANG")},
                timeout=PATIENCE,
                check=False,
            )
            out.seek(0), err.seek(0)
            said = Done(done.returncode, out.read().decode("utf-8"), err.read().decode("utf-8"))
        assert "Traceback" not in said.out + said.err, said
        return said

    def files(self) -> set[str]:
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The desk after `new` and `run`, for every test to have a copy of."""
    folder = tmp_path_factory.mktemp("โต๊ะ", numbered=False) / "งาน ITA ปี 2565"
    folder.mkdir()
    samples = Path(__file__).parent.parent / "samples"
    shutil.copy(samples / "scores-2565.csv", folder / "คะแนน รายข้อ.csv")
    desk = Desk(folder)
    words = ("new", "อบจ พิษณุโลก.xlsx", "--year", "2565", "--agency", AGENCY)
    made = desk.ita(*words, "--scores", "คะแนน รายข้อ.csv")
    assert made.code == 0, made
    assert desk.files() == {"คะแนน รายข้อ.csv", "อบจ พิษณุโลก.xlsx"}
    assert desk.ita("run", "อบจ พิษณุโลก.xlsx").code in (0, 1)
    return folder


@pytest.fixture
def desk(worked: Path, tmp_path: Path) -> Desk:
    folder = tmp_path / "เอกสาร ของฉัน"
    shutil.copytree(worked, folder)
    for backup in folder.glob("*.backup-*"):
        backup.unlink()
    return Desk(folder)


BOOK = "อบจ พิษณุโลก.xlsx"


def test_the_desk_is_one_of_a_thai_windows(worked: Path) -> None:
    assert sys.platform == "win32" and ctypes.windll.kernel32.GetACP() == 874
    profile = os.environ["USERPROFILE"]
    assert not profile.isascii() and " " in profile
    assert worked.is_relative_to(profile)


def test_a_workbook_is_checked_and_run_again_with_a_numbered_backup(desk: Desk) -> None:
    checked = desk.ita("check", BOOK, "--json")
    assert checked.code in (0, 1) and json.loads(checked.out)["total"] == 96.99
    assert AGENCY in desk.ita("run", BOOK, "-o", "ผล ประเมิน.xlsx").err
    assert "ผล ประเมิน.xlsx" in desk.files()
    before = (desk.folder / BOOK).read_bytes()
    again = desk.ita("sign", BOOK, "--on", "1 ตุลาคม 2565", "--by", "นายสมชาย ใจดี")
    assert again.code in (0, 1), again
    assert (desk.folder / "อบจ พิษณุโลก.backup-001.xlsx").read_bytes() == before


@contextmanager
def kept_from_others(path: Path) -> Iterator[None]:
    """Another process has a file open and shares it with nobody, or lets others only read it, as Excel does."""
    lines = (
        "import sys, win32con, win32file",
        "how = win32con.GENERIC_READ | win32con.GENERIC_WRITE, win32con.FILE_SHARE_READ",
        "held = win32file.CreateFile(sys.argv[1], *how, None, win32con.OPEN_EXISTING, 0, None)",
        "print('held', flush=True)",
        "sys.stdin.read()",
    )
    command = [sys.executable, "-c", "\n".join(lines), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin and other.stdout
        assert other.stdout.readline().strip() == b"held"
        yield
        other.stdin.close()
    assert other.returncode == 0


def test_a_workbook_that_another_program_has_open_stays_and_gets_no_backup(desk: Desk) -> None:
    before, there = (desk.folder / BOOK).read_bytes(), desk.files()
    with kept_from_others(desk.folder / BOOK):
        refused = desk.ita("sign", BOOK, "--on", "1 ตุลาคม 2565", "--by", "นายสมชาย ใจดี")
    assert refused.code == 3 and Code.FILE_HELD in refused.err and "ปิดแฟ้ม" in refused.err
    assert (desk.folder / BOOK).read_bytes() == before
    assert desk.files() == there


def test_documents_are_made_as_word_and_pdf(desk: Desk) -> None:
    there = desk.files()
    assert desk.ita("report", BOOK).code in (0, 1)
    made = {Path(name).suffix: desk.folder / name for name in desk.files() - there}
    assert set(made) == {".docx", ".pdf"}
    assert made[".pdf"].read_bytes().startswith(b"%PDF-")
    with zipfile.ZipFile(made[".docx"]) as package:
        assert AGENCY in package.read("word/document.xml").decode("utf-8")


def test_a_folder_is_converted_by_processes_of_their_own_and_a_view_over_it_made(desk: Desk) -> None:
    roster = "หน่วยงาน,จังหวัด,อำเภอ,ประเภท\r\n" + f"{AGENCY},พิษณุโลก,เมือง,อบจ.\r\n"
    (desk.folder / "รายชื่อ.csv").write_bytes(roster.encode("cp874"))  # as Excel on a Thai Windows saves it
    inbox = desk.folder / "จังหวัด พิษณุโลก"
    inbox.mkdir()
    shutil.copy(desk.folder / BOOK, inbox / BOOK)
    (inbox / "เสีย.xlsx").write_bytes(b"none")
    words = ("batch", inbox.name, "-o", "ผลลัพธ์", "--jobs", "2")
    done = desk.ita(*words, "--portfolio", "ภาพรวม.xlsx", "--roster", "รายชื่อ.csv")
    assert done.code == 3 and Code.FILE_IN_THAI_ANSI in done.err, done
    assert {f"ผลลัพธ์/{BOOK}", "ภาพรวม.xlsx"} <= desk.files()
    assert desk.ita(*words, "--resume").code == 3


def test_a_letter_is_shown_first_and_then_drafted(desk: Desk) -> None:
    there = desk.files()
    words = ("mail", BOOK, "--to", "ท้องถิ่นจังหวัด <local@example.go.th>", "--published-only")
    looked = desk.ita(*words, "--dry-run")
    assert looked.code == 0 and "local@example.go.th" in looked.out + looked.err, looked
    assert desk.files() == there
    assert desk.ita(*words, "--yes").code == 0
    (draft,) = desk.files() - there
    message = parsed((desk.folder / draft).read_bytes())
    (attached,) = message.iter_attachments()
    assert draft.endswith(".eml") and str(attached.get_filename()).endswith(".xlsx")


def test_forms_go_out_to_the_offices_and_come_back(desk: Desk) -> None:
    assert desk.ita("forms", "split", BOOK, "-o", "แบบ รายงาน").code in (0, 1)
    made = [name for name in desk.files() if name.startswith("แบบ รายงาน/")]
    assert made and all(name.endswith(".xlsx") for name in made)
    assert desk.ita("forms", "collect", BOOK, "แบบ รายงาน", "--yes").code in (0, 1)
    told = desk.ita("forms", "status", BOOK, "--on", "31 มีนาคม 2566", "--json")
    assert told.code in (0, 1) and json.loads(told.out)


def test_next_years_workbook_goes_on_from_this_one(desk: Desk) -> None:
    assert desk.ita("new", "อบจ 2566.xlsx", "--from", BOOK).code == 0
    assert desk.ita("check", "อบจ 2566.xlsx").code in (0, 1)


def test_names_that_windows_keeps_for_itself_are_refused(desk: Desk) -> None:
    for name in ("nul.xlsx", "CON.xlsx", "ก?.xlsx"):
        refused = desk.ita("new", name, "--year", "2565")
        assert refused.code == 3 and Code.FILE_NAME_UNUSABLE in refused.err, name


def of_the_profile() -> set[Path]:
    """All files that programs keep for the user, but for those of a moment, and where Wine leads out of itself."""
    found = set()
    for name in ("APPDATA", "LOCALAPPDATA"):
        for folder, folders, inside in os.walk(os.environ[name]):
            folders[:] = [one for one in folders if one not in ("Temp", "Templates")]
            found |= {Path(folder, one) for one in inside}
    return found


@pytest.mark.skipif(not under_wine(), reason="it would take away the tab of whoever runs the tests")
def test_the_tab_for_excel_comes_and_goes_without_leaving_anything(desk: Desk) -> None:
    desk.ita("addin", "uninstall")  # of a run that was broken off
    before = of_the_profile()
    installed = desk.ita("addin", "install")
    assert installed.code in (0, 1), installed
    assert {".xlam", ".lnk"} <= {path.suffix for path in of_the_profile() - before}
    assert desk.ita("addin", "doctor").code in (0, 1)
    assert desk.ita("addin", "uninstall").code == 0
    assert not of_the_profile() - before
