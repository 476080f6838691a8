"""Shared fixtures. What needs a program beyond Python is skipped without it, but never in CI."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest

from ita_xl import cli
from ita_xl.data import profiles
from ita_xl.data.profiles import Profile
from ita_xl.engines.live import box
from ita_xl.new import put_scores
from ita_xl.reading import score_file
from tests.memory_port import Memory, workbook

SAMPLES = Path(__file__).parent.parent / "samples"


PROGRAMS = {
    "libreoffice": "soffice",
    "writer": "lowriter",
    "poppler": "pdftotext",
    "ripmime": "ripmime",
    "display": "Xvfb",
}
"""What the marked tests start."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, program in PROGRAMS.items():
        if item.get_closest_marker(marker) and not shutil.which(program):
            if os.environ.get("CI"):
                pytest.fail(f"{program} is missing: .ci/run must install it")
            pytest.skip(f"{program} is not installed")


@pytest.fixture(autouse=True)
def thai_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands, those of other processes too, speak Thai unless a test says otherwise, on every machine."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("ITA_XL_LANG", raising=False)


@pytest.fixture(autouse=True)
def _no_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message box of Windows waits for somebody."""
    monkeypatch.setattr(box, "show", lambda text, title: False)


@pytest.fixture
def profile() -> Profile:
    """The proven year 2565."""
    return profiles.profile(2565)


@pytest.fixture
def samples() -> Path:
    return SAMPLES


@pytest.fixture
def port(samples: Path, profile: Profile) -> Memory:
    """The reference case in memory, with its scores."""
    made = workbook(agency="อบจ.ตัวอย่าง")
    entries, _ = score_file.read(samples / "scores-2565.csv", profile.tree, 2565)
    put_scores(made, profile, entries)
    return made


class Result(NamedTuple):
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


T = TypeVar("T")


def sure(found: T | None) -> T:
    """What a test knows to be there."""
    assert found is not None
    return found


Ita = Callable[..., Result]
"""The command line as a test calls it."""


@pytest.fixture
def ita(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ita:
    """The command line, called with words."""

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
