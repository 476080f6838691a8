"""Many workbooks: rate, what a second process adds, memory of the workers, and the other ways on a sample.

    python -m bench.batch [WORKBOOKS] [SAMPLE]

Workbooks are generated (`tools.generate`) before the clock starts. One and two processes take turns over the same
files. The other ways convert SAMPLE of the files, in this process, warm, each after our own way over the same ones.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from multiprocessing import active_children
from pathlib import Path
from statistics import median

from bench.engines import plain_openpyxl
from bench.office import Office, python_with_uno
from ita_xl import files, jobs
from ita_xl.batch.job import Job
from ita_xl.batch.record import State
from ita_xl.batch.work import Task, convert, prepare
from ita_xl.batch.workers import Limits, local
from ita_xl.engines.package.engine import Package
from ita_xl.reading.workbook import read_inputs
from tools import generate
from tools.generate import Mix

COUNTRY = 8320
_TURNS = 2


def peak(process: int) -> float:
    """The most resident memory that a process had, in MB (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def batch(inbox: Path, output: Path, workers: int) -> tuple[float, list[float], list[float], int]:
    """Seconds of a whole batch, peak memory of its workers in MB half-way and at the end, and how many failed."""
    start = time.perf_counter()
    half: list[float] = []
    with local(workers, Limits()) as started:
        job = Job([inbox], output)
        for number, _ in enumerate(job.run(started, Limits())):
            if number == len(job.sources) // 2:
                half = [peak(child.pid) for child in active_children() if child.pid]
        whole = [peak(child.pid) for child in active_children() if child.pid]
        job.finish()
    seconds = time.perf_counter() - start
    return seconds, half, whole, sum(record.state is State.FAILED for record in job.records)


def mean(work: Callable[[Path], object], paths: Iterable[Path]) -> float:
    """Mean milliseconds of the processor for one of the files."""
    paths = list(paths)
    start = time.process_time()
    for path in paths:
        work(path)
    return (time.process_time() - start) * 1000 / len(paths)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    sample = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as opened:
        inbox, output = Path(scratch) / "in", Path(scratch) / "out"
        usable = [
            path for made in generate.workbooks(count) if (path := generate.write(inbox, made)) and not made.refused
        ]
        size = sum(path.stat().st_size for path in usable) / len(usable) / 1000
        print(f"{count} workbooks, {size:.0f} kB each")
        times: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(_TURNS):
            for workers, walls in times.items():
                seconds, half, whole, failed = batch(inbox, output, workers)
                walls.append(seconds)
                shutil.rmtree(output)
        one, two = min(times[1]), min(times[2])
        print(f"one process                  {one:8.1f} s   {one * 1000 / count:6.1f} ms each")
        print(f"two processes                {two:8.1f} s   {two * 1000 / count:6.1f} ms each, {failed} failed")
        print(f"  gain of the second         {one / two:8.2f}")
        print(f"  the whole country          {two * COUNTRY / count:8.0f} s   ({COUNTRY} workbooks)")
        print(f"peak memory of a worker      {max(half):8.0f} MB half-way, {max(whole):.0f} MB at the end")
        shares(usable[:sample], opened, Path(scratch) / "x.xlsx")


def shares(paths: list[Path], opened: ExitStack, target: Path) -> None:
    """Where the time of one workbook goes, and what the other ways take for the same files."""
    prepare(0)

    def ours(path: Path) -> bytes:
        made = convert(Task(str(path), path.name, path.read_bytes())).made
        assert made is not None
        return made

    def read(path: Path) -> None:
        read_inputs(Package(path.read_bytes(), path.name))

    made = {path: ours(path) for path in paths}
    ways: dict[str, Callable[[Path], object]] = {
        "ours, of the processor": ours,
        "  read": read,
        "  judge and check": lambda path: jobs.check(path),
        "  write to disk": lambda path: files.write_whole(target, made[path]),
        "plain openpyxl": lambda path: plain_openpyxl(path.read_bytes()),
    }
    found = {name: mean(work, paths) for name, work in ways.items()}
    for name, value in found.items():
        print(f"{name:28} {value:8.1f} ms")
    for name, mix in (("saved by an office program", Mix(0.2, 0, 0, 1)), ("run before", Mix(0.2, 0, 1, 0))):
        others = [generate.write(target.parent / name, made) for made in generate.workbooks(len(paths), mix=mix)]
        ours(others[0])
        print(f"  ours, {name:26} {mean(ours, others):4.1f} ms")
    print(f"  plain openpyxl : ours      {found['plain openpyxl'] / found['ours, of the processor']:8.1f}")
    if python := shutil.which("soffice") and python_with_uno():
        office = opened.enter_context(Office(python))
        office.recalculated(paths[0], target)
        walls = []
        for path in paths:
            start = time.perf_counter()
            ours(path)
            between = time.perf_counter()
            office.recalculated(path, target)
            walls.append((time.perf_counter() - between) / (between - start))
        print(f"  LibreOffice, warm : ours   {median(walls):8.1f}")


if __name__ == "__main__":
    if not os.path.exists("/proc/self/status"):
        sys.exit("needs Linux, whose /proc tells the memory of other processes")
    main()
