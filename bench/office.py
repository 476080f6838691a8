"""A LibreOffice that stays open: load, recalculate, store, over and over, without starting it again.

Runs under a Python that has LibreOffice's `uno` module, which is seldom the one of a virtual environment:
`Office` finds one and talks to this file over its standard input and output.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_PYTHONS = ("/usr/bin/python3", "/usr/lib/libreoffice/program/python", "/opt/libreoffice/program/python", "python3")


def python_with_uno() -> str | None:
    """A Python that can talk to LibreOffice, if there is one. Windows has none, but Wine shows its host's."""
    if os.name == "nt":
        return None
    for candidate in _PYTHONS:
        found = shutil.which(candidate)
        if found and subprocess.run([found, "-c", "import uno"], capture_output=True, check=False).returncode == 0:
            return found
    return None


def its_environment() -> dict[str, str]:
    """For the other Python, which has its own packages; ours would only confuse it."""
    return {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}


class Office:
    """One LibreOffice for many workbooks."""

    def __init__(self, python: str) -> None:
        command = [python, __file__]
        self._worker = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=its_environment(),
        )
        if self._answer() != "ready":
            raise RuntimeError("LibreOffice did not start")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self._worker.stdin
        self._worker.stdin.close()
        self._worker.wait(60)

    def recalculated(self, source: Path, target: Path) -> None:
        """Load a workbook, compute every formula, store it."""
        assert self._worker.stdin
        self._worker.stdin.write(f"{source.resolve().as_uri()} {target.resolve().as_uri()}\n")
        self._worker.stdin.flush()
        if self._answer() != "stored":
            raise RuntimeError(f"LibreOffice did not store {target}")

    def _answer(self) -> str:
        assert self._worker.stdout
        return self._worker.stdout.readline().strip()


@contextmanager
def desktop() -> Iterator[Any]:
    """The other side: a LibreOffice of our own, through which documents are loaded."""
    with hands() as (opened, _):
        yield opened


@contextmanager
def hands() -> Iterator[tuple[Any, Any]]:
    """The same, and what gives the commands of its menus."""
    import uno  # type: ignore[import-not-found]
    from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

    pipe = f"ita_xl_{os.getpid()}"
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        office = subprocess.Popen([*command, f"--accept=pipe,name={pipe};urp;"], stdout=subprocess.DEVNULL)
        context = uno.getComponentContext()
        resolver = context.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        for _ in range(300):
            try:
                remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except NoConnectException:
                time.sleep(0.1)
        services = ("com.sun.star.frame.Desktop", "com.sun.star.frame.DispatchHelper")
        opened, commands = (remote.ServiceManager.createInstanceWithContext(one, remote) for one in services)
        try:
            yield opened, commands
        finally:
            opened.terminate()
            office.wait(60)


def load(opened: Any, address: str, **properties: object) -> Any:
    """A document, without a window."""
    return opened.loadComponentFromURL(address, "_blank", 0, _given(Hidden=True, **properties))


def store(document: Any, address: str) -> None:
    """Save a document as Excel's format."""
    document.storeToURL(address, _given(FilterName="Calc MS Excel 2007 XML"))


def _given(**properties: object) -> tuple[Any, ...]:
    import uno  # noqa: F401  (it makes the next import possible)
    from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]

    return tuple(PropertyValue(name, 0, value, 0) for name, value in properties.items())


def serve() -> None:
    """The other side: answer one line for every line."""
    with desktop() as opened:
        print("ready", flush=True)
        for line in sys.stdin:
            source, target = line.split()
            document = load(opened, source)
            document.calculateAll()
            store(document, target)
            document.close(True)
            print("stored", flush=True)


if __name__ == "__main__":
    serve()
