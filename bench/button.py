"""What whoever presses a button in Excel's ribbon waits for, on a Windows Python under Wine.

    python -m bench.button

A process of its own stands in for Excel (`tests/excel_process.py`): it starts what the button starts, and what was
started finds it by its windows and calls it by COM, as it calls Excel. Milliseconds of the clock, the least of
several runs: from that start until the first text in the status bar, and until the message that says how it went,
without what a question waits for its answer. Below them the same jobs in one process on this system, where a call
of the stand-in costs next to nothing.

Not measured: the macro, which sets a text of its own before; and Excel, which takes longer to answer. A call that
takes N µs longer adds N ms for a thousand calls; `bench.calls` counts them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from bench import calls
from ita_xl import live_jobs

JOBS = {"validate": "validate", "compute, first": "compute", "compute, second": "compute"}
_RUNS = 5


def press() -> None:
    """The table, on Windows."""
    from tests import excel_process

    found: defaultdict[str, list[excel_process.Pressed]] = defaultdict(list)
    excel = excel_process.Process()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for run in range(_RUNS):
            book = Path(folder) / f"{run}.xlsx"
            book.write_bytes(calls.SAMPLE.read_bytes())
            excel.open(book)
            for name, job in JOBS.items():
                found[name].append(excel.press(job))
    print(f"{'':20} {'first sign':>10} {'result':>8} {'calls':>8}")
    for name, every in found.items():
        assert {one.code for one in every} == {0}, name
        sign, result = min(one.first(excel_process.STATUS) for one in every), min(one.waited for one in every)
        print(f"{name:20} {sign:10.0f} {result:8.0f} {every[0].carried:8,}", flush=True)


def here() -> None:
    """The same jobs in this process, one after the other."""
    least = dict.fromkeys(JOBS, float("inf"))
    for _ in range(_RUNS):
        with calls.opened(calls.SAMPLE):
            for name, job in JOBS.items():
                began = time.perf_counter()
                live_jobs.attach(job)
                least[name] = min(least[name], (time.perf_counter() - began) * 1000)
    for name, taken in least.items():
        print(f"{name + ', in one process':31} {taken:8.0f}")


def main() -> int:
    if sys.platform == "win32":
        press()
        return 0
    from tools.windows import machine
    from tools.windows.ready import ready

    if lacking := machine.missing():
        print(f"button: not measured, {lacking}", file=sys.stderr)
        return 1
    with ready() as (windows, tree):
        windows.run([machine.PYTHON, "-m", "bench.button"], folder=tree)
    here()
    return 0


if __name__ == "__main__":
    sys.exit(main())
