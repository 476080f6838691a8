"""Make the folder and its zip in `build/installer`, and try both where there is Wine."""

from __future__ import annotations

import sys
from hashlib import sha256

from ita_xl import __version__
from tools.installer import folder, proof
from tools.installer.wheels import ROOT


def main() -> None:
    if lacking := folder.missing():
        sys.exit(f"not made: {lacking} not installed")
    target = ROOT / "build" / "installer"
    made, package = folder.make(target), target / f"ITA-{__version__}-windows-x64.zip"
    folder.pack(made, package)
    size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file())
    number = sum(path.is_file() for path in made.rglob("*"))
    print(f"{made.relative_to(ROOT)}: {number} files, {size / 2**20:.0f} MB")
    print(
        f"{package.relative_to(ROOT)}: {package.stat().st_size / 2**20:.0f} MB",
        sha256(package.read_bytes()).hexdigest(),
    )
    for line in proof.unresolved(made):
        sys.exit(f"a library is missing: {line}")
    if lacking := proof.missing():
        print(f"not tried: {lacking} not installed")
        return
    for line in proof.prove(package):
        print(line)


if __name__ == "__main__":
    main()
