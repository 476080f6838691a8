"""Which workbooks a batch takes, and under which names their results will lie."""

from __future__ import annotations

import glob
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import bare
from ita_xl.files import read_text

_KINDS = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".ods"}
"""Spreadsheets; what we cannot read of them becomes a finding instead of being passed over in silence."""

_NOT_MEANT = re.compile(r"~\$.*|\.~lock\..*|\.ita_xl-.*|.*\.backup-\d{3,}\.\w+")
"""Locks of other programs, unfinished files and backups of ours, which nobody means when naming a folder."""

_LONGEST = 240
"""Bytes of a file name; most file systems take 255."""


@dataclass(frozen=True)
class Source:
    """A workbook to convert. place: the path of its result below the output folder, with forward slashes."""

    path: Path
    place: str

    @property
    def known_as(self) -> str:
        """The path from wherever the program is started."""
        return os.path.abspath(self.path)


def collect(given: Iterable[Path], output: Path, known: Mapping[str, str]) -> tuple[list[Source], list[Finding]]:
    """The workbooks behind files, folders and patterns, in the order of their places, each once; and findings on
    folders that could not be read. What was named but is not there is among them: reading it will say so.

    Folders are taken with all that lies below them, but for the output folder. Their structure is kept below the
    output folder. known: places that an earlier run gave, by absolute path. Raises `Unusable` if there is no
    workbook, or a result would take the place of a workbook.
    """
    findings: list[Finding] = []
    found: dict[Path, str] = {}
    given = [Path(part) for one in given for part in _matches(one)]
    several = len(given) > 1
    for path in given:
        if path.is_dir():
            for file in _below(path, output, findings):
                inside = PurePosixPath(file.relative_to(path).as_posix())
                found.setdefault(file, f"{path.resolve().name}/{inside}" if several else str(inside))
        else:
            found.setdefault(path, path.name)
    once = {_real(path): path for path in reversed(found)}
    sources = _placed({path: found[path] for path in found if once[_real(path)] is path}, known)
    if not sources:
        raise Unusable(Finding(Code.NOTHING_TO_CONVERT), *findings)
    for source in sources:
        target = output / source.place
        if target.exists() and _real(target) in once:
            raise Unusable(Finding(Code.RESULT_OVER_SOURCE, values={"file": source.path, "folder": output}))
    return sources, findings


def listed(path: Path) -> tuple[list[Path], list[Finding]]:
    """The paths in a list file, one per line, and a note where its encoding was guessed.

    Relative ones are meant from the list's own folder. Raises `Unusable`.
    """
    try:
        text, notes = read_text(path)
    except ValueError as error:
        raise Unusable(Finding(Code.FILE_UNREADABLE, values={"file": path.name, "detail": str(error)})) from error
    names = (bare(line).strip('"') for line in text.splitlines())
    return [path.parent / name for name in names if name and not name.startswith("#")], notes


def _matches(path: Path) -> list[str]:
    """What a pattern stands for where the shell did not resolve it, as on Windows; any other name is itself."""
    if path.exists() or not glob.has_magic(str(path)):
        return [str(path)]
    return sorted(glob.glob(str(path), recursive=True)) or [str(path)]


def _below(top: Path, output: Path, findings: list[Finding]) -> Iterator[Path]:
    """The spreadsheets in a folder and all folders below it, also through links, but each folder once."""
    results = _real(output)
    seen: set[str] = set()

    def unreadable(error: OSError) -> None:
        findings.append(
            Finding(Code.FOLDER_UNREADABLE, values={"folder": error.filename, "detail": error.strerror})
        )

    for folder, folders, names in os.walk(top, followlinks=True, onerror=unreadable):
        here = _real(Path(folder))
        if here in seen or here == results:
            folders.clear()
            continue
        seen.add(here)
        folders.sort()
        for name in sorted(names):
            if Path(name).suffix.lower() in _KINDS and not _NOT_MEANT.fullmatch(name):
                file = Path(folder, name)
                if _is_file(file):
                    yield file


def _real(path: Path) -> str:
    """Where a path leads, also if it leads in a circle."""
    return os.path.realpath(path)


def _is_file(path: Path) -> bool:
    """A regular file, or one that cannot be asked: reading it will say why. Pipes and devices may never end."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True


def _placed(found: Mapping[Path, str], known: Mapping[str, str]) -> list[Source]:
    """A place of its own for each: the one it had before, else the wanted one, and among equals one marked with
    where the workbook comes from."""
    taken: set[str] = set()
    sources = []
    for path in found:
        if place := known.get(os.path.abspath(path)):
            sources.append(Source(path, place))
            taken.add(_alike(place))
    for path, wanted in sorted(found.items(), key=lambda entry: (entry[1], str(entry[0]))):
        if os.path.abspath(path) in known:
            continue
        place = _shortened(PurePosixPath(wanted), "")
        if _alike(place) in taken:
            place = _shortened(PurePosixPath(wanted), f" ({blake2b(os.fsencode(path), digest_size=4).hexdigest()})")
        taken.add(_alike(place))
        sources.append(Source(path, place))
    return sorted(sources, key=lambda source: source.place)


def _alike(place: str) -> str:
    """Names that some file system takes for one."""
    return unicodedata.normalize("NFC", place).casefold()


def _shortened(place: PurePosixPath, mark: str) -> str:
    """The place with a mark behind the name, cut so that every file system takes it."""
    stem = place.stem
    while len(os.fsencode(f"{stem}{mark}{place.suffix}")) > _LONGEST and stem:
        stem = stem[:-1]
    return str(place.with_name(f"{stem}{mark}{place.suffix}"))
