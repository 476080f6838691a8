"""The wheels that the folder consists of: what the program needs on Windows, each as its hash says."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK = ROOT / "requirements-dev.txt"
PINS = Path(__file__).with_name("pins.txt")

INTERPRETER, RUNTIME = "panda3d", "msvc-runtime"
"""The wheels that are not packages of Python for us, but places where Windows libraries are."""

_WINDOWS = {
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
_TARGET = ("--platform", "win_amd64", "--python-version", "3.11.9", "--implementation", "cp")
_ABIS = ("--abi", "cp311", "--abi", "abi3", "--abi", "none")


def pinned() -> dict[str, str]:
    """By name the line of each locked package with its hashes, the pins of the folder before those of the lock."""
    found: dict[str, str] = {}
    lock = LOCK.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    for line in (*lock, *PINS.read_text(encoding="utf-8").splitlines()):
        pin, _, rest = line.partition(" ")
        if "==" in pin:
            hashes = " ".join(word for word in rest.split() if word.startswith("--hash"))
            found[canonicalize_name(pin.partition("==")[0])] = f"{pin} {hashes}"
    return found


def needed() -> set[str]:
    """The names of all packages without which the program does not work on Windows, and those of the pins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting = [Requirement(line) for line in project["dependencies"]]
    found = {INTERPRETER, RUNTIME, "pytz", "tzdata"}
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker and not one.marker.evaluate({**_WINDOWS})):
            continue
        found.add(name)
        waiting += map(Requirement, _requirements(name))
    return found


def _requirements(name: str) -> list[str]:
    """What a package asks for; what is not installed here is for Windows alone, and asks for nothing."""
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def download(folder: Path) -> dict[str, Path]:
    """The wheels by the names of their packages. Raises `CalledProcessError`."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted, lines = folder / "wanted.txt", pinned()
    wanted.write_text("".join(f"{lines[name]}\n" for name in sorted(needed())), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--only-binary=:all:"]
    command += [*_TARGET, *_ABIS, "--require-hashes", "--dest", str(folder), "--requirement", str(wanted)]
    subprocess.run(command, check=True)
    found = {str(canonicalize_name(path.name.partition("-")[0])): path for path in folder.glob("*.whl")}
    return {name: found[name] for name in sorted(needed())}


def build(folder: Path) -> Path:
    """The wheel of this project as it stands."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("ita_xl-*.whl"))


def contents(wheel: Path) -> Iterator[tuple[str, bytes]]:
    """What a wheel puts beside the other packages: names as they will be, and bytes."""
    with zipfile.ZipFile(wheel) as package:
        for name in package.namelist():
            inside = re.fullmatch(r"[^/]+\.data/(?:purelib|platlib)/(.+)", name)
            if not name.endswith("/") and (inside or ".data/" not in name):
                yield (inside[1] if inside else name), package.read(name)
