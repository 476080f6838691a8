"""A batch that is killed, watched, or converted elsewhere: the command itself, and a real Dask cluster."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from distributed import LocalCluster

from ita_xl.batch import journal, workers
from ita_xl.batch.job import Job
from ita_xl.batch.record import State
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from tests.conftest import Ita
from tests.held import under_wine
from tests.rough_work import KILL, rough, slow
from tests.test_batch import LIMITS, LOG, TABLE, codes, results
from tools import generate
from tools.generate import Mix

SENT = 16
COMMAND = [sys.executable, "-m", "ita_xl", "batch"]


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some workbooks, a few with mistakes, a few damaged."""
    folder = tmp_path_factory.mktemp("inbox")
    for made in generate.workbooks(SENT, seed=2, mix=Mix(mistakes=0.3, damaged=0.15)):
        generate.write(folder, made)
    return folder


@pytest.fixture(scope="module")
def undisturbed(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the command leaves when nothing happens."""
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    done = subprocess.run([*COMMAND, str(inbox), "-o", str(out), "--jobs", "2"], capture_output=True, check=False)
    assert done.returncode == 3, done.stderr.decode()
    return results(out)


# ---- killed ----


@pytest.mark.parametrize("enough", [1, 5, 9])
def test_after_kill_9_of_everything_it_goes_on_and_ends_as_if_nothing_had_happened(
    inbox: Path, tmp_path: Path, undisturbed: dict[str, bytes], enough: int
) -> None:
    out = tmp_path / "out"
    surroundings = {**os.environ, "RESULTS": str(out), "ENOUGH": str(enough)}
    words = [sys.executable, "-m", "tests.rough_work", str(inbox)]
    running = subprocess.Popen(words, stderr=subprocess.DEVNULL, env=surroundings, start_new_session=True)
    end = ending(running)
    while len(list(out.rglob("*.xlsx"))) < enough:
        assert running.poll() is None
        time.sleep(0.005)
    end()
    running.wait()
    left = results(out)
    assert enough <= len(left) < len(undisturbed), "it was in the middle"
    for name, content in left.items():
        if name.endswith(".xlsx"):
            assert content == undisturbed[name], "what bears its final name is whole"
    finished = {name: (out / name).stat().st_mtime_ns for name in noted(out)}
    resumed = [*COMMAND, str(inbox), "-o", str(out), "--jobs", "2", "--resume"]
    assert subprocess.run(resumed, capture_output=True, check=False).returncode == 3
    assert results(out) == undisturbed
    assert all((out / name).stat().st_mtime_ns == moment for name, moment in finished.items())


def ending(running: subprocess.Popen[bytes]) -> Callable[[], None]:
    """What ends a process that has just begun, with all that it will have started, as the end of a machine does."""
    if sys.platform == "win32":
        import win32job

        job = win32job.CreateJobObject(None, "")
        win32job.AssignProcessToJobObject(job, int(running._handle))  # type: ignore[attr-defined, unused-ignore]
        return partial(win32job.TerminateJobObject, job, 1)
    return partial(os.killpg, running.pid, signal.SIGKILL)


def noted(out: Path) -> list[str]:
    """The results that the journal knows."""
    return [entry.record.output for entry in journal.read(out).values()]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C comes from a console, which no test has on Windows")
def test_the_end_of_the_command_leaves_no_process_behind(inbox: Path, tmp_path: Path) -> None:
    words = [*COMMAND, str(inbox), "-o", str(tmp_path / "out"), "--jobs", "2"]
    # A shell lets what it starts in the background ignore Ctrl+C, and with it all that this starts in turn.
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    running = subprocess.Popen(words, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=heard)
    assert running.stderr is not None
    running.stderr.readline()
    os.killpg(running.pid, signal.SIGINT)  # as Ctrl+C does
    told = running.communicate()[1].decode()
    assert running.returncode == 3
    assert "--resume" in told and "Traceback" not in told
    while lives(running.pid):  # a process that stayed would keep the test from ending
        time.sleep(0.05)


def lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


# ---- the command ----


def test_the_command_says_one_line_per_workbook_and_keeps_it_in_the_log(
    inbox: Path, tmp_path: Path, ita: Ita, undisturbed: dict[str, bytes]
) -> None:
    done = ita("batch", inbox, "-o", tmp_path / "out")
    assert done.code == 3 and done.out == ""
    assert "\r" not in done.err and "%|" not in done.err, "no bar where nobody watches"
    log = (tmp_path / "out" / LOG).read_text(encoding="utf-8").splitlines()
    assert len(log) == sum(line.startswith(("เสร็จ", "ไม่สำเร็จ")) for line in done.err.splitlines())
    assert "ทั้งหมด" in done.err and str(tmp_path / "out") in done.err
    assert TABLE in undisturbed


def test_a_terminal_shows_a_bar_with_rate_and_time_left(inbox: Path, tmp_path: Path) -> None:
    pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios", reason="no terminals on Windows")
    theirs, ours = pty.openpty()
    termios.tcsetwinsize(ours, (30, 100))
    words = [*COMMAND, str(inbox), "-o", str(tmp_path / "out"), "--lang", "en"]
    running = subprocess.Popen(words, stderr=ours, stdout=subprocess.PIPE)
    os.close(ours)
    shown = b""
    with os.fdopen(theirs, "rb", buffering=0) as screen:
        try:
            while piece := screen.read(65536):
                shown += piece
        except OSError:  # how a terminal ends
            pass
    running.communicate()
    assert b"file/s" in shown or b"s/file" in shown
    assert b"<" in shown and b"/%d" % SENT in shown and b"failed" in shown


def test_one_document_for_machines(inbox: Path, tmp_path: Path, ita: Ita) -> None:
    done = ita("batch", inbox, "-o", tmp_path / "out", "--json", "--lang", "en")
    assert done.err == ""
    states = [each["state"] for each in done.json["files"]]
    assert set(states) <= {"done", "findings", "failed"} and "failed" in states
    whole = next(each for each in done.json["files"] if each["state"] == "done")
    assert {"source", "output", "agency", "province", "year", "total", "level", "findings"} <= set(whole)
    assert (tmp_path / "out" / whole["output"]).is_file()


def test_the_exit_code_is_that_of_the_worst_workbook(samples: Path, tmp_path: Path, ita: Ita) -> None:
    clean, careless = samples / "reference-2565.xlsx", samples / "mistakes-2565.xlsx"
    assert ita("batch", clean, "-o", tmp_path / "1").code == 0
    assert ita("batch", clean, careless, "-o", tmp_path / "2").code == 1
    (tmp_path / "bad.xlsx").touch()
    assert ita("batch", clean, tmp_path / "bad.xlsx", "-o", tmp_path / "3").code == 3


def test_what_cannot_begin_is_said_and_leaves_nothing(tmp_path: Path, samples: Path, ita: Ita) -> None:
    (tmp_path / "empty").mkdir()
    assert ita("batch", "-o", tmp_path / "out").code == 2
    empty = ita("batch", tmp_path / "empty", "-o", tmp_path / "out")
    assert empty.code == 3 and Code.NOTHING_TO_CONVERT in empty.err
    missing = ita("batch", "--list", tmp_path / "no.txt", "-o", tmp_path / "out")
    assert missing.code == 3 and Code.FILE_MISSING in missing.err
    assert not (tmp_path / "out").exists()
    (tmp_path / "file").write_text("x")
    taken = ita("batch", samples / "reference-2565.xlsx", "-o", tmp_path / "file")
    assert taken.code == 3 and Code.FILE_UNWRITABLE in taken.err
    assert (tmp_path / "file").read_text() == "x"
    above = ita("batch", samples / "reference-2565.xlsx", "-o", samples)
    assert above.code == 3 and Code.RESULT_OVER_SOURCE in above.err


# ---- a cluster ----


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """A real scheduler with two worker processes on this machine."""
    if under_wine():
        pytest.skip("under Wine a Dask cluster was waited for in vain")
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as started:
        yield started


def test_a_cluster_gives_the_same_results(
    inbox: Path, tmp_path: Path, ita: Ita, undisturbed: dict[str, bytes], cluster: LocalCluster
) -> None:
    done = ita("batch", inbox, "-o", tmp_path / "out", "--scheduler", cluster.scheduler_address)
    assert done.code == 3
    assert results(tmp_path / "out") == undisturbed


def test_a_worker_of_a_cluster_that_is_killed_costs_no_workbook(
    inbox: Path, tmp_path: Path, undisturbed: dict[str, bytes], cluster: LocalCluster
) -> None:
    job = Job([inbox], tmp_path / "out", work=slow)
    with workers.cluster(cluster.scheduler_address) as started:
        for number, _ in enumerate(job.run(started, LIMITS)):
            if number == 4:
                os.kill(next(iter(cluster.workers.values())).process.pid, KILL)
    job.finish()
    assert results(tmp_path / "out") == undisturbed


def test_a_workbook_that_kills_or_hangs_workers_of_a_cluster_costs_only_itself(
    samples: Path, tmp_path: Path, cluster: LocalCluster
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("kills", "endless", "a", "b", "c"):
        shutil.copy(samples / "reference-2565.xlsx", folder / f"{name}.xlsx")
    job = Job([folder], tmp_path / "out", work=rough)
    limits: Any = SimpleNamespace(seconds=0, memory=0)
    found = {}
    with workers.cluster(cluster.scheduler_address) as started:
        for record in job.run(started, limits):
            found[Path(record.source).stem] = record
            if len(found) == 4:  # however long they took; now only the endless one is left
                limits.seconds = 0.1
    assert codes(found["kills"]) == [Code.PROCESS_DIED]
    assert codes(found["endless"]) == [Code.TOOK_TOO_LONG]
    assert [found[name].state for name in "abc"] == [State.DONE] * 3


def test_a_scheduler_that_is_lost_stops_the_batch_which_goes_on_without_it(
    inbox: Path, tmp_path: Path, undisturbed: dict[str, bytes], cluster: LocalCluster
) -> None:
    job = Job([inbox], tmp_path / "out", work=slow)
    with workers.cluster(cluster.scheduler_address) as started:
        converting = job.run(started, LIMITS)
        for _ in range(5):
            next(converting)
        cluster.close()
        with pytest.raises(Unusable) as lost:
            list(converting)
    assert [finding.code for finding in lost.value.findings] == [Code.SCHEDULER_LOST]
    assert 5 <= len(job.records) < SENT
    with workers.local(2, LIMITS) as started:
        rest = Job([inbox], tmp_path / "out", resume=True)
        list(rest.run(started, LIMITS))
        rest.finish()
    assert results(tmp_path / "out") == undisturbed


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "tcp://"])
def test_an_unknown_scheduler_is_said_at_once(samples: Path, tmp_path: Path, ita: Ita, address: str) -> None:
    done = ita("batch", samples / "reference-2565.xlsx", "-o", tmp_path / "out", "--scheduler", address)
    assert done.code == 3
    assert Code.NO_SCHEDULER in done.err
    assert not zipfile.is_zipfile(tmp_path / "out" / "reference-2565.xlsx")


def test_somebody_else_than_a_scheduler_is_not_waited_for(
    samples: Path, tmp_path: Path, ita: Ita, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        done = ita("batch", samples / "reference-2565.xlsx", "-o", tmp_path / "out", "--scheduler", address)
    assert done.code == 3
    assert Code.NO_SCHEDULER in done.err
