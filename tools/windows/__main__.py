"""Run the project's tests on a Windows Python under Wine: `python -m tools.windows [--all] [words for pytest]`.

Without words what CI runs: the modules of `part` are left out, and counted. With --all, or with words, all that is
asked for. Without Wine a developer is told what is missing; in CI that is a failure.
"""

from __future__ import annotations

import os
import sys
import time

from tools.windows import machine, told
from tools.windows.ready import ready

_PATIENCE = 30 * 60
"""Seconds after which a run is taken for one that hangs."""


def main() -> int:
    if lacking := machine.missing():
        print(f"windows: not run, {lacking}", file=sys.stderr)
        return 1 if os.environ.get("CI") else 0
    words = [word for word in sys.argv[1:] if word != "--all"]
    if sys.argv[1:] == []:
        words = ["-p", "tools.windows.part"]
    began = time.monotonic()
    with ready() as (windows, tree):
        print(f"windows: ready in {time.monotonic() - began:.0f} s", flush=True)
        code = windows.run([*_PYTEST, *words], folder=tree, seconds=_PATIENCE, check=False)
    if not (tree / _RESULT).exists():
        print("windows: pytest came to no result")
        return code or 1
    for line in told.lines(tree / _RESULT, time.monotonic() - began):
        print(line)
    return code


_RESULT = "result.xml"
_PYTEST = (
    *(machine.PYTHON, "-m", "pytest", "-p", "no:cacheprovider", f"--junitxml={_RESULT}"),
    *("-n", str(os.cpu_count() or 1), "--dist", "loadfile", "--reruns", "1", "-r", "R"),
)


if __name__ == "__main__":
    sys.exit(main())
