"""A reader for each kind of file. Which one is wanted is told by what the file holds, not by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ita_xl import files
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.importing.source import Row, Source

Kind = Literal["pdf", "package", "page", "plain"]

MOST_ROWS = 20_000
"""A source with more rows is no result of an assessment."""
MOST_BYTES = 60_000_000


def read(path: Path) -> Source:
    """The rows of a file. Raises `Unusable` for one that cannot be read, is too large, encrypted, or a picture."""
    content = files.read_bytes(path)
    if len(content) > MOST_BYTES:
        raise Unusable(Finding(Code.SOURCE_TOO_LARGE, values={"file": path.name}))
    return read_content(content, path.name)


def read_content(content: bytes, name: str) -> Source:
    """The same of a file's content; name: for messages, and to tell apart what looks alike."""
    rows = _rows(content, name)
    if len(rows) > MOST_ROWS:
        raise Unusable(Finding(Code.SOURCE_TOO_LARGE, values={"file": name}))
    return Source(name, rows)


def kind_of(content: bytes) -> Kind:
    """What a file holds."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "package"
    return "page" if content[:2048].lstrip().lower().startswith((b"<!doctype html", b"<html")) else "plain"


def _rows(content: bytes, name: str) -> list[Row]:
    # Each reader is imported only where it is wanted: they are heavy.
    match kind_of(content):
        case "pdf":
            from ita_xl.importing.readers import pdf

            return pdf.rows(content, name)
        case "package":
            from ita_xl.importing.readers import packages

            return packages.rows(content, name)
        case "page":
            from ita_xl.importing.readers import page

            return page.rows(content, name)
        case "plain":
            from ita_xl.importing.readers import plain

            return plain.rows(content, name)
