"""The export of a survey tool as a table of texts: a row per person, under the headings of its first row."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ita_xl import files
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import tidy
from ita_xl.importing.readers import MOST_BYTES, MOST_ROWS, kind_of

if TYPE_CHECKING:
    import pandas as pd

_MOST_COLUMNS = 1_000
_MARKS = (",", ";", "\t")
_LOOKED_AT = 200_000
_LINES = 30
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


@dataclass(frozen=True)
class Answers:
    """name: of the file. headings: of the table's columns, whose labels are their numbers from 0."""

    name: str
    headings: list[str]
    table: pd.DataFrame


def read(path: Path) -> Answers:
    """The answers in a file. Raises `Unusable` for one that cannot be read, is encrypted, or holds no table."""
    content = files.read_bytes(path)
    if len(content) > MOST_BYTES:
        raise Unusable(Finding(Code.SOURCE_TOO_LARGE, values={"file": path.name}))
    return read_content(content, path.name)


def read_content(content: bytes, name: str) -> Answers:
    """The same of a file's content; name: for messages."""
    table = _table(content, name).fillna("").map(lambda cell: tidy(str(cell)))
    table = table[(table != "").any(axis=1)]
    if len(table) < 2 or table.shape[1] < 1:
        raise Unusable(Finding(Code.SURVEY_IS_NO_TABLE, values={"file": name}))
    if len(table) > MOST_ROWS + 1 or table.shape[1] > _MOST_COLUMNS:
        raise Unusable(Finding(Code.SOURCE_TOO_LARGE, values={"file": name}))
    return Answers(name, list(table.iloc[0]), table.iloc[1:].reset_index(drop=True))


def _table(content: bytes, name: str) -> pd.DataFrame:
    match kind_of(content):
        case "package":
            return _sheet(content, name)
        case "plain":
            return _separated(content, name)
        case "page":
            # Who is not logged in any more saves the page that asks for it: that has a message of its own.
            from ita_xl.importing.readers import page

            page.rows(content, name)
        case "pdf":
            pass
    raise Unusable(Finding(Code.SURVEY_IS_NO_TABLE, values={"file": name}))


def _separated(content: bytes, name: str) -> pd.DataFrame:
    import pandas as pd

    from ita_xl.importing.readers import plain

    text = plain.decoded(content, name)
    try:
        return pd.read_csv(
            io.StringIO(text), sep=_mark(text), header=None, dtype=str, keep_default_na=False, nrows=MOST_ROWS + 2
        )
    except (ValueError, pd.errors.ParserError) as error:
        raise Unusable(Finding(Code.SURVEY_IS_NO_TABLE, values={"file": name})) from error


def _mark(text: str) -> str:
    """What parts the cells: of all marks the one that the first lines have as often as the headings. Texts hold
    marks too, so what is quoted does not count."""
    lines = _QUOTED.sub("", text[:_LOOKED_AT]).splitlines()[:_LINES]
    often = {mark: lines[0].count(mark) if lines else 0 for mark in _MARKS}

    def fits(mark: str) -> tuple[int, int]:
        same = sum(line.count(mark) == often[mark] for line in lines) if often[mark] else 0
        return same, often[mark]

    return max(_MARKS, key=fits)


def _sheet(content: bytes, name: str) -> pd.DataFrame:
    """The first sheet that has a table."""
    import pandas as pd

    from ita_xl.importing.readers import packages

    if packages.is_word(content, name):
        raise Unusable(Finding(Code.SURVEY_IS_NO_TABLE, values={"file": name}))
    from python_calamine import CalamineError

    try:
        sheets = pd.read_excel(
            io.BytesIO(content), sheet_name=None, header=None, dtype=str, na_filter=False, engine="calamine"
        )
    except (CalamineError, ValueError, OSError) as error:
        raise Unusable(Finding(Code.SOURCE_NOT_READABLE, values={"file": name})) from error
    return next((sheet for sheet in sheets.values() if len(sheet) > 1), pd.DataFrame())
