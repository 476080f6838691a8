"""Files that nobody can use, each with the finding that says why."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from random import Random

from ita_xl import files
from ita_xl.domain.codes import Code
from tools.generate.filled import words

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EPOCH = (1980, 1, 1, 0, 0, 0)

Spoil = Callable[[bytes, Random], bytes | None]
"""What is left of a workbook's bytes; None for a folder in its place."""


def _cut(content: bytes, chance: Random) -> bytes:
    """A download that broke off."""
    return content[: chance.randrange(len(content) // 10, len(content) * 9 // 10)]


def _scratched(content: bytes, chance: Random) -> bytes:
    """Bytes that changed inside the first sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        info = package.getinfo("xl/worksheets/sheet1.xml")
    middle = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    return content[:middle] + chance.randbytes(40) + content[middle + 40 :]


def _compound(mark: str, chance: Random) -> bytes:
    """The kind of file in which Office keeps old workbooks, and new ones that have a password."""
    return _OLE + bytes(504) + mark.encode("utf-16-le") + bytes(64) + chance.randbytes(7_000)


def _zipped(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return made.getvalue()


@cache
def _bomb() -> bytes:
    """A small package that unpacks to more than is read."""
    made = io.BytesIO()
    block = bytes(2**20)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("[Content_Types].xml", _EPOCH), b"<Types/>")
        package.writestr(zipfile.ZipInfo("xl/workbook.xml", _EPOCH), b"<workbook/>")
        info = zipfile.ZipInfo("xl/media/image1.bmp", _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        with package.open(info, "w") as stream:
            for _ in range(files.MAX_UNPACKED // len(block) + 1):
                stream.write(block)
    return made.getvalue()


@cache
def _foreign() -> bytes:
    """A workbook that is fine but somebody's own."""
    from openpyxl import Workbook

    book, made = Workbook(), io.BytesIO()
    book.worksheets[0].append(["I1", 95.2])
    book.save(made)
    return files.reproducible(made.getvalue())


SPOILED: Mapping[str, tuple[str, Spoil]] = {
    "empty": (Code.FILE_EMPTY, lambda *_: b""),
    "cut off": (Code.FILE_DAMAGED, _cut),
    "scratched": (Code.FILE_DAMAGED, _scratched),
    "a text table": (Code.FILE_NOT_XLSX, lambda *_: words()["text_table"].encode()),
    "a web page": (
        Code.FILE_NOT_XLSX,
        lambda *_: b"<html><table><tr><td>I1</td><td>95.20</td></tr></table></html>",
    ),
    "a letter": (
        Code.FILE_NOT_XLSX,
        lambda *_: _zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
    ),
    "with a password": (Code.FILE_ENCRYPTED, lambda _, chance: _compound("EncryptedPackage", chance)),
    "an old workbook": (Code.FILE_OLD_KIND, lambda _, chance: _compound("Workbook", chance)),
    "a bomb": (Code.FILE_UNPACKS_TOO_LARGE, lambda *_: _bomb()),
    "another workbook": (Code.NOT_AN_ITA_WORKBOOK, lambda *_: _foreign()),
    "a folder": (Code.FILE_IS_FOLDER, lambda *_: None),
}
"""By kind: the finding's code, and what becomes of the workbook."""
LOCK = b"\x04user" + b" " * 50 + b"\x04\x00" + ("user" + " " * 50).encode("utf-16-le")
"""What a spreadsheet program leaves beside an open workbook: 165 bytes with the user's name."""
