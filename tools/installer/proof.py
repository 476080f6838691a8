"""The zip tried as a clerk would: unpacked on a Windows (under Wine) that never saw a Python, and used there."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.installer.wheels import ROOT
from tools.windows import machine

_HERE = Path(__file__).parent
_OF_WINDOWS = re.compile(
    r"api-ms-win-.*|(advapi32|bcrypt|bcryptprimitives|cfgmgr32|combase|comctl32|comdlg32|crypt32|dbghelp|gdi32|imm32"
    r"|iphlpapi|kernel32|mpr|msi|msimg32|mswsock|msvcrt|ncrypt|netapi32|ntdll|ole32|oleacc|oleaut32|pdh|powrprof"
    r"|propsys|psapi|rpcrt4|secur32|sfc|shell32|shlwapi|ucrtbase|urlmon|user32|userenv|uxtheme|version|winhttp"
    r"|wininet|winmm|ws2_32|wtsapi32|ntdsapi|odbc32|rasapi32|loadperf|lz32|credui|ktmw32|cabinet)\.dll|winspool\.drv"
)
"""Libraries that every Windows 10 has. Wine has more, so running there does not show whether one is missing."""


def missing() -> str:
    """What keeps this computer from trying it; empty if nothing does."""
    wanted = {
        "wine64": machine.WINE.exists(),
        "xvfb": shutil.which("Xvfb") is not None,
        "x11-utils": shutil.which("xwininfo") is not None,
        f"the locale {machine.LOCALE}": machine.has_locale(),
    }
    return ", ".join(name for name, there in wanted.items() if not there)


def unresolved(folder: Path) -> Iterator[str]:
    """Libraries that something in the folder asks for, and that neither the folder nor every Windows has."""
    paths = [path for path in folder.rglob("*") if path.suffix.lower() in (".dll", ".pyd", ".exe")]
    there = {path.name.lower() for path in paths}
    for path in paths:
        command = ["x86_64-w64-mingw32-objdump", "-p", str(path)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for name in re.findall(r"DLL Name: (\S+)", told):
            if name.lower() not in there and not _OF_WINDOWS.fullmatch(name.lower()):
                yield f"{name} for {path.relative_to(folder)}"


class Desk:
    """A Windows of its own. home: the user's folder."""

    def __init__(self, room: Path, display: str) -> None:
        self.room = room
        self.environment = machine.environment(room, display)
        drive = room / "prefix" / "drive_c"
        self.run(["wineboot", "-i"])
        self.run(["winecfg", "-v", "win10"])
        machine.make_random(drive / "windows" / "system32" / "bcryptprimitives.dll")
        self.home = drive / "users" / machine.USER

    def start(self, words: list[str], folder: Path | None = None) -> subprocess.Popen[bytes]:
        """Start a program of Windows. Wine wants pipes; what comes out of them goes into the file `said`."""
        with (self.room / "said").open("wb") as said:
            pipe = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=said)
        started = subprocess.Popen(
            [str(machine.WINE), *words],
            cwd=folder or self.room,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=pipe.stdin,
            stderr=subprocess.STDOUT,
        )
        assert pipe.stdin
        pipe.stdin.close()
        return started

    def run(self, words: list[str], folder: Path | None = None) -> tuple[int, str, float]:
        """Run one to its end. Gives its exit code, what it said, and how many seconds it took."""
        began = time.monotonic()
        code = self.start(words, folder).wait(timeout=600)
        took = time.monotonic() - began
        return code, (self.room / "said").read_text(encoding="utf-8", errors="replace"), took

    def stop(self) -> None:
        """End what of Wine still runs for this desk, and only that."""
        machine.stop(self.environment)


@contextmanager
def desk(display: str) -> Iterator[Desk]:
    """A Windows without Python, for as long as the block runs. display: on which its windows stand."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as room:
        made = Desk(Path(room), display)
        try:
            yield made
        finally:
            made.stop()


def prove(package: Path) -> Iterator[str]:
    """Try all of it. Gives a line for each thing that was seen; raises `AssertionError` for what was not."""
    with machine.screen() as display, desk(display) as windows:
        place = windows.home / "Desktop" / "โปรแกรม ใหม่"
        place.mkdir(parents=True)
        with zipfile.ZipFile(package) as content:
            content.extractall(place)
        program, work = place / "ITA" / "ita-xl.exe", windows.home / "Documents" / "งาน ITA"
        work.mkdir(parents=True)
        shutil.copy(ROOT / "samples" / "scores-2565.csv", work)
        code, said, _ = windows.run(["cmd", "/c", "python", "--version"])
        assert code != 0, said
        yield f"no Python on this desk (python --version: exit code {code})"
        for words, right in _JOBS:
            code, said, took = windows.run([str(program), *words], work)
            assert code in right and "Traceback" not in said, f"{words}: {code}\n{said}"
            yield f"ita-xl {' '.join(words)}: exit code {code}, {took:.1f} s"
        made = sorted(path.relative_to(work).as_posix() for path in work.rglob("*") if path.is_file())
        assert {Path(name).suffix for name in made} >= {".docx", ".pdf", ".xlsx"}, made
        assert {"ภาพรวม.xlsx", "ผล/อบจ.xlsx", "ผล/อบจ-2566.xlsx"} <= set(made), made
        yield f"made: {len(made)} files"
        yield from _ribbon(windows, program, work)
        yield from _pressed(windows, place / "ITA", work / "อบจ.xlsx")
        yield from _window(windows, place / "ITA" / "ITA.exe", work / "อบจ.xlsx", display)


_JOBS = (
    (["--version"], {0}),
    (["new", "อบจ.xlsx", "--year", "2565", "--agency", "อบจ.ทดสอบ", "--scores", "scores-2565.csv"], {0, 1}),
    (["check", "อบจ.xlsx"], {0, 1}),
    (["run", "อบจ.xlsx"], {0, 1}),
    (["report", "อบจ.xlsx"], {0, 1}),
    (["forms", "split", "อบจ.xlsx", "-o", "แบบ"], {0, 1}),
    (["new", "อบจ-2566.xlsx", "--from", "อบจ.xlsx"], {0, 1}),
    (["batch", "อบจ.xlsx", "อบจ-2566.xlsx", "-o", "ผล", "--jobs", "2", "--portfolio", "ภาพรวม.xlsx"], {0, 1}),
)
"""The README's commands, and the exit codes of those that went well."""


def _files(home: Path) -> set[Path]:
    return {path for path in (home / "AppData").rglob("*") if path.is_file()}


def _ribbon(windows: Desk, program: Path, work: Path) -> Iterator[str]:
    before = _files(windows.home)
    code, said, _ = windows.run([str(program), "addin", "install"], work)
    there = _files(windows.home) - before
    assert code in (0, 1) and any(path.suffix == ".xlam" for path in there), said
    links = sum(path.suffix == ".lnk" for path in there)
    yield f"addin install: exit code {code}, the add-in and {links} entries of the Start menu"
    code, said, _ = windows.run([str(program), "addin", "uninstall"], work)
    left = _files(windows.home) - before
    assert code == 0 and not left, (said, left)
    yield "addin uninstall: nothing of it is left in the user's profile"


def _pressed(windows: Desk, folder: Path, workbook: Path) -> Iterator[str]:
    """The window's buttons, pressed on Windows' own Tk."""
    script = windows.room / "pressed.py"
    shutil.copy(_HERE / "pressed.py", script)
    words = [str(folder / "python" / "python.exe"), str(script), str(workbook), "validate", "compute", "report"]
    code, said, _ = windows.run(words)
    assert code == 0 and "dropping: True" in said and said.count("alive") == 3, said
    yield from said.splitlines()


def _window(windows: Desk, program: Path, workbook: Path, display: str) -> Iterator[str]:
    """The window with a workbook that was dropped onto the program's icon."""
    picture = ROOT / "build" / "installer" / "window.png"
    began = time.monotonic()
    started = windows.start([str(program), str(workbook)])
    took = 0.0
    while time.monotonic() - began < 120 and not took:
        if _shows(display):
            took = time.monotonic() - began
        assert started.poll() is None, (windows.room / "said").read_text(encoding="utf-8", errors="replace")
        time.sleep(0.1)
    assert took, "no window came"
    time.sleep(3)
    if shutil.which("import"):
        subprocess.run(["import", "-window", "root", "-display", display, str(picture)], check=True)
    yield f"ITA.exe: its window stood after {took:.1f} s (picture: {picture.relative_to(ROOT)})"
    windows.stop()
    started.wait(timeout=60)


def _shows(display: str) -> bool:
    """Whether a window of ours stands on a display."""
    command = ["xwininfo", "-root", "-tree", "-display", display]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return "ITA" in told
