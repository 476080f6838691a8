"""What a batch has finished, line by line, so that a killed one can go on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any

from ita_xl import __version__, files
from ita_xl.batch.record import Record
from ita_xl.domain.codes import Code
from ita_xl.files.windows import reachable

NAME = ".ita_xl-batch.jsonl"


@dataclass(frozen=True)
class Key:
    """What decides whether a workbook was converted already: two equal files are two files, and a file that was
    changed, another version of the program or other options make it undone."""

    source: str
    content: str
    options: str
    version: str = __version__


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


@dataclass(frozen=True)
class JournalEntry:
    """A finished workbook. made: the digest of its result."""

    key: Key
    record: Record
    made: str


Done = dict[str, JournalEntry]
"""What was finished last of each workbook, by its absolute path."""


class Journal:
    """The journal of an output folder. A line is added once the result lies under its name, so that what is in the
    journal is done."""

    def __init__(self, folder: Path, done: Done) -> None:
        """done: what counts of an earlier run; the rest is forgotten. Raises `Unusable` if it cannot be written."""
        path = Path(reachable(folder / NAME))
        self._done = done
        # Written anew, it has neither the torn line of a killed run nor what no longer counts.
        files.write_whole(path, map(_line, done.values()))
        try:
            self._stream = path.open("ab", buffering=0)
        except OSError as error:
            raise files.refused(path, error, Code.FILE_UNWRITABLE) from error

    def done(self, key: Key, standing: bytes | None) -> Record | None:
        """The record of a workbook that is finished. standing: what lies at the place of its result, which must be
        what was put there; None if nothing does."""
        entry = self._done.get(key.source)
        if entry is None or standing is None or (entry.key, entry.made) != (key, digest(standing)):
            return None
        return entry.record

    def add(self, key: Key, record: Record, made: bytes) -> None:
        """Note a finished workbook. Raises `Unusable` if the disk does not take it."""
        try:
            self._stream.write(_line(JournalEntry(key, record, digest(made))))
        except OSError as error:
            raise files.refused(Path(NAME), error, Code.FILE_UNWRITABLE) from error

    def close(self) -> None:
        self._stream.close()


def read(folder: Path) -> Done:
    """What an earlier run finished in an output folder; a line that the end of its process cut off does not count.
    Raises `Unusable` if there is a journal and it cannot be read."""
    done: Done = {}
    try:
        # A country's is larger than what `files` reads at once.
        with Path(reachable(folder / NAME)).open("rb") as stream:
            for line in stream:
                with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
                    entry = _entry(json.loads(line))
                    done[entry.key.source] = entry
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise files.refused(folder / NAME, error, Code.FILE_UNREADABLE) from error
    return done


def _entry(document: Mapping[str, Any]) -> JournalEntry:
    """An entry as it was written. Raises `ValueError` for a result that would lie elsewhere than in the folder."""
    record = Record.from_json(document["record"])
    if not _inside(record.output):
        raise ValueError(record.output)
    return JournalEntry(Key(**document["key"]), record, str(document["made"]))


def _inside(place: str) -> bool:
    """Whether a place lies below the output folder: the journal may come from anywhere."""
    path = PurePath(place)
    return bool(path.parts) and not path.anchor and ".." not in path.parts and "\0" not in place


def _line(entry: JournalEntry) -> bytes:
    # In ASCII, because a name on disk may hold bytes that are no text.
    document = {"key": vars(entry.key), "made": entry.made, "record": entry.record.as_json()}
    return json.dumps(document).encode() + b"\n"
