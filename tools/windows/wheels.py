"""The wheels that a Windows Python gets: those of the lock file, but for a few pins of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK = ROOT / "requirements-dev.txt"
PINS = Path(__file__).with_name("pins.txt")

INTERPRETER = "panda3d"

_WINDOWS = {
    "sys_platform": "win32",
    "platform_system": "Windows",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "python_version": "3.11",
    "python_full_version": "3.11.9",
}
_TARGET = ("--platform", "win_amd64", "--python-version", "3.11.9", "--implementation", "cp")
_ABIS = ("--abi", "cp311", "--abi", "abi3", "--abi", "none")
_LEFT_OUT = re.compile(r"(types-.*|.*-stubs|ruff|mypy|mypy-extensions|ast-serialize|librt|win-unicode-console)")
"""What only checks style and types, and a package that has no wheel and that Python 3.11 does not need."""


def download(folder: Path) -> list[Path]:
    """The wheels, each as its hash says, as files in a folder that is made. Raises `CalledProcessError`."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / "wanted.txt"
    wanted.write_text("\n".join(wanted_lines()) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--only-binary=:all:"]
    command += [*_TARGET, *_ABIS, "--require-hashes", "--dest", str(folder), "--requirement", str(wanted)]
    subprocess.run(command, check=True)
    return sorted(folder.glob("*.whl"))


def wanted_lines() -> Iterator[str]:
    """A line for each package: name, version, hashes. pip itself would ask the markers about this computer."""
    own = [line for line in PINS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    names = {line.partition("==")[0] for line in own}
    yield from own
    for entry in LOCK.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        pin, _, rest = entry.partition(" ")
        name = pin.partition("==")[0]
        marker = rest.partition("--hash")[0].strip(" ;")
        if not name or name in names or _LEFT_OUT.fullmatch(name):
            continue
        if not marker or Marker(marker).evaluate({**_WINDOWS}):
            yield f"{pin} {' '.join(word for word in rest.split() if word.startswith('--hash'))}"


def build(folder: Path) -> Path:
    """The wheel of this project as it stands."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("ita_xl-*.whl"))


def unpack(wheel: Path, site: Path) -> None:
    """What pip would do with a wheel for Windows, which it does not do on another system."""
    with zipfile.ZipFile(wheel) as package:
        for name in package.namelist():
            inside = re.fullmatch(r"[^/]+\.data/(?:purelib|platlib)/(.+)", name)
            target = site / (inside[1] if inside else name)
            if not name.endswith("/"):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(package.read(name))
