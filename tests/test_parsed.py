"""Data files are parsed once and kept; what is kept is never older than the file."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from ita_xl.data import parsed


@pytest.fixture(autouse=True)
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


@pytest.fixture(name="file")
def toml_file(tmp_path: Path) -> Path:
    path = tmp_path / "x.toml"
    path.write_text('a = "ก"\n[b]\nc = [1, 2.5, true]\n', encoding="utf-8")
    return path


def kept(file: Path) -> Path:
    (found,) = file.parent.rglob("*.json")
    return found


def test_the_second_time_nothing_is_parsed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = parsed.read(file)
    monkeypatch.setitem(sys.modules, "tomllib", None)
    assert parsed.read(file) == first == {"a": "ก", "b": {"c": [1, 2.5, True]}}


def test_a_changed_file_is_read_anew(file: Path) -> None:
    parsed.read(file)
    file.write_text('a = "ข"', encoding="utf-8")
    assert parsed.read(file) == {"a": "ข"}
    then = file.stat().st_mtime_ns
    file.write_text('a = "ค"', encoding="utf-8")  # as long as before, and unpacked with the same time
    os.utime(file, ns=(then, then))
    assert parsed.read(file) == {"a": "ค"}


@pytest.mark.parametrize("spoilt", [b"", b"{", b"[1]", b"\xff", b'[["x", 1, 2], {"a": "other"}]', b"null"])
def test_what_was_kept_and_spoilt_is_not_used(file: Path, spoilt: bytes) -> None:
    wanted = parsed.read(file)
    kept(file).write_bytes(spoilt)
    assert parsed.read(file) == wanted
    assert json.loads(kept(file).read_bytes())[1] == wanted, "and is made good"


def test_where_nothing_can_be_kept_the_file_is_parsed_each_time(file: Path) -> None:
    (file.parent / "__pycache__").write_text("no folder", encoding="utf-8")
    assert parsed.read(file) == parsed.read(file)
    assert (file.parent / "__pycache__").is_file()


def test_nothing_is_kept_where_python_keeps_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    parsed.read(file)
    assert list(file.parent.rglob("*.json")) == []


def test_what_json_would_change_is_not_kept(file: Path) -> None:
    file.write_text("day = 2022-08-01", encoding="utf-8")
    assert str(parsed.read(file)["day"]) == str(parsed.read(file)["day"]) == "2022-08-01"
    assert list(file.parent.rglob("*.json")) == []


def test_others_may_read_what_is_kept(file: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no such rights of a file")
    parsed.read(file)
    assert kept(file).stat().st_mode & stat.S_IROTH
