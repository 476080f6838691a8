"""Wheels for a Windows Python: those of the lock file, but for a few pins of its own. The tests and the folder for
clerks (tools/installer) take theirs from here."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK = ROOT / "requirements-dev.txt"
PINS = Path(__file__).with_name("pins.txt")

INTERPRETER = "panda3d"
"""The wheel that is no package of Python for us, but the place where Windows' Python is."""

WINDOWS = {
    "sys_platform": "win32",
    "platform_system": "Windows",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "python_version": "3.11",
    "python_full_version": "3.11.9",
    "extra": "",
}
"""What markers ask about; pip itself would ask them about this computer."""

_TARGET = ("--platform", "win_amd64", "--python-version", "3.11.9", "--implementation", "cp")
_ABIS = ("--abi", "cp311", "--abi", "abi3", "--abi", "none")
_LEFT_OUT = re.compile(r"(types-.*|.*-stubs|ruff|mypy|mypy-extensions|ast-serialize|librt|win-unicode-console)")
"""What only checks style and types, and a package that has no wheel and that Python 3.11 does not need."""


def pinned(*more: Path) -> dict[str, str]:
    """By name the line of each package that Windows gets: name, version, hashes. more: files of pins that go before
    those of Windows, as these go before the lock's."""
    found: dict[str, str] = {}
    for path in (LOCK, PINS, *more):
        for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
            pin, _, rest = line.partition(" ")
            marker = rest.partition("--hash")[0].strip(" ;")
            if "==" in pin and (not marker or Marker(marker).evaluate({**WINDOWS})):
                hashes = " ".join(word for word in rest.split() if word.startswith("--hash"))
                found[canonicalize_name(pin.partition("==")[0])] = f"{pin} {hashes}"
    return found


def of_the_tests() -> list[str]:
    """The names of all packages that the project's tests need on Windows."""
    return [name for name in pinned() if not _LEFT_OUT.fullmatch(name)]


def download(folder: Path, lines: Iterable[str]) -> dict[str, Path]:
    """The wheels of these lines by the names of their packages, each as its hash says, as files in a folder that is
    made. Raises `CalledProcessError`."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / "wanted.txt"
    wanted.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--only-binary=:all:"]
    command += [*_TARGET, *_ABIS, "--require-hashes", "--dest", str(folder), "--requirement", str(wanted)]
    subprocess.run(command, check=True)
    return {canonicalize_name(path.name.partition("-")[0]): path for path in sorted(folder.glob("*.whl"))}


def build(folder: Path) -> Path:
    """The wheel of this project as it stands."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("ita_xl-*.whl"))


def contents(wheel: Path) -> Iterator[tuple[str, bytes]]:
    """What a wheel puts beside the other packages: names as they will be, and bytes. pip itself unpacks none for
    another system."""
    with zipfile.ZipFile(wheel) as package:
        for name in package.namelist():
            inside = re.fullmatch(r"[^/]+\.data/(?:purelib|platlib)/(.+)", name)
            if not name.endswith("/") and (inside or ".data/" not in name):
                yield (inside[1] if inside else name), package.read(name)


def unpack(wheel: Path, site: Path) -> None:
    """Put a wheel's contents beside the other packages."""
    for name, data in contents(wheel):
        target = site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
