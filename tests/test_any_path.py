"""Whatever a path leads to, each command and option that takes one says what is wrong with it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from ita_xl.batch import workers
from ita_xl.engines.package.engine import Package
from ita_xl.layout import HOME
from tests.at_once import in_this_process
from tests.conftest import Ita

LONGEST = "ก" * 82
"""As long as Linux takes a name of Thai letters with an ending; a lock beside it would have one too long."""

TO = ("--yes", "--to", "a@example.go.th", "--force")

COMMANDS: dict[str, tuple[str, Sequence[object]]] = {
    "new": (".xlsx", ("new", "?", "--year", 2565)),
    "new --force": (".xlsx", ("new", "?", "--year", 2565, "--force")),
    "new --from": (".xlsx", ("new", "made.xlsx", "--force", "--from", "?")),
    "new --scores": (".csv", ("new", "made.xlsx", "--force", "--year", 2565, "--scores", "?")),
    "check": (".xlsx", ("check", "?", "good.xlsx")),
    "run": (".xlsx", ("run", "?")),
    "run -o": (".xlsx", ("run", "good.xlsx", "-o", "?")),
    "run -o --json": (".xlsx", ("run", "good.xlsx", "--json", "-o", "?")),
    "batch": (".xlsx", ("batch", "?", "good.xlsx", "-o", "made")),
    "batch -o": ("", ("batch", "good.xlsx", "-o", "?")),
    "batch --resume": ("", ("batch", "good.xlsx", "--resume", "-o", "?")),
    "batch --list": (".txt", ("batch", "--list", "?", "-o", "made")),
    "batch --portfolio": (".csv", ("batch", "good.xlsx", "-o", "made", "--portfolio", "?")),
    "batch --roster": (
        ".csv",
        ("batch", "good.xlsx", "-o", "made", "--portfolio", "p.csv", "--roster", "?"),
    ),
    "mail": (".xlsx", ("mail", "?", *TO)),
    "mail --draft": (".eml", ("mail", "good.xlsx", *TO, "--draft", "?")),
    "mail --template": (".txt", ("mail", "good.xlsx", *TO, "--template", "?")),
    "mail DIR --draft": ("", ("mail", "results", "--yes", "--force", "--draft", "?")),
    "mail DIR --provinces": (".csv", ("mail", "results", "--yes", "--force", "--provinces", "?")),
    "addin build -o": (".xlam", ("addin", "build", "-o", "?")),
}
"""An ending that the option takes, and the words, with a question mark for the path."""


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with a recipient."""
    port = Package.open(Path(__file__).parent.parent / "samples" / "reference-2565.xlsx")
    field = HOME.field("mail_to")
    port.write(HOME.title, field.row, field.column, [["a@example.go.th"]])
    path = tmp_path_factory.mktemp("addressed") / "good.xlsx"
    port.save(path)
    return path


@pytest.fixture
def desk(tmp_path: Path, addressed: Path, ita: Ita, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the commands are given, with a workbook and the results of a batch."""
    monkeypatch.setattr(workers, "local", in_this_process)
    # What makes a workbook or judges its age takes time and asks no path.
    monkeypatch.setattr("ita_xl.new.new", lambda *_: Package.open(addressed))
    monkeypatch.setattr("ita_xl.pipeline.outdated", lambda _: [])
    monkeypatch.setenv("HOME", str(tmp_path))
    here = tmp_path / "above" / "desk"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    shutil.copy(addressed, "good.xlsx")
    ita("batch", "good.xlsx", "-o", "results")
    return here


def odd(folder: Path, ending: str) -> dict[str, object]:
    """What a path may be. ending: which the option would take."""
    folder.mkdir()
    (folder / f"folder{ending}").mkdir()
    (folder / f"file{ending}").write_text("x")
    (folder / f"loop{ending}").symlink_to(folder / f"loop{ending}")
    (folder / f"dangling{ending}").symlink_to(folder / "no" / f"x{ending}")
    os.mkfifo(folder / f"pipe{ending}")
    return {
        "with a NUL": f"a\0b{ending}",
        "as long as it may be": f"{LONGEST}{ending}",
        "too long": "ก" * 90 + ending,
        "in a folder whose name is too long": f"{'ก' * 90}/x{ending}",
        "a path that is too long": "x/" * 3000 + f"x{ending}",
        "below a file": folder / f"file{ending}" / f"x{ending}",
        "a loop of links": folder / f"loop{ending}",
        "below a loop of links": folder / f"loop{ending}" / f"x{ending}",
        "a folder": folder / f"folder{ending}",
        "in a folder that is not there": folder / "no" / f"x{ending}",
        "a link to nothing": folder / f"dangling{ending}",
        "a pipe": folder / f"pipe{ending}",
        "below a pipe": folder / f"pipe{ending}" / f"x{ending}",
        "a device of Windows": f"CON{ending}",
        "a pattern": f"*{ending}",
        "bytes that are no text": f"a\udcffb{ending}",
        "nothing but the ending": ending,
        "nothing": "",
        "this folder": ".",
        "the folder above": "..",
        "a dash": "-",
    }


@pytest.mark.skipif(os.name == "nt", reason="pipes and links")
@pytest.mark.parametrize("command", COMMANDS)
def test_no_path_ends_in_an_internal_error(command: str, desk: Path, ita: Ita) -> None:
    ending, words = COMMANDS[command]
    for kind, path in odd(desk / "odd", ending).items():
        found = ita(*(path if word == "?" else word for word in words))
        assert found.code in (0, 1, 2, 3), f"{command} {kind}: {found.err or found.out}"
        assert found.code == 0 or found.err or found.json["findings"], f"{command} {kind}: not a word"


@pytest.mark.skipif(os.name == "nt", reason="pipes")
def test_what_is_no_file_is_never_replaced_by_one(desk: Path, ita: Ita) -> None:
    os.mkfifo(desk / "pipe.xlsx")
    (desk / "link.xlsx").symlink_to(desk / "pipe.xlsx")
    for name in ("pipe.xlsx", "link.xlsx"):
        assert ita("new", name, "--year", 2565, "--force").code == 3
        assert ita("run", "good.xlsx", "-o", name).code == 3
    assert (desk / "pipe.xlsx").is_fifo() and (desk / "link.xlsx").is_symlink()


def test_an_empty_name_is_wrong_usage_and_not_this_folder(desk: Path, ita: Ita) -> None:
    assert ita("mail", "", "--yes").code == 2
    assert ita("batch", "", "-o", "out").code == 2
    refused = ita("batch", "good.xlsx", "--lang", "en", "-o", "")
    assert refused.code == 2 and "the name is empty" in refused.err
    assert not (desk / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("mail", "good.xlsx", "--most-megabytes", "inf"),
        ("mail", "good.xlsx", "--most-megabytes", "nan"),
        ("mail", "results", "--per-minute", "nan"),
        ("batch", "good.xlsx", "-o", "out", "--time-limit", "inf"),
        ("batch", "good.xlsx", "-o", "out", "--memory-limit", "9" * 30),
        ("batch", "good.xlsx", "-o", "out", "--memory-limit", "1"),
        ("batch", "good.xlsx", "-o", "out", "--portfolio", "x.csv", "--roster", "x.csv"),
    ],
)
def test_numbers_that_cannot_be_meant_are_wrong_usage(desk: Path, ita: Ita, words: Sequence[str]) -> None:
    assert ita(*words).code == 2


def test_a_mail_server_of_an_impossible_name_is_not_reached(desk: Path, ita: Ita) -> None:
    for host in (".", "a" * 70 + ".th", "ก" * 300):
        words = ("--yes", "--to", "a@example.go.th", "--send", "--from", "b@example.go.th", "--host", host)
        assert ita("mail", "good.xlsx", *words).code == 4
