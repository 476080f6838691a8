"""Files on disk: what can be said of one before it is opened, and writing it whole or not at all."""

from __future__ import annotations

import codecs
import csv
import errno
import io
import os
import re
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.files.windows import held, impossible, reachable, remove, step_in

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_NUMBERED = re.compile(rb"&#(\d{4});")
"""A letter by its number, as some writers put all that is not ASCII; four digits are past everything that means
something in XML."""
_PROPERTIES = "docProps/core.xml"

MAX_BYTES = 100 * 2**20
"""The largest file that is read at all."""

MAX_UNPACKED = 300 * 2**20
"""Bytes that a workbook may unpack to; a clerk's largest ones stay far below."""

FORMULA_LIKE = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
"""How a text begins that a spreadsheet program takes for a formula, typed or in a CSV file."""

_THAI_WINDOWS = "cp874"
_DELIMITERS = ",;\t"
"""What Excel puts between the cells of a CSV file, by the settings of Windows or the kind of file."""

_MAX_MEMBERS = 60_000
"""Beyond some more a package must be packed in the long form (zip64), which only harmful ones would need."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def shown(path: Path) -> str:
    """What a message calls a file: its name, or the path where that has none, such as ".."."""
    return path.name or str(path)


def refused(path: Path, error: OSError | ValueError, otherwise: Code) -> Unusable:
    """What a system's refusal means for a file. otherwise: where the name is not what is wrong."""
    if isinstance(error, ValueError) or error.errno == errno.ENAMETOOLONG or impossible(error):
        return Unusable(Finding(Code.FILE_NAME_UNUSABLE, values={"file": shown(path)}))
    if held(error):
        return Unusable(Finding(Code.FILE_HELD, values={"file": shown(path)}))
    return Unusable(Finding(otherwise, values={"file": shown(path), "detail": error.strerror or str(error)}))


def full(error: Unusable) -> bool:
    """Whether what kept one file from being written will keep every further one."""
    return isinstance(error.__cause__, OSError) and error.__cause__.errno in _FULL


def same(left: Path, right: Path) -> bool:
    """Whether two names mean one file, also by a link, and also where there is none yet."""
    try:
        return os.path.samefile(left, right)
    except (OSError, ValueError):
        return os.path.abspath(left) == os.path.abspath(right)


def real(path: Path) -> str:
    """Where a path leads, also if it leads in a circle, or is none that a system has."""
    try:
        return os.path.realpath(path)
    except ValueError:
        return str(path)
    except OSError:  # Windows could not say
        return os.path.abspath(path)


def present(path: Path) -> bool:
    """Whether anything has a name that is to be written, be it a link to nothing. Raises `Unusable` for a name that
    no file can have: to Windows a device is always there."""
    try:
        return os.path.lexists(reachable(path))
    except ValueError as error:
        raise refused(path, error, Code.FILE_UNWRITABLE) from error


def regular(path: Path) -> bool:
    """A file, or what cannot be asked: reading it will say why. Pipes and devices may never end."""
    try:
        return stat.S_ISREG(os.stat(reachable(path)).st_mode)
    except (OSError, ValueError):
        return True


def read_package(path: Path) -> bytes:
    """The bytes of an .xlsx file. Raises `Unusable` with the reason when it is anything else."""
    return checked_package(read_bytes(path), path.name)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises `Unusable` with the reason when they cannot be had, or are too many."""

    def refuse(code: Code, **values: object) -> Unusable:
        return Unusable(Finding(code, values={"file": shown(path), **values}))

    try:
        place = reachable(path)
        status = os.stat(place)
        if stat.S_ISDIR(status.st_mode):
            raise refuse(Code.FILE_IS_FOLDER)
        if not stat.S_ISREG(status.st_mode):
            raise refuse(Code.FILE_UNREADABLE, detail="not a file")  # a pipe or a device may never end
        if status.st_size > MAX_BYTES:
            raise refuse(Code.FILE_TOO_LARGE, most=MAX_BYTES // 2**20)
        return Path(place).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        if impossible(error):
            raise refused(path, error, Code.FILE_UNREADABLE) from error
        raise refuse(Code.FILE_MISSING) from None
    except PermissionError as error:
        raise refuse(Code.FILE_HELD if held(error) else Code.FILE_NOT_ALLOWED) from None
    except (OSError, ValueError) as error:
        raise refused(path, error, Code.FILE_UNREADABLE) from error


def standing(path: Path) -> bytes | None:
    """What stands under a name that is to be written; None if nothing does. Raises `Unusable` for anything that is
    no file, or cannot be read."""
    try:
        return read_bytes(path)
    except Unusable as error:
        if error.findings[0].code == Code.FILE_MISSING:
            return None
        raise


def checked_package(content: bytes, name: str) -> bytes:
    """The same bytes, if they are an .xlsx package that is safe to open. Raises `Unusable`."""

    def refuse(code: Code, **values: object) -> Unusable:
        return Unusable(Finding(code, values={"file": name, **values}))

    if not content:
        raise refuse(Code.FILE_EMPTY)
    if is_compound(content):
        raise refuse(Code.FILE_ENCRYPTED if is_encrypted(content) else Code.FILE_OLD_KIND)
    if not content.startswith(b"PK"):
        raise refuse(Code.FILE_NOT_XLSX)
    try:
        names = members(content)
    except UnpacksTooLarge:
        raise refuse(Code.FILE_UNPACKS_TOO_LARGE, most=MAX_UNPACKED // 2**20) from None
    except ValueError as error:
        raise refuse(Code.FILE_DAMAGED, detail=str(error)) from error
    folded = {name.casefold() for name in names}
    books = {name for name in folded if name.startswith("xl/workbook")}
    if "[content_types].xml" not in folded or not books:
        raise refuse(Code.FILE_NOT_XLSX)
    if all(name.endswith(".bin") for name in books):
        raise refuse(Code.FILE_BINARY_KIND)
    return content


def is_compound(content: bytes) -> bool:
    """Whether a file is of the kind before 2007, or one that Office has encrypted."""
    return content.startswith(_OLE)


def is_encrypted(content: bytes) -> bool:
    """Whether a file that Office wrote asks for a password."""
    return is_compound(content) and "EncryptedPackage".encode("utf-16-le") in content


class UnpacksTooLarge(ValueError):
    """The members of a package are more than `MAX_UNPACKED` together."""


def members(content: bytes) -> set[str]:
    """The names in a package that is safe to open. Raises `ValueError` with the reason for any other."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            found = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise ValueError(str(error)) from error
    names = {slashed(member.filename) for member in found}
    if sum(member.file_size for member in found) > MAX_UNPACKED:
        raise UnpacksTooLarge(f"more than {MAX_UNPACKED // 2**20} MB unpacked")
    if len(names) < len(found) or any(_climbs(name) for name in names):
        raise ValueError("member names")
    if len(names) > _MAX_MEMBERS:
        raise ValueError(f"{len(names)} members")
    return names


def slashed(name: str) -> str:
    """A member's name with the slashes that the format wants; some programs on Windows write backslashes."""
    return name.replace("\\", "/")


def _climbs(name: str) -> bool:
    """A name that would leave the package's own folder, which no program writes."""
    return name.startswith("/") or ".." in name.split("/") or ":" in name


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file that a person saved, and its encoding.

    UTF-8 or UTF-16 by the mark at its beginning, UTF-8 without one, else cp874, which Thai Windows calls ANSI.
    Raises `ValueError` for none of them.
    """
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", _THAI_WINDOWS):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if "\0" not in text:
                return text, encoding
    raise ValueError("UTF-8")


def read_text(path: Path) -> tuple[str, list[Finding]]:
    """The text of a file that a person saved, with a note where its encoding had to be guessed. Raises `Unusable`
    when the file cannot be had, `ValueError` with the reason when it is no text."""
    text, encoding = decoded(read_bytes(path))
    guessed = encoding == _THAI_WINDOWS
    return text, [Finding(Code.FILE_IN_THAI_ANSI, values={"file": path.name})] if guessed else []


def csv_rows(path: Path) -> tuple[list[list[str]], list[Finding]]:
    """The rows of a CSV file, its cells apart by commas, semicolons or tabs; with a note as `read_text`. Raises
    `Unusable` when the file cannot be had, `ValueError` with the reason when it is none."""
    text, notes = read_text(path)
    try:
        rows = csv.reader(io.StringIO(text, newline=None), strict=True, delimiter=_delimiter(text))
        return list(rows), notes
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _delimiter(text: str) -> str:
    """What stands most often in the first line that holds any of them; the rows below may hold decimal commas."""
    line = next((line for line in text.splitlines() if any(mark in line for mark in _DELIMITERS)), "")
    return max(_DELIMITERS, key=line.count)


def harmless(text: str) -> str:
    """The text for a CSV file, with an apostrophe before what a spreadsheet program would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_LIKE) else text


def csv_content(rows: Iterable[Iterable[str]], kept: Callable[[str], str] = harmless) -> bytes:
    """A table that Excel opens with its Thai intact, and in which no text becomes a formula. kept: what becomes of
    a cell; `str` where texts are harmless already and numbers may begin with a sign."""
    content = io.BytesIO()
    with io.TextIOWrapper(content, "utf-8-sig", "replace", newline="", write_through=True) as stream:
        csv.writer(stream).writerows(map(kept, row) for row in rows)
        return content.getvalue()


def make_folder(folder: Path) -> None:
    """Make a folder with those above it, unless it is there. Raises `Unusable`."""
    try:
        Path(reachable(folder)).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise refused(folder, error, Code.FILE_UNWRITABLE) from error


def refuse_protected(target: Path) -> None:
    """Raises `Unusable` for what must not be replaced: a folder, a pipe or device, a file set to read-only."""
    try:
        place = reachable(target)
        mode = os.stat(place).st_mode
        writable = mode & 0o222 and os.access(place, os.W_OK)  # to an administrator all files are writable
    except FileNotFoundError as error:
        if impossible(error):
            raise refused(target, error, Code.FILE_UNWRITABLE) from error
        return
    except (OSError, ValueError) as error:
        raise refused(target, error, Code.FILE_UNWRITABLE) from error
    if stat.S_ISDIR(mode):
        raise Unusable(Finding(Code.FILE_IS_FOLDER, values={"file": shown(target)}))
    if not stat.S_ISREG(mode):
        raise Unusable(Finding(Code.FILE_UNWRITABLE, values={"file": shown(target), "detail": "not a file"}))
    if not writable:
        raise Unusable(Finding(Code.FILE_READ_ONLY, values={"file": shown(target)}))


_UNFINISHED = ".ita_xl-{}.tmp"


def sweep(folder: Path) -> None:
    """Take away what a program that was killed left unfinished in a folder and below it."""
    with suppress(OSError):  # what cannot be found or removed does no harm
        for left in folder.rglob(_UNFINISHED.format("*")):
            remove(left)


def write_whole(
    target: Path,
    content: bytes | Iterable[bytes],
    *,
    rights_of: Path | None = None,
    at_last: Callable[[], None] = lambda: None,
) -> None:
    """Replace a file in one step, so that at any moment the old or the new one is there whole. content: also in
    parts, of which only one is in memory.

    A link is followed, so that it stays one. rights_of: a file whose rights the new one gets, if not the target's.
    at_last: called just before the step, and before each further try where another program has the file open; what
    it raises leaves everything as it was. Raises `Unusable` when the folder is missing or may not be written, the
    disk is full, or the target is none to be replaced, or another program keeps it open.
    """
    refuse_protected(target)
    try:
        place = reachable(target)
        place = os.path.realpath(place) if os.path.islink(place) else place
        before, after = _UNFINISHED.split("{}")
        handle, name = tempfile.mkstemp(prefix=before, suffix=after, dir=os.path.dirname(place))
    except (OSError, ValueError) as error:
        raise refused(target, error, Code.FILE_UNWRITABLE) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.writelines([content] if isinstance(content, bytes) else content)
            stream.flush()
            os.fsync(stream.fileno())
        _set_rights(name, place if rights_of is None else reachable(rights_of))
        step_in(name, place, at_last)
    except OSError as error:
        if held(error, replacing=place):
            raise Unusable(Finding(Code.FILE_HELD, values={"file": shown(target)})) from error
        raise refused(target, error, Code.FILE_UNWRITABLE) from error
    finally:
        with suppress(OSError):
            remove(name)


def replace(target: Path, content: bytes, known: bytes | None) -> None:
    """Write a file whole where still stands what is known to stand there, None for nothing. Raises `Unusable`:
    whatever somebody saved there meanwhile stays."""

    def unchanged() -> None:
        if standing(target) != known:
            raise Unusable(Finding(Code.FILE_CHANGED_MEANWHILE, values={"file": shown(target)}))

    write_whole(target, content, at_last=unchanged)


def _set_rights(new: str, like: str) -> None:
    """A temporary file is private; the result gets the rights of the file it replaces, or the usual ones."""
    try:
        rights = os.stat(like).st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        rights = 0o666 & ~mask
    os.chmod(new, rights)


def without_control_characters(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _CONTROL.sub("", text)


def compact(package: bytes) -> bytes:
    """The same package, its sheets about half as long as openpyxl writes them: Thai letters stand for themselves
    and not as numbers."""
    return _repacked(package, lambda name, content: _spelt(content) if name.endswith(".xml") else content)


def reproducible(package: bytes) -> bytes:
    """The same package, compact and without the moment of its making, so that equal content gives equal bytes."""

    def unstamped(name: str, content: bytes) -> bytes:
        return _STAMP.sub(rb"\g<1>2022-08-01T00:00:00Z\g<3>", content) if name == _PROPERTIES else content

    return _repacked(compact(package), unstamped)


def _spelt(xml: bytes) -> bytes:
    return _NUMBERED.sub(lambda match: chr(int(match[1])).encode(), xml)


def _repacked(package: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            entry = zipfile.ZipInfo(info.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, change(info.filename, old.read(info)))
    return result.getvalue()
