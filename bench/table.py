"""What people wait for, as one table: this version, and beside it an earlier one where its checkout is named.

    python -m bench.table [CHECKOUT]

Both versions take turns and each is measured twice, so that a machine that grows slow is slow for both; the less
of two is shown. The cases are workbooks of many agencies (`tools.generate`), each made by the version
that is measured.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TypeVar

from msgspec.structs import replace

from bench import measured
from bench.batch import COUNTRY, batch
from bench.engines import floor, plain_openpyxl
from bench.office import Office, python_with_uno
from ita_xl import views
from ita_xl.batch.work import prepare
from ita_xl.case.judging import judged
from ita_xl.domain.tree import Tree
from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book
from ita_xl.engines.package.engine import Package
from ita_xl.jobs import convert
from ita_xl.layout import WRITTEN
from ita_xl.reading.workbook import read_inputs
from tools import generate

T = TypeVar("T")

ROOT = Path(__file__).parent.parent
_WORKBOOKS = 8
_BATCH = 120
_GOALS = {
    "fresh": ("one workbook, of the processor: fresh, ms", 25.0),
    "saved": ("  saved by an office program, ms", 25.0),
    "run before": ("  run before, ms", 25.0),
    "both": ("  both, ms", 25.0),
    "process, clock": ("a fresh `ita-xl run`, by the clock, ms", 180.0),
    "process, processor": ("  of the processor, ms", None),
    "template, MB": ("template, unpacked, MB", 1.0),
    "after a run, kB": ("the sample after its run, on disk, kB", 200.0),
    "openpyxl": ("plain openpyxl : ours", 40.0),
    "office": ("LibreOffice, warm : ours", 60.0),
    "floor": ("reading and writing : floor", 2.5),
    "country": ("the country (8,320) on two cores, s", 120.0),
    "gain": ("  gain of the second core", None),
}
"""What each figure is, and what it is to be: at most, ratios to others at least."""


def of_version(checkout: Path) -> dict[str, float]:
    """The figures of a version, measured in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's Python keeps what it compiled
    command = [sys.executable, str(Path(measured.__file__).resolve()), str(checkout), str(_WORKBOOKS)]
    done = subprocess.run(command, env=environment, cwd=checkout, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def least(times: list[dict[str, float]]) -> dict[str, float]:
    return {name: min(one[name] for one in times) for name in times[0]}


def against_others() -> dict[str, float]:
    """Ratios on workbooks that an office program saved, and on such that were run before, all in this process."""
    prepare(0)
    given = [task for case in ("saved", "run before") for task in measured.tasks(measured.CASES[case], 3)]
    ours = measured.each(given)
    plain = median(_clock(plain_openpyxl, [task.content for task in given]))
    found = {"openpyxl": plain / ours, "floor": _over_floor(given[-1].content)}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        if python := shutil.which("soffice") and python_with_uno():
            office, target = opened.enter_context(Office(python)), Path(folder) / "x.xlsx"
            paths = [Path(folder) / f"{number}.xlsx" for number in range(len(given))]
            for path, task in zip(paths, given, strict=True):
                path.write_bytes(task.content)
            taken = _clock(lambda path: office.recalculated(path, target), paths)
            found["office"] = median(taken) / ours
    return found


def _clock(work: Callable[[T], object], given: Sequence[T]) -> list[float]:
    """Milliseconds of each, after one warm-up."""
    work(given[0])
    times = []
    for one in given:
        start = time.perf_counter()
        work(one)
        times.append((time.perf_counter() - start) * 1000)
    return times


def _over_floor(content: bytes) -> float:
    """How much longer reading and writing takes than what nobody can save."""
    made = convert(content, "x.xlsx")[1]
    archive = Archive(made)
    parts = Book(archive).parts
    outputs = {parts[sheet.title]: archive.read(parts[sheet.title]) for sheet in WRITTEN}
    inputs = read_inputs(Package(content, "x.xlsx"))

    def thinking() -> None:
        views.contents(
            judged(replace(inputs, tree=Tree(list(inputs.tree.nodes.values())) if inputs.tree else None))
        )

    rounds = range(9)
    whole, alone, least_possible = (
        min(_clock(work, rounds))
        for work in (lambda _: convert(content, "x.xlsx"), lambda _: thinking(), lambda _: floor(content, outputs))
    )
    return (whole - alone) / least_possible


def country() -> dict[str, float]:
    """Seconds for all agencies on two cores, as a part of them takes, and what the second core adds."""
    with tempfile.TemporaryDirectory() as scratch:
        inbox, output = Path(scratch) / "in", Path(scratch) / "out"
        for made in generate.workbooks(_BATCH):
            generate.write(inbox, made)
        taken = {}
        for workers in (1, 2):
            taken[workers] = batch(inbox, output, workers)[0]
            shutil.rmtree(output)
    return {"country": taken[2] * COUNTRY / _BATCH, "gain": taken[1] / taken[2]}


def main() -> None:
    versions = {"now": ROOT} | ({"earlier": Path(sys.argv[1]).resolve()} if len(sys.argv) > 1 else {})
    turns: dict[str, list[dict[str, float]]] = {name: [] for name in versions}
    for _ in range(2):
        for name, checkout in versions.items():
            turns[name].append(of_version(checkout))
    found = {name: least(times) for name, times in turns.items()}
    found["now"] |= against_others() | country()
    print(f"{'':42} {'goal':>8} " + " ".join(f"{name:>9}" for name in found))
    for key, (name, goal) in _GOALS.items():
        wanted = "" if goal is None else f"{goal:g}"
        figures = (f"{one[key]:9.1f}" if key in one else " " * 9 for one in found.values())
        print(f"{name:42} {wanted:>8} " + " ".join(figures))


if __name__ == "__main__":
    main()
