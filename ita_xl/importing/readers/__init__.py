"""A reader for each kind of file. Which one is wanted is told by what the file holds, not by its name."""

from __future__ import annotations

from pathlib import Path

from ita_xl import files
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.importing.source import Row, Source

MOST_ROWS = 20_000
"""A source with more rows is no result of an assessment."""
_MOST_BYTES = 60_000_000


def read(path: Path) -> Source:
    """The rows of a file. Raises `Unusable` for one that cannot be read, is too large, encrypted, or a picture."""
    content = files.read_bytes(path)
    if len(content) > _MOST_BYTES:
        raise Unusable(Finding(Code.SOURCE_TOO_LARGE, values={"file": path.name}))
    return read_content(content, path.name)


def read_content(content: bytes, name: str) -> Source:
    """The same of a file's content; name: for messages, and to tell apart what looks alike."""
    rows = _rows(content, name)
    if len(rows) > MOST_ROWS:
        raise Unusable(Finding(Code.SOURCE_TOO_LARGE, values={"file": name}))
    return Source(name, rows)


def _rows(content: bytes, name: str) -> list[Row]:
    # Each reader is imported only where it is wanted: they are heavy.
    head = content[:2048].lstrip()
    if content.startswith(b"%PDF-"):
        from ita_xl.importing.readers import pdf

        return pdf.rows(content, name)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        from ita_xl.importing.readers import packages

        return packages.rows(content, name)
    from ita_xl.importing.readers import plain

    if head.lower().startswith((b"<!doctype html", b"<html", b"<?xml")) or b"<table" in content[:200_000].lower():
        from ita_xl.importing.readers import page

        if head.lower().startswith((b"<!doctype html", b"<html")):
            return page.rows(content, name)
    return plain.rows(content, name)
