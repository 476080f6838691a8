"""Which workbooks a batch takes, and under which names their results will lie."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ita_xl import files
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import bare
from ita_xl.files import names, read_text, regular

_KINDS = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".ods"}
"""Spreadsheets; what we cannot read of them becomes a finding instead of being passed over in silence."""

_NOT_MEANT = re.compile(r"~\$.*|\.~lock\..*|\._.*|\.ita_xl-.*|.*\.backup-(?:\d{3,}|form-\d+)\.\w+")
"""Locks of other programs, what a Mac puts beside files on foreign disks, unfinished files and backups of ours:
nobody means them when naming a folder."""

_BINS = re.compile(r"\$recycle\.bin|\.trash.*|__macosx", re.IGNORECASE)
"""Folders of what was thrown away, and of a Mac's leftovers in an archive."""


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
        if os.path.isdir(path):
            for file in _below(path, output, findings):
                inside = PurePosixPath(file.relative_to(path).as_posix())
                found.setdefault(file, f"{os.path.basename(files.real(path))}/{inside}" if several else str(inside))
        else:
            found.setdefault(path, path.name)
    once = {files.real(path): path for path in reversed(found)}
    sources = _placed({path: found[path] for path in found if once[files.real(path)] is path}, known)
    if not sources:
        raise Unusable(Finding(Code.NOTHING_TO_CONVERT), *findings)
    for source in sources:
        target = output / source.place
        if os.path.exists(target) and files.real(target) in once:
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
    lines = (bare(line).strip('"') for line in text.splitlines())
    return [path.parent / line for line in lines if line and not line.startswith("#")], notes


def _matches(path: Path) -> list[str]:
    """What a pattern stands for where the shell did not resolve it, as on Windows; any other name is itself."""
    if os.path.exists(path) or not glob.has_magic(str(path)):
        return [str(path)]
    return sorted(glob.glob(str(path), recursive=True)) or [str(path)]


def _below(top: Path, output: Path, findings: list[Finding]) -> Iterator[Path]:
    """The spreadsheets in a folder and all folders below it, also through links, but each folder once."""
    results = files.real(output)
    seen: set[str] = set()

    def unreadable(error: OSError) -> None:
        findings.append(
            Finding(Code.FOLDER_UNREADABLE, values={"folder": error.filename, "detail": error.strerror})
        )

    for folder, folders, found in os.walk(top, followlinks=True, onerror=unreadable):
        here = files.real(Path(folder))
        if here in seen or here == results:
            folders.clear()
            continue
        seen.add(here)
        folders[:] = sorted(folder for folder in folders if not _BINS.fullmatch(folder))
        for name in sorted(found):
            if Path(name).suffix.lower() in _KINDS and not _NOT_MEANT.fullmatch(name):
                file = Path(folder, name)
                if regular(file):
                    yield file


def _placed(found: Mapping[Path, str], known: Mapping[str, str]) -> list[Source]:
    """A place of its own for each: the one it had before, else the wanted one, and among equals one marked with
    where the workbook comes from."""
    taken: set[str] = set()
    sources = []
    for path in found:
        place = known.get(os.path.abspath(path), "")
        if place and names.alike(place) not in taken:
            sources.append(Source(path, place))
            taken.add(names.alike(place))
    placed = {source.path for source in sources}
    for path, wanted in sorted(found.items(), key=lambda entry: (entry[1], str(entry[0]))):
        if path in placed:
            continue
        at = PurePosixPath(wanted)
        place = str(at.with_name(names.fitting(at.stem, at.suffix)))
        if names.alike(place) in taken:
            place = str(at.with_name(names.marked(at.stem, at.suffix, str(path))))
        taken.add(names.alike(place))
        sources.append(Source(path, place))
    return sorted(sources, key=lambda source: source.place)
