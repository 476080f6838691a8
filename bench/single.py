"""One workbook: a fresh `ita-xl run` (wall time, peak memory) and the domain work alone.

python -m bench.single [RUNS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ita_xl import pipeline
from ita_xl.case.judging import judged
from ita_xl.domain.tree import Tree
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.reading.workbook import read_inputs

SAMPLE = Path(__file__).parent.parent / "samples" / "reference-2565.xlsx"


def fresh(runs: int) -> dict[str, list[float]]:
    """Wall seconds of `ita-xl run` in a process of its own by engine, in turn, after one warm-up each."""
    times: dict[str, list[float]] = {"package": [], "openpyxl": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(runs + 1):
            for engine, walls in times.items():
                out = f"{folder}/{engine}{number}.xlsx"
                command = [sys.executable, "-m", "ita_xl", "run", str(SAMPLE), "--engine", engine, "-o", out]
                start = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True)
                if number:
                    walls.append(time.perf_counter() - start)
    return times


def repeated(work: Callable[[], object], runs: int) -> float:
    """Median milliseconds in this process, after one warm-up."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    import resource  # not on Windows, where all else here can be used

    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    walls = fresh(runs)
    wall = {engine: statistics.median(times) for engine, times in walls.items()}
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    port = OpenpyxlBook.open(SAMPLE)
    inputs = read_inputs(port)
    assert inputs.tree is not None
    nodes = list(inputs.tree.nodes.values())

    def domain() -> None:
        # A new tree each time, so that its cached weights are part of the work.
        judged(replace(inputs, tree=Tree(nodes)))

    rows = (
        ("fresh `ita-xl run`, wall, median", f"{wall['package'] * 1000:.0f} ms (of {runs})"),
        ("  with --engine openpyxl", f"{wall['openpyxl'] * 1000:.0f} ms"),
        ("  share of it", f"{wall['package'] / wall['openpyxl']:.0%}"),
        ("fresh `ita-xl run`, peak memory of both", f"{peak:.0f} MB"),
        ("domain work of one workbook, median", f"{repeated(domain, runs * 10):.2f} ms"),
        ("open with openpyxl, median", f"{repeated(lambda: OpenpyxlBook.open(SAMPLE), runs):.0f} ms"),
        ("read inputs, median", f"{repeated(lambda: read_inputs(port), runs):.0f} ms"),
        ("judge and write outputs, median", f"{repeated(lambda: pipeline.run(port), runs):.0f} ms"),
        ("save with openpyxl, median", f"{repeated(port.to_bytes, runs):.0f} ms"),
    )
    for name, value in rows:
        print(f"{name:40} {value}")


if __name__ == "__main__":
    main()
