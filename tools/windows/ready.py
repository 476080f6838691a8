"""The Windows machine with this project on it, as the checkout stands."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path

from tools.windows import machine, wheels


@contextmanager
def ready() -> Iterator[tuple[machine.Machine, Path]]:
    """The machine, made where there is none yet, and the checkout on its drive; all that runs on it ends with the
    block."""
    folder = Path(os.environ.get("ITA_XL_WINDOWS") or user_cache_path("ita_xl") / "windows")
    folder.mkdir(parents=True, exist_ok=True)
    with machine.screen() as display, tempfile.TemporaryDirectory() as built:
        windows = machine.Machine(folder, display)
        windows.set_up()
        windows.install(wheels.build(Path(built)))
        try:
            yield windows, _checkout(windows)
        finally:
            machine.stop(windows.environment)


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
