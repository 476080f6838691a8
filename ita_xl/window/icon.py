"""The program's picture, drawn by rule: three bars on a blue ground, for the window and for the program's file."""

from __future__ import annotations

import struct
import zlib

_BLUE, _WHITE, _GOLD, _NOTHING = b"\x1d\x4f\x91\xff", b"\xff\xff\xff\xff", b"\xf2\xb7\x05\xff", b"\0\0\0\0"
_BARS = ((3, 9, _WHITE), (7, 6, _WHITE), (11, 3, _GOLD))
"""Left end and top of each bar, in sixteenths, and its colour."""

_SIZES = (16, 32, 48, 256)


def png(size: int) -> bytes:
    """The picture so many dots wide and high."""
    rows = b"".join(b"\0" + b"".join(_dot(x * 16 / size, y * 16 / size) for x in range(size)) for y in range(size))
    about = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", about), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))


def _dot(x: float, y: float) -> bytes:
    corner = max(abs(x - 7.5), 6) + max(abs(y - 7.5), 6) - 12
    if corner > 2.4:
        return _NOTHING
    return next((colour for left, top, colour in _BARS if left <= x < left + 2.5 and top <= y < 13), _BLUE)


def _chunk(chunk: tuple[bytes, bytes]) -> bytes:
    kind, content = chunk
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def ico() -> bytes:
    """The same in all sizes, as Windows has it."""
    pictures = [png(size) for size in _SIZES]
    heads, at = b"", 6 + 16 * len(pictures)
    for size, picture in zip(_SIZES, pictures, strict=True):
        heads += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    return struct.pack("<HHH", 0, 1, len(pictures)) + heads + b"".join(pictures)
