"""What a worker meets in workbooks that nobody should send: it does as the file's name says."""

from __future__ import annotations

import os
import signal
import time

from ita_xl.batch.work import Converted, Task, convert


def rough(task: Task) -> Converted:
    """Convert a workbook, unless its name asks for worse."""
    if "kills" in task.name:
        os.kill(os.getpid(), signal.SIGKILL)
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
    time.sleep(0.4)
    return convert(task)
