"""The wheels that the folder consists of: what the program needs on Windows, each as its hash says."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.windows import wheels
from tools.windows.wheels import INTERPRETER, ROOT, build, contents

__all__ = ["INTERPRETER", "ROOT", "RUNTIME", "build", "contents", "download", "needed", "pinned"]

RUNTIME = "msvc-runtime"
"""The wheel that has Microsoft's runtime."""

_PINS = Path(__file__).with_name("pins.txt")


def pinned() -> dict[str, str]:
    """By name the line of each locked package with its hashes, and of those that only the folder has."""
    return wheels.pinned(_PINS)


def needed() -> set[str]:
    """The names of all packages without which the program does not work on Windows, and those of the pins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting = [Requirement(line) for line in project["dependencies"]]
    found = {INTERPRETER, RUNTIME, "pytz", "tzdata"}
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker and not one.marker.evaluate({**wheels.WINDOWS})):
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
    lines = pinned()
    return wheels.download(folder, (lines[name] for name in sorted(needed())))
