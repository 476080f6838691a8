"""Everything a maintainer does, on a machine that has only Python 3.11+ and git.

python3 dev.py demo     set up, then run the main job on the sample
python3 dev.py test     set up, then run the tests
python3 dev.py lint     style, format and types
python3 dev.py make     build template, samples, their expectations and the command reference anew
python3 dev.py handbook  print docs/th as one PDF, build/คู่มือ.pdf
python3 dev.py windows  the tests on a Windows Python, where Wine is installed, but for those that CI leaves out
                        (--all, or words for pytest, may follow)
python3 dev.py bench    measure (beside an earlier version, where its checkout is named)
python3 dev.py installer  make the folder for Windows that needs no Python there (Debian: docs/installer.md)
python3 dev.py lock     pin all dependencies anew (needs uv in the environment)
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent
HOME = ROOT / ".venv"
BIN = HOME / ("Scripts" if os.name == "nt" else "bin")
LOCK = ROOT / "requirements-dev.txt"


def run(*command: str | Path) -> None:
    """Run a command of the environment; stop with its exit code if it fails."""
    program = BIN / str(command[0])
    done = subprocess.run([str(program), *map(str, command[1:])], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def set_up() -> None:
    """A virtual environment with the locked dependencies and this package, made once per lock file."""
    stamp = HOME / "locked"
    wanted = sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if HOME.is_symlink():  # clearing would empty what it leads to, which others may be using
        sys.exit(
            f"{HOME} is a link to an environment with other contents than the lock file and pyproject.toml say; "
            "remove the link, and one of this checkout's own is made"
        )
    venv.create(HOME, with_pip=True, clear=True)
    quiet = ("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*quiet, "--require-hashes", "-r", LOCK)
    run(*quiet, "--no-deps", "--no-build-isolation", "-e", ROOT)
    stamp.write_text(wanted)


def demo() -> None:
    output = ROOT / "build" / "reference-2565.xlsx"
    output.parent.mkdir(exist_ok=True)
    run("ita-xl", "run", ROOT / "samples" / "reference-2565.xlsx", "-o", output)


def test() -> None:
    run("python", "-m", "pytest", "-n", "auto", "--dist", "loadfile", *sys.argv[2:])


def lint() -> None:
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")
    run("mypy")


def make() -> None:
    run("python", "-m", "tools.make_template")
    run("python", "-m", "tools.samples")
    run("python", "-m", "tools.gauges")
    run("python", "-m", "tools.catalogue")
    run("python", "-m", "tools.cli_reference")


def handbook() -> None:
    run("python", "-m", "tools.handbook")


def windows() -> None:
    run("python", "-m", "tools.windows", *sys.argv[2:])


def bench() -> None:
    run("python", "-m", "bench.table", *sys.argv[2:])
    run("python", "-m", "bench.growth")
    run("python", "-m", "bench.calls")
    run("python", "-m", "bench.memory", "200")
    run("python", "-m", "bench.portfolio")
    run("python", "-m", "bench.documents", "12")
    run("python", "-m", "bench.forms", "12")


def installer() -> None:
    run("python", "-m", "tools.installer")


def lock() -> None:
    command = ["uv", "pip", "compile", "pyproject.toml", "--group", "dev", "--universal", "--generate-hashes"]
    command += ["--no-annotate", "--no-header", "--python-version", "3.11"]
    subprocess.run([*command, "-o", LOCK.name], cwd=ROOT, check=True)


VERBS = {verb.__name__: verb for verb in (demo, test, lint, make, handbook, windows, bench, installer, lock)}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in VERBS:
        sys.exit(__doc__)
    if sys.argv[1] != "lock":
        set_up()
    VERBS[sys.argv[1]]()
