"""A compound file (MS-CFB version 3), the container of a VBA project: written from streams, always the same bytes.

Own code, because the packages for it do not serve (tried in 2026): olefile cannot make a file or add a stream, and
`ms_cfb` 0.0.6 builds in scratch files of the working directory.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

_SECTOR = 512
_MINI_SECTOR = 64
_MINI_STREAMS_BELOW = 4096
"""A smaller stream lies in the mini stream."""

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_BLACK = 1
_FAT_SECTORS_IN_HEADER = 109


@dataclass
class _Entry:
    """One entry of the directory. left, right, child: numbers of other entries."""

    name: str
    kind: int
    content: bytes = b""
    children: list[int] = field(default_factory=list)
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le")
        head = struct.pack("<HBBIII", len(name) + 2, self.kind, _BLACK, self.left, self.right, self.child)
        # No class, no flags, no times: nothing that would differ from build to build.
        return name.ljust(64, b"\0") + head + bytes(36) + struct.pack("<IQ", self.start, self.size)


_NO_ENTRY = bytes(68) + struct.pack("<III", _FREE, _FREE, _FREE) + bytes(48)


class _Sectors:
    """Sectors in a row, and the table that chains them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.content = bytearray()
        self.table: list[int] = []

    def add(self, content: bytes) -> int:
        """Append a chain; returns its first sector."""
        if not content:
            return _END
        start, count = len(self.table), _rounded_up(len(content), self.size)
        self.content += content.ljust(count * self.size, b"\0")
        self.table += [*range(start + 1, start + count), _END]
        return start

    def packed_table(self) -> bytes:
        """The table, filled up to whole sectors of the file."""
        table = struct.pack(f"<{len(self.table)}I", *self.table)
        return table.ljust(_rounded_up(len(table), _SECTOR) * _SECTOR, b"\xff")


class _Directory:
    """Storages and streams by path, in the order in which they are numbered."""

    def __init__(self) -> None:
        self.entries = [_Entry("Root Entry", _ROOT)]
        self._numbers = {"": 0}

    @classmethod
    def of(cls, streams: Mapping[str, bytes]) -> Self:
        directory = cls()
        for path in sorted(streams):
            directory._add(path, _Entry(path.rpartition("/")[2], _STREAM, streams[path], size=len(streams[path])))
        for entry in directory.entries:
            entry.child = directory._tree(sorted(entry.children, key=directory._order))
        return directory

    def _add(self, path: str, entry: _Entry) -> None:
        parent = path.rpartition("/")[0]
        if parent not in self._numbers:
            self._add(parent, _Entry(parent.rpartition("/")[2], _STORAGE))
        self._numbers[path] = len(self.entries)
        self.entries.append(entry)
        self.entries[self._numbers[parent]].children.append(self._numbers[path])

    def _order(self, number: int) -> tuple[int, str]:
        """Shorter names first, then by the alphabet without regard to case: so the format wants it."""
        name = self.entries[number].name
        return len(name), name.upper()

    def _tree(self, numbers: list[int]) -> int:
        """A balanced search tree of siblings, all black, which the format allows. Returns its root."""
        if not numbers:
            return _FREE
        middle = len(numbers) // 2
        entry = self.entries[numbers[middle]]
        entry.left, entry.right = self._tree(numbers[:middle]), self._tree(numbers[middle + 1 :])
        return numbers[middle]


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """The file that holds these streams; a path's folders become storages ("VBA/dir")."""
    directory = _Directory.of(streams)
    root, *others = directory.entries
    sectors, mini = _Sectors(_SECTOR), _Sectors(_MINI_SECTOR)
    for entry in (entry for entry in others if entry.kind == _STREAM):
        entry.start = (mini if entry.size < _MINI_STREAMS_BELOW else sectors).add(entry.content)
    root.start, root.size = sectors.add(bytes(mini.content)), len(mini.content)
    mini_table = mini.packed_table()
    mini_start = sectors.add(mini_table)
    entries = b"".join(entry.packed() for entry in directory.entries)
    directory_start = sectors.add(entries + _NO_ENTRY * (-len(directory.entries) % (_SECTOR // len(_NO_ENTRY))))
    fat = _append_fat(sectors)
    header = struct.pack("<8s16sHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIII", 0, len(fat), directory_start, 0, _MINI_STREAMS_BELOW)
    header += struct.pack("<IIII", mini_start, len(mini_table) // _SECTOR, _END, 0)
    header += _numbers([*fat, *[_FREE] * (_FAT_SECTORS_IN_HEADER - len(fat))])
    return header + bytes(sectors.content)


def _append_fat(sectors: _Sectors) -> list[int]:
    """Append the table of all sectors, its own included. Returns where it stands."""
    used, per_sector = len(sectors.table), _SECTOR // 4
    count = 1
    while used + count > count * per_sector:
        count += 1
    if count > _FAT_SECTORS_IN_HEADER:
        raise ValueError("too much content for a compound file without a sector table of sectors")
    sectors.table += [_FAT] * count
    sectors.content += _numbers(sectors.table).ljust(count * _SECTOR, b"\xff")
    return list(range(used, used + count))


def _numbers(numbers: Iterable[int]) -> bytes:
    return b"".join(struct.pack("<I", number) for number in numbers)


def _rounded_up(amount: int, unit: int) -> int:
    return -(-amount // unit)
