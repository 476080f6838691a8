"""The outbox journal: what was handed to a server, so that nothing is ever sent twice by itself.

One JSON object per line, written through to the disk. Where the last entry for a recipient is `begun`, he got the
message or not: the program or the connection died between the end of the message and the server's answer.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.files import refused
from ita_xl.mail.addresses import Address


class State(StrEnum):
    """What became of a message for one recipient."""

    BEGUN = "begun"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True)
class OutboxEntry:
    """at: when, ISO 8601."""

    state: State
    at: str


def usual_place() -> Path:
    return user_data_path("ita_xl", appauthor=False) / "outbox.jsonl"


class Outbox:
    """The journal in a file, held by one program at a time while it sends.

    Entering raises `Unusable`: E831 if another one holds it, E112 if it cannot be written, E835 if it is damaged.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or usual_place()
        self._lock = FileLock(self._path.with_suffix(".lock"))
        self._entries: dict[tuple[str, str], OutboxEntry] = {}
        self._stream: BinaryIO

    def __enter__(self) -> Outbox:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
            self._stream = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT | _BINARY, 0o600), "r+b")
            self._read()
        except Timeout:
            raise Unusable(Finding(Code.SENDING_ELSEWHERE)) from None
        except OSError as error:
            raise refused(self._path, error, Code.FILE_UNWRITABLE) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        self._lock.release()

    def last(self, message: str, address: Address) -> OutboxEntry | None:
        """What is known about a message for a recipient. message: its key."""
        return self._entries.get((message, address.key))

    def note(self, message: str, addresses: Iterable[Address], state: State, about: str = "") -> None:
        """Write entries, and return when they are on the disk. about: for people, such as the server's answer."""
        at = dt.datetime.now().astimezone().isoformat(timespec="seconds")
        for address in addresses:
            entry = {"at": at, "message": message, "to": address.key, "state": state, "about": about}
            self._stream.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
            self._entries[message, address.key] = OutboxEntry(state, at)
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def _read(self) -> None:
        """Read all entries, and cut off a last one that was being written when the program died: what it was to
        announce had not begun, and what it was to confirm stays uncertain."""
        whole = self._stream.read()
        end = whole.rfind(b"\n") + 1
        self._stream.seek(end)
        self._stream.truncate()
        try:
            for line in whole[:end].splitlines():
                entry = json.loads(line)
                self._entries[entry["message"], entry["to"]] = OutboxEntry(State(entry["state"]), entry["at"])
        except (ValueError, LookupError, TypeError) as error:
            self.__exit__(None, None, None)
            raise Unusable(Finding(Code.OUTBOX_DAMAGED, values={"file": self._path})) from error


_BINARY = getattr(os, "O_BINARY", 0)
"""Windows would change the ends of lines."""
