"""Spreadsheets of every kind, and Word files: what comes in an archive or in the older container of Office."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.contents import shown
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import tidy
from ita_xl.importing.readers.plain import cells_of
from ita_xl.importing.source import RUNNING, Row
from ita_xl.layout.address import letter

_MOST_UNPACKED = 400_000_000
_MOST_CELLS = 2_000_000
_WIDEST = 120


def rows(content: bytes, name: str) -> list[Row]:
    """Raises `Unusable` for what is encrypted, damaged, of no kind that we know, or unpacks to something huge."""
    if is_word(content, name):
        return list(_word(content, name))
    return list(_sheets(content, name))


def is_word(content: bytes, name: str) -> bool:
    """Whether a package is a document for Word; raises as `rows`, before anything is unpacked."""
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                members = {info.filename for info in archive.infolist()}
                if sum(info.file_size for info in archive.infolist()) > _MOST_UNPACKED:
                    raise Unusable(Finding(Code.SOURCE_TOO_LARGE, values={"file": name}))
        except zipfile.BadZipFile as error:
            raise Unusable(Finding(Code.SOURCE_NOT_READABLE, values={"file": name})) from error
        return "word/document.xml" in members
    if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in content:
        raise Unusable(Finding(Code.SOURCE_ENCRYPTED, values={"file": name}))
    return False


def _sheets(content: bytes, name: str) -> Iterator[Row]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [(title, book.get_sheet_by_name(title)) for title in book.sheet_names]
        read = [(title, sheet.start or (0, 0), sheet.to_python(skip_empty_area=True)) for title, sheet in sheets]
    except (CalamineError, ValueError, OSError) as error:
        raise Unusable(Finding(Code.SOURCE_NOT_READABLE, values={"file": name})) from error
    if sum(len(line) for _, _, lines in read for line in lines) > _MOST_CELLS:
        raise Unusable(Finding(Code.SOURCE_TOO_LARGE, values={"file": name}))
    table = 0
    for title, (top, left), lines in read:
        within = False
        for number, line in enumerate(lines, top + 1):
            cells = tuple(tidy(_shown(value)) for value in line[:_WIDEST])
            if not any(cells):
                within = False  # an empty row parts two tables of a sheet
                continue
            table += not within
            within = True
            refs = tuple(f"{title} {letter(at)}{number}" for at in range(left + 1, left + len(cells) + 1))
            yield Row(cells, f"{title} {letter(left + 1)}{number}", table, refs)


def _shown(value: object) -> str:
    return shown(value) if isinstance(value, str | int | float | bool) else str(value or "")


def _word(content: bytes, name: str) -> Iterator[Row]:
    from docx import Document
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    try:
        document = Document(io.BytesIO(content))
        blocks = list(document.iter_inner_content())
    except (OpcError, KeyError, ValueError) as error:
        raise Unusable(Finding(Code.SOURCE_NOT_READABLE, values={"file": name})) from error
    table = line = 0
    for block in blocks:
        if isinstance(block, Paragraph) and (text := tidy(block.text)):
            line += 1
            yield Row(cells_of(text), say("imports.paragraph", number=line), RUNNING)
        elif isinstance(block, Table):
            table += 1
            yield from _word_table(block, table)


def _word_table(block: object, table: int) -> Iterator[Row]:
    """A cell that covers others is given for each of them; it counts once."""
    from docx.table import Table

    assert isinstance(block, Table)
    seen: set[object] = set()
    for number, row in enumerate(block.rows, 1):
        cells = []
        for cell in row.cells:
            cells.append("" if cell._tc in seen else tidy(cell.text))
            seen.add(cell._tc)
        yield Row(tuple(cells), say("imports.table_row", table=table, row=number), table)
