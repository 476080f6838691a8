"""What a worker meets in workbooks that nobody should send: it does as the file's name says."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from ita_xl.batch.work import Converted, Task, convert

KILL = signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL
"""What a process cannot refuse: Windows ends it at the first."""


def rough(task: Task) -> Converted:
    """Convert a workbook, unless its name asks for worse."""
    if "kills" in task.name:
        os.kill(os.getpid(), KILL)
    if "endless" in task.name:
        time.sleep(600)
    if "hungry" in task.name:
        held = [bytearray(512 * 2**20) for _ in range(4)]
        raise AssertionError(f"{len(held)} pieces were granted")
    if "raises" in task.name:
        raise ZeroDivisionError
    return convert(task)


def slow(task: Task) -> Converted:
    """Convert a workbook, so slowly that something can happen meanwhile."""
    time.sleep(0.1)
    return convert(task)


def stalling(task: Task) -> Converted:
    """Convert a workbook while there are few results, and then never come to an end. The environment says how many
    results are enough and where they lie."""
    if len(list(Path(os.environ["RESULTS"]).rglob("*.xlsx"))) >= int(os.environ["ENOUGH"]):
        time.sleep(600)
    return convert(task)


if __name__ == "__main__":
    from ita_xl.batch import workers
    from ita_xl.batch.job import Job
    from ita_xl.batch.workers import Limits

    with workers.local(2, Limits()) as started:
        list(Job([Path(sys.argv[1])], Path(os.environ["RESULTS"]), work=stalling).run(started, Limits()))
