"""Run the project's tests on a Windows Python under Wine: `python -m tools.windows [words for pytest]`.

Without Wine a developer is told what is missing; in CI that is a failure.
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

from tools.windows import machine, wheels


def main() -> int:
    if lacking := machine.missing():
        print(f"windows: not run, {lacking}", file=sys.stderr)
        return 1 if os.environ.get("CI") else 0
    folder = Path(os.environ.get("ITA_XL_WINDOWS") or user_cache_path("ita_xl") / "windows")
    folder.mkdir(parents=True, exist_ok=True)
    windows = machine.Machine(folder)
    began = time.monotonic()
    with machine.screen(), tempfile.TemporaryDirectory() as built:
        made = windows.set_up()
        windows.install(wheels.build(Path(built)))
        print(f"windows: {'made' if made else 'ready'} in {time.monotonic() - began:.0f} s", flush=True)
        try:
            return windows.run(
                [windows.python, "-m", "pytest", "-p", "no:cacheprovider", *sys.argv[1:]],
                folder=_checkout(windows),
                check=False,
            )
        finally:
            windows.stop()


def _checkout(windows: machine.Machine) -> Path:
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
