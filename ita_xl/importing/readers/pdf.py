"""A PDF with a text layer. Of a scanned one, which has none, that is said: we read no pictures."""

from __future__ import annotations

import pypdfium2
from pypdfium2 import PdfiumError

from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import tidy
from ita_xl.importing.readers.plain import cells_of
from ita_xl.importing.source import RUNNING, Row

_MOST_PAGES = 400
_PASSWORD = "password"


def rows(content: bytes, name: str) -> list[Row]:
    """Raises `Unusable` for one that is encrypted, damaged, scanned, or a whole book."""
    try:
        document = pypdfium2.PdfDocument(content)
    except PdfiumError as error:
        encrypted = _PASSWORD in str(error).lower()
        code = Code.SOURCE_ENCRYPTED if encrypted else Code.SOURCE_NOT_READABLE
        raise Unusable(Finding(code, values={"file": name})) from error
    try:
        if len(document) > _MOST_PAGES:
            raise Unusable(Finding(Code.SOURCE_TOO_LARGE, values={"file": name}))
        found: list[Row] = []
        for page, one in enumerate(document, 1):
            lines = [tidy(line) for line in one.get_textpage().get_text_bounded().splitlines()]
            found += [
                Row(cells_of(line), say("imports.page_line", page=page, number=number), RUNNING)
                for number, line in enumerate(filter(None, lines), 1)
            ]
    finally:
        document.close()
    if not found:
        raise Unusable(Finding(Code.SOURCE_IS_A_PICTURE, values={"file": name}))
    return found
