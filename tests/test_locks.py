"""A workbook that is open somewhere, or seems to be: who opened it, when, and what to do about it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ita_xl import jobs
from ita_xl.data import catalogue
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.files import locks

OPENED = 1_795_953_600.0
"""When, in seconds since 1970: 29 November 2569 at noon in London, and the same day all over Asia."""


def by_excel(name: str) -> bytes:
    """What Excel writes into its lock: the name in the system's letters, and again in UTF-16."""
    old = name.encode("cp874", "replace")
    wide = name.encode("utf-16-le")
    return bytes([len(old)]) + old.ljust(54) + len(name).to_bytes(2, "little") + wide.ljust(108, b" ")


def by_libreoffice(name: str, login: str) -> bytes:
    return f"{name},{login},PC-01,29.11.2026 09:30,file:///home/{login}/.config/libreoffice/4;".encode()


@pytest.fixture
def book(samples: Path, tmp_path: Path) -> Path:
    path = tmp_path / "อบต.xlsx"
    path.write_bytes((samples / "reference-2565.xlsx").read_bytes())
    return path


def locked(book: Path, name: str, content: bytes) -> Path:
    lock = book.with_name(name.format(book.name))
    lock.write_bytes(content)
    os.utime(lock, (OPENED, OPENED))
    return lock


def refusal(job: Callable[[Path], object], book: Path) -> Finding:
    with pytest.raises(Unusable) as caught:
        job(book)
    (finding,) = caught.value.findings
    assert finding.code == Code.FILE_OPEN_ELSEWHERE
    return finding


@pytest.mark.parametrize(
    ("name", "content", "owner"),
    [
        ("~${}", by_excel("สมชาย ใจดี"), "สมชาย ใจดี"),
        ("~${}", by_excel("Somchai"), "Somchai"),
        ("~${}", by_excel("ก" * 54), "ก" * 54),
        (".~lock.{}#", by_libreoffice("สมหญิง", "somying"), "สมหญิง"),
        (".~lock.{}#", by_libreoffice("", "somying"), "somying"),
        (".~lock.{}#", by_libreoffice("ใจดี\\, สมชาย", "somchai"), "ใจดี, สมชาย"),
        ("~${}", b"", ""),
        ("~${}", b"\xff" * 165, "\N{REPLACEMENT CHARACTER}"),
        ("~${}", b"\x07Somchai", ""),
        (".~lock.{}#", b"", ""),
        (".~lock.{}#", bytes(5000), ""),
    ],
)
def test_a_lock_tells_who_opened_the_workbook(book: Path, name: str, content: bytes, owner: str) -> None:
    lock = locked(book, name, content)
    found = locks.lock_of(book)
    assert found is not None
    assert found.owner.strip("\N{REPLACEMENT CHARACTER}") == owner.strip("\N{REPLACEMENT CHARACTER}")
    assert (found.names, found.since) == ((lock.name,), OPENED)


def test_who_is_in_the_way_since_when_and_which_file_to_delete_is_said(book: Path) -> None:
    lock = locked(book, "~${}", by_excel("สมชาย ใจดี"))
    finding = refusal(jobs.run, book)
    for lang, day in (("th", "29/11/2569"), ("en", "2026-11-29")):
        assert "สมชาย ใจดี" in catalogue.message(finding, lang)
        assert day in catalogue.message(finding, lang)
        assert lock.name in catalogue.hint(finding, lang)


def test_both_locks_of_a_workbook_are_named_and_whoever_is_known(book: Path) -> None:
    locked(book, "~${}", b"")
    locked(book, ".~lock.{}#", by_libreoffice("สมหญิง", "somying"))
    finding = refusal(jobs.run, book)
    assert "สมหญิง" in catalogue.message(finding)
    assert f"~${book.name}, .~lock.{book.name}#" in catalogue.hint(finding)


def test_an_unknown_owner_is_called_so_in_the_language_of_the_message(book: Path) -> None:
    locked(book, "~${}", b"")
    finding = refusal(jobs.run, book)
    assert "ไม่ทราบชื่อ" in catalogue.message(finding)
    assert "unknown" in catalogue.message(finding, "en")


def test_without_the_stale_lock_the_workbook_can_be_run(book: Path) -> None:
    lock = locked(book, "~${}", by_excel("สมชาย"))
    refusal(jobs.run, book)
    lock.unlink()
    assert jobs.run(book).as_json()["total"] == 96.99


def test_a_check_names_the_owner_too(book: Path) -> None:
    locked(book, ".~lock.{}#", by_libreoffice("สมหญิง", "somying"))
    (finding,) = jobs.check(book).findings
    assert finding.code == Code.FILE_OPEN_READ_ANYWAY
    assert "สมหญิง" in catalogue.message(finding)


def test_a_name_for_which_no_lock_can_exist_is_not_locked(tmp_path: Path) -> None:
    for name in ("ก" * 82 + ".xlsx", "a\0b.xlsx", "", "..", "x" * 300):
        assert locks.lock_of(tmp_path / name) is None
