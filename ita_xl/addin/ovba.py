"""A VBA project from text modules (MS-OVBA): source only, no compiled code, always the same bytes.

Own code, because the packages for it do not serve (tried in 2026): `ms_ovba_compression` 1.0.1 writes copies that
are too long for their token, so that plain source does not come back; `ms_ovba_crypto` 2.0.1 encrypts with random
numbers; `ms_ovba` 0.0.1 builds on both and on scratch files. In the tests oletools reads what is written here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from ita_xl.addin.compound import compound_file

_CHUNK = 4096
_CODE_PAGE = 1252
_ENGLISH = 0x409
_PROJECT_ID = "{5F1C2A6E-8B3D-4E57-9A40-6D2B7C9E1F38}"
"""Ours, fixed; the key of the encrypted settings follows from it."""

_REFERENCES = (
    ("stdole", r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation"),
    (
        "Office",
        r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared"
        r"\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
    ),
)
"""IRibbonControl is a type of the Office library."""


_NOT_COMPILED = bytes.fromhex("cc61ffff000100")
"""Of no version, without a cache: Excel compiles the source on opening. xlwings ships the same seven bytes."""


class ModuleKind(Enum):
    STANDARD = "Module={}"
    DOCUMENT = "Document={}/&H00000000"


@dataclass(frozen=True, slots=True)
class Module:
    """source: the module's text with its attributes, ASCII, any line ends."""

    name: str
    source: str
    kind: ModuleKind = ModuleKind.STANDARD

    @property
    def text(self) -> bytes:
        """As it is stored. Raises `UnicodeEncodeError` for anything but ASCII: VBA's code pages lose Thai."""
        return "".join(f"{line}\r\n" for line in self.source.splitlines()).encode("ascii")


def vba_project(name: str, modules: Sequence[Module]) -> bytes:
    """The part vbaProject.bin."""
    streams = {f"VBA/{module.name}": compress(module.text) for module in modules}
    streams["VBA/dir"] = compress(b"".join(_directory(name, modules)))
    streams["VBA/_VBA_PROJECT"] = _NOT_COMPILED
    streams["PROJECT"] = "".join(f"{line}\r\n" for line in _settings(name, modules)).encode("ascii")
    both = (module.name.encode("ascii") + b"\0" + module.name.encode("utf-16-le") + b"\0\0" for module in modules)
    streams["PROJECTwm"] = b"".join(both) + b"\0\0"
    return compound_file(streams)


def compress(content: bytes) -> bytes:
    """MS-OVBA 2.4.1: chunks of 4096 bytes, in each of them literals and copies of what stood before."""
    chunks = (content[start : start + _CHUNK] for start in range(0, len(content), _CHUNK))
    return b"\x01" + b"".join(map(_compressed_chunk, chunks))


def _compressed_chunk(chunk: bytes) -> bytes:
    packed = bytearray()
    position = 0
    while position < len(chunk):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if position == len(chunk):
                break
            length, offset = _longest_copy(chunk, position)
            if length:
                shift = 16 - _offset_bits(position)
                tokens += struct.pack("<H", (offset - 1) << shift | (length - 3))
                flags |= 1 << bit
            else:
                tokens.append(chunk[position])
            position += length or 1
        packed.append(flags)
        packed += tokens
    if len(packed) <= _CHUNK:
        return struct.pack("<H", 0xB000 | (len(packed) - 1)) + bytes(packed)
    if len(chunk) < _CHUNK:
        raise ValueError("a last chunk that does not shrink cannot be stored")
    return struct.pack("<H", 0x3000 | (_CHUNK - 1)) + chunk


def _longest_copy(chunk: bytes, position: int) -> tuple[int, int]:
    """Length and distance of the longest earlier match that one token can say; (0, 0) below three bytes."""
    most = min(len(chunk) - position, (0xFFFF >> _offset_bits(position)) + 3)
    best = (0, 0)
    length = 3
    while length <= most:
        start = chunk.rfind(chunk[position : position + length], 0, position + length - 1)
        if start < 0:
            break
        best = (length, position - start)
        length += 1
    return best


def _offset_bits(position: int) -> int:
    """How many of a token's 16 bits say the distance: as many as the distance may need here, at least four."""
    return max(4, (position - 1).bit_length())


def _directory(name: str, modules: Sequence[Module]) -> Iterator[bytes]:
    """The records of the stream `dir` (MS-OVBA 2.3.4.2)."""
    yield _record(0x01, struct.pack("<I", 1))  # made on 32-bit Windows, which says nothing of where it runs
    yield _record(0x02, struct.pack("<I", _ENGLISH)) + _record(0x14, struct.pack("<I", _ENGLISH))
    yield _record(0x03, struct.pack("<H", _CODE_PAGE)) + _record(0x04, name.encode("ascii"))
    yield _text_record(0x05, 0x40, "") + _record(0x06) + _record(0x3D)
    yield _record(0x07, bytes(4)) + _record(0x08, bytes(4))
    yield struct.pack("<HIIH", 0x09, 4, 1, 0)
    yield _text_record(0x0C, 0x3C, "")
    for title, library in _REFERENCES:
        place = library.encode("ascii")
        yield _text_record(0x16, 0x3E, title)
        yield _record(0x0D, struct.pack("<I", len(place)) + place + bytes(6))
    yield _record(0x0F, struct.pack("<H", len(modules))) + _record(0x13, b"\xff\xff")
    for module in modules:
        yield _text_record(0x19, 0x47, module.name) + _text_record(0x1A, 0x32, module.name)
        yield _text_record(0x1C, 0x48, "")
        yield _record(0x31, bytes(4)) + _record(0x1E, bytes(4)) + _record(0x2C, b"\xff\xff")
        yield _record(0x21 if module.kind is ModuleKind.STANDARD else 0x22) + _record(0x2B)
    yield _record(0x10)


def _record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(content)) + content


def _text_record(number: int, unicode_number: int, text: str) -> bytes:
    return _record(number, text.encode("ascii")) + _record(unicode_number, text.encode("utf-16-le"))


def _settings(name: str, modules: Sequence[Module]) -> Iterator[str]:
    """The lines of the stream `PROJECT` (MS-OVBA 2.3.1): not protected, without password, visible."""
    yield f'ID="{_PROJECT_ID}"'
    for module in modules:
        yield module.kind.value.format(module.name)
    yield from (f'Name="{name}"', 'HelpContextID="0"', 'VersionCompatible32="393222000"')
    for key, content in (("CMG", bytes(4)), ("DPB", bytes(1)), ("GC", b"\xff")):
        yield f'{key}="{_encrypted(content)}"'
    yield from ("", "[Host Extender Info]")
    yield "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"
    yield from ("", "[Workspace]")
    for module in modules:
        yield f"{module.name}=0, 0, 0, 0, C"


def _encrypted(content: bytes, seed: int = 0x5D) -> str:
    """MS-OVBA 2.4.3.2. The seed may be any byte; a fixed one keeps builds equal."""
    key = sum(_PROJECT_ID.encode("ascii")) & 0xFF
    out = bytearray([seed, seed ^ 2, seed ^ key])
    plain = key
    for byte in bytes([7] * ((seed & 6) // 2)) + struct.pack("<I", len(content)) + content:
        out.append(byte ^ ((out[-2] + plain) & 0xFF))
        plain = byte
    return out.hex().upper()
