"""What a file held before it was replaced, kept beside it under numbers: the first one and the last five.

What it held before it was brought to another form is kept for good."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ita_xl import files
from ita_xl.domain.codes import Code
from ita_xl.files import names
from ita_xl.files.windows import reachable, remove

_KEPT = 5
_ENDING = ".backup-{number:03}{suffix}"
_HIGHEST = 999_999
"""A number that is counted in when a long name is cut, so that the cut is the same for all."""


def replace_whole(target: Path, content: bytes, known: bytes | None = None, form: int = 0) -> None:
    """Write a file whole; what stood there with other content is kept beside it under a number.

    form: that of the old content, if the new one has another; then it is kept for good.

    known: what was read there before. If something else stands there by now, it stays and `Unusable` is raised, as
    for whatever keeps the file from being written; then no backup is kept either.
    """
    old = files.standing(target) if known is None else known
    if old == content:
        return
    if old is None:
        files.replace(target, content, None)
        return
    with kept(target, old, form):
        files.replace(target, content, old)


@contextmanager
def kept(path: Path, content: bytes, form: int = 0) -> Iterator[Path]:
    """Keep a file's content while it is replaced: gives the backup's path, and takes a backup that it made away
    again if the block fails. The newest one is not kept twice. form: as of `replace_whole`. Raises `Unusable`."""
    path = _reached(path)
    of_form = _of_form(path, form)
    if form and not of_form.exists():
        files.write_whole(of_form, content, rights_of=path)
        try:
            yield of_form
        except BaseException:
            remove(of_form)
            raise
        return
    numbers = _numbers(path)
    if numbers and _equals(_numbered(path, numbers[-1]), content):
        yield _numbered(path, numbers[-1])
        return
    backup = _numbered(path, numbers[-1] + 1 if numbers else 1)
    files.write_whole(backup, content, rights_of=path)
    try:
        yield backup
    except BaseException:
        remove(backup)
        raise
    for old in numbers[1 : max(1, len(numbers) - _KEPT + 1)]:
        with suppress(OSError):  # one that cannot be removed stays
            remove(_numbered(path, old))


def _reached(path: Path) -> Path:
    """The same file by a path by which also its backups, with longer names, are reached. Raises `Unusable`."""
    try:
        return Path(reachable(path))
    except ValueError as error:
        raise files.refused(path, error, Code.FILE_UNWRITABLE) from error


def _of_form(path: Path, form: int) -> Path:
    ending = f".backup-form-{form}{path.suffix}"
    return path.with_name(names.fitting(path.stem, ending))


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(_stem(path) + _ENDING.format(number=number, suffix=path.suffix))


def _stem(path: Path) -> str:
    ending = _ENDING.format(number=_HIGHEST, suffix=path.suffix)
    return names.fitting(path.stem, ending).removesuffix(ending)


def _numbers(path: Path) -> list[int]:
    """The numbers of the backups that there are, in order."""
    pattern = re.compile(rf"{re.escape(_stem(path))}\.backup-(\d{{3,}}){re.escape(path.suffix)}")
    try:
        found = os.listdir(path.parent)
    except OSError as error:
        raise files.refused(path.parent, error, Code.FILE_UNWRITABLE) from error
    return sorted(int(match[1]) for name in found if (match := pattern.fullmatch(name)))


def _equals(backup: Path, content: bytes) -> bool:
    try:
        return backup.stat().st_size == len(content) and backup.read_bytes() == content
    except OSError:
        return False
