"""Run the project's tests on a Windows Python under Wine: `python -m tools.windows [--all] [words for pytest]`.

Without words what CI runs: the modules of `part` are left out, and counted. With --all, or with words, all that is
asked for. Without Wine a developer is told what is missing; in CI that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from platformdirs import user_cache_path

from tools.windows import machine, told, wheels

_PATIENCE = 30 * 60
"""Seconds after which a run is taken for one that hangs."""


def main() -> int:
    if lacking := machine.missing():
        print(f"windows: not run, {lacking}", file=sys.stderr)
        return 1 if os.environ.get("CI") else 0
    words = [word for word in sys.argv[1:] if word != "--all"]
    if sys.argv[1:] == []:
        words = ["-p", "tools.windows.part"]
    folder = Path(os.environ.get("ITA_XL_WINDOWS") or user_cache_path("ita_xl") / "windows")
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with machine.screen() as display, tempfile.TemporaryDirectory() as built:
        windows = machine.Machine(folder, display)
        made = windows.set_up()
        windows.install(wheels.build(Path(built)))
        tree = checkout(windows)
        print(f"windows: {'made' if made else 'ready'} in {time.monotonic() - began:.0f} s", flush=True)
        try:
            code = windows.run([*_PYTEST, *words], folder=tree, seconds=_PATIENCE, check=False)
        finally:
            machine.stop(windows.environment)
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


def checkout(windows: machine.Machine) -> Path:
    """What is in the repository, on Windows' own drive, with the package as the wheel has it."""
    tree = windows.drive / "ita"
    shutil.rmtree(tree, ignore_errors=True)
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=wheels.ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in listed:
        path = wheels.ROOT / name
        if name and path.is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, tree / name)
    shutil.rmtree(tree / "ita_xl")
    shutil.copytree(windows.site / "ita_xl", tree / "ita_xl")
    return tree


if __name__ == "__main__":
    sys.exit(main())
